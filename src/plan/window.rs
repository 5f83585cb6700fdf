//! Which lines of a plan may be under way together.
//!
//! When a line is refused, the lines behind it in its window are on their way already. So a window never holds a line together
//! with one that depends on it, and whatever opens or leaves a section, manages access, filters, addresses, routes, carries our
//! session, holds a secret, or is not known well, goes alone. What proves that a router takes more than one line at a time is
//! the session's business.

use std::ops::Range;

use super::command::{Command, Plan};
use crate::ix::Node;
use crate::ix::grammar::{GLOBAL, Grammar, Kind};

impl Plan {
    /// The lines as windows of at most `most` lines, each the indices of its commands; together they are the whole plan in order.
    pub fn windows(&self, most: usize) -> Vec<Range<usize>> {
        let lines = placed(&self.commands, self.expected.grammar());
        let mut windows: Vec<Range<usize>> = Vec::new();
        for (index, (line, command)) in lines.iter().zip(&self.commands).enumerate() {
            let joins = windows.last().is_some_and(|window| {
                let inside = lines.get(window.clone()).unwrap_or_default();
                let commands = self.commands.get(window.clone()).unwrap_or_default();
                window.len() < most && may_join((line, command), inside.iter().zip(commands))
            });
            match windows.last_mut().filter(|_| joins) {
                Some(window) => window.end = index + 1,
                None => windows.push(index..index + 1),
            }
        }
        windows
    }
}

/// A line where it is typed: what the grammar knows of it, nothing where it goes alone.
struct Line {
    section: Vec<String>,
    known: Option<Known>,
}

/// What decides whether a line depends on another.
struct Known {
    node: Node,
    defines: Vec<String>,
    refers: Vec<String>,
}

/// Every command with the section it is typed in.
fn placed(commands: &[Command], grammar: &Grammar) -> Vec<Line> {
    let mut section: Vec<String> = Vec::new();
    let mut lines = Vec::with_capacity(commands.len());
    for command in commands {
        section.truncate(command.depth);
        let context = section
            .iter()
            .fold(GLOBAL.to_owned(), |context, header| Node::new(grammar, &context, header, 0).context().to_owned());
        let known = if goes_alone(command) { None } else { Known::of(Node::new(grammar, &context, &command.text, 0)) };
        lines.push(Line { section: section.clone(), known });
        if command.opener {
            section.push(command.text.clone());
        }
    }
    lines
}

/// What the plan itself says: openers and ways out, the lifeline, secrets, unknown lines, lines that nothing takes back.
fn goes_alone(command: &Command) -> bool {
    command.alone
        || command.opener
        || command.may_cut
        || command.secret
        || command.unrecognised
        || command.irreversible.is_some()
}

impl Known {
    /// Nothing for a line that the grammar does not know well enough.
    fn of(node: Node) -> Option<Self> {
        let row = node.row.as_ref()?;
        let lonely = row.cuts || row.mgmt || row.family || row.prompt_host || row.vlan_group || row.up;
        if lonely || row.secret.is_some() || row.deletes.is_some() || row.opens.is_some() || row.kind == Kind::Chain {
            return None;
        }
        let (words, captures) = node.read();
        let relations = row.defines.len() + row.refers.len();
        // A removal in words of its own does not say which objects it is about.
        if relations > 0 && row.pattern.matches(&row.args, &words).is_none() {
            return None;
        }
        let names = |relations: &[_]| {
            let objects = relations.iter().flat_map(|relation| row.objects(relation, &words, &captures));
            objects.map(|object| object.id().to_owned()).collect::<Vec<_>>()
        };
        let (defines, refers) = (names(&row.defines), names(&row.refers));
        Some(Self { node, defines, refers })
    }

    /// Whether one of two lines of a section must have been accepted for the other to mean what it should.
    fn depends(&self, other: &Self) -> bool {
        let meet = |one: &[String], two: &[String]| one.iter().any(|object| two.contains(object));
        let slot = |line: &Self| line.node.row.as_ref().map(|row| row.slot.clone());
        let id = |line: &Self| line.node.row.as_ref().map(|row| row.id.clone());
        let ordered = |line: &Self| matches!(line.node.kind(), Some(Kind::List | Kind::Head));
        let same_line = self.node.key == other.node.key || slot(self) == slot(other) && id(self) != id(other);
        let used = meet(&self.defines, &other.refers) || meet(&self.refers, &other.defines);
        // Entries of an ordered list mean something in their order only; what goes and what comes of one object are no pair.
        let order = ordered(self) || ordered(other) || self.node.off != other.node.off;
        same_line || used || order && meet(&self.defines, &other.defines)
    }
}

/// Whether a line may follow these before they are answered.
fn may_join<'a>((line, command): (&Line, &Command), mut window: impl Iterator<Item = (&'a Line, &'a Command)>) -> bool {
    let Some(known) = &line.known else { return false };
    window.all(|(before, other)| {
        let Some(earlier) = &before.known else { return false };
        // A line whose inverse is an earlier line's must not outlive that line's refusal.
        let covered = command.inverse.is_empty() && !other.inverse.is_empty();
        before.section == line.section && command.expect == other.expect && !covered && !earlier.depends(known)
    })
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a failed test is the point")]
mod tests {
    use crate::ix::Config;
    use crate::plan::{Lifeline, between};

    /// The windows of the plan from one configuration to another, each as its lines; the lines that go alone are left out.
    fn windows(old: &str, new: &str, most: usize) -> Vec<Vec<String>> {
        let plan = between(&Config::parse(old), &Config::parse(new), &Lifeline::Console, 255).expect("a plan");
        let windows = plan.windows(most);
        assert_eq!(windows.iter().cloned().flatten().collect::<Vec<_>>(), (0..plan.commands.len()).collect::<Vec<_>>());
        let text = |window: std::ops::Range<usize>| {
            plan.commands[window].iter().map(|command| command.text.clone()).collect::<Vec<_>>()
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
        assert_eq!(windows("", list, 16).len(), 1, "two entries by number stand for themselves");
        let used = "url-list u permit domain a.example\nproxy-dns server 192.0.2.1 url-list u priority 100\n";
        assert!(windows("", used, 16).is_empty(), "a list and its use");
        assert!(windows(used, "", 16).is_empty(), "and back");
        let replaced = windows("ntp interval 60\n", "ntp interval 3600\n", 16);
        assert!(replaced.is_empty(), "{replaced:?}");
    }

    #[test]
    fn what_could_cut_or_open_a_path_goes_alone() {
        for lines in [
            "ip access-list a permit ip src any dest any\nip access-list a deny ip src any dest any\n",
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
    fn a_window_stays_in_its_section() {
        let new = "ip dhcp profile lan1\n  assignable-range 10.0.0.2 10.0.0.9\n  default-gateway 10.0.0.1\n  dns-server 10.0.0.1\n\
             ntp ip enable\n";
        let found = windows("", new, 16);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().flatten().all(|line| line != "ntp ip enable" && !line.starts_with("ip dhcp profile")));
    }
}
