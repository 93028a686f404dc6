//! A fence around libraries of others that panic on damaged files. Only the call into the library
//! stands inside; what is ours must not need it.

use crate::format::reading::Refusal;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the call gives, or a refusal that names the damaged file as `what`: “the PDF”.
#[expect(clippy::disallowed_methods, reason = "this is the fence")]
pub fn fenced<T>(what: &str, call: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_panic| {
        Refusal::new(format!(
            "{what} is damaged in a way that its reader cannot cope with"
        ))
    })
}
