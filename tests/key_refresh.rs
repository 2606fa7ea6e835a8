//! Refresh of the identity provider's metadata: when it is fetched, what is taken over, and what changes nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_engine::Engine;
use ostiary_testkit::{Flavour, MetadataShape, SeededRng, TestKey, idp_metadata, shift, stamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use support::{Browser, Form, Provider, Site, merge, start_of_time};

const HOUR: i64 = 3600;

/// Keys of documents that the provider did not write.
static KEYS: LazyLock<[TestKey; 2]> =
    LazyLock::new(|| ["one", "two"].map(|name| TestKey::generate(name, start_of_time()).unwrap()));

/// A site that knows the metadata URL and, unless `changes` say otherwise, everything else as well.
fn refreshing(provider: &Arc<Provider>, changes: &Value) -> Site {
    let mut config = json!({"idp": {"metadata_url": provider.metadata_url()}});
    merge(&mut config, changes);
    let site = Site::of(provider, &config);
    let provider = Arc::clone(provider);
    serve(&site, move |_| found(&provider.metadata(start_of_time())));
    site
}

fn serve(site: &Site, fetch: impl Fn(&str) -> Value + Send + Sync + 'static) {
    *site.fetch.lock().unwrap() = Some(Box::new(fetch));
}

fn found(document: &[u8]) -> Value {
    json!({"status": 200, "body": STANDARD.encode(document)})
}

/// A configuration that holds nothing but the metadata URL.
fn bare(provider: &Provider) -> Site {
    let mut config = Site::config(provider);
    config["idp"] = json!({"metadata_url": provider.metadata_url()});
    Site::open(config)
}

/// What the provider says to a user who began at the site, signed by `misbehave`'s key.
fn form(site: &Site, provider: &Provider, browser: &mut Browser, misbehave: &str) -> Form {
    browser.answer_of(site, provider, "/browse/X-1?a=b", "b.simon", &[("misbehave", misbehave)])
}

fn tick(site: &Site) -> Value {
    site.turn(&json!({"kind": "tick"}))
}

/// Certificates that the host keeps.
fn kept(site: &Site) -> Option<Vec<String>> {
    let saved = site.saved.lock().unwrap();
    serde_json::from_value(saved.last()?["idp"]["certificates"].clone()).ok()
}

fn count(codes: &[String], code: &str) -> usize {
    codes.iter().filter(|other| *other == code).count()
}

// On a signature by a key that nobody knows.

#[test]
fn a_new_key_is_fetched_once_and_the_same_answer_signs_in() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = form(&site, &provider, &mut browser, "new-key");
    let answer = browser.submit(&site, &form);
    assert_eq!((answer.kind(), answer.code()), ("sign_in", "signed-in"), "{}", answer.0);
    assert_eq!(answer.0["target"], "/browse/X-1?a=b");
    assert_eq!(site.asked("fetch"), 1);
    assert_eq!(kept(&site).unwrap(), provider.certificates(start_of_time()), "the host keeps the new keys");
    assert_eq!(site.saved.lock().unwrap().last().unwrap()["revision"], 1, "raised");
    assert!(site.logged().contains(&"keys-refreshed".to_owned()));
}

#[test]
fn the_question_names_the_configured_url_and_its_limits() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    tick(&site);
    let asked = site.asked.lock().unwrap();
    assert_eq!(asked[0]["what"], "fetch");
    assert_eq!(asked[0]["url"], provider.metadata_url());
    assert_eq!((&asked[0]["max_bytes"], &asked[0]["timeout_ms"]), (&json!(1_048_576), &json!(10_000)));
}

#[test]
fn a_rollover_keeps_everybody_signing_in() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let signs_in = || Browser::new().sign_in(&site, &provider, "/", "b.simon").kind() == "sign_in";
    assert!(signs_in());
    provider.control("publish", site.now());
    site.wait(6 * HOUR);
    tick(&site);
    assert!(signs_in(), "two keys are published, the first signs");
    provider.control("rotate", site.now());
    assert!(signs_in(), "an unknown third one signs: fetched within the request");
    provider.control("drop", site.now());
    site.wait(6 * HOUR);
    tick(&site);
    assert!(signs_in(), "the old ones are gone");
    assert_eq!(kept(&site).unwrap().len(), 1);
}

