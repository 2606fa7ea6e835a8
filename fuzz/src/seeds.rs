//! Inputs to begin with: what the identity provider signed, known attacks, and the recorded vectors of the engine.

use crate::engine::{BEGUN, host_logout, logout_answer, post, visit};
use crate::world::{ENCRYPTED, HONEST, LOGOUTS, SIGNED_LOGOUTS, TRUSTED, metadata_documents, wrapped};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_testkit::{RedirectStyle, redirect_query};
use serde_json::{Value, json};
use std::path::Path;

/// The inputs of a target.
pub fn of(target: &str, vectors: &Path) -> Vec<Vec<u8>> {
    let bytes = |texts: Vec<String>| texts.into_iter().map(String::into_bytes).collect::<Vec<_>>();
    let honest = || HONEST.iter().map(|honest| honest.xml.clone());
    match target {
        "xml" => {
            let mut all: Vec<String> = honest().take(3).collect();
            all.extend(LOGOUTS.iter().cloned());
            all.extend(metadata_documents());
            all.extend(SHAPES.iter().map(|shape| (*shape).to_owned()));
            bytes(all)
        }
        "response" => bytes(honest().chain(wrapped()).chain(recorded_responses(vectors)).collect()),
        "encrypted_assertion" => {
            bytes(honest().chain(ENCRYPTED.iter().map(|honest| honest.xml.clone())).collect())
        }
        "metadata" => bytes(metadata_documents()),
        "logout" => bytes(SIGNED_LOGOUTS.iter().chain(LOGOUTS.iter()).cloned().collect()),
        "redirect_query" => bytes(queries()),
        "sealed_cookie" => {
            let attempt =
                json!({"i": BEGUN.attempt, "a": crate::world::now().as_millisecond(), "t": "/browse/X-1"});
            let begun = [&BEGUN.cookie, &BEGUN.logout_cookie, &BEGUN.logout, &BEGUN.attempt];
            let mut all: Vec<String> = begun.into_iter().cloned().collect();
            all.push(attempt.to_string());
            bytes(all)
        }
        "event_json" => {
            bytes(scripts().into_iter().chain(recorded_scripts(vectors)).map(|s| s.to_string()).collect())
        }
        _ => Vec::new(),
    }
}

/// What parsers and canonicalisers stumbled over elsewhere.
const SHAPES: &[&str] = &[
    "<a xmlns=\"urn:a\"><b xmlns=\"\"><c xmlns=\"urn:a\"/></b></a>",
    "<p:a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"><q:b q:x=\"1\" p:x=\"2\" x=\"3\"/><p:c xmlns:p=\"urn:p2\"/></p:a>",
    "<a b='\"' c=\"&#xA;&#9;&quot;&lt;\">&gt;]]&gt;&#xD;\r\n\r&amp;</a>",
    "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- a --><a><!-- b -->x<!-- c -->y</a><!-- d -->",
    "<a xml:lang=\"en\" xml:id=\"i\" xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"/>",
    "<a ID=\"x\"><b Id=\"y\"/><c id=\"z\"/></a>",
    "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    "<a><![CDATA[<b/>]]></a>",
    "<a><?b c?></a>",
];

/// Honest messages in both spellings of a query, with RelayState and without.
pub fn queries() -> Vec<String> {
    let mut all = Vec::new();
    for (xml, parameter) in LOGOUTS.iter().zip(["SAMLRequest", "SAMLRequest", "SAMLResponse", "SAMLResponse"])
    {
        for style in [RedirectStyle::Entra, RedirectStyle::Plain] {
            for relay_state in [None, Some("a b/ü")] {
                all.push(redirect_query(parameter, xml, relay_state, &TRUSTED, style).expect("a query"));
            }
        }
    }
    all
}

/// A sign-in, sign-outs, and whatever else a host may say.
pub fn scripts() -> Vec<Value> {
    let answer = |result: Value| json!({"kind": "answer", "resume": "$resume", "result": result});
    let reserved = || answer(json!({"reserved": true}));
    let sent = || post(&BEGUN.response, &BEGUN.attempt, &BEGUN.cookie);
    let query = |n: usize| {
        let parameter = if n < 2 { "SAMLRequest" } else { "SAMLResponse" };
        redirect_query(parameter, &LOGOUTS[n], Some("x"), &TRUSTED, RedirectStyle::Plain).expect("a query")
    };
    let metadata = metadata_documents().remove(0);
    let fetched = answer(json!({"status": 200, "body": STANDARD.encode(&metadata)}));
    vec![
        json!([sent(), answer(json!({"found": "b.simon"})), reserved(), reserved()]),
        json!([sent(), answer(json!({"refused": "not-found"}))]),
        json!([
            sent(),
            answer(json!({"found": "b.simon"})),
            answer(json!({"reserved": false, "why": "already-used"}))
        ]),
        json!([visit("/browse/X-1", "a=b"), visit("/plugins/servlet/saml/auth", "target=%2Fbrowse%2FX-1")]),
        json!([visit("/plugins/servlet/saml/auth/return", ""), visit("/plugins/servlet/saml/health", "")]),
        json!([visit("/plugins/servlet/saml/metadata", ""), {"kind": "tick"}, fetched, answer(json!({"saved": true}))]),
        json!([visit("/plugins/servlet/saml/logout", &query(0)), reserved()]),
        json!([logout_answer(&BEGUN.logout_query, &BEGUN.logout_cookie), host_logout()]),
        json!([visit("/plugins/servlet/saml/logout", &query(2)), visit("/plugins/servlet/saml/logout", "")]),
        json!([{"kind": "check_config", "config": crate::engine::config(true)}]),
        json!([{"kind": "configure", "metadata_xml": metadata}, {"kind": "configure", "metadata_url": "https://h/"}, fetched]),
    ]
}

/// `events.json` of every recorded vector.
fn recorded_scripts(vectors: &Path) -> Vec<Value> {
    let folders = std::fs::read_dir(vectors).into_iter().flatten().flatten();
    let events = folders.filter_map(|folder| std::fs::read(folder.path().join("events.json")).ok());
    let scripts = events.filter_map(|events| serde_json::from_slice::<Vec<Value>>(&events).ok());
    scripts.map(|events| events.into_iter().map(|mut step| step["event"].take()).collect()).collect()
}

fn recorded_responses(vectors: &Path) -> Vec<String> {
    let scripts = recorded_scripts(vectors);
    let events = scripts.iter().flat_map(|script| script.as_array().into_iter().flatten());
    let fields = events.filter_map(|event| event["form"]["SAMLResponse"][0].as_str());
    fields.filter_map(|field| String::from_utf8(STANDARD.decode(field).ok()?).ok()).collect()
}
