//! The configuration: what is wrong is named, what is missing has a default, and keys are made once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use ostiary_engine::{Engine, Opened};
use ostiary_testkit::{SeededRng, TestKey};
use serde_json::{Value, json};
use std::sync::Arc;
use support::{Browser, Provider, Site, merge, start_of_time};

fn open(config: &Value) -> Opened {
    Engine::open(config.to_string().as_bytes(), start_of_time(), &mut SeededRng::new(1))
}

/// The fields that are named wrong when `changes` are made to a good configuration.
fn wrong_fields(provider: &Provider, changes: &Value) -> Vec<String> {
    let mut config = Site::config(provider);
    merge(&mut config, changes);
    let opened = open(&config);
    let problems = opened.answer["problems"].as_array().unwrap();
    let fields = problems.iter().map(|problem| problem["field"].as_str().unwrap().to_owned()).collect();
    assert_eq!(opened.engine.is_none(), !problems.is_empty(), "{}", opened.answer);
    fields
}

#[test]
fn names_every_wrong_field() {
    let provider = Provider::entra();
    for (changes, field) in [
        (json!({"sp": {"entity_id": ""}}), "sp.entity_id"),
        (json!({"sp": {"entity_id": "a b"}}), "sp.entity_id"),
        (json!({"sp": {"entity_id": "x".repeat(1025)}}), "sp.entity_id"),
        (json!({"sp": {"acs_url": "/plugins/servlet/saml/auth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "http://jira.contoso.example/plugins/servlet/saml/auth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "http://localhost:8080/plugins/servlet/saml/auth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example/auth?x=1"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example/auth#x"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://user@jira.contoso.example/auth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example/"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example/a/../auth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example/a%2Fauth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example//auth"}}), "sp.acs_url"),
        (json!({"sp": {"acs_url": "https://jira.contoso.example/auth;x"}}), "sp.acs_url"),
        (json!({"sp": {"context_path": "/wiki"}}), "sp.acs_url"),
        (json!({"sp": {"context_path": "jira"}}), "sp.context_path"),
        (json!({"sp": {"context_path": "/"}}), "sp.context_path"),
        (json!({"sp": {"logout_url": "https://elsewhere.example/saml/logout"}}), "sp.logout_url"),
        (json!({"sp": {"metadata_url": "https://jira.contoso.example:8443/x"}}), "sp.metadata_url"),
        (json!({"sp": {"health_url": "ftp://jira.contoso.example/x"}}), "sp.health_url"),
        (json!({"sp": {"logout_url": "https://jira.contoso.example/plugins/servlet/saml/auth"}}), "sp"),
        (json!({"idp": {"entity_id": null}}), "idp.entity_id"),
        (json!({"idp": {"sso_url": null, "sso_post_url": null}}), "idp.sso_url"),
        (json!({"idp": {"certificates": []}}), "idp.certificates"),
        (json!({"idp": {"sso_url": "http://login.example/saml2"}}), "idp.sso_url"),
        (json!({"idp": {"sso_url": "http://127.0.0.1/saml2"}}), "idp.sso_url"),
        (json!({"idp": {"sso_post_url": "javascript:alert(1)"}}), "idp.sso_post_url"),
        (json!({"idp": {"logout_url": "x"}}), "idp.logout_url"),
        (json!({"idp": {"metadata_url": "http://login.example/metadata"}}), "idp.metadata_url"),
        (json!({"idp": {"metadata_url": "file:///etc/passwd"}}), "idp.metadata_url"),
        (
            json!({"idp": {"metadata_signature_certificates": ["x"]}}),
            "idp.metadata_signature_certificates[0]",
        ),
        (json!({"idp": {"logout_issuers": [""]}}), "idp.logout_issuers[0]"),
        (json!({"user_id": {"attribute": " "}}), "user_id.attribute"),
        (json!({"user_id": {"transform": {"pattern": "(", "replace": ""}}}), "user_id.transform.pattern"),
        (json!({"user_id": {"transform": {"pattern": ")|(", "replace": ""}}}), "user_id.transform.pattern"),
        (
            json!({"user_id": {"transform": {"pattern": "(x{1000}){1000}", "replace": ""}}}),
            "user_id.transform.pattern",
        ),
        (json!({"request": {"name_id_format": "kerberos"}}), "request.name_id_format"),
        (json!({"request": {"authn_context": ["a b"]}}), "request.authn_context[0]"),
        (json!({"request": {"force_authn": true, "is_passive": true}}), "request.is_passive"),
        (json!({"request": {"domain_hint": "a&b=c"}}), "request.domain_hint"),
        (json!({"policy": {"clock_skew_seconds": 301}}), "policy.clock_skew_seconds"),
        (json!({"policy": {"extra_audiences": [""]}}), "policy.extra_audiences[0]"),
        (json!({"refresh": {"hours": 0}}), "refresh.hours"),
        (json!({"refresh": {"hours": 25}}), "refresh.hours"),
        (json!({"access": {"home": "//evil.example"}}), "access.home"),
        (json!({"access": {"home": "https://evil.example"}}), "access.home"),
        (json!({"access": {"home": "/plugins/servlet/saml/auth"}}), "access.home"),
        (json!({"access": {"open": ["public"]}}), "access.open[0]"),
        (json!({"access": {"open": ["/a", "/*/b"]}}), "access.open[1]"),
        (json!({"keys": {"sealing": "c2hvcnQ="}}), "keys.sealing"),
        (json!({"keys": {"signing": "c2hvcnQ="}}), "keys.signing"),
        (json!({"keys": {"signing_certificate": "c2hvcnQ="}}), "keys.signing_certificate"),
        (json!({"keys": {"decryption": ["c2hvcnQ="]}}), "keys.decryption[0]"),
    ] {
        assert_eq!(wrong_fields(&provider, &changes), [field], "{changes}");
    }
    let several =
        json!({"sp": {"acs_url": "x"}, "refresh": {"hours": 0}, "policy": {"clock_skew_seconds": 999}});
    assert_eq!(
        wrong_fields(&provider, &several),
        ["sp.acs_url", "policy.clock_skew_seconds", "refresh.hours"]
    );
    let logged = open(&{
        let mut config = Site::config(&provider);
        merge(&mut config, &several);
        config
    });
    assert_eq!(logged.answer["log"][0]["code"], "config-invalid");
}

#[test]
fn refuses_unknown_fields_and_odd_shapes() {
    let provider = Provider::entra();
    for changes in [
        json!({"spp": {}}),
        json!({"sp": {"entityId": "x"}}),
        json!({"idp": {"certificate": "x"}}),
        json!({"policy": {"allow_sha1 ": true}}),
        json!({"policy": {"min_rsa_bits": 1024}}),
        json!({"test": {}}),
        json!({"test": {"now": "2014-01-01T00:00:00Z"}}),
        json!({"keys": {"private": "x"}}),
        json!({"development": "yes"}),
        json!({"policy": {"clock_skew_seconds": -1}}),
        json!({"policy": {"clock_skew_seconds": 1.5}}),
        json!({"request": {"binding": "artifact"}}),
    ] {
        let mut config = Site::config(&provider);
        merge(&mut config, &changes);
        let opened = open(&config);
        assert!(opened.engine.is_none(), "{changes}");
        assert_eq!(opened.answer["log"][0]["code"], "config-unreadable", "{changes}: {}", opened.answer);
    }
}

#[test]
fn an_unusable_certificate_among_usable_ones_is_told_and_does_no_harm() {
    let provider = Provider::entra();
    let short = TestKey::generate_bits("Short", start_of_time(), 1024).unwrap().certificate_base64().unwrap();
    let mut certificates = provider.certificates(start_of_time());
    certificates.insert(0, short.clone());
    certificates.push("x".to_owned());
    let site = Site::of(&provider, &json!({"idp": {"certificates": certificates}}));
    assert_eq!(site.opened["armed"], true);
    let fields: Vec<_> = site.opened["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["idp.certificates[0]", "idp.certificates[2]"]);
    let unarmed = Site::of(&provider, &json!({"idp": {"certificates": [short]}}));
    assert_eq!(unarmed.opened["armed"], false, "a short key alone arms nothing");
}

#[test]
fn fills_in_defaults() {
    let provider = Provider::entra();
    let site = Site::of(
        &provider,
        &json!({"sp": {"acs_url": "https://jira.contoso.example/jira/plugins/servlet/saml/auth"}}),
    );
    let routes = &site.opened["routes"];
    let base = "/plugins/servlet/saml";
    let own: Vec<String> =
        ["auth", "logout", "metadata", "health", "return"].map(|last| format!("{base}/{last}")).into();
    assert_eq!(routes["own"], json!(own), "inside the context");
    assert_eq!((&routes["protect"], &routes["open"]), (&json!(true), &json!([])));
    assert_eq!(routes["max_form_bytes"], 524_288);
    let custom = Site::of(
        &provider,
        &json!({"sp": {"acs_url": "https://jira.contoso.example/app/sso/acs", "context_path": "/app",
                       "logout_url": "https://jira.contoso.example/app/bye"},
                "access": {"open": ["/public/*", "/health"]}}),
    );
    assert_eq!(
        custom.opened["routes"]["own"],
        json!(["/sso/acs", "/bye", "/sso/metadata", "/sso/health", "/sso/return"])
    );
    assert_eq!(custom.opened["routes"]["open"], json!(["/public/*", "/health"]));
}

#[test]
fn allows_http_on_loopback_only_with_the_development_switch_and_says_so() {
    let provider = Provider::entra();
    let local = json!({
        "sp": {"acs_url": "http://localhost:8080/plugins/servlet/saml/auth"},
        "idp": {"sso_url": "http://127.0.0.1:9000/saml2", "sso_post_url": null, "logout_url": null},
        "development": true,
    });
    let site = Site::of(&provider, &local);
    assert!(site.opened["log"].to_string().contains("development-mode"), "{}", site.opened);
    assert!(Browser::new().start(&site, "/").location().starts_with("http://127.0.0.1:9000/saml2"));
    let other = json!({"idp": {"sso_url": "http://login.example/saml2"}, "development": true});
    assert_eq!(wrong_fields(&provider, &other), ["idp.sso_url"]);
}

#[test]
fn means_us_by_the_audience_that_entra_writes() {
    let provider = Provider::of_tenant(support::TENANT, support::ORIGIN, "spn:jira-app");
    let site = Site::of(&provider, &json!({"sp": {"entity_id": "jira-app"}}));
    let mut browser = Browser::new();
    let leaving = browser.start(&site, "/");
    // The provider of this test is registered as `spn:jira-app`, and would not know the request's Issuer.
    let id = leaving.location().split("RelayState=").nth(1).unwrap().to_owned();
    let login = provider.unsolicited(start_of_time());
    let form = provider.press(
        &login.with("request_id", Some(&id)).with("relay_state", Some(&id)),
        "b.simon",
        &[],
        start_of_time(),
    );
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
    let uri = Provider::of_tenant(support::TENANT, support::ORIGIN, "spn:https://jira.contoso.example/");
    let site = Site::of(&uri, &json!({}));
    let mut browser = Browser::new();
    let leaving = browser.start(&site, "/");
    let id = leaving.location().split("RelayState=").nth(1).unwrap().to_owned();
    let login = uri.unsolicited(start_of_time());
    let form = uri.press(
        &login.with("request_id", Some(&id)).with("relay_state", Some(&id)),
        "b.simon",
        &[],
        start_of_time(),
    );
    browser.submit(&site, &form).assert_refused("audience-mismatch");
}

#[test]
fn makes_missing_keys_once_and_has_them_saved() {
    let provider = Provider::entra();
    let mut config = Site::config(&provider);
    config["keys"] = json!({});
    config["revision"] = json!(4);
    let site = Site::open(config);
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/X-1", "b.simon", &[]);
    assert_eq!(site.asked("save"), 1);
    let saved = site.saved.lock().unwrap()[0].clone();
    assert_eq!(saved["revision"], 5);
    for key in ["sealing", "signing", "signing_certificate"] {
        assert!(saved["keys"][key].as_str().unwrap().len() > 40, "{key}");
    }
    assert_eq!(saved["keys"]["decryption"].as_array().unwrap().len(), 1);
    // The saved settings are a whole configuration, and finish what this engine started.
    let reopened = Site::open(saved);
    assert_eq!(reopened.opened["problems"], json!([]));
    assert_eq!(browser.clone().submit(&reopened, &form).kind(), "sign_in");
    assert_eq!(reopened.asked("save"), 0);
    assert_eq!(browser.submit(&site, &form).kind(), "sign_in");
}

#[test]
fn goes_on_with_keys_that_could_not_be_saved_and_asks_again_by_tick() {
    let provider = Provider::entra();
    let mut config = Site::config(&provider);
    config["keys"] = json!({});
    let site = Site::open(config);
    *site.save_fails.lock().unwrap() = Some("disk full");
    let mut browser = Browser::new();
    let answer = browser.sign_in(&site, &provider, "/browse/X-1", "b.simon");
    assert_eq!(answer.kind(), "sign_in", "{}", answer.0);
    assert!(site.logged().contains(&"config-save-failed".to_owned()));
    assert_eq!(site.asked("save"), 1, "not with every request");
    site.turn(&json!({"kind": "tick"}));
    assert_eq!(site.asked("save"), 2);
    *site.save_fails.lock().unwrap() = None;
    site.turn(&json!({"kind": "tick"}));
    assert_eq!((site.asked("save"), site.saved.lock().unwrap().len()), (3, 1));
    site.turn(&json!({"kind": "tick"}));
    assert_eq!(site.asked("save"), 3);
}

#[test]
fn keeps_keys_that_are_there() {
    let provider = Provider::entra();
    let mut config = Site::config(&provider);
    let signing = config["keys"]["signing"].clone();
    config["keys"] = json!({"signing": signing});
    let site = Site::open(config);
    site.turn(&json!({"kind": "tick"}));
    let saved = site.saved.lock().unwrap()[0].clone();
    assert_eq!(saved["keys"]["signing"], signing);
    assert!(saved["keys"]["signing_certificate"].is_string() && saved["keys"]["sealing"].is_string());
}

#[test]
fn two_first_requests_get_the_same_keys() {
    let provider = Provider::entra();
    let mut config = Site::config(&provider);
    config["keys"] = json!({});
    let site = Arc::new(Site::open(config));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let site = Arc::clone(&site);
            std::thread::spawn(move || {
                let mut browser = Browser::new();
                browser.start(&site, "/");
                browser
            })
        })
        .collect();
    let browsers: Vec<Browser> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(site.asked("save"), 1, "one set of keys");
    // Each attempt opens under the keys that were saved.
    let saved = Site::open(site.saved.lock().unwrap()[0].clone());
    for mut browser in browsers {
        let id = browser.jar.keys().next().unwrap().replace("ostiary_", "");
        let login = provider.unsolicited(start_of_time());
        let login = login.with("request_id", Some(&id)).with("relay_state", Some(&id));
        let form = provider.press(&login, "b.simon", &[], start_of_time());
        assert_eq!(browser.submit(&saved, &form).kind(), "sign_in");
    }
}

#[test]
fn secrets_appear_in_no_answer_but_the_saved_settings() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let answer = browser.sign_in(&site, &provider, "/", "b.simon");
    let all = format!("{} {} {:?}", site.opened, answer.0, site.log.lock().unwrap());
    for key in ["sealing", "signing"] {
        assert!(!all.contains(site.config["keys"][key].as_str().unwrap()), "{key}");
    }
}
