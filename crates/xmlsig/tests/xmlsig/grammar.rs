//! The closed grammar: what is not plain, well-formed, namespace-correct UTF-8 XML is refused with its own code.

use ostiary_codes::Code;
use ostiary_xmlsig::{Limits, Message};
use proptest::prelude::*;

fn refused(xml: impl AsRef<[u8]>) -> Code {
    match Message::parse(xml.as_ref(), &Limits::MESSAGE) {
        Ok(_) => panic!("accepted: {}", String::from_utf8_lossy(xml.as_ref())),
        Err(error) => error.code(),
    }
}

fn accepted(xml: &str) -> Message<'_> {
    Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap_or_else(|error| panic!("{error}: {xml}"))
}

#[test]
fn accepts_a_declaration_a_byte_order_mark_and_white_space_around_the_root() {
    accepted("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\" standalone='no' ?>\r\n<a xmlns='urn:x'/>\n ");
}

#[test]
fn refuses_a_doctype_wherever_it_stands() {
    for xml in [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<a><!DOCTYPE a></a>",
        "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
    ] {
        assert_eq!(refused(xml), Code::XmlDoctype, "{xml}");
    }
}

#[test]
fn refuses_processing_instructions_comments_and_cdata() {
    assert_eq!(refused("<a><?php x?></a>"), Code::XmlProcessingInstruction);
    assert_eq!(refused("<a/><?x?>"), Code::XmlProcessingInstruction);
    assert_eq!(refused(" <?xml version='1.0'?><a/>"), Code::XmlProcessingInstruction);
    assert_eq!(refused("<a>x<!-- -->y</a>"), Code::XmlComment);
    assert_eq!(refused("<!-- --><a/>"), Code::XmlComment);
    assert_eq!(refused("<a><![CDATA[x]]></a>"), Code::XmlCdata);
}

#[test]
fn refuses_what_is_not_well_formed() {
    for xml in [
        "",
        " ",
        "x",
        "<a>",
        "<a></b>",
        "</a>",
        "<a/><a/>",
        "<a/>x",
        "x<a/>",
        "<a></a></a>",
        "<a b></a>",
        "<a b=c/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a>&nbsp;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#+65;</a>",
        "<a>&;</a>",
        "<a>& </a>",
        "<a b='&x;'/>",
        "<a b='&'/>",
        "<a>]]></a>",
        "<1a/>",
        "<a:b:c xmlns:a='urn:a'/>",
        "<:a/>",
        "<a:/>",
        "<a b:='1'/>",
        "<a",
        "<a b='1",
        "<a></a b='1'>",
        "< a/>",
        "<a / >",
        "&amp;<a/>",
        "<?xml version='1.1'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml version='1.0' standalone='x'?><a/>",
        "<?xml version='1.0'encoding='UTF-8'?><a/>",
        "<a =''/>",
        "<a 'x'=''/>",
        "<a b = = ''/>",
        "\u{feff}\u{feff}<a/>",
        "<a/>\u{feff}",
        "\u{a0}<a/>",
        "<a></ a>",
        "<a></a/>",
        "<a></a b>",
        "<a></a'>'>",
        "<a/ b='1'>",
        "<a b='1'/ >",
        "<a/b>",
        "<a b='1",
        "<a b=\"1'/>",
        "<>",
        "</>",
        "<",
        "<a>&",
        "<a>&amp",
        "<a>&amp</a>",
        "<a>&amp b;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#X41;</a>",
        "<a>&#4a;</a>",
        "<a>&#-1;</a>",
        "<a>&#1;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999999;</a>",
        "<a b='&lt'/>",
        "<a b='&#x1F;'/>",
        "<!>",
        "<!ELEMENT a>",
        "<![INCLUDE[<a/>]]>",
        "<?",
        "<?xml?><a/>",
        "<?xml version='1.0' version='1.0'?><a/>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
        "<?xml version='1.0' other='x'?><a/>",
        "<?xml version=1.0?><a/>",
    ] {
        assert_eq!(refused(xml), Code::XmlMalformed, "{xml}");
    }
}

#[test]
fn accepts_every_well_formed_spelling() {
    for xml in [
        "<a\tb = '1'\r\nc=\"2\" ></a\n>",
        "<a b='>'/>",
        "<a>]] > ]]&gt;</a>",
        "<a>'\"</a>",
        "<a b='\"' c=\"'\"/>",
        "<_:é-.·9 xmlns:_='urn:x'/>",
        "<a>&#x10FFFF;&#65;&#x00041;</a>",
        "<a>\u{feff}\u{85}\u{7f}\u{fffd}</a>",
        "<?xml version=\"1.0\"?><a/>",
    ] {
        accepted(xml);
    }
}

