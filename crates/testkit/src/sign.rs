use crate::{Hash, TestKey, TestkitError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Where the signature goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignaturePlace {
    /// After the first `</Issuer>`: Response, Assertion, Logout messages.
    AfterIssuer,
    /// As first child: metadata.
    FirstChild,
}

/// Signs `element`, which must be the exclusive canonical form of an element whose `ID` is `id`, and returns it with
/// the signature inserted in Entra's shape: default namespace, X509Data. `edits` are replacements in SignedInfo
/// before it is signed, for attacks on SignedInfo itself.
///
/// # Errors
/// [`TestkitError::Edit`] when the element has no place for a signature or an edit finds nothing.
pub fn sign_canonical(
    element: &str,
    id: &str,
    key: &TestKey,
    hash: Hash,
    place: SignaturePlace,
    edits: &[(String, String)],
) -> Result<String, TestkitError> {
    let digest = STANDARD.encode(hash.digest(element.as_bytes())?);
    let body = format!(
        "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></CanonicalizationMethod>\
         <SignatureMethod Algorithm=\"{}\"></SignatureMethod><Reference URI=\"#{id}\"><Transforms>\
         <Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>\
         <Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></Transform></Transforms>\
         <DigestMethod Algorithm=\"{}\"></DigestMethod><DigestValue>{digest}</DigestValue></Reference></SignedInfo>",
        hash.signature_uri(),
        hash.digest_uri(),
    );
    let body = edit(body, edits)?;
    let value = key
        .sign(hash, format!("<SignedInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{body}").as_bytes())?;
    let signature = format!(
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>{body}<SignatureValue>{}</SignatureValue>\
         <KeyInfo><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></Signature>",
        STANDARD.encode(value),
        key.certificate_base64()?,
    );
    let mark = match place {
        SignaturePlace::AfterIssuer => "</Issuer>",
        SignaturePlace::FirstChild => ">",
    };
    let (head, tail) = element.split_once(mark).ok_or_else(|| TestkitError::Edit(mark.to_owned()))?;
    Ok(format!("{head}{mark}{signature}{tail}"))
}

/// Replaces the first occurrence of each; an edit that finds nothing is an error, so that no test changes nothing.
pub(crate) fn edit(mut subject: String, edits: &[(String, String)]) -> Result<String, TestkitError> {
    for (from, to) in edits {
        if !subject.contains(from.as_str()) {
            return Err(TestkitError::Edit(from.clone()));
        }
        subject = subject.replacen(from.as_str(), to, 1);
    }
    Ok(subject)
}
