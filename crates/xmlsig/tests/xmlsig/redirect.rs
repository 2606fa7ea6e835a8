//! HTTP-Redirect binding: the octets that were received are the octets that are verified.

use crate::common::{KEY, OTHER, part, replace, validator, validator_with};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use ostiary_codes::Code;
use ostiary_xmlsig::{Limits, RedirectMessage, RedirectParameter, sign_enveloped, sign_redirect_query};
use proptest::prelude::*;
use std::io::Write;

const XML: &str =
    r#"<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_l"  Version="2.0"/>"#;
const RSA_SHA256: &str = "http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256";

fn deflate(xml: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml).unwrap();
    encoder.finish().unwrap()
}

fn escape(text: &str, upper: bool) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            _ if upper => format!("%{b:02X}"),
            _ => format!("%{b:02x}"),
        })
        .collect()
}

fn carrier(octets: &[u8]) -> String {
    format!("SAMLRequest={}", escape(&STANDARD.encode(octets), true))
}

fn unsigned() -> String {
    carrier(&deflate(XML.as_bytes()))
}

fn signed() -> String {
    sign_redirect_query(&format!("{}&RelayState=s%2F1", unsigned()), &KEY).unwrap()
}

fn parse(query: &str) -> Result<RedirectMessage, Code> {
    RedirectMessage::parse(query, &Limits::MESSAGE).map_err(|error| error.code())
}

fn verify(query: &str) -> Result<String, Code> {
    let verified = parse(query)?.verify(&validator(&[&KEY])).map_err(|error| error.code())?;
    Ok(String::from_utf8(verified.canonical_bytes().to_vec()).unwrap())
}

#[test]
fn verifies_the_raw_octets_and_reads_the_canonical_message() {
    let message = parse(&signed()).unwrap();
    assert_eq!(message.parameter(), RedirectParameter::Request);
    assert_eq!(message.relay_state(), Some("s/1"));
    assert!(message.is_signed());
    assert!(message.root().is("urn:oasis:names:tc:SAML:2.0:protocol", "LogoutRequest"));
    let canonical = XML.replace("  ", " ").replace("/>", "></samlp:LogoutRequest>");
    assert_eq!(verify(&signed()), Ok(canonical));
    let response = signed_octets(&unsigned().replacen("SAMLRequest", "SAMLResponse", 1));
    assert_eq!(parse(&response).unwrap().parameter(), RedirectParameter::Response);
    assert!(verify(&response).is_ok());
    assert!(parse(&response).unwrap().relay_state().is_none());
}

/// `octets` and SigAlg as given, signed as they stand.
fn signed_octets(octets: &str) -> String {
    let octets = format!("{octets}&SigAlg={RSA_SHA256}");
    let signature = STANDARD.encode(KEY.sign_sha256(octets.as_bytes()).unwrap());
    format!("{octets}&Signature={}", escape(&signature, true))
}

/// Entra writes its escapes in lower case; re-encoding them would break the signature.
#[test]
fn keeps_lower_case_escapes() {
    let octets = format!(
        "SAMLRequest={}&RelayState=a%2fb&SigAlg={}",
        escape(&STANDARD.encode(deflate(XML.as_bytes())), false),
        RSA_SHA256.to_lowercase()
    );
    let signature = STANDARD.encode(KEY.sign_sha256(octets.as_bytes()).unwrap());
    for upper in [false, true] {
        let query = format!("{octets}&Signature={}", escape(&signature, upper));
        assert!(verify(&query).is_ok(), "{query}");
    }
    let query = format!("{octets}&Signature={}", escape(&signature, false));
    assert_eq!(verify(&query.replacen("a%2fb", "a%2Fb", 1)), Err(Code::SignatureInvalid));
}

#[test]
fn takes_parameters_in_any_order_and_ignores_others() {
    let query = signed();
    let mut parts: Vec<&str> = query.split('&').collect();
    parts.reverse();
    assert!(verify(&parts.join("&")).is_ok());
    assert!(verify(&format!("x=1&{query}&y&whr=contoso.example&&samlrequest=1")).is_ok());
    assert!(
        verify(&format!(
            "{query}&SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE"
        ))
        .is_ok()
    );
}

