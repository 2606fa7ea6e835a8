//! An unverified value can be compared, but not taken out.
use ostiary_xmlsig::{Limits, Message};

fn main() {
    let message = Message::parse(b"<a>admin</a>", &Limits::MESSAGE).unwrap();
    let text = message.root().text_unverified().unwrap();
    let _name: &str = text.bounded(|inner| inner);
}
