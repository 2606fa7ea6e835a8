//! The calls into libxml2 and xmlsec1: one document, one element, one restricted context, one key. Nothing else of this
//! crate is unsafe.
//!
//! Every pointer comes from the library that is called next, is checked for null where it can be, and does not outlive the
//! [`Parsed`] document or the context that owns it.

use std::ffi::{CStr, CString, c_char, c_int, c_uchar, c_void};
use std::ptr::{null, null_mut};
use xmlsec::bindings as c;
use xmlsec::{XmlSecKey, XmlSecSignatureContext};

unsafe extern "C" {
    /// Of `libxml/uri.h`, as is the next.
    fn xmlParseURI(text: *const c_char) -> *mut c_void;
    fn xmlFreeURI(uri: *mut c_void);
    /// Of `xmlsec/errors.h`, which the binding does not read.
    fn xmlSecErrorsDefaultCallbackEnableOutput(enabled: c_int);
}

/// Algorithms, by their identifiers, that a context may use.
pub struct Allowed<'a> {
    pub reference_transforms: &'a [&'a CStr],
    pub signature_transforms: &'a [&'a CStr],
}

/// What a context saw.
pub struct Seen {
    pub succeeded: bool,
    /// What was hashed for the one Reference.
    pub pre_digest: Option<Vec<u8>>,
    /// What was hashed for the signature.
    pub pre_sign: Option<Vec<u8>>,
}

/// A document of libxml2; freed when dropped.
pub struct Parsed(c::xmlDocPtr);

impl Drop for Parsed {
    fn drop(&mut self) {
        // SAFETY: made by `xmlReadMemory`, and nobody else frees it.
        unsafe { c::xmlFreeDoc(self.0) }
    }
}

/// An element of a [`Parsed`] document.
#[derive(Clone, Copy)]
pub struct Node(c::xmlNodePtr);

impl Parsed {
    /// Parses without network, entities, DTD or recovery. `None` when it is not well-formed.
    pub fn read(xml: &[u8]) -> Option<Self> {
        let options = c::xmlParserOption_XML_PARSE_NONET
            | c::xmlParserOption_XML_PARSE_NOERROR
            | c::xmlParserOption_XML_PARSE_NOWARNING;
        let (length, options) = (c_int::try_from(xml.len()).ok()?, c_int::try_from(options).ok()?);
        // SAFETY: the buffer is valid for `length` bytes during the call; libxml2 copies what it keeps.
        let document =
            unsafe { c::xmlReadMemory(xml.as_ptr().cast::<c_char>(), length, null(), null(), options) };
        (!document.is_null()).then_some(Self(document))
    }

    /// The root element.
    pub fn root(&self) -> Option<Node> {
        // SAFETY: the document is alive.
        let root = unsafe { c::xmlDocGetRootElement(self.0) };
        (!root.is_null()).then_some(Node(root))
    }

    /// Registers the attribute `ID` of `node` as the one of type ID. `false` when it has none or it is registered twice.
    pub fn register_id(&self, node: Node) -> bool {
        // SAFETY: node and document are alive; the value that libxml2 allocated is freed here, and `xmlAddID` copies it.
        unsafe {
            let attribute = c::xmlHasNsProp(node.0, c"ID".as_ptr().cast::<c_uchar>(), null());
            if attribute.is_null() {
                return false;
            }
            let value = c::xmlNodeGetContent(attribute.cast());
            let known = c::xmlGetID(self.0, value) == attribute;
            let done = known || !c::xmlAddID(null_mut(), self.0, value, attribute).is_null();
            libc::free(value.cast());
            done
        }
    }
}

/// Whether libxml2 can read the name of a namespace as a URI; canonicalising, it gives up on others.
pub fn is_uri(name: &str) -> bool {
    let Ok(name) = CString::new(name) else { return false };
    // SAFETY: the name ends in a zero byte; what is returned is freed here, which takes null as well.
    unsafe {
        let uri = xmlParseURI(name.as_ptr());
        xmlFreeURI(uri);
        !uri.is_null()
    }
}

impl Node {
    /// Child elements.
    pub fn children(self) -> Vec<Self> {
        let mut all = Vec::new();
        // SAFETY: the node's document is alive.
        let mut next = unsafe { c::xmlFirstElementChild(self.0) };
        while !next.is_null() {
            all.push(Self(next));
            // SAFETY: as above.
            next = unsafe { c::xmlNextElementSibling(next) };
        }
        all
    }

    /// Whether it has that name in the namespace of XML signatures.
    pub fn is_dsig(self, local: &CStr) -> bool {
        let name = local.as_ptr().cast::<c_uchar>();
        // SAFETY: the node is alive and both names end in a zero byte.
        unsafe { c::xmlSecCheckNodeName(self.0, name, c::xmlSecDSigNs.as_ptr()) != 0 }
    }

