//! The conversation against scripted routers, in chunks of 1, 7 and 4096 bytes.

mod arrival;
mod consoles;
mod dialects;
mod lines;
mod programs;
mod windows;

use std::sync::{Arc, Mutex};

use ixdeploy::dialect::Dialect;
use ixdeploy::secret::Secret;
use ixdeploy::session::{Login, NoTap, Session, SessionError, Settings, Take};
use ixdeploy::transport::LinkKind;
use ixdeploy::transport::fake::Fake;

const BANNER: &str = "\r\nNEC Portable Internetwork Core Operating System Software\r\nCopyright Notices:\r\n\
    Copyright (c) NEC Corporation 2001-2022. All rights reserved.\r\nCopyright (c) 1985-1998 OpenROUTE Networks, Inc.\r\n\
    Copyright (c) 1984-1987, 1989 J. Noel Chiappa.\r\n";
const ENTERED: &str = "Enter configuration commands, one per line. End with CNTL/Z.\r\n";
const CHUNKS: [usize; 3] = [1, 7, 4096];

fn settings() -> Settings {
    Settings { mask: |text| text.to_owned(), ..Settings::default() }
}

fn admin() -> Login {
    Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("s3cret".into()))) }
}

type Typed = Arc<Mutex<Vec<u8>>>;

fn open(fake: Fake, login: Login) -> (Result<Session, SessionError>, Typed) {
    let typed = fake.typed();
    (Session::open(Box::new(fake), Dialect::ix(), login, settings(), Box::new(NoTap)), typed)
}

fn network(chunk: usize) -> Fake {
    Fake::new(LinkKind::Fake, chunk).says(BANNER).says("Router# ")
}

/// A network session in configuration mode.
fn in_config(chunk: usize) -> Fake {
    network(chunk)
        .line("enable-config", &format!("{ENTERED}Router(config)# "))
        .line("terminal length 0", "Router(config)# ")
        .line("terminal width 512", "% terminal -- Invalid command.\r\nRouter(config)# ")
}

fn configured(fake: Fake) -> (Session, Typed) {
    let (session, typed) = open(fake, Login::default());
    let mut session = session.unwrap();
    assert!(!session.enter_config(Take::Ask).unwrap());
    (session, typed)
}

fn typed_text(typed: &Typed) -> String {
    typed.lock().unwrap().escape_ascii().to_string()
}

/// A console on which the line is emptied first.
fn console(chunk: usize) -> Fake {
    Fake::new(LinkKind::Serial, chunk).wants("\x15\x15")
}
