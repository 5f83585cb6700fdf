//! What is said about the values that an inventory gives to a role's variables.

use crate::message::{Explain, Text};

/// A finding about a variable and its value.
#[derive(Debug, Explain)]
pub(in crate::playbook) enum VariableFinding {
    /// No value where a role requires one. `near`: a variable of a name like it; `choices`: what it may be, if that is declared.
    #[explain(
        code = "variable.missing",
        en = "router `{router}` has no value for `{name}`, which the role `{role}` requires",
        ja = "ルータ `{router}` に、ロール `{role}` の必須の変数 `{name}` がありません",
        with(other = near.as_deref().unwrap_or_default(), lines = one_of(choices, name)),
        hint(
            when = near.is_some(),
            en = "`{other}` is there: did you mean `{name}`?",
            ja = "`{other}` があります。`{name}` の誤りではありませんか?"
        ),
        hint(
            when = !choices.is_empty(),
            en = "write one of {lines} under `vars:` of the router, its site or a group",
            ja = "ルータ、拠点、グループのいずれかの `vars:` に、{lines} のいずれかを書いてください"
        ),
        hint(
            when = choices.is_empty(),
            en = "write it under `vars:` of the router, its site, a group or the defaults",
            ja = "ルータ、拠点、グループ、既定値のいずれかの `vars:` に書いてください"
        )
    )]
    Missing { router: String, role: String, name: String, near: Option<String>, choices: Vec<String> },
    /// A variable that no role takes, of a name like one that is not set.
    #[explain(
        code = "variable.unknown",
        en = "no role of this playbook takes the variable `{name}`",
        ja = "このプレイブックに、変数 `{name}` を使うロールはありません",
        hint(en = "did you mean `{near}`?", ja = "`{near}` の誤りではありませんか?"),
        note(en = "a warning: the run goes on", ja = "警告です。処理は続行します")
    )]
    Unknown { name: String, near: String },
    /// The name of a credential that the inventory does not declare. It is not quoted: it may be a password. `near`: the declared ones, one
    /// like it first.
    #[explain(
        code = "credential.undefined",
        en = "`{path}` names a credential that is not declared",
        ja = "`{path}` が指す認証情報は定義されていません",
        hints = near.clone(),
        hint(
            en = "declare it under `credentials:` of the inventory",
            ja = "インベントリの `credentials:` に定義してください"
        )
    )]
    UndefinedCredential { path: String, near: Option<Text> },
    /// A value twice in a list.
    #[explain(
        code = "variable.twice",
        en = "`{text}` is in the list twice",
        ja = "`{text}` がリストに 2 回書かれています"
    )]
    Twice { text: String },
    /// A list where one value belongs.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes one value, not a list",
        ja = "`{name}` には単一の値が必要です"
    )]
    OneValue { name: String },
    /// One value where a list belongs.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes a list",
        ja = "`{name}` にはリストが必要です",
        hint(
            en = "write `[a, b]`, or one item per line after `- `",
            ja = "`[a, b]` か、`- ` に続けて 1 行に 1 つ書いてください"
        )
    )]
    List { name: String },
    /// A list in a list.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes single values in its list",
        ja = "`{name}` には単一の値のリストが必要です"
    )]
    SingleValues { name: String },
    /// `no`, `on` and their like, where text belongs.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes text, and this is a truth value to many YAML readers",
        ja = "`{name}` には文字列が必要です",
        hint(en = "write \"{text}\" in quotes", ja = "\"{text}\" と引用符で囲んでください")
    )]
    Ambiguous { name: String, text: String },
    /// No truth value. `meant`: the one of the two that is meant.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes `true` or `false`",
        ja = "`{name}` には`true` か `false` が必要です",
        with(word = meant.unwrap_or_default()),
        hint(when = meant.is_some(), en = "write `{word}`", ja = "`{word}` と書いてください")
    )]
    Truth { name: String, meant: Option<&'static str> },
    /// No number within the bounds.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes a whole number from {least} to {most}",
        ja = "`{name}` には {least}～{most} の整数が必要です"
    )]
    Number { name: String, least: u64, most: u64 },
    /// A text of another length.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes {least} to {most} characters, and this is {length}",
        ja = "`{name}` には {least}～{most} 文字(いまは {length} 文字)が必要です"
    )]
    Length { name: String, least: u64, most: u64, length: usize },
    /// None of the declared choices.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes one of {choices}",
        ja = "`{name}` には {choices} のいずれかが必要です",
        with(word = near.as_deref().unwrap_or_default()),
        hint(when = near.is_some(), en = "did you mean `{word}`?", ja = "`{word}` の誤りではありませんか?")
    )]
    Choice { name: String, choices: String, near: Option<String> },
    /// No name of a credential; it is not quoted.
    #[explain(
        code = "variable.type",
        en = "`{name}` takes the name of a credential",
        ja = "`{name}` には認証情報の名前が必要です"
    )]
    CredentialName { name: String },
}

/// The lines that give a variable one of its values.
fn one_of(choices: &[String], name: &str) -> Text {
    let lines: Vec<String> = choices.iter().map(|choice| format!("`{name}: {choice}`")).collect();
    Text::new(lines.join(", "), lines.join("、"))
}
