//! Names that came from outside, as they are shown.
//!
//! A file name or a title may hold what a terminal obeys, what breaks a row in two or what turns the
//! direction of all that follows. Such characters are shown as escapes; letters of every script, and
//! what joins them, stay as they are, and nothing is put beside them. Knows nothing of terminals and
//! windows.

use super::text::bidi::is_control;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// Whether a character is a control or a mark of direction, and so has no look of its own.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        )
}

/// The first words of a text, of at most so many characters, with an ellipsis where it goes on. A word
/// that would be cut is left out, unless it is longer than all before it.
pub fn first_words(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let head = text.get(..end).unwrap_or(text);
    let at_word = head.rfind(char::is_whitespace).filter(|at| *at > end / 2);
    let words = head.get(..at_word.unwrap_or(end)).unwrap_or(head);
    Cow::Owned(format!("{}…", words.trim_end()))
}

/// Words of a text in quotation marks: those that they stand in already, or else our own, in which
/// theirs become single ones.
pub fn in_marks(words: &str) -> String {
    let opens = words.starts_with(['“', '”', '„', '«', '»', '‹', '›', '「', '『', '"']);
    let shuts = words.ends_with(['”', '“', '»', '«', '›', '‹', '」', '』', '"', '…']);
    if opens && shuts && words.chars().nth(1).is_some() {
        return words.to_owned();
    }
    let inner = words.replace('“', "‘").replace('”', "’");
    format!("“{inner}”")
}

/// A name on one line with all of them as escapes, as names of files are shown: `\n`, `\u{202e}`.
pub fn shown_strictly(name: &str) -> Cow<'_, str> {
    escaped(name, is_unseen)
}

/// A title, the name of a person, an outlet or a label, or other words on one line: marks that only lead
/// what is beside them to its place do so unseen, as isolates and embeddings do that are closed. What
/// would turn letters around, or all that follows, is shown.
pub fn shown(name: &str) -> Cow<'_, str> {
    if !name.contains(is_unseen) {
        return Cow::Borrowed(name);
    }
    let is_isolate = |c: char| c >= '\u{2066}';
    let (mut open, mut kept) = (Vec::new(), Vec::new());
    for (at, c) in name.char_indices() {
        match c {
            '\u{61C}' | '\u{200E}' | '\u{200F}' => kept.push(at),
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}' => {
                open.push((at, c));
            }
            // What is open inside an isolate ends with it.
            '\u{2069}' => {
                if let Some(last) = open.iter().rposition(|(_, c)| is_isolate(*c)) {
                    kept.extend(open.drain(last..).next().map(|(from, _)| from));
                    kept.push(at);
                }
            }
            '\u{202C}' => {
                if let Some((from, c)) = open.pop_if(|(_, c)| !is_isolate(*c))
                    && matches!(c, '\u{202A}' | '\u{202B}')
                {
                    kept.extend([from, at]);
                }
            }
            _ => {}
        }
    }
    kept.sort_unstable();
    let mut out = String::with_capacity(name.len() + 16);
    for (at, c) in name.char_indices() {
        if is_unseen(c) && kept.binary_search(&at).is_err() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A name as it is kept that was taken from a text or written by hand: without white space around it
/// and without what nobody sees, so that two that look the same are the same; one that is nothing else
/// stays.
pub fn bare(name: &str) -> Cow<'_, str> {
    let is_nothing =
        |c: char| is_control(c) || matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}');
    if !name.contains(is_nothing) {
        return Cow::Borrowed(name.trim());
    }
    let seen: String = name.chars().filter(|c| !is_nothing(*c)).collect();
    match seen.trim() {
        "" => Cow::Borrowed(name.trim()),
        seen => Cow::Owned(seen.to_owned()),
    }
}

/// What [`shown_strictly`] is for a name, for lines that are meant to be several.
pub fn shown_lines(lines: &str) -> Cow<'_, str> {
    escaped(lines, |c| is_unseen(c) && !matches!(c, '\n' | '\t'))
}

