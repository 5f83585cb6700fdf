//! A night of many clinics, simulated: the real dispatcher, driver, transaction and journal over mock routers in memory, by a clock
//! that no one waits for. Every limit, budget and window holds at every event, the controller is killed and continued twice, and at
//! the end the journal says of each clinic what is true.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test is the point"
)]

mod book;
mod budgets;
mod clinics;
mod clock;
mod controllers;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::book::Book;
use self::budgets::Budgets;
use self::clinics::{Clinic, Controller, Fate, HOSTS, InNight, LINE, Weather, begun, jump_host, routers};
use self::clock::VirtualClock;
use self::controllers::{controller, recover};
use super::prepare::{Choices, bare};
use super::recorded::RecordedRun;
use super::rest::Parts;
use crate::connect::{ConnectOptions, ConsoleLocks};
use crate::fleet::{
    Bake, Budget, Clock as _, ComeBack, Control, Fleet, Gathered, GroupRules, HoldRules, LoginRate, Moment, Order,
    Rules, StepRules, Trait, Window, WindowRules,
};
use crate::inventory;
use crate::ix::ConfigText;
use crate::journal::RunLog;
use crate::message::Text;
use crate::plan::Ownership;
use crate::playbook::{Check, Expectation, Level, Phase};
use crate::secret::{NoPrompt, SourceVault, Vault};
use crate::state::{FailureClass, State};
use crate::transaction::{Desired, Intent};
use crate::transport::ssh::FirstUse;

const CONCURRENCY: usize = 24;
/// Clinics at once behind one jump host.
const JUMP: usize = 10;
const LOGINS_A_SECOND: u32 = 4;
const CANARY: usize = 12;
const BAKE: Duration = Duration::from_secs(300);
const NEEDED: Duration = Duration::from_secs(120);
const HOUR: u64 = 3_600_000;

/// Clinics of a usual run of the tests; `.ci/full` has two thousand.
const USUAL: usize = 100;

/// Some may be touched all night, some open late, some close early and open again.
fn windows_of(clinic: usize) -> &'static [[u64; 2]] {
    windows_of_set(clinic / 5 % 3)
}

fn windows_of_set(set: usize) -> &'static [[u64; 2]] {
    match set {
        0 => &[[0, 7 * HOUR]],
        1 => &[[HOUR / 10, 6 * HOUR]],
        // Too short for more than those that begin at once.
        _ => &[[0, HOUR / 6], [HOUR / 2, HOUR * 11 / 20], [HOUR * 2 / 3, 7 * HOUR]],
    }
}

/// The rules of the night for these clinics, which are its tasks in this order.
fn rules(clinics: &[usize], budgets: Budgets, holds: HoldRules) -> Rules {
    let places = |is: &dyn Fn(usize) -> bool| (0..clinics.len()).filter(|one| is(clinics[*one])).collect::<Vec<_>>();
    let counted = |class: &FailureClass| !matches!(class, FailureClass::Unreachable | FailureClass::Occupied);
    let budget = |failures| vec![Budget { classes: FailureClass::ALL.into_iter().filter(counted).collect(), failures }];
    let window =
        |[from, until]: &[u64; 2]| Window { from: Moment::from_millis(*from), until: Moment::from_millis(*until) };
    let bake = Some(Bake { time: BAKE, every: None });
    let step = |name: &str, members| StepRules { name: name.to_owned(), members, ..StepRules::default() };
    Rules {
        logins: Some(LoginRate { logins: LOGINS_A_SECOND, per: Duration::from_secs(1) }),
        steps: vec![
            StepRules { bake, ..step("canary", places(&|one| one < CANARY)) },
            StepRules { budgets: budget(budgets.rest), ..step("rest", places(&|one| one >= CANARY)) },
        ],
        groups: (0..HOSTS)
            .map(|host| GroupRules {
                of: Trait::JumpHost(jump_host(host)),
                members: places(&|one| one % HOSTS == host),
                concurrency: Some(JUMP),
                budgets: budget(budgets.jump_host),
            })
            .collect(),
        budgets: budget(budgets.run),
        windows: (0..3)
            .map(|set| WindowRules {
                members: places(&|one| one / 5 % 3 == set),
                windows: windows_of_set(set).iter().map(window).collect(),
            })
            .collect(),
        needed: Some(NEEDED),
        come_back: Some(ComeBack::default()),
        holds,
        ..Rules::simple(CONCURRENCY, 1)
    }
}

