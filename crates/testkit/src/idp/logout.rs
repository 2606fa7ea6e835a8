//! Single logout both ways over the Redirect binding, as Entra writes it.

use super::signon::refused;
use super::{Idp, Session, WebAnswer, WebRequest, pages};
use crate::xml::{attribute, entra_id, text};
use crate::{RedirectStyle, TestkitError, redirect_query, stamp};
use jiff::Timestamp;
use ostiary_xmlsig::{RedirectMessage, ns};
use rand_core::CryptoRng;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

impl Idp {
    /// The service provider asks to sign its user out.
    pub(super) fn logout_request(
        &mut self,
        request: &WebRequest,
        message: &RedirectMessage,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        let root = message.root();
        let issuer = root.children_named(ns::SAML, "Issuer").next().and_then(|e| e.text_unverified().ok());
        let sp = issuer.and_then(|issuer| self.settings.sp(|entity_id| issuer.matches(entity_id)));
        let Some(sp) = sp.cloned() else {
            return Ok(refused("AADSTS700016", "Application with this identifier was not found."));
        };
        // Without the application's key nothing can be checked; Entra, too, takes unsigned logout requests.
        if let Some(validator) = self.sp_validator(&sp.entity_id)
            && let Err(error) = message.verify(&validator)
        {
            return Ok(refused("AADSTS76021", &error.to_string()));
        }
        let name_id = root.children_named(ns::SAML, "NameID").next().and_then(|e| e.text_unverified().ok());
        if let Some(name_id) = name_id {
            self.sessions.retain(|session| session.sp != sp.entity_id || !name_id.matches(&session.name_id));
        }
        // Here and at the application that asks; the others keep their sessions.
        self.forget(request);
        let Some(url) = sp.logout_url else {
            return Ok(refused("AADSTS50011", "The application has no logout URL."));
        };
        let id = root.attribute_unverified("ID").map(|id| id.for_trace()).unwrap_or_default();
        let xml = format!(
            "<samlp:LogoutResponse ID=\"{}\" Version=\"2.0\" IssueInstant=\"{}\" Destination=\"{}\" \
             InResponseTo=\"{}\" xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer><samlp:Status>\
             <samlp:StatusCode Value=\"{SUCCESS}\"/></samlp:Status></samlp:LogoutResponse>",
            entra_id(rng),
            stamp(now),
            attribute(&url),
            attribute(&id),
            text(&self.settings.logout_issuer()),
        );
        let query =
            redirect_query("SAMLResponse", &xml, message.relay_state(), self.key(), RedirectStyle::Entra)?;
        Ok(WebAnswer::redirect(join(&url, &query)))
    }

    /// The service provider answers a sign-out that began here.
    pub(super) fn logout_response(
        &mut self,
        message: &RedirectMessage,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        if let Some(url) = self.next_logout_url(now, rng)? {
            return Ok(WebAnswer::redirect(url));
        }
        let code = message.root().descendants().find(|e| e.is(ns::SAMLP, "StatusCode"));
        let success =
            code.and_then(|e| e.attribute_unverified("Value")).is_some_and(|value| value.matches(SUCCESS));
        let title = if success { "You are signed out" } else { "The application could not sign you out" };
        Ok(WebAnswer::html(200, pages::message("idp-logout-result", title, "You can close this window.")))
    }

    /// GET: who is signed in. POST: sends the LogoutRequest to one service provider after the other.
    pub(super) fn logout(
        &mut self,
        request: &WebRequest,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        if request.method != "POST" {
            let mut users: Vec<_> = self.sessions.iter().map(|session| session.user.clone()).collect();
            users.sort();
            users.dedup();
            return Ok(WebAnswer::html(200, pages::logout(&self.settings, &users)));
        }
        let user = request.field("user").unwrap_or_default();
        self.end(&user);
        Ok(match self.next_logout_url(now, rng)? {
            Some(url) => WebAnswer::redirect(url),
            None => refused("logout", "That user is not signed in, or the application has no logout URL."),
        })
    }

    /// The same inside third-party frames, one for each service provider.
    pub(super) fn logout_frame(
        &mut self,
        request: &WebRequest,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        let user = request.parameter("user").unwrap_or_default();
        self.end(&user);
        let mut urls = Vec::new();
        while let Some(url) = self.next_logout_url(now, rng)? {
            urls.push(url);
        }
        if urls.is_empty() {
            return Ok(refused(
                "logout",
                "That user is not signed in, or the application has no logout URL.",
            ));
        }
        Ok(WebAnswer::html(200, pages::logout_frame(&urls)))
    }

    /// Here the user's sessions end; what service providers are still to be told is kept.
    fn end(&mut self, user: &str) {
        self.ending = self.sessions.extract_if(.., |session| session.user == user).collect();
        self.browsers.retain(|(_, other)| other != user);
    }

    fn next_logout_url(
        &mut self,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Option<String>, TestkitError> {
        while let Some(session) = self.ending.pop() {
            let sp = self.settings.sp(|entity_id| entity_id == session.sp);
            let Some(url) = sp.and_then(|sp| sp.logout_url.clone()) else { continue };
            let xml = self.logout_request_xml(&session, &url, now, rng);
            let query = redirect_query("SAMLRequest", &xml, None, self.key(), RedirectStyle::Entra)?;
            return Ok(Some(join(&url, &query)));
        }
        Ok(None)
    }

    fn logout_request_xml(
        &self,
        session: &Session,
        url: &str,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> String {
        let format =
            session.name_id_format.as_ref().map(|format| format!(" Format=\"{}\"", attribute(format)));
        format!(
            "<samlp:LogoutRequest ID=\"{}\" Version=\"2.0\" IssueInstant=\"{}\" Destination=\"{}\" \
             xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><Issuer \
             xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer><NameID \
             xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"{}>{}</NameID><samlp:SessionIndex>{}</samlp:SessionIndex>\
             </samlp:LogoutRequest>",
            entra_id(rng),
            stamp(now),
            attribute(url),
            text(&self.settings.logout_issuer()),
            format.unwrap_or_default(),
            text(&session.name_id),
            text(&session.index),
        )
    }
}

/// A URL and a query, whichever separator is free.
fn join(url: &str, query: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{query}")
}
