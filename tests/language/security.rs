//! What is said of the security of the vendor's configurations, of other people's, and of lines that were made up: a secret is in no answer, and
//! what is not known is never an answer.

use std::path::Path;

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::ix::mask::mask_path;
use ixdeploy::ix::security::{Answer, Fact, Finding, SecurityFacts};

use crate::dice::{Dice, rounds};
use crate::samples::{case_after, displays};

/// The facts that one configuration can answer.
const ANSWERED: usize = Fact::ALL.len() - 3;

const CANARY: &str = "KeepOut4711";

fn finding(facts: &SecurityFacts, fact: Fact) -> &Finding {
    facts.findings.iter().find(|finding| finding.fact == fact).unwrap()
}

#[test]
fn the_vendors_configurations_have_no_remote_way_in_and_their_bridged_filters_are_not_known_for_sure() {
    for (name, dns, dhcp, said) in [
        ("seed-router1", Answer::Yes, Answer::Yes, "GigaEthernet0.0 is bridged (bridge-group 1)"),
        ("seed-router2", Answer::No, Answer::No, "no line says which interface leads to the line"),
        ("seed-router3", Answer::Yes, Answer::Yes, "GigaEthernet0.0 is bridged (bridge-group 1)"),
    ] {
        let facts = SecurityFacts::of(&Config::parse(Dialect::ix(), case_after(name)), false);
        assert_eq!(facts.answer(Fact::RemoteMaintenance), Answer::No, "{name}");
        assert_eq!(facts.answer(Fact::SourceRestricted), Answer::Yes, "{name}");
        assert_eq!(facts.answer(Fact::Administrator), Answer::No, "{name}: the document registers none");
        assert_eq!((facts.answer(Fact::DnsProxy), facts.answer(Fact::DhcpServer)), (dns, dhcp), "{name}");
        for fact in [Fact::WanFilterIn, Fact::WanFilterOut, Fact::StatefulInspection] {
            let found = finding(&facts, fact);
            assert_eq!(found.answer, Answer::NotKnown, "{name}: {found:?}");
            assert!(found.reasons.iter().any(|why| why.en.contains(said)), "{name}: {found:?}");
            assert!(!found.lines.is_empty(), "{name}: the filters are shown all the same: {found:?}");
        }
        assert_eq!(facts.unknown, [""; 0], "{name}");
    }
}

/// The configurations of others, and displays where there are some.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/configurations");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let own = paths.iter().map(|path| std::fs::read_to_string(path).unwrap());
    own.chain(displays().into_iter().map(|(_, text)| text)).collect()
}

/// A text with words that were cut short, exchanged, repeated or replaced by a secret.
fn mangled(dice: &mut Dice, text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        if !words.is_empty() && dice.one_in(4) {
            let at = dice.below(words.len());
            let cut = dice.below(words[at].chars().count() + 1);
            match dice.below(4) {
                0 => words[at] = words[at].chars().take(cut).collect(),
                1 => words.push("any".to_owned()),
                2 => words.reverse(),
                _ => drop(words.remove(at)),
            }
        }
        out.push_str(indent);
        out.push_str(&words.join(" "));
        out.push('\n');
        if dice.one_in(8) {
            let secrets = [
                format!("username x password hash {CANARY} administrator"),
                format!("http-server username y secret-password {CANARY}"),
                format!("snmp-agent ip community {CANARY}"),
                format!("snmp-agent vrf V ip community {CANARY}"),
                format!("snmpv3 user z auth md5 {CANARY}"),
                format!("nm account g password secret {CANARY}"),
                format!("ssh-server password {CANARY}"),
            ];
            let secret: &String = dice.pick(&secrets);
            out.push_str(secret);
            out.push('\n');
        }
    }
    out
}

#[test]
fn whatever_a_configuration_says_every_question_has_one_answer_and_no_secret_is_in_it() {
    let corpus = corpus();
    rounds("security", 150, |dice, _| {
        let text = dice.pick(&corpus);
        let text = mangled(dice, text);
        let dialect = *dice.pick(&Dialect::all());
        let facts = SecurityFacts::of(&Config::parse(dialect, &text), dice.one_in(5));
        assert_eq!(facts.findings.len(), ANSWERED);
        assert!(!format!("{facts:?}").contains(CANARY), "{text}");
        for line in facts.findings.iter().flat_map(|finding| &finding.lines) {
            assert_eq!(mask_path(line.split(" / ")), *line, "masked once is masked");
        }
        for finding in facts.findings.iter().filter(|finding| finding.answer == Answer::NotKnown) {
            assert!(!finding.reasons.is_empty(), "not known, and no one is told why: {finding:?}");
        }
    });
}
