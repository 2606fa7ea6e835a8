//! Sign-in attempts, kept sealed in cookies of the browser that started them: one attempt, one cookie,
//! named by its request ID. So any number of tabs, and any node, can finish what was started.

use crate::sealed::{Purpose, SealError, SealingKey};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use ostiary_core::RequestId;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Write};

const PREFIX: &str = "ostiary_";
/// How long a sign-in may take.
pub const LIFETIME_SECONDS: i64 = 3600;
/// Attempts that one browser keeps.
pub const MOST: usize = 5;
/// Bytes of a cookie's value: browsers silently drop cookies over 4,096, and Tomcat takes 8 KB of headers in all.
pub const MAX_VALUE: usize = 1500;
/// Bytes of an inflated payload.
const MAX_PAYLOAD: u64 = 32 * 1024;

/// One sign-in attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// ID of the AuthnRequest.
    #[serde(rename = "i")]
    pub id: String,
    /// When it was started, milliseconds since 1970.
    #[serde(rename = "a")]
    pub issued_ms: i64,
    /// Where the user wants to go: path and query.
    #[serde(rename = "t")]
    pub target: String,
    /// The tab itself knows more of the target than `target` does.
    #[serde(rename = "k", default, skip_serializing_if = "is_false")]
    pub kept_in_tab: bool,
    /// It led to a sign-in; kept for a while so that a repeated form finds its target.
    #[serde(rename = "u", default, skip_serializing_if = "is_false")]
    pub used: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What the browser's cookie says about an attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// It was started in this browser.
    Open(Attempt),
    /// It was, but more than an hour ago.
    Expired(Attempt),
    /// There is a cookie, and it does not open.
    Invalid,
    /// There is none.
    Missing,
}

/// Name of the cookie of the attempt `id`.
pub fn cookie_name(id: &str) -> String {
    format!("{PREFIX}{id}")
}

impl Attempt {
    pub fn issued(&self) -> Timestamp {
        Timestamp::from_millisecond(self.issued_ms).unwrap_or(Timestamp::MIN)
    }

    /// When its cookie is worth nothing any more.
    pub fn expires_ms(&self) -> i64 {
        self.issued_ms.saturating_add(LIFETIME_SECONDS.saturating_mul(1000))
    }

    /// The sealed value, or nothing when the target makes it too large for a cookie.
    pub fn seal(&self, key: &SealingKey, rng: &mut dyn CryptoRng) -> Result<Option<String>, SealError> {
        let payload = serde_json::to_vec(self).map_err(|_| SealError::Crypto)?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&payload).map_err(|_| SealError::Crypto)?;
        let deflated = encoder.finish().map_err(|_| SealError::Crypto)?;
        let expires = Timestamp::from_millisecond(self.expires_ms()).map_err(|_| SealError::Crypto)?;
        let sealed = key.seal(Purpose::Attempt, expires, &deflated, rng)?;
        Ok((sealed.len() <= MAX_VALUE).then_some(sealed))
    }

    /// The attempt `id` among the browser's cookies.
    pub fn find(cookies: &BTreeMap<String, String>, id: &str, key: &SealingKey, now: Timestamp) -> Found {
        let Some(value) = cookies.get(&cookie_name(id)) else { return Found::Missing };
        let Ok(opened) = key.open(Purpose::Attempt, now, value) else { return Found::Invalid };
        match inflate(&opened.payload) {
            // A cookie under another's name is somebody's trick.
            Some(attempt) if attempt.id == id && opened.expired => Found::Expired(attempt),
            Some(attempt) if attempt.id == id => Found::Open(attempt),
            _ => Found::Invalid,
        }
    }
}

fn inflate(deflated: &[u8]) -> Option<Attempt> {
    let mut payload = Vec::new();
    DeflateDecoder::new(deflated).take(MAX_PAYLOAD).read_to_end(&mut payload).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// The attempts that must go so that one more has room: what was used, what does not open, then the oldest.
pub fn surplus(cookies: &BTreeMap<String, String>, key: &SealingKey, now: Timestamp) -> Vec<String> {
    let mut kept: Vec<(u8, i64, &str)> = cookies
        .keys()
        .filter_map(|name| name.strip_prefix(PREFIX))
        .filter(|id| RequestId::parse(id).is_some())
        .map(|id| match Attempt::find(cookies, id, key, now) {
            Found::Open(attempt) if !attempt.used => (1, attempt.issued_ms, id),
            Found::Open(attempt) | Found::Expired(attempt) => (0, attempt.issued_ms, id),
            Found::Invalid | Found::Missing => (0, i64::MIN, id),
        })
        .collect();
    kept.sort_unstable();
    let room = MOST.saturating_sub(1);
    let too_many = kept.len().saturating_sub(room);
    kept.iter().take(too_many).map(|(_, _, id)| (*id).to_owned()).collect()
}

/// What comes back beside the answer: names the attempt, and whether it was started to heal another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayState {
    pub id: String,
    pub restarted: bool,
}

