//! `apply --replace`: a box in the place of another one gets what the other one ran when it was saved and verified last, after a look
//! whether it can. Passwords come from where they are kept, never from the hashes that the old box showed.
//!
//! Its SSH host key is not trusted because of this: what was known of the old box is forgotten once the new one is saved, and SSH is refused
//! until a person says which key is right.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::begin::{Basis, Beginning, absolute};
use super::change::ChangeRun;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{Source, load, load_inventory, misnamed};
use super::known_states::KnownStates;
use super::old_box::{OldBox, old_box};
use super::operator::Notice;
use super::options::RunOptions;
use super::prepare::{Choices, bare, prepare};
use super::recorded::RecordedRun;
use super::rollout::RunRollout;
use super::swap_asked::{Values, still_asked};
use super::swap_error::SwapRefused;
use super::swap_terms::{self, SwapTerms};
use super::target::Target;
use crate::connect::PasswordLogin;
use crate::dialect::model::{self, Model};
use crate::inventory::Inventory;
use crate::ix::{Config, ConfigText};
use crate::message::Text;
use crate::plan::{AskedPassword, LoginReference, Swap, Swapped, Unreferenced};
use crate::playbook::{RenderedRouter, Rollout};
use crate::record::ReplacedBox;
use crate::secret::{Source as SecretSource, SourceVault};
use crate::transaction::Desired;
use crate::transport::ssh::NewKeys;
use crate::visible;

/// Which router's box was replaced, and what is known of the new one.
#[derive(Debug, Clone)]
pub struct SwapRequest {
    /// The router.
    pub router: String,
    /// The playbook whose roles refer to the router's secrets; nothing where each password is to be asked for.
    pub playbook: Option<PathBuf>,
    /// The inventory; it names the model of the new box.
    pub inventory: PathBuf,
    /// The serial number of the new box, as typed; nothing where it is confirmed when the box is read.
    pub serial_number: Option<String>,
    /// Which interface of the old box is which of the new one, `OLD=NEW`.
    pub renamed: Vec<String>,
    /// What happens to secrets that can be neither referred to nor asked for.
    pub unreferenced: Unreferenced,
    /// What else the operator chose.
    pub options: RunOptions,
}

impl SwapRequest {
    /// What a run was asked for, as far as it has recorded that.
    pub(super) fn recorded(router: String, inventory: PathBuf, run: &RecordedRun) -> Self {
        let replaces = run.policy.as_ref().and_then(|policy| policy.replaces.as_deref()).cloned().unwrap_or_default();
        Self {
            router,
            playbook: replaces.playbook.map(PathBuf::from),
            inventory,
            serial_number: None,
            renamed: replaces.map,
            unreferenced: if replaces.without_secrets { Unreferenced::LeaveOut } else { Unreferenced::Refuse },
            options: RunOptions::default(),
        }
    }
}

/// Gives a new box the last verified state of the old one.
///
/// # Errors
/// When no state is known, the box does not fit, a secret cannot be had, or what is wrong in the input. Nothing was written then.
pub fn swap(env: &RunEnv, request: &SwapRequest) -> Result<FinishedRun, RunError> {
    change_of(env, request)?.execute(env)
}

/// The run that a request asks for, not yet begun.
///
/// # Errors
/// As [`swap`].
pub(super) fn change_of(env: &RunEnv, request: &SwapRequest) -> Result<ChangeRun, RunError> {
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    if request.options.assume_yes && request.serial_number.is_none() {
        // The box that was there before would be taken for itself.
        return Err(SwapRefused::WhichBox { router: request.router.clone() }.into());
    }
    let (inventory, rendered) = wanted_by_roles(env, request)?;
    let unknown = || RunError::from(misnamed(&inventory, &request.router));
    let (site, router) = inventory.router(&request.router).ok_or_else(unknown)?;
    let mut choices = request.options.choices(env, &inventory)?;
    let mut old = old_box(env, &choices.states, &request.router)?;
    let number = old.replaced.serial_number.clone();
    let mut terms = SwapTerms { old: number, ..SwapTerms::default() };
    terms.expect_new_box(&request.router, request.serial_number.as_deref(), &choices.declared_boxes)?;
    let model = model::find(&router.model.value).ok_or_else(unknown)?;
    let login = bare(site, router, &choices)?.connector.login();
    let boxes = Boxes { old: &old, model, login: login.as_ref() };
    let mut swapped = planned(request, &boxes, rendered.as_ref().map(|one| one.config.tree(model.dialect())))?;
    tell(env, &old, &swapped);
    let values = Values { inventory: &inventory, vault: &*choices.connect_options.vault };
    swapped.asked = still_asked(env, &request.router, &values, swapped.asked);
    choices.connect_options.vault = Arc::new(vault(env, request, &inventory, &swapped.asked));
    old.replaced.playbook = request.playbook.as_deref().map(absolute);
    old.replaced.map.clone_from(&request.renamed);
    old.replaced.without_secrets = request.unreferenced == Unreferenced::LeaveOut;
    choices.replaces = Some(Box::new(old.replaced));
    choices.set_secrets = true;
    // The new box has nothing that the office knows of.
    choices.states = KnownStates::default();
    // The old box may come back until the new one is saved: what is known of it holds until then. The new box's key needs a person's word.
    if request.options.reach.record_host_keys {
        choices.connect_options.new_keys = Some(NewKeys::default());
    }
    let target = match &rendered {
        Some(rendered) => prepare(&inventory, rendered, &choices)?,
        None => bare(site, router, &choices)?,
    };
    terms.asked = swapped.asked.iter().map(|one| one.credential.clone()).collect();
    let target = with_desired(&target, request, swapped);
    Ok(ChangeRun { swap: terms, ..change(request, &inventory, choices, target) })
}

