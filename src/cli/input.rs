//! What people name on the command line, as `run` takes it, and the notes about the files they name.

use super::args::{Input, Reach};
use super::context::Context;
use super::error::Failure;
use crate::inventory::Diagnostics;
use crate::ix::Config;
use crate::ix::backup::Backup;
use crate::ix::doubt::Weight;
use crate::message::Text;
use crate::run::{self, Loaded, Source};

pub use crate::run::read_backup;

/// A playbook, its inventory and the choice of routers.
pub fn source(input: &Input) -> Source {
    Source {
        playbook: input.playbook.clone(),
        inventory: input.routers.inventory.clone(),
        limit: input.routers.only.limit.clone(),
    }
}

/// How routers are reached.
pub fn reach(reach: &Reach) -> run::Reach {
    run::Reach {
        record_host_keys: reach.record_host_key,
        recordings: reach.record.clone(),
        console: None,
        #[cfg(feature = "kit")]
        kit: reach.kit.clone(),
    }
}

/// Reads a playbook and its inventory and renders every chosen router; warnings go to stderr.
///
/// # Errors
/// Every finding in both, together.
pub fn load(context: &Context, input: &Input) -> Result<Loaded, Vec<Failure>> {
    Ok(run::load(&context.run_env(), &source(input))?)
}

/// Reports what cannot be compared or read in a file.
pub fn note_masks(context: &Context, name: &str, backup: &Backup) {
    run::warn_of_masks(&*context.operator(), name, backup);
}

/// Findings as failures, each with its place.
pub fn failures(found: &Diagnostics) -> Vec<Failure> {
    found.iter().map(Failure::finding).collect()
}

/// Says on stderr how many lines are not in the grammar: they are kept in place and handled by a generic rule.
pub fn note_unrecognised(context: &Context, count: usize) {
    if count > 0 {
        context.screen.warn(&crate::message::Text::new(
            format!("{count} line(s) are not in the grammar and handled by a generic rule"),
            format!("文法にない行が {count} 行あり、汎用規則で扱います"),
        ));
    }
}

/// Reports on stderr which lines of a file could belong to a mode other than the one they were read in.
pub fn note_doubts(context: &Context, file: &str, config: &Config) {
    let (slight, real): (Vec<_>, Vec<_>) = config.doubts.iter().partition(|doubt| doubt.weight == Weight::Slight);
    for doubt in real {
        let (line, text) = (doubt.line, doubt.explain());
        context.screen.warn(&Text::new(format!("{file}:{line}: {}", text.en), format!("{file}:{line}: {}", text.ja)));
    }
    if let Some(first) = slight.first() {
        let (count, line) = (slight.len(), first.line);
        context.screen.warn(&Text::new(
            format!(
                "{file}:{line}: {count} line(s) behind a block without indentation are read as lines of the global mode"
            ),
            format!("{file}:{line}: インデントのないブロックの後の {count} 行をグローバルモードの行として読みました"),
        ));
    }
}
