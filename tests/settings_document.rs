//! The settings as a JSON document for programs: read with a revision, replaced as a whole for that revision.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use std::sync::LazyLock;
use support::console::{Console, body};
use support::{ACS_PATH, Browser, ORIGIN, Provider, merge};

static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::entra);

fn get(console: &Console) -> Value {
    let action = console.ask("GET", "settings", &json!({"xsrf": null}));
    assert_eq!(action["status"], 200, "{action}");
    serde_json::from_str(&body(&action)).unwrap()
}

fn put(console: &Console, document: &Value, if_match: Option<&str>) -> Value {
    console.ask("PUT", "settings", &json!({"xsrf": null, "json": document.to_string(), "if_match": if_match}))
}

fn header<'a>(action: &'a Value, name: &str) -> Option<&'a str> {
    action["headers"].as_array()?.iter().find(|pair| pair[0] == name)?[1].as_str()
}

#[test]
fn the_document_has_every_field_and_no_secret() {
    let console = Console::of(&PROVIDER);
    let action = console.ask("GET", "settings", &json!({}));
    assert_eq!(
        (header(&action, "ETag"), header(&action, "Content-Type")),
        (Some("\"7\""), Some("application/json; charset=utf-8"))
    );
    let document = get(&console);
    assert_eq!(document["reply_url"], format!("{ORIGIN}{ACS_PATH}"));
    assert_eq!(
        (
            &document["revision"],
            &document["armed"],
            &document["clock_skew_seconds"],
            &document["single_signout"]
        ),
        (&json!(7), &json!(true), &json!(180), &json!(true))
    );
    assert_eq!(document["certificates"], console.stored["idp"]["certificates"]);
    assert_eq!(document["certificate_details"][0]["not_after"], "2029-11-19");
    for key in [
        &console.stored["keys"]["sealing"],
        &console.stored["keys"]["signing"],
        &console.stored["keys"]["decryption"][0],
    ] {
        assert!(!document.to_string().contains(key.as_str().unwrap()));
    }
}

#[test]
fn what_was_read_can_be_put_back_changed() {
    let console = Console::of(&PROVIDER);
    let mut document = get(&console);
    document["clock_skew_seconds"] = json!(60);
    document["home_realm_discovery"] = json!(true);
    document["domain_name"] = json!("contoso.example");
    let action = put(&console, &document, Some("\"7\""));
    assert_eq!((&action["status"], header(&action, "ETag")), (&json!(200), Some("\"8\"")), "{action}");
    let answered: Value = serde_json::from_str(&body(&action)).unwrap();
    let after = console.reopen();
    let mut read = get(&after);
    assert_eq!(answered, read);
    assert_eq!(
        (&after.stored["policy"]["clock_skew_seconds"], &after.stored["keys"]),
        (&json!(60), &console.stored["keys"])
    );
    read["revision"] = json!(7);
    assert_eq!(read, document);
    assert!(
        console.log().contains(
            "user admin changed revision 7 to 8: home_realm_discovery, domain_name, clock_skew_seconds"
        ),
        "{}",
        console.log()
    );
    assert_eq!(Browser::new().sign_in(&after.site, &PROVIDER, ACS_PATH, "b.simon").kind(), "sign_in");
}

#[test]
fn a_change_says_which_revision_it_changes() {
    let console = Console::of(&PROVIDER);
    let document = get(&console);
    for (if_match, status, code) in [
        (None, 428, "config-revision-missing"),
        (Some("\"6\""), 412, "config-conflict"),
        (Some("*"), 412, "config-conflict"),
        (Some("7"), 412, "config-conflict"),
        (Some("W/\"7\""), 412, "config-conflict"),
        (Some("\"7\", \"6\""), 412, "config-conflict"),
    ] {
        let action = put(&console, &document, if_match);
        assert_eq!((&action["status"], &action["code"]), (&json!(status), &json!(code)), "{if_match:?}");
    }
    assert_eq!(console.site.asked("save"), 0);
}

