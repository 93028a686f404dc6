//! Quotations as they stand in news, with the cue and the speaker that are to be proposed first.

use super::*;

/// A text in which `[[…]]` is what was said, `{…}` the cue and `<…>` the speaker.
struct Case {
    text: ArticleText,
    content: Vec<ByteRange>,
    cues: Vec<ByteRange>,
    speakers: Vec<ByteRange>,
}

fn case(marked: &str) -> Case {
    let mut text = String::new();
    let (mut content, mut cues, mut speakers) = (Vec::new(), Vec::new(), Vec::new());
    let mut open: Vec<usize> = Vec::new();
    let mut rest = marked;
    while let Some(c) = rest.chars().next() {
        let mark = ["[[", "]]", "{", "}", "<", ">"]
            .into_iter()
            .find(|m| rest.starts_with(m));
        let at = text.len();
        match mark {
            Some("[[" | "{" | "<") => open.push(at),
            Some(closing) => {
                let start = open.pop().unwrap();
                let range = ByteRange::new(BytePos(start as u32), BytePos(at as u32));
                match closing {
                    "]]" => content.push(range),
                    "}" => cues.push(range),
                    _ => speakers.push(range),
                }
            }
            None => text.push(c),
        }
        rest = rest.split_at(mark.map_or(c.len_utf8(), str::len)).1;
    }
    let text = ArticleText::new(text);
    Case {
        text,
        content,
        cues,
        speakers,
    }
}

