//! A `Verified` value is made by a signature check and by nothing else.
use ostiary_xmlsig::{Fingerprint, SignedWith, Verified};

fn main() {
    let with = SignedWith { key: Fingerprint::new([0; 32]), sha1: false };
    let _forged = Verified { value: "admin", with };
}
