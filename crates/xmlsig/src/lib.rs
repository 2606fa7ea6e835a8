//! Signed and encrypted XML, as strictly as SAML needs it: the only room of Ostiary that touches untrusted XML or
//! cryptography.
//!
//! ```text
//!  bytes ─▶ Message::parse ─▶ Element<Unsigned>      may be compared, never believed
//!                 │
//!                 ├─ Validator::verify_enveloped ─▶ Verified<SignedXml> ─▶ Element<Signed>
//!                 │        (canonical bytes that were hashed, and nothing else)
//!                 └─ Message::pinned ─▶ Element<Pinned>   metadata that an administrator or https vouches for
//! ```
//!
//! See only what is signed: a [`Verified`] value is made in this crate alone, and whatever is read through it comes
//! from the canonical bytes whose digest the signature covers.

mod c14n;
mod certificate;
mod cipher;
mod element;
mod encrypt;
mod encryption;
mod error;
mod keys;
mod limits;
pub mod ns;
mod parse;
mod redirect;
mod sign;
mod signature;
mod text;
mod tree;
mod validator;
mod verified;

pub use c14n::{enveloped_c14n, exclusive_c14n};
pub use certificate::CertificateInfo;
pub use cipher::EncryptionMethod;
pub use element::{Element, Pinned, Readable, Signed, Trust, Unsigned, Unverified};
pub use encrypt::{KeyTransport, encrypt_element};
pub use encryption::{DecryptionKey, decrypt_signed, decrypt_unsigned};
pub use error::{DecryptError, KeyError, ReadError, RedirectError, SignatureError, XmlError};
pub use keys::{Fingerprint, Hash, VerifyingKey};
pub use limits::Limits;
pub use redirect::{RedirectMessage, RedirectParameter};
pub use sign::{
    SignatureProfile, SigningKey, percent_encode, sign_enveloped, sign_enveloped_with, sign_redirect_query,
};
pub use tree::Message;
pub use validator::{Placement, Policy, Validator};
pub use verified::{FromSigned, SignedWith, SignedXml, Verified};
