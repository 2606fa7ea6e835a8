//! One turn: what is at hand while one event is answered.

use crate::engine::{self, Engine};
use crate::pages;
use crate::resume::Step;
use crate::wire::action::{Action, Ask, Effect, Level, LogLine};
use jiff::Timestamp;
use ostiary_codes::{Code, Family};
use rand_core::CryptoRng;

/// Characters of one log text.
const MAX_TEXT: usize = 1000;

/// Time, randomness, and what will be told beside the effect.
pub struct Turn<'e> {
    pub engine: &'e Engine,
    pub now: Timestamp,
    pub rng: &'e mut dyn CryptoRng,
    /// Joins the page that a visitor sees and the log lines, over all questions to the host.
    pub correlation: String,
    code: Option<Code>,
    log: Vec<LogLine>,
    /// User ids of this turn: the log names them, what leaves the house does not.
    users: Vec<String>,
}

impl<'e> Turn<'e> {
    pub fn new(engine: &'e Engine, now: Timestamp, rng: &'e mut dyn CryptoRng) -> Self {
        let correlation = correlation(rng);
        Self { engine, now, rng, correlation, code: None, log: Vec::new(), users: Vec::new() }
    }

    /// Tells the administrator. Never an assertion, a cookie, or a personal name beyond the user id.
    pub fn log(&mut self, level: Level, code: Code, text: impl AsRef<str>) {
        let text = one_line(text.as_ref());
        self.log.push(LogLine { level, code, text, correlation: Some(self.correlation.clone()) });
    }

    /// The code of the outcome, where the effect is no refusal.
    pub fn outcome(&mut self, code: Code) {
        self.code = Some(code);
    }

    /// Refuses with the page of `code`; `detail` is for the log alone.
    pub fn refuse(&mut self, code: Code, detail: &str) -> Effect {
        self.note(code, detail);
        engine::error_page(self, code)
    }

    /// Whom the log lines of this turn name.
    pub fn about(&mut self, user: &str) {
        self.users.push(user.to_owned());
    }

    /// Refuses somebody whom the host does not let in under the id that the identity provider gave.
    pub fn refuse_user(&mut self, code: Code, user: &str) -> Effect {
        self.about(user);
        self.note(code, &format!("user {user}"));
        Effect::Respond(pages::unknown_user(self, code, user))
    }

    /// As [`Turn::refuse`], without the page: sets the outcome and logs it.
    pub fn note(&mut self, code: Code, detail: &str) {
        let level = match code.family() {
            Family::Config | Family::Door => Level::Error,
            Family::Info => Level::Info,
            _ => Level::Warn,
        };
        self.outcome(code);
        self.log(level, code, if detail.is_empty() { code.admin() } else { detail });
    }

    /// Asks the host; `step` comes back with its answer.
    pub fn ask(&mut self, ask: Ask, step: &Step) -> Effect {
        match self.engine.resumption.seal(step, &self.correlation, self.now, self.rng) {
            Ok(resume) => Effect::Ask { ask, resume },
            Err(error) => self.refuse(Code::Internal, &error.to_string()),
        }
    }

    pub fn finish(self, effect: Effect) -> Action {
        self.engine.traces.record(self.now, self.code, &self.log, &self.users);
        let shown = matches!(effect, Effect::Respond(_) | Effect::SignIn { .. } | Effect::SignOut { .. });
        let correlation = (shown || !self.log.is_empty()).then_some(self.correlation);
        Action { effect, code: self.code, correlation, log: self.log }
    }
}

/// 60 random bits, readable aloud.
fn correlation(rng: &mut dyn CryptoRng) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bits = rng.next_u64();
    let mut text = String::with_capacity(12);
    for _ in 0..12 {
        let index = usize::try_from(bits & 31).unwrap_or_default();
        text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'a')));
        bits >>= 5;
    }
    text
}

/// A log line is one line, and bounded.
fn one_line(text: &str) -> String {
    text.chars().take(MAX_TEXT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
