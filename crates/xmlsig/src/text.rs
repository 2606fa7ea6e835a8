//! Characters: what XML allows, how escapes are undone and written.

use std::borrow::Cow;

/// XML 1.0 `Char` (2.2).
pub(crate) const fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// XML white space (2.3).
pub(crate) const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// Byte offset of the first character that XML forbids.
pub(crate) fn first_forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // One branch-free sweep finds whether there is anything to look at; nearly always there is not.
    let suspicious =
        bytes.iter().fold(false, |found, b| found | matches!(b, 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0xef));
    if !suspicious {
        return None;
    }
    text.char_indices().find(|(_, c)| !is_char(*c)).map(|(at, _)| at)
}

/// Namespaces in XML 1.0 `NCName`: a name without colon.
pub(crate) fn is_ncname(name: &str) -> bool {
    // Nearly every name is ASCII; whether it is one is then a look at each byte.
    let starts = name.as_bytes().first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    if starts && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')) {
        return true;
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

const fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

const fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// The character that `&name;` stands for: one of the five predefined entities, or a character reference.
pub(crate) fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
            // `from_str_radix` would take a sign.
            if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|c| is_char(*c))
        }
    }
}

/// Where a text stands decides how white space is normalised and what must be escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Element content.
    Content,
    /// Attribute value.
    Attribute,
}

/// Undoes escapes and normalises line ends (XML 2.11) and attribute white space (XML 3.3.3). Every reference was
/// checked when the document was parsed.
pub(crate) fn unescape(raw: &str, plain: bool, place: Place) -> Cow<'_, str> {
    if plain || !raw.bytes().any(|b| matches!(b, b'&' | b'\r' | b'\n' | b'\t')) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let width = match c {
            '&' => {
                let end = rest.find(';').unwrap_or(rest.len());
                out.extend(rest.get(1..end).and_then(reference));
                end.saturating_add(1)
            }
            '\r' => {
                out.push(if place == Place::Attribute { ' ' } else { '\n' });
                if rest.as_bytes().get(1) == Some(&b'\n') { 2 } else { 1 }
            }
            '\n' | '\t' if place == Place::Attribute => {
                out.push(' ');
                1
            }
            _ => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(width..).unwrap_or_default();
    }
    Cow::Owned(out)
}

/// Writes `text` as canonical XML does (C14N 2.3). Returns whether anything had to be escaped.
pub(crate) fn escape_into(out: &mut String, text: &str, place: Place) -> bool {
    let mut escaped = false;
    let mut from = 0;
    for (at, b) in text.bytes().enumerate() {
        let replacement = match (b, place) {
            (b'&', _) => "&amp;",
            (b'<', _) => "&lt;",
            (b'>', Place::Content) => "&gt;",
            (b'"', Place::Attribute) => "&quot;",
            (b'\t', Place::Attribute) => "&#x9;",
            (b'\n', Place::Attribute) => "&#xA;",
            (b'\r', _) => "&#xD;",
            _ => continue,
        };
        escaped = true;
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(replacement);
        from = at.saturating_add(1);
    }
    out.push_str(text.get(from..).unwrap_or_default());
    escaped
}
