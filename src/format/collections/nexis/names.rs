//! The names of Nexis' fields in the languages that Nexis has, and the lines that stand for parts of
//! a document.
//!
//! Knows no document. Names are compared without case, accents and hyphens: `DATE-CHARGEMENT`,
//! `Date de chargement`.

use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a document ends with in the layout of today.
pub(super) const ENDS: &[&str] = &[
    "end of document",
    "ende des dokuments",
    "dokumentende",
    "fin du document",
    "fin de document",
    "fin del documento",
    "fin de documento",
    "einde van document",
    "einde van het document",
    "einde document",
    "fim do documento",
    "fim de documento",
    "fine del documento",
    "fine documento",
];

/// What a text begins behind.
pub(super) const BODIES: &[&str] = &[
    "body",
    "text",
    "full text",
    "textkorper",
    "haupttext",
    "volltext",
    "corps",
    "corps du texte",
    "texte",
    "texte integral",
    "cuerpo",
    "texto",
    "texto completo",
    "hoofdtekst",
    "tekst",
    "volledige tekst",
    "corpo",
    "corpo do texto",
    "corpo del testo",
    "testo",
    "testo completo",
];

/// What a text begins behind in the layout of today, on a line of its own.
pub(super) const HEADINGS: &[&str] = &[
    "body",
    "textkorper",
    "haupttext",
    "volltext",
    "corps",
    "corps du texte",
    "cuerpo",
    "hoofdtekst",
    "corpo",
    "corpo do texto",
    "corpo del testo",
];

/// What stands over the fields behind a text in the layout of today.
pub(super) const CLOSINGS: &[&str] = &[
    "classification",
    "klassifizierung",
    "klassifikation",
    "classificatie",
    "clasificacion",
    "classificazione",
    "classificacao",
    "graphic",
    "grafik",
    "load date",
    "language",
    "notes",
    "correction",
];