/// What is wanted of every clinic.
fn intents(count: usize, weather: &Weather, dir: &Path) -> Vec<Arc<Intent>> {
    // A save that was cut off is over soon: what waits for it waits by no clock of the night's.
    let mut text = "version: 1\ndefaults: { deadlines: { save: 1s } }\nsites:\n".to_owned();
    for clinic in 0..count {
        let name = Clinic::name(clinic);
        text += &format!(
            "  s{name}: {{ routers: {{ {name}: {{ model: IX2215, connection: {{ mock: {{ start: prepared }} }} }} }} }}\n"
        );
    }
    let path = dir.join("clinics.yaml");
    std::fs::write(&path, text).unwrap();
    let (inventory, _) = inventory::load(&path).unwrap();
    let vault: Arc<dyn Vault> = Arc::new(SourceVault::new(inventory.sources(), NoPrompt));
    let choices = Choices {
        take_over: false,
        adopt: false,
        set_secrets: false,
        rehearse_on_mock: false,
        at_clinic: true,
        line_pending: None,
        outside_windows: None,
        console: None,
        facts: inventory.facts.clone(),
        declared_boxes: Default::default(),
        logins: Default::default(),
        host_names: Default::default(),
        states: Default::default(),
        replaces: None,
        connect_options: ConnectOptions {
            known_hosts: dir.join("known_hosts"),
            first_use: FirstUse::Record,
            learned_by: "tanaka@laptop".to_owned(),
            new_keys: None,
            vault,
            jump_hosts: Arc::default(),
            console_locks: ConsoleLocks::default(),
            save_watch: None,
            recordings: None,
            mock_routers: dir.join("mock-routers"),
        },
    };
    let intent = |clinic: usize| {
        let (site, router) = inventory.router(&Clinic::name(clinic)).unwrap();
        let mut intent = (*bare(site, router, &choices).unwrap().intent).clone();
        intent.desired = Desired::Rendered(ConfigText::new(format!("interface GigaEthernet1.0\n  {LINE}\n")));
        (intent.bounds.lock, intent.bounds.patience) = (Duration::ZERO, Duration::from_secs(30));
        intent.terms.owns = Ownership::parse(&["interface GigaEthernet1.0 description"]).unwrap();
        // On one firmware the line that is entered makes the check fail.
        let shown = if Fate::of(clinic, weather).bad_firmware { "night-2026" } else { "no such interface" };
        intent.terms.checks = vec![Check {
            name: "lan".to_owned(),
            role: "night".to_owned(),
            title: Text::untranslated("lan"),
            phase: Phase::Clinic,
            level: Level::Required,
            command: "show interfaces GigaEthernet1.0".to_owned(),
            expect: vec![Expectation::NotContains(shown.to_owned())],
            within: None,
            own: Vec::new(),
        }];
        Arc::new(intent)
    };
    (0..count).map(intent).collect()
}

/// A night: its clinics, its controllers one after the other, and what is true of it.
struct Night {
    count: usize,
    weather: Weather,
    budgets: Budgets,
    holds: HoldRules,
    dir: tempfile::TempDir,
    mock: Arc<mock_device::Mock>,
    intents: Arc<Vec<Arc<Intent>>>,
    clock: Arc<VirtualClock>,
    book: Arc<Mutex<Book>>,
    run: Option<String>,
    /// The clinics that a death of the controller found in the middle: they are recovered, and not begun again without a word.
    interrupted: BTreeSet<String>,
}

impl Night {
    fn new(count: usize, weather: Weather) -> Self {
        let (dir, budgets) = (tempfile::tempdir().unwrap(), Budgets::of(count));
        Self {
            count,
            weather,
            budgets,
            holds: HoldRules { lost: None, ..HoldRules::default() },
            mock: Arc::new(routers(count, &weather, &dir.path().join("routers"))),
            intents: Arc::new(intents(count, &weather, dir.path())),
            dir,
            clock: Arc::default(),
            book: Arc::new(Mutex::new(Book::of(weather, budgets))),
            run: None,
            interrupted: BTreeSet::new(),
        }
    }

