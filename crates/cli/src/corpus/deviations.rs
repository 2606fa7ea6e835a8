//! `docs/corpus-deviations.md`: cases that the corpus grades as acceptable and that the product floor refuses.

use anyhow::{Context as _, bail, ensure};
use ostiary_codes::Code;
use std::collections::BTreeMap;

const BUILT_IN: &str = include_str!("../../../../docs/corpus-deviations.md");

/// The listed cases and the one code with which each must be refused.
#[derive(Debug, Default)]
pub struct Deviations(BTreeMap<String, Code>);

impl Deviations {
    pub fn built_in() -> anyhow::Result<Self> {
        Self::parse(BUILT_IN).context("docs/corpus-deviations.md")
    }

    /// Reads the rows `` | `case` | `code` | why | `` of a table in Markdown.
    pub fn parse(markdown: &str) -> anyhow::Result<Self> {
        let mut cases = BTreeMap::new();
        for line in markdown.lines().filter(|line| line.starts_with("| `")) {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let quoted = |cell: Option<&str>| {
                Some(cell?.strip_prefix('`')?.strip_suffix('`')?.to_owned()).filter(|text| !text.is_empty())
            };
            let (Some(case), Some(code)) = (quoted(cells.next()), quoted(cells.next())) else {
                bail!("not a row of case and code: {line}");
            };
            ensure!(cells.next().is_some_and(|why| !why.is_empty()), "{case} has no reason");
            let code = Code::ALL.iter().find(|known| known.as_str() == code);
            let code = code.with_context(|| format!("{case} names a code that does not exist"))?;
            ensure!(cases.insert(case.clone(), *code).is_none(), "{case} is listed twice");
        }
        Ok(Self(cases))
    }

    /// The code with which `case` must be refused, if it is listed.
    pub fn code(&self, case: &str) -> Option<Code> {
        self.0.get(case).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_rows_of_the_table() {
        let text =
            "# Title\n\n| Case | Code | Why |\n|---|---|---|\n| `a-1` | `xml-doctype` | floor |\nprose\n";
        let read = Deviations::parse(text).unwrap();
        assert_eq!(read.code("a-1"), Some(Code::XmlDoctype));
        assert_eq!(read.code("a-2"), None);
    }

    #[test]
    fn refuses_rows_that_say_too_little_or_too_much() {
        for text in [
            "| `a` |",
            "| `a` | xml-doctype | why |",
            "| `a` | `no-such-code` | why |",
            "| `a` | `xml-doctype` | |",
            "| `` | `xml-doctype` | why |",
            "| `a` | `xml-doctype` | why |\n| `a` | `xml-comment` | why |",
        ] {
            assert!(Deviations::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_paper_can_be_read() {
        Deviations::built_in().unwrap();
    }
}
