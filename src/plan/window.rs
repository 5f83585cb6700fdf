//! Which lines of a plan may be in flight together.
//!
//! When a line is refused, the lines after it in its window have been sent already. So a window never holds a line together with
//! one that depends on it; whatever opens or leaves a section, manages access, is a filter or an address, opens an interface,
//! carries our session, holds a secret or is not known well goes alone; and a line that can open or close a path shares a window
//! only where nothing passes yet (`idle`). What proves that a router takes more than one line at a time is the session's business.

use std::ops::Range;
use std::sync::Arc;

use super::command::{Command, Plan};
use super::idle::Idle;
use crate::dialect::grammar::{CommandKind, GLOBAL, Relation, Row};
use crate::ix::Node;

impl Plan {
    /// The lines as windows of at most `most` lines, each the indices of its commands; together they are the whole plan in order.
    pub fn windows(&self, most: usize) -> Vec<Range<usize>> {
        let lines = self.placed();
        let mut windows: Vec<Range<usize>> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let joins = windows.last().is_some_and(|window| {
                let inside = lines.get(window.clone()).unwrap_or_default();
                window.len() < most && inside.iter().all(|before| line.may_follow(before))
            });
            match windows.last_mut().filter(|_| joins) {
                Some(window) => window.end = index + 1,
                None => windows.push(index..index + 1),
            }
        }
        windows
    }

    /// Every command where it is typed.
    fn placed(&self) -> Vec<WindowLine<'_>> {
        let grammar = self.expected.grammar();
        let mut idle = Idle::of(self.before());
        let mut section: Vec<Node> = Vec::new();
        let mut lines = Vec::with_capacity(self.commands.len());
        for command in &self.commands {
            section.truncate(command.depth);
            let node = Node::new(grammar, section.last().map_or(GLOBAL, |header| header.context()), &command.text, 0);
            let block = section.first();
            let is_idle = idle.holds(block, &node);
            idle.typed(block, &node);
            let known = Known::of(command, &node, is_idle);
            lines.push(WindowLine { command, depth: section.len(), known });
            if command.opener {
                section.push(node);
            }
        }
        lines
    }
}

/// A line of a plan where it is typed.
struct WindowLine<'p> {
    command: &'p Command,
    /// How many sections are open. No window reaches over an opener or a way out, so that inside one equal means the same section.
    depth: usize,
    /// Nothing for a line that goes alone.
    known: Option<Known>,
}

/// What decides whether a line that may share a window depends on another.
struct Known {
    node: Node,
    /// What it is about carries nothing.
    is_idle: bool,
    /// The objects that it creates or removes.
    defines: Vec<Arc<str>>,
    /// The objects that it begins to use, or no longer uses.
    refers: Vec<Arc<str>>,
}

impl Known {
    /// Nothing for a line that goes alone.
    fn of(command: &Command, node: &Node, is_idle: bool) -> Option<Self> {
        let of_plan = command.alone
            || command.opener
            || command.may_cut
            || command.secret
            || command.unrecognised
            || command.irreversible.is_some();
        let row = node.row.as_ref().filter(|row| !of_plan && !goes_alone(row) && (is_idle || !row.cuts))?;
        let (words, captures) = node.read();
        // A removal in words of its own does not say which objects it is about.
        if !(row.defines.is_empty() && row.refers.is_empty()) && row.pattern.matches(&row.args, &words).is_none() {
            return None;
        }
        let objects = |relations: &[Relation]| {
            let objects = relations.iter().flat_map(|relation| row.objects(relation, &words, &captures));
            objects.map(|object| object.shared()).collect()
        };
        let (defines, refers) = (objects(&row.defines), objects(&row.refers));
        Some(Self { is_idle, defines, refers, node: node.clone() })
    }

