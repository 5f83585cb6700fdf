//! What a box must run in the place of another one: the other's last state, on interfaces that this box has, and with passwords from where
//! they are kept.
//!
//! A router shows a password as a hash, and whether another box accepts that hash is not known: so none is taken over. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::grammar::ComesBack;
use crate::dialect::model::{Model, Presence};
use crate::ix::mask::{mask_line, secret_owner};
use crate::ix::{Config, Node};
use crate::message::Explain;
use crate::secret::{CredentialName, placeholder, placeholders};

/// What is known of the change from one box to another.
#[derive(Debug, Clone, Copy)]
pub struct Swap<'a> {
    /// The router: what is asked for is named after it.
    pub router: &'a str,
    /// What the old box ran when it was saved and verified last.
    pub old: &'a Config,
    /// What the roles render for the router, where a playbook is at hand: the references of its secrets are in it.
    pub rendered: Option<&'a Config>,
    /// Who logs in to the router, and with which password: that is a reference, too.
    pub login: Option<LoginReference<'a>>,
    /// The model of the new box.
    pub model: &'static Model,
    /// Which interface or device of the old box is which of the new one, as a person says; the others keep their names.
    pub renamed: &'a BTreeMap<String, String>,
}

/// The user who logs in to a router.
#[derive(Debug, Clone, Copy)]
pub struct LoginReference<'a> {
    /// The user.
    pub user: &'a str,
    /// The password's credential.
    pub credential: &'a CredentialName,
}

/// What the new box must run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swapped {
    /// The configuration; passwords are placeholders.
    pub configuration: String,
    /// Passwords that nothing refers to, and which a person is asked for.
    pub asked: Vec<AskedPassword>,
    /// Interfaces that the model may have or not: no capture says.
    pub unattested: Vec<String>,
}

/// A password that a person is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPassword {
    /// Whose it is: `username clerk`.
    pub owner: String,
    /// The name under which the lines refer to it.
    pub credential: CredentialName,
}

/// Why a box cannot take the place of another one as it is.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum SwapError {
    /// The model lacks interfaces that the old box used.
    #[explain(
        code = "swap.interfaces",
        en = "the {model} has no {missing}, which the old box used",
        ja = "{model} には、旧機器で使用していた {missing} がありません",
        with(missing = missing.join(", "), known = known.join(", ")),
        hint(
            en = "say which interface takes its place: `--map OLD=NEW`; the {model} has {known}",
            ja = "--map 旧=新 で対応を指定してください。{model} のインタフェース: {known}"
        )
    )]
    Interfaces {
        /// The new model.
        model: &'static str,
        /// What it lacks.
        missing: Vec<String>,
        /// What it has.
        known: Vec<&'static str>,
    },
    /// A name that is mapped is not in the old configuration.
    #[explain(
        code = "swap.map",
        en = "`{old}` is mapped, and the old box did not use it",
        ja = "対応付けの `{old}` は旧機器で使用されていません",
        hint(en = "the old box used: {used}", ja = "旧機器で使用: {used}"),
        with(used = used.join(", "))
    )]
    Unused {
        /// The name.
        old: String,
        /// Those that it used.
        used: Vec<String>,
    },
    /// Two interfaces would become one.
    #[explain(
        code = "swap.map",
        en = "`{new}` would stand for two interfaces of the old box",
        ja = "`{new}` に旧機器の 2 つのインタフェースが対応しています",
        hint(
            en = "each interface of the new box takes the place of one: map the other one, too",
            ja = "新機器のインタフェースは 1 対 1 で対応させてください。もう一方も --map で指定します"
        )
    )]
    Twice {
        /// The name.
        new: String,
    },
    /// Secrets that are shown as hashes, are named by no role, and have no form in which they could be asked for.
    #[explain(
        code = "swap.secrets",
        en = "nothing refers to these secrets, and the old box showed them as hashes: {lines}",
        ja = "次の秘密情報は参照がなく、旧機器ではハッシュでしか表示されません: {lines}",
        with(lines = lines.join("; ")),
        hint(
            en = "name them in a role (`<secret:NAME>`) and give its playbook, or enter them by hand after the swap with `--without-secrets`",
            ja = "ロールで参照(<secret:名前>)してプレイブックを指定するか、--without-secrets を付けて交換後に手で入力してください"
        )
    )]
    Secrets {
        /// The lines, masked.
        lines: Vec<String>,
    },
}

/// What to do with secrets that have no reference and no form in which they could be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreferenced {
    /// The swap is refused.
    Refuse,
    /// Their lines are left out; a person enters them later.
    LeaveOut,
}

