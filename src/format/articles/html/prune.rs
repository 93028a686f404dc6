//! Taking out of a page what its own names call something other than the article.
//!
//! Names of classes, ids and roles are the page author's word for what a box is; they are checked
//! against how much of the page's text the box holds, so that a page whose every box is called
//! “social” still has an article.

use dom_query::{Document, NodeId, NodeRef};
use std::collections::{HashMap, HashSet};

/// Parts of names, of which one is enough. Long enough not to stand inside other words.
const PARTS: &[&str] = &[
    "advert",
    "adsbygoogle",
    "also-read",
    "alsoread",
    "author-bio",
    "authorbio",
    "author-box",
    "author-info",
    "about-author",
    "about-the-author",
    "breadcrumb",
    "byline",
    "by-line",
    "caption",
    "comment-list",
    "commentlist",
    "comments",
    "consent",
    "cookie",
    "copyright",
    "credit",
    "disqus",
    "donat",
    "entry-meta",
    "post-meta",
    "article-meta",
    "meta-info",
    "follow-us",
    "followus",
    "inline-related",
    "image-credit",
    "jp-related",
    "lightbox",
    "more-from",
    "morefrom",
    "more-stories",
    "most-popular",
    "most-read",
    "mostread",
    "nav-links",
    "newsletter",
    "onetrust",
    "outbrain",
    "pagination",
    "popular-posts",
    "popup",
    "post-navigation",
    "post-tags",
    "promo",
    "pub-date",
    "read-also",
    "read-more",
    "readmore",
    "read-next",
    "readnext",
    "recirc",
    "recommend",
    "related",
    "screen-reader",
    "see-also",
    "sharebar",
    "share-",
    "-share",
    "sharing",
    "sharedaddy",
    "sign-up",
    "signup",
    "skip-link",
    "social",
    "sponsor",
    "subscrib",
    "syndication",
    "taboola",
    "tag-list",
    "tags-links",
    "taglist",
    "time-ago",
    "timestamp",
    "toolbar",
    "tooltip",
    "trending",
    "video-js",
    "visually-hidden",
    "visuallyhidden",
    "vjs-",
    "whatsapp",
    "you-may",
    "youmay",
    "yarpp",
    "zergnet",
];

/// Whole words of a name, between anything but letters and digits.
const WORDS: &[&str] = &[
    "ad",
    "ads",
    "aside",
    "bio",
    "footer",
    "hidden",
    "menu",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "rating",
    "share",
    "sidebar",
    "tags",
    "figcaption",
    "legende",
    "bildunterschrift",
    "autor",
    "kommentare",
    "verwandte",
    "commentaires",
    "relacionadas",
    "relacionados",
    "correlati",
    "publicidad",
    "anzeige",
    "toc",
];

/// Elements that are no article by what they are.
const ELEMENTS: &[&str] = &["nav", "aside", "footer", "figcaption", "form"];

const ROLES: &[&str] = &[
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "dialog",
    "menu",
    "alert",
];

/// What an element is called, for the lists above.
pub(super) fn is_named_so(node: &NodeRef<'_>) -> bool {
    let name = node.node_name().unwrap_or_default();
    if matches!(&*name, "html" | "body" | "main") {
        return false;
    }
    if ELEMENTS.contains(&&*name) {
        return true;
    }
    let role = node.attr("role").unwrap_or_default();
    if ROLES.contains(&&*role) {
        return true;
    }
    let class = node.attr("class").unwrap_or_default();
    let id = node.attr("id").unwrap_or_default();
    if class.is_empty() && id.is_empty() {
        return false;
    }
    let called = format!("{class} {id}").to_ascii_lowercase();
    PARTS.iter().any(|part| called.contains(part))
        || called
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| WORDS.contains(&word))
}

/// Readers' comments may be longer than the article.
fn is_for_comments(node: &NodeRef<'_>) -> bool {
    let id = node.attr("id").unwrap_or_default();
    let class = node.attr("class").unwrap_or_default();
    let is_so = |name: &str| {
        matches!(
            name,
            "comments" | "comment-list" | "commentlist" | "comments-area" | "disqus_thread"
        )
    };
    is_so(&id) || class.split_whitespace().any(is_so)
}

/// Characters that stand in paragraphs, links not counted, by element; elements with none are not
/// there. Counted once for all, since boxes nest.
pub(super) fn prose_chars(root: &NodeRef<'_>) -> HashMap<NodeId, usize> {
    let mut chars: HashMap<NodeId, usize> = HashMap::new();
    // An element comes again when all that is in it has been counted.
    let mut steps = vec![(*root, false)];
    while let Some((node, is_counted)) = steps.pop() {
        if is_counted {
            let own = chars.get(&node.id).copied().unwrap_or(0);
            if let Some(parent) = node.parent().filter(|_| own > 0 && node.id != root.id) {
                *chars.entry(parent.id).or_default() += own;
            }
            continue;
        }
        if node.is_text() {
            let text = node.text();
            if is_prose(&node, &text)
                && let Some(parent) = node.parent()
            {
                *chars.entry(parent.id).or_default() += text.trim().chars().count();
            }
            continue;
        }
        steps.push((node, true));
        steps.extend(node.children_it(true).map(|child| (child, false)));
    }
    chars
}

