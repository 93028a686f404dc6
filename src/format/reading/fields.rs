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
    debug_assert!(mark.is_ascii());
    let at = memchr::memchr(mark, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_str_split() {
        for text in ["", "a", "\t", "a\tbé\t\tc", "\t🙂\t"] {
            assert!(split(text, b'\t').eq(text.split('\t')), "{text:?}");
            assert_eq!(split_once(text, b'\t'), text.split_once('\t'), "{text:?}");
        }
    }
}
