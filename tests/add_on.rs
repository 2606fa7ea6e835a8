//! An engine that an add-on opens: it always opens, its URLs follow the host's base URL, and what is broken is shown and
//! kept until an administrator saves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use std::sync::LazyLock;
use support::console::{Console, body};
use support::{ACS_PATH, Browser, ORIGIN, Provider, Site, TENANT, merge};

static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::entra);

fn stored(changes: &Value) -> Value {
    let mut stored = Site::config(&PROVIDER);
    merge(&mut stored, changes);
    stored
}

#[test]
fn opens_on_nothing_and_answers_sign_ins_not_configured() {
    let console = Console::new();
    assert_eq!(
        (&console.site.opened["armed"], &console.site.opened["problems"]),
        (&json!(false), &json!([]))
    );
    let mut browser = Browser::new();
    browser.start(&console.site, ACS_PATH).assert_refused("not-configured");
    assert_eq!(browser.visit(&console.site, "/browse/X-1").kind(), "pass");
    assert!(console.page().contains("id=\"metadata_url\""));
    let metadata = browser.visit(&console.site, "/plugins/servlet/saml/metadata");
    assert_eq!(metadata.status(), 200);
    let health = browser.visit(&console.site, "/plugins/servlet/saml/health");
    assert_eq!((health.status(), health.code()), (503, "not-configured"));
}

#[test]
fn a_site_without_identity_provider_opens_too_and_stays_closed() {
    let mut config = Site::config(&PROVIDER);
    config["idp"] = json!({});
    let site = Site::open(config);
    Browser::new().start(&site, "/").assert_refused("not-configured");
}

#[test]
fn its_urls_follow_the_base_url() {
    for (base_url, context) in [
        (ORIGIN, ""),
        ("https://tools.contoso.example/jira", "/jira"),
        ("https://tools.contoso.example/jira/", "/jira"),
    ] {
        let provider = Provider::of_tenant(
            TENANT,
            base_url.trim_end_matches('/'),
            &format!("{}/", base_url.trim_end_matches('/')),
        );
        let mut stored = Site::config(&provider);
        stored["sp"] =
            json!({"entity_id": "https://old.example/", "acs_url": format!("https://old.example{ACS_PATH}")});
        let console = Console::open(stored, &json!({"base_url": base_url, "context_path": context}));
        assert_eq!(console.site.opened["armed"], true, "{}", console.site.opened);
        let routes = console.site.opened["routes"].clone();
        assert_eq!((&routes["own"][0], &routes["protect"]), (&json!(ACS_PATH), &json!(false)));
        let page = console.page();
        let base = base_url.trim_end_matches('/');
        for value in [format!("value=\"{base}/\""), format!("value=\"{base}{ACS_PATH}\"")] {
            assert!(page.contains(&value), "{value}");
        }
        assert!(page.contains("The base URL changed since the settings were saved"), "{page}");
    }
}

#[test]
fn signs_in_with_the_saved_settings() {
    let console = Console::of(&PROVIDER);
    let answer = Browser::new().sign_in(&console.site, &PROVIDER, ACS_PATH, "b.simon");
    assert_eq!((answer.kind(), &answer.0["user"]), ("sign_in", &json!("b.simon")));
    assert_eq!(console.site.opened["addon"]["login_button"]["name"], "Sign in with Microsoft");
}

#[test]
fn typed_urls_count_with_application_proxy() {
    let sp = json!({"entity_id": "https://outside.example/", "acs_url": format!("https://outside.example{ACS_PATH}")});
    let console = Console::open(stored(&json!({"sp": sp, "addon": {"application_proxy": true}})), &json!({}));
    let page = console.page();
    assert!(page.contains("value=\"https://outside.example/\"") && !page.contains("The base URL changed"));
}

#[test]
fn typed_urls_of_the_original_do_not_count_on_a_copy() {
    let sp = json!({"entity_id": "https://outside.example/", "acs_url": format!("https://outside.example{ACS_PATH}")});
    let changes =
        json!({"sp": sp, "addon": {"application_proxy": true, "saved_at": "https://inside.example"}});
    let at = |base_url: &str| Console::open(stored(&changes), &json!({"base_url": base_url}));
    for same in ["https://inside.example", "https://inside.example/"] {
        assert_eq!(at(same).site.opened["armed"], true);
    }
    let copy = at("https://staging.example");
    assert_eq!(copy.site.opened["armed"], false);
    Browser::new().visit(&copy.site, ACS_PATH).assert_refused("config-invalid");
    assert!(
        copy.page().contains("was saved when the base URL was https://inside.example"),
        "{}",
        copy.page()
    );
    assert_eq!(copy.press("save", &json!({}))["code"], "config-saved");
    let confirmed = copy.reopen();
    assert_eq!(confirmed.stored["addon"]["saved_at"], "https://staging.example");
    assert_eq!(confirmed.site.opened["armed"], true);
}

