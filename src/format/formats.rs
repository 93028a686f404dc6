//! The table of dataset formats. The export dialog, the command line, `pressmark formats` and the
//! README read it.

pub mod brat;
pub mod claim_review;
pub mod conll;
pub mod csv;
pub mod doccano;
pub mod gate;
pub mod html_report;
pub mod inline_xml;
pub mod jsonl;
pub mod label_studio;
pub mod markdown;
pub mod parquet;
pub mod prodigy;
pub mod ptc;
pub mod refi_qda;
pub mod tei;
pub mod uima;
pub mod web_annotation;
pub mod webanno;
pub mod workbook;

use super::export::options::ExportOptions;
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
    /// What of a project it cannot hold; everything else comes back by its reader.
    pub lacks: &'static [Part],
    /// What is worth knowing besides: what it has that others have not.
    pub adds: &'static str,
    /// How it changes what it holds, and what becomes of what it lacks.
    pub changes: &'static str,
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
    Analysis,
    Reading,
    Training,
    Annotation,
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

/// A part of a project that a dataset may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The texts to the character, white space included.
    Text,
    /// Labels as they are written, rather than in a safe form.
    Labels,
    Overlaps,
    Discontinuous,
    Attributes,
    /// Attributes that are there without a value.
    EmptyAttributes,
    Links,
    Notes,
    Annotators,
    /// When annotations were made and changed.
    Times,
    /// Of annotations and articles.
    Ids,
    Titles,
    Metadata,
    Status,
    ArticleNotes,
    /// Names, definitions and colours of labels.
    Codebook,
}

impl Part {
    pub const ALL: [Self; 16] = [
        Self::Text,
        Self::Labels,
        Self::Overlaps,
        Self::Discontinuous,
        Self::Attributes,
        Self::EmptyAttributes,
        Self::Links,
        Self::Notes,
        Self::Annotators,
        Self::Times,
        Self::Ids,
        Self::Titles,
        Self::Metadata,
        Self::Status,
        Self::ArticleNotes,
        Self::Codebook,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "the exact text",
            Self::Labels => "labels as they are written",
            Self::Overlaps => "overlapping annotations",
            Self::Discontinuous => "discontinuous annotations",
            Self::Attributes => "attributes",
            Self::EmptyAttributes => "attributes without a value",
            Self::Links => "links",
            Self::Notes => "notes",
            Self::Annotators => "annotators",
            Self::Times => "times",
            Self::Ids => "ids",
            Self::Titles => "titles",
            Self::Metadata => "metadata",
            Self::Status => "status",
            Self::ArticleNotes => "notes on articles",
            Self::Codebook => "names, definitions and colours of labels",
        }
    }
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
    /// Layers of its own instead of those that every project has.
    OwnLayer,
    PartitionBy,
}

