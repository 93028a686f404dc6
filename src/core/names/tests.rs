//! Which names are proposed to be one, and how often that is right on names of a corpus.

use super::*;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

fn called(names: &[&str], articles: &[u32]) -> Called {
    Called {
        names: names.iter().map(|&name| name.to_owned()).collect(),
        articles: articles.to_vec(),
        quotes: articles.len(),
        ..Called::default()
    }
}

fn organisation(name: &str, articles: &[u32]) -> Called {
    Called {
        is_organisation: true,
        ..called(&[name], articles)
    }
}

#[track_caller]
fn check(all: &[Called], expected: &[(&str, &str, Why)]) {
    let found = proposals(all, |_, _| false, &mut || true).unwrap();
    let told: Vec<(&str, &str, Why)> = found
        .iter()
        .map(|proposal| {
            let name = |at: usize| all[at].names[0].as_str();
            (
                name(proposal.stays),
                name(proposal.goes),
                proposal.why.clone(),
            )
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn names_that_may_be_one_are_proposed_with_a_reason() {
    let sergei = || called(&["Sergei Lavrov"], &[1, 2]);
    check(
        &[sergei(), called(&["Lavrov"], &[2])],
        &[("Sergei Lavrov", "Lavrov", Why::LastName)],
    );
    // Elsewhere it may be another one.
    check(&[sergei(), called(&["Lavrov"], &[3])], &[]);
    // Two of that name are quoted there.
    check(
        &[
            sergei(),
            called(&["Igor Lavrov"], &[2]),
            called(&["Lavrov"], &[2]),
        ],
        &[],
    );
    check(
        &[called(&["Lavrov"], &[1]), called(&["Lavror"], &[1])],
        &[("Lavrov", "Lavror", Why::OneLetter)],
    );
    check(
        &[sergei(), called(&["Lavror"], &[1])],
        &[("Sergei Lavrov", "Lavror", Why::OneLetterOfLastName)],
    );
    check(
        &[sergei(), called(&["Sergei Lavror"], &[7])],
        &[("Sergei Lavrov", "Sergei Lavror", Why::OneLetter)],
    );
    check(
        &[sergei(), called(&["S. Lavrov"], &[7])],
        &[("Sergei Lavrov", "S. Lavrov", Why::Initials)],
    );
    check(
        &[
            sergei(),
            called(&["Sonya Lavrov"], &[3]),
            called(&["S. Lavrov"], &[7]),
        ],
        &[],
    );
    check(
        &[
            called(&["Aleksandar Vučić"], &[1]),
            called(&["President Aleksandar Vucic"], &[]),
        ],
        &[(
            "Aleksandar Vučić",
            "President Aleksandar Vucic",
            Why::Written,
        )],
    );
    check(
        &[
            called(&["Сергей Лавров"], &[1]),
            called(&["Sergey Lavrov"], &[2, 3]),
        ],
        &[("Sergey Lavrov", "Сергей Лавров", Why::Scripts)],
    );
    check(
        &[
            called(&["George Bush"], &[1]),
            called(&["George Walker Bush"], &[2]),
        ],
        &[("George Walker Bush", "George Bush", Why::MoreNames)],
    );
    check(
        &[
            organisation("Serbian Progressive Party", &[1]),
            organisation("SPP", &[1]),
        ],
        &[("Serbian Progressive Party", "SPP", Why::Acronym)],
    );
    check(
        &[
            organisation("Corvane Holdings Ltd.", &[1]),
            organisation("Corvane Holdings", &[2, 3]),
        ],
        &[("Corvane Holdings", "Corvane Holdings Ltd.", Why::Written)],
    );
    // Different people.
    check(
        &[
            called(&["Marine Le Pen"], &[1]),
            called(&["Marion Le Pen"], &[1]),
        ],
        &[],
    );
    check(
        &[
            called(&["the minister"], &[1]),
            called(&["the mayor"], &[1]),
        ],
        &[],
    );
    check(&[called(&["Obama"], &[1]), called(&["Obamas"], &[1])], &[]);
    check(
        &[
            called(&["The President"], &[1]),
            called(&["Prime Minister"], &[1]),
        ],
        &[],
    );
    // A person is no organisation, and nobody in particular is nobody.
    check(&[called(&["Ford"], &[1]), organisation("Ford", &[1])], &[]);
    let officials = Called {
        is_nobody: true,
        ..called(&["Officials"], &[1])
    };
    check(&[officials.clone(), officials], &[]);
}

#[test]
fn a_slip_of_a_letter_is_known() {
    for (a, b, expected) in [
        ("Sergei Lavror", "Lavrov", true),
        ("Sergei Lavror", "Sergei Lavrov", true),
        ("Sergey Lavrov", "Sergei Lavrov", true),
        ("Lavrov", "Sergei Lavrov", false),
        ("Sergey Lavror", "Sergei Lavrov", false),
        ("Lavrov", "Vucic", false),
        ("", "Lavrov", false),
    ] {
        assert_eq!(is_spelt_otherwise(a, b), expected, "{a}, {b}");
    }
}

#[test]
fn what_is_kept_apart_is_not_proposed_and_identifiers_are() {
    let mut all = [
        called(&["Ana Li"], &[1]),
        called(&["Ana Li"], &[2]),
        called(&["Bo"], &[3]),
    ];
    assert!(
        proposals(&all, |_, _| true, &mut || true)
            .unwrap()
            .is_empty()
    );
    assert_eq!(proposals(&all, |_, _| false, &mut || false), None);
    for at in [0, 2] {
        all[at].identifiers = vec![("wikidata".to_owned(), "Q1".to_owned())];
    }
    let why = Why::Identifier("wikidata".to_owned(), "Q1".to_owned());
    check(
        &all,
        &[("Ana Li", "Bo", why), ("Ana Li", "Ana Li", Why::Written)],
    );
}

#[test]
fn twenty_thousand_are_compared_in_a_moment() {
    let all: Vec<Called> = (0..20_000_u32)
        .map(|n| {
            let name = format!("Person{} Family{}", n % 997, n % 4_999);
            called(&[&name, &format!("Family{}", n % 4_999)], &[n % 500])
        })
        .collect();
    let from = std::time::Instant::now();
    proposals(&all, |_, _| false, &mut || true).unwrap();
    assert!(from.elapsed().as_secs() < 20, "{:?}", from.elapsed());
}

/// A mention of somebody by name, and who it is: the corpus says it by chains within a document, and
/// across documents by what Wikipedia calls them.
struct Mention {
    name: String,
    is_organisation: bool,
    who: String,
    document: u32,
}

/// The named persons and organisations of a document in CoNLL-U with GUM's annotation of entities.
fn mentions(text: &str, document: u32) -> Vec<Mention> {
    struct Open<'a> {
        chain: &'a str,
        fields: Vec<&'a str>,
        from: usize,
    }
    let mut words: Vec<(&str, bool, bool)> = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut found: Vec<(Open<'_>, usize)> = Vec::new();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let rows = rows.map(|line| line.split('\t').collect::<Vec<_>>());
    for row in rows.filter(|row| row.len() == 10 && row[0].parse::<u32>().is_ok()) {
        let is_glued = row[9].contains("SpaceAfter=No");
        words.push((row[1], row[3] == "PROPN", is_glued));
        let Some(said) = row[9].split('|').find_map(|m| m.strip_prefix("Entity=")) else {
            continue;
        };
        let mut rest = said;
        while !rest.is_empty() {
            let inside = rest.get(1..).unwrap_or_default();
            let end = inside.find(['(', ')']).map_or(rest.len(), |at| at + 1);
            let closes = rest.get(end..).is_some_and(|rest| rest.starts_with(')'));
            let (piece, after) = rest.split_at(if closes { end + 1 } else { end });
            rest = after;
            let inner = piece.trim_matches(['(', ')']);
            if piece.starts_with('(') {
                let fields: Vec<&str> = inner.split('-').collect();
                let from = words.len() - 1;
                let chain = fields[0];
                open.push(Open {
                    chain,
                    fields,
                    from,
                });
            }
            if closes
                && let Some(at) = open
                    .iter()
                    .rposition(|o| inner == o.chain || inner.starts_with(&format!("{}-", o.chain)))
            {
                found.push((open.remove(at), words.len()));
            }
        }
    }
    let mut who: HashMap<&str, String> = HashMap::new();
    for (of, _) in &found {
        // After the kind of link comes what Wikipedia calls it.
        if let Some(identity) = of.fields.get(7) {
            who.insert(of.chain, of.fields[7..].join("-").replace(' ', "_"));
            let _ = identity;
        }
    }
    let named = found.iter().filter(|(of, to)| {
        let span = &words[of.from..*to];
        matches!(of.fields[1], "person" | "organization")
            && span.len() <= 6
            && span.iter().any(|(_, is_proper, _)| *is_proper)
            && span
                .last()
                .is_some_and(|(word, is_proper, _)| *is_proper || matches!(*word, "'s" | "’s"))
    });
    named
        .map(|(of, to)| {
            let mut name = String::new();
            for (word, _, is_glued) in &words[of.from..*to] {
                name.push_str(word);
                if !is_glued {
                    name.push(' ');
                }
            }
            let name = name.trim().trim_end_matches("'s").trim_end_matches("’s");
            Mention {
                name: name.trim().to_owned(),
                is_organisation: of.fields[1] == "organization",
                who: match who.get(of.chain) {
                    Some(known) => known.clone(),
                    None => format!("{document}:{}", of.chain),
                },
                document,
            }
        })
        .collect()
}

/// Where somebody is named so, who that is, and how often.
type Entry<'a> = (BTreeSet<u32>, BTreeSet<&'a str>, usize);

/// The ledger as it is after all quotes were marked with the speaker's words: each way of naming
/// somebody is an entry of its own. A proposal is right when the corpus has a chain, or somebody of
/// Wikipedia, that is called both ways.
#[test]
#[expect(clippy::disallowed_methods, reason = "the corpus is packed")]
fn names_of_a_corpus_are_proposed_rightly() {
    let archive = Path::new("../../shared/corpora/training/treebanks.tar.xz");
    let archive = if archive.exists() {
        archive
    } else {
        Path::new("../shared/corpora/training/treebanks.tar.xz")
    };
    let unpacked = Command::new("tar")
        .arg("-xJOf")
        .arg(archive)
        .arg("gum")
        .output();
    let Some(unpacked) = unpacked.ok().filter(|output| output.status.success()) else {
        eprintln!(
            "SKIPPED names_of_a_corpus_are_proposed_rightly: no corpus at {}",
            archive.display()
        );
        return;
    };
    let text = String::from_utf8(unpacked.stdout).unwrap();
    let documents = text.split("# newdoc id = ").skip(1).zip(0..);
    let all: Vec<Mention> = documents.flat_map(|(text, n)| mentions(text, n)).collect();
    assert!(all.len() > 1_000, "{}", all.len());
    let mut entries: BTreeMap<(&str, bool), Entry<'_>> = BTreeMap::new();
    for mention in &all {
        let entry = entries
            .entry((&mention.name, mention.is_organisation))
            .or_default();
        entry.0.insert(mention.document);
        entry.1.insert(&mention.who);
        entry.2 += 1;
    }
    let ledger: Vec<Called> = entries
        .iter()
        .map(|((name, is_organisation), (articles, _, quotes))| Called {
            names: vec![(*name).to_owned()],
            is_organisation: *is_organisation,
            articles: articles.iter().copied().collect(),
            quotes: *quotes,
            ..Called::default()
        })
        .collect();
    let who: Vec<&BTreeSet<&str>> = entries.values().map(|(_, who, _)| who).collect();
    let found = proposals(&ledger, |_, _| false, &mut || true).unwrap();
    let is_right = |p: &&Proposal| !who[p.stays].is_disjoint(who[p.goes]);
    let (right, wrong): (Vec<&Proposal>, Vec<&Proposal>) = found.iter().partition(is_right);
    // Of those that are one by the corpus, as far as a word of their names is the same.
    let mut there = 0;
    for (a, one) in who.iter().enumerate() {
        for (b, other) in who.iter().enumerate().skip(a + 1) {
            let word = |at: usize| -> BTreeSet<&str> { ledger[at].names[0].split(' ').collect() };
            if !one.is_disjoint(other)
                && ledger[a].is_organisation == ledger[b].is_organisation
                && !word(a).is_disjoint(&word(b))
            {
                there += 1;
            }
        }
    }
    let mut by_why: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (n, list) in [&right, &wrong].into_iter().enumerate() {
        for p in list {
            by_why.entry(format!("{:?}", p.why)).or_default()[n] += 1;
        }
    }
    for p in &wrong {
        eprintln!("  wrong: {:?} {:?} {:.2}", p.names, p.why, p.score);
    }
    let precision = right.len() as f64 / found.len() as f64;
    eprintln!(
        "names: {} entries, {} proposals at {LEAST}, precision {precision:.3}, recall of pairs that share a word {:.3}; right and wrong by reason {by_why:?}",
        ledger.len(),
        found.len(),
        right.len() as f64 / f64::from(there),
    );
    assert!(found.len() > 60, "{}", found.len());
    assert!(precision >= 0.95, "{precision}");
}
