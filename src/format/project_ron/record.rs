//! The records of the file, each field in one row: `must` be there, `may` be, is written `always`,
//! or is a `list`. The order is that of the file.
//!
//! What needs no proof is read into the core as it is. What does is borrowed from the source text
//! where possible, until its text has proven it. A later version that adds to a link writes it as a
//! record; the pairs of links, fragments and files have two and three parts for good.

use super::VERSION;
use super::conflict::Differences;
use super::lenient::{self, Damage, Field, take, take_field, take_unknown};
use super::lists::project;
use super::schema::{
    self, Coded, FieldKey, FieldSeed, Record, Seed, Unknown, Value, Written, decoded, from_ron,
    is_always, is_list, raw_value, read_as, reading, record, take_as, taken, unproven, viewed,
    written_as,
};
use super::shapes::{Few, Map, Maybe, Str};
use super::values::{Color, Key, OriginRecord, Time, TrashedRecord, ValueRecord};
use super::write::{Elsewhere, Layout, Out, Trash};
use crate::core::annotation::Link;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, Codebook, CodebookChange, Edges, Label, LinkRole, Meant, ShownBy,
};
use crate::core::ids::PersonId;
use crate::core::kept::Kept;
use crate::core::project::{
    Annotator, ArticleSet, Evidence, Group, ImportReport, KeptApart, Person, PersonKind, Project,
    ProjectParts, Rule, SetAside, Tied,
};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

project! { |project|
    fields {
        may format: Str<'a> = "pressmark";
        must version: (u32, u32) = VERSION;
        may offset_unit: Str<'a> = "code points";
        may name: Str<'a> = project.name();
        may codebook: Maybe<Codebook> = project.codebook();
    }
    plain {
        list annotators: Annotator = project.annotators(), Annotators "an annotator";
        list people: PersonRecord<'a> = project.people(), People "a person"
            by "aliases: [" | "organisation: " | "tied: {";
    }
    fields {
        always_list articles: Vec<ArticleRecord<'a>> = Elsewhere;
    }
    proven {
        list trash: TrashRecord<'a> = Trash(project), Trash "an item of the trash" by "what: ";
        list set_aside: SetAside = project.set_aside(), SetAside "an item of the review list"
            by "raw: " & "reason: ";
    }
    plain {
        list imports: ImportReport = project.imports(), Imports "a report of an import"
            by "summary: " & "files: [";
        list sets: ArticleSet = project.sets(), Sets "a set of articles" by "members: [";
        list rules: Rule = project.rules(), Rules "a kept rule" by "query: ";
        list groups: Group = project.groups(), Groups "a group" by "thing: ";
        list apart: KeptApart = project.apart(), Apart "a decision" by "one: " & "other: ";
    }
    within {
        Labels "labels" of Label, "a label" by "color: " | "boundary: " | "overlap: ";
        Changes "changes" of CodebookChange, "a change of the codebook" by "revision: " & "what: ";
        Articles "articles" of ArticleRecord<'a>, "an article" by "text: [" | "hash: \"";
    }
}

record!(Codebook {
    always revision,
    list labels,
    list changes,
});

record!(CodebookChange {
    must revision,
    may what,
    may by,
    may when as Time,
    list was,
});

record!(Meant {
    must label,
    may definition,
    list include,
    list exclude,
});

record!(Label then named {
    must id,
    may name,
    may stands_for,
    may definition,
    list include,
    list exclude,
    list examples,
    list counter_examples,
    list shown_by,
    may parent,
    may retired,
    may redefined,
    always color as Color,
    may underline,
    may key as Key,
    list attributes,
    list link_roles,
    may boundary,
    may edges,
    may overlap,
    may helper,
});

record!(ShownBy {
    must article,
    must annotation,
    may is_counter,
});

record!(Edges {
    may quotation_marks,
    may closing_punctuation,
    may leading_that,
    may speaker_title,
    may white_space,
});