/// Cue and speaker of quotations, written for this test after what news does.
#[test]
fn cue_and_speaker_are_found() {
    let mut missed = Vec::new();
    for marked in CASES {
        let case = case(marked);
        let found = propose(&case.text, &case.content, None);
        let cue = found.cues.first().map(|cue| cue.range);
        let speaker = found.speakers.first().map(|speaker| speaker.range);
        let meets = |found: Option<ByteRange>, wanted: &[ByteRange]| {
            wanted.is_empty() || found.is_some_and(|f| wanted.iter().any(|w| w.intersects(f)))
        };
        if !meets(cue, &case.cues) || !meets(speaker, &case.speakers) {
            let words = |range: Option<ByteRange>| range.map_or("", |range| case.text.slice(range));
            missed.push(format!(
                "{marked}\n  cue “{}”, speaker “{}”",
                words(cue),
                words(speaker)
            ));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// What is marked as the speaker to the letter, titles and all.
#[test]
fn a_speaker_is_named_whole() {
    for (marked, expected) in [
        (
            "[[“We will not raise taxes,”]] said Gov. Maria Hill.",
            "Gov. Maria Hill",
        ),
        (
            "[[“It was chaos,”]] Mr. Ortiz said. “Nobody knew.”",
            "Mr. Ortiz",
        ),
        (
            "Foreign Minister Sergei Lavrov said on Friday that [[Moscow was ready]].",
            "Foreign Minister Sergei Lavrov",
        ),
        (
            "President Obama on Monday urged [[Congress to pass the bill]].",
            "President Obama",
        ),
        (
            "According to the Labor Department, [[unemployment fell]].",
            "the Labor Department",
        ),
        (
            "Two officials briefed on the matter said [[the deal was close]].",
            "Two officials briefed on the matter",
        ),
        (
            "Smith and his wife said [[they were shocked]].",
            "Smith and his wife",
        ),
        (
            "[[“Why would they do it?”]] asked Paul Wolf, an analyst at Barclays.",
            "Paul Wolf, an analyst at Barclays",
        ),
        ("[[“No comment,”]] said one of the men.", "one of the men"),
    ] {
        let case = case(marked);
        let found = propose(&case.text, &case.content, None);
        let range = found.speakers.first().map(|speaker| speaker.range);
        assert_eq!(
            range.map(|range| case.text.slice(range)),
            Some(expected),
            "{marked}"
        );
    }
}

#[test]
fn kinds_follow_quotation_marks() {
    for (marked, expected) in [
        ("[[“We will not raise taxes,”]] Hill said.", Kind::Direct),
        ("[[We will not raise taxes]], Hill said.", Kind::Indirect),
        (
            "Hill said [[that they had “a duty of care to all”]].",
            Kind::Mixed,
        ),
        (
            "Hill called it [[“a neocolonial approach”]].",
            Kind::Fragment,
        ),
        (
            "Hill called it “[[a neocolonial approach]]”.",
            Kind::Fragment,
        ),
        ("[[“No,”]] Hill said.", Kind::Direct),
        ("[[“No,”]] Hill said. [[“Never.”]]", Kind::Direct),
        (
            "[[“The plan,” Hill said, “would fail us all in the end.”]]",
            Kind::Direct,
        ),
        ("[[„Das ist nicht wahr“]], sagte er.", Kind::Direct),
        ("[[« C’est faux »]], a-t-il dit.", Kind::Direct),
        ("[['It is not true,']] he said.", Kind::Direct),
        ("He said [[it wasn't his dogs' fault]].", Kind::Indirect),
    ] {
        let case = case(marked);
        assert_eq!(kind_of(&case.text, &case.content), expected, "{marked}");
    }
}

/// A pronoun is told apart from a name, and the names are offered that it may stand for.
#[test]
fn pronouns_lead_to_names() {
    for (marked, names) in [
        (
            "Serbian President Aleksandar Vucic also praised Russia. He said [[they had talked]].",
            "Vucic",
        ),
        (
            "Lavrov met Ms. Varga in Belgrade on Sunday. She said [[it went well]].",
            "Varga",
        ),
        ("Mr. Kim smiled. [[“We will see,”]] he said.", "Kim"),
    ] {
        let case = case(marked);
        let found = propose(&case.text, &case.content, None);
        let speaker = found.speakers.first().unwrap();
        assert_eq!(speaker.form, Form::Pronoun, "{marked}");
        let first = speaker.names.first().map(|range| case.text.slice(*range));
        assert!(
            first.is_some_and(|first| first.contains(names)),
            "{marked}: {first:?}"
        );
    }
    for (marked, form) in [
        ("Officials said [[the deal was close]].", Form::Collective),
        ("An official said [[the deal was close]].", Form::Unnamed),
        ("Hill said [[the deal was close]].", Form::Name),
        ("I think [[the deal was close]].", Form::Speaker),
    ] {
        let case = case(marked);
        let found = propose(&case.text, &case.content, None);
        assert_eq!(
            found.speakers.first().map(|s| s.form),
            Some(form),
            "{marked}"
        );
    }
}

/// Another cue has other speakers.
#[test]
fn a_chosen_cue_has_its_own_speakers() {
    let case = case("The mayor said that critics claim [[the bridge is unsafe]].");
    let found = propose(&case.text, &case.content, None);
    let words = |range: ByteRange| case.text.slice(range);
    let cues: Vec<&str> = found.cues.iter().map(|cue| words(cue.range)).collect();
    assert_eq!(cues.get(..2), Some(&["claim", "said"][..]));
    assert_eq!(
        found.speakers.first().map(|s| words(s.range)),
        Some("critics")
    );
    let other = propose(&case.text, &case.content, Some(found.cues[1].range));
    assert_eq!(
        other.speakers.first().map(|s| words(s.range)),
        Some("The mayor")
    );
}

#[test]
fn quoted_stretches_are_gone_through() {
    let all = |text: &str| {
        let text = ArticleText::new(text.to_owned());
        let mut from = BytePos(0);
        let mut found = Vec::new();
        while let Some(range) = next_quoted(&text, from) {
            found.push(text.slice(range).to_owned());
            from = range.end;
        }
        found.join(" | ")
    };
    for (text, expected) in [
        (
            "He said “one two” and “three”.\n\n“Four, five,” he said.",
            "“one two” | “Four, five,”",
        ),
        (
            "\"One ‘two three’ four,\" he said. It's the dogs' bone.",
            "\"One ‘two three’ four,\"",
        ),
        (
            "„Eins zwei“ und «trois quatre».",
            "„Eins zwei“ | «trois quatre»",
        ),
        ("“It goes on\n\nand ends nowhere.", ""),
        ("No marks at all.", ""),
    ] {
        assert_eq!(all(text), expected, "{text}");
    }
}

/// Nothing to go by, or nothing that makes sense: no proposal, and no panic.
#[test]
fn there_may_be_nothing() {
    for marked in [
        "[[“”]]",
        "[[…]]",
        "[[x]]",
        "“[[x",
        "\n\n[[\n]]",
        "[[“a]]",
        "[[🙂🙂]] said 🙂",
        "a[[́]]b",
        "[[\u{202e}x]] said \u{202d}",
    ] {
        let case = case(marked);
        let found = propose(&case.text, &case.content, None);
        assert!(found.cues.len() <= MOST && found.speakers.len() <= MOST);
    }
    let text = ArticleText::new("He said so.".to_owned());
    assert!(propose(&text, &[], None).cues.is_empty());
    let beyond = ByteRange::new(BytePos(5), BytePos(500));
    assert!(propose(&text, &[beyond], None).cues.len() <= MOST);
}

/// All ranges are within the text and on boundaries of its letters, in every script and whatever marks.
#[test]
fn ranges_are_within_the_text() {
    let pieces = [
        "“", "”", "\"", "'", "’", "said", " ", "Ünal", "，", "说", "\n\n", "é", ":", ", ", "وقال",
        "🙂", ".", "«", "1,000", "U.S.", "—",
    ];
    let mut seed: u64 = 7;
    for _ in 0..400 {
        let mut text = String::new();
        let mut ends = vec![0];
        for _ in 0..24 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            ends.push(text.len());
        }
        let at = |n: u64| BytePos(ends[n as usize % ends.len()] as u32);
        let content = ByteRange::new(at(seed >> 20), at(seed >> 40));
        let text = ArticleText::new(text);
        let found = propose(&text, &[content], None);
        let cues = found.cues.iter().map(|c| c.range);
        let speakers = found
            .speakers
            .iter()
            .flat_map(|s| s.names.iter().copied().chain([s.range]));
        for range in cues.chain(speakers) {
            assert!(
                text.as_str()
                    .get(range.as_usize())
                    .is_some_and(|s| !s.is_empty()),
                "{:?} {range:?}",
                text.as_str()
            );
        }
    }
}

const CASES: &[&str] = &[
    "[[“We will not raise taxes,”]] {said} <Gov. Maria Hill>.",
    "[[“We will not raise taxes,”]] <Hill> {said} at a news conference in Albany on Tuesday.",
    "<Hill> {said}: [[“We will not raise taxes.”]]",
    "[[“The whole house shook,”]] {said} <John Miller, 63, a retired welder who lives across the street>.",
    "[[“We are cooperating fully,”]] <Anna Reyes, 41, a spokeswoman for the bank>, {told} reporters.",
    "{According to} <the Labor Department>, [[unemployment fell to 4 percent in June]].",
    "[[Unemployment fell to 4 percent in June]], {according to} <the Labor Department>.",
    "<The company> {said} [[that it would close two plants]].",
    "<The company> {said} Thursday [[it would close two plants]].",
    "<Officials> {said} [[the fire had started in the kitchen]].",
    "<Foreign Minister Sergei Lavrov> {said} on Friday that [[Moscow was ready for talks]].",
    "[[“It is a disgrace,”]] {said} <Senator Bob Casey, Democrat of Pennsylvania>, who has led the inquiry.",
    "[[“I never saw him again,”]] <she> {recalled}, [[“and I never asked why.”]]",
    "[[“It was chaos,”]] <Mr. Ortiz> {said}. [[“Nobody knew what to do.”]]",
    "<Smith> {denied} [[that he had taken the money]].",
    "<The mayor>, who was not at the meeting, {said} through an aide [[that she would veto the bill]].",
    "The move drew criticism from <Michael Barr, a law professor at Michigan>, who {called} it [[“a gift to the banks.”]]",
    "Asked whether he would resign, <Brown> {replied}, [[“No chance.”]]",
    "<Two officials briefed on the matter> {said} [[the deal was close]].",
    "[[“No comment,”]] {said} <one of the men>.",
    "<Police> {say} [[the driver fled on foot]].",
    "In a statement, <Apple> {said} [[it “takes security very seriously.”]]",
    "<President Obama> on Monday {urged} [[Congress to pass the bill]].",
    "<Ms. Clinton> also {told} CNN that [[she had not decided]].",
    "[[“This is not over,”]] the statement {read}.",
    "[[“Why would they do it?”]] {asked} <Paul Wolf, an analyst at Barclays>.",
    "[[“Why would they do it?”]] <Wolf> {asked}.",
    "[[The economy will shrink this year]], <the bank's chief economist, Ian Gray>, {predicts}.",
    "<Lee> {added}, [[“We have no choice.”]]",
    "Mr. Kim smiled. [[“We will see,”]] <he> {said}.",
    "<Scientists at NASA> {believe} [[the object is a comet]].",
    "A spokesman for the ministry, <Igor Konashenkov>, {said} [[the strike hit a depot]].",
    "<Igor Konashenkov, a spokesman for the ministry>, {said} in Moscow that [[the strike hit a depot]].",
    "[[The strike hit a depot]], <the ministry’s spokesman> {said}.",
    "<Critics> {contend} that [[the law is too broad]].",
    "<The report> {found} that [[one in five children goes hungry]].",
    "<He> {was quoted as saying} that [[the talks had failed]].",
    "<Trump> {tweeted}: [[“Very sad!”]]",
    "<Trump>{:} [[“I alone can fix it”]]",
    "[[‘I alone can fix it’]], {says} <Trump>",
    "[[“I alone can fix it,”]] <Trump> {says} in Ohio",
    "The group, which {says} [[it has 3,000 members]], was founded in 1999.",
    "<Johnson> declined to {say} [[whether he would run]].",
    "<Johnson> went to Paris and {said} [[that he would run]].",
    "<Johnson> praised the plan, {saying} [[it would create jobs]].",
    "<Johnson> praised the plan but {warned} that [[it would cost money]].",
    "[[“It’s terrible,”]] {said} <Rosa Diaz>, whose son was hurt.",
    "<Prosecutors> {allege} [[he stole $2 million]].",
    "[[“It will be close,”]] {said} <Larry J. Sabato, director of the University of Virginia’s Center for Politics>.",
    "[[“I don’t know,”]] <he> {said} finally.",
    "[[“Our people are tired,”]] {said} <Chief Executive Tim Cook> in an interview with The Times.",
    "[[“Our people are tired,”]] <Chief Executive Tim Cook> {told} The Times.",
    "As <Mr. Cook> {put} it: [[“Our people are tired.”]]",
    "For his part, <Mr. Rubio> {insisted} [[the bill was dead]].",
    "<Rubio, R-Fla.>, {said} [[the bill was dead]].",
    "<Sen. Marco Rubio (R-Fla.)> {said} [[the bill was dead]].",
    "[[“There is hope,”]] <Bishop Tutu> {said}, adding that the talks would go on.",
    "<Bishop Tutu> said there was hope, {adding} that [[the talks would go on]].",
    "<Analysts at Goldman Sachs> {expect} [[prices to fall]].",
    "[[Prices]], {said} <analysts>, [[will fall]].",
    "[[“Prices,”]] {said} <one analyst>, [[“will fall.”]]",
    "But <Smith>’s lawyer, Jane Roe, {said} [[her client was innocent]].",
    "<Smith and his wife> {said} [[they were shocked]].",
    "<Both Mr. Smith and Ms. Jones> {said} [[they were shocked]].",
    "<She> {says} [[“it’s a mess”]].",
    "<A senior administration official> {said} on condition of anonymity that [[no decision had been made]].",
    "<The U.S. Embassy in Kabul> {warned} [[Americans to stay away]].",
    "The company's claim that [[its product is safe]] is false.",
    "[[“The plan,” <he> {said}, “would fail.”]]",
    "[[The plan]], <he> {said}, [[would fail]].",
    "<Lavrov> stressed that the EU cannot hold Russia back, {calling} such claims [[“a neocolonial approach”]].",
    "Serbian President <Aleksandar Vucic> also {highlighted} the importance of Serbia’s [[“extremely good relations”]] with Russia.",
    "<He> {said} they had the [[“most sincere and open conversation to date”]] with Lavrov.",
    "[[Russia will support Serbia’s will in relation to any agreement to solve issues with Kosovo]], <Lavrov> {told} journalists in Belgrade on Sunday.",
    "„[[Das ist ein Skandal und wir werden das nicht hinnehmen]]“, {sagte} <Bundeskanzler Olaf Scholz> am Montag in der Stadt.",
    "<Olaf Scholz> {sagte} am Montag, [[die Lage sei ernst und die Regierung werde nicht warten]].",
    "« [[C’est une honte et nous ne pouvons pas l’accepter dans le pays]] », {a déclaré} <le ministre Bruno Le Maire>.",
    "{Selon} <le ministre>, [[la situation est grave dans les régions du sud et à la frontière]].",
    "«[[Это очень важно для нас и для всех в стране]]», — {сказал} <Сергей Лавров> журналистам.",
    "<Сергей Лавров> {заявил}, что [[переговоры не состоятся и не могут начаться]].",
    "{قال} <وزير الخارجية> إن [[المفاوضات التي جرت في القاهرة لم تنجح]].",
    "«[[No vamos a aceptar los términos de la propuesta en el Congreso]]», {dijo} <el presidente Pedro Sánchez>.",
    "<外交部长王毅>{表示}：“[[中国将继续支持多边主义。]]”",
    "“[[我们不会放弃]]，”<李明>{说}。",
    "<首相>は「[[増税はしない]]」と{述べた}。",
    "<장관>은 “[[세금을 올리지 않겠다]]”고 {말했다}.",
    "<Bakan Yılmaz>, “[[Bu bir başlangıç ve daha çok iş için]]” {dedi}.",
    "{לדברי} <השר>, [[המחירים של הדלק לא יעלו על הצפוי]].",
];
