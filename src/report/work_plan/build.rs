//! The work plan of a kept plan, or of one site of it.

use std::collections::{BTreeMap, HashMap};

use super::chosen::Chosen;
use super::once::Typed;
use super::{
    ClassFacts, PlanPart, PlannedRouter, Procedure, ProcedureOf, RouterKind, WorkPlan, class, hand_over, router,
};
use crate::message::{Lang, Text};
use crate::playbook::LaptopCheck;
use crate::report::class_text::own_values_words;
use crate::run::PlannedWork;
use crate::transaction::{ClassGroup, ClassGroups};

/// More classes than these are named with their routers, and not shown.
const CLASSES: usize = 40;

impl WorkPlan {
    /// Of all routers.
    pub fn of(work: &PlannedWork) -> Self {
        let file = &work.plan.file;
        Self::of_some(
            work,
            &Chosen { site: None, plans: file.routers.iter().collect(), unplanned: file.unplanned.iter().collect() },
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
        sites.into_iter().map(move |(site, chosen)| (site, Self::of_some(work, &Chosen { site: Some(site), ..chosen })))
    }

    fn of_some(work: &PlannedWork, chosen: &Chosen<'_>) -> Self {
        let groups = ClassGroups::of(chosen.plans.iter().copied());
        let is_detailed = PlannedWork::is_few(chosen.plans.len() + chosen.unplanned.len());
        let tests = work.plan.file.hand_over.by_router();
        let procedures = if is_detailed { each(work, chosen, &tests) } else { of_classes(&groups, &tests) };
        let unchanged = if is_detailed { hand_over::of_unchanged(chosen, &tests) } else { Vec::new() };
        let more_classes = if is_detailed { 0 } else { groups.changing.len().saturating_sub(CLASSES) };
        let file = &work.plan.file;
        let typed = Typed::of(work, chosen);
        Self {
            plan: PlanPart {
                file: work.plan.path.display().to_string(),
                sha256: work.plan.sha256.clone(),
                made: file.made.clone(),
                playbook: file.playbook.clone(),
            },
            preparation: typed.preparation(),
            rollout: file.rollout.clone(),
            gates: typed.gates(),
            procedures,
            more_classes,
            routers: routers(work, chosen, &groups),
            closing: unchanged.into_iter().chain(typed.closing()).collect(),
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

/// What is tried out from the laptop, by router.
type Tests<'t> = HashMap<&'t str, &'t [LaptopCheck]>;

fn each(work: &PlannedWork, chosen: &Chosen<'_>, tests: &Tests<'_>) -> Vec<Procedure> {
    let changed = chosen.plans.iter().filter(|plan| !plan.commands.is_empty());
    let of = |router: &String| tests.get(router.as_str()).copied().unwrap_or_default();
    changed.map(|plan| router::procedure(plan, work.sites.get(&plan.intent.site), of(&plan.intent.router))).collect()
}

fn of_classes(groups: &ClassGroups<'_>, tests: &Tests<'_>) -> Vec<Procedure> {
    groups.changing.iter().take(CLASSES).filter_map(|group| class::procedure(group, tests)).collect()
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
