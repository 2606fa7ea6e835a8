//! Which URLs may be used (design 11.6): https; http only to this very machine, and only in development.

use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// An absolute URL without user information, fragment, white space or control character.
pub fn is_usable_endpoint(url: &str, development: bool) -> bool {
    problem(url, development).is_none()
}

/// What is wrong with `url`, if anything.
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
    match parsed.scheme() {
        "https" if parsed.has_host() => None,
        "http" if !is_loopback(&parsed) => Some("must be https"),
        "http" if development => None,
        "http" => Some("must be https; http on loopback wants the development switch"),
        _ => Some("must be https"),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => Ipv4Addr::is_loopback(&ip),
        Some(Host::Ipv6(ip)) => Ipv6Addr::is_loopback(&ip),
        None => false,
    }
}
