//! `ostiary`: checks a response offline, reads metadata, runs a corpus, serves the test identity provider.

mod corpus;
mod idp;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(version, about = "Tools around Ostiary, the SAML 2.0 service provider")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge every case of a corpus and compare the verdicts with its grades.
    Corpus(corpus::Arguments),
    /// Serve an identity provider for tests and the demo. It signs in whoever presses a button.
    Idp(idp::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::Idp(arguments) => idp::run(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("ostiary: {error:#}");
        ExitCode::from(2)
    })
}

/// The only clock of the tools.
#[expect(clippy::disallowed_methods, reason = "the tools read the clock and pass it on")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
