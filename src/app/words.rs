//! Numbers in words, as notices, dialogs and the command line say them. Knows nothing of the program.

/// A number with what it counts.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A date as lists show it, `14 May 2024`; what is no date of our own form as it stands.
pub fn day(published: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut parts = published.get(..10).unwrap_or_default().split('-');
    let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok());
    let (Some(year), Some(month), Some(day)) = (number(), number(), number()) else {
        return published.to_owned();
    };
    match MONTHS.get(month.wrapping_sub(1)) {
        Some(month) if (1..=31).contains(&day) => format!("{day} {month} {year}"),
        _ => published.to_owned(),
    }
}

/// How much there is: `7 articles, 93 annotations`.
pub fn contents(articles: usize, annotations: usize) -> String {
    let articles = count(articles, "article", "articles");
    let annotations = count(annotations, "annotation", "annotations");
    format!("{articles}, {annotations}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_say_them() {
        for (published, said) in [
            ("2024-05-14", "14 May 2024"),
            ("2024-05-14T06:40:00Z", "14 May 2024"),
            ("2024-13-14", "2024-13-14"),
            ("2024-05", "2024-05"),
            ("May 14", "May 14"),
            ("14 мая 2024 г.", "14 мая 2024 г."),
            ("", ""),
        ] {
            assert_eq!(day(published), said);
        }
    }
}
