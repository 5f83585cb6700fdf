//! Which parts of a router's configuration a playbook may touch.
//!
//! An entry is the beginning of a line, the headers of its blocks before it, `*` for any word: `url-list online-sikaku`,
//! `interface GigaEthernet0.0`, `interface * ipv6 filter`. It owns every line that begins so; naming a block owns the block, but a
//! header that a rendering repeats owns nothing by itself. A list is owned whole. `all` owns everything except what manages the
//! router and what others manage on it (users, servers, NetMeister, watch-groups, the lifeline), unless that is named too.

use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;
use crate::dialect::Grammar;
use crate::dialect::grammar::{CommandKind, words};
use crate::message::Explain;

/// What a playbook owns. In JSON it is its entries, which are checked apart: what is known depends on the router's language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Ownership {
    all: bool,
    entries: Vec<Vec<String>>,
}

/// Why an `owns:` entry is refused.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum OwnershipError {
    /// An entry without a word.
    #[explain(
        code = "ownership.empty",
        en = "an entry of `owns:` is empty",
        ja = "`owns:` に空の項目があります",
        hint(
            en = "name a family of commands such as `url-list online-sikaku`, or `all`",
            ja = "`url-list online-sikaku` のようなコマンドの系列か `all` を書いてください"
        )
    )]
    Empty,
    /// No command begins like this.
    #[explain(
        code = "ownership.unknown",
        en = "`owns:` names `{entry}`, and no command that this program knows begins like that",
        ja = "`owns:` の `{entry}` で始まるコマンドは知られていません",
        with(near_miss = near.as_deref().unwrap_or_default()),
        hint(when = near.is_some(), en = "did you mean `{near_miss}`?", ja = "`{near_miss}` ではありませんか")
    )]
    Unknown {
        /// The entry.
        entry: String,
        /// A family of commands that is near to it.
        near: Option<String>,
    },
    /// One entry of a list instead of the list.
    #[explain(
        code = "ownership.part-of-list",
        en = "`owns:` names `{entry}`, one entry of a list; a list is owned as a whole",
        ja = "`owns:` の `{entry}` はリストの一部です。リストは全体で所有します",
        hint(en = "write `{list}`", ja = "`{list}` と書いてください")
    )]
    PartOfList {
        /// The entry.
        entry: String,
        /// What owns the list.
        list: String,
    },
}

impl Ownership {
    /// Everything, with the usual protections.
    pub fn all() -> Self {
        Self { all: true, entries: Vec::new() }
    }

    /// Reads the entries of `owns:`.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn parse(entries: &[impl AsRef<str>]) -> Result<Self, OwnershipError> {
        let ownership = Self::of(entries);
        ownership.check(Dialect::any().grammar())?;
        Ok(ownership)
    }

    /// The entries as they are written, unchecked.
    fn of(entries: &[impl AsRef<str>]) -> Self {
        let mut ownership = Self::default();
        for entry in entries {
            match words(entry.as_ref()).as_slice() {
                ["all"] => ownership.all = true,
                named => ownership.entries.push(named.iter().map(|word| (*word).to_owned()).collect()),
            }
        }
        ownership
    }

    /// Checks each entry against the commands that a router knows.
    ///
    /// # Errors
    /// The first entry that is empty, begins no command, or names one entry of a list.
    pub fn check(&self, grammar: &Grammar) -> Result<(), OwnershipError> {
        self.entries.iter().try_for_each(|entry| match entry.as_slice() {
            [] => Err(OwnershipError::Empty),
            named => {
                let named: Vec<&str> = named.iter().map(String::as_str).collect();
                check(grammar, "global", &named, &named.join(" "))
            }
        })
    }

    /// The entries as they are written, `all` first.
    pub fn entries(&self) -> Vec<String> {
        let all = self.all.then(|| "all".to_owned());
        all.into_iter().chain(self.entries.iter().map(|entry| entry.join(" "))).collect()
    }

    /// Whether it is `all`, perhaps with more named beside it.
    pub fn owns_all(&self) -> bool {
        self.all
    }

    /// Whether an entry names this line: its blocks' headers and its own words, a leading `no` left out.
    pub fn names(&self, line: &[&str]) -> bool {
        self.entries.iter().any(|entry| names(entry, line))
    }

    /// The entry that owns a line, in words with one blank between them: the most exact one that names it, else `all`.
    pub fn owner_of(&self, line: &[&str]) -> Option<String> {
        let naming = self.entries.iter().filter(|entry| names(entry, line)).max_by_key(|entry| entry.len());
        naming.map(|entry| entry.join(" ")).or_else(|| self.all.then(|| "all".to_owned()))
    }

    /// Whether the line is owned, protection not considered.
    pub fn owns(&self, line: &[&str]) -> bool {
        self.all || self.names(line)
    }

    /// Whether an entry could name a line inside the block with this header.
    pub fn reaches_into(&self, header: &[&str]) -> bool {
        self.all
            || self.entries.iter().any(|entry| {
                entry.len() > header.len()
                    && entry.iter().zip(header).all(|(entry, word)| entry == "*" || entry == word)
            })
    }

    /// The entries that both own: two roles of one router must not share a line.
    pub fn overlap(&self, other: &Self) -> Option<String> {
        if self.all && other.all {
            return Some("all".to_owned());
        }
        let meets = |left: &[String], right: &[String]| {
            left.iter().zip(right).all(|(left, right)| left == right || left == "*" || right == "*")
        };
        self.entries.iter().find_map(|mine| {
            other
                .entries
                .iter()
                .find(|theirs| meets(mine, theirs))
                .map(|theirs| if mine.len() >= theirs.len() { mine.join(" ") } else { theirs.join(" ") })
        })
    }
}

