//! More than one line under way.

use ixdeploy::session::{Expect, SendLine, SessionError};

use crate::{CHUNKS, configured, in_config};

#[test]
fn a_window_is_read_in_any_chunks() {
    for chunk in CHUNKS {
        let prompt = "Router(config)# ";
        let fake = in_config(chunk)
            .wants("! 1 -------\n! 2 -------\n! 3 -------\n")
            .says(format!("! 1 -------\r\n{prompt}! 2 -------\r\n{prompt}! 3 -------\r\n{prompt}"))
            .wants("ip a\nip b\nhostname r9\n")
            .says(format!("ip a\r\n% ip -- Invalid command.\r\n{prompt}ip b\r\n% You must restart the router for this configuration to take effect.\r\n"))
            .says(format!("{prompt}hostname r9\r\nr9(config)# "))
            .line("exit", "r9# ");
        let (mut session, _) = configured(fake);
        assert!(session.prove_type_ahead(3, 11).unwrap());
        let window = ["ip a", "ip b", "hostname r9"].map(|text| (SendLine::new(1, text, false), Expect::Global));
        let results = session.run_window(&window);
        assert!(matches!(results[0], Err(SessionError::Refused { .. })), "{results:?}");
        assert!(results[1].as_ref().unwrap().restart_required());
        assert_eq!((results.len(), session.host()), (3, "r9"));
        session.leave_config().unwrap();
    }
}

#[test]
fn a_router_that_loses_type_ahead_is_found_out() {
    for chunk in CHUNKS {
        let fake = in_config(chunk).wants("! 1\n! 2\n! 3\n").says("! 1\r\nRouter(config)# ! 3\r\nRouter(config)# ");
        let fake = fake.wants("\x15\n").says("\r\nRouter(config)# ").line("ip a", "Router(config)# ");
        let (mut session, _) = configured(fake);
        assert!(!session.prove_type_ahead(3, 3).unwrap());
        assert_eq!(session.run_window(&[(SendLine::new(1, "ip a", false), Expect::Global)]).len(), 1);
    }
}