unproven!(AttributeRecord, AttributeView, schema::by_fields {
    must name: Str<'a>,
    may title: Str<'a>,
    must kind: Str<'a>,
    list options: Vec<String>,
    may help: Str<'a>,
    may default: Maybe<ValueRecord<'a>>,
    may required: bool,
    may key: Key<'a>,
});

record!(LinkRole {
    must name,
    may target,
    list or,
});

record!(Annotator {
    must id,
    may name,
});

unproven!(PersonRecord, PersonView, schema::by_fields {
    must id: PersonId,
    may name: Str<'a>,
    may organisation: bool,
    may kind: PersonKind,
    may role: Str<'a>,
    may affiliation: Str<'a>,
    may affiliated_to: PersonId,
    list identifiers: Vec<(String, String)>,
    list aliases: Vec<String>,
    may tied: Tied,
    may note: Str<'a>,
});

unproven!(ArticleRecord, ArticleView, lenient::article {
    must id: Str<'a>,
    may title: Str<'a>,
    must hash: Str<'a>,
    may metadata: Map<'a, Str<'a>>,
    may status: Map<'a, Str<'a>>,
    may nothing: Map<'a, Vec<(u32, u32)>>,
    may notes: Str<'a>,
} then {
    must_list text: Vec<Str<'a>>,
    list annotations: Vec<AnnotationRecord<'a>>,
});

unproven!(AnnotationRecord, AnnotationView, lenient::annotation, as_it_stood {
    must id: Str<'a>,
    must annotator: Str<'a>,
    must label: Str<'a>,
    must fragments: Few<(u32, u32, Str<'a>)>,
    may context: Maybe<(Str<'a>, Str<'a>)>,
    may sought_in: Str<'a>,
    may attributes: Map<'a, ValueRecord<'a>>,
    may links: Vec<LinkRecord<'a>>,
    may note: Str<'a>,
    may made: Str<'a>,
    may changed: Str<'a>,
    may codebook: u32,
    may origin: OriginRecord<'a>,
});

unproven!(TrashRecord, TrashView, schema::by_fields {
    must what: TrashedRecord<'a>,
    may by: Str<'a>,
    may when: Str<'a>,
});

record!(SetAside {
    may article,
    may reason,
    may raw,
});

record!(ArticleSet {
    must id,
    may name,
    may by,
    may when as Time,
    may how,
    may seed,
    list members,
});

record!(Rule {
    must id,
    may name,
    must query,
    may case,
    may word,
    may exact,
    may hidden,
    may label,
    may by,
    may when as Time,
    may dismissed,
});

record!(Group {
    must id,
    must thing,
    may title,
    list members,
    may state,
    may verdict,
    list evidence,
    may attributes,
    may note,
    may by,
    may when as Time,
});

record!(Evidence {
    may url,
    may note,
    may date,
    may checked_by,
});

record!(KeptApart {
    must of,
    must one,
    must other,
    may by,
    may when as Time,
});

record!(ImportReport {
    may by,
    may when as Time,
    may summary,
    always_list files,
});

/// A label without a name has its id.
fn named(mut label: Label) -> Label {
    if label.name.is_empty() {
        label.name = label.id.to_string();
    }
    label
}

impl<'a> Value<'a> for AttributeSpec {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        AttributeRecord::read(deserializer).map(attribute)
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        AttributeRecord::lenient(raw, damage).map(attribute)
    }
}

fn attribute(mut record: AttributeRecord<'_>) -> AttributeSpec {
    let key = record.key.core();
    if key.is_none() {
        let raw = Kept::new(record.key.raw());
        record.unknown.push(("key".to_owned(), raw));
    }
    AttributeSpec {
        title: match record.title.as_str() {
            "" => record.name.as_str().to_owned(),
            title => title.to_owned(),
        },
        name: record.name.into_owned(),
        kind: AttributeKind::of_code(record.kind.as_str(), record.options),
        help: record.help.into_owned(),
        default: record.default.0.map(|value| value.value()),
        required: record.required,
        key: key.flatten(),
        unknown: record.unknown,
    }
}

