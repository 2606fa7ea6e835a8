//! xs:dateTime as SAML restricts it (Core 1.3.3): UTC, and nothing relies on less than a millisecond.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Fraction digits beyond this many are no time, but an attempt.
const MAX_FRACTION_DIGITS: usize = 20;
/// The most that two clocks may differ, in seconds.
const MAX_SKEW_SECONDS: u16 = 300;

/// Reads `YYYY-MM-DDThh:mm:ss[.fraction]Z`, strictly: UTC is written `Z` or, by some libraries, `+00:00`; up to 20
/// fraction digits are cut to milliseconds; white space is not allowed. `None` for anything else, every other offset
/// and local time above all.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let (seconds, fraction) = match text.split_once('.') {
        Some((seconds, fraction)) => (seconds, Some(fraction)),
        None => (text, None),
    };
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2] =
        seconds.as_bytes()
    else {
        return None;
    };
    let year = i16::from(two(y1, y2)?).checked_mul(100)?.checked_add(i16::from(two(y3, y4)?))?;
    let civil = DateTime::new(
        year,
        two(m1, m2)?,
        two(d1, d2)?,
        two(h1, h2)?,
        two(i1, i2)?,
        two(s1, s2)?,
        fraction.map_or(Some(0), milliseconds)?.checked_mul(1_000_000)?,
    )
    .ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// Writes `YYYY-MM-DDThh:mm:ss.mmmZ`.
#[must_use]
pub fn format(time: Timestamp) -> String {
    let t = TimeZone::UTC.to_datetime(time);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second(),
        t.millisecond()
    )
}

fn digit(byte: u8) -> Option<i8> {
    byte.is_ascii_digit().then(|| i8::try_from(byte.wrapping_sub(b'0')).ok())?
}

fn two(tens: u8, ones: u8) -> Option<i8> {
    digit(tens)?.checked_mul(10)?.checked_add(digit(ones)?)
}

fn milliseconds(fraction: &str) -> Option<i32> {
    if fraction.is_empty()
        || fraction.len() > MAX_FRACTION_DIGITS
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let mut digits = fraction.bytes().map(digit);
    let mut value = 0_i32;
    for _ in 0..3 {
        value = value.checked_mul(10)?.checked_add(i32::from(digits.next().unwrap_or(Some(0))?))?;
    }
    Some(value)
}

/// The time of judgement and by how much clocks may differ. All windows are half-open: `NotBefore ≤ now <
/// NotOnOrAfter`, each widened by the skew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    now: Timestamp,
    skew_ms: i64,
}

impl Clock {
    pub(crate) fn new(now: Timestamp, skew_seconds: u16) -> Self {
        Self { now, skew_ms: i64::from(skew_seconds.min(MAX_SKEW_SECONDS)).saturating_mul(1000) }
    }

    /// `time` is reached, or could be by a clock that runs ahead of ours.
    pub(crate) fn has_reached(&self, time: Timestamp) -> bool {
        self.now.as_millisecond() >= time.as_millisecond().saturating_sub(self.skew_ms)
    }

    /// An IssueInstant or AuthnInstant that lies at most five minutes ahead. No rule of the specification makes a window
    /// of it, so the skew that is set for windows does not count.
    pub(crate) fn is_plausible(&self, instant: Timestamp) -> bool {
        let tolerance = i64::from(MAX_SKEW_SECONDS).saturating_mul(1000);
        self.now.as_millisecond() >= instant.as_millisecond().saturating_sub(tolerance)
    }

    /// `time` lies ahead, or could by a clock that runs behind ours.
    pub(crate) fn is_before(&self, time: Timestamp) -> bool {
        self.now.as_millisecond() < time.as_millisecond().saturating_add(self.skew_ms)
    }

    /// `time` is not earlier than `earliest`, or could be by another clock.
    pub(crate) fn not_earlier(&self, time: Timestamp, earliest: Timestamp) -> bool {
        time.as_millisecond().saturating_add(self.skew_ms) >= earliest.as_millisecond()
    }

    /// For the trace: what [`Clock::is_plausible`] demands.
    pub(crate) fn describe_plausible(&self) -> String {
        format!("at most {MAX_SKEW_SECONDS} s after {}", format(self.now))
    }

    /// For the trace: the time and the skew.
    pub(crate) fn describe(&self) -> String {
        format!("now {} ± {} s", format(self.now), self.skew_ms / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_identity_providers_write() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:01.5Z", 1_500),
            ("2026-11-20T10:15:40.123Z", 1_795_169_740_123),
            ("2026-11-20T10:15:40.1239999Z", 1_795_169_740_123),
            ("2026-11-20T10:15:40.12345678901234567890Z", 1_795_169_740_123),
            ("2026-11-20T10:15:40.123+00:00", 1_795_169_740_123),
        ] {
            assert_eq!(parse(text).map(Timestamp::as_millisecond), Some(millis), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "Z",
            "2026-11-20",
            "2026-11-20T10:15:40",
            "2026-11-20T10:15:40z",
            "2026-11-20T10:15:40+01:00",
            "2026-11-20T10:15:40-00:00",
            "2026-11-20T10:15:40+00:00Z",
            "2026-11-20T10:15:40Z+00:00",
            "2026-11-20T10:15:40.Z",
            "2026-11-20T10:15:40.123456789012345678901Z",
            "2026-11-20T10:15:40.1a3Z",
            " 2026-11-20T10:15:40Z",
            "2026-11-20T10:15:40Z ",
            "2026-11-20 10:15:40Z",
            "2026/11/20T10:15:40Z",
            "2026-13-20T10:15:40Z",
            "2026-02-29T10:15:40Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T10:15:60Z",
            "12026-11-20T10:15:40Z",
            "-2026-11-20T10:15:40Z",
            "２026-11-20T10:15:40Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["2026-11-20T10:15:40.123Z", "0001-01-01T00:00:00.000Z", "9999-12-30T22:00:00.000Z"] {
            assert_eq!(parse(text).map(format).as_deref(), Some(text));
        }
    }

    #[test]
    fn windows_are_half_open_and_widened_by_at_most_five_minutes() {
        let at = |s: i64| Timestamp::from_second(s).unwrap();
        let exact = Clock::new(at(1000), 0);
        assert!(exact.has_reached(at(1000)) && !exact.has_reached(at(1001)));
        assert!(exact.is_before(at(1001)) && !exact.is_before(at(1000)));
        let wide = Clock::new(at(1000), 9999);
        assert!(wide.has_reached(at(1300)) && !wide.has_reached(at(1301)));
        assert!(wide.is_before(at(701)) && !wide.is_before(at(700)));
        for clock in [exact, wide] {
            assert!(clock.is_plausible(at(1300)) && !clock.is_plausible(at(1301)));
        }
    }
}
