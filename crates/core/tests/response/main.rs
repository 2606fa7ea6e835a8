//! The Response over HTTP-POST: what is accepted, and that every single defect has its own code.

mod accepted;
mod support;
