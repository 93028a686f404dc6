//! A label taken over by another codebook's, and what that changes, in words.

use super::{Clash, Comparison, Difference, Merged, NAME, Row, Side};
use crate::core::codebook::shared::free_name;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, Codebook, EdgeRule, Label, LinkRole, Thing, folded_name, key_text,
};
use crate::core::ids::{FreshIds, LabelId};
use crate::core::kept::UnknownFields;
use std::collections::{HashMap, HashSet};

/// Whose way a clash goes; those that are not decided go mine.
fn side(row: &Row, as_theirs: bool, is_meant: impl Fn(&Clash) -> bool) -> Option<Side> {
    let conflict = row.conflicts.iter().find(|c| is_meant(&c.clash))?;
    let undecided = if as_theirs { Side::Theirs } else { Side::Mine };
    Some(conflict.choice.filter(|_| !as_theirs).unwrap_or(undecided))
}

fn is_mine(row: &Row, as_theirs: bool, is_meant: impl Fn(&Clash) -> bool) -> bool {
    side(row, as_theirs, is_meant) == Some(Side::Mine)
}

/// The label with what the other one says. `as_theirs` is as if each conflict went their way.
pub(super) fn taken_over(
    own: &Label,
    row: &Row,
    ids: &HashMap<LabelId, LabelId>,
    is_partial: bool,
    as_theirs: bool,
) -> Label {
    let theirs = &row.theirs;
    let mut taken = own.clone();
    // Texts that are empty say nothing.
    macro_rules! texts {
        ($($field:ident),*) => {
            $(if !theirs.$field.is_empty() {
                taken.$field.clone_from(&theirs.$field);
            })*
        };
    }
    texts!(definition, include, exclude, examples, counter_examples);
    let nothing = Label::new("", "", Label::GREY);
    macro_rules! properties {
        ($($field:ident),*) => {
            $(if !is_partial || theirs.$field != nothing.$field {
                taken.$field.clone_from(&theirs.$field);
            })*
        };
    }
    properties!(retired, color, underline, boundary, edges, overlap, helper);
    // Where theirs does not say it, what is said here is not unsaid.
    if theirs.stands_for.is_some() {
        taken.stands_for.clone_from(&theirs.stands_for);
    }
    let of_name = |clash: &Clash| matches!(clash, Clash::Spelling { .. } | Clash::Name { .. });
    if !is_mine(row, as_theirs, of_name) {
        taken.name = theirs.name.clone();
    }
    let is_other_key = theirs.key.is_some() && theirs.small_key() != own.small_key();
    if is_other_key && !is_mine(row, as_theirs, |c| matches!(c, Clash::Key { .. })) {
        taken.key = theirs.key;
    }
    let parent = theirs.parent.as_ref();
    let parent = parent.map(|parent| ids.get(parent).unwrap_or(parent).clone());
    let in_circle = |clash: &Clash| matches!(clash, Clash::Circle { .. });
    if (parent.is_some() || !is_partial) && !is_mine(row, as_theirs, in_circle) {
        taken.parent = parent;
    }
    for spec in &theirs.attributes {
        match taken
            .attributes
            .iter_mut()
            .find(|own| own.name == spec.name)
        {
            Some(own) => take_attribute(own, spec, row, is_partial, as_theirs),
            None => taken.attributes.push(spec.clone()),
        }
    }
    take_attribute_keys(&mut taken, row, as_theirs);
    for role in &theirs.link_roles {
        let role = led_to(role, ids);
        match taken
            .link_roles
            .iter_mut()
            .find(|own| own.name == role.name)
        {
            Some(own) => own.accept_also(&role),
            None => taken.link_roles.push(role),
        }
    }
    for shown in &theirs.shown_by {
        if !taken.shown_by.contains(shown) {
            taken.shown_by.push(shown.clone());
        }
    }
    add_unknown(&mut taken.unknown, &theirs.unknown);
    taken
}

fn add_unknown(mine: &mut UnknownFields, theirs: &UnknownFields) {
    for (name, raw) in theirs {
        if mine.iter().all(|(known, _)| known != name) {
            mine.push((name.clone(), raw.clone()));
        }
    }
}

fn led_to(role: &LinkRole, ids: &HashMap<LabelId, LabelId>) -> LinkRole {
    let of = |id: &LabelId| ids.get(id).unwrap_or(id).clone();
    LinkRole {
        target: role.target.as_ref().map(of),
        or: role.or.iter().map(of).collect(),
        ..role.clone()
    }
}

