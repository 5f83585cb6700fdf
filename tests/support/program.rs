//! The built program with an empty environment: nothing of the machine that runs the tests (terminal, locale, colours, home, time zone,
//! agents, state folder) reaches it but what the test sets itself.

use std::process::Command;

/// The program, not yet started.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ixdeploy"));
    command.env_clear();
    command
}
