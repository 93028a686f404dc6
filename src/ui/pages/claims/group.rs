//! What is known of the current claim, and said of it: who makes it, what may be the same, whether it
//! is worth checking, how it spreads, in which wordings, and what checking found.

use super::bar::claimant_name;
use super::board::answer_name;
use super::verdict::{self, say};
use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::command::{Command, info};
use crate::app::derived::claims::{Facts, Proposed, WordedAt};
use crate::app::derived::hits::Shared;
use crate::app::model::{Model, state_name};
use crate::app::words::{count_grouped, day};
use crate::core::claims::board::{Board, COLUMNS, Card, One};
use crate::core::claims::spread::Spread;
use crate::core::claims::{Answer, QUESTIONS};
use crate::core::codebook::{Part, Thing};
use crate::core::compact::Short;
use crate::core::recipes::groups::Say;
use crate::core::shown::{in_marks, shown};
use crate::ui::kit::chip::quiet_button_ui;
use crate::ui::kit::choices::Choices;
use crate::ui::kit::icon::{Icon, icon_menu_ui, icon_switch_ui};
use crate::ui::kit::letters::dressed_ui;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::row::{self, at_end_ui};
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::tell;
use crate::ui::menu::command_item_ui;
use crate::ui::pages::drafts::{Drafts, Written};
use crate::ui::same::{changes_job, dotted, place_of};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, FontId, Frame, Label, Margin, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2,
};

const INSET: i8 = 20;

#[derive(Default)]
pub(super) struct GroupPart {
    /// The first control of it is to have the keyboard.
    pub(super) focuses: bool,
    renames: bool,
    evidence: verdict::EvidencePart,
}

pub(super) fn nothing_ui(ui: &mut Ui, tokens: &Tokens) {
    section(ui, |ui| {
        ui.label(RichText::new("The claim").font(theme::strong_font(13.0)));
        let told =
            "Choose a card to see who makes the claim, how it spreads, and what checking it found.";
        ui.add(Label::new(RichText::new(told).color(tokens.dim)).wrap());
    });
}

/// A part of the panel, with room around it.
fn section(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    Frame::new()
        .inner_margin(Margin::symmetric(INSET, 10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            add(ui);
        });
}

fn rule(ui: &Ui, tokens: &Tokens) {
    let y = ui.cursor().top();
    ui.painter()
        .hline(ui.max_rect().x_range(), y, (1.0, tokens.line));
}

/// The name of a part, and what it holds in a few words.
fn heading_ui(ui: &mut Ui, name: &str, more: &str, tokens: &Tokens) {
    ui.horizontal(|ui| {
        let heading = ui.label(RichText::new(name).font(theme::strong_font(13.0)));
        tell(&heading, Role::Heading, name);
        if !more.is_empty() {
            let more = RichText::new(more).size(SMALL).color(tokens.dim);
            ui.add(Label::new(more).truncate());
        }
    });
}

