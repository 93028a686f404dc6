//! Whole pages: which text they give.

use super::*;

fn article(html: &str) -> FoundArticle {
    article_of(html, None, &ReadOptions::default()).unwrap()
}

fn check(html: &str, expected: &str) {
    assert_eq!(article(html).text, expected, "{html}");
}

/// A paragraph that is long enough to be an article's.
fn said(number: usize) -> String {
    format!(
        "{number}: The keeper of the lighthouse wrote that night {number} that the lamp had gone out twice, and that nobody in the village had noticed it."
    )
}

fn paragraphs(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|n| format!("<p>{}</p>", said(n))).collect()
}

fn text(numbers: std::ops::Range<usize>) -> String {
    numbers.map(said).collect::<Vec<_>>().join("\n\n")
}

fn page(article: &str) -> String {
    format!(
        "<html lang=en><title>Lamp out</title><body><article><h1>Lamp out</h1>{article}{}</article>",
        paragraphs(0..2)
    )
}

fn first_of(paragraph: &str, expected: &str) {
    let found = article(&page(paragraph));
    let (first, rest) = found.text.split_once("\n\n").unwrap();
    assert_eq!(first, expected, "{paragraph}");
    assert_eq!(rest, text(0..2), "{paragraph}");
}

#[test]
fn what_nobody_sees_breaks_no_paragraph() {
    first_of(
        "<p>Some of the <a href=x>oil bought<!-- --></a> last year was lost<!-- --> on the way to the island.<!-- --></p>",
        "Some of the oil bought last year was lost on the way to the island.",
    );
    first_of(
        "<p>  <!-- S -->The keeper said it had taken <!-- E -->   <cite>  <!-- S -->“most of”<!-- E --></cite>   <!-- S --> a night, and the harbour <!-- E -->  <a href=x>did not answer</a>   <!-- S -->. So it stayed.<!-- E --></p>",
        "The keeper said it had taken “most of” a night, and the harbour did not answer. So it stayed.",
    );
    first_of(
        "<p>The <ruby><rb>keeper</rb><rp>(</rp><rt>of the lamp</rt><rp>)</rp></ruby> of the house on the rock said that it had been dark for two hours.</p>",
        "The keeper of the house on the rock said that it had been dark for two hours.",
    );
    first_of(
        "<p>The keeper said that <x-term>the lamp</x-term> had been dark for two hours, and <?note x?>the clock had stopped.</p>",
        "The keeper said that the lamp had been dark for two hours, and the clock had stopped.",
    );
    first_of(
        "<div class=t>The keeper of the house on the rock <div style='display: inline'>said</div> that it had been dark for two hours.</div>",
        "The keeper of the house on the rock said that it had been dark for two hours.",
    );
}

#[test]
fn quotations_have_the_marks_that_a_browser_shows() {
    let check = |language: &str, quotation: &str, expected: &str| {
        let html = format!(
            "<html lang={language}><title>Lamp out</title><body><article><h1>Lamp out</h1><p>The keeper of the house on the rock said {quotation} and then wound up the clock.</p>{}</article>",
            paragraphs(0..2)
        );
        let expected = format!(
            "The keeper of the house on the rock said {expected} and then wound up the clock."
        );
        assert_eq!(
            article(&html).text.lines().next(),
            Some(expected.as_str()),
            "{html}"
        );
    };
    check("en", "<q>we wait</q>", "“we wait”");
    check("de-AT", "<q>wir <q>warten</q></q>", "„wir ‚warten‘“");
    check("fr", "<q>nous attendons</q>", "«nous attendons»");
    check("ja", "<q>待つ</q>", "「待つ」");
    check("de", "<span lang=en><q>we wait</q></span>", "“we wait”");
    // The page has written its own.
    check("en", "<q>“we wait”</q>", "“we wait”");
    check("en", "“<q>we wait</q>”", "“we wait”");
    check("en", "it<q> </q>", "it");
    assert_eq!(whole_text("<p>He said <q>no</q>."), "He said “no”.");
}

#[test]
fn lines_by_style_are_lines() {
    let span = |n: usize, style: &str| format!("<span {style}>{}</span>", said(n));
    let lines = |style: &str, between: &str| {
        let spans: Vec<String> = (2..5).map(|n| span(n, style)).collect();
        page(&format!("<div class=t>{}</div>", spans.join(between)))
    };
    let expected = format!("{}\n\n{}", text(2..5), text(0..2));
    check(&lines("style='display: block'", ""), &expected);
    check(&lines("style='color:red;DISPLAY:flex'", " "), &expected);
    // Nobody writes so within a line.
    check(&lines("class=a", ""), &expected);
    check(&lines("class=a", " "), &expected.replacen("\n\n", " ", 2));
}

