//! What a library for judging a corpus can do, and no other: a clock that stands still, and settings that the product does
//! not have. The cargo feature `test-features` brings it. Nothing that ships is built with it: `about()` would say so, the
//! configuration section `test` is an unknown field without it, and the check of the artefacts looks for [`MARK`].
//!
//! Every question here has an honest answer in the product; without the feature it gives that one.

use crate::MIN_RSA_BITS;
use crate::attempt::RelayState;
use crate::config::Config;
use crate::settings::Problem;
use crate::wire::action::{Effect, LogLine};
use jiff::Timestamp;
use ostiary_core::RequestId;
use ostiary_xmlsig::{DecryptionKey, Unverified};
use std::borrow::Cow;

/// What the section `test` says.
#[derive(Debug, Clone, Default)]
pub struct TestFeatures {
    #[cfg(feature = "test-features")]
    on: on::Section,
}

#[cfg(not(feature = "test-features"))]
#[expect(clippy::unused_self, reason = "the shape of a build that has the feature")]
impl TestFeatures {
    pub fn read(_: &Config) -> Result<Self, Problem> {
        Ok(Self::default())
    }

    /// A warning that this library must not serve anybody.
    pub const fn warning(&self) -> Option<LogLine> {
        None
    }

    /// The time by which is judged.
    pub const fn now(&self, host: Timestamp) -> Timestamp {
        host
    }

    /// Times that the host will hold against its own clock.
    pub const fn to_host(&self, effect: Effect, _host: Timestamp) -> Effect {
        effect
    }

    /// The least modulus of an RSA key, of whomever.
    pub const fn min_rsa_bits(&self) -> u32 {
        MIN_RSA_BITS
    }

    /// The ACS URL that messages must name.
    pub const fn acs_url<'s>(&'s self, configured: &'s str) -> &'s str {
        configured
    }

    /// The keys that decrypt.
    pub const fn decryption<'s>(&self, keys: &'s [DecryptionKey]) -> &'s [DecryptionKey] {
        keys
    }

    /// The ID of a new attempt, if it is not the one that was made for it.
    pub const fn attempt_id(&self) -> Option<String> {
        None
    }

    /// That ID as the ID of a logout request.
    pub const fn logout_id(&self) -> Option<RequestId> {
        None
    }

    /// That ID, if it is the one that a Response answers to.
    pub const fn answered(&self, _: &Unverified<Cow<'_, str>>) -> Option<String> {
        None
    }

    /// The same for RelayState.
    pub const fn relay_state(&self, _: &str) -> Option<RelayState> {
        None
    }
}

#[cfg(feature = "test-features")]
pub use on::Section;

#[cfg(feature = "test-features")]
mod on {
    use super::*;
    use crate::wire::action::{Ask, Level};
    use ostiary_codes::Code;
    use serde::{Deserialize, Serialize};

    /// By this text the check of the artefacts knows a library that must not ship.
    const MARK: &str = "ostiary-test-features-are-in-this-library";

    /// The section `test` of the configuration.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct Section {
        /// The time, whatever the host's clock says (RFC 3339).
        pub now: Option<String>,
        /// The least modulus of an RSA key.
        pub min_rsa_bits: Option<u32>,
        /// The ACS URL that messages must name, where it is none that `sp.acs_url` could be.
        pub acs_url: Option<String>,
        /// The ID of every request that is made, in whatever form.
        pub request_id: Option<String>,
        /// As though there were no key to decrypt with.
        pub no_decryption_key: bool,
        /// What was used is free again at once: cases of a corpus share IDs, and the host has one memory for them all.
        pub forget_used: bool,
    }

    impl super::TestFeatures {
        pub fn read(config: &Config) -> Result<Self, Problem> {
            let on = config.test.clone().unwrap_or_default();
            match &on.now {
                Some(now) if ostiary_core::time::parse(now).is_none() => {
                    Err(Problem::new("test.now", "must be a time"))
                }
                _ => Ok(Self { on }),
            }
        }

        #[expect(clippy::unused_self, reason = "the shape of a build without the feature")]
        pub fn warning(&self) -> Option<LogLine> {
            let text = format!("{MARK}: its clock and its floor can be set. It must not serve anybody.");
            Some(LogLine { level: Level::Error, code: Code::DevelopmentMode, text, correlation: None })
        }

        pub fn now(&self, host: Timestamp) -> Timestamp {
            self.on.now.as_deref().and_then(ostiary_core::time::parse).unwrap_or(host)
        }

        pub fn to_host(&self, mut effect: Effect, host: Timestamp) -> Effect {
            let ahead = host.as_millisecond().saturating_sub(self.now(host).as_millisecond());
            match &mut effect {
                Effect::Ask { ask: Ask::Reserve { until_ms, issued_ms, .. }, .. }
                    if self.on.now.is_some() =>
                {
                    *until_ms = match self.on.forget_used {
                        true => host.as_millisecond(),
                        false => until_ms.saturating_add(ahead),
                    };
                    // However old the message: the host's memory is taken to reach back to it.
                    *issued_ms = host.as_millisecond();
                }
                Effect::SignIn { session, .. } => {
                    session.not_on_or_after_ms =
                        session.not_on_or_after_ms.map(|end| end.saturating_add(ahead));
                }
                _ => {}
            }
            effect
        }

        pub fn min_rsa_bits(&self) -> u32 {
            self.on.min_rsa_bits.unwrap_or(MIN_RSA_BITS)
        }

        pub fn acs_url<'s>(&'s self, configured: &'s str) -> &'s str {
            self.on.acs_url.as_deref().unwrap_or(configured)
        }

        pub fn decryption<'s>(&self, keys: &'s [DecryptionKey]) -> &'s [DecryptionKey] {
            if self.on.no_decryption_key { &[] } else { keys }
        }

        pub fn attempt_id(&self) -> Option<String> {
            self.on.request_id.clone()
        }

        pub fn logout_id(&self) -> Option<RequestId> {
            RequestId::parse(self.on.request_id.as_deref()?)
        }

        pub fn answered(&self, id: &Unverified<Cow<'_, str>>) -> Option<String> {
            self.on.request_id.clone().filter(|ours| id.matches(ours))
        }

        pub fn relay_state(&self, text: &str) -> Option<RelayState> {
            let id = self.on.request_id.clone().filter(|ours| text == ours)?;
            Some(RelayState { id, restarted: false })
        }
    }
}