/// Whether an entry names a line.
fn names(entry: &[String], line: &[&str]) -> bool {
    let named = !entry.is_empty() && entry.len() <= line.len();
    named && entry.iter().zip(line).all(|(entry, word)| entry == "*" || entry == word)
}

impl From<Vec<String>> for Ownership {
    fn from(entries: Vec<String>) -> Self {
        Self::of(&entries)
    }
}

impl From<Ownership> for Vec<String> {
    fn from(ownership: Ownership) -> Self {
        ownership.entries()
    }
}

/// Whether some command can begin with these words, alone or inside the block they open.
fn check(grammar: &Grammar, context: &str, named: &[&str], entry: &str) -> Result<(), OwnershipError> {
    let in_context = || grammar.rows().iter().filter(|row| row.context == context);
    if let Some(row) = in_context().find(|row| {
        matches!(row.kind, CommandKind::List | CommandKind::Follow)
            && named.len() > row.pattern.leading_words().len() + 1
            && row.pattern.could_start_with(&row.args, named)
    }) {
        let list = entry.split_whitespace().take(row.pattern.leading_words().len() + 1).collect::<Vec<_>>().join(" ");
        return Err(OwnershipError::PartOfList { entry: entry.to_owned(), list });
    }
    if in_context().any(|row| row.pattern.could_start_with(&row.args, named)) {
        return Ok(());
    }
    // The longest header the entry can begin with; the rest must be a line of that block.
    for row in in_context() {
        let Some(inner) = &row.opens else { continue };
        for cut in (1..named.len()).rev() {
            let (header, rest) = named.split_at(cut);
            let stars: Vec<&str> = header.to_vec();
            if row.pattern.matches(&row.args, &stars).is_some() && check(grammar, inner, rest, entry).is_ok() {
                return Ok(());
            }
        }
    }
    let near = grammar
        .rows()
        .iter()
        .filter(|row| row.context == context)
        .map(|row| row.leading.clone())
        .map(|family| (distance(&family, &named.join(" ")), family))
        .filter(|(distance, family)| *distance <= family.len() / 3)
        .min()
        .map(|(_, family)| family);
    Err(OwnershipError::Unknown { entry: entry.to_owned(), near })
}

/// Edit distance between the family and the same number of characters of the entry.
fn distance(family: &str, entry: &str) -> usize {
    let entry: Vec<char> = entry.chars().take(family.chars().count() + 1).collect();
    let mut row: Vec<usize> = (0..=entry.len()).collect();
    for (i, left) in family.chars().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, right) in entry.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let left_cell = row.get(j).copied().unwrap_or(usize::MAX);
            let cost =
                (diagonal + usize::from(left != *right)).min(above.saturating_add(1)).min(left_cell.saturating_add(1));
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = cost;
            }
            diagonal = above;
        }
    }
    row.iter().copied().min().unwrap_or(usize::MAX)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::{Ownership, OwnershipError};

    #[test]
    fn entries_name_beginnings_of_lines() {
        let owns = Ownership::parse(&["url-list online-sikaku", "interface * ipv6 filter"]).expect("sound");
        for (line, owned) in [
            ("url-list online-sikaku permit domain *a.org", true),
            ("url-list other permit domain *a.org", false),
            ("interface GigaEthernet0.0 ipv6 filter a 1 in", true),
            ("interface GigaEthernet0.0 ipv6 enable", false),
            ("interface GigaEthernet0.0", false),
        ] {
            assert_eq!(owns.owns(&line.split(' ').collect::<Vec<_>>()), owned, "{line}");
        }
    }

    #[test]
    fn an_entry_must_be_the_beginning_of_a_command() {
        assert_eq!(
            Ownership::parse(&["url-lst online"]),
            Err(OwnershipError::Unknown { entry: "url-lst online".into(), near: Some("url-list".into()) })
        );
        assert!(matches!(
            Ownership::parse(&["ip access-list a permit ip src any"]),
            Err(OwnershipError::PartOfList { list, .. }) if list == "ip access-list a"
        ));
        assert!(Ownership::parse(&["all", "username"]).is_ok());
        assert!(
            Ownership::parse(&["interface GigaEthernet0.0 ip address", "device GigaEthernet2 vlan-group 1"]).is_ok()
        );
    }
}
