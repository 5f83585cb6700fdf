//! The plan of one router as a file of many keeps it: what is its own, and places of what it shares with others.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::SavedPlanError;
use super::plan::SavedPlan;
use super::shared::{Places, Shared, Sharing};
use crate::ix::ConfigText;
use crate::ix::origins::{OriginParts, Origins};
use crate::message::Text;
use crate::transaction::{
    AccessPath, BoundChange, Bounds, ChangeClass, ClassHash, ClassNamer, Desired, ExpectedDevice, Fingerprint, Intent,
    Terms, Withheld,
};

/// The plan of one router in a file of many.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedPlan {
    router: String,
    site: String,
    /// Its class, by its place among the file's.
    class: usize,
    /// What the placeholders of its class stand for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
    intent: PackedIntent,
    seen: Fingerprint,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    running: Option<Places>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    startup: Option<Places>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    masked_base: bool,
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    cannot_compare: Places,
    commands: Places,
    undo: Places,
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    facts: Places,
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    alternatives: Places,
    changes: Places,
    diff: Places,
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    guesses: Places,
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    origins: Places,
    notes: Places,
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    cautions: Places,
}

/// What is wanted of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedIntent {
    roles: Places,
    device: u32,
    desired: PackedDesired,
    terms: u32,
    path: u32,
    bounds: u32,
    rehearse_on_mock: bool,
}

/// What it should run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PackedDesired {
    /// What it runs already.
    Unchanged,
    /// What its roles render, and where that comes from.
    Rendered {
        text: Places,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origins: Option<PackedOrigins>,
    },
    /// A whole configuration, masked.
    Whole(Places),
    /// The run that is undone.
    Reverted(u32),
}

/// Where the lines come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedOrigins {
    files: Places,
    lines: Places,
    /// The rest, which is the same for all routers with the same roles.
    roles: u32,
}

/// A class of a file, with its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedClass {
    /// Its name.
    pub hash: ClassHash,
    /// What it is.
    pub class: ChangeClass,
}

/// Writes plans in the form in which a file of many keeps them.
#[derive(Debug, Default)]
pub struct Packer {
    sharing: Sharing,
    namer: ClassNamer,
    classes: Vec<NamedClass>,
    by_hash: HashMap<ClassHash, usize>,
}

impl Packer {
    /// One router's plan, which must hold what a reviewer should know.
    ///
    /// # Errors
    /// When it holds something that cannot be written.
    pub fn pack(&mut self, plan: &SavedPlan) -> serde_json::Result<PackedPlan> {
        let incomplete = || serde::ser::Error::custom("a plan without its notes");
        let BoundChange { class, values } = ChangeClass::of_saved(plan).ok_or_else(incomplete)?;
        let class = self.class(class);
        let sharing = &mut self.sharing;
        let intent = &*plan.intent;
        let mut text = |text: &Option<String>| text.as_deref().map(|text| sharing.text(text)).transpose();
        let (running, startup) = (text(&plan.running)?, text(&plan.startup)?);
        Ok(PackedPlan {
            router: intent.router.clone(),
            site: intent.site.clone(),
            class,
            values,
            intent: packed(intent, sharing)?,
            seen: plan.seen.clone(),
            running,
            startup,
            masked_base: plan.masked_base,
            cannot_compare: sharing.list(&plan.cannot_compare)?,
            commands: sharing.list(&plan.commands)?,
            undo: sharing.list(&plan.undo)?,
            facts: sharing.list(&plan.facts)?,
            alternatives: sharing.list(plan.alternatives.iter().flatten())?,
            changes: sharing.list(&plan.changes)?,
            diff: sharing.text(&plan.diff)?,
            guesses: sharing.list(&plan.guesses)?,
            origins: sharing.list(&plan.origins)?,
            notes: sharing.list(plan.notes.iter().flatten())?,
            cautions: sharing.list(plan.cautions.iter().flatten())?,
        })
    }

    fn class(&mut self, class: ChangeClass) -> usize {
        let hash = self.namer.hash(&class);
        *self.by_hash.entry(hash.clone()).or_insert_with(|| {
            self.classes.push(NamedClass { hash, class });
            self.classes.len() - 1
        })
    }

    /// What the plans share, each thing as JSON.
    pub fn shared(&self) -> &[Arc<str>] {
        self.sharing.things()
    }

    /// Their classes.
    pub fn classes(&self) -> &[NamedClass] {
        &self.classes
    }
}

fn packed(intent: &Intent, sharing: &mut Sharing) -> serde_json::Result<PackedIntent> {
    Ok(PackedIntent {
        roles: sharing.list(&intent.roles)?,
        device: sharing.one(&intent.device)?,
        desired: match &intent.desired {
            Desired::Unchanged => PackedDesired::Unchanged,
            Desired::Rendered(text) => PackedDesired::Rendered {
                text: sharing.text(text.as_str())?,
                origins: text.origins().map(|origins| packed_origins(origins, sharing)).transpose()?,
            },
            Desired::Reverted { run, .. } | Desired::Withheld(Withheld::Reverted(run)) => {
                PackedDesired::Reverted(sharing.one(run)?)
            }
            desired => PackedDesired::Whole(sharing.text(&desired.shown())?),
        },
        terms: sharing.one(&intent.terms)?,
        path: sharing.one(&intent.path)?,
        bounds: sharing.one(&intent.bounds)?,
        rehearse_on_mock: intent.rehearse_on_mock,
    })
}

