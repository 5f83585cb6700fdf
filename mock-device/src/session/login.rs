//! How a session begins and ends: the quiet console, the login, the banner, the logout, the restart seen from the console.

use std::time::Duration;

use super::{End, Pending, Session, State};
use crate::device::Mode;
use crate::event::What;
use crate::router::{Right, Router, Via};

/// The banner (fact sheet 1); after a login an empty line precedes it.
const BANNER: [&str; 5] = [
    "NEC Portable Internetwork Core Operating System Software",
    "Copyright Notices:",
    "Copyright (c) NEC Corporation 2001-2022. All rights reserved.",
    "Copyright (c) 1985-1998 OpenROUTE Networks, Inc.",
    "Copyright (c) 1984-1987, 1989 J. Noel Chiappa.",
];

impl Session {
    pub(super) fn begin(&mut self, router: &mut Router, known: bool) {
        if known {
            self.out.extend_from_slice(b"\r\n");
            self.welcome(router);
        } else if self.via == Via::Console {
            self.state = State::Quiet(router.spec.readings.quiet_returns);
        } else {
            self.wake(router);
        }
    }

    /// The first sign of life: a login prompt, or at once the shell where no one has to log in.
    pub(super) fn wake(&mut self, router: &mut Router) {
        let trusted = self.via == Via::Channel && router.spec.trusted_channel;
        if router.asks_login() && !trusted {
            self.ask_name();
        } else {
            self.right = Right::Administrator;
            self.out.extend_from_slice(b"\r\n");
            if !trusted {
                router.logged_on(None);
            }
            self.welcome(router);
        }
    }

    fn ask_name(&mut self) {
        self.state = State::Name;
        self.editor.start("login: ", true, &mut self.out);
    }

    fn welcome(&mut self, router: &Router) {
        for line in BANNER {
            self.say(line);
        }
        self.state = State::Shell;
        self.mode = Mode::Operation;
        self.length = 24;
        self.silent_events = false;
        self.prompt(router);
    }

    /// An empty name starts an authentication round too, unless `terminal suppress-emanon` is configured (fact sheet 1).
    pub(super) fn name(&mut self, router: &Router, line: &str) {
        let user = line.trim();
        if user.is_empty() && router.device.config.lines.has("terminal suppress-emanon") {
            return self.ask_name();
        }
        self.state = State::Password(user.to_owned());
        self.editor.start("Password: ", false, &mut self.out);
    }

    pub(super) fn password(&mut self, router: &mut Router, user: &str, password: &str) {
        let right = router.authenticate(user, password);
        router.record(self.id, What::Login { user: user.to_owned(), accepted: right.is_some() });
        if let Some(right) = right {
            self.right = right;
            self.failures = 0;
            router.logged_on(Some(user));
            self.out.extend_from_slice(b"\r\n");
            return self.welcome(router);
        }
        self.failures += 1;
        let text = router.spec.readings.texts.login_failed.clone();
        self.say(&text);
        if self.failures >= router.spec.readings.login_tries && self.via.is_remote() {
            return self.finish(router, End::Logout, "login-failed");
        }
        self.ask_name();
    }

    /// Ends the session; a console goes back to where the next person starts.
    pub(super) fn log_out(&mut self, router: &mut Router, how: &str) {
        if self.via == Via::Ssh || self.via == Via::Telnet {
            return self.finish(router, End::Logout, how);
        }
        router.close_session(self.id, how);
        self.id = router.open_session(self.via);
        self.mode = Mode::Operation;
        self.pager.clear();
        self.wake(router);
    }

    /// The console while the router restarts.
    pub(super) fn reboot(&mut self, router: &mut Router) {
        self.out.extend_from_slice(b"\r\n");
        self.pager.clear();
        self.mode = Mode::Operation;
        self.state = State::Shell;
        self.typed.clear();
        for line in ["NEC Diagnostic Software", "Copyright (c) NEC Corporation 2001-2022. All rights reserved.", ""] {
            self.say(line);
        }
        self.say("%DIAG-INFO: Starting System POST(Power On Self Test)");
        self.pending = Some(Pending::Boot);
        self.wait = Some(Duration::from_millis(router.spec.readings.boot_millis));
    }

    pub(super) fn booted(&mut self, router: &mut Router) {
        let model = router.spec.model.name().to_ascii_lowercase();
        let image = format!("{model}-ms-{}.ldc", router.spec.version());
        for line in ["", "NEC Bootstrap Software", "Copyright (c) NEC Corporation 2001-2022. All rights reserved.", ""]
        {
            self.say(line);
        }
        self.say(&format!("%BOOT-INFO: Trying flash load, exec-image [{image}]."));
        self.say("Loading: ################################################################# [OK]");
        for line in ["", "", "Starting at 0x20000", "", "Configuring router subsystems (before IDB proc): done."] {
            self.say(line);
        }
        for line in [
            "Constructing IDB(Interface Database): done.",
            "Configuring router subsystems (after IDB proc): done.",
            "Initializing router subsystems: done.",
            "Starting router subsystems: done.",
            "",
            "All router subsystems coming up.",
            "",
            "",
            "",
        ] {
            self.say(line);
        }
        router.close_session(self.id, "restart");
        self.id = router.open_session(self.via);
        self.wake(router);
    }
}
