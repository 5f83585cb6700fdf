//! What is said about an inventory as a whole: each finding with its code, both languages and its hints.
//!
//! Decides nothing: who reads and checks the inventory makes a finding and knows its place and how grave it is.

mod credential;
mod file;
mod model;
mod site;
mod value;

use crate::message::{Explain, Text, Wording};

pub(super) use credential::CredentialFinding;
pub use file::FileFinding;
pub(crate) use model::ModelFinding;
pub(super) use site::SiteFinding;
pub(super) use value::ValueFinding;

/// Where playbook and inventory were given in each other's place.
pub(crate) const PLAYBOOK_FIRST: Wording = Wording::new(
    "the playbook comes first, the inventory behind `-i`: `ixdeploy plan PLAYBOOK -i INVENTORY`",
    "先にプレイブック、`-i` の後にインベントリを指定してください: `ixdeploy plan PLAYBOOK -i INVENTORY`",
);

/// A finding across the sites, routers and groups.
#[derive(Debug, Explain)]
pub(super) enum InventoryFinding {
    /// A playbook given as an inventory.
    #[explain(
        code = "inventory.playbook",
        en = "this is a playbook, not an inventory",
        ja = "これはインベントリではなくプレイブックです",
        hint(shared = PLAYBOOK_FIRST)
    )]
    Playbook,
    /// Defaults of a second file.
    #[explain(
        code = "inventory.defaults",
        en = "`defaults` belongs into the first file of an inventory (by name)",
        ja = "`defaults` はインベントリの(名前順で)最初のファイルに書きます"
    )]
    DefaultsOfSecondFile,
    /// A name, an address or a number of two.
    #[explain(
        code = "inventory.duplicate",
        en = "the {what} `{value}` is written a second time here",
        ja = "{what} `{value}` が重複しています"
    )]
    Duplicate { what: Wording, value: String },
    /// Two routers whose files would be one.
    #[explain(
        code = "inventory.alike",
        en = "the routers `{first}` and `{second}` have one name on Windows and macOS, where small and capital letters are the same in a file's name",
        ja = "ルータ `{first}` と `{second}` は、ファイル名の大文字と小文字を区別しない Windows や macOS では同じ名前になります",
        hint(
            en = "rename one of them: the backup of one would take the place of the other's",
            ja = "どちらかの名前を変えてください。一方のバックアップが他方を上書きします"
        )
    )]
    Alike { first: String, second: String },
    /// Several routers at one address.
    #[explain(
        code = "connection.same-address",
        en = "{count} routers have the address `{host}` and port {port}",
        ja = "アドレス `{host}`、ポート {port} のルータが {count} 台あります",
        hint(en = "it may be a slip of copying", ja = "コピーしたまま直し忘れていないか確かめてください"),
        note(en = "a warning: the run goes on", ja = "警告です。処理は続行します")
    )]
    SameAddress { host: String, port: u16, count: usize },
    /// A group that is not declared.
    #[explain(
        code = "inventory.undefined-group",
        en = "no group is named `{group}`",
        ja = "`{group}` というグループはありません",
        hints = near.clone(),
        hint(
            en = "or declare it: `groups: {{ {group}: }}`",
            ja = "または `groups: {{ {group}: }}` と定義してください"
        )
    )]
    UndefinedGroup { group: String, near: Option<Text> },
    /// A key of a connection, beside it.
    #[explain(
        code = "yaml.unknown-key",
        en = "`{key}` is not a key of a router",
        ja = "`{key}` はルータの項目ではありません",
        hint(
            en = "it belongs under `connection: {{ ssh: {{ ... }} }}` or `connection: {{ serial: {{ ... }} }}`",
            ja = "`connection: {{ ssh: {{ ... }} }}` か `connection: {{ serial: {{ ... }} }}` の中に書きます"
        )
    )]
    KeyOfConnection { key: String },
    /// One role and a list of roles.
    #[explain(
        code = "yaml.exactly-one",
        en = "a router has `role` or `roles`, not both",
        ja = "`role` と `roles` はどちらか一方だけを書いてください"
    )]
    RoleAndRoles,
    /// A router on the path that is not of the site.
    #[explain(
        code = "inventory.unknown-router",
        en = "the site has no other router named `{router}`",
        ja = "この拠点に `{router}` という別のルータはありません",
        hints = near.clone()
    )]
    UnknownRouter { router: String, near: Option<Text> },
}
