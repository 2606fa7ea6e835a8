//! Holding a verdict against the answer key.

use super::deviations::Deviations;
use super::judge::{Judge, Verdict};
use super::manifest::{AnswerKey, Case, Expected, Grade, OneOrMore};
use ostiary_codes::Code;

/// Above this no case may take.
pub const MOST_MS: f64 = 1000.0;
/// The same where a message first has to travel, into a JVM that is not warm yet, whatever else the machine does.
pub const MOST_MS_ON_THE_WAY: f64 = 5000.0;
/// The tag of cases whose very subject is the refusal of SHA-1.
const TAG_SHA1: &str = "sha1";

/// What a verdict is worth.
#[derive(Debug, PartialEq, Eq)]
pub enum Mark {
    /// As the key says.
    Right,
    /// Refused by the product floor with the listed code.
    Deviation,
    /// Refused, but only for the key's size or SHA-1: that proves nothing.
    Vacuous(String),
    /// Not as the key says.
    Wrong(String),
    /// Not scored.
    Unscored,
}

pub fn mark(
    case: &Case,
    verdict: &Verdict,
    judge: &Judge<'_>,
    deviations: &Deviations,
) -> anyhow::Result<Mark> {
    let listed = deviations.code(&case.task.id);
    if let Some(wrong) = wrong_whatever_the_grade(&case.key, verdict, listed) {
        return Ok(Mark::Wrong(wrong));
    }
    let (Some(expected), true) = (case.key.expected, is_scored(&case.key)) else {
        return Ok(Mark::Unscored);
    };
    if let Some(code) = listed {
        return Ok(if verdict.code() == Some(code) {
            Mark::Deviation
        } else {
            Mark::Wrong(format!("listed as a deviation with {code}, but {}", describe(verdict)))
        });
    }
    if case.key.grade == Some(Grade::Either) {
        return Ok(either(&case.key, verdict));
    }
    match expected {
        Expected::Accept => accepted_as_expected(case, verdict, judge),
        Expected::Reject if verdict.is_accept() => Ok(Mark::Wrong("accepted".to_owned())),
        Expected::Reject if is_vacuous(case, verdict, judge)? => {
            Ok(Mark::Vacuous(format!("{}, for no other reason", describe(verdict))))
        }
        Expected::Reject => Ok(Mark::Right),
    }
}

/// `weak` negatives are refused by anybody, `policy` is a matter of taste.
fn is_scored(key: &AnswerKey) -> bool {
    !key.weak && matches!(key.grade, Some(Grade::Must | Grade::Either))
}

/// A forged identity, a crash, or a list of deviations that hides an acceptance or covers a rejection.
fn wrong_whatever_the_grade(key: &AnswerKey, verdict: &Verdict, listed: Option<Code>) -> Option<String> {
    if returns_forbidden_subject(key, verdict) {
        return Some("returns the subject that must never be returned".to_owned());
    }
    if verdict.code() == Some(Code::Internal) {
        return Some("panics".to_owned());
    }
    if listed.is_some() && verdict.is_accept() {
        return Some("listed as a deviation, but accepted".to_owned());
    }
    if listed.is_some() && key.expected == Some(Expected::Reject) {
        return Some("listed as a deviation, but to be rejected anyhow".to_owned());
    }
    None
}

fn returns_forbidden_subject(key: &AnswerKey, verdict: &Verdict) -> bool {
    names(key.must_never_return_subject.as_ref(), verdict)
}

fn names(subjects: Option<&OneOrMore>, verdict: &Verdict) -> bool {
    verdict.subject().is_some_and(|seen| subjects.is_some_and(|subjects| subjects.texts().contains(&seen)))
}

/// Refusal is fine; so is acceptance with the one subject that the rule names.
fn either(key: &AnswerKey, verdict: &Verdict) -> Mark {
    let Some(rule) = &key.tolerated else {
        let as_expected = verdict.is_accept() == (key.expected == Some(Expected::Accept));
        return if as_expected { Mark::Right } else { Mark::Wrong(describe(verdict)) };
    };
    let named = |subject: &str| {
        rule.split([' ', ',', ';', '"', '(', ')']).any(|word| word.trim_end_matches('.') == subject)
    };
    match (verdict.is_accept(), verdict.subject()) {
        (false, _) => Mark::Right,
        (true, Some(subject)) if named(subject) => Mark::Right,
        (true, _) => Mark::Wrong("accepted with another subject than the rule names".to_owned()),
    }
}

fn accepted_as_expected(case: &Case, verdict: &Verdict, judge: &Judge<'_>) -> anyhow::Result<Mark> {
    if !verdict.is_accept() {
        return Ok(Mark::Wrong(describe(verdict)));
    }
    let subjects = case.key.expected_subject.as_ref();
    if subjects.is_some() && !names(subjects, verdict) {
        return Ok(Mark::Wrong("accepted with another subject".to_owned()));
    }
    for (name, value) in &case.key.expected_values {
        if verdict.values().and_then(|values| values.get(name.as_str())) != Some(value) {
            return Ok(Mark::Wrong(format!("another value of {name}")));
        }
    }
    if let Some(file) = &case.key.expected_output_file {
        let output = judge.read(file)?;
        if verdict.canonical().map(str::as_bytes) != Some(output.as_slice()) {
            return Ok(Mark::Wrong("another canonical form".to_owned()));
        }
    }
    Ok(Mark::Right)
}

/// The document would pass if its key were longer and its hash stronger, and that is not what the case is about.
fn is_vacuous(case: &Case, verdict: &Verdict, judge: &Judge<'_>) -> anyhow::Result<bool> {
    let about_sha1 =
        verdict.code() == Some(Code::SignatureSha1) && case.key.tags.iter().any(|tag| tag == TAG_SHA1);
    Ok(!about_sha1 && judge.accepts_but_for_weakness(&case.task)?)
}

fn describe(verdict: &Verdict) -> String {
    verdict.code().map_or_else(|| "accepted".to_owned(), |code| format!("rejected with {code}"))
}

/// The sums.
#[derive(Debug, Default)]
pub struct Tally {
    pub right: usize,
    pub total: usize,
    pub deviations: usize,
    pub vacuous: usize,
    pub critical_wrong: usize,
    pub forbidden_subjects: usize,
    pub slowest_ms: f64,
    pub slowest: String,
    wrong: usize,
}

impl Tally {
    pub fn add(&mut self, case: &Case, verdict: &Verdict, mark: &Mark, ms: f64) {
        self.total += usize::from(is_scored(&case.key));
        match mark {
            Mark::Right => self.right += 1,
            Mark::Deviation => {
                self.right += 1;
                self.deviations += 1;
            }
            Mark::Vacuous(_) => self.vacuous += 1,
            Mark::Wrong(_) => self.wrong += 1,
            Mark::Unscored => {}
        }
        let lets_in = verdict.is_accept() && case.key.expected == Some(Expected::Reject);
        let is_wrong = matches!(mark, Mark::Wrong(_)) || lets_in;
        self.critical_wrong += usize::from(case.key.critical && is_wrong);
        self.forbidden_subjects += usize::from(returns_forbidden_subject(&case.key, verdict));
        if ms > self.slowest_ms {
            self.slowest_ms = ms;
            self.slowest.clone_from(&case.task.id);
        }
    }

    /// Everything that counts is right, and there was something to count.
    pub fn is_perfect(&self, most_ms: f64) -> bool {
        self.total > 0
            && self.right == self.total
            && self.wrong == 0
            && self.critical_wrong == 0
            && self.forbidden_subjects == 0
            && self.slowest_ms <= most_ms
    }
}
