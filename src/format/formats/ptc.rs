//! The propaganda techniques corpus (SemEval-2020 task 11): reader and writer.

pub mod read;
pub mod write;
