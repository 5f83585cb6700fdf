//! Reading a plan file of any version. It is a stranger's until it was read: what no plan of ours says is refused.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::file::{Made, PlanFile, SCHEMA, Unplanned};
use super::hand_over::HandOverPlan;
use crate::message::Text;
use crate::playbook::Rollout;
use crate::run::input_error::InputError;
use crate::transaction::{EarlierPlan, NamedClass, PackedPlan, SavedPlan, SavedPlanError, Unpacker, of_json};
use crate::visible;

/// The form before, which keeps each router whole and has none without a plan.
pub(super) const FOURTH: &str = "ixdeploy-plan/4";
/// The form before that one, which does not say where lines come from.
pub(super) const THIRD: &str = "ixdeploy-plan/3";
/// Before that, each router's plan was kept flat.
pub(super) const SECOND: &str = "ixdeploy-plan/2";
/// The form of version 0.1.0, which does not say who made it.
pub(super) const FIRST: &str = "ixdeploy-plan/1";

/// Reads a plan file.
///
/// # Errors
/// When it is not a plan file, or of an unknown version.
pub fn read(path: &Path, bytes: &[u8]) -> Result<PlanFile, InputError> {
    parse(bytes).and_then(judged).map_err(|why| InputError::BadPlan { file: path.to_owned(), why })
}

/// The part of a file that says which form the rest has.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// A file of the forms before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Earlier<P> {
    schema: String,
    #[serde(default)]
    made: Option<Made>,
    playbook: String,
    concurrency: usize,
    max_failures: usize,
    routers: Vec<P>,
}

/// A file of the present form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Present {
    schema: String,
    made: Made,
    playbook: String,
    rollout: Rollout,
    #[serde(default)]
    hand_over: HandOverPlan,
    shared: Vec<Value>,
    classes: Vec<NamedClass>,
    routers: Vec<PackedPlan>,
    unplanned: Vec<Unplanned>,
}

/// A file of any version, its routers in the present form.
fn parse(bytes: &[u8]) -> Result<PlanFile, Text> {
    let why = |error: serde_json::Error| of_json(&error);
    let head: Head = serde_json::from_slice(bytes).map_err(why)?;
    match head.schema.as_str() {
        SCHEMA => serde_json::from_slice::<Present>(bytes).map_err(why)?.unpacked(),
        FOURTH | THIRD => {
            serde_json::from_slice::<Earlier<SavedPlan>>(bytes).map_err(why)?.with_plans(SavedPlan::checked)
        }
        SECOND | FIRST => {
            serde_json::from_slice::<Earlier<EarlierPlan>>(bytes).map_err(why)?.with_plans(EarlierPlan::for_seen_model)
        }
        other => {
            let (other, known) = (visible::line(other), [SCHEMA, FOURTH, THIRD, SECOND, FIRST].join(", "));
            Err(Text::new(
                format!("schema {other} is none of {known}"),
                format!("schema {other} は {known} のいずれでもありません"),
            ))
        }
    }
}

/// The words of a plan's error, without the router's name before them in a file of one.
fn of_plan(error: &SavedPlanError) -> Text {
    let router = visible::line(&error.router).into_owned();
    Text::new(format!("{router}: {}", error.why.en), format!("{router}: {}", error.why.ja))
}

impl<P> Earlier<P> {
    /// The same file with its plans in their present form.
    fn with_plans(self, present: impl Fn(P) -> Result<SavedPlan, SavedPlanError>) -> Result<PlanFile, Text> {
        let Self { schema, made, playbook, concurrency, max_failures, routers } = self;
        let routers: Result<Vec<SavedPlan>, _> = routers.into_iter().map(present).collect();
        let routers = routers.map_err(|error| of_plan(&error))?;
        let rollout = Rollout::simple(concurrency, max_failures);
        let (hand_over, unplanned) = (HandOverPlan::default(), Vec::new());
        Ok(PlanFile { schema, made, playbook, rollout, hand_over, routers, unplanned })
    }
}

impl Present {
    fn unpacked(self) -> Result<PlanFile, Text> {
        let Self { schema, made, playbook, rollout, hand_over, shared, classes, routers, unplanned } = self;
        let mut unpacker = Unpacker::new(shared, classes)?;
        let plan = |packed| unpacker.unpack(packed).and_then(SavedPlan::checked).map_err(|error| of_plan(&error));
        let routers: Vec<SavedPlan> = routers.into_iter().map(plan).collect::<Result<_, _>>()?;
        Ok(PlanFile { schema, made: Some(made), playbook, rollout, hand_over, routers, unplanned })
    }
}

/// Refuses a file that says what no plan of ours says, or what its form does not have.
fn judged(file: PlanFile) -> Result<PlanFile, Text> {
    // Only a masked backup is no proof of what ran.
    if !file.routers.iter().all(|entry| entry.seen.running.is_none() == entry.masked_base) {
        return Err(Text::new(
            "`seen` does not say what the router ran",
            "`seen` にルータの running の情報がありません",
        ));
    }
    if !file.rollout.is_sound() {
        return Err(Text::new("no playbook has this `rollout`", "`rollout` がプレイブックでは書けない内容です"));
    }
    let mut names = HashSet::new();
    if let Some(twice) = file.names().find(|name| !names.insert(*name)) {
        let name = visible::line(twice);
        return Err(Text::new(format!("{name} is in it twice"), format!("{name} が重複しています")));
    }
    let planned = file.routers.iter().map(|entry| entry.intent.router.as_str()).collect();
    file.hand_over.forged(&planned).map_or(Ok(()), Err)?;
    if let Some((entry, why)) = file.routers.iter().find_map(|entry| Some((entry, entry.forged()?))) {
        return Err(of_plan(&SavedPlanError { router: entry.intent.router.clone(), why }));
    }
    of_its_form(&file).map_or(Ok(()), Err)?;
    Ok(file)
}

/// What a file lacks of its form, or has of another one.
fn of_its_form(file: &PlanFile) -> Option<Text> {
    let missing = |what: &str| Some(Text::new(format!("{what} is missing"), format!("{what} がありません")));
    let foreign = |what: &str| {
        let schema = &file.schema;
        Some(Text::new(format!("{what} does not belong to {schema}"), format!("{what} は {schema} にはない項目です")))
    };
    let form = file.schema.as_str();
    let any = |has: fn(&SavedPlan) -> bool| file.routers.iter().any(has);
    if form == FIRST {
        return file.made.as_ref().and_then(|_| foreign("`made`"));
    }
    let Some(made) = &file.made else { return missing("`made`") };
    if any(|entry| entry.alternatives.is_none()) {
        return missing("`alternatives`");
    }
    if form != SCHEMA && (made.is_of_present() || any(SavedPlan::has_own_words)) {
        return foreign("`reason`, `limit`, `backups`, `title` or `own`");
    }
    match form {
        SCHEMA | FOURTH if any(|entry| entry.notes.is_none() || entry.cautions.is_none()) => {
            missing("`notes` or `cautions`")
        }
        THIRD if any(SavedPlan::has_origins) => foreign("`origins`"),
        THIRD if any(|entry| entry.notes.is_some() || entry.cautions.is_some()) => foreign("`notes` or `cautions`"),
        _ => None,
    }
}
