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
    let mut names = HashSet::new();
    for statement in statements {
        let mut children = in_order(*statement, trace)?;
        while let Some(child) = children.take_saml(&["Attribute", "EncryptedAttribute"]) {
            if child.local_name() == "EncryptedAttribute" {
                return Err(trace.reject(RULE, Code::AttributeInvalid, "Attribute", "EncryptedAttribute"));
            }
            let name = name(child, trace)?;
            // Two attributes of one name would let two readers see two users.
            if !names.insert(name.clone()) {
                return Err(trace.reject(RULE, Code::AttributeDuplicate, "each name once", &name));
            }
            attributes.extend(one(child, name, trace)?);
        }
        children.end(Code::AssertionStructure, "Attribute", trace)?;
    }
    trace.held(RULE, || (String::new(), format!("{} attributes", attributes.len())));
    Ok(attributes)
}

fn name<'d>(element: Element<'d, Signed>, trace: &mut Trace) -> Result<Cow<'d, str>, Rejected> {
    match element.attribute("Name").filter(|name| !name.is_empty()) {
        Some(name) => Ok(name),
        None => Err(trace.reject(RULE, Code::AttributeInvalid, "a Name", "none")),
    }
}

/// One attribute; `None` when a value of it is markup (an `eduPersonTargetedID`, say): it is no text then, and as a
/// whole it is not there. A value that mixes text and markup is refused.
fn one(
    element: Element<'_, Signed>,
    name: Cow<'_, str>,
    trace: &mut Trace,
) -> Result<Option<Attribute>, Rejected> {
    let mut values = Vec::with_capacity(1);
    let mut is_text = true;
    let mut children = in_order(element, trace)?;
    while let Some(value) = children.take(ns::SAML, "AttributeValue") {
        match value.text() {
            Ok(text) => values.push(text.into_owned()),
            Err(_) if value.has_text() => {
                return Err(trace.reject(RULE, Code::AttributeInvalid, "text", "text and elements mixed"));
            }
            Err(_) => is_text = false,
        }
    }
    children.end(Code::AttributeInvalid, "AttributeValue", trace)?;
    Ok(is_text.then(|| Attribute {
        name: name.into_owned(),
        name_format: element.attribute("NameFormat").map(Cow::into_owned),
        friendly_name: element.attribute("FriendlyName").map(Cow::into_owned),
        values,
    }))
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