    /// One controller begins the run, or goes on with it as `continue` does, until it ends or is killed.
    fn goes_on(&mut self, dies_after: Option<usize>) {
        self.is_carried_out(dies_after, None);
    }

    /// The same where the clocks of the routers are read, and `person` is who lets it go on.
    fn is_carried_out(&mut self, dies_after: Option<usize>, person: Option<fn(&Control, &Book)>) {
        let killed = Arc::new(AtomicBool::new(false));
        let env = controller(self.dir.path(), &killed);
        let journal = env.journal().unwrap();
        let log = match &self.run {
            Some(run) => RunLog::again(Arc::clone(&journal), run).unwrap(),
            None => RunLog::begin(Arc::clone(&journal), &env.readers, begun(self.count)).unwrap(),
        };
        let name = log.run().as_str();
        let controller = Arc::new(Controller {
            mock: Arc::clone(&self.mock),
            clock: Arc::clone(&self.clock),
            book: Arc::clone(&self.book),
            weather: self.weather,
            killed,
            cancel: env.cancel.clone(),
            dies_after,
            reads_clocks: person.is_some(),
        });
        self.interrupted.extend(journal.open_router_runs().unwrap().into_iter().map(|part| part.router));
        recover(&env, &log, &controller, &self.intents);
        let recorded = RecordedRun::of(&journal, name).unwrap();
        let left = Parts::of(&journal, &recorded, name).unwrap().not_begun;
        let clinics: Vec<usize> = (0..self.count).filter(|one| left.contains(&Clinic::name(*one))).collect();
        self.book.lock().unwrap().continues();
        let clinic = |number: &usize| Clinic {
            number: *number,
            has_bad_firmware: Fate::of(*number, &self.weather).bad_firmware,
        };
        let tasks: Vec<Clinic> = clinics.iter().map(clinic).collect();
        self.run = Some(name.to_owned());
        let clock = Arc::clone(&self.clock);
        let (at_work, gone) = channel();
        let night = InNight { controller, intents: Arc::clone(&self.intents), log, _at_work: at_work };
        let fleet = Fleet::new(rules(&clinics, self.budgets, self.holds), &env.cancel).by_clock(clock as _);
        if let Some(person) = person {
            let (control, book) = (fleet.control(), Arc::clone(&self.book));
            self.clock.has_a_person(Box::new(move || person(&control, &book.lock().unwrap())));
        }
        fleet.run(night, &tasks);
        assert!(gone.recv().is_err(), "nothing is sent, and its last thread has ended");
    }

    fn kept_its_rules(&self) {
        assert_eq!(self.book.lock().unwrap().broken, Vec::<String>::new());
    }

