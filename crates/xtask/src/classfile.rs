//! The two facts we need of a Java class file (JVM Specification 4.1): its level and its name.

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
}

enum Constant {
    Text(String),
    Other,
}

/// Reads the level and the native methods.
pub fn read(bytes: &[u8]) -> Result<ClassFile> {
    let mut reader = Reader { rest: bytes };
    ensure!(reader.take(4)? == [0xCA, 0xFE, 0xBA, 0xBE], "not a class file");
    let _minor = reader.u2()?;
    let level = reader.u2()?;
    let constants = constants(&mut reader)?;
    reader.take(6)?; // access flags, this class, super class
    let interfaces = reader.u2()?;
    reader.take(usize::from(interfaces) * 2)?;
    members(&mut reader, &constants, |_, _| ())?;
    let mut native_methods = Vec::new();
    members(&mut reader, &constants, |access, name| {
        if access & 0x0100 != 0 {
            native_methods.push(name.to_owned());
        }
    })?;
    Ok(ClassFile { level, native_methods })
}

/// The constant pool (JVM Specification 4.4); `long` and `double` take two places.
fn constants(reader: &mut Reader<'_>) -> Result<Vec<Constant>> {
    let count = reader.u2()?;
    let mut constants = vec![Constant::Other];
    while constants.len() < usize::from(count) {
        let tag = reader.u1()?;
        let size = match tag {
            1 => {
                let length = reader.u2()?;
                let text = String::from_utf8_lossy(reader.take(usize::from(length))?).into_owned();
                constants.push(Constant::Text(text));
                continue;
            }
            7 | 8 | 16 | 19 | 20 => 2,
            15 => 3,
            3 | 4 | 9 | 10 | 11 | 12 | 17 | 18 => 4,
            5 | 6 => 8,
            other => bail!("constant of unknown kind {other}"),
        };
        reader.take(size)?;
        constants.push(Constant::Other);
        if size == 8 {
            constants.push(Constant::Other);
        }
    }
    Ok(constants)
}

/// Walks over fields or methods (JVM Specification 4.5, 4.6).
fn members(reader: &mut Reader<'_>, constants: &[Constant], mut each: impl FnMut(u16, &str)) -> Result<()> {
    for _ in 0..reader.u2()? {
        let access = reader.u2()?;
        let name = usize::from(reader.u2()?);
        reader.u2()?;
        if let Some(Constant::Text(name)) = constants.get(name) {
            each(access, name);
        }
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
    }

    #[test]
    fn refuses_every_truncation_up_to_the_methods() {
        let whole = sample(52);
        for end in 0..whole.len() - 2 {
            assert!(read(&whole[..end]).is_err(), "{end} bytes");
        }
    }
}
