//! What the jars of the add-ons must be so that hosts of fourteen years take them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use zip::ZipArchive;

use crate::artefacts;
use crate::classfile::{self, ClassFile};

const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Imports without which a host need not enable us; each is there in every host.
const MANDATORY: [&str; 3] = ["SERVLET", "SERVLET.http", "org.osgi.framework"];
const OPTIONAL: [&str; 4] = ["org.slf4j", "com.atlassian.annotations.security", "javax.net", "javax.net.ssl"];
/// Who may come to which class. Hosts of the newer kind let in licensed users only where nothing is said.
const ACCESS: [(&str, &str); 3] = [
    ("io/ostiary/atlassian/SamlServlet.class", "UnrestrictedAccess"),
    ("io/ostiary/atlassian/LoginFilter.class", "UnrestrictedAccess"),
    ("io/ostiary/atlassian/AdminServlet.class", "SystemAdminOnly"),
];

/// Checks all jars and reports every problem at once.
pub fn run(jars: &[PathBuf], old_servlet: &Path, new_servlet: &Path) -> Result<()> {
    ensure!(jars.len() == 4, "there are four add-on jars, and {} were named", jars.len());
    let old = classes(old_servlet)?;
    let new = classes(new_servlet)?;
    let mut problems = Vec::new();
    for path in jars {
        check(path, &old, &new, &mut problems).with_context(|| format!("cannot check {}", path.display()))?;
        artefacts::check_jar(path, true, &mut problems)?;
    }
    if !problems.is_empty() {
        bail!("the add-ons are not what they should be:\n  {}", problems.join("\n  "));
    }
    println!("add-ons: {} checked, all as they should be", jars.len());
    Ok(())
}

type Classes = BTreeMap<String, ClassFile>;

fn classes(path: &Path) -> Result<Classes> {
    let mut jar = ZipArchive::new(File::open(path).with_context(|| format!("no {}", path.display()))?)?;
    let mut classes = Classes::new();
    for index in 0..jar.len() {
        let mut entry = jar.by_index(index)?;
        if entry.name()?.ends_with(".class") && !entry.name()?.ends_with("module-info.class") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            let class = classfile::read(&bytes)?;
            classes.insert(class.name.clone(), class);
        }
    }
    Ok(classes)
}

fn check(path: &Path, old: &Classes, new: &Classes, problems: &mut Vec<String>) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let jakarta = name.contains("-jakarta-");
    let product = if name.contains("-jira-") { "jira" } else { "confluence" };
    let mut problem = |text: String| problems.push(format!("{name}: {text}"));
    if path.metadata()?.len() > MOST_BYTES {
        problem(format!("larger than {MOST_BYTES} bytes"));
    }
    let mut jar = ZipArchive::new(File::open(path)?)?;
    let mut text = |entry: &str| -> Result<String> {
        let mut bytes = Vec::new();
        jar.by_name(entry).with_context(|| format!("no {entry}"))?.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    manifest(&text("META-INF/MANIFEST.MF")?, product, jakarta, &mut problem);
    descriptor(&text("atlassian-plugin.xml")?, product, &mut problem);
    let spring = text("META-INF/spring/plugin-context.xml")?;
    if !spring.contains("<beans") || spring.contains("<bean ") || spring.contains("spring-beans-") {
        problem("plugin-context.xml is not an empty context with a schema without version".to_owned());
    }
    for resource in ["ostiary/icon.png", "ostiary/logo.png"] {
        if !text(resource)?.contains("PNG") {
            problem(format!("{resource} is no PNG"));
        }
    }
    for (class, annotation) in ACCESS {
        if !text(class)?.contains(&format!("com/atlassian/annotations/security/{annotation}")) {
            problem(format!("{class} is not marked {annotation}"));
        }
    }
    for call in strange_calls(&classes(path)?, old, new, jakarta) {
        problem(call);
    }
    Ok(())
}

