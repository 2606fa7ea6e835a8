//! A browser: cookie jar with paths, and the session that the host keeps for it.

use super::{Form, Provider, Site};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One browser.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Name to value and path.
    pub jar: BTreeMap<String, (String, String)>,
    pub user: Option<String>,
    pub session: Option<Value>,
}

/// What the site did.
#[derive(Debug, Clone)]
pub struct Answer(pub Value);

impl Answer {
    pub fn kind(&self) -> &str {
        self.0["action"].as_str().unwrap()
    }

    pub fn code(&self) -> &str {
        self.0["code"].as_str().unwrap_or_default()
    }

    pub fn status(&self) -> u64 {
        self.0["status"].as_u64().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.0["headers"].as_array()?;
        headers.iter().find(|pair| pair[0] == name).and_then(|pair| pair[1].as_str())
    }

    pub fn location(&self) -> &str {
        self.header("Location").unwrap_or_else(|| panic!("no redirect: {}", self.0))
    }

    pub fn body(&self) -> &str {
        self.0["body"].as_str().unwrap_or_default()
    }

    /// Fails unless the answer is a page of this code, which tells no more than its reference.
    pub fn assert_refused(&self, code: &str) {
        assert_eq!((self.kind(), self.code()), ("respond", code), "{}", self.0);
        let correlation = self.0["correlation"].as_str().unwrap();
        assert!(self.body().contains(code) && self.body().contains(correlation), "{}", self.body());
        assert!(self.status() >= 400, "{}", self.0);
    }
}

impl Browser {
    pub fn new() -> Self {
        Self::default()
    }

    /// The facts of a page visit.
    pub fn visit_event(&self, site: &Site, path_and_query: &str) -> Value {
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        let context = site.config["sp"]["context_path"].as_str().unwrap_or_default();
        json!({
            "kind": "request",
            "method": "GET",
            "url": format!("{}{path}", site.origin),
            "path": path.strip_prefix(context).unwrap_or(path),
            "query": query,
            "form": null,
            "cookies": self.cookies(path),
            "headers": {"accept": "text/html,*/*", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
            "user": self.user,
            "session": self.session,
        })
    }

    /// The facts of a form.
    pub fn form_event(&self, site: &Site, path: &str, fields: &[(String, String)]) -> Value {
        let mut form: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in fields {
            form.entry(name).or_default().push(value);
        }
        let mut event = self.visit_event(site, path);
        event["method"] = json!("POST");
        event["form"] = json!(form);
        event
    }

    /// A page visit.
    pub fn visit(&mut self, site: &Site, path_and_query: &str) -> Answer {
        let event = self.visit_event(site, path_and_query);
        self.take(site, &event)
    }

    /// Sends a form to the site; its action is a URL of the site.
    pub fn submit(&mut self, site: &Site, form: &Form) -> Answer {
        let event = self.submit_event(site, form);
        self.take(site, &event)
    }

    pub fn submit_event(&self, site: &Site, form: &Form) -> Value {
        let path =
            form.action.strip_prefix(&site.origin).unwrap_or_else(|| panic!("not ours: {}", form.action));
        self.form_event(site, path, &form.fields)
    }

    /// Has the site answer an event, and keeps what it says about cookies and session.
    pub fn take(&mut self, site: &Site, event: &Value) -> Answer {
        let action = site.turn(event);
        self.keep_cookies(&action);
        if action["action"] == "sign_in" {
            self.user = Some(action["user"].as_str().unwrap().to_owned());
            self.session = Some(action["session"].clone());
        }
        if action["action"] == "sign_out" {
            (self.user, self.session) = (None, None);
        }
        Answer(action)
    }

    /// Keeps what an action says about cookies.
    pub fn keep_cookies(&mut self, action: &Value) {
        let then = if action["action"] == "sign_out" { &action["then"] } else { action };
        for cookie in then["cookies"].as_array().unwrap_or(&Vec::new()) {
            self.set_cookie(cookie.as_str().unwrap());
        }
    }

    /// Visits a page and follows the site's redirects; ends where the browser leaves for the provider.
    pub fn start(&mut self, site: &Site, path_and_query: &str) -> Answer {
        let mut answer = self.visit(site, path_and_query);
        for _ in 0..4 {
            match answer.header("Location").and_then(|url| url.strip_prefix(&site.origin)).map(str::to_owned)
            {
                Some(on_site) => answer = self.visit(site, &on_site),
                None => return answer,
            }
        }
        panic!("a redirect loop: {}", answer.0);
    }

    /// Signs in at the provider with a user's button; what comes back is the form for the site.
    pub fn answer_of(
        &mut self,
        site: &Site,
        provider: &Provider,
        path_and_query: &str,
        user: &str,
        switches: &[(&str, &str)],
    ) -> Form {
        let leaving = self.start(site, path_and_query);
        let login = provider.login_page(leaving.location(), site.now());
        provider.press(&login, user, switches, site.now())
    }

    /// The whole way in.
    pub fn sign_in(&mut self, site: &Site, provider: &Provider, path_and_query: &str, user: &str) -> Answer {
        let form = self.answer_of(site, provider, path_and_query, user, &[]);
        self.submit(site, &form)
    }

    fn cookies(&self, path: &str) -> BTreeMap<&str, &str> {
        let sent = self.jar.iter().filter(|(_, (_, under))| path.starts_with(under.as_str()));
        sent.map(|(name, (value, _))| (name.as_str(), value.as_str())).collect()
    }

    fn set_cookie(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<&str> = parts.collect();
        for wanted in ["Secure", "HttpOnly", "SameSite=None"] {
            assert!(attributes.contains(&wanted), "{cookie}");
        }
        assert!(cookie.len() < 4096, "browsers drop it: {cookie}");
        let find = |prefix| attributes.iter().find_map(|attribute| attribute.strip_prefix(prefix));
        if find("Max-Age=") == Some("0") {
            self.jar.remove(name);
        } else {
            let path = find("Path=").unwrap_or("/").to_owned();
            self.jar.insert(name.to_owned(), (value.to_owned(), path));
        }
    }
}