/// Keys and the names that become them, between commas.
const FIELDS: &[(&str, &str)] = &[
    (
        "title",
        "headline, hedline, title, titel, schlagzeile, uberschrift, titre, kop, titular, \
         titulo, titolo, manchete, rubriek kop, hoofdkop",
    ),
    (
        "section",
        "section, rubrik, ressort, rubrique, seccion, sectie, rubriek, sezione, rubrica, secao, \
         seccao",
    ),
    (
        "words",
        "length, lange, longueur, longitud, extension, lengte, lunghezza, tamanho, comprimento, \
         extensao",
    ),
    (
        "author",
        "byline, bylines, autor, autoren, auteur, auteurs, author, authors, verfasser, autore, \
         autores, autori, firma del autor, door, por",
    ),
    (
        "dateline",
        "dateline, datumszeile, ortsmarke, lieu, origine, datelinea, plaats, fechado en",
    ),
    (
        "highlight",
        "highlight, highlights, encart, vorspann, uberblick, chapeau, intro, inleiding, \
         onderkop, entradilla, sumario, sommario, destaque, insert, teaser",
    ),
    (
        "abstract",
        "abstract, summary, zusammenfassung, resume, samenvatting, resumen, riassunto, resumo",
    ),
    (
        "language",
        "language, sprache, langue, idioma, taal, lingua, linguagem",
    ),
    (
        "publication type",
        "publication type, publikationstyp, publikationsart, type publication, type de \
         publication, pub type, publicatietype, type publicatie, tipo publicacion, tipo de \
         publicacion, tipo pubblicazione, tipo di pubblicazione, tipo publicacao, tipo de \
         publicacao, type",
    ),
    (
        "document type",
        "document type, dokumenttyp, type document, type de document, documenttype, tipo \
         documento, tipo de documento",
    ),
    (
        "subject",
        "subject, thema, themen, schlagworter, sujet, sujets, onderwerp, tema, temas, materia, \
         argomento, soggetto, assunto, assuntos, category, kategorie, keywords",
    ),
    (
        "load date",
        "load date, update, ladedatum, aktualisierung, date chargement, date de chargement, \
         mise a jour, laaddatum, laad datum, fecha carga, fecha de carga, data caricamento, \
         data di caricamento, data carregamento, data de carregamento, carga",
    ),
    (
        "published",
        "date, publication date, datum, erscheinungsdatum, date publication, date de \
         publication, fecha, fecha de publicacion, publicatiedatum, data, data di \
         pubblicazione, data de publicacao",
    ),
    (
        "graphic",
        "graphic, graphics, grafik, graphique, grafiek, grafico, illustration, illustrations, \
         photo, photos, foto, fotos, bild, bilder, chart, cutline, image, imagen, immagine, \
         imagem, afbeelding, map, table",
    ),
    (
        "journal code",
        "journal code, zeitungs code, zeitschriften code, code revue, code journal, krantcode, \
         codigo de revista, codice rivista, codigo da revista, publication code, acronym",
    ),
    ("series", "series, serie, reeks"),
    ("show", "show, sendung, emission"),
    ("guests", "guests, guest, gaste, invites"),
    (
        "companies",
        "company, companies, firma, unternehmen, societe, societes, bedrijf, bedrijven, \
         empresa, empresas, azienda, societa",
    ),
    (
        "people",
        "person, people, personen, personne, personnes, persoon, persona, personas, persone, \
         pessoa, pessoas, name",
    ),
    (
        "organizations",
        "organization, organisation, organizations, organisations, organisationen, organisatie, \
         organizacion, organizzazione, organizacao",
    ),
    (
        "regions",
        "geographic, geography, geographie, localisation geo, geo localization, geografie, \
         geografisch, geografia, geografico, region, country, state, city, land, pays, stadt, \
         ville, pais, publication source country",
    ),
    (
        "industries",
        "industry, branche, industrie, activity sector, secteur activite, sector, bedrijfstak, \
         industria, settore, setor",
    ),
    (
        "ticker",
        "ticker, stock symbol, symbole boursier, borsensymbol, tickersymbol, simbolo bursatil, \
         simbolo",
    ),
    (
        "correction",
        "correction, korrektur, berichtigung, correctie, rectificatie, correccion, rettifica, \
         correzione, correcao, rectificatif",
    ),
    (
        "correction date",
        "correction date, korrekturdatum, date correction, date de correction, correctiedatum, \
         fecha correccion, data correzione, data correcao",
    ),
    (
        "notes",
        "notes, note, anmerkung, anmerkungen, hinweis, remarque, nota, notas, opmerking, \
         enhancement, type of material, memo",
    ),
    (
        "edition",
        "edition, ausgabe, editie, edicion, edizione, edicao",
    ),
    ("page", "page, seite, pagina, page number"),
    (
        "outlet",
        "publication, quelle, bron, fuente, fonte, publikation, publicatie",
    ),
    ("url", "url, link"),
    ("issn", "issn"),
    ("isbn", "isbn"),
    ("doi", "doi"),
    ("volume", "volume, jahrgang, jaargang, volumen, vol"),
    ("issue", "issue, heft, numero, nummer"),
    (
        "publisher",
        "publisher, verlag, editeur, uitgever, editorial, editore, editora",
    ),
    ("email", "e mail, email"),
    ("distribution", "distribution, verteiler"),
    ("copyright", "copyright, rights"),
    ("source", "source, credit"),
    ("accession number", "accession no, accession number"),
];

/// Names whose fields stand behind the text only. What follows one of them is no text.
const BEHIND: &[&str] = &[
    "language",
    "publication type",
    "document type",
    "subject",
    "load date",
    "journal code",
    "correction",
    "correction date",
    "companies",
    "people",
    "organizations",
    "regions",
    "industries",
    "ticker",
    "graphic",
    "notes",
    "distribution",
];

const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "lunedi",
    "martedi",
    "mercoledi",
    "giovedi",
    "venerdi",
    "sabato",
    "domenica",
    "segunda",
    "terca",
    "quarta",
    "quinta",
    "sexta",
    "feira",
];

const RIGHTS: &[&str] = &[
    "all rights reserved",
    "alle rechte vorbehalten",
    "tous droits reserves",
    "alle rechten voorbehouden",
    "todos los derechos reservados",
    "reservados todos los derechos",
    "tutti i diritti riservati",
    "todos os direitos reservados",
];

/// Small letters without accents, words by single spaces, hyphens as spaces.
pub(super) fn folded(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c));
    let mut folded = String::new();
    for c in letters.flat_map(char::to_lowercase) {
        if c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}' | '\u{2011}') {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.push(c);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The longest name of a field, in characters.
const LONGEST: usize = 40;

/// What stands before the first colon of a line, and what behind it.
pub(super) fn name_and_value(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST
        && name.chars().all(|c| {
            c.is_alphabetic() || matches!(c, '-' | ' ' | '_' | '.' | '/') || is_combining_mark(c)
        });
    is_name.then(|| (name, value.trim()))
}

