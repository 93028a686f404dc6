//! What a page draws, as far as it is text: the operators that place characters, and the forms that
//! hold more of it (ISO 32000-1, 8.4 and 9.4).
//!
//! Operators and forms are counted, so that nothing is drawn without end; what an operator lacks or
//! has wrong costs that operator. Decides nothing about lines.

use super::fonts::{Character, Font};
use super::glyphs::Glyph;
use super::operands::{Matrix, Operands};
use super::streams::{TooLarge, Unpacker};
use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{self, Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};
use hayro_syntax::xref::XRef;
use std::collections::HashMap;
use std::rc::Rc;

/// Forms nest so deep at most, and so do saved states.
const MAX_NESTED: usize = 24;
const MAX_SAVED: usize = 512;
/// The most operators of a page and of all of them, forms as often as they are drawn.
pub(super) const MAX_STEPS: usize = 8_000_000;
const MAX_ALL_STEPS: usize = 40_000_000;
/// The most characters of a page and of a document.
const MAX_PAGE_GLYPHS: usize = 1_000_000;
const MAX_GLYPHS: usize = 20_000_000;
/// The most that is kept of forms, to be drawn again.
const MAX_KEPT_BYTES: usize = 16 << 20;
/// A form costs its operators, so many steps to begin with, and one for each stretch of its bytes,
/// which are looked at too.
const FORM_STEPS: usize = 200;
const BYTES_A_STEP: usize = 256;
/// Broken operators in a row after which a stream is given up.
const MAX_BROKEN: usize = 64;

#[derive(Clone)]
struct State<'a> {
    page: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    between_characters: f64,
    between_words: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl State<'_> {
    fn new(page: Matrix) -> Self {
        Self {
            page,
            font: None,
            size: 1.0,
            between_characters: 0.0,
            between_words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// What is counted over the whole document.
#[derive(Default)]
pub(super) struct Told {
    /// Characters whose font does not say which letters they show.
    pub(super) without_letters: usize,
    /// Pages with a font that could not be read.
    pub(super) unknown_fonts: Vec<u32>,
    /// Pages, or forms on them, that unpack to too much.
    pub(super) too_large: Vec<u32>,
    /// Pages that draw forms which draw themselves.
    pub(super) endless: Vec<u32>,
    /// Pages that draw too much, with the operators of the page that were read.
    pub(super) cut: Vec<(u32, usize)>,
    /// The same, where most is drawn by forms.
    pub(super) again: Vec<u32>,
}

/// Reads the pages of a document one after the other.
pub(super) struct Interpreter<'a> {
    objects: &'a XRef,
    unpacker: Unpacker,
    fonts: HashMap<usize, Rc<Font<'a>>>,
    forms: HashMap<ObjectIdentifier, Rc<[u8]>>,
    kept_bytes: usize,
    usual: Rc<Font<'a>>,
    all_steps: usize,
    all_glyphs: usize,
    pub(super) told: Told,
    page: PageOf,
}

/// The page that is being read.
#[derive(Default)]
struct PageOf {
    number: u32,
    glyphs: Vec<Glyph>,
    steps: usize,
    own_steps: usize,
    open_forms: Vec<ObjectIdentifier>,
    is_cut: bool,
    has_pictures: bool,
}

/// What a page holds.
pub(super) struct Drawn {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) has_pictures: bool,
}

/// A stretch of a page that says what its characters mean, and where they begin.
struct Marked {
    replacement: Option<Rc<str>>,
    from: usize,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(objects: &'a XRef) -> Self {
        Self {
            objects,
            unpacker: Unpacker::new(),
            fonts: HashMap::new(),
            forms: HashMap::new(),
            kept_bytes: 0,
            usual: Rc::new(Font::usual()),
            all_steps: 0,
            all_glyphs: 0,
            told: Told::default(),
            page: PageOf::default(),
        }
    }

    /// Whether more pages may be read.
    pub(super) fn is_used_up(&self) -> bool {
        self.all_steps >= MAX_ALL_STEPS || self.all_glyphs >= MAX_GLYPHS
    }

