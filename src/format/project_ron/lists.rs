//! The lists of the project, each by its row in `record`: reading them, reading what is left of them
//! in a damaged file, writing them, and bringing those of two sides together all come from it.
//!
//! Knows how lists are treated alike. What is proven against articles is so in `restore`.

/// The project, in the order of the file. `fields` are as those of any record, with what is written.
/// `plain` lists hold items that are taken as they stand, `proven` ones what the reader must prove
/// first. Each row of a list: the field, what an item is read as, what is written, its name as a
/// section, what an item is called, and starts of lines by which one is known when the start of its
/// list is lost (of several joined by `&`, all). `within` are sections that are read otherwise.
macro_rules! project {
    (
        |$project:ident|
        $(
            fields { $($mark:ident $field:ident: $type:ty = $written:expr;)* }
            $(proven { $(
                $proven_mark:ident $proven:ident: $Proven:ty = $proven_written:expr,
                $ProvenSection:ident $proven_item:literal $(by $($($proven_sign:literal)&+)|+)?;
            )* })?
            plain { $(
                $plain_mark:ident $plain:ident: $Plain:ty = $plain_written:expr,
                $PlainSection:ident $plain_item:literal $(by $($($plain_sign:literal)&+)|+)?;
            )* }
        )*
        within { $(
            $Section:ident $list:literal of $Type:ty,
            $item:literal $(by $($($sign:literal)&+)|+)?;
        )* }
    ) => {
        unproven!(#[derive(Default)] ProjectRecord, ProjectView, schema::by_fields { $(
            $($mark $field: $type,)*
            $($($proven_mark $proven: Vec<$Proven>,)*)?
            $($plain_mark $plain: Vec<$Plain>,)*
        )* });

        /// The file as it is written; its articles stand elsewhere.
        pub(super) fn view_of_project($project: &Project) -> impl Written + '_ {
            ProjectView {
                $($($field: $written,)* $($($proven: $proven_written,)*)? $($plain: $plain_written,)*)*
                unknown: $project.unknown(),
            }
        }

        impl<'a> ProjectRecord<'a> {
            /// Moves the lists that need no proof into a project.
            pub(super) fn move_plain(&mut self, parts: &mut ProjectParts) {
                $($({
                    let items = std::mem::take(&mut self.$plain).into_iter();
                    parts.$plain = items.map(Into::into).collect();
                })*)*
            }

            /// Adds an item that was cut out of a damaged file. What is wrong with it was told when it
            /// was mended.
            pub(super) fn add(&mut self, section: Section, text: &'a str) {
                let damage = &mut Damage::default();
                match section {
                    $(
                        $($(Section::$ProvenSection => self.$proven.extend(take(text, damage)),)*)?
                        $(Section::$PlainSection => self.$plain.extend(take(text, damage)),)*
                    )*
                    $(Section::$Section => {})*
                }
            }

            /// Hands in the unknown fields of every item of the lists.
            pub(super) fn each_unknown(&mut self, mut see: impl FnMut(&mut Unknown)) {
                $(
                    $($(self.$proven.iter_mut().for_each(|item| see(&mut item.unknown));)*)?
                    $(self.$plain.iter_mut().for_each(|item| see(&mut item.unknown));)*
                )*
            }

            /// The names of lists that items hold.
            pub(super) fn lists_in_items() -> impl Iterator<Item = &'static str> {
                std::iter::empty()$(
                    $($(.chain(schema::lists::<$Proven>()))*)?
                    $(.chain(schema::lists::<$Plain>()))*
                )*
            }
        }

        /// Whether nothing is in the lists of a project.
        pub(super) fn lists_are_empty(parts: &ProjectParts) -> bool {
            true $($($(&& parts.$proven.is_empty())*)? $(&& parts.$plain.is_empty())*)*
        }

        /// Adds what only the other side of a merge has of the lists that need no proof.
        pub(super) fn add_plain(parts: &mut ProjectParts, theirs: &Project, sides: &mut Differences) {
            $($(sides.add_new(&mut parts.$plain, theirs.$plain());)*)*
        }

        /// The lists of the file whose items are read one by one when it is damaged.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Section {
            $($($($ProvenSection,)*)? $($PlainSection,)*)*
            $($Section,)*
        }

        impl Section {
            /// The list that a line opens.
            pub(super) fn opened_by(key: &str) -> Option<Self> {
                match key.strip_suffix(": [")? {
                    $(
                        $($(stringify!($proven) => Some(Self::$ProvenSection),)*)?
                        $(stringify!($plain) => Some(Self::$PlainSection),)*
                    )*
                    $($list => Some(Self::$Section),)*
                    _ => None,
                }
            }

            /// What one of its items is called.
            pub(super) fn item(self) -> &'static str {
                match self {
                    $(
                        $($(Self::$ProvenSection => $proven_item,)*)?
                        $(Self::$PlainSection => $plain_item,)*
                    )*
                    $(Self::$Section => $item,)*
                }
            }

            /// Whose item it is that has lines with these starts.
            pub(super) fn known_by(has: impl Fn(&str) -> bool) -> Option<Self> {
                let all: &[(Self, &[&[&str]])] = &[
                    $(
                        $($((Self::$ProvenSection, &[$($(&[$($proven_sign),+]),+)?]),)*)?
                        $((Self::$PlainSection, &[$($(&[$($plain_sign),+]),+)?]),)*
                    )*
                    $((Self::$Section, &[$($(&[$($sign),+]),+)?]),)*
                ];
                // The last first: people have the least of their own.
                let found = all.iter().rev().find(|(_, signs)| {
                    signs.iter().any(|all| all.iter().all(|sign| has(sign)))
                });
                found.map(|(section, _)| *section)
            }

            pub(super) fn reads<'a>(self, text: &'a str) -> ron::error::SpannedResult<()> {
                fn reads<'a, T: Value<'a>>(text: &'a str) -> ron::error::SpannedResult<()> {
                    from_ron::<T>(text).map(drop)
                }
                match self {
                    $(
                        $($(Self::$ProvenSection => reads::<$Proven>(text),)*)?
                        $(Self::$PlainSection => reads::<$Plain>(text),)*
                    )*
                    $(Self::$Section => reads::<$Type>(text),)*
                }
            }

            /// Whether something is left of an item that does not read.
            pub(super) fn reads_in_part<'a>(self, text: &'a str, damage: &mut Damage<'a>) -> bool {
                match self {
                    $(
                        $($(Self::$ProvenSection => <$Proven>::lenient(text, damage).is_some(),)*)?
                        $(Self::$PlainSection => <$Plain>::lenient(text, damage).is_some(),)*
                    )*
                    $(Self::$Section => <$Type>::lenient(text, damage).is_some(),)*
                }
            }
        }
    };
}

pub(super) use project;