#[test]
fn refuses_other_encodings_and_forbidden_characters() {
    assert_eq!(refused("<?xml version='1.0' encoding='UTF-16'?><a/>"), Code::XmlNotUtf8);
    assert_eq!(refused("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), Code::XmlNotUtf8);
    assert_eq!(refused(b"<a>\xff</a>"), Code::XmlNotUtf8);
    assert_eq!(refused(b"\xff\xfe<\0a\0/\0>\0"), Code::XmlNotUtf8);
    for c in ['\0', '\u{1}', '\u{8}', '\u{b}', '\u{c}', '\u{e}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
        assert_eq!(refused(format!("<a>{c}</a>")), Code::XmlForbiddenCharacter, "{c:?} in text");
        assert_eq!(refused(format!("<a b='{c}'/>")), Code::XmlForbiddenCharacter, "{c:?} in a value");
        assert_eq!(refused(format!("<a>{c}{c}</a>")), Code::XmlForbiddenCharacter, "{c:?} twice");
        assert_eq!(refused(format!("<a/>{c}")), Code::XmlForbiddenCharacter, "{c:?} behind the root");
    }
}

#[test]
fn refuses_namespace_tricks() {
    assert_eq!(refused("<p:a/>"), Code::XmlUnboundPrefix);
    assert_eq!(refused("<a p:b='1'/>"), Code::XmlUnboundPrefix);
    assert_eq!(refused("<a><b xmlns:p='urn:p'/><p:c/></a>"), Code::XmlUnboundPrefix);
    for declaration in [
        "xmlns:p=''",
        "xmlns='relative'",
        "xmlns:p='../x'",
        "xmlns:xmlns='urn:x'",
        "xmlns:xml='urn:x'",
        "xmlns='http://www.w3.org/XML/1998/namespace'",
        "xmlns:p='http://www.w3.org/2000/xmlns/'",
        "xmlns:='urn:x'",
        "xmlns:1='urn:x'",
        "xmlns='1:x'",
        "xmlns=':x'",
        "xmlns='u n:x'",
        "xmlns='urn:x y'",
        "xmlns='urn:&#10;x'",
        "xmlns='urn:&lt;x'",
        "xmlns='urn:é'",
        "xmlns:a:b='urn:x'",
        "xmlns:xmlns='http://www.w3.org/2000/xmlns/'",
    ] {
        assert_eq!(refused(format!("<a {declaration}/>")), Code::XmlNamespace, "{declaration}");
    }
    accepted("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='de'/>");
}

/// Exclusive C14N repeats a namespace name wherever its prefix is used: a long one would make gigabytes of a message.
#[test]
fn refuses_namespace_names_that_would_blow_up_a_canonical_form() {
    let named = |length: usize| format!("<a xmlns:p='urn:{}'><p:b/><p:b/></a>", "x".repeat(length - 4));
    accepted(&named(512));
    assert_eq!(refused(named(513)), Code::XmlNamespace);
}

#[test]
fn refuses_duplicate_attributes_by_name_and_by_namespace() {
    assert_eq!(refused("<a b='1' b='1'/>"), Code::XmlDuplicateAttribute);
    assert_eq!(refused("<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>"), Code::XmlDuplicateAttribute);
    assert_eq!(refused("<a xmlns='urn:x' xmlns='urn:x'/>"), Code::XmlDuplicateAttribute);
    let xml = "xmlns:xml='http://www.w3.org/XML/1998/namespace'";
    assert_eq!(refused(format!("<a {xml} {xml}/>")), Code::XmlDuplicateAttribute);
    assert_eq!(refused("<a xml:lang='1' xml:lang='1'/>"), Code::XmlDuplicateAttribute);
    accepted("<p:a xmlns:p='urn:x' b='1' p:b='2'/>");
}

#[test]
fn refuses_duplicate_ids_in_any_spelling_and_ids_that_are_no_names() {
    for (one, two) in [("ID", "ID"), ("ID", "Id"), ("ID", "id"), ("Id", "xml:id")] {
        assert_eq!(refused(format!("<a {one}='x'><b {two}='x'/></a>")), Code::XmlDuplicateId, "{one} {two}");
    }
    assert_eq!(refused("<a ID='&#120;'><b ID='x'/></a>"), Code::XmlDuplicateId);
    for id in ["1x", "", "a b", "a:b", "-a", " a", "a&#10;", "a\u{d7}"] {
        assert_eq!(refused(format!("<a ID='{id}'/>")), Code::XmlInvalidId, "{id}");
        assert_eq!(refused(format!("<a Id='{id}'/>")), Code::XmlInvalidId, "{id}");
    }
    accepted("<a ID='x' xmlns:p='urn:p' p:ID='x' p:Id='1 2'/>");
    accepted("<a id='1'><b id='2'/></a>");
}

#[test]
fn every_limit_has_its_code() {
    assert_eq!(refused(vec![b' '; Limits::MESSAGE.bytes + 1]), Code::MessageTooLarge);
    accepted(&format!("{}<a/>", " ".repeat(Limits::MESSAGE.bytes - 4)));
    accepted(&format!("{}<a/>{}", "<a>".repeat(63), "</a>".repeat(63)));
    assert_eq!(refused(format!("{}<a/>{}", "<a>".repeat(64), "</a>".repeat(64))), Code::XmlTooDeep);
    assert_eq!(refused("<a>".repeat(65)), Code::XmlTooDeep);
    assert_eq!(refused(format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000))), Code::XmlTooDeep);
    let many = |n: usize| (0..n).map(|i| format!(" a{i}='v'")).collect::<String>();
    assert_eq!(refused(format!("<a{}/>", many(65))), Code::XmlTooManyAttributes);
    accepted(&format!("<a{}/>", many(64)));
    let spaces = |n: usize| (0..n).map(|i| format!(" xmlns:p{i}='urn:x'")).collect::<String>();
    assert_eq!(refused(format!("<a{}/>", spaces(65))), Code::XmlTooManyNamespaces);
    accepted(&format!("<a{}/>", spaces(64)));
    assert_eq!(refused(format!("<a{}><b xmlns:q='urn:q'/></a>", spaces(64))), Code::XmlTooManyNamespaces);
    let distinct: String = (0..300).map(|i| format!("<b xmlns='urn:{i}'/>")).collect();
    assert_eq!(refused(format!("<a>{distinct}</a>")), Code::XmlTooManyNamespaces);
    assert_eq!(refused(format!("<a>{}</a>", "<b/>".repeat(20_000))), Code::XmlTooManyNodes);
    accepted(&format!("<a>{}</a>", "<b/>".repeat(19_999)));
    assert_eq!(refused(format!("<a>{}</a>", "<b/>x".repeat(10_000))), Code::XmlTooManyNodes);
}

