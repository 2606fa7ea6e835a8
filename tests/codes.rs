//! Every code is yielded by something: one scenario for each row of the table, run for real.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use support::console::Console;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_core::{Expected, InResponse, Received, Trace};
use ostiary_testkit::{
    Encryption, Hash, RedirectStyle, Scene, Status, TestKey, deflate_base64, redirect_query, shift, stamp,
};
use ostiary_xmlsig::{
    EncryptionMethod, KeyTransport, Policy, SigningKey, Validator, VerifyingKey, sign_enveloped,
};
use serde_json::{Value, json};
use std::sync::{LazyLock, Mutex};
use support::{
    ACS_PATH, Browser, ENTITY_ID, Form, ORIGIN, Provider, Site, TENANT, merge, own_certificate, start_of_time,
};

/// The provider's key.
static KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("Provider", start_of_time()).unwrap());
const SIGNATURE: (&str, &str) = ("<Signature ", "</Signature>");

fn idp() -> String {
    format!("https://sts.windows.net/{TENANT}/")
}

fn config() -> Value {
    let mut config = Site::config_of(&idp(), "https://login.microsoftonline.example/saml2");
    config["idp"]["certificates"] = json!([KEY.certificate_base64().unwrap()]);
    config
}

fn site(changes: &Value) -> Site {
    let mut config = config();
    merge(&mut config, changes);
    Site::open(config)
}

/// All codes that an action and the log carried.
fn codes(site: &Site, action: &Value) -> Vec<String> {
    let mut codes = site.logged();
    codes.extend(action["code"].as_str().map(str::to_owned));
    codes
}

/// What a changed Response yields. `edit` changes the finished message.
fn response_at(
    changes: &Value,
    change: impl FnOnce(&mut Scene),
    edit: impl FnOnce(String) -> String,
) -> Vec<String> {
    let site = site(changes);
    let mut browser = Browser::new();
    let leaving = browser.start(&site, "/browse/X-1");
    let id = leaving.location().split("RelayState=").nth(1).unwrap().to_owned();
    let mut rng = ostiary_testkit::SeededRng::new(5);
    let acs_url = format!("{ORIGIN}{ACS_PATH}");
    let mut scene = Scene::entra(&idp(), ENTITY_ID, &acs_url, Some(&id), site.now(), &mut rng);
    change(&mut scene);
    let xml = edit(scene.build(&KEY).unwrap());
    let fields = vec![("SAMLResponse".to_owned(), STANDARD.encode(xml)), ("RelayState".to_owned(), id)];
    let answer = browser.submit(&site, &Form { action: acs_url, fields });
    codes(&site, &answer.0)
}

fn response(change: impl FnOnce(&mut Scene)) -> Vec<String> {
    response_at(&json!({}), change, |xml| xml)
}

fn message(edit: impl FnOnce(String) -> String) -> Vec<String> {
    response_at(&json!({}), |_| {}, edit)
}

/// Puts something before the Status, where the Response is not signed.
fn before_status(what: &str) -> Vec<String> {
    message(|xml| xml.replacen("<samlp:Status>", &format!("{what}<samlp:Status>"), 1))
}

/// Puts attributes on the Response.
fn on_root(what: &str) -> Vec<String> {
    message(|xml| xml.replacen("<samlp:Response ", &format!("<samlp:Response {what} "), 1))
}

/// Replaces in the Assertion before it is signed.
fn assertion(from: &str, to: &str) -> Vec<String> {
    response(|scene| scene.edit_assertion.push((from.to_owned(), to.to_owned())))
}

fn signed_info(from: &str, to: &str) -> Vec<String> {
    response(|scene| scene.edit_signed_info.push((from.to_owned(), to.to_owned())))
}

/// Leaves out of the Assertion what stands between two texts, both included.
fn without(scene: &mut Scene, from: &str, to: &str) {
    let part = between(&scene.assertion(), from, to);
    scene.edit_assertion.push((part, String::new()));
}

fn between(text: &str, from: &str, to: &str) -> String {
    let (_, rest) = text.split_once(from).unwrap();
    let (inside, _) = rest.split_once(to).unwrap();
    format!("{from}{inside}{to}")
}

/// The Response signed, the Assertion not.
fn response_signed(change: impl FnOnce(&mut Scene)) -> Vec<String> {
    response(|scene| {
        (scene.sign_assertion, scene.sign_response) = (false, true);
        change(scene);
    })
}

fn encrypted(certificate: Vec<u8>, from: &str, to: &str) -> Vec<String> {
    response(|scene| {
        let method = EncryptionMethod::Aes256Cbc;
        let transport = KeyTransport::OaepMgf1p;
        scene.encrypt = Some(Encryption { certificate, method, transport, detached: false });
        scene.edit_signed.push((from.to_owned(), to.to_owned()));
    })
}

