//! A rollout for the routers at hand: which of them are in which step, and every number resolved.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::fleet::{self, ComeBack, Gathered, GroupRules, HoldRules, LoginRate, Rules, StepRules, Trait};
use crate::playbook::Rollout;
use crate::playbook::rollout::{Bake, Budget, Budgets, Hold, HoldKey, Match, REST, Share, SiteTraits, Step, select};
use crate::state::{DefaultBudget, FailureClass, lost_in_later_steps};

/// What is known of one router before its turn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub router: String,
    /// Its site.
    pub site: String,
    /// Its model.
    pub model: String,
    /// Its firmware, where it was seen in this run or is in the saved plan.
    pub firmware: Option<String>,
    /// The hosts that its connection goes through.
    pub jump_hosts: Vec<String>,
}

/// A rollout with its routers and its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloutPlan {
    /// It says no more than how many at once and how many failures.
    pub is_simple: bool,
    /// How many sites there are.
    pub sites: usize,
    /// How many routers.
    pub routers: usize,
    /// Sites under way at once.
    pub concurrency: usize,
    /// Logins that may begin in a second.
    pub logins_per_second: Option<u32>,
    /// Failures of the whole run in classes without a budget of their own; nothing where it has no such number.
    pub max_failures: Option<usize>,
    /// Budgets of the whole run.
    pub budgets: Vec<fleet::Budget>,
    /// The steps; without any, the run is one step.
    pub steps: Vec<StepPlan>,
    /// What some routers may take together.
    pub groups: Vec<GroupPlan>,
    /// How long a site takes at most, where that was declared.
    pub needed_time: Option<Duration>,
    /// How occupied and unreachable sites are tried again.
    pub come_back: Option<ComeBack>,
    /// When routers are held that have something in common.
    pub holds: HoldRules,
}

/// One step with its routers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPlan {
    /// Its name.
    pub name: String,
    /// What it takes; nothing where it is what no step takes.
    pub fits: Option<Match>,
    /// Its routers, by the number of their tasks.
    pub members: Vec<usize>,
    /// Its sites.
    pub sites: Vec<String>,
    /// Sites under way at once.
    pub concurrency: usize,
    /// Budgets of its own.
    pub budgets: Vec<fleet::Budget>,
    /// How long it proves itself.
    pub bake: Option<Bake>,
    /// A person lets it begin.
    pub approval: bool,
    /// Sites of it take no part in the run.
    pub is_short: bool,
}

/// A set of routers with limits of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPlan {
    /// The group, or the jump host.
    pub name: String,
    /// Whether it is a jump host: its name may be that of a group, too.
    pub is_jump_host: bool,
    /// Its routers, by the number of their tasks.
    pub members: Vec<usize>,
    /// How many sites it has.
    pub sites: usize,
    /// Its sites under way at once.
    pub concurrency: Option<usize>,
    /// Budgets of its own.
    pub budgets: Vec<fleet::Budget>,
}

impl GroupPlan {
    /// What its routers have in common.
    pub(super) fn of(&self) -> Trait {
        let name = self.name.clone();
        if self.is_jump_host { Trait::JumpHost(name) } else { Trait::Group(name) }
    }
}

/// A step of a rollout, as a question names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepSize {
    /// Its name.
    pub name: String,
    /// How many sites it has.
    pub sites: usize,
}

/// The routers of a run by site, in the order of their tasks.
struct Sites {
    traits: Vec<SiteTraits>,
    tasks: Vec<Vec<usize>>,
}

impl Sites {
    fn of(members: &[Member], known: &HashMap<String, SiteTraits>) -> Self {
        let mut sites = Self { traits: Vec::new(), tasks: Vec::new() };
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (number, member) in members.iter().enumerate() {
            let place = *places.entry(&member.site).or_insert_with(|| {
                let unknown = || SiteTraits { name: member.site.clone(), ..SiteTraits::default() };
                sites.traits.push(known.get(&member.site).cloned().unwrap_or_else(unknown));
                sites.tasks.push(Vec::new());
                sites.tasks.len() - 1
            });
            if let (Some(traits), Some(tasks)) = (sites.traits.get_mut(place), sites.tasks.get_mut(place)) {
                traits.add_router(&member.model, member.firmware.as_deref());
                tasks.push(number);
            }
        }
        sites
    }

    /// The tasks of some sites, in the order of the tasks.
    fn tasks_of(&self, places: &[usize]) -> Vec<usize> {
        let mut tasks: Vec<usize> =
            places.iter().filter_map(|place| self.tasks.get(*place)).flatten().copied().collect();
        tasks.sort_unstable();
        tasks
    }
}

/// What holds of the budgets of a scope, besides what was written.
struct Scope {
    /// How many routers there are in it.
    routers: usize,
    /// What classes without a budget of their own may do together.
    shared: Budget,
    /// Which classes have their default here.
    defaults: Defaults,
}

