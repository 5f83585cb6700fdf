//! No key is too short: two lines that differ in one word and may both be on a router are two lines. The whole table is walked;
//! where two lines of a row are one, the row says why.

use std::path::Path;
use std::sync::Arc;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::grammar::{CommandKind, GLOBAL, Row};
use ixdeploy::ix::{Config, Node};

/// One word of a command, or a placeholder for words.
#[derive(Clone)]
struct Part {
    /// Part of what names the line.
    key: bool,
    /// Words that fit there, each with another that makes a different line.
    pairs: Vec<(String, String)>,
    /// The part that may be left out which it belongs to.
    group: Option<usize>,
}

impl Part {
    fn parse(word: &str, group: Option<usize>) -> Self {
        let key = word.starts_with('{');
        let same = |one: &str| vec![(one.to_owned(), one.to_owned())];
        let pairs = match word.strip_prefix(['{', '<']).map(|rest| rest.trim_end_matches(['}', '>'])) {
            None if word.contains('|') => choices(word),
            None => same(word),
            Some(inner) => match inner.split_once(':').map_or("word", |(_, kind)| kind) {
                "word" => pair("alpha", "beta"),
                "number" => pair("1", "2"),
                "interface" => pair("GigaEthernet0.0", "GigaEthernet1.0"),
                "ipv4" => pair("192.0.2.1", "192.0.2.2"),
                "ipv6" => pair("2001:db8::1", "2001:db8::2"),
                "prefix4" => pair("192.0.2.1/24", "192.0.2.2/24"),
                "prefix6" => pair("2001:db8::1/64", "2001:db8::2/64"),
                "route4" => pair("10.1.0.0/16", "10.2.0.0/16"),
                "route6" => pair("2001:db8:1::/48", "2001:db8:2::/48"),
                "endpoint" => pair("192.0.2.9", "GigaEthernet1.0"),
                "secret" => pair("SecretA1", "SecretB2"),
                "list15" | "name31" | "user16" => pair("one", "two"),
                // The first word, the last one, and one more.
                "rest" => [("x1 y1", "x2 y1"), ("x1 y1", "x1 y2"), ("x1 y1", "x1")]
                    .map(|(one, other)| (one.to_owned(), other.to_owned()))
                    .to_vec(),
                listed if listed.contains('|') => choices(listed),
                only => same(only),
            },
        };
        Self { key, pairs, group }
    }

    fn word(&self) -> &str {
        &self.pairs[0].0
    }
}

fn pair(one: &str, other: &str) -> Vec<(String, String)> {
    vec![(one.to_owned(), other.to_owned())]
}

fn choices(listed: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = listed.split('|').collect();
    words.windows(2).map(|two| (two[0].to_owned(), two[1].to_owned())).collect()
}

/// The words of a command, with the parts that may be left out.
fn parts(command: &str) -> Vec<Part> {
    let spaced = command.replace('[', " [ ").replace(']', " ] ");
    let (mut groups, mut group, mut parts) = (0, None, Vec::new());
    for word in spaced.split_whitespace() {
        match word {
            "[" => group = Some(groups),
            "]" => (groups, group) = (groups + 1, None),
            word => parts.push(Part::parse(word, group)),
        }
    }
    parts
}

/// Two lines that differ in one place, and whether what names the line differs.
struct Pair {
    lines: [String; 2],
    key: bool,
}

/// Every pair of lines of a command that differ in one place only.
fn pairs(parts: &[Part]) -> Vec<Pair> {
    let groups = parts.iter().filter_map(|part| part.group).max().map_or(0, |last| last + 1);
    let mut found = Vec::new();
    for given in 0..1_usize << groups {
        let is_given = |given: usize, part: &Part| part.group.is_none_or(|group| given & (1 << group) != 0);
        let line = |given: usize, at: usize, other: Option<&str>| -> String {
            let words = parts.iter().enumerate().filter(|(_, part)| is_given(given, part));
            let words = words.map(|(index, part)| other.filter(|_| index == at).unwrap_or(part.word()));
            words.collect::<Vec<_>>().join(" ")
        };
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| is_given(given, part)) {
            for (one, other) in part.pairs.iter().filter(|(one, other)| one != other) {
                let lines = [line(given, at, Some(one)), line(given, at, Some(other))];
                found.push(Pair { lines, key: part.key });
            }
        }
        for group in (0..groups).filter(|group| given & (1 << group) == 0) {
            let key = parts.iter().any(|part| part.group == Some(group) && part.key);
            let lines = [line(given, parts.len(), None), line(given | (1 << group), parts.len(), None)];
            found.push(Pair { lines, key });
        }
    }
    found
}

/// The commands of both tables as they are written, in the order of the grammar's rows.
fn commands() -> Vec<Vec<Part>> {
    let file = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dialect/grammar").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let (table, ix_r) = (file("table.ixg"), file("ix-r.ixg"));
    let body = table.split("\n[fresh]\n").next().unwrap();
    let differences = ix_r.split("\n[global]\n").nth(1).unwrap();
    body.lines()
        .chain(differences.lines())
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
        .map(|line| parts(line.split(" |").next().unwrap()))
        .collect()
}

/// The headers under which lines of a mode are, from the outermost.
fn headers(rows: &[Arc<Row>], commands: &[Vec<Part>], context: &str) -> Vec<String> {
    if context == GLOBAL {
        return Vec::new();
    }
    let opener = rows.iter().find(|row| row.opens.as_deref() == Some(context)).unwrap();
    let mut above = headers(rows, commands, &opener.context);
    let words: Vec<&str> = commands[opener.rank].iter().filter(|part| part.group.is_none()).map(Part::word).collect();
    above.push(words.join(" "));
    above
}