#[test]
fn a_host_that_is_newer_than_the_tested_ones_is_told_of() {
    for (product, version, told) in [
        ("jira", "11.9.1", false),
        ("jira", "12.0.0-m01", true),
        ("confluence", "10.2.0", false),
        ("confluence", "11.0", true),
        ("jira", "unknown", false),
        ("jira", "", false),
    ] {
        let host = json!({"product": product, "version": version});
        let page = Console::open(stored(&json!({})), &host).page();
        assert_eq!(page.contains("is newer than what this version"), told, "{product} {version}");
    }
}

#[test]
fn what_cannot_be_used_is_shown_and_kept() {
    for (broken, told) in [
        (json!({"policy": {"clock_skew_seconds": 999}}), "clock_skew_seconds"),
        (json!({"idp": {"sso_url": "javascript:alert(1)"}}), "login_url"),
        (json!({"idp": {"colour": "red"}}), "metadata_url"),
        (json!({"unknown": 1}), "unknown"),
        (json!({"user_id": {"transform": {"pattern": "(", "replace": ""}}}), "transform_pattern"),
        (json!({"keys": {"sealing": "AAAA"}}), "keys.sealing"),
    ] {
        let console = Console::open(stored(&broken), &json!({}));
        assert_eq!(console.site.opened["armed"], false, "{broken}");
        assert_ne!(console.site.opened["problems"], json!([]), "{broken}");
        Browser::new().visit(&console.site, ACS_PATH).assert_refused("config-invalid");
        for _ in 0..3 {
            assert_eq!(console.site.turn(&json!({"kind": "tick"}))["action"], "pass");
        }
        assert_eq!((console.site.asked("save"), console.site.asked("fetch")), (0, 0), "{broken}");
        let page = console.page();
        assert!(page.contains("id=\"ostiary-problems\"") && page.contains(told), "{broken}: {page}");
        assert!(page.contains("What is stored cannot be used"), "{page}");
        // Whatever works in it is not lost, and an administrator's save mends it.
        assert!(page.contains("-----BEGIN CERTIFICATE-----") || broken["idp"]["colour"] == "red");
    }
}

#[test]
fn saving_mends_what_was_broken() {
    let broken =
        stored(&json!({"policy": {"clock_skew_seconds": 999}, "keys": {"sealing": "AAAA"}, "revision": 4}));
    let signing = broken["keys"]["signing"].clone();
    let console = Console::open(broken, &json!({}));
    let action = console.press("save", &json!({"clock_skew_seconds": "60"}));
    assert_eq!((&action["status"], &action["code"]), (&json!(303), &json!("config-saved")), "{action}");
    let saved = console.site.saved.lock().unwrap()[0].clone();
    assert_eq!((&saved["revision"], &saved["policy"]["clock_skew_seconds"]), (&json!(5), &json!(60)));
    assert_eq!(saved["keys"]["signing"], signing, "keys that can be read stay");
    let mended = console.reopen();
    assert_eq!(mended.site.opened["armed"], true);
    assert_eq!(Browser::new().sign_in(&mended.site, &PROVIDER, ACS_PATH, "b.simon").kind(), "sign_in");
}

#[test]
fn a_base_url_without_https_is_told_on_the_page_and_leads_nowhere() {
    let console = Console::open(json!({}), &json!({"base_url": "http://jira.contoso.example"}));
    let page = console.page();
    assert!(page.contains("href=\"#reply_url\"") && page.contains("must be https"), "{page}");
    let answer = Browser::new().visit(&console.site, ACS_PATH);
    answer.assert_refused("config-invalid");
    assert!(!answer.body().contains("not-configured.invalid"), "{}", answer.body());
    assert!(!page.contains("not-configured.invalid"));
    let health = Browser::new().visit(&console.site, "/plugins/servlet/saml/health");
    assert_eq!((health.status(), health.code()), (503, "config-invalid"));
}

#[test]
fn the_development_switch_is_the_hosts_and_is_never_saved() {
    let facts = json!({"base_url": "http://localhost:8080", "development": true});
    let console = Console::open(json!({"development": false}), &facts);
    assert_eq!(console.site.opened["problems"], json!([]));
    assert!(console.page().contains("Plain http on loopback is allowed"));
    let action = console.press("save", &json!({}));
    assert_eq!(action["status"], 303, "{action}");
    let saved = console.site.saved.lock().unwrap()[0].clone();
    assert_eq!((&saved["development"], saved.get("host")), (&json!(false), None));
    // And a stored switch does not count.
    let sneaky = Console::open(json!({"development": true}), &json!({"base_url": "http://localhost:8080"}));
    assert_ne!(sneaky.site.opened["problems"], json!([]));
}

