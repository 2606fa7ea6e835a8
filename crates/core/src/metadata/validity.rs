//! For how long metadata may be used (Metadata 2.3.1, 2.3.2, 2.4.1): the strictest of all elements around the role.

use crate::{Rejected, time};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Readable};

#[derive(Default)]
pub(super) struct Validity {
    pub(super) until: Option<Timestamp>,
    pub(super) cache_seconds: Option<u64>,
}

/// The earliest validUntil, which must lie ahead, and the shortest cacheDuration.
pub(super) fn of<'d, T: Readable>(
    elements: impl Iterator<Item = Element<'d, T>>,
    now: Timestamp,
) -> Result<Validity, Rejected> {
    let invalid = |detail| Rejected::new(Code::MetadataTimeInvalid, detail);
    let mut validity = Validity::default();
    for element in elements {
        if let Some(text) = element.attribute("validUntil") {
            let until = time::parse(&text).ok_or_else(|| invalid("validUntil is not a time in UTC"))?;
            validity.until = Some(validity.until.map_or(until, |other| other.min(until)));
        }
        if let Some(text) = element.attribute("cacheDuration") {
            let seconds =
                duration_seconds(&text).ok_or_else(|| invalid("cacheDuration is not a duration"))?;
            validity.cache_seconds = Some(validity.cache_seconds.map_or(seconds, |other| other.min(seconds)));
        }
    }
    match validity.until {
        Some(until) if now >= until => {
            Err(Rejected::new(Code::MetadataExpired, format!("valid until {}", time::format(until))))
        }
        _ => Ok(validity),
    }
}

/// Digits beyond this many are no duration, but an attempt.
const MAX_DIGITS: usize = 9;

/// Reads an xs:duration (XML Schema 2, 3.2.6) that is not negative, fractions of a second cut off. A month counts 28 days
/// and a year 365: the shortest that they can mean.
fn duration_seconds(text: &str) -> Option<u64> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((date, time)) if !time.is_empty() => (date, time),
        Some(_) => return None,
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    const DAY: u64 = 86_400;
    let days = components(date, &[('Y', 365 * DAY), ('M', 28 * DAY), ('D', DAY)])?;
    days.checked_add(components(time, &[('H', 3600), ('M', 60), ('S', 1)])?)
}

/// `number unit` in the order of `units`, each at most once.
fn components(mut text: &str, mut units: &[(char, u64)]) -> Option<u64> {
    let mut sum = 0_u64;
    while !text.is_empty() {
        let length = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, rest) = text.split_at_checked(length)?;
        let unit = rest.chars().next()?;
        let place = units.iter().position(|(known, _)| *known == unit)?;
        let (_, seconds) = units.get(place)?;
        units = units.get(place.checked_add(1)?..)?;
        text = rest.strip_prefix(unit)?;
        sum = sum.checked_add(whole(number, unit == 'S')?.checked_mul(*seconds)?)?;
    }
    Some(sum)
}

/// A number; only seconds may have a fraction, of at least one digit.
fn whole(number: &str, may_have_fraction: bool) -> Option<u64> {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) if may_have_fraction => (whole, Some(fraction)),
        Some(_) => return None,
        None => (number, None),
    };
    let digits =
        |text: &str| (1..=MAX_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && fraction.is_none_or(digits)).then(|| whole.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::duration_seconds;
    use proptest::prelude::*;

    #[test]
    fn reads_durations() {
        for (text, seconds) in [
            ("PT0S", 0),
            ("PT1H", 3600),
            ("PT1.999S", 1),
            ("P1D", 86_400),
            ("P1M", 28 * 86_400),
            ("P1Y", 365 * 86_400),
            ("PT5M", 300),
            ("P1Y2M3DT4H5M6.7S", (365 + 56 + 3) * 86_400 + 4 * 3600 + 5 * 60 + 6),
            ("P0D", 0),
        ] {
            assert_eq!(duration_seconds(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P1DT",
            "-P1D",
            "P-1D",
            "+P1D",
            " P1D",
            "P1D ",
            "P1H",
            "PT1D",
            "P1S",
            "PT1H1H",
            "PT1S1M",
            "P1D1M",
            "P1.5D",
            "PT1.S",
            "PT.5S",
            "PT1.5.5S",
            "PT1234567890S",
            "p1d",
            "P１D",
            "P1DT1H1",
            "PT1,5S",
        ] {
            assert_eq!(duration_seconds(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn sums_its_parts(y in 0_u64..99, m in 0_u64..99, d in 0_u64..999, h in 0_u64..99, i in 0_u64..99, s in 0_u64..999) {
            let text = format!("P{y}Y{m}M{d}DT{h}H{i}M{s}S");
            let expected = (y * 365 + m * 28 + d) * 86_400 + h * 3600 + i * 60 + s;
            prop_assert_eq!(duration_seconds(&text), Some(expected));
        }

        #[test]
        fn never_panics(text in "P?[0-9.YMDTHS+-]{0,20}|\\PC{0,20}") {
            let _: Option<u64> = duration_seconds(&text);
        }
    }
}
