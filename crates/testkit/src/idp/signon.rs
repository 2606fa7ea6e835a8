//! AuthnRequest in, login page out. Entra's own refusals (AADSTS…) stay on the provider's page, as in reality.

use super::{Idp, Login, Misbehaviour, WebAnswer, WebRequest, pages};
use crate::TestkitError;
use jiff::Timestamp;
use ostiary_xmlsig::{Element, Limits, Message, RedirectMessage, RedirectParameter, Unsigned, ns};
use rand_core::CryptoRng;

/// NameID formats that Entra takes in a request (else AADSTS75016).
const FORMATS: [&str; 4] = [
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

/// What the request wants.
enum Wanted {
    Login(Login),
    /// Even of a browser that is remembered.
    Asked(Login),
    Passive(Login),
    Refused(&'static str, &'static str),
}

impl Idp {
    /// The one endpoint for AuthnRequest, LogoutRequest and LogoutResponse.
    pub(super) fn sso(
        &mut self,
        request: &WebRequest,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        if let Some(field) = request.field("SAMLRequest") {
            let Some(xml) = super::base64_der(&field) else {
                return Ok(refused("AADSTS75005", "The request is not base64."));
            };
            let message = match Message::parse(&xml, &Limits::MESSAGE) {
                Ok(message) => message,
                Err(error) => return Ok(refused("AADSTS75005", &error.to_string())),
            };
            let relay_state = request.field("RelayState").unwrap_or_default();
            let wanted = self.read_authn_request(message.root(), relay_state);
            return self.answer(request, wanted, now, rng);
        }
        let message = match RedirectMessage::parse(&request.query, &Limits::MESSAGE) {
            Ok(message) => message,
            Err(error) => return Ok(refused("AADSTS750054", &error.to_string())),
        };
        if message.parameter() == RedirectParameter::Response {
            return self.logout_response(&message, now, rng);
        }
        if message.root().is(ns::SAMLP, "LogoutRequest") {
            return self.logout_request(request, &message, now, rng);
        }
        let wanted =
            self.read_authn_request(message.root(), message.relay_state().unwrap_or_default().to_owned());
        self.answer(request, wanted, now, rng)
    }

    fn answer(
        &mut self,
        request: &WebRequest,
        wanted: Wanted,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        match wanted {
            Wanted::Refused(code, text) => Ok(refused(code, text)),
            Wanted::Passive(login) => match self.remembered(request).cloned() {
                Some(user) => self.answer_for(&user, &login, now, rng),
                None => self.no_passive(&login, now, rng),
            },
            Wanted::Asked(login) => Ok(self.login_page(request, &login)),
            Wanted::Login(login) => self.ask_or_answer(request, &login, now, rng),
        }
    }

    fn read_authn_request(&self, root: Element<'_, Unsigned>, relay_state: String) -> Wanted {
        if !root.is(ns::SAMLP, "AuthnRequest") {
            return Wanted::Refused("AADSTS75005", "The message is no AuthnRequest.");
        }
        let id = root.attribute_unverified("ID").map(|id| id.for_trace()).unwrap_or_default();
        if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) {
            return Wanted::Refused("AADSTS7500529", "The value is not a valid SAML ID.");
        }
        if !root.has_attribute("IssueInstant") || !is(root, "Version", "2.0") {
            return Wanted::Refused("AADSTS75005", "IssueInstant or Version is missing.");
        }
        let issuer = root.children_named(ns::SAML, "Issuer").next().and_then(|e| e.text_unverified().ok());
        let sp = issuer.and_then(|issuer| self.settings.sp(|entity_id| issuer.matches(entity_id)));
        let Some(sp) = sp else {
            return Wanted::Refused("AADSTS700016", "Application with this identifier was not found.");
        };
        if root.has_attribute("AssertionConsumerServiceURL")
            && !is(root, "AssertionConsumerServiceURL", &sp.acs_url)
        {
            return Wanted::Refused("AADSTS50011", "The reply URL does not match those configured.");
        }
        if root.children_named(ns::SAML, "Subject").next().is_some() {
            return Wanted::Refused("AADSTS900236", "Subject is not supported.");
        }
        let policy = root.children_named(ns::SAMLP, "NameIDPolicy").next();
        let format = policy.and_then(|policy| policy.attribute_unverified("Format"));
        let known = format.as_ref().and_then(|format| format.one_of(&FORMATS));
        if format.is_some() && known.is_none() {
            return Wanted::Refused("AADSTS75016", "The requested NameID format is not supported.");
        }
        let login = Login {
            sp: sp.clone(),
            request_id: id,
            relay_state,
            name_id_format: known.unwrap_or_default().to_owned(),
        };
        match (is(root, "IsPassive", "true"), is(root, "ForceAuthn", "true")) {
            (true, _) => Wanted::Passive(login),
            (_, true) => Wanted::Asked(login),
            _ => Wanted::Login(login),
        }
    }

    /// A browser that is remembered gets its answer at once, unless it came to see misbehaviour.
    pub(super) fn ask_or_answer(
        &mut self,
        request: &WebRequest,
        login: &Login,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        match self.remembered(request).cloned() {
            Some(user) if request.parameter("misbehave").is_none() => self.answer_for(&user, login, now, rng),
            _ => Ok(self.login_page(request, login)),
        }
    }

    pub(super) fn login_page(&self, request: &WebRequest, login: &Login) -> WebAnswer {
        let misbehave = request.parameter("misbehave").and_then(|id| Misbehaviour::parse(&id));
        WebAnswer::html(200, pages::login(&self.settings, login, misbehave.unwrap_or(Misbehaviour::None)))
    }
}

fn is(element: Element<'_, Unsigned>, name: &str, value: &str) -> bool {
    element.attribute_unverified(name).is_some_and(|seen| seen.matches(value))
}

pub(super) fn refused(code: &str, text: &str) -> WebAnswer {
    WebAnswer::html(
        400,
        pages::message(
            "idp-error",
            "Sorry, but we’re having trouble signing you in.",
            &format!("{code}: {text}"),
        ),
    )
}