#[test]
fn unknown_missing_and_misshapen_fields_are_refused_all_at_once() {
    let console = Console::of(&PROVIDER);
    let good = get(&console);
    for (change, fields) in [
        (
            json!({"keys": {"sealing": "x"}, "development": true, "host": {}}),
            vec!["development", "host", "keys"],
        ),
        (
            json!({"allow_sha1": "yes", "certificates": "x", "clock_skew_seconds": "60", "login_url": 7}),
            vec!["login_url", "certificates", "clock_skew_seconds", "allow_sha1"],
        ),
        (json!({"clock_skew_seconds": 301}), vec!["clock_skew_seconds"]),
        (json!({"metadata_url": "https://fs.example/m"}), vec!["metadata_url"]),
        (json!({"certificates": ["AAAA"]}), vec!["certificates"]),
        (json!({"reply_url": "https://evil.example/plugins/servlet/saml/auth"}), vec!["reply_url"]),
        (json!({"sign_on_url": "https://evil.example/plugins/servlet/saml/auth"}), vec!["sign_on_url"]),
    ] {
        let mut document = good.clone();
        merge(&mut document, &change);
        let action = put(&console, &document, Some("\"7\""));
        assert_eq!(action["status"], 422, "{change}: {action}");
        let answer: Value = serde_json::from_str(&body(&action)).unwrap();
        let named: Vec<&str> =
            answer["problems"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
        assert_eq!((named, &answer["code"]), (fields, &json!("config-invalid")), "{change}");
    }
    for (name, _) in good.as_object().unwrap() {
        let mut document = good.clone();
        document.as_object_mut().unwrap().remove(name);
        let read_only =
            ["revision", "armed", "base_url", "certificate_details", "decryption_certificates", "problems"];
        let status = if read_only.contains(&name.as_str()) { 200 } else { 422 };
        assert_eq!(put(&Console::of(&PROVIDER), &document, Some("\"7\""))["status"], status, "{name}");
    }
    assert_eq!(console.site.asked("save"), 0);
}

#[test]
fn read_only_fields_are_ignored() {
    let console = Console::of(&PROVIDER);
    let mut document = get(&console);
    merge(
        &mut document,
        &json!({"revision": 99, "armed": false, "base_url": "https://evil.example", "certificate_details": [], "decryption_certificates": ["evil"], "force_azure_login": true}),
    );
    let action = put(&console, &document, Some("\"7\""));
    assert_eq!((&action["status"], header(&action, "ETag")), (&json!(200), Some("\"8\"")));
    assert!(!console.reopen().stored.to_string().contains("evil"));
}

#[test]
fn what_is_no_document_is_refused() {
    let console = Console::of(&PROVIDER);
    for text in ["", "{", "[]", "null", "{\"revision\":7}", "{\"a\":1}{"] {
        let action = console.ask("PUT", "settings", &json!({"json": text, "if_match": "\"7\""}));
        assert_eq!(action["status"], 422, "{text}");
    }
    assert_eq!(console.ask("PUT", "settings", &json!({"if_match": "\"7\""}))["status"], 422);
    assert_eq!(console.site.asked("save"), 0);
}

#[test]
fn what_the_host_cannot_keep_is_no_success() {
    let console = Console::of(&PROVIDER);
    *console.site.save_fails.lock().unwrap() = Some("disk full");
    let action = put(&console, &get(&console), Some("\"7\""));
    assert_eq!(
        (&action["status"], &action["code"], header(&action, "ETag")),
        (&json!(500), &json!("config-save-failed"), None)
    );
    assert!(!console.log().contains("config-saved"));
}

#[test]
fn the_identity_provider_may_be_left_to_the_metadata_url() {
    let console = Console::new();
    let mut document = get(&console);
    document["metadata_url"] = json!("https://login.microsoftonline.com/t/m?appid=1");
    assert_eq!(put(&console, &document, Some("\"0\""))["status"], 200);
    let console = console.reopen();
    assert_eq!(
        (&console.site.opened["armed"], &console.site.opened["problems"]),
        (&json!(false), &json!([]))
    );
    console.fetches_document(&PROVIDER.metadata(support::start_of_time()));
    for _ in 0..2 {
        console.site.turn(&json!({"kind": "tick"}));
    }
    assert_eq!(Browser::new().sign_in(&console.site, &PROVIDER, ACS_PATH, "b.simon").kind(), "sign_in");
}
