//! Random spellings of a signature: prefixes, white space, line breaks in base64, KeyInfo, PrefixList.

use crate::document::ID;
use crate::draw::Draw;
use ostiary_testkit::Hash;

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Prefixes that a PrefixList may name, whether they are bound or not.
const LISTED: [&str; 8] = ["#default", "p", "q", "a-b", "\u{e9}", "ds", "ec", "absent"];

/// A signature without its two values.
#[derive(Debug, Clone)]
pub struct Template {
    before_digest: String,
    before_value: String,
    after_value: String,
    line: Option<&'static str>,
    /// Hash of the signature.
    pub hash: Hash,
    /// Hash of the Reference.
    pub digest_hash: Hash,
    /// PrefixList of the Reference.
    pub reference_prefixes: Vec<&'static str>,
    /// PrefixList of SignedInfo.
    pub signed_info_prefixes: Vec<&'static str>,
}

impl Template {
    /// A random one.
    #[must_use]
    pub fn random(draw: &mut Draw) -> Self {
        let p = Spelling::random(draw);
        let (hash, method) = algorithm(draw);
        let (digest_hash, digest_method) = digest_algorithm(draw);
        let reference_prefixes = prefixes(draw);
        let signed_info_prefixes = prefixes(draw);
        let mut gap = || draw.pick(&["", "", "\n", "\r\n\t", " "]);
        let c14n = |list: &[&str]| inclusive(list);
        let signature = p.start("Signature", &[]);
        let info = p.start("SignedInfo", &[]);
        let mut before_digest = [
            gap(),
            &signature,
            gap(),
            &info,
            gap(),
            &p.element("CanonicalizationMethod", &[("Algorithm", EXC_C14N)], &c14n(&signed_info_prefixes)),
            gap(),
            &p.element("SignatureMethod", &[("Algorithm", method)], ""),
            gap(),
        ]
        .concat();
        let enveloped = p.element("Transform", &[("Algorithm", ENVELOPED)], "");
        let exclusive = p.element("Transform", &[("Algorithm", EXC_C14N)], &c14n(&reference_prefixes));
        let transforms = [gap(), &enveloped, gap(), &exclusive, gap()].concat();
        let uri = format!("#{ID}");
        let id = format!("{ID}r");
        let reference: &[(&str, &str)] = match gap() {
            "" => &[("URI", &uri)],
            "\n" => &[("Id", &id), ("URI", &uri)],
            _ => &[("URI", &uri), ("Type", "http://www.w3.org/2000/09/xmldsig#Object")],
        };
        before_digest.push_str(&p.start("Reference", reference));
        before_digest.push_str(gap());
        before_digest.push_str(&p.element("Transforms", &[], &transforms));
        before_digest.push_str(gap());
        before_digest.push_str(&p.element("DigestMethod", &[("Algorithm", digest_method)], ""));
        before_digest.push_str(gap());
        before_digest.push_str(&p.start("DigestValue", &[]));
        let before_value = [
            &p.end("DigestValue"),
            gap(),
            &p.end("Reference"),
            gap(),
            &p.end("SignedInfo"),
            gap(),
            &p.start("SignatureValue", &[]),
        ]
        .concat();
        let key_info = if gap().is_empty() { String::new() } else { p.key_info() };
        let after_value =
            [&p.end("SignatureValue"), gap(), &key_info, gap(), &p.end("Signature"), gap()].concat();
        let line = draw.pick(&[None, Some("\n"), Some("\r\n"), Some("&#13;\n"), Some(" ")]);
        Self {
            before_digest,
            before_value,
            after_value,
            line,
            hash,
            digest_hash,
            reference_prefixes,
            signed_info_prefixes,
        }
    }

    /// The signature with its values (base64), which may be empty.
    #[must_use]
    pub fn fill(&self, digest: &str, value: &str) -> String {
        [&self.before_digest, digest, &self.before_value, &self.broken(value), &self.after_value].concat()
    }

