//! `ostiary corpus`: the contract of its output, and that it judges by the documents alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{
    ACS, IDP, KEY, NOW, OTHER_KEY, REQUEST, Run, SP, USER, directory, metadata, ostiary, scene, write,
};
use ostiary_testkit::{Hash, RedirectStyle, Scene, redirect_query, shift};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

const SLO: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";

/// A corpus under construction.
struct Corpus {
    directory: PathBuf,
    cases: Vec<Value>,
}

impl Corpus {
    fn new(test: &str) -> Self {
        let directory = directory(test);
        for (name, key) in [("idp", &*KEY), ("other", &*OTHER_KEY)] {
            write(&directory, &format!("certs/{name}.pem"), &key.certificate_base64().unwrap());
        }
        Self { directory, cases: Vec::new() }
    }

    fn add(&mut self, id: &str, kind: &str, document: &str, sp: Value, key: Value) {
        let file = format!("files/{id}");
        write(&self.directory, &file, document);
        let mut case = json!({"id": id, "kind": kind, "file": file, "idp_cert": ["certs/idp.pem"], "sp": sp});
        case.as_object_mut().unwrap().extend(key.as_object().unwrap().clone());
        self.cases.push(case);
    }

    fn response(&mut self, id: &str, scene: &Scene, key: Value) {
        let sp =
            json!({"acs": ACS, "audience": SP, "idp_entity_id": IDP, "in_response_to": REQUEST, "now": NOW});
        self.add(id, "response", &scene.build(&KEY).unwrap(), sp, key);
    }

    fn run(&self, more: &[&str]) -> Run {
        write(&self.directory, "manifest.json", &json!({"cases": self.cases}).to_string());
        let mut arguments = vec!["corpus", self.directory.to_str().unwrap()];
        arguments.extend(more);
        ostiary(&arguments)
    }

    fn deviations(&self, rows: &str) -> String {
        write(&self.directory, "deviations.md", rows)
    }
}

fn must(expected: &str) -> Value {
    json!({"expected": expected, "grade": "must", "weak": false})
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key.as_object_mut().unwrap().insert(name.to_owned(), value);
    key
}

fn late() -> Scene {
    let mut late = scene();
    late.not_on_or_after = shift(late.not_before, 1);
    late
}

fn lines(run: &Run) -> Vec<Map<String, Value>> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn summary(run: &Run) -> (u64, u64, u64, u64) {
    let lines = lines(run);
    let last = lines.last().unwrap();
    let number = |name: &str| last[name].as_u64().unwrap();
    (number("must_right"), number("must_total"), number("critical_wrong"), number("forbidden_subjects"))
}

/// One case of every kind, all right.
fn every_kind(test: &str) -> Corpus {
    let mut corpus = Corpus::new(test);
    corpus.response("good", &scene(), with(must("accept"), "expected_subject", json!(USER)));
    corpus.response("late", &late(), with(must("reject"), "critical", json!(true)));
    let signed = scene().build(&KEY).unwrap();
    corpus.add("signed", "dsig", &signed, json!({}), must("accept"));
    corpus.add("changed", "dsig", &signed.replace(USER, "admin"), json!({}), must("reject"));
    corpus.add("unsigned", "dsig", "<a/>", json!({}), must("reject"));
    let logout = json!({"slo_url": SLO, "idp_entity_id": IDP, "logout_issuers": [], "now": NOW, "in_response_to": REQUEST});
    corpus.add("logout", "redirect_logout_request", &logout_request(), logout.clone(), must("accept"));
    corpus.add(
        "denied",
        "redirect_logout_response",
        &logout_response("Requester"),
        logout.clone(),
        must("reject"),
    );
    corpus.add("answer", "redirect_logout_response", &logout_response("Success"), logout, must("accept"));
    let values = json!({
        "entity_id": IDP,
        "sso_redirect": "https://login.microsoftonline.com/saml2",
        "sso_post": "https://login.microsoftonline.com/saml2",
        "slo_redirect": "https://login.microsoftonline.com/saml2",
        "signing_cert_sha256": [KEY.fingerprint().unwrap()],
    });
    let key = with(must("accept"), "expected_values", values);
    corpus.add(
        "metadata",
        "metadata",
        &metadata(),
        json!({"now": NOW, "expected_entity_id": null}),
        key.clone(),
    );
    corpus.add("pinned", "metadata", &metadata(), json!({"now": NOW, "verify_with": "pinned"}), key);
    corpus.add("html", "metadata", "<html></html>", json!({"now": NOW}), must("reject"));
    write(&corpus.directory, "files/canonical", "<b xmlns=\"urn:x\"><c></c></b>");
    corpus.add(
        "canonical",
        "c14n",
        "<a xmlns='urn:x' xmlns:y='urn:y'><b ><c/></b></a>",
        json!({"algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#", "subtree": "b", "inclusive_prefixes": null}),
        with(must("accept"), "expected_output_file", json!("files/canonical.expected")),
    );
    write(&corpus.directory, "files/canonical.expected", "<b xmlns=\"urn:x\"><c></c></b>");
    corpus
}

