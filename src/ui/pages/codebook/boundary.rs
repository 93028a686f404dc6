//! What a mark keeps at its edges and what it leaves, and what another policy would do to those that
//! are there: nothing of it happens before it was shown.

use super::label::{section_ui, set};
use crate::app::action::codebook::{LabelField, Touching};
use crate::app::action::{Action, CodebookAction};
use crate::app::command::{Command, info};
use crate::app::derived::labels::{
    KindChange, KindPreview, MovedAnnotations, MovedByEdges, UseOfLabel,
};
use crate::app::derived::project::Counts;
use crate::app::model::{Model, Waits, touched};
use crate::core::codebook::{AttributeKind, BoundaryPolicy, EdgeRule, Edges, Label, OverlapPolicy};
use crate::core::recipes::codebook::Touches;
use crate::ui::in_context::{Side, in_context_ui, on_a_line};
use crate::ui::kit::banner::banner_ui;
use crate::ui::kit::choices::Choices;
use crate::ui::kit::icon::{Icon, icon_button_ui};
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::tell;
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align, Button, Frame, Key, Layout, Margin, Modifiers, RichText, Sense, Ui, vec2,
};

/// A rule of the edges: how it is called, and where it stands.
type Rule = (&'static str, fn(&mut Edges) -> &mut EdgeRule);

const RULES: [Rule; 5] = [
    ("Quotation marks", |edges| &mut edges.quotation_marks),
    ("Closing punctuation", |edges| {
        &mut edges.closing_punctuation
    }),
    ("Leading “that”", |edges| &mut edges.leading_that),
    ("Speaker’s title", |edges| &mut edges.speaker_title),
    ("White space", |edges| &mut edges.white_space),
];

const CHOICES: [(&str, EdgeRule); 3] = [
    ("as marked", EdgeRule::AsMarked),
    ("kept", EdgeRule::In),
    ("left out", EdgeRule::Out),
];

/// Of the names at the left.
const NAME_WIDTH: f32 = 140.0;

#[derive(Default)]
pub(super) struct Boundary {
    /// Which of the annotations that would move is shown.
    shown: usize,
    /// Something was written in at the end of the last frame. A field that is left with Esc has the
    /// keyboard no more by the time that it is drawn.
    was_writing: bool,
}

impl Boundary {
    pub(super) fn forget(&mut self) {
        self.shown = 0;
    }

    /// Whether something waits for an answer about the label.
    pub(super) fn is_asked(&self, model: &Model, label: &Label) -> bool {
        model.waits().map(Waits::label) == Some(&label.id)
    }

    /// At the end of a frame.
    pub(super) fn see_writing(&mut self, ui: &Ui) {
        self.was_writing = ui.ctx().text_edit_focused();
    }

    /// What waits for an answer: how much it touches, and what can be answered.
    pub(super) fn banner_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some(waits) = model.waits() else {
            return;
        };
        let question = match waits {
            Waits::Edges { label, edges } => Asks::edges(model, label, edges),
            Waits::Rename { label, name, new } => {
                let title = format!("“{name}” becomes “{new}” in files and datasets.");
                Asks::values(model, label, name, &title, "Rename")
            }
            Waits::Remove { label, name } => {
                let title = format!("“{name}” goes with all that it says there.");
                Asks::values(model, label, name, &title, "Remove")
            }
            Waits::RemoveRole { label, name } => Asks::role(model, label, name),
            Waits::Kind { label, name, kind } => {
                let asked = KindChange {
                    label: label.clone(),
                    attribute: name.clone(),
                    kind: kind.clone(),
                };
                let found = model.derived_later(&asked);
                Asks::kind(kind, found.value.as_deref())
            }
        };
        if question.is_moot {
            // It was counted by now: nothing is touched.
            let keeps = CodebookAction::Confirm(Touching::Keeps);
            actions.push(Action::from(keeps));
            ui.ctx().request_repaint();
            return;
        }
        self.answer_by_key(ui, &question, actions);
        banner_ui(ui, &question.strong, &question.more, tokens, |ui| {
            if question.is_ready {
                for (text, help, touching) in &question.answers {
                    let is_main = *touching == Touching::Keeps;
                    let button = if is_main {
                        let text = RichText::new(text).color(tokens.on_accent);
                        Button::new(text.font(theme::strong_font(13.0)))
                            .fill(tokens.accent)
                            .stroke((1.0, tokens.accent))
                    } else {
                        Button::new(text)
                    };
                    let help = if is_main {
                        format!("{help} (Ctrl+Enter)")
                    } else {
                        (*help).to_owned()
                    };
                    if ui.add(button).on_hover_text(help).clicked() {
                        let confirm = CodebookAction::Confirm(*touching);
                        actions.push(Action::from(confirm));
                    }
                }
            }
            if let Some((kind, n)) = &question.offer {
                let text = format!("Offer {n} more values");
                let help = "What is said there becomes a value to choose";
                if ui.button(text).on_hover_text(help).clicked()
                    && let Waits::Kind { label, name, .. } = waits
                {
                    actions.push(Action::from(CodebookAction::SetKind {
                        label: label.clone(),
                        name: name.clone(),
                        kind: kind.clone(),
                    }));
                }
            }
            let leaves = ui.button("Discard").on_hover_text("Esc");
            if leaves.clicked() {
                actions.push(Action::from(CodebookAction::Discard));
            }
        });
    }

    /// Ctrl+Enter does what the first button does, and Esc leaves it.
    fn answer_by_key(&self, ui: &Ui, question: &Asks, actions: &mut Vec<Action>) {
        let is_writing = self.was_writing || ui.ctx().text_edit_focused();
        if is_writing || eframe::egui::Popup::is_any_open(ui.ctx()) {
            return;
        }
        let pressed = |held, key| ui.input_mut(|input| take_exactly(input, held, key));
        if question.is_ready && pressed(Modifiers::COMMAND, Key::Enter) {
            let keeps = CodebookAction::Confirm(Touching::Keeps);
            actions.push(Action::from(keeps));
        } else if pressed(Modifiers::NONE, Key::Escape) {
            actions.push(Action::from(CodebookAction::Discard));
        }
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        label: &Label,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        section_ui(ui, "Boundaries", "what a mark keeps and leaves");
        let units = BoundaryPolicy::ALL;
        let names: Vec<&str> = units.iter().map(BoundaryPolicy::code).collect();
        let at = units.iter().position(|unit| *unit == label.boundary);
        let chosen = rule_ui(ui, "Snaps to", &names, at, false, tokens);
        if let Some(unit) = chosen.and_then(|at| units.get(at)) {
            actions.push(set(label, LabelField::Unit(unit.clone())));
        }
        let waiting = match model.waits() {
            Some(Waits::Edges { label: of, edges }) if *of == label.id => Some(edges),
            _ => None,
        };
        let edges = waiting.unwrap_or(&label.edges);
        let names = CHOICES.map(|(name, _)| name);
        for (name, rule) in RULES {
            let mut new = edges.clone();
            let mut old = label.edges.clone();
            let is_changed = rule(&mut new) != rule(&mut old);
            let shown = rule(&mut new).clone();
            // White space is left out unless it is said to be kept.
            let shown = match shown {
                EdgeRule::AsMarked if name == "White space" => EdgeRule::Out,
                shown => shown,
            };
            let choices = if name == "White space" {
                names.get(1..).unwrap_or_default()
            } else {
                &names
            };
            let position = |rule: &EdgeRule| {
                let choice = CHOICES.iter().find(|(_, choice)| choice == rule)?;
                choices.iter().position(|name| *name == choice.0)
            };
            let chosen = rule_ui(ui, name, choices, position(&shown), is_changed, tokens);
            let chosen = chosen.and_then(|at| choices.get(at));
            let chosen = chosen.and_then(|name| CHOICES.iter().find(|(n, _)| n == name));
            if let Some((_, choice)) = chosen {
                choice.clone_into(rule(&mut new));
                self.shown = 0;
                let label = label.id.clone();
                let asked = CodebookAction::SetEdges { label, edges: new };
                actions.push(Action::from(asked));
            }
        }
        self.moved_ui(ui, model, label, edges, waiting.is_some(), actions, tokens);
        let policies = OverlapPolicy::ALL;
        let at = policies.iter().position(|policy| *policy == label.overlap);
        let chosen = rule_ui(
            ui,
            "Overlap",
            &["anywhere", "with other labels", "never"],
            at,
            false,
            tokens,
        );
        if let Some(policy) = chosen.and_then(|at| policies.get(at)) {
            actions.push(set(label, LabelField::Overlap(policy.clone())));
        }
    }

    /// Those that end otherwise than the policy says, one at a time and in context.
    #[expect(clippy::too_many_arguments, reason = "what a preview is about")]
    fn moved_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        label: &Label,
        edges: &Edges,
        waits: bool,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let used = model.derived(&Counts).of_label(&label.id).annotations;
        if used == 0 || (!waits && *edges == Edges::default()) {
            return;
        }
        let found = model.derived_later(&MovedByEdges {
            label: label.id.clone(),
            edges: edges.clone(),
        });
        let Some(found) = found.value else {
            ui.weak("Looking for what would move…");
            return;
        };
        if found.moved.is_empty() {
            return;
        }
        if !waits {
            ui.horizontal_wrapped(|ui| {
                let n = found.touches;
                ui.label(format!("{} end otherwise than this says.", touched(n)));
                let looks = ui.button("Look through them…");
                let help = info(Command::ReviewPolicy).help;
                if looks.on_hover_text(help).clicked() {
                    actions.push(Action::ReviewPolicy(label.id.clone()));
                }
                let moves = ui.button("Move them");
                if moves.on_hover_text("One step to undo").clicked() {
                    let label = label.id.clone();
                    actions.push(Action::from(CodebookAction::MoveToEdges(label)));
                }
            });
        }
        self.preview_ui(ui, model, &found, actions, tokens);
    }

    fn preview_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        found: &MovedAnnotations,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let last = found.moved.len().saturating_sub(1);
        self.shown = self.shown.min(last);
        let Some(moved) = found.moved.get(self.shown) else {
            return;
        };
        let frame = Frame::new()
            .fill(tokens.panel)
            .stroke((1.0, tokens.line))
            .corner_radius(theme::RADIUS)
            .inner_margin(Margin::symmetric(12, 8));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let project = model.session().project();
                let title = project.article(&moved.article).map(|a| a.title.as_str());
                let title = on_a_line(title.unwrap_or_default(), 44);
                let link = ui.link(title).on_hover_text("Show it in its article");
                if link.clicked() {
                    let (article, id) = (moved.article.clone(), moved.annotation.clone());
                    actions.push(Action::from(CodebookAction::GoTo(article, id)));
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let next = icon_button_ui(ui, Icon::Right, "Next that would move", tokens);
                    if next.clicked() {
                        self.shown = if self.shown >= last {
                            0
                        } else {
                            self.shown + 1
                        };
                    }
                    let all = found.touches.annotations;
                    let place = format!("{} of {all}", self.shown + 1);
                    ui.label(RichText::new(place).size(SMALL).weak());
                });
            });
            let project = model.session().project();
            if let Some(article) = project.article(&moved.article) {
                let label = model.page_label();
                let color = label.map_or(tokens.ink, |label| tokens.label(label.color));
                let font = theme::reading_font(model.settings().reading_font, 15.0);
                let shown = (moved.old.as_slice(), moved.new.as_slice(), Side::Both);
                in_context_ui(ui, &article.text, shown, color, &font, tokens);
            }
            ui.label(
                RichText::new("Struck out leaves the mark, underlined comes into it")
                    .size(SMALL)
                    .weak(),
            );
        });
    }
}