#[test]
fn a_stored_metadata_url_outside_the_cloud_list_counts_only_when_it_was_confirmed() {
    let url = json!({"idp": {"metadata_url": "https://fs.contoso.example/m"}});
    let refused = Console::open(stored(&url), &json!({}));
    assert_eq!(refused.site.opened["armed"], false);
    assert_eq!(refused.site.opened["problems"][0]["field"], "idp.metadata_url");
    assert_eq!(refused.site.opened["log"][0]["code"], "metadata-host-unconfirmed");
    let mut confirmed = stored(&url);
    confirmed["addon"] = json!({"metadata_hosts": ["FS.contoso.example"]});
    assert_eq!(Console::open(confirmed, &json!({})).site.opened["armed"], true);
    for cloud in ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"]
    {
        let url = json!({"idp": {"metadata_url": format!("https://{cloud}/t/m")}});
        assert_eq!(Console::open(stored(&url), &json!({})).site.opened["armed"], true, "{cloud}");
    }
    for evil in
        ["https://login.microsoftonline.com.evil.example/m", "https://evil.example/login.microsoftonline.com"]
    {
        let url = json!({"idp": {"metadata_url": evil}});
        assert_eq!(Console::open(stored(&url), &json!({})).site.opened["armed"], false, "{evil}");
    }
}

#[test]
fn an_engine_without_host_knows_no_administrator() {
    let site = Site::of(&PROVIDER, &json!({}));
    let action = site.turn(&json!({"kind": "admin", "method": "GET", "path": "configure", "user": "admin"}));
    assert_eq!((&action["status"], &action["code"]), (&json!(500), &json!("event-unreadable")));
}

#[test]
fn other_paths_and_methods_are_refused() {
    let console = Console::of(&PROVIDER);
    for (method, path, status, allow) in [
        ("PUT", "configure", 405, Some("GET, POST")),
        ("POST", "settings", 405, Some("GET, PUT")),
        ("DELETE", "settings", 405, Some("GET, PUT")),
        ("POST", "support", 405, Some("GET")),
        ("POST", "certificate", 405, Some("GET")),
        ("GET", "elsewhere", 500, None),
    ] {
        let action = console.ask(method, path, &json!({}));
        assert_eq!(action["status"], status, "{method} {path}");
        if let Some(allow) = allow {
            assert!(action["headers"].as_array().unwrap().contains(&json!(["Allow", allow])), "{action}");
        }
    }
    assert_eq!(console.site.asked("save"), 0);
}

#[test]
fn the_support_file_has_settings_and_traces_but_no_secret_and_no_name() {
    let console = Console::of(&PROVIDER);
    let mut browser = Browser::new();
    browser.sign_in(&console.site, &PROVIDER, ACS_PATH, "b.simon");
    Browser::new().sign_in(&console.site, &PROVIDER, ACS_PATH, "g.guest");
    for _ in 0..60 {
        Browser::new().start(&console.site, ACS_PATH);
    }
    let action = console.ask("GET", "support", &json!({}));
    let text = body(&action);
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["versions"]["host"], "10.3.1");
    assert_eq!(file["settings"]["reply_url"], format!("{ORIGIN}{ACS_PATH}"));
    assert_eq!(file["traces"].as_array().unwrap().len(), 50);
    for key in ["sealing", "signing"] {
        assert!(!text.contains(console.stored["keys"][key].as_str().unwrap()), "{key}");
    }
    assert!(!text.contains(console.stored["keys"]["decryption"][0].as_str().unwrap()));
    let disposition = json!(["Content-Disposition", "attachment; filename=\"ostiary-support.json\""]);
    assert!(action["headers"].as_array().unwrap().contains(&disposition));
    let fresh = Console::of(&PROVIDER);
    Browser::new().sign_in(&fresh.site, &PROVIDER, ACS_PATH, "b.simon");
    let text = body(&fresh.ask("GET", "support", &json!({})));
    assert!(text.contains("signed-in user [user]") && !text.contains("b.simon"), "{text}");
}

#[test]
fn the_certificate_for_encryption_can_be_downloaded() {
    let console = Console::of(&PROVIDER);
    let action = console.ask("GET", "certificate", &json!({"query": "0"}));
    assert!(body(&action).starts_with("-----BEGIN CERTIFICATE-----\n"));
    for query in ["1", "-1", "x", "999999999999999999999"] {
        let action = console.ask("GET", "certificate", &json!({"query": query}));
        assert_eq!((&action["status"], &action["code"]), (&json!(404), &json!("key-pair-missing")));
    }
}
