//! The people and organisations of the project, on a page of their own: who is shown, what they are
//! quoted saying, and what is done to them. Each step is one of the history.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::{PeopleAction, Pick, Spot, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section};
use crate::app::derived::Latest;
use crate::app::derived::people::{ListedPeople, MayBeOne, Pair, SaidBy, WhichPeople, WhoSpeaks};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::words::count_grouped;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::names::is_spelt_otherwise;
use crate::core::project::Person;
use crate::core::quoted::{QuotePlace, Said, SaidFilter, Speakers};
use crate::core::recipes::Signed;
use crate::core::recipes::{people, quote};
use crate::core::shown::{shown, shown_path};
use crate::format::said;
use crate::store::{self, StoreError};
use std::path::Path;
use std::rc::Rc;

#[rustfmt::skip]
commands! {
    AddPerson => row(Section::People, "Add a person or organisation…", None, Scope::Always, "Put somebody into the ledger of speakers, claimants and beneficiaries")
        .shows_its_dialog(),
    EditPerson => row(Section::People, "Edit the person shown…", None, Scope::Always, "Change name, role, where they belong, other names, outside identifiers and notes of who is shown on the page of people")
        .shows_its_dialog()
        .when(|model| model.shown_on_page().is_some()),
    MergePerson => row(Section::People, "Merge the person shown into another…", None, Scope::Always, "Make one of two: all that names the one names the other")
        .shows_its_dialog_after(|model| {
            model.work.ledger.asked = None;
            true
        })
        .when(|model| model.shown_on_page().is_some()),
    SplitPerson => row(Section::People, "Split the person shown…", None, Scope::Always, "Let some of their quotes be another one’s, who comes into the ledger")
        .shows_its_dialog()
        .when(|model| model.shown_on_page().is_some()),
    DeletePerson => row(Section::People, "Delete the person shown…", None, Scope::Always, "Take who is shown out of the ledger; their name stays where they are named")
        .shows_its_dialog()
        .when(|model| model.shown_on_page().is_some()),
    TieWords => row(Section::People, "Selected words mean a person…", None, Scope::Always, "Let a description or pronoun mean somebody of the ledger in this article")
        .shows_its_dialog()
        .when(|model| model.page() == Page::Read && model.words_to_tie().is_some()),
    ReviewPeople => row(Section::People, "Who may be the same", None, Scope::Always, "Go to the first of two in the ledger who may be one")
        .runs(Model::review_people)
        .when(|model| model.pairs().value.is_some_and(|pairs| !pairs.is_empty())),
    ExportSaidCsv => row(Section::People, "Export what they said as CSV…", None, Scope::Always, "Write the quotes that are shown of a person into a table of text")
        .runs(|model| model.ask_where_to_write_said("csv"))
        .when(|model| model.shown_on_page().is_some()),
    ExportSaidXlsx => row(Section::People, "Export what they said as workbook…", None, Scope::Always, "Write the quotes that are shown of a person into a workbook for Excel")
        .runs(|model| model.ask_where_to_write_said("xlsx"))
        .when(|model| model.shown_on_page().is_some()),
}

jobs! {
    // What somebody said, as a file.
    ExportSaid => Turn::OneAtATime("Quotes are being exported already"),
}

/// What is shown on the page.
#[derive(Default)]
pub(super) struct LedgerState {
    person: Option<PersonId>,
    typed: String,
    which: WhichPeople,
    by_name: bool,
    filter: SaidFilter,
    /// Two that differ, and about which it is asked.
    asked: Option<(PersonId, PersonId)>,
    quote: Option<(ArticleId, AnnotationId)>,
    /// It is shown in its article: whoever comes back goes on from there.
    is_open: bool,
}

impl Model {
    pub fn speakers(&self) -> Rc<Speakers> {
        self.derived(&WhoSpeaks)
    }

