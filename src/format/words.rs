//! What readers and writers of several formats say alike: names, columns, layers, rows and values.
//!
//! It knows no reader and no writer: both take their words from here, so that neither can change
//! one without the other.

pub(crate) mod article_rows;
pub(crate) mod columns;
pub(crate) mod layers;
pub(crate) mod names;
pub(crate) mod of_project;
pub(crate) mod records;
pub(crate) mod values;