/// Two lines of a command that differ in one place, with the headers above them.
pub struct Changed {
    /// The command.
    pub row: Arc<Row>,
    /// The headers.
    pub above: Vec<String>,
    /// The lines.
    pub lines: [String; 2],
}

/// Every change of one place in a line of a command; what fits an earlier row of the table is that one's.
pub fn every_change() -> Vec<Changed> {
    let (commands, grammar) = (commands(), Dialect::ix().grammar());
    let mut all = Vec::new();
    for row in grammar.rows() {
        let above = headers(grammar.rows(), &commands, &row.context);
        let is_own = |line: &String| {
            let words: Vec<&str> = line.split(' ').collect();
            grammar.look_up(&row.context, &words).is_some_and(|known| known.row.rank == row.rank)
        };
        let own = pairs(&commands[row.rank]).into_iter().filter(|pair| pair.lines.iter().all(is_own));
        all.extend(own.map(|pair| Changed { row: Arc::clone(row), above: above.clone(), lines: pair.lines }));
    }
    all
}

/// A line of a command with all its parts, and the headers above it.
pub fn line_of(row: &Row) -> (Vec<String>, String) {
    let commands = commands();
    let words: Vec<&str> = commands[row.rank].iter().map(Part::word).collect();
    (headers(Dialect::ix().grammar().rows(), &commands, &row.context), words.join(" "))
}

/// Lines of every command of the table, which differ in one place, with the headers above them.
pub fn of_every_row() -> Vec<(Vec<String>, [String; 2])> {
    let (commands, rows) = (commands(), Dialect::ix().grammar().rows());
    let lines = |row: &Arc<Row>| {
        let own = pairs(&commands[row.rank]).into_iter().next().map(|pair| pair.lines);
        let only = || commands[row.rank].iter().map(Part::word).collect::<Vec<_>>().join(" ");
        (headers(rows, &commands, &row.context), own.unwrap_or_else(|| [only(), only()]))
    };
    rows.iter().map(lines).collect()
}

/// How many lines the router is taken to hold when it was told both.
fn lines_held(dialect: &Arc<Dialect>, above: &[String], lines: &[String; 2]) -> usize {
    let mut text = String::new();
    for (depth, header) in above.iter().enumerate() {
        text += &format!("{}{header}\n", "  ".repeat(depth));
    }
    for line in lines {
        text += &format!("{}{line}\n", "  ".repeat(above.len()));
    }
    let config = Config::parse(dialect, &text);
    let mut nodes: &[Node] = &config.nodes;
    for _ in above {
        nodes = &nodes[0].children;
    }
    nodes.len()
}

/// What is wrong with the keys of one row.
fn judge(dialect: &Arc<Dialect>, commands: &[Vec<Part>], row: &Row) -> Vec<String> {
    let grammar = dialect.grammar();
    let above = headers(grammar.rows(), commands, &row.context);
    let one_value = matches!(row.kind, CommandKind::Single | CommandKind::Flag);
    let says_why = row.replaces || row.one.is_some();
    let is_own = |line: &String| {
        let words: Vec<&str> = line.split(' ').collect();
        grammar.look_up(&row.context, &words).is_some_and(|known| known.row.rank == row.rank)
    };
    let all = pairs(&commands[row.rank]);
    let (mut problems, mut tried, mut collisions) = (Vec::new(), 0, 0);
    // What fits an earlier row of the table is that one's.
    for Pair { lines, key } in all.iter().filter(|pair| pair.lines.iter().all(is_own)) {
        tried += 1;
        if lines_held(dialect, &above, lines) == 2 {
            continue;
        }
        collisions += 1;
        if !one_value && (*key || !says_why) {
            problems.push(format!("{}: `{}` and `{}` are one line", row.id, lines[0], lines[1]));
        }
    }
    if tried == 0 && !all.is_empty() {
        problems.push(format!("{}: no line of its own was found", row.id));
    }
    if row.one.is_some() && collisions == 0 {
        problems.push(format!("{}: says why two lines are one, and none are", row.id));
    }
    if !one_value && row.args.iter().any(|arg| !arg.key && arg.choices == ["in", "out"]) {
        problems.push(format!("{}: a direction is part of the key", row.id));
    }
    problems
}

#[test]
fn lines_that_differ_in_a_word_are_one_only_where_the_row_says_why() {
    let commands = commands();
    let table = Dialect::ix().grammar().rows().len();
    let mut problems = Vec::new();
    for (dialect, from) in [(Dialect::ix(), 0), (Dialect::ix_r(), table)] {
        problems.extend(dialect.grammar().rows().iter().skip(from).flat_map(|row| judge(dialect, &commands, row)));
    }
    assert_eq!(commands.len(), Dialect::ix_r().grammar().rows().len());
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn an_omitted_key_word_is_not_confused_with_the_next() {
    let row = "port {NAME} [up {ONE}] [down {OTHER}] | keyed | line | | G";
    let dialect = Dialect::ix().with_rows(&format!("[global]\n{row}\n"));
    for lines in
        [["port p up a", "port p down a"], ["port p", "port p up a"], ["port p up a down b", "port p up b down a"]]
    {
        assert_eq!(lines_held(&dialect, &[], &lines.map(str::to_owned)), 2, "{lines:?}");
    }
}