/// The question before a change that touches annotations.
struct Asks {
    strong: String,
    more: String,
    is_ready: bool,
    /// It touches nothing, and need not be asked.
    is_moot: bool,
    answers: Vec<(String, &'static str, Touching)>,
    /// A kind that holds what the other one does not, and how many values more it offers.
    offer: Option<(AttributeKind, usize)>,
}

impl Asks {
    fn of(touches: Option<Touches>, more: String) -> Self {
        let strong = match touches {
            None => "Counting what this touches…".to_owned(),
            Some(touches) => format!("Changes {}.", touched(touches)),
        };
        Self {
            strong,
            more,
            is_ready: touches.is_some(),
            is_moot: touches.is_some_and(|touches| touches.annotations == 0),
            answers: Vec::new(),
            offer: None,
        }
    }

    fn answer(mut self, text: &str, help: &'static str, touching: Touching) -> Self {
        self.answers.push((text.to_owned(), help, touching));
        self
    }

    fn edges(model: &Model, label: &crate::core::ids::LabelId, edges: &Edges) -> Self {
        let found = model.derived_later(&MovedByEdges {
            label: label.clone(),
            edges: edges.clone(),
        });
        let touches = found.value.map(|found| found.touches);
        let asks = Self::of(touches, "One step to undo.".to_owned());
        asks.answer(
            "Apply",
            "For new marks and those that are there",
            Touching::Keeps,
        )
        .answer(
            "For new marks only",
            "Those that are there stay",
            Touching::Spares,
        )
    }

