//! `ostiary corpus --through`: that a way which differs from the core fails, and, with real JVMs, that none does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{ACS, IDP, KEY, NOW, REQUEST, Run, SP, USER, directory, now, program, scene, write};
use ostiary_testkit::{RedirectStyle, Scene, TestKey, redirect_query, shift};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SLO: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";

struct Corpus {
    directory: PathBuf,
    cases: Vec<Value>,
}

impl Corpus {
    fn new(test: &str) -> Self {
        let directory = directory(test);
        write(&directory, "certs/idp.pem", &KEY.certificate_base64().unwrap());
        Self { directory, cases: Vec::new() }
    }

    fn add(&mut self, id: &str, kind: &str, document: &str, sp: &Value, expected: &str) -> &mut Value {
        let file = format!("files/{id}");
        write(&self.directory, &file, document);
        self.cases
            .push(json!({"id": id, "kind": kind, "file": file, "idp_cert": ["certs/idp.pem"], "sp": sp,
            "expected": expected, "grade": "must", "weak": false}));
        self.cases.last_mut().unwrap()
    }

    fn response(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Scene, &mut Value),
        expected: &str,
    ) -> &mut Value {
        let mut scene = scene();
        let mut sp =
            json!({"acs": ACS, "audience": SP, "idp_entity_id": IDP, "in_response_to": REQUEST, "now": NOW});
        change(&mut scene, &mut sp);
        self.add(id, "response", &scene.build(&KEY).unwrap(), &sp, expected)
    }

    fn logout(&mut self, id: &str, parameter: &str, xml: &str, expected: &str) {
        let query = redirect_query(parameter, xml, None, &KEY, RedirectStyle::Entra).unwrap();
        let sp = json!({"slo_url": SLO, "idp_entity_id": IDP, "logout_issuers": [], "now": NOW, "in_response_to": REQUEST});
        let kind = if parameter == "SAMLRequest" { "request" } else { "response" };
        self.add(id, &format!("redirect_logout_{kind}"), &query, &sp, expected);
    }

    fn run(&self, through: &str, players: &[String]) -> Run {
        write(&self.directory, "manifest.json", &json!({"cases": self.cases}).to_string());
        let mut command = program();
        command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
        command.args(["corpus", self.directory.to_str().unwrap(), "--through", through]);
        for player in players {
            command.args(["--player", player]);
        }
        Run::of(&command.output().unwrap())
    }

    /// A player that tells what it was told to tell.
    fn player(&self, name: &str, says: &str) -> Vec<String> {
        let says = write(&self.directory, &format!("{name}.says"), says);
        vec![format!("sh {}", write(&self.directory, name, &format!("cat '{says}'")))]
    }
}

fn set(sp: &mut Value, name: &str, value: Value) {
    sp[name] = value;
}

/// What the scene can be made to be, and one thing that only test features allow each.
fn mixed(test: &str) -> Corpus {
    let mut corpus = Corpus::new(test);
    corpus.response("good", |_, _| {}, "accept")["expected_subject"] = json!(USER);
    corpus.response("late", |scene, _| scene.not_on_or_after = shift(scene.not_before, 1), "reject");
    corpus.response(
        "session-over-long-ago-by-the-host's-clock",
        |scene, _| scene.session_not_on_or_after = Some(shift(now(), 60)),
        "accept",
    );
    corpus.response(
        "request-of-another-form",
        |scene, sp| {
            scene.in_response_to = Some("ONELOGIN_1".to_owned());
            scene.confirmation_in_response_to = scene.in_response_to.clone();
            set(sp, "in_response_to", json!("ONELOGIN_1"));
        },
        "accept",
    );
    corpus.response("another-request", |_, sp| set(sp, "in_response_to", json!("ONELOGIN_1")), "reject");
    corpus.response(
        "acs-over-http-with-a-query",
        |scene, sp| {
            let acs = "http://sp.example/acs.php?acs";
            scene.destination = Some(acs.to_owned());
            scene.recipient = Some(acs.to_owned());
            set(sp, "acs", json!(acs));
        },
        "accept",
    );
    corpus.response(
        "unsolicited",
        |scene, sp| {
            scene.in_response_to = None;
            scene.confirmation_in_response_to = None;
            set(sp, "in_response_to", Value::Null);
        },
        "accept",
    );
    corpus.response("answer-to-nothing", |_, sp| set(sp, "in_response_to", Value::Null), "reject");
    corpus.response(
        "tampered",
        |scene, _| scene.edit_signed.push((USER.to_owned(), "admin".to_owned())),
        "reject",
    );
    corpus.response("strange-name", |scene, _| scene.name_id = "Zoë & \u{1d11e}".to_owned(), "accept");
    let short = TestKey::generate_bits("short", now(), 1024).unwrap();
    write(&corpus.directory, "certs/short.pem", &short.certificate_base64().unwrap());
    let signed = scene().build(&short).unwrap();
    let sp = json!({"acs": ACS, "audience": SP, "idp_entity_id": IDP, "in_response_to": REQUEST, "now": NOW});
    corpus.add("short-key", "response", &signed, &sp, "accept")["idp_cert"] = json!(["certs/short.pem"]);
    corpus.add("huge", "response", &" ".repeat(3_000_000), &sp, "reject");
    corpus
}

