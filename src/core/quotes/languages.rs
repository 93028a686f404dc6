//! Which language the words around a quotation are of, and the words of reporting of each but English.
//!
//! Forms are listed as they stand in news; they were not checked by native speakers.

use super::words::Verb;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Dutch,
    Polish,
    Turkish,
    Russian,
    Ukrainian,
    Arabic,
    Persian,
    Hebrew,
    Hindi,
    Chinese,
    Japanese,
    Korean,
}

struct Words {
    language: Language,
    /// Words by which the language is known.
    small: &'static str,
    verbs: &'static str,
    thinking: &'static str,
    /// “According to”; “_” joins its words.
    accord: &'static str,
}

const LISTS: &[Words] = &[
    Words {
        language: Language::German,
        small: "der die das und ist nicht ein eine den dem von mit auf für sich",
        verbs: "sagte sagt sagten gesagt sage erklärte erklärt erklärten betonte betont behauptete behauptet meinte meint berichtete berichtet berichteten schrieb schreibt forderte fordert warnte warnt kritisierte kritisiert kündigte antwortete antwortet fragte fragt ergänzte ergänzt fügte räumte bestätigte bestätigt dementierte bestritt zitierte zitiert äußerte versicherte versichert nannte nennt rief verkündete unterstrich erinnerte teilte mitteilte so wörtlich",
        thinking: "glaubt glaubte hofft hoffte denkt dachte fürchtet erwartet findet fand",
        accord: "laut zufolge nach_angaben nach_worten nach_ansicht nach_meinung gemäß",
    },
    Words {
        language: Language::French,
        small: "le la les et est une des du que dans pour pas sur au aux",
        verbs: "dit disent disait déclare déclaré déclarait déclarent affirme affirmé affirmait affirment explique expliqué expliquait indique indiqué indiquait annonce annoncé annonçait ajoute ajouté ajoutait précise précisé souligne souligné soulignait estime estimé estimait assure assuré répond répondu demande demandé écrit écrivait rappelle rappelé confirme confirmé dénonce dénoncé prévient prévenu avertit reconnaît reconnu raconte raconté rapporte note noté constate constaté conclut conclu lance lancé insiste insisté martèle poursuit juge jugé nie dément soutient soutenu",
        thinking: "pense pensent croit croient espère craint souhaite considère",
        accord: "selon d'après d’après",
    },
    Words {
        language: Language::Spanish,
        small: "el la los las y es una un de que en por para con del",
        verbs: "dijo dice dicen decía dicho afirmó afirma aseguró asegura explicó explica señaló señala indicó indica declaró declara declararon añadió añade agregó agrega anunció anuncia manifestó manifiesta sostuvo sostiene subrayó subraya destacó destaca recordó recuerda advirtió advierte reconoció reconoce admitió admite negó niega denunció denuncia preguntó pregunta respondió responde contestó escribió escribe contó cuenta relató confirmó confirma informó informa reveló revela prometió comentó comenta expresó insistió insiste criticó concluyó apuntó precisó reiteró",
        thinking: "cree creen piensa opina opinó espera teme considera consideró",
        accord: "según de_acuerdo_con en_palabras_de",
    },
    Words {
        language: Language::Portuguese,
        small: "o os as e é uma um de que em para com do da não no na ao",
        verbs: "disse diz dizem afirmou afirma declarou declara explicou explica informou informa anunciou anuncia acrescentou acrescenta ressaltou ressalta destacou destaca garantiu garante respondeu responde perguntou pergunta escreveu escreve contou conta relatou admitiu admite negou nega reconheceu confirmou confirma criticou acusou defendeu alertou alerta pediu prometeu lembrou comentou concluiu reiterou revelou sublinhou salientou referiu",
        thinking: "acredita acreditam acha pensa espera teme considera",
        accord: "segundo de_acordo_com conforme",
    },
    Words {
        language: Language::Italian,
        small: "il lo gli e è una un di che in per con del della non al",
        verbs: "detto dice dicono disse afferma affermato dichiara dichiarato spiega spiegato sottolinea sottolineato aggiunge aggiunto annuncia annunciato sostiene sostenuto racconta raccontato risponde risposto chiede chiesto scrive scritto ricorda ricordato assicura assicurato conferma confermato nega negato ammette ammesso avverte avvertito denuncia denunciato commenta commentato osserva conclude concluso precisa precisato ribadisce ribadito rivela rivelato riferisce riferito",
        thinking: "crede pensa spera teme ritiene ritengono",
        accord: "secondo stando_a a_detta_di",
    },
    Words {
        language: Language::Dutch,
        small: "de het een en van niet met op voor zijn dat is te aan",
        verbs: "zei zegt zeggen gezegd verklaarde verklaart vertelde vertelt meldde meldt stelde stelt benadrukte benadrukt schreef schrijft vroeg vraagt antwoordde antwoordt beweerde beweert waarschuwde waarschuwt bevestigde bevestigt ontkende ontkent erkende erkent beloofde noemde noemt eiste twitterde concludeerde aldus",
        thinking: "denkt dacht gelooft vindt vond hoopt vreest verwacht meent",
        accord: "volgens",
    },
    Words {
        language: Language::Polish,
        small: "i w na z do nie się że jest o po przez dla",
        verbs: "powiedział powiedziała mówi mówił mówiła oświadczył oświadczyła stwierdził stwierdziła poinformował poinformowała podkreślił podkreśliła dodał dodała wyjaśnił wyjaśniła zapowiedział zapewnił zapytał odpowiedział napisał napisała twierdzi przyznał przyznała zaznaczył ocenił oceniła zauważył skomentował ogłosił potwierdził zaprzeczył ostrzegł wezwał przypomniał relacjonuje",
        thinking: "uważa myśli sądzi wierzy",
        accord: "według zdaniem jak_podaje",
    },
    Words {
        language: Language::Turkish,
        small: "ve bir bu için ile de da olarak daha çok",
        verbs: "dedi diyor söyledi söylüyor belirtti belirtiyor açıkladı etti kaydetti vurguladı ekledi anlattı bildirdi sordu yanıtladı cevapladı yazdı savundu duyurdu uyardı doğruladı yalanladı konuştu",
        thinking: "düşünüyor inanıyor",
        accord: "göre",
    },
    Words {
        language: Language::Russian,
        small: "и в не на что с по как это из",
        verbs: "сказал сказала сказали говорит говорил заявил заявила заявили заявляет сообщил сообщила сообщили сообщает отметил отметила отмечает подчеркнул подчеркнула добавил добавила пояснил пояснила объяснил объяснила рассказал рассказала ответил ответила спросил спросила написал написала пишет утверждает указал указала уточнил уточнила признал признала подтвердил подтвердила опроверг пообещал предупредил предупредила потребовал призвал призвала напомнил напомнила передаёт передает процитировал констатировал резюмировал прокомментировал объявил",
        thinking: "считает считают думает полагает надеется уверен уверена",
        accord: "по_словам по_данным по_мнению согласно",
    },
    Words {
        language: Language::Ukrainian,
        small: "і в не на що з це як та є",
        verbs: "сказав сказала сказали каже заявив заявила заявили повідомив повідомила повідомили повідомляє зазначив зазначила наголосив наголосила додав додала пояснив пояснила розповів розповіла відповів запитав написав написала пише стверджує підкреслив підкреслила визнав підтвердив спростував пообіцяв попередив закликав нагадав уточнив оголосив",
        thinking: "вважає думає сподівається",
        accord: "за_словами за_даними на_думку згідно_з",
    },
    Words {
        language: Language::Arabic,
        small: "في من على إلى أن التي الذي هذا",
        verbs: "قال قالت قالوا يقول تقول صرح صرحت أعلن أعلنت ذكر ذكرت أكد أكدت وأكد أضاف أضافت وأضاف وأضافت وقال وقالت أوضح أوضحت وأوضح أشار أشارت وأشار أفاد أفادت كتب كتبت سأل أجاب حذر حذرت زعم زعمت نفى نفت اعترف شدد شددت نقل نقلت اعتبر اعتبرت كشف كشفت",
        thinking: "يعتقد تعتقد يرى ترى",
        accord: "وفقا وفقًا بحسب حسب وفق",
    },
    Words {
        language: Language::Persian,
        small: "و در به از که را این است با",
        verbs: "گفت گفتند می‌گوید افزود نوشت پرسید کرد داد شد",
        thinking: "",
        accord: "به_گفته به_گزارش",
    },
    Words {
        language: Language::Hebrew,
        small: "של את על לא הוא זה כי גם עם",
        verbs: "אמר אמרה אמרו אומר אומרת הודיע הודיעה מסר מסרה ציין ציינה הוסיף הוסיפה הדגיש הדגישה הסביר הסבירה טען טענה כתב כתבה שאל ענה השיב הזהיר הודה הכחיש אישר סיפר סיפרה הצהיר",
        thinking: "מאמין חושב סבור",
        accord: "לפי לדברי לטענת",
    },
    Words {
        language: Language::Hindi,
        small: "के में है की से को और का",
        verbs: "कहा कहते कहती बताया बोले बोला पूछा लिखा",
        thinking: "",
        accord: "के_मुताबिक के_अनुसार",
    },
    Words {
        language: Language::Chinese,
        small: "",
        verbs: "表示 指出 认为 强调 宣布 告诉 声称 透露 补充说 补充 解释说 解释 回应 回答 写道 警告 承认 否认 批评 指责 呼吁 承诺 报道 介绍说 介绍 坦言 声明 说道 認為 強調 宣佈 告訴 聲稱 補充 解釋 回應 寫道 承認 否認 批評 指責 呼籲 承諾 報道 说 称 說 稱 问 問",
        thinking: "相信 希望 担心 预计 觉得 擔心 預計 覺得",
        accord: "根据 据 按照 依据 根據 據",
    },
    Words {
        language: Language::Japanese,
        small: "",
        verbs: "述べた 述べ 語った 話した 言った 話す 語る 述べる 発表した 明らかにした 指摘した 強調した 説明した 主張した 答えた 尋ねた 書いた 報じた 伝えた 警告した 認めた 否定した 批判した 訴えた 表明した コメントした",
        thinking: "考えている 考えた",
        accord: "によると によれば",
    },
    Words {
        language: Language::Korean,
        small: "",
        verbs: "말했다 밝혔다 전했다 강조했다 설명했다 주장했다 덧붙였다 지적했다 답했다 물었다 썼다 발표했다 경고했다 인정했다 부인했다 비판했다 촉구했다 보도했다 라고 다고",
        thinking: "",
        accord: "따르면",
    },
];

