//! What crosses between the identity provider and whatever serves it.

use url::form_urlencoded;

/// One HTTP request.
#[derive(Debug, Clone, Default)]
pub struct WebRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Raw query as received.
    pub query: String,
    /// Raw urlencoded body.
    pub body: String,
    /// Raw header `Cookie`.
    pub cookies: String,
}

impl WebRequest {
    /// A GET of `path_and_query`.
    #[must_use]
    pub fn get(path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        Self { method: "GET".to_owned(), path: path.to_owned(), query: query.to_owned(), ..Self::default() }
    }

    /// A POST of urlencoded fields.
    #[must_use]
    pub fn post(path: &str, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self { method: "POST".to_owned(), path: path.to_owned(), body, ..Self::default() }
    }

    /// First value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        first(&self.query, name)
    }

    /// Value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let mut pairs = self.cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// First value of a form field.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        first(&self.body, name)
    }
}

fn first(encoded: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(encoded.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// One HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAnswer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl WebAnswer {
    pub(crate) fn html(status: u16, body: String) -> Self {
        let headers = vec![
            ("Content-Type", "text/html; charset=utf-8".to_owned()),
            ("Cache-Control", "no-store".to_owned()),
        ];
        Self { status, headers, body: body.into_bytes() }
    }

    pub(crate) fn json(value: &serde_json::Value) -> Self {
        let headers =
            vec![("Content-Type", "application/json".to_owned()), ("Cache-Control", "no-store".to_owned())];
        Self { status: 200, headers, body: value.to_string().into_bytes() }
    }

    pub(crate) fn redirect(location: String) -> Self {
        let headers = vec![("Location", location), ("Cache-Control", "no-store".to_owned())];
        Self { status: 302, headers, body: Vec::new() }
    }
}
