//! Metadata of the identity provider, shaped like Entra's and AD FS's documents.

use crate::scene::compact;
use crate::xml::attribute;
use crate::{Flavour, Hash, SignaturePlace, TestKey, TestkitError, sign_canonical};

/// What goes into the document.
#[derive(Debug, Clone)]
pub struct MetadataShape<'a> {
    /// Whose shape.
    pub flavour: Flavour,
    /// `entityID`.
    pub entity_id: &'a str,
    /// `ID` of the EntityDescriptor.
    pub id: &'a str,
    /// Single sign-on and single logout URL; both providers use one.
    pub sso_url: &'a str,
    /// Signing certificates, base64 of the DER.
    pub certificates: &'a [String],
    /// `validUntil`.
    pub valid_until: Option<&'a str>,
    /// `cacheDuration`.
    pub cache_duration: Option<&'a str>,
}

/// The document with byte order mark and XML declaration, signed by `key` if there is one.
///
/// # Errors
/// [`TestkitError`].
pub fn idp_metadata(shape: &MetadataShape<'_>, key: Option<&TestKey>) -> Result<String, TestkitError> {
    let mut root = String::from("<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"");
    root.push_str(&format!(" ID=\"{}\"", attribute(shape.id)));
    if let Some(duration) = shape.cache_duration {
        root.push_str(&format!(" cacheDuration=\"{}\"", attribute(duration)));
    }
    root.push_str(&format!(" entityID=\"{}\"", attribute(shape.entity_id)));
    if let Some(until) = shape.valid_until {
        root.push_str(&format!(" validUntil=\"{}\"", attribute(until)));
    }
    root.push('>');
    for role in ["SecurityTokenServiceType", "ApplicationServiceType"] {
        root.push_str(&role_descriptor(role, shape));
    }
    root.push_str("<IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">");
    if shape.flavour == Flavour::Adfs {
        root.push_str(
            &shape.certificates.first().map(|c| key_descriptor("encryption", c)).unwrap_or_default(),
        );
    }
    for certificate in shape.certificates {
        root.push_str(&key_descriptor("signing", certificate));
    }
    let url = attribute(shape.sso_url);
    for (element, binding) in [
        ("SingleLogoutService", "HTTP-Redirect"),
        ("SingleSignOnService", "HTTP-Redirect"),
        ("SingleSignOnService", "HTTP-POST"),
    ] {
        root.push_str(&format!(
            "<{element} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{url}\"></{element}>"
        ));
    }
    root.push_str("</IDPSSODescriptor></EntityDescriptor>");
    if let Some(key) = key {
        root = sign_canonical(&root, shape.id, key, Hash::Sha256, SignaturePlace::FirstChild, &[])?;
    }
    Ok(format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>{}",
        compact(&root).replace(ROLE, ROLE_WITH_FED)
    ))
}

const ROLE: &str = "<RoleDescriptor xmlns:xsi";
const ROLE_WITH_FED: &str =
    "<RoleDescriptor xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\" xmlns:xsi";

fn key_descriptor(usage: &str, certificate: &str) -> String {
    format!(
        "<KeyDescriptor use=\"{usage}\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
         <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    )
}

/// A WS-Federation role, which a SAML reader must skip.
fn role_descriptor(role: &str, shape: &MetadataShape<'_>) -> String {
    // Exclusive canonicalisation drops a namespace that only an attribute value uses, so the real documents' `fed` on
    // this element is no part of what is signed and is added afterwards.
    let mut xml = format!(
        "<RoleDescriptor xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\" xsi:type=\"fed:{role}\">"
    );
    for certificate in shape.certificates {
        xml.push_str(&key_descriptor("signing", certificate));
    }
    xml.push_str(&format!(
        "<fed:PassiveRequestorEndpoint xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\">\
         <wsa:EndpointReference xmlns:wsa=\"http://www.w3.org/2005/08/addressing\"><wsa:Address>{}</wsa:Address>\
         </wsa:EndpointReference></fed:PassiveRequestorEndpoint></RoleDescriptor>",
        crate::xml::text(shape.sso_url),
    ));
    xml
}
