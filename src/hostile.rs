//! What hostile input must not break: one function for each way in, run on any bytes.
//!
//! The fuzz targets call these, and so does `cargo test` on the stored cases under
//! `tests/data/hostile`. They panic when a promise is broken, and only then.

use crate::app::import::kept::Reads;
use crate::app::import::workers::Readers;
use crate::app::import::{ImportOptions, ImportSource, read_import};
use crate::app::recovery::{Found, recover};
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::compare::{Comparison, Side};
use crate::core::edit::{Edit, Transaction, apply, check_fragments};
use crate::core::project::Project;
use crate::core::text::segment::{next_grapheme, paragraph_at, sentence_at, word_at};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::format::journal::{self, Record};
use crate::format::readers::{readers, recognise};
use crate::format::reading::assembly::Assembly;
use crate::format::reading::{ReadOptions, Source};
use crate::format::{articles, codebooks, project_ron};
use std::path::PathBuf;
use std::sync::Arc;

/// Reading a project file never panics, and what was read is the same after saving and reading.
pub fn project(bytes: &[u8]) {
    if let Ok(opened) = project_ron::read(bytes, &|_| ()) {
        holds(&opened.project);
        survives_saving(&opened.project);
    }
    let _any_outcome = project_ron::counts(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let kept = crate::core::kept::Kept::new(text);
        let _any_outcome = project_ron::lost_annotation(&kept);
        let _any_outcome = project_ron::lost_texts(&kept);
    }
}

/// A journal of any bytes is made again on a small project without breaking what always holds. The
/// bytes are also taken as payloads, line by line, since a checksum is hard to guess.
pub fn journal(bytes: &[u8]) {
    replay(bytes.to_vec());
    let begin = journal::payload(&Record::Begin {
        version: journal::VERSION,
        name: String::new(),
        file: None,
        when: None,
    });
    let payloads = bytes.split(|&b| b == b'\n').map(<[u8]>::to_vec);
    let payloads = begin.into_iter().chain(payloads);
    let lines = payloads
        .zip(1..)
        .filter_map(|(p, n)| journal::line(n, &p).ok());
    replay(lines.flatten().collect());
}

fn replay(bytes: Vec<u8>) {
    let mut project = small_project();
    let path = PathBuf::from("p.ron.journal");
    let found = Found {
        path,
        bytes,
        is_in_place: true,
    };
    if let Ok(mut recovered) = recover(&mut project, None, &found) {
        holds(&project);
        while let Some(Ok(_)) = recovered.history.undo(&mut project) {}
        holds(&project);
    }
}

/// An article file of any bytes becomes a text in which every step lands on a valid position.
pub fn decoding(bytes: &[u8]) {
    if let Ok(read) = articles::extract(bytes) {
        walk(&ArticleText::new(read.text));
    }
}

/// A file of any bytes, given to the reader that the first byte names: what it finds has its place
/// in the text, and is proven there.
pub fn reading(bytes: &[u8]) {
    let Some((first, file)) = bytes.split_first() else {
        return;
    };
    let all: Vec<_> = readers().collect();
    let reader = all.get(usize::from(*first) % all.len());
    let source = Source::alone("file.bin", file);
    let _any_outcome = recognise(source);
    let read = reader.map(|reader| (reader.read)(&source, &ReadOptions::default()));
    let Some(Ok(reading)) = read else { return };
    let mut assembly = Assembly::new(&crate::core::codebook::Codebook::default());
    assembly.add_labels(&reading.labels);
    for found in &reading.articles {
        for range in &found.surroundings {
            assert!(
                found.text.get(range.clone()).is_some(),
                "surroundings lie in the text"
            );
        }
        assembly.add(found, "file.bin", "fuzz");
    }
    let dataset = assembly.finish();
    for article in &dataset.parts.articles {
        for annotation in article.annotations.iter() {
            assert_eq!(check_fragments(annotation, &article.text), Ok(()));
        }
    }
}

