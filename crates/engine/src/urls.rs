//! Which URLs may be used, in the words of a configuration. The rule itself is the core's.

use ostiary_core::is_usable_endpoint;
use url::Url;

/// What is wrong with `url`, if anything: it must be https, or in development http to this very machine; an absolute
/// URL without user information, fragment, white space or control character.
pub fn problem(url: &str, development: bool) -> Option<&'static str> {
    let Ok(parsed) = Url::parse(url) else { return Some("must be an absolute URL") };
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some("must not contain white space or control characters");
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Some("must not contain a user name");
    }
    if parsed.fragment().is_some() {
        return Some("must not have a fragment");
    }
    if is_usable_endpoint(url, development) {
        return None;
    }
    Some(if is_usable_endpoint(url, true) {
        "must be https; http on loopback wants the development switch"
    } else {
        "must be https"
    })
}