/// What a changed provider yields.
fn misbehave(way: &str) -> Vec<String> {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", way)]);
    let answer = browser.submit(&site, &form);
    codes(&site, &answer.0)
}

/// What a changed form yields.
fn form(change: impl FnOnce(Form) -> Form) -> Vec<String> {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = change(browser.answer_of(&site, &provider, "/", "b.simon", &[]));
    let answer = browser.submit(&site, &form);
    codes(&site, &answer.0)
}

/// What the host's answers yield.
fn host(arrange: impl FnOnce(&Site), user: &str) -> Vec<String> {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    arrange(&site);
    let answer = Browser::new().sign_in(&site, &provider, "/", user);
    codes(&site, &answer.0)
}

fn store(why: &'static str) -> Vec<String> {
    host(|site| *site.store_fails.lock().unwrap() = Some(why), "b.simon")
}

/// What opening a configuration yields.
fn open(config: &[u8]) -> Vec<String> {
    let mut rng = ostiary_testkit::SeededRng::new(1);
    let opened = ostiary_engine::Engine::open(config, start_of_time(), &mut rng);
    let lines = opened.answer["log"].as_array().unwrap().clone();
    lines.iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect()
}

fn open_with(changes: &Value) -> Vec<String> {
    let mut config = config();
    merge(&mut config, changes);
    open(config.to_string().as_bytes())
}

/// What pasted metadata yields, changed.
fn metadata(edit: impl FnOnce(String) -> String) -> Vec<String> {
    metadata_with(&json!({}), edit)
}

fn metadata_with(changes: &Value, edit: impl FnOnce(String) -> String) -> Vec<String> {
    let document = String::from_utf8(Provider::entra().metadata(start_of_time())).unwrap();
    let mut config = config();
    config["idp"] = json!({"metadata_xml": edit(document)});
    merge(&mut config, changes);
    open(config.to_string().as_bytes())
}

/// What one event yields.
fn event(event: &Value) -> Vec<String> {
    let site = site(&json!({}));
    let action = site.turn(event);
    codes(&site, &action)
}

/// What a visit yields.
fn visit(changes: &Value, path: &str) -> Vec<String> {
    let mut config = config();
    merge(&mut config, changes);
    if config["idp"].is_null() {
        config["idp"] = json!({});
    }
    let site = Site::open(config);
    let answer = Browser::new().start(&site, path);
    codes(&site, &answer.0)
}

/// Codes of the Java side: its own tests yield them.
fn java(code: Code) -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("java-shim/bridge/src/test");
    let quoted = format!("\"{code}\"");
    if files(&root).iter().any(|text| text.contains(&quoted)) { vec![code.to_string()] } else { Vec::new() }
}

