//! The work plan of a kept plan as data: what is prepared, looked at, agreed on, typed, checked, saved, and how it is taken back, step by
//! step in the order in which it is done. Where the record of a run is laid beside it, each step has what was answered, and when.
//!
//! Pure. It knows no page and no form: every format is made from this one model. Everything in it is masked.

mod beside;
mod build;
mod chosen;
mod class;
mod frame;
mod hand_over;
mod line;
mod once;
mod router;

use std::time::Duration;

use crate::message::Text;
use crate::playbook::Rollout;
use crate::report::work::{Contact, Moment};
use crate::run::Made;
use crate::state::Verdict;

/// The work that a plan is for.
#[derive(Debug, Clone)]
pub struct WorkPlan {
    /// The plan.
    pub plan: PlanPart,
    /// What is done once, before the first router.
    pub preparation: Vec<PlannedStep>,
    /// In which steps it goes out, and what must happen before each.
    pub rollout: Rollout,
    /// What must be given before the first line.
    pub gates: Vec<PlannedStep>,
    /// What is done to each router; of many routers, what is done to those of each class.
    pub procedures: Vec<Procedure>,
    /// Classes that are too many to be shown.
    pub more_classes: usize,
    /// Every router that was asked for, those without a plan first.
    pub routers: Vec<PlannedRouter>,
    /// What is done once, after the last router.
    pub closing: Vec<PlannedStep>,
    /// The run whose record is laid beside it.
    pub run: Option<RunBeside>,
    /// Each router has its own procedure: there are few.
    pub is_detailed: bool,
    /// What could not be read.
    pub faults: Vec<Text>,
}

/// The plan itself.
#[derive(Debug, Clone)]
pub struct PlanPart {
    /// Its file, as it was named.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Who made it, when and from what; nothing where version 0.1.0 did.
    pub made: Option<Made>,
    /// The playbook's name.
    pub playbook: String,
}

/// The run that is laid beside a plan.
#[derive(Debug, Clone)]
pub struct RunBeside {
    /// Its name.
    pub run: String,
    /// Who carried it out: the user and the machine, as far as the system said.
    pub by: String,
    /// The machine.
    pub machine: String,
    /// When it began.
    pub begun: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// SHA-256 of the plan that it rested on.
    pub plan_sha256: Option<String>,
    /// The plan here is that very plan.
    pub is_of_this_plan: bool,
    /// Its journal head.
    pub head: Option<String>,
    /// Routers of it that this plan does not have.
    pub others: Vec<String>,
}

/// What is done to a router, or to each router of a class.
#[derive(Debug, Clone)]
pub struct Procedure {
    /// For whom.
    pub of: ProcedureOf,
    /// What changes, by meaning.
    pub changes: Vec<Text>,
    /// The unified difference; of a class, that of its first router.
    pub difference: String,
    /// What must be known beside the lines.
    pub notes: Vec<Text>,
    /// The steps, by their part of the work.
    pub sections: Vec<Section>,
    /// What is done when it fails, in its order.
    pub rollback: Option<Text>,
    /// The longest that it may take, by the bounds of its exchanges.
    pub longest: Duration,
    /// What was typed and is no step here; only beside a record.
    pub extra: Vec<ExtraLine>,
    /// How it ended; likewise.
    pub end: Option<End>,
}

/// For whom a procedure is.
#[derive(Debug, Clone)]
pub enum ProcedureOf {
    /// One router.
    Router(Box<RouterFacts>),
    /// The routers of a class of change.
    Class(ClassFacts),
}

/// One router, as far as the plan knows it.
#[derive(Debug, Clone)]
pub struct RouterFacts {
    /// Its name.
    pub router: String,
    /// Its site.
    pub site: String,
    /// The clinic; only where that was asked for.
    pub contact: Option<Contact>,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its model.
    pub model: String,
    /// The serial number that it must have, or had when the plan was made.
    pub serial_number: Option<String>,
    /// Its firmware when the plan was made.
    pub firmware: Option<String>,
    /// How it is reached.
    pub reached: Text,
    /// When its site may be touched; nothing where no inventory was read.
    pub times: Option<Text>,
    /// Why its site is not to be touched.
    pub barred: Option<String>,
}

/// A class of change.
#[derive(Debug, Clone)]
pub struct ClassFacts {
    /// The beginning of its hash.
    pub name: String,
    /// Its hash; nothing where an earlier version kept the plan.
    pub hash: Option<String>,
    /// The names of its routers.
    pub routers: Vec<String>,
    /// At how many sites they are.
    pub sites: usize,
    /// The router whose lines stand for those of all where something is an example.
    pub example: String,
}

/// A part of the work, with its steps.
#[derive(Debug, Clone)]
pub struct Section {
    /// Which.
    pub part: Part,
    /// Its steps.
    pub steps: Vec<PlannedStep>,
}

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before the first router.
    Preparation,
    /// What must be given before it goes on.
    Gates,
    /// What is looked at before the first line.
    Before,
    /// The lines.
    Change,
    /// What is looked at after them.
    Checks,
    /// The save and its proof.
    Save,
    /// What is tried out from the laptop once it is saved.
    HandOver,
    /// How it is taken back.
    Rollback,
    /// After the last router.
    Closing,
}

/// A step.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// What it is.
    pub what: Text,
    /// What is typed, masked; by a person where it is a command of this program.
    pub command: Option<Text>,
    /// In how many blocks of the configuration the line is.
    pub depth: usize,
    /// What must be answered, all of it.
    pub expected: Vec<Text>,
    /// What must be known of it.
    pub remarks: Vec<Text>,
    /// By what it is found in a record.
    pub(crate) key: Key,
    /// What was done; nothing where no record is beside it, or none has it.
    pub done: Option<Done>,
}