impl GroupPart {
    /// Another claim is shown.
    pub(super) fn forget(&mut self) {
        self.renames = false;
        self.evidence = verdict::EvidencePart::default();
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what every part of a page is given"
    )]
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        board: &Shared<Board>,
        at: u32,
        drafts: &mut Drafts,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let Some((card, one)) = board
            .card(at)
            .and_then(|card| Some((card, board.one(project, card)?)))
        else {
            return nothing_ui(ui, tokens);
        };
        let facts = model.claim_facts(board, at);
        ui.spacing_mut().item_spacing.y = 0.0;
        let salt = match &one {
            One::Group(id) => id.to_string(),
            One::Alone((_, id)) => id.to_string(),
        };
        ScrollArea::vertical()
            .id_salt(("claim", salt))
            .auto_shrink(false)
            .show(ui, |ui| {
                section(ui, |ui| {
                    self.head_ui(ui, model, card, &one, actions, tokens);
                    let title = board.title(project, card);
                    self.title_ui(ui, model, &title, &one, drafts, actions, tokens);
                    facts_ui(ui, model, card, &facts, tokens);
                });
                self.proposed_ui(ui, model, &one, actions, tokens);
                rule(ui, tokens);
                section(ui, |ui| {
                    questions_ui(ui, model, card, &one, actions, tokens);
                });
                rule(ui, tokens);
                section(ui, |ui| spread_ui(ui, model, &facts.spread, tokens));
                rule(ui, tokens);
                section(ui, |ui| {
                    wordings_ui(ui, model, &one, &facts, actions, tokens);
                });
                rule(ui, tokens);
                section(ui, |ui| {
                    let verdict = board.verdict(project, card).to_owned();
                    verdict::verdict_ui(ui, model, &one, &verdict, drafts, actions, tokens);
                    self.evidence.ui(ui, model, &one, drafts, actions, tokens);
                    note_ui(ui, model, &one, drafts, actions, tokens);
                });
                ui.add_space(16.0);
            });
    }

    fn head_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        card: &Card,
        one: &One,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        ui.horizontal(|ui| {
            ui.set_height(theme::CONTROL_HEIGHT);
            let codebook = model.session().project().codebook();
            let label = codebook.label_for(&Thing::Claim);
            let color = tokens.label(label.map_or(0, |label| label.color));
            let (place, _) = ui.allocate_exact_size(vec2(18.0, 14.0), Sense::hover());
            if let Some(label) = label {
                swatch(ui, place, color, &label.underline, tokens);
            }
            let is_wide = ui.available_width() > 290.0;
            let name = match (card.len() > 1, is_wide) {
                (true, true) => "Claim group",
                (true, false) => "Group",
                (false, _) => "Claim",
            };
            ui.label(
                RichText::new(name)
                    .font(theme::strong_font(13.0))
                    .color(color),
            );
            let articles = count_grouped(card.articles as usize, "article", "articles");
            let articles = RichText::new(articles).size(SMALL).color(tokens.dim);
            if is_wide {
                ui.add(Label::new(articles).truncate());
            }
            at_end_ui(ui, "state", |ui| {
                let column = usize::from(card.column);
                let current = COLUMNS.get(column).map_or("", state_name);
                Pick::new("How far checking is", current)
                    .width(102.0)
                    .show(ui, |ui| {
                        for state in &COLUMNS {
                            let is_it = state_name(state) == current;
                            if option_ui(ui, is_it, state_name(state)).clicked() && !is_it {
                                actions.push(ClaimsAction::Move(one.clone(), state.clone()).into());
                            }
                        }
                    });
                let name = "Rename this claim";
                let rename = icon_switch_ui(ui, Icon::Note, (name, name), self.renames, tokens);
                if std::mem::take(&mut self.focuses) && !self.renames {
                    rename.request_focus();
                }
                self.renames ^= rename.clicked();
                icon_menu_ui(ui, Icon::More, "More about this claim", tokens, |ui| {
                    for command in [
                        Command::LineUp,
                        Command::JoinProposed,
                        Command::KeepProposedApart,
                        Command::MoveClaimOn,
                        Command::MoveClaimBack,
                        Command::JoinSameClaims,
                        Command::TakeSpeakers,
                    ] {
                        command_item_ui(ui, model, command, actions);
                    }
                });
            });
        });
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what every part of a page is given"
    )]
    fn title_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        title: &str,
        one: &One,
        drafts: &mut Drafts,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        if self.renames {
            let of = one.clone();
            let written = Written {
                focuses: !drafts.is_written("Title of the claim") && self.focuses,
                ..Written::new("Title of the claim", title)
            };
            let response = drafts.field_ui(ui, written, actions, tokens, move |text| {
                Some(say(&of, Say::Title(text.to_owned())))
            });
            if response.lost_focus() {
                self.renames = false;
            } else if !response.has_focus() && !drafts.is_written("Title of the claim") {
                response.request_focus();
            }
            return;
        }
        let font = theme::headline_of(model.settings().reading_font, 20.0);
        let title = shown(title);
        let text = RichText::new(&*title).font(font).line_height(Some(27.0));
        let heading = ui.add(Label::new(text).wrap());
        tell(&heading, Role::Heading, &title);
        ui.add_space(4.0);
    }

    /// What may be the same, first the nearest: dotted until it is decided.
    fn proposed_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        one: &One,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        const MOST: usize = 3;
        let compared = model.compared_things(&Thing::Claim);
        let proposed = model.proposed_to(&Thing::Claim, one);
        if proposed.is_empty() {
            if compared.value.is_none() {
                section(ui, |ui| {
                    ui.label(
                        RichText::new("Looking for the same claim…")
                            .size(SMALL)
                            .color(tokens.dim),
                    );
                });
            }
            return;
        }
        section(ui, |ui| {
            let more = match proposed.len() {
                1 => "1 proposed".to_owned(),
                n => format!("{n} proposed, the nearest first"),
            };
            heading_ui(ui, "The same claim?", &more, tokens);
            for (at, proposal) in proposed.iter().take(MOST).enumerate() {
                proposal_ui(ui, model, one, proposal, at == 0, actions, tokens);
            }
            if proposed.len() > MOST {
                let told = format!("{} more are lined up below", proposed.len() - MOST);
                ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
            }
            let plain = proposed.iter().filter(|p| p.alike.is_plain());
            let plain: Vec<One> = plain.map(|p| p.one.clone()).collect();
            if plain.len() > 1 {
                let told = format!("Join {} that nothing speaks against", plain.len());
                if ui.button(told).clicked() {
                    let all = std::iter::once(one.clone()).chain(plain).collect();
                    actions.push(ClaimsAction::Join(Thing::Claim, all).into());
                }
            }
        });
    }
}

