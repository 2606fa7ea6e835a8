//! Link arguments of the native library, and the build facts that `about()` tells.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=OSTIARY_TARGET={}", std::env::var("TARGET").unwrap_or_default());
    // The statically linked OpenSSL registers a destructor that runs at thread exit. A JVM that unloads the library
    // with its class loader would let the next ending thread jump into unmapped memory.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
