//! `seed DIRECTORY [CORPUS]`: writes the inputs to begin with, one folder for each target; of a corpus (a directory
//! with `manifest.json`) the cases as well.

use ostiary_fuzz::seeds;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const TARGETS: &[(&str, &[&str])] = &[
    ("xml", &["c14n", "dsig"]),
    ("response", &["response"]),
    ("encrypted_assertion", &["response"]),
    ("metadata", &["metadata"]),
    ("redirect_query", &["redirect_logout_request", "redirect_logout_response"]),
    ("logout", &[]),
    ("sealed_cookie", &[]),
    ("event_json", &[]),
];
/// Larger cases only cost time.
const MOST: u64 = 32 * 1024;

fn main() -> io::Result<()> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let directory = arguments.next().unwrap_or_else(|| PathBuf::from("fuzz/corpus"));
    let cases = arguments.next().map(|corpus| cases(&corpus)).transpose()?.unwrap_or_default();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    for (target, kinds) in TARGETS {
        let folder = directory.join(target);
        fs::create_dir_all(&folder)?;
        for (number, input) in seeds::of(target, &vectors).iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), input)?;
        }
        for (kind, file) in cases.iter().filter(|(kind, _)| kinds.contains(&kind.as_str())) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            fs::copy(file, folder.join(format!("case-{kind}-{name}")))?;
        }
    }
    Ok(())
}

/// Kind and file of each case that is not too large.
fn cases(corpus: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let manifest: Value = serde_json::from_slice(&fs::read(corpus.join("manifest.json"))?)?;
    let cases = manifest["cases"].as_array().or(manifest.as_array()).into_iter().flatten();
    let files = cases
        .filter_map(|case| Some((case["kind"].as_str()?.to_owned(), corpus.join(case["file"].as_str()?))));
    Ok(files.filter(|(_, file)| fs::metadata(file).is_ok_and(|facts| facts.len() <= MOST)).collect())
}
