//! What the columns of tables are called, in the languages that tables are most made in: of articles,
//! and of annotations.

use crate::format::reading::dates::parse_date;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Names of the column with the text, surest first.
pub(crate) const TEXT: &[&str] = &[
    "text",
    "fulltext",
    "full text",
    "full_text",
    "articletext",
    "article_text",
    "maintext",
    "body_text",
    "article_body",
    "body",
    "content_text",
    "text_content",
    "story_text",
    "selftext",
    "content",
    "contents",
    "article",
    "story",
    "plaintext",
    "raw_text",
    "volltext",
    "artikeltext",
    "inhalt",
    "texte",
    "contenu",
    "corps",
    "texto",
    "contenido",
    "cuerpo",
    "conteudo",
    "conteúdo",
    "testo",
    "contenuto",
    "tekst",
    "treść",
    "текст",
    "содержание",
    "正文",
    "内容",
    "全文",
    "本文",
    "본문",
    "content_html",
    "body_html",
    "transcript",
    "lead_paragraph",
    "text_entities",
    "message",
    "description",
    "tweet",
    "comment",
    "abstract",
    "snippet",
    "opening_text",
    "hit_sentence",
];
/// How many of the last names of [`TEXT`] may also be those of what only tells of a text.
pub(crate) const FEEBLE: usize = 8;
pub(crate) const TITLE: &[&str] = &[
    "title",
    "headline",
    "heading",
    "article_title",
    "titel",
    "überschrift",
    "schlagzeile",
    "titre",
    "título",
    "titulo",
    "titular",
    "titolo",
    "tytuł",
    "заголовок",
    "标题",
    "題名",
    "タイトル",
    "제목",
    "subject",
    "hed",
    "web_title",
];
pub(crate) const ID: &[&str] = &[
    "id",
    "article_id",
    "articleid",
    "doc_id",
    "docid",
    "document_id",
    "uid",
    "guid",
    "_id",
    "row name",
];
/// Names of further columns, and the key that they become.
pub(crate) const FIELDS: &[(&str, &[&str])] = &[
    (
        "published",
        &[
            "date",
            "published",
            "publication_date",
            "publication date",
            "pub_date",
            "pubdate",
            "publish_date",
            "published_at",
            "date_published",
            "datepublished",
            "datum",
            "veröffentlicht",
            "date de publication",
            "fecha",
            "data",
            "дата",
            "日期",
            "发布时间",
            "날짜",
            "timestamp",
            "created_at",
            "datetime",
            "date_publish",
            "web_publication_date",
            "first_publication_date",
            "created_time",
            "created_utc",
            "seen_date",
            "date_unixtime",
        ],
    ),
    (
        "outlet",
        &[
            "outlet",
            "source",
            "publisher",
            "publication",
            "newspaper",
            "medium",
            "media",
            "site",
            "site_name",
            "source_name",
            "quelle",
            "zeitung",
            "journal",
            "fuente",
            "periódico",
            "fonte",
            "testata",
            "источник",
            "来源",
            "媒体",
            "언론사",
            "media_name",
            "publication_name",
            "outlet_name",
            "hostname",
            "source_domain",
            "domain",
        ],
    ),
    (
        "author",
        &[
            "author",
            "authors",
            "byline",
            "writer",
            "creator",
            "autor",
            "autoren",
            "verfasser",
            "auteur",
            "auteurs",
            "autore",
            "автор",
            "作者",
            "記者",
            "기자",
        ],
    ),
    (
        "url",
        &[
            "url",
            "link",
            "href",
            "address",
            "web_url",
            "article_url",
            "permalink",
            "adresse",
            "enlace",
            "链接",
        ],
    ),
    (
        "language",
        &["language", "lang", "sprache", "langue", "idioma", "lingua"],
    ),
    (
        "section",
        &[
            "section",
            "section_name",
            "category",
            "rubrik",
            "ressort",
            "rubrique",
            "sección",
            "seccion",
            "sezione",
            "desk",
            "topic",
        ],
    ),
    ("page", &["page", "pages", "seite", "página", "pagina"]),
];

/// Whether a column is called as those of articles are.
pub(crate) fn is_known(name: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let fields = FIELDS.iter().map(|(_, list)| *list);
        all_squeezed(fields.chain([TEXT, TITLE, ID]))
    });
    name.len() <= LONGEST && KNOWN.contains(&squeezed(name))
}

