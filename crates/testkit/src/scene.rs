//! One Response, every part of it overridable.

use crate::sign::edit;
use crate::xml::{attribute, entra_id, text};
use crate::{Hash, SignaturePlace, TestKey, TestkitError, shift, sign_canonical, stamp};
use jiff::Timestamp;
use ostiary_xmlsig::{EncryptionMethod, KeyTransport, SigningKey, encrypt_element, sign_enveloped};
use rand_core::CryptoRng;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
const CLAIMS: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

/// Whose shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Microsoft Entra ID.
    Entra,
    /// Active Directory Federation Services.
    Adfs,
}

/// Status of the Response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Success.
    Success,
    /// A failure: top-level code, nested code, message. The Response then has no assertion.
    Failure {
        /// Last part of the top-level code, e.g. `Responder`.
        code: String,
        /// Last part of the nested code, e.g. `NoPassive`.
        nested: Option<String>,
        /// StatusMessage.
        message: Option<String>,
    },
}

/// How the assertion is encrypted.
#[derive(Debug, Clone)]
pub struct Encryption {
    /// The receiver's certificate, DER.
    pub certificate: Vec<u8>,
    /// Content encryption.
    pub method: EncryptionMethod,
    /// Key transport.
    pub transport: KeyTransport,
    /// EncryptedKey beside EncryptedData instead of inside its KeyInfo.
    pub detached: bool,
}

/// One Response. [`Scene::entra`] and [`Scene::adfs`] give honest ones; change what you like, then [`Scene::build`].
#[derive(Debug, Clone)]
pub struct Scene {
    /// IssueInstant of Response and Assertion.
    pub issue_instant: Timestamp,
    /// ID of the Response.
    pub response_id: String,
    /// ID of the Assertion.
    pub assertion_id: String,
    /// Issuer of the Response.
    pub response_issuer: Option<String>,
    /// Issuer of the Assertion.
    pub assertion_issuer: String,
    /// Destination of the Response.
    pub destination: Option<String>,
    /// Recipient of the confirmation.
    pub recipient: Option<String>,
    /// InResponseTo of the Response.
    pub in_response_to: Option<String>,
    /// InResponseTo of the confirmation.
    pub confirmation_in_response_to: Option<String>,
    /// NotOnOrAfter of the confirmation.
    pub confirmation_not_on_or_after: Option<Timestamp>,
    /// Method of the confirmation.
    pub confirmation_method: String,
    /// NameID.
    pub name_id: String,
    /// Format of the NameID.
    pub name_id_format: Option<String>,
    /// NotBefore of Conditions.
    pub not_before: Timestamp,
    /// NotOnOrAfter of Conditions.
    pub not_on_or_after: Timestamp,
    /// One AudienceRestriction per entry, each with its Audiences.
    pub audiences: Vec<Vec<String>>,
    /// Attributes: name and values.
    pub attributes: Vec<(String, Vec<String>)>,
    /// AuthnInstant.
    pub authn_instant: Timestamp,
    /// SessionNotOnOrAfter.
    pub session_not_on_or_after: Option<Timestamp>,
    /// AuthnContextClassRef.
    pub authn_context: String,
    /// Status.
    pub status: Status,
    /// Sign the Assertion.
    pub sign_assertion: bool,
    /// Sign the Response.
    pub sign_response: bool,
    /// Hash of the signatures.
    pub hash: Hash,
    /// Encrypt the assertion (after it was signed).
    pub encrypt: Option<Encryption>,
    /// Replacements in the Assertion before it is signed. Keep the canonical form.
    pub edit_assertion: Vec<(String, String)>,
    /// Replacements in the Response before it is signed. Keep the canonical form.
    pub edit_response: Vec<(String, String)>,
    /// Replacements in SignedInfo before it is signed.
    pub edit_signed_info: Vec<(String, String)>,
    /// Replacements after everything was signed.
    pub edit_signed: Vec<(String, String)>,
}

