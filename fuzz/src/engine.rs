//! An engine in the one world, and a host that plays a script to it: a list of events as `docs/wire.md` has them, in
//! which `"$resume"` stands for the token of the latest question.

use crate::world::{ACS, HONEST, IDP, LOGOUT, SERVICE, SP, SSO, TRUSTED, USERS, logout_response, now, scene};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_engine::Engine;
use ostiary_testkit::{Flavour, RedirectStyle, SeededRng, redirect_query};
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The secret of sealed cookies, that of the recorded vectors.
pub const SEALING: [u8; 32] = [7; 32];
/// More events of a script are left out.
const EVENTS: usize = 12;

/// Trusts the identity provider's key alone, or `metadata`: what the host fetches.
pub fn config(metadata: bool) -> Value {
    let mut config = json!({
        "sp": {"entity_id": SP, "acs_url": ACS},
        "idp": {
            "entity_id": IDP, "sso_url": SSO, "sso_post_url": SSO, "logout_url": SSO,
            "certificates": [TRUSTED.certificate_base64().expect("base64")],
        },
        "keys": {
            "sealing": STANDARD.encode(SEALING),
            "signing": STANDARD.encode(SERVICE.pkcs8_der().expect("a key")),
            "signing_certificate": SERVICE.certificate_base64().expect("base64"),
            "decryption": [STANDARD.encode(SERVICE.pkcs8_der().expect("a key"))],
        },
    });
    if metadata {
        config["idp"]["metadata_url"] = json!("https://login.microsoftonline.example/federationmetadata.xml");
    }
    config
}

pub fn open(config: &Value) -> Engine {
    let opened = Engine::open(config.to_string().as_bytes(), now(), &mut SeededRng::new(1));
    opened.engine.expect("a configuration that is right")
}

/// What an honest browser and an honest identity provider have in their hands: one sign-in attempt and one sign-out,
/// begun by the engine itself.
pub struct Begun {
    /// ID of the AuthnRequest.
    pub attempt: String,
    /// Value of its cookie.
    pub cookie: String,
    /// The honest answer to it.
    pub response: String,
    /// Value of the cookie that remembers a LogoutRequest.
    pub logout_cookie: String,
    /// ID of that.
    pub logout: String,
    /// The query of the honest answer to it.
    pub logout_query: String,
}

pub static BEGUN: LazyLock<Begun> = LazyLock::new(|| {
    let engine = open(&config(false));
    let start = cross_with(
        &engine,
        visit("/plugins/servlet/saml/auth", "target=%2Fbrowse%2FX-1").to_string().as_bytes(),
        1,
    );
    let (name, cookie) = cookie_of(&start);
    let attempt = name.strip_prefix("ostiary_").expect("the cookie of an attempt").to_owned();
    let mut scene = scene(Flavour::Entra, USERS[0], 31);
    scene.in_response_to = Some(attempt.clone());
    scene.confirmation_in_response_to = Some(attempt.clone());
    let leave = cross_with(&engine, host_logout().to_string().as_bytes(), 2);
    let (_, logout_cookie) = cookie_of(&leave["then"]);
    let location = leave["then"]["headers"].as_array().into_iter().flatten();
    let mut location =
        location.filter(|header| header[0] == "Location").filter_map(|header| header[1].as_str());
    let request =
        location.next_back().and_then(|url| crate::query::raw(url.split_once('?')?.1, "SAMLRequest"));
    let request = request.and_then(crate::query::message).expect("a LogoutRequest");
    let logout =
        crate::xml::Document::parse(&request).and_then(|xml| xml.root.attribute("ID")).expect("an ID");
    let answer = logout_response("_l5", &logout, "Success");
    Begun {
        response: STANDARD.encode(scene.build(&TRUSTED).expect("a scene")),
        logout_query: redirect_query("SAMLResponse", &answer, None, &TRUSTED, RedirectStyle::Plain)
            .expect("a query"),
        attempt,
        cookie,
        logout_cookie,
        logout,
    }
});

fn cookie_of(respond: &Value) -> (String, String) {
    let set = respond["cookies"].as_array().into_iter().flatten().filter_map(Value::as_str).next_back();
    let (name, rest) = set.and_then(|set| set.split_once('=')).expect("a cookie");
    (name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned())
}

