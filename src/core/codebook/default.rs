//! The codebook that every new project begins with.

use super::{AttributeKind, AttributeSpec, Codebook, Label, LinkRole, Underline};

fn attribute(name: &str, title: &str, kind: AttributeKind, help: &str) -> AttributeSpec {
    AttributeSpec {
        title: title.to_owned(),
        help: help.to_owned(),
        ..AttributeSpec::new(name, kind)
    }
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}

fn one_of(options: &[&str]) -> AttributeKind {
    AttributeKind::OneOf(strings(options))
}

impl Default for Codebook {
    /// Quotes, claims and promotional content, with the helper labels source and cue.
    ///
    /// The parts of a quote follow PARC 3.0 and PolNeAR; the claim kinds the Full Fact schema
    /// (Konstantinovskiy et al. 2018); check-worthiness the three CheckThat! questions.
    fn default() -> Self {
        let quote = Label {
            definition: "What somebody other than the author is reported to have said, written or \
                         thought."
                .to_owned(),
            include: strings(&[
                "Direct and indirect speech, and fragments in quotation marks",
                "Quotation marks belong to the quote",
                "A quote interrupted by “she said” is one annotation with two fragments",
            ]),
            exclude: strings(&[
                "Titles of works, mottos and scare quotes",
                "The speaker and the verb of saying: mark them as source and cue",
            ]),
            examples: strings(&["“We will rebuild the bridge,” the mayor said."]),
            key: Some('q'),
            attributes: vec![
                attribute(
                    "kind",
                    "Kind",
                    one_of(&["direct", "indirect", "mixed", "fragment"]),
                    "Direct: in quotation marks. Indirect: paraphrased. Mixed: both. Fragment: a few quoted words.",
                ),
                attribute(
                    "speaker",
                    "Speaker",
                    AttributeKind::Person,
                    "Who is quoted.",
                ),
            ],
            link_roles: vec![LinkRole::to_label("source"), LinkRole::to_label("cue")],
            ..Label::new("quote", "Quote", 0x1F6FB2)
        };
        let claim = Label {
            definition: "An assertion about the world that could be checked against evidence."
                .to_owned(),
            include: strings(&[
                "Events, numbers, causes, laws and rules, and predictions",
                "Claims inside quotes: mark both",
            ]),
            exclude: strings(&["Opinions and preferences", "Questions and wishes"]),
            examples: strings(&["The court found the association unconstitutional."]),
            underline: Underline::Dashed,
            key: Some('c'),
            attributes: vec![
                attribute(
                    "claimant",
                    "Claimant",
                    AttributeKind::Person,
                    "Who asserts it.",
                ),
                attribute(
                    "kind",
                    "Kind",
                    one_of(&["event", "quantity", "cause", "law", "prediction"]),
                    "What kind of fact is asserted.",
                ),
                attribute(
                    "may_be_false",
                    "May be false",
                    AttributeKind::YesNo,
                    "Could it hold false information?",
                ),
                attribute(
                    "matters_to_public",
                    "Matters to the public",
                    AttributeKind::YesNo,
                    "Would the public want to know?",
                ),
                attribute(
                    "can_harm",
                    "Can do harm",
                    AttributeKind::YesNo,
                    "Could it harm a person or a group?",
                ),
                attribute(
                    "stance",
                    "Article’s stance",
                    one_of(&["reports", "endorses", "disputes"]),
                    "What the article itself does with the claim.",
                ),
                attribute(
                    "verdict",
                    "Verdict",
                    AttributeKind::Text,
                    "What checking it found.",
                ),
                attribute(
                    "evidence",
                    "Evidence",
                    AttributeKind::Url,
                    "Where the evidence is.",
                ),
            ],
            ..Label::new("claim", "Claim", 0xB4531A)
        };
        let promo = Label {
            definition: "Text that serves the interest of an identifiable product, organisation \
                         or person."
                .to_owned(),
            include: strings(&[
                "Newsletter boxes, donation calls, “follow us” lists and related links",
                "Advertising, disclosed or not, and the language of press releases",
                "Praise without independent support",
            ]),
            exclude: strings(&["Propaganda for an idea rather than an interest"]),
            examples: strings(&["Subscribe to our evening newsletter!"]),
            underline: Underline::Dotted,
            key: Some('p'),
            attributes: vec![
                attribute(
                    "kind",
                    "Kind",
                    one_of(&[
                        "disclosed_advertising",
                        "undisclosed_advertising",
                        "press_release",
                        "puffery",
                        "call_to_action",
                        "self_promotion",
                    ]),
                    "What makes it promotional.",
                ),
                attribute(
                    "beneficiary",
                    "Beneficiary",
                    AttributeKind::Person,
                    "Whose interest it serves.",
                ),
                attribute(
                    "disclosed",
                    "Disclosed",
                    AttributeKind::YesNo,
                    "Is it said that it is promotional?",
                ),
                attribute(
                    "disclosure",
                    "Where that is said",
                    AttributeKind::Text,
                    "The words that disclose it, or where they stand.",
                ),
                attribute(
                    "taken_from",
                    "Taken from",
                    AttributeKind::Text,
                    "Where the passage stood before: a press release, a wire report.",
                ),
            ],
            ..Label::new("promo", "Promotional content", 0x8A3A8F)
        };
        let source = Label {
            definition: "The words that name who is quoted.".to_owned(),
            include: strings(&["Titles and descriptions that identify the speaker"]),
            examples: strings(&["the mayor"]),
            underline: Underline::Double,
            key: Some('s'),
            helper: true,
            ..Label::new("source", "Source", 0x2F7D4F)
        };
        let cue = Label {
            definition: "The words that say that somebody is quoted.".to_owned(),
            examples: strings(&["said", "according to"]),
            underline: Underline::Wavy,
            key: Some('u'),
            helper: true,
            ..Label::new("cue", "Cue", Label::GREY)
        };
        Self::of(vec![quote, claim, promo, source, cue])
    }
}
