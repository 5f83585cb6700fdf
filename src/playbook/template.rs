//! Renders a role's templates: strict about undefined variables, bounded in time, and without a way to any other file.

use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ObjectRepr};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::dialect::model::Parts;
use crate::inventory::{Diagnostic, Place, SourceFile, suggestion};
use crate::secret::{CredentialName, placeholder};

use super::bounds::{self, Misshapen, Unguarded};
use super::finding::TemplateFinding;
use super::guards::Inserted;
use super::origin::{self, MarkedLine, VALUE_CLOSES, VALUE_OPENS};

/// Steps a rendering may take: some hundred thousand lines' worth, and an end to a loop gone wild.
const FUEL: u64 = 2_000_000;

/// The names that templates have besides the role's variables.
pub(super) const BUILT_IN: [&str; 7] = ["secret", "router", "site", "range", "dict", "namespace", "loop"];

/// The templates of one role, compiled once for all routers.
pub struct Templates {
    environment: Environment<'static>,
    syntax: SyntaxConfig,
    /// Each with the name that the role gives it, by which it can be included.
    files: Vec<(String, Arc<SourceFile>)>,
    /// The loops of each of them: the names that a loop gives, and those of what it goes through.
    loops: Vec<Vec<(Vec<String>, Vec<String>)>>,
    /// The positions of the guards in each of them.
    guards: Vec<Inserted>,
    main: usize,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.files.iter().map(|(name, _)| name)).finish()
    }
}

/// A short text that was rendered.
pub(super) struct RenderedText {
    /// The text.
    pub text: String,
    /// The same with its values marked, where it is one line.
    pub line: Option<MarkedLine>,
}

