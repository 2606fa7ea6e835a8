//! Small changes to a signed document. Some leave it as it was to a canonicaliser, most do not.

use crate::draw::Draw;
use crate::ffi::is_uri;

/// What is written in the place of what.
const SWAPS: [(&str, &str); 26] = [
    ("urn:one", "urn:two"),
    ("urn:two", "urn:one"),
    ("urn:one", "urn:&#x6f;ne"),
    ("xmlns:p=", "xmlns:q="),
    ("xmlns:q=", "xmlns:p="),
    ("xmlns=", "xmlns:p="),
    (" ID=", " Id="),
    ("_s", "_t"),
    ("&lt;", "&gt;"),
    ("&lt;", "&#60;"),
    ("&amp;", "&#x26;"),
    ("\r\n", "\n"),
    ("\r", "\n"),
    ("\n", " "),
    ("\t", "&#9;"),
    ("\"", "'"),
    ("></", "> </"),
    ("/>", " />"),
    ("a=", "b="),
    ("p:", "q:"),
    ("sha256", "sha512"),
    ("xml-exc-c14n#", "xml-exc-c14n#WithComments"),
    ("PrefixList=\"", "PrefixList=\"q "),
    ("PrefixList=", "prefixList="),
    ("A", "B"),
    ("=<", "<"),
];

const PIECES: [&str; 14] = [
    "x",
    " ",
    "\n",
    "\r",
    "&#13;",
    "&amp;",
    "<a/>",
    "<!-- c -->",
    " b=\"1\"",
    " xmlns=\"\"",
    "\u{20ac}",
    ">",
    "<",
    "&",
];

/// The document with one or two changes.
#[must_use]
pub fn mutate(xml: &str, draw: &mut Draw) -> String {
    let mut mutant = xml.to_owned();
    for _ in 0..draw.pick(&[1, 1, 2]) {
        mutant = match draw.below(5) {
            0..=2 => swap(&mutant, draw),
            3 => insert(&mutant, draw),
            _ => cut_or_double(&mutant, draw),
        };
    }
    mutant
}

/// Whether a peculiarity of libxml2 or xmlsec1 (docs/oracles.md) would show: a namespace whose name has an ampersand or
/// is no URI to libxml2, or more than single spaces in a PrefixList.
#[must_use]
pub fn is_peculiar(xml: &str) -> bool {
    let values = |name: &'static str| {
        xml.split(name).skip(1).filter_map(|rest| {
            let start = rest.find(['"', '\''])?;
            let (quote, rest) = (rest.get(start..=start)?, rest.get(start.saturating_add(1)..)?);
            rest.split(quote).next()
        })
    };
    let ampersand =
        |value: &str| ["&amp;", "&#38;", "&#x26;"].iter().any(|spelling| value.contains(spelling));
    let spaces = |value: &str| {
        value.starts_with(' ') || value.contains("  ") || value.contains(['\t', '\n', '\r', '&'])
    };
    values("xmlns").any(|name| ampersand(name) || !(name.is_empty() || is_uri(name)))
        || values("PrefixList").any(spaces)
}

fn swap(xml: &str, draw: &mut Draw) -> String {
    let present: Vec<(&str, &str)> = SWAPS.into_iter().filter(|(from, _)| xml.contains(from)).collect();
    let (from, to) = draw.pick(&present);
    let places: Vec<usize> = xml.match_indices(from).map(|(at, _)| at).collect();
    let at = draw.pick(&places);
    splice(xml, at, at.saturating_add(from.len()), to)
}

fn insert(xml: &str, draw: &mut Draw) -> String {
    let at = boundary(xml, draw);
    splice(xml, at, at, draw.pick(&PIECES))
}

fn cut_or_double(xml: &str, draw: &mut Draw) -> String {
    let start = boundary(xml, draw);
    let mut end = start.saturating_add(draw.pick(&[1, 1, 4, 40])).min(xml.len());
    while !xml.is_char_boundary(end) {
        end = end.saturating_add(1);
    }
    let double = xml.get(start..end).unwrap_or_default().repeat(2);
    splice(xml, start, end, if draw.chance(50) { &double } else { "" })
}

fn boundary(xml: &str, draw: &mut Draw) -> usize {
    let mut at = draw.below(xml.len());
    while !xml.is_char_boundary(at) {
        at = at.saturating_add(1);
    }
    at
}

fn splice(xml: &str, start: usize, end: usize, with: &str) -> String {
    [xml.get(..start).unwrap_or_default(), with, xml.get(end..).unwrap_or_default()].concat()
}
