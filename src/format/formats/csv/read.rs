//! CSV and TSV with an annotation a row, Pressmark's own among them. Texts stand in `articles.csv`,
//! in files named by ids, or in a column.

use crate::format::formats::csv::{CODEBOOK, GROUPS, PEOPLE, QUOTES};
use crate::format::reading::cells;
use crate::format::reading::decode;
use crate::format::reading::own_tables::{
    is_beside, is_own_spans, own_labels, put_with_first, take_of_project,
};
use crate::format::reading::span_rows;
use crate::format::reading::texts::Texts;
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::words::of_project::OfProject;

pub const READER: Reader = Reader {
    name: "csv-spans",
    title: "Table of annotations (CSV or TSV)",
    group: ReaderGroup::Dataset,
    extensions: &["csv", "tsv"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let is_named = matches!(head.source.extension().as_str(), "csv" | "tsv" | "tab");
    if !is_named {
        return Likelihood::No;
    }
    // Names of columns alone may be those of any table: the first rows must have offsets.
    let is_cut = head.text.len() < head.source.bytes.len();
    let cells = if is_cut {
        cells::cells_of_start(head.text)
    } else {
        cells::cells(head.text)
    };
    let Ok(mut cells) = cells else {
        return Likelihood::No;
    };
    // Names of columns alone are whole: a table may have no annotations.
    if is_cut && cells.rows.len() > 1 {
        cells.rows.pop();
    }
    Likelihood::Sure.when(span_rows::fits(&cells.rows))
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not a table"))?;
    let cells = cells::cells(&decoded.text)?;
    let mut texts = Texts::beside(*source, options);
    let numbers = cells.numbers.iter().skip(1).copied();
    let mut reading = span_rows::reading(&cells.rows, numbers, &mut texts)?;
    let is_own = cells.rows.first().is_some_and(|names| is_own_spans(names));
    if is_own {
        add_tables_beside(&mut reading, source);
    }
    reading.encoding = Some(decoded.encoding);
    reading.is_encoding_guessed = decoded.is_guess;
    reading.remarks.extend(decoded.remarks());
    reading.remarks.extend(cells.remarks(""));
    Ok(reading)
}

/// The tables that Pressmark writes around its spans.
fn add_tables_beside(reading: &mut Reading, source: &Source<'_>) {
    let mut told = OfProject::default();
    for file in [QUOTES, PEOPLE, GROUPS, CODEBOOK] {
        let name = source.beside(file);
        let Some(bytes) = source.siblings.read(&name) else {
            continue;
        };
        // Of quotes the spans say all: their first row is enough.
        let bytes = match file {
            QUOTES => bytes.split(|byte| *byte == b'\n').next().unwrap_or(&bytes),
            _ => &bytes,
        };
        let cells = decode::decode(bytes).map(|decoded| cells::cells(&decoded.text));
        let Some(Ok(cells)) = cells else {
            continue;
        };
        let is_beside = cells.rows.first().is_some_and(|names| is_beside(names));
        if take_of_project(&mut told, &cells.rows) || is_beside {
            reading.used.push(name);
        }
        if file == CODEBOOK {
            reading.labels = own_labels(&cells.rows);
        }
    }
    put_with_first(reading, told);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::article::Status;
    use crate::format::reading::placing::place;
    use std::collections::BTreeMap;

    /// Reads `spans.csv` among other files: articles, and what their annotations say and cover.
    fn read_among(spans: &str, others: &[(&str, &str)]) -> Result<Reading, Refusal> {
        let others = others
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        let files: BTreeMap<String, Vec<u8>> = others.collect();
        let source = Source {
            name: "d/spans.csv",
            bytes: spans.as_bytes(),
            siblings: &files,
        };
        let (reader, _) = crate::format::readers::recognise(source).unwrap();
        assert_eq!(reader.name, "csv-spans");
        read(&source, &ReadOptions::default())
    }

    #[track_caller]
    fn check(spans: &str, others: &[(&str, &str)], expected: &[&str]) -> Reading {
        let reading = read_among(spans, others).unwrap();
        let mut found = Vec::new();
        for article in &reading.articles {
            let placed = place(article);
            found.push(format!("{}: {}", article.id, article.title));
            for (ranges, annotation) in placed.annotations.iter().zip(&article.annotations) {
                let ranges = ranges.as_ref().unwrap().iter();
                let texts: Vec<&str> = ranges.map(|range| placed.text.slice(*range)).collect();
                found.push(format!("{} {}", annotation.label, texts.join("|")));
            }
        }
        assert_eq!(found, expected);
        reading
    }

    #[test]
    fn texts_are_found_wherever_they_stand() {
        let spans = "doc_id,start,end,label\r\n7,2,5,who\r\n7,6,10,cue\r\n";
        let text = "🙂 She said";
        check(
            spans,
            &[(
                "d/articles.csv",
                "id,title,text\r\n7,Ferry,🙂 She said\r\n8,Empty,None\r\n",
            )],
            &["7: Ferry", "who She", "cue said", "8: Empty"],
        );
        let others = [
            ("d/7.txt", text),
            ("d/others.csv", "id,text\n9,Of another matter\n"),
        ];
        let reading = check(spans, &others, &["7: ", "who She", "cue said"]);
        assert_eq!(reading.used, ["d/7.txt"]);
        check(spans, &[("d/7.txt", text)], &["7: ", "who She", "cue said"]);
        check(
            spans,
            &[("texts/7.txt", text)],
            &["7: ", "who She", "cue said"],
        );
        check(
            "id;text;start;end;label\n7;🙂 She said;2;5;who\n7;🙂 She said;6.0;10.0;cue\n",
            &[],
            &["7: ", "who She", "cue said"],
        );
        check(
            "doc_id\tstart\tend\tlabel\ttext\tcontent\n7\t2\t5\twho\tShe\t🙂 She said\n",
            &[],
            &["7: ", "who She"],
        );
        let refusal = read_among(spans, &[("d/8.txt", text)]).unwrap_err();
        assert!(refusal.0.contains("not here"), "{refusal}");
        // Ids that lead elsewhere do not.
        let away = "doc_id,start,end,label\n../../secret,2,5,who\n";
        assert!(read_among(away, &[("secret.txt", text)]).is_err());
    }

    #[test]
    fn articles_without_annotations_come_back() {
        let spans = "\u{FEFF}article_id,title,outlet,author,published,url,span_id,annotator,label,fragment,fragments,start,end,text,note,links,status,created,changed,origin,exact_values,attribute_Note";
        let articles = "article_id,title,text,text_hash,text_chars,notes,status,outlet,meta_notes\r\n7,Ferry,\" She said\n\",,,kept,ana=done,Post, odd \r\n8,7, More,,,,,,\r\n";
        let labels = "label,name,color,definition\r\nq,Q,#0102FF,said\r\n";
        let others = [("d/articles.csv", articles), ("d/codebook.csv", labels)];
        let reading = check(&format!("{spans}\r\n"), &others, &["7: Ferry", "8: 7"]);
        assert_eq!(reading.used, ["d/articles.csv", "d/codebook.csv"]);
        assert_eq!(reading.labels[0].color, Some(0x01_02_FF));
        let row = "7,Ferry,Post,,,,x; y,ana,q,1,1,1,4,She,\" n\n\",a%3Db=x; c=x%3B y,new,,,suggestion:s,\"{\"\"Note\"\":\"\"\"\",\"\"x\"\":1}\",";
        let reading = check(
            &format!("{spans}\r\n{row}\r\n"),
            &others,
            &["7: Ferry", "q She", "8: 7"],
        );
        let article = &reading.articles[0];
        assert_eq!(
            (article.notes.as_str(), article.text.as_str()),
            ("kept", " She said\n")
        );
        assert_eq!(article.metadata["notes"], " odd ");
        assert_eq!(article.status["ana"], Status::Done);
        let found = &article.annotations[0];
        assert_eq!((found.id.as_str(), found.note.as_str()), ("x; y", " n\n"));
        assert_eq!(found.links[0].0, "a=b");
        assert_eq!(found.attributes.len(), 1);
        assert!(found.attributes.contains_key("Note"));
    }

    #[test]
    fn rows_of_our_own_table() {
        let header = "\u{FEFF}article,title,outlet,author,published,url,annotation,annotator,label,fragment,fragments,start,end,text,note,links,status,Tone,verified";
        let rows = "7,Ferry,Post,Ann,2019-11-03,,a1,ana,quote,1,2,4,8,said,\"'=1\r\nsee\",by=a2; about=a3,done,cold,yes\r\n7,Ferry,Post,Ann,2019-11-03,,a1,ana,quote,2,2,15,20,twice,,,done,cold,yes\r\n7,Ferry,Post,Ann,2019-11-03,,a2,ana,who,1,1,0,3,She,,,done,,\r\n";
        let reading = check(
            &format!("{header}\r\n{rows}"),
            &[("d/7.txt", "She said\r\nso, twice.")],
            &["7: Ferry", "quote said|twice", "who She"],
        );
        let article = &reading.articles[0];
        assert_eq!(article.metadata["outlet"], "Post");
        assert_eq!(article.status["ana"], Status::Done);
        let quote = &article.annotations[0];
        assert_eq!(quote.note, "=1\r\nsee");
        assert_eq!(quote.links[1], ("about".to_owned(), "a3".to_owned()));
        let attributes: Vec<&str> = quote.attributes.keys().map(String::as_str).collect();
        assert_eq!(attributes, ["Tone", "verified"]);
    }

    #[test]
    fn other_tables_are_left_alone() {
        for table in [
            "id,title,text\n1,a,b\n",
            "event,start,end,type\n1,2019-01-01,2019-01-02,talk\n",
            "doc_id,start,end\n1,2,3\n",
        ] {
            let source = Source::alone("a.csv", table.as_bytes());
            let head = Head::new(source, table);
            assert_eq!(recognise(&head), Likelihood::No, "{table}");
        }
    }
}
