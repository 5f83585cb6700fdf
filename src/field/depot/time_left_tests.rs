//! How long the lines of the routers in progress still take.

use super::depot_tests::{all, box_of, depot, ended, ports, said, typed};
use super::{Depot, DepotEvent, DepotOrder};
use crate::field::Outgoing;
use crate::field::recognise::tests::candidate;
use crate::state::Verdict;

#[test]
fn each_router_in_progress_says_how_long_its_lines_still_take_while_they_go_out() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A", "B"]), box_of(1, "1"), box_of(2, "2")]);
    let planned = |router: &str| DepotEvent::Planned { router: router.to_owned(), lengths: vec![64; 10] };
    let sending = |router: &str, number, at_ms| {
        let line = Outgoing { number, at_ms };
        DepotEvent::Sending { router: router.to_owned(), line }
    };
    let boards = |depot: &Depot| depot.page(&[]).lines[..2].join("\n");
    depot.on(sending("r1", 1, 0));
    assert!(!boards(&depot).contains("left"), "what will be sent is not known: {}", boards(&depot));
    all(&mut depot, [planned("r1"), planned("r2"), sending("r1", 1, 0), sending("r2", 1, 0), sending("r2", 6, 40_000)]);
    let board = boards(&depot);
    assert!(board.contains("[1] A: ") && board.contains("r1 (role: router1): 0:01 left"), "{board}");
    assert!(board.contains("[2] B: ") && board.contains("r2 (role: router1): 0:40 left"), "{board}");
    let status: Vec<DepotOrder> = depot.on(typed("s"));
    assert!(said(&status).contains("0:40 left"), "{status:?}");
    all(&mut depot, [DepotEvent::Sent { router: "r2".to_owned() }, ended("r1", Verdict::Done)]);
    let board = boards(&depot);
    assert!(!board.contains("left") && board.contains("r2 (role: router1): in progress"), "{board}");
}
