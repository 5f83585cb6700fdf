//! What is said about a template, what it makes and the lines it produces.

use super::misfit::PLAIN;
use crate::inventory::yaml::half_width;
use crate::message::{Explain, Text, Wording};

/// For a template that is too much for the engine's reader.
const SPLIT: Wording = Wording::new(
    "put a part of it into a variable, or into a template of its own",
    "一部を変数か別のテンプレートに分けてください",
);

/// A finding about a template or a rendered line.
#[derive(Debug, Explain)]
pub(in crate::playbook) enum TemplateFinding {
    /// A name in a template that the role does not declare.
    #[explain(
        code = "template.undeclared",
        en = "the template uses `{name}`, which the role does not declare",
        ja = "テンプレートの `{name}` は、このロールで宣言されていません",
        hints = near.clone(),
        hint(
            en = "declare it under `variables:` of the role, with its type",
            ja = "ロールの `variables:` に型を付けて宣言してください"
        )
    )]
    Undeclared { name: String, near: Option<Text> },
    /// A name in a condition or a check that the role does not declare.
    #[explain(
        code = "template.undeclared",
        en = "`{name}` is not a variable of the role",
        ja = "`{name}` はこのロールの変数ではありません",
        hints = near.clone()
    )]
    NoVariable { name: String, near: Option<Text> },
    /// Larger than any template.
    #[explain(
        code = "template.too-large",
        en = "the template is larger than 1 MiB",
        ja = "テンプレートが 1 MiB を超えています",
        hint(shared = SPLIT)
    )]
    TooLarge,
    /// Blocks in blocks, or brackets in brackets.
    #[explain(
        code = "template.too-large",
        en = "{what} are nested too deep",
        ja = "{what}の入れ子が深すぎます",
        hint(shared = SPLIT)
    )]
    TooDeep { what: Wording },
    /// An expression without end.
    #[explain(
        code = "template.too-large",
        en = "an expression has too many operators",
        ja = "式の演算子が多すぎます",
        hint(shared = SPLIT)
    )]
    TooManyOperators,
    /// A loop that calls itself.
    #[explain(
        code = "template.too-large",
        en = "a recursive loop has no bound; use a loop inside a loop",
        ja = "再帰ループは使えません。ループの中にループを書いてください"
    )]
    RecursiveLoop,
    /// Values with commas and no brackets.
    #[explain(
        code = "template.too-large",
        en = "values with commas between them belong between `[` and `]`",
        ja = "コンマで並べる値は `[` と `]` で囲んでください"
    )]
    Tuple,
    /// It makes more than it may. `longest` in KiB, `most` in MiB.
    #[explain(
        code = "template.too-large",
        en = "the template makes too much: a text of more than {longest} KiB, {most} MiB in all, or lists in lists without end",
        ja = "テンプレートの生成量が多すぎます(1 つの文字列が {longest} KiB、全体で {most} MiB を超えるか、リストの入れ子が深すぎます)",
        hint(
            en = "look for a value that is joined with itself, a very wide format, or a loop inside a loop",
            ja = "値の自己連結、極端に幅の広い書式、入れ子のループがないか確かめてください"
        )
    )]
    MakesTooMuch { longest: usize, most: usize },
    /// A value that is not there.
    #[explain(
        code = "template.failed",
        en = "the template uses a value that is not defined here{detail}",
        ja = "テンプレートが、定義されていない値を使っています{detail}",
        hint(
            en = "correct the name, or ask before whether it is there (`{{% if NAME is defined %}}`)",
            ja = "名前を直すか、先に有無を確かめてください(`{{% if 名前 is defined %}}`)"
        )
    )]
    Undefined { detail: String },
    /// It cannot be read.
    #[explain(
        code = "template.failed",
        en = "the template cannot be read{detail}",
        ja = "テンプレートの文法に誤りがあります{detail}",
        hint(
            en = "correct the template here: every `{{{{` needs its `}}}}`, every `{{% if %}}` and `{{% for %}}` its end",
            ja = "この箇所を直してください。`{{{{` には `}}}}`、`{{% if %}}` と `{{% for %}}` には終わりが必要です"
        )
    )]
    Syntax { detail: String },
    /// It has no end.
    #[explain(
        code = "template.failed",
        en = "the template does not come to an end: more than {steps} steps",
        ja = "テンプレートの処理が終わりません({steps} ステップを超えました)",
        hint(
            en = "look for a loop inside a loop, or a range that is too long",
            ja = "入れ子のループや、長すぎる range がないか確かめてください"
        )
    )]
    Endless { steps: u64 },
    /// It includes what is not there.
    #[explain(
        code = "template.failed",
        en = "there is no such template in the role's folder{detail}",
        ja = "ロールのフォルダに、そのテンプレートはありません{detail}",
        hint(
            en = "put the file into the role's folder and name it under `includes:`",
            ja = "ファイルをロールのフォルダに置き、`includes:` に書いてください"
        )
    )]
    NotFound { detail: String },
    /// Anything else that the engine stops at, in its own words.
    #[explain(
        code = "template.failed",
        en = "the template failed: {kind}{detail}",
        ja = "テンプレートの処理に失敗しました: {kind}{detail}",
        hint(
            en = "correct the template here; a variable that may be empty is asked for first (`{{% if NAME %}}`), or has a `default:` in the role",
            ja = "この箇所を直してください。空になり得る変数は先に確かめる(`{{% if 名前 %}}`)か、ロールで `default:` を書きます"
        )
    )]
    Failed { kind: String, detail: String },
    /// A credential where text is printed.
    #[explain(
        code = "template.failed",
        en = "the template failed: a credential is printed as `secret(variable)`; its name is not its value",
        ja = "テンプレートの処理に失敗しました: 認証情報は `secret(変数)` として出力します。名前は値ではありません",
        hint(
            en = "write `{{{{ secret(variable) }}}}` here",
            ja = "ここには `{{{{ secret(変数名) }}}}` と書いてください"
        )
    )]
    PrintedCredential,
    /// A variable without a value where text is printed.
    #[explain(
        code = "template.failed",
        en = "the template failed: this variable has no value",
        ja = "テンプレートの処理に失敗しました: この変数には値がありません",
        hint(
            en = "correct the template here; a variable that may be empty is asked for first (`{{% if NAME %}}`), or has a `default:` in the role",
            ja = "この箇所を直してください。空になり得る変数は先に確かめる(`{{% if 名前 %}}`)か、ロールで `default:` を書きます"
        )
    )]
    PrintedNothing,
    /// A list or a truth value where text is printed.
    #[explain(
        code = "template.failed",
        en = "the template failed: a {kind} cannot be printed; join a list, or ask a condition",
        ja = "テンプレートの処理に失敗しました: {kind} は出力できません",
        hint(
            en = "a list is joined (`{{{{ list | join(\" \") }}}}`), a truth value is asked (`{{% if NAME %}}`)",
            ja = "リストは連結し(`{{{{ list | join(\" \") }}}}`)、真偽値は条件に使ってください(`{{% if 名前 %}}`)"
        )
    )]
    NotPrintable { kind: String },
    /// `secret()` of something else.
    #[explain(
        code = "template.failed",
        en = "the template failed: secret() takes a variable of the type `credential` that has a value",
        ja = "テンプレートの処理に失敗しました: secret() には、値のある型 `credential` の変数を渡してください",
        hint(
            en = "declare the variable with `type: credential`; where it may be empty, ask first (`{{% if NAME %}}`)",
            ja = "変数を `type: credential` と宣言してください。空になり得る場合は先に確かめます(`{{% if 名前 %}}`)"
        )
    )]
    SecretOfOther,
    /// A filter for the interfaces of vlan-groups, used on another name.
    #[explain(
        code = "template.failed",
        en = "the template failed: `{name}` is not the interface of a vlan-group",
        ja = "テンプレートの処理に失敗しました: `{name}` は vlan-group のインタフェースではありません",
        hint(
            en = "the filters `device` and `vlan_group` take a name such as `GigaEthernet2:1.0`",
            ja = "フィルタ `device` と `vlan_group` には `GigaEthernet2:1.0` のような名前を渡してください"
        )
    )]
    NoVlanGroup { name: String },
    /// A value that makes another command of a line. `name`: its variable; `neutral`: the line with harmless values.
    #[explain(
        when = name.is_some(),
        code = "template.injection",
        en = "the value of `{variable}` turns this line into another command: `{line}`",
        ja = "`{variable}` の値によって、この行が別のコマンドになります: `{line}`",
        with(variable = name.as_deref().unwrap_or_default()),
        hint(
            en = "with a neutral value the line is `{neutral}`; choose a value that leaves the command as it is",
            ja = "無害な値なら `{neutral}` になります。コマンドを変えない値にしてください"
        )
    )]
    #[explain(
        code = "template.injection",
        en = "a value turns this line into another command: `{line}`",
        ja = "値によって、この行が別のコマンドになります: `{line}`",
        hint(
            en = "with a neutral value the line is `{neutral}`; choose a value that leaves the command as it is",
            ja = "無害な値なら `{neutral}` になります。コマンドを変えない値にしてください"
        )
    )]
    Injection { name: Option<String>, line: String, neutral: String },
    /// A character beyond ASCII in a rendered line.
    #[explain(
        code = "template.line",
        en = "the line holds `{bad}`: only ASCII is known to come back from the router as it was typed",
        ja = "行に `{bad}` が含まれています。ルータから元のまま読み戻せると分かっているのは ASCII 文字だけです",
        // The line may hold a secret: the character alone is quoted.
        hints = half_width(&bad.to_string()),
        hint(when = half_width(&bad.to_string()).is_none(), shared = PLAIN)
    )]
    NotAscii { bad: char },
    /// A secret in the line itself. `owner`: whose, where the table knows.
    #[explain(
        when = owner.is_some(),
        code = "template.plain-secret",
        en = "the secret of `{whose}` is in the rendered line in plain text",
        ja = "`{whose}` の秘密情報が、生成された行に平文で書かれています",
        with(whose = owner.as_deref().unwrap_or_default()),
        hint(
            en = "declare a variable of the type `credential` and write `{{{{ secret(variable) }}}}` in the template",
            ja = "型 `credential` の変数を宣言し、テンプレートには `{{{{ secret(変数名) }}}}` と書いてください"
        ),
        note(
            en = "a password that has been in a template should be changed",
            ja = "テンプレートに書いたパスワードは変更してください"
        )
    )]
    #[explain(
        code = "template.plain-secret",
        en = "the rendered line may hold a secret in plain text",
        ja = "生成された行に、平文の秘密情報が含まれている可能性があります",
        hint(
            en = "declare a variable of the type `credential` and write `{{{{ secret(variable) }}}}` in the template",
            ja = "型 `credential` の変数を宣言し、テンプレートには `{{{{ secret(変数名) }}}}` と書いてください"
        )
    )]
    PlainSecret { owner: Option<String> },
}

/// What our own functions, filters and guards stop a template with: the engine carries it to where it is told.
impl From<TemplateFinding> for minijinja::Error {
    fn from(finding: TemplateFinding) -> Self {
        let kind = match finding {
            TemplateFinding::TooLarge
            | TemplateFinding::TooDeep { .. }
            | TemplateFinding::TooManyOperators
            | TemplateFinding::RecursiveLoop
            | TemplateFinding::Tuple => minijinja::ErrorKind::SyntaxError,
            _ => minijinja::ErrorKind::InvalidOperation,
        };
        Self::new(kind, finding.to_string()).with_source(finding)
    }
}