#[test]
fn a_flood_of_a_thousand_bad_signatures_fetches_once_in_five_minutes() {
    let provider = Arc::new(Provider::entra());
    let site =
        refreshing(&provider, &json!({"refresh": {"last_refresh_ms": start_of_time().as_millisecond()}}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "wrong-key");
    let event = browser.submit_event(&site, &bad);
    for _ in 0..1000 {
        assert_eq!(site.turn(&event)["code"], "signature-invalid");
    }
    assert_eq!(site.asked("fetch"), 1);
    site.wait(299);
    assert_eq!(site.turn(&event)["code"], "signature-invalid");
    assert_eq!(site.asked("fetch"), 1, "not a second before");
    site.wait(1);
    site.turn(&event);
    site.turn(&event);
    assert_eq!(site.asked("fetch"), 2);
    assert!(site.saved.lock().unwrap().is_empty(), "nothing new was said");
}

#[test]
fn failed_fetches_count() {
    let provider = Arc::new(Provider::entra());
    let site =
        refreshing(&provider, &json!({"refresh": {"last_refresh_ms": start_of_time().as_millisecond()}}));
    serve(&site, |_| json!({"error": "timeout"}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "wrong-key");
    let event = browser.submit_event(&site, &bad);
    for _ in 0..100 {
        assert_eq!(site.turn(&event)["code"], "signature-invalid");
    }
    assert_eq!(site.asked("fetch"), 1);
    assert_eq!(count(&site.logged(), "metadata-fetch-failed"), 1);
}

#[test]
fn a_flood_on_many_threads_fetches_once() {
    let provider = Arc::new(Provider::entra());
    let site =
        refreshing(&provider, &json!({"refresh": {"last_refresh_ms": start_of_time().as_millisecond()}}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "wrong-key");
    let event = browser.submit_event(&site, &bad);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(site.turn(&event)["code"], "signature-invalid")));
        }
    });
    assert_eq!(site.asked("fetch"), 1);
}

#[test]
fn only_our_own_attempts_and_the_right_issuer_cause_a_fetch() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "wrong-key");
    let mut stranger = Browser::new();
    let marked = bad.with("RelayState", Some(&format!("r1.{}", bad.field("RelayState").unwrap())));
    stranger.submit(&site, &marked).assert_refused("attempt-missing");
    let other = Arc::new(Provider::of_tenant(
        "99999999-0000-cccc-1111-dddd2222eeee",
        support::ORIGIN,
        support::ENTITY_ID,
    ));
    let leaving = browser.start(&site, "/").location().replace(&provider.sso_url(), &other.sso_url());
    let login = other.login_page(&leaving, site.now());
    let foreign = other.press(&login, "b.simon", &[], site.now());
    let answer = browser.submit(&site, &foreign);
    assert_eq!(answer.kind(), "respond", "{}", answer.0);
    for misbehave in ["tampered", "wrong-audience", "unsigned", "sha1"] {
        let form = form(&site, &provider, &mut Browser::new(), misbehave);
        assert_eq!(browser.submit(&site, &form).kind(), "respond");
    }
    assert_eq!(site.asked("fetch"), 0);
}

#[test]
fn without_a_metadata_url_nothing_is_fetched() {
    let provider = Arc::new(Provider::entra());
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "new-key");
    browser.submit(&site, &bad).assert_refused("signature-invalid");
    assert_eq!(tick(&site)["action"], "pass");
    assert_eq!(site.asked("fetch"), 0);
}

// One at a time, and nobody waits.

