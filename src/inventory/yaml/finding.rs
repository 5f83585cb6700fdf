//! What is said about the form of a YAML file, whatever the file is for: each finding with its code, both languages and its hints.
//!
//! Decides nothing: `parse` and `field` find, and know the places.

use crate::message::{Explain, Text, Wording};

use super::slip;

/// For a character that the input method made.
const INPUT_METHOD: Wording =
    Wording::new("switch the input method off and type it again", "日本語入力を切り、半角で入力し直してください");

/// A finding about a document, its values and its keys.
#[derive(Debug, Explain)]
pub(crate) enum YamlFinding {
    /// There is nothing in it.
    #[explain(code = "yaml.empty", en = "the file is empty", ja = "ファイルが空です")]
    Empty,
    /// A TAB in the indentation.
    #[explain(
        code = "yaml.syntax",
        en = "there is a TAB where YAML wants blanks",
        ja = "空白が必要な位置にタブ(TAB)があります",
        hint(
            en = "YAML is indented with blanks only: replace every TAB (shown as →) by blanks",
            ja = "YAML の字下げに使えるのは空白だけです。タブ(→ で表示)をすべて空白に置き換えてください"
        )
    )]
    Tab,
    /// A character that the input method made. `meant`: the plain one.
    #[explain(
        when = *meant == ' ',
        code = "yaml.syntax",
        en = "there is a full-width blank where YAML wants a blank",
        ja = "半角が必要な位置に全角の空白があります",
        hint(shared = INPUT_METHOD)
    )]
    #[explain(
        code = "yaml.syntax",
        en = "there is a full-width character where YAML wants `{meant}`",
        ja = "半角が必要な位置に全角の `{written}` があります",
        hint(shared = INPUT_METHOD)
    )]
    FullWidth { written: char, meant: char },
    /// `*name` where no such anchor is.
    #[explain(
        code = "yaml.syntax",
        en = "this alias names no anchor",
        ja = "このエイリアスの参照先がありません",
        hint(en = "a value that begins with `*` must be in quotes", ja = "`*` で始まる値は引用符で囲んでください")
    )]
    UnknownAnchor,
    /// Anything else that the parser stops at. `glued`: what a line was meant to be that lacks a blank behind its colon.
    #[explain(
        code = "yaml.syntax",
        en = "this is not valid YAML: {why}",
        ja = "YAML として読めません: {why}",
        with(why = Text::new(info.as_str(), slip::japanese(info)), meant = glued.as_deref().unwrap_or_default()),
        hint(
            when = glued.is_some(),
            en = "a blank belongs behind the colon: `{meant}`",
            ja = "コロンの後に半角の空白が必要です: `{meant}`"
        ),
        hint(
            when = glued.is_none() && slip::is_escape(info),
            en = "between double quotes a backslash has a meaning of its own: put Windows paths between single quotes, or write `/`",
            ja = "二重引用符の中では `\\` が特別な意味を持ちます。Windows のパスは一重引用符で囲むか、`/` で書いてください"
        ),
        hint(
            when = glued.is_none() && !slip::is_escape(info),
            en = "look at the indentation and the quotes here and on the line above",
            ja = "この行と 1 つ前の行の字下げと引用符を確かめてください"
        )
    )]
    Syntax { info: String, glued: Option<String> },
    /// `---` a second time.
    #[explain(
        code = "yaml.second-document",
        en = "a second document starts here; one file holds one document",
        ja = "ここから 2 つ目の YAML ドキュメントが始まっています。1 ファイルに書けるのは 1 つだけです"
    )]
    SecondDocument,
    /// The form of another program's version.
    #[explain(
        code = "yaml.version",
        en = "version {written} of this file is not known",
        ja = "バージョン {written} のファイルは読めません",
        hint(en = "this program reads version {known}", ja = "このプログラムが読めるのはバージョン {known} です")
    )]
    Version { written: u64, known: u64 },
    /// A key of no table of this kind.
    #[explain(
        code = "yaml.unknown-key",
        en = "`{key}` is not a key of {table}",
        ja = "`{key}` は{table}の項目ではありません",
        hints = near.clone(),
        note(en = "a near miss is suggested", ja = "近い名前があれば候補が表示されます")
    )]
    UnknownKey { key: String, table: Wording, near: Option<Text> },
    /// A key that a table must have. `example`: what it may look like.
    #[explain(
        code = "yaml.missing-key",
        en = "{table} needs the key `{key}`",
        ja = "{table}には項目 `{key}` が必要です",
        with(such = example.unwrap_or_default()),
        hint(when = example.is_some(), en = "such as `{such}`", ja = "記述例: `{such}`")
    )]
    MissingKey { table: Wording, key: &'static str, example: Option<&'static str> },
    /// A key twice in one table.
    #[explain(
        code = "yaml.duplicate-key",
        en = "the key `{key}` is written a second time here",
        ja = "項目 `{key}` が重複しています",
        hint(en = "keep one of the two", ja = "どちらか一方だけを残してください")
    )]
    DuplicateKey { key: String },
    /// None or several of keys that exclude each other.
    #[explain(
        code = "yaml.exactly-one",
        en = "{table} needs exactly one of {keys}",
        ja = "{table}には {keys} のうちちょうど 1 つが必要です"
    )]
    ExactlyOne { table: Wording, keys: String },
    /// Something else where a table with a fixed set of keys belongs.
    #[explain(
        code = "yaml.type",
        en = "expected {table} (a table of keys), found {found}",
        ja = "{table}(項目の表)が必要ですが、{found}"
    )]
    NoTable { table: Wording, found: Wording },
    /// Something else where the user's own names are keys.
    #[explain(
        code = "yaml.type",
        en = "expected a table of names, found {found}",
        ja = "名前をキーとする表が必要ですが、{found}"
    )]
    NoNames { found: Wording },
    /// Something else where a list belongs.
    #[explain(
        code = "yaml.type",
        en = "expected a list, found {found}",
        ja = "リストが必要ですが、{found}",
        hint(
            en = "write one item per line after `- `, or `[a, b]`",
            ja = "`- ` に続けて 1 行に 1 つ書くか、`[a, b]` の形で書いてください"
        )
    )]
    NoList { found: Wording },
    /// Something else where text belongs.
    #[explain(code = "yaml.type", en = "expected text, found {found}", ja = "文字列が必要ですが、{found}")]
    NoText { found: Wording },
    /// Something else where a truth value belongs.
    #[explain(
        code = "yaml.type",
        en = "expected `true` or `false`, found {found}",
        ja = "`true` か `false` が必要ですが、{found}"
    )]
    NoTruth { found: Wording },
    /// A word for a truth value that is not one of the two.
    #[explain(
        code = "yaml.type",
        en = "expected `true` or `false`, found `{text}`",
        ja = "`true` か `false` が必要ですが、`{text}` と書かれています",
        hint(en = "write `{meant}`", ja = "`{meant}` と書いてください")
    )]
    OtherTruth { text: String, meant: &'static str },
    /// No whole number, or one out of bounds. `octal`: written with zeros in front.
    #[explain(
        code = "yaml.number",
        en = "expected a whole number from {least} to {most}",
        ja = "{least} から {most} までの整数が必要です",
        hints = full_width.clone(),
        hint(
            when = *octal,
            en = "leave out the zeros in front: some YAML readers take such a number as octal",
            ja = "先頭の 0 を取ってください。8 進数と解釈する YAML 処理系があります"
        )
    )]
    Number { least: u64, most: u64, full_width: Option<Text>, octal: bool },
    /// `no`, `on` and their like, where text belongs.
    #[explain(
        code = "yaml.ambiguous",
        en = "`{text}` without quotes is a truth value to many YAML readers, and text is expected here",
        ja = "引用符のない `{text}` は、多くの YAML 処理系で真偽値になります。ここでは文字列が必要です",
        hint(en = "write \"{text}\" in quotes", ja = "\"{text}\" と引用符で囲んでください")
    )]
    Ambiguous { text: String },
    /// A control character in a text.
    #[explain(
        code = "value.control",
        en = "the value holds {what}",
        ja = "値に{what}が含まれています",
        hint(en = "write it on one line, without `|` or `>`", ja = "`|` や `>` を使わず、1 行で書いてください")
    )]
    Control { what: Wording },
    /// None of a few words.
    #[explain(
        code = "value.choice",
        en = "`{text}` is none of {words}",
        ja = "`{text}` は使えません。{words} のいずれかを書いてください",
        hints = near.clone()
    )]
    NoChoice { text: String, words: Text, near: Option<Text> },
    /// `<<` of other readers.
    #[explain(
        code = "yaml.key",
        en = "merge keys (`<<`) are not supported; use groups to share variables",
        ja = "マージキー(`<<`)は使えません。変数を共有するには groups を使ってください"
    )]
    MergeKey,
    /// A list or a table as a key.
    #[explain(
        code = "yaml.key",
        en = "a key must be a single word of text",
        ja = "項目名は単純な文字列でなければなりません"
    )]
    KeyIsNoText,
    /// `!include` and its like.
    #[explain(
        code = "yaml.tag",
        en = "the tag `{tag}` is not supported: values have no tags, and files are never included",
        ja = "タグ `{tag}` は使えません。値にタグは付けられず、ほかのファイルの取り込みもできません"
    )]
    Tag { tag: String },
    /// A value that holds itself.
    #[explain(
        code = "yaml.alias",
        en = "this alias is inside the value that it names",
        ja = "このエイリアスは、参照先の値の内側にあります"
    )]
    AliasInItself,
    /// Aliases of aliases.
    #[explain(
        code = "yaml.alias-bomb",
        en = "aliases repeat more than {most} values; nothing after this was read",
        ja = "エイリアスの展開が {most} 個を超えました。ここから先は読んでいません",
        hint(
            en = "use groups to share values between sites",
            ja = "拠点の間で値を共有するには groups を使ってください"
        )
    )]
    TooManyAliases { most: usize },
    /// Nested without end.
    #[explain(code = "yaml.too-deep", en = "nested deeper than {most} levels", ja = "入れ子が {most} 段を超えています")]
    TooDeep { most: usize },
    /// More than one file may hold.
    #[explain(
        code = "yaml.too-large",
        en = "more than {most} values in one file; split the inventory by region",
        ja = "1 ファイルの値が {most} 個を超えました。インベントリを地域ごとに分けてください"
    )]
    TooManyValues { most: usize },
}
