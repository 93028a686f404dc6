//! The parts of a quote that are proposed when it was marked, or when they are asked for: which
//! candidates are chosen, and what accepting them does. What is proposed is for the core to say.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{OfferedPart, QuoteAction, Spot, UiRequest};
use crate::app::clock;
use crate::app::command::{Scope, Section, ctrl};
use crate::app::derived::quotes::OfferFor;
use crate::app::notice::Notice;
use crate::core::codebook::{Part, Thing};
use crate::core::ids::{AnnotationId, LabelId};
use crate::core::quotes::{Candidate, next_quoted};
use crate::core::recipes::Signed;
use crate::core::recipes::quote::{Accepted, Offer, OfferedSpeaker, accept};
use crate::core::text::selection::Selection;
use crate::core::text::{BytePos, ByteRange};
use std::rc::Rc;

#[rustfmt::skip]
commands! {
    ProposeParts => row(Section::Speakers, "Propose the parts of the quote", ctrl("D"), Scope::Article, "Cue and speaker of the selected quote, from the text and the ledger: Enter accepts, Up and Down choose another speaker, Left and Right go to the cue and back")
        .runs(Model::ask_for_offer)
        .when(Model::has_selected_quote),
    NextQuotation => row(Section::Annotations, "Next quotation to mark", ctrl("U"), Scope::Article, "Select the next words in quotation marks that are marked as no quote yet")
        .runs(Model::select_next_quotation)
        .when(Model::has_article),
    NameSpeaker => row(Section::Speakers, "Name the speaker", ctrl("P"), Scope::Article, "Write who is quoted; names of the ledger are found as you write")
        .runs(Model::name_speaker)
        .when(|model| model.speaker_field().is_some()),
    ToggleProposals => row(Section::Marking, "Propose parts of quotes", None, Scope::NotWriting, "When a quote was marked, its cue and its speaker are proposed")
        .runs(|model| model.settings.proposes_parts ^= true)
        .on_while(|model| model.settings.proposes_parts),
}

/// The offer that is on, and what is chosen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfferState {
    of: AnnotationId,
    points_at: OfferedPart,
    cue: usize,
    speaker: usize,
}

impl OfferState {
    fn of(annotation: AnnotationId) -> Self {
        Self {
            of: annotation,
            points_at: OfferedPart::Speaker,
            cue: 0,
            speaker: 0,
        }
    }

    /// Another cue has other speakers.
    fn turn_to_cue(&mut self, cue: usize) {
        if cue != self.cue {
            self.cue = cue;
            self.speaker = 0;
        }
    }
}

/// What is proposed for the selected quote.
pub struct QuoteOffer {
    all: Rc<Option<Offer>>,
    state: OfferState,
}

impl QuoteOffer {
    /// None there is none of; it is made only where there is an offer.
    pub fn offer(&self) -> Option<&Offer> {
        self.all.as_ref().as_ref()
    }

    pub fn points_at(&self) -> OfferedPart {
        self.state.points_at
    }

    pub fn cues(&self) -> &[Candidate] {
        let lacking = self.offer().filter(|offer| offer.lacks.cue);
        lacking.map_or(&[], |offer| offer.cues.as_slice())
    }

    pub fn speakers(&self) -> &[OfferedSpeaker] {
        let lacking = self
            .offer()
            .filter(|offer| offer.lacks.source || offer.lacks.speaker);
        lacking.map_or(&[], |offer| offer.speakers.as_slice())
    }

    pub fn cue_at(&self) -> usize {
        self.state.cue
    }

    pub fn speaker_at(&self) -> usize {
        self.state.speaker
    }

    pub fn cue(&self) -> Option<&Candidate> {
        self.cues().get(self.state.cue)
    }

    pub fn speaker(&self) -> Option<&OfferedSpeaker> {
        self.speakers().get(self.state.speaker)
    }

    /// Whether there is anything to accept.
    pub fn has_something(&self) -> bool {
        self.cue().is_some() || self.speaker().is_some()
    }

