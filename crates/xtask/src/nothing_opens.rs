//! Nothing opens: the behaviour tests run under strace, and what a thread opens while the library handles a message
//! fails the check. The tests put marks around each message (`tests/support/marks.rs`); what stands between them in
//! the trace of a thread is the library's own.
//!
//! Three runs beside the tests: one that opens things on purpose, which must be found; one in a process where nothing
//! was used before, whose openings must be those that are justified below; and the corpus through the judge of
//! `ostiary corpus`, which reads the documents and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::files;

/// Whatever names a file or a peer, starts a process or a thread, or gets round all of these.
const TRACED: &str = "trace=%file,%network,clone,?clone3,?fork,?vfork,?io_uring_setup,?open_by_handle_at";
const BEGIN: &str = "\"/ostiary-marks/begin\"";
const END: &str = "\"/ostiary-marks/end\"";

/// What is opened once in the life of a process, and why it may be.
const JUSTIFIED: [(&str, &str); 3] = [
    ("\"/usr/local/ssl/openssl.cnf\"", "OpenSSL looks for its configuration when it is first used"),
    (
        "\"/etc/localtime\"",
        "the C library reads the time zone at the first conversion of a certificate's time",
    ),
    (
        "\"/proc/sys/vm/overcommit_memory\"",
        "the C library's allocator asks once, when it first gives memory back",
    ),
];

/// Fewer messages than this, and the marks do not work.
const FEWEST_MESSAGES: usize = 1000;

/// Runs everything; `corpus` is the tool and the directory.
pub fn run(corpus: Option<(&Path, &Path)>) -> Result<()> {
    let folder = files::root().join("target/nothing-opens");
    let tests = test_programs()?;
    let hostile = tests
        .iter()
        .find(|(name, _)| name == "nothing_opens")
        .map(|(_, program)| program)
        .context("there is no test program nothing_opens")?;

    let control = trace(&folder, hostile, &["--ignored", "--exact", "control"])?;
    let seen = found(&control);
    for call in ["open", "connect(", "clone", "execve("] {
        // A process that is started is seen as the clone or, in it, as the execve.
        ensure!(
            seen.iter().any(|line| line.contains(call)) || call == "execve(",
            "the control opened things and the trace shows no {call}"
        );
    }

    let first_use = trace(&folder, hostile, &["--exact", "a_library_that_was_never_used_answers"])?;
    let at_first = found_but(&first_use, &[]);
    let mut problems = problems("first use", &first_use);

    let mut messages = 0;
    for (name, program) in &tests {
        let threads = trace(&folder, program, &[])?;
        messages += handled(&threads);
        problems.extend(self::problems(name, &threads));
    }
    ensure!(messages >= FEWEST_MESSAGES, "only {messages} messages between marks");

    let mut documents = String::from("no corpus");
    if let Some((tool, directory)) = corpus {
        let directory = directory.canonicalize()?;
        let threads = trace_command(
            &folder,
            Command::new("strace").args(arguments(&folder)).arg(tool).arg("corpus").arg(&directory),
        )?;
        let (count, other) = beside_the_corpus(&threads, &directory);
        ensure!(count > 0, "the trace of {} shows no document", tool.display());
        documents = format!("{count} files of the corpus read");
        problems.extend(other.into_iter().map(|line| format!("corpus: {line}")));
    }
    if !problems.is_empty() {
        bail!("{} openings while a message was handled:\n  {}", problems.len(), problems.join("\n  "));
    }
    println!(
        "nothing opens: {messages} messages of {} test programs, {documents}; the control was seen ({} calls)",
        tests.len(),
        seen.len()
    );
    for line in at_first {
        println!("  once, at first use: {line}");
    }
    Ok(())
}

/// The behaviour tests of the native library: name and program. Built as `./x test` builds them, so that nothing is
/// compiled twice.
fn test_programs() -> Result<Vec<(String, PathBuf)>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "test",
            "-q",
            "--workspace",
            "--exclude",
            "ostiary-oracle",
            "--no-run",
            "--message-format=json",
        ])
        .current_dir(files::root())
        .output()?;
    ensure!(output.status.success(), "the tests do not build: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let programs: Vec<_> = text.lines().filter_map(test_program).collect();
    ensure!(!programs.is_empty(), "cargo names no test programs");
    Ok(programs)
}

/// A test program of the package `ostiary` in one line of cargo's output.
fn test_program(line: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let target = message.get("target")?;
    let of_the_library =
        message.get("manifest_path")?.as_str()? == files::root().join("Cargo.toml").to_str()?;
    let is_test = target.get("kind")?.as_array()?.iter().any(|kind| kind == "test");
    let program = message.get("executable")?.as_str()?;
    (of_the_library && is_test).then(|| Some((target.get("name")?.as_str()?.to_owned(), program.into())))?
}

/// The system calls of each thread.
type Threads = Vec<Vec<String>>;

fn arguments(folder: &Path) -> [String; 7] {
    let output = folder.join("thread").to_string_lossy().into_owned();
    ["-ff", "-qq", "--seccomp-bpf", "-e", TRACED, "-o", output.as_str()].map(str::to_owned)
}

