//! The configuration page: what an administrator types, resolves and saves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_testkit::TestKey;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;
use support::console::{Console, body, fields, text_of};
use support::{ACS_PATH, Browser, ORIGIN, Provider, start_of_time};

static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::entra);
/// Where its metadata is, for an administrator who confirmed the host.
const METADATA_HOST: &str = "login.microsoftonline.example";

fn document() -> Vec<u8> {
    PROVIDER.metadata(start_of_time())
}

fn at_provider() -> Value {
    json!({"metadata_url": PROVIDER.metadata_url(), "metadata_host": METADATA_HOST})
}

/// What is wrong, by field, as the page says it beside the field.
fn error_at(page: &str, field: &str) -> String {
    text_of(page, &format!("{field}-error")).unwrap_or_else(|| panic!("nothing at {field}: {page}"))
}

fn code(action: &Value) -> &str {
    action["code"].as_str().unwrap_or_default()
}

#[test]
fn from_nothing_to_a_sign_in_by_resolve_and_save() {
    let console = Console::new();
    console.fetches_document(&document());
    let resolved = body(&console.press("resolve", &at_provider()));
    assert!(text_of(&resolved, "ostiary-done").unwrap().contains(&PROVIDER.entity_id()), "{resolved}");
    let form = fields(&resolved);
    assert_eq!(form["idp_entity_id"], [PROVIDER.entity_id()]);
    assert_eq!((&form["login_url"][0], &form["logout_url"][0]), (&PROVIDER.sso_url(), &PROVIDER.sso_url()));
    assert!(form["certificates"][0].starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(console.site.asked("save"), 0, "Resolve saves nothing");
    let saved = console.submit(form, "save", &json!({}));
    assert_eq!((&saved["status"], code(&saved)), (&json!(303), "config-saved"), "{saved}");
    assert!(
        saved["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["Location", "/plugins/servlet/ostiary/configure?saved"]))
    );
    let console = console.reopen();
    assert_eq!((&console.site.opened["armed"], &console.stored["revision"]), (&json!(true), &json!(1)));
    let page = body(&console.ask("GET", "configure", &json!({"query": "saved"})));
    assert!(text_of(&page, "ostiary-done").unwrap().contains("revision 1"));
    assert!(!page.contains("active: signed"), "{page}");
    assert_eq!(Browser::new().sign_in(&console.site, &PROVIDER, ACS_PATH, "b.simon").kind(), "sign_in");
    assert!(console.page().contains("active: signed the last sign-in"));
}

#[test]
fn metadata_can_be_pasted_or_uploaded() {
    let console = Console::new();
    let xml = String::from_utf8(document()).unwrap();
    let pasted = body(&console.press("resolve_xml", &json!({"metadata_xml": xml})));
    let mut uploaded_form = String::new();
    for (name, values) in console.form() {
        uploaded_form.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{}\r\n",
            values[0]
        ));
    }
    uploaded_form.push_str(&format!("--b\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nupload\r\n--b\r\nContent-Disposition: form-data; name=\"metadata_file\"; filename=\"m.xml\"\r\nContent-Type: text/xml\r\n\r\n{xml}\r\n--b--\r\n"));
    let upload =
        json!({"content_type": "multipart/form-data; boundary=b", "body": STANDARD.encode(uploaded_form)});
    let uploaded = body(&console.ask("POST", "configure", &json!({"upload": upload})));
    for page in [&pasted, &uploaded] {
        assert_eq!(fields(page)["idp_entity_id"], [PROVIDER.entity_id()], "{page}");
        assert_eq!(fields(page)["metadata_xml"], [""]);
    }
    assert_eq!(console.site.asked("fetch"), 0);
    let saved = console.submit(fields(&uploaded), "save", &json!({}));
    assert_eq!(saved["status"], 303, "{saved}");
    assert_eq!(console.reopen().site.opened["armed"], true);
}

