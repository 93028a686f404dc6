//! The parts of messages as text, for mails and web archives.
//!
//! The parser finds the parts; which encoding a part has, its headers say, its page, or its bytes.
//! Nothing is replaced without being counted.

use crate::format::articles::html;
use crate::format::reading::decode::{self, Decoded};
use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

/// The text of a part by the charset that it names, by that of its page, or by its bytes.
pub(super) fn text_of(message: &Message<'_>, part: &MessagePart<'_>) -> Decoded {
    let bytes = bytes_of(message, part);
    let charset = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"));
    // US-ASCII is said of anything.
    let charset = charset
        .map(str::trim)
        .filter(|label| !label.to_ascii_lowercase().ends_with("ascii"));
    let is_known = |label: &&str| {
        let known = Encoding::for_label(label.as_bytes());
        known.is_some_and(|encoding| encoding != encoding_rs::REPLACEMENT)
    };
    let known = charset.filter(is_known);
    let is_page = matches!(part.body, PartType::Html(_))
        || part
            .content_type()
            .is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.contains("html")));
    if let Some(label) = charset
        && known.is_none()
        && let Some(decode) = charset_decoder(label.as_bytes())
    {
        let text = decode(&bytes);
        return Decoded {
            replaced: text.matches('\u{FFFD}').count(),
            encoding: encoding_rs::UTF_8.name(),
            is_guess: false,
            text,
        };
    }
    let decoded = match (
        is_page,
        known.and_then(|label| Encoding::for_label(label.as_bytes())),
    ) {
        (false, Some(encoding)) => Some(text_as(encoding, &bytes)),
        (false, None) => decode::decode(&bytes),
        (true, _) => html::decode_page(&bytes, known),
    };
    decoded.unwrap_or_else(|| decode::decode_as(encoding_rs::UTF_8, &bytes))
}

/// A text in the encoding that it says; where it cannot be, in one that fits.
fn text_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let encoding = match encoding.name() {
        "GBK" => encoding_rs::GB18030,
        _ => encoding,
    };
    let said = decode::decode_as(encoding, bytes);
    if said.replaced == 0 {
        return said;
    }
    let guessed = decode::decode(bytes).filter(|guessed| guessed.replaced < said.replaced);
    guessed.unwrap_or(said)
}

/// The bytes of a part, its transfer encoding undone.
fn bytes_of<'m>(message: &'m Message<'_>, part: &'m MessagePart<'_>) -> Cow<'m, [u8]> {
    let range = usize::try_from(part.offset_body)
        .ok()
        .zip(usize::try_from(part.offset_end).ok());
    let raw = range
        .and_then(|(start, end)| message.raw_message().get(start..end))
        .unwrap_or_default();
    let decoded = match part.encoding {
        mail_parser::Encoding::None => return Cow::Borrowed(raw),
        mail_parser::Encoding::QuotedPrintable => quoted_printable_decode(raw),
        mail_parser::Encoding::Base64 => base64_decode(raw),
    };
    match (decoded, &part.body) {
        (Some(bytes), _) => Cow::Owned(bytes),
        // The parser forgives more than its decoders.
        (None, PartType::Html(text) | PartType::Text(text)) => Cow::Borrowed(text.as_bytes()),
        (None, PartType::Binary(bytes) | PartType::InlineBinary(bytes)) => Cow::Borrowed(bytes),
        (None, _) => Cow::Borrowed(raw),
    }
}
