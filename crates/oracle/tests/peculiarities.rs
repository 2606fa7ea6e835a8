//! Where xmlsec1 and we differ, xmlsec1 is not right; docs/oracles.md says why. These tests fail when it changes its mind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ostiary_oracle::{Document, ID, Key, Of, fill_in};
use ostiary_testkit::TestKey;
use ostiary_xmlsig::{Limits, Message, enveloped_c14n, ns};

/// Our canonical form and xmlsec1's of the element at the root of `head … tail`; nothing where it gives up.
fn forms(head: &str, tail: &str, prefix_list: &str) -> (String, Option<String>) {
    let document = Document { head: head.to_owned(), tail: tail.to_owned() };
    let (ds, c14n) = (ns::DS, ns::EXC_C14N);
    let xml = document.with(&format!(
        r##"<Signature xmlns="{ds}"><SignedInfo><CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#{ID}"><Transforms><Transform Algorithm="{enveloped}"/><Transform Algorithm="{c14n}"><InclusiveNamespaces xmlns="{c14n}" PrefixList="{prefix_list}"/></Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo><SignatureValue/></Signature>"##,
        enveloped = ns::ENVELOPED,
    ));
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    let signature = message.root().children_named(ns::DS, "Signature").next().unwrap();
    let prefixes: Vec<&str> = prefix_list.split_ascii_whitespace().collect();
    let ours = enveloped_c14n(message.root(), signature, &prefixes);
    let key = TestKey::generate("anybody", "2026-11-24T09:00:00Z".parse().unwrap()).unwrap();
    let key = Key::from_pkcs8_der(&key.pkcs8_der().unwrap()).unwrap();
    let theirs = fill_in(xml.as_bytes(), Of::Id(ID), &key).and_then(|signed| signed.opinion.pre_digest);
    (ours, theirs.map(|bytes| String::from_utf8(bytes).unwrap()))
}

#[test]
fn libxml2_does_not_escape_namespace_names() {
    let (ours, theirs) = forms("<a xmlns=\"http://d/?a&amp;b\" ID=\"_s\">", "</a>", "");
    assert_eq!(ours, "<a xmlns=\"http://d/?a&amp;b\" ID=\"_s\"></a>");
    assert_eq!(theirs.unwrap(), "<a xmlns=\"http://d/?a&#38;b\" ID=\"_s\"></a>");
}

#[test]
fn xmlsec1_gives_up_on_a_namespace_whose_port_is_empty_even_where_it_is_not_rendered() {
    let with = |namespace: &str| forms(&format!("<a xmlns:p=\"{namespace}\" ID=\"_s\">"), "</a>", "");
    let (ours, theirs) = with("http://w:80//x");
    assert_eq!(Some(&ours), theirs.as_ref());
    let (the_same, theirs) = with("http://w://x");
    assert_eq!((the_same, theirs), (ours, None));
}

#[test]
fn xmlsec1_takes_a_second_space_in_a_prefix_list_for_the_default_namespace() {
    let (head, tail) = ("<p:a xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" ID=\"_s\">", "</p:a>");
    let (ours, theirs) = forms(head, tail, "q p");
    assert_eq!(Some(ours), theirs);
    let (ours, theirs) = forms(head, tail, "q  p");
    assert_eq!(ours, "<p:a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" ID=\"_s\"></p:a>");
    assert_eq!(theirs.unwrap(), "<p:a xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" ID=\"_s\"></p:a>");
}
