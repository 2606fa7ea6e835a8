//! Independent second opinions on what Ostiary reads and writes: xmlsec1 (with libxml2) and samael. Tests only; nothing
//! that ships depends on this crate, and no hostile document reaches samael's validator.
//!
//! - [`Campaign`] makes random signed documents and mutants of them and compares our verdict with xmlsec1's.
//! - [`compare()`] does that for any document: canonical bytes of signed elements and of SignedInfo, and the verdict.
//! - [`opinion`] is xmlsec1 alone, restricted to what our own engine allows.
//!
//! `docs/oracles.md` says what was found.

mod campaign;
mod compare;
mod document;
mod draw;
#[expect(unsafe_code, reason = "xmlsec1 gives the bytes that it hashed through its C interface only")]
mod ffi;
mod mutate;
mod template;
mod xmlsec1;

pub use campaign::{Campaign, Found, Outcome};
pub use compare::{Disagreement, Tally, Trusted, compare};
pub use document::{Document, ID};
pub use draw::Draw;
pub use template::Template;
pub use xmlsec1::{Key, Of, Opinion, Signed, fill_in, opinion};
