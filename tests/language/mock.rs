//! Plans on the mock router over its real command line, through a real session: the commands of a plan one by one, none refused,
//! and what the router shows afterwards.

use std::time::Instant;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::model;
use ixdeploy::ix::Config;
use ixdeploy::message::Text;
use ixdeploy::plan::{self, Command, Lifeline};
use ixdeploy::session::{Login, NoTap, SendLine, Session, Settings, Take};
use ixdeploy::transport::{LinkKind, Received, Terminal, Transport, TransportError};
use mock_device::scenario::{GroupAgain, Overlap, Readings};
use mock_device::{Heard, Mock, Model, RouterSpec, Scenario, Start, Wire};

use crate::samples;

/// The mock's channel inside the process, as a path to a router.
struct Channel {
    wire: Wire,
    waiting: Vec<u8>,
}

impl Transport for Channel {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if self.waiting.is_empty() {
            match self.wire.receive(until.saturating_duration_since(Instant::now())) {
                Heard::Bytes(bytes) => self.waiting = bytes,
                Heard::Nothing => return Ok(Received::Deadline),
                Heard::End => return Ok(Received::End),
            }
        }
        let count = buf.len().min(self.waiting.len());
        buf[..count].copy_from_slice(&self.waiting[..count]);
        self.waiting.drain(..count);
        Ok(Received::Bytes(count))
    }

    fn write(&mut self, bytes: &[u8], _until: Instant) -> Result<(), TransportError> {
        let lost = || TransportError::Lost { peer: self.peer(), reason: Text::untranslated("it ended"), cable: false };
        if self.wire.send(bytes) { Ok(()) } else { Err(lost()) }
    }

    fn kind(&self) -> LinkKind {
        LinkKind::Ssh
    }

    fn peer(&self) -> String {
        "the mock".into()
    }

    fn terminal(&self) -> Option<Terminal> {
        None
    }

    fn close(&mut self) {}
}

/// A mock router with a session in config mode.
pub struct OnMock {
    session: Session,
    _mock: Mock,
    _folder: tempfile::TempDir,
}

impl OnMock {
    /// A router that starts with this configuration; in the mock's words, why none can.
    pub fn with(configuration: &str) -> Result<Self, String> {
        Self::reading(configuration, Readings::default())
    }

    /// The same with readings of its own.
    fn reading(configuration: &str, readings: Readings) -> Result<Self, String> {
        Self::of(RouterSpec { readings, start: Start::Config(configuration.into()), ..RouterSpec::default() })
    }

    /// An unconfigured router of a model; in words, that the mock cannot be one.
    pub fn factory(model: &str) -> Result<Self, String> {
        let known = Model::ALL.into_iter().find(|known| known.name() == model);
        let model = known.ok_or_else(|| format!("there is no mock of an {model}"))?;
        Self::of(RouterSpec { model, start: Start::FactoryDefault, ..RouterSpec::default() })
    }

    fn of(spec: RouterSpec) -> Result<Self, String> {
        let spec = RouterSpec { id: "r1".into(), transports: Vec::new(), trusted_channel: true, ..spec };
        let folder = tempfile::tempdir().unwrap();
        let scenario = Scenario { routers: vec![spec], ..Scenario::default() };
        let mock = Mock::start(scenario, folder.path()).map_err(|error| error.to_string())?;
        let channel = Channel { wire: mock.open("r1").unwrap(), waiting: Vec::new() };
        let mut session =
            Session::open(Box::new(channel), Dialect::ix(), Login::default(), Settings::default(), Box::new(NoTap))
                .unwrap();
        session.enter_config(Take::Ask).unwrap();
        Ok(Self { session, _mock: mock, _folder: folder })
    }

    /// What it runs.
    pub fn running(&mut self) -> Config {
        Config::parse(Dialect::ix(), self.session.show("show running-config").unwrap())
    }

    /// Types commands from the global mode; a refused one is an error that names it.
    pub fn types(&mut self, commands: &[Command]) -> Result<(), String> {
        let configure = SendLine::own("configure");
        self.session.run(&configure, ixdeploy::session::ExpectedMode::Global).map_err(|error| format!("{error:?}"))?;
        for command in commands {
            let line = SendLine::new(command.number, &*command.text, false);
            self.session.run(&line, &command.expect).map_err(|error| format!("`{}`: {error:?}", command.text))?;
        }
        Ok(())
    }
}

