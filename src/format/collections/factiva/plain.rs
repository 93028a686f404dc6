//! Factiva's articles without field codes: headline, author, “877 words”, date, source and its code,
//! language and copyright, text, “Document NYTF000020050408dp1900j9s”.
//!
//! Gives the same fields as articles with codes have. Knows no article.

use super::Fields;
use crate::format::collections::databases::language_code;
use crate::format::collections::pages::{Page, PageLine, Place};
use crate::format::reading::dates::parse_date;

/// Whether a text holds articles: lines that end them, and lines that count their words.
pub(super) fn is_export(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.iter().any(|line| document(line).is_some()) && count_at(&lines).is_some()
}

/// The number in “Document NYTF000020050408dp1900j9s”, in any language: letters, then the day in
/// digits, then the rest.
fn document(line: &str) -> Option<&str> {
    let (word, number) = line.split_once(' ')?;
    let letters = number.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_number = (18..=34).contains(&number.len())
        && letters >= 2
        && digits >= 10
        && number.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_number && word.chars().all(char::is_alphabetic)).then_some(number)
}

/// “877 words”, “1 285 mots”, “8165 字”
fn is_word_count(line: &str) -> bool {
    words_unit(line).is_some_and(|unit| UNITS.contains(&unit.to_lowercase().as_str()))
}

/// As [`is_word_count`], in any language: a number and a word above the date.
fn counts_words(line: &str, below: Option<&str>) -> bool {
    let is_unit =
        |unit: &str| !unit.is_empty() && unit.chars().all(|c| !c.is_ascii_digit() && c != ' ');
    is_word_count(line)
        || words_unit(line).is_some_and(is_unit)
            && below.is_some_and(|below| parse_date(below).is_some())
}

/// What stands behind the number that a line begins with.
fn words_unit(line: &str) -> Option<&str> {
    let unit = line.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | ',' | '.' | '\u{A0}' | '\u{202F}')
    });
    line.starts_with(|c: char| c.is_ascii_digit())
        .then_some(unit)
}

const UNITS: &[&str] = &[
    "word",
    "words",
    "wörter",
    "wort",
    "mots",
    "mot",
    "palabras",
    "palabra",
    "palavras",
    "parole",
    "woorden",
    "woord",
    "слов",
    "слова",
    "ord",
    "słów",
    "字",
    "ワード",
    "단어",
    "kata",
    "kelime",
];

pub(super) fn is_by(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default().to_lowercase();
    matches!(
        first.as_str(),
        "by" | "von" | "par" | "por" | "door" | "di" | "av" | "af"
    )
}

/// The articles in lines: each ends with the number of its document.
pub(super) fn documents(lines: &[String]) -> Vec<Fields> {
    let mut documents = Vec::new();
    for part in lines.split_inclusive(|line| document(line).is_some()) {
        let lines: Vec<&str> = part.iter().map(String::as_str).collect();
        // What stands behind the last document is Factiva's own.
        if part.last().is_some_and(|line| document(line).is_some()) || documents.is_empty() {
            documents.push(fields_of(&lines));
        }
    }
    documents
}

/// Where the line stands that counts the words.
fn count_at(lines: &[&str]) -> Option<usize> {
    let said = || {
        lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
    };
    let below = said().skip(1).map(|(_, line)| Some(*line)).chain([None]);
    let mut counts = said()
        .zip(below)
        .filter(|((_, line), below)| counts_words(line, *below));
    counts.next().map(|((at, _), _)| at)
}

fn fields_of(lines: &[&str]) -> Fields {
    let mut fields = Fields::new();
    // Without a count of words the first line is the headline, and the rest the text.
    let first = lines.iter().position(|line| !line.is_empty());
    let counted = count_at(lines);
    let behind_head = counted
        .or_else(|| first.map(|first| first + 1))
        .unwrap_or(lines.len());
    let (head, rest) = lines.split_at_checked(behind_head).unwrap_or((lines, &[]));
    let head: Vec<&str> = head
        .iter()
        .copied()
        .filter(|line| !line.is_empty())
        .collect();
    head_fields(&head, &mut fields);
    let mut text_at = 0;
    let mut count = 0;
    let mut is_behind_language = false;
    let own = rest
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && counted.is_some());
    for (at, line) in own {
        count += 1;
        let is_own =
            count <= 12 && field_behind_words(line, count, is_behind_language, &mut fields);
        is_behind_language |= fields.last().is_some_and(|(code, _)| *code == "LA");
        if !is_own {
            break;
        }
        text_at = at + 1;
        if fields.last().is_some_and(|(code, _)| *code == "CY") {
            break;
        }
    }
    let mut text: Vec<String> = rest
        .get(text_at..)
        .unwrap_or_default()
        .iter()
        .map(|line| (*line).to_owned())
        .collect();
    let number = text.pop_if(|line| document(line).is_some());
    fields.push(("TD", text));
    fields.extend(number.map(|line| ("AN", vec![line])));
    fields
}

