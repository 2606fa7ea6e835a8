//! The whole way in: page, provider, answer, user, session, target.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use ostiary_testkit::shift;
use serde_json::json;
use support::{ACS_PATH, Browser, ENTITY_ID, Form, ORIGIN, Provider, Site, start_of_time};

#[test]
fn signs_a_user_in_and_says_who_it_is() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let answer = browser.sign_in(&site, &provider, "/browse/X-1?a=b", "b.simon");
    assert_eq!((answer.kind(), answer.code()), ("sign_in", "signed-in"), "{}", answer.0);
    assert_eq!(answer.0["user"], "b.simon");
    assert_eq!(answer.0["target"], "/browse/X-1?a=b");
    let session = &answer.0["session"];
    assert_eq!(session["name_id"]["value"], "b.simon@contoso.example");
    assert_eq!(session["name_id"]["format"], "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
    assert!(session["session_index"].as_str().unwrap().starts_with('_'));
    assert_eq!(
        session["attributes"]["http://schemas.microsoft.com/identity/claims/displayname"],
        json!(["B. Simon"])
    );
}

#[test]
fn asks_in_order_and_signs_in_last() {
    let provider = Provider::entra();
    for (shape, reserved) in [("assertion", 2), ("response", 3), ("both", 3)] {
        let site = Site::of(&provider, &json!({}));
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("shape", shape)]);
        assert_eq!(browser.submit(&site, &form).kind(), "sign_in", "{shape}");
        let asked: Vec<String> =
            site.asked.lock().unwrap().iter().map(|ask| ask["what"].as_str().unwrap().to_owned()).collect();
        let mut expected = vec!["look_up".to_owned()];
        expected.resize(1 + reserved, "reserve".to_owned());
        assert_eq!(asked, expected, "{shape}: assertion, signed response, request");
    }
}

#[test]
fn reserves_until_nothing_could_let_the_message_through() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let _signed_in = browser.sign_in(&site, &provider, "/", "b.simon");
    let now = start_of_time().as_millisecond();
    for ask in site.asked.lock().unwrap().iter().filter(|ask| ask["what"] == "reserve") {
        assert_eq!(ask["until_ms"], now + 3_600_000 + 2 * 180_000);
        assert_eq!(ask["issued_ms"], now);
        let key = ask["key"].as_str().unwrap();
        assert!(key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()));
    }
}

#[test]
fn finishes_five_tabs_in_any_order_each_on_its_own_page() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let pages: Vec<String> = (0..5).map(|n| format!("/browse/X-{n}?tab={n}&q=a%26b")).collect();
    let mut forms: Vec<(String, Form)> = pages
        .iter()
        .map(|page| (page.clone(), browser.answer_of(&site, &provider, page, "b.simon", &[])))
        .collect();
    forms.reverse();
    forms.swap(1, 3);
    for (page, form) in forms {
        let answer = browser.submit(&site, &form);
        assert_eq!((answer.kind(), answer.0["target"].as_str().unwrap()), ("sign_in", page.as_str()));
    }
}

#[test]
fn restores_deep_links_with_their_whole_query_and_context_path() {
    let provider = Provider::of_tenant(support::TENANT, &format!("{ORIGIN}/jira"), ENTITY_ID);
    let acs_url = format!("{ORIGIN}/jira{ACS_PATH}");
    let site = Site::of(&provider, &json!({"sp": {"acs_url": acs_url, "context_path": "/jira"}}));
    for page in [
        "/jira/pages/viewpage.action?pageId=1&focusedCommentId=2",
        "/jira/browse/X-1?filter=3&a=b",
        "/jira/issues/?jql=project%20%3D%20%22A%20%26%20B%22%20AND%20summary%20~%20%22%C3%BC%22",
        "/jira/x?a=%5C%5Cevil&b=%2F%2Fevil&c=1+1&d=",
        "/jira/x?next=https://jira.contoso.example/jira/y?z=1&z=2",
        "/jira/%C3%BC/%F0%9F%98%80;v=1?empty",
        "/jira/",
    ] {
        let mut browser = Browser::new();
        let form = browser.answer_of(&site, &provider, page, "b.simon", &[]);
        let answer = browser.submit(&site, &form);
        assert_eq!(answer.0["target"], page, "{}", answer.0);
    }
}

