use jiff::Timestamp;

/// `time` moved by `seconds`; stays where it is at the ends of time.
#[must_use]
pub fn shift(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond().saturating_add(seconds.saturating_mul(1000)))
        .unwrap_or(time)
}

/// As Entra writes times: UTC, three fraction digits, `Z`.
#[must_use]
pub fn stamp(time: Timestamp) -> String {
    format!("{time:.3}")
}
