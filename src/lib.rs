//! The library that the JVM loads: four native functions of the Java class `io.ostiary.bridge.Door`, UTF-8 JSON both
//! ways (`docs/wire.md`). This file only moves bytes between the JVM and [`door`]; nothing is decided here.
//!
//! There are no upcalls, no global references, no threads and no logger, so nothing keeps the class loader of an
//! add-on alive. Every outcome is an answer; a Java exception out of these functions means a defect.

pub mod door;

use std::any::Any;
use std::borrow::Cow;

use jni::errors::{Error, ErrorPolicy, Result};
use jni::objects::{JByteArray, JClass};
use jni::strings::JNIString;
use jni::sys::jlong;
use jni::{Env, EnvUnowned, jni_mangle, jni_str};

use door::DOOR;

/// Version, wire version and build facts.
#[jni_mangle("io.ostiary.bridge.Door")]
pub fn about<'local>(mut unowned: EnvUnowned<'local>, _class: JClass<'local>) -> JByteArray<'local> {
    unowned.with_env(|env| env.byte_array_from_slice(&door::about())).resolve::<Defect>()
}

/// Opens an engine for a configuration; the answer carries its handle.
#[jni_mangle("io.ostiary.bridge.Door")]
pub fn open<'local>(
    mut unowned: EnvUnowned<'local>,
    _class: JClass<'local>,
    config: JByteArray<'local>,
) -> JByteArray<'local> {
    unowned
        .with_env(|env| {
            let config = bytes(env, &config)?;
            env.byte_array_from_slice(&DOOR.open(&config))
        })
        .resolve::<Defect>()
}

/// Hands one event to the engine behind a handle and returns its action.
#[jni_mangle("io.ostiary.bridge.Door")]
pub fn handle<'local>(
    mut unowned: EnvUnowned<'local>,
    _class: JClass<'local>,
    handle: jlong,
    event: JByteArray<'local>,
) -> JByteArray<'local> {
    unowned
        .with_env(|env| {
            let event = bytes(env, &event)?;
            env.byte_array_from_slice(&DOOR.handle(handle, &event))
        })
        .resolve::<Defect>()
}

/// Closes a handle. Calls that are under way finish; later ones are answered `handle-closed`.
#[jni_mangle("io.ostiary.bridge.Door")]
pub fn close<'local>(mut unowned: EnvUnowned<'local>, _class: JClass<'local>, handle: jlong) {
    unowned
        .with_env(|_env| {
            DOOR.close(handle);
            Ok::<(), Error>(())
        })
        .resolve::<Defect>();
}

/// Copies a Java array. `null`, and what is too large to be an event, become empty: the engine has an answer for that.
fn bytes(env: &Env<'_>, array: &JByteArray<'_>) -> Result<Vec<u8>> {
    if array.is_null() || array.len(env)? > door::MAX_INPUT_BYTES {
        return Ok(Vec::new());
    }
    env.convert_byte_array(array)
}

/// The second net, below the containment in [`door`]: what goes wrong while bytes are moved (out of memory, say)
/// becomes a Java exception instead of the end of the JVM.
struct Defect;

impl<T: Default> ErrorPolicy<T, Error> for Defect {
    type Captures<'env: 'method, 'method> = ();

    fn on_error<'env: 'method, 'method>(env: &mut Env<'env>, _: &mut (), error: Error) -> Result<T> {
        throw(env, &format!("native library: {error}"))
    }

    fn on_panic<'env: 'method, 'method>(
        env: &mut Env<'env>,
        _: &mut (),
        payload: Box<dyn Any + Send + 'static>,
    ) -> Result<T> {
        let text: Cow<'_, str> = door::panic_text(payload.as_ref());
        throw(env, &format!("native library panicked: {text}"))
    }
}

/// Throws, unless the JVM has already thrown something more precise.
fn throw<T: Default>(env: &mut Env<'_>, message: &str) -> Result<T> {
    if !env.exception_check() {
        // `throw_new` reports its own success as an error.
        let _thrown = env.throw_new(jni_str!("java/lang/IllegalStateException"), JNIString::from(message));
    }
    Ok(T::default())
}