/// A name at the left, and what stands for it.
fn fact_ui(ui: &mut Ui, name: &str, tokens: &Tokens, value: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let size = vec2(66.0, 18.0);
        let (place, _) = ui.allocate_exact_size(size, Sense::hover());
        let font = FontId::proportional(SMALL);
        let text = row::line(ui.painter(), name, font, tokens.dim, size.x);
        ui.painter().galley(
            pos2(place.left(), place.center().y - text.size().y / 2.0),
            text,
            tokens.dim,
        );
        value(ui);
    });
}

fn facts_ui(ui: &mut Ui, model: &Model, card: &Card, facts: &Facts, tokens: &Tokens) {
    // Words only, so they stand closer than what is pressed.
    ui.spacing_mut().interact_size.y = 18.0;
    fact_ui(ui, "Claimant", tokens, |ui| {
        let Some((who, count)) = facts.claimants.first() else {
            return;
        };
        let name = claimant_name(model, who.as_ref());
        let more = if card.len() > *count {
            format!("in {count} of {}", card.len())
        } else {
            String::new()
        };
        let name = RichText::new(name).font(theme::strong_font(13.0));
        let response = ui.add(Label::new(name).truncate());
        if facts.claimants.len() > 1 {
            let all = facts.claimants.iter().take(12);
            let all = all.map(|(who, n)| format!("{} ({n})", claimant_name(model, who.as_ref())));
            response.on_hover_text(all.collect::<Vec<_>>().join("\n"));
        }
        ui.label(RichText::new(more).size(SMALL).color(tokens.dim));
    });
    let listed = |all: &[(Short, usize)]| {
        let all = all.iter().take(4);
        let all = all.map(|(name, n)| match card.len() {
            1 => shown(name).replace('_', " "),
            _ => format!("{} {n}", shown(name).replace('_', " ")),
        });
        all.collect::<Vec<_>>().join(" · ")
    };
    for (name, all) in [("Kind", &facts.kinds), ("Stance", &facts.stances)] {
        if !all.is_empty() {
            fact_ui(ui, name, tokens, |ui| {
                ui.add(Label::new(listed(all)).truncate());
            });
        }
    }
}

fn proposal_ui(
    ui: &mut Ui,
    model: &Model,
    one: &One,
    proposal: &Proposed,
    is_first: bool,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let key = |key: &str| {
        if is_first {
            format!(" ({key})")
        } else {
            String::new()
        }
    };
    let drawn = Frame::new().inner_margin(Margin::same(10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(8.0, 5.0);
        let words = shown(&proposal.words);
        let words: String = words.chars().take(180).collect();
        let font = theme::reading_font(model.settings().reading_font, 14.0);
        let response = ui.add(Label::new(RichText::new(in_marks(&words)).font(font)).wrap());
        tell(&response, Role::Label, &format!("Proposed: {words}"));
        let where_it_is = place_of(model, &proposal.member.0);
        let place = match proposal.count {
            1 => where_it_is,
            n => format!("a group of {n} · {where_it_is}"),
        };
        let reason = proposal.alike.reason(&Thing::Claim);
        let ink = if proposal.alike.is_plain() {
            tokens.dim
        } else {
            tokens.warn
        };
        ui.add(Label::new(RichText::new(reason).size(SMALL).color(ink)).wrap());
        ui.add(Label::new(RichText::new(place).size(SMALL).color(tokens.dim)).truncate());
        ui.horizontal(|ui| {
            let join = ui.button(format!("Join{}", key("J")));
            let name = format!("Join with {}", in_marks(&words));
            tell(&join, Role::Button, &name);
            if join
                .on_hover_text(info(Command::JoinProposed).help)
                .clicked()
            {
                let both = vec![one.clone(), proposal.one.clone()];
                actions.push(ClaimsAction::Join(Thing::Claim, both).into());
            }
            let apart = ui.button(format!("Keep apart{}", key("K")));
            tell(
                &apart,
                Role::Button,
                &format!("Keep apart from {}", in_marks(&words)),
            );
            if apart
                .on_hover_text(info(Command::KeepProposedApart).help)
                .clicked()
            {
                let (one, other) = (one.clone(), proposal.one.clone());
                actions.push(ClaimsAction::Apart(Thing::Claim, one, other).into());
            }
            let show = ui.button("Show");
            tell(
                &show,
                Role::Button,
                &format!("Show {} in its article", in_marks(&words)),
            );
            if show.clicked() {
                actions.push(ClaimsAction::GoTo(proposal.member.clone()).into());
            }
        });
    });
    dotted(ui, drawn.response.rect, tokens.ink);
}

