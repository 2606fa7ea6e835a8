//! A Response from base64 to attributes, against the floor that no service provider can go below: one RSA-2048
//! verification by OpenSSL including SHA-256 of the message, and one pass of quick-xml's tokenizer over it.
//!
//! Criterion reports the times. After it, floor and Response take turns in one run, so that the ratios say the same on a
//! busy machine as on an idle one; `OSTIARY_BENCH_ENFORCE=1` makes a ratio above its goal a failure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops where it cannot go on"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![allow(clippy::as_conversions, reason = "nanoseconds and bytes as floating point")]
#![allow(missing_docs, reason = "criterion's macros")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use criterion::{Criterion, Throughput};
use jiff::Timestamp;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use openssl::x509::X509;
use ostiary_core::{Accepted, Expected, InResponse, Received, Trace};
use ostiary_testkit::{Hash, Scene, SeededRng, TestKey};
use ostiary_xmlsig::{Policy, Validator, VerifyingKey};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
const AUDIENCE: &str = "https://jira.contoso.example/";
const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";

/// A whole Response may take this many times the floor.
const MOST_TIMES_THE_FLOOR: f64 = 2.0;
/// Each further byte may take this many times what it takes the floor.
const MOST_TIMES_THE_SLOPE: f64 = 5.5;

fn now() -> Timestamp {
    "2026-11-20T10:15:40Z".parse().unwrap()
}

/// One message, in the form in which a browser posts it, and what the floor needs.
struct Case {
    name: &'static str,
    xml: String,
    field: String,
    /// Over the whole message: the floor hashes every byte.
    signature: Vec<u8>,
    public: PKey<Public>,
    validator: Validator,
    values: usize,
}

impl Case {
    /// A Response as Entra sends it, signed assertion, `groups` values of the groups claim.
    fn new(name: &'static str, groups: usize, key: &TestKey) -> Self {
        let mut scene = Scene::entra(IDP, AUDIENCE, ACS, Some(REQUEST), now(), &mut SeededRng::new(1));
        let claim = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        scene.attributes.push(claim(
            "http://schemas.contoso.example/identity/claims/department",
            "Research & Development",
        ));
        scene.attributes.push(claim("http://schemas.contoso.example/identity/claims/employeeid", "00012345"));
        for (name, values) in &mut scene.attributes {
            if name == GROUPS {
                *values = (0..groups).map(|n| format!("5f3e0c61-8d9b-4d5e-9f8b-{n:012x}")).collect();
            }
        }
        let values = scene.attributes.iter().map(|(_, values)| values.len()).sum();
        let xml = scene.build(key).unwrap();
        let certificate = key.certificate_der().unwrap();
        let verifying = VerifyingKey::from_certificate_der(&certificate, 2048).unwrap();
        Self {
            name,
            field: STANDARD.encode(&xml),
            signature: key.sign(Hash::Sha256, xml.as_bytes()).unwrap(),
            public: X509::from_der(&certificate).unwrap().public_key().unwrap(),
            validator: Validator::new(vec![verifying], Policy { allow_sha1: false }).unwrap(),
            values,
            xml,
        }
    }

    fn floor(&self) {
        let mut verifier = Verifier::new(MessageDigest::sha256(), &self.public).unwrap();
        assert!(verifier.verify_oneshot(&self.signature, self.xml.as_bytes()).unwrap());
        let mut reader = Reader::from_str(&self.xml);
        while !matches!(black_box(reader.read_event().unwrap()), Event::Eof) {}
    }

    fn response(&self) -> Accepted {
        let expected = Expected {
            acs_url: ACS,
            audiences: &[AUDIENCE],
            idp_entity_id: IDP,
            request: InResponse::To(REQUEST),
            now: now(),
            clock_skew_seconds: 180,
            want_assertion_signed: false,
            want_response_signed: false,
            fresh_since: None,
        };
        let xml = Received::decode_base64(&self.field).unwrap();
        let received = Received::parse(&xml).unwrap();
        received.validate(&self.validator, &[], &expected, &mut SeededRng::new(2), &mut Trace::new()).unwrap()
    }

    /// What is measured is a whole answer, with every value in it.
    fn check(&self) {
        let accepted = self.response();
        let assertion = accepted.assertion().get();
        assert_eq!(assertion.name_id().value, "b.simon@contoso.example");
        assert_eq!(
            assertion.attributes().iter().map(|attribute| attribute.values.len()).sum::<usize>(),
            self.values
        );
    }
}

fn main() -> ExitCode {
    let key = TestKey::generate("Microsoft Azure Federated SSO Certificate", now()).unwrap();
    let small = Case::new("5.7 KB", 3, &key);
    let large = Case::new("75 KB, 1,000 groups", 1000, &key);
    for case in [&small, &large] {
        case.check();
    }
    let mut criterion = Criterion::default().configure_from_args();
    for case in [&small, &large] {
        let mut group = criterion.benchmark_group(format!("{} ({} bytes)", case.name, case.xml.len()));
        group.throughput(Throughput::Bytes(u64::try_from(case.xml.len()).unwrap()));
        group.bench_function("floor", |b| b.iter(|| case.floor()));
        group.bench_function("response", |b| b.iter(|| case.response()));
        group.finish();
    }
    criterion.final_summary();
    if std::env::args().any(|argument| matches!(argument.as_str(), "--test" | "--list" | "--profile-time")) {
        return ExitCode::SUCCESS;
    }
    compare(&small, &large)
}

/// Least nanoseconds of floor and Response, both cases taking turns in windows so short that another process seldom cuts
/// in.
fn compare(small: &Case, large: &Case) -> ExitCode {
    let mut least = [f64::INFINITY; 4];
    for _ in 0..4000 {
        let times = [
            nanoseconds(|| small.floor(), 8),
            nanoseconds(|| drop(black_box(small.response())), 4),
            nanoseconds(|| large.floor(), 2),
            nanoseconds(|| drop(black_box(large.response())), 1),
        ];
        for (least, time) in least.iter_mut().zip(times) {
            *least = least.min(time);
        }
    }
    let [small_floor, small_response, large_floor, large_response] = least;
    let bytes = (large.xml.len() - small.xml.len()) as f64;
    let floor_slope = (large_floor - small_floor) / bytes;
    let slope = (large_response - small_response) / bytes;
    println!(
        "{}: {:.1} us, floor {:.1} us    {}: {:.1} us, floor {:.1} us",
        small.name,
        small_response / 1000.0,
        small_floor / 1000.0,
        large.name,
        large_response / 1000.0,
        large_floor / 1000.0,
    );
    let whole = verdict("whole response", small_response / small_floor, MOST_TIMES_THE_FLOOR);
    let further = verdict(
        &format!("each further byte ({slope:.2} ns, floor {floor_slope:.2} ns)"),
        slope / floor_slope,
        MOST_TIMES_THE_SLOPE,
    );
    let enforced = std::env::var_os("OSTIARY_BENCH_ENFORCE").is_some_and(|value| value == "1");
    if (whole && further) || !enforced { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verdict(what: &str, ratio: f64, most: f64) -> bool {
    let holds = ratio <= most;
    println!(
        "{} {what}: {ratio:.2} x the floor, goal at most {most:.1}",
        if holds { "ok  " } else { "MISS" }
    );
    holds
}

/// Of one call, over `calls` in a row.
fn nanoseconds(work: impl Fn(), calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        work();
    }
    let spent: Duration = start.elapsed();
    spent.as_nanos() as f64 / f64::from(calls)
}
