//! Bounds of a template: how deep it may be, how long a text it may make, how much it may make in all.
//!
//! The engine counts steps, and one step can double a text. So every place of a template at which a value is made gets a guard, our filter,
//! before it is compiled; the guards and what is printed draw on one budget. What would overflow the stack of the engine's own reader is
//! refused before that reads it. Line numbers stay; the columns of guards are known, so that a finding still points into the file.

use std::cell::{Cell, RefCell};
use std::sync::LazyLock;

use minijinja::machinery::{Token, parse, parse_expr, tokenize};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Rest, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, UndefinedBehavior, Value};

use super::finding::TemplateFinding;
use super::guards::{Guards, Inserted};
use crate::message::Wording;

/// The largest template file, in bytes.
pub(super) const LARGEST: usize = 1024 * 1024;
/// The longest text that a template may use as a value.
const LONGEST: usize = 256 * 1024;
/// What one rendering may make and print, in bytes; a value of a list counts as [`NODE`].
const MOST: usize = 32 * 1024 * 1024;
/// What a value costs besides its text.
const NODE: usize = 64;
/// The deepest list of lists.
const DEEPEST_VALUE: usize = 32;
/// The deepest block in blocks; an `elif` is one.
const DEEPEST_BLOCK: usize = 50;
/// The deepest bracket in brackets.
const DEEPEST_BRACKET: usize = 40;
/// The most operators in one tag: each can be one step deeper for the reader.
const OPERATORS: usize = 60;
/// How deep macros and includes may call each other, in the engine's own measure.
pub(super) const RECURSION: usize = 100;

thread_local! {
    /// What the rendering on this thread has drawn so far.
    static DRAWN: Cell<usize> = const { Cell::new(0) };
    /// The left sides of the products being computed.
    static PRODUCTS: RefCell<Vec<Factor>> = const { RefCell::new(Vec::new()) };
}

/// Gives a rendering on this thread its whole budget.
pub(super) fn begin() {
    DRAWN.set(0);
    PRODUCTS.with_borrow_mut(Vec::clear);
}

/// Draws on the budget.
///
/// # Errors
/// When it is used up.
pub(super) fn draw(amount: usize) -> Result<(), Error> {
    let drawn = DRAWN.get().saturating_add(amount);
    DRAWN.set(drawn);
    if drawn > MOST { Err(too_much()) } else { Ok(()) }
}

fn too_much() -> Error {
    TemplateFinding::MakesTooMuch { longest: LONGEST / 1024, most: MOST / (1024 * 1024) }.into()
}

/// A template or expression that the engine's reader must not see, and the line it is in.
pub(super) struct Misshapen {
    pub line: usize,
    pub finding: TemplateFinding,
}

/// Judges the shape of a template, or of a lone expression, before the engine reads it.
///
/// # Errors
/// When it is too large, or a part of it too deep.
fn shape(source: &str, is_expression: bool, syntax: &SyntaxConfig) -> Result<(), Misshapen> {
    let refuse = |line: usize, finding| Misshapen { line: line.max(1), finding };
    if source.len() > 2 * LARGEST {
        return Err(refuse(1, TemplateFinding::TooLarge));
    }
    let mut blocks: Vec<usize> = Vec::new();
    let mut tag = Tag::begin(false);
    for token in tokenize(source, is_expression, syntax.clone()) {
        // What cannot be read is the reader's to name.
        let Ok((token, span)) = token else { return Ok(()) };
        let line = || {
            let before = source.as_bytes().iter().take(span.start_offset as usize);
            before.filter(|byte| **byte == b'\n').count() + 1
        };
        match token {
            Token::BlockStart | Token::VariableStart => tag = Tag::begin(matches!(token, Token::BlockStart)),
            Token::BlockEnd => {
                tag.settle(&mut blocks);
                if blocks.iter().sum::<usize>() > DEEPEST_BLOCK {
                    return Err(refuse(line(), TemplateFinding::TooDeep { what: Wording::new("blocks", "ブロック") }));
                }
            }
            token => {
                tag.take(&token);
                if tag.operators.iter().sum::<usize>() > OPERATORS {
                    return Err(refuse(line(), TemplateFinding::TooManyOperators));
                }
                if tag.operators.len() > DEEPEST_BRACKET {
                    return Err(refuse(line(), TemplateFinding::TooDeep { what: Wording::new("brackets", "括弧") }));
                }
            }
        }
    }
    Ok(())
}