/// The inventory, and what the roles of the playbook make of the router: their checks and terms count, and their references of its secrets.
fn wanted_by_roles(env: &RunEnv, request: &SwapRequest) -> Result<(Inventory, Option<RenderedRouter>), RunError> {
    let Some(playbook) = request.playbook.clone() else {
        return Ok((load_inventory(&*env.operator, &request.inventory)?, None));
    };
    let source = Source { playbook, inventory: request.inventory.clone(), limit: Some(request.router.clone()) };
    let loaded = load(env, &source)?;
    Ok((loaded.inventory, loaded.rendered.into_iter().find(|one| one.router == request.router)))
}

/// The old box, and what is known of the new one.
struct Boxes<'b> {
    old: &'b OldBox,
    model: &'static Model,
    login: Option<&'b PasswordLogin>,
}

/// What the new box must run.
fn planned(request: &SwapRequest, boxes: &Boxes<'_>, rendered: Option<&Config>) -> Result<Swapped, RunError> {
    let Boxes { old, model, login } = *boxes;
    let renamed = renamed(&request.renamed)?;
    let (router, old) = (request.router.as_str(), old.configuration.tree(model.dialect()));
    let login = login.map(|login| LoginReference { user: &login.user, credential: &login.credential });
    Ok(Swap { router, old, rendered, login, model, renamed: &renamed }.planned(request.unreferenced)?)
}

/// `OLD=NEW`, each once.
fn renamed(typed: &[String]) -> Result<BTreeMap<String, String>, SwapRefused> {
    let mut renamed = BTreeMap::new();
    for one in typed {
        let wrong = || SwapRefused::Map { typed: visible::line(one).into_owned() };
        let (old, new) = one.split_once('=').ok_or_else(wrong)?;
        let are_names = [old, new].iter().all(|name| model::Parts::of(name).is_some());
        if !are_names || renamed.insert(old.to_owned(), new.to_owned()).is_some() {
            return Err(wrong());
        }
    }
    Ok(renamed)
}

fn tell(env: &RunEnv, old: &OldBox, swapped: &Swapped) {
    let ReplacedBox { router, model, serial_number, run, .. } = &old.replaced;
    let whole = [model, serial_number].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
    let (router, whole) = (visible::line(router).into_owned(), visible::line(&whole).into_owned());
    env.operator.tell(&Notice::Note(&Text::new(
        format!("{router}: the new box gets what {whole} ran at the end of run {run}"),
        format!("{router}: 新しい機器に、{whole} の実行 {run} 完了時の設定を入れます"),
    )));
    if old.unverified {
        env.operator.tell(&Notice::Warning(&Text::new(
            format!("{router}: that state was saved without all of its checks proven"),
            format!("{router}: その状態は、確認が完了しないまま保存されたものです"),
        )));
    }
    if !swapped.unattested.is_empty() {
        let names = swapped.unattested.join(", ");
        env.operator.tell(&Notice::Warning(&Text::new(
            format!("{router}: no capture says whether this model has {names}"),
            format!("{router}: この機種に {names} があるかどうかは確認されていません"),
        )));
    }
}

/// The inventory's credentials, and those that a person is asked for.
fn vault(env: &RunEnv, request: &SwapRequest, inventory: &Inventory, asked: &[AskedPassword]) -> SourceVault {
    let question =
        |owner: &str| SecretSource::Prompt(Text::untranslated(visible::line(&format!("{}: {owner}", request.router))));
    let asked = asked.iter().map(|one| (one.credential.clone(), question(&one.owner)));
    SourceVault::new(inventory.sources().chain(asked), Arc::clone(&env.operator))
        .with_known(request.options.secrets.clone())
}

fn with_desired(target: &Target, request: &SwapRequest, swapped: Swapped) -> Target {
    let mut intent = (*target.intent).clone();
    intent.desired = Desired::Whole(ConfigText::new(swapped.configuration));
    // The inventory may still name the box that was there before.
    intent.device.serial_number.clone_from(&request.serial_number);
    intent.device.host_name = None;
    Target { is_box_declared: false, ..target.with(intent).at_any_time() }
}

fn change(request: &SwapRequest, inventory: &Inventory, choices: Choices, target: Target) -> ChangeRun {
    let run = choices.replaces.as_ref().map(|replaced| replaced.run.clone()).unwrap_or_default();
    ChangeRun {
        action: swap_terms::ACTION,
        inventory: request.inventory.clone(),
        basis: Basis::Run(run),
        title: None,
        limit: None,
        targets: vec![target],
        rollout: RunRollout::new(Rollout::simple(1, 1), inventory),
        saved: None,
        assume_yes: request.options.assume_yes,
        serial_number: None,
        left_out: Vec::new(),
        beginning: Beginning::New,
        undone: None,
        swap: SwapTerms::default(),
        choices,
    }
}
