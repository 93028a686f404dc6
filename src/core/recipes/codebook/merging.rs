//! Making one label of two: what goes over, what has to be decided first, and what goes to the trash
//! with the label that goes. Nothing vanishes that is not told.

use super::attributes::{converted, rename_value};
use super::{
    Change, CodebookError, MAX_NAME, NUMBER, Unfit, cut, label_of, replaced, revised, title_beside,
};
use crate::core::codebook::compare::differences;
use crate::core::codebook::{AttributeKind, AttributeSpec, Label};
use crate::core::edit::Edit;
use crate::core::ids::{FreshIds, LabelId};
use crate::core::project::{Project, Trashed};
use crate::core::recipes::Signed;
use crate::core::recipes::rules::follow_label;
use std::collections::{BTreeMap, HashSet};

/// What becomes of an attribute that both labels have, with kinds that no kind joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clashing {
    /// It goes over beside the other one, under another name.
    Apart,
    /// Its values become those of the label that stays, where they can.
    Converted(Unfit),
}

/// What becomes of the definition, the rules and the written examples of the label that goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Words {
    /// They go over where the label that stays has none of its own.
    #[default]
    WhereNone,
    /// They stand behind those of the label that stays.
    Behind,
    /// They go to the trash with their label.
    Trash,
}

/// What somebody decided about two labels that become one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeChoices {
    pub words: Words,
    /// By the name of the attribute.
    pub clashing: BTreeMap<String, Clashing>,
}

/// An attribute that both have, of another kind each.
#[derive(Clone, Debug, PartialEq)]
pub struct KindClash {
    pub name: String,
    pub title: String,
    /// Of the label that goes, and of the one that stays.
    pub gone: AttributeKind,
    pub kept: AttributeKind,
    /// How many annotations of the label that goes have a value.
    pub values: usize,
    /// What they say that is none of the other kind, each with how often; most often first.
    pub unfit: Vec<(String, usize)>,
}

/// What making one label of two does.
#[derive(Debug, Default, PartialEq)]
pub struct Merging {
    pub change: Change,
    pub clashes: Vec<KindClash>,
    /// Attributes that go over under another title: what they are called, and what from then on.
    pub renamed: Vec<(String, String)>,
    /// What the label that stays has from now on and had not.
    pub taken_over: Vec<String>,
    /// What goes to the trash with the label, other than the one that stays has it.
    pub left: Vec<String>,
    /// What the label that stays means is another thing from now on.
    pub is_redefined: bool,
}

/// Makes one label of two: annotations of `from` get `into`, which takes over what it lacks. `from`
/// goes to the trash. Attributes whose kinds differ have to be decided about.
pub fn merge_labels(
    project: &Project,
    from: &LabelId,
    into: &LabelId,
    choices: &MergeChoices,
    signed: Signed<'_>,
) -> Result<Merging, CodebookError> {
    let merging = merging(project, from, into, choices, signed)?;
    let mut clashes = merging.clashes.iter();
    match clashes.find(|clash| !choices.clashing.contains_key(&clash.name)) {
        Some(open) => Err(CodebookError::KindsDiffer(open.title.clone())),
        None => Ok(merging),
    }
}

/// The same before all is decided: what is not goes over beside the other one.
pub fn merging(
    project: &Project,
    from: &LabelId,
    into: &LabelId,
    choices: &MergeChoices,
    signed: Signed<'_>,
) -> Result<Merging, CodebookError> {
    let codebook = project.codebook();
    let (gone, old) = (label_of(codebook, from)?, label_of(codebook, into)?);
    if from == into {
        return Err(CodebookError::NoLabel);
    }
    let mut merging = Merging::default();
    let mut kept = old.clone();
    let clashing = merge_attributes(project, gone, &mut kept, choices, &mut merging);
    merge_roles(gone, &mut kept, &mut merging);
    merge_words(gone, &mut kept, choices.words, &mut merging);
    tell_what_is_left(gone, &kept, &mut merging);
    merging.is_redefined = kept.meaning() != old.meaning();
    let mut unfit: BTreeMap<(usize, String), usize> = BTreeMap::new();
    merging.change = replaced(
        project,
        signed,
        |_, annotation| {
            annotation.label = into.clone();
            for (at, (clash, way)) in merging.clashes.iter_mut().zip(&clashing).enumerate() {
                let Some(value) = annotation.attributes.get(&clash.name).cloned() else {
                    continue;
                };
                clash.values += 1;
                let typed = converted(project, &clash.kept, &value);
                let fits = clash.kept.fits(&typed);
                if !fits {
                    *unfit.entry((at, value.to_text())).or_default() += 1;
                }
                match way {
                    Way::Called(new) => drop(rename_value(annotation, &clash.name, new)),
                    Way::Converted(_) if fits => {
                        drop(annotation.attributes.insert(clash.name.as_str(), typed));
                    }
                    Way::Converted(Unfit::Keep) => {}
                    Way::Converted(Unfit::Drop) => {
                        drop(annotation.attributes.remove(&clash.name));
                    }
                }
            }
            true
        },
        |annotation| annotation.label == *from,
    );
    for ((at, said), n) in unfit {
        if let Some(clash) = merging.clashes.get_mut(at) {
            clash.unfit.push((said, n));
        }
    }
    for clash in &mut merging.clashes {
        let order = |(said, n): &(String, usize)| (std::cmp::Reverse(*n), said.clone());
        clash.unfit.sort_by_key(order);
    }
    let what = format!("merge label “{}” into “{}”", gone.name, kept.name);
    let is_redefined = merging.is_redefined;
    let codebook = revised(project, what, signed, |codebook| {
        if is_redefined {
            kept.redefined = codebook.revision + 1;
        }
        replace(codebook, gone, kept);
    })?;
    let edits = &mut merging.change.edits;
    let rules = follow_label(project, &codebook, from, into);
    edits.push(Edit::SetCodebook(Box::new(codebook)));
    let item = signed.item(Trashed::Label(gone.clone()));
    edits.extend(rules);
    edits.push(Edit::AddToTrash(vec![(project.trash().len(), item)]));
    Ok(merging)
}

