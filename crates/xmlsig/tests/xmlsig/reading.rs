//! What an element tells: attributes, texts, and the words of an error.

use crate::common::{KEY, validator, verify};
use ostiary_codes::Code;
use ostiary_xmlsig::{Limits, Message, ReadError, RedirectMessage, sign_enveloped};

#[test]
fn attributes_are_found_by_namespace_and_name() {
    let xml = "<a xmlns:p='urn:p' xmlns:q='urn:q' x='1' p:x='2 &amp; 3' p:y='4'/>";
    let message = Message::parse(xml.as_bytes(), &Limits::METADATA).unwrap();
    let a = message.pinned();
    assert!(a.has_attribute("x") && !a.has_attribute("y"));
    assert_eq!(a.attribute("x").as_deref(), Some("1"));
    assert_eq!(a.attribute("y"), None);
    assert_eq!(a.attribute_ns("urn:p", "x").as_deref(), Some("2 & 3"));
    assert_eq!(a.attribute_ns("urn:p", "y").as_deref(), Some("4"));
    assert_eq!(a.attribute_ns("urn:q", "x"), None);
    assert_eq!(a.attribute_ns("urn:p", "z"), None);
}

#[test]
fn white_space_in_an_attribute_is_normalised_however_often_it_stands_there() {
    for (written, read) in [
        ("x\ty", "x y"),
        ("x\t\ty", "x  y"),
        ("x\ny\nz", "x y z"),
        ("x\r\ny", "x y"),
        ("&amp;&amp;", "&&"),
        ("\"\"", "\"\""),
        ("a b", "a b"),
    ] {
        let xml = format!("<a b='{written}'/>");
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        let value = message.pinned().attribute("b");
        assert_eq!(value.as_deref(), Some(read), "{written:?}");
    }
    let error = Message::parse(b"<a b='x<<y'/>", &Limits::MESSAGE).unwrap_err();
    assert_eq!(error.code(), Code::XmlMalformed);
}

#[test]
fn text_and_references_make_one_text() {
    for (written, read) in
        [("x&amp;y", "x&y"), ("&lt;x&gt;", "<x>"), ("x&#13;&#x41;", "x\rA"), ("", ""), (" \r\n ", " \n ")]
    {
        let xml = format!("<a>{written}</a>");
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        assert_eq!(message.pinned().text().as_deref(), Ok(read), "{written:?}");
    }
}

#[test]
fn only_white_space_as_such_is_no_text_between_elements() {
    for (written, text) in [
        ("", false),
        (" \r\n\t", false),
        ("x", true),
        (" x", true),
        ("&amp;", true),
        ("&amp; ", true),
        (" &amp;", true),
        ("x&#32; ", true),
        ("&#32;", true),
    ] {
        let xml = format!("<a>{written}<b/></a>");
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        assert_eq!(message.pinned().has_text(), text, "{written:?}");
    }
}

#[test]
fn a_text_with_something_inside_is_no_text() {
    for xml in ["<a>x<b/></a>", "<a><b/></a>", "<a>x<!-- c -->y</a>", "<a>x<!-- c --></a>"] {
        let message = Message::parse(xml.as_bytes(), &Limits::METADATA).unwrap();
        assert_eq!(message.pinned().text(), Err(ReadError::NotText), "{xml}");
    }
}

#[test]
fn verified_values_read_as_they_were_written() {
    let xml = r#"<p:m xmlns:p="urn:p" ID="_m" a="&lt;&quot;&amp;&#9;" b="1"><c>&amp;&#13;</c></p:m>"#;
    let signed = sign_enveloped(xml, "_m", &KEY, None).unwrap();
    let verified = verify(&signed, &validator(&[&KEY])).unwrap().expect("signed");
    let root = verified.root();
    assert_eq!(root.attribute("a").as_deref(), Some("<\"&\t"));
    assert_eq!(root.attribute("b").as_deref(), Some("1"));
    assert_eq!(root.children().next().unwrap().text().as_deref(), Ok("&\r"));
}

#[test]
fn an_unverified_value_shows_nothing_of_itself() {
    let message = Message::parse(b"<a b='secret'/>", &Limits::MESSAGE).unwrap();
    let value = message.root().attribute_unverified("b").unwrap();
    assert_eq!(format!("{value:?}"), "Unverified(..)");
    assert_eq!(format!("{message:?}"), "Message { tree: Tree(15 bytes, 1 nodes) }");
}

/// An xml:lang is no ID, however often it stands there; an xml:id is one.
#[test]
fn only_ids_are_unique() {
    let twice = |attribute: &str| {
        let xml = format!("<a><b {attribute}='en'/><b {attribute}='en'/></a>");
        Message::parse(xml.as_bytes(), &Limits::MESSAGE).map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(twice("xml:lang"), Ok(()));
    assert_eq!(twice("Name"), Ok(()));
    for id in ["xml:id", "ID", "Id", "id"] {
        assert_eq!(twice(id), Err(Code::XmlDuplicateId), "{id}");
    }
}

#[test]
fn metadata_may_be_larger_than_a_message() {
    let large = format!("<a>{}</a>", "x".repeat(1024 * 1024 - "<a></a>".len()));
    assert!(Message::parse(large.as_bytes(), &Limits::METADATA).is_ok());
    let larger = format!("{large} ");
    assert_eq!(
        Message::parse(larger.as_bytes(), &Limits::METADATA).unwrap_err().code(),
        Code::MessageTooLarge
    );
    assert_eq!(Message::parse(large.as_bytes(), &Limits::MESSAGE).unwrap_err().code(), Code::MessageTooLarge);
}

#[test]
fn errors_say_what_was_seen() {
    let xml = |xml: &str| Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap_err();
    assert_eq!(xml("<a><![CDATA[x]]></a>").detail(), "CDATA section");
    let tokenizer = xml(&format!("<a {}", "x".repeat(500)));
    assert!(tokenizer.detail().contains(' ') && tokenizer.detail().len() <= 100, "{}", tokenizer.detail());

    let unsigned_info = "<m ID='_m'><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/></m>";
    let message = Message::parse(unsigned_info.as_bytes(), &Limits::MESSAGE).unwrap();
    let error = validator(&[&KEY])
        .verify_enveloped(message.root(), ostiary_xmlsig::Placement::FirstChild)
        .unwrap_err();
    assert!(error.to_string().ends_with(error.detail()) && error.detail().contains(' '), "{error}");

    let error = RedirectMessage::parse("RelayState=x", &Limits::MESSAGE).unwrap_err();
    assert!(error.to_string().ends_with(error.detail()) && error.detail().contains(' '), "{error}");
}
