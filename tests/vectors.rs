//! Recorded vectors: `vectors/<case>/config.json` opens an engine, `events.json` is what the host said and when, and
//! `expect.json` is what each action must hold. Any implementation of `docs/wire.md` can replay them.
//!
//! `OSTIARY_RECORD_VECTORS=1 cargo test --test vectors` records them anew, with new keys of the provider; private keys
//! are not kept. `"$resume"` in an answer stands for the token of the latest `ask`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use jiff::Timestamp;
use ostiary_engine::Engine;
use ostiary_testkit::SeededRng;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::{Browser, Provider, Site, handling, start_of_time};

/// What a vector fixes of an action. Pages, tokens, cookies and compressed messages may change without harm.
const FIXED: &[&str] =
    &["action", "code", "status", "what", "user", "target", "session", "key", "until_ms", "issued_ms", "who"];

type Case = (&'static str, fn(&Provider) -> Site);

const CASES: &[Case] = &[
    ("sign-in-assertion-signed", |provider| signed_in(provider, &[("shape", "assertion")])),
    ("sign-in-response-signed", |provider| signed_in(provider, &[("shape", "response")])),
    ("sign-in-both-signed", |provider| signed_in(provider, &[("shape", "both")])),
    ("sign-in-groups-overage", |provider| {
        let site = Site::of(provider, &json!({}));
        let mut browser = Browser::new();
        let _signed_in = browser.sign_in(&site, provider, "/browse/X-1", "m.many");
        site
    }),
    ("sent-twice", |provider| {
        let site = Site::of(provider, &json!({}));
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, provider, "/browse/X-1?a=b", "b.simon", &[]);
        let _first = browser.submit(&site, &form);
        let _second = browser.submit(&site, &form);
        site
    }),
    ("replayed-by-another", |provider| {
        let site = Site::of(provider, &json!({}));
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, provider, "/browse/X-1?a=b", "b.simon", &[]);
        let mut thief = browser.clone();
        let _first = browser.submit(&site, &form);
        let _second = thief.submit(&site, &form);
        site
    }),
    ("restarted-once", |provider| {
        let site = Site::of(provider, &json!({}));
        let mut browser = Browser::new();
        let leaving = browser.start(&site, "/browse/X-1?a=b");
        site.wait(3600);
        let login = provider.login_page(leaving.location(), site.now());
        let restarted = browser.submit(&site, &provider.press(&login, "b.simon", &[], site.now()));
        let login = provider.login_page(restarted.location(), site.now());
        let _healed = browser.submit(&site, &provider.press(&login, "b.simon", &[], site.now()));
        site
    }),
    ("unsolicited-allowed", |provider| {
        let site = Site::of(provider, &json!({"policy": {"allow_unsolicited": true}}));
        let form = provider.press(&provider.unsolicited(site.now()), "b.simon", &[], site.now());
        let _signed_in = Browser::new().submit(&site, &form.with("RelayState", Some("/browse/X-1")));
        site
    }),
    ("unsolicited-refused", |provider| {
        let site = Site::of(provider, &json!({}));
        let form = provider.press(&provider.unsolicited(site.now()), "b.simon", &[], site.now());
        let _refused = Browser::new().submit(&site, &form);
        site
    }),
    ("refused-tampered", |provider| misbehaved(provider, "tampered")),
    ("refused-wrapped", |provider| misbehaved(provider, "wrapped")),
    ("refused-wrong-key", |provider| misbehaved(provider, "wrong-key")),
    ("refused-unsigned", |provider| misbehaved(provider, "unsigned")),
    ("refused-comment-in-name-id", |provider| misbehaved(provider, "comment-in-name-id")),
    ("refused-wrong-audience", |provider| misbehaved(provider, "wrong-audience")),
    ("refused-wrong-recipient", |provider| misbehaved(provider, "wrong-recipient")),
    ("refused-expired", |provider| misbehaved(provider, "expired")),
    ("refused-sha1", |provider| misbehaved(provider, "sha1")),
    ("refused-status", |provider| misbehaved(provider, "status-error")),
    ("refused-unknown-user", |provider| misbehaved(provider, "unknown-user")),
];

fn signed_in(provider: &Provider, switches: &[(&str, &str)]) -> Site {
    let site = Site::of(provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, provider, "/browse/X-1?a=b&c=%C3%BC", "b.simon", switches);
    let _signed_in = browser.submit(&site, &form);
    site
}

fn misbehaved(provider: &Provider, way: &str) -> Site {
    signed_in(provider, &[("misbehave", way)])
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// What a vector fixes of this action, and the codes of its log.
fn fixed(action: &Value) -> Value {
    let mut kept: serde_json::Map<String, Value> =
        FIXED.iter().filter_map(|name| Some(((*name).to_owned(), action.get(*name)?.clone()))).collect();
    let lines = action["log"].as_array().cloned().unwrap_or_default();
    kept.insert("logged".to_owned(), lines.iter().map(|line| line["code"].clone()).collect());
    Value::Object(kept)
}

fn record(name: &str, site: &Site) {
    let folder = folder().join(name);
    fs::create_dir_all(&folder).unwrap();
    let mut config = site.config.clone();
    // RSA keys of our own are made when it is replayed: no private key is kept.
    config["keys"] = json!({"sealing": config["keys"]["sealing"]});
    let crossed = site.crossed.lock().unwrap();
    let events: Vec<Value> = crossed
        .iter()
        .map(|(at, event, _)| {
            let mut event = event.clone();
            if event["kind"] == "answer" {
                event["resume"] = json!("$resume");
            }
            json!({"at": at.to_string(), "event": event})
        })
        .collect();
    let expect: Vec<Value> = crossed.iter().map(|(_, _, action)| fixed(action)).collect();
    for (file, content) in [("config", &config), ("events", &json!(events)), ("expect", &json!(expect))] {
        let text = format!("{}\n", serde_json::to_string_pretty(content).unwrap());
        fs::write(folder.join(format!("{file}.json")), text).unwrap();
    }
}

fn replay(name: &str) {
    let read = |file: &str| -> Value {
        let text = fs::read(folder().join(name).join(file)).unwrap();
        serde_json::from_slice(&text).unwrap()
    };
    let mut config = read("config.json");
    config["keys"] = Site::own_keys();
    let opened = Engine::open(config.to_string().as_bytes(), start_of_time(), &mut SeededRng::new(7));
    let engine = opened.engine.unwrap();
    let (events, expect) = (read("events.json"), read("expect.json"));
    let (events, expect) = (events.as_array().unwrap(), expect.as_array().unwrap());
    assert_eq!(events.len(), expect.len(), "{name}");
    let mut resume = Value::Null;
    for (number, (event, expect)) in events.iter().zip(expect).enumerate() {
        let at: Timestamp = event["at"].as_str().unwrap().parse().unwrap();
        let mut event = event["event"].clone();
        if event["resume"] == "$resume" {
            event["resume"] = resume.clone();
        }
        let mut rng = SeededRng::new(u64::try_from(number).unwrap());
        let event = event.to_string();
        let action = handling(|| engine.handle(event.as_bytes(), at, &mut rng));
        let action: Value = serde_json::from_slice(&action).unwrap();
        resume = action["resume"].clone();
        assert_eq!(&fixed(&action), expect, "{name}, event {number}");
    }
}

#[test]
fn every_vector_replays() {
    if std::env::var_os("OSTIARY_RECORD_VECTORS").is_some() {
        for (name, case) in CASES {
            record(name, &case(&Provider::entra()));
        }
    }
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut known: Vec<&str> = CASES.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(names, known, "one folder for each case");
    for name in names {
        replay(&name);
    }
}
