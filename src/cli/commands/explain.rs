//! `explain CODE`: what is said under a code, and what to do, for an engineer who reads the code on a screen and has no documents at hand.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::codes::{Codes, errors, findings, notes, readable};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::inventory::nearest;
use crate::message::{CodeEntry, Lang};
use crate::report::Style;

/// Explain an error code: what it says and what to do
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// The code, such as `router.unsaved`, or an area, such as `router` [default: all codes by area]
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

impl Subcommand for ExplainArgs {
    const NAME: &'static str = "explain";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "エラーコードの意味と対処を表示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("code", "コード(例: router.unsaved)または分野(例: router) [既定: 分野別の一覧]")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy explain router.unsaved", "ixdeploy explain router --lang ja"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// A code, and each form of what is said under it.
type Explained = (&'static str, Vec<&'static CodeEntry>);

/// Explains a code, or lists those of an area or of all.
///
/// # Errors
/// A code that there is not.
fn run(context: &Context, args: &ExplainArgs) -> Result<Exit, Failure> {
    let codes = chosen(args.code.as_deref().map(bare))?;
    let lang = context.screen.lang;
    match codes.as_slice() {
        [(code, forms)] => context.screen.say_prose(&whole(code, forms, lang)),
        codes => context.screen.say_prose(&list(codes, lang)),
    }
    let codes: Vec<Value> = codes.iter().map(|(code, forms)| document(code, forms, lang)).collect();
    context.screen.document("explain", Exit::Done, &json!({ "codes": codes }));
    Ok(Exit::Done)
}

/// The code out of what was copied from a screen: `error[router.unsaved]:`.
fn bare(typed: &str) -> &str {
    let inside = typed.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    inside.map_or(typed, |(code, _)| code).trim()
}

fn chosen(asked: Option<&str>) -> Result<Vec<Explained>, UsageError> {
    let codes = all();
    let Some(asked) = asked else { return Ok(codes.into_iter().collect()) };
    if let Some((code, forms)) = codes.get_key_value(asked) {
        return Ok(vec![(*code, forms.clone())]);
    }
    let of_area: Vec<Explained> =
        codes.iter().filter(|(code, _)| area(code) == asked).map(|(code, forms)| (*code, forms.clone())).collect();
    if of_area.is_empty() {
        let near =
            nearest(asked, codes.keys().copied()).or_else(|| nearest(asked, codes.keys().map(|code| area(code))));
        return Err(UsageError::UnknownCode { code: asked.to_owned(), near });
    }
    Ok(of_area)
}

/// Errors, the notes of a plan, and the findings of `lint`.
fn all() -> Codes {
    errors().into_iter().chain(notes()).chain(findings()).collect()
}

/// The area of a code; a finding of `lint` has a name alone.
fn area(code: &str) -> &str {
    code.split_once('.').map_or("lint", |(area, _)| area)
}

/// One text of a code, with the hints and notes of every case in which it is said.
struct Form {
    text: String,
    hints: Vec<String>,
    notes: Vec<String>,
}

fn forms_in(forms: &[&CodeEntry], lang: Lang) -> Vec<Form> {
    let mut all: Vec<Form> = Vec::new();
    let add = |to: &mut Vec<String>, said: String| {
        if !to.contains(&said) {
            to.push(said);
        }
    };
    for entry in forms {
        let text = readable(entry.text.get(lang));
        let known = all.iter().position(|form| form.text == text).unwrap_or_else(|| {
            all.push(Form { text, hints: Vec::new(), notes: Vec::new() });
            all.len() - 1
        });
        if let Some(form) = all.get_mut(known) {
            entry.hints.iter().for_each(|hint| add(&mut form.hints, readable(hint.get(lang))));
            entry.note.iter().for_each(|note| add(&mut form.notes, readable(note.get(lang))));
        }
    }
    all
}

/// A code with each form of its text, the hints and notes of each.
fn whole(code: &str, forms: &[&CodeEntry], lang: Lang) -> String {
    let mut out = format!("{}\n", Style::Head.on(code));
    for Form { text, hints, notes } in forms_in(forms, lang) {
        out.push_str(&format!("  {text}\n"));
        hints.iter().for_each(|hint| out.push_str(&format!("    {} {hint}\n", lang.pick("hint:", "対処:"))));
        notes.iter().for_each(|note| out.push_str(&format!("    {note}\n")));
    }
    out
}

/// Each code with what it says first, by area.
fn list(codes: &[Explained], lang: Lang) -> String {
    let wide = codes.iter().map(|(code, _)| code.len()).max().unwrap_or_default();
    // By their names alone the findings of `lint` would stand between other areas.
    let mut codes: Vec<&Explained> = codes.iter().collect();
    codes.sort_by_key(|(code, _)| area(code));
    let mut out = String::new();
    let mut before = "";
    for (code, forms) in codes {
        if area(code) != before {
            before = area(code);
            out.push_str(&format!("{}\n", Style::Head.on(before)));
        }
        let text = forms.first().map(|form| readable(form.text.get(lang))).unwrap_or_default();
        out.push_str(&format!("  {code:<wide$}  {text}\n"));
    }
    out
}

fn document(code: &str, forms: &[&CodeEntry], lang: Lang) -> Value {
    let form = |Form { text, hints, notes }| json!({ "text": text, "hints": hints, "notes": notes });
    json!({ "code": code, "forms": forms_in(forms, lang).into_iter().map(form).collect::<Vec<_>>() })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{all, bare, chosen, list, whole};
    use crate::message::{Explain as _, Lang};

    #[test]
    fn a_code_is_explained_in_both_languages_with_every_form_and_hint() {
        let codes = chosen(Some("lifeline.unknown")).unwrap();
        let [(code, forms)] = codes.as_slice() else { panic!("{codes:?}") };
        let english = whole(code, forms, Lang::En);
        assert!(english.contains("hint: declare the path") && english.contains("`lifeline: { interface"), "{english}");
        assert!(whole(code, forms, Lang::Ja).contains("対処: インベントリに経路を宣言"));
    }

    #[test]
    fn a_text_of_several_cases_is_said_once_with_the_hints_of_all() {
        for (code, texts) in [("router.refused-line", 1), ("file.not-regular", 2), ("file.unreadable", 4)] {
            let codes = all();
            let said = whole(code, &codes[code], Lang::En);
            let shown = said.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).count();
            assert_eq!(shown, texts, "{said}");
        }
        assert!(all()["file.unreadable"].len() > 4, "some texts are said in several cases");
    }

