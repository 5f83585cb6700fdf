//! A role: what a router that has it should be configured like, and how that is checked.

use std::sync::Arc;

use minijinja::Value;

use crate::inventory::yaml::{Content, Field, Reader};
use crate::inventory::{Diagnostic, Diagnostics, Located, SourceFile, is_name};
use crate::message::Text;
use crate::plan::Ownership;

use super::check::{self, Declared};
use super::finding::RoleFinding;
use super::policy::{Firmware, Silence, read_firmware, read_silences};
use super::template::Templates;
use super::variable::{Declaration, bilingual, read_declarations};

/// Where the files of a playbook come from: the disk, or a test.
pub(super) trait Folder {
    /// The text of a file, by its path below the playbook's folder with `/` between its parts.
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, Diagnostic>;

    /// The roles in it, used or not, by name.
    fn roles(&self) -> Vec<String>;
}

/// A role as its folder describes it.
#[derive(Debug)]
pub struct Role {
    /// Its name, which is its folder's.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// What it makes of a router.
    pub description: Text,
    /// What it owns: `all`, or families of commands.
    pub owns: Vec<Located<String>>,
    /// The same, as the planner reads it.
    pub ownership: Ownership,
    /// The variables it takes.
    pub variables: Vec<Declaration>,
    /// The oldest firmware it is for.
    pub min_firmware: Option<Located<Firmware>>,
    /// Lint findings that it accepts.
    pub silences: Vec<Silence>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) checks: Vec<Declared>,
    pub(super) templates: Templates,
}

/// What a role owns of one router.
pub(super) struct Owned {
    /// The entries of `owns:`, with their places.
    pub(super) entries: Vec<Located<String>>,
    /// The same, as the planner reads it.
    pub(super) ownership: Ownership,
}

/// A combination of values that a role does not allow.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The expression that must not hold.
    when: Located<String>,
    /// The variable to point at.
    at: Option<Located<String>>,
    because: Text,
    hint: Option<Text>,
}

impl Role {
    /// Reads a role's folder.
    pub(super) fn read(name: &str, folder: &dyn Folder, found: &mut Diagnostics) -> Option<Self> {
        let file = match folder.read(&format!("roles/{name}/role.yaml")) {
            Ok(file) => file,
            Err(diagnostic) => {
                found.push(diagnostic);
                return None;
            }
        };
        let (reader, root) = Reader::open(file);
        let mut role = None;
        if let Some(root) = &root {
            role = read(name, &reader.root(root), folder);
        }
        found.extend(reader.finish());
        role
    }

    /// What it owns of a router with these values.
    ///
    /// # Errors
    /// The entry that cannot be printed, or that is none with these values.
    pub(super) fn owned(&self, context: &Value) -> Result<Owned, Diagnostic> {
        let print = |entry: &Located<String>| {
            let text = self.templates.text(&entry.value, context);
            text.map(|rendered| entry.clone().map(|_| rendered.text))
                .map_err(|error| self.templates.diagnose(&error).at(entry.place.clone(), &*entry.path))
        };
        let has_value = |entry: &Located<String>| entry.value.contains("{{");
        if !self.owns.iter().any(has_value) {
            return Ok(Owned { entries: self.owns.clone(), ownership: self.ownership.clone() });
        }
        let entries = self.owns.iter().map(print).collect::<Result<Vec<_>, _>>()?;
        let mut known = Vec::new();
        for entry in &entries {
            Ownership::parse(std::slice::from_ref(&entry.value))
                .map_err(|error| Diagnostic::error(&error).at(entry.place.clone(), &*entry.path))?;
            known.push(entry.value.as_str());
        }
        Ok(Owned { ownership: Ownership::parse(&known).unwrap_or_default(), entries })
    }

    /// Its declaration of a variable.
    pub fn variable(&self, name: &str) -> Option<&Declaration> {
        self.variables.iter().find(|d| d.name.value == name)
    }
}

fn read(name: &str, root: &Field<'_>, folder: &dyn Folder) -> Option<Role> {
    let mut table = root.table("a role", "ロール")?;
    if let Some(field) = table.require("version") {
        field.check_version();
    }
    let title = table.get("title").and_then(|f| bilingual(&f)).unwrap_or_default();
    let description = table.get("description").and_then(|f| bilingual(&f)).unwrap_or_default();
    let main = table.require("templates").map(|f| template_names(&f)).unwrap_or_default();
    let includes = table.get("includes").map(|f| template_names(&f)).unwrap_or_default();
    let owns = table.require("owns").map(|f| read_owns(&f)).unwrap_or_default();
    let ownership = read_ownership(&owns, root);
    let min_firmware = table.get("min_firmware").and_then(|f| read_firmware(&f));
    let variables = table.get("variables").map(|f| read_declarations(&f)).unwrap_or_default();
    let refusals: Vec<Refusal> =
        table.get("refuse").map(|f| f.list()).unwrap_or_default().iter().filter_map(refusal).collect();
    let checks = table.get("checks").map(|f| check::read(&f)).unwrap_or_default();
    let silences = table.get("lint").map(|f| read_silences(&f)).unwrap_or_default();
    table.finish();

    let files = read_files(name, &main, &includes, root, folder)?;
    let declared: Vec<&str> = variables.names.iter().map(String::as_str).collect();
    let templates = match Templates::compile(files, main.len(), &declared) {
        Ok(templates) => templates,
        Err(diagnostics) => {
            diagnostics.into_iter().for_each(|d| root.report(d));
            return None;
        }
    };
    for entry in &owns {
        let names = templates.names_in_text(&entry.value);
        check::undeclared(names, entry, &templates, &declared).into_iter().for_each(|d| root.report(d));
    }
    check_names(&refusals, &checks, &templates, &declared).into_iter().for_each(|d| root.report(d));
    check_defaults(&variables.good, root);
    if !variables.are_whole() {
        // Rendered, it would miss what cannot be read.
        return None;
    }
    let name = name.to_owned();
    Some(Role {
        name,
        title,
        description,
        owns,
        ownership,
        variables: variables.good,
        min_firmware,
        silences,
        refusals,
        checks,
        templates,
    })
}

