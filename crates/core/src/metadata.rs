//! Metadata of the identity provider (Metadata 2): Entra ID, AD FS, Keycloak.

mod keys;
mod validity;

use crate::trace::bounded;
use crate::{Rejected, names, urls};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{
    Element, KeyError, Limits, Message, Placement, Readable, SignedXml, Unsigned, Validator, Verified, ns,
};
use url::Url;

/// How a document is read.
#[derive(Debug, Clone, Copy)]
pub struct MetadataOptions<'a> {
    /// The entity ID that the document must have, or that is chosen from an EntitiesDescriptor.
    pub expected_entity_id: Option<&'a str>,
    /// The time, for validUntil.
    pub now: Timestamp,
    /// Some = the document must be signed by one of these keys.
    pub signature: Option<&'a Validator>,
    /// Development only: http is allowed for localhost and its subdomains, 127.0.0.0/8 and ::1.
    pub allow_loopback_http: bool,
    /// 2048 in the product.
    pub min_rsa_bits: u32,
}

/// A certificate that the document lists and that cannot verify signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableCertificate {
    /// DER, if it is base64 at all.
    pub der: Option<Vec<u8>>,
    /// Why not.
    pub error: KeyError,
}

/// What we take from an identity provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdpMetadata {
    /// entityID.
    pub entity_id: String,
    /// SingleSignOnService, HTTP-Redirect.
    pub sso_redirect: Option<String>,
    /// SingleSignOnService, HTTP-POST.
    pub sso_post: Option<String>,
    /// SingleLogoutService, HTTP-Redirect: where requests go.
    pub slo_redirect: Option<String>,
    /// Its ResponseLocation: where responses go, if elsewhere.
    pub slo_response_location: Option<String>,
    /// SingleLogoutService, HTTP-POST.
    pub slo_post: Option<String>,
    /// DER of every usable signing certificate (use="signing" or no use), without duplicates, in document order.
    pub certificates: Vec<Vec<u8>>,
    /// Signing certificates that cannot be used, and why.
    pub unusable: Vec<UnusableCertificate>,
    /// The earliest validUntil that applies.
    pub valid_until: Option<Timestamp>,
    /// The shortest cacheDuration that applies.
    pub cache_duration_seconds: Option<u64>,
    /// WantAuthnRequestsSigned.
    pub want_authn_requests_signed: bool,
}

/// Metadata that passed every check. Trust in it comes from https or an administrator, and from its signature when one
/// is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedMetadata(IdpMetadata);

impl PinnedMetadata {
    /// The values.
    #[must_use]
    pub const fn get(&self) -> &IdpMetadata {
        &self.0
    }

    /// The values.
    #[must_use]
    pub fn into_inner(self) -> IdpMetadata {
        self.0
    }
}

/// Reads a metadata document: one EntityDescriptor, or an EntitiesDescriptor from which one is chosen.
///
/// # Errors
/// An XML code, or a metadata code.
pub fn read(xml: &[u8], options: &MetadataOptions<'_>) -> Result<PinnedMetadata, Rejected> {
    let message = Message::parse(xml, &Limits::METADATA)?;
    let root = message.root();
    if !is_entity(&root) && !is_entities(&root) {
        return Err(Rejected::new(
            Code::MetadataInvalid,
            format!("the root is {}", bounded(root.local_name())),
        ));
    }
    let metadata = match options.signature {
        None => idp(choose(message.pinned(), options)?, options),
        Some(validator) => {
            let signed = signed(root, validator)?;
            idp(choose(signed.root(), options)?, options)
        }
    }?;
    Ok(PinnedMetadata(metadata))
}

/// Metadata 3.1: the root's enveloped signature. SHA-1 is refused whatever the policy says: that setting is for sign-in
/// responses only.
fn signed(root: Element<'_, Unsigned>, validator: &Validator) -> Result<Verified<SignedXml>, Rejected> {
    let invalid = |detail: &str| Rejected::new(Code::MetadataSignatureInvalid, detail);
    match validator.verify_enveloped(root, Placement::FirstChild) {
        Ok(Some(signed)) if signed.signed_with().sha1 => Err(invalid("the signature uses SHA-1")),
        Ok(Some(signed)) => Ok(signed),
        Ok(None) => Err(Rejected::new(Code::MetadataSignatureMissing, "the root is not signed")),
        Err(error) => Err(invalid(&error.to_string())),
    }
}

