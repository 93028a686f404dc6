//! Cutting a project file into its articles, whole or damaged.
//!
//! Works on our own layout, where an article begins and ends on a line of its own and no line of
//! text can look like that. What cannot be parsed is kept as text, with a reason.

use super::read::{Names, ReadArticle, Reader, article_from, codebook_from, place_of};
use super::record::{AnnotationRecord, ArticleRecord, ProjectRecord};
use crate::core::check::Problem;
use crate::core::codebook::Codebook;
use crate::core::project::{ProjectParts, SetAside};

/// A project file in pieces.
pub(super) struct Blocks<'a> {
    /// The file without its articles.
    pub(super) head: String,
    pub(super) articles: Vec<&'a str>,
    /// The list of articles has no end.
    pub(super) is_truncated: bool,
}

const LIST_START: &str = "    articles: [";
const LIST_END: &str = "    ],";
const ARTICLE_START: &str = "        (";
const ARTICLE_END: &str = "        ),";

/// Lines with their start and the start of the next one.
fn lines(source: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = source.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |i| i + 1);
        at += length;
        let line = rest.get(..length).unwrap_or(rest);
        Some((start, at, line.trim_end_matches(['\n', '\r'])))
    })
}

/// How many articles and annotations a project file has, without reading it: by its lines. The
/// reason in words when it does not look like one.
pub fn counts(bytes: &[u8]) -> Result<(usize, usize), String> {
    let source = std::str::from_utf8(bytes)
        .map_err(|error| format!("the file is damaged at byte {}", error.valid_up_to()))?;
    let mut articles = 0;
    let mut annotations = 0;
    let mut is_list = false;
    let mut has_end = false;
    for (_, _, line) in lines(source) {
        match line {
            LIST_START => is_list = true,
            LIST_END if is_list => {
                has_end = true;
                break;
            }
            ARTICLE_START if is_list => articles += 1,
            _ if is_list && line.starts_with("                (id: ") => annotations += 1,
            _ => {}
        }
    }
    if has_end {
        Ok((articles, annotations))
    } else {
        Err("the file is not whole".to_owned())
    }
}

/// `None` when the file does not have our layout.
pub(super) fn blocks(source: &str) -> Option<Blocks<'_>> {
    let mut lines = lines(source);
    let (list_start, _, _) = lines.by_ref().find(|(_, _, line)| *line == LIST_START)?;
    let mut articles = Vec::new();
    let mut open: Option<usize> = None;
    let mut tail = None;
    for (start, next, line) in lines {
        match (open, line) {
            (None, ARTICLE_START) => open = Some(start),
            (Some(from), ARTICLE_END) => {
                articles.push(source.get(from..next)?.trim().trim_end_matches(','));
                open = None;
            }
            (None, LIST_END) => {
                tail = Some(next);
                break;
            }
            // The last line of a file that was cut off can be anything.
            (None, _) if next == source.len() => break,
            (None, _) => return None,
            (Some(_), _) => {}
        }
    }
    if let Some(from) = open {
        articles.push(source.get(from..)?);
    }
    let mut head = source.get(..list_start)?.to_owned();
    head.push_str(tail.map_or(")", |tail| source.get(tail..).unwrap_or(")")));
    Some(Blocks {
        head,
        articles,
        is_truncated: tail.is_none(),
    })
}

/// Reads what can be read of a damaged file. `None` when not even its head can be.
pub(super) fn read_damaged(
    reader: &mut Reader,
    source: &str,
    progress: &(dyn Fn(f32) + Sync),
) -> Option<ProjectParts> {
    let blocks = blocks(source)?;
    let closed;
    let head: ProjectRecord<'_> = match ron::from_str(&blocks.head) {
        Ok(head) => head,
        Err(_) => {
            // What follows the articles is damaged; what stands before them may do.
            let (before, _) = source.split_once(LIST_START)?;
            let after = blocks.head.get(before.len()..).unwrap_or("");
            reader.problems.push(Problem::error(
                "",
                "what follows the articles is damaged; it is kept aside",
            ));
            reader.aside.push(SetAside {
                article: String::new(),
                reason: "the end of the file was damaged".to_owned(),
                raw: after.to_owned(),
            });
            closed = format!("{before})");
            ron::from_str(&closed).ok()?
        }
    };
    let codebook = head
        .codebook
        .0
        .clone()
        .map(codebook_from)
        .unwrap_or_default();
    let total = blocks.articles.len().max(1);
    let mut articles = Vec::new();
    for (i, block) in blocks.articles.iter().enumerate() {
        progress(i as f32 / total as f32);
        match read_block(block, &codebook) {
            Some(read) => articles.push(read),
            None => {
                let message = format!(
                    "article {} of the file cannot be read; its text is kept aside",
                    i + 1
                );
                reader.problems.push(Problem::error("", message));
                reader.aside.push(SetAside {
                    article: String::new(),
                    reason: "the article was damaged in the file".to_owned(),
                    raw: (*block).to_owned(),
                });
            }
        }
    }
    Some(reader.assemble(head, articles))
}

/// An article, if need be line by line. `None` when its text cannot be read.
fn read_block(block: &str, codebook: &Codebook) -> Option<ReadArticle> {
    let mut names = Names::default();
    let whole = block.trim().trim_end_matches(',');
    if let Ok(record) = ron::from_str::<ArticleRecord<'_>>(whole) {
        return Some(article_from(record, codebook, &mut names));
    }
    let (list_start, list, _) =
        lines(block).find(|(_, _, line)| line.trim() == "annotations: [")?;
    let head = format!("{})", block.get(..list_start)?);
    let mut record: ArticleRecord<'_> = ron::from_str(&head).ok()?;
    let mut damaged = Vec::new();
    for (_, _, line) in lines(block.get(list..)?) {
        let line = line.trim().trim_end_matches(',');
        if !matches!(line, "" | "]" | ")") {
            match ron::from_str::<AnnotationRecord<'_>>(line) {
                Ok(annotation) => record.annotations.push(annotation),
                Err(error) => damaged.push((line, error.code.to_string())),
            }
        }
    }
    let id = record.id.as_str().to_owned();
    let mut read = article_from(record, codebook, &mut names);
    for (line, error) in damaged {
        let reason = format!("the annotation was damaged in the file ({error})");
        read.problems.push(Problem::error(
            place_of(&id),
            format!("set aside: {reason}"),
        ));
        read.aside.push(SetAside {
            article: id.clone(),
            reason,
            raw: line.to_owned(),
        });
    }
    Some(read)
}
