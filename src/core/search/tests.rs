//! Queries read and written, and what they find, held against a search that is as plain as can be.

use super::*;
use crate::core::annotation::{Annotation, AttributeValue, Timestamp};
use crate::core::article::{Article, Status};
use crate::core::codebook::{AttributeKind, AttributeSpec, Codebook, Label};
use crate::core::project::{Annotator, ArticleSet, Person, Project, ProjectParts};
use crate::core::text::segment::{grapheme_ceil, grapheme_floor};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use proptest::prelude::*;
use std::sync::Arc;

fn hits(project: &Project, query: &str, options: &Options) -> Vec<String> {
    let search = Search::of(query, options, project, &"ana".into()).unwrap();
    let mut found = Vec::new();
    for article in project.articles() {
        let hits = search.hits_in(article, &mut || true).unwrap();
        found.extend(hits.iter().map(|hit| article.text.slice(*hit).to_owned()));
    }
    found
}

fn one(text: &str) -> Project {
    let article = Article::new("a-1".into(), "One", ArticleText::new(text.to_owned()));
    Project::from_parts(ProjectParts {
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    })
}

#[track_caller]
fn check(text: &str, query: &str, options: &Options, expected: &[&str]) {
    let found = hits(&one(text), query, options);
    assert_eq!(found, expected, "{query} in {text:?}");
}

#[test]
fn words_and_how_they_are_compared() {
    let fold = Options::default();
    let exact = Options {
        case: true,
        fold: false,
        ..fold
    };
    let word = Options { word: true, ..fold };
    check(
        "Lavrov said. lavrov!",
        "lavrov",
        &fold,
        &["Lavrov", "lavrov"],
    );
    check("Lavrov said. lavrov!", "lavrov", &exact, &["lavrov"]);
    let any_case = Options {
        fold: false,
        ..fold
    };
    check("Café CAFÉ cafe", "café", &any_case, &["Café", "CAFÉ"]);
    check("sources close to", "close to", &fold, &["close to"]);
    check("a naïve cafe\u{301}", "cafe", &fold, &["cafe\u{301}"]);
    check("👨🏻‍🚒 👨", "👨", &exact, &["👨🏻‍🚒", "👨"]);
    check("aaaa", "aa", &fold, &["aa", "aa"]);
    check("sand and sandy", "sand", &word, &["sand"]);
    check("don't, don", "don", &word, &["don"]);
    check("don't, don", "don't", &word, &["don't"]);
    check("well-known", "known", &word, &["known"]);
    check("naïveté naïve", "naive", &word, &["naïve"]);
    check("a_b b", "b", &word, &["b"]);
    check("aa aaa aa", "aa", &word, &["aa", "aa"]);
    // Words of Chinese are those of the dictionary.
    check("北京大学生", "大学", &fold, &["大学"]);
}

#[test]
fn regular_expressions_find_within_lines() {
    let options = Options::default();
    let word = Options {
        word: true,
        ..options
    };
    check("12 and 345", r"/\d+/", &options, &["12", "345"]);
    check("one\ntwo", r"/[^x]+/", &options, &["one", "two"]);
    check("one\ntwo\n", r"/^\w+$/", &options, &["one", "two"]);
    check("one\n\ntwo", r"/e\s+t/", &options, &[]);
    check("ab\nb", r"/a?b|\s/", &options, &["ab", "b"]);
    check("aXb", "/x/", &options, &["X"]);
    check(
        "aXb",
        "/x/",
        &Options {
            case: true,
            ..options
        },
        &[],
    );
    check("a/b", r"/a\/b/", &options, &["a/b"]);
    check(
        "Ёлка и ёж",
        r"/\p{Lu}\w+/",
        &Options {
            case: true,
            ..options
        },
        &["Ёлка"],
    );
    check("e\u{301}x", "/e/", &options, &["e\u{301}"]);
    check("sand and", "/and/", &word, &["and"]);
    // Boundaries of words, which are found without them first.
    check(
        "singing sings a naïve king",
        r"/\b\w+ing\b/",
        &options,
        &["singing", "king"],
    );
    check("ing ïng king ings", r"/\bing/", &options, &["ing", "ing"]);
    check("ring ringï ring", r"/ring\b/", &options, &["ring", "ring"]);
    check("ab abc bc", r"/\bab|bc\b/", &options, &["ab", "ab", "bc"]);
    check("aab ab", r"/a\Bb/", &options, &["ab", "ab"]);
    check(
        "foo-bar foo bar",
        r"/foo\b.bar\b/",
        &options,
        &["foo-bar", "foo bar"],
    );
    check("ab. abc", r"/ab?c?\b/", &options, &["ab", "abc"]);
    check("ab. abc", r"/(?:ab|abc)/", &word, &["ab", "abc"]);
    check("a\nb", r"/\b[^x]\b/", &options, &["a", "b"]);
    // What is empty is no hit.
    check("aab", "/a*/", &options, &["aa"]);
    check("bbb", "/a*/", &options, &[]);
    check("", "/a*/", &options, &[]);
    let plain = Options {
        reading: Reading::Pattern,
        ..options
    };
    check("a b", "a b", &plain, &["a b"]);
    check(
        "or",
        "or",
        &Options {
            reading: Reading::Plain,
            ..options
        },
        &["or"],
    );
}

