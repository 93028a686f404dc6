//! Lines that surround an article, told by what they say and where they stand.
//!
//! Phrases are those that newspapers put around their articles, in the languages they are most read
//! in; a line is left out only where its shape agrees.

use super::blocks::{Block, BlockKind};
use std::collections::HashMap;

/// Begins of lines that offer something else to read, look at, or sign.
const OFFERS: &[&str] = &[
    "read more",
    "read also",
    "also read",
    "see also",
    "related:",
    "related article",
    "related stor",
    "more from",
    "more on this",
    "more:",
    "also in the news",
    "in other news",
    "read next",
    "what to read next",
    "latest news",
    "top stories",
    "you may like",
    "more news",
    "more stories",
    "editor's picks",
    "editor’s picks",
    "recommended for you",
    "das könnte sie auch interessieren",
    "das könnte dich auch interessieren",
    "weitere artikel",
    "weitere themen",
    "meistgelesen",
    "les plus lus",
    "sur le même thème",
    "à découvrir aussi",
    "noticias relacionadas",
    "lo más leído",
    "potrebbe interessarti",
    "mais lidas",
    "zobacz też",
    "polecane",
    "meest gelezen",
    "猜你喜欢",
    "热门推荐",
    "热点推荐",
    "人気記事",
    "you may also like",
    "you might also like",
    "recommended",
    "don't miss",
    "don’t miss",
    "click here",
    "subscribe",
    "sign up",
    "sign in",
    "log in",
    "join our",
    "follow us",
    "follow @",
    "like us on",
    "share this",
    "share on",
    "share:",
    "tweet this",
    "email this",
    "advertisement",
    "advertising",
    "story continues below",
    "article continues below",
    "continue reading",
    "listen to this",
    "watch:",
    "get the latest",
    "get our",
    "download our",
    "previous post",
    "next post",
    "previous article",
    "next article",
    "filed under",
    "tagged",
    "tags:",
    "topics:",
    "categories:",
    "posted in",
    "leave a comment",
    "comments (",
    "view comments",
    "donate",
    "support us",
    "support our",
    "all rights reserved",
    "copyright ©",
    "copyright (c)",
    "© ",
    "©20",
    "image credit",
    "(image",
    "image:",
    "photo:",
    "photo credit",
    "(photo",
    "picture:",
    "getty images",
    "this article was originally",
    "this story was originally published",
    "more articles from",
    "view all posts",
    "about the author",
    "click to",
    "print this",
    "save my name",
    "lesen sie auch",
    "lesen sie mehr",
    "mehr zum thema",
    "mehr dazu",
    "auch interessant",
    "jetzt anmelden",
    "newsletter abonnieren",
    "abonnieren sie",
    "anzeige",
    "foto:",
    "bild:",
    "teilen",
    "drucken",
    "lire aussi",
    "à lire aussi",
    "lire la suite",
    "voir aussi",
    "abonnez-vous",
    "inscrivez-vous",
    "partager",
    "crédit photo",
    "sur le même sujet",
    "leer también",
    "lea también",
    "lee también",
    "te puede interesar",
    "más noticias",
    "suscríbete",
    "compartir",
    "publicidad",
    "ver más",
    "leia também",
    "leia mais",
    "veja também",
    "assine",
    "compartilhe",
    "leggi anche",
    "iscriviti",
    "condividi",
    "lees ook",
    "lees meer",
    "schrijf je in",
    "czytaj także",
    "czytaj też",
    "zobacz także",
    "čtěte také",
    "читайте также",
    "читайте також",
    "подписывайтесь",
    "ayrıca okuyun",
    "läs också",
    "les også",
    "læs også",
    "baca juga",
    "اقرأ أيضا",
    "اقرأ أيضًا",
    "相关阅读",
    "相关新闻",
    "推荐阅读",
    "延伸阅读",
    "更多精彩",
    "分享到",
    "责任编辑",
    "編輯：",
    "编辑：",
    "版权所有",
    "関連記事",
    "あわせて読みたい",
    "シェア",
    "관련기사",
    "무단전재",
];

/// The line in lower case, without marks before its first word.
fn said(block: &Block) -> String {
    let text = block.text.to_lowercase();
    let trimmed = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !"(©@".contains(c));
    trimmed.to_owned()
}

