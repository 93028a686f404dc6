//! What is read out by assistive tools as it happens: what was done, undone and redone, what the
//! notices say, which article came up, and how long work began and ended.
//!
//! Compares the model with what it was when it was last looked at, and changes nothing. Where the
//! keyboard is, widgets tell; finding says its counts where it is typed. Costs nothing while nobody
//! listens.

use super::article;
use super::kit::speech;
use crate::app::action::Side;
use crate::app::model::{Model, step_excerpt};
use crate::app::words::count;
use crate::core::annotation::Timestamp;
use crate::core::edit::Step;
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::text::BytePos;
use eframe::egui::Context;

/// A job that ends sooner says nothing of itself, in seconds.
const QUIET_SECS: f32 = 0.5;
/// So much of the text that something is about, in characters.
const EXCERPT: usize = 60;

/// What was heard so far; nothing while nobody listens.
#[derive(Default)]
pub(super) struct Said(Option<Heard>);

/// How things stood.
#[derive(Clone, PartialEq)]
struct Heard {
    project: u64,
    state: u64,
    /// The last state that there was: one that is not beyond it was come back to.
    last_state: u64,
    done: usize,
    saved: Option<Timestamp>,
    article: Option<ArticleId>,
    edge: Option<(Side, BytePos)>,
    /// Where a link begins that is being drawn, and how many it may be.
    link: Option<(AnnotationId, usize)>,
    locked: Option<LabelId>,
    notices: Vec<String>,
    jobs: Vec<String>,
}

impl Said {
    /// Says what has changed. At the end of a frame.
    pub(super) fn tell(&mut self, ctx: &Context, model: &Model) {
        if !speech::is_heard(ctx) {
            self.0 = None;
            return;
        }
        let mut now = Heard::of(model);
        if let Some(before) = &self.0 {
            now.last_state = now.last_state.max(before.last_state);
            if now != *before {
                for words in now.news(before, ctx, model) {
                    speech::say(ctx, words);
                }
            }
        }
        self.0 = Some(now);
    }
}

impl Heard {
    fn of(model: &Model) -> Self {
        let session = model.session();
        let jobs = model.jobs().running().iter();
        let jobs = jobs.filter(|job| job.running_secs() > QUIET_SECS);
        // What went to the trash is told as the step that it was.
        let notices = model.notices().iter();
        let notices = notices.filter(|notice| notice.topic != "trash");
        Self {
            project: model.serial(),
            state: session.state(),
            last_state: session.state(),
            done: session.history().done(),
            saved: model.saved_at(),
            article: model.article().map(|article| article.id.clone()),
            edge: model.edge_move().map(|edge| (edge.side, edge.edge())),
            link: model
                .link_draft()
                .map(|draft| (draft.from.clone(), draft.ways.len())),
            locked: model.locked_label().cloned(),
            notices: notices.map(|notice| notice.message.clone()).collect(),
            jobs: jobs.map(|job| job.title.clone()).collect(),
        }
    }

    fn news(&self, before: &Self, ctx: &Context, model: &Model) -> Vec<String> {
        let mut news = Vec::new();
        let is_other = self.project != before.project;
        if is_other {
            news.push(format!("Project {}", model.session().display_name()));
        } else if self.state != before.state {
            news.extend(self.step_text(before, model));
        }
        let is_at_article = ctx.memory(|memory| memory.has_focus(article::widget_id()));
        if self.article != before.article && (is_at_article || is_other) {
            news.extend(article_text(model));
        }
        if self.edge != before.edge {
            news.extend(self.edge_text(before, model));
        }
        if self.link != before.link {
            news.extend(link_text(model));
        }
        if self.locked != before.locked && !is_other {
            news.push(self.locked_text(model));
        }
        let new = |notice: &&String| !before.notices.contains(notice);
        let notices: Vec<String> = self.notices.iter().filter(new).cloned().collect();
        let is_told = is_other || !notices.is_empty();
        news.extend(notices);
        if !is_other && self.saved != before.saved && self.saved.is_some() {
            news.push("Saved".to_owned());
        } else {
            let ended = before.jobs.iter().filter(|job| !self.jobs.contains(job));
            news.extend(
                ended
                    .filter(|_| !is_told)
                    .map(|job| format!("{job}: ended")),
            );
        }
        let begun = self.jobs.iter().filter(|job| !before.jobs.contains(job));
        news.extend(begun.cloned());
        news
    }

    /// What was done, or taken back.
    fn step_text(&self, before: &Self, model: &Model) -> Option<String> {
        let steps = model.session().history().steps();
        let (word, from, upto) = match () {
            () if self.done < before.done => ("Undone", self.done, before.done),
            () if self.state <= before.last_state => ("Redone", before.done, self.done),
            () => ("Done", self.done.saturating_sub(1), self.done),
        };
        if upto - from > 1 {
            return Some(format!("{word}: {}", count(upto - from, "step", "steps")));
        }
        let step = steps.get(from)?;
        Some(format!("{word}: {}{}", step.title, about(model, step)))
    }

    fn locked_text(&self, model: &Model) -> String {
        let codebook = model.session().project().codebook();
        match &self.locked {
            Some(label) => format!(
                "Every drag marks {}",
                codebook.name_of(label).to_lowercase()
            ),
            None => "No label is locked".to_owned(),
        }
    }

    fn edge_text(&self, before: &Self, model: &Model) -> Option<String> {
        let edge = model.edge_move()?;
        let text = &model.article()?.text;
        let words = text.slice(edge.range);
        let side = match edge.side {
            Side::Start => "start",
            Side::End => "end",
        };
        let shown: String = match edge.side {
            Side::Start => words.chars().take(EXCERPT).collect(),
            Side::End => {
                let length = words.chars().count();
                words.chars().skip(length.saturating_sub(EXCERPT)).collect()
            }
        };
        Some(match before.edge {
            Some((side, _)) if side == edge.side => shown,
            _ => format!(
                "Moving its {side}: left and right by character, with Control by word; Enter keeps, Escape leaves. {shown}"
            ),
        })
    }
}

/// The text that a step is about, where nothing else says it: what is selected is read by itself.
fn about(model: &Model, step: &Step) -> String {
    if model.selected_annotation().is_some() {
        return String::new();
    }
    let text = step_excerpt(model.session().project(), step);
    let shown: String = text.chars().take(EXCERPT).collect();
    match shown.as_str() {
        "" => String::new(),
        shown if shown.len() < text.len() => format!(", {shown}…"),
        shown => format!(", {shown}"),
    }
}

fn link_text(model: &Model) -> Option<String> {
    let (draft, from) = (model.link_draft()?, model.link_source()?);
    let name = model.session().project().codebook().name_of(&from.label);
    Some(match draft.ways.len() {
        0 => format!(
            "Linking {name}: Tab goes to what it can be linked with; Enter links, Escape leaves"
        ),
        n => format!("{n} links are possible: choose one"),
    })
}

fn article_text(model: &Model) -> Option<String> {
    let article = model.article()?;
    let total = model.session().project().articles().len();
    let place = model.article_index()? + 1;
    let annotations = count(article.annotations.len(), "annotation", "annotations");
    let status = article.status_for(model.session().annotator());
    Some(format!(
        "Article {place} of {total}: {}, {}, {annotations}",
        article.shown_title(),
        status.name(),
    ))
}
