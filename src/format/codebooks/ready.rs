//! The codebooks that come with the program, built into it.
//!
//! The table is what a list of them shows; it says what the files say.

use crate::core::codebook::SharedCodebook;
use crate::format::project_ron;

/// A codebook that comes with the program.
#[derive(Debug)]
pub struct Ready {
    /// What it is called by, and its file in `assets/codebooks`.
    pub id: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    /// Whose definitions it follows.
    pub source: &'static str,
    file: &'static str,
}

impl Ready {
    /// The codebook itself.
    pub fn shared(&self) -> Option<SharedCodebook> {
        let found = project_ron::read_codebook(self.file.as_bytes());
        found.ok().map(|found| found.shared)
    }
}

macro_rules! ready {
    ($($id:literal: $name:literal, $about:literal, $source:literal;)*) => {
        pub const READY: &[Ready] = &[$(Ready {
            id: $id,
            name: $name,
            about: $about,
            source: $source,
            file: include_str!(concat!("../../../assets/codebooks/", $id, ".ron")),
        },)*];
    };
}

ready! {
    "default": "Quotes, claims and promotional content",
        "What a new project begins with: quotes with source and cue, claims, promotional content.",
        "Pressmark; parts of quotes after PARC 3.0 and PolNeAR, kinds of claims after Full Fact, worth checking after CheckThat!";
    "news-quotation": "News quotation",
        "Who is reported to have said, thought or wanted what: content, source and cue of each attribution.",
        "After the annotation guidelines of PolNeAR (Newell, Margolin and Ruths, LREC 2018)";
    "claims": "Claims to check",
        "What an article asserts that could be checked, by type of claim, and whether it is worth it.",
        "After Full Fact’s claim types (Konstantinovskiy et al., 2018) and the questions of CheckThat! (CLEF 2020)";
    "propaganda": "Propaganda techniques",
        "Fourteen techniques that persuade by other means than argument, marked where they stand.",
        "After SemEval-2020 task 11 (Da San Martino et al., 2020) and the Propaganda Techniques Corpus (2019)";
    "advertising": "Advertising and its disclosure",
        "What in an article serves somebody’s interest, and whether and how readers are told.",
        "After the US FTC’s policy statement and guide on native advertising (2015) and research on puffery (Bertsch and Bethard, 2021)";
}

/// The one that is called so.
pub fn named(id: &str) -> Option<&'static Ready> {
    READY.iter().find(|ready| ready.id == id)
}