impl Scene {
    /// What Entra sends by default: B. Simon, the Assertion signed, valid from 5 minutes ago for 65 minutes.
    #[must_use]
    pub fn entra(
        issuer: &str,
        audience: &str,
        acs_url: &str,
        request_id: Option<&str>,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Self {
        let claim = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let tenant = issuer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let attributes = vec![
            claim("http://schemas.microsoft.com/identity/claims/tenantid", tenant),
            claim(
                "http://schemas.microsoft.com/identity/claims/objectidentifier",
                "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            ),
            claim("http://schemas.microsoft.com/identity/claims/displayname", "B. Simon"),
            (
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups".to_owned(),
                vec![
                    "5f3e0c61-8d9b-4d5e-9f8b-1f1f7c2f7a01".to_owned(),
                    "a3b1d8c2-63f5-4f63-8c3a-7b9e0d4c5e02".to_owned(),
                    "c9d0e1f2-1a2b-4c3d-8e4f-5a6b7c8d9e03".to_owned(),
                ],
            ),
            claim("http://schemas.microsoft.com/identity/claims/identityprovider", issuer),
            (
                "http://schemas.microsoft.com/claims/authnmethodsreferences".to_owned(),
                vec![
                    "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password"
                        .to_owned(),
                    "http://schemas.microsoft.com/claims/multipleauthn".to_owned(),
                ],
            ),
            claim(&format!("{CLAIMS}givenname"), "B."),
            claim(&format!("{CLAIMS}surname"), "Simon"),
            claim(&format!("{CLAIMS}emailaddress"), "b.simon@contoso.example"),
            claim(&format!("{CLAIMS}name"), "b.simon@contoso.example"),
        ];
        Self {
            issue_instant: now,
            response_id: entra_id(rng),
            assertion_id: entra_id(rng),
            response_issuer: Some(issuer.to_owned()),
            assertion_issuer: issuer.to_owned(),
            destination: Some(acs_url.to_owned()),
            recipient: Some(acs_url.to_owned()),
            in_response_to: request_id.map(str::to_owned),
            confirmation_in_response_to: request_id.map(str::to_owned),
            confirmation_not_on_or_after: Some(shift(now, 3600)),
            confirmation_method: BEARER.to_owned(),
            name_id: "b.simon@contoso.example".to_owned(),
            name_id_format: Some(EMAIL.to_owned()),
            not_before: shift(now, -300),
            not_on_or_after: shift(now, 3600),
            audiences: vec![vec![audience.to_owned()]],
            attributes,
            authn_instant: shift(now, -6),
            session_not_on_or_after: None,
            authn_context: PASSWORD.to_owned(),
            status: Status::Success,
            sign_assertion: true,
            sign_response: false,
            hash: Hash::Sha256,
            encrypt: None,
            edit_assertion: Vec::new(),
            edit_response: Vec::new(),
            edit_signed_info: Vec::new(),
            edit_signed: Vec::new(),
        }
    }

    /// What AD FS sends by default: upn claim, confirmation of 5 minutes.
    #[must_use]
    pub fn adfs(
        issuer: &str,
        audience: &str,
        acs_url: &str,
        request_id: Option<&str>,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Self {
        Self {
            confirmation_not_on_or_after: Some(shift(now, 300)),
            not_before: now,
            attributes: vec![(format!("{CLAIMS}upn"), vec!["b.simon@contoso.example".to_owned()])],
            ..Self::entra(issuer, audience, acs_url, request_id, now, rng)
        }
    }

    /// The unsigned Assertion in exclusive canonical form.
    #[must_use]
    pub fn assertion(&self) -> String {
        let id = attribute(&self.assertion_id);
        let mut xml = format!(
            "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" IssueInstant=\"{}\" \
             Version=\"2.0\"><Issuer>{}</Issuer><Subject><NameID{}>{}</NameID><SubjectConfirmation Method=\"{}\">\
             <SubjectConfirmationData",
            stamp(self.issue_instant),
            text(&self.assertion_issuer),
            optional("Format", self.name_id_format.as_deref()),
            text(&self.name_id),
            attribute(&self.confirmation_method),
        );
        xml.push_str(&optional("InResponseTo", self.confirmation_in_response_to.as_deref()));
        xml.push_str(&optional("NotOnOrAfter", self.confirmation_not_on_or_after.map(stamp).as_deref()));
        xml.push_str(&optional("Recipient", self.recipient.as_deref()));
        xml.push_str(&format!(
            "></SubjectConfirmationData></SubjectConfirmation></Subject><Conditions NotBefore=\"{}\" \
             NotOnOrAfter=\"{}\">",
            stamp(self.not_before),
            stamp(self.not_on_or_after),
        ));
        for restriction in &self.audiences {
            xml.push_str("<AudienceRestriction>");
            for audience in restriction {
                xml.push_str(&format!("<Audience>{}</Audience>", text(audience)));
            }
            xml.push_str("</AudienceRestriction>");
        }
        xml.push_str("</Conditions>");
        if !self.attributes.is_empty() {
            xml.push_str("<AttributeStatement>");
            for (name, values) in &self.attributes {
                xml.push_str(&format!("<Attribute Name=\"{}\">", attribute(name)));
                for value in values {
                    xml.push_str(&format!("<AttributeValue>{}</AttributeValue>", text(value)));
                }
                xml.push_str("</Attribute>");
            }
            xml.push_str("</AttributeStatement>");
        }
        xml.push_str(&format!(
            "<AuthnStatement AuthnInstant=\"{}\" SessionIndex=\"{id}\"{}><AuthnContext><AuthnContextClassRef>{}\
             </AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>",
            stamp(self.authn_instant),
            optional("SessionNotOnOrAfter", self.session_not_on_or_after.map(stamp).as_deref()),
            text(&self.authn_context),
        ));
        xml
    }

    /// Builds the Response and signs (and encrypts) it as the fields say.
    ///
    /// # Errors
    /// [`TestkitError`].
    pub fn build(&self, key: &TestKey) -> Result<String, TestkitError> {
        let mut assertion = String::new();
        if self.status == Status::Success {
            assertion = edit(self.assertion(), &self.edit_assertion)?;
            if self.sign_assertion {
                assertion = sign_canonical(
                    &assertion,
                    &self.assertion_id,
                    key,
                    self.hash,
                    SignaturePlace::AfterIssuer,
                    &self.edit_signed_info,
                )?;
            }
            if let Some(to) = &self.encrypt {
                assertion = encrypt_element(
                    compact(&assertion).as_bytes(),
                    &to.certificate,
                    to.method,
                    to.transport,
                    to.detached,
                )?;
            }
        }
        let response = edit(self.response(&assertion), &self.edit_response)?;
        let response = match (self.sign_response, &self.encrypt) {
            (false, _) => response,
            // What the encrypter wrote need not be canonical, so this one shape goes through the canonicaliser.
            (true, Some(_)) => sign_enveloped(
                &response,
                &self.response_id,
                &SigningKey::from_pkcs8_der(&key.pkcs8_der()?)?,
                Some(&key.certificate_der()?),
            )?,
            (true, None) => sign_canonical(
                &response,
                &self.response_id,
                key,
                self.hash,
                SignaturePlace::AfterIssuer,
                &self.edit_signed_info,
            )?,
        };
        edit(compact(&response), &self.edit_signed)
    }

    fn response(&self, assertion: &str) -> String {
        let mut xml = String::from("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"");
        xml.push_str(&optional("Destination", self.destination.as_deref()));
        xml.push_str(&optional("ID", Some(&self.response_id)));
        xml.push_str(&optional("InResponseTo", self.in_response_to.as_deref()));
        xml.push_str(&optional("IssueInstant", Some(&stamp(self.issue_instant))));
        xml.push_str(" Version=\"2.0\">");
        if let Some(issuer) = &self.response_issuer {
            xml.push_str(&format!(
                "<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer>",
                text(issuer)
            ));
        }
        xml.push_str(&self.status_xml());
        xml.push_str(assertion);
        xml.push_str("</samlp:Response>");
        xml
    }

    fn status_xml(&self) -> String {
        let open = |code: &str| {
            format!("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{}\">", attribute(code))
        };
        match &self.status {
            Status::Success => format!("<samlp:Status>{}</samlp:StatusCode></samlp:Status>", open("Success")),
            Status::Failure { code, nested, message } => {
                let nested = nested.as_ref().map(|code| format!("{}</samlp:StatusCode>", open(code)));
                let message = message
                    .as_ref()
                    .map(|m| format!("<samlp:StatusMessage>{}</samlp:StatusMessage>", text(m)));
                format!(
                    "<samlp:Status>{}{}</samlp:StatusCode>{}</samlp:Status>",
                    open(code),
                    nested.unwrap_or_default(),
                    message.unwrap_or_default()
                )
            }
        }
    }
}

/// ` name="value"`, or nothing.
fn optional(name: &str, value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!(" {name}=\"{}\"", attribute(value)))
}

/// Real identity providers write `<x/>`; the canonical form writes `<x></x>`. Same document, other bytes.
pub(crate) fn compact(xml: &str) -> String {
    let mut xml = xml.to_owned();
    for name in [
        "CanonicalizationMethod",
        "SignatureMethod",
        "Transform",
        "DigestMethod",
        "SubjectConfirmationData",
        "samlp:StatusCode",
        "SingleLogoutService",
        "SingleSignOnService",
    ] {
        xml = xml.replace(&format!("></{name}>"), "/>");
    }
    xml
}
