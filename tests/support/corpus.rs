//! The shared corpus of documents, where it is: every case as a POST, a query or metadata that crosses the door.

use super::{ACS_PATH, Site};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// One document: the configuration under which it is judged, and the events by which it can come in.
pub struct Case {
    pub id: String,
    /// When it is judged.
    pub now: Option<Timestamp>,
    pub config: Value,
    pub events: Vec<Value>,
}

/// The corpus of `OSTIARY_CORPUS`, else beside the repository; none where there is none.
pub fn corpus() -> Option<Vec<Case>> {
    let named = std::env::var_os("OSTIARY_CORPUS").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join(named.unwrap_or_else(|| PathBuf::from("../shared/corpus")));
    let manifest = fs::read(folder.join("manifest.json")).ok()?;
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    Some(manifest["cases"].as_array().unwrap().iter().map(|case| read(&folder, case)).collect())
}

fn read(folder: &Path, case: &Value) -> Case {
    let document = fs::read(folder.join(case["file"].as_str().unwrap())).unwrap();
    let kind = case["kind"].as_str().unwrap();
    let sp = &case["sp"];
    let certificates = case["idp_cert"].as_array().cloned().unwrap_or_default();
    let certificates: Vec<String> = certificates
        .iter()
        .map(|file| String::from_utf8(fs::read(folder.join(file.as_str().unwrap())).unwrap()).unwrap())
        .collect();
    let acs = text(&sp["acs"]).filter(|url| url.starts_with("https://") && !url.contains('?'));
    let acs = acs.unwrap_or_else(|| format!("https://sp.example.com{ACS_PATH}"));
    let origin = acs.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let path = acs.strip_prefix(&origin).filter(|path| !path.is_empty()).unwrap_or("/").to_owned();
    let idp = text(&sp["idp_entity_id"]).unwrap_or_else(|| "https://idp.example.com/".to_owned());
    let mut keys = Site::own_keys();
    if let Some(file) = case["sp_decryption_key"].as_str() {
        let key = fs::read_to_string(folder.join(file)).unwrap();
        keys["decryption"] = json!([key.split_whitespace().collect::<String>()]);
    }
    let config = json!({
        "sp": {
            "entity_id": text(&sp["audience"]).unwrap_or_else(|| "https://sp.example.com/".to_owned()),
            "acs_url": acs,
            "logout_url": format!("{origin}/saml/logout"),
            "context_path": "",
        },
        "idp": {
            "entity_id": idp, "sso_url": "https://idp.example.com/sso", "logout_url": "https://idp.example.com/slo",
            "certificates": certificates,
        },
        "policy": {"allow_unsolicited": true, "allow_sha1": true},
        "keys": keys,
    });
    let events = match kind {
        "redirect_logout_request" | "redirect_logout_response" => {
            vec![visit(&origin, "/saml/logout", Some(String::from_utf8_lossy(&document).trim()))]
        }
        "metadata" => vec![
            json!({"kind": "configure", "metadata_xml": String::from_utf8_lossy(&document)}),
            post(&origin, &path, "SAMLResponse", &document),
        ],
        _ => vec![
            post(&origin, &path, "SAMLResponse", &document),
            post(&origin, "/saml/logout", "SAMLRequest", &document),
            post(&origin, "/saml/logout", "SAMLResponse", &document),
        ],
    };
    let now = sp["now"].as_str().and_then(|now| now.parse().ok());
    Case { id: case["id"].as_str().unwrap().to_owned(), now, config, events }
}

/// A text, or the first of a list.
fn text(value: &Value) -> Option<String> {
    value.as_str().or_else(|| value[0].as_str()).map(str::to_owned)
}

fn visit(origin: &str, path: &str, query: Option<&str>) -> Value {
    json!({
        "kind": "request", "method": "GET", "url": format!("{origin}{path}"), "path": path, "query": query,
        "headers": {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    })
}

fn post(origin: &str, path: &str, field: &str, document: &[u8]) -> Value {
    let mut event = visit(origin, path, None);
    event["method"] = json!("POST");
    event["form"] = json!({ field: [STANDARD.encode(document)] });
    event
}
