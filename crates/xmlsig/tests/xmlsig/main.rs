//! One test program: linked once, so that one changed line is tried quickly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod canonicalisation;
mod common;
mod encryption;
mod grammar;
mod keys;
mod properties;
mod reading;
mod redirect;
mod signature;
mod signing;