/// Which of the defaults of single classes hold in a scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Defaults {
    /// All: the run is one step.
    Run,
    /// Those that stop the whole run; lost routers are counted by each step.
    RunOfSteps,
    /// Lost routers of a first step.
    FirstStep,
    /// Lost routers of a later step of a run over so many routers.
    LaterStep(usize),
    /// None.
    Group,
}

impl RolloutPlan {
    pub(super) fn new(rollout: &Rollout, members: &[Member], known: &HashMap<String, SiteTraits>) -> Self {
        let sites = Sites::of(members, known);
        let steps = steps(rollout, &sites, members.len());
        let defaults = if steps.is_empty() { Defaults::Run } else { Defaults::RunOfSteps };
        let scope = Scope { routers: members.len(), shared: rollout.failures_of_run(), defaults };
        Self {
            is_simple: rollout.is_simple(),
            sites: sites.tasks.len(),
            routers: members.len(),
            concurrency: rollout.concurrency,
            logins_per_second: rollout.logins_per_second,
            max_failures: scope.shared.of(scope.routers),
            budgets: budgets(&rollout.budgets, &scope),
            groups: groups(rollout, &sites, members),
            holds: holds(&rollout.hold, usual_holds(&steps)),
            steps,
            needed_time: rollout.needed_time,
            come_back: rollout.retry.map(|retry| {
                let usual = ComeBack::default();
                ComeBack {
                    first: retry.pause.unwrap_or(usual.first),
                    longest: retry.longest_pause.unwrap_or(usual.longest.max(retry.pause.unwrap_or_default())),
                    limit: retry.limit.unwrap_or(usual.limit),
                }
            }),
        }
    }

    /// The same where `of_everyone` are the steps with all routers of the run, those that take no part included.
    #[must_use]
    pub(in crate::run) fn among(mut self, of_everyone: &Self) -> Self {
        for step in &mut self.steps {
            let whole = of_everyone.steps.iter().find(|whole| whole.name == step.name);
            step.is_short = whole.is_some_and(|whole| whole.sites.iter().any(|site| !step.sites.contains(site)));
        }
        self
    }

    /// The steps, as a question names them.
    pub fn sizes(&self) -> Vec<StepSize> {
        self.steps.iter().map(|step| StepSize { name: step.name.clone(), sites: step.sites.len() }).collect()
    }

    /// Whether a person said otherwise when routers are held.
    pub fn has_own_holds(&self) -> bool {
        self.holds != usual_holds(&self.steps)
    }

    /// The rules that the dispatcher keeps.
    pub fn rules(&self) -> Rules {
        let step = |step: &StepPlan| StepRules {
            name: step.name.clone(),
            members: step.members.clone(),
            concurrency: Some(step.concurrency),
            budgets: step.budgets.clone(),
            bake: step.bake.map(|Bake { time, every }| fleet::Bake { time, every }),
            approval: step.approval,
            is_short: step.is_short,
        };
        let group = |group: &GroupPlan| GroupRules {
            of: group.of(),
            members: group.members.clone(),
            concurrency: group.concurrency,
            budgets: group.budgets.clone(),
        };
        Rules {
            concurrency: self.concurrency,
            logins: self.logins_per_second.map(|logins| LoginRate { logins, per: Duration::from_secs(1) }),
            steps: self.steps.iter().map(step).collect(),
            groups: self.groups.iter().map(group).collect(),
            budgets: self.budgets.clone(),
            needed: self.needed_time,
            come_back: self.come_back,
            holds: self.holds,
            ..Rules::simple(self.concurrency, usize::MAX)
        }
    }
}

/// When routers are held where nothing is written.
fn usual_holds(steps: &[StepPlan]) -> HoldRules {
    if steps.is_empty() { HoldRules::of_one_step() } else { HoldRules::of_steps() }
}

/// The same with what was written.
fn holds(written: &Hold, usual: HoldRules) -> HoldRules {
    let of = |key, usual: Option<usize>| match written.of(key) {
        Some(Budget::Routers(failures)) => Some(failures),
        Some(Budget::Unlimited | Budget::Share(_)) => None,
        None => usual,
    };
    let wrong_passwords = of(HoldKey::Passwords, None).unwrap_or(usual.wrong_passwords);
    HoldRules {
        wrong_passwords,
        unproven_at_once: usual.unproven_at_once.map(|_| wrong_passwords),
        gathered: Gathered {
            model: of(HoldKey::Models, usual.gathered.model),
            firmware: of(HoldKey::Firmware, usual.gathered.firmware),
            jump_host: of(HoldKey::JumpHosts, usual.gathered.jump_host),
            group: of(HoldKey::Groups, usual.gathered.group),
            cause: of(HoldKey::Causes, usual.gathered.cause),
        },
        share: written.share().unwrap_or(usual.share),
        lost: of(HoldKey::Lost, usual.lost),
        clock: usual.clock,
    }
}

