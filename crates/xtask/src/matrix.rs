//! The support matrix of the add-ons: one file, and the table that the guide for administrators shows of it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files;

const MATRIX: &str = "docs/support-matrix.json";
const GUIDE: &str = "docs/admin-guide.md";
const BEGIN: &str =
    "<!-- Support matrix: generated from support-matrix.json by ./x generate; do not edit. -->\n";
const END: &str = "<!-- End of the support matrix. -->\n";

/// What is supported.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    hosts: Vec<Host>,
    java: Java,
    platforms: Vec<Platform>,
}

/// Versions of a host that take one add-on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Host {
    product: String,
    from: String,
    /// The last, or none yet.
    to: Option<String>,
    addon: String,
    servlet: String,
    /// The versions that the stand-in plays.
    tried: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Java {
    oldest: u8,
    tried: Vec<u8>,
}

/// Where the native library runs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Platform {
    name: String,
    /// The library's folder in the jar.
    library: String,
}

impl Host {
    fn versions(&self) -> String {
        match &self.to {
            Some(to) => format!("{} to {to}", self.from),
            None => format!("{} and newer", self.from),
        }
    }
}

/// The guide with the current table.
pub fn file(root: &Path) -> Result<(&'static str, String)> {
    Ok((GUIDE, with_table(&files::read(&root.join(GUIDE))?, &tables(&read(root)?))?))
}

fn read(root: &Path) -> Result<Matrix> {
    serde_json::from_str(&files::read(&root.join(MATRIX))?).with_context(|| format!("cannot read {MATRIX}"))
}

/// What stands between the marks is replaced.
fn with_table(guide: &str, tables: &str) -> Result<String> {
    let (before, rest) = guide.split_once(BEGIN).with_context(|| format!("{GUIDE} has no {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{GUIDE} has no {END}"))?;
    Ok([before, BEGIN, "\n", tables, "\n", END, after].concat())
}

fn tables(matrix: &Matrix) -> String {
    let mut text = String::from(
        "| Host | Versions | Add-on | Servlet API | Tried with a host that plays |\n|---|---|---|---|---|\n",
    );
    for host in &matrix.hosts {
        let _ = writeln!(
            text,
            "| {} | {} | `{}-<version>.jar` | {} | {} |",
            host.product,
            host.versions(),
            host.addon,
            host.servlet,
            host.tried.join(", ")
        );
    }
    text.push_str("\n| | Supported | Tried |\n|---|---|---|\n");
    let tried: Vec<String> = matrix.java.tried.iter().map(ToString::to_string).collect();
    let _ = writeln!(text, "| Java | {} and newer | {} |", matrix.java.oldest, tried.join(", "));
    for platform in &matrix.platforms {
        let _ = writeln!(text, "| Native library | {0} (`{1}`) | {0} |", platform.name, platform.library);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let guide = format!("a\n{BEGIN}old\n{END}b\n");
        assert_eq!(with_table(&guide, "new\n").unwrap(), format!("a\n{BEGIN}\nnew\n\n{END}b\n"));
        assert!(with_table("a\nb\n", "new\n").is_err());
    }

    /// Constants of the stand-in's profiles: product, generation, version.
    fn profiles() -> Vec<(String, u8, String)> {
        let name = "java-shim/standin/src/main/java/io/ostiary/standin/Profile.java";
        let source = files::read(&files::root().join(name)).unwrap();
        let constants = source.lines().filter(|line| line.starts_with("  ") && line.contains(", Product."));
        let profiles: Vec<_> = constants
            .map(|line| {
                let parts: Vec<&str> = line.split(", ").collect();
                let version = parts[3].trim_matches('"').to_owned();
                (parts[1].trim_start_matches("Product.").to_lowercase(), parts[2].parse().unwrap(), version)
            })
            .collect();
        assert!(profiles.len() >= 8, "{profiles:?}");
        profiles
    }

    fn number(version: &str) -> (u32, u32) {
        let mut parts = version.split('.').map(|part| part.parse().unwrap());
        (parts.next().unwrap(), parts.next().unwrap_or_default())
    }

    #[test]
    fn every_version_that_the_stand_in_plays_is_listed_and_no_other() {
        let matrix = read(&files::root()).unwrap();
        let listed = matrix.hosts.iter().flat_map(|host| {
            host.tried
                .iter()
                .map(|version| (host.product.to_lowercase(), host.servlet.clone(), version.clone()))
        });
        let mut listed: Vec<_> = listed.collect();
        let played = profiles().into_iter().map(|(product, generation, version)| {
            (product, if generation >= 4 { "jakarta" } else { "javax" }.to_owned(), version)
        });
        let mut played: Vec<_> = played.collect();
        listed.sort();
        played.sort();
        assert_eq!(listed, played);
        for host in &matrix.hosts {
            for version in &host.tried {
                assert!(number(version) >= number(&host.from), "{version}");
                let last = host.to.as_deref().map_or(u32::MAX, |to| number(to).0);
                assert!(number(version).0 <= last, "{version}");
            }
        }
    }

    #[test]
    fn each_add_on_is_built_for_that_servlet_api_and_says_those_versions() {
        for host in read(&files::root()).unwrap().hosts {
            let folder = host.addon.trim_start_matches("ostiary-");
            let pom = files::read(&files::root().join(format!("java-shim/{folder}/pom.xml"))).unwrap();
            let product = host.product.to_lowercase();
            for wanted in [
                format!("<artifactId>{}</artifactId>", host.addon),
                format!("<Import-Package>{}.servlet,", host.servlet),
                format!("<description>The add-on for {} {}.", host.product, host.versions()),
                format!("<Atlassian-Plugin-Key>io.ostiary.{product}<"),
            ] {
                assert!(pom.contains(&wanted), "{folder}/pom.xml has no {wanted}");
            }
            let descriptor = format!("java-shim/{product}/src/main/resources/atlassian-plugin.xml");
            let descriptor = files::read(&files::root().join(descriptor)).unwrap();
            assert!(descriptor.contains(&format!("key=\"io.ostiary.{product}\"")), "{product}");
        }
    }

    #[test]
    fn java_and_platforms_are_those_of_the_build() {
        let matrix = read(&files::root()).unwrap();
        let parent = files::read(&files::root().join("java-shim/pom.xml")).unwrap();
        assert!(parent.contains(&format!("<ostiary.release>{}</ostiary.release>", matrix.java.oldest)));
        for tried in &matrix.java.tried {
            assert!(
                parent.contains(&format!("<ostiary.test.release>{tried}</ostiary.test.release>")),
                "{tried}"
            );
        }
        let bridge = files::read(&files::root().join("java-shim/bridge/pom.xml")).unwrap();
        let libraries: Vec<&str> =
            matrix.platforms.iter().map(|platform| platform.library.as_str()).collect();
        let built: Vec<&str> = bridge
            .lines()
            .filter_map(|line| line.trim().strip_prefix("<ostiary.native.platform>")?.split('<').next())
            .collect();
        assert_eq!(libraries, built);
        for platform in &matrix.platforms {
            let (system, machine) = platform.library.split_once('-').unwrap();
            let name = platform.name.to_lowercase();
            assert!(name.starts_with(&format!("{system} {machine} ")), "{name}");
        }
    }
}