fn questions_ui(
    ui: &mut Ui,
    model: &Model,
    card: &Card,
    one: &One,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    heading_ui(
        ui,
        "Worth checking?",
        "Y, N and U answer the marked one",
        tokens,
    );
    for (at, (question, answer)) in QUESTIONS.iter().zip(card.answers).enumerate() {
        let is_wide = ui.available_width() > 350.0;
        let asked = match question {
            Part::MayBeFalse => "May it be false?",
            Part::MattersToPublic if is_wide => "Does it matter to the public?",
            Part::MattersToPublic => "Does it matter?",
            _ => "Can it harm?",
        };
        ui.horizontal(|ui| {
            ui.set_height(theme::CONTROL_HEIGHT);
            let is_next = model.claim_question() == at;
            let (place, _) = ui.allocate_exact_size(vec2(4.0, 18.0), Sense::hover());
            if is_next {
                let bar = Rect::from_center_size(place.center(), vec2(3.0, 18.0));
                ui.painter().rect_filled(bar, 0.0, tokens.accent);
            }
            ui.add(Label::new(asked).truncate());
            at_end_ui(ui, asked, |ui| {
                let names = ["yes", "no", "unsure"];
                let now = names.iter().position(|name| *name == answer_name(answer));
                let chosen = Choices::new(asked).segments(ui, &names, now, 156.0, tokens);
                if let Some(chosen) = chosen {
                    let answer: Answer = match chosen {
                        0 => Some(true),
                        1 => Some(false),
                        _ => None,
                    };
                    actions.push(ClaimsAction::Question(at).into());
                    actions.push(ClaimsAction::Answer(one.clone(), answer).into());
                }
            });
        });
    }
}

/// A dot for each article, by outlet and day.
fn spread_ui(ui: &mut Ui, model: &Model, spread: &Spread, tokens: &Tokens) {
    const LINE: f32 = 22.0;
    const NAMES: f32 = 110.0;
    let first = spread.first.as_deref().map(day).unwrap_or_default();
    let last = spread.last.as_deref().map(day).unwrap_or_default();
    let more = match first.as_str() {
        "" => "no day is known".to_owned(),
        first => format!("first seen {first}, one dot an article"),
    };
    heading_ui(ui, "Spread", &more, tokens);
    let hides = model.settings().hides_source;
    let lines: Vec<_> = spread.lines.iter().collect();
    let height = lines.len() as f32 * LINE + 18.0;
    let size = vec2(ui.available_width(), height);
    let (whole, response) = ui.allocate_exact_size(size, Sense::hover());
    let told = lines.iter().enumerate().map(|(n, line)| {
        let name = if hides {
            format!("outlet {}", n + 1)
        } else {
            outlet_name(&line.outlet)
        };
        format!("{name} {}", line.dots.len() + line.undated)
    });
    let told = format!("Spread, {more}: {}", told.collect::<Vec<_>>().join(", "));
    tell(&response, Role::Image, &told);
    let painter = ui.painter().with_clip_rect(whole.intersect(ui.clip_rect()));
    let codebook = model.session().project().codebook();
    let label = codebook.label_for(&Thing::Claim);
    let color = tokens.label(label.map_or(0, |label| label.color));
    let (left, right) = (whole.left() + NAMES + 8.0, whole.right() - 8.0);
    for (n, line) in lines.iter().enumerate() {
        let y = whole.top() + (n as f32 + 0.5) * LINE;
        let name = if hides {
            format!("Outlet {}", n + 1)
        } else {
            outlet_name(&line.outlet)
        };
        let font = FontId::proportional(11.0);
        let name = row::line(&painter, &name, font, tokens.dim, NAMES);
        painter.galley(
            pos2(whole.left(), y - name.size().y / 2.0),
            name,
            tokens.dim,
        );
        painter.hline(left..=right, y, (1.0, tokens.line));
        for dot in line.dots.iter().take(500) {
            painter.circle_filled(pos2(left + (right - left) * dot, y), 4.0, color);
        }
    }
    let y = whole.bottom();
    let font = FontId::proportional(11.0);
    painter.text(
        pos2(left, y),
        Align2::LEFT_BOTTOM,
        &first,
        font.clone(),
        tokens.dim,
    );
    if last != first {
        painter.text(
            pos2(right, y),
            Align2::RIGHT_BOTTOM,
            &last,
            font,
            tokens.dim,
        );
    }
}