fn manifest(text: &str, product: &str, jakarta: bool, problem: &mut impl FnMut(String)) {
    let whole = text.replace("\r\n", "\n").replace("\n ", "");
    let lines: BTreeMap<&str, &str> = whole.lines().filter_map(|line| line.split_once(": ")).collect();
    let key = format!("io.ostiary.{product}");
    for (header, wanted) in [
        ("Bundle-ManifestVersion", "2"),
        ("Bundle-SymbolicName", key.as_str()),
        ("Bundle-Version", env!("CARGO_PKG_VERSION")),
        ("Atlassian-Plugin-Key", key.as_str()),
        ("Spring-Context", "*"),
    ] {
        if lines.get(header).copied() != Some(wanted) {
            problem(format!("{header} is {:?}, wanted is {wanted}", lines.get(header)));
        }
    }
    for header in ["Bundle-NativeCode", "Bundle-Activator", "Export-Package", "DynamicImport-Package"] {
        if lines.contains_key(header) {
            problem(format!("{header} has no place in the manifest"));
        }
    }
    let servlet = if jakarta { "jakarta.servlet" } else { "javax.servlet" };
    let wanted: BTreeSet<String> = MANDATORY
        .iter()
        .map(|package| package.replace("SERVLET", servlet))
        .chain(OPTIONAL.iter().map(|package| format!("{package};resolution:=optional")))
        .collect();
    let imports: BTreeSet<String> =
        lines.get("Import-Package").unwrap_or(&"").split(',').map(str::to_owned).collect();
    if imports != wanted {
        problem(format!("Import-Package is {imports:?}, wanted is {wanted:?}"));
    }
}

fn descriptor(text: &str, product: &str, problem: &mut impl FnMut(String)) {
    let key = format!("key=\"io.ostiary.{product}\"");
    let version = format!("<version>{}</version>", env!("CARGO_PKG_VERSION"));
    for wanted in [
        key.as_str(),
        version.as_str(),
        "plugins-version=\"2\"",
        "<param name=\"configure.url\">/plugins/servlet/ostiary/configure</param>",
        "<param name=\"plugin-icon\">ostiary/icon.png</param>",
        "<param name=\"plugin-logo\">ostiary/logo.png</param>",
        "<param name=\"atlassian-data-center-compatible\">true</param>",
        "<param name=\"atlassian-data-center-status\">compatible</param>",
        "location=\"before-login\"",
        "<dispatcher>REQUEST</dispatcher>",
        "<dispatcher>FORWARD</dispatcher>",
        "<url-pattern>/saml/auth</url-pattern>",
        "<url-pattern>/saml/logout</url-pattern>",
        "<url-pattern>/saml/metadata</url-pattern>",
        "<url-pattern>/saml/health</url-pattern>",
        "<url-pattern>/saml/getLoginButtonConfFields</url-pattern>",
        "<url-pattern>/ostiary/configure</url-pattern>",
        "<url-pattern>/ostiary/settings</url-pattern>",
    ] {
        if !text.contains(wanted) {
            problem(format!("the descriptor lacks {wanted}"));
        }
    }
    for unwanted in ["<component", "<context>", "velocity", "webwork", "${"] {
        if text.contains(unwanted) {
            problem(format!("the descriptor has {unwanted}"));
        }
    }
    if text.matches("<servlet-filter").count() != 1 {
        problem("the descriptor has not exactly one filter".to_owned());
    }
}

/// Calls of the servlet API that its oldest or its newest form does not have.
fn strange_calls(ours: &Classes, old: &Classes, new: &Classes, jakarta: bool) -> Vec<String> {
    let servlet = if jakarta { "jakarta/servlet/" } else { "javax/servlet/" };
    let mut strange = BTreeSet::new();
    let mut seen = 0;
    for class in ours.values() {
        for (owner, member) in &class.calls {
            let Some(owner) = declared_above(ours, owner, member, servlet) else { continue };
            seen += 1;
            for (api, prefix, which) in
                [(old, "javax/servlet/", "oldest"), (new, "jakarta/servlet/", "newest")]
            {
                let (owner, member) = (owner.replace(servlet, prefix), member.replace(servlet, prefix));
                if !has(api, &owner, &member) {
                    strange.insert(format!(
                        "{} calls {owner}.{member}, which the {which} servlet API lacks",
                        class.name
                    ));
                }
            }
        }
    }
    if seen == 0 {
        strange.insert("calls nothing of the servlet API; is it the right flavour?".to_owned());
    }
    strange.into_iter().collect()
}