const ENGLISH: &str = "the of and to in a is that for it on was with as he said i we you have not no they be this are an from \
by has but had would will or him she my never why what how him his who their there can been were at";

/// In which languages a small word stands: a bit each, the first for English.
static SMALL: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut found: HashMap<&str, u32> = HashMap::new();
    let lists = LISTS.iter().map(|list| list.small);
    for (at, list) in std::iter::once(ENGLISH).chain(lists).enumerate() {
        for word in list.split_ascii_whitespace() {
            *found.entry(word).or_default() |= 1 << at;
        }
    }
    found
});

fn has(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_ascii_whitespace().any(|w| w == word)
}

/// What opens an indirect quotation.
pub(super) fn opens(word: &str) -> bool {
    matches!(
        word,
        "que"
            | "qu"
            | "dass"
            | "daß"
            | "che"
            | "dat"
            | "что"
            | "що"
            | "że"
            | "ki"
            | "که"
            | "כי"
            | "إن"
            | "أن"
            | "بأن"
            | "إنه"
            | "أنه"
            | "إنها"
            | "कि"
    )
}

/// A small word within names and titles.
pub(super) fn joins_names(word: &str) -> bool {
    matches!(
        word,
        "de" | "du"
            | "des"
            | "del"
            | "della"
            | "di"
            | "da"
            | "do"
            | "dos"
            | "van"
            | "von"
            | "der"
            | "den"
            | "la"
            | "le"
            | "les"
            | "el"
            | "of"
            | "bin"
            | "al"
            | "et"
            | "y"
            | "e"
            | "und"
            | "en"
            | "i"
            | "и"
            | "ve"
            | "’s"
            | "'s"
    )
}

