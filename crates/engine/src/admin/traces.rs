//! What happened lately, for a support file: the log lines of the last turns, without names.

use crate::wire::action::LogLine;
use jiff::Timestamp;
use ostiary_codes::Code;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many are kept.
const MOST: usize = 50;
/// Log lines of one of them.
const MOST_LINES: usize = 20;

/// Kept in memory, for one engine.
#[derive(Debug, Default)]
pub struct Traces(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    ring: VecDeque<Trace>,
    signed_with: Option<String>,
}

/// One visit, over all questions to the host.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    time: String,
    correlation: String,
    code: Option<&'static str>,
    log: Vec<String>,
}

impl Traces {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the log lines of a turn; `users` are left out of them.
    pub fn record(&self, now: Timestamp, code: Option<Code>, log: &[LogLine], users: &[String]) {
        let Some(correlation) = log.first().and_then(|line| line.correlation.clone()) else { return };
        let code = code.map(Code::as_str);
        let lines = log.iter().map(|line| {
            let hidden = |text: String, user: &String| match user.is_empty() {
                true => text,
                false => text.replace(user.as_str(), "[user]"),
            };
            format!("{} {}", line.code, users.iter().fold(line.text.clone(), hidden))
        });
        let mut kept = self.kept();
        if let Some(trace) = kept.ring.iter_mut().rev().find(|trace| trace.correlation == correlation) {
            trace.code = code.or(trace.code);
            let room = MOST_LINES.saturating_sub(trace.log.len());
            trace.log.extend(lines.take(room));
            return;
        }
        if kept.ring.len() >= MOST {
            kept.ring.pop_front();
        }
        let log = lines.take(MOST_LINES).collect();
        kept.ring.push_back(Trace { time: now.to_string(), correlation, code, log });
    }

    /// A sign-in was accepted under the key with this fingerprint.
    pub fn sign_in_with(&self, fingerprint: &str) {
        self.kept().signed_with = Some(fingerprint.to_owned());
    }

    /// The key of the last sign-in.
    pub fn signed_with(&self) -> Option<String> {
        self.kept().signed_with.clone()
    }

    /// Oldest first.
    pub fn all(&self) -> Vec<Trace> {
        self.kept().ring.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::action::Level;

    fn line(correlation: &str, text: &str) -> LogLine {
        let correlation = Some(correlation.to_owned());
        LogLine { level: Level::Info, code: Code::SignedIn, text: text.to_owned(), correlation }
    }

    fn record(traces: &Traces, correlation: &str, text: &str, users: &[String]) {
        traces.record(Timestamp::UNIX_EPOCH, Some(Code::SignedIn), &[line(correlation, text)], users);
    }

    #[test]
    fn keeps_the_last_fifty() {
        let traces = Traces::default();
        for number in 0..120 {
            record(&traces, &number.to_string(), "x", &[]);
        }
        let all = traces.all();
        assert_eq!((all.len(), all[0].correlation.as_str()), (MOST, "70"));
    }

    #[test]
    fn joins_what_belongs_together_and_bounds_it() {
        let traces = Traces::default();
        for _ in 0..60 {
            record(&traces, "one", "x", &[]);
        }
        assert_eq!((traces.all().len(), traces.all()[0].log.len()), (1, MOST_LINES));
    }

    #[test]
    fn leaves_users_out() {
        let traces = Traces::default();
        record(
            &traces,
            "one",
            "user b.simon: assertion _1 of b.simon",
            &["b.simon".to_owned(), String::new()],
        );
        assert_eq!(traces.all()[0].log, ["signed-in user [user]: assertion _1 of [user]"]);
    }

    #[test]
    fn keeps_nothing_of_a_turn_that_said_nothing() {
        let traces = Traces::default();
        traces.record(Timestamp::UNIX_EPOCH, Some(Code::NotSignedIn), &[], &[]);
        assert!(traces.all().is_empty());
    }
}