/// What is done with the values of an attribute whose kinds differ.
enum Way {
    Called(String),
    Converted(Unfit),
}

/// Gives the label that stays the attributes of the other one. The answer is what is done with each
/// of the clashes.
fn merge_attributes(
    project: &Project,
    gone: &Label,
    kept: &mut Label,
    choices: &MergeChoices,
    merging: &mut Merging,
) -> Vec<Way> {
    let mut taken = FreshIds::default();
    for spec in kept.attributes.iter().chain(&gone.attributes) {
        taken.see(&spec.name);
    }
    for article in project.articles() {
        let meant = article.annotations.iter().filter(|a| a.label == gone.id);
        for (name, _) in meant.flat_map(|annotation| annotation.attributes.iter()) {
            taken.see(name.as_str());
        }
    }
    let mut ways = Vec::new();
    for spec in &gone.attributes {
        let title = spec.shown_title();
        let same = kept.attributes.iter_mut().find(|own| own.name == spec.name);
        let Some(own) = same else {
            merging.taken_over.push(format!("the attribute “{title}”"));
            kept.attributes.push(spec.clone());
            continue;
        };
        if let Some(kind) = own.kind.joined(&spec.kind) {
            own.kind = kind;
            merge_details(own, spec, merging);
            continue;
        }
        merging.clashes.push(KindClash {
            name: spec.name.clone(),
            title: title.to_owned(),
            gone: spec.kind.clone(),
            kept: own.kind.clone(),
            values: 0,
            unfit: Vec::new(),
        });
        match choices.clashing.get(&spec.name) {
            Some(Clashing::Converted(unfit)) => {
                merge_details(own, spec, merging);
                ways.push(Way::Converted(*unfit));
            }
            None | Some(Clashing::Apart) => {
                let name = taken.take(&cut(&spec.name, MAX_NAME - NUMBER));
                let beside = title_beside(spec, &gone.name);
                merging.renamed.push((title.to_owned(), beside.clone()));
                kept.attributes.push(AttributeSpec {
                    name: name.clone(),
                    title: beside,
                    key: None,
                    ..spec.clone()
                });
                ways.push(Way::Called(name));
            }
        }
    }
    // Keys of attributes stay with those that had them first.
    for at in 0..kept.attributes.len() {
        let key = kept.attributes.get(at).and_then(AttributeSpec::small_key);
        let mut before = kept.attributes.iter().take(at);
        let is_taken = key.is_some() && before.any(|spec| spec.small_key() == key);
        if let Some(spec) = kept.attributes.get_mut(at).filter(|_| is_taken) {
            spec.key = None;
            let title = spec.shown_title();
            let left = format!("the key of the attribute “{title}”");
            merging.left.push(left);
        }
    }
    ways
}

/// What an attribute says besides its kind, where the one that stays says nothing of it.
fn merge_details(own: &mut AttributeSpec, gone: &AttributeSpec, merging: &mut Merging) {
    let title = own.shown_title().to_owned();
    let mut left = |what: &str| {
        let left = format!("{what} of the attribute “{title}”");
        merging.left.push(left);
    };
    if own.help.is_empty() {
        own.help.clone_from(&gone.help);
    } else if !gone.help.is_empty() && gone.help != own.help {
        left("the help");
    }
    let default = gone.default.as_ref();
    let fits = default.is_some_and(|value| own.kind.fits(value));
    if own.default.is_none() && fits {
        own.default = default.cloned();
    } else if default.is_some() && default != own.default.as_ref() {
        left("the value of new annotations");
    }
    if own.key.is_none() {
        own.key = gone.key;
    } else if gone.key.is_some() && gone.small_key() != own.small_key() {
        left("the key");
    }
    if gone.required && !own.required {
        left("that it must be said");
    }
}

