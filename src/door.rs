//! What stands behind the four native functions, without a JVM: the table of engines, the clock, the randomness of
//! the operating system, and the net that turns a panic into an answer.

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use getrandom::SysRng;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_engine::Engine;
use rand_core::UnwrapErr;
use serde_json::{Value, json};

/// The version of `docs/wire.md` that this library speaks.
pub const WIRE_VERSION: u32 = 1;

/// The largest configuration or event that is read at all. The largest honest one is fetched metadata in base64.
pub const MAX_INPUT_BYTES: usize = 32 * 1024 * 1024;

/// The one table of this process, made at the first call from the JVM.
pub static DOOR: LazyLock<Door> = LazyLock::new(|| {
    keep_panics_off_stderr();
    Door::new()
});

/// The facts of this build, as JSON.
#[must_use]
pub fn about() -> Vec<u8> {
    let about = json!({
        "library": env!("CARGO_PKG_VERSION"),
        "wire": WIRE_VERSION,
        "openssl": openssl::version::version(),
        "target": env!("OSTIARY_TARGET"),
        "test_features": cfg!(feature = "test-features"),
        "development": DOOR.is_in_development(),
    });
    about.to_string().into_bytes()
}

/// Open engines by handle. A handle is a number from 1 upwards that is never used twice; 0 means refused.
pub struct Door {
    engines: RwLock<HashMap<i64, Arc<Engine>>>,
    next: AtomicI64,
}

impl Default for Door {
    fn default() -> Self {
        Self::new()
    }
}

impl Door {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self { engines: RwLock::default(), next: AtomicI64::new(1) }
    }

    /// Opens an engine. The answer (JSON) is the engine's, with `handle` added: 0 when it refused the configuration.
    pub fn open(&self, config: &[u8]) -> Vec<u8> {
        let opened = contain(|| {
            let opened = Engine::open(config, now(), &mut UnwrapErr(SysRng));
            (opened.engine, opened.answer)
        });
        let (engine, mut answer) = match opened {
            Ok(opened) => opened,
            Err(panicked) => (None, refused(&panicked)),
        };
        let handle = engine.map_or(0, |engine| self.insert(engine));
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("handle".to_owned(), handle.into());
        }
        answer.to_string().into_bytes()
    }

    /// Lets the engine behind `handle` answer one event (JSON both).
    pub fn handle(&self, handle: i64, event: &[u8]) -> Vec<u8> {
        let Some(engine) = self.engine(handle) else {
            return respond(Code::HandleClosed, None);
        };
        // The table is not locked here: a slow event holds nobody up, and `close` may come at any time.
        contain(|| engine.handle(event, now(), &mut UnwrapErr(SysRng)))
            .unwrap_or_else(|panicked| respond(Code::Internal, Some(&panicked)))
    }

    /// Whether any open engine allows plain http on loopback.
    pub fn is_in_development(&self) -> bool {
        let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
        engines.values().any(|engine| engine.is_in_development())
    }

    /// Forgets a handle; an unknown one is no error.
    pub fn close(&self, handle: i64) {
        let engine = self.engines.write().unwrap_or_else(PoisonError::into_inner).remove(&handle);
        // Dropped here, outside the lock, and contained: wiping keys must not take the JVM along.
        let _dropped = contain(|| drop(engine));
    }

    fn insert(&self, engine: Engine) -> i64 {
        let handle = self.next.fetch_add(1, Ordering::Relaxed);
        self.engines.write().unwrap_or_else(PoisonError::into_inner).insert(handle, Arc::new(engine));
        handle
    }

    fn engine(&self, handle: i64) -> Option<Arc<Engine>> {
        self.engines.read().unwrap_or_else(PoisonError::into_inner).get(&handle).map(Arc::clone)
    }
}

/// What a contained panic said, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panicked(String);

impl std::fmt::Display for Panicked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs `work` and catches its panic.
///
/// # Errors
/// [`Panicked`], with the text of the panic and its place in the source.
pub fn contain<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    // Unwind safety: an engine keeps its mutable state behind locks that it recovers, and whatever else `work` had
    // in its hands is gone with it.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let place = PLACE.take();
        let text = panic_text(payload.as_ref()).into_owned();
        // Dropping a payload may panic in its turn.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(again);
        }
        Panicked(if place.is_empty() { text } else { format!("{text} ({place})") })
    })
}

/// The text of a panic, formatted or not.
#[must_use]
pub fn panic_text(payload: &(dyn Any + Send)) -> Cow<'_, str> {
    if let Some(text) = payload.downcast_ref::<String>() {
        Cow::Borrowed(text)
    } else if let Some(text) = payload.downcast_ref::<&'static str>() {
        Cow::Borrowed(text)
    } else {
        Cow::Borrowed("panic without a text")
    }
}

thread_local! {
    /// Where this thread last panicked; the payload does not say.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Panic texts belong into the log lines of the answer, not on the host's standard error. The hook is the one of this
/// library's own copy of the Rust runtime; it knows nobody else's panics.
fn keep_panics_off_stderr() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        // A thread that is already being torn down has no place to keep this; the text itself is not lost.
        let _kept = PLACE.try_with(|slot| slot.replace(place));
    }));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one clock of the library; everything below takes time as an argument"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// An id that joins a page and its log line where no engine could make one.
fn correlation() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("door-{:x}-{:x}", now().as_millisecond(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The answer of `open` after a panic.
fn refused(panicked: &Panicked) -> Value {
    json!({
        "armed": false,
        "routes": {"own": [], "protect": true, "open": [], "max_form_bytes": 0},
        "problems": [],
        "log": [line(Code::Internal, &panicked.0, &correlation())],
    })
}

/// A `respond` action that needs no engine. The page says the code and a reference; why is in the log alone.
fn respond(code: Code, panicked: Option<&Panicked>) -> Vec<u8> {
    let correlation = correlation();
    let text = panicked.map_or(code.admin(), |panicked| &panicked.0);
    let action = json!({
        "action": "respond",
        "status": code.status(),
        "code": code.as_str(),
        "correlation": correlation,
        "headers": [["Content-Type", "text/plain; charset=utf-8"], ["Cache-Control", "no-store"], ["X-Content-Type-Options", "nosniff"]],
        "cookies": [],
        "body": format!("{}\n\nCode: {code}\nReference: {correlation}\n", code.public()),
        "log": [line(code, text, &correlation)],
    });
    action.to_string().into_bytes()
}

fn line(code: Code, text: &str, correlation: &str) -> Value {
    let level = if code == Code::HandleClosed { "warn" } else { "error" };
    json!({"level": level, "code": code.as_str(), "text": text, "correlation": correlation})
}