/// One tag, token by token.
#[derive(Default)]
struct Tag {
    statement: bool,
    /// The first word of a statement.
    word: Option<String>,
    assigns: bool,
    /// The operators since the last comma, for each bracket that is open; the first is the tag itself.
    operators: Vec<usize>,
    /// Whether a value has just ended: a bracket there is a call or a subscript.
    after_value: bool,
}

impl Tag {
    fn begin(statement: bool) -> Self {
        Self { statement, operators: vec![0], ..Self::default() }
    }

    fn take(&mut self, token: &Token<'_>) {
        let after_value = std::mem::take(&mut self.after_value);
        match token {
            Token::Ident(word) if self.statement && self.word.is_none() => self.word = Some((*word).to_owned()),
            Token::Ident("not" | "if" | "else" | "and" | "or" | "is" | "in") => self.count(1),
            Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::FloorDiv | Token::Pow | Token::Mod => {
                self.count(1)
            }
            Token::Tilde | Token::Pipe | Token::Dot => self.count(1),
            Token::ParenOpen | Token::BraceOpen | Token::BracketOpen => {
                self.count(usize::from(after_value));
                self.operators.push(0);
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                self.operators.pop();
                self.after_value = true;
            }
            Token::Comma => {
                if let Some(last) = self.operators.last_mut() {
                    *last = 0;
                }
            }
            Token::Assign => self.assigns = true,
            Token::Ident(_) | Token::Str(_) | Token::String(_) => self.after_value = true,
            _ => {}
        }
    }

    fn count(&mut self, more: usize) {
        if let Some(last) = self.operators.last_mut() {
            *last += more;
        }
    }

    /// Opens or closes what the tag does.
    fn settle(&self, blocks: &mut Vec<usize>) {
        match self.word.as_deref() {
            Some("set") if self.assigns => {}
            Some("for" | "if" | "with" | "macro" | "call" | "filter" | "block" | "autoescape" | "set") => {
                blocks.push(1)
            }
            Some("elif") => {
                if let Some(last) = blocks.last_mut() {
                    *last += 1;
                }
            }
            Some(word) if word.starts_with("end") => drop(blocks.pop()),
            _ => {}
        }
    }
}

/// Why there is no template with guards: the engine cannot read it, or it holds what has no bound.
pub(super) enum Unguarded {
    Engine(Error),
    Shape(Misshapen),
}

impl From<Error> for Unguarded {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Misshapen> for Unguarded {
    fn from(wrong: Misshapen) -> Self {
        Self::Shape(wrong)
    }
}

impl From<Unguarded> for Error {
    fn from(why: Unguarded) -> Self {
        match why {
            Unguarded::Engine(error) => error,
            Unguarded::Shape(wrong) => wrong.finding.into(),
        }
    }
}

/// A template with its guards.
///
/// # Errors
/// When the engine cannot read it, or it holds what has no bound.
pub(super) fn guard(source: &str, name: &str, syntax: &SyntaxConfig) -> Result<(String, Inserted), Unguarded> {
    shape(source, false, syntax)?;
    let mut guards = Guards::of(source);
    guards.statement(&parse(source, name, syntax.clone())?)?;
    Ok(guards.insert())
}

/// An expression with its guards.
///
/// # Errors
/// As [`guard`].
pub(super) fn guard_expression(source: &str) -> Result<String, Unguarded> {
    shape(source, true, &SyntaxConfig::default())?;
    let mut guards = Guards::of(source);
    guards.expression(&parse_expr(source)?)?;
    Ok(guards.insert().0)
}

/// Registers the guards, and the filters that could make much of little. `sizes` are those of the templates, by name.
pub(super) fn add_to(environment: &mut Environment<'static>, sizes: Vec<(String, usize)>) {
    environment.set_recursion_limit(RECURSION);
    environment.add_filter("_fits", |value: Value| weigh(&value, 0).map(|()| value));
    environment.add_filter("_left", |value: Value| {
        PRODUCTS.with_borrow_mut(|products| products.push(Factor::of(&value)));
        value
    });
    environment.add_filter("_right", |value: Value| {
        let left = PRODUCTS.with_borrow_mut(Vec::pop);
        left.map_or(Ok(()), |left| left.times(Factor::of(&value))).map(|()| value)
    });
    environment.add_filter("_times", |value: Value, each: usize| times(&value, each).map(|()| value));
    environment.add_filter("_included", move |names: Value| {
        let size = |name: &str| sizes.iter().find(|(known, _)| known == name).map_or(0, |(_, size)| *size);
        match names.as_str() {
            Some(name) => draw(NODE + size(name))?,
            None => names.try_iter()?.take(NODE).try_for_each(|name| draw(NODE + name.as_str().map_or(0, size)))?,
        }
        Ok::<_, Error>(names)
    });
    for name in ["replace", "join", "indent", "format", "batch", "slice"] {
        environment.add_filter(name, move |args: Rest<ValueOrKwargs>| plainly(name, &args.into_values()));
    }
}

/// A side of a product.
#[derive(Clone, Copy)]
enum Factor {
    Number(usize),
    /// What is repeated, in bytes.
    Much(usize),
    Other,
}

impl Factor {
    fn of(value: &Value) -> Self {
        match (value.as_str(), value.kind()) {
            (Some(text), _) => Self::Much(text.len()),
            (None, ValueKind::Seq | ValueKind::Iterable) => Self::Much(count(Some(value)).saturating_mul(NODE)),
            (None, ValueKind::Number) => value.as_usize().map_or(Self::Other, Self::Number),
            _ => Self::Other,
        }
    }

