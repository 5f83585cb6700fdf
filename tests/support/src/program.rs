//! The built program with an empty environment: nothing of the machine that runs the tests (terminal, locale, colours, home, time zone,
//! agents, state folder) reaches it but what the test sets itself.

use std::env::{self, consts::EXE_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder.
pub fn root() -> PathBuf {
    let support = Path::new(env!("CARGO_MANIFEST_DIR"));
    support.ancestors().nth(2).unwrap_or(support).to_owned()
}

/// The program under test: the file that `IXDEPLOY_BINARY` names (a release, from the project's folder), or the one that Cargo built
/// for this test, one folder above it.
pub fn path() -> PathBuf {
    if let Some(named) = env::var_os("IXDEPLOY_BINARY") {
        return root().join(named);
    }
    let test = env::current_exe().expect("a running test has a file");
    let built = test.parent().and_then(Path::parent).expect("a test stands in target/<profile>/deps");
    built.join(format!("ixdeploy{EXE_SUFFIX}"))
}

/// The program, not yet started.
pub fn program() -> Command {
    let mut command = Command::new(path());
    // Times are shown by the clock of the machine: that of the tests is known.
    command.env_clear().env("TZ", "UTC");
    command
}