fn files(under: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(under).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(
            |path| if path.is_dir() { files(&path) } else { vec![std::fs::read_to_string(path).unwrap()] },
        )
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one row for each code")]
fn scenario(code: Code) -> Vec<String> {
    let nothing = json!({});
    match code {
        // XML
        Code::MessageTooLarge => misbehave("huge"),
        Code::XmlNotUtf8 => message(|xml| format!("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>{xml}")),
        Code::XmlMalformed => misbehave("truncated"),
        Code::XmlForbiddenCharacter => before_status("\u{1}"),
        Code::XmlDoctype => misbehave("doctype"),
        Code::XmlProcessingInstruction => before_status("<?x y?>"),
        Code::XmlComment => misbehave("comment-in-name-id"),
        Code::XmlCdata => before_status("<![CDATA[x]]>"),
        Code::XmlUnboundPrefix => before_status("<q:x/>"),
        Code::XmlNamespace => on_root("xmlns:q=\"relative\""),
        Code::XmlDuplicateAttribute => on_root("a=\"1\" a=\"2\""),
        Code::XmlTooDeep => before_status(&format!("{}{}", "<a>".repeat(70), "</a>".repeat(70))),
        Code::XmlTooManyAttributes => on_root(&many(|n| format!("a{n}=\"\""))),
        Code::XmlTooManyNamespaces => on_root(&many(|n| format!("xmlns:a{n}=\"urn:a\""))),
        Code::XmlTooManyNodes => before_status(&"<a/>".repeat(20_001)),
        Code::XmlDuplicateId => before_status("<a ID=\"x\"/><a ID=\"x\"/>"),
        Code::XmlInvalidId => before_status("<a ID=\"1\"/>"),
        Code::XmlMixedContent => before_status("text"),
        Code::Base64Invalid => misbehave("not-base64"),
        Code::DeflateInvalid => logout_query(&format!("SAMLRequest={}", "AAAA")),
        Code::DeflateTooLarge => {
            let bomb = deflate_base64(&" ".repeat(400_000)).unwrap();
            logout_query(&format!("SAMLRequest={}", bomb.replace('+', "%2B").replace('=', "%3D")))
        }
        // Signature
        Code::NoSigningKey => visit(
            &json!({"idp": {"certificates": [], "metadata_url": "https://login.microsoftonline.example/m"}}),
            "/",
        ),
        Code::SignatureMissing => misbehave("unsigned"),
        Code::SignatureInvalid => misbehave("wrong-key"),
        Code::SignatureDigestMismatch => misbehave("tampered"),
        Code::SignatureMisplaced => before_status(
            "<samlp:Extensions><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></samlp:Extensions>",
        ),
        Code::SignatureDuplicate => message(|xml| {
            let signature = between(&xml, SIGNATURE.0, SIGNATURE.1);
            xml.replacen(&signature, &format!("{signature}{signature}"), 1)
        }),
        Code::SignatureStructure => message(|xml| xml.replacen("</Signature>", "<Object/></Signature>", 1)),
        Code::SignatureReference => response(|scene| {
            scene.edit_signed_info.push((format!("URI=\"#{}\"", scene.assertion_id), "URI=\"\"".to_owned()));
        }),
        Code::SignatureTransform => signed_info(
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/TR/1999/REC-xslt-19991116",
        ),
        Code::SignatureCanonicalization => signed_info(
            "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
            "<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
        ),
        Code::SignatureAlgorithm => signed_info("#rsa-sha256", "#hmac-sha256"),
        Code::SignatureDigestAlgorithm => signed_info(
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2001/04/xmldsig-more#md5",
        ),
        Code::SignatureSha1 => response(|scene| scene.hash = Hash::Sha1),
        Code::SignatureWeakKey => {
            let short = TestKey::generate_bits("Short", start_of_time(), 1024).unwrap();
            open_with(&json!({"idp": {"certificates": [short.certificate_base64().unwrap()]}}))
        }
        Code::SignatureKeyInvalid => open_with(&json!({"idp": {"certificates": ["bm90aGluZw=="]}})),
        // Encryption
        Code::DecryptionFailed => encrypted(KEY.certificate_der().unwrap(), "", ""),
        Code::EncryptionStructure => {
            encrypted(own_certificate(), "<xenc:EncryptedData ", "<xenc:Other/><xenc:EncryptedData ")
        }
        Code::NoDecryptionKey => without_decryption_key(),
        Code::EncryptionAlgorithm => encrypted(own_certificate(), "#rsa-oaep-mgf1p", "#rsa-1_5"),
        // Response
        Code::ResponseMissing => form(|form| form.with("SAMLResponse", None)),
        Code::ResponseNotAResponse => message(|_| "<x></x>".to_owned()),
        Code::ResponseStructure => before_status("<samlp:Foo/>"),
        Code::ResponseVersion => message(|xml| xml.replacen("Version=\"2.0\"", "Version=\"1.1\"", 1)),
        Code::ResponseIdMissing => response(|scene| {
            scene.edit_signed.push((format!(" ID=\"{}\"", scene.response_id), String::new()));
        }),
        Code::ResponseIssueInstant => {
            message(|xml| xml.replacen("IssueInstant=\"2026", "IssueInstant=\"26", 1))
        }
        Code::DestinationMissing => response_signed(|scene| scene.destination = None),
        Code::DestinationMismatch => misbehave("wrong-destination"),
        Code::ResponseIssuerMissing => response_at(
            &nothing,
            |scene| {
                scene.response_issuer = None;
                scene.response_id = "_response".to_owned();
            },
            |xml| {
                let key = SigningKey::from_pkcs8_der(&KEY.pkcs8_der().unwrap()).unwrap();
                sign_enveloped(&xml, "_response", &key, None).unwrap()
            },
        ),
        Code::ResponseIssuerMismatch => misbehave("wrong-issuer"),
        Code::AssertionMissing => message(|xml| {
            let assertion = between(&xml, "<Assertion ", "</Assertion>");
            xml.replacen(&assertion, "", 1)
        }),
        Code::AssertionNotUnique => misbehave("two-assertions"),
        Code::AssertionVersion => assertion(" Version=\"2.0\"", " Version=\"1.1\""),
        Code::AssertionIdMissing => response_signed(|scene| {
            scene.edit_assertion.push((format!(" ID=\"{}\"", scene.assertion_id), String::new()));
        }),
        Code::AssertionIssueInstant => assertion(" IssueInstant=\"2026", " IssueInstant=\"26"),
        Code::AssertionIssuerMissing => response_signed(|scene| without(scene, "<Issuer>", "</Issuer>")),
        Code::AssertionIssuerMismatch => {
            response(|scene| scene.assertion_issuer = "https://other.example/".to_owned())
        }
        Code::AssertionStructure => assertion("</Conditions>", "</Conditions><Foo></Foo>"),
        Code::AssertionUnsigned => response_at(
            &json!({"policy": {"want_assertion_signed": true}}),
            |scene| (scene.sign_assertion, scene.sign_response) = (false, true),
            |xml| xml,
        ),
        Code::ResponseUnsigned => {
            response_at(&json!({"policy": {"want_response_signed": true}}), |_| {}, |xml| xml)
        }
        Code::SubjectMissing => response(|scene| without(scene, "<Subject>", "</Subject>")),
        Code::NameIdMissing => misbehave("empty-name-id"),
        Code::NameIdInvalid => assertion(">b.simon@contoso.example</NameID>", "><a></a></NameID>"),
        Code::SubjectConfirmationMissing => response(|scene| {
            scene.confirmation_method = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches".to_owned()
        }),
        Code::RecipientMissing => response(|scene| scene.recipient = None),
        Code::RecipientMismatch => misbehave("wrong-recipient"),
        Code::ConfirmationExpiryMissing => response(|scene| scene.confirmation_not_on_or_after = None),
        Code::ConfirmationExpired => misbehave("expired"),
        Code::ConfirmationNotBefore => response(|scene| {
            let until =
                format!(" NotOnOrAfter=\"{}\" Recipient", stamp(scene.confirmation_not_on_or_after.unwrap()));
            let from = format!(" NotBefore=\"{}\"{until}", stamp(scene.not_before));
            scene.edit_assertion.push((until, from));
        }),
        Code::ConfirmationInResponseTo => response(|scene| {
            scene.confirmation_in_response_to = Some("id00000000000000000000000000000000".to_owned())
        }),
        Code::ResponseInResponseTo => misbehave("wrong-in-response-to"),
        Code::InResponseToMissing => misbehave("no-in-response-to"),
        Code::UnsolicitedNotAllowed => unsolicited(&nothing, |_| {}),
        Code::UnsolicitedInResponseTo => {
            unsolicited(&json!({"policy": {"allow_unsolicited": true}}), |scene| {
                scene.confirmation_in_response_to = Some("id00000000000000000000000000000000".to_owned());
            })
        }
        Code::ConditionsMissing => response(|scene| without(scene, "<Conditions ", "</Conditions>")),
        Code::ConditionsNotYetValid => misbehave("not-yet-valid"),
        Code::ConditionsExpired => response(|scene| {
            scene.not_before = shift(scene.issue_instant, -7200);
            scene.not_on_or_after = shift(scene.issue_instant, -3600);
        }),
        Code::ConditionsTimeInvalid => {
            assertion("<Conditions NotBefore=\"2026", "<Conditions NotBefore=\"26")
        }
        Code::ConditionsUnknown => assertion("<AudienceRestriction>", "<Foo></Foo><AudienceRestriction>"),
        Code::AudienceMissing => response(|scene| scene.audiences.clear()),
        Code::AudienceMismatch => misbehave("wrong-audience"),
        Code::AuthnStatementMissing => {
            response(|scene| without(scene, "<AuthnStatement ", "</AuthnStatement>"))
        }
        Code::AuthnInstantInvalid => response(|scene| scene.authn_instant = shift(scene.issue_instant, 3600)),
        Code::AuthnTooOld => response_at(
            &json!({"request": {"force_authn": true}}),
            |scene| scene.authn_instant = shift(scene.issue_instant, -3600),
            |xml| xml,
        ),
        Code::SessionExpired => {
            response(|scene| scene.session_not_on_or_after = Some(shift(scene.issue_instant, -3600)))
        }
        Code::AttributeDuplicate => response(|scene| scene.attributes.push(scene.attributes[0].clone())),
        Code::AttributeInvalid => response(|scene| scene.attributes.push((String::new(), Vec::new()))),
        Code::UserIdMissing => response_at(&json!({"user_id": {"attribute": "upn"}}), |_| {}, |xml| xml),
        Code::UserIdAmbiguous => response_at(
            &json!({"user_id": {"attribute": "two"}}),
            |scene| scene.attributes.push(("two".to_owned(), vec!["a".to_owned(), "b".to_owned()])),
            |xml| xml,
        ),
        // Status
        Code::IdpDenied => misbehave("status-error"),
        Code::IdpNoPassive => response(|scene| {
            let nested = Some("NoPassive".to_owned());
            scene.status = Status::Failure { code: "Responder".to_owned(), nested, message: None };
        }),
        Code::IdpStatusInvalid => message(|xml| {
            let status = between(&xml, "<samlp:Status>", "</samlp:Status>");
            xml.replacen(&status, "", 1)
        }),
        // Attempt
        Code::AttemptMissing => forget(|browser, _| browser.jar.clear()),
        Code::AttemptExpired => forget(|_, site| site.wait(3600)),
        Code::AttemptInvalid => {
            forget(|browser, _| browser.jar.values_mut().for_each(|cookie| cookie.0 = "x".to_owned()))
        }
        Code::AlreadyUsed => store("already-used"),
        Code::OneTimeStoreFull => store("full"),
        Code::OneTimeStoreUnreachable => store("unreachable"),
        Code::OneTimeBeforeStart => store("before-start"),
        Code::RelayStateInvalid => form(|form| form.with("RelayState", Some(&"x".repeat(81)))),
        Code::FormInvalid => {
            event(&json!({"kind": "request", "method": "POST", "url": format!("{ORIGIN}{ACS_PATH}"),
            "path": ACS_PATH, "form_problem": "in-query"}))
        }
        Code::TargetRefused => visit(&nothing, &format!("{ACS_PATH}?target=//evil.example")),
        Code::MethodNotAllowed => event(
            &json!({"kind": "request", "method": "PUT", "url": format!("{ORIGIN}{ACS_PATH}"), "path": ACS_PATH}),
        ),
        Code::NotSignedIn => event(
            &json!({"kind": "request", "method": "GET", "url": format!("{ORIGIN}/rest"), "path": "/rest"}),
        ),
        // User
        Code::UserNotFound => misbehave("unknown-user"),
        Code::UserInactive => host(|_| {}, "i.inactive"),
        Code::UserNotPermitted => host(|_| {}, "g.guest"),
        Code::UserIdTransform => response_at(
            &json!({"user_id": {"transform": {"pattern": "x", "replace": "y"}}}),
            |_| {},
            |xml| xml,
        ),
        Code::UserLookupFailed => host(
            |site| {
                let user = "b.simon@contoso.example".to_owned();
                site.directory.lock().unwrap().insert(user, json!({"error": "LDAP is down"}));
            },
            "b.simon",
        ),
        // Metadata
        Code::MetadataInvalid => metadata(|_| "<x/>".to_owned()),
        Code::MetadataEntityIdMissing => metadata(|xml| {
            let id = between(&xml, " entityID=\"", "\"");
            xml.replacen(&id, "", 1)
        }),
        Code::MetadataEntityMismatch => {
            metadata_with(&json!({"idp": {"entity_id": "https://sts.windows.net/other/"}}), |xml| xml)
        }
        Code::MetadataEntityAmbiguous => metadata(|xml| {
            let entity = between(&xml, "<EntityDescriptor ", "</EntityDescriptor>");
            let entity = entity.replace(&between(&entity, "<Signature ", "</Signature>"), "");
            let id = between(&entity, " ID=\"", "\"");
            let other = entity
                .replace(&id, " ID=\"_other\"")
                .replace(" entityID=\"https://sts", " entityID=\"https://o");
            format!(
                "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{entity}{other}</EntitiesDescriptor>"
            )
        }),
        Code::MetadataTenantTemplate => metadata(|xml| {
            let id = between(&xml, " entityID=\"", "\"");
            xml.replacen(&id, " entityID=\"https://sts.windows.net/{tenantid}/\"", 1)
        }),
        Code::MetadataNoIdp => metadata(|xml| {
            let role = between(&xml, "<IDPSSODescriptor ", "</IDPSSODescriptor>");
            xml.replacen(&role, "", 1)
        }),
        Code::MetadataIdpAmbiguous => metadata(|xml| {
            let role = between(&xml, "<IDPSSODescriptor ", "</IDPSSODescriptor>");
            xml.replacen(&role, &format!("{role}{role}"), 1)
        }),
        Code::MetadataNoSso => metadata(|xml| xml.replace("SingleSignOnService", "ManageNameIDService")),
        Code::MetadataEndpointNotHttps => {
            metadata(|xml| xml.replace("Location=\"https:", "Location=\"http:"))
        }
        Code::MetadataNoKey => metadata(|xml| {
            let role = between(&xml, "<IDPSSODescriptor ", "</IDPSSODescriptor>");
            let key = between(&role, "<KeyDescriptor ", "</KeyDescriptor>");
            xml.replace(&role, &role.replace(&key, ""))
        }),
        Code::MetadataCertificateInvalid => {
            metadata(|xml| xml.replace("<X509Certificate>", "<X509Certificate>AAAA"))
        }
        Code::MetadataExpired => valid_until("2026-11-01T00:00:00Z"),
        Code::MetadataTimeInvalid => valid_until("tomorrow"),
        Code::MetadataSignatureMissing => metadata_with(&signed_by(&KEY), |xml| {
            let signature = between(&xml, "<Signature ", "</Signature>");
            xml.replacen(&signature, "", 1)
        }),
        Code::MetadataSignatureInvalid => metadata_with(&signed_by(&KEY), |xml| xml),
        Code::MetadataFetchFailed => configure(|_| json!({"error": "connection refused"})),
        Code::MetadataNotFound => configure(|_| json!({"status": 404, "body": ""})),
        Code::MetadataHtml => {
            let page = STANDARD.encode("\u{feff} <!DOCTYPE HTML><title>Sign in</title>");
            configure(move |_| json!({"status": 200, "body": page}))
        }
        Code::MetadataTooLarge => configure(|_| json!({"error": "1048577 bytes", "why": "too-large"})),
        Code::MetadataTimeout => configure(|_| json!({"error": "10 s", "why": "timeout"})),
        Code::MetadataTls => configure(|_| json!({"error": "PKIX path building failed", "why": "tls"})),
        Code::MetadataAddressRefused => {
            configure(|_| json!({"error": "169.254.169.254", "why": "address-refused"}))
        }
        Code::MetadataHostUnconfirmed => console("resolve", &json!({"metadata_url": "https://fs.example/m"})),
        Code::MetadataFetchRefused => configure(|_| json!({"status": 302, "body": ""})),
        // Logout
        Code::LogoutMissing => logout_query("SAMLRequest=x&SAMLResponse=x"),
        Code::LogoutParameters => logout_query("SAMLRequest=x&SAMLRequest=x"),
        Code::LogoutUnsigned => {
            let message = deflate_base64(&logout_request(|xml| xml)).unwrap();
            logout_query(&format!("SAMLRequest={}", message.replace('+', "%2B").replace('=', "%3D")))
        }
        Code::LogoutNotALogout => logout(|xml| xml.replace("LogoutRequest", "AuthnRequest")),
        Code::LogoutVersion => logout(|xml| xml.replace("Version=\"2.0\"", "Version=\"1.1\"")),
        Code::LogoutStructure => logout(|xml| xml.replace(" ID=\"_logout\"", "")),
        Code::LogoutIssuer => logout(|xml| xml.replace(&idp(), "https://other.example/")),
        Code::LogoutDestination => logout(|xml| xml.replace(ORIGIN, "https://other.example")),
        Code::LogoutIssueInstant => logout(|xml| xml.replace("IssueInstant=\"2026", "IssueInstant=\"26")),
        Code::LogoutExpired => {
            logout(|xml| xml.replace(" Version=", " NotOnOrAfter=\"2026-11-01T00:00:00Z\" Version="))
        }
        Code::LogoutNameId => logout(|xml| xml.replace("b.simon@contoso.example", "")),
        Code::LogoutInResponseTo => logout_answer("_another", "Success"),
        Code::LogoutStatus => logout_answer("", "Responder"),
        // Configuration
        Code::ConfigUnreadable => open(b"{"),
        Code::ConfigInvalid => open_with(&json!({"refresh": {"hours": 0}})),
        Code::NotConfigured => visit(&json!({"idp": null}), "/"),
        Code::ConfigConflict => console("save", &json!({"revision": "6"})),
        Code::ConfigSaved => console("save", &json!({})),
        Code::ConfigRevisionMissing => {
            let console = Console::of(&Provider::entra());
            codes(&console.site, &console.ask("PUT", "settings", &json!({"json": "{}"})))
        }
        Code::KeyPairMissing => {
            let console = Console::of(&Provider::entra());
            codes(&console.site, &console.ask("GET", "certificate", &json!({"query": "9"})))
        }
        Code::ConfigSaveFailed => {
            let mut config = config();
            config["keys"] = json!({});
            let site = Site::open(config);
            *site.save_fails.lock().unwrap() = Some("disk full");
            let action = site.turn(&json!({"kind": "tick"}));
            codes(&site, &action)
        }
        // Door
        Code::Internal => at_the_end_of_time(),
        Code::EventUnreadable => event(&json!({"kind": "nothing"})),
        Code::HandleClosed => {
            let action: Value = serde_json::from_slice(&ostiary::door::Door::new().handle(1, b"{}")).unwrap();
            vec![action["code"].as_str().unwrap().to_owned()]
        }
        Code::ResumeInvalid => event(&json!({"kind": "answer", "resume": "x", "result": {}})),
        Code::AskUnanswered => host(
            |site| {
                let user = "b.simon@contoso.example".to_owned();
                site.directory.lock().unwrap().insert(user, json!({}));
            },
            "b.simon",
        ),
        Code::NativeUnavailable | Code::WireMismatch => java(code),
        // Information
        Code::SignedIn => host(|_| {}, "b.simon"),
        Code::SignOnStarted => visit(&nothing, ACS_PATH),
        Code::Restarted => forget(|browser, _| browser.jar.clear()),
        Code::Sha1Accepted => {
            response_at(&json!({"policy": {"allow_sha1": true}}), |scene| scene.hash = Hash::Sha1, |xml| xml)
        }
        Code::SignedOut => logout_answer("", "Success"),
        Code::Healthy => visit(&nothing, "/plugins/servlet/saml/health"),
        Code::KeysRefreshed => refresh(),
        Code::CertificateExpiring => years_later(),
        Code::WrongOrigin => event(&json!({"kind": "request", "method": "GET", "path": ACS_PATH,
            "url": format!("http://jira.contoso.example{ACS_PATH}"), "query": "target=%2F",
            "headers": {"accept": "text/html"}})),
        Code::DevelopmentMode => open_with(&json!({"development": true})),
        _ => panic!("{code} has no scenario"),
    }
}

fn many(one: impl Fn(u32) -> String) -> String {
    (0..70).map(one).collect::<Vec<_>>().join(" ")
}

fn unsolicited(changes: &Value, change: impl FnOnce(&mut Scene)) -> Vec<String> {
    let site = site(changes);
    let mut rng = ostiary_testkit::SeededRng::new(5);
    let acs_url = format!("{ORIGIN}{ACS_PATH}");
    let mut scene = Scene::entra(&idp(), ENTITY_ID, &acs_url, None, site.now(), &mut rng);
    change(&mut scene);
    let fields = vec![("SAMLResponse".to_owned(), STANDARD.encode(scene.build(&KEY).unwrap()))];
    let answer = Browser::new().submit(&site, &Form { action: acs_url, fields });
    codes(&site, &answer.0)
}

/// What comes of an honest answer after something happened in between.
fn forget(happen: impl FnOnce(&mut Browser, &Site)) -> Vec<String> {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[]);
    happen(&mut browser, &site);
    let answer = browser.submit(&site, &form);
    codes(&site, &answer.0)
}

