//! `ostiary`: checks a response offline, reads metadata, runs a corpus, serves the test identity provider.

mod check;
mod corpus;
mod files;
mod idp;
mod metadata;

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
    /// Validate a response offline, check by check.
    Check(check::Arguments),
    /// Read the metadata of an identity provider and show what is taken from it.
    Metadata(metadata::Arguments),
    /// Judge every case of a corpus and compare the verdicts with its grades.
    Corpus(corpus::Arguments),
    /// Serve an identity provider for tests and the demo. It signs in whoever presses a button.
    Idp(idp::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Metadata(arguments) => metadata::run(&arguments),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::Idp(arguments) => idp::run(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("ostiary: {error:#}");
        ExitCode::from(2)
    })
}

/// The product's floor; a tool may be told otherwise.
const MIN_RSA_BITS: u32 = 2048;

/// The only clock of the tools.
#[expect(clippy::disallowed_methods, reason = "the tools read the clock and pass it on")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
