//! The one world of all targets: an identity provider whose key is trusted, a service provider, a moment; and everything
//! that the trusted key ever signed. Whatever else is accepted under that key was forged.

use crate::reading::Reading;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use openssl::pkey::{PKey, Private};
use ostiary_core::{Accepted, Expected, InResponse, LogoutExpected};
use ostiary_testkit::{
    Encryption, Flavour, Hash, MetadataShape, Scene, SeededRng, SignaturePlace, TestKey, idp_metadata, shift,
    sign_canonical, stamp, wrap,
};
use ostiary_xmlsig::{DecryptionKey, EncryptionMethod, KeyTransport, Policy, Validator, VerifyingKey};
use std::sync::LazyLock;

pub const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
pub const SP: &str = "https://jira.contoso.example/";
pub const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
pub const LOGOUT: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";
pub const SSO: &str = "https://login.microsoftonline.example/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2";
pub const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
pub const OTHER_REQUEST: &str = "id00000000000000000000000000000000";
pub const USERS: [&str; 2] = ["b.simon@contoso.example", "a.adams@contoso.example"];

/// 20 November 2026, 10:00 UTC: the beginning of the recorded vectors.
pub fn now() -> Timestamp {
    Timestamp::from_second(1_795_168_800).expect("a time")
}

/// Keys without worth, kept so that a finding can be repeated anywhere.
macro_rules! key {
    ($name:literal) => {
        (
            STANDARD.decode(include_str!(concat!("../keys/", $name, ".key")).trim()).expect("base64"),
            STANDARD.decode(include_str!(concat!("../keys/", $name, ".crt")).trim()).expect("base64"),
        )
    };
}

/// The identity provider's. It signs nothing but what this file makes.
pub static TRUSTED: LazyLock<TestKey> = LazyLock::new(|| {
    let (key, certificate) = key!("trusted");
    TestKey::from_der(&key, &certificate).expect("a key")
});
/// Signs whatever the fuzzer thinks of, for validators that trust it instead.
pub static FUZZER_KEY: LazyLock<PKey<Private>> =
    LazyLock::new(|| PKey::private_key_from_pkcs8(&key!("fuzzer").0).expect("a key"));
/// The service provider's, for decryption.
pub static SERVICE: LazyLock<TestKey> = LazyLock::new(|| {
    let (key, certificate) = key!("service");
    TestKey::from_der(&key, &certificate).expect("a key")
});

/// Accepts what the identity provider signed.
pub static TRUST: LazyLock<Validator> = LazyLock::new(|| validator(&key!("trusted").1));
/// Accepts what the fuzzer signed.
pub static GULLIBLE: LazyLock<Validator> = LazyLock::new(|| validator(&key!("fuzzer").1));
pub static DECRYPTION: LazyLock<Vec<DecryptionKey>> =
    LazyLock::new(|| vec![DecryptionKey::from_pkcs8_der(&key!("service").0).expect("a key")]);

fn validator(certificate: &[u8]) -> Validator {
    let key = VerifyingKey::from_certificate_der(certificate, 2048).expect("a certificate");
    Validator::new(vec![key], Policy { allow_sha1: false }).expect("one key")
}

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

/// A Response that the identity provider signed.
pub struct Honest {
    pub xml: String,
    /// What accepting it must yield; nothing when it must not be accepted here (for another audience, too old …).
    pub reading: Option<Reading>,
}

/// All that the trusted key signed, the encrypted ones aside.
pub static HONEST: LazyLock<Vec<Honest>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (number, user) in (1..).zip(USERS) {
        for (sign_assertion, sign_response) in [(true, false), (false, true), (true, true)] {
            let mut scene = scene(Flavour::Entra, user, number);
            (scene.sign_assertion, scene.sign_response) = (sign_assertion, sign_response);
            all.push(honest(&scene, true));
        }
    }
    let mut upn = scene(Flavour::Adfs, USERS[0], 3);
    upn.session_not_on_or_after = Some(shift(now(), 7200));
    all.push(honest(&upn, true));
    // What a thief may have from elsewhere: signed by the same key, and not for us, not now, or not for this request.
    let other = |number, change: fn(&mut Scene)| {
        let mut scene = scene(Flavour::Entra, "admin@contoso.example", number);
        change(&mut scene);
        honest(&scene, false)
    };
    all.push(other(10, |scene| scene.audiences = vec![vec!["https://other.contoso.example/".to_owned()]]));
    all.push(other(11, |scene| {
        scene.not_on_or_after = shift(now(), -60);
        scene.confirmation_not_on_or_after = Some(shift(now(), -60));
    }));
    all.push(other(12, |scene| {
        scene.in_response_to = Some(OTHER_REQUEST.to_owned());
        scene.confirmation_in_response_to = Some(OTHER_REQUEST.to_owned());
    }));
    all.push(other(13, |scene| scene.recipient = Some("https://other.contoso.example/acs".to_owned())));
    all
});

