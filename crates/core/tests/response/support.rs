//! One identity provider, one service provider, one moment; and the way of a Response through the public interface.

use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_core::{Accepted, Expected, InResponse, Received, Rejected, Trace};
use ostiary_testkit::{Encryption, Scene, SeededRng, TestKey, stamp};
use ostiary_xmlsig::{DecryptionKey, EncryptionMethod, KeyTransport, Policy, Validator, VerifyingKey};
use std::sync::LazyLock;

pub const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
pub const SP: &str = "https://jira.contoso.example/";
pub const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
pub const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
pub const OTHER_REQUEST: &str = "id00000000000000000000000000000000";
pub const USER: &str = "b.simon@contoso.example";

pub static IDP_KEY: LazyLock<TestKey> = LazyLock::new(|| key("idp"));
pub static OTHER_KEY: LazyLock<TestKey> = LazyLock::new(|| key("somebody else"));
pub static SP_KEY: LazyLock<TestKey> = LazyLock::new(|| key("sp"));

pub fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// Now, as the Response and the Assertion write it.
pub fn issued() -> String {
    format!(" IssueInstant=\"{}\"", stamp(now()))
}

fn key(name: &str) -> TestKey {
    TestKey::generate(name, now()).unwrap()
}

pub fn verifying(key: &TestKey) -> VerifyingKey {
    VerifyingKey::from_certificate_der(&key.certificate_der().unwrap(), 2048).unwrap()
}

/// One Response and the circumstances under which it is judged.
#[derive(Clone)]
pub struct Case {
    pub scene: Scene,
    /// In place of what the scene builds.
    pub xml: Option<String>,
    /// Who signs.
    pub signer: &'static TestKey,
    pub expected: Expected<'static>,
    /// Whose signatures we trust.
    pub trusted: Vec<VerifyingKey>,
    pub allow_sha1: bool,
    pub decryption: Vec<DecryptionKey>,
}

impl Case {
    pub fn in_assertion(&mut self, from: &str, to: &str) {
        self.scene.edit_assertion.push((from.to_owned(), to.to_owned()));
    }

    /// The first element of that name in the Assertion is replaced.
    pub fn instead_of(&mut self, name: &str, with: &str) {
        let assertion = self.scene.assertion();
        let opens = |end: char| assertion.find(&format!("<{name}{end}"));
        let start = opens('>').into_iter().chain(opens(' ')).min().unwrap();
        let close = format!("</{name}>");
        let length = assertion[start..].find(&close).unwrap() + close.len();
        self.in_assertion(&assertion[start..start + length], with);
    }

    pub fn in_response(&mut self, from: &str, to: &str) {
        self.scene.edit_response.push((from.to_owned(), to.to_owned()));
    }

    pub fn in_signed_info(&mut self, from: &str, to: &str) {
        self.scene.edit_signed_info.push((from.to_owned(), to.to_owned()));
    }

    pub fn after_signing(&mut self, from: &str, to: &str) {
        self.scene.edit_signed.push((from.to_owned(), to.to_owned()));
    }

    /// The finished message, changed by hand.
    pub fn by_hand(&mut self, change: impl FnOnce(String) -> String) {
        let before = self.build();
        let after = change(before.clone());
        assert_ne!(before, after, "the change changes nothing");
        self.xml = Some(after);
    }

    pub fn build(&self) -> String {
        self.xml.clone().unwrap_or_else(|| self.scene.build(self.signer).unwrap())
    }

    pub fn judge(&self) -> Result<Accepted, Rejected> {
        self.judge_traced(&mut Trace::new())
    }

    pub fn judge_traced(&self, trace: &mut Trace) -> Result<Accepted, Rejected> {
        self.judge_bytes(self.build().as_bytes(), trace)
    }

    pub fn judge_bytes(&self, xml: &[u8], trace: &mut Trace) -> Result<Accepted, Rejected> {
        let policy = Policy { allow_sha1: self.allow_sha1 };
        let validator = Validator::new(self.trusted.clone(), policy).unwrap();
        Received::parse(xml)?.validate(
            &validator,
            &self.decryption,
            &self.expected,
            &mut SeededRng::new(1),
            trace,
        )
    }
}

/// What Entra sends by default: the Assertion is signed.
pub fn honest() -> Case {
    Case {
        scene: Scene::entra(IDP, SP, ACS, Some(REQUEST), now(), &mut SeededRng::new(7)),
        xml: None,
        signer: &IDP_KEY,
        expected: Expected {
            acs_url: ACS,
            audiences: &[SP],
            idp_entity_id: IDP,
            request: InResponse::To(REQUEST),
            now: now(),
            clock_skew_seconds: 0,
            want_assertion_signed: false,
            want_response_signed: false,
            fresh_since: None,
        },
        trusted: vec![verifying(&IDP_KEY)],
        allow_sha1: false,
        decryption: vec![DecryptionKey::from_pkcs8_der(&SP_KEY.pkcs8_der().unwrap()).unwrap()],
    }
}

/// The Response is signed in place of the Assertion.
pub fn response_signed() -> Case {
    let mut case = honest();
    (case.scene.sign_assertion, case.scene.sign_response) = (false, true);
    case
}

/// Both are signed.
pub fn both_signed() -> Case {
    let mut case = honest();
    case.scene.sign_response = true;
    case
}

/// The signed Assertion is encrypted, as Entra's token encryption does it.
pub fn encrypted() -> Case {
    let mut case = honest();
    case.scene.encrypt = Some(to(&SP_KEY));
    case
}

/// The Assertion is encrypted, and only the Response around it is signed.
pub fn encrypted_in_signed() -> Case {
    let mut case = response_signed();
    case.scene.encrypt = Some(to(&SP_KEY));
    case
}

/// The Response answers no request, and that is allowed.
pub fn unsolicited() -> Case {
    let mut case = honest();
    (case.scene.in_response_to, case.scene.confirmation_in_response_to) = (None, None);
    case.expected.request = InResponse::Unsolicited;
    case
}

pub fn to(recipient: &TestKey) -> Encryption {
    Encryption {
        certificate: recipient.certificate_der().unwrap(),
        method: EncryptionMethod::Aes256Cbc,
        transport: KeyTransport::OaepMgf1p,
        detached: false,
    }
}

/// The pair of an accepted case and the same with one change, which is refused with `code`, and the trace says so too.
#[track_caller]
pub fn single_defect(base: fn() -> Case, change: impl FnOnce(&mut Case), code: Code) {
    let mut case = base();
    if let Err(rejected) = case.judge() {
        panic!("the honest case is refused: {rejected} {}", rejected.detail());
    }
    change(&mut case);
    let mut trace = Trace::new();
    let parsed = Received::parse(case.build().as_bytes()).is_ok();
    match case.judge_traced(&mut trace) {
        Ok(accepted) => panic!("accepted {:?}", accepted.assertion().get().name_id()),
        Err(rejected) => assert_eq!(rejected.code(), code, "{}", rejected.detail()),
    }
    let traced = trace.checks().iter().rfind(|check| !check.ok).and_then(|check| check.code);
    assert_eq!(traced, parsed.then_some(code), "what the trace says: {trace:?}");
}

/// Declares one test for each defect, and the list of their codes: name, code, honest case, change.
macro_rules! single_defects {
    ($($(#[$attribute:meta])* $name:ident: $code:ident, $base:ident, $change:expr;)+) => {
        pub const CODES: &[ostiary_codes::Code] = &[$(ostiary_codes::Code::$code),+];
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                let change: fn(&mut crate::support::Case) = $change;
                crate::support::single_defect($base, change, ostiary_codes::Code::$code);
            }
        )+
    };
}
