//! What assistive tools are told that no widget says by itself: words of the moment, text that is
//! read by character, word and line, and what lies within what.
//!
//! Knows nothing of articles, and costs nothing while nobody listens: [`is_heard`] asks first.

use eframe::egui::accesskit::{
    self, Action, HasPopup, Live, Node, NodeId, Role, TextDirection, TextPosition, TextSelection,
};
use eframe::egui::{self, Context, Id, Rect, Response, Sense, Ui, UiBuilder, WidgetInfo};

/// Whether anyone listens.
pub(crate) fn is_heard(ctx: &Context) -> bool {
    ctx.has_accesskit_node(egui::accesskit_root_id())
}

/// Words that are read out once, whatever has the keyboard.
#[derive(Clone, Default)]
struct Words {
    /// How many were said before: each has a node of its own, so that the same words are heard again.
    before: u64,
    said: Vec<String>,
    waiting: Vec<String>,
}

fn words_id() -> Id {
    Id::unique("words that are read out")
}

/// Has words read out with this frame.
pub(crate) fn say(ctx: &Context, words: impl Into<String>) {
    let words = words.into();
    if is_heard(ctx) && !words.is_empty() {
        ctx.data_mut(|data| {
            let known: &mut Words = data.get_temp_mut_or_default(words_id());
            known.waiting.push(words);
        });
    }
}

/// Says how something stands, once for as long as it stands so.
pub(crate) fn say_once(ctx: &Context, about: Id, words: &str) {
    if !is_heard(ctx) {
        return;
    }
    let known: Option<String> = ctx.data(|data| data.get_temp(about));
    if known.as_deref() == Some(words) {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(about, words.to_owned()));
    say(ctx, words);
}

/// The words of this frame, at its end; those said last stay until there are others.
pub(crate) fn words_ui(ctx: &Context) {
    if !is_heard(ctx) {
        return;
    }
    let mut words: Words =
        ctx.data_mut(|data| std::mem::take(data.get_temp_mut_or_default(words_id())));
    if !words.waiting.is_empty() {
        words.before += words.said.len() as u64;
        words.said = std::mem::take(&mut words.waiting);
    }
    for (at, text) in words.said.iter().enumerate() {
        let id = words_id().with(words.before + at as u64);
        ctx.accesskit_node_builder(id, |node| {
            node.set_role(Role::Status);
            node.set_live(Live::Polite);
            node.set_label(text.as_str());
        });
    }
    ctx.data_mut(|data| data.insert_temp(words_id(), words));
}

/// A line of text, or a part of one that is too long for one.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// With the line break, where a paragraph ends.
    pub(crate) text: String,
    pub(crate) rect: Rect,
    pub(crate) is_rtl: bool,
    /// The bytes of each character.
    pub(crate) lengths: Vec<u8>,
    /// How far each character is from the line's beginning, and how wide it is.
    pub(crate) places: Vec<f32>,
    pub(crate) widths: Vec<f32>,
    /// The characters that words begin with.
    pub(crate) words: Vec<u8>,
    /// The parts before and after it on its line.
    pub(crate) before: Option<Id>,
    pub(crate) after: Option<Id>,
}

/// The longest run, in characters: the starts of words are bytes.
pub(crate) const LONGEST_RUN: usize = 255;

/// A place in text that is read: a run, and so many of its characters before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) run: Id,
    pub(crate) character: usize,
}

impl Place {
    fn told(self) -> TextPosition {
        TextPosition {
            node: self.run.accesskit_id(),
            character_index: self.character,
        }
    }
}

/// What lies within a node that is no [`Ui`]: paragraphs of a document, lines of a paragraph.
pub(crate) struct Within(Ui);

impl Within {
    pub(crate) fn new(ui: &Ui, node: Id) -> Self {
        let builder = UiBuilder::new()
            .layer_id(ui.layer_id())
            .max_rect(ui.clip_rect())
            .accessibility_parent(node);
        Self(Ui::new(ui.ctx().clone(), node.with("within"), builder))
    }

