//! Where a user wanted to go: always a path with query of our own site (design 11.6).

use url::{Origin, Url};

/// Bytes of a target at all; beyond, requests fail elsewhere first.
pub const MAX_TARGET: usize = 8 * 1024;

/// Begins with exactly one `/`, has no `\`, no white space and no control character, and resolves to `origin`.
pub fn is_safe(target: &str, origin: &Origin) -> bool {
    let mut characters = target.chars();
    if characters.next() != Some('/') || characters.next() == Some('/') || target.len() > MAX_TARGET {
        return false;
    }
    if target.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
        return false;
    }
    let Ok(base) = Url::parse(&origin.ascii_serialization()) else { return false };
    base.join(target).is_ok_and(|url| url.origin() == *origin && url.username().is_empty())
}

/// The path without query and fragment.
pub fn path_of(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or(target)
}
