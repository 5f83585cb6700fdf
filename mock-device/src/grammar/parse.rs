//! Reads a command line against the rows: abbreviations, ambiguity, incomplete commands, `no` forms.
//!
//! Pure: nothing is executed here, and no router state is known.

use std::collections::BTreeSet;

use super::pattern::{Node, Token, compile};
use super::rows::{self, Row};

/// Where a command may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Operation mode.
    Operation,
    /// Global configuration mode; its commands are also accepted in every submode.
    Global,
    /// A submode.
    Sub(Sub),
}

/// The submodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are those of the router's commands")]
pub enum Sub {
    Ppp,
    Dhcp,
    Dhcp6Client,
    Dhcp6Server,
    Watch,
    RouteMap,
    ClassMap,
    PolicyMap,
    Bgp,
    BgpFamily,
    PolicyClass,
    Ospf,
    Ospf6,
    Rip,
    Ikev2,
    WebConsole,
    Device,
    Interface,
}

/// A command that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its row.
    pub row: usize,
    /// Whether it began with `no`.
    pub negated: bool,
    /// Its words in full, without `no`.
    pub words: Vec<String>,
}

/// Why a line is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// Nothing fits.
    Invalid,
    /// An abbreviation fits several keywords.
    Ambiguous,
    /// More words are needed.
    Incomplete,
    /// A number that is too small or too large.
    OutOfRange,
}

impl Sub {
    /// Whether its blocks are inside another block.
    pub fn is_inner(self) -> bool {
        matches!(self, Self::BgpFamily | Self::PolicyClass)
    }
}

/// The compiled rows of every place.
pub struct Grammar {
    nodes: Vec<Node>,
    starts: Vec<(Place, usize)>,
}

impl Grammar {
    /// Compiles the table.
    pub fn compile() -> Self {
        let mut nodes = Vec::new();
        let mut starts = Vec::new();
        for (number, row) in rows::all().iter().enumerate() {
            let start = compile(&mut nodes, number, row.pattern);
            for place in row.at {
                starts.push((*place, start));
            }
        }
        Self { nodes, starts }
    }

    /// Reads one line typed at `place`. In a submode its own commands come before the global ones of the same text.
    ///
    /// # Errors
    /// When no row fits, or not exactly one.
    pub fn parse(&self, place: Place, line: &str) -> Result<Command, Miss> {
        let mut words: Vec<&str> = line.split_ascii_whitespace().collect();
        let negated = words.first() == Some(&"no");
        if negated {
            words.remove(0);
            if words.is_empty() {
                return Err(Miss::Incomplete);
            }
        }
        let mut set = self.start(place);
        let mut full = Vec::with_capacity(words.len());
        for word in &words {
            let (next, printed) = self.step(&set, word)?;
            full.push(printed);
            set = next;
        }
        self.finish(place, &set, full, negated)
    }

    /// The word at which a line stops being a command; the last one where every word fits.
    pub fn offending<'l>(&self, place: Place, line: &'l str) -> Option<&'l str> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let mut set = self.start(place);
        for word in words.iter().skip(usize::from(words.first() == Some(&"no"))) {
            match self.step(&set, word) {
                Ok((next, _)) => set = next,
                Err(_) => return Some(word),
            }
        }
        words.last().copied()
    }

    /// The words that may follow what is typed so far, each with whether it is a keyword; for `?` and TAB.
    pub fn following(&self, place: Place, line: &str) -> BTreeSet<&'static str> {
        let mut words: Vec<&str> = line.split_ascii_whitespace().collect();
        if words.first() == Some(&"no") {
            words.remove(0);
        }
        let partial = if line.ends_with(' ') || line.is_empty() { "" } else { words.pop().unwrap_or_default() };
        let mut set = self.start(place);
        for word in &words {
            match self.step(&set, word) {
                Ok((next, _)) => set = next,
                Err(_) => return BTreeSet::new(),
            }
        }
        self.tokens(&set)
            .filter_map(|(token, _)| match token {
                Token::Keyword(keyword) if keyword.starts_with(partial) => Some(keyword),
                _ => None,
            })
            .collect()
    }

    fn start(&self, place: Place) -> Vec<usize> {
        let wide = matches!(place, Place::Sub(_));
        let own = self.starts.iter().filter(|(at, _)| *at == place).map(|(_, node)| *node);
        let global = self.starts.iter().filter(|(at, _)| wide && *at == Place::Global).map(|(_, node)| *node);
        own.chain(global).collect()
    }

    /// Everything that may come next, the states reached without a word included.
    fn tokens<'a>(&'a self, set: &'a [usize]) -> impl Iterator<Item = (Token, usize)> + 'a {
        self.closure(set).into_iter().filter_map(|at| self.nodes.get(at)).flat_map(|node| node.next.iter().copied())
    }

    fn closure(&self, set: &[usize]) -> Vec<usize> {
        let mut all = set.to_vec();
        let mut at = 0;
        while let Some(node) = all.get(at).and_then(|n| self.nodes.get(*n)) {
            for free in &node.free {
                if !all.contains(free) {
                    all.push(*free);
                }
            }
            at += 1;
        }
        all
    }

    /// One word: an exact keyword wins over a typed argument, over a free word, over an abbreviation, over the rest of a line.
    fn step(&self, set: &[usize], word: &str) -> Result<(Vec<usize>, String), Miss> {
        let mut best: Option<(u8, String, Vec<usize>)> = None;
        let mut abbreviated: BTreeSet<&str> = BTreeSet::new();
        let mut counts = false;
        for (token, to) in self.tokens(set) {
            let (loose, printed) = match token {
                Token::Keyword(keyword) if keyword == word => (0, keyword.to_owned()),
                Token::Keyword(keyword) if keyword.starts_with(word) => {
                    abbreviated.insert(keyword);
                    (3, keyword.to_owned())
                }
                Token::Keyword(_) => continue,
                Token::Argument(kind) => match kind.accept(word) {
                    Some(printed) => (kind.looseness(), printed),
                    None => {
                        counts |= kind.is_exceeded_by(word);
                        continue;
                    }
                },
            };
            match &mut best {
                Some((found, text, to_all)) if *found == loose && *text == printed => to_all.push(to),
                Some((found, ..)) if *found <= loose => {}
                _ => best = Some((loose, printed, vec![to])),
            }
        }
        match best {
            Some((3, ..)) if abbreviated.len() > 1 => Err(Miss::Ambiguous),
            Some((_, printed, to)) => Ok((to, printed)),
            None if counts => Err(Miss::OutOfRange),
            None => Err(Miss::Invalid),
        }
    }

    fn finish(&self, place: Place, set: &[usize], words: Vec<String>, negated: bool) -> Result<Command, Miss> {
        let table = rows::all();
        let mut nodes: Vec<&Node> = self.closure(set).into_iter().filter_map(|at| self.nodes.get(at)).collect();
        let own = |row: &Row| row.at.contains(&place);
        nodes.sort_by_key(|node| (!table.get(node.row).is_some_and(own), node.row));
        let fits = |node: &&&Node| {
            table.get(node.row).is_some_and(|row| match (negated, row.no) {
                (false, _) => node.end,
                (true, None) => false,
                (true, Some(least)) => words.len() >= usize::from(least),
            })
        };
        match nodes.iter().find(fits) {
            Some(node) => Ok(Command { row: node.row, negated, words }),
            None if negated && nodes.iter().all(|n| table.get(n.row).is_none_or(|row| row.no.is_none())) => {
                Err(Miss::Invalid)
            }
            None => Err(Miss::Incomplete),
        }
    }
}
