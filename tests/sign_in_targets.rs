//! Where a sign-in ends: on a page of this site, whatever anybody asked for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use proptest::prelude::*;
use serde_json::json;
use support::{ACS_PATH, Browser, Provider, Site};
use url::Url;

const REFUSED: &[&str] = &[
    "//evil.example",
    "///evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/\\evil.example",
    "\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " /x",
    "/x y",
    "https://evil.example/",
    "https://jira.contoso.example/browse/X-1",
    "https:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "@evil.example",
    ".evil.example",
    "browse/X-1",
    "?x",
    "#x",
    "",
    "/x\u{0}",
    "/x\u{7f}",
    "/x\u{85}y",
    "/\u{2028}x",
    // Our own paths would only start over, or sign out.
    ACS_PATH,
    "/plugins/servlet/saml/auth/",
    "/plugins/servlet/saml/auth?target=/x",
    "/plugins/servlet/saml/auth;jsessionid=1",
    "/plugins/servlet/saml/%61uth",
    "/plugins//servlet/saml///auth",
    "/plugins;a=b/servlet/saml/logout;c",
    "/plugins/./servlet/x/../saml/auth",
    "/plugins/servlet/saml/logout",
    "/plugins/servlet/saml/metadata",
];

#[test]
fn replaces_targets_that_are_no_page_of_this_site_by_the_start_page() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"access": {"home": "/secure/Dashboard.jspa"}}));
    for target in REFUSED {
        let query: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("target", target).finish();
        site.log.lock().unwrap().clear();
        let answer = Browser::new().sign_in(&site, &provider, &format!("{ACS_PATH}?{query}"), "b.simon");
        assert_eq!(answer.0["target"], "/secure/Dashboard.jspa", "{target:?}");
        assert!(site.logged().contains(&"target-refused".to_owned()), "{target:?} is logged");
    }
    for query in ["target=/a&target=/b", "Target=/a", "redirect=/a", "RelayState=/a", "os_destination=/a"] {
        let answer = Browser::new().sign_in(&site, &provider, &format!("{ACS_PATH}?{query}"), "b.simon");
        assert_eq!(answer.0["target"], "/secure/Dashboard.jspa", "{query}");
    }
}

#[test]
fn keeps_targets_that_are_pages_of_this_site() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    for (target, kept) in [
        ("/", "/"),
        ("/browse/X-1?a=b#c", "/browse/X-1?a=b#c"),
        ("/x?u=https://evil.example//", "/x?u=https://evil.example//"),
        ("/ü?q=日本", "/%C3%BC?q=%E6%97%A5%E6%9C%AC"),
        ("/x//y", "/x//y"),
    ] {
        let query: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("target", target).finish();
        let answer = Browser::new().sign_in(&site, &provider, &format!("{ACS_PATH}?{query}"), "b.simon");
        assert_eq!(answer.0["target"], kept);
    }
}

#[test]
fn sends_other_origins_to_the_origin_of_the_acs_first() {
    let site = Site::of(&Provider::entra(), &json!({}));
    for origin in
        ["https://jira-internal.contoso.example", "http://jira.contoso.example", "https://10.0.0.7:8443"]
    {
        for (path, target) in [("/browse/X-1?a=b", "%2Fbrowse%2FX-1%3Fa%3Db"), (ACS_PATH, "%2F")] {
            let browser = Browser::new();
            let mut event = browser.visit_event(&site, path);
            event["url"] = json!(format!("{origin}{}", path.split('?').next().unwrap()));
            let answer = Browser::new().take(&site, &event);
            assert_eq!(answer.status(), 303);
            assert_eq!(
                answer.location(),
                format!("{}{ACS_PATH}?target={target}", site.origin),
                "{origin}{path}"
            );
            assert!(answer.0["cookies"].as_array().unwrap().is_empty(), "no attempt on a foreign origin");
        }
    }
}

#[test]
fn does_not_loop_behind_a_proxy_that_hides_the_scheme() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut event = Browser::new().visit_event(&site, &format!("{ACS_PATH}?target=%2Fbrowse%2FX-1"));
    event["url"] = json!(format!("http://jira.contoso.example:8080{ACS_PATH}"));
    let answer = Browser::new().take(&site, &event);
    assert_eq!(answer.code(), "sign-on-started", "{}", answer.0);
    assert!(answer.location().starts_with(&provider.sso_url()));
}

#[test]
fn takes_no_host_from_the_request() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut event = Browser::new().visit_event(&site, "/browse/X-1");
    event["url"] = json!("https://evil.example/browse/X-1");
    let answer = Browser::new().take(&site, &event);
    assert!(!answer.0.to_string().contains("evil.example"), "{}", answer.0);
}

#[test]
fn checks_the_way_back_of_a_tab_that_keeps_its_target() {
    let site = Site::of(&Provider::entra(), &json!({}));
    let back = "/plugins/servlet/saml/return";
    let id = "id0123456789abcdef0123456789abcdef";
    for target in REFUSED {
        let query: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("target", target).finish();
        let page = Browser::new().visit(&site, &format!("{back}?key={id}&{query}"));
        assert!(!page.body().contains("evil.example"), "{target:?}: {}", page.body());
    }
    for key in ["", "x", "id0", "%22%3E%3Cscript%3E", "__proto__"] {
        let answer = Browser::new().visit(&site, &format!("{back}?key={key}&target=/x"));
        assert_eq!((answer.status(), answer.location()), (303, "/x"), "{key}");
    }
    let mut event = Browser::new().visit_event(&site, back);
    event["method"] = json!("POST");
    Browser::new().take(&site, &event).assert_refused("method-not-allowed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn no_target_leads_off_the_site(target in "[/\\\\@:.?#a-z\\t %\\n]{0,12}(evil.example)?[/\\\\@:?#]{0,2}") {
        thread_local! {
            static SITE: Site = Site::of(&Provider::entra(), &json!({}));
        }
        SITE.with(|site| {
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("target", &target).finish();
            let back = Browser::new().visit(site, &format!("/plugins/servlet/saml/return?{query}"));
            let location = back.location();
            let base = Url::parse(&site.origin).unwrap();
            let resolved = base.join(location).unwrap();
            assert_eq!(resolved.origin(), base.origin(), "{target:?} -> {location}");
            assert!(!resolved.path().starts_with("//"), "{target:?} -> {location}");
            assert!(location.starts_with('/') && !location.starts_with("//") && !location.contains('\\'));
        });
    }
}