#[test]
fn resolve_says_what_is_wrong_and_loses_nothing() {
    let big = json!({"status": 200, "body": STANDARD.encode(vec![b' '; 1_048_577])});
    let of = |text: &str| json!({"status": 200, "body": STANDARD.encode(text)});
    let without_key = String::from_utf8(document()).unwrap().replace("use=\"signing\"", "use=\"encryption\"");
    let cases = [
        (json!({"status": 404}), "metadata-not-found", "nothing at the metadata URL"),
        (of("<!DOCTYPE html><title>Sign in</title>"), "metadata-html", "web page"),
        (json!({"error": "10000 ms", "why": "timeout"}), "metadata-timeout", "did not answer in time"),
        (big, "metadata-too-large", "larger than 1 MB"),
        (of("<!DOCTYPE x [<!ENTITY e \"x\">]><x/>"), "xml-doctype", "DTD"),
        (of(&without_key), "metadata-no-key", "no usable signing certificate"),
        (json!({"error": "PKIX", "why": "tls"}), "metadata-tls", "self-signed"),
        (
            json!({"error": "169.254.169.254", "why": "address-refused"}),
            "metadata-address-refused",
            "metadata-service",
        ),
        (json!({"error": "no such host", "why": "unknown-host"}), "metadata-fetch-failed", "no such host"),
        (json!({"status": 302}), "metadata-fetch-refused", "redirect"),
        (of("<x/>"), "metadata-invalid", "not SAML 2.0 metadata"),
    ];
    let mut texts = std::collections::BTreeSet::new();
    for (result, expected, told) in cases {
        let console = Console::of(&PROVIDER);
        console.fetches(result);
        let mut typed = at_provider();
        typed["login_button_name"] = json!("Typed, not saved");
        typed["application_proxy"] = json!("true");
        typed["identifier"] = json!("https://typed.example/");
        typed["idp_entity_id"] = json!("");
        let before = console.form();
        let action = console.press("resolve", &typed);
        let page = body(&action);
        assert_eq!(code(&action), expected);
        let text = error_at(&page, "metadata_url");
        assert!(text.contains(told), "{expected}: {text}");
        assert!(texts.insert(text), "{expected}: said before");
        let after = fields(&page);
        for (name, value) in typed.as_object().unwrap() {
            assert_eq!(after[name], [value.as_str().unwrap()], "{expected}: {name}");
        }
        assert_eq!(after["certificates"], before["certificates"]);
        assert_eq!((console.site.asked("save"), console.form() == before), (0, true), "{expected}");
        assert_eq!(Browser::new().sign_in(&console.site, &PROVIDER, ACS_PATH, "b.simon").kind(), "sign_in");
    }
}

#[test]
fn resolve_names_another_tenant_before_anything_is_saved() {
    let console = Console::of(&PROVIDER);
    let other = Provider::of_tenant("bbbbcccc-1111-2222-3333-dddd4444eeee", ORIGIN, support::ENTITY_ID);
    console.fetches_document(&other.metadata(start_of_time()));
    let action = console.press("resolve", &at_provider());
    let text = error_at(&body(&action), "metadata_url");
    assert_eq!(code(&action), "metadata-entity-mismatch");
    assert!(text.contains("another tenant") && text.contains("empty IdP Entity ID"), "{text}");
    let moved = at_provider()
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .chain([("idp_entity_id".to_owned(), json!(""))])
        .collect();
    let action = console.press("resolve", &Value::Object(moved));
    assert_eq!(fields(&body(&action))["idp_entity_id"], [other.entity_id()]);
}

#[test]
fn resolve_names_the_entities_of_which_one_must_be_chosen() {
    let console = Console::of(&PROVIDER);
    let entity = |id: &str| format!("<EntityDescriptor entityID=\"{id}\"/>");
    let several =
        [entity("https://one.example/"), entity(&PROVIDER.entity_id()), entity("https://two.example/")];
    let document = format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}</EntitiesDescriptor>",
        several.concat()
    );
    console.fetches_document(document.as_bytes());
    let mut typed = at_provider();
    typed["idp_entity_id"] = json!("");
    let action = console.press("resolve", &typed);
    let text = error_at(&body(&action), "metadata_url");
    assert_eq!(code(&action), "metadata-entity-ambiguous");
    assert!(text.contains("https://one.example/") && text.contains(&PROVIDER.entity_id()), "{text}");
    assert!(text.contains("IdP Entity ID"), "{text}");
}