#[test]
fn while_one_fetches_others_are_answered_with_the_keys_there_are() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let (mut first, mut second) = (Browser::new(), Browser::new());
    let honest = form(&site, &provider, &mut second, "none");
    let new_key = form(&site, &provider, &mut first, "new-key");
    let asking = site.cross(&first.submit_event(&site, &new_key));
    assert_eq!((&asking["action"], &asking["what"]), (&json!("ask"), &json!("fetch")));
    assert_eq!(second.submit(&site, &honest).kind(), "sign_in");
    let mut third = Browser::new();
    let unknown = form(&site, &provider, &mut third, "wrong-key");
    third.submit(&site, &unknown).assert_refused("signature-invalid");
    assert_eq!(tick(&site)["action"], "pass");
    assert_eq!(site.asked("fetch"), 0, "nobody else was sent out");
    let result = site.answer(&asking);
    let mut action = site.cross(&json!({"kind": "answer", "resume": asking["resume"], "result": result}));
    while action["action"] == "ask" {
        let result = site.answer(&action);
        action = site.cross(&json!({"kind": "answer", "resume": action["resume"], "result": result}));
    }
    assert_eq!(action["action"], "sign_in", "{action}");
}

#[test]
fn a_thread_that_died_while_fetching_frees_the_way_after_thirty_seconds() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "wrong-key");
    let died = site.cross(&browser.submit_event(&site, &bad));
    assert_eq!(died["what"], "fetch");
    site.wait(29);
    tick(&site);
    assert_eq!(site.asked("fetch"), 0);
    site.wait(1);
    tick(&site);
    assert_eq!(site.asked("fetch"), 1);
}

#[test]
fn a_document_that_comes_too_late_is_left_aside() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "new-key");
    let asking = site.cross(&browser.submit_event(&site, &bad));
    site.wait(31);
    let result = found(&provider.metadata(start_of_time()));
    let late = site.cross(&json!({"kind": "answer", "resume": asking["resume"], "result": result}));
    assert_eq!(late["code"], "signature-invalid", "{late}");
    assert!(site.logged().contains(&"metadata-fetch-failed".to_owned()));
}

// By schedule.

#[test]
fn refreshes_by_schedule_with_jitter_and_never_later_than_configured() {
    let provider = Arc::new(Provider::entra());
    let mut waits = Vec::new();
    for seed in 0..6 {
        let site = refreshing(&provider, &json!({"refresh": {"hours": 6}}));
        for _ in 0..seed {
            site.cross(&json!({"kind": "check_config", "config": {}}));
        }
        tick(&site);
        assert_eq!(site.asked("fetch"), 1, "never fetched: at once");
        let mut minutes = 0;
        while site.asked("fetch") == 1 {
            site.wait(60);
            minutes += 1;
            tick(&site);
            assert!(minutes <= 360, "later than six hours");
        }
        assert!(minutes >= 320, "jitter of more than a tenth: {minutes}");
        waits.push(minutes);
    }
    waits.dedup();
    assert!(waits.len() > 1, "no jitter: {waits:?}");
}

#[test]
fn the_schedule_survives_a_restart() {
    let provider = Arc::new(Provider::entra());
    let last = start_of_time().as_millisecond() - 3 * HOUR * 1000;
    let site = refreshing(&provider, &json!({"refresh": {"hours": 6, "last_refresh_ms": last}}));
    tick(&site);
    assert_eq!(site.asked("fetch"), 0, "three hours are left");
    site.wait(3 * HOUR);
    tick(&site);
    assert_eq!(site.asked("fetch"), 1);
}

#[test]
fn the_schedule_has_its_own_budget() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    tick(&site);
    let mut browser = Browser::new();
    let bad = form(&site, &provider, &mut browser, "wrong-key");
    browser.submit(&site, &bad).assert_refused("signature-invalid");
    assert_eq!(site.asked("fetch"), 2);
    tick(&site);
    browser.submit(&site, &bad).assert_refused("signature-invalid");
    assert_eq!(site.asked("fetch"), 2);
}

#[test]
fn a_failed_scheduled_fetch_is_tried_again_after_five_minutes() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    serve(&site, |_| json!({"status": 503, "body": ""}));
    for minutes in 0..=60 {
        tick(&site);
        site.wait(60);
        assert!(site.asked("fetch") <= 1 + minutes / 5, "after {minutes} minutes: {}", site.asked("fetch"));
    }
    assert!(site.asked("fetch") >= 9, "{}", site.asked("fetch"));
    assert_eq!(count(&site.logged(), "metadata-fetch-failed"), site.asked("fetch"));
    assert_eq!(Browser::new().sign_in(&site, &provider, "/", "b.simon").kind(), "sign_in");
}

