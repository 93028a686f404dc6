//! Heads and bodies of pages: what is known of them.

use super::*;

fn check(html: &str, expected: [Option<&str>; 5]) {
    let found = metadata_of(&Document::from(html), None);
    let authors = found.authors.join("; ");
    let got = [
        found.title.as_deref(),
        (!authors.is_empty()).then_some(authors.as_str()),
        found.published.as_deref(),
        found.outlet.as_deref(),
        found.language.as_deref(),
    ];
    assert_eq!(got, expected, "{html}");
}

#[test]
fn what_pages_say_of_themselves() {
    check(
        r#"<html lang="en_gb"><title>Bridge reopens - The Ferry Post</title>
           <script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Bridge reopens","datePublished":"2021-05-04T08:00:00+02:00",
           "author":[{"name":"Ana Lund"},{"name":"The Ferry Post"}],"publisher":{"@id":"p"}},{"@type":"Organization","@id":"p","name":"The Ferry Post"}]}</script>"#,
        [
            Some("Bridge reopens"),
            Some("Ana Lund"),
            Some("2021-05-04T08:00:00+02:00"),
            Some("The Ferry Post"),
            Some("en-GB"),
        ],
    );
    check(
        r#"<html lang="de"><meta property="og:site_name" content="Hafenblatt"><meta property="og:title" content="Fähre fällt aus | Hafenblatt">
           <meta name="author" content="Von Jan Holm und Eva Brandt"><h1>Fähre fällt aus</h1><time datetime="2020-01-02">2. Januar</time>"#,
        [
            Some("Fähre fällt aus"),
            Some("Jan Holm; Eva Brandt"),
            Some("2020-01-02"),
            Some("Hafenblatt"),
            Some("de"),
        ],
    );
    check(
        r#"<title>Ferry cancelled again today | Harbour News</title><link rel="canonical" href="https://example.org/2018/03/09/ferry">
           <p class="byline">By Mia Stone, Staff Reporter</p>"#,
        [
            Some("Ferry cancelled again today"),
            Some("Mia Stone"),
            Some("2018-03-09"),
            None,
            None,
        ],
    );
    check("<p>Nothing is known.", [None, None, None, None, None]);
    check(
        r#"<script type="application/ld+json">{broken</script><h1>Title</h1>"#,
        [Some("Title"), None, None, None, None],
    );
}

/// Title and authors of a page with this head and body.
fn found(head: &str, body: &str) -> (String, String) {
    let html = format!("<html lang=en><head>{head}</head><body>{body}");
    let found = metadata_of(
        &Document::from(html.as_str()),
        Some("https://www.ferrypost.example/a"),
    );
    (found.title.unwrap_or_default(), found.authors.join("; "))
}

/// A paragraph of an article.
const SAID: &str = "<p>The keeper of the lighthouse wrote that night that the lamp had gone out twice, and that nobody in the village had noticed it.</p>";

#[test]
fn the_headline_is_the_one_that_is_read() {
    let check = |head: &str, body: &str, expected: &str| {
        assert_eq!(found(head, body).0, expected, "{head}{body}");
    };
    let told = "<title>Lamp dark twice | Islands | Ferry Post</title><meta property=og:title content='Lamp dark twice'><meta property=og:site_name content='Ferry Post'>";
    // Other words than those for search engines.
    check(
        told,
        &format!("<article><h1>The night the lamp went out</h1>{SAID}</article>"),
        "The night the lamp went out",
    );
    check(
        told,
        &format!(
            "<header><h1><a href=/>Ferry Post</a></h1></header><article><h1>The night the lamp went out</h1>{SAID}</article>"
        ),
        "The night the lamp went out",
    );
    check(
        told,
        &format!(
            "<header><h1><a href=/>Ferry Post</a></h1></header><main><h2>Lamp dark twice</h2>{SAID}</main>"
        ),
        "Lamp dark twice",
    );
    check(
        told,
        &format!("<article><h1 class=headline>Dark</h1>{SAID}</article>"),
        "Dark",
    );
    check(
        told,
        &format!("<article><h1>Analysis</h1>{SAID}</article>"),
        "Lamp dark twice",
    );
    check(told, SAID, "Lamp dark twice");
    // Both lines of it, as the page's title joins them where it does.
    let lines = format!(
        "<article><h1><span style='display:block'>On the rock</span><span style='display:block'>Lamp dark twice</span></h1>{SAID}</article>"
    );
    let shown = |head: &str| {
        let document =
            Document::from(format!("<html lang=en><head>{head}</head><body>{lines}").as_str());
        super::super::shown::as_shown(&document);
        metadata_of(&document, None).title.unwrap()
    };
    assert_eq!(shown(told), "On the rock Lamp dark twice");
    assert_eq!(
        shown("<title>On the rock: Lamp dark twice</title>"),
        "On the rock: Lamp dark twice"
    );
    // What stands beside it and is none of it.
    check(
        told,
        &format!(
            "<article><h1><div>Exclusive</div><div>Lamp dark twice</div><svg><title>Icon</title></svg></h1>{SAID}</article>"
        ),
        "Lamp dark twice",
    );
    check(
        told,
        &format!("<article><h1>Lamp dark twice | Ferry Post</h1>{SAID}</article>"),
        "Lamp dark twice",
    );
    check(
        told,
        &format!(
            "<div hidden><h1>Menu of the day and the week</h1></div><article>{SAID}<h2>Related</h2></article>"
        ),
        "Lamp dark twice",
    );
    check(
        told,
        &format!(
            "<article><h1>Lamp dark twice</h1>{SAID}</article><aside class=related><h1>Another night on the island</h1></aside>"
        ),
        "Lamp dark twice",
    );
    // The outlet's name, however it stands in the title.
    for title in [
        "Lamp dark twice - The Ferry Post",
        "Lamp dark twice : Islands : FerryPost",
        "Ferry Post: Lamp dark twice",
        "Lamp dark twice_Ferry Post",
        "Lamp dark twice – ferrypost.example",
        "Lamp dark twice - FERRYPOST",
    ] {
        let head = format!(
            "<title>{title}</title><meta property=og:site_name content='The Ferry Post'><meta property=article:section content=Islands>"
        );
        let expected = if title.contains("Islands") {
            "Lamp dark twice : Islands"
        } else {
            "Lamp dark twice"
        };
        check(&head, SAID, expected);
    }
    check(
        "<title>灯台の明かりが二度消えた夜の島｜渡し新聞</title>",
        SAID,
        "灯台の明かりが二度消えた夜の島",
    );
}

