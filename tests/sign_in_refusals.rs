//! What does not get in, each with its own code, and without a forged identity.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use ostiary_testkit::Misbehaviour;
use serde_json::{Value, json};
use support::{ACS_PATH, Browser, Provider, Site, start_of_time};

/// The code that each way of misbehaving ends in; no code where it is none of the engine's business.
fn code_of(way: Misbehaviour) -> Option<&'static str> {
    Some(match way {
        // A replay of nothing; tests/sign_in_once.rs replays in earnest. A key published just now: tests of the refresh.
        Misbehaviour::None | Misbehaviour::Replay | Misbehaviour::NewKey => return None,
        Misbehaviour::WrongAudience => "audience-mismatch",
        Misbehaviour::WrongRecipient => "recipient-mismatch",
        Misbehaviour::WrongDestination => "destination-mismatch",
        Misbehaviour::WrongIssuer => "response-issuer-mismatch",
        Misbehaviour::Expired => "confirmation-expired",
        Misbehaviour::NotYetValid => "conditions-not-yet-valid",
        Misbehaviour::Tampered => "signature-digest-mismatch",
        Misbehaviour::Unsigned => "signature-missing",
        Misbehaviour::WrongKey => "signature-invalid",
        Misbehaviour::NoInResponseTo => "in-response-to-missing",
        Misbehaviour::WrongInResponseTo => "response-in-response-to",
        Misbehaviour::CommentInNameId => "xml-comment",
        Misbehaviour::Sha1 => "signature-sha1",
        Misbehaviour::TwoAssertions | Misbehaviour::Wrapped => "assertion-not-unique",
        Misbehaviour::DuplicateId => "xml-duplicate-id",
        Misbehaviour::StatusError => "idp-denied",
        Misbehaviour::UnknownUser => "user-not-found",
        Misbehaviour::EmptyNameId => "name-id-missing",
        Misbehaviour::Huge => "message-too-large",
        Misbehaviour::Doctype => "xml-doctype",
        Misbehaviour::Truncated => "xml-malformed",
        Misbehaviour::NotBase64 => "base64-invalid",
        Misbehaviour::WrongRelayState | Misbehaviour::NoRelayState => "relay-state-invalid",
    })
}

#[test]
fn refuses_every_way_of_misbehaving_with_its_own_code() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (way, id, _) in Misbehaviour::ALL {
        let Some(code) = code_of(*way) else { continue };
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", id)]);
        let answer = browser.submit(&site, &form);
        assert_eq!(answer.code(), code, "{id}: {}", answer.0);
        answer.assert_refused(code);
        let page = answer.body();
        assert!(!page.contains("admin@") && !page.contains("AADSTS"), "{id}: the page says too much");
        let honest = Browser::new().sign_in(&site, &provider, "/", "b.simon");
        assert_eq!(honest.kind(), "sign_in", "after {id} the honest answer still passes: {}", honest.0);
    }
    let asked = site.asked.lock().unwrap();
    assert!(
        asked.iter().all(|ask| ask["user"] != "admin@contoso.example"),
        "nobody was asked for a forged user"
    );
}

#[test]
fn accepts_sha1_only_where_told_and_says_so() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"policy": {"allow_sha1": true}}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", "sha1")]);
    let answer = browser.submit(&site, &form);
    assert_eq!(answer.kind(), "sign_in");
    let lines = site.log.lock().unwrap();
    let line = lines.iter().find(|line| line["code"] == "sha1-accepted").unwrap();
    assert_eq!(line["correlation"], answer.0["correlation"], "one reference over all questions to the host");
}

#[test]
fn refuses_without_a_signing_key_of_the_provider() {
    let provider = Provider::entra();
    let form = Browser::new().answer_of(&Site::of(&provider, &json!({})), &provider, "/", "b.simon", &[]);
    let site =
        Site::of(&provider, &json!({"idp": {"certificates": [], "metadata_url": provider.metadata_url()}}));
    assert_eq!(site.opened["armed"], false);
    Browser::new().start(&site, "/browse/X-1").assert_refused("no-signing-key");
    Browser::new().submit(&site, &form).assert_refused("no-signing-key");
}