fn is_entity<T: ostiary_xmlsig::Trust>(element: &Element<'_, T>) -> bool {
    element.is(ns::MD, "EntityDescriptor")
}

fn is_entities<T: ostiary_xmlsig::Trust>(element: &Element<'_, T>) -> bool {
    element.is(ns::MD, "EntitiesDescriptor")
}

/// The one EntityDescriptor that is meant (Metadata 2.3.1, 2.3.2): keys of one entity never serve another.
fn choose<'d, T: Readable>(
    root: Element<'d, T>,
    options: &MetadataOptions<'_>,
) -> Result<Element<'d, T>, Rejected> {
    if is_entity(&root) {
        return Ok(root);
    }
    let is_wanted = |entity: &Element<'d, T>| {
        options.expected_entity_id.is_none_or(|id| entity.attribute("entityID").as_deref() == Some(id))
    };
    let within = |entity: &Element<'d, T>| groups(*entity).all(|group| is_entities(&group));
    let mut wanted = root.descendants().filter(is_entity).filter(within).filter(is_wanted);
    match (wanted.next(), wanted.next(), options.expected_entity_id) {
        (Some(entity), None, _) => Ok(entity),
        (Some(one), Some(another), _) => {
            let id = |entity: Element<'d, T>| bounded(&entity.attribute("entityID").unwrap_or_default());
            let both = format!("{} and {}", id(one), id(another));
            Err(Rejected::new(Code::MetadataEntityAmbiguous, both))
        }
        (None, _, Some(_)) => {
            Err(Rejected::new(Code::MetadataEntityMismatch, "the wanted entity is not listed"))
        }
        (None, _, None) => Err(Rejected::new(Code::MetadataInvalid, "no EntityDescriptor")),
    }
}

/// The elements around `element`, innermost first.
fn groups<'d, T: Readable>(element: Element<'d, T>) -> impl Iterator<Item = Element<'d, T>> {
    std::iter::successors(element.parent(), Element::parent)
}

fn idp<T: Readable>(entity: Element<'_, T>, options: &MetadataOptions<'_>) -> Result<IdpMetadata, Rejected> {
    let entity_id = entity_id(entity, options)?;
    let descriptor = idp_descriptor(entity)?;
    let validity = validity::of(std::iter::once(descriptor).chain(groups(descriptor)), options.now)?;
    let endpoints = Endpoints::of(descriptor, options)?;
    let keys = keys::signing(descriptor, options.min_rsa_bits)?;
    Ok(IdpMetadata {
        entity_id,
        sso_redirect: endpoints.sso_redirect,
        sso_post: endpoints.sso_post,
        slo_redirect: endpoints.slo_redirect,
        slo_response_location: endpoints.slo_response_location,
        slo_post: endpoints.slo_post,
        certificates: keys.usable,
        unusable: keys.unusable,
        valid_until: validity.until,
        cache_duration_seconds: validity.cache_seconds,
        want_authn_requests_signed: boolean(descriptor, "WantAuthnRequestsSigned")?,
    })
}

/// The entityID, compared byte for byte. Entra's tenant-independent document has a template where the tenant stands; it
/// names nobody, and a brace is no character of a URI.
fn entity_id<T: Readable>(entity: Element<'_, T>, options: &MetadataOptions<'_>) -> Result<String, Rejected> {
    let id = entity.attribute("entityID").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Rejected::new(Code::MetadataEntityIdMissing, "no entityID"))?.into_owned();
    if id.contains(['{', '}']) {
        return Err(Rejected::new(Code::MetadataTenantTemplate, bounded(&id)));
    }
    match options.expected_entity_id {
        Some(expected) if expected != id => Err(Rejected::new(Code::MetadataEntityMismatch, bounded(&id))),
        _ => Ok(id),
    }
}

