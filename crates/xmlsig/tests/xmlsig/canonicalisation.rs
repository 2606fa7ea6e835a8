//! Exclusive C14N without comments, by examples of the recommendations and by properties.

use crate::common::documents::{tag, write};
use ostiary_xmlsig::{Element, Limits, Message, Pinned, exclusive_c14n};
use proptest::prelude::*;

fn canonical(xml: &str, path: &[&str], prefixes: &[&str]) -> String {
    let message =
        Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let mut at = message.root();
    for name in path {
        at = at.children().find(|child| child.local_name() == *name).expect("path");
    }
    exclusive_c14n(at, prefixes)
}

/// Exclusive C14N, section 2.2: the same element in two contexts has one canonical form.
#[test]
fn context_does_not_change_an_element() {
    let one = r#"<n0:pdu xmlns:n0="http://a.example"><n1:elem2 xmlns:n1="http://b.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n0:pdu>"#;
    let two = r#"<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain"><n1:elem2 xmlns:n1="http://b.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n2:pdu>"#;
    let form = r#"<n1:elem2 xmlns:n1="http://b.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>"#;
    assert_eq!(canonical(one, &["elem2"], &[]), form);
    assert_eq!(canonical(two, &["elem2"], &[]), form);
}

#[test]
fn a_prefix_list_renders_like_inclusive_c14n() {
    let xml = r#"<a xmlns:p="urn:p" xmlns:q="urn:q" xmlns="urn:d"><b><c xmlns:p="urn:p2" xmlns:q="urn:q"/></b></a>"#;
    assert_eq!(canonical(xml, &["b"], &[]), r#"<b xmlns="urn:d"><c></c></b>"#);
    assert_eq!(
        canonical(xml, &["b"], &["p"]),
        r#"<b xmlns="urn:d" xmlns:p="urn:p"><c xmlns:p="urn:p2"></c></b>"#
    );
    assert_eq!(
        canonical(xml, &["b"], &["q", "p", "absent"]),
        r#"<b xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q"><c xmlns:p="urn:p2"></c></b>"#
    );
    let prefixed = r#"<p:a xmlns:p="urn:p" xmlns="urn:d"><p:b><p:c xmlns=""/></p:b></p:a>"#;
    assert_eq!(
        canonical(prefixed, &["b"], &["#default"]),
        r#"<p:b xmlns="urn:d" xmlns:p="urn:p"><p:c xmlns=""></p:c></p:b>"#
    );
}

/// Expected forms as libxml2 writes them.
#[test]
fn a_prefix_list_changes_only_what_is_in_scope() {
    let xml = r#"<p:a xmlns:p="urn:p" xmlns:q="urn:q"><p:b><p:c xmlns:q="urn:q2" xmlns:r="urn:r"/><q:d/></p:b></p:a>"#;
    // No default namespace anywhere: nothing to render, nothing to undo.
    let plain = r#"<p:b xmlns:p="urn:p"><p:c></p:c><q:d xmlns:q="urn:q"></q:d></p:b>"#;
    assert_eq!(canonical(xml, &["b"], &["#default"]), plain);
    assert_eq!(canonical(xml, &["b"], &["xml", "absent", ""]), plain);
    assert_eq!(
        canonical(xml, &["b"], &["q", "r"]),
        r#"<p:b xmlns:p="urn:p" xmlns:q="urn:q"><p:c xmlns:q="urn:q2" xmlns:r="urn:r"></p:c><q:d></q:d></p:b>"#
    );
    // An apex below an undone default namespace renders none; what its parent had is not output.
    let undone = r#"<a xmlns="urn:d"><p:b xmlns="" xmlns:p="urn:p"><c xmlns="urn:d"/></p:b></a>"#;
    assert_eq!(
        canonical(undone, &["b"], &["#default"]),
        r#"<p:b xmlns:p="urn:p"><c xmlns="urn:d"></c></p:b>"#
    );
    // Not listed, an unused undoing waits for the first element that is in no namespace.
    let unused = r#"<a xmlns="urn:d"><p:b xmlns="" xmlns:p="urn:p"><c/></p:b></a>"#;
    assert_eq!(
        canonical(unused, &[], &[]),
        r#"<a xmlns="urn:d"><p:b xmlns:p="urn:p"><c xmlns=""></c></p:b></a>"#
    );
    assert_eq!(
        canonical(unused, &[], &["#default"]),
        r#"<a xmlns="urn:d"><p:b xmlns="" xmlns:p="urn:p"><c></c></p:b></a>"#
    );
}

#[test]
fn the_xml_prefix_is_never_declared() {
    let xml = r#"<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="de"><xml:b/></a>"#;
    assert_eq!(canonical(xml, &[], &["xml"]), r#"<a xml:lang="de"><xml:b></xml:b></a>"#);
}

#[test]
fn attributes_of_one_namespace_sort_by_code_point() {
    let xml = "<a \u{ffed}='1' \u{10000}='2' b='3' B='4' a.b='5' a='6'/>";
    assert_eq!(
        canonical(xml, &[], &[]),
        "<a B=\"4\" a=\"6\" a.b=\"5\" b=\"3\" \u{ffed}=\"1\" \u{10000}=\"2\"></a>"
    );
}

/// C14N 2.3: a namespace node is written as an attribute is. (libxml2 2.9.14 leaves `&#38;`.)
#[test]
fn namespace_names_are_escaped() {
    let xml = r#"<a xmlns="http://d/?a=1&amp;b=&apos;2&#39;" xmlns:p="urn:&#120;&#38;" p:b=""/>"#;
    assert_eq!(
        canonical(xml, &[], &[]),
        r#"<a xmlns="http://d/?a=1&amp;b='2'" xmlns:p="urn:x&amp;" p:b=""></a>"#
    );
}

#[test]
fn two_attributes_are_sorted_as_many_are() {
    assert_eq!(canonical("<a c='1' b='2'/>", &[], &[]), r#"<a b="2" c="1"></a>"#);
}

#[test]
fn comments_leave_no_trace() {
    let xml = b"<a>x<!-- c -->y<b><!-- d --></b></a>";
    let message = Message::parse(xml, &Limits::METADATA).unwrap();
    assert_eq!(exclusive_c14n(message.root(), &[]), "<a>xy<b></b></a>");
}

#[test]
fn default_namespaces_come_and_go() {
    let xml = r#"<a xmlns="urn:d"><b xmlns=""><c xmlns="urn:d"/><d/></b><e/></a>"#;
    assert_eq!(
        canonical(xml, &[], &[]),
        r#"<a xmlns="urn:d"><b xmlns=""><c xmlns="urn:d"></c><d></d></b><e></e></a>"#
    );
    assert_eq!(canonical(xml, &["b"], &[]), r#"<b><c xmlns="urn:d"></c><d></d></b>"#);
}

#[test]
fn attributes_are_sorted_by_namespace_then_name() {
    let xml = r#"<a xmlns:b="urn:2" xmlns:c="urn:1" z="1" b:y="2" c:x="3" xml:lang="4" a="5"/>"#;
    assert_eq!(
        canonical(xml, &[], &[]),
        r#"<a xmlns:b="urn:2" xmlns:c="urn:1" a="5" z="1" xml:lang="4" c:x="3" b:y="2"></a>"#
    );
}

#[test]
fn characters_are_escaped_as_the_recommendation_says() {
    let xml = "<a b='&lt;&gt;&amp;\"&apos;&#9;&#10;&#13; x'>&lt;&gt;>&amp;\"'&#13;&#9;\r\n\u{20ac}</a>";
    assert_eq!(
        canonical(xml, &[], &[]),
        "<a b=\"&lt;>&amp;&quot;'&#x9;&#xA;&#xD; x\">&lt;&gt;&gt;&amp;\"'&#xD;\t\n\u{20ac}</a>"
    );
}

/// What a reader sees: names, attributes (order aside), texts.
fn view(element: Element<'_, Pinned>) -> String {
    let mut attributes: Vec<String> = element
        .attribute_names()
        .map(|(namespace, local)| {
            format!("{{{namespace}}}{local}={:?}", element.attribute_ns(namespace, local))
        })
        .collect();
    attributes.sort();
    let text = element.text().map(|text| text.into_owned());
    let children: Vec<String> = element.children().map(view).collect();
    format!("{{{}}}{} {attributes:?} {text:?} {children:?}", element.namespace(), element.local_name())
}

proptest! {
    /// Canonicalising twice changes nothing, and the canonical form reads like the original.
    #[test]
    fn canonical_form_is_a_fixed_point_that_reads_the_same(tag in tag()) {
        let mut xml = String::new();
        write(&tag, "", &mut xml, [None; 4]);
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        for prefixes in [&[][..], &["p", "#default"][..]] {
            let once = exclusive_c14n(message.root(), prefixes);
            let again = Message::parse(once.as_bytes(), &Limits::MESSAGE).unwrap();
            prop_assert_eq!(&exclusive_c14n(again.root(), prefixes), &once);
            prop_assert_eq!(view(again.pinned()), view(message.pinned()));
        }
    }
}
