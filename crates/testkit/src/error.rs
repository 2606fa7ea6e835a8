use thiserror::Error;

/// A test message could not be made.
#[derive(Debug, Error)]
pub enum TestkitError {
    /// OpenSSL refused.
    #[error("OpenSSL: {0}")]
    OpenSsl(#[from] openssl::error::ErrorStack),
    /// The receiver's key or certificate cannot be used.
    #[error(transparent)]
    Key(#[from] ostiary_xmlsig::KeyError),
    /// A document that was given is unacceptable.
    #[error(transparent)]
    Xml(#[from] ostiary_xmlsig::XmlError),
    /// The text to be changed does not occur.
    #[error("cannot edit: `{0}` does not occur")]
    Edit(String),
    /// Compression or network.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
