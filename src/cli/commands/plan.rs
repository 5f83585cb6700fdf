//! `plan`: the dry run. What would change, as exact commands with their inverse; from routers, or from a backup with no device.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::{Input, Planning, Reach, Rehearsal};
use crate::cli::clear_text;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{self, Loaded};
use crate::cli::offline::{self, BaseRecord};
use crate::cli::operator;
use crate::cli::plan_file::{self, Made, PlanFile};
use crate::cli::recover;
use crate::cli::subcommand::{Group, Subcommand};
use crate::fleet::{self, Choices, Read, ReadTask, Reading, Seen, Target};
use crate::ix::Config;
use crate::message::{Lang, Text};
use crate::plan::Plan;
use crate::record::{Kind, Sink};
use crate::report;
use crate::state::State;
use crate::transaction::{CauseRecord, Fingerprint, GuessedLine, Intent, Purpose, SavedPlan, masked};
use crate::visible;

/// Show what would change, as exact commands; nothing is written (dry run)
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

impl Subcommand for PlanArgs {
    const NAME: &'static str = "plan";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "変更内容を実際のコマンドで表示します。書き込みはしません(ドライラン)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("output", "計画を保存します。あとでそのまま適用できます"),
        (
            "from_backup",
            "機器に接続せずバックアップから計画します: 本ツールや RANCID、Oxidized などのフォルダ、またはファイル",
        ),
        ("undo", "取り消しコマンドも表示します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -l 'sato-*,!sato-r2'",
        "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -o plan.json",
        "ixdeploy plan playbooks/add-domain.yaml -i clinic.yaml --from-backup ~/ix-backup",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Plans and shows.
///
/// # Errors
/// What is wrong in the input, or a file that cannot be read or written.
fn run(context: &Context, args: &PlanArgs) -> Result<Exit, Vec<Failure>> {
    let loaded = input::load(context, &args.input)?;
    let choices = Choices {
        rehearse_on_mock: args.rehearsal.on_mock(),
        adopt: args.planning.unsaved.adopt,
        set_secrets: args.planning.set_secrets,
        ..input::choices(context, &loaded.inventory, &args.reach)
    };
    let targets = loaded.targets(&choices)?;
    if args.from_backup.is_none() {
        clear_text::warn(context, loaded.routers());
    }
    let planned = match &args.from_backup {
        Some(path) => offline::plan(context, &loaded.inventory, &targets, path)?,
        None => {
            let (targets, unknown) = exclude_unfinished(context, targets)?;
            let mut planned = from_routers(context, &loaded, &targets, "plan");
            hint_unfinished_run(context, &mut planned)?;
            planned.extend(unknown);
            planned
        }
    };
    show(context, &planned, args.undo);
    show_ways_back(context, &planned);
    show_terms(context, &planned);
    count(context, &planned, None);
    let exit = exit(&planned);
    let mut body = json!({ "routers": planned.iter().map(document).collect::<Vec<_>>() });
    if let Some(path) = &args.output {
        let made = Made::here(&args.input.playbook, &args.input.routers.inventory);
        let sha256 = keep(context, (&loaded, made), &planned, path)?;
        if let Some(fields) = body.as_object_mut() {
            fields.insert("plan_sha256".into(), sha256.into());
        }
    }
    context.document("plan", exit, &body);
    Ok(exit)
}

/// A router that an earlier run left unknown is not planned for: that run is settled first, which may write.
///
/// # Errors
/// When the journal cannot be read.
pub fn exclude_unfinished(
    context: &Context,
    targets: Vec<Target>,
) -> Result<(Vec<Target>, Vec<Planned>), Vec<Failure>> {
    let unfinished = recover::unfinished(context, &targets)?;
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for target in targets {
        match unfinished.iter().find(|(open, _)| open.intent.router == target.intent.router) {
            Some((_, part)) => {
                let result = Err((State::Lost, operator::open_cause(&journal, part)?));
                unknown.push(Planned { intent: Arc::clone(&target.intent), read: None, base: None, result });
            }
            None => known.push(target),
        }
    }
    Ok((known, unknown))
}

/// What is said of routers that cannot be planned for, minding what earlier runs left of them.
///
/// # Errors
/// When the journal cannot be read.
pub fn hint_unfinished_run(context: &Context, planned: &mut [Planned]) -> Result<(), Vec<Failure>> {
    if planned.iter().all(|one| one.result.is_ok()) {
        return Ok(());
    }
    let open = recover::open_parts(context)?;
    for one in planned {
        if let Err((_, cause)) = &mut one.result {
            recover::hint_unfinished_run(&open, &one.intent.router, cause);
        }
    }
    Ok(())
}

/// One router and its plan, or why there is none.
pub struct Planned {
    /// The router.
    pub intent: Arc<Intent>,
    /// What it runs and would start with, where the plan may be kept.
    pub read: Option<(Config, Option<Config>)>,
    /// The backup that it was read from; nothing where it was the router itself.
    pub base: Option<BaseRecord>,
    /// What was seen, and the plan.
    pub result: Result<(Fingerprint, Plan), (State, CauseRecord)>,
}

impl From<Seen> for Planned {
    fn from(seen: Seen) -> Self {
        let read = seen.result.as_ref().ok().map(|(observed, _)| {
            let startup = observed.startup_text.as_deref().map(Config::parse);
            (observed.running.clone(), startup)
        });
        Self {
            intent: seen.intent,
            read,
            base: None,
            result: seen.result.map(|(observed, plan)| (observed.fingerprint(), plan)),
        }
    }
}

/// Reads the routers and plans.
pub fn from_routers(context: &Context, loaded: &Loaded, targets: &[Target], action: &'static str) -> Vec<Planned> {
    context.readers().emit(Kind::RunStarted {
        action: action.to_owned(),
        routers: targets.len(),
        sites: loaded.sites(),
    });
    // Reading changes nothing, so one router that cannot be read is no reason not to look at the others.
    let limits = fleet::Limits { max_failures: usize::MAX, ..loaded.limits() };
    let look = |target: &Target| target.task(Read { purpose: Purpose::Look });
    let tasks: Vec<ReadTask> = targets.iter().map(look).collect();
    let seen = fleet::run(Reading(context.executor_env(targets)), &tasks, limits, &context.cancel);
    seen.into_iter().map(Planned::from).collect()
}

/// Shows plans for people: identical ones once, then what could not be planned.
pub fn show(context: &Context, planned: &[Planned], undo: bool) {
    let plans =
        planned.iter().filter_map(|one| one.result.as_ref().ok().map(|(_, plan)| (one.intent.router.as_str(), plan)));
    for group in report::group(plans) {
        context.say(&report::show(&group, context.lang, undo));
        context.say("\n");
    }
    let failed = planned.iter().filter_map(|one| one.result.as_ref().err().map(|why| (&one.intent.router, why)));
    for (router, (state, cause)) in failed {
        context.say(&format!("{}\n", failed_line(context.lang, router, *state, cause)));
    }
}

/// What happens when a plan fails, before anything is sent: once for the routers it holds for.
pub fn show_ways_back(context: &Context, planned: &[Planned]) {
    let plans =
        planned.iter().filter_map(|one| one.result.as_ref().ok().map(|(_, plan)| (one.intent.router.as_str(), plan)));
    context.say(&report::ways_back(plans, context.lang));
}

/// Under which terms the routers that change are changed: once for those that share them.
pub fn show_terms(context: &Context, planned: &[Planned]) {
    let changing = planned.iter().filter(|one| one.result.as_ref().is_ok_and(|(_, plan)| !plan.is_empty()));
    let terms = changing.map(|one| (one.intent.router.as_str(), &one.intent.terms));
    context.say(&report::terms(terms, context.lang));
}

/// How many routers are as declared, for people; `failed` of them do not do what they should.
pub fn count(context: &Context, planned: &[Planned], failed: Option<usize>) {
    let changing = planned.iter().filter(|one| one.result.as_ref().is_ok_and(|(_, plan)| !plan.is_empty())).count();
    let unread = planned.iter().filter(|one| one.result.is_err()).count();
    let same = planned.len() - changing - unread - failed.unwrap_or_default();
    context.say(&match (context.lang, failed) {
        (Lang::En, None) => format!("{changing} router(s) to change, {same} as declared, {unread} without a plan\n"),
        (Lang::Ja, None) => format!("変更あり {changing} 台、宣言どおり {same} 台、計画不可 {unread} 台\n"),
        (Lang::En, Some(failed)) => format!(
            "{changing} router(s) to change, {failed} as declared with a failed check, {same} as declared, {unread} without a plan\n"
        ),
        (Lang::Ja, Some(failed)) => format!(
            "変更あり {changing} 台、宣言どおりだが確認 NG {failed} 台、宣言どおり {same} 台、計画不可 {unread} 台\n"
        ),
    });
}

/// One router without a plan or with a failed run, for people.
pub fn failed_line(lang: Lang, router: &str, state: State, cause: &CauseRecord) -> String {
    let mut out = format!(
        "{}\n  [{}] {}\n",
        report::Style::Bad.on(&format!("{router}: {}", report::state_words(state, lang))),
        cause.code,
        visible::hanging(cause.text.get(lang).trim_end(), 4)
    );
    for hint in &cause.hints {
        out.push_str(&format!("  {} {}\n", lang.pick("hint:", "対処:"), visible::hanging(hint.get(lang), 4)));
    }
    out
}

fn exit(planned: &[Planned]) -> Exit {
    planned
        .iter()
        .map(|one| match &one.result {
            Ok((_, plan)) if plan.is_empty() => Exit::Done,
            Ok(_) => Exit::Differs,
            Err((state, _)) => Exit::from(state.verdict()),
        })
        .max()
        .unwrap_or_default()
}

/// Writes the plan file and says its hash, which names what is reviewed from now on.
fn keep(
    context: &Context,
    (loaded, made): (&Loaded, Made),
    planned: &[Planned],
    path: &Path,
) -> Result<String, Vec<Failure>> {
    let mut routers = Vec::new();
    for one in planned {
        if let Ok((seen, plan)) = &one.result {
            let kept = SavedPlan::of(&one.intent, seen.clone(), plan);
            let kept = match &one.read {
                Some((running, startup)) => kept.with_texts(running, startup.as_ref()),
                None => kept,
            };
            routers.push(kept.from_masked(one.base.as_ref().is_some_and(|base| base.masked)));
        }
    }
    let clear: usize = routers.iter().map(SavedPlan::plain_secrets).sum();
    if clear > 0 {
        context.warn(&Text::new(
            format!(
                "{clear} rendered line(s) may hold a secret in plain text, and the plan file keeps them so: use credentials, or keep the file to yourself"
            ),
            format!(
                "平文の秘密情報を含む可能性のある行が {clear} 行あり、計画ファイルにもそのまま残ります。credential を使うか、ファイルを共有しないでください"
            ),
        ));
    }
    let limits = loaded.limits();
    let limits = (limits.concurrency, limits.max_failures);
    let file = PlanFile::new(made, &loaded.playbook.name, limits, routers);
    let sha256 = plan_file::write(path, &file).map_err(|failure| vec![failure])?;
    context.note(&match context.lang {
        Lang::En => format!("plan kept in {}, SHA-256 {sha256}", path.display()),
        Lang::Ja => format!("計画を {} に保存しました。SHA-256 {sha256}", path.display()),
    });
    let masked = planned.iter().filter(|one| one.base.as_ref().is_some_and(|base| base.masked)).count();
    if masked > 0 {
        context.warn(&Text::new(
            format!("{masked} of its routers were planned from masked backups: `apply` reads and plans them anew first, and goes on only where all that can be compared is the same"),
            format!("このうち {masked} 台はマスク済みのバックアップによる計画です。apply は先にルータを読み出して計画し直し、比較できる内容がすべて同じ場合だけ続行します"),
        ));
    }
    Ok(sha256)
}

/// One router in the JSON document.
pub fn document(one: &Planned) -> Value {
    let mut value = json!({ "router": one.intent.router, "site": one.intent.site });
    let Some(fields) = value.as_object_mut() else { return value };
    if let Some(base) = &one.base {
        fields.insert("backup".into(), json!(base));
    }
    match &one.result {
        Ok((seen, plan)) => {
            fields.insert("state".into(), State::Planned.word().into());
            fields.insert("seen".into(), json!(seen));
            fields.insert("changes".into(), json!(plan.changes.iter().map(|change| &change.text).collect::<Vec<_>>()));
            fields.insert("diff".into(), plan.diff().into());
            fields.insert("commands".into(), json!(masked(&plan.commands)));
            fields.insert("undo".into(), json!(masked(&plan.undo(plan.commands.len()))));
            fields.insert("guesses".into(), json!(GuessedLine::of(plan)));
            fields.insert("terms".into(), json!(one.intent.terms));
            fields.insert("alternatives".into(), json!(plan.alternatives()));
            fields.insert("notes".into(), json!(plan.notes));
        }
        Err((state, cause)) => {
            fields.insert("state".into(), state.word().into());
            fields.insert("causes".into(), json!([cause]));
        }
    }
    value
}