#[test]
fn a_host_outside_the_cloud_list_is_confirmed_by_its_name() {
    let console = Console::of(&PROVIDER);
    console.fetches_document(&document());
    let url = json!({"metadata_url": PROVIDER.metadata_url(), "metadata_host": ""});
    let action = console.press("resolve", &url);
    assert_eq!((code(&action), console.site.asked("fetch")), ("metadata-host-unconfirmed", 0));
    assert!(error_at(&body(&action), "metadata_url").contains(METADATA_HOST));
    let wrong =
        json!({"metadata_url": PROVIDER.metadata_url(), "metadata_host": "login.microsoftonline.com"});
    let action = console.press("resolve", &wrong);
    assert_eq!((code(&action), console.site.asked("fetch")), ("metadata-host-unconfirmed", 0));
    assert!(error_at(&body(&action), "metadata_host").contains(METADATA_HOST));
    assert_eq!(code(&console.press("save", &url)), "config-invalid", "nor is it saved");
    let action = console.press("resolve", &at_provider());
    assert_eq!(console.site.asked("fetch"), 1);
    let asked = console.site.asked.lock().unwrap()[0].clone();
    assert_eq!((&asked["url"], &asked["allow_loopback"]), (&json!(PROVIDER.metadata_url()), &json!(false)));
    let saved = console.submit(fields(&body(&action)), "save", &json!({}));
    assert_eq!(saved["status"], 303);
    let saved = console.reopen();
    assert_eq!(saved.stored["addon"]["metadata_hosts"], json!([METADATA_HOST]));
    assert_eq!(saved.form()["metadata_host"], [METADATA_HOST]);
}

#[test]
fn resolve_fetches_nothing_but_https() {
    let console = Console::new();
    for url in [
        "",
        "http://login.microsoftonline.com/m",
        "file:///etc/passwd",
        "ftp://x/",
        "https://u@login.microsoftonline.com/m",
        "x",
    ] {
        let action = console.press("resolve", &json!({"metadata_url": url}));
        assert_eq!(code(&action), "config-invalid", "{url}");
        assert!(!error_at(&body(&action), "metadata_url").is_empty());
    }
    assert_eq!(console.site.asked("fetch"), 0);
}

#[test]
fn a_url_without_application_is_warned_of() {
    let console = Console::new();
    console.fetches_document(&document());
    let url = "https://login.microsoftonline.com/t/federationmetadata/2007-06/federationmetadata.xml";
    let page = body(&console.press("resolve", &json!({"metadata_url": url})));
    assert!(text_of(&page, "ostiary-notes").unwrap().contains("names no application"), "{page}");
    let page = body(&console.press("resolve", &json!({"metadata_url": format!("{url}?appid=1")})));
    assert!(!page.contains("names no application"));
}

#[test]
fn several_certificates_are_kept_each_with_its_facts() {
    let second = TestKey::generate("second", start_of_time()).unwrap().certificate_base64().unwrap();
    let first = PROVIDER.certificates(start_of_time())[0].clone();
    let console = Console::of(&PROVIDER);
    let both =
        format!("{first}\n\n-----BEGIN CERTIFICATE-----\n{second}\n-----END CERTIFICATE-----\n{first}");
    let saved = console.press("save", &json!({"certificates": both}));
    assert_eq!(saved["status"], 303, "{saved}");
    let console = console.reopen();
    assert_eq!(console.stored["idp"]["certificates"], json!([first, second]));
    let page = console.page();
    for told in ["CN=second", "CN=Microsoft Azure Federated SSO Certificate", "2029-11-19"] {
        assert!(page.contains(told), "{told}");
    }
    assert_eq!(page.matches("<code class=\"ostiary-fingerprint\">").count(), 3, "two of theirs, one of ours");
    assert!(console.log().is_empty());
    let log = Console::of(&PROVIDER);
    log.press("save", &json!({"certificates": both}));
    assert!(
        log.log().contains("warn config-saved user admin changed revision 7 to 8: certificates"),
        "{}",
        log.log()
    );
    assert_eq!(log.log().matches("certificate before: ").count(), 1);
    assert_eq!(log.log().matches("certificate after: ").count(), 2);
}

