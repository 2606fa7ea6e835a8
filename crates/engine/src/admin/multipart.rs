//! A form with a file in it, as browsers write it (RFC 7578): parts between lines with the boundary, each with a name.

use crate::settings::Problem;
use crate::wire::event::Upload;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

const MAX_BODY: usize = 2 * 1024 * 1024;
const MAX_PARTS: usize = 64;
const MAX_BOUNDARY: usize = 70;

/// Names and values; a file is a value.
pub fn read(upload: &Upload) -> Result<BTreeMap<String, Vec<String>>, Vec<Problem>> {
    parse(upload).map_err(|problem| vec![Problem::new("metadata_file", problem)])
}

fn parse(upload: &Upload) -> Result<BTreeMap<String, Vec<String>>, &'static str> {
    let boundary = boundary(&upload.content_type).ok_or("the form has no boundary")?;
    if upload.body.len() / 4 * 3 > MAX_BODY {
        return Err("is too large");
    }
    let mut body = b"\r\n".to_vec();
    body.extend(STANDARD.decode(&upload.body).map_err(|_| "the form could not be read")?);
    let delimiter = format!("\r\n--{boundary}");
    let mut form: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (_, mut rest) = cut(&body, delimiter.as_bytes()).ok_or("the form has no parts")?;
    for _ in 0..MAX_PARTS {
        if rest.starts_with(b"--") {
            return Ok(form);
        }
        let (part, after) = cut(rest, delimiter.as_bytes()).ok_or("the form is cut off")?;
        let part = part.strip_prefix(b"\r\n").ok_or("the form could not be read")?;
        let (head, value) = cut(part, b"\r\n\r\n").ok_or("the form could not be read")?;
        let name = name(head).ok_or("the form has a part without a name")?;
        let value = std::str::from_utf8(value).map_err(|_| "is not a text in UTF-8")?;
        form.entry(name).or_default().push(value.to_owned());
        rest = after;
    }
    Err("the form has too many parts")
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.split(';').map(str::trim).find_map(|one| one.strip_prefix("boundary="))?;
    let boundary = boundary.trim_matches('"');
    (1..=MAX_BOUNDARY).contains(&boundary.len()).then_some(boundary)
}

/// What is before and what is after the first `mark`.
fn cut<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    let (before, rest) = bytes.split_at_checked(at)?;
    Some((before, rest.get(mark.len()..)?))
}

/// `name` of the Content-Disposition.
fn name(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let disposition = head.split("\r\n").find_map(|line| {
        let (header, value) = line.split_once(':')?;
        header.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (_, quoted) = disposition.split_once("; name=\"")?;
    quoted.split_once('"').map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn upload(body: &[u8]) -> Upload {
        Upload {
            content_type: "multipart/form-data; boundary=\"--x1\"".to_owned(),
            body: STANDARD.encode(body),
        }
    }

    const BROWSER: &str = "----x1\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nupload\r\n----x1\r\n\
        Content-Disposition: form-data; name=\"metadata_file\"; filename=\"a \\\"b.xml\"\r\nContent-Type: text/xml\r\n\r\n\
        \u{feff}<x>\r\n--x\r\n</x>\r\n----x1--\r\n";

    #[test]
    fn reads_what_browsers_write() {
        let form = read(&upload(BROWSER.as_bytes())).unwrap();
        assert_eq!(form["action"], ["upload"]);
        assert_eq!(form["metadata_file"], ["\u{feff}<x>\r\n--x\r\n</x>"]);
    }

    #[test]
    fn keeps_both_of_a_name_that_occurs_twice() {
        let twice = BROWSER.replace("metadata_file", "action");
        assert_eq!(read(&upload(twice.as_bytes())).unwrap()["action"].len(), 2);
    }

    #[test]
    fn refuses_what_is_cut_off_or_no_form() {
        for end in 0..BROWSER.trim_end().len() - 1 {
            if let Some(cut) = BROWSER.as_bytes().get(..end) {
                assert!(read(&upload(cut)).is_err(), "{end}");
            }
        }
        for content_type in
            ["", "multipart/form-data", "text/plain; boundary=x", "multipart/form-data; boundary="]
        {
            let upload = Upload { content_type: content_type.to_owned(), body: STANDARD.encode(BROWSER) };
            assert!(read(&upload).is_err(), "{content_type}");
        }
        assert!(
            read(&upload(b"----x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n----x1--"))
                .is_err()
        );
        let many = "----x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(MAX_PARTS + 1);
        assert!(read(&upload(format!("{many}----x1--").as_bytes())).is_err());
        assert!(read(&upload(&vec![b'x'; MAX_BODY + 10])).is_err());
    }

    proptest! {
        #[test]
        fn never_panics(body in prop::collection::vec(any::<u8>(), 0..300), content_type in ".{0,60}") {
            let upload = Upload { content_type, body: STANDARD.encode(&body) };
            let _read = read(&upload);
            let marked = Upload { content_type: "multipart/form-data; boundary=x".to_owned(), body: STANDARD.encode(body) };
            let _read = read(&marked);
        }
    }
}
