//! What the other programs would look like without their trick.
use ostiary_xmlsig::{Limits, Message};

fn main() {
    let message = Message::parse(b"<a>admin</a>", &Limits::MESSAGE).unwrap();
    let text = message.root().text_unverified().unwrap();
    assert!(text.matches("admin"));
    let _length: usize = text.bounded(|inner| inner.len());
}
