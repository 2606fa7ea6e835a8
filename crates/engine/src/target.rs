//! Where a user goes after signing in: a path on this site, and nothing else.

use url::Url;

/// Longest target that is looked at; longer ones lose their query.
const MAX: usize = 8 * 1024;

/// A path and query on our own origin, context path included. Begins with exactly one `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(String);

impl Target {
    /// Takes a path with query if it stays on the origin of `site`: it begins with exactly one `/`, has no `\` and no
    /// control character, and resolves (WHATWG URL, as browsers do it) to that origin.
    #[must_use]
    pub fn parse(text: &str, site: &Url) -> Option<Self> {
        let mut characters = text.chars();
        if characters.next() != Some('/') || characters.next() == Some('/') || text.len() > MAX {
            return None;
        }
        if text.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
            return None;
        }
        let resolved = site.join(text).ok()?;
        if resolved.origin() != site.origin() || resolved.path().starts_with("//") {
            return None;
        }
        // What the URL parser understood is what the browser will do: dot segments gone, everything percent-encoded.
        let mut path = without_session_id(resolved.path());
        if let Some(query) = resolved.query() {
            path.push('?');
            path.push_str(query);
        }
        Some(Self(path))
    }

    /// The path with query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without its query.
    #[must_use]
    pub fn path_only(&self) -> Self {
        Self(self.0.split('?').next().unwrap_or("/").to_owned())
    }
}

/// Drops `;jsessionid=…`: a session identifier has no place in a link that outlives the session.
fn without_session_id(path: &str) -> String {
    match path.to_ascii_lowercase().find(";jsessionid=").and_then(|at| path.split_at_checked(at)) {
        Some((before, from)) => {
            let after = from.split_once('/').map_or("", |(_, rest)| rest);
            if after.is_empty() { before.to_owned() } else { format!("{before}/{after}") }
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn site() -> Url {
        Url::parse("https://jira.example.com/jira/plugins/servlet/saml/auth").unwrap()
    }

    fn target(text: &str) -> Option<String> {
        Target::parse(text, &site()).map(|t| t.as_str().to_owned())
    }

    #[test]
    fn keeps_path_and_query_exactly() {
        for text in [
            "/",
            "/browse/X-1?filter=3&a=b",
            "/jira/pages/viewpage.action?pageId=1&focusedCommentId=2",
            "/x?next=https://evil.example/",
            "/a%2Fb?c=%26d",
        ] {
            assert_eq!(target(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn refuses_whatever_leaves_the_site() {
        for text in [
            "", "x", "//evil.example", "///evil.example", "https://evil.example/", "javascript:alert(1)",
            "\\\\evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "\u{9}/x", " /x",
            "/.//evil.example", "/a/..//evil.example", "/x\u{0}", "/%2e//evil.example", "http:evil", "?x", "#x",
        ] {
            assert_eq!(target(text), None, "{text:?}");
        }
    }

    #[test]
    fn drops_the_session_id() {
        assert_eq!(target("/a;jsessionid=12AB?x=1").as_deref(), Some("/a?x=1"));
        assert_eq!(target("/a;JSESSIONID=12AB/b").as_deref(), Some("/a/b"));
    }

    proptest! {
        #[test]
        fn resolves_to_our_origin_whatever_was_asked(text in "[/\\\\.a-z:@%?#\\t ]{0,24}") {
            if let Some(target) = Target::parse(&text, &site()) {
                prop_assert_eq!(site().join(target.as_str()).unwrap().origin(), site().origin());
                prop_assert!(target.as_str().starts_with('/') && !target.as_str().starts_with("//"));
            }
        }
    }
}
