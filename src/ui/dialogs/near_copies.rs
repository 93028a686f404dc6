//! The near copies of a passage: each in its text with a tick and with what is changed in it, or all
//! below each other; those that are ticked are marked as one step.

use super::compare::{Asked, Compared};
use super::looking::{looking_ui, stop_looking};
use super::wording::{changes_ui, wording_row, wording_ui};
use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::action::passages::PassageAction;
use crate::app::command::Command;
use crate::app::derived::Latest;
use crate::app::derived::labels::Pickable;
use crate::app::derived::passages::{CopyWording, NearListed, NearMark, NearMarks};
use crate::app::jobs::JobKind;
use crate::app::model::{Model, NearSearch, Page};
use crate::app::passages::NearCopy;
use crate::app::words::{count, count_grouped};
use crate::core::article::Article;
use crate::core::ids::LabelId;
use crate::ui::in_context::{Side, first_words, in_context_ui};
use crate::ui::kit::card::{Card, CardStep, Inside, scroll, split};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::entry::TickRow;
use crate::ui::kit::list::List;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::words::{weak_words_ui, words_ui};
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Key, Modifiers, RichText, Ui};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::FindNearCopies, |model| {
    let selected = match model.page() {
        Page::Find => model.label_for_hits().map(|label| label.id.clone()),
        _ => model.selected_annotation().map(|a| a.label.clone()),
    };
    let at_hand = || model.label_at_hand().filter(|label| !label.retired);
    Box::new(NearDialog {
        cursor: 0,
        left_out: BTreeSet::new(),
        least: LEAST.len() - 1,
        parts: true,
        lines: false,
        below_each_other: false,
        compared: Compared::default(),
        label: selected.or_else(|| at_hand().map(|label| label.id.clone())),
    })
})];

/// How near a copy is at least, in hundredths of the words.
const LEAST: [(u8, &str); 4] = [
    (100, "Same words"),
    (90, "90 %"),
    (75, "75 %"),
    (60, "60 %"),
];

struct NearDialog {
    cursor: usize,
    /// Those that are not marked, by their places among those found.
    left_out: BTreeSet<usize>,
    /// Which of [`LEAST`].
    least: usize,
    /// Parts of the passage are shown, too.
    parts: bool,
    /// Whole lines are marked.
    lines: bool,
    below_each_other: bool,
    /// What is shown beside each other, over this.
    compared: Compared,
    label: Option<LabelId>,
}

/// What is known of the copies that are shown.
struct Shown<'a> {
    near: &'a NearSearch,
    found: &'a [NearCopy],
    listed: &'a [usize],
    marks: Option<Rc<Vec<NearMark>>>,
}

impl Shown<'_> {
    /// What a row shows, with its place among those found.
    fn copy(&self, row: usize) -> Option<(usize, &NearCopy)> {
        let at = *self.listed.get(row)?;
        Some((at, self.found.get(at)?))
    }

    fn mark(&self, at: usize) -> Option<NearMark> {
        self.marks.as_ref()?.get(at).copied()
    }

    fn is_open(&self, at: usize) -> bool {
        self.mark(at)
            .is_none_or(|mark| mark.is_there && !mark.is_marked)
    }
}

impl Dialog for NearDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        if let Some(step) = self.compared.ui(ctx, model, actions, tokens) {
            return step;
        }
        let card = Card::work("near copies", "Near copies");
        let step = card.show(ctx, |ui, card| {
            let Some(near) = model.near_search() else {
                card.lead(ui, "Nothing was looked for.");
                card.closing_foot(ui);
                return None;
            };
            let Some(found) = &near.found else {
                looking_ui(ui, model, card, JobKind::NearCopies);
                return None;
            };
            self.found_ui(ui, model, card, (near, found), tokens)
        });
        let near = model.near_search();
        let is_looking = near.is_some_and(|near| near.found.is_none());
        stop_looking(&step, is_looking, actions);
        self.compared.take(step, actions)
    }
}

