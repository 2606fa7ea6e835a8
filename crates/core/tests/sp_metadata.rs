//! Our own metadata: what an administrator gives to the identity provider.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ostiary_codes::Code;
use ostiary_core::RequestId;
use ostiary_core::sp_metadata::{self, SpMetadata};
use ostiary_xmlsig::{Limits, Message, Placement, Policy, SigningKey, Validator, VerifyingKey, ns};
use proptest::prelude::*;

const SP: &str = "https://jira.contoso.example/";
const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
const SLO: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";
const ID: &str = "id6c1c178c166d486687be4aaf5e482730";

fn plain() -> SpMetadata<'static> {
    SpMetadata {
        entity_id: SP,
        acs_url: ACS,
        logout_url: None,
        signing_certificate: None,
        encryption_certificates: &[],
        want_assertions_signed: true,
        authn_requests_signed: false,
    }
}

#[test]
fn writes_the_least() {
    insta::assert_snapshot!(sp_metadata::write(&plain(), None).unwrap(), @r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://jira.contoso.example/"><md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://jira.contoso.example/plugins/servlet/saml/auth" index="0" isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>"#);
}

#[test]
fn writes_everything_in_the_order_of_the_schema() {
    let encryption = [b"encryption one".to_vec(), b"encryption two".to_vec()];
    let all = SpMetadata {
        logout_url: Some(SLO),
        signing_certificate: Some(b"signing"),
        encryption_certificates: &encryption,
        want_assertions_signed: false,
        authn_requests_signed: true,
        ..plain()
    };
    insta::assert_snapshot!(sp_metadata::write(&all, None).unwrap().replace("><", ">\n<"), @r#"
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://jira.contoso.example/">
<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing">
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<ds:X509Data>
<ds:X509Certificate>c2lnbmluZw==</ds:X509Certificate>
</ds:X509Data>
</ds:KeyInfo>
</md:KeyDescriptor>
<md:KeyDescriptor use="encryption">
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<ds:X509Data>
<ds:X509Certificate>ZW5jcnlwdGlvbiBvbmU=</ds:X509Certificate>
</ds:X509Data>
</ds:KeyInfo>
</md:KeyDescriptor>
<md:KeyDescriptor use="encryption">
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<ds:X509Data>
<ds:X509Certificate>ZW5jcnlwdGlvbiB0d28=</ds:X509Certificate>
</ds:X509Data>
</ds:KeyInfo>
</md:KeyDescriptor>
<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://jira.contoso.example/plugins/servlet/saml/logout"/>
<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://jira.contoso.example/plugins/servlet/saml/logout"/>
<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://jira.contoso.example/plugins/servlet/saml/auth" index="0" isDefault="true"/>
</md:SPSSODescriptor>
</md:EntityDescriptor>
"#);
}

#[test]
fn a_signed_document_verifies_with_the_certificate_that_it_names() {
    let key = SigningKey::generate(2048).unwrap();
    let certificate = key.self_signed("sp", 1_795_000_000, 30, [1; 16]).unwrap();
    let metadata = SpMetadata { signing_certificate: Some(&certificate), logout_url: Some(SLO), ..plain() };
    let document = sp_metadata::write(&metadata, Some((&key, RequestId::parse(ID).unwrap()))).unwrap();
    let message = Message::parse(document.as_bytes(), &Limits::METADATA).unwrap();
    let named = message
        .pinned()
        .descendants()
        .find(|element| element.is(ns::MD, "KeyDescriptor"))
        .and_then(|descriptor| descriptor.descendants().find(|e| e.is(ns::DS, "X509Certificate")))
        .unwrap();
    let verifying = VerifyingKey::from_text(&named.text().unwrap(), 2048).unwrap();
    let validator = Validator::new(vec![verifying], Policy { allow_sha1: false }).unwrap();
    let signed = validator.verify_enveloped(message.root(), Placement::FirstChild).unwrap().unwrap();
    assert_eq!(signed.root().attribute("entityID").as_deref(), Some(SP));
    let forged = document.replace(SLO, "https://evil.example/");
    let forged = Message::parse(forged.as_bytes(), &Limits::METADATA).unwrap();
    let refused = validator.verify_enveloped(forged.root(), Placement::FirstChild).unwrap_err();
    assert_eq!(refused.code(), Code::SignatureDigestMismatch);
}

proptest! {
    #[test]
    fn no_value_becomes_markup(entity in "[\"'<>& -~]{0,40}", acs in "[\"'<>&\n\t -~]{0,40}", logout in "[\"'<>&/ -~]{0,40}") {
        let metadata = SpMetadata { entity_id: &entity, acs_url: &acs, logout_url: Some(&logout), ..plain() };
        let document = sp_metadata::write(&metadata, None).unwrap();
        let message = Message::parse(document.as_bytes(), &Limits::METADATA).unwrap();
        let root = message.pinned();
        prop_assert_eq!(root.descendants().count(), 5);
        prop_assert_eq!(root.attribute("entityID").unwrap(), entity);
        let locations: Vec<String> =
            root.descendants().filter_map(|element| element.attribute("Location")).map(Into::into).collect();
        prop_assert_eq!(locations, [logout.clone(), logout, acs]);
    }
}