    /// Draws a page. Where the library panics within, what was drawn by then is `drawn`.
    pub(super) fn draw(&mut self, page: &Page<'a>, number: u32) {
        self.page = PageOf {
            number,
            ..PageOf::default()
        };
        let bytes = self.contents(page);
        // The page upright, its upper left corner at the origin.
        let state = State::new(Matrix(page.initial_transform(true).as_coeffs()));
        self.run(&bytes, page.resources(), state);
        if self.page.is_cut {
            let own = self.page.own_steps;
            if own * 2 >= self.page.steps {
                self.told.cut.push((number, own));
            } else {
                self.told.again.push(number);
            }
        }
    }

    /// What was drawn of the page that was read last.
    pub(super) fn drawn(&mut self, page: &Page<'a>) -> Drawn {
        let (width, height) = page.render_dimensions();
        let read = std::mem::take(&mut self.page);
        self.all_glyphs += read.glyphs.len();
        Drawn {
            width: f64::from(width),
            height: f64::from(height),
            glyphs: read.glyphs,
            has_pictures: read.has_pictures,
        }
    }

    /// What a page's streams hold, one behind the other.
    fn contents(&mut self, page: &Page<'a>) -> Vec<u8> {
        let streams: Vec<Stream<'a>> = match page.raw().get::<Object<'a>>("Contents") {
            Some(Object::Stream(stream)) => vec![stream],
            Some(Object::Array(list)) => list
                .iter::<Object<'a>>()
                .filter_map(Object::into_stream)
                .collect(),
            _ => Vec::new(),
        };
        let mut bytes = Vec::new();
        for stream in streams {
            match self.unpacker.contents(&stream) {
                Ok(part) => bytes.extend(part),
                Err(TooLarge(start)) => {
                    // What precedes a line's end is whole.
                    let end = memchr::memrchr2(b'\n', b' ', &start).unwrap_or(0);
                    bytes.extend(start.get(..end).unwrap_or_default());
                    self.note_too_large();
                    break;
                }
            }
            bytes.push(b'\n');
        }
        bytes
    }

    fn note_too_large(&mut self) {
        let number = self.page.number;
        if self.told.too_large.last() != Some(&number) {
            self.told.too_large.push(number);
        }
    }

