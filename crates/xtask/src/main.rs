//! The chores of the repository: generated files, checks of the papers, checks of the built artefacts, and the
//! neutral copy of a corpus. `./x` calls it; nobody else needs to.

mod addon;
mod artefacts;
mod classfile;
mod codes;
mod files;
mod generated;
mod matrix;
mod neutral;
mod nothing_opens;
mod papers;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// What can be asked for.
#[derive(Parser)]
#[command(name = "xtask", about = "Generated files and checks of the repository")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Writes docs/codes.md and Codes.java from the table of codes, and the support matrix into the guide.
    Generate {
        /// Writes nothing; fails when a file is not as generated.
        #[arg(long)]
        check: bool,
    },
    /// Checks what the papers claim: links, named tests, no private keys, no paths of one machine.
    Papers,
    /// Checks the built native library and the jars that carry it.
    Artefacts {
        /// The native library, for example target/release/libostiary.so.
        #[arg(long)]
        native: Option<PathBuf>,
        /// A jar that other applications link. May be given several times.
        #[arg(long)]
        jar: Vec<PathBuf>,
        /// The jar must carry a native library.
        #[arg(long)]
        with_native: bool,
    },
    /// Checks that a library which was built with test features can be told by the check of the artefacts.
    HasTestFeatures {
        /// The native library, for example target/corpus/release/libostiary.so.
        library: PathBuf,
    },
    /// Checks the jars of the add-ons: descriptor, manifest, classes, what they call of the servlet API.
    Addons {
        /// The jars.
        jar: Vec<PathBuf>,
        /// The oldest servlet API of a host, as a jar.
        #[arg(long)]
        old_servlet: PathBuf,
        /// The newest one.
        #[arg(long)]
        new_servlet: PathBuf,
    },
    /// Runs the behaviour tests, and the corpus, under strace: the library opens nothing while it handles a message.
    NothingOpens {
        /// The built tool `ostiary`, which judges the corpus.
        #[arg(long, requires = "corpus")]
        tool: Option<PathBuf>,
        /// The corpus.
        #[arg(long, requires = "tool")]
        corpus: Option<PathBuf>,
    },
    /// Copies a corpus in shuffled order under neutral names and without the grades.
    Neutral {
        /// The corpus.
        corpus: PathBuf,
        /// The new directory; whatever stands there is replaced.
        copy: PathBuf,
    },
    /// Compares the verdicts over the neutral copy with those over the corpus itself.
    SameVerdicts {
        /// Output of the corpus run.
        plain: PathBuf,
        /// Output of the run over the neutral copy.
        neutral: PathBuf,
        /// The neutral copy, which holds the table of names.
        copy: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Generate { check } => generated::run(check),
        Chore::Papers => papers::run(),
        Chore::Artefacts { native, jar, with_native } => artefacts::run(native.as_deref(), &jar, with_native),
        Chore::HasTestFeatures { library } => artefacts::has_test_features(&library),
        Chore::Addons { jar, old_servlet, new_servlet } => addon::run(&jar, &old_servlet, &new_servlet),
        Chore::NothingOpens { tool, corpus } => nothing_opens::run(tool.as_deref().zip(corpus.as_deref())),
        Chore::Neutral { corpus, copy } => neutral::copy(&corpus, &copy),
        Chore::SameVerdicts { plain, neutral, copy } => neutral::compare(&plain, &neutral, &copy),
    }
}
