//! Documents of the classic layout of Nexis, each behind a line such as “1 of 250 DOCUMENTS”.
//!
//! Blocks between blank lines: outlet, date and headline in any order, fields in capitals, the text,
//! fields, copyright. What a block is follows from what it says, where it stands between the fields,
//! and whether it is centred, never from its number. A name that is no field begins a sentence.

use super::names::{self, is_capital, is_rights, is_weekday, key_of, name_and_value};
use super::take;
use crate::format::collections::databases::{body_of, set};
use crate::format::reading::FoundArticle;
use crate::format::reading::dates::parse_date;

/// A heading, a lead or a name that stands before a text has so many characters at most.
const MAX_HEADING: usize = 400;

struct Block<'a> {
    lines: Vec<&'a str>,
    /// `None` where the file does not tell.
    is_centred: Option<bool>,
}

/// What a block says that it is.
enum Kind<'a> {
    /// With the name as it is written, and what stands behind it on the first line.
    Field(&'a str, &'a str),
    /// What the text begins behind.
    Body(&'a str),
    Rights,
    Text,
}

impl<'a> Block<'a> {
    fn kind(&self) -> Kind<'a> {
        let Some(first) = self.lines.first() else {
            return Kind::Text;
        };
        if is_rights(first) {
            return Kind::Rights;
        }
        match name_and_value(first).filter(|(name, _)| is_capital(name)) {
            Some((name, rest)) if names::is_body(name) => Kind::Body(rest),
            Some((name, rest)) => Kind::Field(name, rest),
            None => Kind::Text,
        }
    }

    fn known(&self) -> Option<&'static str> {
        match self.kind() {
            Kind::Field(name, _) => key_of(name),
            _ => None,
        }
    }

    /// Whether it is text as far as its first line tells.
    fn is_text(&self) -> bool {
        match self.kind() {
            Kind::Text => true,
            Kind::Field(name, _) => key_of(name).is_none(),
            Kind::Body(_) | Kind::Rights => false,
        }
    }

    fn joined(&self) -> String {
        self.lines.join(" ")
    }

    fn is_short(&self) -> bool {
        self.lines
            .iter()
            .map(|line| line.chars().count())
            .sum::<usize>()
            <= MAX_HEADING
    }
}

/// The article in the lines of a document; `None` where there is no text. `has_blocks` where blank
/// lines part what belongs apart.
pub(super) fn article(
    lines: &[String],
    centred: &[bool],
    are_wrapped: bool,
    has_blocks: bool,
) -> Option<FoundArticle> {
    // Some exports have lost what stood before their lines: nothing is centred then.
    let first = lines
        .iter()
        .zip(centred)
        .filter(|(line, _)| !line.is_empty());
    let is_told = first.take(6).any(|(_, is_centred)| *is_centred);
    let centred = if is_told { centred } else { &[] };
    let blocks = blocks(lines, centred, has_blocks);
    let behind = behind_text(&blocks);
    let (before, after) = blocks.split_at_checked(behind)?;
    let mut article = FoundArticle::default();
    let head_end = header_end(before);
    let (head, rest) = before.split_at_checked(head_end)?;
    header(head, &mut article);
    let text = fields_before(rest, &mut article);
    fields_behind(after, &mut article);
    article.text = body_of(&text, are_wrapped);
    if article.text.is_empty() {
        // Some documents are nothing but a caption or a correction.
        let key = ["highlight", "abstract", "correction", "graphic"]
            .into_iter()
            .find(|key| article.metadata.contains_key(*key))?;
        article.text = article.metadata.remove(key)?;
        article
            .remarks
            .push(format!("there is no text but its field “{key}”"));
    }
    Some(article)
}

