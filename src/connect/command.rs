//! Over a program that leads to the router.

use super::ConnectError;
use super::console_lock::LockedTransport;
use super::way::Way;
use crate::inventory::{Baud, CommandConnection};
use crate::session::{Login, Session};
use crate::transport::Transport;
use crate::transport::command::{self, CommandTarget};

/// Opens a session over the terminal of the declared program.
pub(super) fn open(way: &Way, declared: &CommandConnection, login: Login) -> Result<Session, ConnectError> {
    let console_lock = way.take_console_lock()?;
    let target = CommandTarget { words: declared.words.clone(), console: declared.console };
    let mut settings = way.settings(Baud::default());
    settings.destination = asks_by_name(declared, &login);
    let link = command::open(&target)?;
    let link: Box<dyn Transport> = match console_lock {
        Some(console_lock) => Box::new(LockedTransport::new(link, console_lock)),
        None => Box::new(link),
    };
    way.hold(link, login, settings)
}

/// The host by whose name the program may ask for the login's password: only where it is one that says whose password it asks for.
fn asks_by_name(declared: &CommandConnection, login: &Login) -> Option<String> {
    let program = declared.words.first().filter(|_| login.password.is_some())?;
    let host = declared.destination()?;
    command::names_every_prompt(program).then(|| host.to_owned())
}
