//! The samples of Entra ID's messages, which live beside the repository and not in it.

use std::io::Write as _;
use std::path::PathBuf;

/// Their directory, or `None` and a line that is seen: past the capture of the test harness.
pub fn directory(test: &str) -> Option<PathBuf> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/entra-samples");
    if directory.is_dir() {
        return Some(directory);
    }
    let line = format!("SKIPPED {test}: no {}\n", directory.display());
    std::io::stderr().write_all(line.as_bytes()).expect("standard error");
    None
}