fn blocks<'a>(lines: &'a [String], centred: &[bool], has_blocks: bool) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut is_open = false;
    for (at, line) in lines.iter().enumerate() {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        let is_centred = centred.get(at).copied();
        let begins = name_and_value(line).is_some_and(|(name, _)| {
            is_capital(name) && (key_of(name).is_some() || names::is_body(name))
        });
        match blocks
            .last_mut()
            .filter(|last| is_open && !begins && goes_on(last, is_centred, has_blocks))
        {
            Some(last) => last.lines.push(line),
            None => blocks.push(Block {
                lines: vec![line],
                is_centred,
            }),
        }
        is_open = true;
    }
    blocks
}

/// Whether a line belongs to the block above it. Where blank lines part no blocks, what stands below
/// a field may be the text.
fn goes_on(block: &Block<'_>, is_centred: Option<bool>, has_blocks: bool) -> bool {
    block.is_centred == is_centred && (has_blocks || block.known().is_none())
}

/// Where the fields behind the text begin: the first of the last blocks that are nothing but fields,
/// with what goes on below them, and copyright.
fn behind_text(blocks: &[Block<'_>]) -> usize {
    // Short lines behind the day of loading are the database's own.
    let loaded = blocks.iter().rposition(is_load_date).filter(|at| {
        let mut behind = blocks.iter().skip(at + 1);
        behind.all(|block| !matches!(block.kind(), Kind::Text) || block.is_short())
    });
    let mut start = loaded.unwrap_or(blocks.len());
    let mut at = start;
    let mut below: usize = 0;
    while let Some(block) = at.checked_sub(1).and_then(|at| blocks.get(at)) {
        at -= 1;
        match block.kind() {
            Kind::Field(name, value) => match key_of(name) {
                Some("load date") if !is_load_date(block) => break,
                Some(key) => {
                    let may_go_on = key == "correction" || value.is_empty() && below <= 1;
                    if below > 0 && !may_go_on {
                        break;
                    }
                    start = at;
                    below = 0;
                }
                // What has another name belongs to the fields where it stands among them.
                None => {}
            },
            Kind::Rights if below == 0 => start = at,
            Kind::Text if block.is_centred == Some(true) && below == 0 => start = at,
            Kind::Text => below += 1,
            Kind::Rights | Kind::Body(_) => break,
        }
    }
    // Fields that stand before texts are no end of one that has none.
    let is_behind = |block: &Block<'_>| {
        matches!(block.kind(), Kind::Rights) || block.known().is_some_and(names::is_behind)
    };
    let rest = blocks.get(start..).unwrap_or_default();
    let first = rest.iter().position(is_behind);
    start + first.unwrap_or(rest.len())
}

fn is_load_date(block: &Block<'_>) -> bool {
    match block.kind() {
        Kind::Field(name, value) => {
            key_of(name) == Some("load date") && parse_date(value).is_some()
        }
        _ => false,
    }
}

