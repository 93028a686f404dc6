//! Months beside each other, without holes: an axis from the first to the last, of months, quarters or
//! years, so that no more stand on it than there is room for.
//!
//! A month is a number: those since the year 0, so May 2024 is 12 × 2024 + 4.

const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const YEAR: i32 = 12;
const QUARTER: i32 = 3;

fn month_of_year(month: i32) -> &'static str {
    let at = usize::try_from(month.rem_euclid(YEAR)).ok();
    at.and_then(|at| NAMES.get(at)).copied().unwrap_or_default()
}

/// “May 2024”.
pub fn name_of(month: i32) -> String {
    format!("{} {}", month_of_year(month), month.div_euclid(YEAR))
}

/// The month of such a name.
pub fn month_of(name: &str) -> Option<i32> {
    let (month, year) = name.split_once(' ')?;
    let at = NAMES.iter().position(|known| *known == month)?;
    let year: i32 = year.parse().ok()?;
    year.checked_mul(YEAR)?.checked_add(i32::try_from(at).ok()?)
}

/// Stretches of the same length, from the one with the first month to the one with the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The first month of the first stretch, and the last month that counts.
    from: i32,
    last: i32,
    first: i32,
    /// How many months a stretch has.
    step: i32,
}

impl Axis {
    /// Months where no more than so many stand on it, or else quarters, years, two, five, ten years and
    /// so on.
    pub fn of(first: i32, last: i32, most: usize) -> Self {
        let (first, last) = (first.min(last), first.max(last));
        let years = [1, 2, 5].map(|years| years * YEAR);
        let longer = (0..5).flat_map(|power| years.map(|step| step * 10_i32.pow(power)));
        let mut steps = [1, QUARTER].into_iter().chain(longer);
        let on = |step: i32| Self {
            from: first.div_euclid(step) * step,
            last,
            first,
            step,
        };
        let fits = steps.find(|step| on(*step).count() <= most.max(1));
        on(fits.unwrap_or(i32::MAX / 4))
    }

    /// How many stretches there are.
    pub fn count(&self) -> usize {
        self.place_of(self.last).map_or(0, |last| last + 1)
    }

    /// In which of them a month lies.
    pub fn place_of(&self, month: i32) -> Option<usize> {
        let is_on = (self.from..=self.last).contains(&month);
        let after = is_on.then(|| (month - self.from) / self.step)?;
        usize::try_from(after).ok()
    }

    /// What one of its stretches is: a month, a quarter, a year, or several years.
    pub fn unit(&self) -> &'static str {
        match self.step {
            1 => "Month",
            QUARTER => "Quarter",
            YEAR => "Year",
            _ => "Years",
        }
    }

    fn start(&self, place: usize) -> i32 {
        let place = i32::try_from(place).unwrap_or(0);
        self.from.saturating_add(place.saturating_mul(self.step))
    }

    /// “May 2024”, “April to June 2024”, “2024”, “2020 to 2024”.
    pub fn name(&self, place: usize) -> String {
        let start = self.start(place);
        let (year, end) = (start.div_euclid(YEAR), start + self.step - 1);
        match self.step {
            1 => name_of(start),
            QUARTER => format!("{} to {}", month_of_year(start), name_of(end)),
            YEAR => year.to_string(),
            _ => format!("{year} to {}", end.div_euclid(YEAR)),
        }
    }

    /// The letters of a month at its place, where stretches are months.
    pub fn short(&self, place: usize, letters: usize) -> &'static str {
        let name = month_of_year(self.start(place));
        let short = name.get(..letters).filter(|_| self.step == 1);
        short.unwrap_or_default()
    }

    /// The year that begins at a place, or the first of all.
    pub fn year(&self, place: usize) -> Option<i32> {
        let start = self.start(place);
        let begins = place == 0 || start.rem_euclid(YEAR) < self.step.min(YEAR);
        begins.then(|| start.div_euclid(YEAR))
    }

    /// From where to where it goes: “May 2023 to July 2024”.
    pub fn span(&self) -> String {
        let (first, last) = (name_of(self.first), name_of(self.last));
        match self.step {
            _ if first == last => first,
            1 | QUARTER => format!("{first} to {last}"),
            _ => format!(
                "{} to {}",
                self.first.div_euclid(YEAR),
                self.last.div_euclid(YEAR)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(year: i32, month: i32) -> i32 {
        year * YEAR + month - 1
    }

    #[test]
    fn months_are_read_as_they_are_written() {
        for (name, expected) in [
            ("May 2024", Some(month(2024, 5))),
            ("December 1999", Some(month(1999, 12))),
            ("No date", None),
            ("2024", None),
            ("Mai 2024", None),
            ("May 99999999999", None),
        ] {
            assert_eq!(month_of(name), expected, "{name}");
            if let Some(month) = expected {
                assert_eq!(name_of(month), name);
            }
        }
    }

    #[test]
    fn an_axis_has_no_holes_and_is_no_longer_than_there_is_room() {
        // From, to, room; how many of what, the first, the last, and the whole.
        for ((from, to, most), count, unit, first, last, span) in [
            (
                (month(2024, 5), month(2024, 5), 24),
                1,
                "Month",
                "May 2024",
                "May 2024",
                "May 2024",
            ),
            (
                (month(2023, 11), month(2024, 3), 24),
                5,
                "Month",
                "November 2023",
                "March 2024",
                "November 2023 to March 2024",
            ),
            (
                (month(2022, 2), month(2024, 3), 24),
                9,
                "Quarter",
                "January to March 2022",
                "January to March 2024",
                "February 2022 to March 2024",
            ),
            (
                (month(2010, 2), month(2024, 3), 24),
                15,
                "Year",
                "2010",
                "2024",
                "2010 to 2024",
            ),
            (
                (month(1951, 2), month(2024, 3), 24),
                15,
                "Years",
                "1950 to 1954",
                "2020 to 2024",
                "1951 to 2024",
            ),
            (
                (month(1, 1), month(9999, 12), 24),
                20,
                "Years",
                "0 to 499",
                "9500 to 9999",
                "1 to 9999",
            ),
        ] {
            let axis = Axis::of(from, to, most);
            assert_eq!((axis.count(), axis.unit()), (count, unit), "{axis:?}");
            assert_eq!(axis.name(0), first);
            assert_eq!(axis.name(count - 1), last);
            assert_eq!(axis.span(), span);
            let (start, end) = (axis.place_of(from), axis.place_of(to));
            assert_eq!((start, end), (Some(0), Some(count - 1)));
            assert_eq!(axis.place_of(to + 1), None);
        }
    }

    #[test]
    fn years_are_told_where_they_begin() {
        let told = |axis: Axis| {
            let all = (0..axis.count()).filter_map(|at| Some((at, axis.year(at)?)));
            all.collect::<Vec<_>>()
        };
        let months = Axis::of(month(2023, 11), month(2024, 3), 24);
        assert_eq!(told(months), [(0, 2023), (2, 2024)]);
        assert_eq!(months.short(0, 1), "N");
        let quarters = Axis::of(month(2022, 5), month(2024, 5), 12);
        assert_eq!(told(quarters), [(0, 2022), (3, 2023), (7, 2024)]);
        assert_eq!(quarters.short(0, 1), "");
        let years = Axis::of(month(2020, 5), month(2022, 5), 4);
        assert_eq!(told(years), [(0, 2020), (1, 2021), (2, 2022)]);
    }
}