fn outlet_name(outlet: &str) -> String {
    match outlet {
        "" => "No outlet".to_owned(),
        outlet => shown(outlet).into_owned(),
    }
}

fn wordings_ui(
    ui: &mut Ui,
    model: &Model,
    one: &One,
    facts: &Facts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    const MOST: usize = 12;
    let count = facts.wordings.len();
    let more = match count {
        1 => String::new(),
        n => format!("{n}, changes marked"),
    };
    heading_ui(ui, "Wordings", &more, tokens);
    for wording in facts.wordings.iter().take(MOST) {
        wording_ui(ui, model, wording, actions, tokens);
    }
    if count > MOST {
        let told = format!("{} more are lined up", count - MOST);
        ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
    }
    let told = info(Command::LineUp);
    let button = ui.button("Line up across outlets…");
    if button.on_hover_text(told.tooltip()).clicked() {
        actions.push(ClaimsAction::LineUp(Thing::Claim, one.clone()).into());
    }
}

fn wording_ui(
    ui: &mut Ui,
    model: &Model,
    wording: &WordedAt,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    ui.horizontal_top(|ui| {
        let when = day(&wording.day);
        let when = when.get(..when.len().saturating_sub(5)).unwrap_or(&when);
        let (place, _) = ui.allocate_exact_size(vec2(48.0, 20.0), Sense::hover());
        let font = FontId::proportional(SMALL);
        let when = row::line(ui.painter(), when, font, tokens.dim, 48.0);
        ui.painter()
            .galley(pos2(place.left(), place.top() + 2.0), when, tokens.dim);
        let room = (ui.available_width() - 116.0).max(60.0);
        ui.vertical(|ui| {
            ui.set_width(room);
            let font = theme::reading_font(model.settings().reading_font, 14.0);
            let (mut job, said) = changes_job(&wording.worded.changes, &font, tokens);
            job.wrap.max_width = room;
            let response = dressed_ui(ui, job);
            tell(&response, Role::Label, &said);
        });
        let hides = model.settings().hides_source;
        let outlet = match wording.outlet.as_str() {
            outlet if hides || outlet.is_empty() => "Its article".to_owned(),
            outlet => shown(outlet).into_owned(),
        };
        let cut: String = outlet.chars().take(12).collect();
        let cut = if cut.len() < outlet.len() {
            format!("{}…", cut.trim_end())
        } else {
            cut
        };
        let button = quiet_button_ui(ui, &cut, &format!("Show it in {outlet}"));
        let words = wording.worded.count;
        let help = match words {
            1 => format!("{outlet}: show it in its article"),
            n => format!("{outlet}: show the first of {n} in its article"),
        };
        if button.on_hover_text(help).clicked() {
            actions.push(ClaimsAction::GoTo(wording.member.clone()).into());
        }
    });
}

fn note_ui(
    ui: &mut Ui,
    model: &Model,
    one: &One,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let group = match one {
        One::Group(id) => model.session().project().group(id),
        One::Alone(_) => None,
    };
    let note = group.map_or("", |group| group.note.as_str());
    let of = one.clone();
    let written = Written {
        hint: "Note",
        rows: Some(if note.is_empty() { 1 } else { 3 }),
        ..Written::new("Note on the claim", note)
    };
    drafts.field_ui(ui, written, actions, tokens, move |text| {
        Some(say(&of, Say::Note(text.to_owned())))
    });
}
