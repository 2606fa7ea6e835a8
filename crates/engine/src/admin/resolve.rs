//! Resolve: metadata becomes the identity provider's fields on the page. Nothing is saved by it, and whatever else was
//! typed stays.

use super::fields::Posted;
use super::page::{self, Shown};
use super::{Step, Visit, certificates};
use crate::config::Host;
use crate::refresh::{self, Failure};
use crate::resume;
use crate::settings::Problem;
use crate::turn::Turn;
use crate::wire::action::Effect;
use crate::{addon, configure, urls};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_core::metadata::IdpMetadata;
use serde_json::Value;

/// From the Metadata URL.
pub fn by_url(turn: &mut Turn<'_>, host: &Host, visit: Visit, posted: Posted) -> Effect {
    let url = posted.fields.text("metadata_url").to_owned();
    if let Some(problem) = urls::problem(&url, host.development) {
        let problem = Problem::new("metadata_url", problem);
        return page::failed(turn, host, &visit, posted, Code::ConfigInvalid, vec![problem]);
    }
    let mut problems = Vec::new();
    let confirmed = posted.fields.metadata_hosts(&mut problems);
    if !problems.is_empty() || !addon::may_fetch(&url, &confirmed) {
        if problems.is_empty() {
            let name = addon::host_of(&url).unwrap_or_default();
            problems.push(Problem::new(
                "metadata_url",
                format!(
                    "is not at a Microsoft cloud. If {name} is your identity provider, type its name into Confirmed \
                     metadata host and press Resolve again"
                ),
            ));
        }
        return page::failed(turn, host, &visit, posted, Code::MetadataHostUnconfirmed, problems);
    }
    turn.ask(
        refresh::ask(url, &turn.engine.settings),
        &resume::Step::Admin(Box::new(Step::Resolve(visit, posted))),
    )
}

/// The host fetched it, or did not.
pub fn fetched(turn: &mut Turn<'_>, host: &Host, visit: &Visit, posted: Posted, result: &Value) -> Effect {
    let read = refresh::body(result).and_then(|document| read(turn, host, &posted, &document));
    finish(turn, host, visit, posted, read, "metadata_url")
}

/// From a paste or an upload.
pub fn by_document(
    turn: &mut Turn<'_>,
    host: &Host,
    visit: &Visit,
    mut posted: Posted,
    field: &'static str,
) -> Effect {
    let document = if field == "metadata_file" { &posted.metadata_file } else { &posted.metadata_xml };
    if document.trim().is_empty() {
        let problem = Problem::new(field, "is empty");
        return page::failed(turn, host, visit, posted, Code::ConfigInvalid, vec![problem]);
    }
    let read = read(turn, host, &posted, document.as_bytes());
    if read.is_ok() {
        posted.metadata_xml.clear();
    }
    posted.metadata_file.clear();
    finish(turn, host, visit, posted, read, field)
}

fn read(turn: &Turn<'_>, host: &Host, posted: &Posted, document: &[u8]) -> Result<IdpMetadata, Failure> {
    let entity_id = Some(posted.fields.text("idp_entity_id")).filter(|text| !text.is_empty());
    configure::read_document(document, entity_id, None, turn.now, host.development)
}

fn finish(
    turn: &mut Turn<'_>,
    host: &Host,
    visit: &Visit,
    mut posted: Posted,
    read: Result<IdpMetadata, Failure>,
    field: &str,
) -> Effect {
    let metadata = match read {
        Ok(metadata) => metadata,
        Err(failure) => {
            let problem = Problem::new(field, explain(&failure));
            return page::failed(turn, host, visit, posted, failure.code, vec![problem]);
        }
    };
    let fields = &mut posted.fields;
    fields.set("idp_entity_id", &metadata.entity_id);
    fields.set(
        "login_url",
        metadata.sso_redirect.as_deref().or(metadata.sso_post.as_deref()).unwrap_or_default(),
    );
    fields.set("logout_url", metadata.slo_redirect.as_deref().unwrap_or_default());
    let texts: Vec<String> = metadata.certificates.iter().map(|der| STANDARD.encode(der)).collect();
    fields.set("certificates", &certificates::to_text(&texts));
    let mut shown = Shown::new(posted);
    let count = texts.len();
    let plural = if count == 1 { "certificate" } else { "certificates" };
    shown.done = Some(format!(
        "The metadata is of {} and has {count} usable signing {plural}. Look at the fields, then press Save: nothing is \
         saved yet.",
        metadata.entity_id
    ));
    for one in &metadata.unusable {
        shown.notes.push(format!("A certificate of the metadata cannot be used: {}", one.error));
    }
    let url = shown.posted.fields.text("metadata_url");
    if field == "metadata_url" && is_without_application(url) {
        shown.notes.push(
            "The Metadata URL names no application (appid=…): its certificates are those of the tenant, and Entra signs \
             with those of the application. Copy the App Federation Metadata URL of your application."
                .to_owned(),
        );
    }
    page::respond(turn, host, visit, &shown)
}

/// Microsoft's own addresses know the application by a parameter.
fn is_without_application(url: &str) -> bool {
    let cloud = addon::host_of(url).is_some_and(|host| addon::CLOUD_HOSTS.contains(&host.as_str()));
    cloud
        && url::Url::parse(url)
            .is_ok_and(|url| !url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case("appid")))
}

/// In words, without anything of the body.
fn explain(failure: &Failure) -> String {
    let what = failure.code.admin();
    match failure.code {
        Code::XmlDoctype => {
            "The document has a DOCTYPE (DTD). Metadata has none, and such a document is not read.".to_owned()
        }
        Code::MetadataEntityMismatch => format!(
            "The metadata is of another tenant or identity provider than the field IdP Entity ID says ({}). To change to \
             it, empty IdP Entity ID and press Resolve again.",
            failure.detail
        ),
        Code::MetadataEntityAmbiguous => format!(
            "The metadata lists several entities, among them {}. Type the entity ID of your identity provider into IdP \
             Entity ID and press Resolve again.",
            failure.detail
        ),
        Code::MetadataFetchFailed => format!("{what} ({})", failure.detail),
        _ => what.to_owned(),
    }
}
