//! One command of the grammar table as a pattern of words: how it is written, and what a line's words mean by it.
//!
//! Matching is by whole words, never by abbreviation, and lenient about types (a wrong address still is that command; lint says
//! so). Only a number and an endpoint are checked, because they decide whether an optional word is there. Knows nothing about
//! kinds and relations.

use std::cmp::Reverse;
use std::fmt;
use std::net::IpAddr;

use super::operational::{abbreviates, cuts_short};
use crate::dialect::model::looks_like_interface;

/// What an argument holds. Most types are judged by lint, not by the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any one word.
    Word,
    /// Decimal digits.
    Number,
    /// An interface name such as `GigaEthernet2:1.0`.
    Interface,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// An IPv4 address with its prefix length.
    Prefix4,
    /// An IPv6 address with its prefix length.
    Prefix6,
    /// An IPv4 network with its length, or `default`.
    Route4,
    /// An IPv6 network with its length, or `default`.
    Route6,
    /// The name of an interface, or an address.
    Endpoint,
    /// A secret.
    Secret,
    /// A name of at most this many characters.
    Name(u8),
    /// Every word to the end of the line, at least one.
    Rest,
}

/// One argument of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    /// Its name in the table.
    pub name: String,
    /// Whether it is part of what identifies the line.
    pub key: bool,
    /// What it holds.
    pub kind: Type,
    /// The only words it can be, if the table lists them.
    pub choices: Vec<String>,
}

impl Arg {
    /// Whether the argument can be this word at all.
    pub(super) fn takes(&self, word: &str) -> bool {
        match self.kind {
            Type::Number => word.bytes().all(|byte| byte.is_ascii_digit()),
            Type::Endpoint => is_endpoint(word),
            _ => self.choices.is_empty() || self.choices.iter().any(|choice| choice == word),
        }
    }

    /// Whether it is the name of an interface or device.
    pub fn names_hardware(&self) -> bool {
        self.kind == Type::Interface || self.name == "DEVICE"
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Words(Vec<String>),
    Arg(usize),
}

/// A command's words with every optional part expanded; the longest form first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern {
    pub(super) forms: Vec<Vec<Token>>,
}

/// The places of the arguments of a matched line: for each argument of the row, the range of words it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captures {
    spans: [(u16, u16); Captures::MOST],
}

impl Captures {
    /// The most arguments a row may have.
    pub const MOST: usize = 8;

    /// The words of one argument; nothing where the line leaves it out.
    pub fn words<'a, 'w>(&self, arg: usize, words: &'w [&'a str]) -> &'w [&'a str] {
        let (from, to) = self.spans.get(arg).copied().unwrap_or_default();
        words.get(from as usize..to as usize).unwrap_or_default()
    }

    /// The range of word indices of one argument, if the line has it.
    pub fn range(&self, arg: usize) -> Option<std::ops::Range<usize>> {
        let (from, to) = self.spans.get(arg).copied().unwrap_or_default();
        (to > from).then_some(from as usize..to as usize)
    }
}

