//! Tells the program what it is built for, and from which commit. Runs no program.
//!
//! Where `IXDEPLOY_COMMIT` is not set, the commit is read from `.git`, in release builds alone: another commit would otherwise compile the
//! whole library once more.
#![allow(clippy::print_stdout, reason = "this is how a build script answers")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=IXDEPLOY_COMMIT");
    println!("cargo:rustc-env=IXDEPLOY_TARGET={}", env::var("TARGET").unwrap_or_default());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let given = env::var("IXDEPLOY_COMMIT").ok().filter(|given| is_commit(given));
    let found = given.or_else(|| is_release.then(|| commit(Path::new(".git"))).flatten());
    // By another name: the compiler sees the environment, too, and what was refused there stays refused.
    if let Some(commit) = found.filter(|commit| is_commit(commit)) {
        println!("cargo:rustc-env=IXDEPLOY_BUILT_FROM={commit}");
    }
}

/// Whether a text can be a commit's name: letters, digits, and what `git describe` puts between them.
fn is_commit(text: &str) -> bool {
    (7..=80).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

/// The commit that is checked out; nothing where this is no clone.
fn commit(git: &Path) -> Option<String> {
    // In a work tree of its own `.git` is a file that says where the folder is, and that folder says where the branches are.
    let folder = match fs::read_to_string(git) {
        Ok(said) => PathBuf::from(said.strip_prefix("gitdir:")?.trim()),
        Err(_) => git.to_owned(),
    };
    let common =
        fs::read_to_string(folder.join("commondir")).map_or_else(|_| folder.clone(), |at| folder.join(at.trim()));
    let head = followed(&folder.join("HEAD"))?;
    let Some(name) = head.trim().strip_prefix("ref: ") else { return Some(head.trim().to_owned()) };
    if let Some(commit) = followed(&common.join(name)) {
        return Some(commit.trim().to_owned());
    }
    // A new commit writes a file of the branch again.
    println!("cargo:rerun-if-changed={}", common.join("refs/heads").display());
    let packed = followed(&common.join("packed-refs"))?;
    let of_branch = |line: &str| line.strip_suffix(name)?.strip_suffix(' ').map(str::to_owned);
    packed.lines().find_map(of_branch)
}

/// A file's text; when it changes, this is asked again.
fn followed(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    println!("cargo:rerun-if-changed={}", file.display());
    Some(text)
}
