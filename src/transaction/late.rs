//! A router that is read, planned and changed in one session, when its turn comes: no one is asked in between.
//!
//! What is approved was decided before: the plan of a reviewed file, to which the late plan must belong, or any plan that was shown.
//! Whatever else would refuse the router refuses it here, after the reading and before the first line.

use std::cell::OnceCell;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::approved::Approved;
use super::line_seen::SeenLine;
use super::observed::Observed;
use super::outcome::hint_unfinished_run;
use super::phases::{Transaction, TransactionEnv, Unread};
use super::which_line::look_before_plan;
use super::who::{expect_host_name, read_identity};
use super::{
    BoxClaims, CauseRecord, ChangeClass, IdentityError, Intent, Outcome, PreconditionError, SavedPlan,
    TransactionError, draft, rehearse_on_mock,
};
use crate::ix::Identity;
use crate::journal::RouterRun;
use crate::plan::Plan;
use crate::record::Kind;
use crate::session::{Session, SessionError};
use crate::state::State;

/// What is done to a router that is read in the session that changes it, as data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateChange {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
    /// The reviewed plan to which the late one must belong; nothing where every plan is approved that was shown.
    pub reviewed: Option<Arc<SavedPlan>>,
}

/// A late plan, before its first line is sent.
#[derive(Clone, Copy)]
pub struct LatePlan<'a> {
    /// What is wanted of the router.
    pub intent: &'a Intent,
    /// What will be sent.
    pub plan: &'a Plan,
    /// Whether a person has reviewed it before: nothing is left to be shown.
    pub is_reviewed: bool,
}

/// Who learns of late plans.
pub trait LatePlans: Send + Sync {
    /// This is what will be sent.
    fn planned(&self, plan: LatePlan<'_>);
}

/// What a router that is read late shares with the others of its run.
#[derive(Clone, Copy)]
pub struct LateEnv<'a> {
    /// Which box is which router.
    pub boxes: &'a BoxClaims,
    /// Who is shown the plan.
    pub plans: &'a dyn LatePlans,
    /// What an earlier run left of this router to a person.
    pub left: Option<&'a RouterRun>,
}

impl LateChange {
    /// How many lines its plan has, as far as that is known before the router is read.
    pub fn lines(&self) -> usize {
        self.reviewed.as_ref().map_or(0, |reviewed| reviewed.commands.len())
    }

    /// The same for how long it may take: where no plan was reviewed, as many as are wanted in all, or as an undo could send.
    pub fn most_lines(&self) -> usize {
        let undone = self.intent.desired.changed_between().into_iter().map(|text| text.as_str().lines().count());
        self.widest().0.max(undone.sum())
    }

    /// Whether every line that may be typed was reviewed: 0.1.0 kept no other forms of removals, so what it kept is shown once more.
    fn is_reviewed(&self) -> bool {
        self.reviewed.as_ref().is_some_and(|reviewed| reviewed.alternatives.is_some())
    }

    /// The same for one use: what is made of its texts ends with it, while the run goes on.
    #[must_use]
    pub fn for_one_use(&self) -> Self {
        Self { intent: Arc::new(self.intent.unread()), reviewed: self.reviewed.clone() }
    }

    /// The firmware that its router had when the plan was reviewed; empty where that is not known.
    pub fn known_firmware(&self) -> &str {
        self.reviewed.as_ref().map_or("", |reviewed| reviewed.seen.identity.firmware())
    }

    /// The most lines that may share a window, and the longest of them in bytes, as far as that is known.
    fn widest(&self) -> (usize, usize) {
        let longest = |lines: &mut dyn Iterator<Item = &str>| lines.map(str::len).max().unwrap_or_default();
        match (&self.reviewed, self.intent.desired.text()) {
            (Some(reviewed), _) => {
                (reviewed.commands.len(), longest(&mut reviewed.commands.iter().map(String::as_str)))
            }
            (None, Some(text)) => (text.as_str().lines().count(), longest(&mut text.as_str().lines().map(str::trim))),
            (None, None) => (0, 0),
        }
    }
}

/// In what a router, or the plan made for it now, is no longer what was reviewed; nothing where the reviewed plan holds, or where
/// nothing of it is left to do: an interrupted run goes on with the others.
pub fn drift_from_review(reviewed: &SavedPlan, now: &Observed, plan: &Plan) -> Option<PreconditionError> {
    if reviewed.is_done(now, plan) {
        return None;
    }
    let what = reviewed.first_difference(now).or_else(|| (!reviewed.agrees_with(plan)).then_some("commands"))?;
    let diff = reviewed.moved_on(now, plan);
    Some(PreconditionError::Drifted { router: reviewed.intent.router.clone(), what, diff })
}

