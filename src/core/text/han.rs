//! In which language's shapes the Han letters of an article are to be shown: Unicode has one code for
//! letters that Japan, Korea and both ways to write Chinese draw differently.
//!
//! Pure over strings; which face has these shapes is a matter of the window.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Whose shapes Han letters have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Han {
    Japanese,
    Korean,
    Simplified,
    Traditional,
    HongKong,
}

impl Han {
    pub const ALL: [Self; 5] = [
        Self::Japanese,
        Self::Korean,
        Self::Simplified,
        Self::Traditional,
        Self::HongKong,
    ];

    /// As fonts are asked for (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Simplified => "zh-CN",
            Self::Traditional => "zh-TW",
            Self::HongKong => "zh-HK",
        }
    }
}

/// What a text shows of its language: nothing where it has no letters of East Asia.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen(Option<Found>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    language: Han,
    /// Which of the two Chinese looks more like it.
    chinese: Han,
}

/// Letters whose simplified form is written in no traditional text, each before the other form. Those
/// that Japanese has too do no harm: its kana tell before them.
const PAIRS: &str = "们們这這说說为為时時个個对對发發经經还還进進动動现現样樣开開关關产產实實种種么麼问問给給见見长長间間东東书書车車语語员員业業应應该該门門马馬风風飞飛鱼魚鸟鳥龙龍华華币幣让讓认認议議计計设設则則与與从從众眾优優传傳体體儿兒决決况況减減击擊划劃刘劉创創务務劳勞势勢区區医醫协協单單卫衛厂廠历歷压壓厅廳县縣参參双雙变變号號听聽启啟响響团團园園围圍国國图圖圣聖场場报報执執扩擴护護担擔择擇拥擁据據损損换換断斷无無旧舊显顯术術机機权權条條来來构構标標楼樓欢歡欧歐残殘气氣汉漢汤湯沟溝济濟测測渐漸温溫湾灣满滿潜潛点點热熱爱愛独獨环環电電画畫疗療监監盖蓋盘盤确確离離积積称稱稳穩穷窮竞競笔筆签簽简簡类類粮糧紧緊红紅级級纪紀约約纯純纳納纷紛纸紙线線练練组組细細终終织織绍紹结結绝絕统統继繼绩績续續维維综綜绿綠编編网網罗羅职職联聯脑腦节節营營虽雖补補观觀规規视視觉覺计計讨討训訓记記讲講许許论論证證评評识識诉訴词詞试試话話详詳误誤请請诸諸调調谈談谋謀谢謝贝貝负負财財责責败敗货貨质質购購贯貫贵貴贷貸费費贺賀资資赛賽赞贊赵趙趋趨践踐轮輪软軟转轉轻輕载載较較辑輯输輸达達过過运運连連适適选選递遞逻邏遗遺邓鄧邮郵郑鄭释釋鉴鑒针針钟鐘钢鋼钱錢铁鐵银銀销銷锋鋒错錯阳陽阴陰阶階际際陆陸险險难難静靜页頁顶頂项項顺順须須顾顧预預领領频頻题題额額类類饭飯馆館驻駐验驗齐齊";

/// Whether a letter is the simplified one of a pair.
static IS_SIMPLIFIED: LazyLock<HashMap<char, bool>> = LazyLock::new(|| {
    let letters = PAIRS.chars().enumerate();
    letters.map(|(at, c)| (c, at % 2 == 0)).collect()
});

impl Seen {
    pub fn of(text: &str) -> Self {
        /// Letters enough to tell by.
        const MOST: usize = 4_000;
        // Of most texts no byte begins such a letter.
        let starts_one = |byte: u8| matches!(byte, 0xe1 | 0xe3..=0xed | 0xef | 0xf0);
        let Some(first) = text.bytes().position(starts_one) else {
            return Self::default();
        };
        let rest = text.get(first..).unwrap_or_default();
        let (mut kana, mut hangul, mut han) = (0, 0, 0);
        let (mut simplified, mut traditional) = (0, 0);
        for c in rest.chars().filter(|c| *c >= '\u{1100}').take(MOST * 4) {
            match c {
                '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9d}' => {
                    kana += 1;
                }
                '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7a3}' => {
                    hangul += 1;
                }
                '\u{3400}'..='\u{4dbf}'
                | '\u{4e00}'..='\u{9fff}'
                | '\u{f900}'..='\u{faff}'
                | '\u{20000}'..='\u{3ffff}' => {
                    han += 1;
                    match IS_SIMPLIFIED.get(&c) {
                        Some(true) => simplified += 1,
                        Some(false) => traditional += 1,
                        None => {}
                    }
                }
                // Signs that only such texts have.
                '\u{3001}'..='\u{3011}' | '\u{ff01}'..='\u{ff5e}' => {}
                _ => continue,
            }
            if kana + hangul + han >= MOST {
                break;
            }
        }
        if kana + hangul + han == 0 {
            return Self::default();
        }
        let chinese = if traditional > simplified {
            Han::Traditional
        } else {
            Han::Simplified
        };
        // A Chinese text may name something in kana, a Korean one has Han letters in brackets.
        let language = if hangul > kana && hangul * 4 > han {
            Han::Korean
        } else if kana * 4 > han {
            Han::Japanese
        } else {
            chinese
        };
        Self(Some(Found { language, chinese }))
    }