    /// A node with a name, or with none when it is empty.
    pub(crate) fn node(&self, id: Id, rect: Rect, role: Role, name: &str) {
        let response = self.0.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(role, true, name));
    }

    /// Text that runs are then put in.
    pub(crate) fn text(&self, id: Id, rect: Rect, text: &str) -> Self {
        self.node(id, rect, Role::Label, text);
        Self::new(&self.0, id)
    }

    /// A heading of the first level, or a paragraph, which is known by its text alone.
    pub(crate) fn paragraph(&self, id: Id, rect: Rect, heading: Option<&str>) -> Self {
        let (is_heading, name) = (heading.is_some(), heading.unwrap_or_default());
        let role = if is_heading {
            Role::Heading
        } else {
            Role::Paragraph
        };
        self.node(id, rect, role, name);
        if is_heading {
            self.with(id, |node| node.set_level(0));
        }
        Self::new(&self.0, id)
    }

    /// A stretch of text that has a meaning, and is selected when it is clicked.
    pub(crate) fn mark(&self, id: Id, rect: Rect, name: &str, is_selected: bool) {
        self.node(id, rect, Role::Mark, name);
        self.with(id, |node| {
            node.set_selected(is_selected);
            node.add_action(Action::Click);
        });
    }

    /// The choice that a closed list shows.
    pub(crate) fn choice(&self, id: Id, rect: Rect, name: &str) {
        self.node(id, rect, Role::ListBoxOption, name);
        self.with(id, |node| node.set_selected(true));
    }

    pub(crate) fn run(&self, id: Id, run: Run) {
        self.0.interact(run.rect, id, Sense::hover());
        self.with(id, |node| {
            node.set_role(Role::TextRun);
            node.set_bounds(bounds(run.rect));
            node.set_text_direction(if run.is_rtl {
                TextDirection::RightToLeft
            } else {
                TextDirection::LeftToRight
            });
            node.set_value(run.text);
            node.set_character_lengths(run.lengths);
            node.set_character_positions(run.places);
            node.set_character_widths(run.widths);
            node.set_word_starts(run.words);
            if let Some(before) = run.before {
                node.set_previous_on_line(before.accesskit_id());
            }
            if let Some(after) = run.after {
                node.set_next_on_line(after.accesskit_id());
            }
        });
    }

    fn with(&self, id: Id, write: impl FnOnce(&mut Node)) {
        self.0.ctx().accesskit_node_builder(id, write);
    }
}

/// Where something is, as assistive tools are told.
pub(super) fn bounds(rect: Rect) -> accesskit::Rect {
    accesskit::Rect {
        x0: rect.min.x.into(),
        y0: rect.min.y.into(),
        x1: rect.max.x.into(),
        y1: rect.max.y.into(),
    }
}

/// Where text was selected, and where the caret is; both must lie in runs within the node.
pub(crate) fn tell_selection(ctx: &Context, id: Id, anchor: Place, caret: Place) {
    ctx.accesskit_node_builder(id, |node| {
        node.add_action(Action::SetTextSelection);
        node.set_text_selection(TextSelection {
            anchor: anchor.told(),
            focus: caret.told(),
        });
    });
}

/// What else there is to know of something, after its name.
pub(crate) fn tell_more(ctx: &Context, id: Id, more: &str) {
    ctx.accesskit_node_builder(id, |node| node.set_description(more));
}

/// The keyboard is at a part of what has it.
pub(crate) fn tell_current(ctx: &Context, id: Id, part: Id) {
    let part = part.accesskit_id();
    ctx.accesskit_node_builder(id, |node| node.set_active_descendant(part));
}

/// What the window is called.
pub(crate) fn tell_window(ctx: &Context, title: &str) {
    ctx.accesskit_node_builder(egui::accesskit_root_id(), |node| node.set_label(title));
}

