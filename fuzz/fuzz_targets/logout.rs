//! Logout messages over both bindings.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use openssl::hash::MessageDigest;
use ostiary_core::{LogoutMessage, LogoutReceived, Rejected, Trace, logout};
use ostiary_fuzz::query::SIGNATURE_METHOD;
use ostiary_fuzz::reading::{SAML, SAMLP, children};
use ostiary_fuzz::sign::{resign, sign};
use ostiary_fuzz::world::{DECRYPTION, GULLIBLE, LOGOUTS, SIGNED_LOGOUTS, TRUST, expected_logout};
use ostiary_fuzz::xml::Document;
use ostiary_testkit::{SeededRng, deflate_base64};
use ostiary_xmlsig::{RedirectParameter, Validator, percent_encode};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ostiary_fuzz::mutate_xml(data, size, max_size, seed)
});

fuzz_target!(init: what_is_right_is_accepted(), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for parameter in [RedirectParameter::Request, RedirectParameter::Response] {
        if let Ok(received) = post(parameter, text, &TRUST) {
            assert!(is_one_of(&received, &LOGOUTS), "forged: {received:?}");
        }
        let Some(mut document) = Document::parse(text) else { continue };
        if let Ok(received) = redirect(parameter, text) {
            let said = document.canonical(&[], None, &[]);
            assert!(is_one_of(&received, &[said]), "not what was signed: {received:?}");
        }
        let signed = resign(&mut document);
        if let Ok(received) = post(parameter, &document.write(), &GULLIBLE) {
            assert!(is_one_of(&received, &signed), "not what was signed: {received:?} {signed:?}");
        }
    }
});

/// Else the target would show nothing.
fn what_is_right_is_accepted() {
    use RedirectParameter::{Request, Response};
    let messages = LOGOUTS.iter().zip(SIGNED_LOGOUTS.iter());
    for (parameter, (plain, signed)) in [Request, Request, Response, Response].into_iter().zip(messages) {
        assert!(post(parameter, signed, &TRUST).is_ok());
        assert!(redirect(parameter, plain).is_ok());
        let mut document = Document::parse(signed).expect("XML");
        resign(&mut document);
        assert!(post(parameter, &document.write(), &GULLIBLE).is_ok());
    }
}

fn post(parameter: RedirectParameter, xml: &str, validator: &Validator) -> Result<LogoutReceived, Rejected> {
    use base64::Engine as _;
    let field = base64::engine::general_purpose::STANDARD.encode(xml);
    let (rng, trace) = (&mut SeededRng::new(1), &mut Trace::new());
    logout::receive_post(parameter, &field, Some("x"), validator, &expected_logout(), &DECRYPTION, rng, trace)
}

/// Signed by the fuzzer.
fn redirect(parameter: RedirectParameter, xml: &str) -> Result<LogoutReceived, Rejected> {
    let name = match parameter {
        RedirectParameter::Request => "SAMLRequest",
        RedirectParameter::Response => "SAMLResponse",
    };
    let message = percent_encode(&deflate_base64(xml).expect("deflated"));
    let signed = format!("{name}={message}&SigAlg={}", percent_encode(SIGNATURE_METHOD));
    let signature = sign(MessageDigest::sha256(), signed.as_bytes()).expect("signature");
    let query = format!("{signed}&Signature={}", percent_encode(&signature));
    let (rng, trace) = (&mut SeededRng::new(1), &mut Trace::new());
    logout::receive_redirect(&query, &GULLIBLE, &expected_logout(), &DECRYPTION, rng, trace)
}

/// Whether one of these canonical messages says what was received.
fn is_one_of(received: &LogoutReceived, canonical: &[String]) -> bool {
    canonical.iter().filter_map(|canonical| Document::parse(canonical)).any(|document| {
        let text = |namespace, local| -> Vec<String> {
            let paths = children(&document, &[], namespace, local);
            paths.iter().filter_map(|path| document.at(path)?.text()).collect()
        };
        match &received.message {
            LogoutMessage::Request(request) => {
                let request = request.get();
                document.is(&[], SAMLP, "LogoutRequest")
                    && document.root.attribute("ID").as_ref() == Some(&request.id)
                    && text(SAML, "NameID") == [request.name_id.value.as_str()]
                    && text(SAMLP, "SessionIndex") == request.session_indexes
            }
            LogoutMessage::Response(response) => {
                document.is(&[], SAMLP, "LogoutResponse")
                    && document.root.attribute("InResponseTo").as_ref()
                        == Some(&response.get().in_response_to)
                    && (!response.get().success || canonical_success(&document))
            }
        }
    })
}

/// The top-level status is success.
fn canonical_success(document: &Document) -> bool {
    let status = children(document, &[], SAMLP, "Status");
    let codes = status.iter().flat_map(|status| children(document, status, SAMLP, "StatusCode"));
    let values: Vec<Option<String>> =
        codes.map(|code| document.at(&code).and_then(|code| code.attribute("Value"))).collect();
    values == [Some("urn:oasis:names:tc:SAML:2.0:status:Success".to_owned())]
}