const AUXILIARY: &str = "a ont avait avaient aurait ha han hanno aveva hat haben habe hatte hatten heeft \
hebben tem têm havia había został również auch noch aussi également también anche ook também";

/// The length of a word of reporting that a text without spaces begins with. Those of one letter are so
/// often a part of other words that a mark must follow.
pub(super) fn dense_verb(text: &str) -> Option<usize> {
    let lists = LISTS
        .iter()
        .filter(|list| matches!(list.language, Language::Chinese | Language::Japanese));
    let words = lists.flat_map(|list| [list.verbs, list.thinking, list.accord]);
    let mut words = words.flat_map(str::split_ascii_whitespace);
    let found = words.find(|word| {
        let rest = text.strip_prefix(word);
        rest.is_some_and(|rest| {
            word.chars().nth(1).is_some()
                || rest.starts_with(['：', ':', '，', '“', '「', '”', '。'])
        })
    });
    found.map(str::len)
}

/// By the letters of languages that set no small words apart.
fn by_letters<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<Language> {
    let has = |range: std::ops::RangeInclusive<char>| {
        let mut words = words.clone();
        words.any(|word| word.chars().any(|c| range.contains(&c)))
    };
    if has('\u{3040}'..='\u{30ff}') {
        Some(Language::Japanese)
    } else if has('\u{ac00}'..='\u{d7af}') {
        Some(Language::Korean)
    } else {
        has('\u{4e00}'..='\u{9fff}').then_some(Language::Chinese)
    }
}

