//! Every page as it is, and what all of them have in common.

use super::*;
use crate::engine::Engine;
use crate::testing::SeededRng;
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashSet;

const HOSTILE: &str = "\"><script>alert(1)</script>'&{{7*7}}";

fn engine(product: &str, help: Option<&str>) -> Engine {
    let config = json!({
        "sp": {"entity_id": "https://jira.contoso.example/", "acs_url": "https://jira.contoso.example/plugins/servlet/saml/auth"},
        "idp": {"metadata_url": "https://login.example/metadata"},
        "pages": {"product": product, "help": help},
    });
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    Engine::open(config.to_string().as_bytes(), now, &mut SeededRng::new(1)).engine.unwrap()
}

fn page(engine: &Engine, make: impl FnOnce(&mut Turn<'_>) -> Respond) -> Respond {
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    make(&mut Turn::new(engine, now, &mut SeededRng::new(2)))
}

fn leave_by_form(value: &str) -> Leave {
    let fields = vec![("SAMLRequest", value.to_owned()), ("RelayState", value.to_owned())];
    Leave::Post { url: "https://login.example/saml2?x=1&y=2".to_owned(), fields }
}

fn leave_by_link() -> Leave {
    Leave::Redirect("https://login.example/saml2?SAMLRequest=x&RelayState=y".to_owned())
}

/// Every page there is; `value` stands wherever a value can.
fn all(engine: &Engine, value: &str) -> Vec<(&'static str, Respond)> {
    let form = leave_by_form(value);
    let Leave::Post { url, fields } = &form else { panic!() };
    let path = format!("/browse/{value}");
    vec![
        ("error", page(engine, |turn| error(turn, Code::SignatureInvalid))),
        ("error_not_signed_in", page(engine, |turn| error(turn, Code::NotSignedIn))),
        ("error_sign_out", page(engine, |turn| error(turn, Code::LogoutIssuer))),
        ("error_at_logout", page(engine, |turn| sign_out_error(turn, Code::SignatureInvalid))),
        ("error_not_available", page(engine, |turn| error(turn, Code::MetadataFetchFailed))),
        ("unknown_user", page(engine, |turn| unknown_user(turn, Code::UserNotFound, value))),
        ("signed_out_here", page(engine, |turn| signed_out(turn, SignedOut::Here))),
        ("signed_out_everywhere", page(engine, |turn| signed_out(turn, SignedOut::Everywhere))),
        (
            "signed_out_unconfirmed",
            page(engine, |turn| signed_out(turn, SignedOut::Unconfirmed(Code::LogoutStatus))),
        ),
        (
            "confirm_sign_out",
            page(engine, |turn| confirm_sign_out(turn, Some("https://login.example/saml2"))),
        ),
        ("post_form", page(engine, |turn| post_form(turn, url, fields))),
        ("start_by_link", page(engine, |turn| start(turn, value, &path, &leave_by_link()))),
        ("start_by_form", page(engine, |turn| start(turn, value, &path, &form))),
        ("go_back", page(engine, |turn| go_back(turn, value, &path))),
    ]
}

fn header<'r>(respond: &'r Respond, name: &str) -> &'r str {
    let found: Vec<&str> =
        respond.headers.iter().filter(|(n, _)| *n == name).map(|(_, v)| v.as_str()).collect();
    assert_eq!(found.len(), 1, "{name}: {:?}", respond.headers);
    found[0]
}

/// Status line, headers and body, as a browser gets them; the style is the same everywhere and left out.
fn text(respond: &Respond) -> String {
    let headers: Vec<String> =
        respond.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let (head, rest) = respond.body.split_once("<style").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    format!("{}\n{}\n\n{head}<style…</style>{rest}", respond.status, headers.join("\n"))
}

#[test]
fn every_page_is_as_it_was_drawn() {
    let engine = engine("Contoso Jira", Some("Call the service desk.\nIt knows."));
    for (name, respond) in all(&engine, "value") {
        insta::assert_snapshot!(name, text(&respond));
    }
}

#[test]
fn the_style_is_as_it_was_drawn() {
    let respond = page(&engine("Ostiary", None), |turn| error(turn, Code::Internal));
    let (_, style) = respond.body.split_once("<style").unwrap();
    insta::assert_snapshot!("style", style.split_once("</style>").unwrap().0);
}

