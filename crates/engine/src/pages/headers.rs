//! The headers of an answer: what a browser may do with it.

use crate::wire::action::Respond;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand_core::CryptoRng;
use url::Url;

/// 128 random bits: the one ticket of a page's own style and script.
pub fn nonce(rng: &mut dyn CryptoRng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    STANDARD.encode(bytes)
}

/// A page: its status, and where its form may go.
pub struct Html<'a> {
    status: u16,
    nonce: &'a str,
    form_origins: Vec<String>,
}

impl<'a> Html<'a> {
    /// A page without a form.
    pub const fn new(status: u16, nonce: &'a str) -> Self {
        Self { status, nonce, form_origins: Vec::new() }
    }

    /// Its form goes to `url`, or is redirected there.
    pub fn form_to(mut self, url: &str) -> Self {
        if let Ok(url) = Url::parse(url) {
            self.form_origins.push(url.origin().ascii_serialization());
        }
        self
    }

    /// Writes it.
    pub fn respond(self, page: &impl Template) -> Respond {
        // Writing into a String does not fail, and our templates call nothing that could.
        let body = page.render().unwrap_or_default();
        // A form's Origin header is `null` under no-referrer, and identity providers may want to see whose form it is.
        let referrer = if self.form_origins.is_empty() { "no-referrer" } else { "strict-origin" };
        let headers = vec![
            ("Content-Type", "text/html; charset=utf-8".to_owned()),
            ("Content-Security-Policy", self.policy()),
            ("Referrer-Policy", referrer.to_owned()),
            ("X-Frame-Options", "DENY".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Cache-Control", "no-store".to_owned()),
        ];
        Respond { status: self.status, headers, cookies: Vec::new(), body }
    }

    /// Nothing but what the page brings itself. Browsers apply `form-action` to redirects as well, and an identity
    /// provider may send the browser on to another one (Entra ID to AD FS): so a form that goes to it may end at any
    /// https address. Where the form itself goes is written by us, escaped.
    fn policy(&self) -> String {
        let nonce = self.nonce;
        let form_action = if self.form_origins.is_empty() {
            "'none'".to_owned()
        } else {
            format!("{} https:", self.form_origins.join(" "))
        };
        format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; \
             form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
        )
    }
}

/// A page that a host decorates: its own scripts and styles must go on working, so the policy says nothing of them.
pub fn decorated(page: &impl Template) -> Respond {
    let headers = vec![
        ("Content-Type", "text/html; charset=utf-8".to_owned()),
        ("Content-Security-Policy", "frame-ancestors 'self'; base-uri 'self'; object-src 'none'".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Cache-Control", "no-store".to_owned()),
    ];
    // Writing into a String does not fail, and our templates call nothing that could. Macros leave empty lines.
    let body = page.render().unwrap_or_default().trim_start().to_owned();
    Respond { status: 200, headers, cookies: Vec::new(), body }
}

/// An answer that is no page.
pub fn data(status: u16, content_type: &str, body: String) -> Respond {
    let headers = vec![
        ("Content-Type", format!("{content_type}; charset=utf-8")),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Cache-Control", "no-store".to_owned()),
    ];
    Respond { status, headers, cookies: Vec::new(), body }
}