#[test]
fn encodes_what_browsers_leave_raw_in_a_query() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (raw, restored) in [
        ("/x?a=b\\c", "/x?a=b%5Cc"),
        // Raw octets of "ü" as they cross the wire: ISO-8859-1.
        ("/x?a=\u{c3}\u{bc}", "/x?a=%C3%BC"),
        ("/x?a=b c", "/x?a=b%20c"),
        ("/x?a=|{}\"<>'`^", "/x?a=|{}\"<>'`^"),
    ] {
        let answer = Browser::new().sign_in(&site, &provider, raw, "b.simon");
        assert_eq!(answer.0["target"], restored, "{}", answer.0);
    }
}

#[test]
fn keeps_a_long_target_in_the_tab() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let noise: String = (0..700_u32).map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761))).collect();
    let page = format!("/issues/?jql={noise}");
    let mut browser = Browser::new();
    let leaving = browser.visit(&site, &page);
    assert_eq!((leaving.status(), leaving.code()), (200, "sign-on-started"), "{}", leaving.0);
    assert!(leaving.body().contains(&noise), "the start page knows the target");
    let url = leaving.body().replace("&amp;", "&").replace("&#38;", "&");
    let url = url.split('"').find(|text| text.contains("SAMLRequest=")).unwrap().to_owned();
    let login = provider.login_page(&url, site.now());
    let answer = browser.submit(&site, &provider.press(&login, "b.simon", &[], site.now()));
    let target = answer.0["target"].as_str().unwrap();
    let (path, query) = target.split_once('?').unwrap();
    assert_eq!(path, "/plugins/servlet/saml/return");
    let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    assert_eq!(
        query[1],
        ("target".to_owned(), "/issues/".to_owned()),
        "the path is what remains without a script"
    );
    let back = browser.visit(&site, target);
    assert_eq!(back.status(), 200);
    assert!(back.body().contains(&query[0].1) && back.body().contains("/issues/"), "{}", back.body());
}

#[test]
fn signs_in_with_encrypted_assertions() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let metadata = Browser::new().visit(&site, "/plugins/servlet/saml/metadata");
    provider.set_sp_metadata(metadata.body().as_bytes());
    for method in ["aes256-cbc", "aes128-cbc", "aes256-gcm", "aes128-gcm"] {
        for shape in ["assertion", "response", "both"] {
            let mut browser = Browser::new();
            let form =
                browser.answer_of(&site, &provider, "/", "b.simon", &[("encrypt", method), ("shape", shape)]);
            let answer = browser.submit(&site, &form);
            assert_eq!(answer.0["user"], "b.simon", "{method} {shape}: {}", answer.0);
        }
    }
}

#[test]
fn takes_the_user_id_from_where_the_configuration_says() {
    let provider = Provider::entra();
    let claim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
    for (user_id, asked) in [
        (json!({"attribute": claim}), "b.simon@contoso.example"),
        (json!({"transform": {"pattern": "(.*)@contoso\\.example", "replace": "$1"}}), "b.simon"),
        (
            json!({"attribute": claim, "transform": {"pattern": "^(?<l>[^@]+)@(.*)$", "replace": "$2+${l}"}}),
            "contoso.example+b.simon",
        ),
    ] {
        let site = Site::of(&provider, &json!({"user_id": user_id}));
        site.directory.lock().unwrap().insert(asked.to_owned(), json!({"found": "B.Simon"}));
        let answer = Browser::new().sign_in(&site, &provider, "/", "b.simon");
        assert_eq!(answer.0["user"], "B.Simon", "the exact name on the host: {}", answer.0);
        assert_eq!(site.asked.lock().unwrap()[0]["user"], asked);
    }
}

