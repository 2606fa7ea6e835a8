//! An identity provider shaped like Microsoft Entra ID and AD FS, for tests and the demo. Never for production: it
//! signs in whoever presses a button.
//!
//! - [`Scene`] builds one Response, every field of it overridable, and signs it with a [`TestKey`].
//! - [`wrap`] turns an honest Response into every known signature-wrapping attack.
//! - [`Idp`] is the identity provider itself, pure: web request in, web answer out, clock and randomness as arguments.
//! - [`server`] puts it behind a small HTTP server.
//!
//! What this crate signs is canonical by construction (it writes exclusive canonical form directly), so it does not
//! depend on the canonicaliser that it helps to test.

mod attack;
mod error;
mod idp;
mod keys;
mod metadata;
mod redirect;
mod rng;
mod scene;
#[cfg(feature = "server")]
pub mod server;
mod sign;
mod time;
mod xml;

pub use attack::{Wrapped, wrap};
pub use error::TestkitError;
pub use idp::{Idp, IdpSettings, Misbehaviour, SpSettings, User, WebAnswer, WebRequest};
pub use keys::{Hash, TestKey};
pub use metadata::{MetadataShape, idp_metadata};
pub use redirect::{RedirectStyle, deflate_base64, redirect_query};
pub use rng::SeededRng;
pub use scene::{Encryption, Flavour, Scene, Status};
pub use sign::{SignaturePlace, sign_canonical};
pub use time::{shift, stamp};
pub use xml::{attribute, text};
