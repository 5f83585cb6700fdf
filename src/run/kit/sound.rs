//! Whether what is in a kit is what a kit can hold. That it opens says only that it was sealed with the passphrase: names, paths and host
//! keys are judged before anything of it is shown, written or trusted. Reads and writes nothing.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::civil::Date;

use super::error::KitError;
use crate::inventory::{Fingerprint, is_name};
use crate::kit::{About, Kit, KitEnrolledKey, KitHostKey, PublicKey};
use crate::transport::ssh::{EnrolledKey, HostKey, is_host_name};
use crate::visible;

/// What a working folder was opened from.
pub(super) const ABOUT: &str = "kit.json";
/// Where the inventory and the playbook are, for commands that name none.
pub(super) const WORKING: &str = "ixdeploy.yaml";

/// The most names in a path of a kit, and the longest of them, in bytes.
const DEEPEST: usize = 8;
const LONGEST: usize = 200;
/// The most host keys: each is looked up in a file when the kit is opened.
pub(super) const MOST_HOST_KEYS: usize = 10_000;
/// The longest host key, in Base64: that of an RSA key of 16,384 bits has less than half of it.
const LONGEST_KEY: usize = 8 * 1024;
/// Names that a system takes for a device, whatever follows their first dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Judges a kit.
///
/// # Errors
/// [`KitError::Path`] for a file that would leave its folder, [`KitError::Damaged`] for the rest.
pub(super) fn check(kit: &Kit, file: &Path) -> Result<(), KitError> {
    if !kit.files.keys().all(|path| is_path(path)) {
        return Err(KitError::Path { file: file.to_owned() });
    }
    let of_sites = kit.sites.iter().flat_map(|site| std::iter::once(&site.site).chain(&site.routers));
    let of_states = kit.states.iter().flat_map(|(router, state)| [router, &state.run]);
    let About { day, office, .. } = &kit.about;
    let is_sound = of_sites.chain(of_states).all(|name| is_name(name))
        && day.parse::<Date>().is_ok()
        && office.as_deref().is_none_or(|office| PublicKey::parse(office).is_some())
        && leads_to_its_own_files(&kit.about, kit)
        && kit.host_keys.len() <= MOST_HOST_KEYS
        && kit.host_keys.iter().all(is_host_key)
        && kit.enrolled.len() <= MOST_HOST_KEYS
        && kit.enrolled.iter().all(|one| is_host_name(&one.host) && shown_key(one).is_some());
    if is_sound { Ok(()) } else { Err(KitError::Damaged { file: file.to_owned() }) }
}

/// Whether the inventory and the playbooks that the working folder names are files of the kit, or a folder of some.
fn leads_to_its_own_files(about: &About, kit: &Kit) -> bool {
    let is_here = |path: &String| {
        let below = |file: &String| file.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'));
        kit.files.contains_key(path) || kit.files.keys().any(below)
    };
    is_here(&about.inventory) && about.playbooks.iter().all(is_here)
}

/// Whether it is a key, of one host: a pattern would be trusted for others, and a line end in a name would begin a line of its own.
fn is_host_key(one: &KitHostKey) -> bool {
    let is_key = || BASE64_STANDARD.decode(&one.key).is_ok_and(|blob| !HostKey::new(&blob).algorithm().is_empty());
    is_host_name(&one.host) && one.key.len() <= LONGEST_KEY && is_key()
}

/// What a router has shown on its console; nothing where the kit says what no run of ours has written.
pub(super) fn shown_key(one: &KitEnrolledKey) -> Option<EnrolledKey> {
    let KitEnrolledKey { fingerprint, at, run, serial_number, .. } = one.clone();
    let is_one_word =
        |word: &str| word.len() <= LONGEST && !word.contains(|c: char| c.is_whitespace() || c.is_control());
    at.parse::<jiff::Timestamp>().ok()?;
    let is_sound = is_name(&run) && is_one_word(&at) && serial_number.as_deref().is_none_or(is_one_word);
    let fingerprint = Fingerprint::read(&fingerprint).ok()?;
    is_sound.then_some(EnrolledKey { fingerprint, at, run, serial_number })
}

/// Whether a path stays below the folder and is a file, on every system.
pub(super) fn is_path(path: &str) -> bool {
    let is_own = [ABOUT, WORKING].iter().any(|own| own.eq_ignore_ascii_case(path));
    !is_own && path.split('/').count() <= DEEPEST && path.split('/').all(is_part)
}

fn is_part(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_port = ["com", "lpt"].iter().any(|port| {
        first.strip_prefix(port).is_some_and(|rest| rest.chars().count() == 1 && !rest.starts_with(char::is_alphabetic))
    });
    !name.is_empty()
        && name.len() <= LONGEST
        && !name.ends_with(['.', ' '])
        && !name.contains(['\\', ':', '<', '>', '"', '|', '?', '*'])
        && !name.contains(visible::is_unseen)
        && !is_port
        && !DEVICES.contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn a_path_of_a_kit_stays_below_its_folder() {
        for sound in [
            "inventory/clinics.yaml",
            "playbooks/roles/router3/url-list.ix.j2",
            "inventory/佐藤.yaml",
            "inventory/console.yaml",
            "inventory/com.yaml",
            "inventory/comx.yaml",
            "playbooks/auxiliary/nulls.yaml",
        ] {
            assert!(is_path(sound), "{sound}");
        }
        for wrong in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            ".",
            "..",
            "a/",
            "C:x",
            "a\\b",
            "a\nb",
            "a\u{202e}b",
            "x.",
            "a/b/c/d/e/f/g/h/i",
            "kit.json",
            "Kit.JSON",
            "ixdeploy.yaml",
            "inventory/NUL",
            "inventory/con.yaml",
            "aux /x",
            "inventory/COM1.yaml",
            "lpt9",
        ] {
            assert!(!is_path(wrong), "{wrong}");
        }
    }
}
