//! The pages beside the one with the article. Each keeps its state while another one is shown.

pub(super) mod codebook;
pub(super) mod find;
pub(super) mod people;