/// A page visit at the top level.
pub fn visit(path: &str, query: &str) -> Value {
    json!({
        "kind": "request", "method": "GET", "path": path, "url": format!("https://jira.contoso.example{path}"),
        "query": query,
        "headers": {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    })
}

/// A form that was sent to the ACS, by a browser with this cookie.
pub fn post(response: &str, attempt: &str, cookie: &str) -> Value {
    json!({
        "kind": "request", "method": "POST", "path": "/plugins/servlet/saml/auth", "url": ACS,
        "form": {"SAMLResponse": [response], "RelayState": [attempt]},
        "cookies": {format!("ostiary_{attempt}"): cookie},
    })
}

/// The answer of the identity provider at the logout URL, to a browser with this cookie.
pub fn logout_answer(query: &str, cookie: &str) -> Value {
    let mut event = visit("/plugins/servlet/saml/logout", query);
    event["cookies"] = json!({"ostiary_logout": cookie});
    assert_eq!(event["url"], LOGOUT);
    event
}

/// The host wants to sign its user out.
pub fn host_logout() -> Value {
    json!({"kind": "logout", "user": "b.simon", "session": {"name_id": {"value": USERS[0]}, "session_index": "_s1"}})
}

/// One crossing. Whatever came in, a well-formed and bounded action goes out.
pub fn cross(engine: &Engine, event: &[u8]) -> Value {
    static CROSSINGS: AtomicU64 = AtomicU64::new(1000);
    cross_with(engine, event, CROSSINGS.fetch_add(1, Ordering::Relaxed))
}

fn cross_with(engine: &Engine, event: &[u8], seed: u64) -> Value {
    let bytes = engine.handle(event, now(), &mut SeededRng::new(seed));
    // A sealed question holds the request that it interrupted, and the escapes of JSON are six characters.
    assert!(bytes.len() <= 64 * 1024 + 16 * event.len(), "{} bytes for {}", bytes.len(), event.len());
    let action: Value = serde_json::from_slice(&bytes).expect("an action is JSON");
    let kind = action["action"].as_str().unwrap_or_default();
    assert!(["pass", "respond", "sign_in", "sign_out", "ask"].contains(&kind), "{action}");
    assert_ne!(action["code"], "internal", "{action}");
    for respond in [Some(&action), action.get("then")].into_iter().flatten() {
        well_formed(respond);
    }
    for line in action["log"].as_array().into_iter().flatten() {
        let text = line["text"].as_str().expect("a log line has a text");
        assert!(text.chars().count() <= 1000 && !text.contains(char::is_control), "{line}");
    }
    action
}

/// Nothing that splits a header, and no URL that runs a script.
fn well_formed(respond: &Value) {
    let headers = respond["headers"].as_array().into_iter().flatten();
    let headers = headers.filter_map(|header| Some((header[0].as_str()?, header[1].as_str()?)));
    let cookies = respond["cookies"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for (name, value) in headers.chain(cookies.map(|cookie| ("Set-Cookie", cookie))) {
        assert!(!value.contains(['\r', '\n', '\0']), "{name}: {value:?}");
        if name.eq_ignore_ascii_case("location") {
            let own = value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\");
            let known = [SSO, SP].iter().any(|url| value.starts_with(url));
            assert!(own || known, "Location: {value:?}");
        }
    }
}

/// Plays a script. No one is signed in, nor asked for, but whom the trusted key vouched for; and no log line repeats a
/// message or a cookie. Returns the last action.
pub fn play(engine: &Engine, script: &[Value], only_honest: bool) -> Value {
    let mut resume = Value::Null;
    let mut last = Value::Null;
    let mut asked = false;
    for event in script.iter().take(EVENTS) {
        let mut event = event.clone();
        if event["resume"] == "$resume" {
            event["resume"] = resume.clone();
        }
        let action = cross(engine, event.to_string().as_bytes());
        quiet(&event, &action);
        if action["action"] == "ask" {
            resume = action["resume"].clone();
        }
        if action["action"] == "ask" && action["what"] == "look_up" && only_honest {
            let user = action["user"].as_str().unwrap_or_default();
            assert!(USERS.contains(&user), "asks for {user:?}");
            assert!(carries_an_honest_response(&event), "{event}");
            asked = true;
        }
        if action["action"] == "sign_in" && only_honest {
            assert!(asked, "signs in without having asked: {action}");
            let user = action["session"]["name_id"]["value"].as_str().unwrap_or_default();
            assert!(USERS.contains(&user), "signs in {user:?}");
        }
        last = action;
    }
    last
}

/// Whether the message holds an assertion that the identity provider signed for us: its ID at least is known.
fn carries_an_honest_response(event: &Value) -> bool {
    let field = event["form"]["SAMLResponse"][0].as_str().unwrap_or_default();
    let compact: String = field.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let xml = STANDARD.decode(compact).ok().and_then(|xml| String::from_utf8(xml).ok()).unwrap_or_default();
    HONEST.iter().filter_map(|honest| honest.reading.as_ref()).any(|reading| {
        // Encoded characters would make the ID another text: the signature would not hold.
        xml.contains(&reading.id)
    }) || xml.contains("EncryptedAssertion")
        || xml.contains(BEGUN_ASSERTION.as_str())
}

static BEGUN_ASSERTION: LazyLock<String> = LazyLock::new(|| scene(Flavour::Entra, USERS[0], 31).assertion_id);

/// No log line holds a message or a cookie of the event.
fn quiet(event: &Value, action: &Value) {
    let secrets = |value: &Value| -> Vec<String> {
        let long = |text: &&str| text.len() >= 64;
        match value {
            Value::Object(map) => {
                map.values().filter_map(Value::as_str).filter(long).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    };
    let form = event["form"].as_object().into_iter().flatten();
    let messages = form
        .filter(|(name, _)| name.starts_with("SAML"))
        .flat_map(|(_, values)| values.as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .filter(|text| text.len() >= 64)
        .map(str::to_owned);
    let hidden: Vec<String> = messages.chain(secrets(&event["cookies"])).collect();
    for line in action["log"].as_array().into_iter().flatten() {
        let text = line["text"].as_str().unwrap_or_default();
        for secret in &hidden {
            assert!(!text.contains(secret.as_str()), "the log repeats a message: {line}");
        }
    }
}
