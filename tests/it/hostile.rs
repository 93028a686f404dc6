//! The stored cases of the fuzz targets, run on every `cargo test`: what once broke a promise, and
//! examples of each way in. The folder under `tests/data/hostile` names the target.

use pressmark::hostile;
use std::path::PathBuf;

fn run(target: &str, check: fn(&[u8])) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/hostile")
        .join(target);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 3, "{} holds too few cases", folder.display());
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        check(&bytes);
        // And cut off, and with a byte changed, here and there.
        for part in 1..8 {
            let at = bytes.len() * part / 8;
            check(&bytes[..at]);
            let mut changed = bytes.clone();
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 0x11;
                check(&changed);
            }
        }
    }
}

#[test]
fn hostile_projects() {
    run("project", hostile::project);
    // Nested deeper than any stack.
    for open in ["(", "[", "{", "Some(", "(version:(1,0),articles:[("] {
        let mut deep = b"(version: (1, 0), x: ".to_vec();
        deep.extend(open.repeat(200_000).bytes());
        hostile::project(&deep);
    }
}

#[test]
fn hostile_codebooks() {
    run("codebook", hostile::codebook);
    for open in ["(", "[", "<Code>", "<View>", "<Choice>", "<Label>"] {
        for start in [
            "(format: \"pressmark codebook\", version: (1, 0), codebook: (labels: [",
            "<View><Choices perRegion='true'>",
            "<CodeBook xmlns='urn:QDA-XML:codebook:1.0'>",
        ] {
            hostile::codebook(format!("{start}{}", open.repeat(20_000)).as_bytes());
        }
    }
}

#[test]
fn hostile_journals() {
    run("journal", hostile::journal);
    for open in ["{\"step\":", "[", "{\"base\":{\"title\":["] {
        hostile::journal(open.repeat(100_000).as_bytes());
    }
}

#[test]
fn hostile_article_files() {
    run("decoding", hostile::decoding);
}

/// Small files of every kind, each given to every reader, cut and changed.
#[test]
fn hostile_files_of_every_kind() {
    let files: &[&str] = &[
        "<!DOCTYPE html><html><head><title>T</title><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"datePublished\":\"2020\"}</script></head><body><article><h1>T 🙂</h1><p>The ferry did not leave.</p></article></body></html>",
        "{\\rtf1\\ansi\\u9786?{\\b bold}\\par\\'e9}",
        "From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nhello 🙂\r\n--x--\r\n",
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 90\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>hi\r\n0\r\n\r\n",
        "title,text\n\"a 🙂\",\"b\nc\"\n",
        "article,annotation,label,fragment,start,end,text\na,n1,quote,1,0,2,🙂x\n",
        "{\"text\":\"🙂 a b\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"x\"},{\"start\":9,\"end\":1}]}\n{\"text\":\"y\",\"label\":[[0,1,\"z\"]]}",
        "[{\"data\":{\"text\":\"🙂 a\"},\"annotations\":[{\"result\":[{\"id\":\"1\",\"type\":\"labels\",\"from_name\":\"l\",\"to_name\":\"t\",\"value\":{\"start\":0,\"end\":1,\"labels\":[\"q\"]}}]}]}]",
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Mark|label\n\n\n#Text=🙂 She\n1-1\t0-2\t🙂\tq[1]|r\t\n1-2\t3-6\tShe\tq[1]\t\n",
        "-DOCSTART- -X- O O\n\n🙂 -X- _ B-q\nb -X- _ I-q\nc -X- _ U-r\n",
        "{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"items\":[{\"target\":{\"source\":{\"id\":\"x\",\"value\":\"🙂 a\"},\"selector\":[{\"type\":\"TextPositionSelector\",\"start\":0,\"end\":1}]}}]}",
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><p>🙂 <said>no</said> <anchor xml:id=\"a\"/>x<anchor xml:id=\"b\"/></p></text><standOff><spanGrp><span from=\"#a\" to=\"#b\" ana=\"#q\"/></spanGrp></standOff></TEI>",
        "<GateDocument><TextWithNodes><Node id=\"0\"/>🙂<Node id=\"2\"/> b<Node id=\"4\"/></TextWithNodes><AnnotationSet><Annotation Id=\"1\" Type=\"q\" StartNode=\"0\" EndNode=\"2\"/></AnnotationSet></GateDocument>",
        "<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\" xmlns:c=\"http:///x.ecore\"><cas:Sofa xmi:id=\"1\" sofaString=\"🙂 a\"/><c:Mark xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"2\" label=\"q\"/></xmi:XMI>",
        "HD Ferry stays\nWC 9 words\nPD 3 November 2019\nSN Post\nLP\nThe ferry.\nTD\nIt stayed.\nAN Document P1\n",
        "Ferry\n\nPost\n\nNovember 3, 2019\n\nLength: 9 words\n\nBody\n\nThe ferry.\n\nEnd of Document\n",
        "      1 of 2 DOCUMENTS\n\n      Post 🙂\n\n      November 3, 2019\n      First; Edition\n\nFerry\n\nLENGTH: 9 words\n\nThe ferry.\n\nCORRECTION:\n\nNo.\n\nLOAD-DATE: May 4, 2012\n\n      2 of 2 DOCUMENTS\n\nKOP: é\n",
        "<style>.c0{text-align:center}</style><div class=\"article\"><span class=\"enHeadline\">Ferry 🙂</span><div>9 words</div><div>3 May 2012</div><div>Post</div><p class=\"articleParagraph\">It.</p><p>Document POST000020120503e854000a1</p></div>",
        "<article><header><span class=\"DocPublicationName\">Post</span><span class=\"DocHeader\">A, 3 mai 2012, p. 1</span><p class=\"titreArticleVisu\">Ferry 🙂</p></header><div class=\"DocText\"><p>It.</p></div></article>",
        "WEBVTT - é\n\n00:01.000 --> 00:02.000\n<v Ana>We <00:01.500><c>wait</c> 🙂\n\n1\n00:00:03,000 --> 00:00:04,000\nBO: {\\an8}No &amp; yes.\n",
        "---\ntitle: \"Ferry 🙂\"\nauthor:\n  - [[a|b]]\ntags: [a, 'b, c']\ntext: |\n  é\n---\nThe ferry.\n",
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Location: a\nContent-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\n\n<p>=C4=A5=3D</p>\n--x--\n",
        "Record: 1\nTitle: Ferry\nAccession Number: 1\nDatabase: N\n\nThe ferry.\n",
        "Title: Ferry\nFull text: The ferry.\nProQuest document ID: 1\n",
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF",
        "PK\u{3}\u{4}",
    ];
    let readers = pressmark::format::readers::readers().count();
    for file in files {
        for reader in 0..readers {
            let mut bytes = vec![reader as u8];
            bytes.extend_from_slice(file.as_bytes());
            hostile::reading(&bytes);
            for part in 1..6 {
                let at = 1 + file.len() * part / 6;
                hostile::reading(&bytes[..at]);
                let mut changed = bytes.clone();
                changed[at] ^= 0x11;
                hostile::reading(&changed);
            }
        }
    }
}

#[test]
fn hostile_clipboards() {
    run("clipboard", hostile::clipboard);
}
