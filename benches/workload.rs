//! News-like texts and annotations of any size, the same for the same seed.

#![expect(clippy::indexing_slicing, reason = "a generator may stop")]

use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::Article;
use pressmark::core::project::{Annotator, Project, ProjectParts};
use pressmark::core::text::segment::{grapheme_ceil, grapheme_floor};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use std::sync::Arc;

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.draw() % n.max(1) as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "the",
    "minister",
    "said",
    "council",
    "budget",
    "would",
    "report",
    "river",
    "in",
    "of",
    "to",
    "and",
    "a",
    "on",
    "for",
    "city",
    "police",
    "after",
    "that",
    "court",
    "found",
    "people",
    "election",
    "company",
    "million",
    "percent",
    "yesterday",
    "naïve",
    "café",
    "Müller",
    "with",
    "government",
    "spokeswoman",
    "against",
    "health",
    "new",
    "were",
    "is",
    "was",
    "by",
    "from",
];

/// Words of other scripts, and what stands between them.
pub const SCRIPTS: &[(&str, &[&str], &str)] = &[
    (
        "Arabic",
        &[
            "قال",
            "الوزير",
            "إن",
            "الميزانية",
            "الجديدة",
            "لا",
            "تكفي",
            "في",
            "المدينة",
            "بعد",
            "الانتخابات",
            "الشركة",
            "Reuters",
            "2024",
            "على",
            "من",
            "المحكمة",
            "أمس،",
        ],
        " ",
    ),
    (
        "Hebrew",
        &[
            "אמר",
            "השר",
            "כי",
            "התקציב",
            "החדש",
            "לא",
            "יספיק",
            "בעיר",
            "אחרי",
            "הבחירות",
            "החברה",
            "Reuters",
            "2024",
            "על",
            "מן",
            "בית",
            "המשפט",
            "אתמול,",
        ],
        " ",
    ),
    (
        "Thai",
        &[
            "รัฐมนตรี",
            "กล่าว",
            "ว่า",
            "งบประมาณ",
            "ใหม่",
            "ไม่",
            "เพียงพอ",
            "ใน",
            "เมือง",
            "หลัง",
            "การเลือกตั้ง",
            "บริษัท",
            "ประชาชน",
            "เมื่อวาน",
        ],
        "",
    ),
    (
        "Japanese",
        &[
            "大臣",
            "は",
            "予算",
            "が",
            "足りない",
            "と",
            "述べた",
            "選挙",
            "の",
            "後",
            "会社",
            "、",
            "東京",
            "で",
            "昨日",
            "裁判所",
            "。",
        ],
        "",
    ),
];

/// Prose of about `bytes` bytes; `paragraph_bytes` a paragraph, with blank lines between them.
pub fn prose(bytes: usize, paragraph_bytes: usize, seed: u64) -> String {
    prose_in(WORDS, " ", bytes, paragraph_bytes, seed)
}

pub fn prose_in(
    vocabulary: &[&str],
    between: &str,
    bytes: usize,
    paragraph_bytes: usize,
    seed: u64,
) -> String {
    let mut random = Random(seed);
    let mut text = String::with_capacity(bytes + 64);
    let mut paragraph = 0;
    while text.len() < bytes {
        let quoted = random.below(6) == 0;
        let words = 6 + random.below(18);
        let before = text.len();
        if quoted {
            text.push('“');
        }
        for i in 0..words {
            let word = vocabulary[random.below(vocabulary.len())];
            if i == 0 {
                let mut chars = word.chars();
                text.extend(chars.next().map(|c| c.to_uppercase().to_string()));
                text.push_str(chars.as_str());
            } else {
                text.push_str(between);
                text.push_str(word);
            }
        }
        text.push('.');
        if quoted {
            text.push('”');
        }
        paragraph += text.len() - before;
        if paragraph > paragraph_bytes {
            text.push_str("\n\n");
            paragraph = 0;
        } else {
            text.push(' ');
        }
    }
    text
}

/// `count` annotations of 5 to 300 characters in three labels, about a fifth of them overlapping.
pub fn annotations(text: &ArticleText, count: usize, seed: u64, prefix: &str) -> Vec<Annotation> {
    let mut random = Random(seed ^ 0xA11C_E5ED);
    let length = text.len_bytes();
    let step = (length / count.max(1)).max(6);
    (0..count)
        .map(|i| {
            let overlaps = i % 5 == 0;
            let from = (i * step).min(length.saturating_sub(8)) + random.below(step / 4 + 1);
            let longest = if overlaps {
                300
            } else {
                (step * 3 / 4).clamp(6, 300)
            };
            let size = 5 + random.below(longest - 4);
            let start = grapheme_floor(text, BytePos(from.min(length - 6) as u32));
            let end = grapheme_ceil(text, BytePos((from + size).min(length) as u32));
            let label = ["quote", "claim", "promo"][random.below(3)];
            Annotation::new(
                format!("{prefix}-{i:06}").as_str().into(),
                "bench".into(),
                label.into(),
                ByteRange::new(start, end),
            )
        })
        .filter(|annotation| !annotation.extent().is_empty())
        .collect()
}

/// An article with its annotations.
pub fn article(id: &str, bytes: usize, count: usize, paragraph_bytes: usize, seed: u64) -> Article {
    let text = ArticleText::new(prose(bytes, paragraph_bytes, seed));
    let made = annotations(&text, count, seed, id);
    let mut article = Article::new(id.into(), format!("Article {id}"), text);
    article.annotations = AnnotationSet::from_annotations(made).0;
    article
}

pub fn project_of(articles: Vec<Article>) -> Project {
    Project::from_parts(ProjectParts {
        name: "Workload".to_owned(),
        annotators: vec![Annotator {
            id: "bench".into(),
            name: "bench".to_owned(),
            unknown: Vec::new(),
        }],
        articles: articles.into_iter().map(Arc::new).collect(),
        ..ProjectParts::default()
    })
}

/// Articles of 5 kB with 30 annotations each.
pub fn corpus(articles: usize) -> Project {
    let made = (0..articles).map(|i| article(&format!("a{i:05}"), 5_000, 30, 400, i as u64 + 1));
    project_of(made.collect())
}
