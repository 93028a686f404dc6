//! Small files of every kind.

use super::*;
use crate::format::reading::placing::place;

/// Id, text, and label and covered text of each annotation.
type Article<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Reads a file, and compares texts and what each annotation covers.
#[track_caller]
fn check(name: &str, file: &str, expected: &[Article<'_>]) -> Reading {
    let source = Source::alone(name, file.as_bytes());
    let (reader, _) = crate::format::readers::recognise(source).unwrap();
    assert_eq!(reader.name, "conll", "{file}");
    let reading = read(&source, &ReadOptions::default()).unwrap();
    assert_eq!(reading.articles.len(), expected.len());
    for (article, (id, text, spans)) in reading.articles.iter().zip(expected) {
        assert_eq!((article.id.as_str(), article.text.as_str()), (*id, *text));
        let placed = place(article);
        let covered = placed.annotations.iter().zip(&article.annotations);
        let covered: Vec<(&str, String)> = covered
            .map(|(ranges, found)| {
                let ranges = ranges.as_ref().unwrap().iter();
                let texts: Vec<&str> = ranges.map(|range| placed.text.slice(*range)).collect();
                (found.label.as_str(), texts.join(" | "))
            })
            .collect();
        let covered: Vec<(&str, &str)> = covered.iter().map(|(l, t)| (*l, t.as_str())).collect();
        assert_eq!(covered, *spans);
    }
    reading
}

#[test]
fn columns_with_and_without_document_marks() {
    check(
        "a.conll",
        "-DOCSTART- -X- O O\r\n\r\n🙂 NN B-NP B-claim\r\nWe NN I-NP I-claim\r\n. . O O\r\n\r\nYes UH O B-quote\r\n\r\n-DOCSTART- -X- O O\r\n\r\nNo UH O O\r\n! . O O\r\n",
        &[
            (
                "a-1",
                "🙂 We.\nYes\n",
                &[("claim", "🙂 We"), ("quote", "Yes")],
            ),
            ("a-2", "No!\n", &[]),
        ],
    );
    // Without marks, with comments, with a token that looks like one, right to left.
    check(
        "a.txt",
        "# corpus = small\nקראתי\tO\nאת\tO\nהארץ\tU-outlet\n#\tO\nNew\tB-x\nYork\tL-x\n",
        &[(
            "a",
            "קראתי את הארץ # New York\n",
            &[("outlet", "הארץ"), ("x", "New York")],
        )],
    );
    check(
        "a.txt",
        "中\tB-GPE\n国\tE-GPE\n人\tO\n",
        &[("a", "中国人\n", &[("GPE", "中国")])],
    );
}

#[test]
fn tags_first_several_layers_and_offsets() {
    check(
        "a.txt",
        "O\twatch\nB-film\tStar\nI-film\tWars\n\nB-who\tLucas\nO\t's\n",
        &[(
            "a",
            "watch Star Wars\nLucas's\n",
            &[("film", "Star Wars"), ("who", "Lucas")],
        )],
    );
    let layers = check(
        "a.tsv",
        "nr\ttoken\tner\tinner\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tSpain\tI-ORG\tB-LOC\n",
        &[(
            "a",
            "Bank of Spain\n",
            &[("ORG", "Bank of Spain"), ("LOC", "Spain")],
        )],
    );
    let inner = &layers.articles[0].annotations[1];
    assert_eq!(
        inner.attributes["layer"],
        AttributeValue::Text("inner".to_owned())
    );
    check(
        "a.tsv",
        "🙂\t5\t6\tO\n(\t6\t7\tB-x\nYork\t7\t11\tI-x\nso\t14\t16\tO\n",
        &[("a", "🙂(York   so\n", &[("x", "(York")])],
    );
    check(
        "a.iob",
        "Keep O\nout B\nnow I\nplease O\n",
        &[("a", "Keep out now please\n", &[("span", "out now")])],
    );
}

#[test]
fn conll_u_and_2012() {
    let reading = check(
        "a.conllu",
        "# newdoc id = d1\n# meta::title = Ferry\n# newpar\n# sent_id = 1\n# text = Va  au «port» !\n1\tVa\t_\tV\t_\t_\t0\t_\t_\tner=O\n2-3\tau\t_\t_\t_\t_\t_\t_\t_\t_\n2\tà\t_\tP\t_\t_\t0\t_\t_\tner=B-loc\n3\tle\t_\tD\t_\t_\t0\t_\t_\tner=I-loc\n4\t«\t_\t_\t_\t_\t0\t_\t_\tSpaceAfter=No|ner=I-loc\n5\tport\t_\t_\t_\t_\t0\t_\t_\tner=I-loc|Spans=a:1\n6\t»\t_\t_\t_\t_\t0\t_\t_\tner=O\n6.1\tgone\t_\t_\t_\t_\t_\t_\t_\t_\n7\t!\t_\t_\t_\t_\t0\t_\t_\tSpans=b:2,a:1\n\n# text = Bon.\n1\tBon\t_\t_\t_\t_\t0\t_\t_\tSpaceAfter=No\n2\t.\t_\t_\t_\t_\t0\t_\t_\t_\n\n# newpar\n1\tOui\t_\t_\t_\t_\t0\t_\t_\t_\n\n# newdoc\n1\tNon\t_\t_\t_\t_\t0\t_\t_\t_\n",
        &[
            (
                "d1",
                "Va  au «port» ! Bon.\n\nOui\n",
                &[("loc", "au «port"), ("a", "port | !"), ("b", "!")],
            ),
            ("a-2", "Non\n", &[]),
        ],
    );
    assert_eq!(reading.articles[0].title, "Ferry");
    check(
        "a.conll",
        "#begin document (bc/x_01); part 000\nbc/x 0 0 He PRP (S* - - - Ann * (ARG0*) -\nbc/x 0 1 left VB * leave 1 1 Ann * (V*) -\nbc/x 0 2 New NN * - - - Ann (GPE* * (1\nbc/x 0 3 York NN *) - - - Ann *) * 1)\n\n#end document\n",
        &[("bc/x_01 000", "He left New York\n", &[("GPE", "New York")])],
    );
}

#[test]
fn prose_is_no_columns() {
    for text in [
        "Yes sir.\nNo way.\nAll right.\n",
        "O dear\nI say\n",
        "",
        "\n\n",
        "O\nO\n",
    ] {
        let source = Source::alone("a.txt", text.as_bytes());
        let head = Head::new(source, text);
        assert_eq!(recognise(&head), Likelihood::No, "{text}");
    }
}
