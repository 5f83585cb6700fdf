//! What the dispatcher decides, as data: what is done next, what is held and why, and what is worth a line in the journal.

use std::time::Duration;

use crate::fleet::clock::Moment;
use crate::fleet::needs::Trait;
use crate::fleet::rules::Needed;
use crate::state::FailureClass;

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This.
    Do(Decision),
    /// Nothing, until something else happens or this instant comes.
    Wait(Option<Moment>),
}

/// What is to be done with one task, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Begin it. An answer must follow: that it ended, or was deferred.
    Begin(usize),
    /// It is not begun in this run.
    Skip(usize, Skipped),
    /// It is not begun in this run, because its group of routers is held.
    Hold(usize, Hold),
    /// It has begun before, and does not again: its end stays what it was. Those that begin with it must learn of it.
    GiveUp(usize),
    /// Repeat the checks of its router, which is done. An answer must follow.
    Inspect(usize),
    /// Its window closes: it finishes its save, or undoes where none was begun.
    Recall(usize),
}

/// Why a task is not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// The run was stopped, or drains.
    Stopped,
    /// A budget is used up.
    UsedUp,
    /// A step in which routers failed and none was changed lets nothing after it begin.
    NoEvidence,
    /// Failures gather in one cause.
    CauseGathers,
    /// None of its windows is long enough, or all are over.
    NoWindow,
}

/// Routers that are held: none of them is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What they have in common; nothing for the whole run.
    pub of: Option<Trait>,
    /// Why.
    pub why: HoldReason,
    /// The tasks on whose routers that was seen, some of them where they are many.
    pub tasks: Vec<usize>,
}

/// Why routers are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldReason {
    /// The same unexplained line appeared on several of them; masked.
    Line(String),
    /// Their password was refused by several, one after the other.
    WrongPassword,
    /// Several of them were lost.
    Lost,
    /// Failures gather among them; the code of the last cause.
    Gathered(Option<String>),
    /// A budget of theirs is used up.
    UsedUp(FailureClass),
    /// The routers' clocks and ours are so far apart.
    Clock(Duration),
}

/// Where a budget holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In the whole run.
    Run,
    /// In a step, by its place.
    Step(usize),
}

/// Something that the dispatcher decided, worth a line in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A step waits for a person's word.
    StepAwaits(usize),
    /// A step began.
    StepBegun(usize),
    /// Every router of a step has had its turn; it proves itself until this instant.
    StepBakes(usize, Moment),
    /// A step has ended, and proved itself.
    StepEnded(usize),
    /// Routers are held from now on.
    Held(Hold),
    /// A budget is used up: nothing more begins.
    UsedUp {
        /// Where it holds.
        scope: Scope,
        /// The class of the failure that used it up.
        class: FailureClass,
        /// How many it bore.
        failures: usize,
    },
    /// Routers of a step failed and none was changed: nothing after it begins.
    NoEvidence(usize),
    /// A router that is occupied, cannot be reached or was called back is tried again then, at the earliest.
    ComesBack(usize, Moment),
    /// Nothing was changed in a step: the site of this task, of a later one, takes a place in it.
    StandsIn(usize, usize),
    /// The window of this task, and of all with the same one, is open and closes too early for it.
    TooShort(usize, TooShort),
    /// Nothing is in flight, and no window is open for what is left: one opens then.
    WaitsForWindow(Moment),
}

/// A window that is open, and closes before what would begin in it may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooShort {
    /// What a site is taken to need.
    pub needed: Needed,
    /// When it closes.
    pub closes: Moment,
    /// When one opens that is long enough.
    pub opens: Moment,
}
