//! The corpus through the JVM's door, the servlet filter and the add-ons. A player (Java, `java-shim/e2e`) only carries out
//! what stands in its plan and tells what it saw; what the cases mean, and what their outcome is worth, stays here.
//!
//! ```text
//!  Task ─▶ prepare ─▶ plan, configurations, messages ─▶ player (JVM, native library with test features)
//!    └───▶ judge (core) ─▶ Verdict ─┬─ must be the same ─┬─ Verdict ◀─ what the player saw
//! ```

use super::judge::{Judge, Verdict};
use super::manifest::{Case, Kind, Task};
use super::prepare::Preparation;
use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which way the messages take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Through {
    /// The functions of production, called from here.
    Core,
    /// A JVM and the four native functions.
    Door,
    /// HTTP requests to the filter in a servlet container.
    Filter,
    /// HTTP requests to the add-on as it ships, installed in a stand-in host.
    Addon,
}

impl Through {
    /// Whether a message of that kind can arrive there.
    pub const fn has_route(self, kind: Kind) -> bool {
        match self {
            Self::Core => true,
            Self::Door => matches!(kind, Kind::Response),
            Self::Filter | Self::Addon => {
                matches!(kind, Kind::Response | Kind::RedirectLogoutRequest | Kind::RedirectLogoutResponse)
            }
        }
    }
}

/// The outcome of one case, from this side.
pub struct Outcome {
    pub verdict: Verdict,
    pub ms: f64,
    /// What is not as it is through the core.
    pub difference: Option<String>,
}

/// Lets every player play the cases. The outcome is the first player's, or that of the first who differs from the core.
pub fn play(judge: &Judge<'_>, cases: &[&Case], players: &[String]) -> anyhow::Result<Vec<Outcome>> {
    ensure!(!players.is_empty(), "--through door, filter and addon want a --player");
    let directory = Scratch::new()?;
    let mut preparation = Preparation::new(judge, &directory.0)?;
    let mut expected = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let (verdict, _) = judge.judge(&case.task)?;
        preparation.add(number, &case.task, &verdict)?;
        expected.push(verdict);
    }
    preparation.finish()?;
    let mut runs = Vec::new();
    for (number, player) in players.iter().enumerate() {
        runs.push(Run::start(player, &directory.0, number)?);
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (number_of_player, (run, player)) in runs.into_iter().zip(players).enumerate() {
        let name = &format!("player {}", number_of_player.saturating_add(1));
        let mut seen = run.finish().with_context(|| format!("the player {player}"))?;
        for (number, (case, core)) in cases.iter().zip(&expected).enumerate() {
            let seen = seen.remove(&number).with_context(|| format!("{name} left {} out", case.task.id))?;
            let outcome = outcome(&case.task, core, &seen, name);
            match outcomes.get_mut(number) {
                None => outcomes.push(outcome),
                Some(first) if first.difference.is_none() && outcome.difference.is_some() => *first = outcome,
                Some(first) => first.ms = first.ms.max(outcome.ms),
            }
        }
        ensure!(seen.is_empty(), "{name} tells of cases that it was not given");
    }
    Ok(outcomes)
}

fn outcome(task: &Task, core: &Verdict, seen: &Seen, player: &str) -> Outcome {
    let (verdict, difference) = match seen.verdict(task.kind) {
        Ok(verdict) => {
            let same = (verdict.code(), verdict.subject()) == (core.code(), core.subject());
            let difference = (!same).then(|| format!("{verdict}, but through the core {core} ({player})"));
            (verdict, difference)
        }
        // Whatever it was, it must not count as a rejection.
        Err(error) => (Verdict::Reject(Code::Internal), Some(format!("{error:#} ({player})"))),
    };
    Outcome { verdict, ms: seen.ms, difference }
}

/// What a player saw of one case.
#[derive(Debug)]
struct Seen {
    /// HTTP status of the answer.
    status: u16,
    /// The code that the answer shows.
    code: Option<String>,
    /// Whom the application saw before the message, and after it.
    before: Option<String>,
    after: Option<String>,
    /// Cookies that the answer deletes.
    forgotten: String,
    ms: f64,
    /// Why it could not be played.
    problem: Option<String>,
}

impl Seen {
    /// Number, status, code, user before, user after, forgotten cookies, milliseconds, problem.
    fn read(line: &str) -> anyhow::Result<(usize, Self)> {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[number, status, code, before, after, forgotten, ms, problem] = fields.as_slice() else {
            bail!("not a line of a player: {line}");
        };
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let user = |text: &str| -> anyhow::Result<Option<String>> {
            let Some(base64) = text.strip_prefix('=') else { return Ok(None) };
            Ok(Some(String::from_utf8(STANDARD.decode(base64)?)?))
        };
        let seen = Self {
            status: status.parse()?,
            code: given(code),
            before: user(before)?,
            after: user(after)?,
            forgotten: forgotten.to_owned(),
            ms: ms.parse()?,
            problem: given(problem),
        };
        Ok((number.parse()?, seen))
    }

    fn verdict(&self, kind: Kind) -> anyhow::Result<Verdict> {
        if let Some(problem) = &self.problem {
            bail!("could not be played: {problem}");
        }
        let rejected = match &self.code {
            None => None,
            Some(text) => {
                let code = Code::ALL.iter().find(|code| code.as_str() == text);
                Some(Verdict::Reject(*code.with_context(|| format!("shows {text}, which is no code"))?))
            }
        };
        match (kind, rejected, &self.before, &self.after) {
            // Who is signed in is what counts: a session beside a refusal is worse than either.
            (Kind::Response, Some(rejected), None, None) => Ok(rejected),
            (Kind::Response, None, None, Some(user)) => Ok(Verdict::accept(Some(user))),
            (Kind::RedirectLogoutRequest, Some(rejected), Some(before), Some(after)) if before == after => {
                Ok(rejected)
            }
            (Kind::RedirectLogoutRequest, None, Some(user), None) => Ok(Verdict::accept(Some(user))),
            // The session ended when the request was sent; the answer makes the engine forget that request.
            (Kind::RedirectLogoutResponse, Some(rejected), Some(_), None) => Ok(rejected),
            (Kind::RedirectLogoutResponse, None, Some(_), None)
                if self.status == 200 && self.forgotten == "ostiary_logout" =>
            {
                Ok(Verdict::accept(None))
            }
            _ => bail!("neither accepted nor refused: {self:?}"),
        }
    }
}

/// A player at work. They play at the same time.
struct Run {
    child: std::process::Child,
    results: PathBuf,
    log: PathBuf,
}

impl Run {
    fn start(player: &str, directory: &Path, number: usize) -> anyhow::Result<Self> {
        let (results, log) =
            (directory.join(format!("seen-{number}")), directory.join(format!("log-{number}")));
        let mut words = player.split_ascii_whitespace();
        let program = words.next().context("an empty --player")?;
        let child = Command::new(program)
            .args(words)
            .arg(directory)
            .stdin(Stdio::null())
            .stdout(File::create(&results)?)
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        Ok(Self { child, results, log })
    }

    fn finish(mut self) -> anyhow::Result<BTreeMap<usize, Seen>> {
        let status = self.child.wait()?;
        if !status.success() {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            bail!("{status}:\n{}", last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
        std::fs::read_to_string(&self.results)?.lines().map(Seen::read).collect()
    }
}

/// A directory that goes when the run is over: there are keys in it.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let directory = std::env::temp_dir().join(format!("ostiary-corpus-{}", std::process::id()));
        std::fs::create_dir(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
        Ok(Self(directory))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}