#[test]
fn authors_are_those_of_the_byline() {
    let check = |head: &str, body: &str, expected: &str| {
        assert_eq!(found(head, body).1, expected, "{head}{body}");
    };
    let article = |byline: &str| {
        format!("<article><h1>The night the lamp went out</h1>{byline}{SAID}{SAID}</article>")
    };
    let told = |names: &str| format!("<meta name=author content='{names}'>");
    let linked = |names: &str| {
        format!(
            r#"<script type="application/ld+json">{{"@type":"NewsArticle","author":{names}}}</script>"#
        )
    };
    check(
        "",
        &article(
            "<p class=byline>By <a href=/author/ana>Ana Lund</a>, <span>Harbour Reporter</span></p>",
        ),
        "Ana Lund",
    );
    check(
        "",
        &article("<div class=authors><a rel=author>Ana Lund</a><a rel=author>Jan Holm</a></div>"),
        "Ana Lund; Jan Holm",
    );
    check(
        "",
        &article(
            "<div class=autor><b>Ana Lund</b><span>Redakteurin</span><time>3. November</time></div>",
        ),
        "Ana Lund",
    );
    check(
        "",
        &article(
            "<div class=byline><div class=author-location>Oslo Bay</div><span class=author-name>Ana Lund</span></div>",
        ),
        "Ana Lund",
    );
    check(
        "",
        &article("<div>By Ana Lund and Jan Holm</div>"),
        "Ana Lund; Jan Holm",
    );
    check("", &article("<div class=byline>dpa</div>"), "dpa");
    check(
        "",
        &article("<div class=byline>Ferry Post</div>"),
        "Ferry Post",
    );
    // The byline completes what the fields leave out, and agrees with one of them.
    check(
        &told("Ana Lund"),
        &article("<p class=byline>By Ana Lund, Jan Holm and AFP</p>"),
        "Ana Lund; Jan Holm; AFP",
    );
    check(
        &linked(r#"[{"@type":"Person","name":"Ana Lund"}]"#),
        &article("<p class=byline>Ana Lund, dpa</p>"),
        "Ana Lund; dpa",
    );
    check(
        &format!(
            "{}<meta property=article:author content='Ana Lund'>",
            told("Sea Media")
        ),
        &article("<p class=byline>By Ana Lund</p>"),
        "Ana Lund",
    );
    check(
        &told("Ferry Post"),
        &article("<p class=byline>By Ana Lund</p>"),
        "Ana Lund",
    );
    check(
        &told("ANA LUND"),
        &article("<p class=byline>By Ana Lund</p>"),
        "ANA LUND",
    );
    check(
        "<meta name=author content='Ana Lund'><meta name=author content='Jan Holm'>",
        &article(""),
        "Ana Lund; Jan Holm",
    );
    check(
        "<meta name=citation_author content='Lund, Ana'><meta name=citation_author content='Holm, Jan'>",
        &article(""),
        "Ana Lund; Jan Holm",
    );
    // Twenty are enough, however many a field has.
    let many: String = (0..50_000)
        .map(|n| format!("Ana Lund{}, ", "x".repeat(n % 30)))
        .collect();
    assert_eq!(found(&told(&many), SAID).1.split("; ").count(), 20);
    // Others' names: of other articles, of readers, of pictures, far away.
    check(
        "",
        &format!(
            "{}<div class=related-list><p class=byline>By Eva Brandt</p></div>",
            article("")
        ),
        "",
    );
    check(
        "",
        &format!(
            "{}<article><h3>Another</h3><p class=byline>By Eva Brandt</p></article>",
            article("<p class=byline>By Ana Lund</p>")
        ),
        "Ana Lund",
    );
    check(
        "",
        &format!(
            "{}<section class=comments><span class=comment-author>Eva Brandt</span></section>",
            article("")
        ),
        "",
    );
    check(
        "",
        &article("<figure><span class=author>Eva Brandt</span></figure>"),
        "",
    );
    check("", &article("<p class=byline>Photo by Eva Brandt</p>"), "");
    check(
        "",
        &article("<a href=/people/eva-brandt>Eva Brandt</a>"),
        "",
    );
    check(
        "",
        &article("<div class=author-follow>Follow Eva Brandt</div>"),
        "",
    );
    check(
        "",
        &article(&format!(
            "<p class=author>By Ana Lund</p>{}",
            SAID.repeat(12)
        )),
        "Ana Lund",
    );
    check(
        "",
        &article(&format!(
            "{}<p class=author>By Ana Lund</p>",
            SAID.repeat(12)
        )),
        "Ana Lund",
    );
}
