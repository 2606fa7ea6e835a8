//! The papers must be true: every link leads somewhere, every test that a paper names exists, and the repository
//! holds neither a private key nor a path of the machine that somebody works on.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

/// Papers whose tables name tests in each row: the last column, in back quotes. Of each such table, how many rows it
/// has when they are numbered, so that none gets lost.
const PAPERS_WITH_TESTS: [(&str, &[Option<usize>]); 3] = [
    ("docs/saml-vulns.md", &[Some(38), Some(38)]),
    ("docs/threat-model.md", &[None]),
    ("docs/parity.md", &[None, None, None]),
];

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

/// No armoured private key, no path of one machine, nothing that a merge left. The patterns are put together here so that
/// this file does not report itself.
fn check_secrets_and_paths(root: &Path, name: &str, text: &str, problems: &mut Vec<String>) {
    let armour = ["PRIVATE", "KEY-----"].join(" ");
    let checkout = root.to_string_lossy().into_owned();
    let homes = ["/ho", "/Us"].map(|start| start.to_owned() + if start == "/ho" { "me/" } else { "ers/" });
    let merge = ["<", ">"].map(|mark| mark.repeat(7) + " ");
    for (number, line) in text.lines().enumerate() {
        if line.contains(&armour) && line.contains("-----BEGIN") {
            problems.push(format!("{name}:{}: an armoured private key", number + 1));
        }
        if line.contains(&checkout) || homes.iter().any(|home| line.contains(home.as_str())) {
            problems.push(format!("{name}:{}: a path of one machine", number + 1));
        }
        if line.starts_with(&merge[0]) || line.starts_with(&merge[1]) {
            problems.push(format!("{name}:{}: a mark of a merge", number + 1));
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

/// Names of the tests in a source file: `fn name` after `#[test]` or inside `proptest!`, what `single_defects!`
/// declares, and JUnit methods.
fn tests_in(name: &str, text: &str) -> Vec<String> {
    let (marks, before): (&[&str], &str) = match Path::new(name).extension().and_then(|end| end.to_str()) {
        Some("rs") => (&["#[test]"], "fn "),
        Some("java") => (&["@Test", "@ParameterizedTest"], "void "),
        _ => return Vec::new(),
    };
    let mut tests = Vec::new();
    let mut marked = false;
    let mut declared = false;
    for line in text.lines() {
        declared = (declared || line == "single_defects! {") && line != "}";
        if declared {
            tests.extend(declared_test(line));
        }
        let line = line.trim_start();
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

/// `    name: Code, base, change` of `single_defects!`; what stands deeper is the change.
fn declared_test(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("    ")?.split_once(':')?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned())
}

/// Every test that a paper names must exist, every row must name one, and no numbered row may be missing. Returns how
/// many were named.
fn check_named_tests(root: &Path, tests: &BTreeSet<String>, problems: &mut Vec<String>) -> Result<usize> {
    let mut named = 0;
    for (paper, wanted) in PAPERS_WITH_TESTS {
        let tables = tables_with_tests(&files::read(&root.join(paper))?);
        check_rows(paper, &tables, wanted, problems);
        for test in tables.iter().flatten().flat_map(|row| &row.tests) {
            named += 1;
            if !tests.contains(test) {
                problems.push(format!("{paper}: the test {test} does not exist"));
            }
        }
    }
    Ok(named)
}

/// A row of a table that names tests.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    /// What its first cell says.
    first: String,
    tests: Vec<String>,
}

fn check_rows(paper: &str, tables: &[Vec<Row>], wanted: &[Option<usize>], problems: &mut Vec<String>) {
    if tables.len() != wanted.len() {
        problems.push(format!("{paper}: {} tables name tests, not {}", wanted.len(), tables.len()));
    }
    for (table, wanted) in tables.iter().zip(wanted) {
        for row in table.iter().filter(|row| row.tests.is_empty()) {
            problems.push(format!("{paper}: the row \"{}\" names no test", row.first));
        }
        let Some(wanted) = wanted else { continue };
        let numbers: Vec<&str> = table.iter().map(|row| row.first.as_str()).collect();
        let expected: Vec<String> = (1..=*wanted).map(|number| number.to_string()).collect();
        if numbers != expected {
            problems.push(format!("{paper}: the rows are not 1 to {wanted}, but {}", numbers.join(", ")));
        }
    }
}

/// Every table whose last heading is `Test`: its rows, with the names in back quotes in the last column.
fn tables_with_tests(paper: &str) -> Vec<Vec<Row>> {
    let mut tables: Vec<Vec<Row>> = Vec::new();
    let mut in_table = false;
    for line in paper.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            in_table = false;
            continue;
        };
        let first = cells.split('|').next().unwrap_or_default().trim();
        let last = cells.rsplit('|').next().unwrap_or_default();
        if last.trim() == "Test" {
            tables.push(Vec::new());
            in_table = true;
        } else if in_table
            && !first.starts_with("---")
            && let Some(table) = tables.last_mut()
        {
            let tests = last.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            table.push(Row { first: first.to_owned(), tests });
        }
    }
    tables
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
    fn finds_the_tests_that_a_macro_declares() {
        let rust = "single_defects! {\n    rejects_it: Code, honest, |case| {\n        case.a(\"x: y\");\n    };\n    \
                    rejects_that:\n        Code, honest, |case| {};\n}\nstruct S {\n    field: u8,\n}\n";
        assert_eq!(tests_in("a.rs", rust), ["rejects_it", "rejects_that"]);
    }

    fn row(first: &str, tests: &[&str]) -> Row {
        Row { first: first.to_owned(), tests: tests.iter().map(|test| (*test).to_owned()).collect() }
    }

    #[test]
    fn reads_the_last_column_of_tables_that_name_tests() {
        let paper = "| Class | Test |\n|---|---|\n| `x` | `one`, `two` |\n| y | none |\n\n| A | B |\n|---|---|\n| a | `b` |\n";
        assert_eq!(tables_with_tests(paper), [[row("`x`", &["one", "two"]), row("y", &[])]]);
    }

    #[test]
    fn reports_rows_that_are_gone_or_name_no_test() {
        let problems = |rows: Vec<Row>, wanted| {
            let mut problems = Vec::new();
            check_rows("a.md", &[rows], &[wanted], &mut problems);
            problems.len()
        };
        let two = || vec![row("1", &["a"]), row("2", &["b"])];
        assert_eq!(problems(two(), Some(2)), 0);
        assert_eq!(problems(two(), None), 0);
        assert_eq!(problems(two(), Some(3)), 1, "the last is gone");
        assert_eq!(problems(vec![row("1", &["a"]), row("3", &["b"])], Some(2)), 1, "one in between is gone");
        assert_eq!(problems(vec![row("1", &["a"]), row("2", &[])], Some(2)), 1, "a row without a test");
        let mut gone = Vec::new();
        check_rows("a.md", &[], &[Some(2)], &mut gone);
        assert_eq!(gone.len(), 1, "the whole table is gone");
    }

    #[test]
    fn reports_tests_that_do_not_exist() {
        let root = files::root();
        let mut problems = Vec::new();
        let named = check_named_tests(&root, &BTreeSet::new(), &mut problems).unwrap();
        assert!(named > 200, "{named}");
        assert_eq!(problems.len(), named, "each of them, when no test is known");
    }

    #[test]
    fn reports_private_keys_foreign_paths_and_marks_of_a_merge() {
        let mut problems = Vec::new();
        let text = ["-----BEGIN PRIVATE", "KEY-----\n/ho"].join(" ")
            + "me/somebody/x\nfine\n"
            + &"<".repeat(7)
            + " HEAD\n";
        check_secrets_and_paths(Path::new("/nowhere"), "a.txt", &text, &mut problems);
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
