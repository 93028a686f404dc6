//! Who somebody is: name, role and other names, what can be done, and who may be the same.
//!
//! On a proposal that has the keyboard Enter merges and X keeps apart.

use crate::app::action::{Action, PeopleAction};
use crate::app::command::{Command, info};
use crate::app::derived::people::Pair;
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::names::Why;
use crate::core::project::Person;
use crate::core::recipes::people::under;
use crate::core::shown::shown;
use crate::ui::kit::chip::{button_chip_ui, quiet_button_ui};
use crate::ui::kit::icon::{self, Icon, icon_pane_ui};
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::menu::{Mark, item_ui};
use crate::ui::kit::row::at_end_ui;
use crate::ui::kit::tell;
use crate::ui::theme::{self, RADIUS, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Button, Frame, Id, Key, Label, Margin, Modifiers, Popup, Rect, RichText, Sense, Stroke, Ui,
    vec2,
};

/// Left free at both sides: less where there is little room.
pub(super) fn inset(place: Rect) -> f32 {
    if place.width() < 520.0 { 16.0 } else { 28.0 }
}

/// So many proposals are shown of one person.
const MOST: usize = 2;

#[derive(Default)]
pub(super) struct Head {
    pub(super) focuses: bool,
    /// The buttons of proposals that were drawn last.
    buttons: Vec<Id>,
}

/// Those that the person shown may be one with.
fn pairs_of<'a>(pairs: &'a [Pair], person: &'a Person) -> impl Iterator<Item = &'a Pair> {
    pairs
        .iter()
        .filter(|pair| pair.stays == person.id || pair.goes == person.id)
}

pub(super) fn has_proposal(model: &Model) -> bool {
    let pairs = model.pairs().value;
    let person = model.shown_person();
    pairs
        .zip(person)
        .is_some_and(|(pairs, person)| pairs_of(&pairs, person).next().is_some())
}

/// Why two may be one, as a sentence.
fn reason(pair: &Pair) -> String {
    let [own, other] = pair.told.names.each_ref().map(|name| shown(name));
    let why = match &pair.told.why {
        Why::Identifier(scheme, value) => format!("Both are {value} in {scheme}."),
        Why::Written => "The same but for titles, accents or marks.".to_owned(),
        Why::Scripts => "The same name in two scripts.".to_owned(),
        Why::Initials => format!("“{other}” has the initials of “{own}”."),
        Why::MoreNames => format!("“{own}” is “{other}” with more first names."),
        Why::LastName => format!("“{other}” is the last name of “{own}”."),
        Why::FirstName => format!("“{other}” is the first name of “{own}”."),
        Why::OneLetter => format!("“{other}” is one letter away from “{own}”."),
        Why::OneLetterOfLastName => {
            format!("“{other}” is one letter away from the last name of “{own}”.")
        }
        Why::Acronym => format!("“{other}” are the first letters of “{own}”."),
    };
    match pair.told.together {
        0 => format!("{why} They are quoted in no article together."),
        n => format!(
            "{why} Both are quoted in {}.",
            count_grouped(n, "article", "articles")
        ),
    }
}

impl Head {
    pub(super) fn is_of_it(&self, id: Id) -> bool {
        self.buttons.contains(&id)
    }