#[test]
fn save_says_why_it_cannot_beside_each_field_and_in_a_summary() {
    for (typed, field, told) in [
        (json!({"identifier": "https://other.example/"}), "identifier", "Reset to derived"),
        (json!({"reply_url": "https://other.example/x"}), "reply_url", "Reset to derived"),
        (json!({"sign_on_url": ""}), "sign_on_url", "Reset to derived"),
        (json!({"application_proxy": "true", "reply_url": "https://other.example/x"}), "reply_url", ACS_PATH),
        (
            json!({"application_proxy": "true", "reply_url": "http://x.example/plugins/servlet/saml/auth"}),
            "reply_url",
            "https",
        ),
        (json!({"application_proxy": "true", "sign_on_url": "javascript:alert(1)"}), "sign_on_url", "https"),
        (json!({"application_proxy": "true", "identifier": "a b"}), "identifier", "white space"),
        (json!({"metadata_url": "http://login.microsoftonline.com/m"}), "metadata_url", "https"),
        (json!({"metadata_url": "https://fs.example/m"}), "metadata_url", "not confirmed"),
        (json!({"metadata_host": "fs.example"}), "metadata_host", "login.microsoftonline.com"),
        (json!({"idp_entity_id": ""}), "idp_entity_id", "press Resolve"),
        (json!({"idp_entity_id": "", "metadata_url": ""}), "idp_entity_id", "is missing"),
        (json!({"login_url": ""}), "login_url", "press Resolve"),
        (json!({"login_url": "javascript:alert(1)"}), "login_url", "https"),
        (json!({"logout_url": "http://x.example/"}), "logout_url", "https"),
        (json!({"certificates": ""}), "certificates", "press Resolve"),
        (json!({"certificates": "AAAA"}), "certificates", "certificate 1"),
        (
            json!({"certificates": format!("-----BEGIN {0} KEY-----\nAAAA\n-----END {0} KEY-----", "PRIVATE")}),
            "certificates",
            "certificate 1",
        ),
        (json!({"login_button_name": ""}), "login_button_name", "is missing"),
        (json!({"login_button_name": "x".repeat(101)}), "login_button_name", "100"),
        (json!({"login_button_description": "x".repeat(501)}), "login_button_description", "500"),
        (json!({"user_id_location": "attribute"}), "attribute_name", "NameID"),
        (json!({"user_id_location": "else"}), "user_id_location", "name_id or attribute"),
        (json!({"transform_pattern": "("}), "transform_pattern", "unclosed group"),
        (json!({"transform_pattern": "(x{1000}){1000}"}), "transform_pattern", "size"),
        (json!({"transform_pattern": "x".repeat(513)}), "transform_pattern", "512"),
        (json!({"transform_replacement": "$1"}), "transform_pattern", "is missing"),
        (json!({"home_realm_discovery": "true"}), "domain_name", "is missing"),
        (json!({"home_realm_discovery": "true", "domain_name": "a b"}), "domain_name", "domain name"),
        (json!({"clock_skew_seconds": "301"}), "clock_skew_seconds", "0 to 300"),
        (json!({"clock_skew_seconds": "-1"}), "clock_skew_seconds", "whole number"),
        (json!({"clock_skew_seconds": ""}), "clock_skew_seconds", "whole number"),
        (json!({"login_url": format!("https://x.example/{}", "x".repeat(3000))}), "login_url", "too long"),
    ] {
        let console = Console::of(&PROVIDER);
        let mut typed_too = typed.clone();
        typed_too["login_button_description"] =
            typed.get("login_button_description").cloned().unwrap_or(json!("kept while typing"));
        let action = console.press("save", &typed_too);
        let page = body(&action);
        assert_eq!((code(&action), console.site.asked("save")), ("config-invalid", 0), "{typed}");
        let text = error_at(&page, field);
        assert!(text.contains(told), "{typed}: {text}");
        let anchor = if field == "user_id_location" { "user_id_location_name_id" } else { field };
        assert!(
            page.contains(&format!("<a href=\"#{anchor}\">")) && page.contains(&format!("id=\"{anchor}\"")),
            "{typed}"
        );
        assert!(page.contains("aria-invalid=\"true\""), "{typed}");
        if !text.contains("too long") && field != "user_id_location" {
            for (name, value) in typed_too.as_object().unwrap() {
                assert_eq!(fields(&page)[name], [value.as_str().unwrap()], "{name} is kept");
            }
        }
    }
}

#[test]
fn every_wrong_field_is_told_of_at_once() {
    let console = Console::of(&PROVIDER);
    let page = body(&console.press("save", &json!({"clock_skew_seconds": "x", "login_button_name": "", "transform_replacement": "x", "certificates": ""})));
    for field in ["clock_skew_seconds", "login_button_name", "transform_pattern", "certificates"] {
        error_at(&page, field);
    }
}