/// The factory state, the vendor's three configurations over it, and those that depend on the area for the other one.
fn seeds() -> Vec<(String, String)> {
    let factory = model::find("IX2215").unwrap().factory().unwrap().to_owned();
    let mut seeds = vec![("factory".to_owned(), factory.clone())];
    for name in ["seed-router1", "seed-router2", "seed-router3"] {
        let east = factory.clone() + &samples::case_after(name);
        let west = east.replace("2404:1a8:f583:", "2001:a7ff:f014:");
        if east != west {
            seeds.push((format!("{name} west"), west));
        }
        seeds.push((name.to_owned(), east));
    }
    seeds
}

/// A router that starts as a case does, and what the case leads to.
fn from_case(name: &str, readings: Readings) -> (OnMock, Config) {
    let factory = model::find("IX2215").unwrap().factory().unwrap();
    let [before, after] = samples::case(name).map(|text| Config::parse(Dialect::ix(), format!("{factory}{text}")));
    (OnMock::reading(&before.print(), readings).unwrap(), after)
}

/// Commands of the table that no seed has, forwards and back.
#[test]
fn commands_outside_the_seeds_arrive_and_return() {
    for name in [
        "one-value-typed-again",
        "nat-traversal-per-policy",
        "url-filter",
        "snmp-guarded-list",
        "snmp-on-and-off",
        "bgp-other-as",
        "bgp-peer-first",
        "prefix-list-insert-middle",
        "dhcpv6-switch",
        "ikev2-profile",
        "proxy-dns-other-list",
        "ike-peer-by-name",
        "map-of-another-kind",
        "permit-list-one-out",
        "ospf-after-its-interface",
        "switch-beside-its-own-form",
        "values-entered-again",
        "watch-goes-first",
    ] {
        let (mut router, wanted) = from_case(name, Readings::default());
        let before = router.running();
        let plan = plan::between(&before, &wanted, &Lifeline::Console, 255).unwrap();
        router.types(&plan.commands).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert!(plan::same(&router.running(), &plan.expected), "{name}:\n{}", router.running().print());
        router.types(&plan.undo(plan.commands.len())).unwrap_or_else(|refused| panic!("{name} back: {refused}"));
        assert!(plan::same(&router.running(), &before), "{name} back:\n{}", router.running().print());
    }
}

/// What was said of a neighbour may go with it or stay: both arrives, and returns from every point.
#[test]
fn a_neighbour_moved_to_another_as_keeps_its_lines() {
    for peer_takes_lines_along in [false, true] {
        let readings = Readings { peer_takes_lines_along, ..Readings::default() };
        let (mut router, wanted) = from_case("bgp-other-remote-as", readings);
        let before = router.running();
        let plan = plan::between(&before, &wanted, &Lifeline::Console, 255).unwrap();
        for sent in 0..=plan.commands.len() {
            router.types(&plan.commands[..sent]).unwrap_or_else(|refused| panic!("{sent}: {refused}"));
            let arrived = sent < plan.commands.len() || plan::same(&router.running(), &plan.expected);
            assert!(arrived, "{}", router.running().print());
            router.types(&plan.undo(sent)).unwrap_or_else(|refused| panic!("{sent} back: {refused}"));
            assert!(plan::same(&router.running(), &before), "{sent} back:\n{}", router.running().print());
        }
    }
}

/// Whether a line of PPP is taken on another encapsulation, and what goes along with one, is not known: the line of a provider
/// becomes another and returns from every point, whatever the router does.
#[test]
fn an_interface_changes_its_encapsulation_under_every_behaviour() {
    let ways = [[false, false], [false, true], [true, false], [true, true]];
    for (name, [makes_auto_connect, ppp_wants_encapsulation]) in
        ["line-pppoe-to-vlan", "line-vlan-to-pppoe"].into_iter().flat_map(|name| ways.map(|way| (name, way)))
    {
        let readings = Readings { makes_auto_connect, ppp_wants_encapsulation, ..Readings::default() };
        let (mut router, wanted) = from_case(name, readings);
        let before = router.running();
        let plan = plan::between(&before, &wanted, &Lifeline::Console, 255).unwrap();
        for sent in 0..=plan.commands.len() {
            let told = |what: &str| format!("{name}, {makes_auto_connect} {ppp_wants_encapsulation}, {what} {sent}");
            router.types(&plan.commands[..sent]).unwrap_or_else(|refused| panic!("{}: {refused}", told("push of")));
            let arrived = sent < plan.commands.len() || plan::same(&router.running(), &plan.expected);
            assert!(arrived, "{}:\n{}", told("push of"), router.running().print());
            router.types(&plan.undo(sent)).unwrap_or_else(|refused| panic!("{}: {refused}", told("undo after")));
            assert!(plan::same(&router.running(), &before), "{}:\n{}", told("undo after"), router.running().print());
        }
    }
}