/// Section, headline, author: the headline alone is always there.
fn head_fields(head: &[&str], fields: &mut Fields) {
    let field = |code: &'static str, line: &str| (code, vec![line.to_owned()]);
    let author = head
        .iter()
        .rposition(|line| is_by(line))
        .filter(|at| *at > 0);
    let head = match author {
        Some(at) => {
            fields.extend(head.get(at).map(|line| field("BY", line)));
            head.get(..at).unwrap_or_default()
        }
        None => head,
    };
    let words = |line: &str| line.split_whitespace().count();
    match head {
        [] => {}
        [headline] => fields.push(field("HD", headline)),
        [headline, name]
            if author.is_none() && words(name) <= 4 && words(headline) > words(name) =>
        {
            fields.push(field("HD", headline));
            fields.push(field("BY", name));
        }
        [section, headline] => {
            fields.push(field("SE", section));
            fields.push(field("HD", headline));
        }
        [.., section, headline, name] if author.is_none() => {
            fields.push(field("SE", section));
            fields.push(field("HD", headline));
            fields.push(field("BY", name));
        }
        [.., section, headline] => {
            fields.push(field("SE", section));
            fields.push(field("HD", headline));
        }
    }
}

fn is_copyright(line: &str) -> bool {
    let lower = line.to_lowercase();
    lower.starts_with("copyright") || lower.starts_with("(c)") || lower.starts_with('©')
}

/// Takes a line that stands between the count of words and the text; whether it is one.
fn field_behind_words(
    line: &str,
    number: usize,
    is_behind_language: bool,
    fields: &mut Fields,
) -> bool {
    let has = |fields: &Fields, code: &str| fields.iter().any(|(known, _)| *known == code);
    let is_code = line.len() <= 10
        && line
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && line.bytes().any(|b| b.is_ascii_uppercase());
    let is_time = line.len() <= 8
        && line
            .split_once(':')
            .is_some_and(|(hour, _)| hour.len() <= 2 && hour.bytes().all(|b| b.is_ascii_digit()));
    let is_pages = line.len() <= 40
        && line
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b',' | b' ' | b'-'));
    if is_pages && let Some(("PG", pages)) = fields.last_mut() {
        // Pages that follow each other are one list.
        for page in pages {
            page.push_str(", ");
            page.push_str(line);
        }
        return true;
    }
    let code = if number == 1 {
        "WC"
    } else if is_copyright(line) {
        "CY"
    } else if !has(fields, "PD") && line.chars().count() < 60 && parse_date(line).is_some() {
        "PD"
    } else if is_time && !has(fields, "ET") {
        "ET"
    } else if is_behind_language {
        return false;
    } else if has(fields, "PD") && !has(fields, "SN") {
        "SN"
    } else if is_code && !has(fields, "SC") {
        "SC"
    } else if language_code(line) != line && line.chars().count() < 30 {
        "LA"
    } else if has(fields, "SC") && line.chars().count() <= 60 {
        if line.len() <= 8 && line.bytes().any(|b| b.is_ascii_digit()) && !has(fields, "PG") {
            "PG"
        } else if has(fields, "ED") {
            return false;
        } else {
            "ED"
        }
    } else {
        return false;
    };
    fields.push((code, vec![line.to_owned()]));
    true
}

/// The articles in a page, by the names that it has for their parts.
pub(super) fn documents_of_page(page: &Page) -> Vec<Fields> {
    let mut documents: Vec<Fields> = Vec::new();
    let mut groups: Vec<Vec<&PageLine>> = Vec::new();
    let mut last: Option<*const Place> = None;
    for line in page.lines().iter().filter(|line| !line.text.is_empty()) {
        let article = page
            .places(line)
            .filter(|place| place.has_class("article"))
            .last();
        let Some(article) = article.map(std::ptr::from_ref) else {
            last = None;
            continue;
        };
        if last != Some(article) {
            groups.push(Vec::new());
        }
        last = Some(article);
        if let Some(group) = groups.last_mut() {
            group.push(line);
        }
    }
    documents.extend(groups.iter().map(|group| fields_of_group(page, group)));
    documents
}

