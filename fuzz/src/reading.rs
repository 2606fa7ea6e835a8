//! Who a signed assertion says it is: read a second time, from the bytes that were given to the signer.

use crate::xml::{Document, Path, split};
use ostiary_core::Accepted;
use ostiary_testkit::Scene;

pub const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// What the application gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub id: String,
    pub name_id: String,
    pub format: Option<String>,
    pub attributes: Vec<(String, Vec<String>)>,
    /// Of the first AuthnStatement.
    pub session_index: Option<String>,
}

impl Reading {
    pub fn of_scene(scene: &Scene) -> Self {
        Self {
            id: scene.assertion_id.clone(),
            name_id: scene.name_id.clone(),
            format: scene.name_id_format.clone(),
            attributes: scene.attributes.clone(),
            session_index: Some(scene.assertion_id.clone()),
        }
    }

    /// Of the canonical form of an Assertion, or of a Response with one; nothing when it has another shape.
    pub fn of_canonical(canonical: &str) -> Option<Self> {
        let document = Document::parse(canonical)?;
        let root = Path::new();
        let assertion = if document.is(&root, SAML, "Assertion") {
            root
        } else {
            one(children(&document, &root, SAML, "Assertion"))?
        };
        let subject = one(children(&document, &assertion, SAML, "Subject"))?;
        let name_id = document.at(&one(children(&document, &subject, SAML, "NameID"))?)?;
        let mut attributes = Vec::new();
        for statement in children(&document, &assertion, SAML, "AttributeStatement") {
            for attribute in children(&document, &statement, SAML, "Attribute") {
                let values: Option<Vec<String>> = children(&document, &attribute, SAML, "AttributeValue")
                    .iter()
                    .map(|value| document.at(value)?.text())
                    .collect();
                // A value that is markup: the whole attribute is left out.
                if let Some(values) = values {
                    attributes.push((document.at(&attribute)?.attribute("Name")?, values));
                }
            }
        }
        let statements = children(&document, &assertion, SAML, "AuthnStatement");
        Some(Self {
            id: document.at(&assertion)?.attribute("ID")?,
            name_id: name_id.text()?,
            format: name_id.attribute("Format"),
            attributes,
            session_index: document.at(statements.first()?)?.attribute("SessionIndex"),
        })
    }

    /// Whether the product read the same.
    pub fn agrees(&self, accepted: &Accepted) -> bool {
        let assertion = accepted.assertion().get();
        let attributes = assertion.attributes().iter();
        self.id == assertion.id()
            && self.name_id == assertion.name_id().value
            && self.format == assertion.name_id().format
            && attributes
                .map(|attribute| (&attribute.name, &attribute.values))
                .eq(self.attributes.iter().map(|(name, values)| (name, values)))
            && self.session_index.as_deref() == assertion.session_index()
    }
}

fn one(mut paths: Vec<Path>) -> Option<Path> {
    let path = paths.pop()?;
    paths.is_empty().then_some(path)
}

/// Paths of the child elements of that name.
pub fn children(document: &Document, parent: &[usize], namespace: &str, local: &str) -> Vec<Path> {
    let Some(element) = document.at(parent) else { return Vec::new() };
    (0..element.children.len())
        .map(|at| [parent, &[at]].concat())
        .filter(|path| document.at(path).is_some_and(|child| split(&child.name).1 == local))
        .filter(|path| document.is(path, namespace, local))
        .collect()
}