/// A document of our own making.
fn document(
    provider: &Provider,
    change: impl FnOnce(&mut MetadataShape<'_>),
    signed_by: Option<&TestKey>,
) -> Vec<u8> {
    let (entity_id, sso_url) = (provider.entity_id(), provider.sso_url());
    let certificates = [KEYS[0].certificate_base64().unwrap()];
    let mut shape = MetadataShape {
        flavour: Flavour::Entra,
        entity_id: &entity_id,
        id: "_1",
        sso_url: &sso_url,
        certificates: &certificates,
        valid_until: None,
        cache_duration: None,
    };
    change(&mut shape);
    idp_metadata(&shape, signed_by).unwrap().into_bytes()
}

#[test]
fn cache_duration_and_valid_until_make_the_next_fetch_come_sooner() {
    let provider = Arc::new(Provider::entra());
    let soon: &str = stamp(shift(start_of_time(), HOUR)).leak();
    let cached = document(&provider, |shape| shape.cache_duration = Some("PT1H"), None);
    let ending = document(&provider, |shape| shape.valid_until = Some(soon), None);
    let greedy = document(&provider, |shape| shape.cache_duration = Some("PT1S"), None);
    for (document, earliest, latest) in [(cached, 53, 60), (ending, 48, 60), (greedy, 5, 6)] {
        let site = refreshing(&provider, &json!({"refresh": {"hours": 24}}));
        serve(&site, move |_| found(&document));
        tick(&site);
        let mut minutes = 0;
        while site.asked("fetch") == 1 && minutes < 100 {
            site.wait(60);
            minutes += 1;
            tick(&site);
        }
        assert!((earliest..=latest).contains(&minutes), "{minutes} is not {earliest} to {latest}");
    }
}

// What changes nothing.

#[test]
fn a_document_that_is_not_good_changes_nothing() {
    let provider = Arc::new(Provider::entra());
    let past: &str = stamp(shift(start_of_time(), -1)).leak();
    let plain = String::from_utf8(document(&provider, |_| {}, None)).unwrap();
    let cut = plain.split("<IDPSSODescriptor").next().unwrap().to_owned();
    let documents: Vec<(&str, Value)> = vec![
        ("metadata-expired", found(&document(&provider, |shape| shape.valid_until = Some(past), None))),
        ("metadata-no-key", found(&document(&provider, |shape| shape.certificates = &[], None))),
        (
            "metadata-entity-mismatch",
            found(&document(&provider, |shape| shape.entity_id = "https://evil.example/", None)),
        ),
        (
            "metadata-tenant-template",
            found(&document(
                &provider,
                |shape| shape.entity_id = "https://sts.windows.net/{tenantid}/",
                None,
            )),
        ),
        (
            "metadata-endpoint-not-https",
            found(&document(&provider, |shape| shape.sso_url = "javascript:alert(1)", None)),
        ),
        (
            "metadata-certificate-invalid",
            found(&document(&provider, |shape| shape.certificates = const { &[String::new()] }, None)),
        ),
        (
            "metadata-time-invalid",
            found(&document(&provider, |shape| shape.cache_duration = Some("often"), None)),
        ),
        ("metadata-html", found(b"<html></html>")),
        ("metadata-invalid", found(b"<Entity/>")),
        ("metadata-no-idp", found(format!("{cut}</EntityDescriptor>").as_bytes())),
        ("xml-malformed", found(&plain.as_bytes()[..plain.len() - 40])),
        (
            "xml-doctype",
            found(plain.replace("<EntityDescriptor", "<!DOCTYPE x><EntityDescriptor").as_bytes()),
        ),
        ("metadata-fetch-refused", json!({"status": 302, "body": ""})),
        ("metadata-too-large", json!({"status": 200, "body": STANDARD.encode(vec![b' '; 1_048_577])})),
        ("metadata-not-found", json!({"status": 404, "body": STANDARD.encode(&plain)})),
        ("metadata-fetch-failed", json!({"status": 503, "body": STANDARD.encode(&plain)})),
        ("metadata-fetch-failed", json!({"error": "connection refused"})),
        ("metadata-fetch-failed", json!({"nonsense": true})),
    ];
    for (code, result) in documents {
        let site = refreshing(&provider, &json!({}));
        serve(&site, move |_| result.clone());
        tick(&site);
        assert_eq!(site.asked("fetch"), 1, "{code}");
        assert_eq!(count(&site.logged(), code), 1, "{code}: {:?}", site.log.lock().unwrap());
        assert!(site.saved.lock().unwrap().is_empty(), "{code}");
        assert_eq!(Browser::new().sign_in(&site, &provider, "/", "b.simon").kind(), "sign_in", "{code}");
    }
}

#[test]
fn a_document_that_says_nothing_new_is_not_saved() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    for _ in 0..3 {
        tick(&site);
        site.wait(6 * HOUR);
    }
    assert_eq!((site.asked("fetch"), site.asked("save")), (3, 0));
}