    fn accepted(&self) -> Accepted {
        let Some(offer) = self.offer() else {
            return Accepted::default();
        };
        let speaker = self.speaker();
        let source = speaker.filter(|_| offer.lacks.source);
        let who = speaker.filter(|_| offer.lacks.speaker);
        Accepted {
            cue: self.cue().map(|cue| cue.range),
            source: source.map(|speaker| speaker.range),
            who: who.and_then(|speaker| speaker.who.clone()),
            kind: offer.lacks.kind.then_some(offer.kind),
        }
    }
}

impl Model {
    /// What is proposed for the selected quote, while the offer is on.
    pub fn quote_offer(&self) -> Option<QuoteOffer> {
        let state = self.work.offer.as_ref()?;
        let selected = self.selected_annotation().filter(|a| a.id == state.of)?;
        // While an edge is moved or a link is drawn, the keys are for that.
        let is_busy = self.work.link.is_some() || self.work.edge_move.is_some();
        if !self.selection().is_empty() || is_busy {
            return None;
        }
        let question = |cue| OfferFor {
            article: self.work.article.clone().unwrap_or_default(),
            annotation: selected.id.clone(),
            cue,
        };
        let first = self.derived(&question(None));
        let cue = first.as_ref().as_ref()?.cues.get(state.cue);
        let other = cue.filter(|_| state.cue > 0).map(|cue| cue.range);
        let all = match other {
            Some(cue) => self.derived(&question(Some(cue))),
            None => first,
        };
        all.as_ref().as_ref()?;
        let mut offer = QuoteOffer {
            all,
            state: state.clone(),
        };
        // The keys are where there is something to choose from.
        match (offer.speakers(), offer.cues()) {
            ([], [_, ..]) => offer.state.points_at = OfferedPart::Cue,
            ([_, ..], []) => offer.state.points_at = OfferedPart::Speaker,
            _ => {}
        }
        Some(offer)
    }

    fn has_selected_quote(&self) -> bool {
        let codebook = self.work.session.project().codebook();
        self.selected_annotation()
            .is_some_and(|a| codebook.thing_of(&a.label) == Thing::Quote)
    }

    /// A quote was marked: its parts are offered.
    pub(super) fn offer_parts(&mut self) {
        if self.settings.proposes_parts && self.has_selected_quote() {
            self.work.offer = self.work.selected.clone().map(OfferState::of);
        }
    }

    /// What was proposed for one quote is left when another annotation is gone to.
    pub(super) fn leave_other_offer(&mut self) {
        let offer = self.work.offer.as_ref();
        let is_other = |id: &AnnotationId| offer.is_some_and(|offer| offer.of != *id);
        if self.work.selected.as_ref().is_some_and(is_other) {
            self.work.offer = None;
        }
    }

    fn select_next_quotation(&mut self) {
        let Some(article) = self.article() else {
            return;
        };
        let codebook = self.work.session.project().codebook();
        let is_marked = |range: ByteRange| {
            let mut here = article.annotations.overlapping(range);
            here.any(|entry| codebook.thing_of(&entry.annotation.label) == Thing::Quote)
        };
        // From the caret to the end, then from the beginning.
        let selected = self.selection().range();
        let after = if selected.is_empty() {
            selected.start
        } else {
            selected.end
        };
        let next = |from: BytePos, before: BytePos| {
            let mut from = from;
            loop {
                let found = next_quoted(&article.text, from);
                let range = found.filter(|range| range.start < before)?;
                if !is_marked(range) {
                    return Some(range);
                }
                from = range.end;
            }
        };
        let found = next(after, article.text.end()).or_else(|| next(BytePos(0), after));
        match found {
            Some(range) => {
                self.select(Selection::of(range), None);
                self.requests.push(UiRequest::Reveal(range));
            }
            None => {
                let told = "All words in quotation marks are marked as quotes";
                self.notify(Notice::info(told).on("quote"));
            }
        }
    }

