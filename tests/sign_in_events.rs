//! What crosses the door: garbage, stale tokens, one purpose as another. An answer always comes back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use ostiary_testkit::SeededRng;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{ACS_PATH, Browser, Provider, Site};

/// The first question of a sign-in, and the site that asked it.
fn asked() -> (Site, Value) {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/X-1", "b.simon", &[]);
    let ask = site.cross(&browser.submit_event(&site, &form));
    assert_eq!(ask["what"], "look_up", "{ask}");
    (site, ask)
}

fn answer(site: &Site, resume: &Value) -> Value {
    site.cross(&json!({"kind": "answer", "resume": resume, "result": {"found": "b.simon"}}))
}

#[test]
fn a_token_works_once() {
    let (site, ask) = asked();
    let next = answer(&site, &ask["resume"]);
    assert_eq!(next["what"], "reserve");
    for _ in 0..3 {
        assert_eq!(answer(&site, &ask["resume"])["code"], "resume-invalid");
    }
    let reserved = json!({"kind": "answer", "resume": next["resume"], "result": {"reserved": true}});
    assert_eq!(site.cross(&reserved)["what"], "reserve", "the next ID");
    assert_eq!(site.cross(&reserved)["code"], "resume-invalid");
}

#[test]
fn a_token_works_for_a_minute() {
    for (seconds, works) in [(59, true), (60, false), (3600, false)] {
        let (site, ask) = asked();
        site.wait(seconds);
        assert_eq!(answer(&site, &ask["resume"])["action"] == "ask", works, "{seconds} s");
    }
}

#[test]
fn a_token_works_on_its_own_engine_only() {
    let (_, ask) = asked();
    let provider = Provider::entra();
    // The same configuration and keys, opened anew: the key of the tokens is another.
    let mut other = Site::of(&provider, &json!({}));
    let opened = ostiary_engine::Engine::open(
        other.config.to_string().as_bytes(),
        other.now(),
        &mut SeededRng::new(2),
    );
    other.engine = opened.engine.unwrap();
    assert_eq!(answer(&other, &ask["resume"])["code"], "resume-invalid");
}

#[test]
fn a_token_is_no_cookie_and_a_cookie_no_token() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    let (name, (cookie, _)) = browser.jar.first_key_value().map(|(k, v)| (k.clone(), v.clone())).unwrap();
    assert_eq!(answer(&site, &json!(cookie))["code"], "resume-invalid");
    let ask = site.cross(&browser.submit_event(&site, &form));
    browser.jar.get_mut(&name).unwrap().0 = ask["resume"].as_str().unwrap().to_owned();
    browser.submit(&site, &form).assert_refused("attempt-invalid");
}

#[test]
fn an_answer_of_the_wrong_shape_signs_nobody_in() {
    for result in [
        json!({"reserved": true}),
        json!({"saved": true}),
        json!({"found": "admin", "more": 1}),
        json!([]),
        json!(null),
        json!({"found": ["admin"]}),
    ] {
        let (site, ask) = asked();
        let action = site.cross(&json!({"kind": "answer", "resume": ask["resume"], "result": result}));
        assert_eq!(action["code"], "ask-unanswered", "{result}");
    }
    for result in [
        json!({"reserved": false}),
        json!({"reserved": true, "why": "full"}),
        json!({}),
        json!({"reserved": "true"}),
    ] {
        let (site, ask) = asked();
        let ask = answer(&site, &ask["resume"]);
        let action = site.cross(&json!({"kind": "answer", "resume": ask["resume"], "result": result}));
        assert_eq!(action["code"], "ask-unanswered", "{result}");
    }
}

#[test]
fn unknown_fields_and_kinds_are_refused() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let visit = Browser::new().visit_event(&site, "/");
    let with = |name: &str| {
        let mut event = visit.clone();
        event[name] = json!(1);
        event
    };
    for event in [
        with("is_adnin"),
        with("User"),
        json!({"kind": "request"}),
        json!({"kind": "Request", "method": "GET"}),
        json!({"kind": "answer", "resume": "x"}),
        json!({"kind": "answer", "resume": "x", "result": {}, "user": "admin"}),
        json!({"kind": "tick", "now": 0}),
        json!({"kind": "sign_in", "user": "admin"}),
        json!({"kind": "logout", "who": "all"}),
        json!({"kind": "check_config"}),
        json!({"kind": "configure", "metadata": "x"}),
        json!([visit]),
        json!(null),
    ] {
        let action = site.cross(&event);
        assert_eq!(
            (&action["action"], &action["code"]),
            (&json!("respond"), &json!("event-unreadable")),
            "{event}"
        );
        assert_eq!(action["status"], 500);
        let text = action.to_string();
        assert!(!text.contains("is_adnin"), "nothing of the event comes back: {text}");
    }
    let twice = br#"{"kind":"request","method":"GET","url":"https://jira.contoso.example/","path":"/","path":"/open"}"#;
    let action = site.engine.handle(twice, site.now(), &mut SeededRng::new(3));
    let action: Value = serde_json::from_slice(&action).unwrap();
    assert_eq!(action["code"], "event-unreadable", "a field that is given twice is refused: {action}");
}