pub fn scene(flavour: Flavour, user: &str, number: u64) -> Scene {
    let make = if flavour == Flavour::Entra { Scene::entra } else { Scene::adfs };
    let mut scene = make(IDP, SP, ACS, Some(REQUEST), now(), &mut SeededRng::new(number));
    user.clone_into(&mut scene.name_id);
    scene
}

fn honest(scene: &Scene, acceptable: bool) -> Honest {
    let xml = scene.build(&TRUSTED).expect("a scene");
    Honest { xml, reading: acceptable.then(|| Reading::of_scene(scene)) }
}

/// Responses with the assertion encrypted for the service provider; other bytes at every start.
pub static ENCRYPTED: LazyLock<Vec<Honest>> = LazyLock::new(|| {
    let transports = [KeyTransport::OaepMgf1p, KeyTransport::OaepMgf1pSha256, KeyTransport::Oaep11Sha256];
    let mut all = Vec::new();
    for (number, transport) in (21..).zip(transports) {
        for method in [EncryptionMethod::Aes256Cbc, EncryptionMethod::Aes256Gcm] {
            let mut scene = scene(Flavour::Entra, USERS[0], number);
            scene.sign_response = number == 22;
            let certificate = SERVICE.certificate_der().expect("a certificate");
            scene.encrypt = Some(Encryption { certificate, method, transport, detached: number == 23 });
            all.push(honest(&scene, true));
        }
    }
    all
});

/// Whether this is what the identity provider signed for us; anything else must not have been accepted.
pub fn is_honest(accepted: &Accepted) -> bool {
    let readings = HONEST.iter().chain(ENCRYPTED.iter()).filter_map(|honest| honest.reading.as_ref());
    readings.into_iter().any(|reading| reading.agrees(accepted))
}

/// Every known wrapping of an honest Response.
pub fn wrapped() -> Vec<String> {
    let plain = HONEST.iter().take(2);
    let wraps = plain.map(|honest| wrap(&honest.xml, USERS[0], "admin@contoso.example").expect("wrappings"));
    wraps.flatten().map(|wrapped| wrapped.xml).collect()
}

fn logout_head(name: &str, id: &str, extra: &str) -> String {
    format!(
        "<samlp:{name} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{LOGOUT}\" ID=\"{id}\"\
         {extra} IssueInstant=\"{}\" Version=\"2.0\"><Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         {IDP}</Issuer>",
        stamp(now()),
    )
}

fn logout_request(id: &str, user: &str, rest: &str) -> String {
    format!(
        "{}<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{user}</NameID>{rest}</samlp:LogoutRequest>",
        logout_head("LogoutRequest", id, ""),
    )
}

pub fn logout_response(id: &str, to: &str, status: &str) -> String {
    format!(
        "{}<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{status}\"></samlp:StatusCode>\
         </samlp:Status></samlp:LogoutResponse>",
        logout_head("LogoutResponse", id, &format!(" InResponseTo=\"{to}\"")),
    )
}

/// Logout messages in canonical form, not signed.
pub static LOGOUTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    vec![
        logout_request("_l1", USERS[0], "<samlp:SessionIndex>_s1</samlp:SessionIndex>"),
        logout_request("_l2", USERS[1], ""),
        logout_response("_l3", REQUEST, "Success"),
        logout_response("_l4", REQUEST, "Responder"),
    ]
});

/// The same, signed by the identity provider as the POST binding has it.
pub static SIGNED_LOGOUTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let sign = |(xml, id): (&String, &str)| {
        sign_canonical(xml, id, &TRUSTED, Hash::Sha256, SignaturePlace::AfterIssuer, &[]).expect("a message")
    };
    LOGOUTS.iter().zip(["_l1", "_l2", "_l3", "_l4"]).map(sign).collect()
});

pub fn expected_logout() -> LogoutExpected<'static> {
    LogoutExpected {
        logout_url: LOGOUT,
        issuers: &[IDP],
        now: now(),
        clock_skew_seconds: 0,
        in_response_to: Some(REQUEST),
    }
}

/// The metadata documents: signed by the identity provider, or not.
pub fn metadata_documents() -> Vec<String> {
    let certificates =
        [TRUSTED.certificate_base64().expect("base64"), SERVICE.certificate_base64().expect("base64")];
    let mut all = Vec::new();
    for flavour in [Flavour::Entra, Flavour::Adfs] {
        for key in [None, Some(&*TRUSTED)] {
            let shape = MetadataShape {
                flavour,
                entity_id: IDP,
                id: "_metadata",
                sso_url: SSO,
                certificates: &certificates,
                valid_until: key.map(|_| "2026-12-01T00:00:00Z"),
                cache_duration: key.map(|_| "PT6H"),
            };
            all.push(idp_metadata(&shape, key).expect("metadata"));
        }
    }
    all
}

/// Where the mutator takes grafts from.
pub static DONORS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut all: Vec<String> = HONEST.iter().map(|honest| honest.xml.clone()).collect();
    all.extend(SIGNED_LOGOUTS.iter().cloned());
    all.extend(metadata_documents());
    all
});
