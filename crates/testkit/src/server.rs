//! The identity provider behind a small HTTP server. Loopback only by intent; one request at a time is enough.

use crate::{Idp, WebAnswer, WebRequest};
use jiff::Timestamp;
use rand_core::CryptoRng;
use std::io::Read as _;
use std::net::SocketAddr;
use thiserror::Error;
use tiny_http::{Header, Request, Response, Server};
use url::Url;

/// Longest request body.
const MOST_BODY: u64 = 1024 * 1024;
/// Longest metadata document of the service provider.
const MOST_METADATA: u64 = 1024 * 1024;

/// The server cannot listen.
#[derive(Debug, Error)]
#[error("cannot listen on {address}: {reason}")]
pub struct ListenError {
    address: SocketAddr,
    reason: String,
}

/// A bound socket.
pub struct Listening {
    server: Server,
    address: SocketAddr,
}

impl std::fmt::Debug for Listening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Listening({})", self.address)
    }
}

/// Binds `address`; port 0 takes a free one.
///
/// # Errors
/// [`ListenError`].
pub fn listen(address: SocketAddr) -> Result<Listening, ListenError> {
    let failed = |reason: String| ListenError { address, reason };
    let server = Server::http(address).map_err(|error| failed(error.to_string()))?;
    let bound = server.server_addr().to_ip().ok_or_else(|| failed("no IP address".to_owned()))?;
    Ok(Listening { server, address: bound })
}

impl Listening {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the process ends. `clock` is asked once per request.
    pub fn serve(&self, idp: &mut Idp, clock: fn() -> Timestamp, rng: &mut dyn CryptoRng, log: fn(&str)) {
        for mut request in self.server.incoming_requests() {
            let web = read(&mut request);
            for url in idp.wanted_sp_metadata(&web) {
                let taken = fetch(&url).and_then(|xml| idp.set_sp_metadata(&xml).map_err(|e| e.to_string()));
                if let Err(problem) = taken {
                    log(&format!("metadata of the service provider at {url}: {problem}"));
                }
            }
            let answer = idp.handle(&web, clock(), rng).unwrap_or_else(|error| WebAnswer {
                status: 500,
                headers: vec![("Content-Type", "text/plain; charset=utf-8".to_owned())],
                body: error.to_string().into_bytes(),
            });
            log(&format!("{} {} {}", answer.status, web.method, web.path));
            if let Err(error) = respond(request, answer) {
                log(&format!("the browser went away: {error}"));
            }
        }
    }
}

fn read(request: &mut Request) -> WebRequest {
    let url = request.url().to_owned();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let method = request.method().to_string();
    let mut body = Vec::new();
    if request.as_reader().take(MOST_BODY).read_to_end(&mut body).is_err() {
        body.clear();
    }
    let body = String::from_utf8(body).unwrap_or_default();
    let cookies = request.headers().iter().filter(|header| header.field.equiv("Cookie"));
    let cookies = cookies.map(|header| header.value.as_str()).collect::<Vec<_>>().join("; ");
    WebRequest { method, path: path.to_owned(), query: query.to_owned(), body, cookies }
}

fn respond(request: Request, answer: WebAnswer) -> Result<(), std::io::Error> {
    let mut response = Response::from_data(answer.body).with_status_code(answer.status);
    for (name, value) in answer.headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// Never through a proxy: the service provider is on this machine. Names below `localhost` are the loopback address, as
/// browsers have it; resolvers often do not know that.
fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let mut url = Url::parse(url).map_err(|error| error.to_string())?;
    let authority = url.authority().to_owned();
    if url.host_str().is_some_and(|host| host.ends_with(".localhost")) {
        url.set_host(Some("127.0.0.1")).map_err(|error| error.to_string())?;
    }
    let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().proxy(None).build());
    let request = agent.get(url.as_str()).header("Host", authority);
    let mut answer = request.call().map_err(|error| error.to_string())?;
    answer.body_mut().with_config().limit(MOST_METADATA).read_to_vec().map_err(|error| error.to_string())
}