#[test]
fn several_terms() {
    let options = Options::default();
    let text = "Two officials close to the talks said so. Sources familiar with it denied it.";
    let terms = "(\"close to\" or \"familiar with\") near:4 (sources or people or officials)";
    check(
        text,
        terms,
        &options,
        &["officials close to", "Sources familiar with"],
    );
    check(text, "talks and denied", &options, &["talks", "denied"]);
    check(text, "talks and nobody", &options, &[]);
    check(text, "talks not nobody", &options, &["talks"]);
    check(text, "talks not denied", &options, &[]);
    check(text, "talks or nobody", &options, &["talks"]);
    check(text, "officials near:sentence denied", &options, &[]);
    check(
        text,
        "sources near:sentence denied",
        &options,
        &["Sources familiar with it denied"],
    );
    check(
        text,
        "officials near:paragraph denied",
        &options,
        &["officials close to the talks said so. Sources familiar with it denied"],
    );
    // Conditions alone find an article, as its first line.
    check(
        "\n First line. \nSecond",
        "not nobody",
        &options,
        &["First line."],
    );
    check("First", "title:one", &options, &["First"]);
    check("First", "title:two", &options, &[]);
}

fn annotation(id: &str, label: &str, range: (u32, u32)) -> Annotation {
    Annotation::new(id.into(), "ana".into(), label.into(), range.into())
}

/// Two articles: `0         1         2         3` counts their bytes.
fn project() -> Project {
    let mut quote = Label::new("quote", "Quote", 0);
    quote.attributes = vec![
        AttributeSpec::new(
            "kind",
            AttributeKind::OneOf(vec!["direct".into(), "indirect".into()]),
        ),
        AttributeSpec::new("speaker", AttributeKind::Person),
    ];
    let mut partial = Label::new("partial", "Partial quote", 0);
    partial.parent = Some("quote".into());
    let claim = Label::new("claim", "Claim", 0);
    let text = "said one, said two, said three, said four";
    let mut direct = annotation("n-1", "quote", (0, 8));
    direct
        .attributes
        .insert("kind", AttributeValue::Text("direct".into()));
    direct
        .attributes
        .insert("speaker", AttributeValue::Person("lavrov".into()));
    direct.made = Some(Timestamp::new(1_715_385_599));
    let mut indirect = annotation("n-2", "partial", (10, 18));
    indirect.note = "Check who".to_owned();
    indirect.annotator = "ben".into();
    let mut claimed = annotation("n-3", "claim", (16, 30));
    claimed.fragments =
        crate::core::annotation::merge_fragments(vec![(16, 18).into(), (20, 30).into()]);
    let mut article = Article::new("a-1".into(), "Harbour bid", ArticleText::new(text.into()));
    article.annotations =
        crate::core::annotation::AnnotationSet::from_annotations([direct, indirect, claimed]).0;
    for (name, value) in [
        ("outlet", "Capital Review"),
        ("author", "Ana Lim, Bo Ek"),
        ("published", "2024-05-12T08:00"),
        ("desk", "Foreign"),
    ] {
        article.metadata.insert(name.to_owned(), value.to_owned());
    }
    article.status.insert("ana".into(), Status::Done);
    let other = Article::new("a-2".into(), "Other", ArticleText::new("said five".into()));
    let annotator = |id: &str, name: &str| Annotator {
        id: id.into(),
        name: name.into(),
        unknown: Vec::new(),
    };
    let mut person = Person::named("Sergey Lavrov", |_| false);
    person.id = "lavrov".into();
    person.aliases = vec!["Лавров".to_owned()];
    Project::from_parts(ProjectParts {
        codebook: Codebook::of(vec![quote, partial, claim]),
        annotators: vec![annotator("ana", "Ana"), annotator("ben", "Ben Oz")],
        people: vec![person],
        articles: vec![Arc::new(article), Arc::new(other)],
        sets: vec![Arc::new(ArticleSet {
            id: "s-1".into(),
            name: "Pilot study".into(),
            by: "ana".into(),
            when: None,
            how: String::new(),
            seed: 0,
            members: vec!["a-2".into()],
            unknown: Vec::new(),
        })],
        ..ProjectParts::default()
    })
}

