//! Words of bylines in the languages that newspapers are most read in: what announces names, joins
//! them, stands beside them and is none.

/// Words before names, in lower case. After those of one letter a capital must follow.
pub(super) const LABELS: &[&str] = &[
    "by:",
    "by ",
    "von:",
    "von ",
    "par:",
    "par ",
    "por:",
    "por ",
    "de:",
    "di ",
    "da ",
    "door:",
    "door ",
    "av ",
    "af ",
    "från ",
    "fra ",
    "tekst:",
    "tekst ",
    "text:",
    "text by ",
    "text von ",
    "texte:",
    "texte :",
    "texto:",
    "testo:",
    "testo di ",
    "written by ",
    "written by:",
    "words by ",
    "words:",
    "posted by ",
    "posted by:",
    "published by ",
    "reported by ",
    "story by ",
    "analysis by ",
    "opinion by ",
    "review by ",
    "interview by ",
    "author:",
    "author ",
    "authors:",
    "autor:",
    "autor ",
    "autorin:",
    "autoren:",
    "autora:",
    "autores:",
    "auteur:",
    "auteur :",
    "auteurs :",
    "autore:",
    "autori:",
    "redactor:",
    "redacción:",
    "escrito por ",
    "publicado por ",
    "redazione:",
    "a cura di ",
    "scritto da ",
    "propos recueillis par ",
    "écrit par ",
    "publié par ",
    "avec ",
    "автор:",
    "автор ",
    "авторы:",
    "автори:",
    "текст:",
    "от ",
    "автор —",
    "yazan:",
    "yazar:",
    "haber:",
    "muhabir:",
    "oleh:",
    "oleh ",
    "penulis:",
    "reporter:",
    "bởi ",
    "tác giả:",
    "autorzy:",
    "opracował:",
    "opracowała:",
    "oprac.",
    "napsal:",
    "napsala:",
    "autoři:",
    "szerző:",
    "írta:",
    "skrevet av ",
    "skrevet af ",
    "skriven av ",
    "kirjoittaja:",
    "teksti:",
    "journalist:",
    "journaliste:",
    "periodista:",
    "geschreven door ",
    "ein artikel von ",
    "ein beitrag von ",
    "eine analyse von ",
    "ein kommentar von ",
    "ein gastbeitrag von ",
    "interview:",
    "interview von ",
    "kommentar von ",
    "analyse von ",
    "une analyse de ",
    "une enquête de ",
    "bearbeitet von ",
    "aufgezeichnet von ",
    "verfasst von ",
    "συντάκτης:",
    "του ",
    "της ",
    "بقلم:",
    "بقلم ",
    "كتب:",
    "كتب ",
    "כתב:",
    "מאת:",
    "מאת ",
    "लेखक:",
    "作者：",
    "作者:",
    "作者 ",
    "文/",
    "文／",
    "文｜",
    "文丨",
    "文●",
    "文：",
    "文:",
    "撰文：",
    "撰文/",
    "記者：",
    "記者:",
    "記者/",
    "記者／",
    "记者：",
    "记者:",
    "记者 ",
    "記者 ",
    "本报记者",
    "本报讯记者",
    "通讯员",
    "编辑：",
    "撰稿：",
    "著者：",
    "著者:",
    "執筆：",
    "執筆:",
    "取材・文：",
    "取材・文",
    "翻訳：",
    "글 ",
    "기자:",
    "more stories by ",
    "view all posts by ",
    "posts by ",
    "all posts by ",
    "more from ",
    "more by ",
    "see all by ",
    "edited by ",
    "reviewed by ",
];

/// What is said of pictures: what follows is a photographer.
pub(super) const PICTURES: &[&str] = &[
    "photo by",
    "photos by",
    "photo:",
    "photos:",
    "photo :",
    "photos :",
    "photograph by",
    "photographs by",
    "photography by",
    "photography:",
    "photo credit",
    "photo illustration",
    "illustration by",
    "illustrations by",
    "illustration:",
    "illustration :",
    "illustrations:",
    "illustration von",
    "image:",
    "images:",
    "image by",
    "picture:",
    "pictures by",
    "picture by",
    "foto:",
    "fotos:",
    "foto von",
    "fotos von",
    "foto av",
    "foto di",
    "fotografie",
    "fotografía",
    "fotografías",
    "fotografia",
    "foto ",
    "fotos ",
    "bild:",
    "bilder:",
    "bildquelle",
    "grafik:",
    "grafiken:",
    "video:",
    "video by",
    "videos by",
    "graphic by",
    "graphics by",
    "photographie",
    "photographies",
    "photographe",
    "crédit",
    "créditos",
    "credit:",
    "ilustración",
    "ilustracja",
    "zdjęcia",
    "фото",
    "kuva:",
    "kuvat:",
    "bilde:",
    "fotograf",
    "写真",
    "摄影",
    "攝影",
    "图/",
    "图片",
    "イラスト",
    "撮影",
    "사진",
    "(foto",
    "(photo",
    "(bild",
    "photographed by",
    "modeled by",
    "styled by",
    "hair by",
    "makeup by",
    "produced by",
    "animation by",
    "design by",
    "dessin de",
    "dessins de",
];