const LOGOUT_PATH: &str = "/plugins/servlet/saml/logout";

/// A request of the provider to sign B. Simon out, changed.
fn logout_request(change: impl FnOnce(String) -> String) -> String {
    change(format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_logout\" Version=\"2.0\" \
         IssueInstant=\"{}\" Destination=\"{ORIGIN}{LOGOUT_PATH}\"><Issuer \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer><NameID \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">b.simon@contoso.example</NameID></samlp:LogoutRequest>",
        stamp(start_of_time()),
        idp(),
    ))
}

fn logout(change: impl FnOnce(String) -> String) -> Vec<String> {
    let xml = logout_request(change);
    logout_query(&redirect_query("SAMLRequest", &xml, None, &KEY, RedirectStyle::Entra).unwrap())
}

fn logout_query(query: &str) -> Vec<String> {
    let site = site(&json!({}));
    let answer = Browser::new().visit(&site, &format!("{LOGOUT_PATH}?{query}"));
    codes(&site, &answer.0)
}

/// What an answer to our own LogoutRequest yields; without `in_response_to` it names that request.
fn logout_answer(in_response_to: &str, status: &str) -> Vec<String> {
    let site = site(&json!({}));
    let mut browser = Browser::new();
    browser.user = Some("b.simon".to_owned());
    browser.session = Some(json!({"name_id": {"value": "b.simon@contoso.example"}}));
    let leaving = browser.visit(&site, LOGOUT_PATH);
    let then = if leaving.kind() == "sign_out" { leaving.0["then"].clone() } else { leaving.0.clone() };
    let location = support::Answer(then).location().to_owned();
    let request = url::Url::parse(&location).unwrap();
    let parameter =
        |name: &str| request.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let id = between(&support::inflate(&parameter("SAMLRequest").unwrap()), " ID=\"", "\"");
    let id = if in_response_to.is_empty() { &id[5..id.len() - 1] } else { in_response_to };
    let xml = format!(
        "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_answer\" Version=\"2.0\" \
         IssueInstant=\"{}\" Destination=\"{ORIGIN}{LOGOUT_PATH}\" InResponseTo=\"{id}\"><Issuer \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:{status}\"/></samlp:Status></samlp:LogoutResponse>",
        stamp(start_of_time()),
        idp(),
    );
    let relay_state = parameter("RelayState");
    let style = RedirectStyle::Entra;
    let query = redirect_query("SAMLResponse", &xml, relay_state.as_deref(), &KEY, style).unwrap();
    let answer = browser.visit(&site, &format!("{LOGOUT_PATH}?{query}"));
    codes(&site, &answer.0)
}