fn fields_of_group(page: &Page, group: &[&PageLine]) -> Fields {
    let ends_with = |place: &Place, end: &str| place.classes().any(|class| class.ends_with(end));
    let is_headline = |line: &PageLine| {
        page.is_in(line, |place| {
            ends_with(place, "Headline") || place.id() == "hd"
        })
    };
    let is_paragraph =
        |line: &PageLine| page.is_in(line, |place| ends_with(place, "articleParagraph"));
    let mut fields = Fields::new();
    let push = |fields: &mut Fields, code: &'static str, line: &PageLine| match fields.last_mut() {
        Some((known, lines)) if *known == code => lines.push(line.text.clone()),
        _ => fields.push((code, vec![line.text.clone()])),
    };
    let first = group.iter().position(|line| is_paragraph(line));
    let last = group.iter().rposition(|line| is_paragraph(line));
    // The language stands right before the copyright, in the language of the page.
    let language_at = group
        .iter()
        .position(|line| is_copyright(&line.text))
        .and_then(|at| at.checked_sub(1));
    let mut behind_words = 0;
    let mut is_behind_language = false;
    for (at, line) in group.iter().enumerate() {
        let is_before = first.is_none_or(|first| at < first);
        if is_paragraph(line) {
            push(&mut fields, "TD", line);
        } else if document(&line.text).is_some() {
            push(&mut fields, "AN", line);
        } else if !is_before {
            // Captions stand below the text, the publisher last of all.
            let is_last = last.is_some_and(|last| at > last)
                && group
                    .get(at + 1)
                    .is_some_and(|next| document(&next.text).is_some());
            let code = if is_last && line.text.chars().count() < 100 {
                "PUB"
            } else {
                "ART"
            };
            push(&mut fields, code, line);
        } else if is_headline(line) {
            push(&mut fields, "HD", line);
        } else if page.is_in(line, |place| place.has_class("author")) {
            push(&mut fields, "BY", line);
        } else if behind_words > 0
            || counts_words(&line.text, group.get(at + 1).map(|next| next.text.as_str()))
        {
            behind_words += 1;
            let is_language =
                language_at == Some(at) && fields.iter().any(|(code, _)| *code == "SC");
            if is_language {
                push(&mut fields, "LA", line);
            } else if !field_behind_words(&line.text, behind_words, is_behind_language, &mut fields)
            {
                push(&mut fields, "ART", line);
            }
            is_behind_language |= fields.last().is_some_and(|(code, _)| *code == "LA");
        } else if fields.iter().any(|(code, _)| *code == "HD") {
            push(&mut fields, "CR", line);
        } else {
            push(&mut fields, "SE", line);
        }
    }
    // “enArticle” says the language in every language of the page.
    let place = group.first().and_then(|line| {
        page.places(line)
            .flat_map(Place::classes)
            .find_map(|class| class.strip_suffix("Article"))
    });
    if let Some(language) = place.filter(|language| language.len() == 2) {
        fields.retain(|(code, _)| *code != "LA");
        fields.push(("LA", vec![language.to_owned()]));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_kind() {
        for line in [
            "Document FERRY00020191103efb300001",
            "文件 HAFEN00020191104efb400001",
            "Dokument hafen00020020605dy52006xr",
        ] {
            assert!(document(line).is_some(), "{line}");
        }
        for line in [
            "Document 12",
            "Document the ferry and its master today",
            "Dokument HAFEN",
        ] {
            assert!(document(line).is_none(), "{line}");
        }
        for line in ["877 words", "1.285 Wörter", "8165 字", "1,200 words"] {
            assert!(is_word_count(line), "{line}");
        }
        for line in ["877 words too many", "words", "877", "877 sanaa"] {
            assert!(!is_word_count(line), "{line}");
        }
        assert!(counts_words("877 sanaa", Some("4 May 2012")));
        assert!(!counts_words("877 sanaa", Some("It turns.")));
    }
}
