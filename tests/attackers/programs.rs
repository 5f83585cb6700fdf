//! Programs on a terminal of their own that print forever.

use ixdeploy::transport::command::{self, CommandTarget};

use crate::budget::{within_memory, within_time};
use crate::own_process;
use crate::peer::{Attack, Phase};
use crate::stage::live_through;
use std::time::Duration;

#[test]
fn a_program_that_prints_for_ever_is_left_and_ended() {
    if own_process::moved(a_program_that_prints_for_ever_is_left_and_ended) {
        return;
    }
    let lines = "yes 'Loading: x'";
    let rows = "while :; do printf 'a row\\r\\n'; done";
    let stubborn = "trap '' TERM HUP INT; yes";
    let text = "yes x | tr -d '\\n'";
    let drip = "while :; do printf x; sleep 0.02; done";
    for script in [lines, rows, stubborn, text, drip] {
        for console in [None, Some(115_200)] {
            within_memory(script, || {
                let words = ["sh", "-c", script].map(str::to_owned).to_vec();
                // The program has its grace to end.
                within_time(script, Duration::from_secs(3), || {
                    let link = command::open(&CommandTarget { words, console }).unwrap();
                    live_through(link, Phase::Greeting, Attack::Flood(b"a program"));
                });
            });
        }
    }
}