/// The class of the servlet API in which a method of `owner` is to be found; none when it is elsewhere.
fn declared_above(ours: &Classes, owner: &str, member: &str, servlet: &str) -> Option<String> {
    if owner.starts_with(servlet) {
        return Some(owner.to_owned());
    }
    let class = ours.get(owner)?;
    if class.methods.iter().any(|method| method == member) {
        return None;
    }
    class.above.iter().find_map(|above| declared_above(ours, above, member, servlet))
}

fn has(api: &Classes, owner: &str, member: &str) -> bool {
    if owner.starts_with("java/") {
        return true; // what the API inherits of Java itself
    }
    let Some(class) = api.get(owner) else { return false };
    let inherits = |above: &String| above != "java/lang/Object" && has(api, above, member);
    class.methods.iter().any(|method| method == member)
        || class.above.iter().any(inherits)
        || is_of_object(member)
}

fn is_of_object(member: &str) -> bool {
    ["getClass()", "hashCode()", "equals(", "toString()"]
        .iter()
        .any(|of_object| member.starts_with(of_object))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(name: &str, above: &str, methods: &[&str], calls: &[(&str, &str)]) -> (String, ClassFile) {
        let file = ClassFile {
            level: 51,
            native_methods: Vec::new(),
            name: name.to_owned(),
            above: vec![above.to_owned()],
            methods: methods.iter().map(|&method| method.to_owned()).collect(),
            calls: calls.iter().map(|&(owner, member)| (owner.to_owned(), member.to_owned())).collect(),
            has_late_constants: false,
        };
        (name.to_owned(), file)
    }

    #[test]
    fn names_a_call_that_one_of_the_servlet_apis_lacks() {
        let old =
            Classes::from([class("javax/servlet/Request", "java/lang/Object", &["old()V", "both()V"], &[])]);
        let new = Classes::from([class(
            "jakarta/servlet/Request",
            "java/lang/Object",
            &["new()V", "both()V"],
            &[],
        )]);
        for (member, strange) in [("both()V", 0), ("old()V", 1), ("new()V", 1)] {
            let direct =
                Classes::from([class("A", "java/lang/Object", &[], &[("javax/servlet/Request", member)])]);
            assert_eq!(strange_calls(&direct, &old, &new, false).len(), strange, "{member}");
            let inherited = Classes::from([class("B", "javax/servlet/Request", &[], &[("B", member)])]);
            assert_eq!(strange_calls(&inherited, &old, &new, false).len(), strange, "{member} inherited");
        }
        let elsewhere = Classes::from([class("A", "java/lang/Object", &[], &[("java/lang/String", "x()V")])]);
        assert_eq!(strange_calls(&elsewhere, &old, &new, false).len(), 1, "the wrong flavour is noticed");
    }

    #[test]
    fn names_a_manifest_line_that_is_missing_or_different() {
        let good = format!(
            "Bundle-ManifestVersion: 2\r\nBundle-SymbolicName: io.ostiary.jira\r\nBundle-Version: {}\r\n\
             Atlassian-Plugin-Key: io.ostiary.jira\r\nSpring-Context: *\r\nImport-Package: javax.servlet,javax.ser\r\n \
             vlet.http,org.osgi.framework,org.slf4j;resolution:=optional,com.atlassian.annotations.security;resolution:=optional,\
             javax.net;resolution:=optional,javax.net.ssl;resolution:=optional\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let problems = |text: &str| {
            let mut count = 0;
            manifest(text, "jira", false, &mut |_| count += 1);
            count
        };
        assert_eq!(problems(&good), 0);
        for (from, to) in
            [("Spring-Context: *", "Spring-Context: x"), (",org.osgi.framework", ""), ("key: io", "key: oi")]
        {
            assert_eq!(problems(&good.replace(from, to)), usize::from(good.contains(from)), "{from}");
        }
        assert_eq!(problems(&format!("{good}Bundle-NativeCode: x\r\n")), 1);
    }
}