#[test]
fn conditions_say_where() {
    let project = project();
    let said = |n: usize| vec!["said".to_owned(); n];
    for (query, expected) in [
        ("said", 5),
        ("said in:any", 3),
        ("said in:quote", 2),
        // Kinds of a label are meant with it, by id or name.
        ("said in:partial", 1),
        ("said in:\"Partial quote\"", 1),
        ("said in:quote,claim", 3),
        ("said in:quote[kind=direct]", 1),
        ("said in:quote[kind=indirect]", 0),
        ("said in:quote[kind!=direct]", 1),
        ("said in:quote[kind]", 1),
        ("said in:any[speaker=\"sergey lavrov\"]", 1),
        ("said outside:any", 2),
        ("said outside:quote", 3),
        ("said not in:quote", 3),
        ("said not (in:quote or in:claim)", 2),
        ("said (in:quote or outside:any)", 4),
        ("said note:who", 1),
        ("said note:any", 1),
        ("said note:nothing", 0),
        ("said in:claim note:any", 0),
        ("said in:quote note:any", 1),
        ("said speaker:lavrov", 1),
        ("said speaker:ЛАВРОВ", 1),
        ("said speaker:any", 1),
        ("said annotator:ben", 1),
        ("said annotator:\"ben oz\"", 1),
        ("said made:2024-05-10", 1),
        ("said made:2024-06..", 0),
        ("said outlet:\"capital review\"", 4),
        ("said outlet:Capital", 0),
        ("said outlet:cap*", 4),
        ("said outlet:*view", 4),
        ("said outlet:any", 4),
        ("said not outlet:any", 1),
        ("said author:\"bo ek\"", 4),
        ("said date:2024-05", 4),
        ("said date:2024-01..2024-04", 0),
        ("said date:2024-05-13..", 0),
        ("said title:bid,nothing", 4),
        ("said status:done", 4),
        ("said status:new", 1),
        ("said set:\"pilot study\"", 1),
        ("said desk:foreign", 4),
        ("said \"desk\":foreign", 4),
        ("said in:quote and said in:claim", 0),
        ("(said in:quote) or (said in:claim)", 3),
        ("said near:4 said in:quote", 0),
    ] {
        assert_eq!(
            hits(&project, query, &Options::default()),
            said(expected),
            "{query}"
        );
    }
}

