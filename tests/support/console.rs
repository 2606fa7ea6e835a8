//! An add-on's host around the engine: what is stored, and an administrator at the configuration page.

use super::{ENTITY_ID, ORIGIN, Provider, Site, merge, start_of_time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The host, and what it stored.
pub struct Console {
    pub site: Site,
    pub stored: Value,
    pub host: Value,
}

/// Facts of a Jira at the usual address.
pub fn host_facts() -> Value {
    json!({"product": "jira", "title": "Jira", "version": "10.3.1", "addon_version": "0.1.0", "base_url": ORIGIN, "context_path": ""})
}

/// A form of the page: names and values.
pub type Fields = BTreeMap<String, Vec<String>>;

impl Console {
    /// Nothing is stored.
    pub fn new() -> Self {
        Self::open(json!({}), &json!({}))
    }

    /// `stored`, with changes to the facts of the host.
    pub fn open(stored: Value, changes: &Value) -> Self {
        let mut host = host_facts();
        merge(&mut host, changes);
        let mut config = stored.clone();
        config["host"] = host.clone();
        Self { site: Site::open(config), stored, host }
    }

    /// What an administrator of `provider` has stored.
    pub fn of(provider: &Provider) -> Self {
        let mut stored = Site::config(provider);
        stored["idp"]["metadata_url"] =
            json!("https://login.microsoftonline.com/t/federationmetadata.xml?appid=1");
        stored["revision"] = json!(7);
        Self::open(stored, &json!({}))
    }

    /// One event, with what every one has.
    pub fn event(&self, method: &str, path: &str, more: &Value) -> Value {
        let mut event = json!({
            "kind": "admin", "method": method, "path": path, "user": "admin",
            "xsrf": {"name": "atl_token", "value": "T-1"},
            "seen": {"scheme": "https", "host": "jira.contoso.example", "port": 443},
        });
        merge(&mut event, more);
        event
    }

    pub fn ask(&self, method: &str, path: &str, more: &Value) -> Value {
        self.site.turn(&self.event(method, path, more))
    }

    /// The page.
    pub fn page(&self) -> String {
        body(&self.ask("GET", "configure", &json!({})))
    }

    /// What the page's form has in it.
    pub fn form(&self) -> Fields {
        fields(&self.page())
    }

    /// Presses a button after typing `changes`; `null` takes a field out, which is how a box is not ticked.
    pub fn press(&self, button: &str, changes: &Value) -> Value {
        self.submit(self.form(), button, changes)
    }

    pub fn submit(&self, mut form: Fields, button: &str, changes: &Value) -> Value {
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(form.remove(name)),
                Value::Array(values) => {
                    let values = values.iter().map(|value| value.as_str().unwrap().to_owned());
                    form.insert(name.clone(), values.collect());
                }
                value => drop(form.insert(name.clone(), vec![value.as_str().unwrap().to_owned()])),
            }
        }
        form.insert("action".to_owned(), vec![button.to_owned()]);
        self.ask("POST", "configure", &json!({"form": form}))
    }

    /// The host opens its engine anew on what was saved last.
    pub fn reopen(&self) -> Self {
        let stored = self.site.saved.lock().unwrap().last().cloned().unwrap_or_else(|| self.stored.clone());
        Self::open(stored, &self.host)
    }

    pub fn fetches(&self, result: Value) {
        *self.site.fetch.lock().unwrap() = Some(Box::new(move |_| result.clone()));
    }

    /// What `fetch` gets is this document.
    pub fn fetches_document(&self, document: &[u8]) {
        self.fetches(json!({"status": 200, "body": STANDARD.encode(document)}));
    }

    /// All log lines so far, as text.
    pub fn log(&self) -> String {
        let log = self.site.log.lock().unwrap();
        log.iter()
            .map(|line| {
                format!(
                    "{} {} {}\n",
                    line["level"].as_str().unwrap(),
                    line["code"].as_str().unwrap(),
                    line["text"].as_str().unwrap()
                )
            })
            .collect()
    }
}

pub fn body(action: &Value) -> String {
    assert_eq!(action["action"], "respond", "{action}");
    action["body"].as_str().unwrap().to_owned()
}

/// Names and values of a form as a browser would send them; buttons and files are left out.
pub fn fields(page: &str) -> Fields {
    let mut fields = Fields::new();
    let form = page.split_once("<form").unwrap().1.split_once("</form>").unwrap().0;
    for tag in form.split('<').skip(1) {
        let (name, text) = match tag.split_once('>') {
            Some((tag, text)) => (tag, text),
            None => continue,
        };
        let Some(field) = attribute(name, "name") else { continue };
        if name.starts_with("textarea") {
            fields.entry(field).or_default().push(unescape(text.strip_prefix('\n').unwrap_or(text)));
        } else if name.starts_with("input") {
            let kind = attribute(name, "type").unwrap_or_default();
            let chosen = !matches!(kind.as_str(), "checkbox" | "radio") || name.contains(" checked");
            if chosen && kind != "file" {
                fields.entry(field).or_default().push(attribute(name, "value").unwrap_or_default());
            }
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

pub fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// The text of the element with this id, tags taken out; none when it is not there.
pub fn text_of(page: &str, id: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!(" id=\"{id}\""))?;
    let (_, rest) = rest.split_once('>')?;
    let rest = rest.split_once("</div>").map_or(rest, |(inside, _)| inside);
    let mut text = String::new();
    let mut inside = true;
    for c in rest.chars() {
        match c {
            '<' => inside = false,
            '>' => inside = true,
            c if inside => text.push(c),
            _ => {}
        }
    }
    Some(unescape(&text).split_whitespace().collect::<Vec<_>>().join(" "))
}
