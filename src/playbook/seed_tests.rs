//! The shipped playbooks against the vendor's document: a copy of its lines, typed here, comments and `!` dropped.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use super::{RenderedRouter, load};
use crate::dialect::Dialect;
use crate::inventory::{Inventory, Limit, SourceFile};
use crate::message::Lang;

const CLOSED_NETWORK: &str = "\
ipv6 dhcp enable
ipv6 access-list v6-deny-list deny ip src any dest any
ipv6 access-list v6-dyn-list permit ip src any dest any
ipv6 access-list v6-permit-list permit udp src any sport any dest any dport eq 546
ipv6 access-list v6-permit-list permit udp src any sport any dest any dport eq 547
ipv6 access-list v6-permit-list permit icmp src any dest any
ipv6 access-list dynamic v6-dflt-list access v6-dyn-list
bridge irb enable
bridge 1 bridge-only pppoe
proxy-dns ipv6 enable
proxy-dns server 2404:1a8:f583:d00::53:1 url-list online-sikaku priority 200
proxy-dns server 2404:1a8:f583:d00::53:2 url-list online-sikaku priority 190
proxy-dns server 2001:a7ff:f014:d00::53:1 url-list online-sikaku priority 200
proxy-dns server 2001:a7ff:f014:d00::53:2 url-list online-sikaku priority 190
url-list online-sikaku permit domain *onshikaku.org
url-list online-sikaku permit domain *lineauth.mnw
url-list online-sikaku permit domain *base.oqs-pdl.org
url-list online-sikaku permit domain *managedpki.ne.jp
url-list online-sikaku permit domain *cybertrust.ne.jp
url-list online-sikaku permit domain *secomtrust.net
";

const ROUTER1: &str = "\
ipv6 dhcp client-profile pd6c
option-request dns-servers
ia-pd subscriber GigaEthernet2.0
ipv6 dhcp server-profile pd6s
dns-server autoconfig
interface GigaEthernet0.0
description ## WAN ##
no ip address
ipv6 enable
ipv6 autoselect enable
ipv6 dhcp client pd6c
ipv6 nd proxy GigaEthernet2.0
ipv6 filter v6-permit-list 100 in
ipv6 filter v6-deny-list 200 in
ipv6 filter v6-permit-list 100 out
ipv6 filter v6-dflt-list 200 out
bridge-group 1
no shutdown
interface GigaEthernet1.0
description ## Rezept Tanmatsu ##
no ip address
bridge-group 1
no shutdown
interface GigaEthernet2.0
description ## Online Shikaku Tanmatsu (Shikaku Kakunin) ##
no ip address
ipv6 enable
ipv6 dhcp server pd6s
ipv6 nd ra enable
ipv6 nd ra other-config-flag
no shutdown
";

const STATEFUL: &str = "\
ip access-list v4-deny-list deny ip src any dest any
ip access-list v4-permit-list permit ip src any dest any
ip access-list dynamic v4-dflt-list access v4-permit-list
";

const ROUTER2: &str = "\
interface GigaEthernet0.0
description ## Innai Iryou System ##
ip address 192.168.1.254/24
no shutdown
interface GigaEthernet1.0
description ## Online Shikaku Tanmatsu (Iryou System Renkei) ##
ip address 192.168.0.254/24
ip filter v4-deny-list 100 in
ip filter v4-dflt-list 100 out
no shutdown
";

const ROUTER3: &str = "\
ipv6 dhcp client-profile pd6c
option-request dns-servers
ia-pd subscriber GigaEthernet2:1.0
ipv6 dhcp server-profile pd6s
dns-server autoconfig
device GigaEthernet2
vlan-group 1 port 1 3 5
vlan-group 2 port 2 4 6
vlan-group 3 port 7
interface GigaEthernet0.0
description ## WAN ##
no ip address
ipv6 enable
ipv6 autoselect enable
ipv6 dhcp client pd6c
ipv6 nd proxy GigaEthernet2:1.0
ipv6 filter v6-permit-list 100 in
ipv6 filter v6-deny-list 200 in
ipv6 filter v6-permit-list 100 out
ipv6 filter v6-dflt-list 200 out
bridge-group 1
no shutdown
interface GigaEthernet1.0
description ## Rezept Tanmatsu ##
no ip address
bridge-group 1
no shutdown
interface GigaEthernet2:1.0
description ## Online Shikaku Tanmatsu (Shikaku Kakunin) ##
no ip address
ipv6 enable
ipv6 dhcp server pd6s
ipv6 nd ra enable
ipv6 nd ra other-config-flag
no shutdown
interface GigaEthernet2:2.0
description ## Online Shikaku Tanmatsu (Iryou System Renkei) ##
ip vrf forwarding VRF1
ip address 192.168.0.254/24
ip filter v4-deny-list 100 in
ip filter v4-dflt-list 100 out
no shutdown
interface GigaEthernet2:3.0
description ## Innai Iryou System ##
ip vrf forwarding VRF1
ip address 192.168.1.254/24
no shutdown
";

fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The jobs of a shipped playbook for one router of a role with some variables, or what is wrong.
fn all_rendered(playbook: &str, role: &str, vars: &str) -> Result<Vec<RenderedRouter>, String> {
    let text = format!(
        "version: 1\ncredentials: {{ admin: {{ env: X }} }}\nsites:\n  s:\n    routers:\n      r:\n        model: IX2215\n        role: {role}\n        connection: {{ mock: {{ start: prepared }} }}\n        vars: {{ {vars} }}\n"
    );
    let render = |found: crate::inventory::Diagnostics| found.render(Lang::En);
    let (inventory, found) = Inventory::read(&[SourceFile::new("test.yaml", text)]).map_err(render)?;
    assert!(found.is_empty(), "{}", found.render(Lang::En));
    let (playbook, found) = load(&shipped(playbook)).map_err(render)?;
    assert!(found.is_empty(), "{}", found.render(Lang::En));
    playbook.rendered(&inventory, &Limit::all()).map(|(rendered, _)| rendered).map_err(render)
}

fn rendered(role: &str, vars: &str) -> RenderedRouter {
    all_rendered("playbooks/online-eligibility.yaml", role, vars).unwrap_or_else(|e| panic!("{e}")).remove(0)
}

fn refused(role: &str, vars: &str) -> String {
    match all_rendered("playbooks/online-eligibility.yaml", role, vars) {
        Ok(_) => panic!("`{vars}` must be refused"),
        Err(found) => found,
    }
}

/// The lines of a rendering, as the document has them: no indentation, no `!`.
fn lines(rendered: &RenderedRouter) -> Vec<String> {
    rendered.lines.iter().map(|l| l.text.trim().to_owned()).filter(|l| l != "!").collect()
}

fn document(parts: &[&str]) -> Vec<String> {
    parts.iter().flat_map(|part| part.lines()).map(str::to_owned).collect()
}

#[test]
fn with_both_areas_and_every_other_default_the_rendering_is_the_document() {
    for (role, parts) in [
        ("router1", &[CLOSED_NETWORK, ROUTER1][..]),
        ("router2", &[STATEFUL, ROUTER2]),
        ("router3", &[STATEFUL, CLOSED_NETWORK, ROUTER3]),
    ] {
        let area = if role == "router2" { "" } else { "ntt_area: both" };
        assert_eq!(lines(&rendered(role, area)), document(parts), "{role}");
    }
}

#[test]
fn choosing_no_area_is_an_error_that_names_the_choices() {
    for role in ["router1", "router3"] {
        let found = refused(role, "");
        assert!(found.starts_with("error[variable.missing]: router `r` has no value for `ntt_area`"), "{found}");
        assert!(found.contains("write one of `ntt_area: east`, `ntt_area: west`, `ntt_area: both`"), "{found}");
    }
}

#[test]
fn one_area_leaves_out_the_servers_of_the_other() {
    for (area, servers) in [("east", "2404:1a8:f583:d00::53:"), ("west", "2001:a7ff:f014:d00::53:")] {
        let lines = lines(&rendered("router1", &format!("ntt_area: {area}")));
        let proxies: Vec<_> = lines.iter().filter(|l| l.starts_with("proxy-dns server")).collect();
        assert_eq!(proxies.len(), 2);
        assert!(proxies.iter().all(|l| l.contains(servers)), "{proxies:?}");
    }
}

#[test]
fn dns_on_the_terminal_leaves_out_the_blue_lines() {
    for role in ["router1", "router3"] {
        let blue = |line: &String| {
            ["proxy-dns", "url-list", "option-request", "ipv6 dhcp server-profile", "dns-server", "ipv6 dhcp server "]
                .iter()
                .any(|start| line.starts_with(start))
                || line == "ipv6 nd ra other-config-flag"
        };
        let expected: Vec<_> = lines(&rendered(role, "ntt_area: both")).into_iter().filter(|l| !blue(l)).collect();
        assert_eq!(lines(&rendered(role, "ntt_area: both, dns: terminal")), expected, "{role}");
    }
}

