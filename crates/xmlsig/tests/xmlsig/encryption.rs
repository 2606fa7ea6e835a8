//! EncryptedAssertion and EncryptedID: what opens, what is refused before a key is used, and failures that look alike.

use crate::common::{KEY, OTHER, certificate, part, replace, validator, verify};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::md::{Md, MdRef};
use openssl::pkey::PKey;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, encrypt as encrypt_cbc, encrypt_aead};
use ostiary_codes::Code;
use ostiary_xmlsig::{
    DecryptionKey, EncryptionMethod, KeyTransport, Limits, Message, Placement, SigningKey, decrypt_signed,
    decrypt_unsigned, encrypt_element, exclusive_c14n, sign_enveloped,
};
use proptest::prelude::*;
use rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;

const ASSERTION: &str = r#"<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a"><Issuer>https://idp.example/</Issuer><Subject><NameID>b.simon@contoso.example</NameID></Subject></Assertion>"#;
const METHODS: [EncryptionMethod; 4] = [
    EncryptionMethod::Aes128Gcm,
    EncryptionMethod::Aes256Gcm,
    EncryptionMethod::Aes128Cbc,
    EncryptionMethod::Aes256Cbc,
];
const CBC256: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
const GCM256: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";

/// Not random at all: a given octet, and how many were asked for.
struct Octets(u8, usize);

impl TryRng for Octets {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from(self.0))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.0))
    }
    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        destination.fill(self.0);
        self.1 += destination.len();
        Ok(())
    }
}
impl TryCryptoRng for Octets {}

fn decryption_key(key: &SigningKey) -> DecryptionKey {
    DecryptionKey::from_pkcs8_der(&key.to_pkcs8_der().unwrap()).unwrap()
}

/// Decrypts the root of `xml`: the canonical plaintext, or code and step.
fn decrypt_with(xml: &str, keys: &[DecryptionKey], rng: &mut Octets) -> Result<String, (Code, String)> {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    decrypt_unsigned(message.root(), keys, &Limits::MESSAGE, rng)
        .map(|plain| exclusive_c14n(plain.root(), &[]))
        .map_err(|error| (error.code(), error.step().to_owned()))
}

fn decrypt(xml: &str) -> Result<String, Code> {
    decrypt_with(xml, &[decryption_key(&KEY)], &mut Octets(7, 0)).map_err(|(code, _)| code)
}

fn encrypted(method: EncryptionMethod, transport: KeyTransport, detached: bool) -> String {
    encrypt_element(ASSERTION.as_bytes(), &certificate(&KEY), method, transport, detached).unwrap()
}

fn standard() -> String {
    encrypted(EncryptionMethod::Aes256Cbc, KeyTransport::OaepMgf1p, false)
}

/// A message of which every part can be chosen. `transport` is the content of EncryptedKey's EncryptionMethod.
struct Built<'a> {
    content: &'a str,
    octets: Vec<u8>,
    transport: &'a str,
    transport_inside: &'a str,
    wrapped: Vec<u8>,
}

const MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP11: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

impl Built<'_> {
    /// AES-256-CBC under 32 times 9, padded with zeros as XML Encryption says.
    fn new(plaintext: &[u8]) -> Self {
        Self {
            content: CBC256,
            octets: cbc(&padded(plaintext)),
            transport: MGF1P,
            transport_inside: "",
            wrapped: wrap(&[9; 32], Md::sha1(), Md::sha1(), b""),
        }
    }

    fn xml(&self) -> String {
        format!(
            r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element"><e:EncryptionMethod Algorithm="{}"/><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><e:EncryptedKey><e:EncryptionMethod Algorithm="{}">{}</e:EncryptionMethod><e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo><e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedData></saml:EncryptedAssertion>"#,
            self.content,
            self.transport,
            self.transport_inside,
            STANDARD.encode(&self.wrapped),
            STANDARD.encode(&self.octets),
        )
    }
}

/// XML Encryption 1.1, 5.2.1: anything, then the number of octets added.
fn padded(plaintext: &[u8]) -> Vec<u8> {
    let missing = 16 - plaintext.len() % 16;
    let mut octets = plaintext.to_vec();
    octets.resize(plaintext.len() + missing, 0xaa);
    *octets.last_mut().unwrap() = u8::try_from(missing).unwrap();
    octets
}

