//! `ostiary metadata`: what is taken from a document, or why nothing is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{IDP, KEY, OTHER_KEY, directory, metadata, ostiary, write};

#[test]
fn shows_what_is_taken() {
    let directory = directory("metadata_shows");
    let file = write(&directory, "metadata.xml", &metadata());
    let certificate = write(&directory, "idp.pem", &KEY.certificate_base64().unwrap());
    let run = ostiary(&["metadata", &file, "--entity-id", IDP, "--signed-by", &certificate]);
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<Vec<&str>> = run
        .out
        .lines()
        .map(|line| line.split("  ").map(str::trim).filter(|t| !t.is_empty()).collect())
        .collect();
    for row in [
        ["Entity ID", IDP],
        ["Sign-on, Redirect", "https://login.microsoftonline.com/saml2"],
        ["Logout, POST", "none"],
        ["Cache duration", "3600 s"],
    ] {
        assert!(lines.iter().any(|line| line.as_slice() == row), "{row:?} in {}", run.out);
    }
    assert!(run.out.contains("CN=idp, RSA 2048 bits, 2026-11-24T09:00:00.000Z to"), "{}", run.out);
    assert!(run.out.contains(&KEY.fingerprint().unwrap()), "{}", run.out);
}

#[test]
fn says_why_nothing_is_taken() {
    let directory = directory("metadata_refuses");
    let file = write(&directory, "metadata.xml", &metadata());
    let other = write(&directory, "other.pem", &OTHER_KEY.certificate_base64().unwrap());
    for (more, code) in [
        (["--entity-id", "https://other/"], "metadata-entity-mismatch"),
        (["--signed-by", &other], "metadata-signature-invalid"),
        (["--min-rsa-bits", "4096"], "metadata-no-key"),
    ] {
        let mut arguments = vec!["metadata", &file];
        arguments.extend(more);
        let run = ostiary(&arguments);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.out.contains(&format!("REJECTED  {code}")), "{}", run.out);
    }
    let run = ostiary(&["metadata", "no-such-file"]);
    assert!(run.code == 2 && run.err.contains("no-such-file"), "{run:?}");
}