#[test]
fn every_field_is_saved() {
    let console = Console::of(&PROVIDER);
    let action = console.press("save", &json!({
        "application_proxy": "true", "identifier": "https://outside.example/", "reply_url": format!("https://outside.example{ACS_PATH}"),
        "sign_on_url": format!("https://inside.example{ACS_PATH}"), "login_button_name": "Entra", "login_button_description": "with your work account",
        "user_id_location": "attribute", "attribute_name": "http://schemas.example/upn", "transform_pattern": "^(.*)@contoso\\.example$",
        "transform_replacement": "$1", "home_realm_discovery": "true", "domain_name": "contoso.example", "single_signout": null,
        "clock_skew_seconds": "60", "allow_sha1": "true", "sign_requests": "true",
    }));
    assert_eq!(action["status"], 303, "{action}");
    let after = console.reopen();
    let saved = &after.stored;
    assert_eq!(after.site.opened["problems"], json!([]));
    for (place, value) in [
        ("/sp/entity_id", json!("https://outside.example/")),
        ("/sp/acs_url", json!(format!("https://outside.example{ACS_PATH}"))),
        ("/addon/sign_on_url", json!(format!("https://inside.example{ACS_PATH}"))),
        ("/addon/application_proxy", json!(true)),
        ("/addon/login_button", json!({"name": "Entra", "description": "with your work account"})),
        ("/user_id/attribute", json!("http://schemas.example/upn")),
        ("/user_id/transform", json!({"pattern": "^(.*)@contoso\\.example$", "replace": "$1"})),
        ("/addon/home_realm_discovery", json!(true)),
        ("/addon/domain_name", json!("contoso.example")),
        ("/logout/single", json!(false)),
        ("/policy/clock_skew_seconds", json!(60)),
        ("/policy/allow_sha1", json!(true)),
        ("/request/sign", json!(true)),
        ("/revision", json!(8)),
    ] {
        assert_eq!(saved.pointer(place), Some(&value), "{place}");
    }
    let leaving = Browser::new().start(&after.site, "/");
    assert_eq!(leaving.kind(), "pass");
    let form = after.form();
    assert_eq!(
        (&form["sign_on_url"][0], form.get("single_signout")),
        (&format!("https://inside.example{ACS_PATH}"), None)
    );
    // And once more without a change: nothing moves.
    assert_eq!(after.press("save", &json!({}))["status"], 303);
    let again = after.reopen().stored;
    let mut expected = saved.clone();
    expected["revision"] = json!(9);
    assert_eq!(again, expected);
}

#[test]
fn the_home_realm_goes_along_only_when_it_is_enabled() {
    for (enabled, sent) in [(true, true), (false, false)] {
        let console = Console::of(&PROVIDER);
        let on = if enabled { json!("true") } else { json!(null) };
        console.press("save", &json!({"home_realm_discovery": on, "domain_name": "contoso.example"}));
        let console = console.reopen();
        let leaving = Browser::new().start(&console.site, ACS_PATH);
        assert_eq!(leaving.location().contains("whr=contoso.example"), sent);
        assert_eq!(console.form()["domain_name"], ["contoso.example"], "it is not lost");
    }
}

#[test]
fn unknown_fields_are_refused_and_read_only_ones_ignored() {
    for (typed, told) in [
        (json!({"keys.sealing": "x"}), "unknown field keys.sealing"),
        (json!({"development": "true"}), "unknown field development"),
        (json!({"host": "{}"}), "unknown field host"),
        (json!({"login_url": ["https://a.example/", "https://b.example/"]}), "stands in the form twice"),
        (json!({"login_url": null}), "is missing in the form"),
        (json!({"revision": ["7", "8"]}), "stands in the form twice"),
    ] {
        let console = Console::of(&PROVIDER);
        let action = console.press("save", &typed);
        assert_eq!((code(&action), console.site.asked("save")), ("config-invalid", 0), "{typed}");
        assert!(body(&action).contains(told), "{typed}: {}", body(&action));
    }
    let console = Console::of(&PROVIDER);
    let action = console.press(
        "save",
        &json!({"force_azure_login": "true", "base_url": "https://evil.example", "armed": "x"}),
    );
    assert_eq!(action["status"], 303, "{action}");
    let saved = console.site.saved.lock().unwrap()[0].clone();
    assert!(!saved.to_string().contains("evil") && !saved.to_string().contains("force_azure"));
    assert_eq!(code(&console.press("delete", &json!({}))), "config-invalid");
}