/// What is wrong with a pattern in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError(pub String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Pattern {
    /// Reads a pattern; arguments it names are appended to `args`, or looked up there if they exist already.
    pub fn parse(text: &str, args: &mut Vec<Arg>) -> Result<Self, PatternError> {
        let mut forms = vec![Vec::new()];
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix('[') {
                let (inner, after) =
                    tail.split_once(']').ok_or_else(|| PatternError(format!("`[` without `]` in `{text}`")))?;
                let tokens = Self::tokens(inner, args)?;
                let with = forms.iter().map(|form| form.iter().chain(&tokens).cloned().collect::<Vec<_>>());
                forms = with.chain(forms.iter().cloned()).collect();
                rest = after.trim_start();
            } else {
                let end = rest.find('[').unwrap_or(rest.len());
                let (plain, after) = rest.split_at(end);
                let tokens = Self::tokens(plain, args)?;
                for form in &mut forms {
                    form.extend(tokens.iter().cloned());
                }
                rest = after;
            }
        }
        if args.len() > Captures::MOST {
            return Err(PatternError(format!("more than {} arguments in `{text}`", Captures::MOST)));
        }
        // Of two that are as long, what is written wins over what may be anything: `key hex VALUE`, not a key called `hex`.
        let written = |token: &&Token| match token {
            Token::Words(_) => true,
            Token::Arg(index) => args.get(*index).is_some_and(|arg| !arg.choices.is_empty()),
        };
        // Of two that are as plain, what is one word wins over what takes the rest of the line.
        let rest = |token: &&Token| matches!(token, Token::Arg(index) if args.get(*index).is_some_and(|arg| arg.kind == Type::Rest));
        forms.sort_by_key(|form| {
            let count = |which: &dyn Fn(&&Token) -> bool| form.iter().filter(which).count();
            (Reverse((form.len(), count(&written))), count(&rest))
        });
        Ok(Self { forms })
    }

    fn tokens(text: &str, args: &mut Vec<Arg>) -> Result<Vec<Token>, PatternError> {
        text.split_whitespace()
            .map(|word| {
                let (key, inner) = match (word.strip_prefix('{'), word.strip_prefix('<')) {
                    (Some(tail), _) => (true, tail.strip_suffix('}')),
                    (_, Some(tail)) => (false, tail.strip_suffix('>')),
                    _ => return Ok(Token::Words(word.split('|').map(str::to_owned).collect())),
                };
                let inner = inner.ok_or_else(|| PatternError(format!("`{word}` is not closed")))?;
                let (name, kind) = inner.split_once(':').unwrap_or((inner, "word"));
                if let Some(known) = args.iter().position(|arg| arg.name == name) {
                    return Ok(Token::Arg(known));
                }
                let mut choices = Vec::new();
                let kind = match kind {
                    "word" => Type::Word,
                    "number" => Type::Number,
                    "interface" => Type::Interface,
                    "ipv4" => Type::Ipv4,
                    "ipv6" => Type::Ipv6,
                    "prefix4" => Type::Prefix4,
                    "prefix6" => Type::Prefix6,
                    "route4" => Type::Route4,
                    "route6" => Type::Route6,
                    "endpoint" => Type::Endpoint,
                    "secret" => Type::Secret,
                    "list15" => Type::Name(15),
                    "user16" => Type::Name(16),
                    "name31" => Type::Name(31),
                    "rest" => Type::Rest,
                    listed => {
                        choices = listed.split('|').map(str::to_owned).collect();
                        Type::Word
                    }
                };
                args.push(Arg { name: name.to_owned(), key, kind, choices });
                Ok(Token::Arg(args.len() - 1))
            })
            .collect()
    }

    /// The places of the arguments if these words are this command.
    pub fn matches(&self, args: &[Arg], words: &[&str]) -> Option<Captures> {
        self.forms.iter().find_map(|form| Self::match_form(form, args, words))
    }

    fn match_form(form: &[Token], args: &[Arg], words: &[&str]) -> Option<Captures> {
        let mut captures = Captures::default();
        let mut at = 0;
        for token in form {
            let word = words.get(at)?;
            let mut end = at + 1;
            match token {
                Token::Words(choices) => {
                    if !choices.iter().any(|choice| choice == word) {
                        return None;
                    }
                }
                Token::Arg(index) => {
                    let arg = args.get(*index)?;
                    if arg.kind == Type::Rest {
                        end = words.len();
                    } else if !arg.takes(word) {
                        return None;
                    }
                    *captures.spans.get_mut(*index)? = (u16::try_from(at).ok()?, u16::try_from(end).ok()?);
                }
            }
            at = end;
        }
        (at == words.len()).then_some(captures)
    }

    /// Whether the router could take these words for the beginning of this command: each is the beginning of the word in its
    /// place, or is in the place of an argument, if those count.
    pub(super) fn could_be_abbreviated(&self, typed: &[&str], arguments: bool) -> bool {
        self.forms.iter().any(|form| {
            form.len() >= typed.len()
                && form.iter().zip(typed).all(|(token, word)| match token {
                    Token::Words(choices) => choices.iter().any(|choice| abbreviates(word, choice)),
                    Token::Arg(_) => arguments,
                })
        })
    }

    /// Where an argument begins if the words before it are this command's, abbreviated or not, whatever follows it; the first
    /// place where it may begin.
    pub(crate) fn begins(&self, args: &[Arg], words: &[&str], wanted: usize) -> Option<usize> {
        let one = |form: &Vec<Token>| {
            for (at, (token, word)) in form.iter().zip(words).enumerate() {
                let fits = match token {
                    Token::Arg(index) if *index == wanted => return Some(at),
                    Token::Words(choices) => choices.iter().any(|choice| cuts_short(word, choice)),
                    Token::Arg(index) => args.get(*index).is_some_and(|arg| {
                        arg.kind != Type::Rest
                            && (arg.choices.is_empty() || arg.choices.iter().any(|choice| cuts_short(word, choice)))
                    }),
                };
                if !fits {
                    return None;
                }
            }
            None
        };
        self.forms.iter().filter_map(one).min()
    }

    /// The first word every line of this command starts with, if it is always the same kind of word.
    pub fn first_words(&self) -> &[String] {
        match self.forms.first().and_then(|form| form.first()) {
            Some(Token::Words(words)) => words,
            _ => &[],
        }
    }

    /// The words that can come second in a line of this command; nothing if it may be any word, or none.
    pub fn second_words(&self) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for form in &self.forms {
            match form.get(1) {
                Some(Token::Words(words)) => all.extend(words.iter().map(String::as_str)),
                Some(Token::Arg(_)) | None => return None,
            }
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// Whether no line of this command can leave an argument out.
    pub(super) fn always_has(&self, arg: usize) -> bool {
        self.forms
            .last()
            .is_some_and(|form| form.iter().any(|token| matches!(token, Token::Arg(index) if *index == arg)))
    }

    /// The fixed words, choices and optional parts left out: `ip access-list option`.
    pub fn fixed_words(&self) -> Vec<&str> {
        let shortest = self.forms.last().map(Vec::as_slice).unwrap_or_default();
        shortest
            .iter()
            .filter_map(|token| match token {
                Token::Words(words) if words.len() == 1 => words.first().map(String::as_str),
                _ => None,
            })
            .collect()
    }

    /// The fixed words before the first argument or choice: the family of the command, `ip access-list`.
    pub fn leading_words(&self) -> Vec<&str> {
        let shortest = self.forms.last().map(Vec::as_slice).unwrap_or_default();
        shortest
            .iter()
            .map_while(|token| match token {
                Token::Words(words) if words.len() == 1 => words.first().map(String::as_str),
                _ => None,
            })
            .collect()
    }

    /// Whether words of an ownership entry could be the beginning of such a line (`*` matches any word).
    pub fn could_start_with(&self, args: &[Arg], entry: &[&str]) -> bool {
        self.forms.iter().any(|form| {
            let mut tokens = form.iter();
            entry.iter().all(|word| match tokens.next() {
                Some(Token::Words(choices)) => *word == "*" || choices.iter().any(|choice| choice == word),
                Some(Token::Arg(index)) => {
                    if args.get(*index).is_some_and(|arg| arg.kind == Type::Rest) {
                        tokens = [].iter();
                    }
                    true
                }
                None => form.last().is_some_and(
                    |token| matches!(token, Token::Arg(index) if args.get(*index).is_some_and(|arg| arg.kind == Type::Rest)),
                ),
            })
        })
    }
}

