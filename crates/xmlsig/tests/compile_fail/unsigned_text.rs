//! The text of an unsigned element does not come out as text.
use ostiary_xmlsig::{Limits, Message};

fn main() {
    let message = Message::parse(b"<a>admin</a>", &Limits::MESSAGE).unwrap();
    let _name = message.root().text();
}
