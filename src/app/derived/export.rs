//! What would leave with an export: how much, and its first lines.

use super::DeriveLater;
use crate::app::export::{Sample, preview};
use crate::app::session::Session;
use crate::core::project::Project;
use crate::format::WriteError;
use crate::format::export::options::{ExportOptions, Layers};
use crate::format::formats::format_named;
use std::collections::BTreeSet;

/// How much leaves with these options.
#[derive(Clone, PartialEq)]
pub struct Leaving(pub ExportOptions);

pub struct Amount {
    pub articles: usize,
    pub annotations: usize,
    /// Short articles with annotations, for the first lines.
    samples: BTreeSet<String>,
}

impl Leaving {
    /// All annotations of an article leave when it does.
    fn takes_all(&self) -> bool {
        self.0.annotators.is_empty() && self.0.labels.is_empty() && self.0.layers == Layers::Each
    }
}

impl DeriveLater for Leaving {
    type Value = Amount;

    fn is_small(&self, session: &Session) -> bool {
        const FEW: usize = 20_000;
        self.takes_all() || session.project().annotation_count() <= FEW
    }

    fn may_show(&self, _: &Self) -> bool {
        true
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Amount> {
        /// Longer texts are not shown.
        const SAMPLE_BYTES: usize = 200_000;
        let options = &self.0;
        let takes_all = self.takes_all();
        let mut amount = Amount {
            articles: 0,
            annotations: 0,
            samples: BTreeSet::new(),
        };
        let articles = project.articles().iter();
        for article in articles.filter(|a| options.takes_article(a)) {
            if !goes_on() {
                return None;
            }
            let annotations = article.annotations.iter();
            let here = if takes_all {
                annotations.len()
            } else {
                annotations.filter(|a| options.takes_annotation(a)).count()
            };
            amount.articles += 1;
            amount.annotations += here;
            let fits = here > 0 && article.text.len_bytes() < SAMPLE_BYTES;
            if fits && amount.samples.len() < 2 {
                amount.samples.insert(article.id.to_string());
            }
        }
        Some(amount)
    }
}

/// The first lines of the files of an export.
#[derive(Clone, PartialEq)]
pub struct FirstLines {
    format: &'static str,
    options: ExportOptions,
}

impl FirstLines {
    /// Of a few of the articles that leave.
    pub fn new(format: &'static str, options: &ExportOptions, amount: &Amount) -> Self {
        Self {
            format,
            options: ExportOptions {
                articles: amount.samples.clone(),
                split: None,
                ..options.clone()
            },
        }
    }
}

impl DeriveLater for FirstLines {
    /// By the names of the files.
    type Value = Vec<(String, Sample)>;

    fn is_small(&self, session: &Session) -> bool {
        const FEW_BYTES: usize = 20_000;
        const FEW_ANNOTATIONS: usize = 500;
        let ids = self.options.articles.iter();
        let project = session.project();
        let samples = ids.filter_map(|id| project.article(&id.as_str().into()));
        let (bytes, annotations) = samples.fold((0, 0), |(bytes, annotations), article| {
            let here = article.annotations.len();
            (bytes + article.text.len_bytes(), annotations + here)
        });
        bytes <= FEW_BYTES && annotations <= FEW_ANNOTATIONS
    }

    fn may_show(&self, _: &Self) -> bool {
        true
    }

    fn derive(&self, project: &Project, _: &mut dyn FnMut() -> bool) -> Option<Self::Value> {
        const LIMIT_BYTES: usize = 6_000;
        if self.options.articles.is_empty() {
            let told = "There is no short article with annotations to show.";
            return Some(vec![(String::new(), Sample::Told(told.to_owned()))]);
        }
        let format = format_named(self.format)?;
        let lines = preview(project, format, &self.options, LIMIT_BYTES);
        let told = |error: WriteError| vec![(String::new(), Sample::Told(error.to_string()))];
        Some(lines.unwrap_or_else(told))
    }
}
