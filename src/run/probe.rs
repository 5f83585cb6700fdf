//! `probe`: which line is at a box whose ports are shut? The lines of the playbook's probe are entered for a look, and taken back.
//!
//! It is a change like any other up to its end: shown, asked about, journalled, undone. It is never saved.

use std::sync::Arc;

use super::begin::Basis;
use super::change::ChangeRun;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{Loaded, Source, load};
use super::options::RunOptions;
use super::probe_error::ProbeRefused;
use super::rollout::RunRollout;
use super::swap_terms::SwapTerms;
use super::target::Target;
use crate::dialect::model;
use crate::ix::access_line::LineWish;
use crate::playbook::{OnLoss, RenderedRouter, Rollout};

/// What the journal calls such a run.
pub(super) const ACTION: &str = "probe";

/// At which router the line is looked at.
#[derive(Debug, Clone)]
pub struct ProbeRequest {
    /// The playbook that declares the probe, the inventory, and the one router.
    pub source: Source,
    /// The serial number of the router on the console, as typed.
    pub serial_number: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Enters a playbook's probe into one router, looks at its line, and takes everything back.
///
/// # Errors
/// What is wrong in the input, or a question with no one to answer it. Nothing was written then.
pub fn probe(env: &RunEnv, request: &ProbeRequest) -> Result<FinishedRun, RunError> {
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let main = load(env, &request.source)?;
    let [one] = main.rendered.as_slice() else {
        return Err(ProbeRefused::OneRouter { routers: main.rendered.len() }.into());
    };
    let wish = wish_of(&main, one).ok_or_else(|| ProbeRefused::NothingAsked { router: one.router.clone() })?;
    let playbook = main.playbook.probe_beside(&request.source.playbook);
    let playbook = playbook.ok_or_else(|| ProbeRefused::None { playbook: request.source.playbook.clone() })?;
    let source = Source { playbook, inventory: request.source.inventory.clone(), limit: Some(one.router.clone()) };
    change(env, request, &source, &wish)?.execute(env)
}

/// What the roles ask of the line.
fn wish_of(main: &Loaded, one: &RenderedRouter) -> Option<LineWish> {
    let (_, router) = main.inventory.router(&one.router)?;
    LineWish::of(one.config.tree(model::dialect_of(&router.model.value)))
}

fn change(env: &RunEnv, request: &ProbeRequest, source: &Source, wish: &LineWish) -> Result<ChangeRun, RunError> {
    let loaded = load(env, source)?;
    let choices = request.options.choices(env, &loaded.inventory)?;
    let targets = loaded.targets(&choices)?.into_iter().map(|target| probing(&target, wish));
    Ok(ChangeRun {
        action: ACTION,
        title: loaded.playbook.title(),
        inventory: source.inventory.clone(),
        basis: Basis::File(source.playbook.clone()),
        limit: source.limit.clone(),
        targets: targets.collect::<Result<_, _>>()?,
        choices,
        rollout: RunRollout::new(Rollout::simple(1, 1), &loaded.inventory),
        saved: None,
        assume_yes: request.options.assume_yes,
        serial_number: request.serial_number.clone(),
        left_out: Vec::new(),
        beginning: request.options.beginning(),
        undone: None,
        swap: SwapTerms::default(),
    })
}

/// A router that the probe's lines are entered into. A shut port is in no one's way, so no window is waited for.
fn probing(target: &Target, wish: &LineWish) -> Result<Target, ProbeRefused> {
    let mut intent = (*target.intent).clone();
    if intent.wanted().and_then(LineWish::of).is_none_or(|opened| opened.interface != wish.interface) {
        let (router, interface) = (intent.router.clone(), wish.interface.clone());
        return Err(ProbeRefused::OtherLine { router, interface });
    }
    intent.terms.probe = Some(wish.clone());
    intent.terms.lost = OnLoss::Undo;
    Ok(Target { intent: Arc::new(intent), ..target.clone().at_any_time() })
}
