//! The work plan of a kept plan, or of one site of it.

use std::collections::{BTreeMap, HashMap};

use super::{
    ClassFacts, PlanPart, PlannedRouter, PlannedStep, Procedure, ProcedureOf, RouterKind, WorkPlan, class, router,
};
use crate::message::{Lang, Text};
use crate::report::class_text::own_values_words;
use crate::run::{PlannedWork, Unplanned};
use crate::transaction::{ClassGroup, ClassGroups, SavedPlan};

/// More classes than these are named with their routers, and not shown.
const CLASSES: usize = 40;

/// The routers that a work plan is for.
#[derive(Debug, Clone, Default)]
struct Chosen<'p> {
    plans: Vec<&'p SavedPlan>,
    unplanned: Vec<&'p Unplanned>,
}

impl WorkPlan {
    /// Of all routers.
    pub fn of(work: &PlannedWork) -> Self {
        let file = &work.plan.file;
        Self::of_some(
            work,
            &Chosen { plans: file.routers.iter().collect(), unplanned: file.unplanned.iter().collect() },
        )
    }

    /// Of each site by itself, by its name.
    pub fn by_site(work: &PlannedWork) -> impl Iterator<Item = (&str, Self)> {
        let mut sites: BTreeMap<&str, Chosen<'_>> = BTreeMap::new();
        for plan in &work.plan.file.routers {
            sites.entry(&plan.intent.site).or_default().plans.push(plan);
        }
        for one in &work.plan.file.unplanned {
            sites.entry(&one.site).or_default().unplanned.push(one);
        }
        sites.into_iter().map(move |(site, chosen)| (site, Self::of_some(work, &chosen)))
    }

    fn of_some(work: &PlannedWork, chosen: &Chosen<'_>) -> Self {
        let groups = ClassGroups::of(chosen.plans.iter().copied());
        let is_detailed = PlannedWork::is_few(chosen.plans.len() + chosen.unplanned.len());
        let procedures = if is_detailed { each(work, chosen) } else { of_classes(&groups) };
        let more_classes = if is_detailed { 0 } else { groups.changing.len().saturating_sub(CLASSES) };
        let file = &work.plan.file;
        Self {
            plan: PlanPart {
                file: work.plan.path.display().to_string(),
                sha256: work.plan.sha256.clone(),
                made: file.made.clone(),
                playbook: file.playbook.clone(),
            },
            preparation: preparation(work),
            rollout: file.rollout.clone(),
            gates: gates(work),
            procedures,
            more_classes,
            routers: routers(work, chosen, &groups),
            closing: closing(work),
            run: None,
            is_detailed,
            faults: work.faults.clone(),
        }
    }
}

impl WorkPlan {
    /// Where the procedures are of the classes that are too many to be shown.
    pub fn more_words(&self) -> Text {
        let more = self.more_classes;
        Text::new(
            format!("{more} more class(es) are on the pages of their sites (--pages, -l SITE)."),
            format!("ほか {more} クラスの手順は、拠点ごとのページ(--pages、-l 拠点名)に記載します。"),
        )
    }
}

fn each(work: &PlannedWork, chosen: &Chosen<'_>) -> Vec<Procedure> {
    let changed = chosen.plans.iter().filter(|plan| !plan.commands.is_empty());
    changed.map(|plan| router::procedure(plan, work.sites.get(&plan.intent.site))).collect()
}

fn of_classes(groups: &ClassGroups<'_>) -> Vec<Procedure> {
    groups.changing.iter().take(CLASSES).filter_map(class::procedure).collect()
}