#[test]
fn rejects_every_change_of_what_was_signed() {
    let query = signed();
    let other = carrier(&deflate(XML.replace("_l", "_m").as_bytes()));
    for (from, to) in [
        (unsigned(), other),
        ("RelayState=s%2F1".into(), "RelayState=s%2F2".into()),
        ("RelayState=s%2F1".into(), "RelayState=s/1".into()),
        ("&RelayState=s%2F1".into(), String::new()),
        ("rsa-sha256".into(), "rsa-sha512".into()),
        ("SAMLRequest=".into(), "SAMLResponse=".into()),
    ] {
        assert_eq!(verify(&replace(&query, &from, &to)), Err(Code::SignatureInvalid), "{from} -> {to}");
    }
    let error = parse(&query).unwrap().verify(&validator(&[&OTHER])).unwrap_err();
    assert_eq!(error.code(), Code::SignatureInvalid);
    assert!(parse(&query).unwrap().verify(&validator(&[&OTHER, &KEY])).is_ok());
}

#[test]
fn an_unsigned_query_is_read_but_never_verified() {
    for query in [unsigned(), format!("{}&SigAlg={RSA_SHA256}", unsigned())] {
        assert!(!parse(&query).unwrap().is_signed());
        assert_eq!(verify(&query), Err(Code::LogoutUnsigned));
    }
}

