//! Functions that the product does not call, each with what to use instead. What is also wrong in tests is in `clippy.toml`.

use crate::{code, is_test_file, sources, src};

/// What may not be called, what to use instead, and the files that may.
const BANNED: &[(&str, &str, &[&str])] = &[
    ("thread::sleep(", "a wait ends on bytes, an event or a deadline: see docs/waits.md", &[]),
    ("time::sleep(", "a wait ends on bytes, an event or a deadline: see docs/waits.md", &[]),
    (
        "fs::read(",
        "`crate::file::read`: a file that a person names is regular, is read up to a bound and never waited for",
        &[],
    ),
    (
        "fs::read_to_string(",
        "`crate::file::read`: a file that a person names is regular, is read up to a bound and never waited for",
        // The kernel's own file, not a person's.
        &["cli/signals/unix.rs"],
    ),
    (
        "File::open(",
        "`crate::file`, for what a person names; `crate::private`, for what is ours",
        // The first is that module; the second copies our own database.
        &["file/windows.rs", "journal/files.rs"],
    ),
    ("thread::spawn(", "`thread::Builder`: a thread has a name, and its failure to begin is an error", &[]),
    (
        "TcpStream::connect(",
        "`crate::transport::tcp`: a connection attempt ends at a deadline",
        // Its two ends are both in this process.
        &["transport/ssh/libssh2/windows.rs"],
    ),
    ("mpsc::channel(", "`mpsc::sync_channel` with a bound: no queue grows with what others send", &[]),
    ("temp_dir(", "`tempfile`: a folder that no one else knows and that goes away again", &[]),
    ("lock().unwrap()", "`unwrap_or_else(PoisonError::into_inner)`: another thread's panic is not ours", &[]),
];

#[test]
fn a_banned_function_is_not_called_and_its_replacement_is_said() {
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let (name, lines) = code(&path);
        if is_test_file(&name) {
            continue;
        }
        for (number, line) in lines {
            for (call, instead, allowed) in BANNED {
                if line.contains(call) && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{name}:{number}: {call}..): use {instead}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
