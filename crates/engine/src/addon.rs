//! What is different where an add-on is the host: the engine always opens, and the URLs follow the host's base URL.

use crate::config::{Access, Config, Host, Pages, Sp};
use crate::configure::sections;
use crate::settings::{Problem, Settings};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// Where Microsoft's clouds keep metadata.
pub const CLOUD_HOSTS: [&str; 3] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"];
/// The servlet that starts and consumes sign-ins.
pub const ACS_PATH: &str = "/plugins/servlet/saml/auth";
/// Stands where no address can be used; the name is reserved for that (RFC 6761).
const NOWHERE: &str = "https://not-configured.invalid";

/// A document that was stored, as far as it can be read, and what is wrong with the rest. `None` when it is not the document
/// of an add-on.
pub fn read_leniently(document: &[u8], whole: &serde_json::Error) -> Option<(Config, Vec<Problem>)> {
    let mut document: Value = serde_json::from_slice(document).ok()?;
    let host = Host::deserialize(document.get("host")?).ok()?;
    let problems = sections::problems(&document, whole);
    let sections = document.as_object_mut()?;
    for problem in &problems {
        sections.remove(&problem.field);
    }
    let config = Config::deserialize(&document).unwrap_or_default();
    Some((Config { host: Some(host), ..config }, problems))
}

/// The configuration that counts on `host`.
pub fn effective(config: &Config, host: &Host) -> Config {
    let mut effective = config.clone();
    if !effective.addon.application_proxy {
        effective.sp = derived(host);
    }
    effective.sp.context_path = Some(host.context_path.clone());
    effective.request.domain_hint =
        effective.addon.domain_name.clone().filter(|_| effective.addon.home_realm_discovery);
    effective.access = Access { protect: false, ..Access::default() };
    effective.development = host.development;
    if effective.pages.product == Pages::default().product {
        effective.pages.product.clone_from(&host.title);
    }
    effective.host = Some(host.clone());
    effective
}

/// Our URLs as they follow from the base URL.
pub fn derived(host: &Host) -> Sp {
    let base = host.base_url.trim_end_matches('/');
    Sp { entity_id: format!("{base}/"), acs_url: format!("{base}{ACS_PATH}"), ..Sp::default() }
}

/// Typed URLs were saved under another base URL. A copy of an installation would send its users to the original.
pub fn moved(config: &Config, host: &Host) -> Option<Problem> {
    let addon = &config.addon;
    let saved_at = addon.saved_at.as_deref().filter(|_| addon.application_proxy)?;
    let moved = saved_at.trim_end_matches('/') != host.base_url.trim_end_matches('/');
    moved.then(|| {
        Problem::new(
            "sp.acs_url",
            format!(
                "was saved when the base URL was {saved_at}, and now that is {}. On a copy of this application press Reset \
                 to derived; if the addresses are still right, save them again",
                host.base_url
            ),
        )
    })
}

/// A host that is newer than any this version knows: what to tell of it.
pub fn newer(host: &Host) -> Option<String> {
    let newest = host.product.newest_tested();
    let major: u32 = host.version.split('.').next()?.parse().ok()?;
    (major > newest).then(|| {
        format!(
            "{} {} is newer than what this version of the add-on was tested with (up to {} {newest}). Look for an update of \
             the add-on, and try a sign-in.",
            host.title, host.version, host.title
        )
    })
}

/// Settings for who cannot sign anybody in: only the configuration page and the health check will ever use them.
pub fn settings_of_nobody(host: &Host) -> Option<Settings> {
    let settings = |context: &str| {
        let sp = Sp {
            entity_id: format!("{NOWHERE}/"),
            acs_url: format!("{NOWHERE}{context}{ACS_PATH}"),
            context_path: Some(context.to_owned()),
            ..Sp::default()
        };
        let access = Access { protect: false, ..Access::default() };
        let pages = Pages { product: host.title.clone(), help: None };
        Settings::check(&Config { sp, access, pages, ..Config::default() }).ok()
    };
    settings(&host.context_path).or_else(|| settings(""))
}

/// Whether metadata may be fetched from the host of `url`.
pub fn may_fetch(url: &str, confirmed: &[String]) -> bool {
    host_of(url).is_none_or(|host| {
        CLOUD_HOSTS.contains(&host.as_str()) || confirmed.iter().any(|name| name.eq_ignore_ascii_case(&host))
    })
}

/// The host of a URL, in lower case. Without one it is no URL that is ever fetched.
pub fn host_of(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_ascii_lowercase)
}
