//! Where a user wanted to go: always a path with query of our own site.

use crate::routes::Route;
use crate::settings::Settings;
use crate::wire::event::Request;
use url::{Origin, Url};

/// Bytes of a target at all; hosts refuse longer request lines.
const MAX_TARGET: usize = 8 * 1024;

/// Begins with exactly one `/`, has no `\`, no white space and no control character, and resolves to `origin`.
pub fn is_safe(target: &str, origin: &Origin) -> bool {
    let mut characters = target.chars();
    if characters.next() != Some('/') || characters.next() == Some('/') || target.len() > MAX_TARGET {
        return false;
    }
    if target.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
        return false;
    }
    resolve(target, origin).is_some()
}

/// The URL that a browser makes of it, if that is on this site. A path like `/.//other.example` is, but a proxy that
/// takes the dot segments out of a `Location` would make another site of it.
fn resolve(target: &str, origin: &Origin) -> Option<Url> {
    let base = Url::parse(&origin.ascii_serialization()).ok()?;
    base.join(target)
        .ok()
        .filter(|url| url.origin() == *origin && url.username().is_empty() && !url.path().starts_with("//"))
}

/// A target from outside: safe, in ASCII, and not one of our own paths, which would only start over.
pub fn accept(target: &str, settings: &Settings) -> Option<String> {
    if !is_safe(target, &settings.origin) || is_own(target, settings) {
        return None;
    }
    let ascii = ascii(target.chars(), |c, out| {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes).bytes().for_each(|byte| percent(byte, out));
    });
    (ascii.len() <= MAX_TARGET).then_some(ascii)
}

/// The target that a request for a page of the application names: its path and query as the browser wrote them. Host
/// and scheme are left out, for they may be a proxy's.
pub fn of_request(request: &Request, settings: &Settings) -> Option<String> {
    let (_, rest) = request.url.split_once("://")?;
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let mut target = octets(path);
    if let Some(query) = request.query.as_deref().filter(|query| !query.is_empty()) {
        target.push('?');
        // A backslash means nothing in a query, but browsers do not encode it.
        target.push_str(&octets(query).replace('\\', "%5C"));
    }
    accept(&target, settings)
}

/// Whether the target is one of our own paths, in whatever spelling.
fn is_own(target: &str, settings: &Settings) -> bool {
    let Some(url) = resolve(target, &settings.origin) else { return true };
    let decoded = percent_decode(url.path());
    let segments = decoded.split('/').map(|segment| segment.split(';').next().unwrap_or_default());
    let path = segments
        .filter(|segment| !segment.is_empty())
        .fold(String::new(), |path, segment| path + "/" + segment);
    let inside = path.strip_prefix(&settings.context_path).unwrap_or(&path);
    settings.routes.find(inside) != Route::Other
}

/// Scheme, host and port of the URL as the host saw it.
pub fn is_on_our_origin(request: &Request, settings: &Settings) -> bool {
    Url::parse(&request.url).is_ok_and(|url| url.origin() == settings.origin)
}

/// The path without query and fragment.
pub fn path_of(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or(target)
}

/// Raw octets cross the wire as ISO-8859-1; in a URL they are percent-encoded.
fn octets(raw: &str) -> String {
    ascii(raw.chars(), |c, out| match u8::try_from(u32::from(c)) {
        Ok(byte) => percent(byte, out),
        Err(_) => out.push(c),
    })
}

fn ascii(characters: impl Iterator<Item = char>, encode: impl Fn(char, &mut String)) -> String {
    let mut out = String::new();
    for c in characters {
        if c.is_ascii_graphic() { out.push(c) } else { encode(c, &mut out) }
    }
    out
}

fn percent(byte: u8, out: &mut String) {
    out.push_str(&format!("%{byte:02X}"));
}

fn percent_decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let hex = (byte == b'%').then(|| {
            let mut digits = rest.clone();
            let high = char::from(digits.next()?).to_digit(16)?;
            let low = char::from(digits.next()?).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        });
        match hex.flatten() {
            Some(decoded) => {
                bytes.push(decoded);
                rest.next();
                rest.next();
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
