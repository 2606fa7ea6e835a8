//! What we need to know of a Java class file (JVM Specification 4.1): its level, its methods, and what it calls.

use anyhow::{Context, Result, bail, ensure};

/// Reads forward over the bytes of a class file.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count).context("class file is cut off")?;
        self.rest = rest;
        Ok(head)
    }

    fn u1(&mut self) -> Result<u8> {
        self.take(1)?.first().copied().context("class file is cut off")
    }

    fn u2(&mut self) -> Result<u16> {
        let bytes = self.take(2)?;
        Ok(u16::from_be_bytes(bytes.try_into()?))
    }
}

/// What the check of the artefacts wants to know of a class.
#[derive(Debug)]
pub struct ClassFile {
    /// 51 is Java 7.
    pub level: u16,
    /// Methods that are `native`, in order.
    pub native_methods: Vec<String>,
    /// The class itself, with slashes.
    pub name: String,
    /// Its super class and its interfaces.
    pub above: Vec<String>,
    /// Its methods, name and descriptor in one.
    pub methods: Vec<String>,
    /// The methods it calls: class, and name and descriptor in one.
    pub calls: Vec<(String, String)>,
    /// Whether it has constants that came after Java 7 class files were in general use: method handles, method types and
    /// dynamic calls (tags 15 to 18), modules and packages (19 and 20).
    pub has_late_constants: bool,
}

enum Constant {
    Text(String),
    Class(usize),
    NameAndType(usize, usize),
    Method(usize, usize),
    Late,
    Other,
}

fn text(constants: &[Constant], index: usize) -> &str {
    match constants.get(index) {
        Some(Constant::Text(text)) => text,
        Some(Constant::Class(name)) => match constants.get(*name) {
            Some(Constant::Text(text)) => text,
            _ => "",
        },
        _ => "",
    }
}

fn calls(constants: &[Constant]) -> Vec<(String, String)> {
    let mut calls = Vec::new();
    for constant in constants {
        if let Constant::Method(class, member) = constant
            && let Some(Constant::NameAndType(name, descriptor)) = constants.get(*member)
        {
            let member = format!("{}{}", text(constants, *name), text(constants, *descriptor));
            calls.push((text(constants, *class).to_owned(), member));
        }
    }
    calls
}

/// Reads all of it.
pub fn read(bytes: &[u8]) -> Result<ClassFile> {
    let mut reader = Reader { rest: bytes };
    ensure!(reader.take(4)? == [0xCA, 0xFE, 0xBA, 0xBE], "not a class file");
    let _minor = reader.u2()?;
    let level = reader.u2()?;
    let constants = constants(&mut reader)?;
    reader.take(2)?; // access flags
    let name = text(&constants, usize::from(reader.u2()?)).to_owned();
    let mut above = vec![text(&constants, usize::from(reader.u2()?)).to_owned()];
    for _ in 0..reader.u2()? {
        above.push(text(&constants, usize::from(reader.u2()?)).to_owned());
    }
    members(&mut reader, &constants, |_, _, _| ())?;
    let mut native_methods = Vec::new();
    let mut methods = Vec::new();
    members(&mut reader, &constants, |access, name, descriptor| {
        methods.push(format!("{name}{descriptor}"));
        if access & 0x0100 != 0 {
            native_methods.push(name.to_owned());
        }
    })?;
    let has_late_constants = constants.iter().any(|constant| matches!(constant, Constant::Late));
    Ok(ClassFile {
        level,
        native_methods,
        name,
        above,
        methods,
        calls: calls(&constants),
        has_late_constants,
    })
}

/// The constant pool (JVM Specification 4.4); `long` and `double` take two places.
fn constants(reader: &mut Reader<'_>) -> Result<Vec<Constant>> {
    let count = reader.u2()?;
    let mut constants = vec![Constant::Other];
    while constants.len() < usize::from(count) {
        let tag = reader.u1()?;
        let constant = match tag {
            1 => {
                let length = reader.u2()?;
                Constant::Text(String::from_utf8_lossy(reader.take(usize::from(length))?).into_owned())
            }
            7 => Constant::Class(reader.u2()?.into()),
            10 | 11 => Constant::Method(reader.u2()?.into(), reader.u2()?.into()),
            12 => Constant::NameAndType(reader.u2()?.into(), reader.u2()?.into()),
            3 | 4 | 8 | 9 => {
                reader.take(if tag == 8 { 2 } else { 4 })?;
                Constant::Other
            }
            15..=20 => {
                reader.take(match tag {
                    15 => 3,
                    17 | 18 => 4,
                    _ => 2,
                })?;
                Constant::Late
            }
            5 | 6 => {
                reader.take(8)?;
                constants.push(Constant::Other);
                Constant::Other
            }
            other => bail!("constant of unknown kind {other}"),
        };
        constants.push(constant);
    }
    Ok(constants)
}

/// Walks over fields or methods (JVM Specification 4.5, 4.6).
fn members(
    reader: &mut Reader<'_>,
    constants: &[Constant],
    mut each: impl FnMut(u16, &str, &str),
) -> Result<()> {
    for _ in 0..reader.u2()? {
        let access = reader.u2()?;
        let name = usize::from(reader.u2()?);
        let descriptor = usize::from(reader.u2()?);
        each(access, text(constants, name), text(constants, descriptor));
        for _ in 0..reader.u2()? {
            reader.u2()?;
            let length = u32::from_be_bytes(reader.take(4)?.try_into()?);
            reader.take(usize::try_from(length)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `final class A { native int a(); long b = 1; }` written by hand: seven constants, one field, one method.
    fn sample(level: u8) -> Vec<u8> {
        let mut bytes = vec![0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, level, 0, 8];
        bytes.extend([1, 0, 1, b'A', 7, 0, 1]); // 1: "A", 2: class A
        bytes.extend([1, 0, 1, b'a', 1, 0, 3, b'(', b')', b'I']); // 3: "a", 4: "()I"
        bytes.extend([5, 0, 0, 0, 0, 0, 0, 0, 1]); // 5 and 6: long 1
        bytes.extend([1, 0, 1, b'b']); // 7: "b"
        bytes.extend([0, 0x10, 0, 2, 0, 2, 0, 0]); // access, this, super, no interfaces
        bytes.extend([0, 1, 0, 0, 0, 7, 0, 7, 0, 0]); // one field
        bytes.extend([0, 1, 1, 0, 0, 3, 0, 4, 0, 0]); // one method, native
        bytes.extend([0, 0]);
        bytes
    }

    #[test]
    fn reads_level_and_native_methods() {
        let class = read(&sample(51)).unwrap();
        assert_eq!(class.level, 51);
        assert_eq!(class.native_methods, ["a"]);
        assert_eq!(class.name, "A");
        assert_eq!(class.methods, ["a()I"]);
        assert!(!class.has_late_constants);
    }

    #[test]
    fn refuses_every_truncation_up_to_the_methods() {
        let whole = sample(52);
        for end in 0..whole.len() - 2 {
            assert!(read(&whole[..end]).is_err(), "{end} bytes");
        }
    }
}