fn logout_request() -> String {
    let xml = format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{SLO}\" ID=\"_1\" \
         IssueInstant=\"{NOW}\" Version=\"2.0\"><Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</Issuer>\
         <NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{USER}</NameID></samlp:LogoutRequest>"
    );
    redirect_query("SAMLRequest", &xml, None, &KEY, RedirectStyle::Entra).unwrap()
}

fn logout_response(status: &str) -> String {
    let xml = format!(
        "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{SLO}\" ID=\"_2\" \
         InResponseTo=\"{REQUEST}\" IssueInstant=\"{NOW}\" Version=\"2.0\">\
         <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</Issuer><samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{status}\"/></samlp:Status></samlp:LogoutResponse>"
    );
    redirect_query("SAMLResponse", &xml, None, &KEY, RedirectStyle::Entra).unwrap()
}

#[test]
fn prints_a_line_for_each_case_and_a_summary() {
    let corpus = every_kind("prints_a_line_for_each_case_and_a_summary");
    let run = corpus.run(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    let lines = lines(&run);
    let (last, cases) = lines.split_last().unwrap();
    assert_eq!(cases.len(), corpus.cases.len());
    for (line, case) in cases.iter().zip(&corpus.cases) {
        let names: Vec<&str> = line.keys().map(String::as_str).collect();
        assert_eq!(names, ["code", "id", "kind", "ms", "subject", "values", "verdict"]);
        assert_eq!((&line["id"], &line["kind"]), (&case["id"], &case["kind"]));
        assert_eq!(line["verdict"], case["expected"], "{line:?}");
        assert_eq!(line["code"].is_null(), line["verdict"] == "accept", "{line:?}");
        assert_eq!(line["values"].is_object(), case["expected_values"].is_object(), "{line:?}");
        assert!(line["ms"].as_f64().unwrap() > 0.0);
    }
    let by_id = |id: &str| cases.iter().find(|line| line["id"] == id).unwrap();
    assert_eq!(by_id("good")["subject"], USER);
    assert_eq!(by_id("logout")["subject"], USER);
    assert!(by_id("late")["subject"].is_null());
    assert_eq!(by_id("late")["code"], "conditions-expired");
    assert_eq!(by_id("denied")["code"], "logout-status");
    assert_eq!(by_id("html")["code"], "metadata-invalid");
    let names: Vec<&str> = last.keys().map(String::as_str).collect();
    assert_eq!(names, ["critical_wrong", "forbidden_subjects", "must_right", "must_total", "slowest_ms"]);
    let all = u64::try_from(corpus.cases.len()).unwrap();
    assert_eq!(summary(&run), (all, all, 0, 0));
}

/// With every answer turned round and everything that tells it away removed, the verdicts stay.
#[test]
fn the_verdict_does_not_come_from_the_answer_key() {
    let mut corpus = every_kind("the_verdict_does_not_come_from_the_answer_key");
    let verdicts = |run: &Run| -> Vec<(Value, Value, Value)> {
        let mut lines = lines(run);
        lines.pop();
        lines
            .iter()
            .map(|line| (line["verdict"].clone(), line["code"].clone(), line["subject"].clone()))
            .collect()
    };
    let straight = verdicts(&corpus.run(&[]));
    let answers = [json!("accept"), json!("reject")];
    for case in &mut corpus.cases {
        let turned = answers.iter().find(|answer| **answer != case["expected"]).unwrap().clone();
        case["expected"] = turned;
    }
    let run = corpus.run(&[]);
    assert_eq!(verdicts(&run), straight);
    assert_eq!((run.code, summary(&run).0), (1, 0));
    for case in &mut corpus.cases {
        case.as_object_mut()
            .unwrap()
            .retain(|name, _| ["id", "kind", "file", "idp_cert", "sp"].contains(&&**name));
    }
    let run = corpus.run(&[]);
    assert_eq!(verdicts(&run), straight);
    assert_eq!((run.code, summary(&run)), (1, (0, 0, 0, 0)), "nothing to count is no success");
}

/// One wrong case among right ones fails the run; what is not scored does not.
#[test]
fn fails_by_what_counts_and_by_nothing_else() {
    let accept_late = |key: Value| {
        let mut corpus = every_kind("fails_by_what_counts");
        corpus.response("extra", &late(), key);
        let run = corpus.run(&[]);
        (run.code, summary(&run).2, summary(&run).3)
    };
    let graded = |grade: &str, weak: bool| json!({"expected": "accept", "grade": grade, "weak": weak});
    assert_eq!(accept_late(graded("must", false)), (1, 0, 0));
    assert_eq!(accept_late(graded("must", true)), (0, 0, 0));
    assert_eq!(accept_late(graded("policy", false)), (0, 0, 0));

    let reject_good = |key: Value| {
        let mut corpus = every_kind("fails_by_what_counts_good");
        corpus.response("extra", &scene(), key);
        let run = corpus.run(&[]);
        (run.code, summary(&run).2, summary(&run).3)
    };
    assert_eq!(reject_good(must("reject")), (1, 0, 0));
    assert_eq!(reject_good(with(must("reject"), "critical", json!(true))), (1, 1, 0));
    let forbidden = |key| with(key, "must_never_return_subject", json!([USER]));
    assert_eq!(reject_good(forbidden(must("accept"))), (1, 0, 1));
    assert_eq!(reject_good(forbidden(json!({"expected": "accept", "grade": "policy"}))), (1, 0, 1));
    assert_eq!(reject_good(with(must("accept"), "expected_subject", json!("admin"))), (1, 0, 0));
    let either = |rule: &str| {
        reject_good(json!({"expected": "reject", "grade": "either", "weak": false, "tolerated": rule}))
    };
    assert_eq!(either(&format!("accept only with subject {USER}")), (0, 0, 0));
    assert_eq!(either(&format!("accept only with subject \"{USER}\"; reject is also fine")), (0, 0, 0));
    assert_eq!(either("accept only with subject somebody.else@contoso.example"), (1, 0, 0));
    assert_eq!(either(&format!("accept only with subject x{USER}")), (1, 0, 0));
}

#[test]
fn values_and_canonical_forms_are_compared() {
    let mut corpus = every_kind("values_and_canonical_forms_are_compared");
    let of = |corpus: &Corpus, id: &str| corpus.cases.iter().position(|case| case["id"] == id).unwrap();
    let at = of(&corpus, "metadata");
    corpus.cases[at]["expected_values"]["sso_post"] = json!("https://other/");
    let at = of(&corpus, "canonical");
    corpus.cases[at]["expected_output_file"] = json!("files/canonical");
    let run = corpus.run(&[]);
    let all = u64::try_from(corpus.cases.len()).unwrap();
    assert_eq!((run.code, summary(&run).0), (1, all - 2), "{}", run.err);
    assert!(run.err.contains("metadata: another value of sso_post"), "{}", run.err);
    assert!(run.err.contains("canonical: another canonical form"), "{}", run.err);
}

/// With a least key length that no key has, everything is refused: for that reason alone, or for its own as well.
#[test]
fn a_reject_for_key_size_or_sha1_alone_is_vacuous() {
    let mut corpus = Corpus::new("a_reject_for_key_size_or_sha1_alone_is_vacuous");
    let sha1 = Scene { hash: Hash::Sha1, ..scene() };
    corpus.response("only-weak", &scene(), must("reject"));
    corpus.response("late-too", &late(), must("reject"));
    corpus.response("only-sha1", &sha1, must("reject"));
    corpus.response("sha1-is-the-point", &sha1, with(must("reject"), "tags", json!(["sha1"])));
    let run = corpus.run(&[]);
    // The first is accepted outright.
    assert_eq!((run.code, summary(&run).0), (1, 2), "{}", run.err);
    assert!(run.err.contains("only-weak: accepted"), "{}", run.err);
    assert!(run.err.contains("only-sha1: rejected with signature-sha1, for no other reason"), "{}", run.err);
    assert!(run.err.contains("1 vacuous"), "{}", run.err);
    let run = corpus.run(&["--min-rsa-bits", "4096"]);
    assert!(run.err.contains("only-weak: rejected with no-signing-key, for no other reason"), "{}", run.err);
    assert!(!run.err.contains("late-too"), "{}", run.err);
    assert!(run.err.contains("3 vacuous"), "{}", run.err);
}

#[test]
fn a_listed_deviation_is_right_only_with_its_own_code() {
    let mut corpus = Corpus::new("a_listed_deviation_is_right_only_with_its_own_code");
    corpus.response("late", &late(), must("accept"));
    assert_eq!(corpus.run(&[]).code, 1);
    let with_list = |corpus: &Corpus, rows: &str| corpus.run(&["--deviations", &corpus.deviations(rows)]);
    assert_eq!(with_list(&corpus, "| `late` | `conditions-expired` | because |\n").code, 0);
    assert_eq!(with_list(&corpus, "| `late` | `audience-missing` | because |\n").code, 1);
    assert_eq!(with_list(&corpus, "| `other` | `conditions-expired` | because |\n").code, 1);
    assert_eq!(with_list(&corpus, "| `late` | `conditions-expired` |\n").code, 2);
    // The list may hold neither what is accepted nor what the corpus wants refused.
    corpus.cases.clear();
    corpus.response("good", &scene(), must("accept"));
    assert_eq!(corpus.run(&[]).code, 0);
    assert_eq!(with_list(&corpus, "| `good` | `conditions-expired` | because |\n").code, 1);
    corpus.cases.clear();
    corpus.response("late", &late(), must("reject"));
    assert_eq!(corpus.run(&[]).code, 0);
    assert_eq!(with_list(&corpus, "| `late` | `conditions-expired` | because |\n").code, 1);
}

#[test]
fn settings_are_those_of_the_case() {
    let mut corpus = Corpus::new("settings_are_those_of_the_case");
    let set = |corpus: &mut Corpus, name: &str, value: Value| {
        corpus.cases.last_mut().unwrap()["sp"][name] = value;
    };
    let expired = shift(common::now(), 3600 + 60);
    corpus.response("skew-0", &scene(), must("reject"));
    set(&mut corpus, "now", json!(expired.to_string()));
    corpus.response("skew-180", &scene(), must("accept"));
    set(&mut corpus, "now", json!(expired.to_string()));
    set(&mut corpus, "skew", json!(180));
    corpus.response("sha1", &Scene { hash: Hash::Sha1, ..scene() }, must("accept"));
    set(&mut corpus, "allow_sha1", json!(true));
    corpus.response("response-signed", &scene(), must("reject"));
    set(&mut corpus, "want_responses_signed", json!(true));
    corpus.response(
        "assertion-signed",
        &Scene { sign_assertion: false, sign_response: true, ..scene() },
        must("reject"),
    );
    set(&mut corpus, "want_assertions_signed", json!(true));
    corpus.response("unsolicited", &scene(), must("reject"));
    set(&mut corpus, "in_response_to", Value::Null);
    corpus.response("other-key", &scene(), must("reject"));
    corpus.cases.last_mut().unwrap()["idp_cert"] = json!(["certs/other.pem"]);
    corpus.response("rollover", &scene(), must("accept"));
    corpus.cases.last_mut().unwrap()["idp_cert"] = json!(["certs/other.pem", "certs/idp.pem"]);
    corpus.response("no-key", &scene(), must("reject"));
    corpus.cases.last_mut().unwrap()["idp_cert"] = json!([]);
    let run = corpus.run(&[]);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
}

#[test]
fn a_directory_without_manifest_is_an_error() {
    let directory = directory("a_directory_without_manifest_is_an_error");
    let run = ostiary(&["corpus", directory.to_str().unwrap()]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("manifest.json"), "{}", run.err);
    write(
        &directory,
        "manifest.json",
        "{\"cases\":[{\"id\":\"a\",\"kind\":\"response\",\"file\":\"missing\"}]}",
    );
    let run = ostiary(&["corpus", Path::new(&directory).to_str().unwrap()]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("missing"), "{}", run.err);
}
