//! What most commands begin with: reading playbook and inventory, and reporting everything that is wrong in them at once.

use std::path::Path;
use std::sync::Arc;

use super::args::{Input, Reach};
use super::context::{Context, read_bytes};
use super::error::{Exit, Failure};
use super::person;
use crate::inventory::{self, Diagnostics, Inventory, Limit, Router, Site};
use crate::ix::Config;
use crate::ix::doubt::Weight;
use crate::ix::prompt::Prompt;
use crate::ix::wire::PAGER;
use crate::message::Text;
use crate::playbook::{self, Desired, Job, Playbook};
use crate::rollout::{self, Choices, HostNames, Limits, Recordings, Target, Turns, Ways, bare, prepare};
use crate::secret::SourceVault;
use crate::transport::ssh::FirstUse;

/// A playbook, its inventory, and what the one wants of the other.
pub struct Loaded {
    /// The inventory.
    pub inventory: Inventory,
    /// The playbook.
    pub playbook: Playbook,
    /// What each chosen router should have.
    pub jobs: Vec<Job>,
}

impl Loaded {
    /// The chosen routers, as the inventory declares them.
    pub fn routers(&self) -> impl Iterator<Item = &Router> {
        self.jobs.iter().filter_map(|job| self.inventory.router(&job.router)).map(|(_, router)| router)
    }

    /// How many sites the chosen routers stand in.
    pub fn sites(&self) -> usize {
        count_sites(self.jobs.iter().map(|job| job.site.as_str()))
    }

    /// How far a run may go at once, and how far it may go wrong.
    pub fn limits(&self) -> Limits {
        Limits { concurrency: self.playbook.rollout.concurrency, max_failures: self.playbook.rollout.max_failures }
    }

    /// The routers, ready to be read or changed.
    ///
    /// # Errors
    /// Everything that stands in the way, for all routers together.
    pub fn targets(&self, choices: &Choices) -> Result<Vec<Target>, Vec<Failure>> {
        gather(self.jobs.iter().map(|job| prepare(&self.inventory, job, choices)))
    }
}