impl Swap<'_> {
    /// What the new box must run.
    ///
    /// # Errors
    /// Why it cannot take the place of the old one as it is.
    pub fn planned(&self, unreferenced: Unreferenced) -> Result<Swapped, SwapError> {
        let unattested = self.fit()?;
        let Writer { out, asked, lost, .. } = self.written();
        if !lost.is_empty() && unreferenced == Unreferenced::Refuse {
            return Err(SwapError::Secrets { lines: lost });
        }
        Ok(Swapped { configuration: out, asked, unattested })
    }

    /// Every credential that the new box's lines refer to, those that a person would be asked for included; whether or not it fits.
    pub fn credentials(&self) -> BTreeSet<CredentialName> {
        placeholders(&self.written().out).collect()
    }

    fn written(&self) -> Writer<'_> {
        let mut writer =
            Writer { swap: self, out: String::new(), path: Vec::new(), asked: Vec::new(), lost: Vec::new() };
        writer.block(&self.old.nodes);
        writer
    }

    /// Whether the model has every interface and device that is used. Returns those where that is not known.
    fn fit(&self) -> Result<Vec<String>, SwapError> {
        let used: BTreeMap<&str, Part> = self.old.nodes.iter().filter_map(named).collect();
        if let Some(old) = self.renamed.keys().find(|old| !used.contains_key(old.as_str())) {
            let used = used.into_keys().map(str::to_owned).collect();
            return Err(SwapError::Unused { old: old.clone(), used });
        }
        let (mut seen, mut missing, mut unattested) = (BTreeSet::new(), Vec::new(), Vec::new());
        for (old, part) in used {
            let new = self.renamed.get(old).map_or(old, String::as_str);
            if !seen.insert(new) {
                return Err(SwapError::Twice { new: new.to_owned() });
            }
            let presence = match part {
                Part::Interface => self.model.interface(new),
                Part::Device => self.model.device(new),
            };
            match presence {
                Presence::Present => {}
                Presence::Absent => missing.push(old.to_owned()),
                Presence::Unattested => unattested.push(new.to_owned()),
            }
        }
        let (model, known) = (self.model.name, self.model.interfaces().to_vec());
        if missing.is_empty() { Ok(unattested) } else { Err(SwapError::Interfaces { model, missing, known }) }
    }

    /// The line with its secret by reference: that of the roles' line for the same secret in the same block, else that of the user who logs in.
    fn referred(&self, path: &[String], line: &str) -> Option<String> {
        let owner = secret_owner(line)?;
        self.by_roles(path, &owner, line).or_else(|| self.by_login(&owner, line))
    }

    fn by_login(&self, owner: &str, line: &str) -> Option<String> {
        let words = self.old.dialect().words();
        let login = self.login.filter(|login| words.owner_of_password(login.user) == owner)?;
        words.with_password(line, &placeholder(login.credential))
    }

    fn by_roles(&self, path: &[String], owner: &str, line: &str) -> Option<String> {
        let mut lines: &[Node] = &self.rendered?.nodes;
        for header in path {
            lines = &lines.iter().find(|node| *node.text == **header)?.children;
        }
        let is_same = |other: &&Node| secret_owner(&other.text).as_deref() == Some(owner);
        let (other, credential) =
            lines.iter().filter(is_same).find_map(|other| Some((other, placeholders(&other.text).next()?)))?;
        // What else the old box ran in that line stays; where its form is not known, the roles' own is typed.
        let typed = self.old.dialect().words().with_password(line, &placeholder(&credential));
        Some(typed.unwrap_or_else(|| other.text.to_string()))
    }

    /// The name of a secret that is asked for, which an inventory may take over.
    fn credential(&self, owner: &str, asked: &[AskedPassword]) -> Option<CredentialName> {
        /// A name has at most 64 characters, and a number may follow.
        const LONGEST: usize = 56;
        let plain = |sign: char| {
            if sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-') { sign } else { '-' }
        };
        let name: String = format!("{}.{owner}", self.router).chars().map(plain).take(LONGEST).collect();
        let numbered = (2..=asked.len() + 1).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let is_free = |name: &String| asked.iter().all(|one| one.credential.as_str() != name);
        CredentialName::new(names.find(is_free)?).ok()
    }
}

/// What of a box has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Interface,
    Device,
}

/// The interface or device that a block is of.
fn named(node: &Node) -> Option<(&str, Part)> {
    let mut words = node.text.split_ascii_whitespace();
    match (words.next()?, words.next(), words.next()) {
        ("interface", Some(name), None) => Some((name, Part::Interface)),
        ("device", Some(name), None) => Some((name, Part::Device)),
        _ => None,
    }
}

/// Whether a line holds a secret that its router shows as a hash.
fn is_hashed(node: &Node) -> bool {
    let shown = node.row.as_ref().and_then(|row| row.secret).map(|(_, form)| form);
    shown == Some(ComesBack::Hash)
}

struct Writer<'s> {
    swap: &'s Swap<'s>,
    out: String,
    /// The headers around the line, as the new box has them.
    path: Vec<String>,
    asked: Vec<AskedPassword>,
    lost: Vec<String>,
}

impl Writer<'_> {
    fn block(&mut self, nodes: &[Node]) {
        for node in nodes {
            if let Some(line) = self.line(node) {
                self.out.push_str(&"  ".repeat(self.path.len()));
                self.out.push_str(&line);
                self.out.push('\n');
                self.path.push(line);
                self.block(&node.children);
                self.path.pop();
            }
        }
    }

    /// The line for the new box; nothing for a secret that is lost.
    fn line(&mut self, node: &Node) -> Option<String> {
        if is_hashed(node) {
            return self.referred_or_asked(node);
        }
        Some(self.renamed(&node.text))
    }

    fn referred_or_asked(&mut self, node: &Node) -> Option<String> {
        if let Some(line) = self.swap.referred(&self.path, &node.text) {
            return Some(line);
        }
        let owner = secret_owner(&node.text).unwrap_or_default();
        let credential = self.swap.credential(&owner, &self.asked)?;
        let words = self.swap.old.dialect().words();
        let Some(line) = words.with_password(&node.text, &placeholder(&credential)) else {
            self.lost.push(mask_line(&node.text));
            return None;
        };
        self.asked.push(AskedPassword { owner, credential });
        Some(line)
    }

    /// A line with the names of interfaces and devices that the new box has. Free text keeps its words.
    fn renamed(&self, line: &str) -> String {
        if self.swap.renamed.is_empty() || line.starts_with("description ") {
            return line.to_owned();
        }
        let word = |word: &str| self.swap.renamed.get(word).map_or_else(|| word.to_owned(), Clone::clone);
        line.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
#[path = "swap_tests.rs"]
mod tests;
