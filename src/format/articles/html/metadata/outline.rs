//! Where a page’s headings and bylines stand, by how much is said before them.
//!
//! Walks the page once. What is named as something else (menus, related articles, comments) has
//! neither a headline nor a byline of the article; what holds much of the page’s prose is looked
//! into whatever it is called.

use super::super::blocks::{UNSEEN, is_inline};
use super::super::prune::{is_prose, prose_chars};
use super::super::shown::is_hidden;
use super::credits::{called, credit_text, has_part, is_credit};
use super::words::clean;
use dom_query::{Document, NodeId, NodeRef};
use std::collections::HashMap;

/// A heading, or what is named as one.
pub(super) struct Heading {
    /// Its lines, each without white space at its ends.
    pub(super) lines: Vec<String>,
    /// 1 to 6; 7 for another element that is named as a headline.
    pub(super) level: u8,
    /// The page calls it the headline.
    pub(super) is_named: bool,
    /// It stands within the article or the main part.
    pub(super) is_in_main: bool,
    pub(super) place: Place,
}

impl Heading {
    pub(super) fn text(&self) -> String {
        self.lines.join(" ")
    }
}

/// A short element that is named as a byline, with the text of which [`NAME`] marks names.
pub(super) struct Credit {
    pub(super) text: String,
    /// Named by the page, and not only by its words.
    pub(super) is_named: bool,
    pub(super) place: Place,
}

/// Where an element stands: characters of the page, and of its prose, before and after it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) prose: usize,
    /// The article around it.
    pub(super) article: Option<NodeId>,
}

#[derive(Default)]
pub(super) struct Outline {
    pub(super) headings: Vec<Heading>,
    pub(super) credits: Vec<Credit>,
    /// The article that holds most of the page’s prose.
    pub(super) main: Option<NodeId>,
}

/// The longest text of a byline.
const MAX_CREDIT_CHARS: usize = 300;
/// So many headings and bylines are taken of a page.
const MAX_FOUND: usize = 400;

/// Parts of names of boxes with other articles, or other people’s words.
const ELSEWHERE: &[&str] = &[
    "related",
    "recommend",
    "comments",
    "commentlist",
    "comment-list",
    "popular",
    "trending",
    "sidebar",
    "newsletter",
    "promo",
    "teaser",
    "most-read",
    "mostread",
    "read-more",
    "readmore",
    "more-stor",
    "more-from",
    "morefrom",
    "more-news",
    "latest",
    "recirc",
    "outbrain",
    "taboola",
    "carousel",
    "breadcrumb",
    "cookie",
    "consent",
    "navigation",
    "navbar",
    "read-next",
    "readnext",
    "readalso",
    "read-also",
    "siguiente",
    "relacionad",
    "ticker",
    "site-header",
    "masthead",
    "widget",
    "disqus",
    "onetrust",
    "modal",
    "similar",
    "swiper",
    "slider",
];

fn is_headline(node: &NodeRef<'_>, called: &str) -> bool {
    node.attr("itemprop")
        .is_some_and(|said| said.split_whitespace().any(|word| word == "headline"))
        || called
            .split(|c: char| c.is_whitespace() || "-_:".contains(c))
            .any(|word| {
                matches!(
                    word,
                    "headline"
                        | "hed"
                        | "title"
                        | "titre"
                        | "titel"
                        | "titulo"
                        | "titolo"
                        | "heading"
                        | "tytul"
                )
            })
        || has_part(
            called,
            &[
                "headline",
                "article-title",
                "articletitle",
                "entry-title",
                "post-title",
                "story-title",
            ],
        )
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    /// The end of a heading, by its number.
    LeaveHeading(usize),
    LeaveCredit(usize),
}

/// How deep the walk is in what tells where it is.
#[derive(Clone, Copy, Default)]
struct Within {
    article: Option<NodeId>,
    is_in_main: bool,
    is_in_footer: bool,
    is_in_credit: bool,
}

