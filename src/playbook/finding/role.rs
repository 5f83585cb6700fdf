//! What is said about a role: its declarations, what it owns and what it refuses.

use crate::message::{Explain, Text};

/// A finding about a role.
#[derive(Debug, Explain)]
pub(in crate::playbook) enum RoleFinding {
    /// No name of a template.
    #[explain(
        code = "role.template",
        en = "`{name}` is not a template: NAME.ix.j2 in the role's folder, or shared/NAME.ix.j2",
        ja = "`{name}` はテンプレート名ではありません。ロールのフォルダの NAME.ix.j2 か shared/NAME.ix.j2 を指定してください"
    )]
    NoTemplateName { name: String },
    /// A lone word under `owns:`.
    #[explain(
        code = "role.owns",
        en = "`owns` is `all` or a list",
        ja = "`owns` には `all` かリストを書きます",
        hint(en = "write `owns: [\"{text}\"]`", ja = "`owns: [\"{text}\"]` と書いてください")
    )]
    OwnsIsNoList { text: String },
    /// The same commands of two roles.
    #[explain(
        code = "role.owned-twice",
        en = "two roles of router `{router}` own `{shared}`",
        ja = "ルータ `{router}` の 2 つのロールが `{shared}` を所有しています"
    )]
    OwnedTwice { router: String, shared: String },
    /// A line of someone else's.
    #[explain(
        code = "role.not-owned",
        en = "the role `{role}` renders a line that it does not own: `{line}`",
        ja = "ロール `{role}` が、所有していない行を生成しています: `{line}`",
        hint(
            en = "name its family of commands under `owns:`, or leave the line to the role that owns it",
            ja = "そのコマンドの系列を `owns:` に加えるか、所有しているロールに任せてください"
        )
    )]
    NotOwned { role: String, line: String },
    /// What the role itself says no to, in its own words.
    #[explain(
        code = "role.refused",
        en = "{because}",
        ja = "{because}",
        hints = hint.clone(),
        note(
            en = "the role refuses this combination of values (`refuse:`); the text and the hint are its own",
            ja = "ロールがこの値の組み合わせを拒否しました(`refuse:`)。本文と対処はロールに書かれたものです"
        )
    )]
    Refused { because: Text, hint: Option<Text> },
    /// No version of a firmware.
    #[explain(
        code = "role.firmware",
        en = "`{text}` is not a firmware version",
        ja = "`{text}` はファームウェアのバージョンではありません",
        hint(en = "such as \"10.2.16\", in quotes", ja = "\"10.2.16\" のように、引用符で囲んで書いてください")
    )]
    NoFirmware { text: String },
    /// Two checks of one name.
    #[explain(
        code = "role.check",
        en = "two checks are named `{name}`",
        ja = "`{name}` という名前のチェックが 2 つあります"
    )]
    CheckTwice { name: String },
    /// A check that does more than look.
    #[explain(
        code = "role.check-command",
        en = "a check cannot run `{command}`",
        ja = "チェックで `{command}` は実行できません",
        hint(
            en = "checks only look: show, ping, ping6, traceroute, without `?`",
            ja = "チェックで実行できるのは参照系コマンドだけです。show、ping、ping6、traceroute のいずれかで、`?` は使えません"
        )
    )]
    CheckDoesMore { command: String },
    /// What a router runs and what the laptop tries, in one check.
    #[explain(
        code = "role.laptop",
        en = "a check has `command`, or `laptop`, and not both",
        ja = "1 つのチェックに `command` と `laptop` の両方は書けません"
    )]
    CommandAndLaptop,
    /// A test that should decide about the change.
    #[explain(
        code = "role.laptop",
        en = "a test from the laptop cannot be required: it is made after the save",
        ja = "PC からの試験は required にできません。保存後に実施するためです",
        hint(en = "write `level: advisory`", ja = "`level: advisory` と書いてください")
    )]
    LaptopRequired,
    /// No network for the laptop's port.
    #[explain(
        code = "role.laptop",
        en = "`{text}` is not the network of the laptop's port",
        ja = "`{text}` は PC を接続するネットワークではありません",
        hint(
            en = "a network such as 192.168.0.0/24, or a router's address in it, such as 192.168.0.254/24",
            ja = "192.168.0.0/24 のようなネットワークか、その中のルータのアドレス(192.168.0.254/24 など)を書いてください"
        )
    )]
    NoTestNetwork { text: String },
    /// No address that is spoken to.
    #[explain(
        code = "role.laptop",
        en = "`{text}` is not an address that the laptop can test",
        ja = "`{text}` は PC から試験できる宛先ではありません",
        hint(
            en = "an address and a port, such as 192.0.2.1:443 or [2001:db8::1]:443; a name server needs no port. Link-local addresses are not tested",
            ja = "192.0.2.1:443 や [2001:db8::1]:443 のように、アドレスとポートを書いてください。DNS サーバのポートは省略できます。リンクローカルアドレスは試験できません"
        )
    )]
    NoTestPeer { text: String },
    /// No name that a server could be asked for.
    #[explain(
        code = "role.laptop",
        en = "`{text}` is not a name that can be resolved",
        ja = "`{text}` は名前解決できる名前ではありません",
        hint(en = "a name such as www.example.jp", ja = "www.example.jp のような名前を書いてください")
    )]
    NoTestName { text: String },
    /// An invalid pattern.
    #[explain(code = "role.pattern", en = "this pattern cannot be read: {why}", ja = "正規表現として読めません: {why}")]
    NoPattern { why: String },
    /// A field of an answer that has none.
    #[explain(
        code = "role.check-field",
        en = "the answer of `{command}` is not read into fields",
        ja = "`{command}` の応答は項目として読み取れません",
        hint(
            en = "docs/displays.md lists the displays that are; of any other answer `capture` takes a pattern with one group",
            ja = "項目として読み取れる表示は docs/displays.md にあります。それ以外の応答には、グループを 1 つ含む正規表現を `capture` に書いてください"
        )
    )]
    NotRead { command: String },
    /// A field that a display does not have.
    #[explain(
        code = "role.check-field",
        en = "`{command}` has no field `{name}`",
        ja = "`{command}` に `{name}` という項目はありません",
        hints = near.clone()
    )]
    NoField { name: String, command: &'static str, near: Option<Text> },
    /// A field without what it must be.
    #[explain(
        code = "role.check-field",
        en = "a field needs `is`: what it must be",
        ja = "項目には条件 `is` が必要です",
        hint(
            en = "present, absent, \"= VALUE\", in NETWORK, /LENGTH, \">= NUMBER\", \"<= NUMBER\", count in front of a number, any in front of a value",
            ja = "present、absent、\"= 値\"、in ネットワーク、/プレフィックス長、\">= 数\"、\"<= 数\"。個数は count、いずれか 1 つは any を前に付けます"
        )
    )]
    FieldWithoutCondition,
    /// What it must be is not understood.
    #[explain(
        code = "role.check-field",
        en = "this condition cannot be read",
        ja = "この条件は読み取れません",
        hint(
            en = "present, absent, \"= VALUE\", in NETWORK, /LENGTH, \">= NUMBER\", \"<= NUMBER\", count in front of a number, any in front of a value",
            ja = "present、absent、\"= 値\"、in ネットワーク、/プレフィックス長、\">= 数\"、\"<= 数\"。個数は count、いずれか 1 つは any を前に付けます"
        )
    )]
    NoCondition,
    /// A condition of something else.
    #[explain(
        code = "role.check-field",
        en = "`of` belongs to `field`, and `is` to `field` or `capture`",
        ja = "`of` は `field` に、`is` は `field` か `capture` に書きます"
    )]
    ConditionWithoutField,
    /// A pattern that captures nothing, or several things.
    #[explain(
        code = "role.check-field",
        en = "`capture` and `host_key` take a pattern with exactly one group",
        ja = "`capture` と `host_key` の正規表現には、グループをちょうど 1 つ書きます",
        hint(en = "other brackets are `(?:...)`", ja = "ほかの括弧は `(?:...)` と書いてください")
    )]
    NoGroup,
    /// No type of a variable.
    #[explain(
        code = "role.type",
        en = "`{name}` is not a type of variables",
        ja = "`{name}` という変数の型はありません",
        hints = near.clone()
    )]
    NoType { name: String, near: Option<Text> },
    /// Choices of another type, or an `enum` without.
    #[explain(
        code = "role.choices",
        en = "`choices` belongs to the type `enum`, and only to it",
        ja = "`choices` は型 `enum` に必要で、ほかの型には書けません"
    )]
    ChoicesAndEnum,
    /// A secret of another type.
    #[explain(
        code = "role.secret",
        en = "`{name}` names a secret, so its type is `credential`",
        ja = "`{name}` は秘密情報を表す名前なので、型は `credential` です"
    )]
    SecretIsCredential { name: String },
    /// A default that can never hold.
    #[explain(code = "role.required", en = "a required variable has no default", ja = "必須の変数に既定値は書けません")]
    RequiredWithDefault,
    /// A table as a default.
    #[explain(code = "yaml.type", en = "expected a value or a list", ja = "値かリストが必要です")]
    DefaultIsTable,
    /// Bounds of a type that has none.
    #[explain(
        code = "role.bounds",
        en = "`min` and `max` mean nothing for the type `{kind}`",
        ja = "`min` と `max` は型 `{kind}` には使えません",
        hint(
            en = "they bound the value of an `integer`, and the length of a `string` or `text`",
            ja = "`integer` の値、または `string` と `text` の長さを制限するものです"
        )
    )]
    NoBounds { kind: &'static str },
    /// Bounds that no value keeps.
    #[explain(
        code = "role.bounds",
        en = "no value is at least {least} and at most {most}",
        ja = "{least} 以上 {most} 以下の値はありません",
        hint(en = "exchange `min` and `max`", ja = "`min` と `max` を確かめてください")
    )]
    EmptyBounds { least: u64, most: u64 },
}