    /// The language that an article says of itself, as far as its text has letters that this is about;
    /// else what is seen.
    pub fn language(self, declared: Option<&str>) -> Option<Han> {
        let seen = self.0?;
        let declared = declared.unwrap_or_default();
        let mut parts = declared.split(['-', '_']);
        let primary = parts.next().unwrap_or_default().trim();
        let rest: Vec<&str> = parts.map(str::trim).collect();
        let has = |names: &[&str]| {
            let is_one = |part: &&str| names.iter().any(|name| part.eq_ignore_ascii_case(name));
            rest.iter().any(is_one)
        };
        let is = |names: &[&str]| names.iter().any(|name| primary.eq_ignore_ascii_case(name));
        Some(if is(&["ja", "jpn", "jp", "Japanese"]) {
            Han::Japanese
        } else if is(&["ko", "kor", "Korean"]) {
            Han::Korean
        } else if is(&["yue"]) && !has(&["Hans", "CN"]) {
            Han::HongKong
        } else if is(&["zh", "zho", "chi", "cmn", "yue", "Chinese"]) {
            // Whose script is told has that wherever it is read.
            if has(&["Hans"]) {
                Han::Simplified
            } else if has(&["HK", "MO"]) {
                Han::HongKong
            } else if has(&["Hant", "TW"]) {
                Han::Traditional
            } else if has(&["CN", "SG", "MY"]) {
                Han::Simplified
            } else {
                seen.chinese
            }
        } else {
            seen.language
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_paired() {
        assert_eq!(PAIRS.chars().count() % 2, 0);
        let letters: Vec<char> = PAIRS.chars().collect();
        for pair in letters.chunks(2) {
            assert_ne!(pair[0], pair[1]);
            let both = pair
                .iter()
                .map(|c| letters.iter().position(|known| known == c));
            let both: Vec<usize> = both.flatten().collect();
            assert!(
                both[0].is_multiple_of(2) && !both[1].is_multiple_of(2),
                "{pair:?}"
            );
        }
    }

    #[test]
    fn the_language_of_han_letters_is_that_of_the_article() {
        use Han::{HongKong, Japanese, Korean, Simplified, Traditional};
        let check = |text: &str, declared: Option<&str>, expected: Option<Han>| {
            assert_eq!(
                Seen::of(text).language(declared),
                expected,
                "{text} {declared:?}"
            );
        };
        for text in [
            "",
            "He said “naïve” – 12 €.",
            "قال الوزير",
            "नमस्ते ไทย ქართული",
            "👨🏻‍🚒 ⭐",
        ] {
            check(text, None, None);
            check(text, Some("ja"), None);
        }
        let japanese = "首相は「交渉は来週行われる」と述べた。";
        let simplified = "中国人民银行宣布，将于下周一开始。";
        let traditional = "中央銀行宣布，將於下週一開始。";
        let korean = "대통령은 “협상이 열릴 것”이라고 말했다. 大統領";
        check(japanese, None, Some(Japanese));
        check(simplified, None, Some(Simplified));
        check(traditional, None, Some(Traditional));
        check(korean, None, Some(Korean));
        check("大統領(대통령)은 말했다.", None, Some(Korean));
        check("直", None, Some(Simplified));
        check("Il a dit « 中國 »", Some("fr"), Some(Traditional));
        // What the article says of itself goes before what it looks like.
        check("直", Some("ja"), Some(Japanese));
        check("直", Some("ja-JP"), Some(Japanese));
        check("直", Some("JA_jp"), Some(Japanese));
        check(traditional, Some("zh-Hans"), Some(Simplified));
        check(traditional, Some("zh"), Some(Traditional));
        check(traditional, Some("zh-HK"), Some(HongKong));
        check(simplified, Some("zh-Hant-TW"), Some(Traditional));
        check(traditional, Some("zh-Hans-HK"), Some(Simplified));
        check(traditional, Some("zh-Hans-TW"), Some(Simplified));
        check(simplified, Some("yue"), Some(HongKong));
        check(simplified, Some("zh-CN"), Some(Simplified));
        check(japanese, Some("en"), Some(Japanese));
        check(japanese, Some("zh"), Some(Simplified));
        check(
            "他喜欢《となりのトトロ》这部电影，说它是宫崎骏最好的作品，每年都会带孩子再去看一次，而且从来没有觉得厌倦过。",
            None,
            Some(Simplified),
        );
        check("直", Some("Korean"), Some(Korean));
    }
}