    /// Whether one of two lines of a section must have been accepted for the other to mean what it should.
    fn depends_on(&self, other: &Self) -> bool {
        let meet = |one: &[Arc<str>], two: &[Arc<str>]| one.iter().any(|object| two.contains(object));
        let row =
            |line: &Self| line.node.row.as_ref().map(|row| (row.slot.clone(), row.id.clone())).unwrap_or_default();
        let ((slot, id), (other_slot, other_id)) = (row(self), row(other));
        let same_line = self.node.key == other.node.key || slot == other_slot && id != other_id;
        let used = meet(&self.defines, &other.refers) || meet(&self.refers, &other.defines);
        // Entries of an ordered list mean something in their order only, once something uses the list.
        let ordered =
            |line: &Self| matches!(line.node.kind(), Some(CommandKind::List | CommandKind::Follow | CommandKind::Head));
        let in_order = (ordered(self) || ordered(other)) && meet(&self.defines, &other.defines);
        same_line || used || in_order && !(self.is_idle && other.is_idle)
    }
}

/// Commands that go alone anywhere.
fn goes_alone(row: &Row) -> bool {
    row.mgmt
        || row.family
        || row.prompt_host
        || row.vlan_group
        || row.up
        || row.address
        || row.restart
        || row.secret.is_some()
        || !row.deletes.is_empty()
        || row.opens.is_some()
        || row.kind == CommandKind::Chain
}