fn logout(element: &str, more: &str, content: &str) -> String {
    format!(
        "<samlp:{element} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{SLO}\" ID=\"_1\"{more} \
         IssueInstant=\"{NOW}\" Version=\"2.0\"><Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</Issuer>\
         {content}</samlp:{element}>"
    )
}

fn with_logouts(test: &str) -> Corpus {
    let mut corpus = mixed(test);
    let name_id = format!("<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{USER}</NameID>");
    let request = logout("LogoutRequest", "", &name_id);
    corpus.logout("sign-out", "SAMLRequest", &request, "accept");
    corpus.logout("sign-out-elsewhere", "SAMLRequest", &request.replace(SLO, ACS), "reject");
    for (status, expected) in [("Success", "accept"), ("Requester", "reject")] {
        let status = format!(
            "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{status}\"/></samlp:Status>"
        );
        let response = logout("LogoutResponse", &format!(" InResponseTo=\"{REQUEST}\""), &status);
        corpus.logout(&format!("answer-{expected}"), "SAMLResponse", &response, expected);
    }
    corpus
}

/// The players of `./x`, one a line.
fn players(variable: &str) -> Vec<String> {
    let text = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set; ./x test sets it"));
    text.lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs the jars and a library with test features: ./x test"]
fn the_door_gives_the_verdicts_of_the_core() {
    let corpus = with_logouts("the_door_gives_the_verdicts_of_the_core");
    let run = corpus.run("door", &players("OSTIARY_DOOR_PLAYERS"));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("0 of 12 differ from the core"), "{}", run.err);
    assert!(run.err.contains("not applicable: 2 of kind redirect_logout_request"), "{}", run.err);
}

#[test]
#[ignore = "needs the jars and a library with test features: ./x test"]
fn the_filter_gives_the_verdicts_of_the_core() {
    by_http("the_filter_gives_the_verdicts_of_the_core", "filter", "OSTIARY_FILTER_PLAYERS");
}

#[test]
#[ignore = "needs the jars and a library with test features: ./x test"]
fn the_add_ons_give_the_verdicts_of_the_core() {
    by_http("the_add_ons_give_the_verdicts_of_the_core", "addon", "OSTIARY_ADDON_PLAYERS");
}

fn by_http(test: &str, through: &str, variable: &str) {
    let corpus = with_logouts(test);
    let run = corpus.run(through, &players(variable));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("0 of 16 differ from the core"), "{}", run.err);
    let subject = run.out.lines().find(|line| line.contains("strange-name")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(subject).unwrap()["subject"], "Zoë & \u{1d11e}");
}

#[test]
#[ignore = "needs the jars and a library with test features: ./x test"]
fn an_expectation_that_is_not_met_fails_whatever_the_way() {
    for (through, variable) in [
        ("door", "OSTIARY_DOOR_PLAYERS"),
        ("filter", "OSTIARY_FILTER_PLAYERS"),
        ("addon", "OSTIARY_ADDON_PLAYERS"),
    ] {
        let mut corpus = Corpus::new("an_expectation_that_is_not_met_fails_whatever_the_way");
        corpus.response("good", |_, _| {}, "reject");
        let run = corpus.run(through, &players(variable)[..1]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.err.contains("good: accepted") && run.err.contains("0 of 1 right"), "{}", run.err);
    }
}

