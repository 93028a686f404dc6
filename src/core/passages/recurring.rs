//! Passages that stand in many texts: an outlet's boxes, wire copy, a press release pasted in.
//!
//! Texts are cut into lines, and long lines into sentences. Those that say the same, or the same but
//! for a few words (candidates by minhash, Broder 1997, each proven by edit distance), are a group;
//! groups that nearly always follow on each other are one passage. Work and room are linear in the
//! length of the texts. Knows no articles.

mod alike;
mod pieces;

use crate::core::text::{ArticleText, ByteRange};
use alike::{Groups, join_near, wordings};
use std::collections::HashMap;
use std::ops::Range;

pub use pieces::Pieces;

/// Of ten times that either of two groups stands somewhere, so many follow on each other.
const TOGETHER: usize = 8;

/// Where a passage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which of the texts.
    pub text: usize,
    pub range: ByteRange,
}

/// A passage that stands in several texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// In the order of the texts.
    pub places: Vec<Place>,
    /// How many texts have it.
    pub texts: usize,
    /// How many words it has where it stands first whole.
    pub words: usize,
    /// In how many wordings.
    pub wordings: usize,
}

/// The passages of all texts, those in most of them first. `goes_on` is asked now and then; `None`
/// when it was stopped.
pub fn recurring(
    texts: &[&ArticleText],
    pieces: &[Pieces],
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Recurrence>> {
    let (wordings, of_piece) = wordings(pieces);
    if !goes_on() {
        return None;
    }
    let mut groups = Groups((0..wordings.len() as u32).collect());
    join_near(texts, pieces, &wordings, &mut groups, goes_on)?;
    if !goes_on() {
        return None;
    }
    // How often each group stands somewhere, and in how many texts.
    let mut counts: Vec<(u32, u32, u32)> = vec![(0, 0, u32::MAX); wordings.len()];
    let mut numbers = of_piece.iter();
    for (at, text) in pieces.iter().enumerate() {
        for wording in numbers.by_ref().take(text.0.len()) {
            let group = groups.of(*wording);
            if let Some((count, texts, last)) = counts.get_mut(group as usize) {
                *count += 1;
                *texts += u32::from(*last != at as u32);
                *last = at as u32;
            }
        }
    }
    let recurs = |group: u32| {
        let counted = counts.get(group as usize);
        counted.is_some_and(|(_, texts, _)| *texts > 1)
    };
    let of_piece: Vec<Option<u32>> = of_piece
        .iter()
        .map(|wording| Some(groups.of(*wording)).filter(|group| recurs(*group)))
        .collect();
    let chains = chains(pieces, &of_piece, &counts);
    let mut wordings_of: HashMap<u32, usize> = HashMap::new();
    for wording in 0..wordings.len() as u32 {
        let group = groups.of(wording);
        if recurs(group) {
            *wordings_of.entry(group).or_default() += 1;
        }
    }
    if !goes_on() {
        return None;
    }
    Some(gathered(pieces, &of_piece, &chains, &wordings_of))
}

/// Which group follows on which, where they nearly always do; what it begins with, and its place
/// there.
fn chains(
    pieces: &[Pieces],
    of_piece: &[Option<u32>],
    counts: &[(u32, u32, u32)],
) -> HashMap<u32, (u32, u32)> {
    let mut follow: HashMap<(u32, u32), usize> = HashMap::new();
    let mut rest = of_piece;
    for text in pieces {
        let (here, after) = rest.split_at(text.0.len().min(rest.len()));
        rest = after;
        for pair in here.windows(2) {
            if let [Some(a), Some(b)] = pair
                && a != b
            {
                *follow.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    let count = |group: &u32| counts.get(*group as usize).map_or(0, |c| c.0 as usize);
    let mut next: HashMap<u32, u32> = HashMap::new();
    let mut previous: HashMap<u32, u32> = HashMap::new();
    let is_close = |((a, b), together): ((u32, u32), usize)| {
        (together * 10 >= count(&a).max(count(&b)) * TOGETHER).then_some((a, b))
    };
    let mut close: Vec<(u32, u32)> = follow.into_iter().filter_map(is_close).collect();
    close.sort_unstable();
    for (a, b) in close {
        next.insert(a, b);
        previous.insert(b, a);
    }
    let mut chains = HashMap::new();
    let mut heads: Vec<u32> = next.keys().copied().collect();
    heads.retain(|group| !previous.contains_key(group));
    for head in heads {
        let (mut at, mut place) = (head, 0);
        chains.insert(at, (head, place));
        while let Some(further) = next.get(&at) {
            (at, place) = (*further, place + 1);
            chains.insert(at, (head, place));
        }
    }
    chains
}

/// The passages with their places.
fn gathered(
    pieces: &[Pieces],
    of_piece: &[Option<u32>],
    chains: &HashMap<u32, (u32, u32)>,
    wordings_of: &HashMap<u32, usize>,
) -> Vec<Recurrence> {
    let chain_of = |group: u32| chains.get(&group).copied().unwrap_or((group, 0));
    let mut found: HashMap<u32, Recurrence> = HashMap::new();
    let mut rest = of_piece;
    for (text, pieces) in pieces.iter().enumerate() {
        let (here, after) = rest.split_at(pieces.0.len().min(rest.len()));
        rest = after;
        let mut at = 0;
        while at < here.len() {
            let run = run_at(here, at, &chain_of);
            let within = pieces.0.get(run.clone()).unwrap_or_default();
            let group = here.get(at).copied().flatten();
            if let (Some(group), Some(first), Some(last)) = (group, within.first(), within.last()) {
                let (head, _) = chain_of(group);
                let words = within.iter().map(|piece| piece.words as usize).sum();
                let passage = found.entry(head).or_insert_with(|| Recurrence {
                    places: Vec::new(),
                    texts: 0,
                    words: 0,
                    wordings: 0,
                });
                passage.texts += usize::from(passage.places.last().is_none_or(|p| p.text != text));
                passage.words = passage.words.max(words);
                passage.places.push(Place {
                    text,
                    range: ByteRange::new(first.range.start, last.range.end),
                });
            }
            at = run.end.max(at + 1);
        }
    }
    #[expect(
        clippy::iter_over_hash_type,
        reason = "the largest is the same in any order"
    )]
    for (group, wordings) in wordings_of {
        if let Some(passage) = found.get_mut(&chain_of(*group).0) {
            passage.wordings = passage.wordings.max(*wordings);
        }
    }
    let mut passages: Vec<Recurrence> = found.into_values().collect();
    let first = |passage: &Recurrence| passage.places.first().map(|p| (p.text, p.range.start));
    passages.sort_by(|a, b| {
        let order = b.texts.cmp(&a.texts).then(b.words.cmp(&a.words));
        order.then(first(a).cmp(&first(b)))
    });
    passages
}

/// The pieces from one on that go on with the same passage.
fn run_at(here: &[Option<u32>], at: usize, chain_of: &dyn Fn(u32) -> (u32, u32)) -> Range<usize> {
    let Some((head, mut place)) = here.get(at).copied().flatten().map(chain_of) else {
        return at..at;
    };
    let mut end = at + 1;
    while let Some(further) = here.get(end).copied().flatten() {
        let (other, next) = chain_of(further);
        if other != head || next != place + 1 {
            break;
        }
        (place, end) = (next, end + 1);
    }
    at..end
}

#[cfg(test)]
mod tests {
    use super::pieces::MOST;
    use super::*;
    use proptest::prelude::*;

    fn found(texts: &[ArticleText]) -> Vec<Recurrence> {
        let pieces: Vec<Pieces> = texts.iter().map(Pieces::of).collect();
        let texts: Vec<&ArticleText> = texts.iter().collect();
        recurring(&texts, &pieces, &mut || true).unwrap()
    }

    #[track_caller]
    fn check(texts: &[&str], expected: &[(&str, usize, usize)]) {
        let texts: Vec<ArticleText> = texts
            .iter()
            .map(|t| ArticleText::new((*t).into()))
            .collect();
        let found = found(&texts);
        let shown: Vec<_> = found
            .iter()
            .map(|passage| {
                let first = passage.places[0];
                let words = texts[first.text].slice(first.range);
                (words, passage.texts, passage.wordings)
            })
            .collect();
        assert_eq!(shown, expected);
    }

    const BOX: &str =
        "Sign up for our letter of 3 May, which comes each evening.\nIt costs nothing!";

    #[test]
    fn lines_that_stand_in_several_texts_are_found() {
        check(&["One.", "Two."], &[]);
        // Twice in one text is no recurrence.
        check(&["One line.\nOne line.", "Another."], &[]);
        check(
            &[
                &format!("First story.\n\n{BOX}\n\nAd"),
                &format!("Second.\n{}", BOX.replace("3 May", "14 June")),
                &format!("{BOX}\nThird\nAD"),
            ],
            &[
                (
                    "Sign up for our letter of 3 May, which comes each evening.\nIt costs nothing!",
                    3,
                    2,
                ),
                ("Ad", 2, 1),
            ],
        );
    }

    #[test]
    fn sentences_of_long_lines_are_found() {
        let filler = |n: usize| (0..45).map(|i| format!("w{n}x{i} ")).collect::<String>();
        let wire = "No ferry left the harbour of Ardal on Monday, the company said.";
        check(
            &[
                &format!("{}here. {wire} Then more.", filler(1)),
                &format!("{wire} {}there.", filler(2)),
                &format!("Alone:\n{wire}"),
            ],
            &[(wire, 3, 1)],
        );
    }

    /// What has no marks, such as a list or a text that was spoken, is one sentence: it is cut by its
    /// words, so parts of it are found wherever it stands, and none is so long that comparing takes
    /// a time of its own.
    #[test]
    fn parts_of_long_sentences_are_found() {
        let spoken = |of: &str, n: usize| {
            let words = (0..n).map(|i| format!("{of}{} ", i * i));
            words.collect::<String>()
        };
        let wire = spoken("wire", 600);
        let texts = [("a", 70), ("b", 90)].map(|(of, n)| {
            let text = format!("{}{wire}{}", spoken(of, n), spoken(of, 2 * n));
            ArticleText::new(text)
        });
        let found = found(&texts);
        let bytes = |at: usize| -> usize {
            let places = found.iter().flat_map(|p| &p.places);
            places.filter(|p| p.text == at).map(|p| p.range.len()).sum()
        };
        for (at, text) in texts.iter().enumerate() {
            let enough = wire.len() / 2..wire.len() + 200;
            assert!(
                enough.contains(&bytes(at)),
                "{} of {}",
                bytes(at),
                wire.len()
            );
            let pieces = Pieces::of(text).0;
            assert!(pieces.iter().all(|piece| piece.words as usize <= MOST));
        }
        let same = ArticleText::new("the ".repeat(100_000));
        let pieces = Pieces::of(&same).0;
        assert!(pieces.iter().all(|piece| piece.words as usize <= MOST));
    }

    /// A text in the middle lacks the line between: what follows is the passage all the same.
    #[test]
    fn what_nearly_always_follows_is_one_passage() {
        let whole =
            "Follow us wherever you are.\nOn every network there is.\nAnd in print on Sundays.";
        let mut texts = vec![whole.to_owned(); 9];
        texts.push("And in print on Sundays.".to_owned());
        for (n, text) in texts.iter_mut().enumerate() {
            text.insert_str(0, &format!("Story number n{n}.\n"));
        }
        let texts: Vec<ArticleText> = texts.into_iter().map(ArticleText::new).collect();
        let found = found(&texts);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].texts, found[0].words), (10, 15));
        let last = found[0].places[9];
        assert_eq!(texts[9].slice(last.range), "And in print on Sundays.");
    }

    #[test]
    fn it_stops_when_it_is_told() {
        let text = ArticleText::new(BOX.to_owned());
        let pieces = [Pieces::of(&text), Pieces::of(&text)];
        let texts = [&text, &text];
        assert_eq!(recurring(&texts, &pieces, &mut || false), None);
    }

    proptest! {
        /// A line in several texts is found in each, where it stands, whatever is around it.
        #[test]
        fn a_line_is_found_wherever_it_stands(
            around in proptest::collection::vec(("[a-z]{1,6}( [a-z]{1,6}){0,9}", 0_usize..2), 2..12),
        ) {
            let line = "Zz give 5 euros now to keep this paper free for all";
            let texts: Vec<ArticleText> = around
                .iter()
                .enumerate()
                .map(|(n, (words, at))| {
                    let own = format!("q{n} {words} q{n}");
                    let text = if *at == 0 { format!("{own}\n{line}") } else { format!("{line}\n{own}\n") };
                    ArticleText::new(text)
                })
                .collect();
            let found = found(&texts);
            let passage = found.iter().find(|p| texts[p.places[0].text].slice(p.places[0].range) == line);
            let passage = passage.unwrap();
            prop_assert_eq!(passage.texts, texts.len());
            for place in &passage.places {
                prop_assert_eq!(texts[place.text].slice(place.range), line);
            }
        }
    }
}
