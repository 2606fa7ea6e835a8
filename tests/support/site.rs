//! The engine and the host around it: user directory, one-time store, settings.

use super::privacy::assert_quiet;
use super::{ACS_PATH, ENTITY_ID, ORIGIN, Provider, handling, start_of_time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_engine::Engine;
use ostiary_testkit::{SeededRng, TestKey, shift};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};

/// Our own keys: made once a run, for they take their time.
static OWN_KEYS: LazyLock<Value> = LazyLock::new(|| {
    let signing = TestKey::generate("Ostiary signing", start_of_time()).unwrap();
    json!({
        "sealing": STANDARD.encode([7; 32]),
        "signing": STANDARD.encode(signing.pkcs8_der().unwrap()),
        "signing_certificate": signing.certificate_base64().unwrap(),
        "decryption": [STANDARD.encode(DECRYPTION.pkcs8_der().unwrap())],
    })
});
static DECRYPTION: LazyLock<TestKey> =
    LazyLock::new(|| TestKey::generate("Ostiary decryption", start_of_time()).unwrap());

/// A certificate (DER) of the key with which every site decrypts.
pub fn own_certificate() -> Vec<u8> {
    DECRYPTION.certificate_der().unwrap()
}

/// What a host answers to `fetch`.
type Fetch = Box<dyn Fn(&str) -> Value + Send + Sync>;

/// One application with its engine. Browsers on several threads may visit it.
pub struct Site {
    pub engine: Engine,
    pub opened: Value,
    pub config: Value,
    pub origin: String,
    seconds: AtomicI64,
    seed: AtomicU64,
    /// Keys that are taken.
    pub store: Mutex<HashSet<String>>,
    /// What `reserve` answers, if not the truth.
    pub store_fails: Mutex<Option<&'static str>>,
    /// What `look_up` answers; anybody else is not found.
    pub directory: Mutex<HashMap<String, Value>>,
    /// Settings that were saved.
    pub saved: Mutex<Vec<Value>>,
    pub save_fails: Mutex<Option<&'static str>>,
    /// What `fetch` answers.
    pub fetch: Mutex<Option<Fetch>>,
    /// All questions, oldest first.
    pub asked: Mutex<Vec<Value>>,
    /// All log lines.
    pub log: Mutex<Vec<Value>>,
    /// All events with their time and their action.
    pub crossed: Mutex<Vec<(Timestamp, Value, Value)>>,
}

impl Site {
    /// A site that trusts `provider`, with `changes` to its configuration.
    pub fn of(provider: &Provider, changes: &Value) -> Self {
        let mut config = Self::config(provider);
        merge(&mut config, changes);
        Self::open(config)
    }

    /// The configuration before changes.
    pub fn config(provider: &Provider) -> Value {
        let mut config = Self::config_of(&provider.entity_id(), &provider.sso_url());
        config["idp"]["certificates"] = json!(provider.certificates(start_of_time()));
        config
    }

    /// A configuration without certificates.
    pub fn config_of(idp: &str, idp_url: &str) -> Value {
        json!({
            "sp": {"entity_id": ENTITY_ID, "acs_url": format!("{ORIGIN}{ACS_PATH}")},
            "idp": {"entity_id": idp, "sso_url": idp_url, "sso_post_url": idp_url, "logout_url": idp_url},
            "keys": OWN_KEYS.clone(),
        })
    }

    /// Our own keys, the same for every site of a run.
    pub fn own_keys() -> Value {
        OWN_KEYS.clone()
    }