    fn values(
        model: &Model,
        label: &crate::core::ids::LabelId,
        name: &str,
        more: &str,
        verb: &str,
    ) -> Self {
        let found = model.derived_later(&UseOfLabel(label.clone())).value;
        let touches = found.map(|found| found.values.get(name).copied().unwrap_or_default());
        let asks = Self::of(touches, format!("{more} One step to undo."));
        asks.answer(verb, "One step to undo", Touching::Keeps)
    }

    fn role(model: &Model, label: &crate::core::ids::LabelId, name: &str) -> Self {
        let found = model.derived_later(&UseOfLabel(label.clone())).value;
        let used = found.map(|found| found.links.get(name).copied().unwrap_or_default());
        let shown = name.replace('_', " ");
        let n = used.map_or(0, |used| used.links);
        let links = crate::app::words::count_grouped(n, "link", "links");
        let mut asks = Self::of(
            used.map(|used| used.touches),
            "One step to undo.".to_owned(),
        );
        if let Some(used) = used.filter(|used| used.links > 0) {
            asks.strong = format!(
                "Remove the role? “{shown}” has {links}, from {}.",
                touched(used.touches)
            );
        }
        asks.answer(
            "Keep its links",
            "They stay where they are, and are of no role any more",
            Touching::Keeps,
        )
        .answer(
            "Remove its links, too",
            "They go; one step brings them back",
            Touching::Drops,
        )
    }