#[test]
fn annotations_themselves_are_found() {
    let project = project();
    for (query, expected) in [
        (
            "is:annotation",
            &["said one", "said two", "wo, said three"][..],
        ),
        ("label:quote", &["said one", "said two"]),
        ("label:quote two", &["said two"]),
        ("label:quote not two", &[]),
        ("label:quote[kind=direct]", &["said one"]),
        ("label:quote note:any", &["said two"]),
        ("label:quote not note:any", &["said one"]),
        ("is:annotation annotator:ben", &["said two"]),
        ("is:annotation made:2024", &["said one"]),
        ("is:annotation speaker:lavrov", &["said one"]),
        (
            "label:quote or label:claim",
            &["said one", "said two", "wo, said three"],
        ),
        ("(label:quote or label:claim) three", &["wo, said three"]),
        ("label:claim outside:quote", &[]),
        ("label:quote outside:claim", &["said one"]),
        ("label:quote outside:quote", &["said one", "said two"]),
        ("label:quote in:any", &[]),
        ("label:quote outlet:any", &["said one", "said two"]),
        ("label:quote set:\"Pilot study\"", &[]),
    ] {
        assert_eq!(
            hits(&project, query, &Options::default()),
            expected,
            "{query}"
        );
    }
}

#[test]
fn mistakes_are_told_at_their_place() {
    let project = project();
    for (query, place, told, mended) in [
        ("", "", "type what to look for", None),
        ("  ", "  ", "type what to look for", None),
        (
            "\"close to",
            "\"close to",
            "not closed",
            Some("\"close to\""),
        ),
        (
            "said \"\"",
            "\"\"",
            "nothing between these quotation marks",
            None,
        ),
        ("/a(b/", "(", "unclosed group", None),
        ("/é[a/", "[", "unclosed character class", None),
        ("x /[b-a]/", "b-a", "invalid character class range", None),
        ("/ab", "/ab", "not closed with /", Some("/ab/")),
        ("//", "//", "nothing between these slashes", None),
        (
            "/(a{1000}){1000}/",
            "/(a{1000}){1000}/",
            "too much memory",
            None,
        ),
        ("(a or b", "(", "not closed", Some("(a or b)")),
        ("a or b)", ")", "closes none", Some("a or b")),
        ("()", "()", "nothing between these brackets", None),
        ("a or", "or", "stands between", Some("a \"or\"")),
        ("and a", "and", "stands between", Some("\"and\" a")),
        ("a near:4", "near:4", "stands between", Some("a \"near:4\"")),
        (
            "a near:x b",
            "near:x",
            "number of words",
            Some("a near:4 b"),
        ),
        ("not", "not", "what must not be there", Some("\"not\"")),
        (
            "said or in:quote",
            "in:quote",
            "or stands between words, or between conditions",
            None,
        ),
        ("said near:2 in:quote", "in:quote", "not conditions", None),
        ("said in:", "in:", "wants a value", None),
        (
            "said in:quot",
            "in:quot",
            "did you mean “quote”?",
            Some("said in:quote"),
        ),
        (
            "said in:quote[knd=direct]",
            "in:quote[knd=direct]",
            "did you mean “kind”?",
            Some("said in:quote[kind=direct]"),
        ),
        (
            "said in:quote[kind",
            "[kind",
            "not closed with ]",
            Some("said in:quote[kind]"),
        ),
        (
            "said annotator:bem",
            "annotator:bem",
            "did you mean “ben”?",
            Some("said annotator:ben"),
        ),
        (
            "said set:pilot",
            "set:pilot",
            "there is no set “pilot”",
            None,
        ),
        (
            "said status:don",
            "status:don",
            "did you mean “done”?",
            Some("said status:done"),
        ),
        (
            "said date:May",
            "date:May",
            "wants a year, month or day",
            None,
        ),
        (
            "said date:2024-13",
            "date:2024-13",
            "wants a year, month or day",
            None,
        ),
        (
            "said date:2024..2023",
            "date:2024..2023",
            "wants a year, month or day",
            None,
        ),
        (
            "he said:no",
            "said:no",
            "no article says anything under “said”",
            Some("he \"said:no\""),
        ),
        (
            "is:article",
            "is:article",
            "is:annotation",
            Some("is:annotation"),
        ),
    ] {
        let error = Search::of(query, &Options::default(), &project, &"ana".into());
        let error = error.map(|_| ()).unwrap_err();
        assert_eq!(
            query.get(error.at.clone()),
            Some(place),
            "{query}: {error:?}"
        );
        assert!(error.message.contains(told), "{query}: {error:?}");
        assert_eq!(error.mended_query(query).as_deref(), mended, "{query}");
    }
}