fn merge_roles(gone: &Label, kept: &mut Label, merging: &mut Merging) {
    for role in &gone.link_roles {
        let same = kept.link_roles.iter_mut().find(|own| own.name == role.name);
        match same {
            None => {
                let name = role.name.replace('_', " ");
                merging.taken_over.push(format!("the role “{name}”"));
                kept.link_roles.push(role.clone());
            }
            Some(own) => own.join(role),
        }
    }
    let known: HashSet<_> = kept.shown_by.iter().map(|s| s.annotation.clone()).collect();
    let new = gone.shown_by.iter();
    let new = new.filter(|shown| !known.contains(&shown.annotation));
    let before = kept.shown_by.len();
    kept.shown_by.extend(new.cloned());
    if kept.shown_by.len() > before {
        let what = "the annotations that show what is meant";
        merging.taken_over.push(what.to_owned());
    }
}

/// Definition, rules and written examples.
fn merge_words(gone: &Label, kept: &mut Label, words: Words, merging: &mut Merging) {
    type List = (&'static str, fn(&mut Label) -> &mut Vec<String>);
    const LISTS: [List; 4] = [
        ("the rules for what is marked", |l| &mut l.include),
        ("the rules for what is not marked", |l| &mut l.exclude),
        ("the examples", |l| &mut l.examples),
        ("the counter-examples", |l| &mut l.counter_examples),
    ];
    let takes = |is_empty: bool| match words {
        Words::WhereNone => is_empty,
        Words::Behind => true,
        Words::Trash => false,
    };
    let told = |takes: bool, what: &str, merging: &mut Merging| {
        let told = if takes {
            &mut merging.taken_over
        } else {
            &mut merging.left
        };
        told.push(what.to_owned());
    };
    if !gone.definition.is_empty() && gone.definition != kept.definition {
        let takes = takes(kept.definition.is_empty());
        told(takes, "the definition", merging);
        if takes && !kept.definition.is_empty() {
            kept.definition.push('\n');
        }
        if takes {
            kept.definition.push_str(&gone.definition);
        }
    }
    let mut from = gone.clone();
    for (what, of) in LISTS {
        let (new, own) = (of(&mut from), of(kept));
        let is_empty = own.is_empty();
        new.retain(|item| !own.contains(item));
        if !new.is_empty() {
            told(takes(is_empty), what, merging);
            if takes(is_empty) {
                own.append(new);
            }
        }
    }
}

/// What else the label that goes is other than the one that stays, and other than any new one.
fn tell_what_is_left(gone: &Label, kept: &Label, merging: &mut Merging) {
    let new = Label::new("", &gone.name, kept.color);
    let own: HashSet<String> = differences(&new, gone)
        .into_iter()
        .map(|difference| difference.field)
        .collect();
    const LEFT: [&str; 12] = [
        "kind of",
        "retired",
        "colour",
        "underline",
        "key",
        "unit",
        "quotation marks",
        "closing punctuation",
        "“that” before it",
        "titles of speakers",
        "white space",
        "overlap",
    ];
    for difference in differences(kept, gone) {
        let field = difference.field;
        if own.contains(&field) && LEFT.contains(&field.as_str()) {
            merging.left.push(match field.as_str() {
                "colour" | "underline" | "key" | "unit" | "overlap" => {
                    format!("the {field} ({})", difference.theirs)
                }
                "kind of" => "what it is a kind of".to_owned(),
                "retired" => "that it is retired".to_owned(),
                _ => format!("the rule for {field} ({})", difference.theirs),
            });
        }
    }
}

/// Puts the one that stays into its place; what was said of the one that goes is said of it.
fn replace(codebook: &mut crate::core::codebook::Codebook, gone: &Label, kept: Label) {
    let (from, into) = (&gone.id, kept.id.clone());
    codebook.labels.retain(|label| label.id != *from);
    for label in &mut codebook.labels {
        if label.id == into {
            *label = kept.clone();
        }
        if label.parent.as_ref() == Some(from) {
            // A kind of the one that goes may be the one that stays.
            label.parent = if label.id == into {
                gone.parent.clone().filter(|parent| *parent != into)
            } else {
                Some(into.clone())
            };
        }
        for role in &mut label.link_roles {
            if role.target.as_ref() == Some(from) {
                role.target = Some(into.clone());
            }
            for other in &mut role.or {
                if other == from {
                    *other = into.clone();
                }
            }
            role.settle();
        }
    }
    codebook.break_circles();
}
