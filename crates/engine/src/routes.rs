//! Our own paths, and which other requests the engine wants to see.

use serde_json::{Value, json};

/// The largest form that a host reads for us.
pub const MAX_FORM_BYTES: usize = 512 * 1024;

/// Whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Starts and consumes sign-ins.
    SignOn,
    /// Brings a tab back to where its user wanted to go.
    Return,
    /// Single logout.
    Logout,
    /// Our metadata.
    Metadata,
    /// Whether we work.
    Health,
    /// A page of the application.
    Other,
}

/// Paths inside the context.
#[derive(Debug)]
pub struct Routes {
    pub own: Vec<(String, Route)>,
    pub protect: bool,
    pub open: Vec<String>,
}

impl Routes {
    /// Whose `path` is. Exactly equal or not ours.
    pub fn find(&self, path: &str) -> Route {
        self.own.iter().find(|(own, _)| own == path).map_or(Route::Other, |(_, route)| *route)
    }

    /// As `docs/wire.md` has it.
    pub fn to_json(&self) -> Value {
        let own: Vec<&str> = self.own.iter().map(|(path, _)| path.as_str()).collect();
        json!({"own": own, "protect": self.protect, "open": self.open, "max_form_bytes": MAX_FORM_BYTES})
    }
}