    fn font(&mut self, resources: &Resources<'a>, name: &Name<'_>) -> Option<Rc<Font<'a>>> {
        let dictionary = resources.get_font(name)?;
        // The same dictionary stands at the same place.
        let key = dictionary.data().as_ptr().addr();
        if let Some(font) = self.fonts.get(&key) {
            return Some(font.clone());
        }
        let font = Rc::new(Font::read(&dictionary, &self.unpacker));
        self.fonts.insert(key, font.clone());
        Some(font)
    }

    /// The font of text that sets none: the first that the page has.
    fn unset_font(&mut self, resources: &Resources<'a>) -> Rc<Font<'a>> {
        let mut names: Vec<Name<'a>> = resources.fonts.keys().collect();
        names.sort();
        let first = names.first().and_then(|name| self.font(resources, name));
        first.unwrap_or_else(|| self.usual.clone())
    }

    fn run(&mut self, bytes: &[u8], resources: &Resources<'a>, state: State<'a>) {
        let mut state = state;
        // States that were saved, and how many deeper ones were not.
        let (mut saved, mut unsaved): (Vec<State<'a>>, usize) = (Vec::new(), 0);
        let (mut line, mut text) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut marked: Vec<Marked> = Vec::new();
        // Fonts by their names here, and the last name of one in an operator that was broken.
        let mut fonts: HashMap<Vec<u8>, Option<Rc<Font<'a>>>> = HashMap::new();
        let mut pending: Option<Rc<Font<'a>>> = None;
        let mut operations = UntypedIter::new(bytes);
        let mut broken = 0;
        let is_page = self.page.open_forms.is_empty();
        loop {
            let Some(operation) = operations.next() else {
                // Too many operands end it as the end of the stream does.
                broken += 1;
                if broken > MAX_BROKEN {
                    break;
                }
                continue;
            };
            broken = 0;
            let is_over = self.page.steps >= MAX_STEPS
                || self.all_steps >= MAX_ALL_STEPS
                || self.page.glyphs.len() > MAX_PAGE_GLYPHS;
            if is_over {
                self.page.is_cut = true;
                break;
            }
            self.page.steps += 1;
            self.page.own_steps += usize::from(is_page);
            self.all_steps += 1;
            let operator: &[u8] = operation.operator;
            // Lines, areas and colours are most of what is drawn.
            if !matters(operator)
                && operation
                    .operands()
                    .next()
                    .is_none_or(|o| !matches!(o, Object::Name(_)))
            {
                continue;
            }
            let operands = Operands(operation.operands().collect());
            match operator {
                b"q" if saved.len() < MAX_SAVED => saved.push(state.clone()),
                b"q" => unsaved += 1,
                b"Q" if unsaved > 0 => unsaved -= 1,
                b"Q" => {
                    if let Some(before) = saved.pop() {
                        state = before;
                    }
                }
                b"cm" => {
                    if let Some(matrix) = operands.numbers::<6>() {
                        state.page = Matrix(matrix).then(state.page);
                    }
                }
                b"BT" => (line, text) = (Matrix::IDENTITY, Matrix::IDENTITY),
                b"Tc" => state.between_characters = operands.numbers::<1>().map_or(0.0, |[n]| n),
                b"Tw" => state.between_words = operands.numbers::<1>().map_or(0.0, |[n]| n),
                b"Tz" => state.stretch = operands.numbers::<1>().map_or(1.0, |[n]| n / 100.0),
                b"TL" => state.leading = operands.numbers::<1>().map_or(0.0, |[n]| n),
                b"Ts" => state.rise = operands.numbers::<1>().map_or(0.0, |[n]| n),
                b"Tf" => {
                    let named = operands.name().and_then(|name| {
                        let known = fonts.get(&**name).cloned();
                        known.unwrap_or_else(|| {
                            let font = self.font(resources, name);
                            fonts.insert(name.to_vec(), font.clone());
                            font
                        })
                    });
                    state.font = named.or_else(|| pending.take());
                    state.size = operands.numbers::<1>().map_or(10.0, |[size]| size);
                }
                b"gs" => {
                    let set = operands
                        .name()
                        .and_then(|name| resources.get_ext_g_state(name));
                    let set = set.and_then(|set| set.get::<Array<'a>>("Font"));
                    if let Some(set) = set {
                        let mut items = set.flex_iter();
                        if let (Some(font), Some(size)) =
                            (items.next::<Dict<'a>>(), items.next::<f64>())
                        {
                            state.font = Some(Rc::new(Font::read(&font, &self.unpacker)));
                            state.size = size;
                        }
                    }
                }
                b"Td" | b"TD" => {
                    if let Some([x, y]) = operands.numbers::<2>() {
                        if operator == b"TD" {
                            state.leading = -y;
                        }
                        line = line.moved(x, y);
                        text = line;
                    }
                }
                b"Tm" => {
                    if let Some(matrix) = operands.numbers::<6>() {
                        line = Matrix(matrix);
                        text = line;
                    }
                }
                b"T*" => {
                    line = line.moved(0.0, -state.leading);
                    text = line;
                }
                b"Tj" | b"'" | b"\"" => {
                    if operator == b"\""
                        && let [Object::Number(words), Object::Number(characters), ..] =
                            operands.0.as_slice()
                    {
                        state.between_words = words.as_f64();
                        state.between_characters = characters.as_f64();
                    }
                    if operator != b"Tj" {
                        line = line.moved(0.0, -state.leading);
                        text = line;
                    }
                    if let Some(string) = operands.string() {
                        self.set_font(&mut state, resources);
                        self.show(string, &state, &mut text);
                    }
                }
                b"TJ" => {
                    self.set_font(&mut state, resources);
                    let list = operands.0.iter().rev().find_map(|operand| match operand {
                        Object::Array(list) => Some(list),
                        _ => None,
                    });
                    for item in list.into_iter().flat_map(|list| list.iter::<Object<'_>>()) {
                        match item {
                            Object::String(string) => self.show(&string, &state, &mut text),
                            Object::Number(number) => {
                                let back = -number.as_f64() / 1_000.0 * state.size;
                                if back.abs() < 1e9 {
                                    text = match &state.font {
                                        Some(font) if font.is_vertical => text.moved(0.0, back),
                                        _ => text.moved(back * state.stretch, 0.0),
                                    };
                                }
                            }
                            _ => {}
                        }
                    }
                }
                b"BMC" | b"BDC" => {
                    let replacement =
                        (operator == b"BDC").then(|| replacement(&operands, resources));
                    marked.push(Marked {
                        replacement: replacement.flatten(),
                        from: self.page.glyphs.len(),
                    });
                }
                b"EMC" => {
                    if let Some(Marked {
                        replacement: Some(letters),
                        from,
                    }) = marked.pop()
                    {
                        replace(&mut self.page.glyphs, from, &letters);
                    }
                }
                b"BI" => self.page.has_pictures = true,
                b"Do" => {
                    let named = operands.name();
                    if let Some(form) = named.and_then(|name| self.drawing(resources, name)) {
                        self.form(&form, resources, &state);
                    }
                }
                _ => {
                    // `Tf` may come to pieces: the font stands before what is no number.
                    let font = operands
                        .name()
                        .filter(|name| resources.fonts.contains_key(&***name));
                    if let Some(name) = font {
                        pending = self.font(resources, name);
                    }
                }
            }
        }
    }

    fn set_font(&mut self, state: &mut State<'a>, resources: &Resources<'a>) {
        if state.font.is_none() {
            state.font = Some(self.unset_font(resources));
            if state.size == 1.0 {
                state.size = 10.0;
            }
        }
    }

    fn show(&mut self, string: &[u8], state: &State<'a>, text: &mut Matrix) {
        let Some(font) = &state.font else {
            return;
        };
        if font.is_unknown && self.told.unknown_fonts.last() != Some(&self.page.number) {
            self.told.unknown_fonts.push(self.page.number);
        }
        // From the space of characters, whose size is 1, to the page.
        let size = state.size;
        let letter = Matrix([size * state.stretch, 0.0, 0.0, size, 0.0, state.rise]);
        let glyphs = &mut self.page.glyphs;
        let without_letters = &mut self.told.without_letters;
        font.characters(string, |character| {
            let Character {
                letters,
                advance,
                is_space,
            } = character;
            let [a, b, c, d, x, y] = letter.then(*text).then(state.page).0;
            let length = |x: f64, y: f64| (x * x + y * y).sqrt();
            let (across, up) = (length(a, b), length(c, d));
            let is_placed = [a, b, c, d, x, y].iter().all(|number| number.is_finite());
            let letters = letters.or_else(|| {
                // Controls without letters are no characters.
                let is_shown = advance.abs() > 0.0;
                *without_letters += usize::from(is_shown);
                is_shown.then(|| "\u{FFFD}".into())
            });
            if let Some(letters) = letters.filter(|_| is_placed && across > 0.0 && up > 0.0) {
                let (along, direction) = if font.is_vertical {
                    (up, (-c / up, -d / up))
                } else {
                    (across, (a / across, b / across))
                };
                glyphs.push(Glyph {
                    x,
                    y,
                    width: advance.abs() * along,
                    size: up.max(across * 0.2) * font.height,
                    direction,
                    is_vertical: font.is_vertical,
                    text: letters,
                });
            }
            let spacing =
                state.between_characters + if is_space { state.between_words } else { 0.0 };
            *text = if font.is_vertical {
                text.moved(0.0, spacing - advance * size)
            } else {
                text.moved((advance * size + spacing) * state.stretch, 0.0)
            };
        });
    }

    /// Looked up by itself: what is looked up from within something never leads back to that.
    fn drawing(&self, resources: &Resources<'a>, name: &Name<'_>) -> Option<Stream<'a>> {
        match resources.x_objects.get_ref(&**name) {
            Some(drawing) => self.objects.get::<Stream<'a>>(drawing.into()),
            None => resources.get_x_object(name),
        }
    }

    fn form(&mut self, form: &Stream<'a>, outer: &Resources<'a>, state: &State<'a>) {
        let dictionary = form.dict();
        if dictionary.get::<Name<'_>>("Subtype").as_deref() != Some(b"Form") {
            self.page.has_pictures = true;
            return;
        }
        let id = form.obj_id();
        let is_itself = self.page.open_forms.contains(&id);
        if is_itself || self.page.open_forms.len() >= MAX_NESTED {
            let number = self.page.number;
            if self.told.endless.last() != Some(&number) {
                self.told.endless.push(number);
            }
            return;
        }
        let bytes = match self.forms.get(&id) {
            Some(bytes) => bytes.clone(),
            None => {
                let bytes: Rc<[u8]> = match self.unpacker.contents(form) {
                    Ok(bytes) => bytes.into(),
                    Err(TooLarge(start)) => {
                        self.note_too_large();
                        start.into()
                    }
                };
                if self.kept_bytes + bytes.len() <= MAX_KEPT_BYTES {
                    self.kept_bytes += bytes.len();
                    self.forms.insert(id, bytes.clone());
                }
                bytes
            }
        };
        let cost = FORM_STEPS + bytes.len() / BYTES_A_STEP;
        self.page.steps += cost;
        self.all_steps += cost;
        let matrix = dictionary
            .get::<[f64; 6]>("Matrix")
            .map_or(Matrix::IDENTITY, Matrix);
        let state = State {
            page: matrix.then(state.page),
            ..state.clone()
        };
        self.page.open_forms.push(id);
        let own = match dictionary.get_ref("Resources") {
            Some(own) => self.objects.get::<Dict<'a>>(own.into()),
            None => dictionary.get::<Dict<'a>>("Resources"),
        };
        match own {
            Some(own) => self.run(&bytes, &Resources::new(own), state),
            None => self.run(&bytes, outer, state),
        }
        self.page.open_forms.pop();
    }
}

/// Whether an operator bears on text.
fn matters(operator: &[u8]) -> bool {
    matches!(
        operator,
        b"q" | b"Q"
            | b"cm"
            | b"BT"
            | b"Tc"
            | b"Tw"
            | b"Tz"
            | b"TL"
            | b"Ts"
            | b"Tf"
            | b"Td"
            | b"TD"
            | b"Tm"
            | b"T*"
            | b"Tj"
            | b"TJ"
            | b"'"
            | b"\""
            | b"Do"
            | b"BMC"
            | b"BDC"
            | b"EMC"
            | b"BI"
            | b"gs"
    )
}

/// What a marked stretch says that its characters mean (ISO 32000-1, 14.9.4).
fn replacement(operands: &Operands<'_, '_>, resources: &Resources<'_>) -> Option<Rc<str>> {
    let properties = match operands.0.last()? {
        Object::Dict(properties) => properties.get::<object::String<'_>>("ActualText")?.to_vec(),
        Object::Name(name) => {
            let properties = resources.properties.get::<Dict<'_>>(&**name)?;
            properties.get::<object::String<'_>>("ActualText")?.to_vec()
        }
        _ => return None,
    };
    Some(super::pdf_text(&properties).into())
}

/// Puts letters in the place of the characters that were drawn since, if they stand on one line.
fn replace(glyphs: &mut Vec<Glyph>, from: usize, letters: &str) {
    let Some((first, rest)) = glyphs.get_mut(from..).and_then(<[Glyph]>::split_first_mut) else {
        return;
    };
    let is_beside = |other: &Glyph| {
        (other.y - first.y).abs() < first.size * 0.5 && other.direction == first.direction
    };
    if !rest.iter().all(is_beside) || first.is_vertical {
        return;
    }
    let right = rest.iter().map(|glyph| glyph.x + glyph.width);
    let right = right.fold(first.x + first.width, f64::max);
    let drawn = &*first.text;
    first.text = match letters {
        // A hyphen that is only there because the line ends.
        "" if rest.is_empty() && matches!(drawn, "-" | "\u{2010}" | "\u{AD}") => "\u{AD}".into(),
        letters => letters.into(),
    };
    first.width = right - first.x;
    glyphs.truncate(from + 1);
}
