//! Words that report what others say, in the languages of news: verbs and their forms, “according
//! to”, what opens an indirect quotation, and words that say what kind of speaker one is.
//!
//! English forms are made from base forms; of other languages the forms of news are listed. Knows no
//! text and no position.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What a word does for a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// It reports speech.
    Saying,
    /// Belief, hope, knowledge, finding.
    Thinking,
}

const SAYING: &str = "accuse acknowledge add address admit advise affirm agree allege announce answer \
argue ask assert assure attribute aver begin blame boast brag call caution charge chime cite claim \
clarify comment complain concede concur confess confide confirm contend continue counter criticise \
criticize cry declare decry defend demand denounce deny deride describe detail disagree disclose \
dismiss dispute echo elaborate emphasise emphasize estimate exclaim explain express forecast \
guarantee hail highlight hint imply indicate inform insist interject joke label lament laud maintain \
mention mock mumble murmur mutter note object observe opine order pledge point pose post praise \
predict proclaim promise pronounce propose protest query question quip quote read reason recall \
recite recommend recount reiterate rejoin relate relay remark remind repeat reply report request \
respond retort reveal rule sob say scoff scream shout signal slam speculate state stipulate stress suggest \
summarise summarize swear sigh tell term testify thank theorise theorize threaten tout tweet \
underline underscore urge vent volunteer voice vow warn whisper write yell promised dub ridicule \
welcome condemn commend portray characterize characterise liken";

const THINKING: &str = "anticipate appreciate assume believe conclude consider decide deduce demonstrate \
determine discover doubt dream envision expect fear feel figure find foresee forget gather guess hear \
hold hope illustrate imagine infer intend judge know learn mean mind notice perceive plan prefer \
presume project prove realise realize reckon recognise recognize reflect regret remember see sense \
show suppose suspect think trust understand view want warrant wish wonder worry prefer love teach \
care check ensure establish";

/// Base forms whose past cannot be made by rule.
const IRREGULAR: &[(&str, &str)] = &[
    ("said", "say"),
    ("says", "say"),
    ("told", "tell"),
    ("wrote", "write"),
    ("written", "write"),
    ("thought", "think"),
    ("knew", "know"),
    ("known", "know"),
    ("found", "find"),
    ("felt", "feel"),
    ("held", "hold"),
    ("heard", "hear"),
    ("meant", "mean"),
    ("saw", "see"),
    ("seen", "see"),
    ("shown", "show"),
    ("understood", "understand"),
    ("swore", "swear"),
    ("sworn", "swear"),
    ("foresaw", "foresee"),
    ("forgot", "forget"),
    ("forgotten", "forget"),
    ("began", "begin"),
    ("retold", "tell"),
    ("taught", "teach"),
    ("read", "read"),
    ("learnt", "learn"),
    ("dreamt", "dream"),
];

/// Forms that are nouns or adjectives far more often where a quotation stands.
const RARELY_VERBS: &str = "post posts order orders charge charges address label term terms rule rules \
mind minds care view views plan plans project projects figure figures state states request requests \
answer answers question questions demand demands report reports claim claims comment comments \
promise promises warning threat estimate estimates point points note notes love trust hope hopes fear \
fears objects object detail details call calls thanks forecast forecasts show shows read meaning \
feeling showing check checks finding findings meanings understanding recording voice voices measure measures \
judge judges doubt doubts dream dreams reason reasons volunteer volunteers quote quotes welcome \
sense tweet tweets known given based project guarantee guarantees wonder wonders";

/// They stand between a speaker and the verb, or belong to it.
const AUXILIARY: &str = "has have had having is are was were be been being am will would shall should can could \
may might must do does did not never 's 'm 're 've 'll 'd ’s ’m ’re ’ve ’ll ’d didn't doesn't don't \
hasn't haven't hadn't wasn't weren't isn't aren't won't wouldn't can't cannot couldn't shouldn't \
mustn't ain't didn’t doesn’t don’t hasn’t haven’t hadn’t wasn’t weren’t isn’t aren’t won’t wouldn’t \
can’t couldn’t shouldn’t";

const ADVERB: &str = "also then later further even just simply once twice again ever still already now often \
always sometimes meanwhile instead soon yesterday today rather quite very too so as only first once";

const PREPOSITION: &str = "of in on at by for with from to into over under about after before during \
against between among through without within since until despite via per toward towards amid upon \
inside outside across following regarding including concerning near like";

const CONJUNCTION: &str = "and or but nor yet because while whereas although though unless when whenever \
where if whether that which who whom whose as than since once until before after so";

/// Verbs beside those of speech, as far as a speaker's words end at one.
const OTHER_VERBS: &str = "go goes went gone come comes came make makes made take takes took taken get gets \
got give gives gave given put puts set let lets keep keeps kept leave leaves left run runs ran stand \
stands stood sit sits sat lose loses lost win wins won pay pays paid meet meets met send sends sent \
bring brings brought buy buys bought build builds built become becomes became begin lead leads led \
seem seems appear appears try tries need needs look looks work works live lives speak speaks spoke \
spoken talk talks fall falls fell rise rises rose hit cut lies lay died grew grows faces includes contains";

const PRONOUN: &str = "i he she they we you it this that these those who one everyone everybody someone \
somebody nobody anyone others some many most both him her them us me";

/// One person or several whose names stand elsewhere.
const REFERRING: &str = "he she they him her them";