#[test]
fn rejects_other_algorithms_and_sha1_whatever_the_setting() {
    let with = |algorithm: &str| {
        let octets = format!("{}&SigAlg={}", unsigned(), escape(algorithm, true));
        let signature = STANDARD.encode(KEY.sign_sha256(octets.as_bytes()).unwrap());
        let query = format!("{octets}&Signature={}", escape(&signature, true));
        let validator = validator_with(&[&KEY], true);
        parse(&query).unwrap().verify(&validator).map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(with("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"), Ok(()));
    assert_eq!(with("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), Err(Code::SignatureSha1));
    for other in [
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "",
    ] {
        assert_eq!(with(other), Err(Code::SignatureAlgorithm), "{other}");
    }
}

/// A second value, in whatever spelling, is what another reader of the same query might take.
#[test]
fn rejects_duplicates_in_any_spelling() {
    let query = signed();
    for name in ["SAMLRequest", "RelayState", "SigAlg", "Signature"] {
        let pair = query.split('&').find(|pair| pair.starts_with(&format!("{name}="))).unwrap();
        assert_eq!(parse(&format!("{query}&{pair}")).unwrap_err(), Code::LogoutParameters, "{name} twice");
        let first = name.as_bytes()[0];
        for spelling in [format!("%{first:02X}{}", &name[1..]), format!("%{first:02x}{}", &name[1..])] {
            let again = format!("{query}&{}", pair.replacen(name, &spelling, 1));
            assert_eq!(parse(&again).unwrap_err(), Code::LogoutParameters, "{spelling} beside {name}");
            let alone = query.replacen(&format!("{name}="), &format!("{spelling}="), 1);
            assert_eq!(parse(&alone).unwrap_err(), Code::LogoutParameters, "{spelling} alone");
        }
        assert_eq!(
            parse(&format!("{query}&{name}")).unwrap_err(),
            Code::LogoutParameters,
            "{name} without ="
        );
        assert_eq!(parse(&format!("{query}&{name}=")).unwrap_err(), Code::LogoutParameters, "{name} empty");
    }
    let encoding = "SAMLEncoding=urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
    assert!(parse(&format!("{query}&{encoding}")).is_ok());
    assert_eq!(parse(&format!("{query}&{encoding}&{encoding}")).unwrap_err(), Code::LogoutParameters);
}

#[test]
fn rejects_none_or_both_of_request_and_response() {
    assert_eq!(parse("").unwrap_err(), Code::LogoutMissing);
    assert_eq!(parse("RelayState=x").unwrap_err(), Code::LogoutMissing);
    let both = format!("{}&{}", unsigned(), unsigned().replacen("SAMLRequest", "SAMLResponse", 1));
    assert_eq!(parse(&both).unwrap_err(), Code::LogoutMissing);
}

#[test]
fn rejects_bad_parameters() {
    let query = unsigned();
    for bad in [
        format!("{query}&SAMLEncoding=urn:x"),
        format!("{query}&SAMLEncoding="),
        format!("{query}&RelayState={}", "x".repeat(81)),
        format!("{query}&RelayState={}", "%C3%A9".repeat(41)),
        format!("{query}&RelayState=%ff"),
        format!("{query}&RelayState=%"),
        format!("{query}&RelayState=%4"),
        format!("{query}&RelayState=%zz"),
        format!("{query}&RelayState=%+1"),
        format!("{query}&RelayState=\u{e9}"),
        format!("{query}&Signature=AAAA"),
        format!("{query}&%=1"),
    ] {
        assert_eq!(parse(&bad).unwrap_err(), Code::LogoutParameters, "{bad}");
    }
    for good in ["x".repeat(80), "%C3%A9".repeat(40), "a+b".into(), String::new()] {
        assert!(parse(&format!("{query}&RelayState={good}")).is_ok(), "{good}");
    }
    assert_eq!(parse(&format!("{query}&RelayState=a+b%2B")).unwrap().relay_state(), Some("a b+"));
    assert_eq!(
        parse(&format!("{query}&SigAlg={RSA_SHA256}&Signature=%25")).unwrap_err(),
        Code::Base64Invalid
    );
    assert_eq!(
        parse(&format!("{query}&SigAlg={RSA_SHA256}&Signature=AAA")).unwrap_err(),
        Code::Base64Invalid
    );
    assert_eq!(parse("SAMLRequest=%3Ca%2F%3E").unwrap_err(), Code::Base64Invalid);
    assert_eq!(parse("SAMLRequest=AA%0AAA").unwrap_err(), Code::Base64Invalid);
}

#[test]
fn inflates_exactly_one_raw_stream_and_no_bomb() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(XML.as_bytes()).unwrap();
    let raw = deflate(XML.as_bytes());
    for bad in [
        zlib.finish().unwrap(),
        XML.as_bytes().to_vec(),
        vec![],
        raw[..raw.len() - 1].to_vec(),
        [&raw[..], b"x"].concat(),
        [&raw[..], &raw[..]].concat(),
        vec![0xff; 40],
    ] {
        assert_eq!(parse(&carrier(&bad)).unwrap_err(), Code::DeflateInvalid, "{bad:?}");
    }
    let padded = |length: usize| format!("{}{XML}", " ".repeat(length - XML.len()));
    let limit = Limits::MESSAGE.bytes;
    assert!(parse(&carrier(&deflate(padded(limit).as_bytes()))).is_ok());
    assert_eq!(parse(&carrier(&deflate(padded(limit + 1).as_bytes()))).unwrap_err(), Code::DeflateTooLarge);
    assert_eq!(parse(&carrier(&deflate(&vec![b' '; 50_000_000]))).unwrap_err(), Code::DeflateTooLarge);
}

#[test]
fn rejects_xml_outside_the_grammar_and_an_embedded_signature() {
    assert_eq!(parse(&carrier(&deflate(b"<!DOCTYPE a><a/>"))).unwrap_err(), Code::XmlDoctype);
    assert_eq!(parse(&carrier(&deflate(b"<a>"))).unwrap_err(), Code::XmlMalformed);
    let embedded = sign_enveloped("<m xmlns='urn:m' ID='_m'><x/></m>", "_m", &KEY, None).unwrap();
    assert_eq!(parse(&carrier(&deflate(embedded.as_bytes()))).unwrap_err(), Code::SignatureMisplaced);
    let signature = part(&embedded, "<ds:Signature ", "</ds:Signature>");
    let deep = format!("<a><b>{signature}</b></a>");
    assert_eq!(parse(&carrier(&deflate(deep.as_bytes()))).unwrap_err(), Code::SignatureMisplaced);
}

proptest! {
    #[test]
    fn never_panics_on_any_query(query in "(SAMLRequest|SAMLResponse|RelayState|SigAlg|Signature|SAMLEncoding|[=&%+a-zA-Z0-9/\u{e9}]){0,30}") {
        let _ = parse(&query);
    }

    #[test]
    fn never_panics_on_any_compressed_octets(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&carrier(&octets));
    }

    /// One octet of the signed part changed: never verified with other content.
    #[test]
    fn no_changed_octet_verifies(at in 0..10_000_usize, octet in 0x21..0x7f_u8) {
        let query = signed();
        let at = at % query.len();
        let mut octets = query.clone().into_bytes();
        octets[at] = octet;
        let changed = String::from_utf8(octets).unwrap();
        if let Ok(content) = verify(&changed) {
            prop_assert_eq!(content, verify(&query).unwrap());
        }
    }
}
