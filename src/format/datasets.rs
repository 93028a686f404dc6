//! Annotated datasets, one room a format: its words, its reader and its writer.

pub mod brat;
pub mod claim_review;
pub mod conll;
pub mod csv;
pub mod doccano;
pub mod gate;
pub mod html_report;
pub mod inline_xml;
pub mod jsonl;
pub mod label_studio;
pub mod markdown;
pub mod parquet;
pub mod prodigy;
pub mod ptc;
pub mod refi_qda;
pub mod tei;
pub mod uima;
pub mod web_annotation;
pub mod webanno;
pub mod workbook;