    fn kind(kind: &AttributeKind, found: Option<&KindPreview>) -> Self {
        let Some(found) = found else {
            return Self::of(None, String::new());
        };
        if found.unfit == 0 {
            let asks = Self::of(Some(found.touches), "One step to undo.".to_owned());
            return asks.answer("Apply", "One step to undo", Touching::Keeps);
        }
        const SHOWN: usize = 6;
        let said = found.said.iter().take(SHOWN);
        let said: Vec<String> = said
            .map(|(text, n)| {
                let text: String = text.chars().take(40).collect();
                match n {
                    1 => format!("“{text}”"),
                    n => format!("“{text}” ({n})"),
                }
            })
            .collect();
        let rest = found.said.len().saturating_sub(SHOWN);
        let rest = match rest {
            0 => String::new(),
            n => format!(" and {n} others"),
        };
        let n = crate::app::words::count_grouped(found.unfit, "value is", "values are");
        let more = format!("{n} none of the new kind: {}{rest}.", said.join(", "));
        let mut asks = Self::of(Some(found.touches), more);
        asks.is_moot = false;
        asks.offer = with_all(kind, &found.said);
        asks.answer(
            "Keep them as text",
            "They stay as they are, and a check of the project tells of them",
            Touching::Keeps,
        )
        .answer(
            "Drop them",
            "They go; one step brings them back",
            Touching::Drops,
        )
    }
}

/// The kind with all that is said as values to choose from, unless those are too many.
fn with_all(kind: &AttributeKind, said: &[(String, usize)]) -> Option<(AttributeKind, usize)> {
    const MOST: usize = 40;
    let is_choice = matches!(kind, AttributeKind::OneOf(_) | AttributeKind::SeveralOf(_));
    if !is_choice || said.len() > MOST {
        return None;
    }
    let mut options = kind.options().to_vec();
    let new = said.iter().map(|(text, _)| text.trim());
    let new: Vec<String> = new
        .filter(|text| !text.is_empty() && !kind.options().iter().any(|known| known == text))
        .map(str::to_owned)
        .collect();
    let n = new.len();
    options.extend(new);
    (n > 0).then(|| (AttributeKind::of_code(kind.code(), options), n))
}

/// A row with a name at the left, marked while its choice waits.
fn rule_ui(
    ui: &mut Ui,
    name: &str,
    choices: &[&str],
    current: Option<usize>,
    is_changed: bool,
    tokens: &Tokens,
) -> Option<usize> {
    ui.horizontal_top(|ui| {
        let size = vec2(
            NAME_WIDTH.min(ui.available_width() * 0.35),
            theme::CONTROL_HEIGHT,
        );
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        tell(&response, Role::Label, name);
        let font = eframe::egui::FontId::proportional(13.0);
        let text = crate::ui::kit::row::line(ui.painter(), name, font, tokens.ink, rect.width());
        let at = rect.left_center() - vec2(0.0, text.size().y / 2.0);
        ui.painter().galley(at, text, tokens.ink);
        if is_changed {
            let x = rect.left() - 8.0;
            let line = (3.0, tokens.warn);
            ui.painter().vline(x, rect.y_range().shrink(5.0), line);
        }
        let width = ui.available_width();
        Choices::new(name).segments(ui, choices, current, width, tokens)
    })
    .inner
}
