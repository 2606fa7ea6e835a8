//! Pages of the identity provider. Forms and stable ids; no script is needed.

use crate::idp::misbehaviour::Misbehaviour;
use crate::idp::{Login, Settings, User};
use crate::xml::attribute;

pub(super) fn escape(value: &str) -> String {
    attribute(value).replace('>', "&gt;").replace('\'', "&#39;")
}

pub(super) fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>\
         body{{font:16px/1.5 'Segoe UI',system-ui,sans-serif;margin:0;background:#eef3f8;color:#1b1b1b}}\
         main{{max-width:27rem;margin:8vh auto;background:#fff;padding:2rem 2.25rem;box-shadow:0 2px 10px #0003}}\
         h1{{font-size:1.5rem;font-weight:600;margin:0 0 .25rem}}p{{margin:.25rem 0 1rem}}\
         button{{font:inherit;display:block;width:100%;text-align:left;padding:.7rem .8rem;margin:.35rem 0;\
         border:1px solid #8a8886;background:#fff;cursor:pointer}}button:hover,button:focus{{background:#deecf9;\
         outline:2px solid #0067b8}}button.main{{background:#0067b8;color:#fff;text-align:center;border-color:#0067b8}}\
         small{{color:#555}}label{{display:block;margin:.5rem 0 0}}select{{font:inherit;width:100%;padding:.35rem}}\
         details{{margin-top:1rem}}summary{{cursor:pointer;color:#0067b8}}iframe{{width:100%;height:5rem;border:1px solid #ccc}}\
         </style></head><body><main>{body}</main></body></html>",
        title = escape(title)
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
}

fn select(id: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> String {
    let mut html = format!("<label for=\"{id}\">{label}</label><select id=\"{id}\" name=\"{id}\">");
    for (value, text) in options {
        let mark = if *value == chosen { " selected" } else { "" };
        html.push_str(&format!("<option value=\"{value}\"{mark}>{}</option>", escape(text)));
    }
    html.push_str("</select>");
    html
}

/// The login page: one button per user, and the switches.
pub(super) fn login(settings: &Settings, login: &Login, misbehave: Misbehaviour) -> String {
    let mut body = String::from(
        "<h1 id=\"idp-title\">Sign in</h1><p><small>Test identity provider. Choose who you are.</small></p>",
    );
    body.push_str(&format!(
        "<form id=\"login\" method=\"post\" action=\"{}\">",
        escape(&settings.login_path())
    ));
    body.push_str(&hidden("sp", &login.sp.entity_id));
    body.push_str(&hidden("request_id", &login.request_id));
    body.push_str(&hidden("relay_state", &login.relay_state));
    body.push_str(&hidden("name_id_format", &login.name_id_format));
    for user in &settings.users {
        body.push_str(&format!(
            "<button type=\"submit\" id=\"user-{id}\" name=\"user\" value=\"{id}\">{}<br><small>{}</small></button>",
            escape(&user.display_name),
            escape(&user.name_id),
            id = escape(&user.id),
        ));
    }
    let open = if misbehave == Misbehaviour::None { "" } else { " open" };
    body.push_str(&format!("<details id=\"switches\"{open}><summary>What the provider sends</summary>"));
    let ways: Vec<_> = Misbehaviour::ALL.iter().map(|(_, id, label)| (*id, *label)).collect();
    body.push_str(&select("misbehave", "Behaviour", &ways, misbehave.id()));
    body.push_str(&select(
        "shape",
        "Signed",
        &[("assertion", "Assertion"), ("response", "Response"), ("both", "Both")],
        &settings.shape,
    ));
    body.push_str(&select(
        "encrypt",
        "Encrypted",
        &[
            ("none", "No"),
            ("aes256-cbc", "AES-256-CBC, as Entra"),
            ("aes128-cbc", "AES-128-CBC"),
            ("aes256-gcm", "AES-256-GCM"),
            ("aes128-gcm", "AES-128-GCM"),
        ],
        &settings.encrypt,
    ));
    for (name, label) in [
        ("name_id", "NameID, if not the user's own"),
        ("clock", "Seconds by which its clock is ahead"),
        ("lifetime", "Token lifetime in seconds"),
        ("authn_age", "Seconds since the user signed in at the provider"),
    ] {
        body.push_str(&format!("<label for=\"{name}\">{label}</label><input id=\"{name}\" name=\"{name}\">"));
    }
    body.push_str("</details></form>");
    page("Sign in", &body)
}

/// The page that posts the answer to the service provider.
pub(super) fn auto_post(action: &str, fields: &[(&str, String)]) -> String {
    let mut body = String::from("<h1>Working…</h1><p>Your browser goes back to the application.</p>");
    body.push_str(&format!("<form id=\"post-form\" method=\"post\" action=\"{}\">", escape(action)));
    for (name, value) in fields {
        body.push_str(&hidden(name, value));
    }
    body.push_str(
        "<button class=\"main\" type=\"submit\" id=\"continue\">Continue</button></form>\
         <script>document.getElementById('post-form').submit()</script>",
    );
    page("Working…", &body)
}

/// Start page of the provider: what an Entra user reaches without coming from an application.
pub(super) fn home(settings: &Settings, remembered: Option<&User>) -> String {
    let mut body =
        String::from("<h1 id=\"idp-title\">My Apps</h1><p><small>Test identity provider.</small></p>");
    if let Some(user) = remembered {
        body.push_str(&format!(
            "<form method=\"post\" action=\"{}\"><p>This browser is signed in as <strong id=\"remembered\">{}</strong>.</p>\
             <button id=\"forget\">Switch user: ask again next time</button></form>",
            escape(&settings.path("forget")),
            escape(&user.display_name),
        ));
    }
    for (index, sp) in settings.sps.iter().enumerate() {
        let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        let name = if settings.sps.len() == 1 { "the application" } else { &sp.entity_id };
        if let Some(url) = &sp.sign_on_url {
            body.push_str(&format!(
                "<p><a id=\"my-apps{number}\" href=\"{}\">Open {}</a></p>",
                escape(url),
                escape(name)
            ));
        }
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("sp", &sp.entity_id).finish();
        body.push_str(&format!(
            "<p><a id=\"unsolicited{number}\" href=\"{}?{query}\">Sign in to {} without being asked</a></p>",
            escape(&settings.path("unsolicited")),
            escape(name)
        ));
    }
    body.push_str(&format!(
        "<p><a id=\"sign-out-page\" href=\"{}\">Sign out everywhere</a></p>\
         <p><a id=\"metadata\" href=\"{}\">Federation metadata</a></p>",
        escape(&settings.path("logout")),
        escape(&settings.metadata_path()),
    ));
    body.push_str(&format!(
        "<form method=\"post\" action=\"{0}/rotate\"><button id=\"rotate\">Roll the signing key over</button></form>\
         <form method=\"post\" action=\"{0}/publish\"><button id=\"publish\">Publish one more key</button></form>\
         <form method=\"post\" action=\"{0}/drop\"><button id=\"drop\">Drop inactive keys</button></form>",
        escape(&settings.path("control"))
    ));
    page("My Apps", &body)
}

/// Sign-out at the provider: one button per user who is signed in.
pub(super) fn logout(settings: &Settings, users: &[String]) -> String {
    let mut body = String::from("<h1 id=\"idp-title\">Sign out</h1>");
    if users.is_empty() {
        body.push_str("<p id=\"no-session\">Nobody is signed in here.</p>");
    }
    for user in users {
        body.push_str(&format!(
            "<form method=\"post\" action=\"{}\"><button type=\"submit\" id=\"logout-{id}\" name=\"user\" \
             value=\"{id}\">Sign out {id}</button></form><form method=\"get\" action=\"{}\"><button type=\"submit\" \
             id=\"logout-frame-{id}\" name=\"user\" value=\"{id}\">Sign out {id} in a frame, as Entra does</button></form>",
            escape(&settings.path("logout")),
            escape(&settings.path("logout-frame")),
            id = escape(user),
        ));
    }
    page("Sign out", &body)
}

/// Sign-out in third-party frames, one for each application.
pub(super) fn logout_frame(urls: &[String]) -> String {
    let mut body = String::from("<h1 id=\"idp-title\">Signing out of all applications</h1>");
    for (index, url) in urls.iter().enumerate() {
        let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        body.push_str(&format!(
            "<iframe id=\"slo-frame{number}\" title=\"Application {}\" src=\"{}\"></iframe>",
            index + 1,
            escape(url)
        ));
    }
    page("Signing out", &body)
}

/// A message of the provider itself, e.g. an AADSTS error that never reaches the application.
pub(super) fn message(id: &str, title: &str, text: &str) -> String {
    page(title, &format!("<h1 id=\"{id}\">{}</h1><p>{}</p>", escape(title), escape(text)))
}
