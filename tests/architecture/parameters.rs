//! Parameters have names: none is a tuple, whose parts only their order tells apart.

use crate::{code, is_test_file, sources, src};

/// A parameter as it is written.
#[derive(Debug, PartialEq, Eq)]
struct Parameter {
    function: String,
    pattern: String,
    kind: String,
}

impl Parameter {
    /// Whether it is a tuple, by itself, behind a reference or in an `Option`.
    fn is_tuple(&self) -> bool {
        let mut kind = self.kind.as_str();
        loop {
            let bare = kind.trim_start_matches(['&', ' ']).trim_start_matches("mut ").trim_start_matches("Option<");
            let bare = match bare.strip_prefix('\'') {
                Some(lifetime) => lifetime.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
                None => bare,
            };
            if bare == kind {
                break;
            }
            kind = bare;
        }
        let inside = kind.strip_prefix('(').map(|_| &kind[1..end_of_brackets(kind)]).unwrap_or_default();
        inside.ends_with(',') || split(inside, ',', 2).len() > 1 || self.pattern.starts_with('(')
    }
}

/// Where the bracket that is open at the beginning of a text is closed; an arrow closes none.
fn end_of_brackets(text: &str) -> usize {
    let mut depth = 0;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if last != '-' && last != '=' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
        last = c;
    }
    text.len()
}

/// The parts of a text between commas, or before and behind its first colon, that are in no brackets.
fn split(text: &str, at: char, most: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if "([{<".contains(c) {
            length = (end_of_brackets(rest) + 1).min(rest.len());
        } else if c == at && parts.len() < most {
            parts.push(String::new());
            rest = &rest[length..];
            continue;
        }
        parts.last_mut().unwrap().push_str(&rest[..length]);
        rest = &rest[length..];
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The parameters of the functions of a text.
fn parameters(text: &str) -> Vec<Parameter> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("fn ") {
        if text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + 3..];
        let function: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let mut rest = &rest[function.len()..];
        if rest.starts_with('<') {
            rest = rest.get(end_of_brackets(rest) + 1..).unwrap_or_default();
        }
        if function.is_empty() || !rest.starts_with('(') {
            continue;
        }
        for parameter in split(rest.get(1..end_of_brackets(rest)).unwrap_or_default(), ',', usize::MAX) {
            if let [pattern, kind] = split(&parameter, ':', 2).as_slice() {
                let (function, pattern, kind) = (function.clone(), pattern.clone(), kind.clone());
                found.push(Parameter { function, pattern, kind });
            }
        }
    }
    found
}

#[test]
fn a_tuple_is_found_wherever_a_parameter_is_one() {
    let text = "
        pub fn alone(pair: (usize, bool)) {}
        fn taken_apart<'a, F: Fn(usize) -> bool>(&self, (a, b): &'a (u8, Vec<(u8, u8)>), keep: F) -> (u8, u8) { }
        fn perhaps(of: Option<&(u8, u8)>) {}
        fn aliased((name, place): Named<'_>) {}
        fn rightly(all: &[(u8, u8)], each: impl Fn((u8, u8)) -> bool, done: (), Named { name, .. }: Named) {}
        fn of(error: &(impl Explain + ?Sized)) {}
    ";
    let tuples: Vec<String> =
        parameters(text).into_iter().filter(Parameter::is_tuple).map(|parameter| parameter.function).collect();
    assert_eq!(tuples, ["alone", "taken_apart", "perhaps", "aliased"]);
}

#[test]
fn no_parameter_is_a_tuple() {
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let (name, lines) = code(&path);
        if is_test_file(&name) {
            continue;
        }
        let text: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        let tuples = parameters(&text.join("\n")).into_iter().filter(Parameter::is_tuple);
        wrong.extend(tuples.map(|found| format!("{name}: {}({}: {})", found.function, found.pattern, found.kind)));
    }
    assert!(wrong.is_empty(), "a struct, or parameters of their own, instead of a tuple:\n{}", wrong.join("\n"));
}