    /// Draws what the product makes.
    fn times(self, other: Self) -> Result<(), Error> {
        match (self, other) {
            (Self::Number(number), Self::Much(size)) | (Self::Much(size), Self::Number(number)) => {
                let size = size.saturating_mul(number);
                if size > MOST / 2 { Err(too_much()) } else { draw(size) }
            }
            _ => Ok(()),
        }
    }
}

/// Draws what a value holds.
fn weigh(value: &Value, depth: usize) -> Result<(), Error> {
    draw(NODE)?;
    if let Some(bytes) = value.as_bytes() {
        return if bytes.len() > LONGEST { Err(too_much()) } else { draw(bytes.len()) };
    }
    if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map) {
        return Ok(());
    }
    if depth > DEEPEST_VALUE {
        return Err(too_much());
    }
    for item in value.try_iter()? {
        weigh(&item, depth + 1)?;
        if value.kind() == ValueKind::Map {
            weigh(&value.get_item(&item)?, depth + 1)?;
        }
    }
    Ok(())
}

/// Draws what the text of a loop costs for each value that it goes through.
fn times(value: &Value, each: usize) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => text.chars().try_for_each(|_| draw(each.max(1))),
        // What cannot be iterated is named by the loop.
        None => value.try_iter().map_or(Ok(()), |mut items| items.try_for_each(|_| draw(each.max(1)))),
    }
}

/// The engine's own filters, without guards.
static PLAIN: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut plain = Environment::new();
    plain.set_undefined_behavior(UndefinedBehavior::Strict);
    plain
});

/// A filter of the engine, after what it can make was drawn.
fn plainly(name: &str, args: &[Value]) -> Result<Value, Error> {
    let given: Vec<Value> = args.iter().skip(1).flat_map(named).collect();
    let longest = given.iter().filter_map(Value::as_str).map(str::len).max().unwrap_or(0);
    let largest = given.iter().filter_map(Value::as_usize).max().unwrap_or(0);
    let text = args.first().and_then(Value::as_str).unwrap_or_default();
    draw(match name {
        "replace" => {
            let from = args.get(1).and_then(Value::as_str).unwrap_or_default();
            text.matches(from).count().saturating_mul(longest)
        }
        "join" => count(args.first()).saturating_mul(longest),
        "indent" => (text.matches('\n').count() + 1).saturating_mul(largest.max(longest)),
        "format" => widths(text).saturating_add(if text.contains('*') { largest } else { 0 }),
        _ => largest.saturating_mul(NODE),
    })?;
    let made = PLAIN.empty_state().apply_filter(name, args)?;
    weigh(&made, 0).map(|()| made)
}

/// An argument; of arguments with names, each.
fn named(value: &Value) -> Vec<Value> {
    match value.kind() {
        ValueKind::Map => value.try_iter().into_iter().flatten().filter_map(|key| value.get_item(&key).ok()).collect(),
        _ => vec![value.clone()],
    }
}

/// How many values there are, as far as it matters.
fn count(value: Option<&Value>) -> usize {
    value.and_then(|value| value.try_iter().ok()).map_or(0, |items| items.take(MOST / NODE).count())
}

/// The sum of all numbers in a format: its widths and precisions, and more than those at worst.
fn widths(format: &str) -> usize {
    let numbers = format.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.map(|digits| digits.parse().unwrap_or(usize::MAX)).fold(0, usize::saturating_add)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is the point")]
#[path = "bounds_tests.rs"]
mod tests;
