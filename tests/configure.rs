//! What administrators see: a configuration checked, metadata resolved into settings.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_testkit::{Flavour, MetadataShape, TestKey, idp_metadata};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;
use support::{Browser, Provider, Site, merge, start_of_time};

static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::entra);

fn site() -> Site {
    let site = Site::of(&PROVIDER, &json!({}));
    *site.fetch.lock().unwrap() = Some(Box::new(
        |_| json!({"status": 200, "body": STANDARD.encode(PROVIDER.metadata(start_of_time()))}),
    ));
    site
}

/// Status and body of a JSON answer.
fn answer(site: &Site, event: &Value) -> (u64, Value) {
    let action = site.turn(event);
    assert_eq!(action["action"], "respond", "{action}");
    let headers = action["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["Content-Type", "application/json; charset=utf-8"])), "{action}");
    (action["status"].as_u64().unwrap(), serde_json::from_str(action["body"].as_str().unwrap()).unwrap())
}

fn check(changes: &Value) -> (u64, Vec<String>) {
    let mut config = Site::config(&PROVIDER);
    merge(&mut config, changes);
    let (status, body) = answer(&site(), &json!({"kind": "check_config", "config": config}));
    let problems = body["problems"].as_array().unwrap();
    assert!(problems.iter().all(|problem| !problem["problem"].as_str().unwrap().is_empty()));
    (status, problems.iter().map(|problem| problem["field"].as_str().unwrap().to_owned()).collect())
}

fn configure(site: &Site, what: Value) -> (u64, Value) {
    let mut event = json!({"kind": "configure"});
    merge(&mut event, &what);
    answer(site, &event)
}

/// Whoever takes over the configuration takes over every user: an engine that no add-on opened has no page for it, not
/// even for administrators.
#[test]
fn no_request_changes_a_setting() {
    let site = site();
    let evil = json!({"idp": {"metadata_url": "https://evil.example/metadata", "entity_id": "https://evil.example/"}});
    let fields = [
        ("kind", "configure".to_owned()),
        ("metadata_url", "https://evil.example/metadata".to_owned()),
        ("config", evil.to_string()),
        ("settings", evil.to_string()),
    ];
    let fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value)).into();
    for path in
        ["auth", "auth/return", "logout", "metadata", "health", "configure", "config", "save", "admin"]
    {
        let path = format!("/plugins/servlet/saml/{path}");
        let query = "kind=configure&metadata_url=https%3A%2F%2Fevil.example%2Fmetadata&save=1";
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let mut event = Browser::new().form_event(&site, &format!("{path}?{query}"), &fields);
            event["method"] = json!(method);
            event["user"] = json!("admin");
            (event["is_admin"], event["elevated"]) = (json!(true), json!(true));
            let action = site.turn(&event);
            assert!(!action.to_string().contains("evil.example/\""), "{method} {path}: {action}");
        }
    }
    assert_eq!((site.asked("save"), site.asked("fetch")), (0, 0));
    let answer = Browser::new().sign_in(&site, &PROVIDER, "/", "b.simon");
    assert_eq!(answer.kind(), "sign_in", "the same provider as before: {}", answer.0);
}

#[test]
fn a_good_configuration_has_no_problems() {
    assert_eq!(check(&json!({})), (200, Vec::new()));
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let (status, fields) = check(&json!({
        "sp": {"acs_url": "http://jira.contoso.example/auth"},
        "idp": {"sso_url": "ftp://x/", "logout_issuers": [""]},
        "policy": {"clock_skew_seconds": 301},
        "refresh": {"hours": 0},
    }));
    assert_eq!(status, 422);
    for field in
        ["sp.acs_url", "idp.sso_url", "idp.logout_issuers[0]", "policy.clock_skew_seconds", "refresh.hours"]
    {
        assert!(fields.contains(&field.to_owned()), "{field}: {fields:?}");
    }
}

#[test]
fn certificates_and_pasted_metadata_are_checked_as_well() {
    assert_eq!(
        check(&json!({"idp": {"certificates": ["nonsense"]}})),
        (422, vec!["idp.certificates[0]".to_owned()])
    );
    assert_eq!(check(&json!({"idp": {"metadata_xml": "<x/>"}})), (422, vec!["idp.metadata_xml".to_owned()]));
}

#[test]
fn unknown_and_misshapen_fields_are_named_by_section() {
    assert_eq!(
        check(&json!({"idp": {"colour": "red"}, "logout": {"single": "yes"}, "more": 1})).1,
        ["idp", "logout", "more"]
    );
    let (status, body) = answer(&site(), &json!({"kind": "check_config", "config": "x"}));
    assert_eq!((status, body["problems"].as_array().unwrap().len()), (422, 1));
}

#[test]
fn checking_changes_nothing() {
    let site = site();
    let evil = json!({"sp": {"entity_id": "https://evil.example/", "acs_url": "https://evil.example/a"}, "idp": {"metadata_url": "https://evil.example/m"}});
    let (status, _) = answer(&site, &json!({"kind": "check_config", "config": evil}));
    assert_eq!(status, 200);
    configure(&site, json!({"metadata_url": "https://evil.example/m"}));
    assert_eq!(site.asked("save"), 0);
    assert_eq!(Browser::new().sign_in(&site, &PROVIDER, "/", "b.simon").kind(), "sign_in");
}