#[test]
fn every_page_allows_nothing_but_itself() {
    for (name, respond) in all(&engine("Ostiary", None), "value") {
        let policy = header(&respond, "Content-Security-Policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(nonce.len() >= 22, "{name}: 128 bits");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            &format!("script-src 'nonce-{nonce}'"),
            &format!("style-src 'nonce-{nonce}'"),
        ] {
            assert!(policy.split("; ").any(|directive| directive == part), "{name}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{name}");
        for tag in ["<style", "<script"] {
            let tags = respond.body.matches(tag).count();
            let own = respond.body.matches(&format!("{tag} nonce=\"{}\"", escaped(nonce))).count();
            assert_eq!(tags, own, "{name}: {tag}");
        }
        assert_eq!(header(&respond, "Content-Type"), "text/html; charset=utf-8", "{name}");
        assert_eq!(header(&respond, "X-Content-Type-Options"), "nosniff", "{name}");
        assert_eq!(header(&respond, "Cache-Control"), "no-store", "{name}");
        assert_eq!(header(&respond, "X-Frame-Options"), "DENY", "{name}");
        let referrer = if respond.body.contains("<form") { "strict-origin" } else { "no-referrer" };
        assert_eq!(header(&respond, "Referrer-Policy"), referrer, "{name}");
        for resource in [" src=", "<link rel=\"stylesheet", "@import", "url(", "<iframe", "<object", "<img"] {
            assert!(!respond.body.contains(resource), "{name}: {resource}");
        }
    }
}

/// askama writes `+`, `/` and `=` as they are, and quotes as references; a nonce has none of those.
fn escaped(nonce: &str) -> &str {
    assert!(!nonce.contains(['"', '\'', '<', '>', '&']));
    nonce
}

#[test]
fn only_pages_with_a_form_may_post_and_only_to_where_it_goes() {
    for (name, respond) in all(&engine("Ostiary", None), "value") {
        let policy = header(&respond, "Content-Security-Policy");
        let directive = policy.split("; ").find(|d| d.starts_with("form-action")).unwrap();
        let expected = match name {
            "post_form" | "start_by_form" => "form-action https://login.example https:",
            "confirm_sign_out" => "form-action https://jira.contoso.example https://login.example https:",
            _ => "form-action 'none'",
        };
        assert_eq!(directive, expected, "{name}");
        assert_eq!(respond.body.contains("<form"), expected != "form-action 'none'", "{name}");
    }
}

#[test]
fn every_page_can_be_read_by_everybody_and_works_without_script() {
    for (name, respond) in all(&engine("Ostiary", None), "value") {
        let body = &respond.body;
        assert!(body.starts_with("<!doctype html>\n<html lang=\"en\">"), "{name}");
        for once in ["<title>", "<h1 ", "<main ", "<header ", "<meta name=\"viewport\""] {
            assert_eq!(body.matches(once).count(), 1, "{name}: {once}");
        }
        let title = body.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
        let heading = body.split_once("<h1 id=\"ostiary-title\">").unwrap().1.split_once("</h1>").unwrap().0;
        assert!(title.starts_with(heading) && !heading.is_empty(), "{name}: {title}");
        let ids: Vec<&str> =
            body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{name}: {ids:?}");
        assert!(ids.iter().all(|id| id.starts_with("ostiary-")), "{name}: {ids:?}");
        // A way on that needs no script.
        assert!(body.contains("<a id=") || body.contains("<button id="), "{name}");
        // Handlers in attributes would be dead under the policy.
        let attributes = body.split_once("</style>").unwrap().1.replace("contoso", "");
        assert!(!attributes.contains(" on") || !attributes.split(" on").skip(1).any(is_handler), "{name}");
    }
}

fn is_handler(rest: &str) -> bool {
    rest.split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase()))
}

#[test]
fn hostile_values_stay_text() {
    let engine = engine(HOSTILE, Some(HOSTILE));
    for (name, respond) in all(&engine, HOSTILE) {
        let body = &respond.body;
        assert!(!body.contains("<script>") && !body.contains("\"><script"), "{name}: {body}");
        assert!(!body.contains("alert(1)</script>"), "{name}: {body}");
        assert!(!body.contains("49"), "{name}: nothing is evaluated");
        assert!(body.contains("alert(1)"), "{name}: the value is shown, as text");
        assert!(!header(&respond, "Content-Security-Policy").contains("alert"), "{name}");
    }
}

#[test]
fn names_the_user_id_to_nobody_else() {
    let engine = engine("Ostiary", None);
    let respond = page(&engine, |turn| unknown_user(turn, Code::UserNotFound, "b.simon@contoso.example"));
    assert!(respond.body.contains("<bdi id=\"ostiary-user-id\">b.simon@contoso.example</bdi>"));
    for code in Code::ALL {
        let respond = page(&engine, |turn| error(turn, *code));
        assert!(!respond.body.contains("ostiary-user"), "{code}");
        assert_eq!(respond.status, code.status());
        assert!(respond.body.contains(code.as_str()) && !respond.body.contains(code.admin()), "{code}");
    }
}

#[test]
fn a_user_id_is_one_bounded_line() {
    assert_eq!(shown("a\nb\u{0}c"), "a\u{fffd}b\u{fffd}c");
    assert_eq!(shown(&"x".repeat(200)), "x".repeat(200));
    assert_eq!(shown(&"ü".repeat(201)), format!("{}…", "ü".repeat(200)));
}

#[test]
fn data_is_data() {
    let json = json(422, &json!({"problem": HOSTILE}));
    assert_eq!((json.status, header(&json, "Content-Type")), (422, "application/json; charset=utf-8"));
    assert_eq!(serde_json::from_str::<Value>(&json.body).unwrap()["problem"], HOSTILE);
    let xml = metadata("<x/>".to_owned());
    assert_eq!(header(&xml, "Content-Type"), "application/samlmetadata+xml; charset=utf-8");
    for respond in [json, xml] {
        assert_eq!(header(&respond, "X-Content-Type-Options"), "nosniff");
        assert_eq!(header(&respond, "Cache-Control"), "no-store");
        assert!(header(&respond, "Content-Security-Policy").starts_with("default-src 'none'"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a value is, it adds no markup: as many tags and quotes as with a harmless one.
    #[test]
    fn no_value_changes_the_markup(value in "[<>\"'&/{}%#a-z \\PC]{0,40}") {
        let (plain, tried) = (engine("x", Some("x")), engine(&value, Some(&value)));
        for ((name, harmless), (_, respond)) in all(&plain, "x").iter().zip(all(&tried, &value)) {
            for mark in ['<', '>', '"', '\''] {
                let count = |body: &str| body.matches(mark).count();
                prop_assert_eq!(count(&harmless.body), count(&respond.body), "{} {}", name, mark);
            }
        }
    }
}