#[test]
fn text_is_complete_or_refused() {
    let message = accepted("<a><b>x&amp;&#121;&lt;\r\nz</b><c/><d>x<e/>y</d></a>");
    let texts: Vec<_> =
        message.pinned().children().map(|child| child.text().map(|text| text.into_owned())).collect();
    assert_eq!(texts.first().unwrap().as_deref(), Ok("x&y<\nz"));
    assert_eq!(texts.get(1).unwrap().as_deref(), Ok(""));
    assert!(texts.get(2).unwrap().is_err());
}

#[test]
fn attribute_values_are_normalised() {
    let message = accepted("<a b='1\t2\r\n3&#10;4&quot;&apos;'/>");
    assert_eq!(message.pinned().attribute("b").unwrap(), "1 2 3\n4\"'");
}

#[test]
fn a_comment_in_metadata_is_skipped_but_never_cuts_a_value() {
    let xml = b"<!-- x --><a><!-- y --><b>1<!-- z -->2</b><c>3</c></a>";
    let message = Message::parse(xml, &Limits::METADATA).unwrap();
    let mut children = message.pinned().children();
    assert!(children.next().unwrap().text().is_err());
    assert_eq!(children.next().unwrap().text().unwrap(), "3");
}

#[test]
fn a_comment_in_metadata_is_still_well_formed() {
    for xml in
        ["<!-- -- --><a/>", "<!----->a<a/>", "<!--><a/>", "<!---><a/>", "<!-- <a/>", "<a/><!", "<!- -><a/>"]
    {
        let error = Message::parse(xml.as_bytes(), &Limits::METADATA).unwrap_err();
        assert_eq!(error.code(), Code::XmlMalformed, "{xml}");
    }
    Message::parse(b"<!----><a/><!-- - -->", &Limits::METADATA).unwrap();
}

#[test]
fn a_message_does_not_show_its_content() {
    let message = accepted("<a b='secret'>secret</a>");
    assert!(!format!("{message:?} {:?}", message.root()).contains("secret"));
    let text = message.root().text_unverified().unwrap();
    assert!(!format!("{text:?}").contains("secret"));
}

#[test]
fn an_unverified_value_is_compared_chosen_or_cut() {
    let long = "x".repeat(300);
    let xml = format!("<a b='one' c='' d='{long}' e='&#10;'/>");
    let message = accepted(&xml);
    let value = |name| message.root().attribute_unverified(name).unwrap();
    assert!(value("b").matches("one"));
    assert!(!value("b").matches("One"));
    assert_eq!(value("b").one_of(&["two", "one"]), Some("one"));
    assert_eq!(value("b").one_of(&["two"]), None);
    assert!(value("c").is_empty() && !value("b").is_empty());
    assert_eq!(value("d").for_trace().len(), 200);
    assert_eq!(value("e").for_trace(), "\u{fffd}");
    assert_eq!(value("b").bounded(str::len), 3);
    assert!(message.root().attribute_unverified("z").is_none());
}

proptest! {
    #[test]
    fn never_panics_on_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Message::parse(&bytes, &Limits::MESSAGE);
    }

    #[test]
    fn never_panics_on_xml_like_text(text in "[<>/a-c:='\" &;#x!?\\[\\]\\-]{0,80}") {
        let _ = Message::parse(text.as_bytes(), &Limits::METADATA);
    }
}
