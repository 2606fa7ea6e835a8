//! Trust is in the types: what does not compile cannot be done by mistake.
//!
//! Each program of `tests/compile_fail` must fail at the lines and with the errors that stand beside it. The compiler
//! runs against the library that this test is linked with: the usual harness would build all dependencies, OpenSSL
//! included, again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn a_verified_value_cannot_be_forged() {
    refuses_to_compile("forged_verified");
}

#[test]
fn signed_bytes_cannot_be_made_from_an_unsigned_element() {
    refuses_to_compile("unsigned_into_signed");
}

#[test]
fn a_reader_of_signed_elements_takes_no_unsigned_one() {
    refuses_to_compile("unsigned_read");
}

#[test]
fn unsigned_text_cannot_be_read() {
    refuses_to_compile("unsigned_text");
}

#[test]
fn an_unverified_value_cannot_be_taken_out() {
    refuses_to_compile("unverified_into_string");
}

#[test]
fn an_unverified_value_cannot_be_carried_out_by_its_parser() {
    refuses_to_compile("unverified_carried_out");
}

#[test]
fn no_other_level_of_trust_can_be_added() {
    refuses_to_compile("own_trust");
}

/// The programs fail for their own reasons, not because nothing compiles.
#[test]
fn a_program_without_a_trick_compiles() {
    let (compiles, errors) = compile("honest");
    assert!(compiles, "{errors}");
}

fn refuses_to_compile(name: &str) {
    let (compiles, errors) = compile(name);
    assert!(!compiles, "{name}.rs compiles");
    let path = directory().join(format!("{name}.stderr"));
    if std::env::var_os("OSTIARY_BLESS").is_some() {
        std::fs::write(&path, &errors).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(errors, expected, "OSTIARY_BLESS=1 writes {}", path.display());
}

/// Whether `name` compiles, and the errors as `line: error[number]`; their words change with the compiler.
fn compile(name: &str) -> (bool, String) {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--crate-type=bin", "--emit=metadata", "--error-format=short"])
        .arg("--out-dir")
        .arg(std::env::temp_dir())
        .arg("-L")
        .arg(format!("dependency={}", deps.display()))
        .arg("--extern")
        .arg(format!("ostiary_xmlsig={}", library(&deps).display()))
        .arg(format!("{name}.rs"))
        .current_dir(directory())
        .output()
        .expect("rustc runs");
    let errors = String::from_utf8(output.stderr).unwrap().lines().filter_map(line_and_number).collect();
    (output.status.success(), errors)
}

/// From `name.rs:6:30: error[E0451]: fields …`.
fn line_and_number(message: &str) -> Option<String> {
    let (_, place) = message.split_once(".rs:")?;
    let (line, rest) = place.split_once(':')?;
    let (error, _) = rest.split_once(": ")?.1.split_once(':')?;
    error.starts_with("error").then(|| format!("{line}: {error}\n"))
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail")
}

/// The newest build of this crate beside the test's own executable.
fn library(deps: &Path) -> PathBuf {
    std::fs::read_dir(deps)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("libostiary_xmlsig-") && name.ends_with(".rlib")
        })
        .max_by_key(|entry| entry.metadata().unwrap().modified().unwrap())
        .expect("the library is built")
        .path()
}