fn packed_origins(origins: &Origins, sharing: &mut Sharing) -> serde_json::Result<PackedOrigins> {
    let OriginParts { files, lines, roles } = origins.into();
    Ok(PackedOrigins { files: sharing.list(&files)?, lines: sharing.list(&lines)?, roles: sharing.one(&roles)? })
}

/// Reads plans out of the form in which a file of many keeps them. What several routers have in common is understood once.
#[derive(Debug)]
pub struct Unpacker {
    shared: Shared,
    classes: Vec<NamedClass>,
    devices: HashMap<u32, ExpectedDevice>,
    terms: HashMap<u32, Terms>,
    paths: HashMap<u32, AccessPath>,
    bounds: HashMap<u32, Bounds>,
}

impl Unpacker {
    /// Of a file that has these things and classes.
    ///
    /// # Errors
    /// What a class is called by a hash that is not its own.
    pub fn new(shared: Vec<serde_json::Value>, classes: Vec<NamedClass>) -> Result<Self, Text> {
        if let Some(forged) = classes.iter().find(|one| one.class.hash() != one.hash) {
            return Err(Text::new(
                format!("class {} is not what its hash names", forged.hash.short()),
                format!("クラス {} の内容がハッシュと一致しません", forged.hash.short()),
            ));
        }
        let none = (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
        let (devices, terms, paths, bounds) = none;
        Ok(Self { shared: Shared::new(shared), classes, devices, terms, paths, bounds })
    }

    /// One router's plan.
    ///
    /// # Errors
    /// [`SavedPlanError`] where a place is none, or its class is not that of its lines.
    pub fn unpack(&mut self, packed: PackedPlan) -> Result<SavedPlan, SavedPlanError> {
        let router = packed.router.clone();
        self.plan(packed).map_err(|why| SavedPlanError { router, why })
    }

    fn plan(&mut self, packed: PackedPlan) -> Result<SavedPlan, Text> {
        let intent = self.intent(&packed)?;
        let shared = &mut self.shared;
        let mut text = |places: &Option<Places>| places.as_ref().map(|places| shared.text(places)).transpose();
        let (running, startup) = (text(&packed.running)?, text(&packed.startup)?);
        let plan = SavedPlan {
            intent: Arc::new(intent),
            seen: packed.seen,
            running,
            startup,
            masked_base: packed.masked_base,
            cannot_compare: shared.list(&packed.cannot_compare)?,
            commands: shared.list(&packed.commands)?,
            undo: shared.list(&packed.undo)?,
            facts: shared.list(&packed.facts)?,
            alternatives: Some(shared.list(&packed.alternatives)?),
            changes: shared.list(&packed.changes)?,
            diff: shared.text(&packed.diff)?,
            guesses: shared.list(&packed.guesses)?,
            origins: shared.list(&packed.origins)?,
            notes: Some(shared.list(&packed.notes)?),
            cautions: Some(shared.list(&packed.cautions)?),
        };
        let named = self.classes.get(packed.class);
        let is_its_own = ChangeClass::of_saved(&plan)
            .is_some_and(|own| named.is_some_and(|named| named.class == own.class) && own.values == packed.values);
        is_its_own
            .then_some(plan)
            .ok_or_else(|| Text::new("its class is not that of its lines", "クラスがコマンドの内容と一致しません"))
    }

    fn intent(&mut self, packed: &PackedPlan) -> Result<Intent, Text> {
        let PackedIntent { roles, device, desired, terms, path, bounds, rehearse_on_mock } = &packed.intent;
        let shared = &mut self.shared;
        let desired = match desired {
            PackedDesired::Unchanged => Desired::Unchanged,
            PackedDesired::Rendered { text, origins } => {
                let text = shared.text(text)?;
                Desired::Rendered(match origins {
                    Some(packed) => ConfigText::rendered(text, origins_of(packed, shared)?),
                    None => ConfigText::new(text),
                })
            }
            PackedDesired::Whole(text) => Desired::Withheld(Withheld::Whole(shared.text(text)?)),
            PackedDesired::Reverted(run) => Desired::Withheld(Withheld::Reverted(shared.one(*run)?)),
        };
        Ok(Intent {
            router: packed.router.clone(),
            site: packed.site.clone(),
            roles: shared.list(roles)?,
            device: once(&mut self.devices, *device, shared)?,
            desired,
            terms: once(&mut self.terms, *terms, shared)?,
            path: once(&mut self.paths, *path, shared)?,
            bounds: once(&mut self.bounds, *bounds, shared)?,
            rehearse_on_mock: *rehearse_on_mock,
        })
    }
}

fn origins_of(packed: &PackedOrigins, shared: &mut Shared) -> Result<Origins, Text> {
    let PackedOrigins { files, lines, roles } = packed;
    let parts = OriginParts { files: shared.list(files)?, lines: shared.list(lines)?, roles: shared.one(*roles)? };
    Origins::try_from(parts).map_err(|error| super::shared::of_json(&serde::de::Error::custom(error)))
}

/// A thing of the table that is understood once.
fn once<T: Clone + serde::de::DeserializeOwned>(
    known: &mut HashMap<u32, T>,
    place: u32,
    shared: &mut Shared,
) -> Result<T, Text> {
    if let Some(thing) = known.get(&place) {
        shared.charge(place)?;
        return Ok(thing.clone());
    }
    let thing: T = shared.one(place)?;
    known.insert(place, thing.clone());
    Ok(thing)
}
