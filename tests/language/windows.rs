//! Lines that are in flight together: whichever of them is refused, the others open and close nothing, and their inverse leads back.

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::plan::rehearsal::Router;
use ixdeploy::plan::{self, Plan};

use crate::flow::Watch;

/// Of every window, each line alone, and every second line, is refused: the router carries out the rest of that window, and the
/// inverse of what it accepted leads back.
pub fn any_line_may_be_refused(plan: &Plan, old: &Config, watch: &Watch) {
    let windows = plan.windows(8);
    assert_eq!(windows.iter().cloned().flatten().collect::<Vec<_>>(), (0..plan.commands.len()).collect::<Vec<_>>());
    let mut router = Router::new(old);
    for window in windows {
        let lines = &plan.commands[window.clone()];
        assert!(
            lines.len() == 1 || lines.iter().all(|line| !line.opener && !line.alone && !line.may_cut && !line.secret)
        );
        let before: Vec<usize> = plan.commands[..window.start].iter().map(|command| command.number).collect();
        let every_second = |index: usize, refused: usize| refused == lines.len() && index % 2 == 1;
        for refused in (0..=lines.len()).filter(|_| lines.len() > 1) {
            let mut router = router.clone();
            let mut accepted = before.clone();
            for (index, line) in lines.iter().enumerate() {
                if index == refused || every_second(index, refused) {
                    continue;
                }
                router.enter(line).unwrap_or_else(|refusal| {
                    panic!(
                        "without the refused `{}`: {refusal}\n{}",
                        lines[refused.min(lines.len() - 1)].text,
                        plan.commands_text(true)
                    )
                });
                watch.pushed(router.config(), line);
                accepted.push(line.number);
            }
            router.configure();
            for command in plan.undo_of(|number| accepted.contains(&number)) {
                router.enter(&command).unwrap_or_else(|refusal| panic!("undo of a part: {refusal}"));
                watch.undone(router.config(), &command);
            }
            assert!(plan::same(router.config(), old), "a part of a window undone ends at\n{}", router.config().print());
        }
        for line in lines {
            router.enter(line).unwrap();
        }
    }
}

/// The entries behind a refused one would be judged without it: a list that a filter looks into gets them one by one.
#[test]
fn a_list_in_use_grows_line_by_line() {
    let interface = "interface GigaEthernet0.0\n  ip address 10.0.1.1/24\n  ip filter a 100 in\n  no shutdown\n";
    let first = "ip access-list a permit icmp src any dest any\n";
    let more = "ip access-list a deny tcp src any sport any dest any dport eq 22\n\
                ip access-list a permit ip src any dest any\n";
    for stateful in ["", "ip access-list dynamic b access a\n"] {
        let interface =
            if stateful.is_empty() { interface.to_owned() } else { interface.replace("filter a", "filter b") };
        let (old, new) = (format!("{first}{stateful}{interface}"), format!("{first}{more}{stateful}{interface}"));
        crate::flow::holds(&old, &new, true);
        let (old, new) = (Config::parse(Dialect::ix(), &old), Config::parse(Dialect::ix(), &new));
        let plan = plan::between(&old, &new, &plan::Lifeline::Console, 255).unwrap();
        assert_eq!(plan.windows(8), [0..1, 1..2], "{}", plan.commands_text(true));
    }
}