pub(super) fn outline(document: &Document) -> Outline {
    let mut outline = Outline::default();
    let Some(body) = document.body() else {
        return outline;
    };
    let prose = prose_chars(&body);
    let chars = chars_by_element(&body);
    let of = |counts: &HashMap<NodeId, usize>, node: &NodeRef<'_>| {
        counts.get(&node.id).copied().unwrap_or(0)
    };
    let total = of(&prose, &body);
    let mut place = Place::default();
    let mut steps = vec![(Step::Enter(body), Within::default())];
    while let Some((step, mut within)) = steps.pop() {
        let node = match step {
            Step::LeaveHeading(at) => {
                if let Some(heading) = outline.headings.get_mut(at) {
                    heading.place.end = place.start;
                }
                continue;
            }
            Step::LeaveCredit(at) => {
                if let Some(credit) = outline.credits.get_mut(at) {
                    credit.place.end = place.start;
                }
                continue;
            }
            Step::Enter(node) => node,
        };
        if node.is_text() {
            let text = node.text();
            let said = text.chars().filter(|c| !c.is_whitespace()).count();
            place.start += said;
            if is_prose(&node, &text) {
                place.prose += text.trim().chars().count();
            }
            continue;
        }
        let name = node.node_name().unwrap_or_default();
        let name: &str = &name;
        if UNSEEN.contains(&name) || name.is_empty() || is_hidden(&node) {
            continue;
        }
        let called = called(&node);
        let is_most = of(&prose, &node) * 5 >= total.max(1);
        let is_elsewhere = matches!(name, "nav" | "figure" | "figcaption")
            || (has_part(&called, ELSEWHERE) && !matches!(name, "html" | "body" | "main"))
            || (name == "aside" && has_part(&called, ELSEWHERE));
        if is_elsewhere && !is_most {
            continue;
        }
        within.is_in_main |= matches!(name, "article" | "main")
            || node.attr("role").is_some_and(|role| &*role == "main");
        within.is_in_footer |= name == "footer" && within.article.is_none();
        if name == "article"
            || node
                .attr("itemtype")
                .is_some_and(|of| of.ends_with("Article"))
        {
            within.article = Some(node.id);
            if of(&prose, &node) * 2 > total {
                outline.main = Some(node.id);
            }
        }
        let here = Place {
            article: within.article,
            end: place.start,
            ..place
        };
        let level = match name {
            "h1" => 1,
            "h2" => 2,
            "h3" => 3,
            "h4" | "h5" | "h6" => 0,
            _ => 7,
        };
        let size = of(&chars, &node);
        if (1..=3).contains(&level)
            || (level == 7
                && size > 0
                && size < 300
                && is_headline(&node, &called)
                && !is_inline(name))
        {
            if size > 0 && size < 600 && outline.headings.len() < MAX_FOUND && !within.is_in_footer
            {
                outline.headings.push(Heading {
                    lines: lines_of(&node),
                    level,
                    is_named: is_headline(&node, &called),
                    is_in_main: within.is_in_main,
                    place: here,
                });
                steps.push((Step::LeaveHeading(outline.headings.len() - 1), within));
            }
        } else if !within.is_in_credit
            && size > 0
            && size <= MAX_CREDIT_CHARS
            && outline.credits.len() < MAX_FOUND
        {
            let is_named = is_credit(&node, &called);
            if is_named || (size < 100 && !within.is_in_footer && begins_as_credit(&node, name)) {
                within.is_in_credit = true;
                outline.credits.push(Credit {
                    text: credit_text(&node),
                    is_named,
                    place: here,
                });
                steps.push((Step::LeaveCredit(outline.credits.len() - 1), within));
            }
        }
        steps.extend(
            node.children_it(true)
                .map(|child| (Step::Enter(child), within)),
        );
    }
    outline
}

/// Characters that are no white space, by element, links and all.
fn chars_by_element(root: &NodeRef<'_>) -> HashMap<NodeId, usize> {
    let mut chars: HashMap<NodeId, usize> = HashMap::new();
    let mut steps = vec![(*root, false)];
    while let Some((node, is_counted)) = steps.pop() {
        if node.is_text() {
            let text = node.text();
            let said = text.chars().filter(|c| !c.is_whitespace()).count();
            if let Some(parent) = node.parent().filter(|_| said > 0) {
                *chars.entry(parent.id).or_default() += said;
            }
        } else if is_counted {
            let own = chars.get(&node.id).copied().unwrap_or(0);
            if let Some(parent) = node.parent().filter(|_| own > 0 && node.id != root.id) {
                *chars.entry(parent.id).or_default() += own;
            }
        } else if !UNSEEN.iter().any(|name| node.has_name(name)) {
            steps.push((node, true));
            steps.extend(node.children_it(true).map(|child| (child, false)));
        }
    }
    chars
}

/// A line that begins with “By” and the like, though it has no name.
fn begins_as_credit(node: &NodeRef<'_>, name: &str) -> bool {
    if !matches!(
        name,
        "p" | "div" | "span" | "em" | "i" | "small" | "strong" | "b" | "li" | "h4" | "h5" | "h6"
    ) {
        return false;
    }
    let text = node.text();
    let text = clean(&text);
    let leads_on = ["more", "view", "see ", "all ", "posts"];
    let lower = text.to_lowercase();
    !leads_on.iter().any(|word| lower.starts_with(word))
        && super::people::after_label(&text).is_some()
}

fn lines_of(node: &NodeRef<'_>) -> Vec<String> {
    let blocks = super::super::blocks::blocks_of(*node, &|_| false);
    let lines = blocks.iter().flat_map(|block| block.text.lines());
    lines.map(clean).filter(|line| !line.is_empty()).collect()
}