/// The key of a field by its name.
pub(super) fn key_of(name: &str) -> Option<&'static str> {
    let name = folded(name);
    static KEYS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let rows = FIELDS.iter();
        let names = rows.flat_map(|(key, names)| names.split(", ").map(move |name| (name, *key)));
        names.collect()
    });
    KEYS.get(name.as_str()).copied()
}

/// A field of the layout of today, whose names are words.
pub(super) fn field(line: &str) -> Option<(&'static str, &str)> {
    let (name, value) = name_and_value(line)?;
    Some((key_of(name)?, value))
}

/// Whether a name is written as classic exports write those of fields.
pub(super) fn is_capital(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

pub(super) fn is_behind(key: &str) -> bool {
    BEHIND.contains(&key)
}

pub(super) fn is_body(name: &str) -> bool {
    BODIES.contains(&folded(name).as_str())
}

/// Whether a line stands over the text in the layout of today.
pub(super) fn is_heading(line: &str) -> bool {
    line.len() < 40 && HEADINGS.contains(&folded(line.trim_end_matches(':')).as_str())
}

pub(super) fn is_end(line: &str) -> bool {
    line.len() < 40 && ENDS.contains(&folded(line).as_str())
}

pub(super) fn is_closing(line: &str) -> bool {
    line.len() < 40 && CLOSINGS.contains(&folded(line.trim_end_matches(':')).as_str())
}

pub(super) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.contains(&folded(word).as_str())
}

/// Whether a line says whose the text is.
pub(super) fn is_rights(line: &str) -> bool {
    let folded = folded(line);
    let rest = folded.strip_prefix("copyright").map(str::trim_start);
    let says_year = |rest: &str| rest.starts_with(['©', '(']) || starts_with_number(rest);
    rest.is_some_and(|rest| {
        says_year(rest) || folded.len() < 120 && RIGHTS.iter().any(|words| folded.contains(words))
    }) || folded
        .strip_prefix(['©'])
        .is_some_and(|rest| starts_with_number(rest.trim_start()))
        || folded
            .strip_prefix("(c)")
            .is_some_and(|rest| starts_with_number(rest.trim_start()))
        || RIGHTS
            .iter()
            .any(|words| folded.trim_end_matches('.') == *words)
}

fn starts_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_fields() {
        let mut seen = std::collections::BTreeMap::new();
        for (key, names) in FIELDS {
            for name in names.split(", ") {
                assert_eq!(folded(name), name, "{key}");
                assert!(!BODIES.contains(&name), "{name}");
                if let Some(before) = seen.insert(name, *key) {
                    panic!("{name} is {before} and {key}");
                }
            }
        }
        for name in ENDS
            .iter()
            .chain(BODIES)
            .chain(HEADINGS)
            .chain(CLOSINGS)
            .chain(WEEKDAYS)
            .chain(RIGHTS)
        {
            assert_eq!(&folded(name), name);
        }
        assert!(
            BEHIND
                .iter()
                .all(|key| FIELDS.iter().any(|(known, _)| known == key))
        );
    }

    #[test]
    fn names_in_many_languages() {
        let check = |line: &str, expected: Option<(&str, &str)>| {
            assert_eq!(field(line), expected, "{line}");
        };
        check("LÄNGE: 12 Wörter", Some(("words", "12 Wörter")));
        check("LA\u{308}NGE: 12", Some(("words", "12")));
        check(
            "DATE-CHARGEMENT: 24 octobre 2003",
            Some(("load date", "24 octobre 2003")),
        );
        check(
            "Publication-Type: Journal",
            Some(("publication type", "Journal")),
        );
        check("SECCIÓN : Cultura", Some(("section", "Cultura")));
        check("FLASH: FERRY STAYS", None);
        check("It was 9:15.", None);
    }

    #[test]
    fn lines_of_rights() {
        for line in [
            "Copyright 1990 Ferry Press",
            "Copyright © Ferry",
            "© 2006 Owner.",
            "All Rights Reserved",
            "Tous droits réservés.",
        ] {
            assert!(is_rights(line), "{line}");
        }
        for line in [
            "Copyright law is old.",
            "She has all rights reserved for her.",
        ] {
            assert!(!is_rights(line), "{line}");
        }
    }
}
