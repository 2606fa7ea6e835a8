//! A typed value is read from a signed element only.
use ostiary_xmlsig::{Element, FromSigned, Limits, Message, Signed};

struct Name(String);

impl FromSigned for Name {
    type Context<'c> = ();
    type Error = ();
    fn from_signed(root: Element<'_, Signed>, (): ()) -> Result<Self, ()> {
        root.text().map(|text| Self(text.into_owned())).map_err(|_| ())
    }
}

fn main() {
    let message = Message::parse(b"<a>admin</a>", &Limits::MESSAGE).unwrap();
    let Name(_name) = Name::from_signed(message.root(), ()).unwrap();
}