/// A codebook file of any bytes, under each name that a reader goes by: what is read can be used, is
/// the same after saving and reading, and can be taken into a project.
pub fn codebook(bytes: &[u8]) {
    for name in ["c.ron", "annotation.conf", "c.xml", "c.qdc", "visual.conf"] {
        let Ok(found) = codebooks::read(&Source::alone(name, bytes)) else {
            continue;
        };
        let mut codebook = found.shared.codebook.clone();
        assert_eq!(codebook.mend(), [], "what is read can be used");
        let text = project_ron::write_codebook(&found.shared);
        let back = project_ron::read_codebook(text.as_bytes());
        assert!(
            back.is_ok_and(|back| back.shared == found.shared),
            "saving changed nothing"
        );
        let project = small_project();
        let mine = project.codebook();
        let mut comparison = Comparison::of(mine, &codebook, found.is_partial);
        comparison.prefer(Side::Theirs);
        let mut merged = comparison.merged(mine).codebook;
        assert_eq!(merged.mend(), [], "what is merged can be used");
    }
}

/// Any text from the clipboard becomes an article that can be annotated and saved.
pub fn clipboard(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut project = small_project();
    let source = ImportSource::Pasted {
        text: text.into_owned(),
        html: None,
    };
    let options = ImportOptions::default();
    let import = read_import(
        &Readers::default(),
        &project,
        &source,
        &options,
        &mut Reads::default(),
        &mut |_, _| true,
    );
    let at = project.articles().len();
    let ids: Vec<_> = import.articles.iter().map(|a| a.id.clone()).collect();
    let articles = import.articles.into_iter().enumerate();
    let mut edits = vec![Edit::AddArticles(
        articles.map(|(i, article)| (at + i, article)).collect(),
    )];
    let added = edits.iter().flat_map(Edit::new_articles);
    let texts: Vec<_> = added.map(|(_, a)| a.text.clone()).collect();
    for (id, text) in ids.iter().zip(texts) {
        walk(&text);
        let range = word_at(&text, BytePos(0));
        if !range.is_empty() {
            edits.push(Edit::AddAnnotation {
                article: id.clone(),
                annotation: Box::new(mark(&format!("x-{id}"), range)),
            });
        }
    }
    if apply(&mut project, &Transaction::new("paste", edits)).is_ok() {
        holds(&project);
        survives_saving(&project);
    }
}

fn mark(id: &str, range: ByteRange) -> Annotation {
    Annotation::new(id.into(), "x".into(), "quote".into(), range)
}

fn small_project() -> Project {
    let mut project = Project::new("small");
    let text = ArticleText::new("Article 0: “déjà vu” 👨🏻‍🚒 said.\nSecond line.".to_owned());
    let article = Article::new("a0".into(), "Title", text);
    let edits = vec![
        Edit::AddArticles(vec![(0, Arc::new(article))]),
        Edit::AddAnnotation {
            article: "a0".into(),
            annotation: Box::new(mark("x-1", ByteRange::new(BytePos(0), BytePos(7)))),
        },
    ];
    let made = apply(&mut project, &Transaction::new("make", edits));
    assert!(made.is_ok(), "{made:?}");
    project
}

/// Every annotation lies in its text, on grapheme boundaries, and ids are unique in an article.
fn holds(project: &Project) {
    for article in project.articles() {
        for annotation in article.annotations.iter() {
            let fits = check_fragments(annotation, &article.text);
            assert!(fits.is_ok(), "{fits:?}");
        }
    }
}

fn survives_saving(project: &Project) {
    let Some(file) = project_ron::write(project, &mut |_| true) else {
        return;
    };
    match project_ron::read(file.as_bytes(), &|_| ()) {
        Ok(again) => {
            let second = project_ron::write(&again.project, &mut |_| true);
            assert_eq!(second.as_deref(), Some(file.as_str()), "saving changed it");
        }
        Err(error) => assert!(file.is_empty(), "what was saved cannot be read: {error}"),
    }
}

fn walk(text: &ArticleText) {
    const MAX_STEPS: usize = 2_000;
    let mut at = BytePos(0);
    for _ in 0..MAX_STEPS {
        for range in [
            word_at(text, at),
            sentence_at(text, at),
            paragraph_at(text, at),
        ] {
            assert!(range.end <= text.end());
            assert!(text.as_str().get(range.as_usize()).is_some());
        }
        let next = next_grapheme(text, at);
        if next <= at {
            break;
        }
        at = next;
    }
    let all = text.full_range();
    assert_eq!(text.byte_range(text.char_range(all)), Some(all));
}
