//! What the private trace says of each check: expected and seen.

use crate::support::{Case, both_signed, encrypted, honest, issued, now};
use ostiary_core::{OneTimeKind, Received, Trace};
use ostiary_testkit::{shift, stamp};

/// One line for each check; fingerprints belong to keys that are made anew.
fn told(case: &Case) -> String {
    let mut trace = Trace::detailed();
    let verdict = case.judge_traced(&mut trace);
    let mut lines: Vec<String> = trace
        .checks()
        .iter()
        .map(|check| format!("{} | {} | {}", check.check, check.expected, without_fingerprint(&check.seen)))
        .collect();
    lines.extend(verdict.err().map(|rejected| format!("= {}", rejected.code())));
    lines.join("\n")
}

fn without_fingerprint(seen: &str) -> String {
    let is_one = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    seen.split(' ')
        .map(|word| if is_one(word) { "<fingerprint>" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

fn last(case: &Case) -> String {
    told(case).lines().rev().nth(1).unwrap().to_owned()
}

#[test]
fn every_check_that_held_says_what_was_expected_and_seen() {
    insta::assert_snapshot!("held_in_both_signed", told(&both_signed()));
    insta::assert_snapshot!("held_in_encrypted", told(&encrypted()));
}

#[test]
fn a_check_that_failed_says_what_was_expected_and_seen() {
    let mut without_version = honest();
    without_version.in_response(" Version=\"2.0\"", "");
    assert_eq!(last(&without_version), "Core 3.2.2 Version of the Response | 2.0 | none");
    let mut old_version = honest();
    old_version.in_response(" Version=\"2.0\"", " Version=\"1.1\"");
    assert_eq!(last(&old_version), "Core 3.2.2 Version of the Response | 2.0 | 1.1");
    let mut from_the_future = honest();
    let later = stamp(shift(now(), 301));
    from_the_future.in_response(&issued(), &format!(" IssueInstant=\"{later}\""));
    assert_eq!(
        last(&from_the_future),
        format!("Core 3.2.2 IssueInstant of the Response | at most 300 s after {} | {later}", stamp(now()))
    );
}

#[test]
fn kinds_of_one_time_ids_keep_their_names() {
    assert_eq!(OneTimeKind::Assertion.as_str(), "assertion");
    assert_eq!(OneTimeKind::Response.as_str(), "response");
}

/// The limit is one of decoded bytes, and line breaks do not count.
#[test]
fn base64_of_the_largest_message_is_decoded_whatever_its_line_breaks() {
    const MOST: usize = (256usize * 1024).div_ceil(3) * 4;
    let largest = "A".repeat(MOST);
    assert_eq!(Received::decode_base64(&largest).unwrap().len(), MOST / 4 * 3);
    assert_eq!(Received::decode_base64(&format!("{largest}\r\n")).unwrap().len(), MOST / 4 * 3);
    let larger = format!("{largest}AAAA");
    assert_eq!(Received::decode_base64(&larger).unwrap_err().code().as_str(), "message-too-large");
    assert_eq!(
        Received::decode_base64(&format!("{larger}\n")).unwrap_err().code().as_str(),
        "message-too-large"
    );
}