impl NearDialog {
    fn found_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        card: &mut Inside,
        (near, found): (&NearSearch, &Arc<Vec<NearCopy>>),
        tokens: &Tokens,
    ) -> Option<Asked> {
        let least = LEAST.get(self.least).map_or(60, |(least, _)| *least);
        let listed = model.derived(&NearListed {
            found: found.clone(),
            least,
            parts: self.parts,
        });
        let marks = model.derived_later(&NearMarks {
            found: found.clone(),
            label: self.label.clone(),
            by: model.session().annotator().clone(),
            lines: self.lines,
        });
        let is_current = marks.is_current;
        let shown = Shown {
            near,
            found,
            listed: &listed,
            marks: marks.value,
        };
        let start: String = near.passage.chars().take(70).collect();
        let dots = if start.len() < near.passage.len() {
            "…"
        } else {
            ""
        };
        let start = start.replace('\n', " ");
        let n = count_grouped(listed.len(), "place says", "places say");
        card.lead(ui, &format!("{n} what this says, or nearly: {start}{dots}"));
        card.space(8.0);
        card.line(ui, |ui| self.choices_ui(ui, found, tokens));
        let is_free = card.is_free();
        card.pane(ui, |ui| {
            if self.below_each_other {
                self.all_ui(ui, is_free, model, &shown, tokens);
            } else {
                self.one_by_one_ui(ui, is_free, model, &shown, tokens);
            }
        });
        self.foot_ui(ui, model, card, &shown, is_current)
    }

    fn choices_ui(&mut self, ui: &mut Ui, found: &[NearCopy], tokens: &Tokens) {
        ui.horizontal(|ui| {
            let names = LEAST.map(|(_, name)| name);
            let chosen = Choices::new("At least").segments(ui, &names, Some(self.least), 300.0, tokens);
            self.least = chosen.unwrap_or(self.least);
            // Parts stand last.
            if found.last().is_some_and(|copy| copy.is_part) {
                ui.checkbox(&mut self.parts, "Parts of it")
                    .on_hover_text("Where only a part of the passage stands, such as a quotation that was cut");
            }
            ui.checkbox(&mut self.lines, "Whole lines")
                .on_hover_text("Marks the lines whole that a copy stands in");
            ui.checkbox(&mut self.below_each_other, "Below each other")
                .on_hover_text("All wordings in a row, with what was cut struck out and what is new underlined");
        });
    }

    fn one_by_one_ui(
        &mut self,
        ui: &mut Ui,
        is_free: bool,
        model: &Model,
        shown: &Shown<'_>,
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let (mut left, mut right) = split(ui, 400.0);
        self.cursor = self.cursor.min(shown.listed.len().saturating_sub(1));
        let left_out = &self.left_out;
        let mut ticked = None;
        let count = shown.listed.len();
        let step = List::in_card("Copies", count, TickRow::HEIGHT, left.available_height())
            .with_ticks()
            .cursor(Some(self.cursor))
            .filled()
            .show(&mut left, |ui, row, state| {
                let copy = shown.copy(row);
                let Some((at, copy)) = copy else {
                    return TickRow::default().ui(ui, state.has_ring, tokens).0;
                };
                let is_open = shown.is_open(at);
                let article = project.article(&copy.article).map(|article| &**article);
                let place = shown.mark(at).map_or(copy.range, |mark| mark.place);
                let words = |article: &Article| first_words(&article.text, &[place], 80);
                let row = TickRow {
                    text: article.map(words).unwrap_or_default(),
                    second: said_of(model, copy, shown.mark(at), article),
                    is_dim: !is_open,
                    is_ticked: is_open && !left_out.contains(&at),
                };
                let (response, is_boxed) = row.ui(ui, state.has_ring, tokens);
                if is_boxed && is_open {
                    ticked = Some(at);
                }
                response
            });
        self.cursor = step.clicked.or(step.moved).unwrap_or(self.cursor);
        let current = shown.listed.get(self.cursor).copied();
        let space = is_free && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Space));
        let by_key = current.filter(|at| space && shown.is_open(*at));
        if let Some(at) = ticked.or(by_key)
            && !self.left_out.remove(&at)
        {
            self.left_out.insert(at);
        }
        let Some((at, copy)) = current.and_then(|at| Some((at, shown.found.get(at)?))) else {
            scroll(&mut right, "no copy", |ui| {
                ui.weak("Nothing is as near as that.")
            });
            return;
        };
        scroll(&mut right, "copy", |ui| {
            self.copy_ui(ui, model, shown, (at, copy), tokens);
        });
    }

    /// One of them: where it stands, and what is changed in it.
    fn copy_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        shown: &Shown<'_>,
        (at, copy): (usize, &NearCopy),
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let Some(article) = project.article(&copy.article) else {
            ui.weak("Its article is gone.");
            return;
        };
        let title = RichText::new(article.shown_title());
        words_ui(ui, title.font(theme::strong_font(13.0)));
        let mut said = vec![model.byline_of(article), likeness(copy)];
        if shown.near.from == (copy.article.clone(), copy.range) {
            said.push("where it was taken from".to_owned());
        }
        said.retain(|part| !part.is_empty());
        weak_words_ui(ui, said.join(" · "));
        ui.add_space(8.0);
        let label = self.label.as_ref().map_or("", |label| label.as_str());
        let color = tokens.label(project.codebook().color_of(label));
        let font = theme::reading_font(model.settings().reading_font, 15.0);
        let mark = shown.mark(at);
        if mark.is_some_and(|mark| mark.is_marked) {
            let label = self.label.as_ref();
            let name = label.map_or("", |label| project.codebook().name_of(label));
            ui.weak(format!("It is marked as {name} already:"));
        }
        let place = mark.map_or(copy.range, |mark| mark.place);
        let ranges = (&[copy.range][..], &[place][..], Side::After);
        in_context_ui(ui, &article.text, ranges, color, &font, tokens);
        ui.add_space(8.0);
        let wording = model.derived(&CopyWording {
            passage: shown.near.passage.clone(),
            text: article.text.clone(),
            range: copy.range,
        });
        let wording = Latest {
            value: Some(wording),
            is_current: true,
        };
        wording_ui(ui, &wording, tokens);
    }

    /// All of them below each other, with what is changed in each.
    fn all_ui(
        &mut self,
        ui: &mut Ui,
        is_free: bool,
        model: &Model,
        shown: &Shown<'_>,
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let height = ui.available_height();
        let list = List::of_controls("Wordings", shown.listed.len(), 76.0);
        let list = list.at_most(height).filled().scrolls_by_keys(is_free);
        let font = theme::reading_font(model.settings().reading_font, 15.0);
        let mut ticked = None;
        list.show_measured(ui, |ui, row| {
            let Some((at, copy)) = shown.copy(row) else {
                return;
            };
            let article = project.article(&copy.article);
            wording_row(ui, |ui| {
                ui.horizontal(|ui| {
                    let is_open = shown.is_open(at);
                    let mut is_ticked = is_open && !self.left_out.contains(&at);
                    let title = article
                        .map(|a| a.shown_title().into_owned())
                        .unwrap_or_default();
                    let tick = ui.add_enabled_ui(is_open, |ui| ui.checkbox(&mut is_ticked, title));
                    if tick.inner.changed() {
                        ticked = Some(at);
                    }
                    ui.weak(said_of(model, copy, shown.mark(at), article.map(|a| &**a)));
                });
                if let Some(article) = article {
                    let mark = shown.mark(at).filter(|_| self.lines);
                    let wording = model.derived(&CopyWording {
                        passage: shown.near.passage.clone(),
                        text: article.text.clone(),
                        range: mark.map_or(copy.range, |mark| mark.place),
                    });
                    changes_ui(ui, &wording, font.clone(), tokens);
                }
            });
        });
        if let Some(at) = ticked
            && !self.left_out.remove(&at)
        {
            self.left_out.insert(at);
        }
    }

    fn foot_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        card: &mut Inside,
        shown: &Shown<'_>,
        is_current: bool,
    ) -> Option<Asked> {
        let open = || shown.listed.iter().filter(|at| shown.is_open(**at));
        let marked = shown.listed.len() - open().count();
        let n = open().filter(|at| !self.left_out.contains(at)).count();
        let note = match marked {
            0 => "One step, which undo takes back".to_owned(),
            n => format!("{} marked already", count(n, "place is", "places are")),
        };
        card.foot(ui, &note, |ui, card| {
            let mut asked = None;
            let all = if n > 0 { "Tick none" } else { "Tick all" };
            if ui.button(all).on_hover_text("Space ticks one").clicked() {
                self.left_out = if n > 0 {
                    open().copied().collect()
                } else {
                    BTreeSet::new()
                };
            }
            let current = shown
                .listed
                .get(self.cursor)
                .and_then(|at| shown.found.get(*at));
            if let Some(copy) = current {
                let show = ui.button("Show").on_hover_text("Go to it in its article");
                if show.clicked() {
                    let (article, range) = (copy.article.clone(), copy.range);
                    asked = Some(Asked::Leaves(PassageAction::Show { article, range }.into()));
                }
                if ui
                    .button("Compare")
                    .on_hover_text("Both articles beside each other")
                    .clicked()
                {
                    let other = copy.article.clone();
                    let both = [(shown.near.from.0.clone(), None), (other, None)];
                    asked = Some(Asked::Compare(both));
                }
            }
            let codebook = model.codebook();
            let name = self.label.as_ref().map(|label| codebook.name_of(label));
            let name = name.unwrap_or("Mark as…");
            let pick = Pick::new("Mark as", name).width(120.0).truncate();
            let which = Pickable::OfferedOr(None);
            let picked = pick_label_ui(ui, model, pick, which, self.label.as_ref(), None);
            self.label = picked.flatten().or(self.label.take());
            card.close(ui, "Cancel");
            let refusal = match (&self.label, n, is_current) {
                (None, ..) => Some("Choose what they are to be marked as"),
                (_, _, false) => Some("Looking which are marked already"),
                (_, 0, _) => Some("None is ticked"),
                _ => None,
            };
            let text = format!("Mark {}", count_grouped(n, "", "").trim());
            let is_asked = card.main_by_ctrl(ui, refusal, text, "marks those that are ticked");
            if let Some(label) = self.label.clone().filter(|_| is_asked) {
                let ticked = open().filter(|at| !self.left_out.contains(at));
                let places = ticked.filter_map(|at| {
                    let article = shown.found.get(*at)?.article.clone();
                    Some((article, shown.mark(*at)?.range))
                });
                let places = places.collect();
                asked = Some(Asked::Leaves(PassageAction::Mark { places, label }.into()));
            }
            asked
        })
    }
}

fn likeness(copy: &NearCopy) -> String {
    match (copy.is_part, copy.share >= 1.0) {
        (true, _) => "a part of it".to_owned(),
        (false, true) => "the same words".to_owned(),
        // Never “100 %” for what differs.
        (false, false) => format!("{} %", ((copy.share * 100.0) as u32).min(99)),
    }
}

/// How near it is, or that it is marked, and where it stands.
fn said_of(
    model: &Model,
    copy: &NearCopy,
    mark: Option<NearMark>,
    article: Option<&Article>,
) -> String {
    let state = match mark {
        Some(mark) if !mark.is_there => "gone".to_owned(),
        Some(mark) if mark.is_marked => "marked".to_owned(),
        _ => likeness(copy),
    };
    let byline = article
        .map(|article| model.byline_of(article))
        .unwrap_or_default();
    let place = match (byline.is_empty(), article) {
        (true, Some(article)) => article.shown_title().into_owned(),
        _ => byline,
    };
    format!("{state} · {place}")
}
