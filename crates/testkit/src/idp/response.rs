//! The button was pressed: a Response, honest or as the switches say.

use super::{
    COOKIE, Idp, Login, Misbehaviour, Session, SpSettings, User, WebAnswer, WebRequest, pages,
    signon::refused,
};
use crate::{Encryption, Flavour, Hash, Scene, Status, TestKey, TestkitError, shift, wrap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_xmlsig::{EncryptionMethod, KeyTransport};
use rand_core::CryptoRng;

const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";
/// Entra sends at most that many groups in a SAML token.
const MOST_GROUPS: usize = 150;

impl Idp {
    /// The login form was sent.
    pub(super) fn login(
        &mut self,
        request: &WebRequest,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        let field = |name: &str| request.field(name).unwrap_or_default();
        let Some(sp) = self.settings.sp_named(request.field("sp")).cloned() else {
            return Ok(refused("AADSTS700016", "Application with this identifier was not found."));
        };
        let login = Login {
            sp,
            request_id: field("request_id"),
            relay_state: field("relay_state"),
            name_id_format: field("name_id_format"),
        };
        let way = Misbehaviour::parse(&field("misbehave")).unwrap_or(Misbehaviour::None);
        if way == Misbehaviour::Replay {
            return Ok(match self.latest.clone() {
                Some((acs_url, response, relay_state)) => post(&acs_url, response, relay_state),
                None => refused("replay", "There is no earlier response to replay."),
            });
        }
        let Some(user) = self.settings.users.iter().find(|user| user.id == field("user")).cloned() else {
            return Ok(refused("AADSTS50034", "The user account does not exist."));
        };
        let number = |name: &str| field(name).parse::<i64>().ok();
        // What it writes goes by its own clock; when its keys were made does not.
        let its_now = shift(now, number("clock").unwrap_or_default());
        let mut scene = self.honest(&user, &login, its_now, rng);
        if !field("name_id").is_empty() {
            scene.name_id = field("name_id");
        }
        // As Entra's policy: of the conditions, not of the confirmation.
        if let Some(seconds) = number("lifetime") {
            scene.not_on_or_after = shift(its_now, seconds);
        }
        if let Some(seconds) = number("authn_age") {
            scene.authn_instant = shift(its_now, -seconds);
        }
        match field("shape").as_str() {
            "response" => (scene.sign_assertion, scene.sign_response) = (false, true),
            "both" => (scene.sign_assertion, scene.sign_response) = (true, true),
            _ => {}
        }
        if let Some(method) = encryption_method(&field("encrypt")) {
            let keys = self.sp_keys(&login.sp.entity_id);
            let Some(certificate) = keys.and_then(|keys| keys.encrypt.clone()) else {
                return Ok(refused(
                    "encryption",
                    "The application's metadata offers no encryption certificate.",
                ));
            };
            let transport = KeyTransport::OaepMgf1p;
            scene.encrypt = Some(Encryption { certificate, method, transport, detached: false });
        }
        let key = self.misbehave_before(way, &mut scene, now)?;
        let xml = misbehave_after(way, scene.build(&key)?, &scene)?;
        let mut response = STANDARD.encode(xml.as_bytes());
        if way == Misbehaviour::NotBase64 {
            response.insert_str(0, "%%%%");
        }
        let relay_state = match way {
            Misbehaviour::WrongRelayState => "id00000000000000000000000000000000".to_owned(),
            Misbehaviour::NoRelayState => String::new(),
            _ => login.relay_state.clone(),
        };
        let mut answer = self.answered(&user, &login.sp, scene, response, relay_state);
        if self.settings.remembers && way == Misbehaviour::None {
            self.forget(request);
            let token = crate::xml::entra_id(rng);
            answer.headers.push(("Set-Cookie", format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax")));
            self.browsers.push((token, user.id));
        }
        Ok(answer)
    }

    /// The answer for a user who need not be asked.
    pub(super) fn answer_for(
        &mut self,
        user: &User,
        login: &Login,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        let scene = self.honest(user, login, now, rng);
        let response = STANDARD.encode(scene.build(self.key())?);
        Ok(self.answered(user, &login.sp, scene, response, login.relay_state.clone()))
    }

    fn answered(
        &mut self,
        user: &User,
        sp: &SpSettings,
        scene: Scene,
        response: String,
        relay_state: String,
    ) -> WebAnswer {
        self.sign_ins += 1;
        self.sessions.retain(|session| session.user != user.id || session.sp != sp.entity_id);
        self.sessions.push(Session {
            user: user.id.clone(),
            sp: sp.entity_id.clone(),
            name_id: scene.name_id,
            name_id_format: scene.name_id_format,
            index: scene.assertion_id,
        });
        self.latest = Some((sp.acs_url.clone(), response.clone(), relay_state.clone()));
        post(&sp.acs_url, response, relay_state)
    }

    /// IsPassive: nobody is signed in silently here.
    pub(super) fn no_passive(
        &mut self,
        login: &Login,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        let Some(user) = self.settings.users.first().cloned() else {
            return Ok(refused("AADSTS50034", "There are no users."));
        };
        let mut scene = self.honest(&user, login, now, rng);
        scene.status = Status::Failure {
            code: "Responder".to_owned(),
            nested: Some("NoPassive".to_owned()),
            message: None,
        };
        scene.destination = None;
        let response = STANDARD.encode(scene.build(self.key())?);
        Ok(post(&login.sp.acs_url, response, login.relay_state.clone()))
    }

    fn honest(&self, user: &User, login: &Login, now: Timestamp, rng: &mut dyn CryptoRng) -> Scene {
        let settings = &self.settings;
        let request_id = Some(login.request_id.as_str()).filter(|id| !id.is_empty());
        let make = match settings.flavour {
            Flavour::Entra => Scene::entra,
            Flavour::Adfs => Scene::adfs,
        };
        let mut scene =
            make(&settings.entity_id(), &login.sp.entity_id, &login.sp.acs_url, request_id, now, rng);
        scene.name_id.clone_from(&user.name_id);
        if !login.name_id_format.is_empty() {
            scene.name_id_format = Some(login.name_id_format.clone());
        }
        personalise(&mut scene, user);
        scene
    }

    fn misbehave_before(
        &mut self,
        way: Misbehaviour,
        scene: &mut Scene,
        now: Timestamp,
    ) -> Result<TestKey, TestkitError> {
        match way {
            Misbehaviour::WrongAudience => {
                scene.audiences = vec![vec!["https://other.contoso.example/".to_owned()]]
            }
            Misbehaviour::WrongRecipient => {
                scene.recipient = Some("https://other.contoso.example/acs".to_owned())
            }
            Misbehaviour::WrongDestination => {
                scene.destination = Some("https://other.contoso.example/acs".to_owned());
            }
            Misbehaviour::WrongIssuer => {
                let other = "https://sts.windows.net/99999999-0000-cccc-1111-dddd2222eeee/".to_owned();
                scene.response_issuer = Some(other.clone());
                scene.assertion_issuer = other;
            }
            Misbehaviour::Expired => {
                scene.not_before = shift(now, -7200);
                scene.not_on_or_after = shift(now, -3600);
                scene.confirmation_not_on_or_after = Some(shift(now, -3600));
            }
            Misbehaviour::NotYetValid => scene.not_before = shift(now, 3000),
            Misbehaviour::Unsigned => (scene.sign_assertion, scene.sign_response) = (false, false),
            Misbehaviour::NoInResponseTo => {
                scene.in_response_to = None;
                scene.confirmation_in_response_to = None;
            }
            Misbehaviour::WrongInResponseTo => {
                let other = Some("id00000000000000000000000000000000".to_owned());
                scene.in_response_to.clone_from(&other);
                scene.confirmation_in_response_to = other;
            }
            Misbehaviour::Sha1 => scene.hash = Hash::Sha1,
            Misbehaviour::StatusError => {
                scene.status = Status::Failure {
                    code: "Responder".to_owned(),
                    nested: Some("RequestDenied".to_owned()),
                    message: Some(
                        "AADSTS50105: Your administrator has configured the application to block users unless they \
                         are specifically granted ('assigned') access to the application."
                            .to_owned(),
                    ),
                };
            }
            Misbehaviour::UnknownUser => scene.name_id = "u.nknown@contoso.example".to_owned(),
            Misbehaviour::EmptyNameId => scene.name_id = String::new(),
            Misbehaviour::Huge => {
                let values = (0..6000).map(|n| format!("{n:08}-0000-4000-8000-000000000000")).collect();
                scene.attributes.push((GROUPS.to_owned(), values));
            }
            Misbehaviour::WrongKey => return Ok(self.attacker.clone()),
            Misbehaviour::NewKey => {
                self.publish(now)?;
                self.active = self.keys.len() - 1;
            }
            _ => {}
        }
        Ok(self.key().clone())
    }
}

/// What is done to the finished message.
fn misbehave_after(way: Misbehaviour, xml: String, scene: &Scene) -> Result<String, TestkitError> {
    Ok(match way {
        Misbehaviour::Tampered => {
            let open = format!(">{}</NameID>", scene.name_id);
            xml.replacen(&open, ">admin@contoso.example</NameID>", 1)
        }
        Misbehaviour::CommentInNameId => {
            let split = scene.name_id.replacen('@', "<!---->@", 1);
            xml.replacen(&format!(">{}</NameID>", scene.name_id), &format!(">{split}</NameID>"), 1)
        }
        Misbehaviour::TwoAssertions => {
            let second = scene.assertion().replacen(" ID=\"_", " ID=\"_2", 1);
            xml.replacen("</samlp:Response>", &format!("{second}</samlp:Response>"), 1)
        }
        Misbehaviour::DuplicateId => xml.replacen(
            &format!(" ID=\"{}\"", scene.response_id),
            &format!(" ID=\"{}\"", scene.assertion_id),
            1,
        ),
        Misbehaviour::Wrapped => {
            let all = wrap(&xml, &scene.name_id, "admin@contoso.example")?;
            all.into_iter().next().map_or(xml, |wrapped| wrapped.xml)
        }
        Misbehaviour::Doctype => format!("<!DOCTYPE x [<!ENTITY e \"admin\">]>{xml}"),
        Misbehaviour::Truncated => xml.chars().take(xml.len() / 2).collect(),
        _ => xml,
    })
}

fn post(acs_url: &str, response: String, relay_state: String) -> WebAnswer {
    let mut fields = vec![("SAMLResponse", response)];
    if !relay_state.is_empty() {
        fields.push(("RelayState", relay_state));
    }
    WebAnswer::html(200, pages::auto_post(acs_url, &fields))
}

fn encryption_method(name: &str) -> Option<EncryptionMethod> {
    match name {
        "aes256-cbc" => Some(EncryptionMethod::Aes256Cbc),
        "aes128-cbc" => Some(EncryptionMethod::Aes128Cbc),
        "aes256-gcm" => Some(EncryptionMethod::Aes256Gcm),
        "aes128-gcm" => Some(EncryptionMethod::Aes128Gcm),
        _ => None,
    }
}

/// Puts the user's own values into the claims.
fn personalise(scene: &mut Scene, user: &User) {
    let (given, family) = user.display_name.split_once(' ').unwrap_or((&user.display_name, ""));
    let mut overage = false;
    for (name, values) in &mut scene.attributes {
        let value = match name.rsplit('/').next().unwrap_or_default() {
            "displayname" => &user.display_name,
            "givenname" => given,
            "surname" => family,
            "emailaddress" | "name" | "upn" => &user.name_id,
            "groups" => {
                overage = user.groups > MOST_GROUPS;
                *values = (1..=user.groups).map(|n| format!("5f3e0c61-8d9b-4d5e-9f8b-{n:012x}")).collect();
                continue;
            }
            _ => continue,
        };
        *values = vec![value.to_owned()];
    }
    scene.attributes.retain(|(name, values)| name != GROUPS || !(overage || values.is_empty()));
    if overage {
        let link = "https://graph.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/users/getMemberObjects";
        scene.attributes.push((GROUPS_LINK.to_owned(), vec![link.to_owned()]));
    }
}
