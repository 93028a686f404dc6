//! Finding the whole records of a journal that is damaged.
//!
//! A record proves itself: its checksum covers its number and its payload. So wherever one stands,
//! behind damage, twice or out of order, it is found, and its number says where it belongs and how
//! many are missing. Records never stand inside others, since a payload holds quotation marks and a
//! JSON string holds none that are bare. Knows records as bytes, not what they do.

use super::{HEAD_BYTES, Lines, checksum, lines, next_line};

/// A whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    pub sequence: u64,
    /// Its line in the file, from 1.
    pub line: usize,
    pub payload: &'a [u8],
    /// How many records are missing right before it.
    pub lost_before: u64,
}

/// A place in a journal that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// From 1.
    pub line: usize,
    pub reason: String,
    /// How many whole records stand behind it.
    pub whole_after: usize,
}

/// All that is whole in a journal, by number.
#[derive(Debug, Default)]
pub struct Salvaged<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Whole records with the number of another one: they belong to another journal.
    pub foreign: Vec<Entry<'a>>,
    /// Where it is damaged; a torn tail is no damage.
    pub damage: Vec<Damage>,
    /// How many records are missing after the last whole one.
    pub lost_at_end: u64,
    /// How many bytes from the start are whole records in order.
    pub whole_bytes: usize,
    /// A tail that was being written when the program ended.
    pub torn: Option<String>,
}

impl Salvaged<'_> {
    /// How many records are known to be missing.
    pub fn lost(&self) -> u64 {
        let gaps = self.entries.iter().map(|entry| entry.lost_before);
        gaps.fold(self.lost_at_end, u64::saturating_add)
    }
}

/// Finds all whole records. The work is bounded by a number of bytes for each byte of the journal.
pub fn salvage(bytes: &[u8]) -> Salvaged<'_> {
    let whole = lines(bytes);
    let mut found = Salvaged {
        whole_bytes: whole.whole_bytes,
        ..Salvaged::default()
    };
    let numbered = whole.records.iter().zip(1..);
    found.entries.extend(numbered.map(|(record, line)| Entry {
        sequence: record.0,
        line,
        payload: record.1,
        lost_before: 0,
    }));
    if let Some(reason) = &whole.torn {
        let mut scan = Scan::after(bytes, &whole);
        scan.run();
        let rest = bytes.get(whole.whole_bytes..).unwrap_or_default();
        if scan.found.is_empty() && is_torn(rest) {
            found.torn = Some(reason.clone());
        } else {
            found.take(scan);
        }
    }
    found
}

/// Whether these bytes are the beginning of a record, as a program leaves it that ended while it
/// wrote, or zeros, as a power cut leaves them.
fn is_torn(rest: &[u8]) -> bool {
    let zeros = rest.iter().rev().take_while(|&&byte| byte == 0).count();
    let begun = rest.get(..rest.len() - zeros).unwrap_or_default();
    !begun.contains(&b'\n') && begun.iter().take(HEAD_BYTES).enumerate().all(is_of_head)
}

fn is_of_head((at, byte): (usize, &u8)) -> bool {
    match at {
        8 | 25 | 34 => *byte == b' ',
        _ => byte.is_ascii_hexdigit(),
    }
}

impl<'a> Salvaged<'a> {
    /// Takes what was found behind the first damage, and puts all in order.
    fn take(&mut self, scan: Scan<'a>) {
        let first = self.entries.len();
        self.lost_at_end = scan.lost_lines;
        self.entries.extend(scan.found);
        let total = self.entries.len();
        for (reached, line, reason) in scan.damage {
            self.damage.push(Damage {
                line,
                reason,
                whole_after: total - first - reached,
            });
        }
        for (i, pair) in self.entries.windows(2).enumerate() {
            let [before, entry] = pair else { continue };
            let is_told = || {
                let mut places = self.damage.iter().map(|damage| damage.line);
                places.any(|line| line > before.line && line <= entry.line)
            };
            if entry.sequence != before.sequence.wrapping_add(1) && !is_told() {
                let reason = format!("record {} does not follow the one before", entry.sequence);
                self.damage.push(Damage {
                    line: entry.line,
                    reason,
                    whole_after: total - i - 1,
                });
            }
        }
        self.damage.sort_by_key(|damage| damage.line);
        self.entries.sort_by_key(|entry| entry.sequence);
        let mut ordered: Vec<Entry<'a>> = Vec::with_capacity(total);
        for mut entry in std::mem::take(&mut self.entries) {
            match ordered.last() {
                Some(last) if last.sequence == entry.sequence => {
                    if last.payload != entry.payload {
                        self.foreign.push(entry);
                    }
                }
                last => {
                    let next = last.map(|last| last.sequence.saturating_add(1));
                    entry.lost_before = next.map_or(0, |next| entry.sequence.saturating_sub(next));
                    ordered.push(entry);
                }
            }
        }
        self.entries = ordered;
    }
}

