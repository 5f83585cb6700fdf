//! A whole configuration that names secrets by reference, held against what a router shows of them: a hash of what was typed.
//!
//! How it is known that a hash is that of the wanted secret, is asked; nothing is compared here that cannot be compared.

use super::Knowledge;
use super::target::public;
use crate::dialect::grammar::{GLOBAL, Grammar};
use crate::ix::mask::without_secret;
use crate::ix::{Config, Node};
use crate::secret::placeholders;

/// A wanted configuration with each line that refers to a secret as the router shows it, where `knowledge` says that it is this secret and
/// the line says nothing else otherwise; nothing where that holds for no line. A secret is named as in a [`super::Request`].
pub fn with_known_secrets(wanted: &Config, running: &Config, knowledge: &dyn Fn(&str) -> Knowledge) -> Option<Config> {
    let mut known = Known { knowledge, grammar: wanted.grammar(), found: false };
    let nodes = known.level(&mut Vec::new(), &wanted.nodes, &running.nodes);
    known.found.then(|| Config::from_nodes(wanted.dialect(), nodes))
}

struct Known<'k> {
    knowledge: &'k dyn Fn(&str) -> Knowledge,
    grammar: &'k Grammar,
    found: bool,
}

impl Known<'_> {
    fn level<'n>(&mut self, path: &mut Vec<&'n Node>, wanted: &'n [Node], running: &[Node]) -> Vec<Node> {
        wanted.iter().map(|node| self.line(path, node, running).unwrap_or_else(|| node.clone())).collect()
    }

    /// What is wanted in the place of a line that refers to a secret, or of a block that holds one; nothing where the line stays as it is.
    fn line<'n>(&mut self, path: &mut Vec<&'n Node>, node: &'n Node, running: &[Node]) -> Option<Node> {
        if !refers(node) {
            return None;
        }
        let shown = running.iter().find(|shown| shown.key == node.key && shown.off == node.off)?;
        if node.is_block() {
            path.push(node);
            let children = self.level(path, &node.children, &shown.children);
            path.pop();
            return Some(node.with_block(children));
        }
        let context = path.last().map_or(GLOBAL, |header| header.context());
        let owner = without_secret(&node.text, context, self.grammar)?;
        let headers = path.iter().map(|header| &*header.text);
        let name = headers.chain([owner.as_str()]).collect::<Vec<_>>().join(" / ");
        let is_same = public(node) == public(shown) && (self.knowledge)(&name) == Knowledge::Same;
        self.found |= is_same;
        is_same.then(|| shown.clone())
    }
}

/// Whether a line, or one in its block, refers to a secret.
fn refers(node: &Node) -> bool {
    placeholders(&node.text).next().is_some() || node.children.iter().any(refers)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::with_known_secrets;
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{Knowledge, same};

    const WANTED: &str = "username admin password plain 1 <secret:a> administrator\n\
                          nm account clinic password plain <secret:b>\n\
                          ppp profile isp\n  authentication secret-password me <secret:c>\n";
    const SHOWN: &str = "username admin password hash 01@ administrator\n\
                         nm account clinic password secret 02\n\
                         ppp profile isp\n  authentication secret-password me 03\n";

    fn parse(text: &str) -> Config {
        Config::parse(Dialect::ix(), text)
    }

    fn accepted(shown: &str, known: &[&str]) -> Option<Config> {
        let knowledge = |owner: &str| if known.contains(&owner) { Knowledge::Same } else { Knowledge::Unknown };
        with_known_secrets(&parse(WANTED), &parse(shown), &knowledge)
    }

    #[test]
    fn a_secret_that_is_known_to_be_there_is_wanted_as_the_router_shows_it() {
        let all = ["username admin", "nm account clinic", "ppp profile isp / authentication secret-password me"];
        assert!(same(&accepted(SHOWN, &all).unwrap(), &parse(SHOWN)));
        let one = accepted(SHOWN, &all[..1]).unwrap();
        assert!(same(&one, &parse(&WANTED.replace("plain 1 <secret:a>", "hash 01@"))), "each by itself");
        assert!(accepted(SHOWN, &[]).is_none());
    }

    #[test]
    fn a_known_password_excuses_no_other_right_and_no_missing_line() {
        let monitor = SHOWN.replace("administrator", "monitor");
        assert!(accepted(&monitor, &["username admin"]).is_none());
        assert!(accepted("", &["username admin"]).is_none());
        assert!(accepted("no username admin\n", &["username admin"]).is_none());
    }
}