#[test]
fn a_closed_line_lets_out_only_the_allowed_prefixes() {
    let vars = "ntt_area: east, ipv6_internet: closed, allowed_prefixes: ['2001:db8:100::/40']";
    let rendered = rendered("router1", vars);
    let of = |start: &str| lines(&rendered).into_iter().filter(|l| l.starts_with(start)).collect::<Vec<_>>();
    assert_eq!(
        of("ipv6 access-list v6-allow-list"),
        [
            "ipv6 access-list v6-allow-list permit ip src any dest 2404:1a8:f583:d00::53:1/128",
            "ipv6 access-list v6-allow-list permit ip src any dest 2404:1a8:f583:d00::53:2/128",
            "ipv6 access-list v6-allow-list permit ip src any dest 2001:db8:100::/40",
        ]
    );
    assert_eq!(of("ipv6 access-list dynamic"), ["ipv6 access-list dynamic v6-dflt-list access v6-allow-list"]);
    assert_eq!(
        of("ipv6 filter"),
        [
            "ipv6 filter v6-permit-list 100 in",
            "ipv6 filter v6-deny-list 200 in",
            "ipv6 filter v6-link-list 100 out",
            "ipv6 filter v6-dflt-list 200 out",
        ]
    );
    // Nothing that goes out may have any destination.
    assert!(of("ipv6 access-list v6-link-list").iter().all(|l| !l.contains("dest any")));
    assert!(of("ipv6 access-list v6-dyn-list").is_empty());
    for line in lines(&rendered).iter().filter(|l| l.contains(" access-list ")) {
        let name = line.split(' ').nth(if line.contains(" dynamic ") { 3 } else { 2 }).unwrap();
        assert!(name.len() <= 15, "{name}");
    }
    let found = refused("router1", "ntt_area: east, ipv6_internet: closed");
    assert!(found.contains("ipv6_internet: closed needs allowed_prefixes"), "{found}");
}

const MANAGED: &str =
    "management: true, management_password: admin, management_allowed: [198.51.100.0/24, 203.0.113.7/32]";

#[test]
fn the_management_block_adds_an_administrator_and_a_fenced_ssh_server() {
    let expected = "\
username admin password plain 1 <secret:admin> administrator
ip access-list mgmt-src permit ip src 198.51.100.0/24 dest any
ip access-list mgmt-src permit ip src 203.0.113.7/32 dest any
ssh-server ip access-list mgmt-src
ssh-server ip enable
";
    // Router 2's interface is used as it is.
    let managed = rendered("router2", MANAGED);
    assert_eq!(lines(&managed), document(&[STATEFUL, ROUTER2, expected]));
    assert_eq!(managed.credentials.iter().map(ToString::to_string).collect::<Vec<_>>(), ["admin"]);

    // Router 1's terminals have no IPv4 address in the document: the block replaces `no ip address` there.
    let vars = format!("ntt_area: both, {MANAGED}, management_address: 192.0.2.1/29");
    let (head, tail) = ROUTER1.rsplit_once("no ip address\n").unwrap();
    let replaced = format!("{head}ip address 192.0.2.1/29\n{tail}");
    assert_eq!(lines(&rendered("router1", &vars)), document(&[CLOSED_NETWORK, &replaced, expected]));

    // Router 3's LANs are in a VRF: the block uses the ports that are in no group.
    let own = "interface GigaEthernet2.0\nip address 192.0.2.1/29\nno shutdown\n";
    assert_eq!(lines(&rendered("router3", &vars)), document(&[STATEFUL, CLOSED_NETWORK, ROUTER3, own, expected]));
}

