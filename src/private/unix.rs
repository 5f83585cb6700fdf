//! Private files on Unix: by owner and permission bits, set whatever the umask says.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::OnceLock;

use nix::fcntl::OFlag;

use super::Refusal;

/// The part of our environment that a program needs when we start it: to be found, to print, to reach an agent or a key
/// store, to ask.
pub(super) const LEFT: [&str; 26] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TERM",
    "TMPDIR",
    "SSH_AUTH_SOCK",
    "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE",
    "KRB5CCNAME",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "GNUPGHOME",
    "GPG_TTY",
    "PASSWORD_STORE_DIR",
];
/// What a state folder of ours may hold: one of these, or nothing, distinguishes it from a folder for something else.
const OURS: [&str; 5] = ["journal.sqlite", "journal.key", "known_hosts", "locks", "mock-routers"];

/// Whether two names of variables are the same.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one == other
}

/// Who may use a state folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its owner alone.
    Owner,
    /// The folder's group, too.
    Group,
}

impl Access {
    /// Whether it is shared by several users.
    pub(crate) fn is_a_groups(self) -> bool {
        self == Self::Group
    }

    fn file(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Group => 0o660,
        }
    }

    fn folder(self) -> u32 {
        match self {
            Self::Owner => 0o700,
            Self::Group => 0o2770,
        }
    }

    /// The permission bits that others must not have.
    fn outside(self) -> u32 {
        match self {
            Self::Owner => 0o077,
            Self::Group => 0o007,
        }
    }
}

/// Makes a file that was not there.
///
/// # Errors
/// When it cannot be made, or is there.
pub(crate) fn create_new(path: &Path, access: Access) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(access.file()).open(path)?;
    file.set_permissions(Permissions::from_mode(access.file()))?;
    Ok(file)
}

/// Gives a file the mode that it has in a folder of this access.
///
/// # Errors
/// When the system refuses.
pub(crate) fn give(file: &File, access: Access) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(access.file()))
}

/// Opens a file for writing without changing what it holds; makes it where it is missing. A symbolic link is not followed.
///
/// # Errors
/// When it cannot be opened.
pub(crate) fn open(path: &Path, access: Access) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(access.file());
    let file = options.custom_flags(OFlag::O_NOFOLLOW.bits()).open(path)?;
    let found = file.metadata()?;
    // One that was just made has what the umask left of its mode.
    if found.len() == 0 && found.mode() & 0o777 != access.file() && own_uid(path).is_ok_and(|own| own == found.uid()) {
        file.set_permissions(Permissions::from_mode(access.file()))?;
    }
    Ok(file)
}

/// Refuses a file that others may use, that is no plain file, or that belongs to another user where the folder is not a group's. A
/// missing one is as good as private.
pub(crate) fn state_file(path: &Path, access: Access) -> Result<(), Refusal> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if found.is_symlink() {
        return Err(Refusal::Link);
    }
    if !found.is_file() {
        return Err(Refusal::Kind);
    }
    if access == Access::Owner && own_uid(path)? != found.uid() {
        return Err(Refusal::Owner(found.uid()));
    }
    exposed(&found, access).map_or(Ok(()), |mode| Err(Refusal::Exposed(mode)))
}

/// Makes a folder that only its owner can look into; one that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes a state folder, private whatever the umask is, or judges the one that is there. One of an earlier version, which others
/// could look into and not change, is closed.
pub(crate) fn state_folder(path: &Path) -> Result<Access, Refusal> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            folder(path)?;
            fs::set_permissions(path, Permissions::from_mode(Access::Owner.folder()))?;
            return Ok(Access::Owner);
        }
        found => found?,
    };
    if found.is_symlink() {
        return Err(Refusal::Link);
    }
    if !found.is_dir() {
        return Err(Refusal::Kind);
    }
    let access = access_of(&found);
    let own = own_uid(path)? == found.uid();
    if access == Access::Owner && !own {
        return Err(Refusal::Owner(found.uid()));
    }
    match exposed(&found, access) {
        None => Ok(access),
        Some(mode) if mode & 0o022 == 0 && own && is_ours(path)? => {
            fs::set_permissions(path, Permissions::from_mode(Access::Owner.folder()))?;
            Ok(Access::Owner)
        }
        Some(mode) => Err(Refusal::Exposed(mode)),
    }
}

/// Who may use a state folder, as its mode declares it.
pub(crate) fn access_of(folder: &Metadata) -> Access {
    let mode = folder.mode();
    if mode & 0o2070 == 0o2070 && mode & 0o007 == 0 { Access::Group } else { Access::Owner }
}

fn is_ours(path: &Path) -> io::Result<bool> {
    let mut empty = true;
    for entry in fs::read_dir(path)? {
        empty = false;
        if OURS.iter().any(|name| entry.as_ref().is_ok_and(|entry| entry.file_name() == *name)) {
            return Ok(true);
        }
    }
    Ok(empty)
}

