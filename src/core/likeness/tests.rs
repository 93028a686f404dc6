//! True and false pairs, told one by one and counted together.

use super::index::Index;
use super::*;

/// What is said of two texts: how the first is like the second, and what speaks against it.
fn told(a: &str, b: &str) -> &'static str {
    let Some(found) = Saying::of(a).likeness(&Saying::of(b)) else {
        return "other";
    };
    match found {
        Likeness {
            relation: Relation::Figure,
            ..
        } => "figure",
        Likeness {
            other_number: true, ..
        } => "number",
        Likeness { denies: true, .. } => "denies",
        Likeness {
            relation: Relation::Same,
            ..
        } => "same",
        Likeness {
            relation: Relation::Reworded,
            ..
        } => "reworded",
        Likeness {
            relation: Relation::Cut,
            ..
        } => "cut",
        Likeness {
            relation: Relation::Holds,
            ..
        } => "holds",
    }
}

const DREDGING: &str =
    "“We are not selling the port. We are letting someone else pay for the dredging.”";
const WAGES: &str = "“Every boat that leaves costs this town eleven wages, and nobody has told us who will pay them.”";

/// Pairs that say the same, wholly or in part, and how.
const TRUE_PAIRS: &[(&str, &str, &str)] = &[
    // Typography, case and how a number is written.
    (
        "“We are not selling the port,”",
        "'we are not selling the port'",
        "same",
    ),
    (
        "The lease runs for 49 years",
        "the lease runs for forty-nine years.",
        "same",
    ),
    (
        "It cost 2.4 million euros",
        "It cost 2,400,000 euros",
        "same",
    ),
    // A changed word.
    (
        "We are not selling the port",
        "We are not selling the harbour",
        "reworded",
    ),
    (
        "Port Ardal has lost money every year since 2015",
        "Port Ardal lost money every year since 2015",
        "reworded",
    ),
    (
        "No ferry will leave before the storm has passed, she said",
        "No ferry will leave before the storm has passed, he says",
        "reworded",
    ),
    (
        "Fees for small boats will double",
        "Fees for smaller boats will double",
        "reworded",
    ),
    (
        "Most residents favour the lease",
        "Most residents support the lease",
        "reworded",
    ),
    // Words put in and left out.
    ("2,400 jobs by 2031", "up to 2,400 jobs by 2031", "reworded"),
    ("2,400 jobs by 2031", "2,400 new jobs", "reworded"),
    ("2,400 jobs", "2,400 careers", "reworded"),
    (
        "The rent is 38 per cent below what comparable harbours earn",
        "Rent is 38 per cent less than comparable harbours earn",
        "reworded",
    ),
    (
        "the lease will bring 2,400 jobs to the coast by 2031",
        "By 2031 the lease will bring 2,400 jobs to the coast",
        "reworded",
    ),
    (
        "A second bidder was turned away by the ministry in March",
        "In March the ministry turned away a second bidder",
        "reworded",
    ),
    // A cut.
    ("“We are not selling the port”", DREDGING, "cut"),
    (
        DREDGING,
        "“We are letting someone else pay for the dredging.”",
        "holds",
    ),
    (
        "every boat that leaves costs this town eleven wages",
        WAGES,
        "cut",
    ),
    ("nobody has told us who is going to pay them", WAGES, "cut"),
    (
        "The council has no legal say",
        "“The council has no legal say in the lease, and it never asked for one,” he added, “whatever the mayor tells the papers”",
        "cut",
    ),
    // Two quotes made one: each of them is a part of it.
    (
        "We will rebuild the bridge before the winter",
        "We will rebuild the bridge before the winter and nobody will lose their job over it",
        "cut",
    ),
    (
        "nobody will lose their job over it",
        "We will rebuild the bridge before the winter and nobody will lose their job over it",
        "cut",
    ),
    // Other languages and scripts.
    (
        "Der Pachtvertrag läuft 49 Jahre",
        "Der Vertrag läuft 49 Jahre",
        "reworded",
    ),
    (
        "Мы не продаём порт никому",
        "Мы не продаем порт никому",
        "same",
    ),
    (
        "在风暴过去之前不会有渡轮离港",
        "风暴过去之前不会有渡轮离港",
        "reworded",
    ),
];