    /// Base64 in lines of 76, as MIME has it.
    fn broken(&self, value: &str) -> String {
        let compact: Vec<char> = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let lines: Vec<String> = compact.chunks(76).map(|line| line.iter().collect()).collect();
        lines.join(self.line.unwrap_or_default())
    }
}

fn algorithm(draw: &mut Draw) -> (Hash, &'static str) {
    match draw.below(3) {
        0 => (Hash::Sha384, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"),
        1 => (Hash::Sha512, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"),
        _ => (Hash::Sha256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
    }
}

fn digest_algorithm(draw: &mut Draw) -> (Hash, &'static str) {
    match draw.below(3) {
        0 => (Hash::Sha384, "http://www.w3.org/2001/04/xmldsig-more#sha384"),
        1 => (Hash::Sha512, "http://www.w3.org/2001/04/xmlenc#sha512"),
        _ => (Hash::Sha256, "http://www.w3.org/2001/04/xmlenc#sha256"),
    }
}

fn prefixes(draw: &mut Draw) -> Vec<&'static str> {
    let most = draw.pick(&[0, 0, 1, 2, 4]);
    let mut listed: Vec<&'static str> = Vec::new();
    for _ in 0..most {
        let prefix = draw.pick(&LISTED);
        if !listed.contains(&prefix) {
            listed.push(prefix);
        }
    }
    listed
}

fn inclusive(list: &[&str]) -> String {
    match list {
        [] => String::new(),
        [first, ..] if *first == "p" => {
            format!("<InclusiveNamespaces PrefixList='{}' xmlns=\"{EXC_C14N}\" />", list.join(" "))
        }
        _ => format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{EXC_C14N}\" PrefixList=\"{}\"></ec:InclusiveNamespaces>",
            list.join(" ")
        ),
    }
}

/// One way of writing the elements of a signature.
struct Spelling {
    prefix: &'static str,
    /// The namespace is declared on every element instead of the first.
    everywhere: bool,
    quote: &'static str,
    space: &'static str,
    /// `<a/>` for an element without content.
    short: bool,
}

impl Spelling {
    fn random(draw: &mut Draw) -> Self {
        Self {
            prefix: draw.pick(&["", "", "ds", "ds", "p", "\u{e9}"]),
            everywhere: draw.chance(20),
            quote: draw.pick(&["\"", "'"]),
            space: draw.pick(&[" ", "\n", "\t ", "\r\n"]),
            short: draw.chance(50),
        }
    }

    fn name(&self, local: &str) -> String {
        if self.prefix.is_empty() { local.to_owned() } else { format!("{}:{local}", self.prefix) }
    }

    fn open(&self, local: &str, attributes: &[(&str, &str)]) -> String {
        let (space, quote) = (self.space, self.quote);
        let colon = if self.prefix.is_empty() { "" } else { ":" };
        let mut tag = format!("<{}", self.name(local));
        for (name, value) in attributes {
            tag.push_str(&format!("{space}{name}={quote}{value}{quote}"));
        }
        if self.everywhere || local == "Signature" {
            tag.push_str(&format!("{space}xmlns{colon}{}={quote}{DS}{quote}", self.prefix));
        }
        tag
    }

    fn start(&self, local: &str, attributes: &[(&str, &str)]) -> String {
        self.open(local, attributes) + ">"
    }

    fn end(&self, local: &str) -> String {
        format!("</{}>", self.name(local))
    }

    fn element(&self, local: &str, attributes: &[(&str, &str)], content: &str) -> String {
        let open = self.open(local, attributes);
        if content.is_empty() && self.short {
            open + "/>"
        } else {
            format!("{open}>{content}{}", self.end(local))
        }
    }

    fn key_info(&self) -> String {
        self.element("KeyInfo", &[], &self.element("KeyName", &[], "not looked at"))
    }
}
