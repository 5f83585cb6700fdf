//! A measured test runs in a process of its own: what other tests of this binary leave behind would count as its cost.

use std::any::type_name_of_val;
use std::process::Command;

/// Set where a test runs by itself already.
const MARK: &str = "IXDEPLOY_ATTACKED_ALONE";

/// Runs this test, named by its own function, in another process and insists that it passes there; `false` where it is that
/// process, and the test goes on.
#[track_caller]
pub fn moved<T>(test: T) -> bool {
    if std::env::var_os(MARK).is_some() {
        return false;
    }
    let (_, name) = type_name_of_val(&test).split_once("::").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(MARK, "1")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    println!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "{name}:\n{said}");
    true
}