/// Whether a word is the name of an interface or an address; an IPv6 address may say its interface (`fe80::1%GigaEthernet0.0`).
fn is_endpoint(word: &str) -> bool {
    let address = word.split_once('%').map_or(word, |(address, _)| address);
    looks_like_interface(word) || address.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn matched(pattern: &str, line: &str) -> Option<Vec<String>> {
        let mut args = Vec::new();
        let pattern = Pattern::parse(pattern, &mut args).ok()?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let captures = pattern.matches(&args, &words)?;
        Some((0..args.len()).map(|arg| captures.words(arg, &words).join(" ")).collect())
    }

    #[test]
    fn optional_words_and_the_rest_are_told_apart() {
        let entry = "ip access-list {LIST:list15} [{SEQ:number}] permit|deny <MATCH:rest>";
        for (pattern, line, expected) in [
            (entry, "ip access-list a permit ip src any dest any", Some(vec!["a", "", "ip src any dest any"])),
            (entry, "ip access-list a 10 deny ip src any dest any", Some(vec!["a", "10", "ip src any dest any"])),
            (entry, "ip access-list a x deny ip src any dest any", None),
            (entry, "ip access-list a permit", None),
            (
                "proxy-dns server {A} [url-list <U>] [priority <N:number>]",
                "proxy-dns server ::1 priority 5",
                Some(vec!["::1", "", "5"]),
            ),
            ("hostname <NAME>", "hostname a b", None),
            (
                "route {P} {H} [{VIA:endpoint}] [<O:rest>]",
                "route default 10.0.0.2 GigaEthernet0.0 metric 200",
                Some(vec!["default", "10.0.0.2", "GigaEthernet0.0", "metric 200"]),
            ),
            (
                "route {P} {H} [{VIA:endpoint}] [<O:rest>]",
                "route default 10.0.0.2 metric 200",
                Some(vec!["default", "10.0.0.2", "", "metric 200"]),
            ),
            ("map [default] [<P>] [pfs <G>] [<O:rest>]", "map default", Some(vec!["", "", ""])),
            ("map [default] [<P>] [pfs <G>] [<O:rest>]", "map a,b", Some(vec!["a,b", "", ""])),
            ("map [default] [<P>] [pfs <G>] [<O:rest>]", "map a pfs 2048-bit", Some(vec!["a", "2048-bit", ""])),
            ("map [default] [<P>] [pfs <G>] [<O:rest>]", "map a x y", Some(vec!["a", "", "x y"])),
            ("service-policy {HOW} [<NAME>]", "service-policy enable", Some(vec!["enable", ""])),
        ] {
            let expected = expected.map(|args| args.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(matched(pattern, line), expected, "{line}");
        }
    }
}
