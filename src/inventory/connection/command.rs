//! A program that leads to the router: `tio`, `ssh -J`, a vendor's tool.

use crate::inventory::yaml::{Field, Table};

use super::finding::ConnectionFinding;
use super::{DeclaredLogin, login, speed};

/// A program on a terminal of its own, started without a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandConnection {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// The speed of the console behind it in bit/s; `None` when it leads there over a network.
    pub console: Option<u32>,
    /// The login on the router; `None` where the program logs in itself, or no one has to.
    pub login: Option<DeclaredLogin>,
}

/// The options of OpenSSH's `ssh` that take an argument.
const WITH_ARGUMENT: &str = "BbcDEeFIiJLlmOopPQRSWw";

impl CommandConnection {
    /// The host that `ssh` leads to, as its words name it; `None` for other programs, whose words we do not know, and if the words
    /// lead on from there (a console behind it, a command to run there): that host is not the router.
    pub fn destination(&self) -> Option<&str> {
        let (program, words) = self.words.split_first()?;
        let name = program.rsplit(['/', '\\']).next()?;
        if name.strip_suffix(".exe").unwrap_or(name) != "ssh" || self.console.is_some() {
            return None;
        }
        let mut words = words.iter();
        let (mut named, mut options_over) = (None, false);
        while let Some(word) = words.next() {
            match word.strip_prefix('-').filter(|_| !options_over) {
                Some("-") => options_over = true,
                // The argument is the rest of the word, or else the next word.
                Some(options) => {
                    if options.find(|c| WITH_ARGUMENT.contains(c)).map(|at| at + 1) == Some(options.len()) {
                        words.next();
                    }
                }
                None if named.is_some() => return None,
                None => named = Some(word),
            }
        }
        let named = named?;
        let named = match named.strip_prefix("ssh://") {
            Some(url) => url.rsplit_once(':').map_or(url, |(host, _)| host),
            None => named,
        };
        Some(named.rsplit_once('@').map_or(named, |(_, host)| host))
    }
}

/// What `defaults` may hold too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Common {
    baud: Option<u32>,
    login: Option<DeclaredLogin>,
}

/// Reads what `defaults` may hold too.
pub(super) fn common(table: &mut Table<'_>) -> Common {
    Common { baud: table.get("baud").and_then(|f| speed(&f)), login: table.get("login").and_then(|f| login(&f)) }
}

/// Reads `command:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &Common) -> Option<CommandConnection> {
    let mut table = field.table("a command", "コマンド")?;
    let words = table.require("words").map(|f| (f.list().iter().map(Field::text).collect::<Option<Vec<_>>>(), f));
    let own = common(&mut table);
    table.finish();
    let (words, place) = words?;
    if words.as_ref().is_some_and(Vec::is_empty) {
        place.refuse(&ConnectionFinding::EmptyCommand);
    }
    Some(CommandConnection {
        words: words?,
        console: own.baud.or(defaults.baud),
        login: own.login.or_else(|| defaults.login.clone()),
    })
}