#[test]
fn a_pinned_signature_is_required_where_configured() {
    let provider = Arc::new(Provider::entra());
    let pin = KEYS[1].certificate_base64().unwrap();
    for (signed_by, code) in [
        (None, "metadata-signature-missing"),
        (Some(&KEYS[0]), "metadata-signature-invalid"),
        (Some(&KEYS[1]), "keys-refreshed"),
    ] {
        let site = refreshing(&provider, &json!({"idp": {"metadata_signature_certificates": [pin]}}));
        let document = document(&provider, |_| {}, signed_by);
        serve(&site, move |_| found(&document));
        tick(&site);
        assert_eq!(count(&site.logged(), code), 1, "{code}: {:?}", site.logged());
        assert_eq!(site.asked("save"), usize::from(code == "keys-refreshed"), "{code}");
    }
}

// Kept by the host.

#[test]
fn a_restart_with_the_provider_out_of_reach_uses_the_keys_that_were_kept() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    provider.control("rotate", site.now());
    provider.control("drop", site.now());
    tick(&site);
    let saved = site.saved.lock().unwrap().last().unwrap().clone();
    let restarted = Site::open(saved);
    assert_eq!(restarted.opened["armed"], true);
    assert_eq!(Browser::new().sign_in(&restarted, &provider, "/", "b.simon").kind(), "sign_in");
}

#[test]
fn keys_that_could_not_be_saved_are_used_and_saved_later() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    *site.save_fails.lock().unwrap() = Some("disk full");
    let mut browser = Browser::new();
    let form = form(&site, &provider, &mut browser, "new-key");
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
    assert!(site.logged().contains(&"config-save-failed".to_owned()));
    *site.save_fails.lock().unwrap() = None;
    site.wait(60);
    tick(&site);
    assert_eq!(kept(&site).unwrap(), provider.certificates(start_of_time()));
    let saves = site.asked("save");
    site.wait(60);
    tick(&site);
    assert_eq!(site.asked("save"), saves, "once is enough");
}

// The first time.

#[test]
fn the_first_request_arms_an_engine_that_knows_only_the_url() {
    let provider = Arc::new(Provider::entra());
    let site = bare(&provider);
    assert_eq!(site.opened["armed"], false);
    let fetched = Arc::clone(&provider);
    serve(&site, move |_| found(&fetched.metadata(start_of_time())));
    let answer = Browser::new().sign_in(&site, &provider, "/browse/X-1", "b.simon");
    assert_eq!((answer.kind(), &answer.0["target"]), ("sign_in", &json!("/browse/X-1")), "{}", answer.0);
    assert_eq!(site.asked("fetch"), 1);
    let saved = site.saved.lock().unwrap().last().unwrap().clone();
    assert_eq!(saved["idp"]["entity_id"], provider.entity_id(), "pinned from now on");
    assert_eq!(saved["refresh"]["last_refresh_ms"], start_of_time().as_millisecond());
}

#[test]
fn the_first_tick_arms_it_as_well_and_pins_the_entity_id() {
    let provider = Arc::new(Provider::entra());
    let site = bare(&provider);
    let fetched = Arc::clone(&provider);
    serve(&site, move |_| found(&fetched.metadata(start_of_time())));
    tick(&site);
    assert_eq!(Browser::new().sign_in(&site, &provider, "/", "b.simon").kind(), "sign_in");
    let evil = document(&provider, |shape| shape.entity_id = "https://evil.example/", None);
    serve(&site, move |_| found(&evil));
    site.wait(6 * HOUR);
    tick(&site);
    assert!(site.logged().contains(&"metadata-entity-mismatch".to_owned()));
    assert_eq!(Browser::new().sign_in(&site, &provider, "/", "b.simon").kind(), "sign_in");
}

