//! Who may fetch, and when: one at a time, and no more often than the budgets allow. Nobody ever waits here.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub const MINUTE_MS: i64 = 60_000;
/// A fetch that takes longer has died.
const DEADLINE_MS: i64 = 30_000;
/// Between two fetches that somebody's message caused.
pub const DEMAND_MS: i64 = 5 * MINUTE_MS;
/// A schedule that lies further ahead was made by a clock that was wrong.
const FURTHEST_MS: i64 = 25 * 60 * MINUTE_MS;

/// Why somebody wants to fetch. Each kind has its own budget, and failures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The schedule says so. If nothing comes of it, the next try is after `retry_ms`.
    Schedule { retry_ms: i64 },
    /// A message says that there may be new keys.
    Demand,
}

/// Who may fetch, and when.
#[derive(Debug, Default)]
pub struct Lease(Mutex<Times>);

/// All in milliseconds since 1970.
#[derive(Debug, Default)]
struct Times {
    /// Ticket of the fetch under way and when it began.
    fetching: Option<(u64, i64)>,
    last_ticket: u64,
    /// When the last fetch on demand began.
    demanded: Option<i64>,
    /// When the next scheduled fetch is due.
    due: Option<i64>,
    /// The least number of days to expiry that was warned of.
    warned_days: Option<i64>,
}

impl Lease {
    fn times(&self) -> MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the first scheduled fetch is due, unless that is known.
    pub fn plan(&self, due: i64) {
        self.times().due.get_or_insert(due);
    }

    /// When the next scheduled fetch is due.
    pub fn put_off(&self, due: i64) {
        self.times().due = Some(due);
    }

    /// A ticket to fetch, for one at a time.
    pub fn claim(&self, why: Why, now: i64) -> Option<u64> {
        let mut times = self.times();
        if times.fetching.is_some_and(|(_, since)| is_within(DEADLINE_MS, since, now)) {
            return None;
        }
        match why {
            Why::Demand if times.demanded.is_some_and(|last| is_within(DEMAND_MS, last, now)) => return None,
            Why::Demand => times.demanded = Some(now),
            Why::Schedule { .. } if times.due.is_some_and(|due| is_ahead(due, now)) => return None,
            Why::Schedule { retry_ms } => times.due = Some(now.saturating_add(retry_ms)),
        }
        times.last_ticket = times.last_ticket.saturating_add(1);
        times.fetching = Some((times.last_ticket, now));
        Some(times.last_ticket)
    }

    /// Ends a fetch. False if its deadline has passed: then another one may be under way.
    pub fn release(&self, ticket: u64, now: i64) -> bool {
        let mut times = self.times();
        match times.fetching {
            Some((current, since)) if current == ticket => {
                times.fetching = None;
                is_within(DEADLINE_MS, since, now)
            }
            _ => false,
        }
    }

    /// Whether it is news that so few `days` are left: true once for each.
    pub fn is_news(&self, days: i64) -> bool {
        let mut times = self.times();
        let news = times.warned_days.is_none_or(|warned| days < warned);
        if news {
            times.warned_days = Some(days);
        }
        news
    }

    /// The certificates were renewed.
    pub fn forget_news(&self) {
        self.times().warned_days = None;
    }
}

/// `time` is not earlier than `since` and less than `span` later. A clock that was set back ends every wait.
const fn is_within(span: i64, since: i64, time: i64) -> bool {
    let passed = time.saturating_sub(since);
    0 <= passed && passed < span
}

/// `due` is not reached, and no further away than any schedule is.
const fn is_ahead(due: i64, now: i64) -> bool {
    now < due && is_within(FURTHEST_MS, now, due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCHEDULE: Why = Why::Schedule { retry_ms: DEMAND_MS };

    #[test]
    fn only_one_fetches() {
        let lease = Lease::default();
        let ticket = lease.claim(Why::Demand, 0).unwrap();
        assert_eq!(lease.claim(SCHEDULE, 29_999), None);
        assert!(lease.release(ticket, 29_999));
        assert!(lease.claim(SCHEDULE, 29_999).is_some());
    }

    #[test]
    fn a_dead_fetch_ends_after_thirty_seconds_and_what_it_brings_later_does_not_count() {
        let lease = Lease::default();
        let dead = lease.claim(Why::Demand, 0).unwrap();
        assert_eq!(lease.claim(SCHEDULE, 29_999), None);
        let next = lease.claim(SCHEDULE, 30_000).unwrap();
        assert!(!lease.release(dead, 30_001));
        assert!(lease.release(next, 30_002), "the dead one took nothing with it");
        assert!(!lease.release(next, 30_003), "once");
    }

    #[test]
    fn demand_is_met_once_in_five_minutes_even_if_it_failed() {
        let lease = Lease::default();
        let first = lease.claim(Why::Demand, 1000).unwrap();
        lease.release(first, 1001);
        assert_eq!(lease.claim(Why::Demand, 1000 + DEMAND_MS - 1), None);
        assert!(lease.claim(Why::Demand, 1000 + DEMAND_MS).is_some());
    }

    #[test]
    fn budgets_are_apart() {
        let lease = Lease::default();
        let demanded = lease.claim(Why::Demand, 0).unwrap();
        lease.release(demanded, 1);
        let scheduled = lease.claim(SCHEDULE, 2).unwrap();
        lease.release(scheduled, 3);
        assert_eq!(lease.claim(SCHEDULE, 4), None);
        assert_eq!(lease.claim(Why::Demand, 4), None);
    }

    #[test]
    fn what_is_due_now_is_due() {
        let lease = Lease::default();
        lease.plan(100);
        lease.plan(50);
        assert_eq!(lease.claim(SCHEDULE, 99), None);
        assert!(lease.claim(SCHEDULE, 100).is_some());
    }

    #[test]
    fn a_clock_that_is_set_back_ends_every_wait() {
        let lease = Lease::default();
        lease.claim(Why::Demand, 10_000_000_000).unwrap();
        let ticket = lease.claim(Why::Demand, 5).unwrap();
        lease.release(ticket, 6);
        lease.put_off(10_000_000_000);
        assert!(lease.claim(SCHEDULE, 7).is_some());
    }

    proptest! {
        #[test]
        fn no_flood_gets_two_demands_within_five_minutes(mut times in prop::collection::vec(0_i64..2_000_000, 1..300)) {
            times.sort_unstable();
            let lease = Lease::default();
            let mut granted: Vec<i64> = Vec::new();
            for now in times {
                if let Some(ticket) = lease.claim(Why::Demand, now) {
                    granted.push(now);
                    if now % 3 != 0 {
                        lease.release(ticket, now);
                    }
                }
            }
            prop_assert!(!granted.is_empty());
            prop_assert!(granted.windows(2).all(|pair| pair[1] - pair[0] >= DEMAND_MS), "{:?}", granted);
        }
    }
}
