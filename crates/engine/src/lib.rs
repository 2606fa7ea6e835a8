//! The sans-I/O sign-in engine: an event goes in, one action comes out. Everything that only the host can do (HTTPS,
//! user directory, shared one-time store, settings) is asked for by an `ask` action; time and randomness are
//! arguments.
//!
//! ```text
//!  event ─▶ Engine::handle ─▶ signon  consume  logout  sp_metadata  health  configure  refresh ─▶ pages ─▶ action
//!                 ▲                                       │
//!                 └──────── answer ◀─ (host) ◀─ ask ◀─────┘      resume: what was going on, sealed
//! ```

mod addon;
mod admin;
mod attempt;
pub mod config;
mod configure;
mod consume;
mod engine;
mod health;
mod keys;
mod logout;
mod pages;
mod refresh;
mod resume;
mod routes;
mod sealed;
mod settings;
mod signon;
mod sp_metadata;
mod state;
mod target;
mod test_features;
mod turn;
mod urls;
pub mod wire;

#[cfg(test)]
mod testing;

pub use engine::{Engine, Opened};
pub use settings::Problem;

/// The least modulus of an RSA key, of whomever.
const MIN_RSA_BITS: u32 = 2048;