    #[test]
    fn a_finding_of_lint_is_explained_by_its_name_and_listed_below_lint() {
        let codes = chosen(Some(bare("warning[not-used]:"))).unwrap();
        assert_eq!(codes[0].0, "not-used");
        let of_lint = chosen(Some("lint")).unwrap();
        assert!(of_lint.iter().any(|(code, _)| *code == "not-used"), "{of_lint:?}");
        assert!(of_lint.iter().any(|(code, _)| *code == "lint.unknown-model"));
    }

    #[test]
    fn what_was_copied_from_a_screen_is_understood() {
        for typed in ["router.unsaved", "error[router.unsaved]:", "エラー[router.unsaved]", " router.unsaved "] {
            assert_eq!(chosen(Some(bare(typed))).unwrap()[0].0, "router.unsaved", "{typed}");
        }
    }

    #[test]
    fn an_area_lists_its_codes_and_nothing_lists_all() {
        let of_router = chosen(Some("router")).unwrap();
        assert!(of_router.len() > 5 && of_router.iter().all(|(code, _)| code.starts_with("router.")));
        assert_eq!(chosen(None).unwrap().len(), all().len());
        assert!(list(&of_router, Lang::En).lines().nth(1).unwrap().contains("{router}"));
    }

    #[test]
    fn the_list_names_each_area_once() {
        let shown = list(&chosen(None).unwrap(), Lang::En);
        let areas: Vec<&str> = shown.lines().filter(|line| !line.starts_with(' ')).collect();
        let once: std::collections::BTreeSet<&str> = areas.iter().copied().collect();
        assert_eq!(areas.len(), once.len(), "{areas:?}");
    }

    #[test]
    fn a_misspelt_code_or_area_gets_a_suggestion() {
        for (typed, near) in [("router.unsavd", "router.unsaved"), ("ruter", "router")] {
            let error = chosen(Some(typed)).unwrap_err();
            assert!(error.hints()[0].en.contains(&format!("`{near}`")), "{:?}", error.hints());
        }
        assert_eq!(chosen(Some("nothing.like-it")).unwrap_err().hints().len(), 1);
    }
}
