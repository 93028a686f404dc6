//! The links of the selected annotation: to what, by which role, and from where; gone to, added and
//! taken away. What the codebook does not let be any more is shown with the reason, and kept.

use super::shortened;
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::derived::article::LeadingTo;
use crate::app::model::Model;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::{Codebook, LinkRole};
use crate::core::ids::AnnotationId;
use crate::core::recipes::link::{Way, accepted};
use crate::ui::kit::icon::{Icon, icon_button_ui, told_icon_button_ui};
use crate::ui::kit::table::{row_link_ui, row_title_ui};
use crate::ui::kit::words::hover;
use crate::ui::theme::{CONTROL_HEIGHT, SMALL, Tokens};
use eframe::egui::{Id, Key, RichText, Ui, UiBuilder, vec2};

/// So much of the text of what is linked, in characters.
const EXCERPT: usize = 20;
/// What is left free at the right of a row.
const EDGE: f32 = 12.0;
const LONG_EXCERPT: usize = 280;
/// Of all that lead to what is selected, so many have a row; the rest are counted.
const MOST_LEADING: usize = 12;

struct Links<'a> {
    article: &'a Article,
    codebook: &'a Codebook,
    tokens: &'a Tokens,
}

/// Draws them; whether one was taken away with no control left beside it that has the keyboard.
pub(super) fn links_ui(
    ui: &mut Ui,
    model: &Model,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> bool {
    let Some(article) = model.article() else {
        return false;
    };
    let mut is_removed = false;
    let codebook = model.session().project().codebook();
    let links = Links {
        article,
        codebook,
        tokens,
    };
    let label = codebook.label(annotation.label.as_str());
    let roles = label.map_or(&[][..], |label| label.link_roles.as_slice());
    for role in roles {
        links.role_ui(ui, annotation, role, actions);
    }
    // Those of a role that the codebook has no more.
    let is_known = |name: &str| roles.iter().any(|role| role.name == name);
    for link in annotation.links.iter().filter(|link| !is_known(&link.role)) {
        ui.horizontal(|ui| {
            row_title_ui(ui, &as_title(&in_words(&link.role)));
            let way = way(&annotation.id, &link.role, &link.target);
            let reason = format!("The codebook has no role “{}” any more", link.role);
            is_removed |= links.end_ui(ui, &way, &way.to, "", Some(&reason), actions);
        });
    }
    let leading = model.derived(&LeadingTo {
        article: article.id.clone(),
        annotation: annotation.id.clone(),
    });
    for (from, role) in leading.iter().take(MOST_LEADING) {
        ui.horizontal(|ui| {
            row_title_ui(ui, &as_title(&format!("{} of", in_words(role))));
            let way = way(from, role, &annotation.id);
            is_removed |= links.end_ui(ui, &way, from, " of", None, actions);
        });
    }
    if leading.len() > MOST_LEADING {
        ui.weak(format!(
            "and {} more lead here",
            leading.len() - MOST_LEADING
        ));
    }
    is_removed
}

impl Links<'_> {
    /// What a role leads to, and how it is led to more.
    fn role_ui(
        &self,
        ui: &mut Ui,
        annotation: &Annotation,
        role: &LinkRole,
        actions: &mut Vec<Action>,
    ) {
        let name = in_words(&role.name);
        ui.horizontal_top(|ui| {
            let leads = format!("Leads to {}", accepted(self.codebook, role));
            row_title_ui(ui, &as_title(&name)).on_hover_text(&leads);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
                let mut is_removed = false;
                let links = annotation.links.iter();
                for link in links.filter(|link| link.role == role.name) {
                    let way = way(&annotation.id, &link.role, &link.target);
                    let refusal = self.refusal(role, &link.target);
                    let refusal = refusal.as_deref();
                    is_removed |= self.end_ui(ui, &way, &way.to, "", refusal, actions);
                }
                let adds = format!("Link {name}…");
                // The same button, however many links stand before it.
                let own = UiBuilder::new().scope_id(Id::unique(("adds a link", &role.name)));
                let help = format!("{leads}. {}", info(Command::BeginLink).help);
                let told = (adds.as_str(), help.as_str());
                // A part with a name of its own is not put on the next line by itself.
                if ui.available_size_before_wrap().x < CONTROL_HEIGHT {
                    ui.end_row();
                }
                let add = ui.scope_builder(own, |ui| {
                    told_icon_button_ui(ui, Icon::Link, told, self.tokens)
                });
                let add = add.inner;
                if is_removed {
                    // The keyboard stays in the card.
                    add.request_focus();
                }
                if add.clicked() {
                    actions.push(Action::BeginLink {
                        from: annotation.id.clone(),
                        role: Some(role.name.clone()),
                    });
                }
            });
        });
    }

    /// Why the codebook would not let it be linked so now.
    fn refusal(&self, role: &LinkRole, target: &AnnotationId) -> Option<String> {
        let target = self.article.annotations.get(target.as_str())?;
        if role.accepts(self.codebook, &target.label) {
            return None;
        }
        let (label, accepted) = (
            self.codebook.name_of(&target.label),
            accepted(self.codebook, role),
        );
        Some(format!(
            "“{}” leads to {accepted} now, and this is {label}",
            role.name
        ))
    }

    /// One end of a link, which is gone to, and how the link is taken away; whether it was.
    fn end_ui(
        &self,
        ui: &mut Ui,
        way: &Way,
        end: &AnnotationId,
        of: &str,
        refusal: Option<&str>,
        actions: &mut Vec<Action>,
    ) -> bool {
        let role = format!("{}{of}", in_words(&way.role));
        let mut removes = false;
        let told = match self.article.annotations.get(end.as_str()) {
            Some(found) => {
                let text = shortened(self.article, found.extent(), EXCERPT);
                let name = format!("Go to {role}: {text}");
                let key = if of.is_empty() {
                    info(Command::FollowLink).key_text()
                } else {
                    info(Command::FollowLinkBack).key_text()
                };
                let label = self.codebook.name_of(&found.label);
                // What removes it stands beside it, and what adds another one.
                let beside = 2.0 * (CONTROL_HEIGHT + ui.spacing().item_spacing.x) + EDGE;
                let response = row_link_ui(ui, &text, &name, beside);
                removes |= response.has_focus() && ui.input(|i| i.key_pressed(Key::Delete));
                let all = shortened(self.article, found.extent(), LONG_EXCERPT);
                let told = format!("{label}: {all}\nGo to it ({key})");
                if hover(response, told).clicked() {
                    actions.push(Action::SelectAnnotation {
                        id: end.clone(),
                        reveal: true,
                    });
                }
                text
            }
            None => {
                let gone = "deleted annotation";
                let help = "Bringing it back from the trash brings the link back too";
                ui.label(RichText::new(gone).size(SMALL).color(self.tokens.dim))
                    .on_hover_text(help);
                gone.to_owned()
            }
        };
        let name = format!("Remove link {role}: {told}");
        removes |= icon_button_ui(ui, Icon::Close, &name, self.tokens).clicked();
        if let Some(refusal) = refusal {
            ui.label(RichText::new(refusal).size(SMALL).color(self.tokens.warn));
        }
        if removes {
            actions.push(Action::Unlink(way.clone()));
        }
        removes
    }
}

fn way(from: &AnnotationId, role: &str, to: &AnnotationId) -> Way {
    Way {
        from: from.clone(),
        role: role.to_owned(),
        to: to.clone(),
    }
}

/// The name of a role as it stands in the card.
fn in_words(role: &str) -> String {
    role.replace('_', " ")
}

/// The same where it begins a row.
fn as_title(role: &str) -> String {
    let mut chars = role.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