fn is_offer(block: &Block) -> bool {
    let said = said(block);
    OFFERS.iter().any(|offer| said.starts_with(offer))
}

fn ends_sentence(block: &Block) -> bool {
    let end = block
        .text
        .trim_end_matches(['"', '”', '’', '\'', ')', '»', '」', '』', ']']);
    end.ends_with([
        '.', '!', '?', '…', ':', '。', '！', '？', '；', '।', '۔', '؟', ';',
    ])
}

/// Enough of a sentence to be the article’s own.
fn is_prose(block: &Block) -> bool {
    let chars = block.chars();
    let is_wide = block
        .text
        .chars()
        .take(40)
        .filter(|c| *c >= '\u{2E80}')
        .count()
        > 15;
    let least = if is_wide { 25 } else { 80 };
    block.link_share() < 0.5 && (chars >= least || (chars >= least / 2 && ends_sentence(block)))
}

/// A line that only says when, by whom or where in the site.
fn is_dateline(block: &Block) -> bool {
    let said = said(block);
    let chars = block.chars();
    let has_year = said
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")));
    let names_time = [
        "updated",
        "published",
        "posted",
        "min read",
        "minute read",
        "ago",
        "last modified",
        "aktualisiert",
        "veröffentlicht",
        "publié",
        "mis à jour",
        "publicado",
        "actualizado",
        "pubblicato",
    ]
    .iter()
    .any(|word| said.contains(word));
    let names_author = [
        "by ",
        "von ",
        "par ",
        "por ",
        "di ",
        "written by",
        "reviewed by",
        "edited by",
        "reported by",
    ]
    .iter()
    .any(|word| said.starts_with(word) || said == word.trim());
    chars < 120
        && !ends_sentence(block)
        && (names_author && chars < 80 || (has_year || names_time) && chars < 90)
}

/// The article’s lines without those that surround it.
pub(super) fn trimmed(blocks: Vec<Block>) -> Vec<Block> {
    let mut keep: Vec<bool> = blocks.iter().map(|block| !is_left_out(block)).collect();
    leave_out_link_runs(&blocks, &mut keep);
    leave_out_other_articles(&blocks, &mut keep);
    leave_out_repeats(&blocks, &mut keep);
    leave_out_head(&blocks, &mut keep);
    leave_out_tail(&blocks, &mut keep);
    let kept = blocks.iter().zip(&keep);
    // A page of nothing but such lines is kept whole: something was misjudged.
    let chars = |only_kept: bool| -> usize {
        let taken = kept.clone().filter(|(_, keep)| **keep || !only_kept);
        taken.map(|(block, _)| block.text.len()).sum()
    };
    if chars(true) * 3 < chars(false) {
        return blocks;
    }
    let kept: Vec<Block> = kept
        .filter(|(_, keep)| **keep)
        .map(|(b, _)| b.clone())
        .collect();
    kept
}

/// Lines that are none of the article’s wherever they stand.
fn is_left_out(block: &Block) -> bool {
    let chars = block.chars();
    if is_offer(block) {
        return chars < 60 && !ends_sentence(block)
            || block.link_share() > 0.4 && chars < 250
            || chars < 160 && block.kind == BlockKind::Heading;
    }
    false
}

/// Runs of three and more lines that are nothing but links, with the heading above them.
fn leave_out_link_runs(blocks: &[Block], keep: &mut [bool]) {
    let is_link = |block: &Block| block.link_share() > 0.8 && block.chars() < 200;
    let mut at = 0;
    while at < blocks.len() {
        let run = blocks.iter().skip(at).take_while(|b| is_link(b)).count();
        let heading = at
            .checked_sub(1)
            .and_then(|i| blocks.get(i).map(|b| (i, b)));
        let has_offer =
            heading.is_some_and(|(i, b)| is_offer(b) || !keep.get(i).copied().unwrap_or(true));
        let is_announced =
            heading.is_some_and(|(_, b)| is_prose(b) || b.text.ends_with([':', '：']));
        if (run >= 3 && !is_announced) || (run > 0 && has_offer) {
            for k in keep.iter_mut().skip(at).take(run) {
                *k = false;
            }
            if let Some((i, _)) = heading.filter(|(_, b)| {
                b.kind == BlockKind::Heading || b.chars() < 40 && !ends_sentence(b)
            }) && let Some(k) = keep.get_mut(i)
            {
                *k = false;
            }
        }
        at += run.max(1);
    }
}