impl Choice {
    /// What a format with it can do.
    pub fn deed(self) -> &'static str {
        match self {
            Self::Texts => "leave the texts at home",
            Self::Tokens => "be cut into other tokens",
            Self::Overlap => "choose among overlapping annotations",
            Self::Semicolons => "have semicolons between columns",
            Self::Crlf => "have texts with CRLF",
            Self::PartitionBy => "be laid out in folders by metadata",
            Self::OwnLayer => "have layers of its own",
        }
    }
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

    pub fn has_part(&self, part: Part) -> bool {
        !self.lacks.contains(&part)
    }

    /// What it lacks, as far as options change that.
    pub fn lacks_with(&self, options: &ExportOptions) -> &'static [Part] {
        match self.has(Choice::OwnLayer) && options.own_layer {
            true => &[Part::Text],
            false => self.lacks,
        }
    }

    /// What it can carry, in a sentence without its first word.
    pub fn carries(&self) -> String {
        self.carries_with(&ExportOptions::default())
    }

    pub fn carries_with(&self, options: &ExportOptions) -> String {
        const FEW: usize = 4;
        let lacks = self.lacks_with(options);
        let mut names: Vec<&str> = match lacks.len() {
            0 => vec!["articles, annotations and labels whole"],
            1..=FEW => vec!["articles, annotations and labels whole but for what follows"],
            _ => Part::ALL
                .into_iter()
                .filter(|part| !lacks.contains(part))
                .map(Part::name)
                .collect(),
        };
        names.extend(Some(self.adds).filter(|adds| !adds.is_empty()));
        match names.is_empty() {
            true => "labels".to_owned(),
            false => names.join(", "),
        }
    }

    /// What it cannot.
    pub fn loses(&self) -> String {
        self.loses_with(&ExportOptions::default())
    }

    pub fn loses_with(&self, options: &ExportOptions) -> String {
        let lacks = self.lacks_with(options);
        let mut names: Vec<&str> = lacks.iter().map(|part| part.name()).collect();
        // Said by “attributes” already.
        if lacks.contains(&Part::Attributes) {
            names.retain(|name| *name != Part::EmptyAttributes.name());
        }
        match names.is_empty() {
            true => "the codebook’s rules, history and trash, as no dataset does".to_owned(),
            false => names.join(", "),
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
    let mut table = "| format (`-f`) | makes | read back | for | carries | does not carry | by rule | offsets |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    for format in FORMATS {
        let back = if format.reader.is_empty() {
            "no"
        } else {
            "yes"
        };
        table.push_str(&format!(
            "| {} (`{}`) | {} | {back} | {} | {} | {} | {} | {} |\n",
            format.title,
            format.name,
            format.output(),
            format.read_by,
            format.carries(),
            format.loses(),
            format.changes,
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
        lacks: &[Part::Codebook],
        adds: "",
        changes: "",
        choices: &[Choice::Texts],
        write: jsonl::write::write,
        prove: jsonl::write::prove,
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
        lacks: &[],
        adds: "each span highlighted in its sentence, and a summary",
        changes: "a text over 32,767 characters goes on in further columns; values that a cell does not say exactly stand in a column of their own as well",
        choices: &[Choice::Texts],
        write: workbook::write::write,
        prove: workbook::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "a cell that Excel would run as a formula gets an apostrophe before it; values that a cell does not say exactly stand in a column of their own as well",
        choices: &[Choice::Texts, Choice::Semicolons],
        write: csv::write::write,
        prove: csv::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "a discontinuous annotation is one coding for each fragment, linked as “continues”; metadata are variables of the documents, ids and attributes lines of the memo; control characters become U+FFFD",
        choices: &[Choice::Crlf],
        write: refi_qda::write::write,
        prove: refi_qda::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "it is for reading, and programs find the rest in its attributes; control characters become U+FFFD",
        choices: &[],
        write: html_report::write::write,
        prove: html_report::write::prove,
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
        lacks: &[],
        adds: "a dataset card; folders by a metadata field",
        changes: "a discontinuous annotation is one record for each fragment; attributes are text; the codebook stands in the card and in the files’ metadata",
        choices: &[Choice::Texts, Choice::PartitionBy],
        write: parquet::write::write,
        prove: parquet::write::prove,
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
        lacks: &[],
        adds: "an annotation for each annotator",
        changes: "a discontinuous annotation is several regions with the relation “continues”; notes, annotators, times and links between annotators’ work are texts of a region; the codebook stands in the configuration",
        choices: &[],
        write: label_studio::write::write,
        prove: label_studio::write::prove,
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
        lacks: &[],
        adds: "its configuration",
        changes: "an annotation is cut at line breaks, and what that loses stands in a note; line breaks, tabs and backslashes of notes are escaped; names have a safe form, and codebook.tsv says what they stand for; articles.tsv has what is known of articles",
        choices: &[],
        write: brat::write::write,
        prove: brat::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "a discontinuous annotation is one span for each fragment; attributes, links, notes and annotators are metadata of the article, and the codebook is among those of the first",
        choices: &[],
        write: doccano::write::write,
        prove: doccano::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "a discontinuous annotation is one span for each fragment; attributes, notes and annotators are metadata of the article, and the codebook is among those of the first",
        choices: &[],
        write: doccano::write::write_relations,
        prove: doccano::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "annotations are empty elements where they begin and end; control characters become U+FFFD",
        choices: &[],
        write: inline_xml::write::write,
        prove: inline_xml::write::prove,
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
        lacks: &[Part::Ids, Part::Status, Part::ArticleNotes, Part::Codebook],
        adds: "",
        changes: "it is for reading, and Pressmark does not read it back",
        choices: &[],
        write: markdown::write,
        prove: markdown::prove,
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
        lacks: &[
            Part::Text,
            Part::Overlaps,
            Part::Discontinuous,
            Part::Attributes,
            Part::EmptyAttributes,
            Part::Links,
            Part::Annotators,
            Part::Ids,
            Part::Status,
            Part::ArticleNotes,
            Part::Codebook,
        ],
        adds: "",
        changes: "only claims with a verdict leave (attribute verdict, rating, truthfulness or veracity), with who made them, where and when, and the note; a draft, with places for the desk’s name and address",
        choices: &[],
        write: claim_review::write,
        prove: claim_review::prove,
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
        lacks: &[],
        adds: "tokens cut at the edges of spans",
        changes: "a discontinuous annotation is one span for each fragment; attributes, links, notes and annotators are keys of their own, and the codebook is one of the first task",
        choices: &[Choice::Tokens],
        write: prodigy::write::write,
        prove: prodigy::write::prove,
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
        lacks: &[
            Part::Text,
            Part::Labels,
            Part::Overlaps,
            Part::Discontinuous,
            Part::Attributes,
            Part::EmptyAttributes,
            Part::Links,
            Part::Notes,
            Part::Annotators,
            Part::Times,
            Part::Ids,
            Part::Titles,
            Part::Metadata,
            Part::Status,
            Part::ArticleNotes,
            Part::Codebook,
        ],
        adds: "tokens with one tag each, in both schemes",
        changes: "a policy chooses among overlapping annotations; white space is not kept",
        choices: &[Choice::Tokens, Choice::Overlap],
        write: conll::write::write,
        prove: conll::write::prove,
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
        lacks: &[
            Part::Text,
            Part::Discontinuous,
            Part::Attributes,
            Part::EmptyAttributes,
            Part::Links,
            Part::Notes,
            Part::Annotators,
            Part::Times,
            Part::Ids,
        ],
        adds: "all but the exact text with the option of own layers",
        changes: "labels are named entities, or an own layer with its type system; a discontinuous annotation is one span for each fragment; a text ends with a line break, and an annotation does not; what belongs to the article and the codebook stand in the folder articles",
        choices: &[Choice::Tokens, Choice::OwnLayer],
        write: webanno::write::write,
        prove: webanno::write::prove,
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
        lacks: &[],
        adds: "its type system",
        changes: "a discontinuous annotation is one span for each fragment; links are relations; characters that XML cannot hold are replaced; what belongs to the article and the codebook stand in structures of their own",
        choices: &[],
        write: uima::write::write_xmi,
        prove: uima::write::prove_xmi,
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
        lacks: &[],
        adds: "its type system",
        changes: "a discontinuous annotation is one span for each fragment; links are relations; what belongs to the article and the codebook stand in structures of their own",
        choices: &[],
        write: uima::write::write_json,
        prove: uima::write::prove_json,
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
        lacks: &[],
        adds: "",
        changes: "a discontinuous annotation is one annotation for each fragment; characters that XML cannot hold are replaced; everything else stands in features",
        choices: &[],
        write: gate::write::write,
        prove: gate::write::prove,
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
        lacks: &[
            Part::Labels,
            Part::Discontinuous,
            Part::Attributes,
            Part::EmptyAttributes,
            Part::Links,
            Part::Notes,
            Part::Annotators,
            Part::Times,
            Part::Ids,
            Part::Metadata,
            Part::Status,
            Part::ArticleNotes,
            Part::Codebook,
        ],
        adds: "the ids of articles",
        changes: "a discontinuous annotation is one span for each fragment; articles are numbered, and id-map says which is which",
        choices: &[],
        write: ptc::write::write,
        prove: ptc::write::prove,
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
        lacks: &[],
        adds: "the texts beside",
        changes: "links are annotations of motivation “linking”; labels and what is said of articles are those of motivation “describing”",
        choices: &[Choice::Texts],
        write: web_annotation::write::write,
        prove: web_annotation::write::prove,
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
        lacks: &[],
        adds: "",
        changes: "annotations stand apart from the text; a discontinuous one is a span for each fragment, which point to each other; metadata without an element of their own are notes in the header; control characters become U+FFFD",
        choices: &[],
        write: tei::write::write,
        prove: tei::write::prove,
        splits_itself: false,
        reader: "tei",
    },
];
