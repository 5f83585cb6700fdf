//! Whether a command that only looks may see something that a plan adds or changes.
//!
//! When in doubt it does: what a check says is excused only where the plan cannot have to do with it. Knows the words of lines and the
//! table's mark of what opens or closes a path, and no single command.

use super::command::Plan;
use crate::dialect::grammar::{GLOBAL, words};
use crate::dialect::model::looks_like_interface;

impl Plan {
    /// Whether what a command says (`show ip interface GigaEthernet0.0`, `ping 192.0.2.1`) may have to do with what this plan changes.
    ///
    /// A `show` command that names what the router had before has to do with lines that name it, too. A ping, or anything else that
    /// goes out, has to do with every line that can open or close a path. One that names nothing looks at the whole router.
    pub fn is_seen_by(&self, look: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let look = words(look);
        let names: Vec<&str> = look.iter().skip(1).copied().filter(|word| is_name(word)).collect();
        if names.is_empty() || names.iter().any(|name| self.mentions(name)) {
            return true;
        }
        match look.first() {
            Some(&"show") => !names.iter().all(|name| self.was_there(name)),
            _ => self.touches_paths(),
        }
    }

    /// Whether a line names it, or the interface that it is a part of.
    fn mentions(&self, name: &str) -> bool {
        self.commands.iter().any(|command| words(&command.text).into_iter().any(|word| is_about(word, name)))
    }

    /// Whether the router had it before, in these very words: an abbreviation is not told from something unknown.
    fn was_there(&self, name: &str) -> bool {
        let mut found = false;
        self.before().walk(&mut |_, node| found |= words(&node.text).contains(&name));
        found
    }

    /// Whether a line can open or close a path, or is not known well enough to say that it cannot.
    fn touches_paths(&self) -> bool {
        let grammar = self.expected.grammar();
        let mut modes: Vec<String> = Vec::new();
        self.commands.iter().any(|command| {
            modes.truncate(command.depth);
            let mode = modes.last().map_or(GLOBAL, String::as_str);
            let known = grammar.look_up(mode, &words(&command.text));
            if command.opener {
                modes.push(known.as_ref().and_then(|known| known.row.opens.clone()).unwrap_or_default());
            }
            known.is_none_or(|known| known.row.cuts || known.row.family || known.row.up)
        })
    }
}

/// Whether a word of a command names something, and is no word of the language.
fn is_name(word: &str) -> bool {
    word.chars().any(|character| !character.is_ascii_lowercase())
}

/// Whether a word of a line names this, an interface that shares its port, or a network that begins with it.
fn is_about(word: &str, name: &str) -> bool {
    let base = |word: &str| word.split(['.', ':']).next().unwrap_or_default().to_owned();
    let address = word.split('/').next().unwrap_or_default();
    word == name || address == name || (looks_like_interface(name) && base(word) == base(name))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{Lifeline, Plan, between};

    const BEFORE: &str = "\
url-list sites permit domain a.example
device GigaEthernet0
!
interface GigaEthernet0.0
  ip address 192.0.2.1/24
  no shutdown
!
interface GigaEthernet1.0
  no ip address
  no shutdown
!
";

    fn plan(change: impl Fn(&str) -> String) -> Plan {
        let config = |text: &str| Config::parse(Dialect::ix(), text);
        between(&config(BEFORE), &config(&change(BEFORE)), &Lifeline::Console, 255).unwrap()
    }

    fn adding_a_domain() -> Plan {
        plan(|before| before.replace("a.example\n", "a.example\nurl-list sites permit domain b.example\n"))
    }

    fn with_an_address() -> Plan {
        plan(|before| before.replace("no ip address", "ip address 198.51.100.1/24"))
    }

    #[test]
    fn a_plan_without_commands_is_seen_by_nothing() {
        assert!(!plan(str::to_owned).is_seen_by("show ip route"));
    }

    #[test]
    fn a_show_command_sees_the_lines_that_name_what_it_names() {
        assert!(!adding_a_domain().is_seen_by("show ip interface GigaEthernet0.0"));
        assert!(!with_an_address().is_seen_by("show ip interface GigaEthernet0.0"));
        assert!(with_an_address().is_seen_by("show ip interface GigaEthernet1.0"));
        assert!(with_an_address().is_seen_by("show interface GigaEthernet1:1.0"), "a part of the same port");
    }

    #[test]
    fn a_show_command_about_the_whole_router_or_about_something_unknown_sees_every_plan() {
        for look in ["show ip route", "show ip interface GigaEthernet9.0", "show ip interface Gi0.0"] {
            assert!(adding_a_domain().is_seen_by(look), "{look}");
        }
    }

    #[test]
    fn a_ping_sees_what_can_open_or_close_a_path() {
        assert!(!adding_a_domain().is_seen_by("ping 203.0.113.1"));
        assert!(with_an_address().is_seen_by("ping 203.0.113.1"));
        let shut = plan(|before| before.replacen("no shutdown", "shutdown", 1));
        assert!(shut.is_seen_by("ping 203.0.113.1"));
    }
}
