//! Text cut into lines and cells, as `str::split` does, many bytes at a time (memchr).

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

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn as_str_split() {
        for text in ["", "a", "\t", "a\tbé\t\tc", "\t🙂\t"] {
            assert!(split(text, b'\t').eq(text.split('\t')), "{text:?}");
        }
    }
}