/// What a button of the configuration page yields.
fn console(button: &str, changes: &Value) -> Vec<String> {
    let console = Console::of(&Provider::entra());
    let action = console.press(button, changes);
    codes(&console.site, &action)
}

/// What resolving a metadata URL yields when the host answers so.
fn configure(fetch: impl Fn(&str) -> Value + Send + Sync + 'static) -> Vec<String> {
    let site = site(&json!({}));
    *site.fetch.lock().unwrap() = Some(Box::new(fetch));
    let event =
        json!({"kind": "configure", "metadata_url": "https://login.microsoftonline.example/metadata"});
    let action = site.turn(&event);
    codes(&site, &action)
}

/// What a scheduled refresh yields.
fn refresh() -> Vec<String> {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"idp": {"metadata_url": provider.metadata_url()}}));
    provider.control("publish", start_of_time());
    let document = STANDARD.encode(provider.metadata(start_of_time()));
    *site.fetch.lock().unwrap() = Some(Box::new(move |_| json!({"status": 200, "body": document.clone()})));
    let action = site.turn(&json!({"kind": "tick"}));
    codes(&site, &action)
}

/// What a tick yields long after the provider's certificate was made.
fn years_later() -> Vec<String> {
    let site = site(&json!({}));
    site.wait((3 * 365 - 30) * 86_400);
    let action = site.turn(&json!({"kind": "tick"}));
    codes(&site, &action)
}

