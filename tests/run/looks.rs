//! A look at the box at the end of a cable: who it is, before anything is decided about it.
#![cfg(unix)]

use std::sync::Arc;

use ixdeploy::inventory::ConsoleHere;
use ixdeploy::message::Explain as _;
use ixdeploy::run::{self, LookRequest, NoOperator};
use ixdeploy::secret::KnownSecrets;
use mock_device::{RouterSpec, TransportSpec};
use test_support::harness::{Declared, prepared, router3};

use crate::operator::Scripted;
use crate::{bench, env, source};

#[test]
fn a_password_that_was_typed_before_the_first_box_is_that_of_a_look_during_which_no_one_can_be_asked() {
    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    let bench = bench(spec, Declared { console_login: true, lifeline: None, ..router3("r3") });
    let unattended = env(&bench, Arc::new(NoOperator));
    let loaded = run::load(&unattended, &source(&bench)).unwrap();
    let port = bench.endpoint("r3").path.as_ref().unwrap().display().to_string();
    let console = ConsoleHere { port, speed: 9600 };
    let request = LookRequest { console, any_speed: false, login_of: Some("r3".to_owned()) };
    let look = |secrets: &KnownSecrets| run::look(&unattended, &loaded.inventory, &request, secrets);
    assert_eq!(look(&KnownSecrets::default()).unwrap_err().code(), "secret.prompt-failed");
    let typed = KnownSecrets::default();
    run::ask_secrets(&env(&bench, Arc::new(Scripted::default())), &loaded, &typed).unwrap();
    assert_eq!(look(&typed).unwrap().identity.serial_number, Some(RouterSpec::new("r3").serial()));
}
