//! One assertion, one sign-in; and the one clean restart that heals a stale answer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::json;
use std::sync::Arc;
use support::{Browser, Provider, Site};

#[test]
fn a_form_that_is_sent_twice_signs_in_once_and_ends_on_the_same_page() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/X-1?a=b", "b.simon", &[]);
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
    for _ in 0..3 {
        let again = browser.submit(&site, &form);
        assert_eq!(
            (again.kind(), again.status(), again.code()),
            ("respond", 303, "already-used"),
            "{}",
            again.0
        );
        assert_eq!(again.location(), "/browse/X-1?a=b");
    }
}

#[test]
fn a_replay_by_somebody_else_never_signs_in() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/X-1", "b.simon", &[]);
    let stolen_cookies = browser.clone();
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
    let mut thief = stolen_cookies;
    let restarted = thief.submit(&site, &form);
    assert_eq!((restarted.kind(), restarted.status(), restarted.code()), ("respond", 303, "restarted"));
    assert!(restarted.location().starts_with(&provider.sso_url()));
    assert!(site.logged().contains(&"already-used".to_owned()));
    let mut colleague = browser.clone();
    colleague.user = Some("a.adams".to_owned());
    assert_eq!(colleague.submit(&site, &form).code(), "restarted", "signed in, but as somebody else");
}

#[test]
fn fifty_posts_at_once_sign_in_once() {
    let provider = Provider::entra();
    let site = Arc::new(Site::of(&provider, &json!({})));
    let mut browser = Browser::new();
    for shape in ["assertion", "both"] {
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("shape", shape)]);
        let event = Arc::new(browser.submit_event(&site, &form));
        let threads: Vec<_> = (0..50)
            .map(|_| {
                let (site, event) = (Arc::clone(&site), Arc::clone(&event));
                std::thread::spawn(move || site.turn(&event)["action"] == "sign_in")
            })
            .collect();
        let signed_in = threads.into_iter().map(|thread| thread.join().unwrap()).filter(|yes| *yes).count();
        assert_eq!(signed_in, 1, "{shape}");
    }
}

#[test]
fn a_second_answer_to_the_same_request_never_signs_in() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let leaving = browser.start(&site, "/browse/X-1");
    let login = provider.login_page(leaving.location(), site.now());
    let first = provider.press(&login, "b.simon", &[], site.now());
    let second = provider.press(&login, "a.adams", &[], site.now());
    assert_eq!(browser.submit(&site, &first).0["user"], "b.simon");
    let answer = browser.submit(&site, &second);
    assert_eq!(answer.code(), "restarted", "{}", answer.0);
}

#[test]
fn restarts_a_lost_attempt_once_and_then_says_so() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/X-1", "b.simon", &[]);
    browser.jar.clear();
    let restarted = browser.submit(&site, &form);
    assert_eq!((restarted.status(), restarted.code()), (303, "restarted"), "{}", restarted.0);
    let login = provider.login_page(restarted.location(), site.now());
    let form = provider.press(&login, "b.simon", &[], site.now());
    assert!(form.field("RelayState").unwrap().starts_with("r1.id"));
    let mut forgetful = browser.clone();
    forgetful.jar.clear();
    forgetful.submit(&site, &form).assert_refused("attempt-missing");
    let healed = browser.submit(&site, &form);
    assert_eq!((healed.kind(), healed.0["target"].as_str().unwrap()), ("sign_in", "/"), "the target is lost");
}

#[test]
fn restarts_an_expired_attempt_with_its_target() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let leaving = browser.start(&site, "/browse/X-1?a=b");
    site.wait(3600);
    let login = provider.login_page(leaving.location(), site.now());
    let late = provider.press(&login, "b.simon", &[], site.now());
    let restarted = browser.submit(&site, &late);
    assert_eq!(restarted.code(), "restarted", "{}", restarted.0);
    assert!(site.logged().contains(&"attempt-expired".to_owned()));
    let login = provider.login_page(restarted.location(), site.now());
    let answer = browser.submit(&site, &provider.press(&login, "b.simon", &[], site.now()));
    assert_eq!(answer.0["target"], "/browse/X-1?a=b", "{}", answer.0);
}

#[test]
fn says_that_a_restarted_attempt_expired() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    browser.jar.clear();
    let restarted = browser.submit(&site, &form);
    site.wait(3600);
    let login = provider.login_page(restarted.location(), site.now());
    let late = provider.press(&login, "b.simon", &[], site.now());
    browser.submit(&site, &late).assert_refused("attempt-expired");
}

#[test]
fn says_that_a_restarted_answer_was_used() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    browser.jar.clear();
    let restarted = browser.submit(&site, &form);
    let login = provider.login_page(restarted.location(), site.now());
    let form = provider.press(&login, "b.simon", &[], site.now());
    let mut thief = browser.clone();
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
    thief.submit(&site, &form).assert_refused("already-used");
}

#[test]
fn never_restarts_without_a_relay_state_that_could_carry_the_mark() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let form = Browser::new().answer_of(&site, &provider, "/", "b.simon", &[]);
    for relay_state in
        [None, Some(""), Some("id00000000000000000000000000000000"), Some("/browse"), Some("r2.x")]
    {
        let form = form.with("RelayState", relay_state);
        Browser::new().submit(&site, &form).assert_refused("attempt-missing");
    }
}

#[test]
fn never_restarts_a_failure_of_trust() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (way, code) in [
        ("wrong-key", "signature-invalid"),
        ("wrong-issuer", "response-issuer-mismatch"),
        ("wrong-audience", "audience-mismatch"),
        ("wrong-destination", "destination-mismatch"),
    ] {
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", way)]);
        browser.submit(&site, &form).assert_refused(code);
    }
}

#[test]
fn refuses_what_the_one_time_store_does_not_vouch_for() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (why, code) in [
        ("full", "one-time-store-full"),
        ("unreachable", "one-time-store-unreachable"),
        ("before-start", "one-time-before-start"),
    ] {
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
        *site.store_fails.lock().unwrap() = Some(why);
        browser.submit(&site, &form).assert_refused(code);
        *site.store_fails.lock().unwrap() = None;
        assert_eq!(browser.submit(&site, &form).kind(), "sign_in", "what was refused was not used up");
    }
}