/// A text that may hold marks of direction of its own: only what a terminal obeys is escaped.
pub fn shown_text(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// A path on one line; bytes that are no text are shown as `\xFF`.
pub fn shown_path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(&shown_strictly(chunk.valid()));
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _infallible = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

/// JSON whose strings hold no such character as it is: the same JSON for every reader.
pub fn shown_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_unseen) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unseen(c) && c >= '\u{7F}' {
            let _infallible = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn escaped(text: &str, wanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&wanted) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if wanted(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_look_is_escaped() {
        let check =
            |name: &str, expected: &str| assert_eq!(shown_strictly(name), expected, "{name:?}");
        check("plain name.txt", "plain name.txt");
        check("a\nb\tc\r", "a\\nb\\tc\\r");
        check("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}");
        check("\u{8}\u{7f}\u{9b}1m", "\\u{8}\\u{7f}\\u{9b}1m");
        check("x\u{202e}fdp.exe", "x\\u{202e}fdp.exe");
        check("\u{2066}a\u{2069}\u{200f}", "\\u{2066}a\\u{2069}\\u{200f}");
        check("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}");
        // Scripts that run from right to left, what joins letters, and emoji.
        check(
            "خبر עברית می\u{200c}خواهم 👨\u{200d}🚒",
            "خبر עברית می\u{200c}خواهم 👨\u{200d}🚒",
        );
        assert_eq!(shown_lines("a\n\tb\u{1b}"), "a\n\tb\\u{1b}");
        assert_eq!(shown_text("\u{200f}a\n\u{1b}"), "\u{200f}a\n\\u{1b}");
    }

    #[test]
    fn marks_of_direction_do_their_work_in_a_line() {
        for (name, expected) in [
            ("plain name", "plain name"),
            (
                "\u{200f}חדשות: Yahoo!\u{200e}\u{61c}",
                "\u{200f}חדשות: Yahoo!\u{200e}\u{61c}",
            ),
            (
                "قال \u{2068}Kori \u{2067}אב\u{2069}\u{2069} إن",
                "قال \u{2068}Kori \u{2067}אב\u{2069}\u{2069} إن",
            ),
            ("\u{202b}ABC\u{202c} אב", "\u{202b}ABC\u{202c} אב"),
            (
                "\u{2067}a\u{202b}b\u{2069}c\u{202c}",
                "\u{2067}a\\u{202b}b\u{2069}c\\u{202c}",
            ),
            (
                "\u{202b}a\u{2067}b\u{202c}\u{2069}\u{202c}",
                "\u{202b}a\u{2067}b\\u{202c}\u{2069}\u{202c}",
            ),
            // Open, or closing nothing: they would change what stands behind them.
            ("a\u{2067}b", "a\\u{2067}b"),
            ("\u{2067}a\u{2066}b\u{2069}", "\\u{2067}a\u{2066}b\u{2069}"),
            ("a\u{2069}b\u{2069}", "a\\u{2069}b\\u{2069}"),
            // What turns letters around, and what a line does not hold.
            ("x\u{202e}fdp.exe\u{202c}", "x\\u{202e}fdp.exe\\u{202c}"),
            (
                "\u{2067}a\nb\u{202e}\u{2069}",
                "\u{2067}a\\nb\\u{202e}\u{2069}",
            ),
        ] {
            assert_eq!(shown(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_beginning_ends_with_a_word() {
        let check = |text: &str, expected: &str| assert_eq!(first_words(text, 600), expected);
        check("All of it. ", "All of it. ");
        // 595 characters, and a word of which five would be shown.
        let words = "word ".repeat(119);
        check(
            &format!("{words}sentence"),
            &format!("{}…", words.trim_end()),
        );
        check(&format!("{words}short"), &format!("{words}short"));
        let unbroken = "漢".repeat(601);
        check(&unbroken, &format!("{}…", "漢".repeat(600)));
    }

    #[test]
    fn words_stand_in_one_pair_of_marks() {
        for (words, expected) in [
            ("a proud day", "“a proud day”"),
            ("“a proud day”", "“a proud day”"),
            ("“a proud…", "“a proud…"),
            ("„ein Tag“", "„ein Tag“"),
            ("“a proud day,” she said", "“‘a proud day,’ she said”"),
            ("said “yes”", "“said ‘yes’”"),
            ("“", "“‘”"),
            ("", "“”"),
        ] {
            assert_eq!(in_marks(words), expected);
        }
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_a_name() {
        for (name, expected) in [
            (" Dana Levi ", "Dana Levi"),
            ("\u{200f}דנה לוי\u{200f} ", "דנה לוי"),
            ("\u{2068}Dana\u{2069} \u{2067}לוי\u{2069}", "Dana לוי"),
            ("Lan\u{ad}des\u{200b}rat\u{feff}", "Landesrat"),
            // What joins letters or keeps them apart is a part of it.
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200f}", "\u{200f}"),
        ] {
            assert_eq!(bare(name), expected, "{name:?}");
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let name = "a\n\u{7f}\u{9b}\u{202e}\"é\u{2028}";
        let json = serde_json::to_string(name).unwrap();
        let shown = shown_json(&json);
        assert!(!shown.contains(is_unseen), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), name);
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_shown() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let name = OsStr::from_bytes(b"a\xFF\nb\xC3.txt");
        assert_eq!(shown_path(Path::new(name)), "a\\xFF\\nb\\xC3.txt");
    }
}
