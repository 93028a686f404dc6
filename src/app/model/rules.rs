//! Searches that stay: kept under a name, shown again, seen in texts or not, and which of their hits
//! were dismissed.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::find::{ToHits, ToRule};
use crate::app::clock;
use crate::app::command::{Scope, Section};
use crate::app::derived::Latest;
use crate::app::derived::hits::is_settled;
use crate::app::derived::search::{RuleHits, RuleTallies, RuleTally};
use crate::app::notice::Notice;
use crate::app::words::count_grouped;
use crate::core::concordance::Standing;
use crate::core::ids::RuleId;
use crate::core::project::Rule;
use crate::core::recipes::Signed;
use crate::core::recipes::rules::{self, Looks};
use crate::core::search::{Options, Reading, parse};
use crate::core::text::ByteRange;
use std::rc::Rc;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    KeepRule => row(Section::Finding, "Keep this search", None, Scope::Always, "Keep what is looked for on the page of finding as a rule: its hits are seen in every text, and counted")
        .runs(|model| model.keep_rule(""))
        .when(Model::can_keep_rule),
    DismissHits => row(Section::Finding, "Dismiss ticked hits", None, Scope::Always, "Say that the kept rule finds here what it should not: these hits are seen no more, and count against it")
        .runs(|model| model.do_to_hits(ToHits::Dismiss(true)))
        .when(|model| model.rule_of_search().is_some() && model.has_ticked_hits()),
}

/// Of each rule what it finds in an article, rising.
type HitsOfRules = Vec<(RuleId, Vec<ByteRange>)>;

impl Model {
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.work.session.project().rules().iter()
    }

    /// What became of the hits of each kept rule, as far as it is known.
    pub fn rule_tallies(&self) -> Latest<Vec<RuleTally>> {
        let by = self.work.session.annotator().clone();
        self.derived_in_parts(&RuleTallies { by })
    }

    /// What kept rules find in the open article, apart from what is marked or dismissed.
    pub fn rule_hits(&self) -> Option<Rc<HitsOfRules>> {
        let article = self.article()?.id.clone();
        let by = self.work.session.annotator().clone();
        self.derived_in_parts(&RuleHits { article, by }).value
    }

    /// The kept rule that is what is looked for on the page.
    pub fn rule_of_search(&self) -> Option<&Arc<Rule>> {
        let (query, options) = self.searched();
        let (query, options) = as_query(query, options);
        let is_it = |rule: &&Arc<Rule>| rule.query == query && rule.options() == options;
        self.rules().find(is_it)
    }

    /// Whether what is looked for can be kept: it is a query, and is not kept yet.
    pub fn can_keep_rule(&self) -> bool {
        let (query, options) = self.searched();
        let is_query = !query.trim().is_empty() && parse(query, &options).is_ok();
        is_query && self.rule_of_search().is_none()
    }

    pub(super) fn keep_rule(&mut self, name: &str) {
        if !self.can_keep_rule() {
            return;
        }
        let (query, options) = self.searched();
        let (query, options) = as_query(query, options);
        let label = self.label_for_hits().map(|label| label.id.clone());
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let looks = Looks::of(&query, &options);
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let (id, edit) = rules::keep(project, name, looks, label, signed, mint);
        if self.apply("keep a search", vec![edit])
            && let Some(rule) = self.work.session.project().rule(&id)
        {
            // The page goes on with the rule as it is written down.
            let (query, options) = (rule.query.clone(), rule.options());
            self.work.find.goes_on_as(query, options);
        }
    }

    pub(super) fn do_to_rule(&mut self, id: &RuleId, what: ToRule) {
        let project = self.work.session.project();
        let Some(rule) = project.rule(id).cloned() else {
            return;
        };
        let (title, edits) = match what {
            ToRule::Show => {
                let label = rule.label.clone();
                self.look_everywhere(rule.query.clone(), rule.options());
                self.work.find.mark_as(label);
                return;
            }
            ToRule::See(is_seen) => {
                let change = |rule: &mut Rule| rule.hidden = !is_seen;
                let title = if is_seen {
                    "show the hits of"
                } else {
                    "hide the hits of"
                };
                (title, rules::change(project, id, change))
            }
            ToRule::Rename(name) => {
                let change = |rule: &mut Rule| rule.name = name;
                ("rename", rules::change(project, id, change))
            }
            ToRule::Remove => ("remove", rules::remove(project, id)),
        };
        if edits.is_empty() {
            return;
        }
        let is_removed = title == "remove";
        if self.apply(format!("{title} the rule “{}”", rule.name), edits) && is_removed {
            self.offer_undo(format!(
                "The rule “{}” is removed; annotations stay",
                rule.name
            ));
        }
    }

    /// Says of the ticked hits that the kept rule should not find them; or that it should after all.
    pub(super) fn dismiss_hits(&mut self, is_dismissed: bool) {
        let Some(rule) = self.rule_of_search().map(|rule| rule.id.clone()) else {
            return self.notify(Notice::info(
                "Keep this search first: hits are dismissed of a rule",
            ));
        };
        let label = self.label_for_hits().map(|label| label.id.clone());
        let hits = if is_dismissed {
            self.ticked_now(|standings, n| !is_settled(standings, n, label.as_ref()))
        } else {
            self.ticked_now(|standings, n| *standings.of(n) == Standing::Dismissed)
        };
        let project = self.work.session.project();
        let all = hits.iter().map(|(id, range)| (id, *range));
        let edits = rules::dismiss(project, &rule, all, !is_dismissed);
        if edits.is_empty() {
            return self.notify(Notice::info("No such hit is ticked"));
        }
        let n = count_grouped(hits.len(), "hit", "hits");
        let does = if is_dismissed { "dismiss" } else { "take back" };
        if self.apply(format!("{does} {n}"), edits) {
            let told = if is_dismissed {
                format!("Dismissed {n}")
            } else {
                format!("{n} count again")
            };
            self.tell_of_hits(told);
        }
    }
}

/// What was typed as a query: a regular expression stands between slashes there.
fn as_query(query: &str, options: Options) -> (String, Options) {
    match (options.reading, parse(query, &options)) {
        (Reading::Pattern | Reading::Plain, Ok(parsed)) => {
            let options = Options {
                reading: Reading::Query,
                ..options
            };
            (parsed.to_string(), options)
        }
        _ => (query.to_owned(), options),
    }
}
