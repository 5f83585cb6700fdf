//! The plan for one router: from what it was read to run, or from a backup, to what is wanted.
//!
//! Opens no session; what it refuses is refused before anything is typed.

use super::draft_note::DraftNote;
use super::observed::{BackupTexts, Observed};
use super::plan_result::Planned;
use super::shut_port::{expect_lines, expect_shut};
use super::startup::is_saved;
use super::{Desired, Intent, PreconditionError, TransactionError};
use crate::connect::PasswordLogin;
use crate::ix::mask;
use crate::plan::{self, Knowledge, Lifeline, Note, Plan};
use crate::secret;

/// What separates a router, as it was read, from what is wanted: to be shown, not to be sent. Whatever the lines touch, they are
/// the difference.
///
/// # Errors
/// [`TransactionError::Plan`] when there is no way from what it has to what it should have.
pub fn drift(intent: &Intent, observed: &Observed) -> Result<Plan, TransactionError> {
    let knowledge = |owner: &str| known(intent, observed, owner);
    let mut plan = intent.plan(&observed.running, &intent.lifeline(&observed.running), &knowledge)?;
    plan.notes.extend(observed.unsaved.as_deref().map(adopted));
    Ok(plan)
}

/// The plan for a router as it was read.
///
/// # Errors
/// [`TransactionError::Plan`] when there is no way from what it has to what it should have.
pub fn draft(intent: &Intent, observed: &Observed) -> Result<Plan, TransactionError> {
    let knowledge = |owner: &str| known(intent, observed, owner);
    expect_shut(intent, &observed.running)?;
    let lifeline = intent.lifeline(&observed.running);
    let mut plan = intent.plan(&observed.running, &lifeline, &knowledge)?;
    guard_lifeline(intent, &lifeline, &plan)?;
    expect_lines(intent, &plan)?;
    super::rehearse::rehearse(&intent.router, &observed.running, &plan)?;
    if let Some(diff) = &observed.unsaved {
        plan.notes.push(adopted(diff));
    }
    plan.notes.extend(newer_than_known(intent, observed, &plan)?);
    if !plan.is_empty() {
        plan.notes.push(super::rollback_notes::note(intent, observed, &lifeline));
    }
    if enables_ssh(&plan) {
        plan.notes.push(Note::of(&DraftNote::SshHostKey));
    }
    Ok(plan)
}

/// What the plan takes away that the router did not have when it was looked at last: told where a person is asked, else refused.
fn newer_than_known(intent: &Intent, observed: &Observed, plan: &Plan) -> Result<Option<Note>, TransactionError> {
    let Some(known) = &intent.terms.known else { return Ok(None) };
    let lines = known.newer_lines(intent.dialect(), &observed.running, &plan.expected);
    let (router, day) = (intent.router.clone(), known.day.clone());
    match (lines.is_empty(), known.is_asked) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(Note::of(&DraftNote::Newer { day, lines }))),
        (false, false) => Err(TransactionError::Precondition(PreconditionError::Newer { router, day, lines })),
    }
}

fn adopted(diff: &str) -> Note {
    Note::of(&DraftNote::Adopted { diff })
}

/// The plan for a router when only a backup is at hand, with or without its startup configuration. It is bound to that backup: model and
/// serial number come from the inventory, the firmware is not known. To a masked backup nothing is bound: what it holds is no proof of
/// what runs.
///
/// # Errors
/// [`TransactionError::Plan`] (also where the backup leaves a place open), [`TransactionError::Unreadable`] where it holds no configuration, [`PreconditionError::Unsaved`] where its two
/// configurations differ: the plan could never be applied.
pub fn draft_offline(intent: &Intent, texts: BackupTexts) -> Result<Planned, TransactionError> {
    let mut observed = Observed::of_backup(intent, texts);
    let running = &observed.running;
    if running.is_empty() {
        return Err(TransactionError::Unreadable {
            router: intent.router.clone(),
            what: intent.dialect().commands().show_running,
        });
    }
    // No display of a router leaves that open; a person's file may.
    plan::without_grave_doubts(running).map_err(TransactionError::Plan)?;
    let startup = observed.startup_text.as_deref().map(|text| {
        let startup = observed.parse(text);
        plan::masked::known_parts(running, &startup).map_or(startup, |known| known.config)
    });
    let unsaved = startup.as_ref().filter(|startup| !is_saved(intent, running, startup));
    let unsaved = unsaved.map(|startup| plan::unified(startup, running, "startup", "running"));
    if let Some(diff) = unsaved.clone().filter(|_| !intent.terms.adopt) {
        return Err(TransactionError::Precondition(PreconditionError::Unsaved { router: intent.router.clone(), diff }));
    }
    let nothing_known = |_: &str| plan::Knowledge::Unknown;
    let lifeline = intent.lifeline(running);
    let mut plan = intent.plan(running, &lifeline, &nothing_known)?;
    super::rehearse::rehearse(&intent.router, running, &plan)?;
    plan.notes.extend(unsaved.as_deref().map(adopted));
    observed.unsaved = unsaved;
    Ok(Planned { observed, plan })
}

/// Refuses a plan that may cut the session it is sent over, unless the playbook allows that. A console cannot be cut. An undo of our own
/// change of the password with which we log in is proven as that change was: by a fresh login, before anything is saved.
fn guard_lifeline(intent: &Intent, lifeline: &Lifeline, plan: &Plan) -> Result<(), TransactionError> {
    if *lifeline == Lifeline::Console || intent.terms.allow_lifeline_change {
        return Ok(());
    }
    let gives_back = intent.path.gives_back.as_ref().map(|login| login.user.as_str());
    let is_proven = |line: &str| intent.administrator_of(line).is_some_and(|(user, _)| gives_back == Some(user));
    let cutting = || plan.with_headers().filter(|(command, _)| command.may_cut && !is_proven(&command.text));
    let lines: Vec<String> = cutting().map(|(_, line)| line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let router = intent.router.clone();
    let is_rendered = matches!(intent.desired, Desired::Rendered(_));
    let user = intent.path.login.as_ref().map(|login| login.user.as_str()).filter(|_| !is_rendered);
    let is_unknown = |user: &str, line: &str| intent.administrator_of(line) == Some((user, None));
    Err(TransactionError::Precondition(match user {
        Some(user) if cutting().all(|(command, _)| is_unknown(user, &command.text)) => {
            PreconditionError::OldPassword { router, user: user.to_owned() }
        }
        _ => PreconditionError::Lifeline { router, known: *lifeline != Lifeline::Unknown, is_rendered, lines },
    }))
}

/// What a login tells about a secret line: we have just come in with this user's password.
pub(crate) fn known(intent: &Intent, observed: &Observed, owner: &str) -> Knowledge {
    let Some(PasswordLogin { user, credential }) = &intent.path.login else { return Knowledge::Unknown };
    let credential = observed.credential.as_ref().unwrap_or(credential);
    if !observed.login_proven || owner != intent.dialect().words().owner_of_password(user) {
        return Knowledge::Unknown;
    }
    let wanted = intent.wanted().map(|wanted| wanted.nodes.as_slice()).unwrap_or_default();
    let declared = wanted.iter().find(|node| mask::secret_owner(&node.text).as_deref() == Some(owner));
    let proven = declared.is_some_and(|node| secret::placeholders(&node.text).any(|name| name == *credential));
    if proven { Knowledge::Same } else { Knowledge::Unknown }
}

/// Whether a plan turns the SSH server on.
pub(crate) fn enables_ssh(plan: &plan::Plan) -> bool {
    plan.commands.iter().any(|command| *command.text == *plan.expected.dialect().words().ssh_server)
}