impl Templates {
    /// Compiles the first `main` files, which are rendered one after the other; the others can be included by name.
    /// `declared` are the role's variables: any other name in a template is an error, taken or not.
    ///
    /// # Errors
    /// Each template's syntax errors and undeclared names.
    pub(super) fn compile(
        files: Vec<(String, Arc<SourceFile>)>,
        main: usize,
        declared: &[&str],
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        environment.set_formatter(print);
        environment.remove_global("debug");
        environment.add_function("secret", secret);
        environment.add_filter("device", |name: &str| part(name, |parts| Some(parts.device())));
        environment.add_filter("vlan_group", |name: &str| part(name, |parts| parts.group.map(|g| g.to_string())));
        let sizes = files.iter().map(|(name, file)| (name.clone(), file.text().len())).collect();
        bounds::add_to(&mut environment, sizes);
        let mut found = Vec::new();
        let mut templates = Self {
            environment,
            syntax: SyntaxConfig::default(),
            files: Vec::new(),
            loops: Vec::new(),
            guards: Vec::new(),
            main,
        };
        match SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            Ok(syntax) => {
                templates.environment.set_syntax(syntax.clone());
                templates.syntax = syntax;
            }
            Err(error) => found.push(templates.diagnose(&error)),
        }
        for (name, file) in files {
            found.extend(templates.add(name, file).err());
        }
        found.extend(templates.undeclared(declared));
        if found.is_empty() { Ok(templates) } else { Err(found) }
    }

    /// Takes a file in: known to the engine by number, so that an error leads back to its file; and by name, for `include`.
    fn add(&mut self, name: String, file: Arc<SourceFile>) -> Result<(), Diagnostic> {
        let index = self.files.len();
        let marked = origin::mark(file.text(), index);
        self.loops.push(file.text().lines().filter_map(origin::goes_through).collect());
        self.files.push((name.clone(), Arc::clone(&file)));
        self.guards.push(Inserted::default());
        let number = index.to_string();
        let (guarded, inserted) = bounds::guard(&marked, &number, &self.syntax).map_err(|why| match why {
            Unguarded::Engine(error) => self.diagnose(&error),
            Unguarded::Shape(wrong) => misshapen(&file, &wrong),
        })?;
        if let Some(place) = self.guards.get_mut(index) {
            *place = inserted;
        }
        for known in [number, name] {
            let added = self.environment.add_template_owned(known, guarded.clone());
            added.map_err(|error| self.diagnose(&error))?;
        }
        Ok(())
    }

    /// The file that a [`MarkedLine::file`] means.
    pub(super) fn file(&self, index: usize) -> Option<&Arc<SourceFile>> {
        self.files.get(index).map(|(_, file)| file)
    }

    /// The names that a line of a template uses; for a loop's own name the list it iterates.
    pub(super) fn names_of_line(&self, file: usize, line: usize) -> Vec<String> {
        let loops = self.loops.get(file).map(Vec::as_slice).unwrap_or_default();
        let Some((file, line)) = self.file(file).zip(u32::try_from(line).ok()) else { return Vec::new() };
        let mut names = origin::names(file.line(line));
        // No name is looked at twice, so that the end is reached.
        let mut at = 0;
        while let Some(name) = names.get(at).cloned() {
            for through in loops.iter().filter(|(own, _)| own.contains(&name)).flat_map(|(_, through)| through) {
                if !names.contains(through) {
                    names.push(through.clone());
                }
            }
            at += 1;
        }
        names
    }

    /// Renders the main files.
    ///
    /// # Errors
    /// The first thing the engine stops at, with its place in the template.
    pub(super) fn render(&self, context: &Value) -> Result<Vec<MarkedLine>, Diagnostic> {
        bounds::begin();
        let mut lines = Vec::new();
        for index in 0..self.main {
            let template = self.environment.get_template(&index.to_string());
            let output = template.and_then(|t| t.render(context)).map_err(|e| self.diagnose(&e))?;
            lines.extend(origin::lines(&output));
        }
        Ok(lines)
    }

    /// Renders a short text, such as the command of a check.
    pub(super) fn text(&self, text: &str, context: &Value) -> Result<RenderedText, Error> {
        bounds::begin();
        let out = self.environment.render_str(&self.guarded(text)?, context)?;
        let mut lines = origin::lines(&out);
        // What values decided is of use in a single line only.
        let line = lines.pop().filter(|_| lines.is_empty() && !out.contains('\n'));
        Ok(RenderedText { text: origin::unmark(&out), line })
    }

    /// Whether an expression holds.
    pub(super) fn holds(&self, expression: &str, context: &Value) -> Result<bool, Error> {
        bounds::begin();
        Ok(self.environment.compile_expression(&bounds::guard_expression(expression)?)?.eval(context)?.is_true())
    }

    /// Whether an expression can be read, and the names it uses.
    pub(super) fn names_in(&self, expression: &str) -> Result<Vec<String>, Error> {
        let expression = bounds::guard_expression(expression)?;
        let mut names: Vec<String> =
            self.environment.compile_expression(&expression)?.undeclared_variables(false).into_iter().collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Whether a short text can be read, and the names it uses.
    pub(super) fn names_in_text(&self, text: &str) -> Result<Vec<String>, Error> {
        let text = self.guarded(text)?;
        let template = self.environment.template_from_str(&text)?;
        let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        names.sort_unstable();
        Ok(names)
    }

    fn guarded(&self, text: &str) -> Result<String, Error> {
        Ok(bounds::guard(text, "<string>", &self.syntax)?.0)
    }

    fn undeclared(&self, declared: &[&str]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (index, (_, file)) in self.files.iter().enumerate() {
            let Ok(template) = self.environment.get_template(&index.to_string()) else { continue };
            let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
            names.sort_unstable();
            for name in names {
                if declared.contains(&name.as_str()) || BUILT_IN.contains(&name.as_str()) {
                    continue;
                }
                let near = suggestion(&name, declared.iter().copied());
                let place = find_word(file, &name);
                let diagnostic = Diagnostic::error(&TemplateFinding::Undeclared { name, near }).at(place, "");
                found.push(diagnostic);
            }
        }
        found
    }

    /// An engine's error as a finding at its place in the template.
    pub(super) fn diagnose(&self, error: &Error) -> Diagnostic {
        // An error inside an included template is wrapped: the innermost one knows the place.
        let mut innermost = error;
        let mut source = std::error::Error::source(error);
        while let Some(next) = source {
            if let Some(inner) = next.downcast_ref::<Error>() {
                innermost = inner;
            }
            source = next.source();
        }
        let by_name = |name: &str| self.files.iter().position(|(known, _)| known == name);
        let index = innermost.name().and_then(|name| name.parse().ok().or_else(|| by_name(name)));
        let file = index.and_then(|index: usize| self.file(index));
        let ours = std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<TemplateFinding>());
        let diagnostic = match ours {
            Some(ours) => Diagnostic::error(ours),
            None => Diagnostic::error(&finding(innermost)),
        };
        let none = Inserted::default();
        let guards = index.and_then(|index| self.guards.get(index)).unwrap_or(&none);
        match (file, innermost.line()) {
            (Some(file), Some(line)) => diagnostic.at(place(file, line, innermost, guards), ""),
            _ => diagnostic,
        }
    }
}