#[test]
fn metadata_becomes_settings_from_a_url_or_a_paste() {
    let pasted = String::from_utf8(PROVIDER.metadata(start_of_time())).unwrap();
    for (what, url) in [
        (json!({"metadata_url": PROVIDER.metadata_url()}), json!(PROVIDER.metadata_url())),
        (json!({"metadata_xml": pasted, "entity_id": PROVIDER.entity_id()}), json!(null)),
    ] {
        let site = site();
        let (status, body) = configure(&site, what);
        assert_eq!(status, 200, "{body}");
        let idp = &body["idp"];
        assert_eq!(idp["metadata_url"], url);
        assert_eq!(idp["entity_id"], PROVIDER.entity_id());
        assert_eq!(
            (&idp["sso_url"], &idp["logout_url"]),
            (&json!(PROVIDER.sso_url()), &json!(PROVIDER.sso_url()))
        );
        assert_eq!(idp["certificates"], json!(PROVIDER.certificates(start_of_time())));
        let certificate = &body["certificates"][0];
        assert_eq!(certificate["subject"], "CN=Microsoft Azure Federated SSO Certificate");
        assert_eq!(certificate["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(certificate["not_before"], "2026-11-20T10:00:00Z");
        assert_eq!(certificate["not_after"], "2029-11-19T10:00:00Z");
        assert_eq!(certificate["usable"], true);
        // What comes out goes in.
        let mut config = Site::config(&PROVIDER);
        config["idp"] = idp.clone();
        let reopened = Site::open(config);
        assert_eq!(reopened.opened["armed"], true);
        assert_eq!(Browser::new().sign_in(&reopened, &PROVIDER, "/", "b.simon").kind(), "sign_in");
    }
}

#[test]
fn every_certificate_is_told_of_also_those_that_cannot_be_used() {
    let good = TestKey::generate("good", start_of_time()).unwrap().certificate_base64().unwrap();
    let short = TestKey::generate_bits("short", start_of_time(), 1024).unwrap().certificate_base64().unwrap();
    let certificates = [short, good, "AAAA".to_owned()];
    let shape = MetadataShape {
        flavour: Flavour::Adfs,
        entity_id: "http://fs.contoso.example/adfs/services/trust",
        id: "_1",
        sso_url: "https://fs.contoso.example/adfs/ls/",
        certificates: &certificates,
        valid_until: None,
        cache_duration: None,
    };
    let document = idp_metadata(&shape, None).unwrap();
    let (status, body) = configure(&site(), json!({"metadata_xml": document}));
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["idp"]["certificates"].as_array().unwrap().len(), 1);
    let told: Vec<_> =
        body["certificates"].as_array().unwrap().iter().map(|c| (&c["subject"], &c["usable"])).collect();
    assert_eq!(
        told,
        [
            (&json!("CN=good"), &json!(true)),
            (&json!("CN=short"), &json!(false)),
            (&json!(null), &json!(false))
        ]
    );
    assert!(body["certificates"][1]["problem"].as_str().unwrap().contains("1024"), "{body}");
}

#[test]
fn what_cannot_be_resolved_says_why_to_the_administrator() {
    let site = site();
    for (what, field, code) in [
        (json!({}), "metadata_url", "config-invalid"),
        (
            json!({"metadata_url": "https://x.example/", "metadata_xml": "<x/>"}),
            "metadata_url",
            "config-invalid",
        ),
        (json!({"metadata_url": "http://x.example/"}), "metadata_url", "config-invalid"),
        (json!({"metadata_url": "file:///etc/passwd"}), "metadata_url", "config-invalid"),
        (json!({"metadata_url": "http://localhost/"}), "metadata_url", "config-invalid"),
        (json!({"metadata_xml": "<html></html>"}), "metadata_xml", "metadata-html"),
        (json!({"metadata_xml": "<x/>"}), "metadata_xml", "metadata-invalid"),
        (json!({"metadata_xml": ""}), "metadata_xml", "xml-malformed"),
        (
            json!({"metadata_url": PROVIDER.metadata_url(), "entity_id": "https://other.example/"}),
            "metadata_url",
            "metadata-entity-mismatch",
        ),
    ] {
        let (status, body) = configure(&site, what);
        assert_eq!((status, &body["code"]), (422, &json!(code)), "{body}");
        assert_eq!(body["problems"][0]["field"], field);
        assert!(site.logged().contains(&code.to_owned()));
    }
    for (result, code) in [
        (json!({"status": 302, "body": ""}), "metadata-fetch-refused"),
        (json!({"status": 404, "body": ""}), "metadata-not-found"),
        (json!({"status": 503, "body": ""}), "metadata-fetch-failed"),
        (json!({"error": "unknown host"}), "metadata-fetch-failed"),
    ] {
        *site.fetch.lock().unwrap() = Some(Box::new(move |_| result.clone()));
        let (status, body) = configure(&site, json!({"metadata_url": PROVIDER.metadata_url()}));
        assert_eq!((status, &body["code"]), (422, &json!(code)), "{body}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_metadata_gets_an_answer(xml in "<?\\PC{0,60}", entity_id in prop::option::of("\\PC{0,20}")) {
        static SITE: LazyLock<Site> = LazyLock::new(site);
        let (status, body) = configure(&SITE, json!({"metadata_xml": xml, "entity_id": entity_id}));
        prop_assert_eq!(status, 422);
        prop_assert!(body["code"].is_string());
    }

    #[test]
    fn any_configuration_gets_an_answer(section in "sp|idp|keys|policy|x", field in "[a-z_]{1,12}", value in prop_oneof![Just(json!(null)), Just(json!([])), Just(json!(-1)), "\\PC{0,12}".prop_map(|text| json!(text))]) {
        static SITE: LazyLock<Site> = LazyLock::new(site);
        let mut config = Site::config(&PROVIDER);
        merge(&mut config, &json!({ section: {field: value} }));
        let (status, body) = answer(&SITE, &json!({"kind": "check_config", "config": config}));
        prop_assert_eq!(status == 200, body["problems"].as_array().unwrap().is_empty());
    }
}
