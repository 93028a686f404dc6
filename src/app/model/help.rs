//! What the program says of itself.

use super::rows::{commands, row};
use crate::app::command::{Scope, Section, key};

#[rustfmt::skip]
commands! {
    CheatSheet => row(Section::Help, "Keys", key("F1"), Scope::Always, "All keys on one page")
        .shows_its_dialog(),
    About => row(Section::Help, "About Pressmark", None, Scope::Always, "Version and licences")
        .shows_its_dialog(),
}
