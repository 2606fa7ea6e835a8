//! The program, a directory of its own for each test, and one identity provider.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use jiff::Timestamp;
use ostiary_testkit::{Flavour, MetadataShape, Scene, SeededRng, TestKey, idp_metadata};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

pub const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
pub const SP: &str = "https://jira.contoso.example/";
pub const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
pub const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
pub const USER: &str = "b.simon@contoso.example";
pub const NOW: &str = "2026-11-24T09:00:00Z";

pub static KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("idp", now()).unwrap());
pub static OTHER_KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("other", now()).unwrap());

pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// What Entra sends by default.
pub fn scene() -> Scene {
    Scene::entra(IDP, SP, ACS, Some(REQUEST), now(), &mut SeededRng::new(7))
}

pub fn response() -> String {
    scene().build(&KEY).unwrap()
}

pub fn metadata() -> String {
    let certificates = [KEY.certificate_base64().unwrap()];
    let shape = MetadataShape {
        flavour: Flavour::Entra,
        entity_id: IDP,
        id: "_m",
        sso_url: "https://login.microsoftonline.com/saml2",
        certificates: &certificates,
        valid_until: None,
        cache_duration: Some("PT1H"),
    };
    idp_metadata(&shape, Some(&KEY)).unwrap()
}

/// An empty directory for the test of that name.
pub fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if directory.exists() {
        std::fs::remove_dir_all(&directory).unwrap();
    }
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

pub fn write(directory: &Path, name: &str, content: &str) -> String {
    let file = directory.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, content).unwrap();
    file.to_str().unwrap().to_owned()
}

pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_ostiary"))
}

pub fn ostiary(arguments: &[&str]) -> Run {
    let output = program().args(arguments).output().unwrap();
    Run::of(&output)
}

/// What the program wrote, and its exit code.
#[derive(Debug)]
pub struct Run {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl Run {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { out: text(&output.stdout), err: text(&output.stderr), code: output.status.code().unwrap() }
    }
}