#[test]
fn what_would_explode_is_refused_or_bounded() {
    let project = one("x");
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    let nots = "not ".repeat(4_000) + "a";
    let long = "a".repeat(MAX_QUERY + 1);
    let many = vec!["a"; 2_000].join(" or ");
    let near = vec!["a"; 2_000].join(" near:1 ");
    for query in [
        deep,
        nots,
        long,
        many,
        near,
        "/(?:a{0,900}){0,900}/".to_owned(),
    ] {
        let found = Search::of(&query, &Options::default(), &project, &"ana".into());
        assert!(found.is_err(), "{}", query.get(..40).unwrap());
    }
    // A whole paragraph as a phrase is no trouble.
    let phrase = format!("\"{}\"", "straße efficient coffee ".repeat(100));
    assert!(Search::of(&phrase, &Options::default(), &project, &"ana".into()).is_ok());
}

#[test]
fn many_words_in_a_row_are_found_as_one_phrase() {
    // So many that they are looked for in pieces.
    let words: Vec<String> = (0..120).map(|n| format!("straße{n} café")).collect();
    let said = words.join("  \n").replace('é', "e\u{301}");
    let other = words.join(" ").replace("straße119", "strasse118");
    let text = format!("Café. {other}. {said}\u{301}s, {} {said}", words[0]);
    for (query, options, expected) in [
        (words.join(" "), Options::default(), 2),
        (words.join(" \t "), Options::default(), 2),
        (words.join(" ").to_uppercase(), Options::default(), 2),
        (
            words.join(" "),
            Options {
                word: true,
                ..Options::default()
            },
            1,
        ),
        (
            words.join(" "),
            Options {
                fold: false,
                ..Options::default()
            },
            0,
        ),
        (
            other.clone(),
            Options {
                fold: false,
                reading: Reading::Plain,
                ..Options::default()
            },
            1,
        ),
    ] {
        let project = one(&text);
        let search = Search::of(&query, &options, &project, &"ana".into()).unwrap();
        let hits = search
            .hits_in(&project.articles()[0], &mut || true)
            .unwrap();
        assert_eq!(hits.len(), expected, "{options:?}");
        let last = if query == other {
            "strasse118 caf"
        } else {
            "straße119 caf"
        };
        for hit in hits {
            let found = project.articles()[0].text.slice(hit);
            assert!(
                found.starts_with("straße0 ") && found.contains(last),
                "{found}"
            );
        }
    }
    // They are made ready piece by piece, which can be stopped.
    let (options, project) = (Options::default(), one("x"));
    let mut asked = 0;
    let query = words.join(" ");
    let stopped = Search::of_while(&query, &options, &project, &"ana".into(), &mut || {
        asked += 1;
        asked < 4
    });
    assert!(stopped.is_none() && asked == 4);
}

#[test]
fn a_search_stops_when_it_is_asked() {
    let project = one(&"a ".repeat(3 << 20));
    let search = Search::of("a", &Options::default(), &project, &"ana".into()).unwrap();
    let mut asked = 0;
    let stopped = search.hits_in(&project.articles()[0], &mut || {
        asked += 1;
        asked < 3
    });
    assert_eq!((stopped, asked), (None, 3));
    // One hit a character is bounded.
    let all = search
        .hits_in(&project.articles()[0], &mut || true)
        .unwrap();
    assert_eq!(all.len(), 1_000_000);
}

#[test]
fn one_hit_a_character_of_a_long_line_takes_as_long_as_the_line() {
    let project = one(&"ab".repeat(4 << 20));
    let started = std::time::Instant::now();
    for pattern in ["/a/", r"/a(?:\b|b)|\bx/"] {
        let search = Search::of(pattern, &Options::default(), &project, &"ana".into()).unwrap();
        let mut goes_on = || started.elapsed().as_secs() < 30;
        let found = search.hits_in(&project.articles()[0], &mut goes_on);
        assert_eq!(found.map(|found| found.len()), Some(1_000_000), "{pattern}");
    }
}