    fn ask_for_offer(&mut self) {
        let Some(id) = self.work.selected.clone() else {
            return;
        };
        self.work.offer = Some(OfferState::of(id));
        match self.quote_offer() {
            Some(offer) if offer.has_something() => {}
            Some(_) => {
                let told = "Nothing here looks like its cue or its speaker";
                self.notify(Notice::info(told).on("quote"));
            }
            None => {
                self.work.offer = None;
                self.notify(Notice::info("The quote has all its parts").on("quote"));
            }
        }
    }

    /// The place of the attribute that says who is quoted by the selected quote.
    fn speaker_field(&self) -> Option<usize> {
        let codebook = self.work.session.project().codebook();
        let selected = self
            .selected_annotation()
            .filter(|_| self.has_selected_quote())?;
        let label = codebook.label(selected.label.as_str())?;
        let name = &label.part(Part::Speaker)?.name;
        label.attributes.iter().position(|spec| spec.name == *name)
    }

    fn name_speaker(&mut self) {
        if let Some(at) = self.speaker_field() {
            self.edit_card(Spot::Attribute(at));
        }
    }

    pub(super) fn perform_on_quote(&mut self, asked: QuoteAction) {
        let Some(offer) = self.quote_offer() else {
            return;
        };
        let (cues, speakers) = (offer.cues().len(), offer.speakers().len());
        let points_at = offer.points_at();
        let Some(state) = &mut self.work.offer else {
            return;
        };
        let turned = |at: usize, by: isize, count: usize| match count {
            0 => 0,
            count => (at as isize + by).rem_euclid(count as isize) as usize,
        };
        match asked {
            QuoteAction::Accept => self.accept_offer(&offer),
            QuoteAction::Leave => self.work.offer = None,
            QuoteAction::PointAt(part) => state.points_at = part,
            QuoteAction::Other(by) => match points_at {
                OfferedPart::Speaker => state.speaker = turned(state.speaker, by, speakers),
                OfferedPart::Cue => state.turn_to_cue(turned(state.cue, by, cues)),
            },
            QuoteAction::Choose(part, at) => {
                state.points_at = part;
                match part {
                    OfferedPart::Speaker => state.speaker = at.min(speakers.saturating_sub(1)),
                    OfferedPart::Cue => state.turn_to_cue(at.min(cues.saturating_sub(1))),
                }
            }
        }
    }

    fn accept_offer(&mut self, offer: &QuoteOffer) {
        let accepted = offer.accepted();
        let Some(article) = self.article().cloned() else {
            return;
        };
        let id = offer.state.of.clone();
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let edits = accept(project, &article, &id, &accepted, signed, mint);
        // The session must hold the only copy, or changing it would copy all its annotations.
        drop(article);
        match edits {
            Ok(edits) if edits.is_empty() => self.work.offer = None,
            Ok(edits) => {
                if self.apply("accept the parts of a quote", edits) {
                    self.work.offer = None;
                    self.select_annotation(id, false);
                    self.requests.push(UiRequest::FocusArticle);
                }
            }
            Err(label) => {
                let told = format!("Not accepted: the codebook does not let {label} overlap there");
                self.notify(Notice::warning(told).on("quote"));
            }
        }
    }

    /// A source or a cue that is marked while a quote was selected before that has some of its parts
    /// already is one more of them: another speaker.
    pub(super) fn quote_for_part(&self, label: &LabelId) -> Option<(AnnotationId, String)> {
        let codebook = self.work.session.project().codebook();
        let thing = codebook.thing_of(label);
        if !matches!(thing, Thing::Source | Thing::Cue) {
            return None;
        }
        let quote = self.whole_of_fragment()?;
        if codebook.thing_of(&quote.label) != Thing::Quote || quote.links.is_empty() {
            return None;
        }
        let of = codebook.label(quote.label.as_str())?;
        let role = codebook.role_to(of, &thing)?;
        Some((quote.id.clone(), role.name.clone()))
    }
}