/// A part of the window with a name: what it holds stands in it.
pub(crate) fn tell_region(ui: &Ui, name: &str) {
    tell_group(ui, Role::Region, name);
}

/// What belongs together within a part.
pub(crate) fn tell_group(ui: &Ui, role: Role, name: &str) {
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(role);
        node.set_label(name);
    });
}

/// What a part holds must be filled in.
pub(crate) fn tell_required(ui: &Ui) {
    let part = ui.unique_id();
    ui.ctx()
        .accesskit_node_builder(part, |node| node.set_required());
}

/// A button that something opens from, and whether it is open.
pub(crate) fn tell_opens(button: &Response, what: HasPopup, is_open: bool) {
    button.ctx.accesskit_node_builder(button.id, |node| {
        node.set_has_popup(what);
        node.set_expanded(is_open);
    });
}

/// Whether what stands below a row is shown.
pub(crate) fn tell_open(ctx: &Context, id: Id, is_open: bool) {
    ctx.accesskit_node_builder(id, |node| node.set_expanded(is_open));
}

/// What an assistive tool asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Click(NodeId),
    /// Where text is to be selected from, and where the caret is to be: nodes of runs, and
    /// characters in them.
    Select((NodeId, usize), (NodeId, usize)),
}

/// Takes the first thing that is asked for and that `is_mine`.
pub(crate) fn take_asked(ctx: &Context, is_mine: impl Fn(Asked) -> bool) -> Option<Asked> {
    ctx.input_mut(|input| {
        let events = input.events.iter().enumerate();
        let mut asked = events.filter_map(|(at, event)| Some((at, asked_by(event)?)));
        let (at, asked) = asked.find(|(_, asked)| is_mine(*asked))?;
        input.events.remove(at);
        Some(asked)
    })
}

fn asked_by(event: &egui::Event) -> Option<Asked> {
    let egui::Event::AccessKitActionRequest(request) = event else {
        return None;
    };
    let place = |place: TextPosition| (place.node, place.character_index);
    match (request.action, &request.data) {
        (Action::Click, _) => Some(Asked::Click(request.target_node)),
        (Action::SetTextSelection, Some(accesskit::ActionData::SetTextSelection(to))) => {
            Some(Asked::Select(place(to.anchor), place(to.focus)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::RawInput;

    /// The words that are in the tree after a frame in which `say_them` was called, sorted.
    fn heard(ctx: &Context, say_them: impl Fn(&Context)) -> Vec<String> {
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            say_them(ui.ctx());
            words_ui(ui.ctx());
        });
        output.textures_delta.clear();
        let update = output.platform_output.accesskit_update;
        let nodes = update.map(|update| update.nodes).unwrap_or_default();
        let live = nodes
            .iter()
            .filter(|(_, node)| node.live() == Some(Live::Polite));
        let words = live.filter_map(|(_, node)| node.label().map(str::to_owned));
        let mut words: Vec<String> = words.collect();
        words.sort();
        words
    }

    #[test]
    fn words_are_said_once_and_only_to_who_listens() {
        let ctx = Context::default();
        let about = Id::unique("about");
        let both = |ctx: &Context| {
            say(ctx, "Saved");
            say_once(ctx, about, "3 fit");
        };
        assert_eq!(heard(&ctx, both), [""; 0]);
        ctx.enable_accesskit();
        // What was said to nobody is not said later.
        assert_eq!(heard(&ctx, |_| ()), [""; 0]);
        assert_eq!(heard(&ctx, both), ["3 fit", "Saved"]);
        assert_eq!(heard(&ctx, |_| ()), ["3 fit", "Saved"]);
        assert_eq!(
            heard(&ctx, |ctx| say_once(ctx, about, "3 fit")),
            ["3 fit", "Saved"]
        );
        assert_eq!(
            heard(&ctx, |ctx| say_once(ctx, about, "")),
            ["3 fit", "Saved"]
        );
        assert_eq!(heard(&ctx, |ctx| say_once(ctx, about, "3 fit")), ["3 fit"]);
    }
}