impl RelayState {
    const MARK: &str = "r1.";

    pub fn parse(text: &str) -> Option<Self> {
        let (restarted, id) = match text.strip_prefix(Self::MARK) {
            Some(id) => (true, id),
            None => (false, text),
        };
        RequestId::parse(id)?;
        Some(Self { id: id.to_owned(), restarted })
    }
}

impl std::fmt::Display for RelayState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = if self.restarted { Self::MARK } else { "" };
        write!(f, "{mark}{}", self.id)
    }
}

/// A raw `Set-Cookie` value. Lax would keep the cookie away from the answer, which is a cross-site POST.
pub fn set_cookie(id: &str, value: &str, path: &str) -> String {
    let name = cookie_name(id);
    format!("{name}={value}; Path={path}; Max-Age={LIFETIME_SECONDS}; Secure; HttpOnly; SameSite=None")
}

/// A raw `Set-Cookie` value that deletes.
pub fn delete_cookie(id: &str, path: &str) -> String {
    format!("{}=; Path={path}; Max-Age=0; Secure; HttpOnly; SameSite=None", cookie_name(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRng;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn attempt(number: u8, issued: i64) -> Attempt {
        Attempt {
            id: format!("id{number:032x}"),
            issued_ms: issued * 1000,
            target: "/browse/X-1?a=b".to_owned(),
            kept_in_tab: false,
            used: false,
        }
    }

    fn jar(attempts: &[Attempt], key: &SealingKey, rng: &mut SeededRng) -> BTreeMap<String, String> {
        attempts.iter().map(|a| (cookie_name(&a.id), a.seal(key, rng).unwrap().unwrap())).collect()
    }

    #[test]
    fn finds_what_was_started_and_tells_when_it_is_over() {
        let mut rng = SeededRng::new(1);
        let key = SealingKey::random("https://sp.example/", &mut rng);
        let attempt = attempt(1, 100);
        let cookies = jar(std::slice::from_ref(&attempt), &key, &mut rng);
        let find = |second| Attempt::find(&cookies, &attempt.id, &key, at(second));
        assert_eq!(find(3699), Found::Open(attempt.clone()));
        assert_eq!(find(3700), Found::Expired(attempt.clone()));
    }

    #[test]
    fn refuses_a_cookie_under_another_name() {
        let mut rng = SeededRng::new(2);
        let key = SealingKey::random("https://sp.example/", &mut rng);
        let (one, other) = (attempt(1, 100), attempt(2, 100));
        let mut cookies = jar(std::slice::from_ref(&one), &key, &mut rng);
        let value = cookies.remove(&cookie_name(&one.id)).unwrap();
        cookies.insert(cookie_name(&other.id), value);
        assert_eq!(Attempt::find(&cookies, &other.id, &key, at(101)), Found::Invalid);
        assert_eq!(Attempt::find(&cookies, &one.id, &key, at(101)), Found::Missing);
    }

    #[test]
    fn makes_room_by_what_is_used_then_by_age() {
        let mut rng = SeededRng::new(3);
        let key = SealingKey::random("https://sp.example/", &mut rng);
        let mut attempts: Vec<_> = (1..=6).map(|n| attempt(n, i64::from(n))).collect();
        attempts[4].used = true;
        let cookies = jar(&attempts, &key, &mut rng);
        assert_eq!(surplus(&cookies, &key, at(10)), [attempts[4].id.clone(), attempts[0].id.clone()]);
        let four = jar(&attempts[..4], &key, &mut rng);
        assert!(surplus(&four, &key, at(10)).is_empty());
    }

    #[test]
    fn gives_no_cookie_that_browsers_would_drop() {
        let mut rng = SeededRng::new(4);
        let key = SealingKey::random("https://sp.example/", &mut rng);
        let mut attempt = attempt(1, 100);
        attempt.target = format!("/{}", "a=b&".repeat(500));
        assert!(attempt.seal(&key, &mut rng).unwrap().unwrap().len() < 400, "repetition is deflated");
        let noise: String = (0..2000_u32).map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761))).collect();
        attempt.target = format!("/{noise}");
        assert_eq!(attempt.seal(&key, &mut rng).unwrap(), None);
    }

    #[test]
    fn reads_the_relay_states_it_writes_and_no_others() {
        let id = format!("id{:032x}", 7);
        for restarted in [false, true] {
            let written = RelayState { id: id.clone(), restarted };
            assert!(written.to_string().len() <= 80);
            assert_eq!(RelayState::parse(&written.to_string()), Some(written));
        }
        for other in ["", "r1.", "r2.id00", "id0", &format!("r1.r1.{id}"), &format!(" {id}"), "/browse"] {
            assert_eq!(RelayState::parse(other), None, "{other}");
        }
    }
}
