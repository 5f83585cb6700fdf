//! What is private to the owner of this process: its files and folders, its memory, and the part of its environment that a program it
//! starts may see. How far that goes depends on the system. It does not know what is in the files.
//!
//! A state folder is private, or a group's where its own mode says so (setgid, open to the group, closed to others): then its files are
//! the group's, and "others" are those outside it.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;
mod refusal;

use std::ffi::OsStr;
use std::process::Command;

pub(crate) use platform::{
    Access, access_of, create_new, exposed, folder, give, is_own, open, protect_process, state_file, state_folder,
    subfolder,
};
pub(crate) use refusal::Refusal;

/// Begins the names of those that say how text is written and sorted.
const LOCALE: &str = "LC_";

/// Leaves a program that is about to be started what it needs of our environment, and nothing else: the rest may hold secrets.
pub(crate) fn leave_environment(command: &mut Command) {
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| is_left(name)));
}

fn is_left(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    name.starts_with(LOCALE) || platform::LEFT.iter().any(|left| platform::same_name(left, name))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{is_left, platform};

    #[test]
    fn every_variable_that_is_left_to_programs_is_documented() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/inventory.md");
        let text = std::fs::read_to_string(path).unwrap();
        let missing: Vec<&&str> = platform::LEFT.iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(is_left("LC_ALL".as_ref()) && is_left("PATH".as_ref()));
        assert!(!is_left("IXDEPLOY_PASSWORD".as_ref()) && !is_left("LD_PRELOAD".as_ref()));
    }
}