impl WindowLine<'_> {
    /// Whether it may be in flight before an earlier line of its window is answered.
    fn may_follow(&self, before: &Self) -> bool {
        let (Some(known), Some(earlier)) = (&self.known, &before.known) else { return false };
        self.depth == before.depth
            && self.command.expect == before.command.expect
            // What goes and what comes may be the two halves of one change.
            && known.node.off == earlier.node.off
            && !known.depends_on(earlier)
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a failed test is the point")]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{Lifeline, between};

    /// The windows of the plan from one configuration to another, each as its lines; the lines that go alone are left out.
    fn windows(old: &str, new: &str, most: usize) -> Vec<Vec<String>> {
        let plan =
            between(&Config::parse(Dialect::ix(), old), &Config::parse(Dialect::ix(), new), &Lifeline::Console, 255)
                .expect("a plan");
        let windows = plan.windows(most);
        assert_eq!(windows.iter().cloned().flatten().collect::<Vec<_>>(), (0..plan.commands.len()).collect::<Vec<_>>());
        let text = |window: std::ops::Range<usize>| {
            plan.commands[window].iter().map(|command| command.text.to_string()).collect::<Vec<_>>()
        };
        windows.into_iter().filter(|window| window.len() > 1).map(text).collect()
    }

    #[test]
    fn lines_that_have_nothing_to_do_with_each_other_go_together() {
        let new = "timezone +09 00\nlogging subsystem all warn\nntp ip enable\nntp interval 3600\n";
        assert_eq!(windows("", new, 16), [new.lines().collect::<Vec<_>>()]);
        assert_eq!(windows("", new, 3).len(), 1, "the fourth goes alone");
        assert!(windows("", new, 1).is_empty());
    }

    #[test]
    fn a_line_never_goes_with_one_that_it_depends_on() {
        let list = "ip prefix-list p 10 permit 10.0.0.0/8\nip prefix-list p 20 permit 172.16.0.0/12\n";
        assert_eq!(windows("", list, 16).len(), 1, "two entries by number are their own keys");
        let used = "url-list u permit domain a.example\nproxy-dns server 192.0.2.1 url-list u priority 100\n";
        assert!(windows("", used, 16).is_empty(), "a list and its use");
        assert!(windows(used, "", 16).is_empty(), "and back");
        let replaced = windows("ntp interval 60\n", "ntp interval 3600\n", 16);
        assert!(replaced.is_empty(), "{replaced:?}");
    }

    #[test]
    fn a_line_that_could_cut_or_open_a_path_goes_alone() {
        for lines in [
            "ip route 10.0.0.0/8 192.0.2.1\nip route 10.1.0.0/16 192.0.2.1\n",
            "username a password hash 1@ administrator\nusername b password hash 2@ administrator\n",
            "interface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n",
            "interface GigaEthernet0.0\n  ip vrf forwarding v\n  ip address 192.0.2.1/24\n",
            "ssh-server ip enable\nhttp-server ip enable\n",
            "flux-capacitor enable\nflux-capacitor level 11\n",
            "hostname a\nntp ip enable\n",
            "nm account g password plain x\nnm ip enable\n",
        ] {
            assert!(windows("", lines, 16).is_empty(), "{lines}");
        }
    }

    #[test]
    fn a_line_that_can_open_a_path_shares_a_window_only_while_nothing_passes() {
        let list = "ip access-list a permit tcp src any sport any dest any dport eq 80\nip access-list a deny ip src any dest any\n";
        assert_eq!(windows("", list, 16), [list.lines().collect::<Vec<_>>()], "a list that nothing uses");
        let bound = "interface GigaEthernet0.0\n  ip filter a 100 in\n";
        assert!(windows(bound, &(list.to_owned() + bound), 16).is_empty(), "a list that a filter names already");
        let looked_into = "ip access-list dynamic d access a\n";
        assert!(windows(looked_into, &(list.to_owned() + looked_into), 16).is_empty(), "or a stateful list");
        let stateful = windows("", &(list.to_owned() + looked_into), 16);
        assert_eq!(stateful, [list.lines().collect::<Vec<_>>()], "a stateful list needs those that it looks into");

        let block = |state: &str, more: &str| format!("interface GigaEthernet0.0\n  ip napt enable\n{more}  {state}\n");
        let dhcp = "  ipv6 dhcp client pd\n  bridge-group 1\n";
        let shut = windows(&block("shutdown", ""), &block("no shutdown", dhcp), 16);
        assert_eq!(shut, [["ipv6 dhcp client pd", "bridge-group 1"]], "a shut interface, and it opens alone");
        assert!(windows(&block("no shutdown", ""), &block("no shutdown", dhcp), 16).is_empty(), "an open interface");
        let closed = windows(&block("no shutdown", ""), &block("shutdown", dhcp), 16);
        assert_eq!(closed, [["ipv6 dhcp client pd", "bridge-group 1"]], "an interface that we have shut first");
    }

    #[test]
    fn the_undo_of_a_list_works_whichever_of_its_lines_was_accepted() {
        let list = "ip access-list a permit tcp src any sport any dest any dport eq 80\nip access-list a deny ip src any dest any\n";
        let new = format!("ip dhcp enable\n{list}");
        let plan =
            between(&Config::parse(Dialect::ix(), ""), &Config::parse(Dialect::ix(), &new), &Lifeline::Console, 255)
                .expect("a plan");
        let undo = |accepted: &[usize]| {
            plan.undo_of(|number| accepted.contains(&number))
                .iter()
                .map(|line| line.text.to_string())
                .collect::<Vec<_>>()
        };
        for accepted in [&[2, 3][..], &[2], &[3]] {
            assert_eq!(undo(accepted), ["no ip access-list a"], "{accepted:?}");
        }
        assert_eq!(undo(&[1, 3]), ["no ip access-list a", "no ip dhcp enable"]);
        assert_eq!(undo(&[1]), ["no ip dhcp enable"]);
    }

    #[test]
    fn removals_and_additions_do_not_share_a_window() {
        let (old, new) = ("ntp server 192.0.2.1\n", "ntp server 192.0.2.2\n");
        assert!(windows(old, new, 16).is_empty());
    }

    #[test]
    fn a_window_stays_in_its_section() {
        let new = "ip dhcp profile lan1\n  assignable-range 10.0.0.2 10.0.0.9\n  default-gateway 10.0.0.1\n  dns-server 10.0.0.1\n\
             ntp ip enable\n";
        let found = windows("", new, 16);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().flatten().all(|line| line != "ntp ip enable" && !line.starts_with("ip dhcp profile")));
    }
}
