//! The users of a router and its other secrets: of what kind they are and how they are kept. A value leaves this module only as a
//! [`Secret`], to be compared with others.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::fact::{Answer, Fact, Finding};
use super::reading::{Reading, begins, shown};
use crate::dialect::Dialect;
use crate::dialect::grammar::ComesBack;
use crate::ix::mask::MASK;
use crate::ix::{Config, Node};
use crate::message::Text;
use crate::secret::Secret;

/// For what a user logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserKind {
    /// The command line, by console, telnet or SSH.
    Login,
    /// The web pages.
    Web,
    /// SNMP version 3.
    Snmp,
}

/// How a secret is kept in a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stored {
    /// As a hash (section 6, T).
    Hash,
    /// As it was typed.
    Clear,
    /// It was taken out, or there is none.
    NotKnown,
}

/// A user, with the secret as it is kept.
#[derive(Debug)]
pub struct UserLine {
    /// For what it logs in.
    pub kind: UserKind,
    /// Its name.
    pub name: String,
    /// The right that its line says, as it is written; nothing where it says none.
    pub right: Option<String>,
    /// The secret.
    pub secret: HeldSecret,
}

/// A secret of a configuration.
#[derive(Debug)]
pub struct HeldSecret {
    /// Its line, masked, behind the headers of its blocks.
    pub line: String,
    /// How it is kept.
    pub stored: Stored,
    /// What is kept, to be compared and never shown; nothing where it was taken out.
    pub value: Option<Secret>,
}

/// Commands that make a user, by the words they begin with.
const USERS: [(&str, UserKind); 3] =
    [("username", UserKind::Login), ("http-server username", UserKind::Web), ("snmpv3 user", UserKind::Snmp)];

/// Which kind of user a line makes.
fn kind(node: &Node) -> Option<UserKind> {
    let row = node.row.as_ref().filter(|row| !row.family)?;
    USERS.iter().find(|(words, _)| row.leading == *words).map(|(_, kind)| *kind).filter(|_| !node.off)
}

/// The users.
pub(super) fn users(config: &Config) -> Vec<UserLine> {
    let user = |node: &Node| {
        let name = node.arg("USER")?.to_owned();
        let right = node.arg("RIGHT").map(str::to_owned);
        Some(UserLine { kind: kind(node)?, name, right, secret: held(&[], node).unwrap_or_else(|| none(node)) })
    };
    config.nodes.iter().filter_map(user).collect()
}

/// Every other secret that the table knows.
pub(super) fn others(config: &Config) -> Vec<HeldSecret> {
    let mut found = Vec::new();
    config.walk(&mut |path, node| {
        if kind(node).is_none() {
            found.extend(held(path, node));
        }
    });
    found
}

fn none(node: &Node) -> HeldSecret {
    HeldSecret { line: shown(&[], node), stored: Stored::NotKnown, value: None }
}

/// The secret of a line, where its command has one.
fn held(path: &[&Node], node: &Node) -> Option<HeldSecret> {
    let row = node.row.as_ref().filter(|_| !node.off)?;
    let (place, comes_back) = row.secret?;
    let value = node.arg(&row.args.get(place)?.name)?;
    let is_there = !value.contains(MASK) && !value.contains("<secret:");
    let is_typed = matches!(node.arg("FORM"), Some("plain" | "char"));
    let stored = match comes_back {
        _ if !is_there => Stored::NotKnown,
        ComesBack::Hash if !is_typed => Stored::Hash,
        ComesBack::Hash | ComesBack::Clear => Stored::Clear,
    };
    let value = is_there.then(|| Secret::new(value.to_owned()));
    Some(HeldSecret { line: shown(path, node), stored, value })
}

/// What a configuration's text keeps of its users' secrets, by user. Only their lines are read.
pub fn user_secrets(dialect: &Arc<Dialect>, text: &str) -> BTreeMap<(UserKind, String), Secret> {
    let is_one = |line: &&str| USERS.iter().any(|(words, _)| line.starts_with(words));
    let lines: Vec<&str> = text.lines().filter(is_one).collect();
    let config = Config::parse(dialect, lines.join("\n"));
    users(&config).into_iter().filter_map(|user| Some(((user.kind, user.name), user.secret.value?))).collect()
}

/// The answers about users.
pub(super) fn findings(reading: &Reading<'_>, users: &[UserLine]) -> [Finding; 2] {
    [administrator(reading, users), hashed(users)]
}

/// Section 1, T: without an administrator the router asks for no login at all.
fn administrator(reading: &Reading<'_>, users: &[UserLine]) -> Finding {
    let word = reading.config.dialect().words().administrator;
    let logins = || users.iter().filter(|user| user.kind == UserKind::Login);
    let administrators: Vec<String> =
        logins().filter(|user| user.right.as_deref() == Some(word)).map(|user| user.secret.line.clone()).collect();
    let of_unknown_right: Vec<String> =
        logins().filter(|user| user.right.is_none()).map(|user| user.secret.line.clone()).collect();
    // A line that makes a user in a way that the table does not know, or the word of another server for who may log in.
    let is_odd = |node: &&Node| !node.off && (node.row.is_none() && begins(node, "username") || begins(node, "aaa"));
    let odd: Vec<String> = reading.config.nodes.iter().filter(is_odd).map(|node| shown(&[], node)).collect();
    let (answer, lines, reasons) = if !administrators.is_empty() {
        (Answer::Yes, administrators, Vec::new())
    } else if !of_unknown_right.is_empty() {
        let why = Text::new("the right of this user is not written", "このユーザの権限が書かれていません");
        (Answer::NotKnown, of_unknown_right, vec![why])
    } else if !odd.is_empty() {
        let why = Text::new("what this line does is not known for sure", "この行の動作は確認されていません");
        (Answer::NotKnown, odd, vec![why])
    } else if let Some(why) = reading.why_absence_is_unsure() {
        (Answer::NotKnown, Vec::new(), vec![why])
    } else {
        let why = Text::new(
            "without an administrator the router asks for no login",
            "管理者が登録されていないルータはログインを求めません",
        );
        (Answer::No, logins().map(|user| user.secret.line.clone()).collect(), vec![why])
    };
    Finding { fact: Fact::Administrator, answer, lines, reasons }
}

fn hashed(users: &[UserLine]) -> Finding {
    let answer = |user: &UserLine| match user.secret.stored {
        Stored::Hash => Answer::Yes,
        Stored::Clear => Answer::No,
        Stored::NotKnown => Answer::NotKnown,
    };
    let lines = users.iter().map(|user| user.secret.line.clone()).collect();
    let answer = if users.is_empty() { Answer::NotKnown } else { Answer::all(users.iter().map(answer)) };
    let reasons = match (answer, users.is_empty()) {
        (_, true) => vec![Text::new("there is no user", "ユーザがありません")],
        (Answer::NotKnown, _) => {
            vec![Text::new("a password was taken out of the backup", "バックアップからパスワードが取り除かれています")]
        }
        _ => Vec::new(),
    };
    Finding { fact: Fact::PasswordsHashed, answer, lines, reasons }
}
