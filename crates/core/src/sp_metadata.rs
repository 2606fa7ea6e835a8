//! Our own metadata (Metadata 2.4.4), for the administrator of the identity provider.

use crate::xml::Xml;
use crate::{BuildError, RequestId, names};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_xmlsig::{SigningKey, ns, sign_enveloped};

/// What our metadata says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpMetadata<'a> {
    /// Our entity ID.
    pub entity_id: &'a str,
    /// Assertion consumer service, HTTP-POST.
    pub acs_url: &'a str,
    /// Single logout service, HTTP-Redirect and HTTP-POST.
    pub logout_url: Option<&'a str>,
    /// DER of the certificate of the key with which we sign.
    pub signing_certificate: Option<&'a [u8]>,
    /// DER of the certificates with which assertions may be encrypted.
    pub encryption_certificates: &'a [Vec<u8>],
    /// WantAssertionsSigned.
    pub want_assertions_signed: bool,
    /// AuthnRequestsSigned.
    pub authn_requests_signed: bool,
}

/// Writes the document; with a key it is signed, and the ID is that of the EntityDescriptor.
///
/// # Errors
/// [`BuildError`].
pub fn write(
    metadata: &SpMetadata<'_>,
    sign: Option<(&SigningKey, RequestId)>,
) -> Result<String, BuildError> {
    let id = sign.as_ref().map(|(_, id)| id.as_str());
    let document = Xml::new("md:EntityDescriptor")
        .attribute("xmlns:md", ns::MD)
        .maybe_attribute("ID", id)
        .attribute("entityID", metadata.entity_id)
        .child(descriptor(metadata))
        .write();
    match sign {
        Some((key, id)) => Ok(sign_enveloped(&document, id.as_str(), key, metadata.signing_certificate)?),
        None => Ok(document),
    }
}

/// The order of the children is that of the schema (Metadata 2.4.2, 2.4.4).
fn descriptor(metadata: &SpMetadata<'_>) -> Xml {
    Xml::new("md:SPSSODescriptor")
        .attribute("AuthnRequestsSigned", boolean(metadata.authn_requests_signed))
        .attribute("WantAssertionsSigned", boolean(metadata.want_assertions_signed))
        .attribute("protocolSupportEnumeration", names::PROTOCOL)
        .children(metadata.signing_certificate.map(|der| key_descriptor("signing", der)))
        .children(metadata.encryption_certificates.iter().map(|der| key_descriptor("encryption", der)))
        .children(logout_services(metadata))
        .child(
            endpoint("md:AssertionConsumerService", names::BINDING_POST, metadata.acs_url)
                .attribute("index", "0")
                .attribute("isDefault", "true"),
        )
}

fn key_descriptor(purpose: &'static str, der: &[u8]) -> Xml {
    Xml::new("md:KeyDescriptor").attribute("use", purpose).child(
        Xml::new("ds:KeyInfo")
            .attribute("xmlns:ds", ns::DS)
            .child(Xml::new("ds:X509Data").child(Xml::new("ds:X509Certificate").text(STANDARD.encode(der)))),
    )
}

fn logout_services(metadata: &SpMetadata<'_>) -> Vec<Xml> {
    metadata.logout_url.map_or_else(Vec::new, |url| {
        [names::BINDING_REDIRECT, names::BINDING_POST]
            .map(|binding| endpoint("md:SingleLogoutService", binding, url))
            .into()
    })
}

fn endpoint(name: &'static str, binding: &'static str, location: &str) -> Xml {
    Xml::new(name).attribute("Binding", binding).attribute("Location", location)
}

const fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
