//! The door without a JVM: the table of engines and the net for panics.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use ostiary::door::{Door, WIRE_VERSION, about, contain, panic_text};
use serde_json::{Value, json};
use support::{Browser, Provider, Site};

fn config(entity_id: &str) -> Vec<u8> {
    json!({
        "sp": {
            "entity_id": entity_id,
            "acs_url": "https://jira.example.com/plugins/servlet/saml/auth",
        },
        "idp": {"metadata_url": "https://login.example.com/metadata"},
    })
    .to_string()
    .into_bytes()
}

fn read(answer: &[u8]) -> Value {
    serde_json::from_slice(answer).unwrap()
}

fn open(door: &Door, entity_id: &str) -> i64 {
    let answer = read(&door.open(&config(entity_id)));
    let handle = answer["handle"].as_i64().unwrap();
    assert_ne!(handle, 0, "{answer}");
    handle
}

#[test]
fn about_tells_the_wire_version_and_the_openssl_that_is_linked() {
    let about = read(&about());
    assert_eq!(about["wire"], WIRE_VERSION);
    assert_eq!(about["library"], env!("CARGO_PKG_VERSION"));
    assert!(about["openssl"].as_str().unwrap().starts_with("OpenSSL 3."), "{about}");
    assert!(about["target"].as_str().unwrap().contains('-'), "{about}");
    assert_eq!(about["test_features"], false);
}

#[test]
fn handles_count_from_one_and_are_never_used_again() {
    let door = Door::new();
    let first = open(&door, "https://one.example.com/");
    let second = open(&door, "https://two.example.com/");
    assert_eq!((first, second), (1, 2));
    door.close(first);
    door.close(second);
    assert_eq!(open(&door, "https://one.example.com/"), 3);
}

#[test]
fn tells_while_an_engine_is_in_development() {
    let door = Door::new();
    let ordinary = open(&door, "https://one.example.com/");
    assert!(!door.is_in_development());
    let mut config = read(&config("https://two.example.com/"));
    config["development"] = json!(true);
    let handle = read(&door.open(config.to_string().as_bytes()))["handle"].as_i64().unwrap();
    assert!(door.is_in_development());
    door.close(handle);
    assert!(!door.is_in_development());
    door.close(ordinary);
    assert_eq!(read(&about())["development"], false);
}

#[test]
fn refuses_an_unreadable_configuration_with_handle_zero() {
    let door = Door::new();
    for config in [&b""[..], b"{", b"[]", b"\xff\xfe", b"{\"sp\":1}", b"null"] {
        let answer = read(&door.open(config));
        assert_eq!(answer["handle"], 0, "{answer}");
    }
    assert_eq!(open(&door, "https://one.example.com/"), 1, "a refusal takes no handle");
}

#[test]
fn answers_a_closed_handle_politely() {
    let door = Door::new();
    let handle = open(&door, "https://one.example.com/");
    door.close(handle);
    door.close(handle);
    for handle in [handle, 0, -1, i64::MAX, i64::MIN] {
        let action = read(&door.handle(handle, br#"{"kind":"tick"}"#));
        assert_eq!(action["action"], "respond");
        assert_eq!(action["status"], 503);
        assert_eq!(action["code"], "handle-closed");
        assert_eq!(action["log"][0]["correlation"], action["correlation"]);
    }
}

#[test]
fn answers_an_event_that_cannot_be_read() {
    let door = Door::new();
    let handle = open(&door, "https://one.example.com/");
    for event in
        [&b""[..], b"{", b"{}", b"\xff", b"{\"kind\":\"no such kind\"}", b"{\"kind\":\"tick\",\"more\":1}"]
    {
        let action = read(&door.handle(handle, event));
        assert_eq!(action["action"], "respond", "{action}");
        assert_eq!(action["code"], "event-unreadable", "{action}");
    }
}

#[test]
fn keeps_formatted_and_plain_texts_of_panics() {
    let seven = 7;
    assert!(contain(|| panic!("plain")).unwrap_err().to_string().starts_with("plain"));
    assert!(contain(|| panic!("number {seven}")).unwrap_err().to_string().starts_with("number 7"));
    let odd = contain(|| std::panic::panic_any(7_u8)).unwrap_err();
    assert!(odd.to_string().starts_with("panic without a text"), "{odd}");
    assert_eq!(panic_text(&String::from("owned")), "owned");
    assert_eq!(contain(|| 1), Ok(1));
}

#[test]
fn contains_a_payload_that_panics_when_dropped() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    assert!(contain(|| std::panic::panic_any(Bomb)).is_err());
}

#[test]
fn closes_while_other_threads_call() {
    let door = Arc::new(Door::new());
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let door = Arc::clone(&door);
            std::thread::spawn(move || {
                for _ in 0..50 {
                    let handle = open(&door, &format!("https://{number}.example.com/"));
                    let neighbour = handle - 1;
                    for handle in [handle, neighbour] {
                        let action = read(&door.handle(handle, b"{}"));
                        assert!(
                            ["event-unreadable", "handle-closed"].contains(&action["code"].as_str().unwrap())
                        );
                    }
                    door.close(handle);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// A turn through the door, with a host that says yes.
fn turn(door: &Door, handle: i64, event: &Value) -> Value {
    let mut action = read(&door.handle(handle, event.to_string().as_bytes()));
    while action["action"] == "ask" {
        let result = match action["what"].as_str().unwrap() {
            "look_up" => json!({"found": action["user"]}),
            "reserve" => json!({"reserved": true}),
            other => panic!("{other}"),
        };
        let answer = json!({"kind": "answer", "resume": action["resume"], "result": result});
        action = read(&door.handle(handle, answer.to_string().as_bytes()));
    }
    action
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the door reads the clock, so the provider must")]
fn signs_users_of_two_tenants_in_through_one_door() {
    let door = Arc::new(Door::new());
    let threads: Vec<_> = ["aaaabbbb-0000-cccc-1111-dddd2222eeee", "99999999-0000-cccc-1111-dddd2222eeee"]
        .map(|tenant| {
            let door = Arc::clone(&door);
            std::thread::spawn(move || {
                let provider = Provider::of_tenant(tenant, support::ORIGIN, support::ENTITY_ID);
                let config = Site::config(&provider);
                let site = Site::open(config.clone());
                for _ in 0..10 {
                    let opened = read(&door.open(config.to_string().as_bytes()));
                    assert_eq!(opened["armed"], true, "{opened}");
                    let handle = opened["handle"].as_i64().unwrap();
                    let mut browser = Browser::new();
                    let leaving = turn(&door, handle, &browser.visit_event(&site, support::ACS_PATH));
                    browser.keep_cookies(&leaving);
                    let now = jiff::Timestamp::now();
                    let login = provider.login_page(support::Answer(leaving).location(), now);
                    let form = provider.press(&login, "b.simon", &[], now);
                    let signed_in = turn(&door, handle, &browser.submit_event(&site, &form));
                    assert_eq!(signed_in["action"], "sign_in", "{signed_in}");
                    let issuer = "http://schemas.microsoft.com/identity/claims/identityprovider";
                    assert_eq!(signed_in["session"]["attributes"][issuer], json!([provider.entity_id()]));
                    door.close(handle);
                }
            })
        })
        .into();
    for thread in threads {
        thread.join().unwrap();
    }
}
