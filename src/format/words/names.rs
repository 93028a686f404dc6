//! Names of attributes and of metadata fields among names that a format has for something else.
//!
//! There is one scheme: a name that would be mistaken has `attribute_` or `meta_` before it, and so
//! has a name that begins with that, so that every name comes back as it was.

#[derive(Clone, Copy)]
pub(crate) struct Names<'t> {
    prefix: &'static str,
    taken: &'t [&'static str],
    /// What else would be mistaken.
    also: fn(&str) -> bool,
}

/// Names of attributes beside those that are `taken`.
pub(crate) const fn attributes<'t>(taken: &'t [&'static str]) -> Names<'t> {
    Names {
        prefix: "attribute_",
        taken,
        also: |_| false,
    }
}

/// Names of metadata fields beside those that are `taken`.
pub(crate) const fn metadata<'t>(taken: &'t [&'static str]) -> Names<'t> {
    Names {
        prefix: "meta_",
        ..attributes(taken)
    }
}

impl Names<'_> {
    pub(crate) const fn and(self, also: fn(&str) -> bool) -> Self {
        Self { also, ..self }
    }

    /// Whether the format has the name for something else.
    pub(crate) fn are_taken(&self, name: &str) -> bool {
        self.taken.contains(&name) || (self.also)(name)
    }

    fn is_mistaken(&self, name: &str) -> bool {
        name.starts_with(self.prefix) || self.are_taken(name)
    }

    pub(crate) fn escaped(&self, name: &str) -> String {
        if self.is_mistaken(name) {
            format!("{}{name}", self.prefix)
        } else {
            name.to_owned()
        }
    }

    /// The name that [`Names::escaped`] was given.
    pub(crate) fn plain<'n>(&self, name: &'n str) -> &'n str {
        let rest = name.strip_prefix(self.prefix);
        rest.filter(|rest| self.is_mistaken(rest)).unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back() {
        let names = attributes(&["note", "x y"]).and(|name| name.eq_ignore_ascii_case("id"));
        for (name, escaped) in [
            ("note", "attribute_note"),
            ("Note", "Note"),
            ("ID", "attribute_ID"),
            ("attribute_note", "attribute_attribute_note"),
            ("attribute_x", "attribute_attribute_x"),
            ("x", "x"),
            ("attribute_", "attribute_attribute_"),
        ] {
            assert_eq!(names.escaped(name), escaped);
            assert_eq!(names.plain(escaped), name);
        }
        // Of a foreign file.
        assert_eq!(metadata(&["text"]).plain("meta_data"), "meta_data");
    }
}