/// The steps, and the one of what they leave, if they leave anything.
fn steps(rollout: &Rollout, sites: &Sites, routers: usize) -> Vec<StepPlan> {
    if rollout.steps.is_empty() {
        return Vec::new();
    }
    let chosen = select(&rollout.steps, &sites.traits);
    let written = rollout.steps.iter().map(Some).chain([None]);
    let mut planned: Vec<StepPlan> = Vec::new();
    for (places, step) in chosen.into_iter().zip(written) {
        if step.is_none() && places.is_empty() {
            continue;
        }
        let members = sites.tasks_of(&places);
        let is_first = planned.iter().all(|before| before.members.is_empty());
        let defaults = if is_first { Defaults::FirstStep } else { Defaults::LaterStep(routers) };
        let scope = Scope { routers: members.len(), shared: rollout.failures_of_step(step), defaults };
        let own = step.map(|step| step.budgets.clone()).unwrap_or_default();
        let most = step.and_then(|step| step.concurrency).unwrap_or(rollout.concurrency);
        planned.push(StepPlan {
            name: step.map_or_else(|| rest_name(&rollout.steps), |step| step.name.clone()),
            fits: step.map(|step| step.fits.clone()),
            sites: places.iter().filter_map(|place| Some(sites.traits.get(*place)?.name.clone())).collect(),
            members,
            concurrency: most.min(rollout.concurrency),
            budgets: budgets(&own, &scope),
            bake: step.and_then(|step| step.bake),
            approval: step.is_some_and(|step| step.approval),
            is_short: false,
        });
    }
    planned
}

/// The name of what no step takes; another one where a step is called so.
fn rest_name(steps: &[Step]) -> String {
    let is_taken = |name: &str| steps.iter().any(|step| step.name == name);
    let numbered = (2..).map(|number| format!("{REST}-{number}"));
    std::iter::once(REST.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

/// Groups of the inventory with limits, and the jump hosts with limits, each with its routers.
fn groups(rollout: &Rollout, sites: &Sites, members: &[Member]) -> Vec<GroupPlan> {
    let plan = |share: &Share, name: &str, tasks: Vec<usize>| {
        let scope = Scope {
            routers: tasks.len(),
            shared: share.max_failures.unwrap_or(Budget::Unlimited),
            defaults: Defaults::Group,
        };
        let at: BTreeSet<&str> =
            tasks.iter().filter_map(|task| members.get(*task)).map(|one| one.site.as_str()).collect();
        GroupPlan {
            name: name.to_owned(),
            is_jump_host: false,
            sites: at.len(),
            concurrency: share.concurrency,
            budgets: budgets(&share.budgets, &scope),
            members: tasks,
        }
    };
    let of_inventory = rollout.groups.iter().map(|share| {
        let is_in = |place: &usize| sites.traits.get(*place).is_some_and(|site| site.groups.contains(&share.of));
        let places: Vec<usize> = (0..sites.traits.len()).filter(is_in).collect();
        plan(share, &share.of, sites.tasks_of(&places))
    });
    let hosts: BTreeSet<&str> = members.iter().flat_map(|member| &member.jump_hosts).map(String::as_str).collect();
    let of_hosts = hosts.into_iter().filter_map(|host| {
        let share = rollout.jump_hosts.iter().find(|share| share.is_of_host(host))?;
        let behind = |(_, member): &(usize, &Member)| member.jump_hosts.iter().any(|one| one == host);
        let tasks = members.iter().enumerate().filter(behind).map(|(task, _)| task).collect();
        Some(GroupPlan { is_jump_host: true, ..plan(share, host, tasks) })
    });
    of_inventory.chain(of_hosts).filter(|group| !group.members.is_empty()).collect()
}

/// The budgets of a scope: those that were written, the defaults of the other classes, and what the rest may do together.
fn budgets(written: &Budgets, scope: &Scope) -> Vec<fleet::Budget> {
    let (mut own, mut together) = (Vec::new(), BTreeSet::new());
    let mut add = |class, failures: Option<usize>| {
        own.extend(failures.map(|failures| fleet::Budget { classes: BTreeSet::from([class]), failures }));
    };
    for class in FailureClass::ALL {
        match (written.of(class), class.default_budget()) {
            (Some(budget), _) => add(class, budget.of(scope.routers)),
            (None, DefaultBudget::MaxFailures) => drop(together.insert(class)),
            (None, DefaultBudget::StopsAt(failures)) => {
                add(class, matches!(scope.defaults, Defaults::Run | Defaults::RunOfSteps).then_some(failures));
            }
            (None, DefaultBudget::Lost) => add(
                class,
                match scope.defaults {
                    Defaults::Run | Defaults::FirstStep => Some(1),
                    Defaults::LaterStep(routers) => Some(lost_in_later_steps(routers) + 1),
                    Defaults::RunOfSteps | Defaults::Group => None,
                },
            ),
            (None, DefaultBudget::StopsNothing) => {}
        }
    }
    if let Some(failures) = scope.shared.of(scope.routers).filter(|_| !together.is_empty()) {
        own.push(fleet::Budget { classes: together, failures });
    }
    own
}

#[cfg(test)]
#[path = "planned_tests.rs"]
mod tests;