impl Written for AttributeSpec {
    fn write(&self, out: &mut Out, layout: Layout) {
        let view = AttributeView {
            name: self.name.as_str(),
            title: self.title.as_str(),
            kind: self.kind.code(),
            options: self.kind.options(),
            help: self.help.as_str(),
            default: Maybe(self.default.as_ref()),
            required: self.required,
            key: Key::of(&self.key),
            unknown: &self.unknown,
        };
        view.write(out, layout);
    }
}

/// An earlier version knew persons and organisations only, and reads these as it wrote them.
impl From<PersonRecord<'_>> for Person {
    fn from(record: PersonRecord<'_>) -> Self {
        let affiliated_to = record.affiliated_to;
        Self {
            id: record.id,
            name: record.name.into_owned(),
            kind: PersonKind::told(record.organisation, record.kind),
            role: record.role.into_owned(),
            affiliation: record.affiliation.into_owned(),
            affiliated_to: Some(affiliated_to).filter(|id| !id.as_str().is_empty()),
            identifiers: record.identifiers,
            aliases: record.aliases,
            tied: record.tied,
            note: record.note.into_owned(),
            unknown: record.unknown,
        }
    }
}

impl Written for Person {
    fn write(&self, out: &mut Out, layout: Layout) {
        let view = PersonView {
            id: &self.id,
            name: self.name.as_str(),
            organisation: self.kind == PersonKind::Organisation,
            kind: self.kind.beside_organisation(),
            role: self.role.as_str(),
            affiliation: self.affiliation.as_str(),
            affiliated_to: &self.affiliated_to,
            identifiers: self.identifiers.as_slice(),
            aliases: self.aliases.as_slice(),
            tied: &self.tied,
            note: self.note.as_str(),
            unknown: &self.unknown,
        };
        view.write(out, layout);
    }
}

/// A link: a pair of role and target, or a record of these and what a later version added.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinkRecord<'a> {
    pub(super) role: Str<'a>,
    pub(super) target: Str<'a>,
    pub(super) unknown: Unknown,
}

unproven!(LinkFields, LinkView, schema::by_fields {
    must role: Str<'a>,
    must target: Str<'a>,
});

impl<'a> Value<'a> for LinkRecord<'a> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct LinkVisitor;

        impl<'a> Visitor<'a> for LinkVisitor {
            type Value = LinkRecord<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a role and a target")
            }

            fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<LinkRecord<'a>, S::Error> {
                let short = |n| S::Error::invalid_length(n, &self);
                let role = seq.next_element()?.ok_or_else(|| short(0))?;
                let target = seq.next_element()?.ok_or_else(|| short(1))?;
                let unknown = Unknown::new();
                Ok(LinkRecord {
                    role,
                    target,
                    unknown,
                })
            }

            fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<LinkRecord<'a>, A::Error> {
                let LinkFields {
                    role,
                    target,
                    unknown,
                } = LinkFields::read_map(map)?;
                Ok(LinkRecord {
                    role,
                    target,
                    unknown,
                })
            }
        }

        deserializer.deserialize_any(LinkVisitor)
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

fn write_link(out: &mut Out, role: &str, target: &str, unknown: &Unknown) {
    if unknown.is_empty() {
        out.tuple(&[&role, &target]);
    } else {
        LinkView {
            role,
            target,
            unknown,
        }
        .write(out, Layout::Line);
    }
}

impl Written for LinkRecord<'_> {
    fn write(&self, out: &mut Out, _: Layout) {
        write_link(out, self.role.as_str(), self.target.as_str(), &self.unknown);
    }
}

impl Written for Link {
    fn write(&self, out: &mut Out, _: Layout) {
        write_link(out, &self.role, self.target.as_str(), &self.unknown);
    }
}
