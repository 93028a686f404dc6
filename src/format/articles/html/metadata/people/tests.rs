//! Texts of bylines: whom they credit.

use super::*;

fn around() -> Around {
    Around {
        outlets: vec!["theferrypost".to_owned(), "ferrypost".to_owned()],
        not_names: vec!["islands".to_owned()],
    }
}

fn check(text: &str, expected: &[&str]) {
    for trust in [Trust::Told, Trust::Read] {
        let found = credited(text, trust, &around());
        let names: Vec<&str> = found.iter().map(|credit| credit.name.as_str()).collect();
        assert_eq!(names, expected, "{text:?}");
    }
}

#[test]
fn names_are_people_without_what_stands_beside_them() {
    check("By Ana Lund", &["Ana Lund"]);
    check("Von Jan Holm und Eva Brandt", &["Jan Holm", "Eva Brandt"]);
    check(
        "Par Ana Lund, Jan Holm et Eva Brandt",
        &["Ana Lund", "Jan Holm", "Eva Brandt"],
    );
    check(
        "Por José Ortega y Gasset y Ana Lund",
        &["José Ortega y Gasset", "Ana Lund"],
    );
    check("By ANA LUND AND JAN HOLM", &["ANA LUND", "JAN HOLM"]);
    check("Ana Lund, Political Editor", &["Ana Lund"]);
    check("Senior Reporter Ana Lund", &["Ana Lund"]);
    check("Ana Lund in Oslo", &["Ana Lund"]);
    check("Von Ana Lund, Oslo", &["Ana Lund"]);
    check("By Ana Lund, New York", &["Ana Lund"]);
    check("By Ana Lund for The Ferry Post", &["Ana Lund"]);
    check("By Ana Lund Nov. 3, 2019", &["Ana Lund"]);
    check("Ana Lund | Islands | 12 comments", &["Ana Lund"]);
    check("Text: Ana Lund, Fotos: Jan Holm", &["Ana Lund"]);
    check("Ana Lund Photographs by Jan Holm", &["Ana Lund"]);
    check("Ana Lund Ana Lund", &["Ana Lund"]);
    check("Ana Lund\nANA LUND\nAnaLund", &["Ana Lund"]);
    check("Ana LundJan Holm", &["Ana Lund", "Jan Holm"]);
    check("Ana McLund Holm", &["Ana McLund Holm"]);
    check("Ana (A.B.) Lund", &["Ana (A.B.) Lund"]);
    check("By April Lund and Juli Holm", &["April Lund", "Juli Holm"]);
    check("Monday, November 4", &[]);
    check("Follow us on Facebook", &[]);
    check("12,345 followers", &[]);
    check("作者：山田太郎", &["山田太郎"]);
    check("本报记者 王小明", &["王小明"]);
    check("홍길동 기자", &["홍길동"]);
    check("Автор: Анна Лунд", &["Анна Лунд"]);
}

#[test]
fn agencies_and_newsrooms_are_credits() {
    check("dpa", &["dpa"]);
    check("Von Ana Lund (dpa)", &["Ana Lund", "dpa"]);
    check("AFP/dpa", &["AFP", "dpa"]);
    check(
        "Ana Lund, Associated Press",
        &["Ana Lund", "Associated Press"],
    );
    check(
        "Ana Lund Associated Press",
        &["Ana Lund", "Associated Press"],
    );
    check("The Ferry Post avec AFP", &["The Ferry Post avec AFP"]);
    check("Ferry Post Staff", &["Ferry Post Staff"]);
    check("Redaktion", &["Redaktion"]);
    check("La Rédaction", &["La Rédaction"]);
    check("Ana Lund, Staff Writer", &["Ana Lund"]);
    check("admin", &[]);
    let found = credited("The Ferry Post", Trust::Told, &around());
    assert_eq!(found.first().unwrap().kind, Kind::Outlet);
}

#[test]
fn what_is_marked_as_a_name_says_what_is_none() {
    let check = |text: &str, expected: &[&str]| {
        let found = credited(text, Trust::Read, &around());
        let names: Vec<&str> = found.iter().map(|credit| credit.name.as_str()).collect();
        assert_eq!(names, expected, "{text:?}");
    };
    check(
        "By \u{1F}Ana Lund\u{1D}, Harbour Desk Chief, Sea Affairs",
        &["Ana Lund"],
    );
    check(
        "By \u{1F}Ana Lund\u{1D} and Jan Holm",
        &["Ana Lund", "Jan Holm"],
    );
    check(
        "\u{1F}Ana Lund\u{1D}\u{1F}Jan Holm\u{1D}",
        &["Ana Lund", "Jan Holm"],
    );
    check("Sea Affairs\nBy \u{1F}Ana Lund\u{1D}", &["Ana Lund"]);
    check("\u{1F}\n\u{1D}\u{1F}Ana\u{1D}", &["Ana"]);
}
