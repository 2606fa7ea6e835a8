//! What is generated: written by `./x generate`, compared by `./x check`.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{codes, files, matrix};

/// Writes every generated file, or with `check` compares it with what stands there.
pub fn run(check: bool) -> Result<()> {
    let root = files::root();
    let mut stale = Vec::new();
    let all = codes::files().into_iter().chain([matrix::file(&root)?]);
    for (name, text) in all {
        let path = root.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|standing| standing == text) {
            continue;
        }
        if check {
            stale.push(name);
        } else {
            write(&path, &text)?;
            println!("wrote {name}");
        }
    }
    if !stale.is_empty() {
        bail!("not as generated: {}. Run ./x generate and commit the result", stale.join(", "));
    }
    println!("the generated files are current");
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