#[test]
fn pieces_have_their_colours() {
    use TokenKind as K;
    let options = Options::default();
    let kinds = |query: &str| -> Vec<(K, String)> {
        let all = tokens(query, &options).into_iter();
        all.map(|token| (token.kind, query.get(token.at).unwrap().to_owned()))
            .collect()
    };
    let told = |all: &[(K, &str)]| -> Vec<(K, String)> {
        all.iter()
            .map(|(kind, text)| (*kind, (*text).to_owned()))
            .collect()
    };
    assert_eq!(
        kinds("(\"close to\" or x) near:4 /a b/"),
        told(&[
            (K::Bracket, "("),
            (K::Phrase, "\"close to\""),
            (K::Operator, "or"),
            (K::Word, "x"),
            (K::Bracket, ")"),
            (K::Near, "near:4"),
            (K::Pattern, "/a b/")
        ])
    );
    assert_eq!(
        kinds("in:quote[kind=direct] outlet:\"The Post\",x"),
        told(&[
            (K::Field, "in:"),
            (K::Value, "quote"),
            (K::Bracket, "["),
            (K::Value, "kind"),
            (K::Value, "direct"),
            (K::Bracket, "]"),
            (K::Field, "outlet:"),
            (K::Value, "\"The Post\""),
            (K::Value, "x")
        ])
    );
    assert_eq!(kinds("a \"b"), told(&[(K::Word, "a"), (K::Phrase, "\"b")]));
    assert_eq!(
        kinds("http://x 10:30 said:"),
        told(&[
            (K::Word, "http://x"),
            (K::Word, "10:30"),
            (K::Word, "said:")
        ])
    );
}

#[test]
fn what_could_stand_there_is_offered() {
    let project = project();
    let fields = ["desk".to_owned(), "outlet".to_owned()];
    let values = |field: &str| match field {
        "outlet" => vec!["Capital Review".to_owned(), "Strait Radio".to_owned()],
        "published" => vec![
            "2024-05-12".to_owned(),
            "2024-05-13".to_owned(),
            "2024-04".to_owned(),
        ],
        "desk" => vec!["Foreign".to_owned()],
        _ => Vec::new(),
    };
    let known = Known {
        project: &project,
        fields: &fields,
        values: &values,
    };
    for (typed, at, expected) in [
        ("ou|", 0..2, &["outside:", "outlet:"][..]),
        ("said de|", 5..7, &["desk:"]),
        ("said o|", 5..6, &["outside:", "outlet:", "or"]),
        ("(de|", 1..3, &["desk:"]),
        ("in:|", 3..3, &["any", "quote", "partial", "claim"]),
        ("said in:qu|o", 8..11, &["quote", "partial"]),
        ("in:quote[|", 9..9, &["kind", "speaker"]),
        ("in:quote[k|", 9..10, &["kind", "speaker"]),
        ("in:quote[kind=|", 14..14, &["direct", "indirect"]),
        ("in:quote[kind=in|", 14..16, &["indirect"]),
        ("in:quote[speaker=|", 17..17, &["\"Sergey Lavrov\""]),
        ("outlet:re|", 7..9, &["\"Capital Review\""]),
        ("outlet:\"Cap|", 7..11, &["\"Capital Review\""]),
        (
            "outlet:x,|",
            9..9,
            &["\"Capital Review\"", "\"Strait Radio\""],
        ),
        ("date:|", 5..5, &["2024-05", "2024-04"]),
        ("status:fl|", 7..9, &["flagged"]),
        ("set:|", 4..4, &["\"Pilot study\""]),
        ("annotator:b|", 10..11, &["ben"]),
        ("desk:|", 5..5, &["Foreign"]),
        (
            "a near:|",
            2..7,
            &[
                "near:1",
                "near:4",
                "near:10",
                "near:sentence",
                "near:paragraph",
            ],
        ),
        ("in:quote |", 0..0, &[]),
        ("", 0..0, &[]),
        ("/a|", 0..0, &[]),
    ] {
        let caret = typed.find('|').unwrap_or(0);
        let query = typed.replace('|', "");
        let found = complete(&query, caret, &Options::default(), &known);
        let offers: Vec<&str> = found
            .offers
            .iter()
            .map(|offer| offer.text.as_str())
            .collect();
        assert_eq!(offers, expected, "{typed}");
        if !expected.is_empty() {
            assert_eq!(found.at, at, "{typed}");
        }
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zé0-9-]{1,6}", "[ -~“”„é]{1,8}", Just("any".to_owned())]
}