#[test]
fn an_article_that_adverts_cut_is_whole() {
    let ad = "<aside class=sidebar><div class=ad>Advertisement</div></aside><div class='ad full'>Advertisement</div>";
    let part = |from: usize| {
        format!(
            "<div class='grid article__content'>{}</div>",
            paragraphs(from..from + 3)
        )
    };
    let head = "<html lang=en><title>Lamp out</title><body><main>";
    check(
        &format!(
            "{head}<article><div class=hero><header><h1>Lamp out</h1><div class=authors>By <a href=/a>Ana Lund</a></div></header>{}{ad}</div><div class=c>{}</div>{ad}<div class=c>{}</div></article>",
            part(0),
            part(3),
            part(6),
        ),
        &text(0..9),
    );
    // Without an element around, and with a part that has no name.
    check(
        &format!(
            "{head}<h1>Lamp out</h1>{}{ad}{}{ad}<p>{}</p>",
            part(0),
            part(3),
            said(6)
        ),
        &text(0..7),
    );
    // Several articles: the first is the page’s.
    let others: String = (1..4)
        .map(|n| {
            format!(
                "<article><h2>Other {n}</h2><div class='article__content'>{}</div></article>",
                paragraphs(n * 10..n * 10 + 2)
            )
        })
        .collect();
    check(
        &format!(
            "{head}<article><h1>Lamp out</h1>{}</article>{others}",
            part(0)
        ),
        &text(0..3),
    );
}

#[test]
fn what_scripts_show_is_shown() {
    let head = "<html lang=en><title>Lamp out</title><body>";
    let body = paragraphs(0..5);
    let streamed = |slot: &str, part: &str| {
        format!(
            "{head}<div class=page><h1>Lamp out</h1><!--$?-->{slot}<p>Loading the article, which takes a while on a slow line like yours.</p><!--/$--><p>{}</p></div><script>$RC=function(b,c){{}}</script><div hidden id='{part}'><section><div class=body>{body}</div></section></div><script>$RC('B:0','S:0')</script>",
            said(9),
        )
    };
    let expected = format!("{}\n\n{}", text(0..5), said(9));
    check(
        &streamed("<template id='B:0'></template>", "S:0"),
        &expected,
    );
    check(
        &streamed("<template id='x-B:1f'></template>", "x-S:1f"),
        &expected,
    );
    // Without a place, it is shown where it stands.
    let found = article(&streamed("", "S:0")).text;
    assert!(found.ends_with(&text(0..5)), "{found}");
    // A part that would stand within itself.
    let found = article(&format!(
        "{head}<h1>Lamp out</h1><div hidden id='S:0'><template id='B:0'></template>{body}</div>"
    ));
    assert_eq!(found.text, text(0..5));
    // Hidden until a script has run.
    for style in [
        "hidden",
        "style='display:none'",
        "style='visibility: hidden'",
    ] {
        check(
            &format!("{head}<div {style}><h1>Lamp out</h1>{body}</div>"),
            &text(0..5),
        );
    }
    // What is hidden beside an article stays so.
    check(
        &format!(
            "{head}<article><h1>Lamp out</h1>{body}</article><div hidden>{}</div>",
            paragraphs(20..30)
        ),
        &text(0..5),
    );
    check(
        &format!(
            "{head}<article><h1>Lamp out</h1>{}</article><div class=cookie-consent style='display:none'>{}</div>",
            paragraphs(0..2),
            paragraphs(20..30)
        ),
        &text(0..2),
    );
}

#[test]
fn lists_of_writing_programs_are_lists() {
    let item = |n: usize, level: usize| {
        format!(
            "<ul class='c1 lst-kix_ab12-{level} start'><li class='c2 li-bullet-{level}'><span class=c0>{}</span></li></ul>",
            said(n)
        )
    };
    let paragraph = |n: usize| format!("<p class=c3><span class=c0>{}</span></p>", said(n));
    let html = format!(
        "<html><head><title>Lamp out</title><style>.c0{{color:#000}}</style></head><body class='c4 doc-content'><p class='c5 title'><span class=c6>Lamp out</span></p>{}{}{}{}{}</body></html>",
        paragraph(0),
        item(1, 0),
        item(2, 1),
        item(3, 0),
        paragraph(4),
    );
    let expected = format!(
        "{}\n\n{}\n{}\n{}\n\n{}",
        said(0),
        said(1),
        said(2),
        said(3),
        said(4)
    );
    check(&html, &expected);
}
