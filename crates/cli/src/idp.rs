//! `ostiary idp`: the test identity provider behind a small HTTP server on the loopback address.

use crate::now;
use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use getrandom::SysRng;
use ostiary_testkit::{Flavour, Idp, IdpSettings, SpSettings, User, server};
use rand_core::UnwrapErr;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use url::Url;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8081)]
    port: u16,
    /// Base URL of a service provider, with a slash at the end; its addresses are derived from it. May be repeated.
    #[arg(long, value_name = "URL", required = true)]
    sp: Vec<String>,
    /// Entity ID of the first service provider, if it is not the base URL.
    #[arg(long, value_name = "ID")]
    entity_id: Option<String>,
    /// Whose identity provider it resembles.
    #[arg(long, value_enum, default_value_t = Like::Entra)]
    flavour: Like,
    /// What is signed, unless the login page chooses otherwise.
    #[arg(long, value_enum, default_value_t = Shape::Assertion)]
    shape: Shape,
    /// How assertions are encrypted, unless the login page chooses otherwise.
    #[arg(long, value_enum, default_value_t = Encrypt::None)]
    encrypt: Encrypt,
    /// Remembers browsers by a cookie: whoever has signed in to one application is not asked again by the next.
    #[arg(long)]
    remember: bool,
    /// Tenant GUID.
    #[arg(long, default_value = "aaaabbbb-0000-cccc-1111-dddd2222eeee")]
    tenant: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Like {
    Entra,
    Adfs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shape {
    Assertion,
    Response,
    Both,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Encrypt {
    None,
    Aes128Cbc,
    Aes256Cbc,
    Aes128Gcm,
    Aes256Gcm,
}

/// Serves until the process ends.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut sps =
        arguments.sp.iter().map(|base| service_provider(base)).collect::<anyhow::Result<Vec<_>>>()?;
    if let (Some(first), Some(entity_id)) = (sps.first_mut(), &arguments.entity_id) {
        first.entity_id.clone_from(entity_id);
    }
    let listening = server::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port)))?;
    let settings = IdpSettings {
        base_url: format!("http://{}", listening.address()),
        flavour: match arguments.flavour {
            Like::Entra => Flavour::Entra,
            Like::Adfs => Flavour::Adfs,
        },
        tenant: arguments.tenant.clone(),
        sps,
        shape: name(arguments.shape),
        encrypt: name(arguments.encrypt),
        users: User::demo(),
        remembers: arguments.remember,
    };
    let base_url = settings.base_url.clone();
    let mut idp = Idp::new(settings, now())?;
    println!("Identity provider  {base_url}/");
    println!("Metadata           {base_url}/metadata");
    println!("Entity ID          {}", idp.entity_id());
    for user in idp.users() {
        println!("User               {}  ({})", user.name_id, user.display_name);
    }
    listening.serve(&mut idp, now, &mut UnwrapErr(SysRng), |line| eprintln!("{line}"));
    Ok(ExitCode::SUCCESS)
}

/// The default paths below the base URL.
fn service_provider(base: &str) -> anyhow::Result<SpSettings> {
    let url = Url::parse(base).context("--sp is not a URL")?;
    ensure!(url.path().ends_with('/') && url.query().is_none(), "--sp must end in a slash");
    let at = |tail: &str| format!("{base}plugins/servlet/saml/{tail}");
    Ok(SpSettings {
        entity_id: base.to_owned(),
        acs_url: at("auth"),
        logout_url: Some(at("logout")),
        sign_on_url: Some(at("auth")),
        metadata_url: Some(at("metadata")),
    })
}

/// The word of the command line, which is that of the login page.
fn name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