#[test]
fn a_management_interface_that_cannot_work_is_refused() {
    let managed = format!("ntt_area: both, {MANAGED}, management_address: 192.0.2.1/29");
    for (role, vars, why) in [
        ("router1", "management_interface: GigaEthernet0.0", "the WAN cannot be the management interface"),
        ("router1", "management_interface: GigaEthernet1.0", "a bridge member cannot be the management interface"),
        ("router3", "management_interface: GigaEthernet0.0", "the WAN cannot be the management interface"),
        ("router3", "management_interface: GigaEthernet1.0", "a bridge member cannot be the management interface"),
        ("router3", "management_interface: 'GigaEthernet2:2.0'", "an interface in a VRF cannot be the management"),
        ("router3", "management_interface: 'GigaEthernet2:3.0'", "an interface in a VRF cannot be the management"),
        ("router3", "management_port: 7", "management_port is in a vlan-group"),
    ] {
        let found = refused(role, &format!("{managed}, {vars}"));
        assert!(found.starts_with(&format!("error[role.refused]: {why}")), "{role} {vars}: {found}");
        assert!(found.contains("rendered for router `r`"), "{found}");
        assert!(found.contains(vars.split(':').next().unwrap()), "{found}");
    }
    for (vars, why) in [
        ("management: true, management_allowed: [198.51.100.0/24]", "management needs management_password"),
        ("management: true, management_password: admin", "management needs management_allowed"),
        (MANAGED, "management needs management_address"),
    ] {
        let found = refused("router1", &format!("ntt_area: east, {vars}"));
        assert!(found.contains(why), "{found}");
    }
}

#[test]
fn switch_ports_and_groups_are_checked() {
    for (vars, why) in [
        ("terminal_ports: [1, 2]", "a switch port is in two vlan-groups"),
        ("terminal_ports: []", "each network needs at least one switch port"),
        ("terminal_ports: [1, 9]", "the IX2215 has no switch port 9"),
        ("link_interface: 'GigaEthernet2:3.0'", "the three networks need three different vlan-groups"),
        ("link_interface: 'GigaEthernet1:2.0'", "the IX2215 does not have an interface `GigaEthernet1:2.0`"),
        ("link_interface: GigaEthernet2.0", "is not the interface of a vlan-group"),
    ] {
        let found = refused("router3", &format!("ntt_area: both, {vars}"));
        assert!(found.contains(why), "{vars}: {found}");
    }
    let lines = lines(&rendered("router3", "ntt_area: both, link_interface: 'GigaEthernet2:5.0', link_ports: [2, 8]"));
    assert!(lines.contains(&"vlan-group 5 port 2 8".to_owned()));
    assert!(lines.contains(&"interface GigaEthernet2:5.0".to_owned()));
}

#[test]
fn the_day_2_playbook_owns_and_renders_the_url_list_alone() {
    let vars = "extra_domains: ['*new-service.example.jp']";
    let mut day2 = all_rendered("playbooks/add-domain.yaml", "router1", vars).unwrap();
    let changed = day2.remove(0);
    assert_eq!(changed.owns.iter().map(|o| o.value.as_str()).collect::<Vec<_>>(), ["url-list online-sikaku"]);
    let mut expected: Vec<String> =
        CLOSED_NETWORK.lines().filter(|l| l.starts_with("url-list")).map(str::to_owned).collect();
    expected.push("url-list online-sikaku permit domain *new-service.example.jp".to_owned());
    assert_eq!(lines(&changed), expected);
    // The same value builds the same list in the role that builds the router.
    let built = rendered("router1", &format!("ntt_area: east, {vars}"));
    assert!(expected.iter().all(|l| lines(&built).contains(l)));
    let nothing = all_rendered("playbooks/add-domain.yaml", "router2", "").unwrap_err();
    assert!(nothing.contains("error[playbook.nothing]"), "{nothing}");
}

#[test]
fn every_line_knows_its_template() {
    for line in rendered("router3", "ntt_area: both").lines {
        let source = line.origin.file.line(line.origin.line).trim().to_owned();
        let first = |text: &str| text.trim().split(' ').next().unwrap_or_default().to_owned();
        assert_eq!(first(&source), first(&line.text), "{}", line.origin);
    }
}

#[test]
fn every_line_knows_where_its_values_are_written() {
    let given = "ntt_area: west, ipv6_internet: closed, allowed_prefixes: ['2001:db8:100::/40', '2001:db8:200::/40'], \
                 extra_domains: ['*new.example']";
    let rendered = rendered("router3", given);
    let values = |start: &str| -> Vec<String> {
        let line = rendered.lines.iter().find(|line| line.text.trim().starts_with(start)).unwrap();
        let value = |place: &crate::inventory::Place| {
            let line = place.file.line(place.line);
            let text: String = line.chars().skip(place.column as usize - 1).take(place.length as usize).collect();
            format!("{} {text}", place.spot(2).file)
        };
        line.values.iter().map(value).collect()
    };
    assert_eq!(values("url-list online-sikaku permit domain *onshikaku.org"), [""; 0], "the template says it all");
    for (start, text) in [
        ("url-list online-sikaku permit domain *new.example", "'*new.example'"),
        ("ipv6 access-list v6-allow-list permit ip src any dest 2001:db8:200::/40", "'2001:db8:200::/40'"),
    ] {
        let found = values(start);
        assert!(found.len() == 1 && found[0].ends_with(text), "{start}: {found:?}");
    }
    let vrf = values("ip vrf forwarding");
    let role = Path::new("router3").join("role.yaml").display().to_string();
    assert!(vrf.len() == 1 && vrf[0].starts_with(&role), "a default is the role's: {vrf:?}");
}

