//! Who the provider is, whom it serves, whom it knows.

use crate::Flavour;

/// The service provider that is registered.
#[derive(Debug, Clone)]
pub struct SpSettings {
    /// Its entity ID ("Identifier").
    pub entity_id: String,
    /// Its assertion consumer service ("Reply URL").
    pub acs_url: String,
    /// Its "Logout URL".
    pub logout_url: Option<String>,
    /// Its "Sign-on URL", for the My Apps tile.
    pub sign_on_url: Option<String>,
    /// Where its metadata is (signing and encryption keys).
    pub metadata_url: Option<String>,
}

/// Somebody to sign in as.
#[derive(Debug, Clone)]
pub struct User {
    /// Stable id; the login button is `user-<id>`.
    pub id: String,
    /// Shown name.
    pub display_name: String,
    /// NameID.
    pub name_id: String,
    /// Number of groups; over 150 Entra sends a link instead.
    pub groups: usize,
}

impl User {
    fn new(id: &str, display_name: &str, name_id: &str, groups: usize) -> Self {
        Self { id: id.to_owned(), display_name: display_name.to_owned(), name_id: name_id.to_owned(), groups }
    }

    /// The users of the demo.
    #[must_use]
    pub fn demo() -> Vec<Self> {
        vec![
            Self::new("b.simon", "B. Simon", "b.simon@contoso.example", 3),
            Self::new("a.adams", "Ada Adams", "a.adams@contoso.example", 1),
            Self::new("j.ozturk", "Jörg Öztürk", "j.ozturk@contoso.example", 2),
            Self::new("g.guest", "G. Guest (external)", "g.guest@fabrikam.example", 0),
            Self::new("m.many", "M. Many (151 groups)", "m.many@contoso.example", 151),
            Self::new("i.inactive", "I. Inactive", "i.inactive@contoso.example", 1),
        ]
    }
}

/// Settings of the provider.
#[derive(Debug, Clone)]
pub struct IdpSettings {
    /// Scheme, host and port under which browsers reach it, without trailing slash.
    pub base_url: String,
    /// Whose shape.
    pub flavour: Flavour,
    /// Tenant GUID.
    pub tenant: String,
    /// The service providers; an unsolicited sign-in that names none is for the first.
    pub sps: Vec<SpSettings>,
    /// Default of the select box: `assertion`, `response`, `both`.
    pub shape: String,
    /// Default of the select box: `none`, `aes256-cbc`, …
    pub encrypt: String,
    /// Who can sign in.
    pub users: Vec<User>,
    /// Whether browsers are remembered, as Entra does: who has signed in to one application is not asked again by the
    /// next.
    pub remembers: bool,
}

impl IdpSettings {
    pub(super) fn flavour_name(&self) -> &'static str {
        name(self.flavour)
    }
}

fn name(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::Entra => "Microsoft Azure Federated SSO Certificate",
        Flavour::Adfs => "ADFS Signing - fs.contoso.example",
    }
}

/// The same, flat, with the derived paths.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) base_url: String,
    pub(super) flavour: Flavour,
    tenant: String,
    pub(super) sps: Vec<SpSettings>,
    pub(super) shape: String,
    pub(super) encrypt: String,
    pub(super) users: Vec<User>,
    pub(super) remembers: bool,
}

impl From<IdpSettings> for Settings {
    fn from(from: IdpSettings) -> Self {
        Self {
            base_url: from.base_url,
            flavour: from.flavour,
            tenant: from.tenant,
            sps: from.sps,
            shape: from.shape,
            encrypt: from.encrypt,
            users: from.users,
            remembers: from.remembers,
        }
    }
}

impl Settings {
    pub(super) fn flavour_name(&self) -> &'static str {
        name(self.flavour)
    }

    /// The service provider of that entity ID.
    pub(super) fn sp(&self, is: impl Fn(&str) -> bool) -> Option<&SpSettings> {
        self.sps.iter().find(|sp| is(&sp.entity_id))
    }

    /// The one that a page names, or the first when it names none.
    pub(super) fn sp_named(&self, entity_id: Option<String>) -> Option<&SpSettings> {
        match entity_id {
            Some(entity_id) => self.sp(|other| other == entity_id),
            None => self.sps.first(),
        }
    }

    /// Entra's tenant issuer, AD FS's service identifier.
    pub(super) fn entity_id(&self) -> String {
        match self.flavour {
            Flavour::Entra => format!("https://sts.windows.net/{}/", self.tenant),
            Flavour::Adfs => "http://fs.contoso.example/adfs/services/trust".to_owned(),
        }
    }

    /// The issuer of Entra's logout messages differs from its entity ID.
    pub(super) fn logout_issuer(&self) -> String {
        match self.flavour {
            Flavour::Entra => format!("https://login.microsoftonline.com/{}/", self.tenant),
            Flavour::Adfs => self.entity_id(),
        }
    }

    pub(super) fn sso_path(&self) -> String {
        match self.flavour {
            Flavour::Entra => self.path("saml2"),
            Flavour::Adfs => "/adfs/ls/".to_owned(),
        }
    }

    pub(super) fn sso_url(&self) -> String {
        format!("{}{}", self.base_url, self.sso_path())
    }

    pub(super) fn metadata_path(&self) -> String {
        match self.flavour {
            Flavour::Entra => self.path("federationmetadata/2007-06/federationmetadata.xml"),
            Flavour::Adfs => "/FederationMetadata/2007-06/FederationMetadata.xml".to_owned(),
        }
    }

    pub(super) fn login_path(&self) -> String {
        self.path("login")
    }

    pub(super) fn path(&self, tail: &str) -> String {
        format!("/{}/{tail}", self.tenant)
    }
}
