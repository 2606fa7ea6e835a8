//! A site without a servlet container: the engine, a host that answers its questions, browsers with cookie jars, and
//! the test identity provider. Clock and randomness are the test's own.
#![allow(dead_code, unused_imports, reason = "every test file uses its own part of this")]
#![allow(missing_docs, reason = "tests")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod browser;
pub mod console;
pub mod corpus;
mod html;
mod marks;
pub mod privacy;
mod site;

pub use browser::{Answer, Browser};
pub use html::Form;
pub use marks::handling;
pub use site::{Site, merge, own_certificate};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use jiff::Timestamp;
use ostiary_testkit::{Flavour, Idp, IdpSettings, SeededRng, SpSettings, User, WebAnswer, WebRequest};
use std::io::Read;
use std::sync::Mutex;

pub const ORIGIN: &str = "https://jira.contoso.example";
pub const ACS_PATH: &str = "/plugins/servlet/saml/auth";
pub const ENTITY_ID: &str = "https://jira.contoso.example/";
pub const TENANT: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";

/// 20 November 2026, 10:00 UTC.
pub fn start_of_time() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// The message in a parameter of the Redirect binding.
pub fn inflate(base64: &str) -> String {
    let mut xml = String::new();
    DeflateDecoder::new(&STANDARD.decode(base64).unwrap()[..]).read_to_string(&mut xml).unwrap();
    xml
}

/// The identity provider, shared by browsers.
pub struct Provider {
    idp: Mutex<Idp>,
    base_url: String,
    rng: Mutex<SeededRng>,
}

impl Provider {
    pub fn entra() -> Self {
        Self::of_tenant(TENANT, ORIGIN, ENTITY_ID)
    }

    pub fn of_tenant(tenant: &str, sp_origin: &str, sp_entity_id: &str) -> Self {
        let base_url = "https://login.microsoftonline.example".to_owned();
        let settings = IdpSettings {
            base_url: base_url.clone(),
            flavour: Flavour::Entra,
            tenant: tenant.to_owned(),
            sps: vec![SpSettings {
                entity_id: sp_entity_id.to_owned(),
                acs_url: format!("{sp_origin}{ACS_PATH}"),
                logout_url: Some(format!("{sp_origin}/plugins/servlet/saml/logout")),
                sign_on_url: Some(format!("{sp_origin}{ACS_PATH}")),
                metadata_url: None,
            }],
            shape: "assertion".to_owned(),
            encrypt: "none".to_owned(),
            users: User::demo(),
            remembers: false,
        };
        let idp = Idp::new(settings, start_of_time()).unwrap();
        Self { idp: Mutex::new(idp), base_url, rng: Mutex::new(SeededRng::new(77)) }
    }

    pub fn entity_id(&self) -> String {
        self.idp.lock().unwrap().entity_id()
    }

    pub fn metadata_url(&self) -> String {
        self.idp.lock().unwrap().metadata_url()
    }

    pub fn sso_url(&self) -> String {
        let tenant = self.metadata_url();
        let (tenant, _) = tenant.split_once("/federationmetadata").unwrap();
        format!("{tenant}/saml2")
    }

    /// Tells it our keys.
    pub fn set_sp_metadata(&self, xml: &[u8]) {
        self.idp.lock().unwrap().set_sp_metadata(xml).unwrap();
    }

    pub fn handle(&self, request: &WebRequest, now: Timestamp) -> WebAnswer {
        self.idp.lock().unwrap().handle(request, now, &mut *self.rng.lock().unwrap()).unwrap()
    }

    /// The metadata document, as fetched.
    pub fn metadata(&self, now: Timestamp) -> Vec<u8> {
        self.handle(&self.get(&self.metadata_url()), now).body
    }

    /// Base64 of the certificates that its metadata lists.
    pub fn certificates(&self, now: Timestamp) -> Vec<String> {
        let document = String::from_utf8(self.metadata(now)).unwrap();
        let (_, descriptor) = document.split_once("<IDPSSODescriptor").unwrap();
        let texts = descriptor.split("<X509Certificate>").skip(1);
        texts.map(|text| text.split('<').next().unwrap().to_owned()).collect()
    }

    /// `rotate`, `publish`, `drop`, `metadata?status=503`.
    pub fn control(&self, command: &str, now: Timestamp) {
        let (command, query) = command.split_once('?').unwrap_or((command, ""));
        let base = self.sso_url();
        let path = base.strip_prefix(&self.base_url).unwrap().replace("/saml2", "/control/");
        let request = WebRequest {
            method: "POST".to_owned(),
            path: format!("{path}{command}"),
            query: query.to_owned(),
            ..WebRequest::default()
        };
        assert_eq!(self.handle(&request, now).status, 200);
    }

    fn get(&self, url: &str) -> WebRequest {
        WebRequest::get(
            url.strip_prefix(&self.base_url).unwrap_or_else(|| panic!("not at the provider: {url}")),
        )
    }

    /// The login page that an AuthnRequest (a URL) leads to.
    pub fn login_page(&self, url: &str, now: Timestamp) -> Form {
        let answer = self.handle(&self.get(url), now);
        let page = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{page}");
        Form::read(&page)
    }

    /// The login page of a sign-in that nobody asked for.
    pub fn unsolicited(&self, now: Timestamp) -> Form {
        let url = self.sso_url().replace("/saml2", "/unsolicited");
        self.login_page(&url, now)
    }

    /// Presses a user's button; what comes back is the form for the service provider.
    pub fn press(&self, login: &Form, user: &str, switches: &[(&str, &str)], now: Timestamp) -> Form {
        let mut fields: Vec<(&str, &str)> = vec![("user", user)];
        for (name, value) in &login.fields {
            fields.push((name, value));
        }
        fields.extend(switches);
        let answer = self.handle(&WebRequest::post(&login.action, &fields), now);
        let page = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{page}");
        Form::read(&page)
    }
}