/// Where an error is in its file: without our marks and guards.
fn place(file: &Arc<SourceFile>, line: usize, error: &Error, guards: &Inserted) -> Place {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut place = Place { file: Arc::clone(file), line: narrow(line), column: 1, length: 1 };
    let indent = file.line(place.line).chars().take_while(|c| *c == ' ').count();
    place.column = narrow(indent + 1);
    if let (Some(range), Some(source)) = (error.range(), error.template_source()) {
        let before = source.get(..range.start).unwrap_or_default();
        let on_line = before.rsplit('\n').next().unwrap_or_default();
        let ours = guards.within(range.start.saturating_sub(on_line.len())..range.start);
        place.column = narrow((origin::unmark(on_line).chars().count() + 1).saturating_sub(ours));
        place.line = narrow(before.matches('\n').count() + 1);
        let meant = source.get(range.clone()).unwrap_or_default().lines().next().unwrap_or_default();
        let ours = guards.within(range.start..range.start + meant.len());
        place.length = narrow(origin::unmark(meant).chars().count().saturating_sub(ours).max(1));
    }
    place
}

/// A template whose shape the engine must not see.
fn misshapen(file: &Arc<SourceFile>, wrong: &Misshapen) -> Diagnostic {
    let line = u32::try_from(wrong.line).unwrap_or(u32::MAX);
    let place = Place { file: Arc::clone(file), line, column: 1, length: 1 };
    Diagnostic::error(&wrong.finding).at(place, "")
}

/// The first place of a word in a file.
fn find_word(file: &Arc<SourceFile>, word: &str) -> Place {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for (index, line) in file.text().lines().enumerate() {
        for (at, _) in line.match_indices(word) {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + word.len()..).unwrap_or_default();
            if !before.ends_with(is_word) && !after.starts_with(is_word) && before.contains("{") {
                let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                return Place {
                    file: Arc::clone(file),
                    line: narrow(index + 1),
                    column: narrow(before.chars().count() + 1),
                    length: narrow(word.chars().count()),
                };
            }
        }
    }
    Place { file: Arc::clone(file), line: 1, column: 1, length: 1 }
}

/// An engine's error in our words.
fn finding(error: &Error) -> TemplateFinding {
    let detail = error.detail().map(|d| format!(": {d}")).unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => TemplateFinding::Undefined { detail },
        ErrorKind::SyntaxError => TemplateFinding::Syntax { detail },
        ErrorKind::OutOfFuel => TemplateFinding::Endless { steps: FUEL },
        ErrorKind::TemplateNotFound => TemplateFinding::NotFound { detail },
        kind => TemplateFinding::Failed { kind: kind.to_string(), detail },
    }
}

/// Prints a value between its marks. What has no text of its own is an error: an empty word would change the command.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Undefined => Ok(()),
        ValueKind::String | ValueKind::Number => {
            bounds::draw(value.as_str().map_or(1, str::len))?;
            Ok(write!(out, "{VALUE_OPENS}{value}{VALUE_CLOSES}")?)
        }
        _ if value.downcast_object_ref::<Credential>().is_some() => Err(TemplateFinding::PrintedCredential.into()),
        ValueKind::None => Err(TemplateFinding::PrintedNothing.into()),
        kind => Err(TemplateFinding::NotPrintable { kind: kind.to_string() }.into()),
    }
}

/// The value of a variable of the type `credential`: true, and good for nothing but `secret()`. Printed, a credential's name
/// would become the password.
#[derive(Debug)]
pub(super) struct Credential(pub CredentialName);

impl Object for Credential {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    /// The result of joining it with text; the `?` keeps such a line from ever being typed.
    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<credential?>")
    }
}

/// `secret(variable)`: the placeholder of the credential that the variable names.
fn secret(variable: &Value) -> Result<String, Error> {
    match variable.downcast_object_ref::<Credential>() {
        Some(Credential(name)) => Ok(placeholder(name)),
        None => Err(TemplateFinding::SecretOfOther.into()),
    }
}

/// A part of an interface name: the filters `device` (`GigaEthernet2`) and `vlan_group` (`1` of `GigaEthernet2:1.0`).
fn part(name: &str, pick: impl Fn(Parts<'_>) -> Option<String>) -> Result<String, Error> {
    Parts::of(name).and_then(pick).ok_or_else(|| TemplateFinding::NoVlanGroup { name: name.to_owned() }.into())
}