#[test]
fn refuses_an_answer_to_another_browser() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let (mut attacker, mut victim) = (Browser::new(), Browser::new());
    let form = attacker.answer_of(&site, &provider, "/", "a.adams", &[]);
    // The victim's browser has an attempt of its own, but not the attacker's.
    let _leaving = victim.start(&site, "/browse/X-1");
    let answer = victim.submit(&site, &form);
    assert_eq!(answer.code(), "restarted", "{}", answer.0);
    assert_eq!(victim.user, None);
    assert_eq!(site.asked("look_up"), 0);
    // And its own RelayState does not help.
    let own = victim.jar.keys().next().unwrap().replace("ostiary_", "");
    let mixed = victim.submit(&site, &form.with("RelayState", Some(&own)));
    mixed.assert_refused("response-in-response-to");
}

#[test]
fn refuses_a_cookie_that_does_not_open() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    let honest = browser.jar.clone();
    let name = honest.keys().next().unwrap().clone();
    for change in ["", "x", "AAAA"] {
        browser.jar.get_mut(&name).unwrap().0 = change.to_owned();
        browser.submit(&site, &form).assert_refused("attempt-invalid");
    }
    browser.jar = honest.clone();
    let flipped = &mut browser.jar.get_mut(&name).unwrap().0;
    let last = if flipped.ends_with('A') { "B" } else { "A" };
    flipped.replace_range(50..51, last);
    let answer = browser.submit(&site, &form);
    assert!(answer.code() == "attempt-invalid", "{}", answer.0);
    // Another installation's cookie: another key, another entity ID.
    for changes in [
        json!({"keys": {"sealing": "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg="}}),
        json!({"sp": {"entity_id": "https://wiki.contoso.example/"}}),
    ] {
        browser.jar = honest.clone();
        browser.submit(&Site::of(&provider, &changes), &form).assert_refused("attempt-invalid");
    }
    browser.jar = honest;
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
}

#[test]
fn refuses_forms_that_are_none_of_the_binding() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    let honest = browser.submit_event(&site, &form);
    let change = |pointer: &str, value: Value| {
        let mut event = honest.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let response = form.field("SAMLResponse").unwrap();
    let relay_state = form.field("RelayState").unwrap();
    let problem = |problem: &str| {
        let mut event = honest.clone();
        event["form"] = Value::Null;
        event["form_problem"] = json!(problem);
        event
    };
    for (event, code) in [
        (change("/form", Value::Null), "form-invalid"),
        (problem("too-large"), "message-too-large"),
        (problem("not-urlencoded"), "form-invalid"),
        (problem("in-query"), "form-invalid"),
        (change("/query", json!("SAMLResponse=x")), "form-invalid"),
        (change("/query", json!("a=b&%53AMLResponse=x")), "form-invalid"),
        (change("/query", json!("RelayState=x")), "form-invalid"),
        (change("/form", json!({})), "response-missing"),
        (change("/form", json!({"SAMLRequest": [response]})), "response-missing"),
        (change("/form/SAMLResponse", json!([])), "response-missing"),
        (change("/form/SAMLResponse", json!([response, response])), "form-invalid"),
        (change("/form/RelayState", json!([relay_state, relay_state])), "relay-state-invalid"),
        (change("/form/RelayState", json!(["/".repeat(81)])), "relay-state-invalid"),
        (change("/form/SAMLResponse", json!([""])), "xml-malformed"),
        (change("/form/SAMLResponse", json!(["PHg+PC94Pg=="])), "response-not-a-response"),
    ] {
        let answer = browser.clone().take(&site, &event);
        assert_eq!(answer.code(), code, "{}", answer.0);
    }
    assert_eq!(browser.take(&site, &honest).kind(), "sign_in");
}