#[test]
fn a_form_that_cannot_be_read_changes_nothing() {
    let console = Console::of(&PROVIDER);
    for more in [
        json!({}),
        json!({"form": {}}),
        json!({"form": {"action": ["save"]}}),
        json!({"upload": {"content_type": "text/plain", "body": ""}}),
        json!({"upload": {"content_type": "multipart/form-data; boundary=b", "body": "!"}}),
        json!({"form": console.form(), "upload": {"content_type": "multipart/form-data; boundary=b", "body": ""}}),
    ] {
        let action = console.ask("POST", "configure", &more);
        assert_eq!(code(&action), "config-invalid", "{more}");
    }
    assert_eq!((console.site.asked("save"), console.site.asked("fetch")), (0, 0));
}

#[test]
fn settings_that_somebody_else_changed_meanwhile_are_not_overwritten_unseen() {
    let console = Console::of(&PROVIDER);
    let action = console.press("save", &json!({"revision": "6", "login_button_name": "Mine"}));
    let page = body(&action);
    assert_eq!((code(&action), console.site.asked("save")), ("config-conflict", 0));
    assert!(page.contains("became revision 7 meanwhile"));
    assert_eq!(fields(&page)["login_button_name"], ["Mine"]);
    assert_eq!(console.submit(fields(&page), "save", &json!({}))["status"], 303, "knowingly");
}

#[test]
fn what_the_host_cannot_keep_is_told_with_everything_typed() {
    let console = Console::of(&PROVIDER);
    *console.site.save_fails.lock().unwrap() = Some("disk full");
    for button in ["save", "new_key"] {
        let action = console.press(button, &json!({"login_button_name": "Mine"}));
        let page = body(&action);
        assert_eq!(code(&action), "config-save-failed");
        assert!(page.contains("disk full") && fields(&page)["login_button_name"] == ["Mine"]);
    }
    assert!(!console.log().contains("config-saved"));
}