fn condition() -> impl Strategy<Value = Condition> {
    let values = || prop::collection::vec(value(), 0..3);
    let marked = || {
        let test = prop_oneof![
            Just(ValueTest::Any),
            value().prop_map(ValueTest::Is),
            value().prop_map(ValueTest::IsNot)
        ];
        let test = (value(), test).prop_map(|(name, test)| AttributeTest { name, test });
        let tests = prop::collection::vec(test, 0..3);
        (values(), tests).prop_map(|(labels, attributes)| Marked { labels, attributes })
    };
    let dates = || {
        let day = prop_oneof![Just("2023"), Just("2024-05"), Just("2024-06-30")];
        prop::collection::vec(day, 2).prop_flat_map(|mut both| {
            both.sort_unstable();
            let (from, to) = (both[0].to_owned(), both[1].to_owned());
            prop_oneof![
                Just(Dates {
                    from: Some(from.clone()),
                    to: Some(to.clone())
                }),
                Just(Dates {
                    from: Some(from),
                    to: None
                }),
                Just(Dates {
                    from: None,
                    to: Some(to)
                }),
            ]
        })
    };
    prop_oneof![
        marked().prop_map(Condition::In),
        marked().prop_map(Condition::Outside),
        marked().prop_map(Condition::Label),
        values().prop_map(Condition::Annotator),
        values().prop_map(Condition::Note),
        values().prop_map(Condition::Speaker),
        dates().prop_map(Condition::Made),
        values().prop_map(Condition::Title),
        dates().prop_map(Condition::Date),
        values().prop_map(Condition::Status),
        values().prop_map(Condition::Set),
        (
            prop_oneof![value(), Just("outlet".to_owned()), Just("note".to_owned())],
            values()
        )
            .prop_map(|(name, values)| Condition::Field(name, values)),
    ]
}

/// Queries as a form could build them: words or conditions on both sides of `or`.
fn query(finds: bool) -> BoxedStrategy<Query> {
    let words = prop_oneof!["[a-z’é]{1,7}", "[ -~“”„é]{1,12}", Just("and".to_owned())];
    let words = words.prop_filter("says something", |words| !words.trim().is_empty());
    let pattern = "[a-z.*+/\\[\\]]{1,8}(\\\\[dws.])?";
    let leaf = if finds {
        prop_oneof![
            words.prop_map(|words| Query::Words(words, At::default())),
            pattern.prop_map(|pattern| Query::Pattern(pattern, At::default())),
        ]
        .boxed()
    } else {
        let conditions = condition().prop_filter("no hits", |c| !matches!(c, Condition::Label(_)));
        conditions
            .prop_map(|condition| Query::Where(condition, At::default()))
            .boxed()
    };
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        let within = prop_oneof![
            (0u32..30).prop_map(Within::Words),
            Just(Within::Sentence),
            Just(Within::Paragraph)
        ];
        let both = (several(), condition()).prop_map(|(mut all, condition)| {
            all.push(Query::Where(condition, At::default()));
            Query::And(all)
        });
        if finds {
            prop_oneof![
                both,
                several().prop_map(Query::And),
                several().prop_map(Query::Or),
                (inner.clone(), within, inner).prop_map(|(a, within, b)| Query::Near(
                    Box::new(a),
                    within,
                    Box::new(b)
                )),
            ]
            .boxed()
        } else {
            prop_oneof![
                several().prop_map(Query::And),
                several().prop_map(Query::Or),
                inner.prop_map(|inner| Query::Not(Box::new(inner))),
            ]
            .boxed()
        }
    })
    .boxed()
}