#[test]
fn accepts_an_unsolicited_response_only_where_that_is_allowed() {
    let provider = Provider::entra();
    let form = provider.press(&provider.unsolicited(start_of_time()), "b.simon", &[], start_of_time());
    let closed = Site::of(&provider, &json!({}));
    Browser::new().submit(&closed, &form).assert_refused("unsolicited-not-allowed");
    for (relay_state, target) in [
        (None, "/"),
        (Some(""), "/"),
        (Some("/browse/X-1?a=b"), "/browse/X-1?a=b"),
        (Some("https://evil.example/"), "/"),
        (Some("//evil.example/"), "/"),
        (Some("/plugins/servlet/saml/logout"), "/"),
    ] {
        let site = Site::of(&provider, &json!({"policy": {"allow_unsolicited": true}}));
        let form = form.with("RelayState", relay_state);
        let answer = Browser::new().submit(&site, &form);
        assert_eq!(
            (answer.kind(), answer.0["target"].as_str().unwrap()),
            ("sign_in", target),
            "{relay_state:?}"
        );
        let refused = relay_state.is_some_and(|text| !text.is_empty() && text != target);
        assert_eq!(site.logged().contains(&"target-refused".to_owned()), refused, "{relay_state:?}");
        let ask = &site.asked.lock().unwrap()[1];
        assert_eq!(
            ask["issued_ms"],
            shift(start_of_time(), -180).as_millisecond(),
            "by the provider's clock"
        );
    }
}

#[test]
fn an_unsolicited_setting_does_not_loosen_answers_to_requests() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"policy": {"allow_unsolicited": true}}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    // Another browser, no cookie, and nothing but the Response that says it was asked for.
    let other = Browser::new().submit(&site, &form.with("RelayState", None));
    other.assert_refused("unsolicited-in-response-to");
    assert_eq!(site.asked("reserve"), 0);
}

#[test]
fn notices_a_provider_that_did_not_ask_anew() {
    let provider = Provider::entra();
    let site =
        Site::of(&provider, &json!({"request": {"force_authn": true}, "policy": {"clock_skew_seconds": 0}}));
    // The test provider claims that the user signed in six seconds ago.
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    browser.submit(&site, &form).assert_refused("authn-too-old");
}

#[test]
fn keeps_two_tenants_apart() {
    let one = Provider::entra();
    let two = Provider::of_tenant("99999999-0000-cccc-1111-dddd2222eeee", ORIGIN, ENTITY_ID);
    let (site_one, site_two) = (Site::of(&one, &json!({})), Site::of(&two, &json!({})));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site_one, &one, "/", "b.simon", &[]);
    // The same keys, the same entity ID, the attempt opens: but the answer is of the other tenant.
    let crossed = browser.clone().submit(&site_two, &form);
    assert_eq!(crossed.kind(), "respond", "{}", crossed.0);
    assert!(["response-issuer-mismatch", "signature-invalid"].contains(&crossed.code()), "{}", crossed.0);
    assert_eq!(browser.submit(&site_one, &form).kind(), "sign_in");
    let answer = Browser::new().sign_in(&site_two, &two, "/", "a.adams");
    assert_eq!(answer.0["user"], "a.adams");
}

#[test]
fn logs_what_detects_forged_assertions_and_no_personal_data() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/SECRET-1", "b.simon", &[]);
    let answer = browser.submit(&site, &form);
    let session = answer.0["session"]["session_index"].as_str().unwrap().to_owned();
    let lines = site.log.lock().unwrap().clone();
    let signed_in = lines.iter().find(|line| line["code"] == "signed-in").unwrap();
    let text = signed_in["text"].as_str().unwrap();
    assert!(text.contains(&session), "assertion ID: {text}");
    assert!(text.contains(&provider.entity_id()), "issuer: {text}");
    assert!(text.split(' ').any(|word| word.len() == 64), "fingerprint of the key: {text}");
    assert_eq!(signed_in["correlation"], answer.0["correlation"]);
    let all = json!(lines).to_string();
    let response = form.field("SAMLResponse").unwrap();
    for secret in ["B. Simon", "SECRET-1", &response[..60], browser.jar.values().next().unwrap().0.as_str()] {
        assert!(!all.contains(secret), "{secret}");
    }
}
