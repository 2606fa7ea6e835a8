//! How a sign-in starts: who may start one, where it remembers to go, and what it asks the provider.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::json;
use support::{ACS_PATH, Browser, ORIGIN, Provider, Site, inflate};
use url::Url;

/// The parameters of a URL.
fn parameter(url: &str, name: &str) -> Option<String> {
    Url::parse(url).unwrap().query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[test]
fn sends_a_visitor_of_a_protected_page_to_the_provider() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let first = browser.visit(&site, "/browse/X-1?a=b&c=d%20e");
    assert_eq!(first.status(), 303);
    assert_eq!(
        first.location(),
        format!("{ORIGIN}{ACS_PATH}?target=%2Fbrowse%2FX-1%3Fa%3Db%26c%3Dd%2520e"),
        "with its address, to where its cookies are"
    );
    let second = browser.start(&site, "/browse/X-1?a=b&c=d%20e");
    assert_eq!((second.status(), second.code()), (303, "sign-on-started"));
    assert!(second.location().starts_with(&format!("{}?SAMLRequest=", provider.sso_url())));
    let relay_state = parameter(second.location(), "RelayState").unwrap();
    assert!(relay_state.len() <= 80 && browser.jar.contains_key(&format!("ostiary_{relay_state}")));
    assert_eq!(browser.jar.values().next().unwrap().1, ACS_PATH, "the cookie goes nowhere else");
}

#[test]
fn starts_from_my_apps_without_parameters() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let answer = Browser::new().visit(&site, ACS_PATH);
    assert_eq!((answer.status(), answer.code()), (303, "sign-on-started"));
    assert!(answer.location().starts_with(&provider.sso_url()));
}

