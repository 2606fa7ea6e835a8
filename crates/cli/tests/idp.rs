//! `ostiary idp`: the test identity provider answers on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{ostiary, program};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

/// Ends the program whatever the test comes to.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn serves_metadata_and_names_its_users() {
    for (flavour, entity_id) in [
        ("entra", "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/"),
        ("adfs", "http://fs.contoso.example/adfs/services/trust"),
    ] {
        let mut child = program()
            .args(["idp", "--port", "0", "--sp", "http://localhost:8080/app/", "--flavour", flavour])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let _running = Running(child);
        let mut lines = Vec::new();
        for line in out.lines() {
            lines.push(line.unwrap());
            if lines.last().unwrap().contains("i.inactive@contoso.example") {
                break;
            }
        }
        let told = lines.join("\n");
        assert!(told.contains("b.simon@contoso.example"), "{told}");
        let url = lines.iter().find_map(|line| line.strip_prefix("Metadata")).unwrap().trim();
        let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let answer = get(address, &format!("/{path}"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(&format!("entityID=\"{entity_id}\"")), "{answer}");
        assert!(get(address, "/no-such-page").starts_with("HTTP/1.1 404"));
    }
}

#[test]
fn wants_a_base_url_with_a_slash_at_the_end() {
    for url in ["http://localhost:8080/app", "localhost", "http://localhost:8080/?x/"] {
        let run = ostiary(&["idp", "--port", "0", "--sp", url]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("--sp"), "{run:?}");
    }
}