    /// The value of its attribute `ID`.
    pub fn id(self) -> Option<String> {
        // SAFETY: the node is alive; libxml2 returns a new string.
        unsafe { take(c::xmlGetNoNsProp(self.0, c"ID".as_ptr().cast::<c_uchar>())) }
    }

    /// Its text.
    pub fn text(self) -> Option<String> {
        // SAFETY: as above.
        unsafe { take(c::xmlNodeGetContent(self.0)) }
    }
}

/// Copies and frees a string that libxml2 allocated (with malloc: nothing here sets another allocator).
unsafe fn take(text: *mut c_uchar) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller hands over a string that ends in a zero byte.
    unsafe {
        let copy = CStr::from_ptr(text.cast::<c_char>()).to_str().ok().map(str::to_owned);
        libc::free(text.cast());
        copy
    }
}

/// Verifies `signature` with `key` and nothing else.
pub fn verify(signature: Node, key: &XmlSecKey, allowed: &Allowed<'_>) -> Seen {
    let context = restricted(key, allowed);
    // SAFETY: context and document are alive.
    unsafe {
        let completed = c::xmlSecDSigCtxVerify(context.as_ptr(), signature.0) >= 0;
        let succeeded = (*context.as_ptr()).status == c::xmlSecDSigStatus_xmlSecDSigStatusSucceeded;
        seen(&context, completed, succeeded)
    }
}

/// Fills in DigestValue and SignatureValue of the template `signature`.
pub fn sign(signature: Node, key: &XmlSecKey, allowed: &Allowed<'_>) -> Seen {
    let context = restricted(key, allowed);
    // SAFETY: context and document are alive.
    unsafe {
        let completed = c::xmlSecDSigCtxSign(context.as_ptr(), signature.0) >= 0;
        seen(&context, completed, completed)
    }
}

/// What it gave up on half-way, it stores half.
fn seen(context: &XmlSecSignatureContext, completed: bool, succeeded: bool) -> Seen {
    if !completed {
        return Seen { succeeded: false, pre_digest: None, pre_sign: None };
    }
    // SAFETY: the context is alive, and what it stores is copied before it is freed.
    unsafe {
        let raw = context.as_ptr();
        let references = &raw mut (*raw).signedInfoReferences;
        let pre_digest = if c::xmlSecPtrListGetSize(references) == 1 {
            let reference = c::xmlSecPtrListGetItem(references, 0);
            copy(c::xmlSecDSigReferenceCtxGetPreDigestBuffer(reference.cast()))
        } else {
            None
        };
        let pre_sign = copy(c::xmlSecDSigCtxGetPreSignBuffer(raw));
        Seen { succeeded, pre_digest, pre_sign }
    }
}

/// A context with one key that resolves nothing outside of the document and knows only the allowed transforms.
fn restricted(key: &XmlSecKey, allowed: &Allowed<'_>) -> XmlSecSignatureContext {
    let mut context = XmlSecSignatureContext::new();
    context.insert_key(key.clone());
    // SAFETY: the context is alive; identifiers end in a zero byte; transforms are static data of xmlsec1.
    unsafe {
        xmlSecErrorsDefaultCallbackEnableOutput(0);
        c::xmlSetStructuredErrorFunc(null_mut(), Some(silent));
        let raw = context.as_ptr();
        (*raw).flags |=
            c::XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES | c::XMLSEC_DSIG_FLAGS_STORE_SIGNATURE;
        (*raw).enabledReferenceUris = c::xmlSecTransformUriTypeSameDocument | c::xmlSecTransformUriTypeEmpty;
        for id in allowed.reference_transforms.iter().filter_map(|uri| transform(uri)) {
            c::xmlSecDSigCtxEnableReferenceTransform(raw, id);
        }
        for id in allowed.signature_transforms.iter().filter_map(|uri| transform(uri)) {
            c::xmlSecDSigCtxEnableSignatureTransform(raw, id);
        }
    }
    context
}

/// Refusals are results here; libxml2 need not print them.
unsafe extern "C" fn silent(_: *mut c_void, _: c::xmlErrorPtr) {}

fn transform(uri: &CStr) -> Option<c::xmlSecTransformId> {
    // SAFETY: the list is static data of xmlsec1, which making a context has initialised.
    let id = unsafe {
        c::xmlSecTransformIdListFindByHref(
            c::xmlSecTransformIdsGet(),
            uri.as_ptr().cast::<c_uchar>(),
            c::xmlSecTransformUsageAny,
        )
    };
    (!id.is_null()).then_some(id)
}

unsafe fn copy(buffer: c::xmlSecBufferPtr) -> Option<Vec<u8>> {
    if buffer.is_null() {
        return None;
    }
    // SAFETY: the buffer is alive and its data is valid for its size.
    unsafe {
        let (data, size) = (c::xmlSecBufferGetData(buffer), c::xmlSecBufferGetSize(buffer));
        let size = usize::try_from(size).ok()?;
        if data.is_null() { None } else { Some(std::slice::from_raw_parts(data, size).to_vec()) }
    }
}