/// Makes a folder in a state folder, with its access; one that is there and ours gets it.
///
/// # Errors
/// When it cannot be made, or it is a symbolic link.
pub(crate) fn subfolder(path: &Path, access: Access) -> io::Result<()> {
    match DirBuilder::new().mode(access.folder()).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    let found = fs::symlink_metadata(path)?;
    if !found.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotADirectory));
    }
    if found.mode() & 0o7777 != access.folder() && own_uid(path)? == found.uid() {
        fs::set_permissions(path, Permissions::from_mode(access.folder()))?;
    }
    Ok(())
}

/// The permission bits, when anyone has some who should have none.
pub(crate) fn exposed(metadata: &Metadata, access: Access) -> Option<u32> {
    let mode = metadata.permissions().mode() & 0o777;
    (mode & access.outside() != 0).then_some(mode)
}

/// Keeps this process's memory out of core dumps and of other processes' reach, where the system can.
pub(crate) fn protect_process() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        tracing::debug!(%error, "the process stays readable for its user's other processes");
    }
}

/// Whether a file or folder belongs to this process's user, and not everyone may write to it.
///
/// # Errors
/// When it cannot be looked at.
pub(crate) fn is_own(path: &Path) -> io::Result<bool> {
    let found = fs::metadata(path)?;
    Ok(found.uid() == own_uid(path)? && found.mode() & 0o002 == 0)
}

/// The user we are to the file system: the creator of a file owns it. Where there is no temporary folder, one near by does.
fn own_uid(near: &Path) -> io::Result<u32> {
    static OWN: OnceLock<u32> = OnceLock::new();
    if let Some(own) = OWN.get() {
        return Ok(*own);
    }
    let made = tempfile::tempfile().or_else(|_| tempfile::tempfile_in(near.parent().unwrap_or(near)))?;
    let own = made.metadata()?.uid();
    Ok(*OWN.get_or_init(|| own))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_new_state_folder_and_its_files_belong_to_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("a/state");
        assert_eq!(state_folder(&state).unwrap(), Access::Owner);
        subfolder(&state.join("locks"), Access::Owner).unwrap();
        open(&state.join("file"), Access::Owner).unwrap();
        assert_eq!([mode(&state), mode(&state.join("locks")), mode(&state.join("file"))], [0o700, 0o700, 0o600]);
    }

    #[test]
    fn a_folder_that_is_declared_a_groups_has_files_of_the_group() {
        let dir = tempfile::tempdir().unwrap();
        set(dir.path(), 0o2770);
        let access = state_folder(dir.path()).unwrap();
        assert_eq!(access, Access::Group);
        let (locks, file) = (dir.path().join("locks"), dir.path().join("file"));
        subfolder(&locks, access).unwrap();
        open(&file, access).unwrap();
        create_new(&dir.path().join("key"), access).unwrap();
        assert_eq!([mode(&locks), mode(&file), mode(&dir.path().join("key"))], [0o2770, 0o660, 0o660]);
        state_file(&file, access).unwrap();
        set(&file, 0o664);
        assert!(matches!(state_file(&file, access), Err(Refusal::Exposed(0o664))));
        set(dir.path(), 0o2775);
        assert!(matches!(state_folder(dir.path()), Err(Refusal::Exposed(0o775))));
    }

    #[test]
    fn the_folder_of_an_earlier_version_is_made_private_and_other_folders_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (old, other) = (dir.path().join("old"), dir.path().join("other"));
        for (folder, file) in [(&old, "journal.sqlite"), (&other, "index.html")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join(file), "").unwrap();
            set(folder, 0o755);
        }
        assert_eq!(state_folder(&old).unwrap(), Access::Owner);
        assert_eq!(mode(&old), 0o700);
        assert!(matches!(state_folder(&other), Err(Refusal::Exposed(0o755))));
        assert_eq!(mode(&other), 0o755);
        // What others could change is not trusted by closing it now.
        set(&old, 0o777);
        assert!(matches!(state_folder(&old), Err(Refusal::Exposed(0o777))));
    }

    #[test]
    fn a_symbolic_link_is_neither_a_state_folder_nor_a_file_in_one() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(matches!(state_folder(&link), Err(Refusal::Link)));
        assert!(subfolder(&link, Access::Owner).is_err());
        let (file, link) = (real.join("file"), real.join("link"));
        fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(open(&link, Access::Owner).is_err());
        assert!(matches!(state_file(&link, Access::Owner), Err(Refusal::Link)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_process_leaves_no_core_dump() {
        assert!(nix::sys::prctl::get_dumpable().unwrap());
        protect_process();
        assert!(!nix::sys::prctl::get_dumpable().unwrap());
        nix::sys::prctl::set_dumpable(true).unwrap();
    }
}