/// Agencies, folded. Only as a whole.
pub(super) const AGENCIES: &str = "\
    dpa dpainfocom dpaafx dpalno dpatmn afp agencefrancepresse ap associatedpress \
    theassociatedpress reuters thomsonreuters apa sda keystonesda sdakeystone ats keystoneats \
    ansa efe agenciaefe lusa agencialusa pap tass тасс rianovosti рианновости риановости \
    interfax интерфакс укринформ укрінформ уніан унiан xinhua xinhuanews 新华社 新華社 新华网 中新社 中新网 \
    共同通信 共同 kyodo kyodonews 時事通信 時事通信社 jijipress yonhap 연합뉴스 뉴시스 뉴스1 pti presstrustofindia ani \
    ians unitednewsofindia uni bernama antara anp belga ntb tt ttnyhetsbyran ritzau stt ctk tasr \
    sita mti agerpres mediafax bta hina tanjug beta fena sta bns elta leta europapress dj \
    dowjones dowjonesnewswires bloomberg bloombergnews kna epd sid dts dtsnachrichtenagentur \
    spotonnews adnkronos agi askanews lapresse anadolu anadoluagency dha iha canadianpress \
    thecanadianpress lapressecanadienne aap australianassociatedpress pa pamedia \
    pressassociation thepressassociation upi wam spa mena qna irna unb app nampa sapa kap telam \
    notimex colprensa agenciabrasil estadaoconteudo folhapress cnnwire cnnnewsource wire \
    wireservice wireservices agencies agencias agences agenturen agenzie agencje ажанс agence \
    agencia statesnewsservice tca tribunenewsservice افب رويترز وكالات وام واس الاناضول אפ \
    רויטרס";

/// Words of which one makes a credit that of a newsroom.
pub(super) const NEWSROOMS: &str = "\
    redaktion redaktionen redaktionsteam online-redaktion onlineredaktion newsroom staff editors \
    redacción redaccion redação redacao redazione rédaction redaction redactie redakcja redakce \
    redakcia redakcija redacția szerkesztőség редакция редакція редакции desk newsdesk bureau \
    editorial toimitus redaksjonen redaksi correspondents reporters team nachrichtendienst";

/// Ends and starts of credits of newsrooms in scripts without blanks.
pub(super) const NEWSROOMS_WIDE: &[&str] = &[
    "編集部",
    "编辑部",
    "編輯部",
    "편집부",
    "取材班",
    "报道组",
    "综合报道",
    "新闻中心",
    "報導",
];

/// What somebody is, and not who.
pub(super) const ROLES: &str = "\
    reporter reporters editor editors correspondent correspondents contributor contributors \
    journalist journalists writer writers columnist columnists producer producers analyst author \
    authors freelancer freelance founder ceo director manager executive specialist critic \
    blogger intern photographer photojournalist videographer illustrator presenter anchor host \
    professor redakteur redakteurin redaktør redaktör redactor redactora korrespondent \
    korrespondentin korrespondenten autor autorin volontär volontärin reporterin journalistin \
    chefredakteur chefredakteurin ressortleiter ressortleiterin journaliste correspondant \
    correspondante rédacteur rédactrice chroniqueur envoyé envoyée periodista corresponsal \
    enviado enviada jefe giornalista inviato inviata corrispondente direttore repórter \
    jornalista correspondente colunista editora verslaggever verslaggeefster dziennikarz \
    dziennikarka korespondent журналист корреспондент обозреватель редактор кореспондент \
    журналіст muhabiri editörü wartawan redaktor redaktorka photographe fotograf fotografin \
    gastautor gastautorin officer strategist researcher expert consultant lead head";

/// What goes before roles.
pub(super) const BEFORE_ROLES: &str = "\
    senior junior chief staff political politics associate assistant deputy managing executive \
    special foreign national local business economics sports sport science health technology \
    tech guest contributing digital news features culture arts education environment \
    international world investigative marketing content general editorial wirtschafts research \
    vice grand en chef stv. leitender leitende freie freier us uk european europe diplomatic \
    crime legal financial media data web online london washington travel food fashion lifestyle \
    weekend home affairs security defence defense white house consumer city money transport \
    westminster social";

