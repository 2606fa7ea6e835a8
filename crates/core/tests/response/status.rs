//! Status of the Response (Core 3.2.2.1 to 3.2.2.4).

use crate::support::{Case, honest};
use ostiary_codes::Code;
use ostiary_core::Trace;
use ostiary_testkit::Status;

const SUCCESS: &str =
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>";

fn fail(case: &mut Case, code: &str, nested: Option<&str>, message: Option<&str>) {
    case.scene.status = Status::Failure {
        code: code.to_owned(),
        nested: nested.map(str::to_owned),
        message: message.map(str::to_owned),
    };
}

single_defects! {
    rejects_a_denial: IdpDenied, honest, |case| fail(case, "Requester", Some("RequestDenied"), None);
    rejects_a_denial_without_nested_code: IdpDenied, honest, |case| fail(case, "Responder", None, None);
    rejects_a_status_that_no_specification_lists: IdpDenied, honest, |case| {
        case.in_response("status:Success", "status:success");
    };
    rejects_a_denial_with_a_signed_assertion: IdpDenied, honest, |case| {
        case.in_response("status:Success", "status:Responder");
    };
    rejects_success_that_is_only_nested: IdpDenied, honest, |case| {
        let denial = SUCCESS.replace("Success", "Responder");
        case.in_response(SUCCESS, &denial.replace("></", &format!(">{SUCCESS}</")));
    };
    tells_that_no_silent_sign_in_is_possible: IdpNoPassive, honest, |case| {
        fail(case, "Responder", Some("NoPassive"), None);
    };
    rejects_a_response_without_status: IdpStatusInvalid, honest, |case| {
        case.in_response(&format!("<samlp:Status>{SUCCESS}</samlp:Status>"), "");
    };
    rejects_a_status_without_code: IdpStatusInvalid, honest, |case| case.in_response(SUCCESS, "");
    rejects_a_status_code_without_value: IdpStatusInvalid, honest, |case| {
        case.in_response(" Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"", "");
    };
    rejects_two_status_codes: IdpStatusInvalid, honest, |case| {
        case.in_response(SUCCESS, &format!("{SUCCESS}{SUCCESS}"));
    };
}

/// Expected and seen of the check that failed.
fn seen(case: &Case) -> String {
    let mut trace = Trace::new();
    let rejected = case.judge_traced(&mut trace).unwrap_err();
    assert_eq!(rejected.code(), Code::IdpDenied);
    let check = trace.checks().iter().rfind(|check| !check.ok).unwrap();
    assert_eq!(check.seen, rejected.detail());
    check.seen.clone()
}

#[test]
fn the_trace_keeps_the_status_chain_and_entras_number_but_no_text() {
    let mut case = honest();
    let message = "AADSTS50105: <b>B. Simon</b> is not assigned to a role. 31337";
    fail(&mut case, "Responder", Some("RequestDenied"), Some(message));
    assert_eq!(seen(&case), "Responder, RequestDenied, AADSTS50105");
}

#[test]
fn a_number_without_end_is_cut_and_an_unknown_status_is_not_repeated() {
    let mut case = honest();
    fail(&mut case, "Evil", Some("<script>"), Some("AADSTS123456789012345678901234567890"));
    assert_eq!(seen(&case), "other, other, AADSTS1234567890");
    let mut case = honest();
    fail(&mut case, "Responder", None, Some("AADSTS without number"));
    assert_eq!(seen(&case), "Responder");
}
