//! Which real programs these tests ran against: one line for each test that used one, read by the last step of `.ci/run`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Writes down that a test has proven something against a real program; called where the proof is over.
pub fn proven(program: &str, what: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-servers");
    fs::create_dir_all(&folder).unwrap();
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join(program)).unwrap();
    // One write, so that tests in other processes cannot come between.
    file.write_all(format!("{what}\n").as_bytes()).unwrap();
}
