//! Annotated datasets, one module per format.

pub mod assembly;
pub mod brat;
pub mod conll;
pub mod doccano;
mod flow;
pub mod gate;
pub mod html_report;
pub mod inline_xml;
pub mod jsonl;
pub mod label_studio;
pub mod placing;
pub mod pressmark_jsonl;
pub mod prodigy;
pub mod ptc;
pub(crate) mod records;
pub mod refi_qda;
mod span_rows;
pub mod spans_csv;
pub mod spans_parquet;
pub mod spans_workbook;
pub mod tei;
pub(crate) mod texts;
mod uima;
pub mod uima_json;
pub mod uima_xmi;
pub mod web_annotation;
pub mod webanno;
