//! The private trace: which checks ran, what was expected, what was seen. For administrators only.

use crate::Rejected;
use ostiary_codes::Code;

/// Entries beyond this many are dropped: a trace is bounded whatever a message holds.
const MAX_CHECKS: usize = 100;
/// Characters of one `expected` or `seen`.
const MAX_TEXT: usize = 200;

/// One check that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The rule, with its section: `Profiles 4.1.4.3 Recipient`.
    pub check: &'static str,
    /// Whether it held.
    pub ok: bool,
    /// The code, when it did not hold.
    pub code: Option<Code>,
    /// What was expected. Empty for a check that held, unless the trace is [`Trace::detailed`].
    pub expected: String,
    /// What was seen, at most 200 characters without control characters. Empty as `expected` is.
    pub seen: String,
}

/// The checks of one message in the order in which they ran.
#[derive(Debug, Default)]
pub struct Trace {
    checks: Vec<Check>,
    detailed: bool,
}

impl Trace {
    /// A trace that explains the check that failed and only names those that held: it costs next to nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { checks: Vec::new(), detailed: false }
    }

    /// A trace that also tells what was expected and seen where a check held.
    #[must_use]
    pub const fn detailed() -> Self {
        Self { checks: Vec::new(), detailed: true }
    }

    /// The checks, oldest first, at most 100.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// A check held. `describe` gives expected and seen, and runs only for a detailed trace.
    pub(crate) fn held(&mut self, check: &'static str, describe: impl FnOnce() -> (String, String)) {
        let (expected, seen) = if self.detailed {
            let (expected, seen) = describe();
            (bounded(&expected), bounded(&seen))
        } else {
            (String::new(), String::new())
        };
        self.push(Check { check, ok: true, code: None, expected, seen });
    }

    /// A check held because exactly what was expected was seen.
    pub(crate) fn held_same(&mut self, check: &'static str, text: &str) {
        self.held(check, || (text.to_owned(), text.to_owned()));
    }

    /// A room below refused: the rejection to return.
    pub(crate) fn pass_on(&mut self, check: &'static str, error: impl Into<Rejected>) -> Rejected {
        let rejected = error.into();
        let (code, seen) = (Some(rejected.code()), bounded(rejected.detail()));
        self.push(Check { check, ok: false, code, expected: String::new(), seen });
        rejected
    }

    /// A check did not hold: the rejection to return.
    pub(crate) fn reject(&mut self, check: &'static str, code: Code, expected: &str, seen: &str) -> Rejected {
        let seen = bounded(seen);
        let rejected = Rejected::new(code, seen.clone());
        self.push(Check { check, ok: false, code: Some(code), expected: bounded(expected), seen });
        rejected
    }

    /// An empty trace of the same kind, for one of several alternatives.
    pub(crate) const fn branch(&self) -> Self {
        Self { checks: Vec::new(), detailed: self.detailed }
    }

    /// Takes over what a branch recorded.
    pub(crate) fn merge(&mut self, branch: Self) {
        for check in branch.checks {
            self.push(check);
        }
    }

    /// Where the trace is full, a check that did not hold takes the place of the last one.
    fn push(&mut self, check: Check) {
        if self.checks.len() >= MAX_CHECKS {
            if check.ok {
                return;
            }
            self.checks.pop();
        }
        self.checks.push(check);
    }
}

/// What the private trace says of a text: its beginning, without control characters.
pub(crate) fn bounded(text: &str) -> String {
    text.chars().take(MAX_TEXT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