    /// The people of the list, by their places in the ledger.
    pub fn listed_people(&self) -> Rc<Vec<u32>> {
        let state = &self.work.ledger;
        self.derived(&ListedPeople {
            of: self.speakers(),
            typed: state.typed.clone(),
            which: state.which,
            by_name: state.by_name,
        })
    }

    pub fn people_list(&self) -> (&str, WhichPeople, bool) {
        let state = &self.work.ledger;
        (&state.typed, state.which, state.by_name)
    }

    /// Who is shown on the page of people: who was chosen last, or the first of the list.
    pub fn shown_person(&self) -> Option<&Person> {
        let people = self.session().project().people();
        let chosen = self.work.ledger.person.as_ref();
        let chosen = chosen.and_then(|id| people.get(self.speakers().place_of(id)?));
        chosen.or_else(|| {
            let first = self.listed_people().first().copied()?;
            people.get(first as usize)
        })
    }

    fn shown_on_page(&self) -> Option<&Person> {
        self.shown_person().filter(|_| self.page() == Page::People)
    }

    pub fn said_filter(&self) -> &SaidFilter {
        &self.work.ledger.filter
    }

    pub fn said_by(&self, person: &PersonId) -> Rc<Said> {
        self.derived(&SaidBy {
            of: self.speakers(),
            person: person.clone(),
            filter: self.work.ledger.filter.clone(),
        })
    }

    /// The quote that the keyboard is at.
    pub fn current_quote(&self) -> Option<&(ArticleId, AnnotationId)> {
        self.work.ledger.quote.as_ref()
    }

    /// Two who may be one, as far as they were looked for.
    pub fn pairs(&self) -> Latest<Vec<Pair>> {
        self.derived_later(&MayBeOne)
    }