thread_local! {
    static SITE: Site = Site::of(&Provider::entra(), &json!({"policy": {"allow_unsolicited": true}}));
    static HONEST: (Value, String) = {
        let provider = Provider::entra();
        let site = Site::of(&provider, &json!({}));
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
        let xml = form.field("SAMLResponse").unwrap().to_owned();
        (browser.submit_event(&site, &form), xml)
    };
}

fn never_signs_in(event: &[u8]) {
    SITE.with(|site| {
        let action = site.engine.handle(event, site.now(), &mut SeededRng::new(9));
        let action: Value = serde_json::from_slice(&action).unwrap();
        assert!(
            ["pass", "respond", "ask", "sign_out"].contains(&action["action"].as_str().unwrap()),
            "{action}"
        );
    });
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("GET")),
        Just(json!("POST")),
        Just(json!(ACS_PATH)),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,8}", inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_answered(event in prop::collection::vec(any::<u8>(), 0..300)) {
        never_signs_in(&event);
    }

    #[test]
    fn any_values_in_a_request_are_answered(
        field in prop::sample::select(vec!["method", "url", "path", "query", "form", "form_problem", "cookies", "headers", "user", "session"]),
        value in json_value(),
        post in any::<bool>(),
    ) {
        SITE.with(|site| {
            let browser = Browser::new();
            let mut event = browser.visit_event(site, ACS_PATH);
            if post {
                event["method"] = json!("POST");
                event["form"] = json!({"SAMLResponse": ["PHg+"]});
            }
            event[field] = value;
            never_signs_in(event.to_string().as_bytes());
        });
    }

    #[test]
    fn any_texts_in_a_form_are_answered(response in ".{0,200}", relay_state in ".{0,100}", cookie in ".{0,60}") {
        SITE.with(|site| {
            let mut event = Browser::new().form_event(site, ACS_PATH, &[
                ("SAMLResponse".to_owned(), response),
                ("RelayState".to_owned(), relay_state.clone()),
            ]);
            event["cookies"] = json!({ format!("ostiary_{relay_state}"): cookie });
            never_signs_in(event.to_string().as_bytes());
        });
    }

    #[test]
    fn any_changed_byte_of_a_message_by_an_unknown_key_signs_nobody_in(at in any::<prop::sample::Index>(), by in 1_u8..=255) {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        HONEST.with(|(event, response)| {
            let mut xml = STANDARD.decode(response).unwrap();
            let at = at.index(xml.len());
            xml[at] ^= by;
            let mut event = event.clone();
            event["form"]["SAMLResponse"] = json!([STANDARD.encode(&xml)]);
            // The site of another provider with the same settings: it does not know the key, so nothing may pass.
            never_signs_in(event.to_string().as_bytes());
        });
    }
}

#[test]
fn a_changed_byte_of_an_honest_message_never_yields_another_user() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    let xml = STANDARD.decode(form.field("SAMLResponse").unwrap()).unwrap();
    let mut refused = 0;
    for at in (0..xml.len()).step_by(7) {
        for bit in [0x01, 0x20] {
            let mut changed = xml.clone();
            changed[at] ^= bit;
            let form = form.with("SAMLResponse", Some(&STANDARD.encode(&changed)));
            let action = site.cross(&browser.submit_event(&site, &form));
            // What the signature does not cover may change without harm (an Entra Response is itself unsigned).
            match action["action"].as_str().unwrap() {
                "ask" => assert_eq!(action["user"], "b.simon@contoso.example", "byte {at}"),
                _ => refused += 1,
            }
        }
    }
    assert!(refused > xml.len() / 7, "most changes are refused: {refused}");
}
