//! A mutator for scripts of events: values change places, and messages inside are changed as XML.

use crate::engine::config;
use crate::rng::Choices;
use crate::{mutate as xml, query};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

const KEYS: &[&str] = &[
    "kind",
    "method",
    "url",
    "path",
    "query",
    "form",
    "form_problem",
    "cookies",
    "headers",
    "user",
    "is_admin",
    "elevated",
    "session",
    "resume",
    "result",
    "config",
    "metadata_url",
    "metadata_xml",
    "entity_id",
    "SAMLResponse",
    "SAMLRequest",
    "RelayState",
    "ostiary_logout",
    "accept",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-site",
    "accept-language",
    "found",
    "refused",
    "error",
    "reserved",
    "why",
    "saved",
    "status",
    "body",
    "name_id",
    "value",
    "session_index",
    "attributes",
    "development",
    "x",
];
const WORDS: &[&str] = &[
    "",
    "request",
    "answer",
    "check_config",
    "configure",
    "tick",
    "logout",
    "GET",
    "POST",
    "HEAD",
    "/plugins/servlet/saml/auth",
    "/plugins/servlet/saml/auth/return",
    "/plugins/servlet/saml/logout",
    "/plugins/servlet/saml/metadata",
    "/plugins/servlet/saml/health",
    "/browse/X-1",
    "//evil.example",
    "/\\evil",
    "/..",
    "target=%2Fbrowse%2FX-1",
    "target=//evil.example",
    "target=https://jira.contoso.example/x%0d%0a",
    "target=%2F%5Cevil.example",
    "target=javascript:alert(1)",
    "$resume",
    "too-large",
    "in-query",
    "navigate",
    "document",
    "cross-site",
    "same-origin",
    "text/html",
    "not-found",
    "inactive",
    "already-used",
    "full",
    "de-DE",
    "b.simon@contoso.example",
    "<script>",
    "\r\nSet-Cookie: x=y",
    "\u{0}",
    "https://jira.contoso.example/x",
];

/// One to four changes; nothing when `text` is no JSON or grows beyond `most` bytes.
pub fn mutate(text: &str, seed: u32, most: usize) -> Option<String> {
    let mut script: Value = serde_json::from_str(text).ok()?;
    let mut choices = Choices::new(seed);
    for _ in 0..=choices.below(4) {
        let places = pointers(&script);
        let at = choices.pick(&places).cloned().unwrap_or_default();
        let other = choices.pick(&places).and_then(|other| script.pointer(other)).cloned();
        if let Some(value) = script.pointer_mut(&at) {
            change(value, other.unwrap_or_default(), seed, most, &mut choices);
        }
    }
    Some(script.to_string()).filter(|text| text.len() <= most)
}

/// JSON pointers of all values, the root's first.
fn pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                walk(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all);
            }),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(n, value)| walk(value, &format!("{at}/{n}"), all))
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk(value, "", &mut all);
    all
}

fn change(value: &mut Value, other: Value, seed: u32, most: usize, choices: &mut Choices) {
    let word = choices.pick(WORDS).copied().unwrap_or_default();
    match value {
        Value::String(text) if choices.below(4) > 0 => {
            if let Some(changed) = message(text, seed, most).or_else(|| sealed(text, choices)) {
                *text = changed;
            } else {
                *value = json!(word);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let (at, to) = (choices.below(list.len()), choices.below(list.len()));
            match choices.below(4) {
                0 => list.swap(at, to),
                1 => drop(list.remove(at)),
                2 => list.push(other),
                _ => list.insert(to, list[at].clone()),
            }
        }
        Value::Object(map) if choices.below(4) > 0 => {
            let key = choices.pick(KEYS).copied().unwrap_or_default().to_owned();
            let known: Vec<String> = map.keys().cloned().collect();
            match (choices.below(3), choices.pick(&known)) {
                (0, Some(known)) => drop(map.remove(known)),
                (1, Some(known)) => {
                    let value = map.remove(known).unwrap_or_default();
                    map.insert(key, value);
                }
                _ => drop(map.insert(key, other)),
            }
        }
        _ => {
            *value = match choices.below(9) {
                0 => Value::Null,
                1 => json!(true),
                2 => json!(0),
                3 => json!(i64::MIN),
                4 => Value::Array(vec![other]),
                5 => Value::Object(Map::new()),
                6 => config(choices.one_in(2)),
                7 => other,
                _ => json!(word),
            }
        }
    }
}

/// A SAML message inside, in base64 or a query.
fn message(text: &str, seed: u32, most: usize) -> Option<String> {
    if text.contains("SAML") && text.contains('=') {
        return query::mutate(text, seed, most);
    }
    let decoded = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    Some(STANDARD.encode(xml::mutate(&decoded, seed, most)?))
}

/// One character of a long value, as of a cookie.
fn sealed(text: &str, choices: &mut Choices) -> Option<String> {
    if text.len() < 64 || !text.is_ascii() {
        return None;
    }
    let at = choices.below(text.len());
    let mut text = text.to_owned();
    text.replace_range(at..=at, ["A", "_", ""][choices.below(3)]);
    Some(text)
}