/// IV and CBC blocks without any padding of OpenSSL's own.
fn cbc(blocks: &[u8]) -> Vec<u8> {
    let iv = [3; 16];
    let all = encrypt_cbc(Cipher::aes_256_cbc(), &[9; 32], Some(&iv), blocks).unwrap();
    [&iv[..], &all[..blocks.len()]].concat()
}

fn wrap(key: &[u8], digest: &MdRef, mgf: &MdRef, label: &[u8]) -> Vec<u8> {
    let private = PKey::private_key_from_pkcs8(&KEY.to_pkcs8_der().unwrap()).unwrap();
    let mut context = PkeyCtx::new(&private).unwrap();
    context.encrypt_init().unwrap();
    context.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    context.set_rsa_oaep_md(digest).unwrap();
    context.set_rsa_mgf1_md(mgf).unwrap();
    if !label.is_empty() {
        context.set_rsa_oaep_label(label).unwrap();
    }
    let mut wrapped = Vec::new();
    context.encrypt_to_vec(key, &mut wrapped).unwrap();
    wrapped
}

#[test]
fn opens_every_cipher_transport_and_placement() {
    for method in METHODS {
        for transport in [KeyTransport::OaepMgf1p, KeyTransport::OaepMgf1pSha256, KeyTransport::Oaep11Sha256]
        {
            for detached in [false, true] {
                let xml = encrypted(method, transport, detached);
                assert_eq!(decrypt(&xml).as_deref(), Ok(ASSERTION), "{method:?} {transport:?} {detached}");
            }
        }
    }
}

/// With X509IssuerSerial, a Recipient, white space and the prefixes that AD FS and Entra use.
#[test]
fn opens_the_shape_that_ad_fs_and_entra_send() {
    let built = Built::new(ASSERTION.as_bytes()).xml();
    let xml =
        replace(&built, "<e:EncryptedKey>", r#"<e:EncryptedKey Recipient="https://jira.contoso.example/">"#);
    let xml = replace(
        &xml,
        "</e:EncryptionMethod><e:CipherData>",
        r#"<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></e:EncryptionMethod>
           <KeyInfo><ds:X509Data xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509IssuerSerial/></ds:X509Data></KeyInfo>
           <e:CipherData>"#,
    );
    let xml = replace(&xml, "<e:CipherValue>", "<e:CipherValue>\r\n  ");
    assert_eq!(decrypt(&xml).as_deref(), Ok(ASSERTION));
}

#[test]
fn opens_every_digest_and_mask_of_oaep_that_is_named() {
    let hashes: [(&str, &str, &MdRef); 4] = [
        ("http://www.w3.org/2000/09/xmldsig#sha1", "mgf1sha1", Md::sha1()),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "mgf1sha256", Md::sha256()),
        ("http://www.w3.org/2001/04/xmldsig-more#sha384", "mgf1sha384", Md::sha384()),
        ("http://www.w3.org/2001/04/xmlenc#sha512", "mgf1sha512", Md::sha512()),
    ];
    for (digest_name, _, digest) in hashes {
        for (_, mgf_name, mgf) in hashes {
            let inside = format!(
                r#"<DigestMethod Algorithm="{digest_name}"/><x:MGF xmlns:x="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#{mgf_name}"/>"#
            );
            let built = Built {
                transport: OAEP11,
                transport_inside: &inside,
                wrapped: wrap(&[9; 32], digest, mgf, b""),
                ..Built::new(ASSERTION.as_bytes())
            };
            assert_eq!(decrypt(&built.xml()).as_deref(), Ok(ASSERTION), "{digest_name} {mgf_name}");
        }
    }
}

/// Unnamed means SHA-1, for the digest and for the mask (XML Encryption 1.1, 5.5.2).
#[test]
fn oaep_defaults_to_sha1_and_reads_its_label() {
    for transport in [MGF1P, OAEP11] {
        let built = Built { transport, ..Built::new(ASSERTION.as_bytes()) };
        assert_eq!(decrypt(&built.xml()).as_deref(), Ok(ASSERTION), "{transport}");
        let built = Built {
            transport,
            transport_inside: "<e:OAEPparams>bGFi ZWw=</e:OAEPparams>",
            wrapped: wrap(&[9; 32], Md::sha1(), Md::sha1(), b"label"),
            ..built
        };
        assert_eq!(decrypt(&built.xml()).as_deref(), Ok(ASSERTION), "{transport} with label");
        let built = Built { transport_inside: "", ..built };
        assert_eq!(decrypt(&built.xml()), Err(Code::DecryptionFailed), "{transport} without its label");
    }
}