fn take_attribute(
    own: &mut AttributeSpec,
    theirs: &AttributeSpec,
    row: &Row,
    is_partial: bool,
    as_theirs: bool,
) {
    let of_it =
        |clash: &Clash| matches!(clash, Clash::Kind { attribute, .. } if *attribute == own.name);
    let keeps_kind = is_mine(row, as_theirs, of_it);
    let joined = own.kind.joined(&theirs.kind);
    if !keeps_kind {
        own.kind = joined.unwrap_or_else(|| theirs.kind.clone());
    }
    if theirs.title != theirs.name {
        own.title.clone_from(&theirs.title);
    }
    if !theirs.help.is_empty() {
        own.help.clone_from(&theirs.help);
    }
    if !is_partial || theirs.required {
        own.required = theirs.required;
    }
    if !keeps_kind && (!is_partial || theirs.default.is_some()) {
        own.default.clone_from(&theirs.default);
    }
    own.default = own.default.take().filter(|value| own.kind.fits(value));
    add_unknown(&mut own.unknown, &theirs.unknown);
}

/// Keys of attributes once each: theirs where they say one and it does not clash, or went their way.
fn take_attribute_keys(taken: &mut Label, row: &Row, as_theirs: bool) {
    for spec in &row.theirs.attributes {
        let Some(key) = spec.small_key() else {
            continue;
        };
        let clashes = |c: &Clash| matches!(c, Clash::AttributeKey { attribute, .. } if *attribute == spec.name);
        let stays = is_mine(row, as_theirs, clashes);
        for own in &mut taken.attributes {
            if own.name == spec.name {
                let is_new = own.small_key() == Some(key);
                own.key = if stays {
                    own.key.filter(|_| !is_new)
                } else if is_new {
                    own.key
                } else {
                    spec.key
                };
            } else if own.small_key() == Some(key) && !stays {
                own.key = None;
            }
        }
    }
    // What two were given stays with the first.
    let mut known = HashSet::new();
    for own in &mut taken.attributes {
        let key = own.small_key();
        own.key = own.key.filter(|_| key.is_some_and(|key| known.insert(key)));
    }
}

impl Comparison {
    /// What comes of taking the other codebook in. Conflicts that are not decided go mine.
    pub fn merged(&self, mine: &Codebook) -> Merged {
        let ids = self.ids(false);
        let mut merged = Merged {
            codebook: mine.clone(),
            ..Merged::default()
        };
        let places: HashMap<&LabelId, usize> = mine.labels.iter().map(|l| &l.id).zip(0..).collect();
        let mut fresh = FreshIds::default();
        for label in &mine.labels {
            fresh.see(label.id.as_str());
        }
        let mut new = Vec::new();
        for row in &self.rows {
            let own = row.own.as_ref().and_then(|own| places.get(own));
            let own = own.and_then(|at| merged.codebook.labels.get_mut(*at));
            if let Some(own) = own.filter(|_| row.changes_own()) {
                let taken = taken_over(own, row, &ids, self.is_partial, false);
                for spec in &taken.attributes {
                    let old = own.attribute(&spec.name);
                    if old.is_some_and(|old| old.kind.joined(&spec.kind).is_none()) {
                        let name = spec.name.clone();
                        merged.kinds.push((own.id.clone(), name, spec.kind.clone()));
                    }
                }
                if *own != taken {
                    merged.changed.push(own.id.clone());
                    *own = taken;
                }
            }
            if row.is_added() {
                let mut label = row.theirs.clone();
                let parent = label.parent.take();
                label.parent = parent.map(|parent| ids.get(&parent).unwrap_or(&parent).clone());
                label.link_roles = label
                    .link_roles
                    .iter()
                    .map(|role| led_to(role, &ids))
                    .collect();
                label.redefined = 0;
                if is_mine(row, false, |c| matches!(c, Clash::Key { .. })) {
                    label.key = None;
                }
                label.id = LabelId::new(fresh.take(label.id.as_str()));
                merged.added.push(label.id.clone());
                new.push(label);
            }
        }
        if self.is_partial {
            color(&merged.codebook, &mut new);
        }
        merged.codebook.labels.extend(new);
        self.settle_keys(&mut merged.codebook);
        self.settle_names(mine, &mut merged);
        self.settle_parents(mine, &mut merged.codebook);
        merged
    }