/// Where the fields before the text begin. Without any, the header ends with its headline.
fn header_end(blocks: &[Block<'_>]) -> usize {
    let first = blocks.iter().position(|block| {
        let is_field = block.known().is_some() && block.is_centred != Some(true);
        is_field || matches!(block.kind(), Kind::Body(_))
    });
    let is_header = |blocks: &[Block<'_>]| blocks.len() <= 10 && blocks.iter().all(Block::is_short);
    if let Some(first) = first.filter(|first| blocks.get(..*first).is_some_and(is_header)) {
        return first;
    }
    let date = blocks.iter().take(6).position(is_date);
    let mut end = date.map_or(1, |date| date + 1);
    while blocks
        .get(end)
        .is_some_and(|block| block.is_centred == Some(true) || matches!(block.kind(), Kind::Rights))
    {
        end += 1;
    }
    let has_headline = date.is_some_and(|date| {
        let before = blocks.get(..date).unwrap_or_default();
        before.iter().any(|block| block.is_centred == Some(false))
    });
    let may_be_headline = |block: &Block<'_>| block.is_short() && block.lines.len() <= 4;
    if !has_headline && blocks.len() > end + 1 && blocks.get(end).is_some_and(may_be_headline) {
        end += 1;
    }
    end.min(blocks.len())
}

/// Outlet, date and headline.
fn header(blocks: &[Block<'_>], article: &mut FoundArticle) {
    let mut others: Vec<&Block<'_>> = Vec::new();
    let mut date_at = None;
    let mut notices: Vec<String> = Vec::new();
    for block in blocks {
        if matches!(block.kind(), Kind::Rights) {
            set(article, "copyright", &block.joined());
        } else if let (Some(key), Kind::Field(_, value)) = (block.known(), block.kind()) {
            // The show that a transcript is of.
            take::field(article, key, &value_of(value, block));
        } else if is_date(block) {
            if date_at.is_none() {
                date_at = Some(others.len());
            }
            date(block, article);
        } else {
            others.push(block);
        }
    }
    let knows_centred = blocks.iter().any(|block| block.is_centred == Some(true));
    let headline = if knows_centred {
        others
            .iter()
            .position(|block| block.is_centred == Some(false))
    } else {
        // Behind the date; before it where nothing stands behind.
        match date_at {
            Some(date_at) if date_at < others.len() => Some(date_at),
            Some(_) => others.len().checked_sub(1).filter(|last| *last > 0),
            None => (others.len() > 1).then_some(1),
        }
    };
    for (at, block) in others.iter().enumerate() {
        let said = block.joined();
        if Some(at) == headline {
            article.title = said;
        } else if headline.is_some_and(|headline| at > headline) && block.is_centred != Some(true) {
            match said.split_once(' ').filter(|(first, _)| take::is_by(first)) {
                Some((_, author)) if said.chars().count() < 100 => set(article, "author", author),
                _ => set(article, "subtitle", &said),
            }
        } else if !article.metadata.contains_key("outlet") {
            set(article, "outlet", &said);
        } else {
            notices.push(said);
        }
    }
    set(article, "notice", &notices.join("; "));
}

/// Whether a block begins with the day, month or year that the document is of.
fn is_date(block: &Block<'_>) -> bool {
    let Some(first) = block.lines.first().filter(|line| line.chars().count() < 90) else {
        return false;
    };
    if block.is_centred == Some(false) {
        return false;
    }
    let mut words = first
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (one, two) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let is_number = |word: &str| word.len() <= 4 && word.starts_with(|c: char| c.is_ascii_digit());
    let begins =
        is_number(one) || is_month(one) || (is_weekday(one) && (is_number(two) || is_month(two)));
    if begins && parse_date(first).is_some() {
        return true;
    }
    // “March 2008”, “2011”, “Winter 2008/2009”: only where it cannot be a headline.
    let rest = words.next();
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let is_vague = (is_month(one) && is_year(two))
        || (is_year(one) && two.is_empty())
        || (block.is_centred == Some(true) && is_year(two) && one.chars().all(char::is_alphabetic));
    is_vague && rest.is_none_or(is_year)
}

fn is_month(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && parse_date(&format!("1 {word} 2000")).is_some()
}

/// The date, and what stands behind and below it: a time, the edition.
fn date(block: &Block<'_>, article: &mut FoundArticle) {
    let Some((first, below)) = block.lines.split_first() else {
        return;
    };
    set(article, "published", first);
    // What is not part of the date follows its year and its day of the week.
    let year_end = first.char_indices().find_map(|(at, _)| {
        let year = first.get(at..at + 4)?;
        let is_year = year.bytes().all(|b| b.is_ascii_digit());
        let next = first.get(at + 4..)?.chars().next();
        (is_year && !next.is_some_and(|c| c.is_ascii_digit())).then_some(at + 4)
    });
    let separators: &[char] = &[',', ';', '.', ' ', '-', '/'];
    let rest = year_end
        .and_then(|end| first.get(end..))
        .unwrap_or_default();
    let mut rest = rest.trim_start_matches(separators);
    let word_end = rest
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(rest.len());
    if let Some((word, behind)) = rest.split_at_checked(word_end)
        && is_weekday(word)
    {
        rest = behind
            .strip_prefix("-feira")
            .unwrap_or(behind)
            .trim_start_matches(separators);
    }
    let mut editions: Vec<&str> = Vec::new();
    for said in std::iter::once(rest).chain(below.iter().copied()) {
        let said = said.trim().trim_end_matches(';').trim_end();
        let is_time = said.split_once(':').is_some_and(|(hour, rest)| {
            !hour.is_empty()
                && hour.len() <= 2
                && hour.bytes().all(|b| b.is_ascii_digit())
                && starts_with_number(rest)
        });
        if is_time {
            set(article, "time", said);
        } else if names::folded(said).starts_with("correction ") {
            set(article, "notice", said);
        } else if said.chars().any(char::is_alphabetic)
            && !said.contains(['年', '년'])
            && parse_date(said).is_none()
        {
            editions.push(said);
        }
    }
    set(article, "edition", &editions.join("; "));
}

fn starts_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Takes the fields before the text, and gives the lines of the text.
fn fields_before(blocks: &[Block<'_>], article: &mut FoundArticle) -> Vec<String> {
    let mut at = 0;
    let mut first_line = None;
    while let Some(block) = blocks.get(at) {
        let next = blocks.get(at + 1);
        let is_field_next =
            next.is_some_and(|next| next.known().is_some() || matches!(next.kind(), Kind::Body(_)));
        match block.kind() {
            Kind::Body(rest) => {
                let rest = std::iter::once(rest).chain(block.lines.iter().skip(1).copied());
                first_line = Some(rest.map(str::to_owned).collect::<Vec<_>>());
                at += 1;
                break;
            }
            Kind::Rights => set(article, "copyright", &block.joined()),
            Kind::Field(name, value) => match key_of(name) {
                Some(key) => {
                    let mut value = value_of(value, block);
                    // What stands below an empty name is its value where more fields follow.
                    let goes_on = value.is_empty()
                        && next.is_some_and(|next| next.is_text() && next.is_short())
                        && blocks.get(at + 2).is_some_and(|block| {
                            block.known().is_some() || matches!(block.kind(), Kind::Body(_))
                        });
                    if goes_on && let Some(next) = next {
                        value = next.joined();
                        at += 1;
                    }
                    take::field(article, key, &value);
                }
                None => break,
            },
            Kind::Text if is_date(block) && !article.metadata.contains_key("published") => {
                date(block, article);
            }
            Kind::Text if is_field_next && article.title.is_empty() && block.is_short() => {
                article.title = block.joined();
            }
            Kind::Text
                if block.is_short()
                    && next.is_some_and(|next| matches!(next.kind(), Kind::Body(_))) =>
            {
                set(article, "subtitle", &block.joined());
            }
            Kind::Text => break,
        }
        at += 1;
    }
    let mut text = first_line.unwrap_or_default();
    for block in blocks.get(at..).unwrap_or_default() {
        text.push(String::new());
        text.extend(block.lines.iter().map(|line| (*line).to_owned()));
    }
    text
}

fn value_of(value: &str, block: &Block<'_>) -> String {
    let mut lines = vec![value];
    lines.extend(block.lines.iter().skip(1).copied());
    lines.retain(|line| !line.is_empty());
    lines.join(" ")
}

/// The fields behind the text. Those of other names are kept by them.
fn fields_behind(blocks: &[Block<'_>], article: &mut FoundArticle) {
    let mut open: Vec<(String, String)> = Vec::new();
    let mut rights: Vec<String> = Vec::new();
    let mut is_open = false;
    for block in blocks {
        match block.kind() {
            Kind::Rights => {
                is_open = false;
                rights.push(block.joined());
                continue;
            }
            Kind::Field(name, value) => {
                let key = key_of(name);
                // A correction has sentences with names of their own.
                let is_within = is_open && open.last().is_some_and(|(key, _)| key == "correction");
                if key.is_some() || !is_within {
                    let key = key.map_or_else(|| name.to_lowercase(), str::to_owned);
                    open.push((key, value_of(value, block)));
                    is_open = true;
                    continue;
                }
            }
            Kind::Body(_) | Kind::Text => {}
        }
        match open.last_mut().filter(|_| is_open) {
            Some((_, value)) => {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(&block.joined());
            }
            None => rights.push(block.joined()),
        }
    }
    for (key, value) in &open {
        take::field(article, key, value);
    }
    set(article, "copyright", &rights.join(" "));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document whose lines are as wide as a page: its title, text and some of its metadata.
    #[track_caller]
    fn check(document: &str, title: &str, text: &str, expected: &[(&str, &str)]) {
        let lines: Vec<String> = document
            .lines()
            .map(|line| line.trim().to_owned())
            .collect();
        let centred: Vec<bool> = document
            .lines()
            .map(|line| line.starts_with("   "))
            .collect();
        for centred in [centred.as_slice(), &[]] {
            let article = article(&lines, centred, true, true).unwrap();
            assert_eq!(
                (article.title.as_str(), article.text.as_str()),
                (title, text)
            );
            for (key, value) in expected {
                let got = article.metadata.get(*key).map(String::as_str);
                assert_eq!(got, Some(*value), "{key}: {:?}", article.metadata);
            }
        }
    }

    const BEHIND: &str = "\n\nLOAD-DATE: May 5, 2012\n\nLANGUAGE: ENGLISH\n\n      Copyright 2012 Mill Press\n        All Rights Reserved\n";

    #[test]
    fn headers_of_any_order() {
        let check_header = |header: &str, title: &str, expected: &[(&str, &str)]| {
            let document =
                format!("{header}\n\nLENGTH: 9 words\n\n\nThe mill turns\nagain.{BEHIND}");
            check(&document, title, "The mill turns again.", expected);
        };
        let outlet = "      The Mill Post";
        let date = "      May 4, 2012 Friday";
        let usual = [("outlet", "The Mill Post"), ("published", "2012-05-04")];
        check_header(
            &format!("{outlet}\n\n{date}\n\nMill turns"),
            "Mill turns",
            &usual,
        );
        check_header(
            &format!("{outlet}\n\n{date}\n\nMill turns after a year\nof rest"),
            "Mill turns after a year of rest",
            &usual,
        );
        check_header(
            &format!("{outlet}\n\nMill turns\n\n{date}"),
            "Mill turns",
            &usual,
        );
        check_header(
            &format!("{outlet}\n\nMill turns"),
            "Mill turns",
            &[("outlet", "The Mill Post")],
        );
        check_header(
            &format!(
                "   Copyright 2012 Mill Press\n\n{outlet}\n\n{date}\n        First Edition;\n        North\n\nMill turns\n\nBYLINE: By Ida Moor"
            ),
            "Mill turns",
            &[
                ("outlet", "The Mill Post"),
                ("published", "2012-05-04"),
                ("edition", "First Edition; North"),
                ("author", "Ida Moor"),
            ],
        );
        check_header(
            &format!(
                "{outlet}\n\n      May 4, 2012, Friday, Late Edition\n      10:05 AM GMT\n      Correction Appended\n\nSECTION: Trade; Pg. 3\n\nHEADLINE: Mill turns"
            ),
            "Mill turns",
            &[
                ("edition", "Late Edition"),
                ("time", "10:05 AM GMT"),
                ("notice", "Correction Appended"),
                ("section", "Trade"),
                ("page", "3"),
            ],
        );
        check_header(
            &format!(
                "      MTV\n\n      SHOW: MILLS TODAY 9:00 PM EST\n\n{date}\n\nMill turns\n\nBYLINE: Ida Moor\n\nGUESTS: Bo Lind"
            ),
            "Mill turns",
            &[
                ("outlet", "MTV"),
                ("show", "MILLS TODAY 9:00 PM EST"),
                ("published", "2012-05-04"),
                ("guests", "Bo Lind"),
            ],
        );
        check_header(
            &format!("{outlet}\n\n      Mai 2012\n\nMill turns"),
            "Mill turns",
            &[("outlet", "The Mill Post")],
        );
    }

    #[test]
    fn fields_are_what_they_are_called() {
        let header = "      Die Mühle\n\n      Freitag 4. Mai 2012\n\n";
        check(
            &format!(
                "{header}Mühle dreht\n\nAUTOR: Ida Moor\n\nLÄNGE: 9 Wörter\n\nHIGHLIGHT: Nach einem Jahr\nder Ruhe.\n\n\nSie dreht.\n\nUPDATE: 5. Mai 2012\n\nSPRACHE: GERMAN; DEUTSCH\n\nZEITUNGS-CODE: MUE\n\n      Copyright 2012 Mühle\n      Alle Rechte vorbehalten\n"
            ),
            "Mühle dreht",
            "Sie dreht.",
            &[
                ("highlight", "Nach einem Jahr der Ruhe."),
                ("load date", "2012-05-05"),
                ("journal code", "MUE"),
                ("author", "Ida Moor"),
            ],
        );
        // A name that is no field begins a sentence; one among the fields is kept by its name.
        check(
            &format!(
                "{header}Mühle dreht\n\nLÄNGE: 9 Wörter\n\nEILT: SIE DREHT\n\nLOAD-DATE: May 5, 2012\n\nMILL-CODE: 7\n\nLANGUAGE: GERMAN\n"
            ),
            "Mühle dreht",
            "EILT: SIE DREHT",
            &[("mill-code", "7"), ("language", "de")],
        );
        check(
            &format!(
                "{header}LENGTE: 9 woorden\n\nKOP: Molen draait\n\nTEKST:\n\n\nHij draait.\n\nNOTE: zo is het.\n\nEn weer.\n\nTAAL: Dutch\n\nLOAD-DATE: May 5, 2012\n"
            ),
            "Molen draait",
            "Hij draait.\n\nNOTE: zo is het.\n\nEn weer.",
            &[("language", "nl"), ("words", "9")],
        );
        check(
            &format!(
                "{header}Mill turns\n\nLENGTH: 9 words\n\nIt turns.\n\nLANGUAGE: ENGLISH\n\nCORRECTION-DATE: May 6, 2012\n\nCORRECTION:\n\nIt does not.\n\nIt did.\n\n      Copyright 2012 Mill Press\n"
            ),
            "Mill turns",
            "It turns.",
            &[
                ("correction", "It does not. It did."),
                ("correction date", "May 6, 2012"),
                ("copyright", "Copyright 2012 Mill Press"),
            ],
        );
        check(
            &format!(
                "{header}El molino\n\nSECCIÓN: Cultura\n\nLONGITUD: 9 palabras\n\nGira.\n\nFECHA-CARGA: 5 de mayo de 2012\n\nIDIOMA: SPANISH; ESPAÑOL\n\nTIPO-PUBLICACIÓN: Periódico\n"
            ),
            "El molino",
            "Gira.",
            &[
                ("load date", "2012-05-05"),
                ("language", "es"),
                ("publication type", "Periódico"),
                ("section", "Cultura"),
            ],
        );
        check(
            &format!(
                "{header}Il mulino\n\nLUNGHEZZA: 9 parole\n\nGira.\n\nLINGUA: ITALIAN; ITALIANO\n\nDATA-CARICAMENTO: 5 maggio 2012\n"
            ),
            "Il mulino",
            "Gira.",
            &[("language", "it"), ("load date", "2012-05-05")],
        );
    }

    #[test]
    fn documents_without_fields_or_text() {
        let header = "      The Mill Post\n\n      May 4, 2012 Friday\n\n";
        check(
            &format!("{header}Mill turns\n\nIt turns.\n\nIt stood.{BEHIND}"),
            "Mill turns",
            "It turns.\n\nIt stood.",
            &[],
        );
        check(
            &format!("{header}Mill turns\n\nLENGTH: 2 words\n\nGRAPHIC: A mill.{BEHIND}"),
            "Mill turns",
            "A mill.",
            &[],
        );
        let nothing: Vec<String> = header.lines().map(|line| line.trim().to_owned()).collect();
        assert!(article(&nothing, &[], true, true).is_none());
    }
}
