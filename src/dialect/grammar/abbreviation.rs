//! Lines in abbreviated words or in other letters: the router completes them, and shows the whole command afterwards.
//!
//! Only a line that is such a command is found: every word the beginning of a word that the table has at that place, and one
//! command alone that it can be. What merely looks similar is an unknown line, and none of this module's business.

use super::pattern::{Arg, Token, Type};
use super::{Grammar, Known, words};
use crate::dialect::model::whole_name;

/// A command that the words so far may be.
struct Reading<'g> {
    form: &'g [Token],
    args: &'g [Arg],
    /// The words so far, written out.
    long: Vec<String>,
    /// Everything from here on is one argument.
    rest: bool,
}

impl Grammar {
    /// The line written out, if it is a command of one of these modes in abbreviated words or in other letters; the modes from the
    /// innermost, as the router asks them.
    pub fn written_out(&self, modes: &[&str], line: &str) -> Option<String> {
        let split = words(line);
        let negative = split.first().is_some_and(|word| word.eq_ignore_ascii_case("no"));
        let positive = if negative { split.get(1..).unwrap_or_default() } else { &split };
        if modes.first().is_none_or(|mode| mode.is_empty()) || positive.is_empty() {
            return None;
        }
        for mode in modes {
            // What is known by its first words only may still be another command cut short.
            let families = match self.look_up(mode, &split) {
                Some(known) if !known.row.family => return whole_names(&known, negative, positive),
                Some(_) => false,
                None => true,
            };
            let mut found = self.readings(mode, positive, negative, families);
            found.sort_unstable();
            found.dedup();
            match found.as_slice() {
                [] => {}
                [one] => {
                    let long = if negative { format!("no {one}") } else { one.clone() };
                    return (long != split.join(" ")).then_some(long);
                }
                _ => return None,
            }
        }
        None
    }

    /// Every command of a mode that these words can be; of a negation the first words are enough.
    fn readings(&self, mode: &str, words: &[&str], negative: bool, families: bool) -> Vec<String> {
        let rows = self.rows().iter().filter(|row| row.context == mode && (families || !row.family));
        let mut open: Vec<Reading<'_>> = rows
            .flat_map(|row| row.pattern.forms.iter().map(|form| (form, &row.args)))
            .map(|(form, args)| Reading { form, args, long: Vec::new(), rest: false })
            .collect();
        for (at, word) in words.iter().enumerate() {
            let mut exact = Vec::new();
            let mut cut_short = Vec::new();
            let mut others = Vec::new();
            for mut reading in open {
                let arg = match reading.form.get(at) {
                    _ if reading.rest => None,
                    Some(Token::Arg(index)) => reading.args.get(*index),
                    Some(Token::Words(_)) => None,
                    None => continue,
                };
                let choices = match reading.form.get(at) {
                    Some(Token::Words(choices)) if !reading.rest => choices.as_slice(),
                    _ => arg.map(|arg| arg.choices.as_slice()).unwrap_or_default(),
                };
                if choices.is_empty() {
                    if arg.is_some_and(|arg| !arg.takes(word)) {
                        continue;
                    }
                    reading.rest |= arg.is_some_and(|arg| arg.kind == Type::Rest);
                    let name = arg.filter(|arg| arg.names_hardware()).and_then(|_| whole_name(word));
                    reading.long.push(name.unwrap_or_else(|| (*word).to_owned()));
                    others.push(reading);
                    continue;
                }
                for choice in choices.iter().filter(|choice| begins(choice, word)) {
                    let long = reading.long.iter().cloned().chain([choice.clone()]).collect();
                    let next = Reading { form: reading.form, args: reading.args, long, rest: false };
                    if choice.len() == word.len() { &mut exact } else { &mut cut_short }.push(next);
                }
            }
            // A whole word is never the beginning of another (`ip` is not short for `ipv6`).
            if exact.is_empty() {
                exact = cut_short;
            }
            exact.append(&mut others);
            open = exact;
        }
        let whole = |reading: &&Reading<'_>| negative || reading.rest || reading.form.len() == words.len();
        let has = |line: &String| self.difference(mode, &super::words(line)).is_none();
        open.iter().filter(whole).map(|reading| reading.long.join(" ")).filter(has).collect()
    }
}

/// A line in whole words with the names of interfaces and devices written out, if one of them was not.
fn whole_names(known: &Known<'_>, negative: bool, positive: &[&str]) -> Option<String> {
    let mut long: Vec<String> = positive.iter().map(|word| (*word).to_owned()).collect();
    for (index, _) in known.row.args.iter().enumerate().filter(|(_, arg)| arg.names_hardware()) {
        for word in known.captures.range(index).and_then(|range| long.get_mut(range)).into_iter().flatten() {
            *word = whole_name(word).unwrap_or_else(|| word.clone());
        }
    }
    let no = if negative { "no " } else { "" };
    (long != positive).then(|| format!("{no}{}", long.join(" ")))
}

/// Whether a word of the table begins like this, in upper or lower case.
fn begins(choice: &str, word: &str) -> bool {
    choice.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;

    #[test]
    fn an_abbreviation_is_expanded_only_where_one_command_fits() {
        for (modes, line, long) in [
            (&["global"][..], "int GigaEthernet0.0", Some("interface GigaEthernet0.0")),
            (&["global"], "Interface GigaEthernet0.0", Some("interface GigaEthernet0.0")),
            (&["global"], "interface gi0.0", Some("interface GigaEthernet0.0")),
            (&["global"], "device gi2", Some("device GigaEthernet2")),
            (&["interface", "global"], "ip unnumbered loopback0.0", Some("ip unnumbered Loopback0.0")),
            (&["interface", "global"], "ip addr 10.0.0.7/24", Some("ip address 10.0.0.7/24")),
            (&["interface", "global"], "IP address 10.0.0.7/24", Some("ip address 10.0.0.7/24")),
            (&["interface", "global"], "no ip addr", Some("no ip address")),
            (&["interface", "global"], "NO SHUTDOWN", Some("no shutdown")),
            (&["interface", "global"], "shut", Some("shutdown")),
            (&["interface", "global"], "ip filter d 1 IN", Some("ip filter d 1 in")),
            (&["interface", "global"], "int GigaEthernet1.0", Some("interface GigaEthernet1.0")),
            (&["device", "global"], "vlan 1 port 2", Some("vlan-group 1 port 2")),
            // Known by its first words, and another command cut short.
            (&["global"], "ssh-server ip en", Some("ssh-server ip enable")),
            (&["global"], "ntp ser 10.0.0.1", Some("ntp server 10.0.0.1")),
            // Whole words, or words of their own.
            (&["global"], "interface GigaEthernet0.0", None),
            (&["global"], "device USB0", None),
            (&["global"], "interface USB-Serial0.0", None),
            (&["global"], "ip route default 10.0.0.1", None),
            (&["global"], "ssh-server version 2", None),
            (&["global"], "ssh-server ip", None),
            (&["global"], "flux-capacitor enable", None),
            (&["global"], "no warp drive", None),
            (&["interface", "global"], "no ip address", None),
            (&["interface", "global"], "ip addresses 10.0.0.7/24", None),
            (&["interface", "global"], "ip address-pool 10.0.0.7/24", None),
            (&["interface", "global"], "ip i 5", None),
            // It may be several: the router itself reports that.
            (&["interface", "global"], "no i", None),
            // An unknown block may hold anything.
            (&["", "global"], "int GigaEthernet0.0", None),
        ] {
            assert_eq!(Dialect::ix().grammar().written_out(modes, line).as_deref(), long, "{line}");
        }
    }
}