    /// Keys that went their way leave whom they belonged to; each key is there once.
    fn settle_keys(&self, codebook: &mut Codebook) {
        let is_given = |row: &&Row| {
            let is_key = |clash: &Clash| matches!(clash, Clash::Key { .. });
            (row.changes_own() || row.is_added()) && side(row, false, is_key) == Some(Side::Theirs)
        };
        let given = self.rows.iter().filter(is_given).filter_map(|row| {
            let own = row.own.as_ref().filter(|_| !row.is_added());
            Some((row.theirs.small_key()?, own.unwrap_or(&row.theirs.id)))
        });
        let given: HashMap<char, &LabelId> = given.collect();
        let mut known = HashSet::new();
        for label in &mut codebook.labels {
            let Some(key) = label.small_key() else {
                continue;
            };
            let is_away = given.get(&key).is_some_and(|to| **to != label.id);
            if is_away || !known.insert(key) {
                label.key = None;
            }
        }
    }

    /// Names once each: who came later, or was changed, is the one with a number.
    fn settle_names(&self, mine: &Codebook, merged: &mut Merged) {
        let old: HashMap<&LabelId, String> = mine
            .labels
            .iter()
            .map(|label| (&label.id, folded_name(&label.name)))
            .collect();
        let is_kept = |label: &Label| {
            let old = old.get(&label.id);
            old.is_some_and(|old| *old == folded_name(&label.name))
        };
        let labels = &mut merged.codebook.labels;
        let kept = labels.iter().filter(|label| is_kept(label));
        let mut taken: HashSet<String> = kept.map(|label| folded_name(&label.name)).collect();
        for label in labels.iter_mut() {
            if !is_kept(label) && !taken.insert(folded_name(&label.name)) {
                let is_taken = |name: &str| taken.contains(&folded_name(name));
                label.name = free_name(&label.name, None, is_taken);
                taken.insert(folded_name(&label.name));
            }
        }
    }

    /// Nothing is a kind of itself, and of nothing that is not there.
    fn settle_parents(&self, mine: &Codebook, codebook: &mut Codebook) {
        let known: HashSet<LabelId> = codebook.labels.iter().map(|l| l.id.clone()).collect();
        let old: HashMap<&LabelId, Option<&LabelId>> = mine
            .labels
            .iter()
            .map(|l| (&l.id, l.parent.as_ref()))
            .collect();
        for label in &mut codebook.labels {
            let is_new = old
                .get(&label.id)
                .is_none_or(|old| *old != label.parent.as_ref());
            if is_new
                && label
                    .parent
                    .as_ref()
                    .is_some_and(|parent| !known.contains(parent))
            {
                label.parent = None;
            }
        }
        // Where theirs closed a circle, what the project had leads out of it no more.
        while let Some(id) = codebook.in_circle().map(|label| label.id.clone()) {
            let circle: Vec<LabelId> = {
                let above = codebook.above(&id).map(|label| label.id.clone());
                let mut seen = HashSet::new();
                above.take_while(|id| seen.insert(id.clone())).collect()
            };
            let is_old = |id: &&LabelId| {
                let now = codebook
                    .label(id.as_str())
                    .and_then(|label| label.parent.as_ref());
                old.get(*id).copied().flatten() == now
            };
            let broken = circle.iter().find(is_old).or(circle.first()).cloned();
            let label = codebook
                .labels
                .iter_mut()
                .find(|l| Some(&l.id) == broken.as_ref());
            match label {
                Some(label) => label.parent = None,
                None => break,
            }
        }
        codebook.break_circles();
    }
}

/// New labels without a colour get some that are not those of the labels there.
fn color(codebook: &Codebook, new: &mut Vec<Label>) {
    let mut all = codebook.clone();
    let first = all.labels.len();
    // The project's own grey labels are meant so.
    for label in all.labels.iter_mut().filter(|l| l.color == Label::GREY) {
        label.color = 0;
    }
    all.labels.append(new);
    all.color_the_grey();
    *new = all.labels.split_off(first);
}

