//! The parser of an unverified value cannot write the text into something that it captures.
use ostiary_xmlsig::{Limits, Message};

fn main() {
    let message = Message::parse(b"<a>admin</a>", &Limits::MESSAGE).unwrap();
    let mut name = String::new();
    message.root().text_unverified().unwrap().bounded(|inner| name.push_str(inner));
}
