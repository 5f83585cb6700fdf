//! What most commands begin with: reading playbook and inventory, and reporting everything that is wrong in them at once.

use std::path::Path;
use std::sync::Arc;

use super::args::{Input, Reach};
use super::context::{Context, read_bytes};
use super::error::{Exit, Failure};
use super::person;
use crate::connect::{ConnectOptions, ConsoleLocks, Recordings};
use crate::fleet::{self, Choices, HostNames, Limits, Target, bare, prepare};
use crate::inventory::{self, Diagnostics, Inventory, Limit, Router, Site};
use crate::ix::Config;
use crate::ix::backup::{Backup, NoConfiguration};
use crate::ix::doubt::Weight;
use crate::message::Text;
use crate::playbook::{self, Desired, Playbook, RenderedRouter};
use crate::secret::SourceVault;
use crate::transport::ssh::FirstUse;

/// A playbook, its inventory, and what the one wants of the other.
pub struct Loaded {
    /// The inventory.
    pub inventory: Inventory,
    /// The playbook.
    pub playbook: Playbook,
    /// What each chosen router should have.
    pub rendered: Vec<RenderedRouter>,
}

impl Loaded {
    /// The chosen routers, as the inventory declares them.
    pub fn routers(&self) -> impl Iterator<Item = &Router> {
        self.rendered.iter().filter_map(|wanted| self.inventory.router(&wanted.router)).map(|(_, router)| router)
    }

    /// How many sites the chosen routers stand in.
    pub fn sites(&self) -> usize {
        count_sites(self.rendered.iter().map(|wanted| wanted.site.as_str()))
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
        gather(self.rendered.iter().map(|wanted| prepare(&self.inventory, wanted, choices)))
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
    let Desired { inventory, playbook, rendered, warnings } =
        playbook::desired(&input.playbook, &input.routers.inventory, &limit).map_err(|found| failures(&found))?;
    warn(context, &warnings);
    Ok(Loaded { inventory, playbook, rendered })
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
        connect_options: ConnectOptions {
            known_hosts: context.state_file("known_hosts"),
            first_use: if reach.record_host_key { FirstUse::Record } else { FirstUse::Refuse },
            vault: Arc::new(SourceVault::new(inventory.sources(), prompter)),
            jump_hosts: Arc::default(),
            console_locks: ConsoleLocks::default(),
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
    let given = context
        .journal()
        .and_then(|journal| fleet::host_names(&journal, inventory).map_err(|error| Failure::new(&error, Exit::Usage)));
    given.unwrap_or_else(|failure| {
        context.warn(&failure.text);
        HostNames::default()
    })
}

/// The largest configuration: some ten times what the largest router's memory for it holds.
const LARGEST_CONFIGURATION: u64 = 16 * 1024 * 1024;

/// Reads a configuration file that another program may have kept: with a header, with secrets taken out. What a terminal program wrote
/// down is none: where a page ended or a prompt stood, a section may have lost its header, and what is planned from it would land on
/// another interface.
///
/// # Errors
/// When the file cannot be read, is no text, or holds a page mark or a prompt.
pub fn read_backup(path: &Path) -> Result<Backup, Failure> {
    let bytes = read_bytes(path, LARGEST_CONFIGURATION)?;
    Backup::read(&bytes).map_err(|wrong| match wrong {
        NoConfiguration::NotText => not_text(path),
        NoConfiguration::Terminal(line) => terminal_log(path, line),
    })
}

fn not_text(path: &Path) -> Failure {
    let file = path.display();
    Failure::usage(
        "input.not-text",
        Text::new(
            format!("{file} is no text in UTF-8: it has two bytes for each character"),
            format!("{file} は UTF-8 のテキストではありません(UTF-16 など)"),
        ),
        Text::new(
            "save it as UTF-8: `>` of Windows PowerShell and some editors write two bytes for each character",
            "UTF-8 で保存し直してください。Windows PowerShell の `>` や一部のエディタは UTF-16 で保存します",
        ),
    )
}

fn terminal_log(path: &Path, line: usize) -> Failure {
    let file = path.display();
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
    failure
}

/// Reports what cannot be compared or read in a file: lines with masked secrets, and bytes in another encoding.
pub fn note_masks(context: &Context, name: &str, backup: &Backup) {
    let count = backup.masked.len();
    if let Some(first) = backup.masked.first().map(|masked| masked.line) {
        context.warn(&Text::new(
            format!(
                "{name}: {count} line(s) are masked (the first is line {first}): they are compared with nothing, and neither typed nor taken away"
            ),
            format!("{name}: マスクされた行が {count} 行あります(最初は {first} 行目)。比較せず、入力も削除もしません"),
        ));
    } else if backup.ours {
        context
            .warn(&Text::new(format!("{name} is a masked backup"), format!("{name} はマスク済みのバックアップです")));
    }
    if let Some(first) = backup.odd_bytes.first() {
        let count = backup.odd_bytes.len();
        context.warn(&Text::new(
            format!(
                "{name}: {count} line(s) are not UTF-8 (the first is line {first}): their bytes are kept as they are"
            ),
            format!("{name}: UTF-8 でない行が {count} 行あります(最初は {first} 行目)。バイト列のまま扱います"),
        ));
    }
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

/// Reports on stderr which lines of a file could belong to a mode other than the one they were read in.
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