/// Every router, those without a plan first, the others in the plan's order.
fn routers(work: &PlannedWork, chosen: &Chosen<'_>, groups: &ClassGroups<'_>) -> Vec<PlannedRouter> {
    let mut of_class: HashMap<&str, (&ClassGroup<'_>, usize)> = HashMap::new();
    for group in &groups.changing {
        of_class.extend(group.routers().into_iter().enumerate().map(|(place, router)| (router, (group, place))));
    }
    let region = |site: &str| work.sites.get(site)?.region.clone();
    let without = chosen.unplanned.iter().map(|one| PlannedRouter {
        router: one.router.clone(),
        site: one.site.clone(),
        region: region(&one.site),
        kind: RouterKind::WithoutPlan,
        class: None,
        model: None,
        serial_number: None,
        firmware: None,
        lines: 0,
        own: Text::default(),
        why: Some(one.cause.text.clone()),
        end: None,
    });
    let planned = chosen.plans.iter().map(|plan| {
        let intent = &plan.intent;
        let seen = &plan.seen.identity;
        let found = of_class.get(intent.router.as_str());
        PlannedRouter {
            router: intent.router.clone(),
            site: intent.site.clone(),
            region: region(&intent.site),
            kind: if plan.commands.is_empty() { RouterKind::AsDeclared } else { RouterKind::Changed },
            class: found.map(|(group, _)| group.name.clone()),
            model: Some(intent.device.model.name.to_owned()),
            serial_number: intent.device.serial_number.clone().or_else(|| seen.serial_number.clone()),
            firmware: seen.firmware.clone(),
            lines: plan.commands.len(),
            own: found.map(|(group, place)| own(group, *place)).unwrap_or_default(),
            why: None,
            end: None,
        }
    });
    without.chain(planned).collect()
}

/// The values of the router at this place of a class.
fn own(group: &ClassGroup<'_>, place: usize) -> Text {
    let values = group.values.get(place).map(Vec::as_slice).unwrap_or_default();
    let words = |lang| group.class.as_ref().map(|class| own_values_words(class, values, lang)).unwrap_or_default();
    Text::new(words(Lang::En), words(Lang::Ja))
}

impl ProcedureOf {
    /// The class, where it is for one.
    pub fn class(&self) -> Option<&ClassFacts> {
        match self {
            Self::Class(class) => Some(class),
            Self::Router(_) => None,
        }
    }
}

/// A command of this program on this plan, to be pasted into a shell.
fn typed(words: &str, file: &str, inventory: Option<&str>) -> String {
    let inventory = inventory.map_or_else(|| "INVENTORY".to_owned(), argument);
    format!("ixdeploy {words} {} -i {inventory}", argument(file))
}

/// A word for a shell: what is no letter, digit or part of a path is put in quotes. The plan may be a stranger's.
fn argument(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '@');
    match !word.is_empty() && word.chars().all(is_plain) && !word.starts_with('-') {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

fn inventory(work: &PlannedWork) -> Option<&str> {
    work.plan.file.made.as_ref().map(|made| made.inventory.as_str())
}

fn preparation(work: &PlannedWork) -> Vec<PlannedStep> {
    let file = work.plan.path.display().to_string();
    let inventory = inventory(work).map_or_else(|| "INVENTORY".to_owned(), argument);
    // The routers of the plan alone, as its maker named them.
    let limit = work.plan.file.made.as_ref().and_then(|made| made.limit.as_deref());
    let limit = limit.map(|limit| format!(" -l {}", argument(limit))).unwrap_or_default();
    vec![
        PlannedStep::new("the plan is the one that was approved", "承認された計画ファイルであることを確認")
            .typed(format!("sha256sum {}", argument(&file)))
            .expects(work.plan.sha256.clone(), work.plan.sha256.clone()),
        PlannedStep::new("this machine is ready", "作業用 PC の確認")
            .typed("ixdeploy doctor")
            .expects("exit status 0: nothing found", "終了コード 0(問題なし)"),
        PlannedStep::new("no earlier work is open", "以前の作業が残っていないことを確認")
            .typed("ixdeploy status")
            .expects("no router is open", "未終了のルータなし"),
        PlannedStep::new("back up the routers of the plan", "対象ルータのバックアップ")
            .typed(format!("ixdeploy backup -i {inventory}{limit} -o backup"))
            .expects(
                "exit status 0: both configurations of each router are kept",
                "終了コード 0(各ルータの両コンフィグを保管)",
            )
            .noting("besides the backup that each change begins with", "変更時に自動で取るバックアップとは別"),
    ]
}

fn gates(work: &PlannedWork) -> Vec<PlannedStep> {
    let file = work.plan.path.display().to_string();
    let sha256 = &work.plan.sha256;
    vec![
        PlannedStep::new("the work is approved: signatures below", "作業の承認(下記の署名欄)")
            .expects(format!("for the plan of SHA-256 {sha256}"), format!("計画の SHA-256: {sha256}")),
        PlannedStep::new("begin", "作業開始")
            .typed(typed("apply", &file, inventory(work)))
            .expects(
                "it shows this SHA-256, and how many routers and sites are changed",
                "上記の SHA-256、対象のルータ数と拠点数を表示",
            )
            .noting("the question is answered with yes by who is in charge", "質問には責任者が yes と回答"),
    ]
}

fn closing(work: &PlannedWork) -> Vec<PlannedStep> {
    let playbook = work.plan.file.made.as_ref().map_or("PLAYBOOK", |made| made.playbook.as_str());
    vec![
        PlannedStep::new("every router is as declared", "全ルータが宣言どおりであることを確認")
            .typed(typed("verify", playbook, inventory(work)))
            .expects("exit status 0: no difference, every check passed", "終了コード 0(差分なし、確認はすべて OK)"),
        PlannedStep::new("nothing is left open", "未終了の作業がないことを確認")
            .typed("ixdeploy status")
            .expects("no router is open", "未終了のルータなし"),
        PlannedStep::new("file the work record", "作業記録の作成と保管")
            .typed("ixdeploy report last -o record.html")
            .expects("the journal head is noted on it", "ジャーナル末尾ハッシュの記載あり"),
    ]
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn a_path_of_a_plan_is_one_word_in_a_shell() {
        assert_eq!(argument("plans/night.json"), "plans/night.json");
        assert_eq!(argument("a b; rm -rf '~'"), r"'a b; rm -rf '\''~'\'''");
        assert_eq!([argument(""), argument("-x"), argument("$(x)")], ["''", "'-x'", "'$(x)'"]);
    }
}
