//! A command that the table knows whole and that holds no secret is shown and typed, whatever its names are.

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::ix::mask::why_hidden;

use crate::keys;

/// Names that people give, and that would announce a secret in an unknown line.
const NAMES: [(&str, &str); 6] = [
    ("alpha", "password"),
    ("beta", "key"),
    ("one", "community"),
    ("two", "psk"),
    ("x1", "my-secret.example"),
    ("y1", "on"),
];

/// The line with other names in it.
fn named(line: &str) -> String {
    let other = |word: &str| {
        NAMES.iter().find(|(name, _)| *name == word).map_or(word.to_owned(), |(_, name)| (*name).to_owned())
    };
    line.split(' ').map(other).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_known_command_without_a_secret_is_never_hidden() {
    let mut hidden = Vec::new();
    for (above, lines) in keys::of_every_row() {
        for line in lines.iter().flat_map(|line| [line.clone(), named(line)]) {
            let text: String = above
                .iter()
                .chain([&line])
                .enumerate()
                .map(|(depth, line)| format!("{}{line}\n", "  ".repeat(depth)))
                .collect();
            Config::parse(Dialect::ix(), &text).walk(&mut |_, node| {
                // A URL and its query are secret as such: the table says so in `[hidden]`.
                let known =
                    node.row.as_ref().is_some_and(|row| row.secret.is_none() && !row.family && row.leading != "url");
                if known && *node.text == *line && why_hidden(&line).is_some() {
                    hidden.push(line.clone());
                }
            });
        }
    }
    hidden.sort();
    hidden.dedup();
    assert!(hidden.is_empty(), "hidden though they hold no secret:\n{}", hidden.join("\n"));
}
