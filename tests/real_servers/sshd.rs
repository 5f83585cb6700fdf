//! A real OpenSSH server for one user, as a jump host.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Server, is_here, on_a_free_port};

const SSHD: &str = "/usr/sbin/sshd";

/// What the server asks a user for.
#[derive(Clone, Copy)]
pub enum Proof {
    /// The key `user` in the folder.
    Key,
    /// The answer to a question, which our script judges: this password.
    Question(&'static str),
    /// The answer to a question, after a banner and an instruction of these words; what is answered it writes into `heard`.
    Faking { banner: &'static str, instruction: &'static str },
}

/// A running server. Its log tells how many connections it had, and how their users came in.
pub struct Sshd {
    pub server: Server,
    host_key: PathBuf,
    log: PathBuf,
}

impl Sshd {
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// As an inventory pins it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.host_key)
    }

    /// The log once it says this: our thread writes it a moment after the server has said it.
    #[track_caller]
    pub fn log_with(&self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            if log.contains(text) {
                return log;
            }
            assert!(Instant::now() < deadline, "no `{text}` in\n{log}");
            thread::yield_now();
        }
    }
}

/// Whether there is one on this machine.
pub fn is_installed(what: &str) -> bool {
    is_here(SSHD, what)
}

/// Makes a key pair.
pub fn key(path: &Path) {
    key_of("ed25519", path);
}

/// Makes a key pair of a type.
pub fn key_of(kind: &str, path: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", "", "-f"]).arg(path).status().unwrap();
    assert!(made.success());
}

/// A key's fingerprint, as an inventory pins it.
pub fn fingerprint(key: &Path) -> String {
    let output = Command::new("ssh-keygen").arg("-lf").arg(key).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').nth(1).unwrap().to_owned()
}

/// The user that these tests run as.
pub fn user() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
}

/// Starts a server. If the folder has a key `NAME-host-too`, it offers that one too.
pub fn start(folder: &Path, name: &str, proof: Proof) -> Sshd {
    // The server wants its separation folder when it is started as root.
    let _ = fs::create_dir_all("/run/sshd");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let host_key = folder.join(format!("{name}-host"));
    key(&host_key);
    on_a_free_port("sshd", |port| {
        let config = folder.join(format!("{name}-config"));
        let log = folder.join(format!("{name}-{port}.log"));
        let asks = match proof {
            Proof::Key => "UsePAM no\n",
            Proof::Question(_) | Proof::Faking { .. } => {
                "UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes\n\
                 AuthenticationMethods keyboard-interactive\nPermitRootLogin yes\n"
            }
        };
        let too = folder.join(format!("{name}-host-too"));
        let too = if too.exists() { format!("HostKey {}\n", too.display()) } else { String::new() };
        let text = format!(
            "Port {port}\nListenAddress 127.0.0.1\n{too}HostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             AllowTcpForwarding yes\nLogLevel VERBOSE\nMaxStartups 200\nMaxSessions 500\n{asks}",
            host_key.display(),
            folder.join("user.pub").display(),
        );
        let banner = folder.join("banner");
        let banner_line = match proof {
            Proof::Faking { banner: words, .. } => {
                fs::write(&banner, words).unwrap();
                format!("Banner {}\n", banner.display())
            }
            Proof::Key | Proof::Question(_) => String::new(),
        };
        fs::write(&config, text + &banner_line).unwrap();
        let mut command = match proof {
            Proof::Key => Command::new(SSHD),
            Proof::Question(password) => in_a_world_of_its_own(folder, password, ""),
            Proof::Faking { instruction, .. } => in_a_world_of_its_own(folder, "never right", instruction),
        };
        let mut child = command.args(["-D", "-e", "-f"]).arg(&config).stderr(Stdio::piped()).spawn().unwrap();
        // The server says when it listens: no guessing.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let listens = lines.by_ref().map_while(Result::ok).any(|line| line.contains("Server listening"));
        if !listens {
            let _ = child.wait();
            return None;
        }
        let copy = log.clone();
        thread::spawn(move || {
            let mut text = String::new();
            for line in lines.map_while(Result::ok) {
                text.push_str(&line);
                text.push('\n');
                let _ = fs::write(&copy, &text);
            }
        });
        Some(Sshd { server: Server { child, port }, host_key: host_key.clone(), log })
    })
}

/// The server with a password rule of its own: our folder replaces the system's for this process alone, so that no password
/// and no file of the system is touched.
fn in_a_world_of_its_own(folder: &Path, password: &str, instruction: &str) -> Command {
    let rules = folder.join("pam");
    fs::create_dir_all(&rules).unwrap();
    let judge = folder.join("judge");
    let heard = folder.join("heard");
    let text =
        format!("#!/bin/sh\nread -r given\necho \"$given\" >> '{}'\n[ \"$given\" = '{password}' ]\n", heard.display());
    fs::write(&judge, text).unwrap();
    fs::set_permissions(&judge, fs::Permissions::from_mode(0o755)).unwrap();
    let (words, show) = (folder.join("instruction"), folder.join("show"));
    fs::write(&words, instruction).unwrap();
    fs::write(&show, format!("#!/bin/sh\ncat '{}'\n", words.display())).unwrap();
    fs::set_permissions(&show, fs::Permissions::from_mode(0o755)).unwrap();
    let shows = match instruction {
        "" => String::new(),
        _ => format!("auth optional pam_exec.so quiet stdout {}\n", show.display()),
    };
    let text = format!(
        "{shows}auth requisite pam_exec.so expose_authtok quiet {}\nauth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n",
        judge.display()
    );
    fs::write(rules.join("sshd"), text).unwrap();
    let script = format!("mount --bind '{}' /etc/pam.d && exec {SSHD} \"$@\"", rules.display());
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &script, "sshd"]);
    command
}

/// Whether this machine lets us give a server password rules of its own: as root, in a place that allows it.
pub fn may_have_its_own_rules() -> bool {
    let may = Command::new("unshare")
        .args(["--mount", "mount", "--bind", "/etc/pam.d", "/etc/pam.d"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !may {
        eprintln!("SKIPPED: no mount namespace for sshd here, keyboard-interactive is not proven against it here");
    }
    may
}