    /// Whether the list is asked for, which it can be where it is not seen.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        person: &Person,
        has_way_back: bool,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> bool {
        let mut goes_back = false;
        let inset = inset(ui.max_rect()) as i8;
        let margin = Margin {
            left: inset,
            right: inset,
            top: 16,
            bottom: 8,
        };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            if has_way_back {
                goes_back = quiet_button_ui(ui, "All people", "Back to all people").clicked();
            }
            name_ui(ui, model, person, actions, tokens);
            about_ui(ui, model, person, tokens);
            names_ui(ui, person, actions);
            self.proposals_ui(ui, model, person, actions, tokens);
        });
        goes_back
    }

    fn proposals_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        person: &Person,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        self.buttons.clear();
        let Some(pairs) = model.pairs().value else {
            self.focuses = false;
            return;
        };
        let all: Vec<&Pair> = pairs_of(&pairs, person).collect();
        for pair in all.iter().take(MOST) {
            ui.add_space(2.0);
            self.proposal_ui(ui, model, person, pair, actions, tokens);
        }
        self.focuses = false;
        if let Some(more) = all.len().checked_sub(MOST).filter(|more| *more > 0) {
            ui.label(
                RichText::new(format!("{more} more"))
                    .size(SMALL)
                    .color(tokens.dim),
            );
        }
    }

    fn proposal_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        person: &Person,
        pair: &Pair,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let other = if pair.stays == person.id {
            &pair.goes
        } else {
            &pair.stays
        };
        let Some(other) = project.person(other) else {
            return;
        };
        let speakers = model.speakers();
        let place = speakers.place_of(&other.id);
        let quotes = place.map_or(0, |place| speakers.said_by(place).len());
        let name = shown(&other.name).into_owned();
        let why = reason(pair);
        let margin = Margin::symmetric(12, 8);
        // What is proposed has a frame of dashes.
        let frame = Frame::new().inner_margin(margin).corner_radius(RADIUS);
        let drawn = frame.show(ui, |ui| {
            let mut buttons_ui = |ui: &mut Ui| {
                let apart = ui.button("Not the same");
                tell(&apart, Role::Button, &format!("Not the same: {name}"));
                let apart = apart.on_hover_text("Keep the two apart, and propose it no more (X)");
                let compare = ui.button("Compare");
                tell(&compare, Role::Button, &format!("Compare with {name}"));
                let compare = compare.on_hover_text("Show who it is, with what they said");
                let words = RichText::new("Merge").font(theme::strong_font(13.0));
                let words = words.color(tokens.on_accent);
                let merge = Button::new(words).fill(tokens.accent);
                let merge = ui.add(merge.stroke((1.0, tokens.accent)));
                tell(&merge, Role::Button, &format!("Merge with {name}. {why}"));
                let merge = merge.on_hover_text("Make one of the two (Enter); both can be undone");
                self.buttons.extend([apart.id, compare.id, merge.id]);
                if std::mem::take(&mut self.focuses) {
                    merge.request_focus();
                }
                let has_keys = [&apart, &compare, &merge].iter().any(|b| b.has_focus());
                let x =
                    has_keys && ui.input_mut(|input| take_exactly(input, Modifiers::NONE, Key::X));
                let (stays, goes) = (pair.stays.clone(), pair.goes.clone());
                if apart.clicked() || x {
                    actions.push(PeopleAction::KeepApart(stays, goes).into());
                } else if compare.clicked() {
                    actions.push(PeopleAction::Show(other.id.clone()).into());
                } else if merge.clicked() {
                    actions.push(PeopleAction::MergeOrAsk { stays, goes }.into());
                }
            };
            let is_narrow = ui.available_width() < 460.0;
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(18.0, 30.0), Sense::hover());
                icon::paint(ui.painter(), Icon::Merge, rect.center(), 16.0, tokens.ink);
                let room = ui.available_width();
                let beside = if is_narrow { 0.0 } else { 300.0 };
                ui.vertical(|ui| {
                    ui.set_width((room - beside).max(room * 0.4));
                    ui.spacing_mut().item_spacing.y = 2.0;
                    ui.horizontal_wrapped(|ui| {
                        ui.label(RichText::new(&name).font(theme::strong_font(13.0)));
                        let told = count_grouped(quotes, "quote", "quotes");
                        ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
                    });
                    let why = RichText::new(&why).size(SMALL).color(tokens.dim);
                    ui.add(Label::new(why).wrap());
                });
                if !is_narrow {
                    at_end_ui(ui, &format!("proposal {}", other.id), &mut buttons_ui);
                }
            });
            if is_narrow {
                ui.horizontal_wrapped(buttons_ui);
            }
        });
        let edge = Stroke::new(1.0, tokens.edge);
        let rect = drawn.response.rect;
        let corners = [
            rect.left_top(),
            rect.right_top(),
            rect.right_bottom(),
            rect.left_bottom(),
            rect.left_top(),
        ];
        ui.painter()
            .extend(eframe::egui::Shape::dashed_line(&corners, edge, 2.0, 2.0));
    }
}

