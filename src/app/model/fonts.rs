//! Letters that no font here has: said once a script, with what to install.

use super::Model;
use crate::app::notice::Notice;
use crate::core::text::scripts;
use std::collections::{BTreeMap, BTreeSet};

/// Whose packages are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Windows,
    Mac,
    Other,
}

impl System {
    fn here() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Mac
        } else {
            Self::Other
        }
    }
}

/// What letters without a script are called.
const UNKNOWN: &str = "unknown scripts";

impl Model {
    /// Boxes stand for these letters. A script is told once in a run of the program: those that were
    /// are kept by whoever draws.
    pub fn tell_without_font(
        &mut self,
        letters: &BTreeSet<char>,
        told: &mut BTreeSet<&'static str>,
    ) {
        let script = |c: &char| scripts::name(*c).unwrap_or(UNKNOWN);
        let is_new = |c: &&char| !told.contains(script(c));
        let new: Vec<char> = letters.iter().filter(is_new).copied().collect();
        if new.is_empty() {
            return;
        }
        told.extend(new.iter().map(script));
        let (message, details) = missing_text(&new, System::here());
        let notice = Notice::warning(message).with_details(details);
        self.notify(notice.until_dismissed().of_the_program());
    }
}

fn missing_text(letters: &[char], system: System) -> (String, Vec<String>) {
    const SHOWN: usize = 12;
    let mut by_script: BTreeMap<&str, Vec<char>> = BTreeMap::new();
    for &c in letters {
        let script = scripts::name(c).unwrap_or(UNKNOWN);
        by_script.entry(script).or_default().push(c);
    }
    let details = by_script.iter().map(|(script, letters)| {
        let codes = letters
            .iter()
            .take(SHOWN)
            .map(|c| format!("U+{:04X}", *c as u32));
        let more = match letters.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{script}: {}{more}", codes.collect::<Vec<_>>().join(", "))
    });
    let names: Vec<&str> = by_script.keys().copied().collect();
    let names = listed(&names);
    let advice = advice(letters, system);
    let message = format!(
        "No font on this computer has the letters of {names} that are shown here, so boxes with their codes stand for them.{advice}"
    );
    (message, details.collect())
}

fn advice(letters: &[char], system: System) -> String {
    let known = letters.iter().filter_map(|c| {
        let (debian, fedora) = scripts::packages(*c)?;
        Some((scripts::name(*c)?, debian, fedora))
    });
    let known: BTreeSet<(&str, &str, String)> = known.collect();
    if known.is_empty() {
        return String::new();
    }
    let what = match system {
        System::Other => {
            let debian: BTreeSet<&str> = known.iter().map(|(_, debian, _)| *debian).collect();
            let debian: Vec<&str> = debian.into_iter().collect();
            let fedora: BTreeSet<&str> = known.iter().map(|(.., f)| f.as_str()).collect();
            let fedora: Vec<&str> = fedora.into_iter().collect();
            format!("{} (on Fedora {})", listed(&debian), listed(&fedora))
        }
        System::Windows => {
            let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
            format!(
                "the supplemental fonts for {} under Settings, System, Optional features, or Noto fonts",
                listed(&names)
            )
        }
        System::Mac => {
            let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
            format!("a Noto font for {} with Font Book", listed(&names))
        }
    };
    format!(" Install {what}, and start Pressmark again.")
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_a_package() {
        for (letters, system, expected) in [
            (
                &['ไ', 'न'][..],
                System::Other,
                "the letters of Devanagari and Thai that are shown here, so boxes with their codes stand for them. Install fonts-noto-core (on Fedora google-noto-sans-devanagari-fonts and google-noto-sans-thai-fonts), and start Pressmark again.",
            ),
            (
                &['😀'],
                System::Other,
                "the letters of emoji that are shown here, so boxes with their codes stand for them. Install fonts-noto-color-emoji (on Fedora google-noto-color-emoji-fonts), and start Pressmark again.",
            ),
            (
                &['ไ'],
                System::Windows,
                "the letters of Thai that are shown here, so boxes with their codes stand for them. Install the supplemental fonts for Thai under Settings, System, Optional features, or Noto fonts, and start Pressmark again.",
            ),
            (
                &['漢'],
                System::Mac,
                "the letters of Han that are shown here, so boxes with their codes stand for them. Install a Noto font for Han with Font Book, and start Pressmark again.",
            ),
            (
                &['\u{e000}'],
                System::Other,
                "the letters of unknown scripts that are shown here, so boxes with their codes stand for them.",
            ),
        ] {
            let (message, _) = missing_text(letters, system);
            assert_eq!(message, format!("No font on this computer has {expected}"));
        }
        let (_, details) = missing_text(&['ไ', '\u{e000}'], System::Other);
        assert_eq!(details, ["Thai: U+0E44", "unknown scripts: U+E000"]);
    }
}