    /// What the journal says of each clinic is what its router runs, and would start with; how many are saved.
    fn is_true(&self) -> usize {
        let env = controller(self.dir.path(), &Arc::default());
        let journal = env.journal().unwrap();
        assert!(journal.verify(None).is_ok());
        let run = self.run.as_deref().unwrap();
        let (mut saved, mut wrong) = (0, Vec::new());
        for name in (0..self.count).map(Clinic::name) {
            let state = journal.router_run(run, &name).ok().and_then(|part| part.state);
            let has = |text: Option<String>| text.is_some_and(|text| text.contains(LINE));
            let is = (has(self.mock.running_config(&name)), has(self.mock.startup_config(&name)));
            let expected = state == Some(State::Saved);
            saved += usize::from(expected);
            if is != (expected, expected) || state == Some(State::Lost) {
                wrong.push(format!("{name}: {state:?}, but {is:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        saved
    }

    /// Those that are not saved, without the interrupted ones.
    fn left_undone(&self) -> Vec<String> {
        let env = controller(self.dir.path(), &Arc::default());
        let (journal, run) = (env.journal().unwrap(), self.run.as_deref().unwrap());
        let is_saved = |name: &str| journal.router_run(run, name).is_ok_and(|part| part.state == Some(State::Saved));
        let undone = |name: &String| !is_saved(name) && !self.interrupted.contains(name);
        (0..self.count).map(Clinic::name).filter(undone).collect()
    }
}

#[test]
fn a_night_keeps_its_rules_through_every_fault_and_two_deaths_and_its_journal_says_what_is_true() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let count = asked("IXDEPLOY_NIGHT").unwrap_or(USUAL);
    let seed = asked("IXDEPLOY_NIGHT_SEED").unwrap_or_default() as u64;
    let mut night = Night::new(count, Weather { seed, ..Weather::USUAL });
    for dies_after in [Some(count / 3), Some(2 * count / 3 + 1), None] {
        night.goes_on(dies_after);
    }
    night.kept_its_rules();
    let saved = night.is_true();
    let end = Duration::from_millis(night.clock.now().millis());
    let book = night.book.lock().unwrap();
    let (begun, left) = (book.begun(), night.left_undone());
    println!("seed {seed}: {saved} of {count} saved, {begun} begun, the last at {end:?} of the night");
    println!("{} interrupted, not done of the others: {left:?}; {:#?}", night.interrupted.len(), book.not_done());
    assert!(saved * 100 > count * 90 && left.len() * 100 < count * 5, "{saved} of {count} are saved, not {left:?}");
}

#[test]
fn a_night_in_which_much_fails_stops_within_its_budgets() {
    let mut night = Night::new(100, Weather { refusing: 300, bad_firmware: 0, ..Weather::USUAL });
    // No cause and no firmware is held for it: budgets alone end it.
    night.holds.gathered = Gathered::NEVER;
    night.goes_on(None);
    night.kept_its_rules();
    night.is_true();
    let book = night.book.lock().unwrap();
    assert!(book.begun() < 100 && book.failures() >= night.budgets.rest, "{} begun", book.begun());
}

#[test]
fn a_night_holds_the_firmware_on_which_failures_gather_and_changes_all_others() {
    let mut night = Night::new(40, Weather { bad_firmware: 300, ..Weather::QUIET });
    // They fail for one cause, which would end the whole night.
    night.holds.gathered = Gathered { firmware: Some(3), ..Gathered::NEVER };
    night.goes_on(None);
    night.kept_its_rules();
    let bad = (0..40).filter(|one| Fate::of(*one, &night.weather).bad_firmware).count();
    assert_eq!(night.is_true(), 40 - bad, "of the others none is held");
    let begun = night.book.lock().unwrap().begun();
    assert!((40 - bad + 3..40).contains(&begun), "{begun} begun, {bad} of the firmware");
}

/// A night of sixty in which the line is refused by all behind one jump host.
fn behind_one_host(gathered: Gathered) -> Night {
    let mut night = Night::new(60, Weather { refusing: 1000, refusing_behind: Some(1), ..Weather::QUIET });
    night.holds.gathered = gathered;
    night.book.lock().unwrap().holds_hosts_after(gathered.jump_host);
    night.goes_on(None);
    night.kept_its_rules();
    night
}

#[test]
fn a_night_holds_the_jump_host_behind_which_failures_gather_and_changes_all_others() {
    let night = behind_one_host(Gathered { jump_host: Some(3), ..Gathered::NEVER });
    let elsewhere = 60 - 60 / HOSTS;
    assert!(night.is_true() >= elsewhere, "of the others none is held");
    let book = night.book.lock().unwrap();
    assert!(book.failures() >= 3 && (elsewhere + 3..60).contains(&book.begun()), "{} begun", book.begun());
}

#[test]
fn a_night_begins_nothing_more_behind_the_jump_host_whose_budget_is_used_up() {
    let night = behind_one_host(Gathered::NEVER);
    night.is_true();
    let book = night.book.lock().unwrap();
    assert!(book.failures() >= night.budgets.jump_host && book.begun() < 60, "{} failed", book.failures());
}

#[test]
fn a_night_whose_clock_is_not_that_of_the_routers_begins_nothing_more_until_a_person_lets_it_go_on() {
    let mut night = Night::new(20, Weather::QUIET);
    night.is_carried_out(
        None,
        Some(|control, book| {
            // The canary was under way when the third clock was read.
            assert!((3..=CANARY).contains(&book.begun()), "{} begun", book.begun());
            control.order(Order::Continue);
        }),
    );
    night.kept_its_rules();
    assert_eq!(night.is_true(), 20, "it is held once");
}
