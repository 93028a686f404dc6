//! Text cut into lines and cells, as `str::split` and `split_once` do, many bytes at a time (memchr).

/// The stretches between occurrences of a byte of ASCII; one more than there are occurrences.
pub(crate) fn split(text: &str, mark: u8) -> impl Iterator<Item = &str> {
    debug_assert!(mark.is_ascii());
    let mut start = 0;
    let ends = memchr::memchr_iter(mark, text.as_bytes()).chain([text.len()]);
    ends.map(move |end| {
        let stretch = text.get(start..end).unwrap_or_default();
        start = end + 1;
        stretch
    })
}

/// What stands before the first occurrence of a byte of ASCII, and what behind it.
pub(crate) fn split_once(text: &str, mark: u8) -> Option<(&str, &str)> {
    /// Most fields are short, and end before many bytes at once are worth it.
    const NEAR: usize = 16;
    debug_assert!(mark.is_ascii());
    let (near, far) = text.as_bytes().split_at(NEAR.min(text.len()));
    let at = near.iter().position(|byte| *byte == mark);
    let at = at.or_else(|| Some(NEAR + memchr::memchr(mark, far)?))?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_str_split() {
        let far = "é".repeat(9) + "\tb\t";
        for text in [
            "",
            "a",
            "\t",
            "a\tbé\t\tc",
            "\t🙂\t",
            &far,
            "sixteen letters.\tb",
        ] {
            assert!(split(text, b'\t').eq(text.split('\t')), "{text:?}");
            assert_eq!(split_once(text, b'\t'), text.split_once('\t'), "{text:?}");
        }
    }
}