#[test]
fn a_pasted_document_arms_it_at_once_and_the_url_supersedes_it() {
    let provider = Arc::new(Provider::entra());
    let mut config = Site::config(&provider);
    let pasted = String::from_utf8(provider.metadata(start_of_time())).unwrap();
    config["idp"] = json!({"metadata_xml": pasted, "metadata_url": provider.metadata_url()});
    let site = Site::open(config);
    assert_eq!(site.opened["armed"], true, "{}", site.opened);
    provider.control("rotate", site.now());
    provider.control("drop", site.now());
    let fetched = Arc::clone(&provider);
    serve(&site, move |_| found(&fetched.metadata(start_of_time())));
    tick(&site);
    let restarted = Site::open(site.saved.lock().unwrap().last().unwrap().clone());
    assert_eq!(Browser::new().sign_in(&restarted, &provider, "/", "b.simon").kind(), "sign_in");
}

#[test]
fn an_engine_that_cannot_be_armed_says_so_and_does_not_hammer_the_provider() {
    let provider = Arc::new(Provider::entra());
    let site = bare(&provider);
    let fetches = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&fetches);
    serve(&site, move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        json!({"status": 500})
    });
    for _ in 0..100 {
        Browser::new().start(&site, "/").assert_refused("no-signing-key");
    }
    assert_eq!(fetches.load(Ordering::Relaxed), 1);
    for _ in 0..4 {
        tick(&site);
        site.wait(60);
    }
    assert_eq!(fetches.load(Ordering::Relaxed), 2, "one by the schedule");
}

#[test]
fn two_engines_in_one_process_have_their_own_budgets_and_keys() {
    let one = Arc::new(Provider::entra());
    let two = Arc::new(Provider::of_tenant(
        "22222222-0000-cccc-1111-dddd2222eeee",
        support::ORIGIN,
        support::ENTITY_ID,
    ));
    let sites = [&one, &two].map(|provider| refreshing(provider, &json!({})));
    for (site, provider) in sites.iter().zip([&one, &two]) {
        let mut browser = Browser::new();
        let form = form(site, provider, &mut browser, "new-key");
        assert_eq!(browser.submit(site, &form).kind(), "sign_in");
        assert_eq!(site.asked("fetch"), 1);
    }
}

// Certificates that expire.

#[test]
fn an_expired_certificate_signs_in_and_is_told_in_time() {
    let provider = Arc::new(Provider::entra());
    let site = Site::of(&provider, &json!({}));
    let warned = |site: &Site| count(&site.logged(), "certificate-expiring");
    let day = 86_400;
    tick(&site);
    assert_eq!(warned(&site), 0);
    // The provider's certificate is good for three years.
    site.wait((3 * 365 - 60) * day);
    for (days, expected) in [(60, 1), (59, 1), (30, 2), (7, 3), (6, 3), (0, 4), (-1, 5), (-2, 5)] {
        tick(&site);
        tick(&site);
        assert_eq!(warned(&site), expected, "{days} days are left");
        let next = match days {
            60 => 1,
            59 => 29,
            30 => 23,
            7 => 1,
            6 => 6,
            _ => 1,
        };
        site.wait(next * day);
    }
    let signed_in = Browser::new().sign_in(&site, &provider, "/", "b.simon");
    assert_eq!(signed_in.kind(), "sign_in", "expired, and pinned all the same: {}", signed_in.0);
}

