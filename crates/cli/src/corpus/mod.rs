//! `ostiary corpus DIR`: judges every case of a corpus by the same functions that judge messages in production, and
//! compares the verdicts with the corpus's own grades.
//!
//! ```text
//!  manifest.json ─▶ Task ─▶ judge ─▶ Verdict ─┐
//!               └─▶ AnswerKey ────────────────┴▶ grade ─▶ right, wrong, vacuous, not scored
//! ```
//!
//! The judge never sees the answer key. With `--through` door, filter or addon messages take the way of production
//! ([`doors`]), and the verdicts must be the same.

mod deviations;
mod doors;
mod grade;
mod judge;
mod manifest;
mod prepare;

use anyhow::Context as _;
use deviations::Deviations;
use doors::Through;
use grade::{Mark, Tally};
use judge::{Judge, Verdict};
use manifest::{Case, Manifest};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Many published documents are signed with keys of 1024 bits; the product itself wants 2048.
const MIN_RSA_BITS: u32 = 1024;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The corpus: a directory with manifest.json.
    directory: PathBuf,
    /// Shortest RSA key that is accepted; the product's own floor is 2048.
    #[arg(long, value_name = "BITS", default_value_t = MIN_RSA_BITS)]
    min_rsa_bits: u32,
    /// Cases that the product floor refuses, with their code, as a table in Markdown [default: docs/corpus-deviations.md
    /// as it was when this program was built].
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// The way that messages take. Kinds that cannot arrive there are left out, and counted.
    #[arg(long, value_enum, default_value_t = Through::Core)]
    through: Through,
    /// For door, filter and addon: a command, words separated by spaces, that plays the cases in a directory named by its last
    /// argument (`./x corpus` knows it). Several play at the same time.
    #[arg(long = "player", value_name = "COMMAND")]
    players: Vec<String>,
}

/// One line of the output.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    kind: &'a str,
    verdict: &'static str,
    code: Option<&'static str>,
    subject: Option<&'a str>,
    values: Option<&'a BTreeMap<&'static str, serde_json::Value>>,
    ms: f64,
}

/// The last line of the output.
#[derive(Serialize)]
struct Summary {
    must_right: usize,
    must_total: usize,
    critical_wrong: usize,
    forbidden_subjects: usize,
    slowest_ms: f64,
}

/// Prints a line for each case and the summary; success only when everything that counts is right.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let manifest = Manifest::read(&arguments.directory)?;
    let deviations = match &arguments.deviations {
        Some(file) => Deviations::parse(
            &std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
        )?,
        None => Deviations::built_in()?,
    };
    let judge = Judge { corpus: &arguments.directory, min_rsa_bits: arguments.min_rsa_bits };
    let through = arguments.through;
    let cases: Vec<&Case> = manifest.cases.iter().filter(|case| through.has_route(case.task.kind)).collect();
    let outcomes = if through == Through::Core {
        None
    } else {
        say_what_is_left_out(&manifest, through);
        Some(doors::play(&judge, &cases, &arguments.players)?)
    };
    let mut outcomes = outcomes.map(Vec::into_iter);
    let mut tally = Tally::default();
    let mut differences: usize = 0;
    let mut out = std::io::stdout().lock();
    for case in &cases {
        let (verdict, ms) = match outcomes.as_mut().and_then(Iterator::next) {
            None => judge.judge(&case.task)?,
            Some(outcome) => {
                if let Some(difference) = outcome.difference {
                    differences = differences.saturating_add(1);
                    eprintln!("{}: {difference}", case.task.id);
                }
                (outcome.verdict, outcome.ms)
            }
        };
        writeln!(out, "{}", serde_json::to_string(&line(case, &verdict, ms))?)?;
        let mark = grade::mark(case, &verdict, &judge, &deviations)?;
        if let Mark::Wrong(reason) | Mark::Vacuous(reason) = &mark {
            eprintln!("{}: {reason}", case.task.id);
        }
        tally.add(case, &verdict, &mark, ms);
    }
    let summary = Summary {
        must_right: tally.right,
        must_total: tally.total,
        critical_wrong: tally.critical_wrong,
        forbidden_subjects: tally.forbidden_subjects,
        slowest_ms: tally.slowest_ms,
    };
    writeln!(out, "{}", serde_json::to_string(&summary)?)?;
    eprintln!(
        "{} of {} right ({} as listed deviations), {} vacuous, slowest {}",
        tally.right, tally.total, tally.deviations, tally.vacuous, tally.slowest
    );
    let most_ms = if through == Through::Core { grade::MOST_MS } else { grade::MOST_MS_ON_THE_WAY };
    if through != Through::Core {
        eprintln!("{differences} of {} differ from the core", cases.len());
    }
    Ok(if tally.is_perfect(most_ms) && differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Kinds that cannot arrive that way.
fn say_what_is_left_out(manifest: &Manifest, through: Through) {
    let mut left_out = BTreeMap::<&str, usize>::new();
    for case in manifest.cases.iter().filter(|case| !through.has_route(case.task.kind)) {
        let count = left_out.entry(case.task.kind.as_str()).or_default();
        *count = count.saturating_add(1);
    }
    for (kind, count) in left_out {
        eprintln!("not applicable: {count} of kind {kind}");
    }
}

fn line<'a>(case: &'a Case, verdict: &'a Verdict, ms: f64) -> Line<'a> {
    Line {
        id: &case.task.id,
        kind: case.task.kind.as_str(),
        verdict: if verdict.is_accept() { "accept" } else { "reject" },
        code: verdict.code().map(ostiary_codes::Code::as_str),
        subject: verdict.subject(),
        values: verdict.values(),
        ms,
    }
}
