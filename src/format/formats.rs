//! The table of dataset formats. The export dialog, the command line, `pressmark formats` and the
//! README read it.

use super::export as e;
use super::export::{ProveDataset, WriteDataset};
use super::readers::reader_named;
use super::reading::Reader;

/// Everything known about one dataset format.
#[derive(Debug)]
pub struct Format {
    /// What `--format` takes.
    pub name: &'static str,
    /// Other names that `--format` takes.
    pub aliases: &'static [&'static str],
    pub title: &'static str,
    pub group: FormatGroup,
    pub shape: Shape,
    pub offset_unit: &'static str,
    /// Who reads it, in a few words.
    pub read_by: &'static str,
    /// What it can carry, in a sentence without its first word.
    pub carries: &'static str,
    /// What it cannot.
    pub loses: &'static str,
    /// What else can be chosen for it.
    pub choices: &'static [Choice],
    pub write: WriteDataset,
    pub prove: ProveDataset,
    /// The writer makes the parts of a split itself.
    pub splits_itself: bool,
    /// The name of its reader in the table of readers; empty for none.
    pub reader: &'static str,
}

/// Who a format is mostly for; the dialog lists them so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormatGroup {
    Reading,
    Analysis,
    Annotation,
    Training,
    Exchange,
}

impl FormatGroup {
    pub fn title(self) -> &'static str {
        match self {
            Self::Reading => "To read and publish",
            Self::Analysis => "Spreadsheets and qualitative analysis",
            Self::Annotation => "Other annotation tools",
            Self::Training => "Training and evaluation",
            Self::Exchange => "Exchange and archiving",
        }
    }
}

/// What lies on the disk afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One file with this ending.
    File { extension: &'static str },
    /// A folder, or a .zip with the same files. `main` is the file that can be had alone, by an
    /// output with its ending; empty for none.
    Folder { main: &'static str },
}

/// An option that only some formats have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The whole texts may stay at home.
    Texts,
    Tokens,
    Overlap,
    Semicolons,
    Crlf,
    PartitionBy,
}

impl Format {
    pub fn reader(&self) -> Option<&'static Reader> {
        reader_named(self.reader)
    }

    /// The ending of a file, or of the archive that takes the folder's place.
    pub fn extension(&self) -> &'static str {
        match self.shape {
            Shape::File { extension } => extension,
            Shape::Folder { .. } => "zip",
        }
    }

    /// “.jsonl”, or “folder or .zip”.
    pub fn output(&self) -> String {
        match self.shape {
            Shape::File { extension } => format!(".{extension}"),
            Shape::Folder { .. } => "folder or .zip".to_owned(),
        }
    }

    pub fn has(&self, choice: Choice) -> bool {
        self.choices.contains(&choice)
    }
}

pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .find(|format| format.name == name || format.aliases.contains(&name))
}

/// The table as Markdown, for the README.
pub fn markdown_table() -> String {
    let mut table = "| format (`-f`) | makes | read back | for | carries | does not carry | offsets |\n|---|---|---|---|---|---|---|\n".to_owned();
    for format in FORMATS {
        let back = if format.reader.is_empty() {
            "no"
        } else {
            "yes"
        };
        table.push_str(&format!(
            "| {} (`{}`) | {} | {back} | {} | {} | {} | {} |\n",
            format.title,
            format.name,
            format.output(),
            format.read_by,
            format.carries,
            format.loses,
            format.offset_unit
        ));
    }
    table
}