/// XML Encryption 1.0 fixes MGF1 with SHA-1: another mask is another algorithm, not a parameter.
#[test]
fn rejects_a_mask_that_the_transport_does_not_have() {
    let mgf = |name: &str| {
        format!(
            r#"<x:MGF xmlns:x="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#{name}"/>"#
        )
    };
    let with = |transport, inside: &str| {
        decrypt(&Built { transport, transport_inside: inside, ..Built::new(ASSERTION.as_bytes()) }.xml())
    };
    assert_eq!(with(MGF1P, &mgf("mgf1sha1")).as_deref(), Ok(ASSERTION));
    assert_eq!(with(MGF1P, &mgf("mgf1sha256")), Err(Code::EncryptionAlgorithm));
    assert_eq!(with(OAEP11, &mgf("mgf1md5")), Err(Code::EncryptionAlgorithm));
}

#[test]
fn rejects_other_algorithms() {
    for transport in
        ["http://www.w3.org/2001/04/xmlenc#rsa-1_5", "http://www.w3.org/2001/04/xmlenc#kw-aes256", ""]
    {
        let built = Built { transport, ..Built::new(ASSERTION.as_bytes()) };
        assert_eq!(decrypt(&built.xml()), Err(Code::EncryptionAlgorithm), "{transport}");
    }
    for content in [
        "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        "http://www.w3.org/2009/xmlenc11#aes192-gcm",
        "",
    ] {
        let built = Built { content, ..Built::new(ASSERTION.as_bytes()) };
        assert_eq!(decrypt(&built.xml()), Err(Code::EncryptionAlgorithm), "{content}");
    }
    let md5 = r#"<DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#md5"/>"#;
    let built = Built { transport_inside: md5, ..Built::new(ASSERTION.as_bytes()) };
    assert_eq!(decrypt(&built.xml()), Err(Code::EncryptionAlgorithm));
}

