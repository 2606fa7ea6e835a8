//! The table of codes. Adding a row here is all that a new code takes; the generated files follow by
//! `./x generate`. A string that was once released never changes its meaning.

use crate::Family;

/// Declares the enum and its lookups from one table, so that no row can miss a column.
macro_rules! codes {
    ($($variant:ident $text:literal $family:ident $status:literal $public:literal $admin:literal;)+) => {
        /// One stable outcome.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $admin] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The stable kebab-case string.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text,)+ }
            }

            /// The family it belongs to.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Code::$variant => Family::$family,)+ }
            }

            /// The HTTP status of the page that shows it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status,)+ }
            }

            /// The sentence that anybody may see. It never says why.
            #[must_use]
            pub const fn public(self) -> &'static str {
                match self { $(Code::$variant => $public,)+ }
            }

            /// What it means and what an administrator does about it.
            #[must_use]
            pub const fn admin(self) -> &'static str {
                match self { $(Code::$variant => $admin,)+ }
            }
        }
    };
}

codes! {
    MessageTooLarge "message-too-large" Xml 413
        "The sign-in message could not be accepted."
        "The decoded message exceeds the size limit (256 KB), or its form that of forms (512 KB). Check what was posted; raise nothing.";
    XmlNotUtf8 "xml-not-utf8" Xml 400
        "The sign-in message could not be accepted."
        "The message is not UTF-8, or declares another encoding.";
    XmlMalformed "xml-malformed" Xml 400
        "The sign-in message could not be accepted."
        "The message is not well-formed XML (cut off, wrong nesting, text outside the root, unknown entity).";
    XmlForbiddenCharacter "xml-forbidden-character" Xml 400
        "The sign-in message could not be accepted."
        "The message contains a character that XML 1.0 forbids.";
    XmlDoctype "xml-doctype" Xml 400
        "The sign-in message could not be accepted."
        "The message contains a DOCTYPE. No identity provider sends one; treat it as an attack.";
    XmlProcessingInstruction "xml-processing-instruction" Xml 400
        "The sign-in message could not be accepted."
        "The message contains a processing instruction. Treat it as an attack.";
    XmlComment "xml-comment" Xml 400
        "The sign-in message could not be accepted."
        "The message contains a comment. Comments have been used to cut names short.";
    XmlCdata "xml-cdata" Xml 400
        "The sign-in message could not be accepted."
        "The message contains a CDATA section. No identity provider sends one.";
    XmlUnboundPrefix "xml-unbound-prefix" Xml 400
        "The sign-in message could not be accepted."
        "A namespace prefix is used without being declared.";
    XmlNamespace "xml-namespace" Xml 400
        "The sign-in message could not be accepted."
        "A namespace declaration is not allowed (reserved prefix or name, relative URI, empty prefix binding).";
    XmlDuplicateAttribute "xml-duplicate-attribute" Xml 400
        "The sign-in message could not be accepted."
        "An element has the same attribute twice.";
    XmlTooDeep "xml-too-deep" Xml 400
        "The sign-in message could not be accepted."
        "Elements are nested deeper than 64 levels.";
    XmlTooManyAttributes "xml-too-many-attributes" Xml 400
        "The sign-in message could not be accepted."
        "An element has more than 64 attributes.";
    XmlTooManyNamespaces "xml-too-many-namespaces" Xml 400
        "The sign-in message could not be accepted."
        "An element has more than 64 namespaces in scope.";
    XmlTooManyNodes "xml-too-many-nodes" Xml 400
        "The sign-in message could not be accepted."
        "The message has more than 20,000 nodes.";
    XmlDuplicateId "xml-duplicate-id" Xml 400
        "The sign-in message could not be accepted."
        "Two elements carry the same ID (Core 1.3.4).";
    XmlInvalidId "xml-invalid-id" Xml 400
        "The sign-in message could not be accepted."
        "An ID is not an xs:ID, for example it begins with a digit (Core 1.3.4).";
    XmlMixedContent "xml-mixed-content" Xml 400
        "The sign-in message could not be accepted."
        "A value holds elements, or a structure holds text.";
    Base64Invalid "base64-invalid" Xml 400
        "The sign-in message could not be accepted."
        "The field is not base64.";
    DeflateInvalid "deflate-invalid" Xml 400
        "The sign-in message could not be accepted."
        "The Redirect-binding message is not a raw DEFLATE stream (Bindings 3.4.4.1).";
    DeflateTooLarge "deflate-too-large" Xml 413
        "The sign-in message could not be accepted."
        "The Redirect-binding message inflates beyond the size limit.";
    NoSigningKey "no-signing-key" Signature 503
        "The sign-in message could not be verified."
        "No usable signing certificate of the identity provider is configured. Resolve the metadata URL again.";
    SignatureMissing "signature-missing" Signature 403
        "The sign-in message could not be verified."
        "Neither the Response nor the Assertion is signed (Profiles 4.1.3.5). In Entra: SAML certificates, signing option.";
    SignatureInvalid "signature-invalid" Signature 403
        "The sign-in message could not be verified."
        "A signature does not verify with any configured certificate. If Entra's certificate changed, resolve the metadata again.";
    SignatureDigestMismatch "signature-digest-mismatch" Signature 403
        "The sign-in message could not be verified."
        "The signed content was changed after signing.";
    SignatureMisplaced "signature-misplaced" Signature 403
        "The sign-in message could not be verified."
        "A Signature element stands where none may stand (Core 5.4.1).";
    SignatureDuplicate "signature-duplicate" Signature 403
        "The sign-in message could not be verified."
        "An element carries more than one Signature.";
    SignatureStructure "signature-structure" Signature 403
        "The sign-in message could not be verified."
        "A Signature does not have exactly the children and attributes that SAML allows (Core 5.4).";
    SignatureReference "signature-reference" Signature 403
        "The sign-in message could not be verified."
        "A Signature does not have exactly one Reference to the ID of its parent (Core 5.4.2).";
    SignatureTransform "signature-transform" Signature 403
        "The sign-in message could not be verified."
        "A Signature uses a transform other than enveloped-signature and exclusive C14N (Core 5.4.4).";
    SignatureCanonicalization "signature-canonicalization" Signature 403
        "The sign-in message could not be verified."
        "A Signature uses a canonicalisation other than exclusive C14N without comments (Core 5.4.3).";
    SignatureAlgorithm "signature-algorithm" Signature 403
        "The sign-in message could not be verified."
        "A Signature uses an algorithm that is not allowed (only RSA-SHA256/384/512).";
    SignatureDigestAlgorithm "signature-digest-algorithm" Signature 403
        "The sign-in message could not be verified."
        "A Reference uses a digest algorithm that is not allowed (only SHA-256/384/512).";
    SignatureSha1 "signature-sha1" Signature 403
        "The sign-in message could not be verified."
        "A Signature uses SHA-1. In Entra: SAML certificates, signing algorithm SHA-256; or allow SHA-1 for a time.";
    SignatureWeakKey "signature-weak-key" Signature 403
        "The sign-in message could not be verified."
        "The configured key is not RSA or shorter than 2048 bits.";
    SignatureKeyInvalid "signature-key-invalid" Signature 500
        "The sign-in message could not be verified."
        "A configured certificate or key cannot be read.";
    DecryptionFailed "decryption-failed" Encryption 403
        "The sign-in message could not be verified."
        "The assertion could not be decrypted, or what was decrypted is not properly signed. The trace says at which step.";
    EncryptionStructure "encryption-structure" Encryption 403
        "The sign-in message could not be verified."
        "EncryptedData or EncryptedKey does not have the expected structure.";
    EncryptionAlgorithm "encryption-algorithm" Encryption 403
        "The sign-in message could not be verified."
        "An encryption algorithm is not allowed (AES-128/256 in GCM or CBC, RSA-OAEP).";
    NoDecryptionKey "no-decryption-key" Encryption 403
        "The sign-in message could not be verified."
        "An encrypted assertion arrived, but no decryption key is configured.";
    ResponseMissing "response-missing" Response 400
        "The sign-in message could not be accepted."
        "The request carries no SAMLResponse.";
    ResponseNotAResponse "response-not-a-response" Response 400
        "The sign-in message could not be accepted."
        "The message's root element is not a SAML 2.0 Response.";
    ResponseStructure "response-structure" Response 403
        "The sign-in message could not be accepted."
        "The Response has an element that is missing, repeated, or out of place.";
    ResponseVersion "response-version" Response 403
        "The sign-in message could not be accepted."
        "Version of the Response is not 2.0 (Core 3.2.2).";
    ResponseIdMissing "response-id-missing" Response 403
        "The sign-in message could not be accepted."
        "The Response has no ID (Core 3.2.2).";
    ResponseIssueInstant "response-issue-instant" Response 403
        "The sign-in message could not be accepted."
        "IssueInstant of the Response is missing, malformed or in the future (Core 3.2.2).";
    DestinationMissing "destination-missing" Response 403
        "The sign-in message could not be accepted."
        "A signed Response has no Destination (Bindings 3.5.5.2).";
    DestinationMismatch "destination-mismatch" Response 403
        "The sign-in message could not be accepted."
        "Destination is not our assertion consumer service URL (Bindings 3.5.5.2). Compare the Reply URL in Entra.";
    ResponseIssuerMissing "response-issuer-missing" Response 403
        "The sign-in message could not be accepted."
        "A signed Response has no Issuer (Profiles 4.1.4.2).";
    ResponseIssuerMismatch "response-issuer-mismatch" Response 403
        "The sign-in message could not be accepted."
        "Issuer of the Response is not the configured identity provider (Profiles 4.1.4.2).";
    AssertionMissing "assertion-missing" Response 403
        "The sign-in message could not be accepted."
        "The Response contains no Assertion (Profiles 4.1.4.2).";
    AssertionNotUnique "assertion-not-unique" Response 403
        "The sign-in message could not be accepted."
        "The Response contains more than one Assertion.";
    AssertionVersion "assertion-version" Response 403
        "The sign-in message could not be accepted."
        "Version of the Assertion is not 2.0 (Core 2.3.3).";
    AssertionIdMissing "assertion-id-missing" Response 403
        "The sign-in message could not be accepted."
        "The Assertion has no ID (Core 2.3.3).";
    AssertionIssueInstant "assertion-issue-instant" Response 403
        "The sign-in message could not be accepted."
        "IssueInstant of the Assertion is missing, malformed or in the future (Core 2.3.3).";
    AssertionIssuerMissing "assertion-issuer-missing" Response 403
        "The sign-in message could not be accepted."
        "The Assertion has no Issuer (Profiles 4.1.4.2).";
    AssertionIssuerMismatch "assertion-issuer-mismatch" Response 403
        "The sign-in message could not be accepted."
        "Issuer of the Assertion is not the configured identity provider (Profiles 4.1.4.2).";
    AssertionStructure "assertion-structure" Response 403
        "The sign-in message could not be accepted."
        "The Assertion has an element that is missing, repeated, or out of place.";
    AssertionUnsigned "assertion-unsigned" Response 403
        "The sign-in message could not be accepted."
        "The setting demands a signed Assertion, and it is not signed itself.";
    ResponseUnsigned "response-unsigned" Response 403
        "The sign-in message could not be accepted."
        "The setting demands a signed Response, and it is not signed itself.";
    SubjectMissing "subject-missing" Response 403
        "The sign-in message could not be accepted."
        "The Assertion has no Subject (Profiles 4.1.4.2).";
    NameIdMissing "name-id-missing" Response 403
        "The sign-in message could not be accepted."
        "The Subject has no NameID, or an empty one. In Entra: check the claim behind the unique user identifier.";
    NameIdInvalid "name-id-invalid" Response 403
        "The sign-in message could not be accepted."
        "The NameID is repeated, malformed or too long, or its qualifier names somebody else.";
    SubjectConfirmationMissing "subject-confirmation-missing" Response 403
        "The sign-in message could not be accepted."
        "No bearer SubjectConfirmation (Profiles 4.1.4.2).";
    RecipientMissing "recipient-missing" Response 403
        "The sign-in message could not be accepted."
        "The bearer confirmation has no Recipient (Profiles 4.1.4.2).";
    RecipientMismatch "recipient-mismatch" Response 403
        "The sign-in message could not be accepted."
        "Recipient is not our assertion consumer service URL (Profiles 4.1.4.3). Compare the Reply URL in Entra.";
    ConfirmationExpiryMissing "confirmation-expiry-missing" Response 403
        "The sign-in message could not be accepted."
        "The bearer confirmation has no NotOnOrAfter (Profiles 4.1.4.2).";
    ConfirmationExpired "confirmation-expired" Response 403
        "The sign-in message could not be accepted."
        "The bearer confirmation has expired (Profiles 4.1.4.3). Check the clocks.";
    ConfirmationNotBefore "confirmation-not-before" Response 403
        "The sign-in message could not be accepted."
        "The bearer confirmation has a NotBefore, which is forbidden (Profiles 4.1.4.2).";
    ConfirmationInResponseTo "confirmation-in-response-to" Response 403
        "The sign-in message could not be accepted."
        "InResponseTo of the confirmation is not the request that this browser sent (Profiles 4.1.4.3).";
    ResponseInResponseTo "response-in-response-to" Response 403
        "The sign-in message could not be accepted."
        "InResponseTo of the Response is not the request that this browser sent (Core 3.2.2).";
    InResponseToMissing "in-response-to-missing" Response 403
        "The sign-in message could not be accepted."
        "The answer to a request does not say which request it answers (Profiles 4.1.4.2).";
    UnsolicitedNotAllowed "unsolicited-not-allowed" Response 403
        "The sign-in message could not be accepted."
        "The Response answers no request of ours, and unsolicited responses are switched off.";
    UnsolicitedInResponseTo "unsolicited-in-response-to" Response 403
        "The sign-in message could not be accepted."
        "An unsolicited Response carries an InResponseTo (Profiles 4.1.5).";
    ConditionsMissing "conditions-missing" Response 403
        "The sign-in message could not be accepted."
        "The Assertion has no Conditions (Profiles 4.1.4.2).";
    ConditionsNotYetValid "conditions-not-yet-valid" Response 403
        "The sign-in message could not be accepted."
        "The Assertion is not valid yet (Core 2.5.1.2). Check the clocks.";
    ConditionsExpired "conditions-expired" Response 403
        "The sign-in message could not be accepted."
        "The Assertion is no longer valid (Core 2.5.1.2). Check the clocks.";
    ConditionsTimeInvalid "conditions-time-invalid" Response 403
        "The sign-in message could not be accepted."
        "A time of the message is not a valid xs:dateTime in UTC (Core 1.3.3), or a window is empty.";
    ConditionsUnknown "conditions-unknown" Response 403
        "The sign-in message could not be accepted."
        "The Assertion carries a condition that is not understood (Core 2.5.1).";
    AudienceMissing "audience-missing" Response 403
        "The sign-in message could not be accepted."
        "The Assertion is not restricted to an audience (Profiles 4.1.4.2).";
    AudienceMismatch "audience-mismatch" Response 403
        "The sign-in message could not be accepted."
        "The Assertion is meant for somebody else (Core 2.5.1.4). Compare the Identifier in Entra.";
    AuthnStatementMissing "authn-statement-missing" Response 403
        "The sign-in message could not be accepted."
        "The Assertion has no AuthnStatement (Profiles 4.1.4.2).";
    AuthnInstantInvalid "authn-instant-invalid" Response 403
        "The sign-in message could not be accepted."
        "AuthnInstant is missing, malformed or in the future (Core 2.7.2).";
    AuthnTooOld "authn-too-old" Response 403
        "The sign-in message could not be accepted."
        "A fresh sign-in was demanded, and the user was not asked again.";
    SessionExpired "session-expired" Response 403
        "The sign-in message could not be accepted."
        "SessionNotOnOrAfter has passed (Core 2.7.2).";
    AttributeDuplicate "attribute-duplicate" Response 403
        "The sign-in message could not be accepted."
        "The Assertion carries the same attribute twice.";
    AttributeInvalid "attribute-invalid" Response 403
        "The sign-in message could not be accepted."
        "An attribute is malformed.";
    UserIdMissing "user-id-missing" Response 403
        "The sign-in message could not be accepted."
        "The attribute that carries the user id is missing or empty. In Entra: check the claims.";
    UserIdAmbiguous "user-id-ambiguous" Response 403
        "The sign-in message could not be accepted."
        "The attribute that carries the user id has more than one value.";
    IdpDenied "idp-denied" Status 403
        "The identity provider did not sign you in."
        "The identity provider answered with an error. The trace shows its status and AADSTS number.";
    IdpNoPassive "idp-no-passive" Status 403
        "The identity provider could not sign you in without asking."
        "No silent sign-in is possible (NoPassive). Start an ordinary sign-in.";
    IdpStatusInvalid "idp-status-invalid" Status 403
        "The sign-in message could not be accepted."
        "The Response has no proper Status (Core 3.2.2.1).";
    AttemptMissing "attempt-missing" Attempt 403
        "This sign-in was not started in this browser, or was already finished. Please start again."
        "The answer names no attempt whose cookie this browser sent. Bookmarked sign-in pages and blocked cookies cause it.";
    AttemptExpired "attempt-expired" Attempt 403
        "This sign-in took too long. Please start again."
        "The attempt is older than an hour.";
    AttemptInvalid "attempt-invalid" Attempt 403
        "This sign-in could not be matched to this browser. Please start again."
        "The attempt cookie does not open: another installation's key, or tampering.";
    AlreadyUsed "already-used" Attempt 403
        "This sign-in was already used. Please start again."
        "The same response or request was used before (Profiles 4.1.4.5).";
    OneTimeStoreFull "one-time-store-full" Attempt 503
        "Sign-in is busy. Please try again in a moment."
        "The one-time store is full; live entries are never evicted. Raise its capacity.";
    OneTimeStoreUnreachable "one-time-store-unreachable" Attempt 503
        "Sign-in is not available at the moment."
        "The one-time store cannot be reached. Sign-ins are refused until it is back.";
    OneTimeBeforeStart "one-time-before-start" Attempt 403
        "This sign-in began before a restart. Please start again."
        "The answer belongs to a time before the in-memory one-time store was made.";
    RelayStateInvalid "relay-state-invalid" Attempt 400
        "The sign-in message could not be accepted."
        "RelayState is longer than 80 bytes, repeated, or not ours (Bindings 3.5.3).";
    FormInvalid "form-invalid" Attempt 400
        "The sign-in message could not be accepted."
        "The POST is not an urlencoded form, or repeats or misplaces a SAML parameter.";
    TargetRefused "target-refused" Attempt 400
        "The address asked for is not part of this site."
        "The target is not a path on this site; the user was sent to the start page.";
    MethodNotAllowed "method-not-allowed" Attempt 405
        "This address does not answer that kind of request."
        "Only GET and POST are answered here.";
    NotSignedIn "not-signed-in" Attempt 401
        "Please sign in."
        "A request that is not a page visit came without a session.";
    UserNotFound "user-not-found" User 403
        "You are signed in at the identity provider, but you have no access here."
        "No user of that name exists here. The trace shows the id that was received. Nothing is provisioned.";
    UserInactive "user-inactive" User 403
        "You are signed in at the identity provider, but you have no access here."
        "The user exists but is inactive.";
    UserNotPermitted "user-not-permitted" User 403
        "You are signed in at the identity provider, but you have no access here."
        "The user exists but has no permission or licence for this application.";
    UserIdTransform "user-id-transform" User 403
        "You are signed in at the identity provider, but you have no access here."
        "The user-id transform does not match the id that was received.";
    UserLookupFailed "user-lookup-failed" User 503
        "Sign-in is not available at the moment."
        "The user directory could not be asked.";
    MetadataInvalid "metadata-invalid" Metadata 502
        "The identity provider's settings could not be read."
        "The document is not SAML 2.0 metadata. Is the URL the App Federation Metadata URL?";
    MetadataEntityIdMissing "metadata-entity-id-missing" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata has no entityID.";
    MetadataEntityMismatch "metadata-entity-mismatch" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata is of another entity ID than the configured one. Nothing was changed.";
    MetadataEntityAmbiguous "metadata-entity-ambiguous" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata lists several entities; name the wanted entity ID.";
    MetadataTenantTemplate "metadata-tenant-template" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata is tenant-independent ({tenantid}); use the App Federation Metadata URL of your application.";
    MetadataNoIdp "metadata-no-idp" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata has no IDPSSODescriptor for SAML 2.0.";
    MetadataIdpAmbiguous "metadata-idp-ambiguous" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata has several IDPSSODescriptors for SAML 2.0.";
    MetadataNoSso "metadata-no-sso" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata has no SingleSignOnService by Redirect or POST.";
    MetadataEndpointNotHttps "metadata-endpoint-not-https" Metadata 502
        "The identity provider's settings could not be read."
        "An endpoint of the metadata is not https.";
    MetadataNoKey "metadata-no-key" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata has no usable signing certificate.";
    MetadataCertificateInvalid "metadata-certificate-invalid" Metadata 502
        "The identity provider's settings could not be read."
        "A certificate in the metadata cannot be read.";
    MetadataExpired "metadata-expired" Metadata 502
        "The identity provider's settings could not be read."
        "validUntil of the metadata has passed.";
    MetadataTimeInvalid "metadata-time-invalid" Metadata 502
        "The identity provider's settings could not be read."
        "validUntil or cacheDuration cannot be read.";
    MetadataSignatureMissing "metadata-signature-missing" Metadata 502
        "The identity provider's settings could not be read."
        "A signature of the metadata is required, and there is none.";
    MetadataSignatureInvalid "metadata-signature-invalid" Metadata 502
        "The identity provider's settings could not be read."
        "The signature of the metadata does not verify with the pinned certificates.";
    MetadataFetchFailed "metadata-fetch-failed" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata URL could not be fetched. The current certificates stay in use.";
    MetadataFetchRefused "metadata-fetch-refused" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata URL answered with a redirect; that is refused. Enter the address to which it leads.";
    MetadataNotFound "metadata-not-found" Metadata 502
        "The identity provider's settings could not be read."
        "There is nothing at the metadata URL (404). Copy the App Federation Metadata URL again; is the application still there?";
    MetadataHtml "metadata-html" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata URL shows a web page, not metadata. Copy the App Federation Metadata URL, not the address of a portal page.";
    MetadataTooLarge "metadata-too-large" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata document is larger than 1 MB. The federation metadata of one application is a few kilobytes.";
    MetadataTimeout "metadata-timeout" Metadata 502
        "The identity provider's settings could not be read."
        "The metadata URL did not answer in time. Can this server reach it, perhaps by a proxy (JVM settings)? The document can be pasted or uploaded as well.";
    MetadataTls "metadata-tls" Metadata 502
        "The identity provider's settings could not be read."
        "The server at the metadata URL has a certificate that the JVM does not trust (self-signed?), or speaks no TLS that it knows. Import the certificate authority into the JVM's trust store, or paste the document.";
    MetadataHostUnconfirmed "metadata-host-unconfirmed" Metadata 422
        "The identity provider's settings could not be read."
        "The metadata URL is not at a Microsoft cloud. To fetch from another host, an administrator types its name to confirm it.";
    MetadataAddressRefused "metadata-address-refused" Metadata 502
        "The identity provider's settings could not be read."
        "The name in the metadata URL leads to this machine, to a link-local or to a metadata-service address; nothing is fetched from there.";
    LogoutMissing "logout-missing" Logout 400
        "The sign-out message could not be accepted."
        "The request carries neither SAMLRequest nor SAMLResponse, or both.";
    LogoutParameters "logout-parameters" Logout 400
        "The sign-out message could not be accepted."
        "A parameter of the Redirect binding is repeated, unknown in its encoding, or misplaced (Bindings 3.4.4.1).";
    LogoutUnsigned "logout-unsigned" Logout 403
        "The sign-out message could not be accepted."
        "Logout messages must be signed (Profiles 4.4.4.1).";
    LogoutNotALogout "logout-not-a-logout" Logout 400
        "The sign-out message could not be accepted."
        "The message is neither LogoutRequest nor LogoutResponse.";
    LogoutVersion "logout-version" Logout 403
        "The sign-out message could not be accepted."
        "Version of the logout message is not 2.0.";
    LogoutStructure "logout-structure" Logout 403
        "The sign-out message could not be accepted."
        "The logout message has an element that is missing, repeated, or out of place.";
    LogoutIssuer "logout-issuer" Logout 403
        "The sign-out message could not be accepted."
        "Issuer of the logout message is not the configured identity provider.";
    LogoutDestination "logout-destination" Logout 403
        "The sign-out message could not be accepted."
        "Destination of the logout message is missing or not our logout URL.";
    LogoutIssueInstant "logout-issue-instant" Logout 403
        "The sign-out message could not be accepted."
        "IssueInstant of the logout message is malformed, too old or in the future.";
    LogoutExpired "logout-expired" Logout 403
        "The sign-out message could not be accepted."
        "The LogoutRequest has expired (Core 3.7.1).";
    LogoutNameId "logout-name-id" Logout 403
        "The sign-out message could not be accepted."
        "The LogoutRequest names no user, or cannot be read.";
    LogoutInResponseTo "logout-in-response-to" Logout 403
        "The sign-out message could not be accepted."
        "The LogoutResponse does not answer the request that was sent.";
    LogoutStatus "logout-status" Logout 200
        "The sign-out message could not be accepted."
        "The identity provider could not sign the user out everywhere.";
    ConfigUnreadable "config-unreadable" Config 500
        "Sign-in is not set up correctly."
        "The configuration is not JSON of the expected shape. The message names the field.";
    ConfigInvalid "config-invalid" Config 500
        "Sign-in is not set up correctly."
        "A field of the configuration is wrong. The message names every wrong field.";
    NotConfigured "not-configured" Config 503
        "Sign-in is not set up yet."
        "No identity provider is configured yet. Enter the App Federation Metadata URL on the configuration page and press Resolve.";
    ConfigConflict "config-conflict" Config 412
        "Sign-in is not set up correctly."
        "The settings were changed by somebody else in the meantime. Nothing was saved; look at the current ones and save again.";
    KeyPairMissing "key-pair-missing" Config 404
        "There is no such certificate."
        "There is no key pair for token encryption under that number; make one on the configuration page.";
    ConfigRevisionMissing "config-revision-missing" Config 428
        "Sign-in is not set up correctly."
        "A change must say which revision it changes (If-Match with the ETag of the settings).";
    ConfigSaveFailed "config-save-failed" Config 500
        "Sign-in is not set up correctly."
        "The settings could not be saved; the new keys are in use until the next restart.";
    WrongOrigin "wrong-origin" Config 400
        "This address is not the sign-in address of this site."
        "The request came to another origin than the configured one, and could not be redirected there.";
    Internal "internal" Door 500
        "Something went wrong here."
        "A defect. The log line of the same correlation id carries the text.";
    EventUnreadable "event-unreadable" Door 500
        "Something went wrong here."
        "The host sent an event that cannot be read: host and library are of different versions.";
    HandleClosed "handle-closed" Door 503
        "Sign-in is not available at the moment."
        "The engine was closed, usually because the settings were just changed. Try again.";
    ResumeInvalid "resume-invalid" Door 500
        "Something went wrong here."
        "An answer does not belong to a question of this engine.";
    AskUnanswered "ask-unanswered" Door 503
        "Sign-in is not available at the moment."
        "The host could not carry out what was asked of it.";
    NativeUnavailable "native-unavailable" Door 503
        "Sign-in is not available at the moment."
        "The native library could not be loaded. The log line says why.";
    WireMismatch "wire-mismatch" Door 503
        "Sign-in is not available at the moment."
        "Jar and native library are of different versions.";
    SignedIn "signed-in" Info 200
        "You are signed in."
        "A user signed in.";
    SignedOut "signed-out" Info 200
        "You are signed out."
        "A user signed out.";
    SignOnStarted "sign-on-started" Info 303
        "You are being sent to the identity provider."
        "A sign-in was started.";
    Restarted "restarted" Info 303
        "Sign-in is being started again."
        "A stale answer was healed by one clean restart.";
    ConfigSaved "config-saved" Info 200
        "The settings were saved."
        "An administrator changed the settings. The line names who, the fields, and the certificates before and after.";
    KeysRefreshed "keys-refreshed" Info 200
        "The identity provider's settings were refreshed."
        "New metadata was taken over.";
    CertificateExpiring "certificate-expiring" Info 200
        "The identity provider's certificate is about to expire."
        "The newest signing certificate of the identity provider expires soon, or has expired. Nobody is refused for that; make a new one active at the identity provider in time.";
    Sha1Accepted "sha1-accepted" Info 200
        "A SHA-1 signature was accepted."
        "A SHA-1 signature was accepted because the setting allows it. Change Entra to SHA-256.";
    Healthy "healthy" Info 200
        "Sign-in is ready."
        "The engine is armed.";
    DevelopmentMode "development-mode" Info 200
        "Development mode is on."
        "Plain http on loopback is allowed. Never set this in production.";
}
