//! HTTP-Redirect binding, receiving side (Bindings 3.4): raw query → signature over the octets as received → inflate.

use crate::keys::Hash;
use crate::verified::SignedWith;
use crate::{Element, Limits, Message, RedirectError, SignedXml, Unsigned, Validator, Verified, ns};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Decompress, FlushDecompress, Status};
use ostiary_codes::Code;

/// The one encoding that SAML defines (Bindings 3.4.4); also meant when SAMLEncoding is absent.
const DEFLATE_ENCODING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
/// Bindings 3.4.3.
const MAX_RELAY_STATE: usize = 80;

/// Which message a query carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectParameter {
    /// `SAMLRequest`
    Request,
    /// `SAMLResponse`
    Response,
}

/// A Redirect-binding query, taken apart but not believed.
#[derive(Debug)]
pub struct RedirectMessage {
    parameter: RedirectParameter,
    relay_state: Option<String>,
    message: Message<'static>,
    signature: Option<QuerySignature>,
}

#[derive(Debug)]
struct QuerySignature {
    /// `SAMLxxx=…[&RelayState=…]&SigAlg=…`, every part as it was received.
    octets: String,
    algorithm: String,
    value: Vec<u8>,
}

impl RedirectMessage {
    /// Takes the raw query (without `?`, exactly as received; percent-encoding untouched).
    ///
    /// Refuses: duplicates of SAMLRequest, SAMLResponse, RelayState, SigAlg, Signature, SAMLEncoding, in whatever
    /// spelling; both or none of SAMLRequest and SAMLResponse; unknown SAMLEncoding; RelayState over 80 bytes;
    /// Signature without SigAlg; bad percent-encoding or base64; anything that is not exactly one raw DEFLATE stream;
    /// output over `limits.bytes`; XML outside the grammar; a ds:Signature in the message, which the binding says the
    /// sender removes. Parameters that SAML does not define are ignored.
    ///
    /// # Errors
    /// [`RedirectError`].
    pub fn parse(raw_query: &str, limits: &Limits) -> Result<Self, RedirectError> {
        let query = Query::split(raw_query)?;
        let (parameter, carrier) = match (query.request, query.response) {
            (Some(request), None) => (RedirectParameter::Request, request),
            (None, Some(response)) => (RedirectParameter::Response, response),
            (None, None) => {
                return Err(RedirectError::new(Code::LogoutMissing, "no SAMLRequest, no SAMLResponse"));
            }
            (Some(_), Some(_)) => {
                return Err(RedirectError::new(Code::LogoutMissing, "both SAMLRequest and SAMLResponse"));
            }
        };
        if let Some(encoding) = query.encoding
            && encoding.text()? != DEFLATE_ENCODING
        {
            return Err(parameters("SAMLEncoding other than DEFLATE"));
        }
        let relay_state = query.relay_state.map(Pair::text).transpose()?;
        if relay_state.as_ref().is_some_and(|state| state.len() > MAX_RELAY_STATE) {
            return Err(parameters("RelayState is longer than 80 bytes"));
        }
        let signature = query.signature(carrier)?;
        let xml = inflate(&carrier.base64()?, limits.bytes)?;
        let message = Message::parse_owned(xml, limits)?;
        if message.root().descendants().any(|element| element.is(ns::DS, "Signature")) {
            return Err(RedirectError::new(
                Code::SignatureMisplaced,
                "a Signature element inside a message of the Redirect binding",
            ));
        }
        Ok(Self { parameter, relay_state, message, signature })
    }

    /// Request or response.
    #[must_use]
    pub fn parameter(&self) -> RedirectParameter {
        self.parameter
    }

    /// RelayState, percent-decoded, if present.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// The message's root, to compare with expectations.
    #[must_use]
    pub fn root(&self) -> Element<'_, Unsigned> {
        self.message.root()
    }

    /// Whether a Signature parameter is present.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// Verifies the Signature parameter over the original octets `SAMLxxx=…[&RelayState=…]&SigAlg=…` (Bindings
    /// 3.4.4.1), whatever order they came in. The verified value is read from the canonical form of the inflated
    /// message. SHA-1 is never accepted here, whatever the policy says: that setting is for sign-in responses only.
    ///
    /// # Errors
    /// [`RedirectError`]: `logout-unsigned`, or a signature code.
    pub fn verify(&self, validator: &Validator) -> Result<Verified<SignedXml>, RedirectError> {
        let signature = self
            .signature
            .as_ref()
            .ok_or_else(|| RedirectError::new(Code::LogoutUnsigned, "no Signature parameter"))?;
        let hash = match Hash::of_signature_method(&signature.algorithm) {
            Some(Hash::Sha1) => return Err(RedirectError::new(Code::SignatureSha1, "SigAlg is RSA-SHA1")),
            Some(hash) => hash,
            None => {
                return Err(RedirectError::new(Code::SignatureAlgorithm, "SigAlg is not RSA-SHA256/384/512"));
            }
        };
        let key = validator
            .keys()
            .iter()
            .find(|key| key.verify(hash, signature.octets.as_bytes(), &signature.value))
            .ok_or_else(|| {
                RedirectError::new(Code::SignatureInvalid, "no configured key verifies the query")
            })?;
        Ok(Verified::derive(&self.message, SignedWith { key: key.fingerprint(), sha1: false }))
    }
}

