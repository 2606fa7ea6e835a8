//! What the shipped files must be: the native library stays mapped and exports nothing but its door; the jars run
//! on Java 7 class level, carry no module descriptor and no foreign package, and the door keeps its name; and no native
//! library, be it in a jar, has test features.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use object::read::elf::{Dyn as _, ElfFile64, FileHeader as _};
use object::{Object as _, ObjectSymbol as _, elf};
use zip::ZipArchive;

use crate::classfile;

/// Class-file level of Java 7: what every host of the last decade can scan.
const HIGHEST_LEVEL: u16 = 51;
/// Everything in a jar lies below this package; what we carry along is relocated into it.
const OUR_PACKAGES: &str = "io/ostiary/";
/// The one class with native methods. Relocating it would break the `Java_*` names of the library.
const DOOR: &str = "io/ostiary/bridge/Door.class";
/// In every library with the feature `test-features` (`crates/engine/src/test_features.rs`), and in no other.
const TEST_MARK: &[u8] = b"ostiary-test-features-are-in-this-library";

/// Checks everything that was named and reports every problem at once.
pub fn run(native: Option<&Path>, jars: &[PathBuf], with_native: bool) -> Result<()> {
    let mut problems = Vec::new();
    if let Some(path) = native {
        check_native(path, &mut problems).with_context(|| format!("cannot check {}", path.display()))?;
    }
    for path in jars {
        check_jar(path, with_native, &mut problems)
            .with_context(|| format!("cannot check {}", path.display()))?;
    }
    if !problems.is_empty() {
        bail!("the artefacts are not what they should be:\n  {}", problems.join("\n  "));
    }
    println!("artefacts: {} checked, all as they should be", usize::from(native.is_some()) + jars.len());
    Ok(())
}

/// The other way round, for a library that was built with test features: the mark must be in it, or its absence elsewhere
/// would prove nothing.
pub fn has_test_features(library: &Path) -> Result<()> {
    let bytes = std::fs::read(library).with_context(|| format!("cannot read {}", library.display()))?;
    if !is_marked(&bytes) {
        bail!("{} does not carry the mark of test features", library.display());
    }
    println!("{}: has test features, and must not ship", library.display());
    Ok(())
}

fn is_marked(bytes: &[u8]) -> bool {
    bytes.windows(TEST_MARK.len()).any(|window| window == TEST_MARK)
}

/// `-z nodelete` (a JVM that unloads the library crashes at the next thread exit), and exports of the door alone.
fn check_native(path: &Path, problems: &mut Vec<String>) -> Result<()> {
    let bytes = std::fs::read(path)?;
    let file =
        ElfFile64::<object::Endianness>::parse(bytes.as_slice()).context("not a 64-bit ELF library")?;
    let name = path.display();
    if is_marked(&bytes) {
        problems.push(format!("{name}: was built with test features"));
    }
    if !has_nodelete(&file, &bytes)? {
        problems.push(format!("{name}: the flag NODELETE is missing (build.rs sets -z nodelete)"));
    }
    let mut doors = 0;
    for symbol in file.dynamic_symbols().filter(|symbol| symbol.is_definition()) {
        let symbol = symbol.name().unwrap_or("?");
        if symbol.starts_with("Java_") {
            doors += 1;
        } else if !symbol.starts_with("JNI_") {
            problems.push(format!("{name}: exports {symbol}; only Java_* and JNI_* are expected"));
        }
    }
    if doors != 4 {
        problems.push(format!("{name}: {doors} functions Java_*, four are expected"));
    }
    Ok(())
}

fn has_nodelete(file: &ElfFile64<'_, object::Endianness>, bytes: &[u8]) -> Result<bool> {
    let endian = file.endian();
    let segments = file.elf_header().program_headers(endian, bytes)?;
    for segment in segments {
        use object::read::elf::ProgramHeader as _;
        for entry in segment.dynamic(endian, bytes)?.unwrap_or_default() {
            let flags = entry.d_val(endian);
            if entry.tag(endian) == elf::DT_FLAGS_1 && flags & elf::DF_1_NODELETE.0 != 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What every jar must be.
pub fn check_jar(path: &Path, with_native: bool, problems: &mut Vec<String>) -> Result<()> {
    let mut jar = ZipArchive::new(File::open(path)?)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let entries: BTreeSet<String> =
        jar.file_names().map(|name| name.map(|name| name.into_owned())).collect::<Result<_, _>>()?;
    for entry in &entries {
        check_entry_name(&name, entry, problems);
        if is_native_library(entry) {
            let mut bytes = Vec::new();
            jar.by_name(entry)?.read_to_end(&mut bytes)?;
            if is_marked(&bytes) {
                problems.push(format!("{name}: {entry} was built with test features"));
            }
        }
        let natives = check_class(&mut jar, &name, entry, problems)?;
        if !natives.is_empty() && entry != DOOR {
            problems.push(format!("{name}: {entry} has native methods; only {DOOR} may"));
        }
        if entry == DOOR && natives.len() != 4 {
            problems
                .push(format!("{name}: the door has {} native methods, four are expected", natives.len()));
        }
    }
    if with_native && !entries.contains(DOOR) {
        problems.push(format!("{name}: {DOOR} is not there under its own name"));
    }
    if with_native && !entries.iter().any(|entry| is_native_library(entry)) {
        problems.push(format!("{name}: no native library below META-INF/native/"));
    }
    Ok(())
}

fn check_entry_name(jar: &str, entry: &str, problems: &mut Vec<String>) {
    if entry.ends_with("module-info.class") {
        problems.push(format!("{jar}: {entry}; old hosts cannot read module descriptors"));
    } else if entry.starts_with("META-INF/versions/") {
        problems.push(format!("{jar}: {entry}; multi-release entries are not allowed"));
    } else if entry.ends_with(".class") && !entry.starts_with(OUR_PACKAGES) {
        problems.push(format!("{jar}: {entry} is not below {OUR_PACKAGES}; relocate it or leave it out"));
    }
}

/// The native methods of a class entry; a class above the level is a problem.
fn check_class(
    jar: &mut ZipArchive<File>,
    name: &str,
    entry: &str,
    problems: &mut Vec<String>,
) -> Result<Vec<String>> {
    if !entry.ends_with(".class") {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    jar.by_name(entry)?.read_to_end(&mut bytes)?;
    let class = classfile::read(&bytes).with_context(|| format!("{entry} in {name}"))?;
    if class.level > HIGHEST_LEVEL {
        problems.push(format!(
            "{name}: {entry} has class level {}, at most {HIGHEST_LEVEL} is allowed",
            class.level
        ));
    }
    if class.has_late_constants {
        problems.push(format!("{name}: {entry} has constants that old hosts cannot scan (tags 15 to 20)"));
    }
    Ok(class.native_methods)
}

fn is_native_library(entry: &str) -> bool {
    entry.starts_with("META-INF/native/")
        && Path::new(entry).extension().is_some_and(|end| end == "so" || end == "dll" || end == "dylib")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_mark_wherever_it_is() {
        let mut library = vec![0_u8; 100];
        assert!(!is_marked(&library));
        library.extend_from_slice(TEST_MARK);
        assert!(is_marked(&library));
        library.push(0);
        assert!(is_marked(&library));
        library[100] = b'O';
        assert!(!is_marked(&library));
    }
}