pub const FORMATS: &[Format] = &[
    Format {
        name: "jsonl",
        aliases: &["json-lines"],
        title: "JSON Lines",
        group: FormatGroup::Training,
        shape: Shape::File { extension: "jsonl" },
        offset_unit: "Unicode code points",
        read_by: "Python, R, and Pressmark itself",
        carries: "articles with metadata, annotations with fragments, attributes, links, notes, annotators and status",
        loses: "the codebook, the trash and what is known of people besides their names",
        choices: &[Choice::Texts],
        write: e::jsonl::write,
        prove: e::jsonl::prove,
        splits_itself: false,
        reader: "jsonl",
    },
    Format {
        name: "xlsx",
        aliases: &["excel"],
        title: "Excel workbook",
        group: FormatGroup::Analysis,
        shape: Shape::File { extension: "xlsx" },
        offset_unit: "Unicode code points",
        read_by: "Excel, LibreOffice, Google Sheets, pandas",
        carries: "spans highlighted in their sentence, articles with texts and metadata, the codebook and a summary; attributes, links, notes, annotators",
        loses: "history and trash; a text over 32,767 characters goes on in further columns",
        choices: &[Choice::Texts],
        write: e::xlsx::write,
        prove: e::xlsx::prove,
        splits_itself: false,
        reader: "workbook-spans",
    },
    Format {
        name: "csv",
        aliases: &["table"],
        title: "CSV for spreadsheets and statistics",
        group: FormatGroup::Analysis,
        shape: Shape::Folder { main: "spans.csv" },
        offset_unit: "Unicode code points",
        read_by: "Excel, R, pandas, DuckDB, SPSS",
        carries: "one row per fragment with its text, attributes, links, note and annotator; articles with texts and metadata; the codebook",
        loses: "history and trash; a cell that Excel would run as a formula gets an apostrophe before it",
        choices: &[Choice::Texts, Choice::Semicolons],
        write: e::csv::write,
        prove: e::csv::prove,
        splits_itself: false,
        reader: "csv-spans",
    },
    Format {
        name: "qdpx",
        aliases: &["refi-qda", "refiqda"],
        title: "REFI-QDA project",
        group: FormatGroup::Analysis,
        shape: Shape::File { extension: "qdpx" },
        offset_unit: "Unicode code points, the end exclusive as QualCoder has it",
        read_by: "MAXQDA, ATLAS.ti, NVivo, QualCoder",
        carries: "codes with colours and definitions, codings with their coder, time and memo, links, articles with metadata",
        loses: "discontinuous annotations, which are one coding for each fragment; attributes stand as lines of the memo",
        choices: &[Choice::Crlf],
        write: e::refi_qda::write,
        prove: e::refi_qda::prove,
        splits_itself: false,
        reader: "refi-qda",
    },
    Format {
        name: "html",
        aliases: &["report", "page"],
        title: "Web page to read and print",
        group: FormatGroup::Reading,
        shape: Shape::File { extension: "html" },
        offset_unit: "Unicode code points",
        read_by: "any browser, without network and scripts",
        carries: "articles as people read them, annotations with labels, attributes, notes, links and annotators",
        loses: "history and status; of the metadata only outlet, author, date and address",
        choices: &[],
        write: e::html::write,
        prove: e::html::prove,
        splits_itself: false,
        reader: "html-report",
    },
    Format {
        name: "parquet",
        aliases: &["huggingface", "hf"],
        title: "Parquet in the Hugging Face layout",
        group: FormatGroup::Training,
        shape: Shape::Folder { main: "" },
        offset_unit: "Unicode code points",
        read_by: "datasets, pandas, Polars, DuckDB, Spark",
        carries: "articles with metadata and spans with labels, attributes, links, notes, annotators; a dataset card; folders by a metadata field",
        loses: "history and trash; the codebook stands in the card",
        choices: &[Choice::Texts, Choice::PartitionBy],
        write: e::parquet::write,
        prove: e::parquet::prove,
        splits_itself: true,
        reader: "parquet-spans",
    },
    Format {
        name: "labelstudio",
        aliases: &["label-studio"],
        title: "Label Studio tasks",
        group: FormatGroup::Annotation,
        shape: Shape::Folder { main: "" },
        offset_unit: "Unicode code points",
        read_by: "Label Studio, with its configuration",
        carries: "regions with labels, attributes and notes, relations, an annotation for each annotator, metadata",
        loses: "discontinuous annotations, which are regions that continue each other; links between two annotators’ work",
        choices: &[],
        write: e::label_studio::write,
        prove: e::label_studio::prove,
        splits_itself: false,
        reader: "label-studio",
    },
    Format {
        name: "brat",
        aliases: &[],
        title: "brat standoff",
        group: FormatGroup::Annotation,
        shape: Shape::Folder { main: "" },
        offset_unit: "Unicode code points",
        read_by: "brat, and what reads its files",
        carries: "labels, discontinuous and overlapping annotations, attributes, links, notes, annotators, with its configuration; metadata in articles.tsv",
        loses: "line breaks within an annotation, at which it is cut, and at its edges; tabs in notes; labels are written in a safe form",
        choices: &[],
        write: e::brat::write,
        prove: e::brat::prove,
        splits_itself: false,
        reader: "brat",
    },
    Format {
        name: "doccano",
        aliases: &[],
        title: "doccano JSON Lines",
        group: FormatGroup::Annotation,
        shape: Shape::File { extension: "jsonl" },
        offset_unit: "Unicode code points",
        read_by: "doccano; turn on “allow overlapping spans”, or it drops all but the first",
        carries: "spans with labels, metadata; attributes, notes and annotators as metadata of the article",
        loses: "discontinuous annotations, which are one span for each fragment; links (see doccano-rel)",
        choices: &[],
        write: e::doccano::write,
        prove: e::doccano::prove,
        splits_itself: false,
        reader: "doccano",
    },
    Format {
        name: "doccano-rel",
        aliases: &["doccano-relations"],
        title: "doccano JSON Lines with relations",
        group: FormatGroup::Annotation,
        shape: Shape::File { extension: "jsonl" },
        offset_unit: "Unicode code points",
        read_by: "doccano projects with relations; turn on “allow overlapping spans”",
        carries: "spans with labels, relations, metadata; attributes, notes and annotators as metadata of the article",
        loses: "discontinuous annotations, which are one span for each fragment",
        choices: &[],
        write: e::doccano::write_relations,
        prove: e::doccano::prove,
        splits_itself: false,
        reader: "doccano",
    },
    Format {
        name: "inlinexml",
        aliases: &["inline-xml"],
        title: "Inline XML",
        group: FormatGroup::Exchange,
        shape: Shape::Folder { main: "" },
        offset_unit: "none: marks stand in the text",
        read_by: "anything that reads XML",
        carries: "the text with empty elements where annotations begin and end, so that they may overlap; labels, attributes, links, notes, annotators",
        loses: "metadata besides outlet, author, date, address, language and section",
        choices: &[],
        write: e::inline_xml::write,
        prove: e::inline_xml::prove,
        splits_itself: false,
        reader: "inline-xml",
    },
    Format {
        name: "markdown",
        aliases: &["md"],
        title: "Markdown",
        group: FormatGroup::Reading,
        shape: Shape::Folder { main: "" },
        offset_unit: "none: marks stand in the text",
        read_by: "note-taking programs, wikis, repositories",
        carries: "each article with its annotated words marked and numbered, and a list with labels, attributes, links, notes and annotators",
        loses: "offsets, and metadata besides outlet, author, date and address; it is for reading and not read back by Pressmark",
        choices: &[],
        write: e::markdown::write,
        prove: e::markdown::prove,
        splits_itself: false,
        reader: "",
    },
    Format {
        name: "claimreview",
        aliases: &["claim-review"],
        title: "ClaimReview drafts",
        group: FormatGroup::Reading,
        shape: Shape::File {
            extension: "jsonld",
        },
        offset_unit: "none",
        read_by: "a fact-checking desk’s publishing system",
        carries: "claims with a verdict (attribute verdict, rating, truthfulness or veracity), who made them, where and when, and the note; a draft, with places for the desk’s name and address",
        loses: "everything that has no verdict, and where in the article it stands",
        choices: &[],
        write: e::claim_review::write,
        prove: e::claim_review::prove,
        splits_itself: false,
        reader: "",
    },
    Format {
        name: "prodigy",
        aliases: &["spacy"],
        title: "Prodigy and spaCy JSON Lines",
        group: FormatGroup::Training,
        shape: Shape::File { extension: "jsonl" },
        offset_unit: "Unicode code points; tokens cut at the edges of spans",
        read_by: "spaCy (span categoriser), Prodigy",
        carries: "overlapping spans with tokens, attributes, links, notes and annotators as own keys, metadata",
        loses: "discontinuous annotations, which are one span for each fragment",
        choices: &[Choice::Tokens],
        write: e::prodigy::write,
        prove: e::prodigy::prove,
        splits_itself: false,
        reader: "prodigy",
    },
    Format {
        name: "conll",
        aliases: &["iob2", "bilou"],
        title: "CoNLL columns, IOB2 and BILOU",
        group: FormatGroup::Training,
        shape: Shape::Folder { main: "" },
        offset_unit: "none: tokens in order",
        read_by: "sequence taggers, seqeval, spaCy’s converter",
        carries: "tokens and one tag each, in both schemes; labels in a safe form",
        loses: "overlaps (a policy chooses), attributes, links, notes, annotators, metadata, white space",
        choices: &[Choice::Tokens, Choice::Overlap],
        write: e::conll::write,
        prove: e::conll::prove,
        splits_itself: false,
        reader: "conll",
    },
    Format {
        name: "webanno",
        aliases: &["webanno-tsv"],
        title: "WebAnno TSV 3.3",
        group: FormatGroup::Annotation,
        shape: Shape::Folder { main: "" },
        offset_unit: "UTF-16 code units",
        read_by: "WebAnno, INCEpTION",
        carries: "labels as named entities, overlapping and stacked",
        loses: "titles, attributes, links, notes, annotators, metadata; discontinuous annotations, which are one span for each fragment; a text ends with a line break",
        choices: &[Choice::Tokens],
        write: e::webanno::write,
        prove: e::webanno::prove,
        splits_itself: false,
        reader: "webanno",
    },
    Format {
        name: "xmi",
        aliases: &["uima-xmi"],
        title: "UIMA CAS XMI",
        group: FormatGroup::Annotation,
        shape: Shape::Folder { main: "" },
        offset_unit: "UTF-16 code units",
        read_by: "INCEpTION, Apache UIMA, dkpro-cassis",
        carries: "spans with attributes, notes and annotators, links as relations, title, id, address, with the type system",
        loses: "discontinuous annotations, which are one span for each fragment; further metadata",
        choices: &[],
        write: e::uima::write_xmi,
        prove: e::uima::prove_xmi,
        splits_itself: false,
        reader: "xmi",
    },
    Format {
        name: "casjson",
        aliases: &["cas-json"],
        title: "UIMA CAS JSON",
        group: FormatGroup::Annotation,
        shape: Shape::Folder { main: "" },
        offset_unit: "UTF-16 code units",
        read_by: "INCEpTION, dkpro-cassis",
        carries: "spans with attributes, notes and annotators, links as relations, title, id, address, with its types",
        loses: "discontinuous annotations, which are one span for each fragment; further metadata",
        choices: &[],
        write: e::uima::write_json,
        prove: e::uima::prove_json,
        splits_itself: false,
        reader: "cas-json",
    },
    Format {
        name: "gatexml",
        aliases: &["gate"],
        title: "GATE XML",
        group: FormatGroup::Annotation,
        shape: Shape::Folder { main: "" },
        offset_unit: "UTF-16 code units as node ids",
        read_by: "GATE, gatenlp",
        carries: "spans with attributes, links, notes and annotators as features, metadata",
        loses: "discontinuous annotations, which are one span for each fragment",
        choices: &[],
        write: e::gate::write,
        prove: e::gate::prove,
        splits_itself: false,
        reader: "gate-xml",
    },
    Format {
        name: "ptc",
        aliases: &["semeval"],
        title: "PTC (SemEval-2020 task 11)",
        group: FormatGroup::Training,
        shape: Shape::Folder { main: "" },
        offset_unit: "Unicode code points",
        read_by: "propaganda detection tools and the task’s scorer",
        carries: "labels in a safe form, overlapping",
        loses: "titles, attributes, links, notes, annotators, metadata; articles are numbered, and id-map says which is which; discontinuous annotations, which are one span for each fragment",
        choices: &[],
        write: e::ptc::write,
        prove: e::ptc::prove,
        splits_itself: false,
        reader: "ptc",
    },
    Format {
        name: "w3c",
        aliases: &["webannotation", "web-annotation"],
        title: "W3C Web Annotations",
        group: FormatGroup::Exchange,
        shape: Shape::Folder { main: "" },
        offset_unit: "Unicode code points, with quotations",
        read_by: "annotation clients and archives of the web",
        carries: "discontinuous and overlapping annotations, attributes, links, notes, annotators, times, with the texts beside",
        loses: "titles and metadata besides the address; Pressmark reads the roles of links back as linked",
        choices: &[Choice::Texts],
        write: e::web_annotation::write,
        prove: e::web_annotation::prove,
        splits_itself: false,
        reader: "web-annotation",
    },
    Format {
        name: "tei",
        aliases: &["tei-p5"],
        title: "TEI P5 standoff",
        group: FormatGroup::Exchange,
        shape: Shape::Folder { main: "" },
        offset_unit: "none: anchors stand in the text",
        read_by: "archives and editions",
        carries: "overlapping annotations with attributes, links, notes, annotators and times, title, author, outlet, date, address, language",
        loses: "discontinuous annotations, which are one span for each fragment and point to each other; further metadata",
        choices: &[],
        write: e::tei::write,
        prove: e::tei::prove,
        splits_itself: false,
        reader: "tei",
    },
];