/// Finds words as plainly as can be: by the plain form of each character, one after the other.
fn naive(text: &ArticleText, words: &str, options: &Options) -> Vec<ByteRange> {
    let form = |c: char| -> String {
        let mut c = c.to_string();
        if options.fold {
            c = c
                .chars()
                .map(|c| match c {
                    '\u{301}' => String::new(),
                    'á' => "a".into(),
                    'Á' => "A".into(),
                    'ß' => "ss".into(),
                    'ﬁ' => "fi".into(),
                    'æ' => "ae".into(),
                    '’' => "'".into(),
                    '–' => "-".into(),
                    'ｆ' => "f".into(),
                    '\u{A0}' => " ".into(),
                    c => c.into(),
                })
                .collect();
        }
        if options.case { c } else { c.to_lowercase() }
    };
    let wanted: String = words.chars().map(form).collect();
    let all: Vec<(usize, char)> = text.as_str().char_indices().collect();
    let mut found: Vec<ByteRange> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let mut said = String::new();
        let mut next = at;
        while next < all.len() && said.len() < wanted.len() {
            said.push_str(&form(all[next].1));
            next += 1;
        }
        let begins_with_letter = !form(all[at].1).is_empty();
        if said != wanted || !begins_with_letter {
            at += 1;
            continue;
        }
        let end = all.get(next).map_or(text.len_bytes(), |(byte, _)| *byte);
        let start = grapheme_floor(text, BytePos(all[at].0 as u32));
        let wide = ByteRange::new(start, grapheme_ceil(text, BytePos(end as u32)));
        match found.last_mut() {
            Some(before) if wide.start < before.end => before.end = before.end.max(wide.end),
            _ => found.push(wide),
        }
        at = next;
    }
    found
}

/// Behind a colon two slashes make an address of the word.
#[test]
fn a_value_like_an_address_stays_quoted() {
    for text in ["set:\"//\"", "outlet:\"//post.example\"", "set:a,\"//\""] {
        let query = parse(text, &Options::default()).unwrap();
        assert_eq!(query.to_string(), text);
    }
}

/// A name with nothing behind its colon but the end of a group asks for no value.
#[test]
fn a_colon_before_the_end_of_a_group_belongs_to_its_word() {
    for text in ["é near:0 (a or é:)", "(a or b:) and c", "(b: or a) and c"] {
        let query = parse(text, &Options::default()).unwrap();
        assert_eq!(query.to_string(), text);
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(query in prop_oneof![query(true), query(false)]) {
        let text = query.to_string();
        prop_assert_eq!(parse(&text, &Options::default()), Ok(query), "{}", text);
    }

    #[test]
    fn reading_never_panics(text in "(\\PC|[()\"/:,= a-z“”\\[\\]!-]|near:|and |in:){0,30}", caret in 0usize..40) {
        let options = Options::default();
        let pieces = tokens(&text, &options);
        let mut end = 0;
        for piece in &pieces {
            prop_assert!(piece.at.start >= end && text.get(piece.at.clone()).is_some());
            end = piece.at.end;
        }
        match parse(&text, &options) {
            Ok(query) => {
                let again = query.to_string();
                prop_assert_eq!(parse(&again, &options), Ok(query), "{}", again);
            }
            Err(error) => prop_assert!(text.get(error.at.clone()).is_some(), "{:?}", error),
        }
        let project = Project::default();
        let known = Known { project: &project, fields: &[], values: &|_| Vec::new() };
        let offers = complete(&text, caret, &options, &known);
        if !offers.offers.is_empty() {
            prop_assert!(text.get(offers.at).is_some());
        }
    }

    #[test]
    fn words_are_found_as_a_naive_search_finds_them(
        text in "[aAáÁbsßﬁfｆiæe’'\u{301} –\u{A0}]{0,40}",
        words in "[aábsßfiæe’]{1,3}( [ab’]{1,2})?",
        (case, fold) in (any::<bool>(), any::<bool>()),
    ) {
        // Runs of spaces are one only where words are folded.
        let text: String = text.chars().fold(String::new(), |mut text, c| {
            let is_space = |c: char| c.is_whitespace();
            if !(is_space(c) && text.ends_with(is_space)) { text.push(c); }
            text
        });
        let options = Options { case, fold, reading: Reading::Plain, ..Options::default() };
        let project = one(&text);
        let article = &project.articles()[0];
        let search = Search::of(&words, &options, &project, &"ana".into()).unwrap();
        let found = search.hits_in(article, &mut || true).unwrap();
        prop_assert_eq!(found, naive(&article.text, &words, &options));
    }
}