const DETERMINER: &str = "a an the his her its their our my your this that these those no any some each \
every another both several many few two three four five one more";

/// People who speak and are not named.
const UNNAMED: &str = "official source spokesman spokeswoman spokesperson witness resident expert analyst \
critic observer insider diplomat aide adviser advisor executive worker neighbour neighbor bystander \
employee lawyer prosecutor investigator researcher scientist doctor teacher student protester \
activist economist soldier officer man woman person insider passenger survivor parent mother father";

/// Several, or a body, that speak as one.
const COLLECTIVE: &str = "officials sources experts analysts critics observers witnesses residents \
authorities police media reports people researchers scientists economists investigators prosecutors \
diplomats lawmakers supporters opponents activists protesters traders investors doctors teachers \
government ministry company committee council party group agency court association union statement report \
study survey poll document letter ministers aides advisers executives workers lawyers neighbours \
neighbors employees fans others students parents families volunteers associations figures results findings \
estimates data";

/// Before the subject of a sentence.
const TIME: &str = "monday tuesday wednesday thursday friday saturday sunday january february march april \
may june july august september october november december yesterday today tonight earlier later last \
recently meanwhile however";

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

macro_rules! sets {
    ($($name:ident = $words:ident),+ $(,)?) => {
        $(static $name: LazyLock<HashSet<&'static str>> = LazyLock::new(|| set($words));)+
    };
}

sets! {
    SAYING_SET = SAYING, THINKING_SET = THINKING, RARELY_SET = RARELY_VERBS, AUXILIARY_SET = AUXILIARY,
    ADVERB_SET = ADVERB, PREPOSITION_SET = PREPOSITION, CONJUNCTION_SET = CONJUNCTION,
    OTHER_VERB_SET = OTHER_VERBS, PRONOUN_SET = PRONOUN, REFERRING_SET = REFERRING,
    DETERMINER_SET = DETERMINER, UNNAMED_SET = UNNAMED, COLLECTIVE_SET = COLLECTIVE, TIME_SET = TIME,
}

static IRREGULAR_MAP: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| IRREGULAR.iter().copied().collect());

pub(super) fn is_auxiliary(word: &str) -> bool {
    AUXILIARY_SET.contains(word)
}
pub(super) fn is_adverb(word: &str) -> bool {
    ADVERB_SET.contains(word)
        || word.len() > 4
            && word.ends_with("ly")
            && !matches!(
                word,
                "family" | "july" | "italy" | "assembly" | "ally" | "rally" | "daily"
            )
}
pub(super) fn is_preposition(word: &str) -> bool {
    PREPOSITION_SET.contains(word)
}
pub(super) fn is_conjunction(word: &str) -> bool {
    CONJUNCTION_SET.contains(word)
}
pub(super) fn is_pronoun(word: &str) -> bool {
    PRONOUN_SET.contains(word)
}
/// Whether the one who is meant is named elsewhere.
pub(super) fn is_referring(word: &str) -> bool {
    REFERRING_SET.contains(word)
}
pub(super) fn is_determiner(word: &str) -> bool {
    DETERMINER_SET.contains(word)
}
pub(super) fn is_unnamed(word: &str) -> bool {
    UNNAMED_SET.contains(word)
}
pub(super) fn is_collective(word: &str) -> bool {
    COLLECTIVE_SET.contains(word)
}
pub(super) fn is_time(word: &str) -> bool {
    TIME_SET.contains(word)
}
/// Whether it is more often no verb.
pub(super) fn is_rarely_verb(word: &str) -> bool {
    RARELY_SET.contains(word)
}
/// Some other verb, by the list or by its ending.
pub(super) fn is_other_verb(word: &str) -> bool {
    OTHER_VERB_SET.contains(word) || word.len() > 4 && word.ends_with("ed")
}

/// What an English form is a form of, and what that does.
pub(super) fn english(word: &str) -> Option<Verb> {
    if let Some(base) = IRREGULAR_MAP.get(word) {
        return kind(base);
    }
    if let Some(found) = kind(word) {
        return Some(found);
    }
    let made = |stem: &str| {
        let doubled = stem.char_indices().next_back().and_then(|(at, last)| {
            let shorter = stem.get(..at)?;
            shorter.ends_with(last).then(|| kind(shorter))?
        });
        kind(stem).or_else(|| kind(&format!("{stem}e"))).or(doubled)
    };
    let y = |stem: &str| kind(&format!("{stem}y"));
    if let Some(stem) = word
        .strip_suffix("ies")
        .or_else(|| word.strip_suffix("ied"))
    {
        return y(stem);
    }
    if let Some(stem) = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")) {
        return made(stem);
    }
    let stem = word.strip_suffix('s')?;
    kind(stem).or_else(|| stem.strip_suffix('e').and_then(kind))
}

fn kind(base: &str) -> Option<Verb> {
    if SAYING_SET.contains(base) {
        Some(Verb::Saying)
    } else if THINKING_SET.contains(base) {
        Some(Verb::Thinking)
    } else {
        None
    }
}

/// What opens an indirect quotation in English.
pub(super) fn opens(word: &str) -> bool {
    matches!(
        word,
        "that"
            | "if"
            | "whether"
            | "how"
            | "why"
            | "what"
            | "where"
            | "when"
            | "who"
            | "which"
            | "to"
    )
}
