//! A neutral copy of a corpus: shuffled order, numbers for ids and file names, nothing that tells the expected
//! verdict. A runner that judges by anything but the documents gives itself away by other verdicts.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};

use crate::files;

/// What a judge must not know.
const TELLTALE: [&str; 17] = [
    "expected",
    "grade",
    "critical",
    "why",
    "tags",
    "tolerated",
    "cross_check",
    "weak",
    "half",
    "source_repo",
    "source_commit",
    "source_path",
    "peer_evidence",
    "must_never_return_subject",
    "expected_subject",
    "expected_values",
    "expected_attributes",
];

/// The table from neutral to real ids, beside the neutral manifest.
const NAMES: &str = "names.json";

/// Writes the neutral copy.
pub fn copy(corpus: &Path, copy: &Path) -> Result<()> {
    let manifest: Value = serde_json::from_str(&files::read(&corpus.join("manifest.json"))?)?;
    let mut manifest = manifest.as_object().context("manifest.json is not an object")?.clone();
    let cases =
        manifest.get("cases").and_then(Value::as_array).context("manifest.json has no cases")?.clone();

    if copy.exists() {
        ensure!(copy.join(NAMES).exists(), "{} is not a neutral copy; not replacing it", copy.display());
        std::fs::remove_dir_all(copy)?;
    }
    std::fs::create_dir_all(copy.join("files"))?;

    let mut names = Map::new();
    let mut neutral_cases = Vec::new();
    for (number, case) in shuffled(cases).into_iter().enumerate() {
        let neutral = format!("case-{number:04}");
        let case = neutral_case(corpus, copy, &neutral, case, &mut names)?;
        neutral_cases.push(case);
    }
    println!("neutral copy: {} cases in {}", neutral_cases.len(), copy.display());
    manifest.insert("cases".to_owned(), Value::Array(neutral_cases));
    std::fs::write(copy.join("manifest.json"), serde_json::to_string(&Value::Object(manifest))?)?;
    std::fs::write(copy.join(NAMES), serde_json::to_string(&Value::Object(names))?)?;
    Ok(())
}

/// A new order at every run: the standard library's hasher is seeded by the operating system.
fn shuffled(mut cases: Vec<Value>) -> Vec<Value> {
    let seed = RandomState::new();
    cases.sort_by_cached_key(|case| seed.hash_one(case.get("id").and_then(Value::as_str)));
    cases
}

/// One case under its number, its files copied beside it.
fn neutral_case(
    corpus: &Path,
    copy: &Path,
    neutral: &str,
    case: Value,
    names: &mut Map<String, Value>,
) -> Result<Value> {
    let mut case = case.as_object().context("a case is not an object")?.clone();
    let id = case.get("id").and_then(Value::as_str).context("a case has no id")?.to_owned();
    for field in TELLTALE {
        case.remove(field);
    }
    case.insert("id".to_owned(), Value::from(neutral));
    let mut count = 0;
    let mut case = Value::Object(case);
    rename_files(&mut case, &mut |file| {
        let from = corpus.join(file);
        if !from.is_file() {
            return Ok(None);
        }
        let end = from.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
        let name = format!("files/{neutral}-{count}{end}");
        count += 1;
        std::fs::copy(&from, copy.join(&name)).with_context(|| format!("cannot copy {file}"))?;
        Ok(Some(name))
    })?;
    names.insert(neutral.to_owned(), Value::from(id));
    Ok(case)
}

/// Replaces every text that names a file of the corpus.
fn rename_files(value: &mut Value, rename: &mut impl FnMut(&str) -> Result<Option<String>>) -> Result<()> {
    match value {
        Value::String(text) if text.contains('/') && !text.contains(':') => {
            if let Some(name) = rename(text)? {
                *text = name;
            }
        }
        Value::Array(items) => {
            for item in items {
                rename_files(item, rename)?;
            }
        }
        Value::Object(fields) => {
            for (_, item) in fields {
                rename_files(item, rename)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Fails when any case has another verdict, code or subject over the neutral copy.
pub fn compare(plain: &Path, neutral: &Path, copy: &Path) -> Result<()> {
    let names: Value = serde_json::from_str(&files::read(&copy.join(NAMES))?)?;
    let plain = verdicts(plain)?;
    let neutral = verdicts(neutral)?;
    ensure!(!plain.is_empty(), "the corpus run has no cases");
    ensure!(plain.len() == neutral.len(), "{} cases, but {} in the neutral copy", plain.len(), neutral.len());
    let mut other = Vec::new();
    for (number, verdict) in &neutral {
        let id =
            names.get(number).and_then(Value::as_str).with_context(|| format!("unknown case {number}"))?;
        let expected = plain.get(id).with_context(|| format!("no verdict for {id}"))?;
        if expected != verdict {
            other.push(format!("{id}: {expected}, but in the neutral copy {verdict}"));
        }
    }
    ensure!(other.is_empty(), "{} verdicts differ:\n  {}", other.len(), other.join("\n  "));
    println!("neutral copy: the same {} verdicts", neutral.len());
    Ok(())
}

/// Verdict, code and subject per case of an output of `ostiary corpus`.
fn verdicts(output: &Path) -> Result<BTreeMap<String, String>> {
    let mut verdicts = BTreeMap::new();
    for line in files::read(output)?.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
        let Some(id) = line.get("id").and_then(Value::as_str) else { continue };
        let fact = |field: &str| line.get(field).cloned().unwrap_or(Value::Null).to_string();
        let verdict = format!("{} {} {}", fact("verdict"), fact("code"), fact("subject"));
        ensure!(verdicts.insert(id.to_owned(), verdict).is_none(), "{id} twice in {}", output.display());
    }
    Ok(verdicts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_names_of_files_are_replaced() {
        let mut case =
            json!({"file": "files/a.xml", "sp": {"acs": "https://sp/acs"}, "certs": ["certs/a.pem", "x"]});
        rename_files(&mut case, &mut |file| Ok((file != "certs/a.pem").then(|| "new".to_owned()))).unwrap();
        assert_eq!(
            case,
            json!({"file": "new", "sp": {"acs": "https://sp/acs"}, "certs": ["certs/a.pem", "x"]})
        );
    }

    #[test]
    fn other_verdicts_are_reported() {
        let directory = std::env::temp_dir().join(format!("ostiary-neutral-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join(NAMES), r#"{"case-0000":"good"}"#).unwrap();
        let (plain, same, other) = (directory.join("plain"), directory.join("same"), directory.join("other"));
        std::fs::write(&plain, "{\"id\":\"good\",\"verdict\":\"accept\"}\n{\"must_right\":1}\n").unwrap();
        std::fs::write(&same, "{\"id\":\"case-0000\",\"verdict\":\"accept\"}\n").unwrap();
        std::fs::write(&other, "{\"id\":\"case-0000\",\"verdict\":\"reject\"}\n").unwrap();
        compare(&plain, &same, &directory).unwrap();
        assert!(compare(&plain, &other, &directory).is_err());
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