#[test]
fn health_tells_the_days_and_nothing_secret() {
    let provider = Arc::new(Provider::entra());
    let site = Site::of(&provider, &json!({}));
    let health = |site: &Site| Browser::new().visit(site, "/plugins/servlet/saml/health");
    let answer = health(&site);
    assert_eq!(
        (answer.status(), answer.header("Content-Type")),
        (200, Some("application/json; charset=utf-8"))
    );
    let body: Value = serde_json::from_str(answer.body()).unwrap();
    assert_eq!(body["status"], "healthy");
    assert_eq!(
        (&body["armed"], &body["revision"], &body["certificate_days_left"]),
        (&json!(true), &json!(0), &json!(1095))
    );
    for key in site.config["keys"].as_object().unwrap().values() {
        assert!(!answer.body().contains(key.as_str().unwrap_or("nothing")));
    }
    let unarmed = health(&bare(&provider));
    assert_eq!((unarmed.status(), unarmed.code()), (503, "no-signing-key"));
    let body: Value = serde_json::from_str(unarmed.body()).unwrap();
    assert_eq!((&body["armed"], &body["certificate_days_left"]), (&json!(false), &json!(null)));
}

#[test]
fn our_metadata_is_signed_and_the_provider_takes_it() {
    let provider = Arc::new(Provider::entra());
    let site = Site::of(&provider, &json!({}));
    let answer = Browser::new().visit(&site, "/plugins/servlet/saml/metadata");
    assert_eq!(answer.header("Content-Type"), Some("application/samlmetadata+xml; charset=utf-8"));
    let xml = answer.body();
    for part in [
        "<ds:Signature",
        "/plugins/servlet/saml/auth\"",
        "/plugins/servlet/saml/logout\"",
        "use=\"encryption\"",
        "use=\"signing\"",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    provider.set_sp_metadata(xml.as_bytes());
    let mut event = Browser::new().visit_event(&site, "/plugins/servlet/saml/metadata");
    event["method"] = json!("POST");
    let refused = site.turn(&event);
    assert_eq!((&refused["code"], &refused["status"]), (&json!("method-not-allowed"), &json!(405)));
    event["method"] = json!("HEAD");
    let head = site.turn(&event);
    assert_eq!((&head["status"], &head["body"]), (&json!(200), &json!("")));
}

#[test]
fn a_status_that_changes_between_fetches_is_followed() {
    let provider = Arc::new(Provider::entra());
    let site = refreshing(&provider, &json!({}));
    let status = Arc::new(AtomicU16::new(500));
    let (current, fetched) = (Arc::clone(&status), Arc::clone(&provider));
    serve(&site, move |_| {
        let status = current.load(Ordering::Relaxed);
        json!({"status": status, "body": STANDARD.encode(fetched.metadata(start_of_time()))})
    });
    provider.control("rotate", site.now());
    provider.control("drop", site.now());
    let signs_in = || Browser::new().sign_in(&site, &provider, "/", "b.simon").kind() == "sign_in";
    assert!(!signs_in());
    status.store(200, Ordering::Relaxed);
    assert!(!signs_in(), "the budget is spent");
    site.wait(300);
    assert!(signs_in());
}

#[test]
fn any_answer_to_a_fetch_leaves_the_engine_working() {
    use proptest::prelude::*;
    let provider = Arc::new(Provider::entra());
    let site = Arc::new(refreshing(&provider, &json!({})));
    let answer = Arc::new(Mutex::new(Value::Null));
    let served = Arc::clone(&answer);
    serve(&site, move |_| served.lock().unwrap().clone());
    let good = String::from_utf8(document(&provider, |_| {}, None)).unwrap();
    proptest!(ProptestConfig::with_cases(64), |(at in 0..good.len(), byte in any::<u8>(), status in prop_oneof![Just(200_u16), any::<u16>()])| {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = byte;
        *answer.lock().unwrap() = json!({"status": status, "body": STANDARD.encode(bytes)});
        site.wait(24 * HOUR);
        prop_assert_eq!(&tick(&site)["action"], &json!("pass"));
        let health = Browser::new().visit(&site, "/plugins/servlet/saml/health");
        prop_assert_eq!(health.status(), 200);
    });
}

#[test]
fn a_bare_engine_needs_no_key_to_tell_how_it_is() {
    let config = json!({
        "sp": {"entity_id": "https://jira.contoso.example/", "acs_url": "https://jira.contoso.example/plugins/servlet/saml/auth"},
        "idp": {"metadata_url": "https://login.example/metadata"},
    });
    let opened = Engine::open(config.to_string().as_bytes(), start_of_time(), &mut SeededRng::new(3));
    assert_eq!(opened.answer["armed"], false);
    assert!(opened.engine.is_some());
}
