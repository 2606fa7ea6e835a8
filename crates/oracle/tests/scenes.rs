//! Responses of every honest shape, and every wrapping attack on them: what we accept, xmlsec1 accepts over that element.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::Timestamp;
use ostiary_core::{Expected, InResponse, Received, Rejected, Trace};
use ostiary_oracle::{Tally, Trusted, compare};
use ostiary_testkit::{Hash, Scene, SeededRng, TestKey, wrap};
use ostiary_xmlsig::Policy;

const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
const SP: &str = "https://jira.contoso.example/";
const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
const USER: &str = "b.simon@contoso.example";

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// The NameID, if the whole Response is accepted.
fn user(xml: &str, trusted: &Trusted) -> Result<String, Rejected> {
    let expected = Expected {
        acs_url: ACS,
        audiences: &[SP],
        idp_entity_id: IDP,
        request: InResponse::To(REQUEST),
        now: now(),
        clock_skew_seconds: 0,
        want_assertion_signed: false,
        want_response_signed: false,
        fresh_since: None,
    };
    let received = Received::parse(xml.as_bytes())?;
    let rng = &mut SeededRng::new(1);
    let accepted = received.validate(&trusted.validator, &[], &expected, rng, &mut Trace::new())?;
    Ok(accepted.assertion().get().name_id().value.clone())
}

/// Shapes that an identity provider sends: whose, what is signed, with which hash, with what for a name.
fn scenes() -> Vec<Scene> {
    let mut all = Vec::new();
    for make in [Scene::entra, Scene::adfs] {
        for (sign_assertion, sign_response) in [(true, false), (false, true), (true, true)] {
            for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
                for name in [USER, "\u{1f600} & <b> \"q\" 'a' ]]> \r\t\n\u{e9}"] {
                    let scene = make(IDP, SP, ACS, Some(REQUEST), now(), &mut SeededRng::new(7));
                    let mut scene = Scene { sign_assertion, sign_response, hash, ..scene };
                    scene.attributes.push((name.to_owned(), vec![name.to_owned(), String::new()]));
                    all.push(scene);
                }
            }
        }
    }
    all
}

fn trust(keys: &[&TestKey]) -> Trusted {
    Trusted::certificates(keys, Policy { allow_sha1: false }).unwrap()
}

#[test]
fn xmlsec1_accepts_every_signature_of_a_response_that_we_accept() {
    let key = TestKey::generate("idp", now()).unwrap();
    let other = TestKey::generate("somebody else", now()).unwrap();
    let (trusted, foreign) = (trust(&[&other, &key]), trust(&[&other]));
    let (mut tally, mut refused) = (Tally::default(), Tally::default());
    let mut signatures = 0;
    for scene in scenes() {
        let xml = scene.build(&key).unwrap();
        assert_eq!(user(&xml, &trusted).unwrap(), USER);
        compare(xml.as_bytes(), &trusted, &mut tally).unwrap_or_else(|error| panic!("{error}\n{xml}"));
        assert!(user(&xml, &foreign).is_err());
        compare(xml.as_bytes(), &foreign, &mut refused).unwrap_or_else(|error| panic!("{error}\n{xml}"));
        signatures += usize::from(scene.sign_assertion) + usize::from(scene.sign_response);
    }
    assert_eq!((tally.accepted, tally.elements, tally.signed_infos), (signatures, signatures, signatures));
    assert_eq!((refused.accepted, refused.refused), (0, signatures));
}

#[test]
fn xmlsec1_and_we_know_which_element_of_a_wrapped_response_is_signed() {
    let key = TestKey::generate("idp", now()).unwrap();
    let trusted = trust(&[&key]);
    let mut tally = Tally::default();
    for scene in scenes().into_iter().filter(|scene| scene.sign_assertion != scene.sign_response) {
        let xml = scene.build(&key).unwrap();
        for attack in wrap(&xml, USER, "admin@contoso.example").unwrap() {
            assert!(user(&attack.xml, &trusted).is_err(), "{}", attack.name);
            compare(attack.xml.as_bytes(), &trusted, &mut tally)
                .unwrap_or_else(|error| panic!("{}: {error}\n{}", attack.name, attack.xml));
        }
    }
    // Where the honest part was kept whole, its signature is still right, and both say so of that element only.
    assert!(tally.accepted > 50, "{tally}");
    assert!(tally.refused > 40, "{tally}");
}
