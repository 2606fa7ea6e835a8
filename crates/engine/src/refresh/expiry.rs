//! Certificates of the identity provider expire. Keys are pinned, so that refuses nobody (Kantara SAML2Int: never rely
//! on the validity of pinned keys); but Entra ID will change to another key about then, so the administrator is told.

use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::Level;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::CertificateInfo;

/// The administrator is told when so many days are left, and when none are.
const DAYS: [i64; 4] = [0, 7, 30, 60];
const DAY_SECONDS: i64 = 86_400;

/// Whole days until each certificate expires, the newest last; negative afterwards.
pub fn days_left(state: &State, now: Timestamp) -> Vec<i64> {
    let certificates = state.config.idp.certificates.iter().filter_map(|text| info(text));
    let mut days: Vec<i64> = certificates
        .map(|info| info.not_after.saturating_sub(now.as_second()).div_euclid(DAY_SECONDS))
        .collect();
    days.sort_unstable();
    days
}

/// A configured certificate; a bare public key has no validity.
fn info(text: &str) -> Option<CertificateInfo> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let compact: String = lines.flat_map(str::split_whitespace).collect();
    CertificateInfo::from_der(&STANDARD.decode(compact).ok()?).ok()
}

/// One log line for each threshold, for the certificate that lasts longest: an old one beside it may well be over.
pub fn warn(turn: &mut Turn<'_>) {
    let Some(days) = days_left(&turn.engine.state.get(), turn.now).pop() else { return };
    let lease = &turn.engine.lease;
    match DAYS.into_iter().find(|threshold| days <= *threshold) {
        Some(_) if days < 0 && lease.is_news(-1) => {
            turn.log(Level::Warn, Code::CertificateExpiring, "the newest signing certificate has expired");
        }
        Some(threshold) if lease.is_news(threshold) => {
            let text = format!("the newest signing certificate expires in {days} days");
            turn.log(Level::Warn, Code::CertificateExpiring, text);
        }
        Some(_) => {}
        None => lease.forget_news(),
    }
}
