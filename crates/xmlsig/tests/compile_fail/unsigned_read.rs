//! `Verified::read_at` takes no element of the unsigned envelope, whatever was verified before.
use ostiary_xmlsig::{Element, FromSigned, Message, Signed, SignedXml, Verified};

struct Name(String);

impl FromSigned for Name {
    type Context<'c> = ();
    type Error = ();
    fn from_signed(root: Element<'_, Signed>, (): ()) -> Result<Self, ()> {
        root.text().map(|text| Self(text.into_owned())).map_err(|_| ())
    }
}

fn trick(verified: &Verified<SignedXml>, message: &Message<'_>) -> Option<String> {
    let name: Verified<Name> = verified.read_at(message.root(), ()).ok()?;
    Some(name.get().0.clone())
}

fn main() {
    let _ = trick;
}
