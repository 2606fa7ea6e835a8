//! Marks in the trace of system calls: what a thread does between the two is the library's work on one message.
//! `xtask nothing-opens` runs the tests under strace and reads them.

use std::sync::LazyLock;

/// Set by whoever traces.
static TRACED: LazyLock<bool> = LazyLock::new(|| std::env::var_os("OSTIARY_TRACED").is_some());

/// Runs `work`, between marks when somebody traces. A mark is a look at a file that cannot be there.
pub fn handling<R>(work: impl FnOnce() -> R) -> R {
    mark("/ostiary-marks/begin");
    let result = work();
    mark("/ostiary-marks/end");
    result
}

fn mark(path: &str) {
    if *TRACED {
        assert!(std::fs::metadata(path).is_err(), "{path} is a mark, no file");
    }
}
