//! The pages beside the one with the article. Each keeps its state while another one is shown.

pub(super) mod claims;
pub(super) mod codebook;
mod drafts;
pub(super) mod find;
pub(super) mod people;
