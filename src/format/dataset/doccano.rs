//! To be written.

use crate::format::reading::Reader;

pub const READERS: &[Reader] = &[];
