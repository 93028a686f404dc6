//! One label of the codebook, picked from a list that opens, or from a menu: whatever the labels are
//! called and however many there are, only those in view are drawn, each on one line, and there is a
//! field to find one.
//!
//! Which labels there are to pick from is derived; what one is picked for is the caller's.

use crate::app::derived::labels::{Pickable, PickedFrom};
use crate::app::model::Model;
use crate::core::codebook::Label;
use crate::core::ids::LabelId;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{many_ui, nothing_ui};
use crate::ui::kit::menu::{LINE_WIDTH, Line, Mark};
use crate::ui::kit::pick::Pick;
use crate::ui::theme::SMALL;
use eframe::egui::{Id, Key, RichText, Ui};

/// So many are seen at once; of more, one is found by its name.
const FEW: usize = 14;
/// As high as the list gets before it scrolls.
const HEIGHT: f32 = 340.0;

/// What is typed into the field of a list, from when it is opened to when it is closed.
#[derive(Clone, Default)]
struct Typed {
    text: String,
    pass: u64,
    /// How often it asked for the keyboard: the click that opens the list takes it away again.
    asked: u8,
}

/// A control that says which label it is, and opens the list. The answer is what was picked: a label, or
/// what stands before them all.
pub(super) fn pick_label_ui(
    ui: &mut Ui,
    model: &Model,
    pick: Pick<'_>,
    which: Pickable,
    chosen: Option<&LabelId>,
    none: Option<&str>,
) -> Option<Option<LabelId>> {
    let mut answer = None;
    pick.show_long(ui, |ui| {
        let none = none.map(|none| (none, chosen.is_none()));
        answer = labels_ui(ui, model, which, none, (true, false), &|label| {
            Mark::Choice(chosen == Some(&label.id))
        });
    });
    answer
}

/// The same within a menu.
pub(super) fn label_choices_ui(
    ui: &mut Ui,
    model: &Model,
    which: Pickable,
    chosen: Option<&LabelId>,
    none: Option<&str>,
) -> Option<Option<LabelId>> {
    let none = none.map(|none| (none, chosen.is_none()));
    labels_ui(ui, model, which, none, (false, false), &|label| {
        Mark::Choice(chosen == Some(&label.id))
    })
}

/// The labels that something may have several of: what was picked is switched, and the list is open
/// for the next.
pub(super) fn switch_labels_ui(
    ui: &mut Ui,
    model: &Model,
    pick: Pick<'_>,
    is_on: &dyn Fn(&LabelId) -> bool,
    none: (&str, bool),
    hint: &str,
) -> Option<Option<LabelId>> {
    let mut answer = None;
    pick.show_long(ui, |ui| {
        let all = Pickable::All;
        answer = labels_ui(ui, model, all, Some(none), (true, true), &|label| {
            Mark::Switch(is_on(&label.id))
        });
        if !hint.is_empty() {
            ui.label(RichText::new(hint).size(SMALL).weak());
        }
    });
    answer
}

fn labels_ui(
    ui: &mut Ui,
    model: &Model,
    which: Pickable,
    none: Option<(&str, bool)>,
    (is_picked, stays): (bool, bool),
    mark: &dyn Fn(&Label) -> Mark,
) -> Option<Option<LabelId>> {
    ui.set_min_width(LINE_WIDTH);
    ui.set_max_width(LINE_WIDTH);
    let codebook = model.codebook();
    let id = ui.scope_id().with("label that is looked for");
    let (typed, enters) = if codebook.labels.len() > FEW {
        typed_ui(ui, id, stays)
    } else {
        (String::new(), false)
    };
    let rows = model.derived(&PickedFrom {
        which,
        typed: typed.clone(),
    });
    let none = none.filter(|_| typed.is_empty());
    let before = usize::from(none.is_some());
    let label_at = |at: usize| {
        let (place, depth) = rows.get(at.checked_sub(before)?)?;
        Some((codebook.labels.get(*place)?, *depth))
    };
    let mut picked = None;
    if enters && let Some((label, _)) = label_at(before) {
        picked = Some(Some(label.id.clone()));
    }
    let is_sought = rows.is_empty() && !typed.is_empty();
    if is_sought && nothing_ui(ui, "No label is called so", Some("Clear the filter")) {
        ui.data_mut(|data| data.remove::<Typed>(id));
        ui.ctx().request_repaint();
    }
    many_ui(ui, rows.len() + before, HEIGHT, |ui, at| {
        let (text, depth, mark, help) = match (label_at(at), none) {
            (Some((label, depth)), _) => {
                let help = label.definition.as_str();
                (label.name.as_str(), depth, mark(label), help)
            }
            (None, Some((none, is_on))) => (none, 0, Mark::Choice(is_on), ""),
            (None, None) => return,
        };
        let line = Line {
            text,
            depth,
            mark,
            key: String::new(),
            help,
            is_enabled: true,
        };
        if line.ui(ui, is_picked).clicked() {
            picked = Some(label_at(at).map(|(label, _)| label.id.clone()));
        }
    });
    let is_last = !stays || matches!(picked, Some(None));
    if picked.is_some() && is_last {
        ui.close();
    }
    picked
}

/// The field, which has the keyboard when the list opens; says what is in it, and whether Enter was
/// pressed there.
fn typed_ui(ui: &mut Ui, id: Id, stays: bool) -> (String, bool) {
    let pass = ui.ctx().cumulative_pass_nr();
    let known: Option<Typed> = ui.data(|data| data.get_temp(id));
    let known = known.filter(|known| known.pass + 3 > pass);
    let Typed {
        mut text,
        mut asked,
        ..
    } = known.unwrap_or_default();
    let field = Field::search("Find by name", &mut text).hint("Find by name");
    let field = field.width(LINE_WIDTH).show(ui);
    if asked < 3 {
        asked += 1;
        field.request_focus();
        ui.ctx().request_repaint();
    }
    let enters = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if enters && stays {
        field.request_focus();
    }
    ui.data_mut(|data| {
        let text = text.clone();
        data.insert_temp(id, Typed { text, pass, asked });
    });
    (text, enters)
}