/// A network that appears twice may be refused or not: no plan needs to know.
#[test]
fn addresses_move_under_every_overlap_behaviour() {
    for name in ["address-moves", "address-swap", "address-round", "address-primary-and-secondary", "address-into-vrf"]
    {
        for overlap in [Overlap::Accept, Overlap::Refuse] {
            let (mut router, wanted) = from_case(name, Readings { overlap, ..Readings::default() });
            let before = router.running();
            let plan = plan::between(&before, &wanted, &Lifeline::Console, 255).unwrap();
            router.types(&plan.commands).unwrap_or_else(|refused| panic!("{name} {overlap:?}: {refused}"));
            assert!(plan::same(&router.running(), &plan.expected), "{name} {overlap:?}");
            router.types(&plan.undo(plan.commands.len())).unwrap_or_else(|refused| panic!("{name} back: {refused}"));
            assert!(plan::same(&router.running(), &before), "{name} {overlap:?} back");
        }
    }
}

/// Whether a group typed again has its new ports alone is not known: ports that another group takes arrive either way, and what
/// does not is seen when the router is read again.
#[test]
fn ports_move_under_every_behaviour_of_a_repeated_group() {
    for (name, group_again, arrives) in [
        ("vlan-group-filter-first", GroupAgain::Replace, true),
        ("vlan-group-filter-first", GroupAgain::Add, true),
        ("vlan-group-all-ports-change", GroupAgain::Replace, true),
        ("vlan-group-all-ports-change", GroupAgain::Add, true),
        ("vlan-group-shrinks", GroupAgain::Replace, true),
        ("vlan-group-shrinks", GroupAgain::Add, false),
    ] {
        let (mut router, wanted) = from_case(name, Readings { group_again, ..Readings::default() });
        let before = router.running();
        let plan = plan::between(&before, &wanted, &Lifeline::Console, 255).unwrap();
        assert!(plan.notes.iter().any(|note| note.id == "port.group-again"), "{name}");
        router.types(&plan.commands).unwrap_or_else(|refused| panic!("{name} {group_again:?}: {refused}"));
        assert_eq!(plan::same(&router.running(), &plan.expected), arrives, "{name} {group_again:?}");
    }
}

/// From each seed configuration to each other, and back: no line refused, exactly the other.
#[test]
fn every_seed_becomes_every_other() {
    let seeds = seeds();
    let mut pairs = 0;
    for (name, text) in &seeds {
        // As a display shows it: the lines of the global mode before the blocks.
        let mut router = OnMock::with(&Config::parse(Dialect::ix(), text).print()).unwrap();
        let before = router.running();
        assert!(plan::same(&before, &Config::parse(Dialect::ix(), text)), "{name} starts as\n{}", before.print());
        for (other, wanted) in seeds.iter().filter(|(other, _)| other != name) {
            let wanted = Config::parse(Dialect::ix(), wanted);
            let plan = plan::between(&before, &wanted, &Lifeline::Console, 255).unwrap();
            assert!(!plan.is_empty());
            router.types(&plan.commands).unwrap_or_else(|refused| panic!("{name} to {other}: {refused}"));
            let after = router.running();
            assert!(plan::same(&after, &wanted), "{name} to {other} ends at\n{}", after.print());
            let rest = plan::between(&after, &wanted, &Lifeline::Console, 255).unwrap();
            assert!(rest.is_empty(), "{name} to {other} leaves\n{}", rest.commands_text(true));
            let undo = plan.undo(plan.commands.len());
            router.types(&undo).unwrap_or_else(|refused| panic!("{other} back to {name}: {refused}"));
            assert!(plan::same(&router.running(), &before), "{other} back to {name}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, 30);
    eprintln!("{pairs} pairs of seed configurations on the mock");
}