#[test]
fn starts_for_page_visits_only() {
    let site = Site::of(&Provider::entra(), &json!({}));
    let browser = Browser::new();
    for path in ["/rest/api/2/issue", ACS_PATH] {
        let mut event = browser.visit_event(&site, path);
        for headers in [
            json!({"sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "accept": "text/html"}),
            json!({"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}),
            json!({"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}),
            json!({"accept": "application/json"}),
            json!({"accept": "text/html", "x-requested-with": "XMLHttpRequest"}),
            json!({}),
        ] {
            event["headers"] = headers.clone();
            let answer = Browser::new().take(&site, &event);
            assert_eq!((answer.status(), answer.code()), (401, "not-signed-in"), "{path} {headers}");
            assert_eq!(answer.header("Location"), None);
        }
        event["headers"] = json!({"accept": "text/html"});
        assert_eq!(Browser::new().take(&site, &event).status(), 303, "an old browser's page visit");
    }
    let mut event = browser.visit_event(&site, "/rest");
    for method in ["POST", "HEAD", "PUT", "DELETE"] {
        event["method"] = json!(method);
        assert_eq!(Browser::new().take(&site, &event).code(), "not-signed-in", "{method}");
    }
    let logged = site.logged();
    assert!(!logged.contains(&"not-signed-in".to_owned()), "a polling script fills no log: {logged:?}");
}

#[test]
fn answers_other_methods_at_the_sign_on_url_with_405() {
    let site = Site::of(&Provider::entra(), &json!({}));
    let mut event = Browser::new().visit_event(&site, ACS_PATH);
    for method in ["HEAD", "PUT", "OPTIONS", "get"] {
        event["method"] = json!(method);
        let answer = Browser::new().take(&site, &event);
        answer.assert_refused("method-not-allowed");
        assert_eq!((answer.status(), answer.header("Allow")), (405, Some("GET, POST")));
    }
}

#[test]
fn lets_signed_in_users_and_unprotected_sites_be() {
    let provider = Provider::entra();
    let mut browser = Browser::new();
    browser.user = Some("b.simon".to_owned());
    assert_eq!(browser.visit(&Site::of(&provider, &json!({})), "/browse/X-1").kind(), "pass");
    let unprotected = Site::of(&provider, &json!({"access": {"protect": false}}));
    assert_eq!(Browser::new().visit(&unprotected, "/browse/X-1").kind(), "pass");
    assert_eq!(unprotected.opened["routes"]["protect"], false);
}

#[test]
fn keeps_five_attempts_and_lets_the_oldest_go() {
    let site = Site::of(&Provider::entra(), &json!({}));
    let mut browser = Browser::new();
    let mut started = Vec::new();
    for number in 0..8 {
        let answer = browser.start(&site, &format!("/browse/X-{number}"));
        started.push(format!("ostiary_{}", parameter(answer.location(), "RelayState").unwrap()));
        site.wait(1);
    }
    let kept: Vec<&String> = started.iter().skip(3).collect();
    assert_eq!(browser.jar.len(), 5);
    assert!(kept.iter().all(|name| browser.jar.contains_key(*name)));
}

#[test]
fn asks_for_what_the_configuration_says() {
    let provider = Provider::entra();
    let site = Site::of(
        &provider,
        &json!({"request": {"domain_hint": "contoso.example", "sign": true, "force_authn": true,
                "name_id_format": "persistent", "authn_context": ["urn:oasis:names:tc:SAML:2.0:ac:classes:X509"]}}),
    );
    let answer = Browser::new().start(&site, "/");
    let url = answer.location();
    assert_eq!(parameter(url, "whr").as_deref(), Some("contoso.example"));
    assert!(parameter(url, "Signature").is_some());
    assert!(
        url.find("Signature=").unwrap() < url.find("whr=").unwrap(),
        "the hint is no part of what is signed"
    );
    let xml = inflate(&parameter(url, "SAMLRequest").unwrap());
    for part in [
        "ForceAuthn=\"true\"",
        "Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"",
        "ac:classes:X509</saml:AuthnContextClassRef>",
        "<saml:Issuer>https://jira.contoso.example/</saml:Issuer>",
        "AssertionConsumerServiceURL=\"https://jira.contoso.example/plugins/servlet/saml/auth\"",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(!xml.contains("IsPassive"));
}

#[test]
fn posts_the_request_where_the_configuration_says_so_or_only_that_is_offered() {
    let provider = Provider::entra();
    for changes in [
        json!({"request": {"binding": "post", "domain_hint": "contoso.example"}}),
        json!({"idp": {"sso_url": null}}),
    ] {
        let site = Site::of(&provider, &changes);
        let mut browser = Browser::new();
        let answer = browser.start(&site, "/browse/X-1");
        assert_eq!((answer.status(), answer.code()), (200, "sign-on-started"), "{}", answer.0);
        let form = support::Form::read(answer.body());
        assert!(form.action.starts_with(&provider.sso_url()));
        assert_eq!(form.action.ends_with("?whr=contoso.example"), changes["request"].is_object());
        assert!(form.field("SAMLRequest").is_some());
        let relay_state = form.field("RelayState").unwrap();
        assert!(browser.jar.contains_key(&format!("ostiary_{relay_state}")));
    }
}

#[test]
fn needs_the_address_of_the_provider() {
    let site = Site::of(
        &Provider::entra(),
        &json!({"idp": {"sso_url": null, "sso_post_url": null,
        "metadata_url": "https://login.microsoftonline.example/metadata"}}),
    );
    Browser::new().start(&site, "/").assert_refused("metadata-no-sso");
}

#[test]
fn makes_a_new_id_for_each_attempt() {
    let site = Site::of(&Provider::entra(), &json!({}));
    let ids: std::collections::HashSet<_> = (0..50)
        .map(|_| parameter(Browser::new().start(&site, "/").location(), "RelayState").unwrap())
        .collect();
    assert_eq!(ids.len(), 50);
    assert!(ids.iter().all(|id| !id.starts_with(|c: char| c.is_ascii_digit())));
}
