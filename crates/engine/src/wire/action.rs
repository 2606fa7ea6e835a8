//! What the host shall do.

use crate::wire::event::{NameId, Session};
use ostiary_codes::Code;
use serde::Serialize;
use serde_json::Value;

/// One action with its log lines.
#[derive(Debug, Serialize)]
pub struct Action {
    /// The one thing to do.
    #[serde(flatten)]
    pub effect: Effect,
    /// The code of the outcome.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "code_or_null")]
    pub code: Option<Code>,
    /// Finds the log lines of what the page shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// Log lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<LogLine>,
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn code_or_null<S: serde::Serializer>(code: &Option<Code>, to: S) -> Result<S::Ok, S::Error> {
    code.map(Code::as_str).serialize(to)
}

/// The effects that a host can carry out.
#[derive(Debug, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Effect {
    /// Let the request through.
    Pass,
    /// Answer the browser.
    Respond(Respond),
    /// Renew the session, sign the user in, redirect (303) to the target.
    SignIn {
        /// The exact name on the host.
        user: String,
        /// Path and query, context path included.
        target: String,
        /// To be kept with the session.
        session: Session,
        /// Raw `Set-Cookie` values.
        cookies: Vec<String>,
    },
    /// End the session or sessions, then answer the browser.
    SignOut {
        /// Whose.
        who: Who,
        /// The answer.
        then: Respond,
    },
    /// Find something out, or keep something, and come back with an `answer`.
    Ask {
        /// The question.
        #[serde(flatten)]
        ask: Ask,
        /// The token of the continuation.
        resume: String,
    },
}

/// An answer for the browser.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Respond {
    /// HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// Raw `Set-Cookie` values.
    pub cookies: Vec<String>,
    /// The body, UTF-8.
    pub body: String,
}

/// Whose sessions end.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Who {
    /// The session of this request.
    Current(Current),
    /// The sessions of a user of the identity provider.
    NameId {
        /// The user.
        name_id: NameId,
        /// Which sessions; all of them without.
        session_indexes: Option<Vec<String>>,
    },
}

/// Writes `"current"`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Current {
    /// The session of this request.
    Current,
}

/// A question to the host.
#[derive(Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Ask {
    /// Fetch a document over https, redirects refused.
    Fetch {
        /// From where.
        url: String,
        /// Larger is an error.
        max_bytes: usize,
        /// Slower is an error.
        timeout_ms: u32,
        /// Whether this very machine may be asked.
        allow_loopback: bool,
    },
    /// Find a user.
    LookUp {
        /// The identifier that the identity provider gave.
        user: String,
    },
    /// Take a key that can be taken once.
    Reserve {
        /// Hexadecimal SHA-256.
        key: String,
        /// Until when it stays taken.
        until_ms: i64,
        /// Since when it may have been used.
        issued_ms: i64,
    },
    /// Keep the settings.
    Save {
        /// The whole configuration.
        settings: Value,
    },
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All is well.
    Info,
    /// Somebody was refused, or something needs care.
    Warn,
    /// Something does not work.
    Error,
}

/// One log line.
#[derive(Debug, Clone, Serialize)]
pub struct LogLine {
    /// How much it matters.
    pub level: Level,
    /// The code.
    #[serde(serialize_with = "code")]
    pub code: Code,
    /// For administrators.
    pub text: String,
    /// The id that the page shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn code<S: serde::Serializer>(code: &Code, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(code.as_str())
}