    pub fn open(config: Value) -> Self {
        let opened = open_marked(&config);
        let engine = opened.engine.unwrap_or_else(|| panic!("{}", opened.answer));
        let acs =
            config["sp"]["acs_url"].as_str().unwrap_or_else(|| config["host"]["base_url"].as_str().unwrap());
        let origin = acs.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let found = |name: &str| (format!("{name}@contoso.example"), json!({"found": name}));
        let directory = HashMap::from([
            found("b.simon"),
            found("a.adams"),
            found("j.ozturk"),
            found("m.many"),
            ("g.guest@fabrikam.example".to_owned(), json!({"refused": "not-permitted"})),
            ("i.inactive@contoso.example".to_owned(), json!({"refused": "inactive"})),
            // Whoever gets in under this name was forged.
            found("admin"),
        ]);
        Self {
            engine,
            opened: opened.answer,
            config,
            origin,
            seconds: AtomicI64::new(0),
            seed: AtomicU64::new(1000),
            store: Mutex::default(),
            store_fails: Mutex::default(),
            directory: Mutex::new(directory),
            saved: Mutex::default(),
            save_fails: Mutex::default(),
            fetch: Mutex::default(),
            asked: Mutex::default(),
            log: Mutex::default(),
            crossed: Mutex::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        shift(start_of_time(), self.seconds.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// One crossing.
    pub fn cross(&self, event: &Value) -> Value {
        let mut rng = SeededRng::new(self.seed.fetch_add(1, Ordering::Relaxed));
        let event_bytes = event.to_string();
        let action = handling(|| self.engine.handle(event_bytes.as_bytes(), self.now(), &mut rng));
        let action: Value = serde_json::from_slice(&action).unwrap();
        assert_quiet(&self.config, event, &action);
        let lines = action["log"].as_array().cloned().unwrap_or_default();
        self.log.lock().unwrap().extend(lines);
        self.crossed.lock().unwrap().push((self.now(), event.clone(), action.clone()));
        action
    }

    /// The whole turn: questions are answered until there is something to do.
    pub fn turn(&self, event: &Value) -> Value {
        let mut action = self.cross(event);
        for _ in 0..16 {
            if action["action"] != "ask" {
                return action;
            }
            let result = self.answer(&action);
            action = self.cross(&json!({"kind": "answer", "resume": action["resume"], "result": result}));
        }
        panic!("the engine does not stop asking");
    }

    /// What this host answers.
    pub fn answer(&self, ask: &Value) -> Value {
        self.asked.lock().unwrap().push(ask.clone());
        match ask["what"].as_str().unwrap() {
            "look_up" => {
                let directory = self.directory.lock().unwrap();
                directory
                    .get(ask["user"].as_str().unwrap())
                    .cloned()
                    .unwrap_or(json!({"refused": "not-found"}))
            }
            "reserve" => match *self.store_fails.lock().unwrap() {
                Some(why) => json!({"reserved": false, "why": why}),
                None if self.store.lock().unwrap().insert(ask["key"].as_str().unwrap().to_owned()) => {
                    json!({"reserved": true})
                }
                None => json!({"reserved": false, "why": "already-used"}),
            },
            "save" => match *self.save_fails.lock().unwrap() {
                Some(why) => json!({"error": why}),
                None => {
                    self.saved.lock().unwrap().push(ask["settings"].clone());
                    json!({"saved": true})
                }
            },
            "fetch" => match &*self.fetch.lock().unwrap() {
                Some(fetch) => fetch(ask["url"].as_str().unwrap()),
                None => json!({"error": "no network"}),
            },
            what => panic!("unknown question {what}"),
        }
    }

    /// How often `what` was asked.
    pub fn asked(&self, what: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|ask| ask["what"] == what).count()
    }

    /// The codes of the log so far.
    pub fn logged(&self) -> Vec<String> {
        self.log.lock().unwrap().iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect()
    }
}

fn open_marked(config: &Value) -> ostiary_engine::Opened {
    let bytes = config.to_string();
    handling(|| Engine::open(bytes.as_bytes(), start_of_time(), &mut SeededRng::new(1)))
}

/// Puts `changes` into `config`, object by object.
pub fn merge(config: &mut Value, changes: &Value) {
    match (config, changes) {
        (Value::Object(config), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(config.entry(key).or_insert(Value::Null), change);
            }
        }
        (config, change) => *config = change.clone(),
    }
}