fn trace(folder: &Path, program: &Path, tests: &[&str]) -> Result<Threads> {
    trace_command(
        folder,
        Command::new("strace")
            .args(arguments(folder))
            .arg(program)
            .args(tests)
            .current_dir(files::root())
            .env("OSTIARY_TRACED", "1")
            // A backtrace reads the program's own file.
            .env("RUST_BACKTRACE", "0"),
    )
}

fn trace_command(folder: &Path, command: &mut Command) -> Result<Threads> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let output = command.output().context("cannot run strace")?;
    ensure!(
        output.status.success(),
        "under strace failed: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let mut threads = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let text = std::fs::read(entry?.path())?;
        threads.push(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect());
    }
    std::fs::remove_dir_all(folder)?;
    Ok(threads)
}

/// How many messages were handled between marks.
fn handled(threads: &Threads) -> usize {
    threads.iter().flatten().filter(|line| line.contains(END)).count()
}

fn found(threads: &Threads) -> Vec<String> {
    let justified: Vec<&str> = JUSTIFIED.iter().map(|(path, _)| *path).collect();
    found_but(threads, &justified)
}

/// What threads opened between marks, but for what names one of `justified`.
fn found_but(threads: &Threads, justified: &[&str]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for thread in threads {
        let mut handling = false;
        for line in thread {
            if line.contains(BEGIN) || line.contains(END) {
                handling = line.contains(BEGIN);
            } else if handling && opens(line) && !justified.iter().any(|path| line.contains(path)) {
                found.insert(line.clone());
            }
        }
    }
    found.into_iter().collect()
}

/// Signals and ends are told in the same file, and a look at a file that is open already names no path.
fn opens(line: &str) -> bool {
    !line.starts_with("---") && !line.starts_with("+++") && !line.contains(", \"\", ")
}

fn problems(of: &str, threads: &Threads) -> Vec<String> {
    found(threads).into_iter().map(|line| format!("{of}: {line}")).collect()
}

/// After the manifest: how many files of the corpus were opened, and what else was.
fn beside_the_corpus(threads: &Threads, directory: &Path) -> (usize, Vec<String>) {
    let inside = format!("\"{}/", directory.display());
    let after = threads.iter().flat_map(|thread| {
        thread.iter().skip_while(|line| !line.contains("/manifest.json\"")).filter(|line| opens(line))
    });
    let (mut count, mut other) = (0, Vec::new());
    for line in after {
        if line.contains(&inside) {
            count += 1;
        } else if opens(line) && !JUSTIFIED.iter().any(|(path, _)| line.contains(path)) {
            other.push(line.clone());
        }
    }
    (count, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(lines: &[&str]) -> Threads {
        vec![lines.iter().map(|line| (*line).to_owned()).collect()]
    }

    const MARK: &str =
        "statx(AT_FDCWD, \"/ostiary-marks/begin\", AT_STATX_SYNC_AS_STAT, STATX_ALL, 0x7) = -1 ENOENT";
    const STOP: &str =
        "statx(AT_FDCWD, \"/ostiary-marks/end\", AT_STATX_SYNC_AS_STAT, STATX_ALL, 0x7) = -1 ENOENT";
    const OPEN: &str = "openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = 3";

    #[test]
    fn finds_what_is_opened_between_the_marks_alone() {
        assert_eq!(found(&thread(&[OPEN, MARK, OPEN, STOP, OPEN])), [OPEN]);
        assert!(found(&thread(&[OPEN, MARK, "--- SIGCHLD {} ---", STOP, OPEN])).is_empty());
        let socket = "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3";
        assert_eq!(found(&thread(&[MARK, STOP, MARK, socket, STOP])), [socket]);
        assert_eq!(handled(&thread(&[MARK, STOP, MARK, STOP])), 2);
    }

    #[test]
    fn one_thread_does_not_answer_for_another() {
        let mut threads = thread(&[MARK, STOP]);
        threads.extend(thread(&[OPEN]));
        assert!(found(&threads).is_empty());
        threads.extend(thread(&[MARK, OPEN]));
        assert_eq!(found(&threads), [OPEN]);
    }

    #[test]
    fn lets_pass_what_is_justified() {
        let zone = "openat(AT_FDCWD, \"/etc/localtime\", O_RDONLY|O_CLOEXEC) = 3";
        let open_already = "newfstatat(3, \"\", {st_mode=S_IFREG|0644, st_size=114, ...}, AT_EMPTY_PATH) = 0";
        assert!(found(&thread(&[MARK, zone, open_already, STOP])).is_empty());
        assert_eq!(found_but(&thread(&[MARK, zone, STOP]), &[]), [zone]);
    }

    #[test]
    fn finds_what_is_read_beside_the_corpus() {
        let manifest = "openat(AT_FDCWD, \"/c/manifest.json\", O_RDONLY) = 3";
        let file = "openat(AT_FDCWD, \"/c/files/a.xml\", O_RDONLY) = 3";
        let of_it = "statx(3, \"\", AT_EMPTY_PATH, STATX_ALL, {}) = 0";
        let (count, other) = beside_the_corpus(&thread(&[OPEN, manifest, file, of_it]), Path::new("/c"));
        assert_eq!((count, other.len()), (2, 0));
        let (_, other) = beside_the_corpus(&thread(&[manifest, file, OPEN]), Path::new("/c"));
        assert_eq!(other, [OPEN]);
    }
}