impl Language {
    /// Whether its letters have no capitals.
    pub fn is_uncased(self) -> bool {
        use Language as L;
        matches!(
            self,
            L::Arabic | L::Persian | L::Hebrew | L::Hindi | L::Chinese | L::Japanese | L::Korean
        )
    }

    /// Whether the verb stands at the end, and who speaks before what is said.
    pub fn ends_with_verb(self) -> bool {
        matches!(
            self,
            Self::Japanese | Self::Korean | Self::Turkish | Self::Hindi
        )
    }

    /// Whether a word helps a verb, or stands between it and its subject.
    pub fn helps(self, word: &str) -> bool {
        self != Self::English && has(AUXILIARY, word)
    }

    /// By the small words: the language that has most of them.
    pub fn of<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut english = 0;
        let mut counts = [0; LISTS.len()];
        for word in words.clone().take(300) {
            let Some(found) = SMALL.get(word) else {
                continue;
            };
            english += found & 1;
            for (at, count) in counts.iter_mut().enumerate() {
                *count += found >> (at + 1) & 1;
            }
        }
        if english == 0
            && let Some(dense) = by_letters(words)
        {
            return dense;
        }
        let most = counts.iter().zip(LISTS).max_by_key(|(count, _)| **count);
        match most {
            Some((count, list)) if *count > english && *count > 1 => list.language,
            _ => Self::English,
        }
    }

    fn words(self) -> Option<&'static Words> {
        LISTS.iter().find(|list| list.language == self)
    }

    pub fn verb(self, word: &str) -> Option<Verb> {
        let list = self.words()?;
        if has(list.verbs, word) {
            Some(Verb::Saying)
        } else {
            has(list.thinking, word).then_some(Verb::Thinking)
        }
    }

    /// How many words an “according to” has that begins here.
    pub fn accord<'a>(self, word: impl Fn(usize) -> &'a str) -> Option<usize> {
        if self == Self::English {
            return match (word(0), word(1)) {
                ("according", "to") => Some(2),
                ("in", "the") if word(2) == "words" && word(3) == "of" => Some(4),
                _ => None,
            };
        }
        let list = self.words()?;
        list.accord.split_ascii_whitespace().find_map(|phrase| {
            let words = phrase.split('_').enumerate();
            let fits = words.clone().all(|(n, expected)| word(n) == expected);
            fits.then_some(words.count())
        })
    }

    /// The speaker of an “according to” stands before it.
    pub fn accord_follows(self, word: &str) -> bool {
        matches!(
            (self, word),
            (Self::German, "zufolge") | (Self::Turkish, "göre")
        ) || self == Self::Hindi
    }
}