/// What stands around bylines and is nobody, folded.
pub(super) const NOBODY: &str = "\
    facebook twitter x instagram linkedin whatsapp telegram email mail print drucken teilen \
    share tweet follow folgen suivre seguir segui like comments comment kommentare commentaires \
    comentarios comenta subscribe signin login register home news latest updated published \
    posted update aktualisiert veroffentlicht publie misajour publicado actualizado pubblicato \
    aggiornato minread readmore more mehr plus author authors autor autoren autores auteur \
    auteurs admin administrator webmaster unknown null none undefined na anonymous anonym guest \
    guestauthor guestpost editor user root test contactauthor aboutauthor abouttheauthor bio \
    biography profile viewprofile viewall seeall seefullbio showmore loadmore watchlive live \
    video photos gallery advertisement anzeige werbung publicidad publicite sponsored byline \
    writtenby by von par por and und et y opinion analysis exclusive premium copylink save \
    bookmark listen audio font size reprints permissions contact kontakt contacto contatto about \
    privacy politik politics wirtschaft sport sports kultur culture panorama meinung world \
    business economy technology science health opinions lifestyle entertainment gast гость \
    администратор админ минут staffwriter staffreporter gesponsert source quelle 著者 作者 設定 記者 编辑 \
    fuente fonte biographie enviaremail verbio sendemail tips feedback newsletter allarticles \
    allearticles morearticles stories articles artikel beitrage seinprofil pressrelease \
    openinnewtab sharearticle sharethisarticle copy link threads bluesky mastodon reddit \
    pinterest messenger google googlenews rss youtube tiktok wechat weibo line \
    conditionsgeneralesdutilisation showmoresharingoptions closesharingoptions gmt utc est pst \
    cet ist am pm uhr ago lesezeit phd md rn jr sr mba esq dds ms bsc msc mph ma ba";

/// Months and days: nobody by themselves, but parts of names.
pub(super) const CALENDAR: &str = "\
    jan feb mar apr jun jul aug sep sept oct okt nov dec dez mrz january february march april \
    may june july august september october november december januar februar marz mai juni juli \
    oktober dezember monday tuesday wednesday thursday friday saturday sunday montag dienstag \
    mittwoch donnerstag freitag samstag sonntag";

/// Cities that stand behind names in bylines, folded; others are told by their single word.
pub(super) const CITIES: &str = "\
    newyork newyorkcity losangeles sanfrancisco washingtondc hongkong newdelhi sanjose \
    buenosaires riodejaneiro saopaulo santiagodechile sanjuan panamacity mexicocity \
    ciudaddemexico telaviv abudhabi kualalumpur saintpetersburg stpetersburg sanktpetersburg \
    newcastle capetown palmademallorca santacruz sansalvador santodomingo lasvegas neworleans \
    saltlakecity sandiego sanantonio fortworth kansascity stlouis lapaz addisababa portauprince \
    phnompenh hochiminhcity frankfurtammain frankfurtmain badhomburg denhaag thehague lehavre \
    sansebastian quebeccity srijayawardenepura unitedstates unitedkingdom newzealand southafrica \
    southkorea northkorea saudiarabia srilanka";

/// Beginnings of names behind which a capital stands.
pub(super) const BEGINNINGS: &str = "\
    mc mac de di da du la le van fitz o del dell al el st san";

/// Words within names that are written small.
pub(super) const PARTICLES: &str = "\
    de da do dos das del della delle dei degli di du des van von vom der den ter ten te zu zur \
    zum bin ibn al el la le las los y e af av i d st ben bint abu ou und";

/// What joins names.
pub(super) const ANDS: &[&str] = &[
    " and ", " und ", " et ", " & ", " og ", " och ", " oraz ", " и ", " та ", " і ", " ve ",
    " sowie ", " with ", " mit ", " avec ", " con ", " met ", " med ", " και ", " și ", " dan ",
    " en ", " y ", " e ", " i ", " a ", " ja ", " + ", " AND ", " UND ", " ET ", " Y ", " E ",
];

/// Of these both sides must look like names, since they stand within names too.
pub(super) const WEAK_ANDS: &[&str] = &[
    " y ", " e ", " i ", " a ", " en ", " ja ", " con ", " met ", " med ", " dan ", " mit ",
    " with ",
];

/// What is behind these is no name: where somebody is, whom they work for.
pub(super) const CUTS: &[&str] = &[
    " in ", " aus ", " from ", " for ", " at ", " of the ", " à ", " desde ", " da ", " für ",
    " pour ", " para ", " per ",
];

/// Whether a list of words has this one.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}