/// Pairs that are alike in words and say something else: proposed with that said, or not at all.
const OTHER_PAIRS: &[(&str, &str, &str)] = &[
    // A number changed.
    (
        "The lease will bring 2,400 jobs by 2031",
        "The lease will bring 1,800 jobs by 2031",
        "number",
    ),
    (
        "The rent is 38 per cent below the market",
        "The rent is 83 per cent below the market",
        "number",
    ),
    (
        "two hundred passengers spent the night in the hall",
        "three hundred passengers spent the night in the hall",
        "number",
    ),
    (
        "The lease runs for 49 years",
        "The lease runs for 99 years",
        "number",
    ),
    // The opposite.
    (
        "We are selling the port to a foreign company",
        "We are not selling the port to a foreign company",
        "denies",
    ),
    (
        "The minister told parliament about the second bid",
        "The minister never told parliament about the second bid",
        "denies",
    ),
    (
        "They don’t want the vote to be put off",
        "They want the vote to be put off",
        "denies",
    ),
    // Little in common but small words, or one name.
    (
        "The bridge is shut today",
        "The school is open today",
        "other",
    ),
    (
        "It is a matter for the council",
        "It is a matter for the courts of the country",
        "other",
    ),
    (
        "I don’t know what to say to that",
        "I do not know who the bidder was",
        "other",
    ),
    (
        "Port Ardal has lost money every year",
        "Port Ardal has doubled its traffic",
        "other",
    ),
    (
        "The council met on Friday",
        "The council has no legal say in the lease",
        "other",
    ),
    (
        "We will rebuild the bridge",
        "We will not rest until the truth is known",
        "other",
    ),
    (
        "Dredging will not touch the eelgrass beds",
        "Dredging began in the spring of last year",
        "other",
    ),
    ("no comment", "no thanks", "other"),
    ("yes", "yes we can win this", "other"),
    (
        "He resigned in 2019",
        "The port made a profit in 2019",
        "other",
    ),
    // Only a figure: with the claimant and the week the same it is worth a look.
    (
        "2,400 careers with a view of the sea await",
        "The lease will bring 2,400 jobs by 2031",
        "figure",
    ),
    ("", "We are not selling the port", "other"),
    ("…", "…", "other"),
];