fn rule_words(rule: &EdgeRule) -> &str {
    match rule {
        EdgeRule::AsMarked => "as marked",
        EdgeRule::In => "in",
        EdgeRule::Out => "out",
        EdgeRule::Later(name) => name,
    }
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn targets(role: &LinkRole) -> String {
    let all: Vec<&str> = role.targets().map(LabelId::as_str).collect();
    match all.as_slice() {
        [] => "any label".to_owned(),
        all => all.join(", "),
    }
}

/// What changed from one label to the other, field by field. All kinds are joined ones.
pub(in crate::core) fn differences(old: &Label, new: &Label) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut see = |field: &str, mine: String, theirs: String| {
        if mine != theirs {
            let field = field.to_owned();
            found.push(Difference {
                field,
                mine,
                theirs,
            });
        }
    };
    type Texts = (&'static str, fn(&Label) -> String);
    let texts: [Texts; 19] = [
        (NAME, |l| l.name.clone()),
        ("definition", |l| l.definition.clone()),
        ("rules for what is marked", |l| l.include.join(" · ")),
        ("rules for what is not marked", |l| l.exclude.join(" · ")),
        ("examples", |l| l.examples.join(" · ")),
        ("counter-examples", |l| l.counter_examples.join(" · ")),
        ("kind of", |l| {
            l.parent
                .as_ref()
                .map(LabelId::to_string)
                .unwrap_or_default()
        }),
        ("what it stands for", |l| {
            let thing = l.stands_for.as_ref();
            thing.map(Thing::code).unwrap_or_default().to_owned()
        }),
        ("retired", |l| yes(l.retired).to_owned()),
        ("colour", |l| format!("#{:06X}", l.color)),
        ("underline", |l| l.underline.code().to_owned()),
        ("key", |l| l.key.map(key_text).unwrap_or_default()),
        ("unit", |l| l.boundary.code().to_owned()),
        ("quotation marks", |l| {
            rule_words(&l.edges.quotation_marks).to_owned()
        }),
        ("closing punctuation", |l| {
            rule_words(&l.edges.closing_punctuation).to_owned()
        }),
        ("“that” before it", |l| {
            rule_words(&l.edges.leading_that).to_owned()
        }),
        ("titles of speakers", |l| {
            rule_words(&l.edges.speaker_title).to_owned()
        }),
        ("white space", |l| {
            rule_words(&l.edges.white_space).to_owned()
        }),
        ("overlap", |l| l.overlap.code().to_owned()),
    ];
    for (field, of) in texts {
        see(field, of(old), of(new));
    }
    see(
        "a part of other annotations",
        yes(old.helper).to_owned(),
        yes(new.helper).to_owned(),
    );
    let shown = |label: &Label| label.shown_by.len().to_string();
    see(
        "annotations that show what is meant",
        shown(old),
        shown(new),
    );
    for spec in &new.attributes {
        let title = spec.shown_title();
        let Some(known) = old.attribute(&spec.name) else {
            see(
                &format!("attribute “{title}”"),
                String::new(),
                spec.kind.in_words(),
            );
            continue;
        };
        let mut part = |what: &str, mine: String, theirs: String| {
            see(&format!("{what} of the attribute “{title}”"), mine, theirs);
        };
        part("title", known.title.clone(), spec.title.clone());
        let options = |kind: &AttributeKind| kind.options().join(", ");
        if known.kind.code() == spec.kind.code() {
            part("options", options(&known.kind), options(&spec.kind));
        } else {
            part("kind", known.kind.in_words(), spec.kind.in_words());
        }
        part("help", known.help.clone(), spec.help.clone());
        let default = |spec: &AttributeSpec| {
            let default = spec.default.as_ref();
            default.map(|value| value.to_text()).unwrap_or_default()
        };
        part("value of new annotations", default(known), default(spec));
        part(
            "whether it must be there",
            yes(known.required).to_owned(),
            yes(spec.required).to_owned(),
        );
        let key = |spec: &AttributeSpec| spec.key.map(key_text).unwrap_or_default();
        part("key", key(known), key(spec));
    }
    for role in &new.link_roles {
        let known = old.link_role(&role.name).map(targets).unwrap_or_default();
        see(&format!("link “{}”", role.name), known, targets(role));
    }
    // Values that say the same in words.
    if found.is_empty() && old != new {
        let what = "fields that this version does not show";
        found.push(Difference {
            field: what.to_owned(),
            mine: String::new(),
            theirs: "theirs".to_owned(),
        });
    }
    found
}