/// A stretch of some length is prose; words of menus are not.
pub(super) fn is_prose(node: &NodeRef<'_>, text: &str) -> bool {
    text.trim().len() >= 60 && !is_in_link(node) && !is_code(node)
}

fn is_code(node: &NodeRef<'_>) -> bool {
    let parent = node.parent().and_then(|parent| parent.node_name());
    parent.is_some_and(|name| matches!(&*name, "script" | "style" | "noscript" | "template"))
}

fn is_in_link(node: &NodeRef<'_>) -> bool {
    let mut above = node.parent();
    for _ in 0..3 {
        match above {
            Some(parent) if parent.has_name("a") => return true,
            Some(parent) => above = parent.parent(),
            None => return false,
        }
    }
    false
}

/// Removes what is named as something else, unless it holds too large a share of the prose.
pub(super) fn prune(document: &Document) {
    let Some(body) = document.body() else {
        return;
    };
    let chars = prose_chars(&body);
    let chars_in = |node: &NodeRef<'_>| chars.get(&node.id).copied().unwrap_or(0);
    let total = chars_in(&body).max(1);
    let mut queue: Vec<NodeRef<'_>> = body.children_it(true).collect();
    while let Some(node) = queue.pop() {
        if !node.is_element() {
            continue;
        }
        if is_named_so(&node) {
            let inside = chars_in(&node);
            let has_rest = is_for_comments(&node) && total.saturating_sub(inside) > 200;
            if inside * 5 < total || has_rest {
                node.remove_from_parent();
                continue;
            }
        }
        queue.extend(node.children_it(true));
    }
}

/// The document of a writing program (Google Docs).
pub(super) const WRITTEN: &str = ".doc-content";

/// Names of the box that holds an article’s body, surest first.
const BODIES: &[&str] = &[
    // What writing programs export is nothing but the text.
    WRITTEN,
    "[itemprop=\"articleBody\"]",
    ".article-body, .articleBody, .article__body, .article-content, .article__content, .articlebody, .article_body, .articleContent, #article-body, #articleBody, .story-body, .story__body, .story-content, .storytext, .body-copy",
    ".entry-content, .post-content, .post-body, .post_content, .postContent, .post__content, .single-content, .td-post-content, .c-entry-content, .rich-text-article, .blog-content, .news-content, .content-body, #content-body",
    "article",
];

/// The boxes that hold the article’s body, when the page names some that hold some of its prose:
/// several where adverts stand between its parts.
pub(super) struct BodyBoxes<'a> {
    pub(super) nodes: Vec<NodeRef<'a>>,
    /// Other articles have such boxes too.
    pub(super) are_some_of_several: bool,
}

/// The first box of the surest name, with those that are parts of the same article: where a page
/// lists several articles, its own comes first.
pub(super) fn body_boxes<'a>(document: &'a Document, least_chars: usize) -> Option<BodyBoxes<'a>> {
    let chars = prose_chars(&document.root());
    let chars_in = |node: &NodeRef<'_>| chars.get(&node.id).copied().unwrap_or(0);
    for selector in BODIES {
        let selection = document.select(selector);
        let mut nodes: Vec<NodeRef<'a>> = Vec::new();
        for &node in selection.nodes() {
            let has_prose = chars_in(&node) > 0;
            let is_inside = || {
                node.ancestors_it(None)
                    .any(|above| nodes.last().is_some_and(|last| last.id == above.id))
            };
            if has_prose && !is_inside() {
                nodes.push(node);
            }
        }
        let Some(&first) = nodes.iter().find(|node| chars_in(node) >= least_chars) else {
            continue;
        };
        let own = article_around(first);
        let others = nodes.iter().filter(|node| {
            node.id != first.id && chars_in(node) >= least_chars && article_around(**node) != own
        });
        let are_some_of_several = others.count() > 0;
        nodes.retain(|node| article_around(*node) == own);
        let held: usize = nodes.iter().map(chars_in).sum();
        // What the parts leave of their article’s prose stands between them without a name.
        let around = own.and_then(|own| document.tree.get(&own));
        let around = around.or_else(|| around_all(&nodes));
        if nodes.len() > 1
            && let Some(around) = around
        {
            let all = chars_in(&around);
            let is_little_more = own.is_some() || all * 2 < held * 3;
            if all * 9 > held * 10 && is_little_more {
                nodes = vec![around];
            }
        }
        return Some(BodyBoxes {
            nodes,
            are_some_of_several,
        });
    }
    None
}

/// The innermost element around all nodes.
fn around_all<'a>(nodes: &[NodeRef<'a>]) -> Option<NodeRef<'a>> {
    let (first, last) = (nodes.first()?, nodes.last()?);
    let around_last: HashSet<NodeId> = last.ancestors_it(None).map(|node| node.id).collect();
    let mut around = first.ancestors_it(None);
    around.find(|node| around_last.contains(&node.id))
}

/// The article or entry that a box belongs to.
fn article_around(node: NodeRef<'_>) -> Option<NodeId> {
    let is_entry = |node: &NodeRef<'_>| {
        let class = node.attr("class").unwrap_or_default();
        node.has_name("article")
            || class.split_whitespace().any(|name| {
                matches!(
                    name,
                    "post" | "hentry" | "entry" | "type-post" | "blog-post"
                )
            })
    };
    if is_entry(&node) {
        return Some(node.id);
    }
    node.ancestors_it(None).find(is_entry).map(|node| node.id)
}
