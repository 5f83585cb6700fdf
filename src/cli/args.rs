//! The command line's shape: arguments and their help, nothing that acts. The Japanese help stands in `help_ja`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Deploys declared configuration to NEC UNIVERGE IX routers as a verified transaction
#[derive(Debug, Parser)]
#[command(name = "ixdeploy", version, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Language of messages: `ja` or `en` [default: the locale's]
    #[arg(long, global = true, value_enum, value_name = "LANG", hide_possible_values = true)]
    pub lang: Option<LangArg>,
    /// Form of the result on stdout: `text`, `json`, or for `diff` `commands`
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Format,
    /// Folder for known host keys and run data [default: the user's state folder]
    #[arg(long, global = true, env = "IXDEPLOY_STATE_DIR", hide_env_values = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Append every event as a line of JSON to this file
    #[arg(long, global = true, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// More progress on stderr; twice for a debug log
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Japanese
    Ja,
    /// English
    En,
}

/// The form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs; the schema is documented and versioned
    Json,
    /// `diff` only: nothing but the commands, ready to paste in global config mode
    Commands,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a folder with the playbooks, an inventory to fill in, and how to begin
    Init(InitArgs),
    /// Validate inventory, playbook, roles and every rendered line, offline
    Check(Input),
    /// Print the configuration each router should have
    Render(Render),
    /// Show what would change, as exact commands; nothing is written (dry run)
    Plan(PlanArgs),
    /// Change the routers: push, verify, save, or take everything back
    Apply(Apply),
    /// Compare routers with what is declared and run the checks; nothing is written
    Verify(Verify),
    /// Read running and startup configuration into a folder
    Backup(Backup),
    /// Print one configuration file canonically, its secrets in clear
    Fmt(FmtArgs),
    /// Show the commands that lead from one configuration file to another
    Diff(DiffArgs),
    /// Judge configuration files, or count what of them is known
    Lint(LintArgs),
    /// Show a recorded session (`--record`), or judge it
    Replay(Replay),
    /// List serial ports with USB vendor, product and serial number
    Ports,
    /// Say what on this machine would stop a deployment, with the remedy
    Doctor(Doctor),
    /// List routers that an earlier run left unknown, or that need a person
    Status,
    /// List the runs that meant to change a router
    History(History),
    /// Show everything that was recorded of a run
    Show(Show),
    /// Read routers that a run left unknown, and finish the change or take it back
    Resume(Resume),
    /// Take back what one run changed, and nothing else
    Undo(Undo),
    /// Bring a router back to a backup
    Restore(Restore),
    /// Restart routers on which saved lines of a run wait for it, and look again
    Restart(Restart),
    /// Check the record of all runs, or make it smaller
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Run the whole story on built-in mock routers
    #[cfg(feature = "mock")]
    Demo,
}

/// `init`
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The new folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// A playbook and the routers it is for.
#[derive(Debug, Clone, Args)]
pub struct Input {
    /// The playbook
    #[arg(value_name = "PLAYBOOK")]
    pub playbook: PathBuf,
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
}

/// Which routers.
#[derive(Debug, Clone, Args)]
pub struct Routers {
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Some of them
    #[command(flatten)]
    pub only: Only,
}

/// Some of the routers.
#[derive(Debug, Clone, Args)]
pub struct Only {
    /// Only these routers: names, sites, groups, globs, `!exclusions`, separated by commas
    #[arg(short, long, value_name = "LIMIT")]
    pub limit: Option<String>,
}

/// Somebody else's changes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Unsaved {
    /// Go on although the router has unsaved changes: they are shown, and our save makes them permanent
    #[arg(long)]
    pub adopt: bool,
}

/// How the plan is made.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Planning {
    /// Changes that nobody has saved
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// Enter secrets that cannot be compared with the router's
    #[arg(long)]
    pub set_secrets: bool,
}

/// How a router is reached.
#[derive(Debug, Clone, Default, Args)]
pub struct Reach {
    /// Record the host key of a router that is met for the first time (on a bench)
    #[arg(long)]
    pub record_host_key: bool,
    /// Record every session to DIR/<router>-<n>.cast, secrets masked
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
}

/// Where a plan and its undo are rehearsed before a router sees them.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Rehearsal {
    /// What the plan and its undo are typed into before the router sees them: `model`, or `mock`, a mock router, too
    #[arg(long, value_enum, default_value_t = Rehearse::Model, value_name = "WHERE", hide_possible_values = true)]
    pub rehearse: Rehearse,
}

impl Rehearsal {
    /// Whether a mock router is asked, too.
    pub fn on_mock(self) -> bool {
        self.rehearse == Rehearse::Mock
    }
}

/// What a plan is rehearsed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Rehearse {
    /// The pure model: always
    #[default]
    Model,
    /// A mock router that runs what the router runs, over a session, too
    Mock,
}

/// Whether there is a question before something is changed.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Asking {
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// Which box is on the cable.
#[derive(Debug, Clone, Args)]
pub struct OnTheCable {
    /// The serial number of the router on the console, where the inventory has none
    #[arg(long, value_name = "SERIAL")]
    pub serial_number: Option<String>,
}

/// The config lock of a router that is to be changed. Commands that only read never take it from anybody.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Lock {
    /// Take config mode from whoever holds it (asked about, and recorded)
    #[arg(long)]
    pub take_over: bool,
}