/// The parameters that SAML defines, each at most once.
#[derive(Default)]
struct Query<'q> {
    request: Option<Pair<'q>>,
    response: Option<Pair<'q>>,
    relay_state: Option<Pair<'q>>,
    algorithm: Option<Pair<'q>>,
    signature: Option<Pair<'q>>,
    encoding: Option<Pair<'q>>,
}

/// `name=value` as received.
#[derive(Clone, Copy)]
struct Pair<'q> {
    raw: &'q str,
    value: &'q str,
}

impl<'q> Query<'q> {
    fn split(raw_query: &'q str) -> Result<Self, RedirectError> {
        let mut query = Self::default();
        for raw in raw_query.split('&') {
            let (raw_name, value) = raw.split_once('=').unwrap_or((raw, ""));
            let name = percent_decode(raw_name)?;
            let slot = match name.as_slice() {
                b"SAMLRequest" => &mut query.request,
                b"SAMLResponse" => &mut query.response,
                b"RelayState" => &mut query.relay_state,
                b"SigAlg" => &mut query.algorithm,
                b"Signature" => &mut query.signature,
                b"SAMLEncoding" => &mut query.encoding,
                _ => continue,
            };
            // What is signed are octets with plain names: another spelling of a name is somebody's trick.
            if name != raw_name.as_bytes() || raw_name.len() == raw.len() || !raw.is_ascii() {
                return Err(parameters("a SAML parameter in an unusual spelling"));
            }
            if slot.replace(Pair { raw, value }).is_some() {
                return Err(parameters("a SAML parameter occurs twice"));
            }
        }
        Ok(query)
    }

    fn signature(&self, carrier: Pair<'_>) -> Result<Option<QuerySignature>, RedirectError> {
        let Some(signature) = self.signature else {
            return Ok(None);
        };
        let algorithm = self.algorithm.ok_or_else(|| parameters("Signature without SigAlg"))?;
        let signed_parts = [Some(carrier), self.relay_state, Some(algorithm)];
        let octets: Vec<&str> = signed_parts.iter().flatten().map(|pair| pair.raw).collect();
        Ok(Some(QuerySignature {
            octets: octets.join("&"),
            algorithm: algorithm.text()?,
            value: signature.base64()?,
        }))
    }
}

impl Pair<'_> {
    fn text(self) -> Result<String, RedirectError> {
        String::from_utf8(percent_decode(self.value)?).map_err(|_| parameters("a value is not UTF-8"))
    }

    /// Base64 without white space (Bindings 3.4.4.1).
    fn base64(self) -> Result<Vec<u8>, RedirectError> {
        STANDARD
            .decode(percent_decode(self.value)?)
            .map_err(|_| RedirectError::new(Code::Base64Invalid, "a value of the query is not base64"))
    }
}

/// `application/x-www-form-urlencoded`: `+` is a space, `%` wants two hexadecimal digits.
fn percent_decode(raw: &str) -> Result<Vec<u8>, RedirectError> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut octets = raw.bytes();
    while let Some(octet) = octets.next() {
        decoded.push(match octet {
            b'+' => b' ',
            b'%' => hex(octets.next())? * 16 + hex(octets.next())?,
            other => other,
        });
    }
    Ok(decoded)
}

fn hex(digit: Option<u8>) -> Result<u8, RedirectError> {
    match digit {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(digit @ b'a'..=b'f') => Ok(digit - b'a' + 10),
        Some(digit @ b'A'..=b'F') => Ok(digit - b'A' + 10),
        _ => Err(parameters("percent-encoding")),
    }
}

/// Inflates exactly one raw DEFLATE stream (RFC 1951) of at most `limit` octets.
fn inflate(compressed: &[u8], limit: usize) -> Result<Vec<u8>, RedirectError> {
    let broken = || RedirectError::new(Code::DeflateInvalid, "not one raw DEFLATE stream");
    let too_large = || RedirectError::new(Code::DeflateTooLarge, format!("more than {limit} bytes"));
    let mut inflater = Decompress::new(false);
    let mut output = Vec::new();
    let mut rest = compressed;
    let mut chunk = [0; 16_384];
    loop {
        let (consumed, produced) = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress(rest, &mut chunk, FlushDecompress::None).map_err(|_| broken())?;
        let consumed = usize::try_from(inflater.total_in() - consumed).map_err(|_| broken())?;
        let produced = usize::try_from(inflater.total_out() - produced).map_err(|_| broken())?;
        output.extend_from_slice(chunk.get(..produced).ok_or_else(broken)?);
        rest = rest.get(consumed..).ok_or_else(broken)?;
        if output.len() > limit {
            return Err(too_large());
        }
        match status {
            Status::StreamEnd if rest.is_empty() => return Ok(output),
            Status::Ok if (consumed, produced) != (0, 0) => {}
            _ => return Err(broken()),
        }
    }
}

fn parameters(detail: &str) -> RedirectError {
    RedirectError::new(Code::LogoutParameters, detail)
}