/// An engine makes itself a decryption key, so this takes the core alone.
fn without_decryption_key() -> Vec<String> {
    let mut rng = ostiary_testkit::SeededRng::new(5);
    let (idp, acs_url, now) = (idp(), format!("{ORIGIN}{ACS_PATH}"), start_of_time());
    let mut scene = Scene::entra(&idp, ENTITY_ID, &acs_url, None, now, &mut rng);
    let (certificate, method) = (own_certificate(), EncryptionMethod::Aes256Gcm);
    scene.encrypt =
        Some(Encryption { certificate, method, transport: KeyTransport::OaepMgf1p, detached: false });
    let xml = scene.build(&KEY).unwrap();
    let key = VerifyingKey::from_certificate_der(&KEY.certificate_der().unwrap(), 2048).unwrap();
    let validator = Validator::new(vec![key], Policy { allow_sha1: false }).unwrap();
    let expected = Expected {
        acs_url: &acs_url,
        audiences: &[ENTITY_ID],
        idp_entity_id: &idp,
        request: InResponse::Unsolicited,
        now,
        clock_skew_seconds: 180,
        want_assertion_signed: false,
        want_response_signed: false,
        fresh_since: None,
    };
    let received = Received::parse(xml.as_bytes()).unwrap();
    let rejected = received.validate(&validator, &[], &expected, &mut rng, &mut Trace::new()).unwrap_err();
    vec![rejected.code().to_string()]
}

