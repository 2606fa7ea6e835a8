//! What a page shows of what came in: nothing, or text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::{ACS_PATH, Browser, Form, Provider, Site};

const HOSTILE: &str = "\"><script>alert(1)</script>";
const PATHS: [&str; 6] = [
    ACS_PATH,
    "/plugins/servlet/saml/return",
    "/plugins/servlet/saml/logout",
    "/plugins/servlet/saml/metadata",
    "/plugins/servlet/saml/health",
    "/browse/X-1",
];

/// No markup of the visitor's in body, headers or cookies.
fn assert_harmless(action: &Value, what: &str) {
    let respond = if action["action"] == "sign_out" { &action["then"] } else { action };
    let body = respond["body"].as_str().unwrap_or_default();
    assert!(!body.contains("<script>") && !body.contains("\"><script"), "{what}: {body}");
    for part in [&respond["headers"], &respond["cookies"]] {
        for text in part.as_array().unwrap_or(&Vec::new()) {
            let text = text.to_string();
            assert!(
                !text.contains("<script") && !text.contains("\\r") && !text.contains("\\n"),
                "{what}: {text}"
            );
        }
    }
}

#[test]
fn markup_in_any_fact_of_a_request_is_shown_nowhere() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let encoded: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    let queries =
        ["target", "key", "SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "other"];
    let mut tried = 0;
    let mut attempt = |event: Value, what: String| {
        assert_harmless(&site.turn(&event), &what);
        tried += 1;
    };
    for path in PATHS {
        for browser in [Browser::new(), Browser { user: Some(HOSTILE.to_owned()), ..Browser::new() }] {
            let visit = browser.visit_event(&site, path);
            for name in queries {
                attempt(
                    browser.visit_event(&site, &format!("{path}?{name}={encoded}")),
                    format!("{path} {name}"),
                );
                attempt(
                    browser.visit_event(&site, &format!("{path}?{name}={HOSTILE}")),
                    format!("{path} {name} raw"),
                );
                let fields = [(name.to_owned(), HOSTILE.to_owned())];
                attempt(browser.form_event(&site, path, &fields), format!("{path} form {name}"));
                let mut lines = browser.visit_event(&site, path);
                lines["query"] = json!(format!("{name}=%0d%0aX:y%0d%0a%0d%0a{encoded}"));
                attempt(lines, format!("{path} {name} lines"));
            }
            for fact in ["method", "url", "path", "query"] {
                let mut event = visit.clone();
                event[fact] = json!(HOSTILE);
                attempt(event, format!("{path} {fact}"));
            }
            for header in ["accept", "sec-fetch-mode", "sec-fetch-site", "accept-language"] {
                let mut event = visit.clone();
                event["headers"][header] = json!(HOSTILE);
                attempt(event, format!("{path} {header}"));
            }
            for cookie in ["ostiary_logout", "ostiary_id00000000000000000000000000000000", "ostiary_x"] {
                let mut event = visit.clone();
                event["cookies"][cookie] = json!(HOSTILE);
                attempt(event, format!("{path} {cookie}"));
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

#[test]
fn markup_in_a_fetched_document_or_in_an_answer_of_the_host_is_shown_nowhere() {
    let provider = Provider::entra();
    let changes = json!({"idp": {"metadata_url": provider.metadata_url()}});
    for kind in ["fetch", "look_up", "reserve", "save"] {
        let site = Site::of(&provider, &changes);
        let mut browser = Browser::new();
        let way = if kind == "fetch" { "wrong-key" } else { "none" };
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", way)]);
        let mut action = site.cross(&browser.submit_event(&site, &form));
        while action["action"] == "ask" && action["what"] != kind {
            let result = site.answer(&action);
            action = site.cross(&json!({"kind": "answer", "resume": action["resume"], "result": result}));
        }
        if action["action"] == "ask" {
            let result = json!({"error": HOSTILE});
            action = site.cross(&json!({"kind": "answer", "resume": action["resume"], "result": result}));
        }
        assert_harmless(&action, kind);
        assert!(!action["body"].as_str().unwrap_or_default().contains("alert"), "{kind}");
    }
}

#[test]
fn the_message_of_the_provider_is_shown_nowhere() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", "status-error")]);
    let answer = browser.submit(&site, &form);
    answer.assert_refused("idp-denied");
    for text in ["AADSTS", "50105", "Responder", "contoso.com"] {
        assert!(!answer.body().contains(text), "{text}");
    }
}

#[test]
fn the_user_id_is_named_to_whom_the_host_does_not_let_in() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (user, way, code, id) in [
        ("b.simon", "unknown-user", "user-not-found", None),
        ("i.inactive", "none", "user-inactive", Some("i.inactive@contoso.example")),
        ("g.guest", "none", "user-not-permitted", Some("g.guest@fabrikam.example")),
    ] {
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", user, &[("misbehave", way)]);
        let answer = browser.submit(&site, &form);
        answer.assert_refused(code);
        let asked = site.asked.lock().unwrap().last().unwrap()["user"].as_str().unwrap().to_owned();
        assert_eq!(id.unwrap_or(&asked), asked);
        let shown = format!("<bdi id=\"ostiary-user-id\">{asked}</bdi>");
        assert!(answer.body().contains(&shown), "{}", answer.body());
    }
    let transform =
        json!({"user_id": {"transform": {"pattern": "(.*)@fabrikam\\.example", "replace": "$1"}}});
    let site = Site::of(&provider, &transform);
    let answer = Browser::new().sign_in(&site, &provider, "/", "b.simon");
    answer.assert_refused("user-id-transform");
    assert!(answer.body().contains(">b.simon@contoso.example</bdi>"), "{}", answer.body());
}

#[test]
fn a_way_back_in_is_on_every_refusal() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"pages": {"product": "Contoso Jira", "help": "Call 1234."}}));
    let answer = Browser::new().submit(
        &site,
        &Form {
            action: format!("{}{ACS_PATH}", site.origin),
            fields: vec![("SAMLResponse".into(), "!".into())],
        },
    );
    answer.assert_refused("base64-invalid");
    let body = answer.body();
    assert!(body.contains(&format!(
        "<a id=\"ostiary-try-again\" class=\"button\" href=\"{}{ACS_PATH}\">",
        site.origin
    )));
    assert!(body.contains("Call 1234.") && body.contains("Contoso Jira</title>"), "{body}");
}
