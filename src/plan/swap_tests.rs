#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::collections::BTreeMap;

use super::{LoginReference, Swap, SwapError, Swapped, Unreferenced};
use crate::dialect::Dialect;
use crate::dialect::model;
use crate::ix::Config;
use crate::secret::CredentialName;

const OLD: &str = "hostname r1\n\
                   username admin password hash CanaryOld1@ administrator\n\
                   username clerk password hash CanaryOld2@ monitor\n\
                   ip route default GigaEthernet0.0\n\
                   device GigaEthernet0\n\
                   interface GigaEthernet0.0\n  description ## GigaEthernet0.0 ##\n  ip address 192.0.2.1/24\n  no shutdown\n\
                   interface GigaEthernet1.0\n  ip address 192.0.2.129/25\n  no shutdown\n";
const ROLE: &str = "username admin password plain 1 <secret:admin-password> administrator\n";

fn parse(text: &str) -> Config {
    Config::parse(Dialect::any(), text)
}

fn swapped(old: &str, role: Option<&str>, model: &str, renamed: &[(&str, &str)]) -> Result<Swapped, SwapError> {
    let (old, role) = (parse(old), role.map(parse));
    let renamed: BTreeMap<String, String> =
        renamed.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
    let model = model::find(model).unwrap();
    Swap { router: "r1", old: &old, rendered: role.as_ref(), login: None, model, renamed: &renamed }
        .planned(Unreferenced::Refuse)
}

#[test]
fn a_box_of_the_same_model_gets_the_old_state_but_no_hash() {
    let Swapped { configuration, asked, unattested } = swapped(OLD, Some(ROLE), "IX2215", &[]).unwrap();
    assert!(!configuration.contains("Canary"), "{configuration}");
    assert!(configuration.contains("username admin password plain 1 <secret:admin-password> administrator\n"));
    assert!(
        configuration.contains("username clerk password plain 1 <secret:r1.username-clerk> monitor\n"),
        "{configuration}"
    );
    let owners: Vec<_> = asked.iter().map(|asked| asked.owner.as_str()).collect();
    assert_eq!((owners, unattested.len()), (vec!["username clerk"], 0));
    let same = parse(&configuration);
    assert_eq!(same.nodes.len(), parse(OLD).nodes.len());
    assert!(configuration.contains("interface GigaEthernet1.0\n  ip address 192.0.2.129/25\n  no shutdown\n"));
}

#[test]
fn without_a_playbook_every_hashed_password_is_asked_for() {
    let found = swapped(OLD, None, "IX2215", &[]).unwrap();
    let owners: Vec<_> = found.asked.iter().map(|asked| asked.owner.as_str()).collect();
    assert_eq!(owners, ["username admin", "username clerk"]);
}

#[test]
fn an_interface_that_the_model_lacks_needs_a_person() {
    let old = OLD.replace("GigaEthernet1.0", "GigaEthernet7.0");
    let error = swapped(&old, Some(ROLE), "IX2215", &[]).unwrap_err();
    let SwapError::Interfaces { missing, .. } = &error else { panic!("{error:?}") };
    assert_eq!(missing, &["GigaEthernet7.0"]);
    let found = swapped(&old, Some(ROLE), "IX2215", &[("GigaEthernet7.0", "GigaEthernet1.0")]).unwrap();
    assert!(found.configuration.contains("interface GigaEthernet1.0\n"), "{}", found.configuration);
}

#[test]
fn a_name_is_changed_wherever_it_is_used_and_never_in_free_text() {
    let renamed = [("GigaEthernet0.0", "GigaEthernet1.0"), ("GigaEthernet1.0", "GigaEthernet0.0")];
    let found = swapped(OLD, Some(ROLE), "IX2215", &renamed).unwrap();
    assert!(found.configuration.contains("ip route default GigaEthernet1.0\n"), "{}", found.configuration);
    assert!(found.configuration.contains("interface GigaEthernet1.0\n  description ## GigaEthernet0.0 ##\n"));
}

#[test]
fn two_interfaces_never_become_one_and_a_slip_in_a_mapping_is_said() {
    let twice = swapped(OLD, Some(ROLE), "IX2215", &[("GigaEthernet0.0", "GigaEthernet1.0")]);
    assert_eq!(twice.unwrap_err(), SwapError::Twice { new: "GigaEthernet1.0".to_owned() });
    let unused = swapped(OLD, Some(ROLE), "IX2215", &[("GigaEthernet9.0", "GigaEthernet1.0")]);
    assert!(matches!(unused.unwrap_err(), SwapError::Unused { .. }));
}

