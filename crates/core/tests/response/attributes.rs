//! Attributes (Core 2.7.3), and the one that identifies the user.

use crate::support::{Case, USER, both_signed, honest, response_signed};
use ostiary_codes::Code;
use ostiary_core::Attribute;

const MAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

/// Only these attributes.
fn attributes(case: &mut Case, all: &[(&str, &[&str])]) {
    case.scene.attributes = all
        .iter()
        .map(|(name, values)| ((*name).to_owned(), values.iter().map(|v| (*v).to_owned()).collect()))
        .collect();
}

single_defects! {
    rejects_the_same_attribute_twice: AttributeDuplicate, honest, |case| {
        attributes(case, &[("user", &["b"]), ("mail", &["m"]), ("user", &["admin"])]);
    };
    rejects_the_same_attribute_in_two_statements: AttributeDuplicate, honest, |case| {
        attributes(case, &[("user", &["b"])]);
        case.in_assertion(
            "</AttributeStatement>",
            "</AttributeStatement><AttributeStatement><Attribute Name=\"user\"></Attribute></AttributeStatement>",
        );
    };
    rejects_an_attribute_without_name: AttributeInvalid, honest, |case| {
        case.in_assertion(&format!("<Attribute Name=\"{MAIL}\">"), "<Attribute>");
    };
    rejects_an_attribute_with_an_empty_name: AttributeInvalid, honest, |case| {
        case.in_assertion(&format!("<Attribute Name=\"{MAIL}\">"), "<Attribute Name=\"\">");
    };
    rejects_a_value_that_mixes_text_and_markup: AttributeInvalid, honest, |case| {
        case.in_assertion("<AttributeValue>B. Simon", "<AttributeValue>Admin<x></x>B. Simon");
    };
    rejects_something_else_than_values: AttributeInvalid, honest, |case| {
        case.in_assertion("<AttributeValue>", "<Value></Value><AttributeValue>");
    };
    rejects_an_encrypted_attribute: AttributeInvalid, honest, |case| {
        case.in_assertion("<AttributeStatement>", "<AttributeStatement><EncryptedAttribute></EncryptedAttribute>");
    };
    rejects_an_unknown_element_in_the_attribute_statement: AssertionStructure, honest, |case| {
        case.in_assertion("</AttributeStatement>", "<Unknown></Unknown></AttributeStatement>");
    };
}

/// The code of asking for `name`, or the value.
fn user_id(case: &Case, name: &str) -> Result<String, Code> {
    let accepted = case.judge().unwrap();
    accepted.assertion().get().attribute(name).map(str::to_owned).map_err(|rejected| rejected.code())
}

#[test]
fn the_attribute_that_identifies_the_user_has_exactly_one_value() {
    let mut case = honest();
    attributes(&mut case, &[("user", &[USER]), ("none", &[]), ("blank", &[" "]), ("two", &["a", "b"])]);
    assert_eq!(user_id(&case, "user"), Ok(USER.to_owned()));
    assert_eq!(user_id(&case, "User"), Err(Code::UserIdMissing));
    assert_eq!(user_id(&case, "absent"), Err(Code::UserIdMissing));
    assert_eq!(user_id(&case, "none"), Err(Code::UserIdMissing));
    assert_eq!(user_id(&case, "blank"), Err(Code::UserIdMissing));
    assert_eq!(user_id(&case, "two"), Err(Code::UserIdAmbiguous));
}

#[test]
fn an_attribute_that_is_markup_is_left_out_as_a_whole() {
    let mut case = honest();
    attributes(&mut case, &[("id", &["x", USER]), ("mail", &["m"])]);
    case.in_assertion("<AttributeValue>x<", "<AttributeValue><NameID>admin</NameID><");
    assert_eq!(user_id(&case, "id"), Err(Code::UserIdMissing));
    assert_eq!(user_id(&case, "mail"), Ok("m".to_owned()));
}

#[test]
fn values_come_out_in_order_and_exactly_as_they_were_signed() {
    let values = ["plain", "", " spaced ", "a&b<c>\"d'", "\u{1f600} \u{e9} e\u{301}", "two\nlines"];
    for base in [honest, response_signed, both_signed] {
        let mut case = base();
        attributes(&mut case, &[("name & \"quotes\"", &values), ("empty", &[])]);
        let accepted = case.judge().unwrap();
        let [first, second] = accepted.assertion().get().attributes() else { panic!("two attributes") };
        assert_eq!(
            (first.name.as_str(), first.values.as_slice()),
            ("name & \"quotes\"", &values.map(str::to_owned)[..])
        );
        assert_eq!((second.name.as_str(), second.values.len()), ("empty", 0));
    }
}

#[test]
fn formats_and_friendly_names_come_along() {
    let mut case = honest();
    attributes(&mut case, &[("urn:oid:0.9.2342.19200300.100.1.3", &[USER])]);
    case.in_assertion(
        "<Attribute Name=\"urn:oid:0.9.2342.19200300.100.1.3\">",
        "<Attribute FriendlyName=\"mail\" Name=\"urn:oid:0.9.2342.19200300.100.1.3\" NameFormat=\"urn:f\">",
    );
    let expected = Attribute {
        name: "urn:oid:0.9.2342.19200300.100.1.3".to_owned(),
        name_format: Some("urn:f".to_owned()),
        friendly_name: Some("mail".to_owned()),
        values: vec![USER.to_owned()],
    };
    assert_eq!(case.judge().unwrap().assertion().get().attributes(), [expected]);
}

#[test]
fn too_many_groups_come_as_a_link_that_nothing_follows() {
    let mut case = honest();
    assert_eq!(case.judge().unwrap().assertion().get().groups_link(), None);
    attributes(&mut case, &[(GROUPS_LINK, &["https://graph.windows.net/x"])]);
    assert_eq!(case.judge().unwrap().assertion().get().groups_link(), Some("https://graph.windows.net/x"));
}

#[test]
fn a_thousand_groups_are_read() {
    let groups: Vec<String> = (0..1000).map(|n| format!("5f3e0c61-8d9b-4d5e-9f8b-{n:012x}")).collect();
    let mut case = honest();
    case.scene.attributes = vec![(GROUPS.to_owned(), groups.clone())];
    assert_eq!(case.judge().unwrap().assertion().get().attributes()[0].values, groups);
}