/// By what a step is found in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// It is not recorded.
    None,
    /// A session was opened.
    Login,
    /// Config mode is ours.
    ConfigMode,
    /// Model and serial number were named; those that are expected, where one router is.
    Identity { model: Option<String>, serial_number: Option<String> },
    /// The firmware was named; the one that is expected, likewise.
    Firmware(Option<String>),
    /// The running configuration, which is kept.
    Backup,
    /// The startup configuration, read with it.
    StartupBefore,
    /// A line of the plan, by its number.
    Line(usize),
    /// A line of its undo.
    UndoLine,
    /// The reading after the last line.
    ReadAgain,
    /// A check, by its role and its name, before or after the change.
    Check { role: String, name: String, before: bool },
    /// A test from the laptop, by its role and its name.
    Test { role: String, name: String },
    /// The save.
    Save,
    /// Its proof.
    Startup,
    /// The proof that it was taken back.
    TakenBack,
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// When it was done; of a line, when it was sent, as in the record.
    pub at: Option<Moment>,
    /// When it was answered, where that is another time.
    pub finished: Option<Moment>,
    /// What was typed instead, masked.
    pub typed: Option<String>,
    /// The answer, masked; empty where there was none.
    pub answer: Option<String>,
    /// Whether it went as it must, where it can go wrong.
    pub ok: Option<bool>,
    /// What was expected and not found; of a test from the laptop what was found, and whose word that is.
    pub unmet: Option<Text>,
    /// Why it was not made, where a record says that.
    pub not_made: Option<Text>,
}

/// A line that was typed and is no step of the plan.
#[derive(Debug, Clone)]
pub struct ExtraLine {
    /// What it was.
    pub what: Text,
    /// The line, masked.
    pub line: String,
    /// What was answered, and when.
    pub done: Done,
}

/// How a router ended.
#[derive(Debug, Clone)]
pub struct End {
    /// What that means; nothing while it is being changed.
    pub verdict: Option<Verdict>,
    /// In words.
    pub words: Text,
    /// What became of the lines of its plan.
    pub lines: Text,
}

/// A router that was asked for.
#[derive(Debug, Clone)]
pub struct PlannedRouter {
    /// Its name.
    pub router: String,
    /// Its site.
    pub site: String,
    /// Its site's region; only where an inventory was named.
    pub region: Option<String>,
    /// What becomes of it.
    pub kind: RouterKind,
    /// Its class of change.
    pub class: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number, as far as the plan knows it.
    pub serial_number: Option<String>,
    /// Its firmware when the plan was made.
    pub firmware: Option<String>,
    /// Lines of its plan.
    pub lines: usize,
    /// What the placeholders of its class stand for.
    pub own: Text,
    /// Why it has no plan.
    pub why: Option<Text>,
    /// How it ended; only beside a record.
    pub end: Option<End>,
}

/// What becomes of a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouterKind {
    /// It has no plan.
    WithoutPlan,
    /// It is changed.
    Changed,
    /// It is as declared.
    AsDeclared,
}

impl RouterKind {
    /// A word for programs, and for the search of a page.
    pub fn word(self) -> &'static str {
        match self {
            Self::WithoutPlan => "no-plan",
            Self::Changed => "to-change",
            Self::AsDeclared => "as-declared",
        }
    }

    /// The same for people.
    pub fn words(self) -> Text {
        match self {
            Self::WithoutPlan => Text::new("no plan", "計画なし"),
            Self::Changed => Text::new("to be changed", "変更対象"),
            Self::AsDeclared => Text::new("as declared", "宣言どおり(変更なし)"),
        }
    }
}

impl Part {
    /// Its heading.
    pub fn words(self) -> Text {
        let (en, ja) = match self {
            Self::Preparation => ("Preparation", "事前準備"),
            Self::Gates => ("Gates", "承認・判断ポイント"),
            Self::Before => ("Displays before the change", "変更前の表示の確認"),
            Self::Change => ("Change", "変更作業"),
            Self::Checks => ("Checks after the change", "変更後の確認"),
            Self::Save => ("Save", "保存"),
            Self::HandOver => ("Hand-over: tests from the laptop", "引き渡し: PC からの試験"),
            Self::Rollback => ("Rollback", "切り戻し"),
            Self::Closing => ("After the work", "作業後"),
        };
        Text::new(en, ja)
    }
}

impl PlannedStep {
    /// A step without a command.
    pub(crate) fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self {
            what: Text::new(en, ja),
            command: None,
            depth: 0,
            expected: Vec::new(),
            remarks: Vec::new(),
            key: Key::None,
            done: None,
        }
    }

    /// The same with what is typed.
    pub(crate) fn typed(self, command: impl Into<String>) -> Self {
        Self { command: Some(Text::untranslated(command)), ..self }
    }

    /// The same with one more thing that must be answered.
    pub(crate) fn expects(mut self, en: impl Into<String>, ja: impl Into<String>) -> Self {
        self.expected.push(Text::new(en, ja));
        self
    }

    /// The same with one more remark.
    pub(crate) fn noting(mut self, en: impl Into<String>, ja: impl Into<String>) -> Self {
        self.remarks.push(Text::new(en, ja));
        self
    }

    /// The same, found in a record by this.
    pub(crate) fn found_by(self, key: Key) -> Self {
        Self { key, ..self }
    }
}