#[test]
fn a_hash_that_cannot_be_asked_for_stops_the_swap_unless_its_line_is_left_out() {
    let old = format!("{OLD}snmpv3 user u g auth CanaryOld3\n");
    let error = swapped(&old, Some(ROLE), "IX2215", &[]).unwrap_err();
    let SwapError::Secrets { lines } = &error else { panic!("{error:?}") };
    assert!(lines.len() == 1 && !lines.concat().contains("Canary"), "{lines:?}");
    let (old, renamed) = (parse(&old), BTreeMap::new());
    let swap = Swap {
        router: "r1",
        old: &old,
        rendered: None,
        login: None,
        model: model::find("IX2215").unwrap(),
        renamed: &renamed,
    };
    let found = swap.planned(Unreferenced::LeaveOut).unwrap();
    assert!(!found.configuration.contains("snmpv3"), "{}", found.configuration);
}

#[test]
fn the_password_of_the_user_who_logs_in_is_that_of_the_login() {
    let (old, renamed, credential) = (parse(OLD), BTreeMap::new(), CredentialName::new("console-password").unwrap());
    let login = Some(LoginReference { user: "clerk", credential: &credential });
    let model = model::find("IX2215").unwrap();
    let swap = Swap { router: "r1", old: &old, rendered: None, login, model, renamed: &renamed };
    let found = swap.planned(Unreferenced::Refuse).unwrap();
    let line = "username clerk password plain 1 <secret:console-password> monitor\n";
    assert!(found.configuration.contains(line), "{}", found.configuration);
    let owners: Vec<_> = found.asked.iter().map(|asked| asked.owner.as_str()).collect();
    assert_eq!(owners, ["username admin"]);
}

#[test]
fn a_netmeister_account_is_asked_for_under_a_name_of_its_own() {
    let old = format!("{OLD}nm account clinic password secret CanaryOld4\n");
    let found = swapped(&old, Some(ROLE), "IX2215", &[]).unwrap();
    let line = "nm account clinic password plain <secret:r1.nm-account-clinic>\n";
    assert!(found.configuration.contains(line), "{}", found.configuration);
    assert!(!found.configuration.contains("Canary"), "{}", found.configuration);
}

#[test]
fn names_that_become_the_same_are_numbered() {
    let old = "username a/b password hash CanaryOld5@ monitor\nusername a+b password hash CanaryOld6@ monitor\n";
    let found = swapped(old, None, "IX2215", &[]).unwrap();
    let names: Vec<_> = found.asked.iter().map(|asked| asked.credential.as_str()).collect();
    assert_eq!(names, ["r1.username-a-b", "r1.username-a-b-2"]);
}

#[test]
fn a_reference_of_the_roles_counts_in_its_own_block_and_leaves_the_right_of_the_user() {
    let old = "username admin password hash CanaryOld1@ monitor\n\
               ppp profile one\n  authentication secret-password me CanaryOld7\n\
               ppp profile two\n  authentication secret-password me CanaryOld8\n";
    let role = format!("{ROLE}ppp profile two\n  authentication secret-password me <secret:two>\n");
    let error = swapped(old, Some(&role), "IX2215", &[]).unwrap_err();
    let SwapError::Secrets { lines } = &error else { panic!("{error:?}") };
    assert_eq!(lines.len(), 1, "{lines:?}");
    let role = role.replace("profile two", "profile one")
        + "ppp profile two\n  authentication secret-password me <secret:two>\n";
    let found = swapped(old, Some(&role), "IX2215", &[]).unwrap();
    assert_eq!(found.configuration.matches("secret-password me <secret:two>\n").count(), 2, "{}", found.configuration);
    assert!(found.configuration.contains("<secret:admin-password> monitor\n"), "{}", found.configuration);
}

#[test]
fn the_credentials_of_a_swap_are_known_before_it_is_known_that_the_box_fits() {
    let old = OLD.replace("GigaEthernet1.0", "GigaEthernet7.0");
    let (old, role, renamed) = (parse(&old), parse(ROLE), BTreeMap::new());
    let model = model::find("IX2215").unwrap();
    let swap = Swap { router: "r1", old: &old, rendered: Some(&role), login: None, model, renamed: &renamed };
    assert!(swap.planned(Unreferenced::Refuse).is_err());
    let names: Vec<String> = swap.credentials().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["admin-password", "r1.username-clerk"]);
}
