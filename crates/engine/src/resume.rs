//! Continuations: what was going on when the host was asked something. Sealed under a random key that is made when the
//! engine is opened and never leaves the process, bound to the step, good for 60 seconds and once.

use crate::sealed::{Purpose, SealError, SealingKey};
use crate::wire::event::Request;
use crate::{admin, configure, consume, logout, refresh};
use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

const LIFETIME_MS: i64 = 60_000;

/// What waits for an answer.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The settings are being saved.
    Saved {
        /// What was interrupted.
        then: Then,
        /// The revision under which they are saved.
        revision: u64,
        /// How many of our changes are in them.
        changes: u64,
    },
    /// A validated sign-in.
    SignIn(consume::Step),
    /// Metadata is being fetched or kept.
    Refresh(refresh::Step),
    /// Metadata is being resolved for an administrator.
    Configure(configure::Step),
    /// A logout request is being reserved.
    Logout(logout::Step),
    /// An administrator waits.
    Admin(Box<admin::Step>),
}

/// What goes on after an interruption.
#[derive(Debug, Serialize, Deserialize)]
pub enum Then {
    /// Nothing: it was a tick.
    Pass,
    /// The rest of a tick.
    Tick,
    /// A request, from its start.
    Request(Box<Request>),
    /// A Response whose key was unknown; no further refresh.
    Consume(Box<Request>),
}

#[derive(Serialize, Deserialize)]
struct Payload<S> {
    nonce: u128,
    correlation: String,
    step: S,
}

/// What was going on, and under which reference it is logged.
pub struct Resumed {
    pub step: Step,
    pub correlation: String,
}

/// Seals and opens steps.
pub struct Resumption {
    key: SealingKey,
    spent: Mutex<Spent>,
}

/// Nonces that came back within the last minute.
#[derive(Default)]
struct Spent {
    known: HashSet<u128>,
    by_age: VecDeque<(i64, u128)>,
}

impl Resumption {
    pub fn new(installation: &str, rng: &mut dyn CryptoRng) -> Self {
        Self { key: SealingKey::random(installation, rng), spent: Mutex::default() }
    }

    pub fn seal(
        &self,
        step: &Step,
        correlation: &str,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<String, SealError> {
        let mut nonce = [0; 16];
        rng.fill_bytes(&mut nonce);
        let payload =
            Payload { nonce: u128::from_be_bytes(nonce), correlation: correlation.to_owned(), step };
        let payload = serde_json::to_vec(&payload).map_err(|_| SealError::Crypto)?;
        let expires = now.as_millisecond().saturating_add(LIFETIME_MS);
        let expires = Timestamp::from_millisecond(expires).map_err(|_| SealError::Crypto)?;
        self.key.seal(Purpose::Resume, expires, &payload, rng)
    }

    /// What was sealed, once.
    pub fn open(&self, token: &str, now: Timestamp) -> Option<Resumed> {
        let opened = self.key.open(Purpose::Resume, now, token).ok()?;
        if opened.expired {
            return None;
        }
        let payload: Payload<Step> = serde_json::from_slice(&opened.payload).ok()?;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let Payload { nonce, correlation, step } = payload;
        spent.add(nonce, now.as_millisecond()).then_some(Resumed { step, correlation })
    }
}

impl Spent {
    /// Whether `nonce` is new. What is older than a token can be is forgotten.
    fn add(&mut self, nonce: u128, now: i64) -> bool {
        while let Some((spent_at, oldest)) = self.by_age.front().copied()
            && now.saturating_sub(spent_at) > LIFETIME_MS
        {
            self.by_age.pop_front();
            self.known.remove(&oldest);
        }
        let new = self.known.insert(nonce);
        if new {
            self.by_age.push_back((now, nonce));
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRng;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    #[test]
    fn opens_a_step_once_and_for_a_minute() {
        let mut rng = SeededRng::new(1);
        let resumption = Resumption::new("https://sp.example/", &mut rng);
        let step = Step::Saved { then: Then::Pass, revision: 1, changes: 1 };
        let token = resumption.seal(&step, "k3f9", at(0), &mut rng).unwrap();
        assert!(resumption.open(&token, at(LIFETIME_MS)).is_none(), "over");
        assert_eq!(resumption.open(&token, at(LIFETIME_MS - 1)).unwrap().correlation, "k3f9");
        assert!(resumption.open(&token, at(LIFETIME_MS - 1)).is_none(), "used");
    }

    #[test]
    fn refuses_the_token_of_another_engine_of_the_same_installation() {
        let mut rng = SeededRng::new(2);
        let one = Resumption::new("https://sp.example/", &mut rng);
        let other = Resumption::new("https://sp.example/", &mut rng);
        let token = one
            .seal(&Step::Saved { then: Then::Pass, revision: 1, changes: 1 }, "k3f9", at(0), &mut rng)
            .unwrap();
        assert!(other.open(&token, at(1)).is_none());
    }

    #[test]
    fn forgets_nonces_whose_tokens_are_over() {
        let mut spent = Spent::default();
        assert!(spent.add(1, 0));
        assert!(!spent.add(1, LIFETIME_MS));
        assert!(spent.add(2, LIFETIME_MS + 1));
        assert_eq!((spent.known.len(), spent.by_age.len()), (1, 1));
    }
}
