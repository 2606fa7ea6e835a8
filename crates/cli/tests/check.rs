//! `ostiary check`: a response is validated offline, check by check.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{
    ACS, IDP, KEY, NOW, OTHER_KEY, REQUEST, Run, SP, USER, directory, metadata, ostiary, response, write,
};
use std::path::Path;

fn check(directory: &Path, message: &str, more: &[&str]) -> Run {
    let message = write(directory, "response", message);
    let metadata = write(directory, "metadata.xml", &metadata());
    let mut arguments =
        vec!["check", &message, "--metadata", &metadata, "--acs", ACS, "--audience", SP, "--at", NOW];
    arguments.extend(more);
    ostiary(&arguments)
}

#[test]
fn accepts_and_shows_every_check_with_what_was_expected_and_seen() {
    let directory = directory("check_accepts");
    let run = check(&directory, &response(), &["--in-response-to", REQUEST]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains(&format!("ACCEPTED  {USER}")), "{}", run.out);
    let recipient =
        format!("ok   Profiles 4.1.4.3 Recipient\n       expected  {ACS}\n       seen      {ACS}\n");
    assert!(run.out.contains(&recipient), "{}", run.out);
    assert!(!run.out.contains("FAIL"), "{}", run.out);
    assert!(run.out.contains(&KEY.fingerprint().unwrap()), "{}", run.out);
}

#[test]
fn takes_xml_base64_and_the_whole_form() {
    let directory = directory("check_forms");
    let base64 = STANDARD.encode(response());
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("RelayState", "r")
        .append_pair("SAMLResponse", &base64)
        .finish();
    let marked = format!("\u{feff}{}", response());
    for message in [&response(), &marked, &base64, &form] {
        let run = check(&directory, message, &["--in-response-to", REQUEST]);
        assert_eq!(run.code, 0, "{run:?}");
    }
}

#[test]
fn rejects_with_the_code_and_the_check_that_failed() {
    let directory = directory("check_rejects");
    let other_acs = "https://wiki.contoso.example/plugins/servlet/saml/auth";
    let message = write(&directory, "response", &response());
    let certificate = write(&directory, "idp.pem", &KEY.certificate_base64().unwrap());
    let run = ostiary(&[
        "check",
        &message,
        "--certificate",
        &certificate,
        "--idp",
        IDP,
        "--acs",
        other_acs,
        "--audience",
        SP,
        "--at",
        NOW,
    ]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("REJECTED  destination-mismatch"), "{}", run.out);
    assert!(
        run.out.contains(&format!(
            "FAIL Bindings 3.5.5.2 Destination\n       expected  {other_acs}\n       seen      {ACS}\n"
        )),
        "{}",
        run.out
    );
    for (more, code) in [
        (["--in-response-to", "id0"], "response-in-response-to"),
        (["--unsolicited", "--allow-sha1"], "unsolicited-in-response-to"),
        (["--want-response-signed", "--allow-sha1"], "response-unsigned"),
    ] {
        let run = check(&directory, &response(), &more);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.out.contains(&format!("REJECTED  {code}")), "{}", run.out);
    }
    for (message, code) in [
        (response().replace(USER, "admin@contoso.example"), "signature-digest-mismatch"),
        ("<a/>".to_owned(), "response-not-a-response"),
        ("<a>".to_owned(), "xml-malformed"),
        ("!".to_owned(), "base64-invalid"),
    ] {
        let run = check(&directory, &message, &[]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.out.contains(&format!("REJECTED  {code}")), "{}", run.out);
    }
}

#[test]
fn says_when_in_response_to_is_taken_as_given() {
    let directory = directory("check_given");
    let run = check(&directory, &response(), &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.contains(&format!("InResponseTo is taken from the response itself: {REQUEST}")),
        "{}",
        run.out
    );
}

#[test]
fn verifies_nothing_without_a_key() {
    let directory = directory("check_without_key");
    let message = write(&directory, "response", &response());
    let run = ostiary(&["check", &message, "--idp", IDP, "--acs", ACS, "--audience", SP, "--at", NOW]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("without a key nothing can be verified"), "{}", run.err);
    let other = write(&directory, "other.pem", &OTHER_KEY.certificate_base64().unwrap());
    let run = ostiary(&[
        "check",
        &message,
        "--certificate",
        &other,
        "--idp",
        IDP,
        "--acs",
        ACS,
        "--audience",
        SP,
        "--at",
        NOW,
    ]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("REJECTED  signature-invalid"), "{}", run.out);
}

#[test]
fn decrypts_with_the_key_that_is_given() {
    use ostiary_testkit::Encryption;
    use ostiary_xmlsig::{EncryptionMethod, KeyTransport};
    let directory = directory("check_decrypts");
    let mut scene = common::scene();
    scene.encrypt = Some(Encryption {
        certificate: OTHER_KEY.certificate_der().unwrap(),
        method: EncryptionMethod::Aes256Cbc,
        transport: KeyTransport::OaepMgf1p,
        detached: false,
    });
    let message = scene.build(&KEY).unwrap();
    let run = check(&directory, &message, &[]);
    assert!(run.code == 1 && run.out.contains("REJECTED  no-decryption-key"), "{run:?}");
    let base64 = STANDARD.encode(OTHER_KEY.pkcs8_der().unwrap());
    for text in [format!("{base64}\n"), format!("-----BEGIN KEY-----\n{base64}\n-----END KEY-----\n")] {
        let key = write(&directory, "sp.key", &text);
        let run = check(&directory, &message, &["--decryption-key", &key]);
        assert_eq!(run.code, 0, "{run:?}");
    }
}
