//! The Response over HTTP-POST: what is accepted, and that every single defect has exactly its own code.
//!
//! A test made by `single_defects!` is a pair: an honest case that is accepted, and the same with one change, signed
//! again, that is refused with the code named in the table.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as loudly as the tests"
)]

#[macro_use]
mod support;

mod accepted;
mod assertion;
mod attributes;
mod completeness;
mod conditions;
mod encryption;
mod envelope;
mod properties;
mod signature;
mod statements;
mod status;
mod subject;
mod trace;
mod wrapping;
mod xml;
