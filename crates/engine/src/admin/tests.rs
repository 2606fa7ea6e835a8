//! The configuration page as it is drawn, and that nothing which is put into it becomes markup.

use crate::engine::Engine;
use crate::testing::SeededRng;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;

const HOSTILE: &str = "\"><script>alert(1)</script>'&{{7*7}}</textarea>";

fn configured() -> Value {
    let mut config: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/sign-in-both-signed/config.json"))
            .unwrap();
    config["revision"] = json!(7);
    config
}

/// The page that answers one event, at an engine that was opened on `config`.
fn page(mut config: Value, host: &Value, event: &Value) -> String {
    let mut facts = json!({"product": "jira", "title": "Jira", "version": "10.3.1", "addon_version": "0.1.0",
        "base_url": "https://jira.contoso.example/jira", "context_path": "/jira"});
    let mut whole = json!({"kind": "admin", "method": "GET", "path": "configure", "user": "admin", "xsrf": {"name": "atl_token", "value": "T-1"}});
    for (to, from) in [(&mut facts, host), (&mut whole, event)] {
        to.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
    }
    config["host"] = facts;
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    let engine = Engine::open(config.to_string().as_bytes(), now, &mut SeededRng::new(1)).engine.unwrap();
    let action = engine.handle(whole.to_string().as_bytes(), now, &mut SeededRng::new(2));
    let action: Value = serde_json::from_slice(&action).unwrap();
    action["body"].as_str().unwrap_or_else(|| panic!("{action}")).to_owned()
}

/// Every field with the same text, a button pressed.
fn typed(value: &str, button: &str) -> Value {
    let names = super::fields::FIELDS.iter().map(|(name, _, _)| *name);
    let names = names.chain(["metadata_xml", "preview_value"]);
    let mut form: serde_json::Map<String, Value> =
        names.map(|name| (name.to_owned(), json!([value]))).collect();
    form.insert("action".to_owned(), json!([button]));
    form.insert("revision".to_owned(), json!(["7"]));
    json!({"method": "POST", "form": form})
}

/// The pages there are; `value` stands wherever a value can.
fn all(value: &str) -> Vec<(&'static str, String)> {
    let nothing = json!({});
    let problems = json!({"problems": [value]});
    let mut broken = configured();
    broken["policy"] = json!({"clock_skew_seconds": 999});
    broken["addon"] = json!({"login_button": {"name": value, "description": value}});
    let named = json!({"title": value, "base_url": value, "problems": [value]});
    vec![
        ("unconfigured", page(json!({}), &nothing, &nothing)),
        ("configured", page(configured(), &nothing, &json!({"query": "saved"}))),
        ("refused", page(configured(), &nothing, &typed(value, "save"))),
        ("previewed", page(configured(), &nothing, &typed(value, "preview"))),
        ("broken", page(broken, &named, &problems)),
    ]
}

#[test]
fn pages_are_as_they_were_drawn() {
    for (name, page) in all("x") {
        insta::assert_snapshot!(name, page);
    }
}

#[test]
fn every_field_has_a_label_and_every_reference_leads_somewhere() {
    for (name, page) in all("x") {
        let values = |attribute: &str| -> Vec<String> {
            page.split(&format!(" {attribute}=\""))
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect()
        };
        let ids = values("id");
        let set: HashSet<&String> = ids.iter().collect();
        assert_eq!(set.len(), ids.len(), "{name}: {ids:?}");
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            for list in values(attribute) {
                for id in list.split_whitespace() {
                    assert!(set.contains(&id.to_owned()), "{name}: {attribute} {id}");
                }
            }
        }
        for link in values("href").iter().filter_map(|href| href.strip_prefix('#')) {
            assert!(set.contains(&link.to_owned()), "{name}: #{link}");
        }
        let labels = values("for");
        for tag in page.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("textarea")) {
            if tag.contains("type=\"hidden\"") {
                continue;
            }
            let id = tag.split(" id=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(labels.contains(&id.to_owned()), "{name}: {id} has no label");
        }
        for (field, _, _) in super::fields::FIELDS {
            let id = if field == "user_id_location" { "user_id_location_name_id" } else { field };
            assert!(page.contains(&format!(" id=\"{id}\" name=\"{field}\"")), "{name}: {field}");
        }
        let named = page.matches("<legend>").count() + page.matches("<fieldset aria-labelledby").count();
        assert_eq!(page.matches("<fieldset").count(), named, "{name}");
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
    }
}

#[test]
fn hostile_values_stay_text() {
    for (name, page) in all(HOSTILE) {
        assert!(!page.contains("<script>") && !page.contains("alert(1)</script>"), "{name}: {page}");
        assert!(!page.contains("'&{{7*7}}") && !page.contains("49<"), "{name}");
        let shown = !matches!(name, "unconfigured" | "configured");
        assert_eq!(page.contains("alert(1)"), shown, "{name}: as text");
    }
    let xsrf = json!({"xsrf": {"name": HOSTILE, "value": HOSTILE}});
    let page = page(configured(), &json!({}), &xsrf);
    assert!(
        !page.contains("<script>") && page.contains("alert(1)") && page.contains("alert%281%29"),
        "{page}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_value_changes_the_markup(value in "[<>\"'&/{}%#a-z \\PC]{1,40}") {
        prop_assume!(!value.trim().is_empty() && value.trim().parse::<u16>().is_err());
        for button in ["preview", "save"] {
            let harmless = page(configured(), &json!({}), &typed("(x", button));
            let tried = page(configured(), &json!({}), &typed(&value, button));
            for mark in ["<input", "<textarea", "<form", "<fieldset", "<label", "<button", "<script", "<a id", "<table"] {
                prop_assert_eq!(harmless.matches(mark).count(), tried.matches(mark).count(), "{}", mark);
            }
        }
    }
}
