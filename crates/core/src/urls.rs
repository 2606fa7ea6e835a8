//! URLs: how they are compared, and which ones may be used.

use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Two URLs are the same: every character counts, only scheme and host may differ in case. Nothing is normalised, so a
/// default port, an escape or a trailing slash makes a difference.
pub(crate) fn same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (Some((a, a_rest)), Some((b, b_rest))) = (split(one), split(other)) else { return false };
    a.eq_ignore_ascii_case(b) && a_rest == b_rest
}

/// Scheme with authority, and the rest. `None` when there is no authority, or it carries user information (whose case
/// would matter).
fn split(url: &str) -> Option<(&str, &str)> {
    let authority = url.find("://")?.checked_add(3)?;
    let length = url.get(authority..)?.find(['/', '?', '#']).unwrap_or(url.len().checked_sub(authority)?);
    let (origin, rest) = url.split_at_checked(authority.checked_add(length)?)?;
    (!origin.contains('@')).then_some((origin, rest))
}

/// An endpoint that we may send a browser to: https, or with `allow_loopback_http` http to this very machine; an
/// absolute URL without user information.
#[must_use]
pub fn is_usable_endpoint(url: &str, allow_loopback_http: bool) -> bool {
    let Ok(parsed) = Url::parse(url) else { return false };
    // The parser forgives white space and control characters, and so would a browser; a configuration has none.
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) || !parsed.username().is_empty() {
        return false;
    }
    parsed.password().is_none()
        && match parsed.scheme() {
            "https" => parsed.has_host(),
            "http" => allow_loopback_http && is_loopback(&parsed),
            _ => false,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scheme_and_host_may_differ_in_case() {
        let ours = "https://jira.contoso.example/plugins/servlet/saml/auth";
        assert!(same(ours, ours));
        assert!(same(ours, "HTTPS://Jira.Contoso.Example/plugins/servlet/saml/auth"));
        assert!(same("https://h?A", "https://H?A"));
        for other in [
            "",
            "https://jira.contoso.example/plugins/servlet/saml/Auth",
            "https://jira.contoso.example/plugins/servlet/saml/auth/",
            "https://jira.contoso.example:443/plugins/servlet/saml/auth",
            "https://jira.contoso.example/plugins/servlet/saml/auth?x=1",
            "https://user@jira.contoso.example/plugins/servlet/saml/auth",
            "http://jira.contoso.example/plugins/servlet/saml/auth",
            "https://jira.contoso.example.evil.example/plugins/servlet/saml/auth",
            " https://jira.contoso.example/plugins/servlet/saml/auth",
            "/plugins/servlet/saml/auth",
        ] {
            assert!(!same(ours, other), "{other}");
        }
        assert!(!same("https://A@h/", "https://a@h/"));
    }

    #[test]
    fn endpoints_are_https_or_in_development_this_machine() {
        for url in ["https://login.microsoftonline.com/t/saml2", "https://h/x?y=z"] {
            assert!(is_usable_endpoint(url, false), "{url}");
        }
        for url in
            ["http://localhost:8080/x", "http://jira.localhost/", "http://127.0.0.2/x", "http://[::1]:1/x"]
        {
            assert!(is_usable_endpoint(url, true), "{url}");
            assert!(!is_usable_endpoint(url, false), "{url}");
        }
        for url in [
            "",
            "/x",
            "http://h/x",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://h/",
            "https://user@h/",
            "https://:password@h/",
            "https://h/ x",
            "java\nscript:alert(1)",
        ] {
            assert!(!is_usable_endpoint(url, true), "{url}");
        }
    }
}