fn gather<E: crate::message::Explain>(
    targets: impl Iterator<Item = Result<Target, E>>,
) -> Result<Vec<Target>, Vec<Failure>> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for target in targets {
        match target {
            Ok(target) => good.push(target),
            Err(error) => bad.push(Failure::new(&error, Exit::Usage)),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// Counts different names.
pub fn count_sites<'a>(sites: impl Iterator<Item = &'a str>) -> usize {
    sites.collect::<std::collections::BTreeSet<_>>().len()
}

/// Reads a playbook and its inventory and renders every chosen router; warnings go to stderr.
///
/// # Errors
/// Every finding in both, together.
pub fn load(context: &Context, input: &Input) -> Result<Loaded, Vec<Failure>> {
    let limit = limit(input.routers.only.limit.as_deref())?;
    let Desired { inventory, playbook, jobs, warnings } =
        playbook::desired(&input.playbook, &input.routers.inventory, &limit).map_err(|found| failures(&found))?;
    warn(context, &warnings);
    Ok(Loaded { inventory, playbook, jobs })
}

/// Reads an inventory alone and chooses among its routers.
///
/// # Errors
/// Every finding in it.
pub fn load_inventory(context: &Context, path: &Path) -> Result<Inventory, Vec<Failure>> {
    let (inventory, warnings) = inventory::load(path).map_err(|found| failures(&found))?;
    warn(context, &warnings);
    Ok(inventory)
}

/// The routers that a limit means, ready to be read.
///
/// # Errors
/// A limit that names nothing, or what stands in the way of a router.
pub fn bare_targets(
    inventory: &Inventory,
    limit: Option<&str>,
    choices: &Choices,
) -> Result<Vec<Target>, Vec<Failure>> {
    let chosen: Vec<(&Site, &Router)> =
        self::limit(limit)?.select(inventory).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
    gather(chosen.into_iter().map(|(site, router)| bare(site, router, choices)))
}

fn limit(text: Option<&str>) -> Result<Limit, Vec<Failure>> {
    match text {
        Some(text) => Limit::parse(text).map_err(|error| vec![Failure::new(&error, Exit::Usage)]),
        None => Ok(Limit::all()),
    }
}

/// What a person decided, as far as it concerns the way to a router; nobody's changes are touched, nothing is left unchecked.
pub fn choices(context: &Context, inventory: &Inventory, reach: &Reach) -> Choices {
    let prompter = person::Asking { person: Arc::clone(&context.person), lang: context.lang };
    Choices {
        take_over: false,
        adopt: false,
        set_secrets: false,
        rehearse_on_mock: false,
        at_clinic: true,
        facts: inventory.facts.clone(),
        host_names: host_names(context, inventory),
        ways: Ways {
            known_hosts: context.state_file("known_hosts"),
            first_use: if reach.record_host_key { FirstUse::Record } else { FirstUse::Refuse },
            vault: Arc::new(SourceVault::new(inventory.sources(), prompter)),
            jump_hosts: Arc::default(),
            turns: Turns::default(),
            recordings: reach.record.as_deref().map(Recordings::below),
            mock_routers: context.state_file("mock-routers"),
        },
    }
}

/// The host names that this machine's journal can vouch for. Without a journal there is nothing to hold a router against.
fn host_names(context: &Context, inventory: &Inventory) -> HostNames {
    if inventory.routers().all(|(_, router)| router.identity.hostname.is_none()) {
        return HostNames::default();
    }
    let given = context.journal().and_then(|journal| {
        rollout::host_names(&journal, inventory).map_err(|error| Failure::new(&error, Exit::Usage))
    });
    given.unwrap_or_else(|failure| {
        context.warn(&failure.text);
        HostNames::default()
    })
}

/// The largest configuration: some ten times what the largest router's memory for it holds.
const LARGEST_CONFIGURATION: u64 = 16 * 1024 * 1024;

/// Reads a configuration file. What a terminal program wrote down is none: where a page ended or a prompt stood, a section may
/// have lost its header, and what is planned from it would land on another interface.
///
/// # Errors
/// When the file cannot be read, or holds a page mark or a prompt.
pub fn read_configuration(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = read_bytes(path, LARGEST_CONFIGURATION)?;
    let text = String::from_utf8_lossy(&bytes);
    let Some((at, _)) = text.lines().enumerate().find(|(_, line)| is_of_a_terminal(line)) else { return Ok(bytes) };
    let (file, line) = (path.display(), at + 1);
    let mut failure = Failure::usage(
        "input.terminal-log",
        Text::new(
            format!("{file}: line {line} is of a terminal, not of a configuration: a page mark or a prompt"),
            format!("{file}: {line} 行目はコンフィグではなく端末の表示です(ページ区切りまたはプロンプト)"),
        ),
        Text::new(
            "let `ixdeploy backup` read the router; by hand: `terminal length 0` before `show running-config`",
            "`ixdeploy backup` で読み出してください。手作業では `show running-config` の前に `terminal length 0` を実行します",
        ),
    );
    failure.hints.push(Text::new(
        "or cut everything before the first and after the last line of the configuration out of the file",
        "または、ファイルからコンフィグの最初の行より前と最後の行より後を取り除いてください",
    ));
    Err(failure)
}

/// A page mark, or a prompt with what was typed at it; the bare prompt at the end of a capture does no harm.
fn is_of_a_terminal(line: &str) -> bool {
    let typed = line.find(['#', '%']).map(|at| line.split_at(at + 1));
    let prompt = typed.is_some_and(|(start, typed)| !typed.trim().is_empty() && Prompt::parse(start).is_some());
    line.trim_start().starts_with(PAGER) || prompt
}

/// Findings as failures, each with its place.
pub fn failures(found: &Diagnostics) -> Vec<Failure> {
    found.iter().map(Failure::finding).collect()
}

/// Says on stderr how many lines are not in the grammar: they are kept in place and handled by a generic rule.
pub fn note_unrecognised(context: &Context, count: usize) {
    if count > 0 {
        context.warn(&crate::message::Text::new(
            format!("{count} line(s) are not in the grammar and handled by a generic rule"),
            format!("文法にない行が {count} 行あり、汎用規則で扱います"),
        ));
    }
}

/// Says on stderr which lines of a file could stand in another mode than the one they were read in.
pub fn note_doubts(context: &Context, file: &str, config: &Config) {
    let (slight, real): (Vec<_>, Vec<_>) = config.doubts.iter().partition(|doubt| doubt.weight == Weight::Slight);
    for doubt in real {
        let (line, text) = (doubt.line, doubt.explain());
        context.warn(&Text::new(format!("{file}:{line}: {}", text.en), format!("{file}:{line}: {}", text.ja)));
    }
    if let Some(first) = slight.first() {
        let (count, line) = (slight.len(), first.line);
        context.warn(&Text::new(
            format!(
                "{file}:{line}: {count} line(s) behind a block without indentation are read as lines of the global mode"
            ),
            format!("{file}:{line}: インデントのないブロックの後の {count} 行をグローバルモードの行として読みました"),
        ));
    }
}

fn warn(context: &Context, found: &Diagnostics) {
    for finding in found.iter() {
        context.note(finding.render(context.lang).trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_a_terminal;

    #[test]
    fn what_a_terminal_shows_is_told_from_a_configuration() {
        for line in [
            "--More--",
            "--More--\r        \rinterface GigaEthernet0.0",
            "Router(config)# show running-config",
            "r1# sh run",
        ] {
            assert!(is_of_a_terminal(line), "{line}");
        }
        for line in [
            "",
            "!",
            "Router(config)# ",
            "  description ## WAN ##",
            "hostname a#b c",
            "! saved --More--",
            "# SOURCE: x",
        ] {
            assert!(!is_of_a_terminal(line), "{line}");
        }
    }
}