/// In what a router, or the change made for it now, is no longer the approved one: another box or firmware, another class, or other
/// values in it. What else has changed on the router leaves the change as it was approved, its undo included. A plan without a class,
/// or from a backup, approves nothing but itself.
fn drift_from_class(reviewed: &SavedPlan, intent: &Intent, now: &Observed, plan: &Plan) -> Option<PreconditionError> {
    // Of a backup no firmware is known. What is planned for it says less than what is planned for the router itself.
    let from_backup = reviewed.masked_base || reviewed.seen.identity.firmware.is_none();
    let approved = ChangeClass::of_saved(reviewed).filter(|_| !from_backup);
    let Some(approved) = approved else { return drift_from_review(reviewed, now, plan) };
    if reviewed.is_done(now, plan) {
        return None;
    }
    let what = reviewed.another_box(now).or_else(|| {
        let change = ChangeClass::of(intent, plan);
        change.difference(&approved.class.hash(), &approved.values).map(|_| "commands")
    })?;
    Some(PreconditionError::Drifted { router: intent.router.clone(), what, diff: reviewed.moved_on(now, plan) })
}

/// Reads one router, plans, and brings it to that in the same session, or undoes everything.
pub fn execute_late(change: &LateChange, late: LateEnv<'_>, env: TransactionEnv<'_>) -> Outcome {
    let (completed, nothing) = (OnceCell::new(), Approved::nothing());
    let transaction = Transaction::new(&change.intent, &nothing, env);
    super::execute::carry_out(transaction.observe_late(change, late, &completed))
}

impl<'a> Transaction<'a, Unread> {
    /// The first phase of a change whose plan is made in this session. Where the backup is not reached, how it ended.
    fn observe_late(
        mut self,
        change: &LateChange,
        late: LateEnv<'_>,
        completed: &'a OnceCell<Arc<Intent>>,
    ) -> Result<Transaction<'a>, Box<Outcome>> {
        match self.reach_late_backup(change, late, completed) {
            Ok(before) => Ok(self.backed_up(before)),
            Err(cause) => {
                let mut record = CauseRecord::of(&cause);
                late.left.into_iter().for_each(|left| hint_unfinished_run(left, &mut record));
                self.emit(Kind::Failed { cause: record, for_person: false });
                Err(self.ends_unread(&cause))
            }
        }
    }

    fn reach_late_backup(
        &mut self,
        change: &LateChange,
        late: LateEnv<'_>,
        completed: &'a OnceCell<Arc<Intent>>,
    ) -> Result<Observed, TransactionError> {
        self.check_cancelled()?;
        self.open()?;
        let (lines, length) = change.widest();
        let session = self.session()?;
        session.foresee(lines.min(session.widest_window()), length);
        let (observed, taken_over) = self.lock_and_read_late(late)?;
        self.enter(State::BackedUp)?;
        // What depends on the running configuration is known now.
        let intent = change.intent.completed(&observed.running)?;
        let intent: &'a Arc<Intent> = completed.get_or_init(|| intent);
        self.intent = intent;
        let plan = plan_late(change, intent, &observed)?;
        self.check_cancelled()?;
        let line = look_before_plan(intent, &observed.running, self.session()?)?;
        if let Some(warning) = line.as_ref().and_then(SeenLine::warning) {
            self.emit(Kind::Warned { warning });
        }
        self.env.site.into_iter().for_each(|member| {
            member.will_take(intent.bounds.forward(plan.commands.len(), intent.looks()));
        });
        late.plans.planned(LatePlan { intent, plan: &plan, is_reviewed: change.is_reviewed() });
        let (seen, intent) = (observed.fingerprint(), Arc::clone(intent));
        let shown = Some(Arc::new(SavedPlan::of(intent, seen.clone(), &plan)));
        self.approved = Approved { plan, seen: Some(seen), shown };
        self.intend()?;
        self.keep_backup(&observed, taken_over)?;
        Ok(observed)
    }

    /// Takes config mode and reads, unless the box is another than the one meant, or another router of this run already.
    fn lock_and_read_late(&mut self, late: LateEnv<'_>) -> Result<(Observed, bool), TransactionError> {
        let intent = self.intent;
        let meets = |session: &Session, seen: &Identity| {
            expect_host_name(intent, session, seen)?;
            claim(intent, late.boxes, seen)
        };
        let read = self.lock_and_read(meets);
        if matches!(read, Err(TransactionError::Session(SessionError::Occupied { .. }))) {
            // The holder may be this very run, which has met the box under another name.
            let sink = self.env.recorder;
            let seen = read_identity(intent, self.session()?, sink)?;
            claim(intent, late.boxes, &seen.identity)?;
        }
        read
    }
}

/// The plan for the router as it was just read, rehearsed, and of what was reviewed.
fn plan_late(change: &LateChange, intent: &Intent, observed: &Observed) -> Result<Plan, TransactionError> {
    let plan = draft(intent, observed)?;
    rehearse_on_mock(intent, &observed.running_text, &plan)?;
    match change.reviewed.as_deref().and_then(|reviewed| drift_from_class(reviewed, intent, observed, &plan)) {
        Some(drifted) => Err(TransactionError::Precondition(drifted)),
        None => Ok(plan),
    }
}

/// Under one name alone.
fn claim(intent: &Intent, boxes: &BoxClaims, seen: &Identity) -> Result<(), TransactionError> {
    let Some(serial_number) = &seen.serial_number else { return Ok(()) };
    boxes.claim(serial_number, &intent.router).map_err(|other| {
        let (router, serial_number) = (intent.router.clone(), serial_number.clone());
        TransactionError::Identity(IdentityError::SameBox { router, other, serial_number })
    })
}