#[test]
fn refuses_users_whom_the_host_does_not_let_in() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (user, code) in [("i.inactive", "user-inactive"), ("g.guest", "user-not-permitted")] {
        let answer = Browser::new().sign_in(&site, &provider, "/", user);
        answer.assert_refused(code);
        let text = site.log.lock().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
        assert!(text.contains(user), "the administrator sees which id came: {text}");
    }
    assert_eq!(site.asked("reserve"), 0, "who is refused uses nothing up");
    for (answer, code) in [
        (json!({"error": "LDAP is down"}), "user-lookup-failed"),
        (json!({"found": ""}), "ask-unanswered"),
        (json!({"found": "b.simon", "refused": "inactive"}), "user-inactive"),
        (json!({"found": "b.simon", "error": "x"}), "user-lookup-failed"),
        (json!({}), "ask-unanswered"),
        (json!({"found": 7}), "ask-unanswered"),
        (json!("b.simon"), "ask-unanswered"),
        (Value::Null, "ask-unanswered"),
    ] {
        site.directory.lock().unwrap().insert("b.simon@contoso.example".to_owned(), answer.clone());
        let refused = Browser::new().sign_in(&site, &provider, "/", "b.simon");
        assert_eq!(refused.code(), code, "{answer}");
        refused.assert_refused(code);
    }
}

#[test]
fn refuses_an_id_that_the_transform_does_not_match_as_a_whole() {
    let provider = Provider::entra();
    for pattern in
        ["b", "^b.simon", "(.*)@fabrikam.example", "b.simon@contoso.exampl|x", ".*@contoso(?=.example)?"]
    {
        let Ok(site) = std::panic::catch_unwind(|| {
            Site::of(&provider, &json!({"user_id": {"transform": {"pattern": pattern, "replace": "admin"}}}))
        }) else {
            assert!(pattern.contains("?="), "look-around is no part of the language: {pattern}");
            continue;
        };
        Browser::new().sign_in(&site, &provider, "/", "b.simon").assert_refused("user-id-transform");
    }
    let empty = json!({"user_id": {"transform": {"pattern": "(.*)", "replace": ""}}});
    Browser::new()
        .sign_in(&Site::of(&provider, &empty), &provider, "/", "b.simon")
        .assert_refused("user-id-transform");
}

#[test]
fn refuses_an_attribute_that_is_missing_or_ambiguous() {
    let provider = Provider::entra();
    let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    for (attribute, code) in [("upn", "user-id-missing"), (groups, "user-id-ambiguous")] {
        let site = Site::of(&provider, &json!({"user_id": {"attribute": attribute}}));
        Browser::new().sign_in(&site, &provider, "/", "b.simon").assert_refused(code);
    }
}

#[test]
fn demands_the_signatures_that_the_configuration_wants() {
    let provider = Provider::entra();
    for (policy, shape, code) in [
        ("want_response_signed", "assertion", "response-unsigned"),
        ("want_assertion_signed", "response", "assertion-unsigned"),
    ] {
        let site = Site::of(&provider, &json!({"policy": {policy: true}}));
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("shape", shape)]);
        browser.submit(&site, &form).assert_refused(code);
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("shape", "both")]);
        assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
    }
}

#[test]
fn reports_a_silent_sign_in_that_is_not_possible() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"request": {"is_passive": true}}));
    let mut browser = Browser::new();
    let leaving = browser.start(&site, "/");
    let form = provider.login_page(leaving.location(), start_of_time());
    assert!(form.action.ends_with(ACS_PATH), "the provider answers at once");
    browser.submit(&site, &form).assert_refused("idp-no-passive");
}

#[test]
fn a_refusal_is_one_line_of_warning_and_a_sign_in_none() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut sent = Vec::new();
    for number in 0..100 {
        let way = if number % 10 == 0 {
            ["tampered", "wrong-audience", "comment-in-name-id"][number / 10 % 3]
        } else {
            "none"
        };
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/browse/SECRET-1", "b.simon", &[("misbehave", way)]);
        sent.push(form.field("SAMLResponse").unwrap().to_owned());
        sent.push(browser.jar.values().next().unwrap().0.clone());
        let _answer = browser.submit(&site, &form);
    }
    let lines = site.log.lock().unwrap();
    let warnings = lines.iter().filter(|line| line["level"] != "info").count();
    assert_eq!(warnings, 10, "{lines:?}");
    let all = json!(*lines).to_string();
    assert!(!all.contains("B. Simon") && !all.contains("SECRET-1"), "no personal data beyond the user id");
    assert!(sent.iter().all(|secret| !all.contains(&secret[..40])), "no assertion, no cookie");
}
