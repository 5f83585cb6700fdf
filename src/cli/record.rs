//! A run's beginning and end in the journal, and what is said of it.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::{Exit, Failure};
use crate::file;
use crate::journal::RunLog;
use crate::message::{Explain, Lang};
use crate::record::{Journalled, Kind, Outcome, Place, Policy};

/// What a run is.
pub struct Begun {
    /// `apply`, `undo`, `restore`, `restart`.
    pub action: &'static str,
    /// The inventory.
    pub inventory: PathBuf,
    /// The playbook, plan or backup.
    pub source: PathBuf,
    /// The hash of the kept plan, where it is one.
    pub plan_sha256: Option<String>,
    /// The routers that are to be changed.
    pub routers: Vec<String>,
    /// Every router that was asked for, in the order of the result.
    pub places: Vec<Place>,
    /// How far it may go.
    pub policy: Policy,
}

/// Begins a run and says its name.
///
/// # Errors
/// When it cannot be written: nothing may be changed then.
pub fn begin(context: &Context, begun: Begun) -> Result<RunLog, Vec<Failure>> {
    let (by, machine) = who();
    let record = Kind::Begun {
        action: begun.action.to_owned(),
        by,
        machine,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        inventory: absolute(&begun.inventory),
        source: absolute(&begun.source),
        plan_sha256: begun.plan_sha256,
        routers: begun.routers,
        places: begun.places,
        policy: Some(begun.policy),
    };
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let log =
        RunLog::begin(journal, &context.readers(), record).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
    context.note(&match context.lang {
        Lang::En => format!("run {}", log.run()),
        Lang::Ja => format!("実行 {}", log.run()),
    });
    Ok(log)
}

/// Ends a run and says the journal's head: noted elsewhere, it proves later that nothing was cut off.
pub fn end(context: &Context, log: &RunLog, outcomes: &[Outcome], exit: Exit) -> Journalled {
    let run = log.run().as_str().to_owned();
    let head = log.end(&context.readers(), outcomes, exit.status()).and_then(|()| log.journal().head());
    match head {
        Ok(head) => {
            context.say(&match context.lang {
                Lang::En => format!("run {run}, journal head {head}\n"),
                Lang::Ja => format!("実行 {run}、ジャーナル末尾ハッシュ {head}\n"),
            });
            Journalled { run, journal_head: Some(head) }
        }
        Err(error) => {
            context.warn(&error.text());
            Journalled { run, journal_head: None }
        }
    }
}

/// The user and this machine, as far as the system says who they are.
pub fn who() -> (String, String) {
    let from =
        |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok().filter(|found| !found.is_empty()));
    let user = from(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_default();
    let machine = from(&["HOSTNAME", "COMPUTERNAME"]).or_else(|| {
        file::read(Path::new("/etc/hostname"), 1024).ok().map(|name| String::from_utf8_lossy(&name).trim().to_owned())
    });
    (user, machine.unwrap_or_default())
}

/// A path that still means the same from another folder.
fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
