//! What the commands read.

use anyhow::{Context as _, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_core::{Received, Rejected};
use std::io::Read as _;
use std::path::Path;

/// The file, or standard input for `-`.
pub fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The same, as text.
pub fn read_text(file: &Path) -> anyhow::Result<String> {
    String::from_utf8(read(file)?).with_context(|| format!("{} is not text", file.display()))
}

/// Base64 with white space anywhere.
pub fn base64(text: &str) -> anyhow::Result<Vec<u8>> {
    STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).context("not base64")
}

/// Without the lines that begin and end a PEM block.
pub fn without_armour(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("-----")).collect()
}

/// The XML of a response: as it is, or out of the form field, or out of the whole form.
pub fn response(bytes: &[u8]) -> anyhow::Result<Result<Vec<u8>, Rejected>> {
    let trimmed = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    if trimmed.starts_with(b"<") {
        return Ok(Ok(bytes.to_vec()));
    }
    let text = std::str::from_utf8(trimmed).context("the response is neither XML nor base64")?;
    if !text.contains("SAMLResponse=") {
        return Ok(Received::decode_base64(text));
    }
    let field = url::form_urlencoded::parse(text.trim_end().as_bytes())
        .find(|(name, _)| name == "SAMLResponse")
        .map(|(_, value)| value.into_owned());
    Ok(Received::decode_base64(&field.context("the form has no field SAMLResponse")?))
}

/// A refused document as an error of the command.
pub fn refused(what: &str, rejected: &Rejected) -> anyhow::Error {
    anyhow!("{what}: {} ({}) {}", rejected.code(), rejected.code().admin(), rejected.detail())
}