/// A pass over what follows the first damage.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    found: Vec<Entry<'a>>,
    /// How many records were found before it, its line, and what is wrong.
    damage: Vec<(usize, usize, String)>,
    /// How many lines were damaged since the last whole record.
    lost_lines: u64,
    is_damaged_here: bool,
    /// Bytes that may still be summed for records that turn out to be none.
    budget: usize,
}

impl<'a> Scan<'a> {
    fn after(bytes: &'a [u8], whole: &Lines<'_>) -> Self {
        Self {
            bytes,
            at: whole.whole_bytes,
            line: whole.records.len() + 1,
            found: Vec::new(),
            damage: Vec::new(),
            lost_lines: 0,
            is_damaged_here: false,
            budget: bytes.len().saturating_mul(8).saturating_add(1 << 20),
        }
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some((sequence, payload)) = self.record(rest) {
                self.found.push(Entry {
                    sequence,
                    line: self.line,
                    payload,
                    lost_before: 0,
                });
                (self.is_damaged_here, self.lost_lines) = (false, 0);
                self.at += HEAD_BYTES + payload.len();
                if self.bytes.get(self.at) == Some(&b'\n') {
                    (self.at, self.line) = (self.at + 1, self.line + 1);
                } else {
                    self.note("the end of a record is damaged");
                    self.is_damaged_here = true;
                }
                continue;
            }
            if !self.is_damaged_here {
                self.note(next_line(rest).err().unwrap_or("this is no record"));
                // What follows a record on its line is no record that was lost.
                let starts_line = self.at == 0 || self.bytes.get(self.at - 1) == Some(&b'\n');
                self.lost_lines += u64::from(starts_line);
            }
            if rest.first() == Some(&b'\n') {
                self.line += 1;
                let has_more = rest.get(1).is_some_and(|&next| next != b'\n');
                self.lost_lines += u64::from(has_more && self.is_damaged_here);
            }
            self.is_damaged_here = true;
            self.at += 1;
        }
    }

    fn note(&mut self, reason: &str) {
        self.damage
            .push((self.found.len(), self.line, reason.to_owned()));
    }

    /// The record that begins here, whatever stands after it.
    fn record(&mut self, rest: &'a [u8]) -> Option<(u64, &'a [u8])> {
        let head = rest.get(..HEAD_BYTES)?;
        if !head.iter().enumerate().all(is_of_head) {
            return None;
        }
        let number = |from: usize, to: usize| {
            let digits = std::str::from_utf8(head.get(from..to)?).ok()?;
            u64::from_str_radix(digits, 16).ok()
        };
        let (length, sequence, sum) = (number(0, 8)?, number(9, 25)?, number(26, 34)?);
        let end = HEAD_BYTES.checked_add(usize::try_from(length).ok()?)?;
        let payload = rest.get(HEAD_BYTES..end)?;
        self.budget = self.budget.checked_sub(payload.len())?;
        (u64::from(checksum(sequence, payload)) == sum).then(|| {
            self.budget += payload.len();
            (sequence, payload)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::line;
    use super::*;
    use proptest::prelude::*;

    fn journal() -> Vec<Vec<u8>> {
        let payload = |n: u64| format!("{{\"step\":\"number {n}\"}}").into_bytes();
        (5..12).map(|n| line(n, &payload(n)).unwrap()).collect()
    }

    /// What `damage` does to a journal of records 5 to 11, and what is told: the numbers of the whole
    /// records, how many are missing, and the places.
    #[track_caller]
    fn check(
        damage: impl FnOnce(&mut Vec<Vec<u8>>),
        whole: &[u64],
        lost: u64,
        places: &[(usize, &str, usize)],
    ) {
        let mut lines = journal();
        damage(&mut lines);
        let bytes = lines.concat();
        let found = salvage(&bytes);
        let numbers: Vec<u64> = found.entries.iter().map(|entry| entry.sequence).collect();
        let told: Vec<(usize, &str, usize)> = found
            .damage
            .iter()
            .map(|damage| (damage.line, damage.reason.as_str(), damage.whole_after))
            .collect();
        assert_eq!(
            (numbers.as_slice(), found.lost(), told.as_slice()),
            (whole, lost, places)
        );
    }

    #[test]
    fn whole_records_are_found_behind_damage() {
        const SUM: &str = "the checksum of a record does not fit";
        const NONE: &str = "this is no record";
        const CUT: &str = "a record was cut off";
        const END: &str = "the end of a record is damaged";
        let all = &[5, 6, 7, 8, 9, 10, 11];
        let other = |digit| if digit == b'1' { b'0' } else { b'1' };
        let cut = |line: &mut Vec<u8>| line.truncate(line.len() - 1);
        check(|_| (), all, 0, &[]);
        check(|l| l[2][40] ^= 1, &[5, 6, 8, 9, 10, 11], 1, &[(3, SUM, 4)]);
        // A journal may begin with any number.
        check(|l| l[0][40] ^= 1, &[6, 7, 8, 9, 10, 11], 0, &[(1, SUM, 6)]);
        check(|l| l[6][40] ^= 1, &[5, 6, 7, 8, 9, 10], 1, &[(7, SUM, 0)]);
        // In the length, the number, the sum and the spaces between.
        check(
            |l| l[2][7] = other(l[2][7]),
            &[5, 6, 8, 9, 10, 11],
            1,
            &[(3, CUT, 4)],
        );
        check(|l| l[2][0] = b'f', &[5, 6, 8, 9, 10, 11], 1, &[(3, CUT, 4)]);
        check(|l| l[2][24] ^= 1, &[5, 6, 8, 9, 10, 11], 1, &[(3, SUM, 4)]);
        check(
            |l| l[2][30] = other(l[2][30]),
            &[5, 6, 8, 9, 10, 11],
            1,
            &[(3, SUM, 4)],
        );
        check(|l| l[2][25] = 0, &[5, 6, 8, 9, 10, 11], 1, &[(3, NONE, 4)]);
        // In the line break: the record is whole, and so is the next one.
        check(|l| *l[2].last_mut().unwrap() = b'x', all, 0, &[(3, END, 4)]);
        check(|l| cut(&mut l[2]), all, 0, &[(3, END, 4)]);
        check(|l| cut(&mut l[6]), all, 0, &[(7, END, 0)]);
        // Lines that are gone, strange, twice there or out of order.
        check(
            |l| drop(l.drain(2..4)),
            &[5, 6, 9, 10, 11],
            2,
            &[(3, "record 9 does not follow the one before", 3)],
        );
        check(
            |l| l.insert(3, b"stranger\n".to_vec()),
            all,
            0,
            &[(4, NONE, 4)],
        );
        check(
            |l| l.insert(3, l[2].clone()),
            all,
            0,
            &[(4, "record 7 does not follow the one before", 5)],
        );
        check(
            |l| l.swap(2, 3),
            all,
            0,
            &[
                (3, "record 8 does not follow the one before", 5),
                (4, "record 7 does not follow the one before", 4),
                (5, "record 9 does not follow the one before", 3),
            ],
        );
        check(
            |l| l[3].splice(0..0, [0; 4096]).for_each(drop),
            all,
            0,
            &[(4, NONE, 4)],
        );
        check(|l| l[2].fill(0), &[5, 6, 8, 9, 10, 11], 1, &[(3, NONE, 4)]);
        check(
            |l| l.iter_mut().for_each(|l| l.fill(b'?')),
            &[],
            1,
            &[(1, NONE, 0)],
        );
        // A tail that was being written is no damage.
        check(|l| l[6].truncate(20), &[5, 6, 7, 8, 9, 10], 0, &[]);
        check(|l| l.push(vec![0; 512]), all, 0, &[]);
    }

    #[test]
    fn a_record_of_another_journal_is_kept_apart() {
        let mut bytes = journal().concat();
        bytes.extend(line(7, b"{\"step\":\"another\"}").unwrap());
        let found = salvage(&bytes);
        assert_eq!(found.entries.len(), 7);
        assert_eq!(found.foreign.len(), 1);
        assert_eq!(found.foreign[0].line, 8);
    }

    /// Nothing makes looking cost more than some passes over the bytes.
    #[test]
    fn looking_ends() {
        let head = "00080000 0000000000000001 00000000 ";
        let bytes = head.repeat(40_000);
        assert!(salvage(bytes.as_bytes()).entries.is_empty());
    }

    proptest! {
        #[test]
        fn whatever_happens_to_some_bytes_the_rest_is_found(
            hits in prop::collection::vec((0usize..600, any::<u8>()), 1..4),
        ) {
            let lines = journal();
            let mut bytes = lines.concat();
            let mut hit = std::collections::BTreeSet::new();
            for (at, byte) in hits {
                let at = at % bytes.len();
                bytes[at] = byte;
                let mut end = 0;
                hit.insert(lines.iter().position(|line| { end += line.len(); at < end }).unwrap() as u64 + 5);
            }
            let found = salvage(&bytes);
            let numbers: Vec<u64> = found.entries.iter().map(|entry| entry.sequence).collect();
            for n in 5..12 {
                prop_assert!(hit.contains(&n) || numbers.contains(&n), "{n} of {numbers:?}");
            }
            prop_assert!(found.foreign.is_empty());
        }
    }
}