/// The files of the templates, under the names that the role gives them; nothing where one cannot be read.
fn read_files(
    role: &str,
    main: &[Located<String>],
    includes: &[Located<String>],
    root: &Field<'_>,
    folder: &dyn Folder,
) -> Option<Vec<(String, Arc<SourceFile>)>> {
    let mut files = Vec::new();
    for template in main.iter().chain(includes) {
        let short = template.value.as_str();
        let path =
            if short.starts_with("shared/") { format!("roles/{short}") } else { format!("roles/{role}/{short}") };
        match folder.read(&path) {
            Ok(file) => files.push((template.value.clone(), file)),
            Err(diagnostic) => root.report(diagnostic.at(template.place.clone(), &*template.path)),
        }
    }
    (files.len() == main.len() + includes.len()).then_some(files)
}

/// Names in conditions and checks that the role does not declare.
fn check_names(refusals: &[Refusal], checks: &[Declared], templates: &Templates, declared: &[&str]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for refusal in refusals {
        let names = templates.names_in(&refusal.when.value);
        found.extend(check::undeclared(names, &refusal.when, templates, declared));
        if let Some(at) = &refusal.at {
            found.extend(check::undeclared(Ok(vec![at.value.clone()]), at, templates, declared));
        }
    }
    found.extend(checks.iter().flat_map(|check| check.undeclared(templates, declared)));
    found
}

/// Names of templates: files of the role's own folder, or of the folder `shared` beside it.
fn template_names(field: &Field<'_>) -> Vec<Located<String>> {
    let good = |name: &str| {
        let file = name.strip_prefix("shared/").unwrap_or(name);
        is_name(file) && file.ends_with(".ix.j2")
    };
    let mut names = Vec::new();
    for field in field.list() {
        let Some(name) = field.text() else { continue };
        if good(&name) {
            names.push(field.located(name));
        } else {
            field.refuse(&RoleFinding::NoTemplateName { name });
        }
    }
    names
}

/// `owns: all`, or a list of families.
fn read_owns(field: &Field<'_>) -> Vec<Located<String>> {
    if let Content::Scalar { .. } = field.content() {
        let Some(text) = field.text() else { return Vec::new() };
        if text != "all" {
            field.refuse(&RoleFinding::OwnsIsNoList { text: text.clone() });
        }
        return if text == "all" { vec![field.located(text)] } else { Vec::new() };
    }
    field.list().iter().filter_map(|f| f.text().map(|t| f.located(t))).collect()
}

/// What the planner makes of it, any word for what a variable says; every entry that it cannot use is reported.
fn read_ownership(owns: &[Located<String>], root: &Field<'_>) -> Ownership {
    let mut good = Vec::new();
    for entry in owns {
        let any = with_any_value(&entry.value);
        match Ownership::parse(std::slice::from_ref(&any)) {
            Ok(_) => good.push(any),
            Err(error) => {
                root.report(Diagnostic::error(&error).at(entry.place.clone(), &*entry.path));
            }
        }
    }
    Ownership::parse(&good).unwrap_or_default()
}

/// An entry of `owns:` with `*` in place of each value.
fn with_any_value(entry: &str) -> String {
    let mut any = String::with_capacity(entry.len());
    let mut rest = entry;
    while let Some((before, printed)) = rest.split_once("{{") {
        any.push_str(before);
        any.push('*');
        rest = printed.split_once("}}").map_or("", |(_, after)| after);
    }
    any + rest
}

fn refusal(field: &Field<'_>) -> Option<Refusal> {
    let mut table = field.table("a refused combination", "認めない組み合わせ")?;
    let when = table.require("if").and_then(|f| f.text().map(|t| f.located(t)));
    let at = table.get("at").and_then(|f| f.text().map(|t| f.located(t)));
    let because = table.require("because").and_then(|f| bilingual(&f));
    let hint = table.get("hint").and_then(|f| bilingual(&f));
    table.finish();
    Some(Refusal { when: when?, at, because: because?, hint })
}

/// Reports defaults that do not fit their own type.
fn check_defaults(variables: &[Declaration], root: &Field<'_>) {
    for declaration in variables {
        if let Some(default) = &declaration.default
            && let Err(diagnostics) = declaration.bind(default)
        {
            diagnostics.into_iter().for_each(|d| root.report(d));
        }
    }
}

impl Refusal {
    /// The finding when the combination is there. `point` gives the place of a variable, or of the router.
    pub(super) fn judge(
        &self,
        templates: &Templates,
        context: &Value,
        point: impl Fn(Option<&str>) -> Located<()>,
    ) -> Option<Diagnostic> {
        match templates.holds(&self.when.value, context) {
            Ok(false) => None,
            Ok(true) => {
                let at = point(self.at.as_ref().map(|a| a.value.as_str()));
                let finding = RoleFinding::Refused { because: self.because.clone(), hint: self.hint.clone() };
                Some(Diagnostic::error(&finding).at(at.place, &*at.path))
            }
            Err(error) => Some(templates.diagnose(&error).at(self.when.place.clone(), &*self.when.path)),
        }
    }
}