#[test]
fn the_sample_inventory_is_right_with_every_playbook() {
    let (inventory, found) = crate::inventory::load(&shipped("inventories/sample-clinics.yaml"))
        .unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
    assert!(found.is_empty(), "{}", found.render(Lang::En));
    for (playbook, count) in [
        ("playbooks/online-eligibility.yaml", 3),
        ("playbooks/add-domain.yaml", 2),
        ("playbooks/add-domain-night.yaml", 2),
        ("playbooks/probe-line.yaml", 2),
    ] {
        let (playbook, _) = load(&shipped(playbook)).unwrap();
        let (rendered, found) =
            playbook.rendered(&inventory, &Limit::all()).unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
        assert!(found.is_empty(), "{}", found.render(Lang::En));
        assert_eq!(rendered.len(), count);
    }
}

#[test]
fn from_the_factory_each_role_can_be_planned_and_then_nothing_is_left_to_do() {
    use crate::dialect::model;
    use crate::ix::Config;
    use crate::plan::{Knowledge, Lifeline, Options, Request, plan};

    let managed = format!("{MANAGED}, management_address: 192.0.2.1/29");
    let closed = "ipv6_internet: closed, allowed_prefixes: ['2001:db8:100::/40']";
    for (role, vars) in [
        ("router1", "ntt_area: both".to_owned()),
        ("router1", format!("ntt_area: east, {closed}, {managed}")),
        ("router2", MANAGED.to_owned()),
        ("router3", "ntt_area: west, dns: terminal".to_owned()),
        ("router3", format!("ntt_area: both, {closed}, {managed}")),
    ] {
        let rendered = rendered(role, &vars);
        let model = model::find(&rendered.model).unwrap();
        let running = Config::parse(Dialect::ix(), model.factory().unwrap());
        let desired = Config::parse(Dialect::ix(), rendered.config.as_str());
        let request = Request {
            running: &running,
            desired: &desired,
            origins: None,
            ownership: &rendered.ownership,
            model: Some(model),
            factory: None,
            router_made: &[],
            lifeline: &Lifeline::Console,
            knowledge: &|_| Knowledge::Same,
            options: Options::default(),
        };
        let first = plan(&request).unwrap_or_else(|e| panic!("{role} {vars}: {e}"));
        let typed: Vec<&str> = first.commands.iter().map(|c| c.text.trim()).collect();
        let factory = model.factory().unwrap();
        for line in lines(&rendered).iter().filter(|l| !l.starts_with("no ") && !factory.contains(l.as_str())) {
            assert!(typed.contains(&line.as_str()), "{role}: `{line}` is not typed");
        }
        let second = plan(&Request { running: &first.expected, ..request }).unwrap();
        assert!(second.is_empty(), "{role} {vars}: {:?}", second.commands);
    }
}

#[test]
fn lint_finds_no_error_in_any_variant_with_one_area() {
    use crate::dialect::model;
    use crate::ix::Config;
    use crate::ix::lint::{Level, lint};

    let managed = format!("{MANAGED}, management_address: 192.0.2.1/29");
    let closed = "ipv6_internet: closed, allowed_prefixes: ['2001:db8:100::/40']";
    for (role, vars) in [
        ("router1", "ntt_area: east".to_owned()),
        ("router1", "ntt_area: west, dns: terminal".to_owned()),
        ("router1", format!("ntt_area: east, {closed}, {managed}")),
        ("router2", String::new()),
        ("router2", MANAGED.to_owned()),
        ("router3", "ntt_area: east".to_owned()),
        ("router3", format!("ntt_area: west, dns: terminal, {closed}, {managed}")),
    ] {
        let rendered = rendered(role, &vars);
        let found = lint(&Config::parse(Dialect::ix(), rendered.config.as_str()), model::find(&rendered.model), &[]);
        let serious: Vec<_> = found.iter().filter(|f| f.level != Level::Info).collect();
        assert!(serious.is_empty(), "{role} {vars}: {serious:?}");
    }
}
