//! One sign-in for all applications: the identity provider remembers browsers where it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use jiff::Timestamp;
use ostiary_testkit::{Flavour, Idp, IdpSettings, SeededRng, SpSettings, User, WebAnswer, WebRequest};

const JIRA: &str = "https://jira.contoso.example/";
const WIKI: &str = "https://wiki.contoso.example/";

struct Provider {
    idp: Idp,
    rng: SeededRng,
}

impl Provider {
    fn new(remembers: bool) -> Self {
        let sp = |base: &str| SpSettings {
            entity_id: base.to_owned(),
            acs_url: format!("{base}auth"),
            logout_url: Some(format!("{base}logout")),
            sign_on_url: None,
            metadata_url: None,
        };
        let settings = IdpSettings {
            base_url: "http://127.0.0.1:1".to_owned(),
            flavour: Flavour::Entra,
            tenant: "t".to_owned(),
            sps: vec![sp(JIRA), sp(WIKI)],
            shape: "assertion".to_owned(),
            encrypt: "none".to_owned(),
            users: User::demo(),
            remembers,
        };
        let idp = Idp::new(settings, Timestamp::UNIX_EPOCH).unwrap();
        Self { idp, rng: SeededRng::new(1) }
    }

    fn handle(&mut self, mut request: WebRequest, cookies: &str) -> WebAnswer {
        request.cookies = cookies.to_owned();
        self.idp.handle(&request, Timestamp::UNIX_EPOCH, &mut self.rng).unwrap()
    }

    /// The page for an application whose turn it is; whether it asks, and where it posts.
    fn visit(&mut self, sp: &str, cookies: &str) -> (bool, String) {
        let page = body(&self.handle(WebRequest::get(&format!("/t/unsolicited?sp={sp}")), cookies));
        (
            page.contains("id=\"login\""),
            page.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned(),
        )
    }

    /// Presses a user's button; what the browser sends back from now on.
    fn press(&mut self, sp: &str, user: &str, misbehave: &str) -> Option<String> {
        let fields = [("sp", sp), ("user", user), ("misbehave", misbehave)];
        let answer = self.handle(WebRequest::post("/t/login", &fields), "");
        assert!(body(&answer).contains(&format!("action=\"{sp}auth\"")));
        let (_, cookie) = answer.headers.iter().find(|(name, _)| *name == "Set-Cookie")?;
        cookie.split(';').next().map(|pair| format!("other=1; {pair}"))
    }

    fn logout(&mut self, user: &str) -> String {
        let answer = self.handle(WebRequest::post("/t/logout", &[("user", user)]), "");
        location(&answer)
    }
}

fn body(answer: &WebAnswer) -> String {
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body.clone()).unwrap()
}

fn location(answer: &WebAnswer) -> String {
    assert_eq!(answer.status, 302);
    answer.headers.iter().find(|(name, _)| *name == "Location").unwrap().1.clone()
}

#[test]
fn asks_once_for_all_applications() {
    let mut provider = Provider::new(true);
    assert_eq!(provider.visit(JIRA, ""), (true, "/t/login".to_owned()));
    let cookies = provider.press(JIRA, "b.simon", "none").unwrap();
    assert_eq!(provider.visit(WIKI, &cookies), (false, format!("{WIKI}auth")));
    assert_eq!(provider.visit(JIRA, &cookies), (false, format!("{JIRA}auth")));
    assert!(provider.visit(WIKI, "").0, "another browser");
}

#[test]
fn asks_again_after_a_switch_of_user_or_a_sign_out() {
    let mut provider = Provider::new(true);
    let cookies = provider.press(JIRA, "b.simon", "none").unwrap();
    provider.handle(WebRequest::post("/t/forget", &[]), &cookies);
    assert!(provider.visit(WIKI, &cookies).0);
    let cookies = provider.press(WIKI, "b.simon", "none").unwrap();
    provider.logout("b.simon");
    assert!(provider.visit(WIKI, &cookies).0);
}

#[test]
fn tells_every_application_of_a_sign_out() {
    let mut provider = Provider::new(true);
    provider.press(JIRA, "b.simon", "none").unwrap();
    provider.press(WIKI, "b.simon", "none").unwrap();
    provider.press(JIRA, "a.adams", "none").unwrap();
    let frames = body(&provider.handle(WebRequest::get("/t/logout-frame?user=b.simon"), ""));
    assert!(frames.contains(&format!("src=\"{JIRA}logout?SAMLRequest=")), "{frames}");
    assert!(frames.contains(&format!("src=\"{WIKI}logout?SAMLRequest=")), "{frames}");
    assert!(provider.logout("a.adams").starts_with(&format!("{JIRA}logout?SAMLRequest=")));
}

#[test]
fn remembers_nobody_unless_told_to_and_no_misbehaviour() {
    assert_eq!(Provider::new(false).press(JIRA, "b.simon", "none"), None);
    assert_eq!(Provider::new(true).press(JIRA, "b.simon", "wrong-audience"), None);
}

#[test]
fn refuses_an_application_that_it_does_not_know() {
    let mut provider = Provider::new(true);
    let answer = provider.handle(WebRequest::get("/t/unsolicited?sp=https://other.example/"), "");
    assert_eq!(answer.status, 400);
}