#[test]
fn rejects_every_other_structure_before_a_key_is_used() {
    let xml = Built::new(ASSERTION.as_bytes()).xml();
    let data = part(&xml, "<e:EncryptedData", "</e:EncryptedData>");
    let key = part(&xml, "<e:EncryptedKey>", "</e:EncryptedKey>");
    let key_info = part(&xml, "<KeyInfo", "</KeyInfo>");
    let method = format!("<e:EncryptionMethod Algorithm=\"{CBC256}\"/>");
    let key_method = format!("<e:EncryptionMethod Algorithm=\"{MGF1P}\"></e:EncryptionMethod>");
    let content = part(&data[key_info.len()..], "<e:CipherData>", "</e:CipherData>");
    let content = &content[content.rfind("<e:CipherData>").unwrap()..];
    let reference = r#"<e:CipherData><e:CipherReference URI="file:///etc/passwd"/></e:CipherData>"#;
    let misnamed = content.replace("CipherValue", "CipherText");
    let cases: Vec<(&str, String)> = vec![
        (data, String::new()),
        (data, format!("{data}{data}")),
        (data, format!("{data}<e:Other/>")),
        (data, format!("x{data}")),
        (key_info, String::new()),
        (key_info, format!("{key_info}{key_info}")),
        (key, String::new()),
        (key, key.repeat(5)),
        (key, "<RetrievalMethod URI=\"#_k\"/>".into()),
        (&method, String::new()),
        (&method, method.repeat(2)),
        (&method, method.replace("Algorithm", "x")),
        (&method, method.replace("/>", "><e:Other/></e:EncryptionMethod>")),
        (&key_method, String::new()),
        (&key_method, key_method.repeat(2)),
        (&key_method, key_method.replace("Algorithm", "x")),
        (&key_method, key_method.replace("></", "><e:Other/></")),
        (&key_method, key_method.replace("></", ">x</")),
        (&key_method, key_method.replace("></", "><DigestMethod/></")),
        (&key_method, key_method.replace("></", &format!(">{0}{0}</", r#"<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>"#))),
        (&key_method, key_method.replace("></", "><e:OAEPparams>%</e:OAEPparams></")),
        (content, String::new()),
        (content, format!("{content}{content}")),
        (content, "<e:CipherData/>".into()),
        (content, reference.into()),
        (content, misnamed),
        (content, "<e:CipherData><e:CipherValue>%</e:CipherValue></e:CipherData>".into()),
        (content, "<e:CipherData><e:CipherValue><x/></e:CipherValue></e:CipherData>".into()),
        (content, "<e:CipherData><e:CipherValue>AA==</e:CipherValue><e:CipherValue>AA==</e:CipherValue></e:CipherData>".into()),
        (content, content.replace("<e:CipherValue>", "x<e:CipherValue>")),
        ("<e:CipherData>", format!("{reference}<e:CipherData>")),
        ("xmlenc#Element\"", "xmlenc#Content\"".into()),
        ("<KeyInfo", "<e:Other/><KeyInfo".into()),
        ("</e:EncryptedKey>", "<e:Other/></e:EncryptedKey>".into()),
        ("</e:EncryptedKey>", "x</e:EncryptedKey>".into()),
    ];
    for (from, to) in &cases {
        let mut rng = Octets(7, 0);
        let result = decrypt_with(&replace(&xml, from, to), &[decryption_key(&KEY)], &mut rng);
        assert_eq!(result.map_err(|(code, _)| code), Err(Code::EncryptionStructure), "{from} -> {to}");
        assert_eq!(rng.1, 0, "no content key was made: {from} -> {to}");
    }
    // What XML Encryption has and nobody needs.
    for (from, to) in [
        (
            "</e:EncryptedKey>",
            "<e:ReferenceList/><e:CarriedKeyName>x</e:CarriedKeyName></e:EncryptedKey>".to_owned(),
        ),
        ("</e:EncryptedData>", "<e:EncryptionProperties/></e:EncryptedData>".to_owned()),
        (" Type=\"http://www.w3.org/2001/04/xmlenc#Element\"", String::new()),
        (&method, method.replace("/>", "><e:KeySize>256</e:KeySize></e:EncryptionMethod>")),
        (&key_method, key_method.replace("><", "><e:KeySize>256</e:KeySize><")),
        (key, key.repeat(4)),
    ] {
        assert_eq!(decrypt(&replace(&xml, from, &to)).as_deref(), Ok(ASSERTION), "{from} -> {to}");
    }
}

/// What is decrypted is read where the ciphertext stood: a PrefixList finds the declarations around it.
#[test]
fn a_prefix_list_finds_what_was_declared_around_the_ciphertext() {
    let xml = Built::new(ASSERTION.as_bytes()).xml();
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    let keys = [decryption_key(&KEY)];
    let plain = decrypt_unsigned(message.root(), &keys, &Limits::MESSAGE, &mut Octets(7, 0)).unwrap();
    let rendered = |prefix: &str| {
        let form = exclusive_c14n(plain.root(), &[prefix]);
        form.split_once(&format!("xmlns:{prefix}=\""))
            .map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
    };
    assert_eq!(rendered("saml").as_deref(), Some("urn:oasis:names:tc:SAML:2.0:assertion"));
    assert_eq!(rendered("e").as_deref(), Some("http://www.w3.org/2001/04/xmlenc#"));
    assert_eq!(rendered("other"), None);
}

#[test]
fn without_a_key_says_so() {
    let error = decrypt_with(&standard(), &[], &mut Octets(7, 0)).unwrap_err();
    assert_eq!(error.0, Code::NoDecryptionKey);
}

#[test]
fn tries_every_key_on_every_wrapped_key() {
    let keys = [decryption_key(&OTHER), decryption_key(&KEY)];
    assert_eq!(decrypt_with(&standard(), &keys, &mut Octets(7, 0)).as_deref(), Ok(ASSERTION));
    let xml = Built::new(ASSERTION.as_bytes()).xml();
    let key = part(&xml, "<e:EncryptedKey>", "</e:EncryptedKey>");
    let value = part(key, "<e:CipherValue>", "</e:CipherValue>");
    let foreign = key.replace(value, "<e:CipherValue>AAAA</e:CipherValue>");
    assert_eq!(decrypt(&replace(&xml, key, &format!("{foreign}{key}"))).as_deref(), Ok(ASSERTION));
    assert_eq!(decrypt(&replace(&xml, key, &format!("{key}{foreign}"))).as_deref(), Ok(ASSERTION));
}

/// Design of the trace: the code is one, the step tells an administrator which it was.
#[test]
fn all_failures_behind_the_key_look_alike() {
    let good = Built::new(ASSERTION.as_bytes()).xml();
    let wrong_key = decrypt_with(&good, &[decryption_key(&OTHER)], &mut Octets(7, 0));
    let step = |plaintext: &[u8]| {
        decrypt_with(&Built::new(plaintext).xml(), &[decryption_key(&KEY)], &mut Octets(7, 0))
    };
    let bad_padding = Built { octets: cbc(&[b' '; 32]), ..Built::new(b"") }.xml();
    let short_key =
        Built { wrapped: wrap(&[9; 16], Md::sha1(), Md::sha1(), b""), ..Built::new(ASSERTION.as_bytes()) };
    let gcm = encrypted(EncryptionMethod::Aes256Gcm, KeyTransport::OaepMgf1p, false);
    let value = part(&gcm, "</ds:KeyInfo>", "</xenc:CipherValue>");
    let start = value.find("Value>").unwrap() + "Value>".len();
    let flipped = if &value[start..=start] == "A" { "B" } else { "A" };
    let tampered = replace(&gcm, value, &format!("{}{flipped}{}", &value[..start], &value[start + 1..]));
    let with = |xml: &str| decrypt_with(xml, &[decryption_key(&KEY)], &mut Octets(7, 0));
    let failures = [
        (wrong_key, "no configured key unwraps the content key"),
        (with(&short_key.xml()), "no configured key unwraps the content key"),
        (with(&tampered), "content decryption"),
        (with(&bad_padding), "padding of the decrypted content"),
        (step(b"\xff\xff"), "the decrypted content is refused: xml-not-utf8"),
        (step(b"<a>"), "the decrypted content is refused: xml-malformed"),
        (step(b"<a/><b/>"), "the decrypted content is refused: xml-malformed"),
        (step(b"<!DOCTYPE a><a/>"), "the decrypted content is refused: xml-doctype"),
        (step(b"<a><!-- --></a>"), "the decrypted content is refused: xml-comment"),
        (step(b"<nowhere:a/>"), "the decrypted content is refused: xml-unbound-prefix"),
        (step(b""), "the decrypted content is refused: xml-malformed"),
    ];
    for (failure, step) in failures {
        assert_eq!(failure, Err((Code::DecryptionFailed, step.to_owned())));
    }
}

/// A wrong key must not end the work early, nor may luck with the random key let anything through.
#[test]
fn a_failed_unwrap_goes_on_with_a_random_key_and_still_fails() {
    let mut rng = Octets(9, 0);
    let built = Built { wrapped: vec![1; 256], ..Built::new(ASSERTION.as_bytes()) };
    let error = decrypt_with(&built.xml(), &[decryption_key(&KEY)], &mut rng).unwrap_err();
    assert_eq!(error, (Code::DecryptionFailed, "no configured key unwraps the content key".to_owned()));
    assert_eq!(rng.1, 32, "one random key of the content's length");
    let mut rng = Octets(9, 0);
    decrypt_with(&Built::new(ASSERTION.as_bytes()).xml(), &[decryption_key(&KEY)], &mut rng).unwrap();
    assert_eq!(rng.1, 32, "made in any case");
}

#[test]
fn only_the_last_octet_of_cbc_padding_counts() {
    for last in 0..=17_u8 {
        let mut blocks = b"<a/>                                            ".to_vec();
        *blocks.last_mut().unwrap() = last;
        let xml = Built { octets: cbc(&blocks), ..Built::new(b"") }.xml();
        let expected = if (1..=16).contains(&last) { Ok("<a></a>") } else { Err(Code::DecryptionFailed) };
        assert_eq!(decrypt(&xml).as_deref().map_err(|code| *code), expected, "{last}");
    }
    // A whole block of padding.
    let xml = Built { octets: cbc(&padded(b"<abcdefghijklm/>")), ..Built::new(b"") }.xml();
    assert!(decrypt(&xml).is_ok());
}

/// RFC 5116: 96 bits of IV and 128 bits of tag, nothing shorter.
#[test]
fn a_gcm_tag_cannot_be_shortened() {
    let mut tag = [0; 16];
    let sealed =
        encrypt_aead(Cipher::aes_256_gcm(), &[9; 32], Some(&[3; 12]), &[], ASSERTION.as_bytes(), &mut tag)
            .unwrap();
    for kept in 0..=16 {
        let octets = [&[3; 12], &sealed[..], &tag[..kept]].concat();
        let xml = Built { content: GCM256, octets, ..Built::new(b"") }.xml();
        let expected = if kept == 16 { Ok(ASSERTION) } else { Err(Code::DecryptionFailed) };
        assert_eq!(decrypt(&xml).as_deref().map_err(|code| *code), expected, "{kept} octets of tag");
    }
}

/// OpenSSL keeps a queue of errors for each thread: what is left in it would be reported by the next call there.
#[test]
fn a_failure_leaves_no_error_behind() {
    let wrong_tag = Built { content: GCM256, octets: vec![5; 64], ..Built::new(b"") };
    assert_eq!(decrypt(&wrong_tag.xml()), Err(Code::DecryptionFailed));
    assert!(openssl::error::ErrorStack::get().errors().is_empty());
    let wrong_key = Built { wrapped: vec![1; 256], ..Built::new(ASSERTION.as_bytes()) };
    assert_eq!(decrypt(&wrong_key.xml()), Err(Code::DecryptionFailed));
    assert!(openssl::error::ErrorStack::get().errors().is_empty());
}

#[test]
fn impossible_lengths_are_refused_before_a_key_is_used() {
    for length in 0..=64 {
        let octets = vec![5; length];
        let cbc = Built { octets: octets.clone(), ..Built::new(b"") };
        let possible = length >= 32 && length % 16 == 0;
        let expected = if possible { Code::DecryptionFailed } else { Code::EncryptionStructure };
        assert_eq!(decrypt(&cbc.xml()), Err(expected), "CBC, {length} octets");
        let gcm = Built { content: GCM256, octets, ..Built::new(b"") };
        let expected = if length > 28 { Code::DecryptionFailed } else { Code::EncryptionStructure };
        assert_eq!(decrypt(&gcm.xml()), Err(expected), "GCM, {length} octets");
    }
    for length in [0, 1, 255, 257, 4096] {
        let built = Built { wrapped: vec![5; length], ..Built::new(ASSERTION.as_bytes()) };
        assert_eq!(decrypt(&built.xml()), Err(Code::DecryptionFailed), "wrapped key of {length} octets");
    }
}

/// The plaintext may use the prefixes around its ciphertext, and those alone.
#[test]
fn decrypted_content_is_read_in_its_context() {
    let context = replace(
        &Built::new(b"<p:a><b/></p:a>").xml(),
        "<saml:EncryptedAssertion ",
        "<saml:EncryptedAssertion xmlns:p='urn:p' xmlns='urn:default' ",
    );
    assert_eq!(decrypt(&context).as_deref(), Ok(r#"<p:a xmlns:p="urn:p"><b xmlns="urn:default"></b></p:a>"#));
    assert_eq!(decrypt(&Built::new(b"<p:a/>").xml()), Err(Code::DecryptionFailed));
    // EncryptedData is replaced, so that what it declares is no context.
    let inside =
        replace(&Built::new(b"<p:a/>").xml(), "<e:EncryptedData ", "<e:EncryptedData xmlns:p='urn:p' ");
    assert_eq!(decrypt(&inside), Err(Code::DecryptionFailed));
}

#[test]
fn decrypted_content_needs_its_own_signature_while_nothing_covers_it() {
    let signed = sign_enveloped(ASSERTION, "_a", &KEY, None).unwrap();
    for (plaintext, signed) in [(signed.as_str(), true), (ASSERTION, false)] {
        let xml = encrypt_element(
            plaintext.as_bytes(),
            &certificate(&KEY),
            EncryptionMethod::Aes256Cbc,
            KeyTransport::OaepMgf1p,
            false,
        )
        .unwrap();
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        let keys = [decryption_key(&KEY)];
        let plain = decrypt_unsigned(message.root(), &keys, &Limits::MESSAGE, &mut Octets(7, 0)).unwrap();
        let verified = validator(&[&KEY]).verify_enveloped(plain.root(), Placement::AfterIssuer).unwrap();
        assert_eq!(verified.is_some(), signed);
    }
}

/// Signed around the ciphertext: what comes out inherits the verdict, in canonical form.
#[test]
fn decrypted_content_inherits_the_verdict_of_what_covers_it() {
    for kind in ["EncryptedAssertion", "EncryptedID"] {
        let inner = Built::new(b"<saml:NameID Format=\"urn:x\"  >b.simon</saml:NameID >").xml();
        let inner = inner.replace("EncryptedAssertion", kind);
        let outer =
            sign_enveloped(&format!("<m xmlns='urn:m' ID='_m'>{inner}</m>"), "_m", &KEY, None).unwrap();
        let verified = verify(&outer, &validator(&[&KEY])).unwrap().expect("signed");
        let cipher = verified.root().children().next().expect("the signature is not there any more");
        assert_eq!(cipher.local_name(), kind);
        let with = verified.signed_with();
        let keys = [decryption_key(&KEY)];
        let plain = decrypt_signed(cipher, with, &keys, &Limits::MESSAGE, &mut Octets(7, 0)).unwrap();
        assert_eq!(plain.signed_with(), with);
        assert_eq!(plain.root().text().unwrap(), "b.simon");
        assert_eq!(
            std::str::from_utf8(plain.canonical_bytes()).unwrap(),
            r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Format="urn:x">b.simon</saml:NameID>"#
        );
        let error =
            decrypt_signed(cipher, with, &[decryption_key(&OTHER)], &Limits::MESSAGE, &mut Octets(7, 0));
        assert_eq!(error.unwrap_err().code(), Code::DecryptionFailed);
    }
}

/// Limits hold for what comes out, whatever went in.
#[test]
fn decrypted_content_has_the_limits_of_a_message() {
    let deep = [b"<a>".repeat(65), b"</a>".repeat(65)].concat();
    let xml = Built::new(&deep).xml();
    let error = decrypt_with(&xml, &[decryption_key(&KEY)], &mut Octets(7, 0)).unwrap_err();
    assert_eq!(error.1, "the decrypted content is refused: xml-too-deep");
}

#[test]
fn a_decryption_key_is_rsa_of_2048_bits_and_is_not_shown() {
    let short =
        PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap().private_key_to_pkcs8().unwrap();
    assert_eq!(DecryptionKey::from_pkcs8_der(&short).unwrap_err().code(), Code::SignatureWeakKey);
    DecryptionKey::from_pkcs8_der_of(&short, 1024).unwrap();
    let curve = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
    let curve = PKey::from_ec_key(openssl::ec::EcKey::generate(&curve).unwrap()).unwrap();
    let error = DecryptionKey::from_pkcs8_der(&curve.private_key_to_pkcs8().unwrap()).unwrap_err();
    assert_eq!(error.code(), Code::SignatureWeakKey);
    assert_eq!(DecryptionKey::from_pkcs8_der(b"x").unwrap_err().code(), Code::SignatureKeyInvalid);
    assert_eq!(format!("{:?}", decryption_key(&KEY)), "DecryptionKey { .. }");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the octets are, decryption ends in a code.
    #[test]
    fn never_panics_on_any_ciphertext(
        content in proptest::collection::vec(any::<u8>(), 0..120),
        wrapped in proptest::collection::vec(any::<u8>(), 0..300),
        real_key in any::<bool>(),
        gcm in any::<bool>(),
    ) {
        let mut built = Built::new(b"");
        built.octets = content;
        if gcm {
            built.content = GCM256;
        }
        if !real_key {
            built.wrapped = wrapped;
        }
        let error = decrypt(&built.xml()).unwrap_err();
        prop_assert!(matches!(error, Code::DecryptionFailed | Code::EncryptionStructure));
    }

    /// Every plaintext comes back from every cipher, whatever its length.
    #[test]
    fn what_was_encrypted_comes_back(text in "[a-z ]{0,40}", method in 0..4_usize) {
        let xml = format!("<a>{text}</a>");
        let message = encrypt_element(
            xml.as_bytes(), &certificate(&KEY), METHODS[method], KeyTransport::OaepMgf1p, false,
        ).unwrap();
        prop_assert_eq!(decrypt(&message), Ok(xml));
    }
}