/// Begins of headings over other articles.
const OTHERS: &[&str] = &[
    "also in the news",
    "in other news",
    "related",
    "more from",
    "more news",
    "more stories",
    "you may also like",
    "you might also like",
    "you may like",
    "recommended",
    "read next",
    "what to read next",
    "latest news",
    "top stories",
    "most read",
    "das könnte",
    "mehr zum thema",
    "weitere artikel",
    "meistgelesen",
    "auch interessant",
    "sur le même",
    "à lire aussi",
    "les plus lus",
    "noticias relacionadas",
    "te puede interesar",
    "lo más leído",
    "leggi anche",
    "potrebbe interessarti",
    "leia também",
    "veja também",
    "lees ook",
    "meest gelezen",
    "zobacz także",
    "czytaj także",
    "читайте также",
    "相关新闻",
    "相关阅读",
    "推荐阅读",
    "関連記事",
    "관련기사",
];

/// What follows a heading over other articles at the end: their headlines, days and summaries.
fn leave_out_other_articles(blocks: &[Block], keep: &mut [bool]) {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for block in blocks.iter().filter(|block| block.chars() < 40) {
        *times.entry(block.text.as_str()).or_default() += 1;
    }
    let is_repeated = |block: &Block| times.get(block.text.as_str()).is_some_and(|n| *n >= 3);
    let mut chars = 0;
    for (at, block) in blocks.iter().enumerate() {
        let is_heading = chars > 400 && block.chars() < 60 && !ends_sentence(block);
        chars += block.chars();
        if !is_heading || !OTHERS.iter().any(|begin| said(block).starts_with(begin)) {
            continue;
        }
        let rest = blocks.get(at + 1..).unwrap_or_default();
        let is_of_card = |block: &&Block| {
            block.kind != BlockKind::ListItem
                && (block.link_share() > 0.8 || is_dateline(block) || is_repeated(block))
        };
        let cards = rest.iter().filter(is_of_card).count();
        let is_own = |block: &Block| block.chars() > 350 && block.link_share() < 0.3;
        if cards >= 3 && cards * 3 >= rest.len() && !rest.iter().any(is_own) {
            keep.iter_mut().skip(at).for_each(|keep| *keep = false);
            return;
        }
    }
}

/// Long lines that were there before: pages carry some twice, for wide and narrow screens.
fn leave_out_repeats(blocks: &[Block], keep: &mut [bool]) {
    let mut seen = std::collections::HashSet::new();
    for (block, keep) in blocks.iter().zip(keep) {
        if block.text.len() > 250 && !seen.insert(block.text.as_str()) {
            *keep = false;
        }
    }
}

/// What stands above the first sentence: dates, names, the path through the site.
fn leave_out_head(blocks: &[Block], keep: &mut [bool]) {
    let Some(first) = blocks
        .iter()
        .position(is_prose)
        .filter(|first| *first <= 14)
    else {
        return;
    };
    for (block, keep) in blocks.iter().zip(keep.iter_mut()).take(first) {
        let is_short = block.chars() < 40 && !ends_sentence(block);
        if is_dateline(block) || is_short || block.link_share() > 0.5 {
            *keep = false;
        }
    }
}

/// What stands below the last sentence.
fn leave_out_tail(blocks: &[Block], keep: &mut [bool]) {
    for (block, keep) in blocks.iter().zip(keep.iter_mut()).rev() {
        if !*keep {
            continue;
        }
        let said = said(block);
        let is_notice = [
            "©",
            "copyright",
            "all rights reserved",
            "subscribe",
            "newsletter",
            "follow us",
            "sign up",
        ]
        .iter()
        .any(|word| said.contains(word))
            && block.chars() < 300;
        let is_short = block.chars() < 50
            && !ends_sentence(block)
            && block.kind != BlockKind::Row
            && block.kind != BlockKind::ListItem;
        if is_notice
            || is_dateline(block)
            || is_short
            || block.link_share() > 0.5
            || is_offer(block)
        {
            *keep = false;
        } else {
            return;
        }
    }
}