/// Whether a column is called as those with texts are.
pub(crate) fn is_of_text(name: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| all_squeezed([TEXT].into_iter()));
    name.len() <= LONGEST && KNOWN.contains(&squeezed(name))
}

/// Nothing longer is the name of a column that is known, in bytes.
const LONGEST: usize = 60;

fn all_squeezed<'a>(lists: impl Iterator<Item = &'a [&'a str]>) -> HashSet<String> {
    lists.flatten().map(|name| squeezed(name)).collect()
}

/// A name however its words are joined: `Pub Date`, `pub_date`, `pubDate`.
pub(crate) fn squeezed(name: &str) -> String {
    let name = folded(name);
    name.chars().filter(|c| !matches!(c, '_' | ' ')).collect()
}

pub(crate) fn folded(name: &str) -> String {
    name.trim()
        .trim_matches('\u{FEFF}')
        .to_lowercase()
        .replace('-', "_")
}

pub(crate) const START: &[&str] = &[
    "start",
    "begin",
    "start_offset",
    "start_char",
    "char_start",
    "begin_offset",
    "offset_start",
    "span_start",
    "begin_char",
    "start_index",
    "start_idx",
];
pub(crate) const END: &[&str] = &[
    "end",
    "stop",
    "end_offset",
    "end_char",
    "char_end",
    "offset_end",
    "span_end",
    "end_index",
    "end_idx",
];
pub(crate) const LABEL: &[&str] = &[
    "label",
    "labels",
    "span_label",
    "annotation_label",
    "tag",
    "category",
    "code",
    "type",
    "entity",
    "entity_type",
    "technique",
    "class",
];
pub(crate) const ARTICLE: &[&str] = &[
    "article",
    "article_id",
    "articleid",
    "doc",
    "doc_id",
    "docid",
    "document",
    "document_id",
    "text_id",
    "file",
    "filename",
    "file_name",
    "document_name",
];
pub(crate) const ANNOTATION: &[&str] = &[
    "annotation",
    "annotation_id",
    "span_id",
    "ann_id",
    "entity_id",
];
pub(crate) const COVERED: &[&str] = &[
    "span_text",
    "covered_text",
    "covered",
    "text_span",
    "quote",
    "exact",
    "mention",
    "span",
    "surface",
    "segment",
    "string",
    "phrase",
];
pub(crate) const WHOLE: &[&str] = &[
    "article_text",
    "full_text",
    "fulltext",
    "document_text",
    "doc_text",
    "content",
    "body",
    "context",
    "sentence",
];
pub(crate) const ANNOTATOR: &[&str] =
    &["annotator", "annotator_id", "coder", "annotated_by", "user"];
pub(crate) const NOTE: &[&str] = &["note", "notes", "comment", "comments", "memo"];
pub(crate) const MADE: &[&str] = &["created", "created_at", "made", "annotated_at", "timestamp"];
pub(crate) const CHANGED: &[&str] = &["changed", "changed_at", "modified", "updated", "updated_at"];
pub(crate) const LINKED: &[&str] = &["linked_span", "linked", "linked_to", "link", "link_to"];
/// Columns of the article rather than the annotation, as long as they say one thing of it.
pub(crate) const OF_ARTICLE: &[&str] = &[
    "title",
    "headline",
    "outlet",
    "source",
    "publisher",
    "author",
    "published",
    "date",
    "url",
    "language",
    "section",
];

/// A column's place by the names that it may have, surest first.
pub(crate) fn named(names: &[String], wanted: &[&str]) -> Option<usize> {
    wanted
        .iter()
        .find_map(|wanted| names.iter().position(|name| name == wanted))
}

/// Whether columns give offsets of something labelled.
pub(crate) fn has_offsets(names: &[String]) -> bool {
    [START, END, LABEL]
        .iter()
        .all(|wanted| named(names, wanted).is_some())
}

pub(crate) fn all_folded(names: &[String]) -> Vec<String> {
    names.iter().map(|name| folded(name)).collect()
}

/// A field as articles have it: dates in one form, and addresses as such whatever they are called.
pub(crate) fn metadata_field(key: &str, value: &str) -> (String, String) {
    let value = value.trim();
    let is_address = value.starts_with("http://") || value.starts_with("https://");
    match key {
        "published" => {
            let date = parse_date(value).unwrap_or_else(|| value.to_owned());
            ("published".to_owned(), date)
        }
        "outlet" | "source" if is_address => ("url".to_owned(), value.to_owned()),
        key => (key.to_owned(), value.to_owned()),
    }
}