#[test]
fn preview_shows_what_a_sign_in_would_make_of_an_id() {
    let console = Console::of(&PROVIDER);
    for (pattern, replacement, sample, told) in [
        (
            "^(.*)@contoso\\.example$",
            "$1",
            "b.simon@contoso.example",
            "b.simon@contoso.example becomes b.simon",
        ),
        ("(.*)@contoso\\.example", "$1", "b.simon@evil.example", "refused"),
        ("(.*)@x", "$2", "b@x", "refused"),
        ("", "", "b.simon", "b.simon becomes b.simon"),
        ("(a*)*b", "$1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "refused"),
        ("<b>(.*)", "$1", "<b>x", "<b>x becomes x"),
    ] {
        let typed = json!({"transform_pattern": pattern, "transform_replacement": replacement, "preview_value": sample});
        let page = body(&console.press("preview", &typed));
        let shown = page.split_once("id=\"preview_result\"").unwrap().1.split_once("</output>").unwrap().0;
        assert!(support::console::unescape(shown).contains(told), "{pattern}: {shown}");
        assert_eq!(fields(&page)["preview_value"], [sample]);
    }
    for (typed, field) in [
        (json!({"transform_pattern": "(", "preview_value": "x"}), "transform_pattern"),
        (json!({"preview_value": "x".repeat(513)}), "preview_value"),
    ] {
        error_at(&body(&console.press("preview", &typed)), field);
    }
    assert_eq!(console.site.asked("save"), 0);
}

#[test]
fn reset_brings_the_derived_urls_back_and_saves_nothing() {
    let console = Console::of(&PROVIDER);
    let typed = json!({"identifier": "x", "reply_url": "y", "sign_on_url": "z", "application_proxy": "true", "login_button_name": "Mine"});
    let page = body(&console.press("reset", &typed));
    let form = fields(&page);
    assert_eq!(
        (&form["identifier"][0], &form["reply_url"][0]),
        (&format!("{ORIGIN}/"), &format!("{ORIGIN}{ACS_PATH}"))
    );
    assert_eq!((&form["sign_on_url"], form.get("application_proxy")), (&form["reply_url"], None));
    assert_eq!((&form["login_button_name"][0], console.site.asked("save")), (&"Mine".to_owned(), 0));
}

#[test]
fn a_new_key_pair_is_saved_at_once_beside_the_one_before() {
    let console = Console::of(&PROVIDER);
    let action = console.press("new_key", &json!({"login_button_name": "Mine"}));
    let page = body(&action);
    assert_eq!(code(&action), "config-saved");
    assert_eq!(
        (&fields(&page)["login_button_name"][0], &fields(&page)["revision"][0]),
        (&"Mine".to_owned(), &"8".to_owned())
    );
    assert_eq!(page.matches("Download certificate").count(), 2);
    let after = console.reopen();
    let keys = after.stored["keys"]["decryption"].as_array().unwrap();
    assert_eq!((keys.len(), &keys[1]), (2, &console.stored["keys"]["decryption"][0]));
    assert_eq!(after.stored["addon"]["login_button"]["name"], json!(null), "the rest is not saved");
    assert!(!page.contains(keys[0].as_str().unwrap()) && !console.log().contains(keys[0].as_str().unwrap()));
    assert!(console.log().contains("new key pair for token encryption"));
    let third = after.press("new_key", &json!({}));
    assert_eq!(code(&third), "config-saved");
    assert_eq!(after.reopen().stored["keys"]["decryption"].as_array().unwrap().len(), 2, "older ones go");
}

#[test]
fn what_the_host_says_and_sees_is_on_the_page() {
    let console = Console::open(json!({}), &json!({"problems": ["stored <settings> are not JSON"]}));
    let seen = json!({"scheme": "http", "host": "internal", "port": 8080});
    let page = body(&console.ask("GET", "configure", &json!({"problems": ["another add-on"], "seen": seen})));
    let notes = text_of(&page, "ostiary-notes").unwrap();
    for told in [
        "another add-on",
        "stored <settings> are not JSON",
        "http://internal:8080",
        "proxyName",
        "No identity provider",
    ] {
        assert!(notes.contains(told), "{told}: {notes}");
    }
    assert!(!Console::of(&PROVIDER).page().contains("ostiary-notes"));
}

#[test]
fn secrets_are_neither_on_the_page_nor_in_the_log() {
    let console = Console::of(&PROVIDER);
    let mut seen = console.page();
    console.fetches_document(&document());
    for button in ["save", "resolve", "preview", "reset", "new_key"] {
        let action = console.press(button, &json!({"metadata_host": ""}));
        seen.push_str(&action.to_string());
    }
    seen.push_str(&console.log());
    for key in [
        &console.stored["keys"]["sealing"],
        &console.stored["keys"]["signing"],
        &console.stored["keys"]["decryption"][0],
    ] {
        assert!(!seen.contains(key.as_str().unwrap()));
    }
}

#[test]
fn a_page_of_the_host_gets_only_the_policy_that_leaves_the_host_alone() {
    let action = Console::of(&PROVIDER).ask("GET", "configure", &json!({}));
    let headers = action["headers"].as_array().unwrap();
    assert!(headers.contains(&json!([
        "Content-Security-Policy",
        "frame-ancestors 'self'; base-uri 'self'; object-src 'none'"
    ])));
    assert!(headers.contains(&json!(["Cache-Control", "no-store"])));
    let page = body(&action);
    assert!(page.contains("<meta name=\"decorator\" content=\"atl.admin\">"));
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains("javascript:"));
    assert_eq!(
        page.matches("<script").count(),
        page.matches(
            "<script src=\"/download/resources/io.ostiary.jira:configure/configure.js\" defer></script>"
        )
        .count()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_typing_gets_a_page_and_comes_back_as_it_was(name in prop::sample::select(vec!["metadata_url", "identifier", "login_url", "certificates", "attribute_name", "transform_pattern", "domain_name", "clock_skew_seconds", "login_button_name", "metadata_xml"]), text in "[<>\"'&/{}%#a-z \\PC]{1,40}") {
        static CONSOLE: LazyLock<Console> = LazyLock::new(|| Console::of(&PROVIDER));
        let page = body(&CONSOLE.press("preview", &json!({name: text})));
        let back = fields(&page);
        let back = &back[name][0];
        if name == "metadata_xml" { prop_assert_eq!(back, &text) } else { prop_assert_eq!(back, text.trim()) }
    }
}