/// `render`
#[derive(Debug, Clone, Args)]
pub struct Render {
    /// What to render
    #[command(flatten)]
    pub input: Input,
    /// Write DIR/<router>.cfg instead of printing
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// `plan`
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// What to plan
    #[command(flatten)]
    pub input: Input,
    /// Keep the plan, to be applied as it is
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Plan from a backup, with no device: a folder of ours, of RANCID, Oxidized or the like, or one file
    #[arg(long, value_name = "DIR|FILE")]
    pub from_backup: Option<PathBuf>,
    /// Also show the inverse
    #[arg(long)]
    pub undo: bool,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

/// `apply`
#[derive(Debug, Clone, Args)]
pub struct Apply {
    /// A playbook, or a plan kept by `plan -o`
    #[arg(value_name = "PLAYBOOK|PLAN.JSON")]
    pub source: PathBuf,
    /// Refuse a kept plan whose SHA-256 is another: what `plan -o` printed and was approved
    #[arg(long, value_name = "HASH")]
    pub plan_hash: Option<String>,
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub on_the_cable: OnTheCable,
    /// Where the routers stand, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

/// Where a router stands while it is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Phase {
    /// On a bench, without the clinic's line
    Bench,
    /// In the clinic
    Clinic,
}

/// `verify`
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// What to verify
    #[command(flatten)]
    pub input: Input,
    /// Where the routers stand, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// Compare although the router has unsaved changes
    #[arg(long)]
    pub adopt: bool,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

/// `backup`
#[derive(Debug, Clone, Args)]
pub struct Backup {
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Write DIR/<router>/running.cfg and startup.cfg
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Replace secrets by `***`; such a backup cannot be restored
    #[arg(long)]
    pub mask: bool,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

/// `fmt`
#[derive(Debug, Clone, Args)]
pub struct FmtArgs {
    /// The configuration file; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `diff`
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// The configuration there is, or a folder of them
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The configuration there should be, or a folder of them
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Show the inverse too
    #[arg(long)]
    pub undo: bool,
    /// Print secrets in the commands
    #[arg(long)]
    pub reveal: bool,
}

/// `lint`
#[derive(Debug, Clone, Args)]
pub struct LintArgs {
    /// The configuration files, or folders of them; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Count instead: lines and families by full row, by family and unknown, and which to add next
    #[arg(long)]
    pub coverage: bool,
    /// The router's model, for what depends on it
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
}

/// `replay`
#[derive(Debug, Clone, Args)]
pub struct Replay {
    /// The recording
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Play in time: 1 as recorded, 4 four times as fast [default: all at once]
    #[arg(long, value_name = "FACTOR")]
    pub speed: Option<f64>,
    /// Only say what in it this version does not know
    #[arg(long = "check")]
    pub check_only: bool,
}

/// `doctor`
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// Print only the SSH algorithms that are compiled in
    #[arg(long)]
    pub ssh_algorithms: bool,
}

/// `history`
#[derive(Debug, Clone, Args)]
pub struct History {
    /// The router
    #[arg(value_name = "ROUTER")]
    pub router: String,
}

/// `show`
#[derive(Debug, Clone, Args)]
pub struct Show {
    /// The run
    #[arg(value_name = "RUN")]
    pub run: String,
    /// Only the recorded inverse of each router's plan, secrets masked: what a person types where this program cannot
    #[arg(long)]
    pub undo: bool,
}

/// `resume`
#[derive(Debug, Clone, Args)]
pub struct Resume {
    /// The run [default: every run that did not end]; named, routers it left to a person are read again too, and a colleague's run is taken over
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Where a part of the plan runs: send the rest and save, whatever the playbook says
    #[arg(long, conflicts_with = "undo")]
    pub finish: bool,
    /// Where a part of the plan runs, or all of it: take it back, whatever the playbook says
    #[arg(long)]
    pub undo: bool,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

/// `journal`
#[derive(Debug, Clone, Subcommand)]
pub enum JournalCommand {
    /// Detect edited, missing and rewritten records
    Verify(JournalVerify),
    /// Delete old sealed backups; the records stay
    Prune(JournalPrune),
}

/// `journal verify`
#[derive(Debug, Clone, Args)]
pub struct JournalVerify {
    /// The head that an earlier run printed: it must still be in the journal
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
}

/// `journal prune`
#[derive(Debug, Clone, Args)]
pub struct JournalPrune {
    /// Backups older than so many days; each router's last one stays, and every one that an open run needs
    #[arg(long, value_name = "DAYS")]
    pub days: u32,
}

/// Routers of an earlier run that are to be changed again.
#[derive(Debug, Clone, Args)]
pub struct Earlier {
    /// The run
    #[arg(value_name = "RUN")]
    pub run: String,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
    /// Some of them
    #[command(flatten)]
    pub only: Only,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
}

/// `undo`
#[derive(Debug, Clone, Args)]
pub struct Undo {
    /// Which
    #[command(flatten)]
    pub earlier: Earlier,
    /// Changes that nobody has saved
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

/// `restore`
#[derive(Debug, Clone, Args)]
pub struct Restore {
    /// The router
    #[arg(value_name = "ROUTER")]
    pub router: String,
    /// The backup: a folder or a file, unmasked, or a run whose verified end is meant
    #[arg(long, value_name = "DIR|FILE|RUN")]
    pub from: PathBuf,
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub on_the_cable: OnTheCable,
    /// Another box stands in the old one's place: its host key is recorded anew and the old one forgotten; with
    /// `--serial-number`, that of the new box counts
    #[arg(long)]
    pub replaced: bool,
    /// Changes that nobody has saved
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

/// `restart`
#[derive(Debug, Clone, Args)]
pub struct Restart {
    /// Which
    #[command(flatten)]
    pub earlier: Earlier,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}