/// An attempt that would expire after the last instant that there is cannot be sealed.
fn at_the_end_of_time() -> Vec<String> {
    let site = site(&json!({}));
    let visit = Browser::new().visit_event(&site, ACS_PATH).to_string();
    let mut rng = ostiary_testkit::SeededRng::new(1);
    let action = site.engine.handle(visit.as_bytes(), jiff::Timestamp::MAX, &mut rng);
    codes(&site, &serde_json::from_slice(&action).unwrap())
}

fn valid_until(time: &str) -> Vec<String> {
    metadata(|xml| xml.replacen(" entityID=", &format!(" validUntil=\"{time}\" entityID="), 1))
}

fn signed_by(key: &TestKey) -> Value {
    json!({"idp": {"metadata_signature_certificates": [key.certificate_base64().unwrap()]}})
}

#[test]
fn every_code_is_yielded() {
    let left: Mutex<Vec<Code>> = Mutex::new(Code::ALL.to_vec());
    let missing: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(code) = { left.lock().unwrap().pop() } {
                    let seen = std::panic::catch_unwind(|| scenario(code))
                        .unwrap_or_else(|_| vec!["panicked".to_owned()]);
                    if !seen.contains(&code.to_string()) {
                        missing.lock().unwrap().push(format!("{code}: saw {seen:?}"));
                    }
                }
            });
        }
    });
    let missing = missing.into_inner().unwrap();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