fn name_ui(
    ui: &mut Ui,
    model: &Model,
    person: &Person,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let is_narrow = ui.available_width() < 320.0;
    let mut acts_ui = |ui: &mut Ui| {
        for (text, command) in [
            ("Edit", Command::EditPerson),
            ("Merge…", Command::MergePerson),
        ] {
            let told = info(command);
            let button = ui.button(text);
            tell(&button, Role::Button, told.title);
            if button.on_hover_text(told.tooltip()).clicked() {
                actions.push(Action::Run(command));
            }
        }
        icon_pane_ui(ui, Icon::More, "More about this person", tokens, |ui| {
            for command in [
                Command::SplitPerson,
                Command::ExportSaidCsv,
                Command::ExportSaidXlsx,
                Command::DeletePerson,
            ] {
                if item_ui(ui, Mark::None, info(command).title, "", true).clicked() {
                    actions.push(Action::Run(command));
                    Popup::close_all(ui.ctx());
                }
            }
        });
    };
    ui.horizontal(|ui| {
        let name = shown(&person.name);
        let beside = if is_narrow { 0.0 } else { 190.0 };
        let room = (ui.available_width() - beside).max(80.0);
        let font = theme::headline_font(model.settings().reading_font, 18.0);
        let text = crate::ui::kit::row::line(ui.painter(), &name, font, tokens.ink, room);
        let (rect, heading) = ui.allocate_exact_size(text.size(), Sense::hover());
        tell(&heading, Role::Heading, &name);
        ui.painter().galley(rect.min, text, tokens.ink);
        if !is_narrow {
            at_end_ui(ui, "person", &mut acts_ui);
        }
    });
    if is_narrow {
        ui.horizontal_wrapped(acts_ui);
    }
}

fn about_ui(ui: &mut Ui, model: &Model, person: &Person, tokens: &Tokens) {
    let to = person.affiliated_to.as_ref();
    let to = to.and_then(|id| model.session().project().person(id));
    let place = to.map_or(person.affiliation.as_str(), |to| to.name.as_str());
    let mut parts: Vec<String> = [person.role.as_str(), place]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| shown(part).into_owned())
        .collect();
    let identifiers = person.identifiers.iter();
    parts.extend(
        identifiers.map(|(scheme, value)| shown(&format!("{scheme} {value}")).into_owned()),
    );
    if person.identifiers.is_empty() {
        parts.push("outside identifier not set".to_owned());
    }
    ui.add(Label::new(RichText::new(parts.join(" · ")).color(tokens.dim)).wrap());
}

/// Other names; a press makes one of them the name that is shown.
fn names_ui(ui: &mut Ui, person: &Person, actions: &mut Vec<Action>) {
    const SHOWN: usize = 12;
    let tied: Vec<(&crate::core::ids::ArticleId, &String)> = person
        .tied
        .0
        .iter()
        .flat_map(|(article, words)| words.iter().map(move |words| (article, words)))
        .collect();
    if person.aliases.is_empty() && tied.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.weak("Also named");
        for alias in person.aliases.iter().take(SHOWN) {
            let chip = button_chip_ui(ui, "Show under the name", &shown(alias));
            if chip
                .on_hover_text("Make this the name that is shown")
                .clicked()
            {
                let new = under(person.clone(), alias);
                actions.push(PeopleAction::Set(Box::new(new)).into());
            }
        }
        for (article, words) in tied.into_iter().take(SHOWN) {
            let chip = button_chip_ui(ui, "Untie", &format!("{} ×", shown(words)));
            let told = "Means them in one article; press to untie it";
            if chip.on_hover_text(told).clicked() {
                let asked = PeopleAction::Untie {
                    person: person.id.clone(),
                    article: article.clone(),
                    words: words.clone(),
                };
                actions.push(asked.into());
            }
        }
    });
}
