//! What a browser brought must not come out again: no attribute, cookie, message, NameID or session index in a log line
//! or on a page. Every crossing of every behaviour test is looked at ([`super::Site::cross`]).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashSet;
use std::io::Read;

/// So many characters in a row are a piece of a message.
const PIECE: usize = 24;
/// Shorter values stand in any text by chance.
const SHORTEST: usize = 4;
/// Every piece holds a window of this length that begins at a multiple of the step.
const WINDOW: usize = 16;
const STEP: usize = PIECE + 1 - WINDOW;
/// Of a message without end, its beginning.
const LONGEST: usize = 30_000;

/// What must not come out, and what may.
#[derive(Debug, Default, Clone)]
pub struct Secrets {
    /// Not even once.
    values: Vec<String>,
    /// No piece of them.
    texts: Vec<String>,
    /// XML: no piece with markup in it. URLs and times of a message stand in the log where they were refused.
    documents: Vec<String>,
    /// User ids, the ID of an assertion, and what the configuration says.
    allowed: Vec<String>,
}

thread_local! {
    /// Of the request that this thread's turn began with.
    static OF_THE_TURN: RefCell<Secrets> = RefCell::default();
}

/// Fails when `action` tells what `event`, or the request before it, brought.
pub fn assert_quiet(config: &Value, event: &Value, action: &Value) {
    if event["kind"] != "answer" {
        OF_THE_TURN.set(Secrets::of(config, event));
    }
    OF_THE_TURN.with_borrow_mut(|secrets| {
        // The host's name for the user is one of the user's ids.
        secrets.allowed.extend(event["result"]["found"].as_str().map(str::to_owned));
        let leaks = secrets.leaks(action);
        assert!(leaks.is_empty(), "told although private: {leaks:?}\nin {action}");
    });
}

impl Secrets {
    /// Those of an event, under a configuration.
    pub fn of(config: &Value, event: &Value) -> Self {
        let mut secrets = Self::default();
        strings(config, &mut secrets.allowed);
        strings(&event["user"], &mut secrets.allowed);
        strings(&event["cookies"], &mut secrets.texts);
        let session = &event["session"];
        for fact in [&session["name_id"]["value"], &session["session_index"], &session["attributes"]] {
            strings(fact, &mut secrets.values);
        }
        for name in ["SAMLResponse", "SAMLRequest"] {
            for value in event["form"][name].as_array().into_iter().flatten().filter_map(Value::as_str) {
                secrets.message(config, value, false);
            }
            for (key, value) in url::form_urlencoded::parse(event["query"].as_str().unwrap_or("").as_bytes())
            {
                if key == name {
                    secrets.message(config, &value, true);
                }
            }
        }
        secrets
    }

    /// Adds a value that must not come out.
    pub fn and(mut self, value: &str) -> Self {
        self.values.push(value.to_owned());
        self
    }

    fn message(&mut self, config: &Value, base64: &str, deflated: bool) {
        self.texts.push(base64.chars().take(LONGEST).collect());
        let compact: String = base64.split_ascii_whitespace().collect();
        let Ok(bytes) = STANDARD.decode(compact) else { return };
        let mut inflated = Vec::new();
        let bytes = if deflated {
            let _whole = DeflateDecoder::new(&bytes[..]).take(100_000).read_to_end(&mut inflated);
            inflated
        } else {
            bytes
        };
        let xml: String = String::from_utf8_lossy(&bytes).chars().take(LONGEST).collect();
        let names = elements(&xml, "NameID");
        match config["user_id"]["attribute"].as_str() {
            None => self.allowed.extend(names.iter().cloned()),
            Some(attribute) => {
                let of_it =
                    xml.split("<Attribute ").filter(|part| part.contains(&format!("\"{attribute}\"")));
                self.allowed.extend(of_it.flat_map(|part| elements(part, "AttributeValue")));
            }
        }
        self.values.extend(names);
        self.values.extend(elements(&xml, "AttributeValue"));
        self.values.extend(elements(&xml, "SessionIndex"));
        self.values.extend(attributes(&xml, "SessionIndex"));
        // Who issued it is no personal fact, though an attribute may repeat it.
        self.allowed.extend(elements(&xml, "Issuer"));
        self.allowed.extend(attributes(&xml, "ID"));
        // It says which request was not expected.
        self.allowed.extend(attributes(&xml, "InResponseTo"));
        self.documents.push(xml);
    }

    /// What of it stands in the log lines and on the page of an action.
    pub fn leaks(&self, action: &Value) -> Vec<String> {
        let mut told = Vec::new();
        strings(&action["log"], &mut told);
        for answer in [action, &action["then"]] {
            strings(&answer["body"], &mut told);
        }
        let mut allowed: Vec<&str> =
            self.allowed.iter().map(String::as_str).filter(|text| text.len() >= SHORTEST).collect();
        allowed.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let mut leaks = Vec::new();
        for text in told {
            let text = allowed.iter().fold(text, |text, allowed| text.replace(allowed, "\u{fffd}"));
            let of_values = self.values.iter().filter(|value| {
                value.trim().len() >= SHORTEST
                    && text.contains(value.trim())
                    && !allowed.iter().any(|allowed| allowed.contains(value.trim()))
            });
            leaks.extend(of_values.cloned());
            let windows: HashSet<&[u8]> = text.as_bytes().windows(WINDOW).collect();
            let found = |secret: &str, markup: bool| {
                let of_it = secret.as_bytes().windows(WINDOW).step_by(STEP);
                of_it
                    .filter(|window| !markup || window.contains(&b'<') || window.contains(&b'>'))
                    .find(|window| windows.contains(window))
                    .map(|window| String::from_utf8_lossy(window).into_owned())
            };
            leaks.extend(self.texts.iter().filter_map(|text| found(text, false)));
            leaks.extend(self.documents.iter().filter_map(|text| found(text, true)));
        }
        leaks
    }
}

/// All texts in a JSON value.
fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(fields) => fields.values().for_each(|item| strings(item, into)),
        _ => {}
    }
}

/// The texts of the elements of that name, whatever their prefix, up to the next markup.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let tags = xml.split('<').skip(1).filter_map(|part| part.split_once('>'));
    tags.filter(|(tag, _)| {
        let qualified = tag.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
        qualified.rsplit(':').next() == Some(name)
    })
    .map(|(_, text)| {
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    })
    .collect()
}

/// The values of the attributes of that name.
fn attributes(xml: &str, name: &str) -> Vec<String> {
    let rest = xml.split(&format!(" {name}=\"")).skip(1).map(str::to_owned).collect::<Vec<_>>();
    rest.iter().filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}