    /// The words that can be tied to somebody in the article: what is selected, or marked, or the words
    /// by which the selected quote names its speaker, whom the ledger does not know.
    pub fn words_to_tie(&self) -> Option<String> {
        let words = self.selected_words();
        let words = match self.selected_annotation() {
            Some(annotation) if words.trim().is_empty() => {
                let article = self.article()?;
                let project = self.session().project();
                let range = match quote::source_of_nobody(project, article, annotation) {
                    Some(source) => source,
                    None => *annotation.fragments.first()?,
                };
                self.article()?.text.slice(range).to_owned()
            }
            _ => words,
        };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty() && words.chars().count() <= 120).then_some(words)
    }

    pub(super) fn spot_of_people(&self) -> Spot {
        if self.session().project().people().is_empty() {
            Spot::PeopleFilter
        } else if self.work.ledger.is_open {
            Spot::Said
        } else {
            Spot::People
        }
    }

    fn review_people(&mut self) {
        let first = self
            .pairs()
            .value
            .and_then(|pairs| Some(pairs.first()?.stays.clone()));
        if let Some(first) = first {
            self.work.ledger.person = Some(first);
            self.work.page = Page::People;
            self.requests.push(UiRequest::Focus(Spot::Proposal));
        }
    }

    pub(super) fn perform_on_people(&mut self, asked: PeopleAction) {
        let state = &mut self.work.ledger;
        match asked {
            PeopleAction::Show(person) => {
                if state.person.as_ref() != Some(&person) {
                    state.filter = SaidFilter::default();
                    state.quote = None;
                }
                state.person = Some(person);
                state.is_open = false;
            }
            PeopleAction::List {
                typed,
                which,
                by_name,
            } => (state.typed, state.which, state.by_name) = (typed, which, by_name),
            PeopleAction::Filter(filter) => state.filter = filter,
            PeopleAction::GoTo(article, quote) => state.quote = Some((article, quote)),
            PeopleAction::Open(article, quote) => {
                state.quote = Some((article.clone(), quote.clone()));
                state.is_open = true;
                self.show_article(&article);
                self.select_annotation(quote, true);
                self.show_page(Page::Read);
            }
            PeopleAction::Add(person) => self.add_person(*person),
            PeopleAction::Set(person) => {
                let id = person.id.clone();
                let title = format!("change {}", shown(&person.name));
                let change = |known: &mut Person| *known = *person;
                let edits = people::change(self.session().project(), &id, change);
                self.do_to_people(&title, edits);
            }
            PeopleAction::Merge { stays, goes } => self.merge_people(*stays, &goes),
            PeopleAction::MergeOrAsk { stays, goes } => self.merge_or_ask(&stays, &goes),
            PeopleAction::KeepApart(one, other) => {
                let edit = self
                    .signed(|project, signed| people::keep_apart(project, &one, &other, signed));
                self.do_to_people("keep two people apart", edit.into_iter().collect());
            }
            PeopleAction::Split {
                from,
                mentions,
                name,
            } => {
                let split = self.signed(|project, signed| {
                    people::split(project, &from, &mentions, &name, signed)
                });
                if let Some((new, edits)) = split {
                    let told = count_grouped(mentions.len(), "quote", "quotes");
                    self.do_to_people("split a person", edits);
                    self.work.ledger.person = Some(new);
                    self.offer_undo(format!("{told} are {}’s now", shown(&name)));
                }
            }
            PeopleAction::Delete(person) => self.delete_person(&person),
            PeopleAction::Tie {
                person,
                article,
                words,
                removes,
            } => {
                let edits = self.signed(|project, signed| {
                    let mut edits = people::tie(project, &person, &article, &words);
                    edits.extend(quote::name_who_is_meant(
                        project, &person, &article, &words, signed,
                    ));
                    // What was chosen when it was so; it may be otherwise by now.
                    let mut emptied = quote::emptied_by_tying(project, &article, &words);
                    emptied.retain(|id| *id != person && removes.contains(id));
                    if !emptied.is_empty() {
                        edits.push(Edit::RemovePeople(emptied));
                    }
                    edits
                });
                self.do_to_people("tie words to a person", edits);
            }
            PeopleAction::Untie {
                person,
                article,
                words,
            } => {
                let change = |known: &mut Person| {
                    known.tied.remove(&article, &words);
                };
                let edits = people::change(self.session().project(), &person, change);
                self.do_to_people("untie words", edits);
            }
            PeopleAction::ExportTo(path) => self.write_said(&path),
        }
    }

    fn signed<R>(&self, make: impl FnOnce(&crate::core::project::Project, Signed<'_>) -> R) -> R {
        let session = self.session();
        let signed = Signed {
            by: session.annotator(),
            when: Some(clock::now()),
        };
        make(session.project(), signed)
    }

    fn do_to_people(&mut self, title: &str, edits: Vec<Edit>) -> bool {
        !edits.is_empty() && self.apply(title, edits)
    }

    fn add_person(&mut self, mut person: Person) {
        match people::add(self.session().project(), &person.name) {
            Err(known) => {
                let name = shown(&person.name).into_owned();
                self.notify(Notice::info(format!(
                    "There already is “{name}”; it is shown"
                )));
                self.work.ledger.person = Some(known);
            }
            Ok((id, _)) => {
                person.id = id.clone();
                let at = self.session().project().people().len();
                let title = format!("add {}", shown(&person.name));
                if self.do_to_people(&title, vec![Edit::AddPeople(vec![(at, person)])]) {
                    self.work.ledger.person = Some(id);
                }
            }
        }
        self.work.page = Page::People;
    }

    fn merge_or_ask(&mut self, stays: &PersonId, goes: &PersonId) {
        let project = self.session().project();
        let (Some(own), Some(other)) = (project.person(stays), project.person(goes)) else {
            return;
        };
        if people::differences(own, other).is_empty() && !self.is_spelt_in_doubt(own, other) {
            let joined = people::joined(own, other, &[]);
            self.merge_people(joined, goes);
        } else {
            self.work.ledger.asked = Some((stays.clone(), goes.clone()));
            self.requests.push(UiRequest::Show(Command::MergePerson));
        }
    }

    /// Whether one is written a letter otherwise who is quoted as often: which name is right is asked.
    fn is_spelt_in_doubt(&self, stays: &Person, goes: &Person) -> bool {
        let speakers = self.speakers();
        let quotes = |person: &Person| {
            let place = speakers.place_of(&person.id);
            place.map_or(0, |place| speakers.said_by(place).len())
        };
        is_spelt_otherwise(&stays.name, &goes.name) && quotes(goes) >= quotes(stays)
    }

    fn merge_people(&mut self, stays: Person, goes: &PersonId) {
        let project = self.session().project();
        let Some(other) = project.person(goes) else {
            return;
        };
        // Under whichever name it is shown, the other one is told.
        let own = project
            .person(&stays.id)
            .filter(|own| other.name == stays.name && own.name != stays.name);
        let gone = own.map_or(&other.name, |own| &own.name);
        let names = (shown(gone).into_owned(), shown(&stays.name).into_owned());
        let tied: usize = other.tied.0.values().map(Vec::len).sum();
        let mentions = people::mentions(project, goes).count() + tied;
        let id = stays.id.clone();
        let edits = self.signed(|project, signed| people::merge(project, &id, goes, stays, signed));
        let title = format!("merge {} into {}", names.0, names.1);
        if self.do_to_people(&title, edits) {
            self.work.ledger.person = Some(id);
            let told = count_grouped(mentions, "mention", "mentions");
            self.offer_undo(format!("{} is {} now, with {told}", names.0, names.1));
        }
    }

    fn delete_person(&mut self, id: &PersonId) {
        let Some(name) = self
            .session()
            .project()
            .person(id)
            .map(|p| shown(&p.name).into_owned())
        else {
            return;
        };
        let edits = self.signed(|project, signed| people::remove(project, id, signed));
        if self.do_to_people(&format!("delete {name}"), edits) {
            self.offer_undo(format!("{name} is not in the ledger any more"));
        }
    }

    /// The two that were proposed and differ; they are asked about once.
    pub fn asked_to_merge(&self) -> Option<&(PersonId, PersonId)> {
        self.work.ledger.asked.as_ref()
    }

    fn ask_where_to_write_said(&mut self, extension: &'static str) {
        let Some(person) = self.shown_person() else {
            return;
        };
        let name = format!(
            "{}-{}.{extension}",
            self.work.session.display_name(),
            person.id
        );
        self.requests
            .push(UiRequest::Pick(Pick::SaveSaid { name, extension }));
    }

    /// Writes the quotes that are shown, in their order. The dialog has asked about a file that is
    /// there.
    fn write_said(&mut self, path: &Path) {
        let Some(person) = self.shown_person().cloned() else {
            return;
        };
        let speakers = self.speakers();
        let said = self.said_by(&person.id);
        let place = |place: QuotePlace| {
            let (_, quote) = speakers.get(place)?;
            Some((place.0 as usize, quote.clone()))
        };
        let quotes: Vec<_> = said.places().filter_map(place).collect();
        let project = self.session().project().clone();
        let path = path.to_owned();
        let title = format!("Exporting quotes to {}", shown_path(&path));
        self.start(JobKind::ExportSaid, title, move |_| {
            let n = count_grouped(quotes.len(), "quote", "quotes");
            let is_workbook = path.extension().is_some_and(|ending| ending == "xlsx");
            let made = if is_workbook {
                said::xlsx(&project, &person, &quotes)
            } else {
                said::csv(&project, &person, &quotes)
            };
            let written = made.map_err(|error| error.to_string()).and_then(|bytes| {
                let written = store::write_atomically(&path, |out| {
                    let written = out.write_all(&bytes);
                    written.map_err(|error| StoreError::new(&path, &error))
                });
                written.map_err(|error| error.to_string())
            });
            Outcome::always(move |model| {
                model.notify(match written {
                    Ok(()) => Notice::info(format!("{n} are in {}", shown_path(&path))),
                    Err(error) => Notice::error(format!("The quotes were not exported. {error}")),
                });
            })
        });
    }
}