#[test]
fn true_and_false_pairs_are_told_apart() {
    let mut wrong = Vec::new();
    for (a, b, expected) in TRUE_PAIRS.iter().chain(OTHER_PAIRS) {
        let found = told(a, b);
        if found != *expected {
            let (x, y) = (Saying::of(a), Saying::of(b));
            wrong.push(format!(
                "{a} | {b}: {found}, not {expected}; {:?}",
                x.likeness(&y)
            ));
        }
        // The other text sees it the other way round.
        let turned = match *expected {
            "cut" => "holds",
            "holds" => "cut",
            same => same,
        };
        let found = told(b, a);
        if found != turned {
            wrong.push(format!("turned: {b} | {a}: {found}, not {turned}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn where_a_part_stands_is_told() {
    let merged =
        Saying::of("We will rebuild the bridge before winter and nobody will lose their job");
    for (part, expected) in [
        ("We will rebuild the bridge before winter", (0, 7)),
        ("nobody will lose their job", (8, 13)),
    ] {
        let found = Saying::of(part).likeness(&merged).unwrap();
        assert_eq!(found.part, Some(expected), "{part}");
        let turned = merged.likeness(&Saying::of(part)).unwrap();
        assert_eq!(
            (turned.relation, turned.part),
            (Relation::Holds, Some(expected))
        );
    }
}

/// All of the table among each other, as a project has them: what belongs together finds itself, and
/// no two that do not.
#[test]
fn pairs_find_each_other_among_many() {
    let mut texts: Vec<&str> = Vec::new();
    for (a, b, _) in TRUE_PAIRS.iter().chain(OTHER_PAIRS) {
        texts.extend([*a, *b]);
    }
    texts.sort_unstable();
    texts.dedup();
    let sayings: Vec<Saying> = texts.iter().map(|text| Saying::of(text)).collect();
    let index = Index::of(&sayings);
    let pairs: Vec<_> = (0..sayings.len()).flat_map(|at| index.like(at)).collect();
    // Of those of the same words the first stands for all.
    let is_first = |(at, saying): &(usize, &Saying)| !sayings[..*at].contains(saying);
    for (at, a) in sayings.iter().enumerate().filter(is_first) {
        for (other, b) in sayings.iter().enumerate().filter(is_first) {
            if other <= at {
                continue;
            }
            let known = a
                .likeness(b)
                .filter(|found| found.relation != Relation::Same);
            let found = pairs.iter().find(|pair| (pair.a, pair.b) == (at, other));
            if let Some(likeness) = known {
                let found = found.map(|pair| pair.likeness);
                assert_eq!(found, Some(likeness), "{} | {}", texts[at], texts[other]);
            }
        }
    }
    let same = index.like(
        texts
            .iter()
            .position(|t| *t == "it cost 2,400,000 euros")
            .unwrap_or(0),
    );
    assert!(same.iter().all(|pair| pair.a < pair.b));
}

#[test]
fn copies_of_one_quote_are_one_however_many() {
    let mut texts = vec![DREDGING.to_owned(); 500];
    texts.extend((0..500).map(|n| format!("{DREDGING} Copy {n}.")));
    texts.push("“We are not selling the port”".to_owned());
    let sayings: Vec<Saying> = texts.iter().map(|text| Saying::of(text)).collect();
    let index = Index::of(&sayings);
    let of = |at: usize| index.like(at);
    assert_eq!((of(499)[0].a, of(499).len()), (0, 1));
    // What all have leads nowhere, but numbers are another saying: each finds some.
    assert!(of(1_000).len() <= COMPARED_AT_MOST);
    assert!(Index::of(&[]).like(0).is_empty());
}

const COMPARED_AT_MOST: usize = 40;

/// A quote as another outlet gives it, and how it should be found.
fn variants(words: &[&str], other: &[&str], at: usize) -> Vec<(String, &'static [&'static str])> {
    let place = words.len() / 2 + at % 2;
    let mut swapped = words.to_vec();
    swapped[place] = "elsewhere";
    let mut found: Vec<(String, &'static [&'static str])> = vec![
        (swapped.join(" "), &["reworded", "denies", "number"]),
        ([words, other].concat().join(" "), &["holds", "reworded"]),
    ];
    if words.len() >= 16 {
        found.push((words[words.len() / 2..].join(" "), &["cut", "reworded"]));
    }
    found
}

/// The quotes of a corpus, changed as outlets change them: how many find what they were, and how many
/// find others. The folder with `gum.jsonl` and its like is named by `PRESSMARK_QUOTES`.
#[test]
fn changed_quotes_find_what_they_were() {
    let Some(folder) = std::env::var_os("PRESSMARK_QUOTES") else {
        eprintln!("skipped: PRESSMARK_QUOTES names no folder with quotes");
        return;
    };
    for file in ["gum", "litbank", "russian_rrt", "redewiedergabe"] {
        let path = std::path::Path::new(&folder)
            .join(file)
            .with_extension("jsonl");
        let source = std::fs::read_to_string(path).unwrap();
        let mut quotes: Vec<String> = Vec::new();
        for line in source.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
            for quote in record["quotes"].as_array().into_iter().flatten() {
                let place = |n: usize| quote["content"][0][n].as_u64().map(|n| n as usize);
                let (Some(start), Some(end)) = (place(0), place(1)) else {
                    continue;
                };
                let words: String = text[start..end].iter().collect();
                if words.split_whitespace().count() >= 6 {
                    quotes.push(words);
                }
            }
        }
        quotes.sort_unstable();
        quotes.dedup();
        // What lies in another quote is no other one.
        let all = quotes.clone();
        quotes.retain(|quote| {
            !all.iter()
                .any(|other| other != quote && other.contains(quote))
        });
        let mut texts = quotes.clone();
        // Which quotes each is made of.
        let mut made: Vec<Vec<usize>> = (0..quotes.len()).map(|at| vec![at]).collect();
        let mut expected = Vec::new();
        for (at, quote) in quotes.iter().enumerate() {
            let next = (at + 1) % quotes.len();
            let words: Vec<&str> = quote.split_whitespace().collect();
            let other: Vec<&str> = quotes[next].split_whitespace().collect();
            for (n, (text, hows)) in variants(&words, &other, at).into_iter().enumerate() {
                expected.push((at, texts.len(), hows));
                made.push(if n == 1 { vec![at, next] } else { vec![at] });
                texts.push(text);
            }
        }
        let sayings: Vec<Saying> = texts.iter().map(|text| Saying::of(text)).collect();
        let index = Index::of(&sayings);
        let pairs: Vec<_> = (0..sayings.len()).flat_map(|at| index.like(at)).collect();
        let pairs: Vec<_> = pairs
            .iter()
            .filter(|p| p.likeness.relation != Relation::Figure)
            .collect();
        let among: std::collections::HashSet<(usize, usize)> =
            pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        let is_found = |(at, variant, hows): &&(usize, usize, &[&str])| {
            among.contains(&(*at, *variant)) && hows.contains(&told(&texts[*variant], &texts[*at]))
        };
        let found = expected.iter().filter(is_found).count();
        let is_false =
            |pair: &&&index::Pair| made[pair.a].iter().all(|at| !made[pair.b].contains(at));
        let false_ones: Vec<_> = pairs.iter().filter(is_false).collect();
        for pair in false_ones.iter().take(8) {
            let short = |at: usize| {
                texts[at]
                    .chars()
                    .take(160)
                    .collect::<String>()
                    .replace('\n', " ")
            };
            let (a, b) = (short(pair.a), short(pair.b));
            eprintln!("  false: {a} | {b}: {:?}", pair.likeness);
        }
        let precision = 1.0 - false_ones.len() as f32 / pairs.len().max(1) as f32;
        let recall = found as f32 / expected.len().max(1) as f32;
        eprintln!(
            "{file}: {} quotes, {} pairs, recall {recall:.3}, precision {precision:.3}",
            quotes.len(),
            pairs.len()
        );
        assert!(
            recall >= 0.93 && precision >= 0.95,
            "{file}: {recall} {precision}"
        );
    }
}
