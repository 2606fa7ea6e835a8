//! Attributes (Core 2.7.3): what the identity provider tells about the user.

use super::grammar::in_order;
use crate::{Rejected, Trace};
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Signed, ns};
use std::borrow::Cow;
use std::collections::HashSet;

const RULE: &str = "Core 2.7.3.1 Attribute";

/// One attribute (Core 2.7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Name.
    pub name: String,
    /// NameFormat.
    pub name_format: Option<String>,
    /// FriendlyName; says nothing.
    pub friendly_name: Option<String>,
    /// Values, in order.
    pub values: Vec<String>,
}

/// All attributes of all statements, in order.
pub(super) fn read(
    statements: &[Element<'_, Signed>],
    trace: &mut Trace,
) -> Result<Vec<Attribute>, Rejected> {
    let mut attributes = Vec::new();
    for statement in statements {
        let mut children = in_order(*statement, trace)?;
        while let Some(child) = children.take_saml(&["Attribute", "EncryptedAttribute"]) {
            if child.local_name() == "EncryptedAttribute" {
                return Err(trace.reject(RULE, Code::AttributeInvalid, "Attribute", "EncryptedAttribute"));
            }
            attributes.push(one(child, trace)?);
        }
        children.end(Code::AssertionStructure, "Attribute", trace)?;
    }
    no_duplicates(&attributes, trace)?;
    trace.held(RULE, || (String::new(), format!("{} attributes", attributes.len())));
    Ok(attributes)
}

fn one(element: Element<'_, Signed>, trace: &mut Trace) -> Result<Attribute, Rejected> {
    let Some(name) = element.attribute("Name").filter(|name| !name.is_empty()) else {
        return Err(trace.reject(RULE, Code::AttributeInvalid, "a Name", "none"));
    };
    let mut values = Vec::with_capacity(1);
    let mut children = in_order(element, trace)?;
    while let Some(value) = children.take(ns::SAML, "AttributeValue") {
        let Ok(value) = value.text() else {
            return Err(trace.reject(RULE, Code::AttributeInvalid, "text", "elements inside a value"));
        };
        values.push(value.into_owned());
    }
    children.end(Code::AttributeInvalid, "AttributeValue", trace)?;
    Ok(Attribute {
        name: name.into_owned(),
        name_format: element.attribute("NameFormat").map(Cow::into_owned),
        friendly_name: element.attribute("FriendlyName").map(Cow::into_owned),
        values,
    })
}

/// Two attributes of one name would let two readers see two users.
fn no_duplicates(attributes: &[Attribute], trace: &mut Trace) -> Result<(), Rejected> {
    let mut names = HashSet::with_capacity(attributes.len());
    match attributes.iter().find(|attribute| !names.insert(attribute.name.as_str())) {
        None => Ok(()),
        Some(twice) => Err(trace.reject(RULE, Code::AttributeDuplicate, "each name once", &twice.name)),
    }
}

/// The one value of the attribute `name`.
pub(super) fn single<'a>(attributes: &'a [Attribute], name: &str) -> Result<&'a str, Rejected> {
    let mut found = attributes.iter().filter(|attribute| attribute.name == name);
    match (found.next().map(|attribute| attribute.values.as_slice()), found.next()) {
        (Some([value]), None) if !value.trim().is_empty() => Ok(value),
        (None | Some([] | [_]), None) => Err(Rejected::new(Code::UserIdMissing, name)),
        _ => Err(Rejected::new(Code::UserIdAmbiguous, name)),
    }
}
