//! What Linux tells about ports and USB devices in files below `/proc`, `/sys` and `/etc`. Other Unixes have none of these: nothing is known.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::survey::{Chip, Holder, PortGroup};
use crate::file;

/// The longest of these files that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// The group whose members may open a port.
pub(super) fn group_of(port: &str) -> Option<PortGroup> {
    let about = fs::metadata(port).ok()?;
    let user = fs::metadata("/proc/self").ok()?.uid();
    let group = opening_group(about.gid(), about.mode())?;
    group_in(Path::new("/"), group, user)
}

/// The owning group, where it is one that a user may be added to and that may read and write. Root's members may do far more than that.
fn opening_group(group: u32, mode: u32) -> Option<u32> {
    const READ_AND_WRITE: u32 = 0o060;
    const ROOT: u32 = 0;
    (group != ROOT && mode & READ_AND_WRITE == READ_AND_WRITE).then_some(group)
}

/// The program that has a port open: one of this user's, or one that has left a lock file.
pub(super) fn holder_of(port: &str) -> Option<Holder> {
    holder_in(Path::new("/"), &fs::canonicalize(port).ok()?)
}

/// Cables of usual chips that have no port.
pub(super) fn without_driver() -> Option<Vec<Chip>> {
    bare_in(Path::new("/sys/bus/usb/devices"))
}

fn group_in(root: &Path, group: u32, user: u32) -> Option<PortGroup> {
    let (groups, users) = (text(&root.join("etc/group"))?, text(&root.join("etc/passwd")).unwrap_or_default());
    let id_is = |line: &&str, id: u32| line.split(':').nth(2) == Some(id.to_string().as_str());
    let mut fields = groups.lines().find(|line| id_is(line, group))?.split(':');
    let name = fields.next()?.to_owned();
    let login = users.lines().find(|line| id_is(line, user)).and_then(|line| line.split(':').next());
    let is_listed =
        login.is_some_and(|login| fields.nth(2).is_some_and(|members| members.split(',').any(|one| one == login)));
    Some(PortGroup { name, is_listed })
}

fn holder_in(root: &Path, device: &Path) -> Option<Holder> {
    let by_process = |process: u32| {
        let program = text(&root.join(format!("proc/{process}/comm")))?.trim().to_owned();
        Some(Holder { program, process })
    };
    let has_open = |process: u32| {
        let open = fs::read_dir(root.join(format!("proc/{process}/fd"))).ok();
        open.is_some_and(|open| open.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|link| link == device)))
    };
    let this = std::process::id();
    let mut processes = fs::read_dir(root.join("proc")).ok()?.flatten();
    let found = processes.find_map(|entry| {
        let process: u32 = entry.file_name().to_str()?.parse().ok()?;
        (process != this && has_open(process)).then_some(process)
    });
    let locked = || {
        let lock = root.join("var/lock").join(format!("LCK..{}", device.file_name()?.to_str()?));
        text(&lock)?.trim().parse().ok()
    };
    by_process(found.or_else(locked)?)
}

/// A device without a driver for its chip has interfaces, and none of them a terminal.
fn bare_in(devices: &Path) -> Option<Vec<Chip>> {
    let mut bare: Vec<Chip> = fs::read_dir(devices)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let device = entry.path();
            let number = |name: &str| u16::from_str_radix(text(&device.join(name))?.trim(), 16).ok();
            let chip = Chip::of(number("idVendor")?, number("idProduct")?)?;
            (!below(&device).iter().any(|interface| has_terminal(interface))).then_some(chip)
        })
        .collect();
    bare.sort_by_key(|chip| chip.name());
    Some(bare)
}

fn has_terminal(interface: &Path) -> bool {
    below(interface).iter().any(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("ttyUSB") || name == "tty"
    })
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn text(path: &Path) -> Option<String> {
    String::from_utf8(file::read(path, LONGEST).ok()?).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::*;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_cable_has_no_driver_where_none_of_its_interfaces_is_a_terminal() {
        let root = tempfile::tempdir().unwrap();
        for (device, vendor, product, inside) in [
            ("1-1", "0403", "6001", "1-1:1.0/ttyUSB0/dev"),
            ("1-2", "1a86", "7523", "1-2:1.0/bInterfaceClass"),
            ("1-3", "1d6b", "0002", "1-3:1.0/bInterfaceClass"),
        ] {
            write(root.path(), &format!("{device}/idVendor"), &format!("{vendor}\n"));
            write(root.path(), &format!("{device}/idProduct"), &format!("{product}\n"));
            write(root.path(), &format!("{device}/{inside}"), "x\n");
        }
        assert_eq!(bare_in(root.path()), Some(vec![Chip::Ch340]));
        assert_eq!(bare_in(&root.path().join("nowhere")), None, "not told is not none");
    }

    #[test]
    fn a_port_is_held_by_who_has_it_open_or_has_left_a_lock() {
        let root = tempfile::tempdir().unwrap();
        let device = Path::new("/dev/ttyUSB7");
        write(root.path(), "proc/41/comm", "minicom\n");
        write(root.path(), "proc/42/comm", "screen\n");
        write(root.path(), "proc/42/fd/keep", "");
        assert_eq!(holder_in(root.path(), device), None);
        write(root.path(), "var/lock/LCK..ttyUSB7", "        41\n");
        assert_eq!(holder_in(root.path(), device), Some(Holder { program: "minicom".to_owned(), process: 41 }));
        std::os::unix::fs::symlink(device, root.path().join("proc/42/fd/3")).unwrap();
        assert_eq!(holder_in(root.path(), device), Some(Holder { program: "screen".to_owned(), process: 42 }));
    }

    #[test]
    fn no_one_is_advised_to_join_root_or_a_group_that_may_not_open_the_port() {
        assert_eq!(opening_group(20, 0o20660), Some(20));
        assert_eq!(opening_group(20, 0o20640), None);
        assert_eq!(opening_group(20, 0o20600), None);
        assert_eq!(opening_group(0, 0o20660), None);
    }

    #[test]
    fn the_group_of_a_port_says_whether_the_user_is_listed() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "etc/group", "root:x:0:\ndialout:x:20:sato,suzuki\n");
        write(root.path(), "etc/passwd", "sato:x:1000:1000::/:/bin/sh\ntanaka:x:1001:1001::/:/bin/sh\n");
        let group = |is_listed| Some(PortGroup { name: "dialout".to_owned(), is_listed });
        assert_eq!(group_in(root.path(), 20, 1000), group(true));
        assert_eq!(group_in(root.path(), 20, 1001), group(false));
        assert_eq!(group_in(root.path(), 21, 1000), None);
    }
}