/// `=` and base64 of the user.
const SEEN: &str = "=Yi5zaW1vbkBjb250b3NvLmV4YW1wbGU=";

fn good_and_late(test: &str) -> Corpus {
    let mut corpus = Corpus::new(test);
    corpus.response("good", |_, _| {}, "accept");
    corpus.response("late", |scene, _| scene.not_on_or_after = shift(scene.not_before, 1), "reject");
    corpus
}

const GOOD: &str = "0\t303\t\t\t=Yi5zaW1vbkBjb250b3NvLmV4YW1wbGU=\t\t1.5\t\n";
const LATE: &str = "1\t403\tconditions-expired\t\t\t\t1.5\t\n";

#[test]
fn takes_what_a_player_saw() {
    let corpus = good_and_late("takes_what_a_player_saw");
    let run = corpus.run("filter", &corpus.player("honest", &format!("{LATE}{GOOD}")));
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["verdict"], &lines[0]["subject"], &lines[0]["ms"]),
        (&json!("accept"), &json!(USER), &json!(1.5))
    );
    assert_eq!(lines[1]["code"], "conditions-expired");
    assert_eq!(lines[2]["must_right"], 2);
}

#[test]
fn reports_every_difference_from_the_core() {
    let corpus = good_and_late("reports_every_difference_from_the_core");
    let other = "=YWRtaW4=";
    for (name, says, told) in [
        (
            "code",
            format!("{GOOD}1\t400\taudience-mismatch\t\t\t\t1\t\n"),
            "through the core rejected with conditions-expired",
        ),
        ("accepted", format!("{GOOD}1\t303\t\t\t{SEEN}\t\t1\t\n"), "late: accepted for"),
        (
            "refused",
            format!("0\t400\taudience-mismatch\t\t\t\t1\t\n{LATE}"),
            "good: rejected with audience-mismatch",
        ),
        ("subject", format!("0\t303\t\t\t{other}\t\t1\t\n{LATE}"), "good: accepted for \"admin\""),
        // The page refuses, and yet there is a session; or nothing of either.
        (
            "both",
            format!("{GOOD}1\t403\tconditions-expired\t\t{SEEN}\t\t1\t\n"),
            "late: neither accepted nor refused",
        ),
        ("neither", format!("{GOOD}1\t200\t\t\t\t\t1\t\n"), "late: neither accepted nor refused"),
        ("unplayed", format!("{GOOD}1\t0\t\t\t\t\t0\tjava.io.IOException\n"), "late: could not be played"),
    ] {
        let run = corpus.run("filter", &corpus.player(name, &says));
        assert_eq!(run.code, 1, "{name}: {run:?}");
        assert!(run.err.contains(told) && run.err.contains("1 of 2 differ"), "{name}: {}", run.err);
    }
}

#[test]
fn the_second_player_counts_as_much_as_the_first() {
    let corpus = good_and_late("the_second_player_counts_as_much_as_the_first");
    let mut players = corpus.player("honest", &format!("{GOOD}{LATE}"));
    players.extend(corpus.player("other", &format!("{GOOD}1\t400\taudience-mismatch\t\t\t\t1\t\n")));
    let run = corpus.run("filter", &players);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("(player 2)") && run.err.contains("1 of 2 differ"), "{}", run.err);
}

#[test]
fn does_not_take_less_than_everything_from_a_player() {
    let corpus = good_and_late("does_not_take_less_than_everything_from_a_player");
    let fails = write(&corpus.directory, "fails", &format!("printf '{GOOD}{LATE}'; echo why >&2; exit 3"));
    for (players, told) in [
        (corpus.player("short", GOOD), "left late out"),
        (corpus.player("more", &format!("{GOOD}{LATE}{}", LATE.replacen('1', "7", 1))), "not given"),
        (corpus.player("nonsense", "hello\n"), "not a line of a player"),
        (vec![format!("sh {fails}")], "why"),
        (vec!["no-such-program-anywhere".to_owned()], "cannot start"),
        (Vec::new(), "want a --player"),
    ] {
        let run = corpus.run("door", &players);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
}
