//! The papers must be true: every link leads somewhere, every test that a paper names exists, and the repository
//! holds neither a private key nor a path of the machine that somebody works on.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

/// Papers whose table names a test per row: the last column, in back quotes.
const PAPERS_WITH_TESTS: [&str; 2] = ["docs/saml-vulns.md", "docs/threat-model.md"];

/// Reports every problem at once.
pub fn run() -> Result<()> {
    let root = files::root();
    let names = files::of_the_repository(&root)?;
    let mut problems = Vec::new();
    let mut tests = BTreeSet::new();
    for name in &names {
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue }; // images
        check_secrets_and_paths(&root, name, &text, &mut problems);
        tests.extend(tests_in(name, &text));
        if name.ends_with(".md") {
            check_links(&root, name, &text, &mut problems);
        }
    }
    let named = check_named_tests(&root, &tests, &mut problems)?;
    if !problems.is_empty() {
        bail!("{} problems in the papers:\n  {}", problems.len(), problems.join("\n  "));
    }
    println!(
        "papers: {} files read, {} tests known, {named} tests named and found",
        names.len(),
        tests.len()
    );
    Ok(())
}

/// No armoured private key, and no path of one machine. The patterns are put together here so that this file
/// does not report itself.
fn check_secrets_and_paths(root: &Path, name: &str, text: &str, problems: &mut Vec<String>) {
    let armour = ["PRIVATE", "KEY-----"].join(" ");
    let checkout = root.to_string_lossy().into_owned();
    let homes = ["/ho", "/Us"].map(|start| start.to_owned() + if start == "/ho" { "me/" } else { "ers/" });
    for (number, line) in text.lines().enumerate() {
        if line.contains(&armour) && line.contains("-----BEGIN") {
            problems.push(format!("{name}:{}: an armoured private key", number + 1));
        }
        if line.contains(&checkout) || homes.iter().any(|home| line.contains(home.as_str())) {
            problems.push(format!("{name}:{}: a path of one machine", number + 1));
        }
    }
}

/// Relative links must lead to a file; addresses on the web are not followed.
fn check_links(root: &Path, name: &str, text: &str, problems: &mut Vec<String>) {
    let directory = root.join(name).parent().map(Path::to_path_buf).unwrap_or_default();
    for target in links(text) {
        let file = target.split('#').next().unwrap_or_default();
        if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
            continue;
        }
        if !directory.join(file).exists() {
            problems.push(format!("{name}: the link to {target} leads nowhere"));
        }
    }
}

/// The targets of `[text](target)`, outside code blocks.
fn links(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for piece in line.split("](").skip(1) {
            if let Some((target, _)) = piece.split_once(')') {
                targets.push(target);
            }
        }
    }
    targets
}

/// Names of the tests in a source file: `fn name` after `#[test]` or inside `proptest!`, and JUnit methods.
fn tests_in(name: &str, text: &str) -> Vec<String> {
    let (marks, before): (&[&str], &str) = match Path::new(name).extension().and_then(|end| end.to_str()) {
        Some("rs") => (&["#[test]"], "fn "),
        Some("java") => (&["@Test", "@ParameterizedTest"], "void "),
        _ => return Vec::new(),
    };
    let mut tests = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim_start) {
        marked |= marks.iter().any(|mark| line.starts_with(mark));
        if !marked {
            continue;
        }
        if let Some((_, rest)) = line.split_once(before) {
            tests.push(rest.split(['(', '<']).next().unwrap_or_default().trim().to_owned());
            marked = false;
        }
    }
    tests
}

/// Every test that a paper names must exist. Returns how many were named.
fn check_named_tests(root: &Path, tests: &BTreeSet<String>, problems: &mut Vec<String>) -> Result<usize> {
    let mut named = 0;
    for paper in PAPERS_WITH_TESTS {
        for test in named_tests(&files::read(&root.join(paper))?) {
            named += 1;
            if !tests.contains(&test) {
                problems.push(format!("{paper}: the test {test} does not exist"));
            }
        }
    }
    Ok(named)
}

/// The names in back quotes in the last column of every table row whose heading is `Test`.
fn named_tests(paper: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut in_table = false;
    for line in paper.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            in_table = false;
            continue;
        };
        let last = cells.rsplit('|').next().unwrap_or_default();
        if last.trim() == "Test" {
            in_table = true;
        } else if in_table {
            names.extend(last.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_links_outside_code_blocks() {
        let text = "see [a](b.md#c) and [d](e)\n```\n[not](this)\n```\n";
        assert_eq!(links(text), ["b.md#c", "e"]);
    }

    #[test]
    fn finds_rust_and_java_tests_but_no_helpers() {
        let rust = "fn helper() {}\n#[test]\n#[ignore]\nfn rejects_it() {}\n";
        assert_eq!(tests_in("a.rs", rust), ["rejects_it"]);
        let java = "void helper() {}\n@Test\nvoid rejectsIt() throws IOException {}\n";
        assert_eq!(tests_in("A.java", java), ["rejectsIt"]);
    }

    #[test]
    fn reads_the_last_column_of_tables_that_name_tests() {
        let paper =
            "| Class | Test |\n|---|---|\n| `x` | `one`, `two` |\n\n| A | B |\n|---|---|\n| a | `b` |\n";
        assert_eq!(named_tests(paper), ["one", "two"]);
    }

    #[test]
    fn reports_private_keys_and_foreign_paths() {
        let mut problems = Vec::new();
        let text = ["-----BEGIN PRIVATE", "KEY-----\n/ho"].join(" ") + "me/somebody/x\nfine\n";
        check_secrets_and_paths(Path::new("/nowhere"), "a.txt", &text, &mut problems);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }
}
