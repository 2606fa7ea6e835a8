//! One identity provider, one service provider, one moment; and the way of a Response through the public interface.

use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_core::{Accepted, Expected, InResponse, Received, Rejected, Trace};
use ostiary_testkit::{Encryption, Scene, SeededRng, TestKey};
use ostiary_xmlsig::{DecryptionKey, EncryptionMethod, KeyTransport, Policy, Validator, VerifyingKey};
use std::sync::LazyLock;

pub const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
pub const SP: &str = "https://jira.contoso.example/";
pub const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
pub const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
pub const USER: &str = "b.simon@contoso.example";

pub static IDP_KEY: LazyLock<TestKey> = LazyLock::new(|| key("idp"));
pub static OTHER_KEY: LazyLock<TestKey> = LazyLock::new(|| key("attacker"));
pub static SP_KEY: LazyLock<TestKey> = LazyLock::new(|| key("sp"));

pub fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

fn key(name: &str) -> TestKey {
    TestKey::generate(name, now()).unwrap()
}

/// What Entra sends by default.
pub fn scene() -> Scene {
    Scene::entra(IDP, SP, ACS, Some(REQUEST), now(), &mut SeededRng::new(7))
}

/// The same with the Response signed in place of the Assertion.
pub fn response_signed() -> Scene {
    Scene { sign_assertion: false, sign_response: true, ..scene() }
}

/// The same, encrypted to us.
pub fn encrypted(scene: Scene) -> Scene {
    let encrypt = Some(Encryption {
        certificate: SP_KEY.certificate_der().unwrap(),
        method: EncryptionMethod::Aes256Cbc,
        transport: KeyTransport::OaepMgf1p,
        detached: false,
    });
    Scene { encrypt, ..scene }
}

/// What we expect; change what you like.
pub fn expected() -> Expected<'static> {
    Expected {
        acs_url: ACS,
        audiences: &[SP],
        idp_entity_id: IDP,
        request: InResponse::To(REQUEST),
        now: now(),
        clock_skew_seconds: 0,
        want_assertion_signed: false,
        want_response_signed: false,
        fresh_since: None,
    }
}

pub fn validator(allow_sha1: bool) -> Validator {
    let key = VerifyingKey::from_certificate_der(&IDP_KEY.certificate_der().unwrap(), 2048).unwrap();
    Validator::new(vec![key], Policy { allow_sha1 }).unwrap()
}

pub fn judge_xml(xml: &[u8], expected: &Expected<'_>) -> Result<Accepted, Rejected> {
    let keys = [DecryptionKey::from_pkcs8_der(&SP_KEY.pkcs8_der().unwrap()).unwrap()];
    let mut trace = Trace::detailed();
    let outcome = Received::parse(xml).and_then(|received| {
        received.validate(&validator(false), &keys, expected, &mut SeededRng::new(1), &mut trace)
    });
    if let Err(rejected) = &outcome
        && let Some(last) = trace.checks().iter().rfind(|check| !check.ok)
    {
        assert_eq!(last.code, Some(rejected.code()), "the trace names another code: {trace:?}");
    }
    outcome
}

pub fn judge(scene: &Scene, expected: &Expected<'_>) -> Result<Accepted, Rejected> {
    judge_xml(scene.build(&IDP_KEY).unwrap().as_bytes(), expected)
}

/// The code with which the one changed scene is refused.
#[track_caller]
pub fn refusal(scene: &Scene, expected: &Expected<'_>) -> Code {
    match judge(scene, expected) {
        Ok(accepted) => panic!("accepted {:?}", accepted.assertion().get().name_id()),
        Err(rejected) => rejected.code(),
    }
}