/// The one IDPSSODescriptor that speaks SAML 2.0 (Metadata 2.4.1, 2.4.3); WS-Federation's RoleDescriptors and descriptors
/// of older protocols are none of our business.
fn idp_descriptor<T: Readable>(entity: Element<'_, T>) -> Result<Element<'_, T>, Rejected> {
    let speaks_saml2 = |descriptor: &Element<'_, T>| {
        let protocols = descriptor.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == names::PROTOCOL)
    };
    let mut descriptors = entity.children_named(ns::MD, "IDPSSODescriptor").filter(speaks_saml2);
    match (descriptors.next(), descriptors.next()) {
        (Some(descriptor), None) => Ok(descriptor),
        (None, _) => Err(Rejected::new(Code::MetadataNoIdp, "no IDPSSODescriptor for SAML 2.0")),
        (Some(_), Some(_)) => {
            Err(Rejected::new(Code::MetadataIdpAmbiguous, "several IDPSSODescriptors for SAML 2.0"))
        }
    }
}

/// Where messages go (Metadata 2.4.2, 2.4.3). Of several endpoints with one binding the first counts, but all must be fit.
#[derive(Default)]
struct Endpoints {
    sso_redirect: Option<String>,
    sso_post: Option<String>,
    slo_redirect: Option<String>,
    slo_response_location: Option<String>,
    slo_post: Option<String>,
}

impl Endpoints {
    fn of<T: Readable>(descriptor: Element<'_, T>, options: &MetadataOptions<'_>) -> Result<Self, Rejected> {
        let mut all = Self::default();
        for service in descriptor.children() {
            let binding = service.attribute("Binding").unwrap_or_default();
            let is_logout = service.is(ns::MD, "SingleLogoutService");
            let slot = match (&*binding, is_logout, service.is(ns::MD, "SingleSignOnService")) {
                (names::BINDING_REDIRECT, false, true) => &mut all.sso_redirect,
                (names::BINDING_POST, false, true) => &mut all.sso_post,
                (names::BINDING_REDIRECT, true, _) => &mut all.slo_redirect,
                (names::BINDING_POST, true, _) => &mut all.slo_post,
                _ => continue,
            };
            let location = url(service, "Location", options)?
                .ok_or_else(|| Rejected::new(Code::MetadataInvalid, "an endpoint has no Location"))?;
            if slot.is_none() {
                *slot = Some(location);
                if is_logout && *binding == *names::BINDING_REDIRECT {
                    all.slo_response_location = url(service, "ResponseLocation", options)?;
                }
            }
        }
        if all.sso_redirect.is_none() && all.sso_post.is_none() {
            return Err(Rejected::new(Code::MetadataNoSso, "no SingleSignOnService by Redirect or POST"));
        }
        Ok(all)
    }
}

/// An attribute with the URL of an endpoint: https, and without fragment, since a query is added.
fn url<T: Readable>(
    service: Element<'_, T>,
    attribute: &str,
    options: &MetadataOptions<'_>,
) -> Result<Option<String>, Rejected> {
    let Some(url) = service.attribute(attribute) else { return Ok(None) };
    if !urls::is_usable_endpoint(&url, options.allow_loopback_http) {
        return Err(Rejected::new(Code::MetadataEndpointNotHttps, bounded(&url)));
    }
    if Url::parse(&url).is_ok_and(|parsed| parsed.fragment().is_some()) {
        return Err(Rejected::new(Code::MetadataInvalid, "an endpoint has a fragment"));
    }
    Ok(Some(url.into_owned()))
}

/// xs:boolean; absent means false (Metadata 2.4.3).
fn boolean<T: Readable>(element: Element<'_, T>, attribute: &str) -> Result<bool, Rejected> {
    match element.attribute(attribute).as_deref() {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(Rejected::new(Code::MetadataInvalid, format!("{attribute} is no boolean"))),
    }
}
