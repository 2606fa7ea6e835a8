//! The sans-I/O sign-in engine: an event goes in, one action comes out. Everything that only the host can do (HTTPS,
//! user directory, shared one-time store, settings) is asked for by an `ask` action; time and randomness are
//! arguments.

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde_json::Value;

/// One engine: a checked configuration, its keys, and nothing about any visitor.
pub struct Engine {}

/// What came of [`Engine::open`].
pub struct Opened {
    /// The engine; absent when the configuration cannot be used.
    pub engine: Option<Engine>,
    /// The answer for the host as in `docs/wire.md`, without `handle`.
    pub answer: Value,
}

impl Engine {
    /// Reads and checks a configuration (JSON).
    pub fn open(_config_json: &[u8], _now: Timestamp, _rng: &mut dyn CryptoRng) -> Opened {
        Opened {
            engine: Some(Self {}),
            answer: serde_json::json!({"armed": false, "problems": [], "log": []}),
        }
    }

    /// Takes one event (JSON) and gives one action (JSON).
    pub fn handle(&self, _event_json: &[u8], _now: Timestamp, _rng: &mut dyn CryptoRng) -> Vec<u8> {
        br#"{"action":"pass"}"#.to_vec()
    }
}
