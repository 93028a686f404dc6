//! What is said of one file that was read: a line for what is said of many articles, and its copies
//! with their number. What is left out is `format::reading::left_out`'s.

use super::Original;
use std::collections::HashMap;

/// What is said of a file: the same of many articles once.
pub(super) struct Remarks {
    /// How often each is said.
    lines: Vec<(String, usize)>,
    places: HashMap<String, usize>,
    /// Further ones.
    more: usize,
}

impl Remarks {
    /// So many lines are told of one file.
    const MAX: usize = 50;

    pub(super) fn of(lines: Vec<String>) -> Self {
        let mut remarks = Self {
            lines: Vec::new(),
            places: HashMap::new(),
            more: 0,
        };
        remarks.extend(lines);
        remarks
    }

    pub(super) fn extend(&mut self, lines: Vec<String>) {
        for line in lines {
            let known = self.places.get(&line).copied();
            if let Some((_, count)) = known.and_then(|at| self.lines.get_mut(at)) {
                *count += 1;
            } else if self.lines.len() < Self::MAX {
                self.places.insert(line.clone(), self.lines.len());
                self.lines.push((line, 1));
            } else {
                self.more += 1;
            }
        }
    }

    pub(super) fn told(self) -> Vec<String> {
        let lines = self.lines.into_iter();
        let lines = lines.map(|(line, count)| match count {
            1 => line,
            n => format!("{line} (so in {n} articles)"),
        });
        let more = (self.more > 0).then(|| format!("and {} more of this kind", self.more));
        lines.chain(more).collect()
    }
}

/// Articles of a file that are copies of others.
#[derive(Default)]
pub(super) struct Same {
    pub(super) count: usize,
    /// Numbers in the file, and what they are the same as.
    named: Vec<(usize, Original)>,
}

impl Same {
    const MAX_NAMED: usize = 5;

    /// `added` are those of the file that are no copies.
    pub(super) fn add(&mut self, added: usize, of: Original) {
        self.count += 1;
        if self.named.len() < Self::MAX_NAMED {
            self.named.push((added + self.count, of));
        }
    }

    pub(super) fn first(&self) -> Option<&(usize, Original)> {
        self.named.first()
    }

    pub(super) fn told(&self, added: usize) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let named = self.named.iter();
        let named: Vec<String> = named
            .map(|(number, of)| format!("number {number} is the same as {}", of.told()))
            .collect();
        let more = match self.count - named.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let (count, all) = (self.count, self.count + added);
        Some(format!(
            "{count} of its {all} articles skipped as copies: {}{more}",
            named.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_many_articles_is_said_once() {
        let mut remarks = Remarks::of(vec!["odd".to_owned(), "even".to_owned()]);
        remarks.extend(vec!["odd".to_owned(); 2]);
        assert_eq!(remarks.told(), ["odd (so in 3 articles)", "even"]);
        let many = (0..60).map(|n| format!("remark {n}"));
        let told = Remarks::of(many.collect()).told();
        assert_eq!(told.len(), Remarks::MAX + 1);
        assert_eq!(told.last().unwrap(), "and 10 more of this kind");
    }

    #[test]
    fn copies_are_counted_and_named() {
        let mut same = Same::default();
        assert_eq!(same.told(3), None);
        for n in 0..7 {
            let title = format!("T{n}");
            let is_in_project = n == 2;
            let original = Original {
                title,
                is_in_project,
            };
            same.add(n, original);
        }
        assert_eq!(
            same.told(6).unwrap(),
            "7 of its 13 articles skipped as copies: number 1 is the same as “T0”, number 3 is the same as “T1”, number 5 is the same as “T2” in the project, number 7 is the same as “T3”, number 9 is the same as “T4”, and 2 more"
        );
    }
}
