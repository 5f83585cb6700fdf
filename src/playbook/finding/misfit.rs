//! Why a text is no value of a variable's type, and what to write instead.

use crate::inventory::yaml::half_width;
use crate::message::{Explain, Text, Wording};
use crate::visible;

/// What to write where no half-width form of it is known.
pub(super) const PLAIN: Wording = Wording {
    en: "write it with letters, digits and signs of ASCII, in half-width characters",
    ja: "半角の英数字と記号で書いてください",
};

/// A value that does not fit its type.
#[derive(Debug, Explain)]
pub(in crate::playbook) enum Misfit {
    /// A character that a line for the router may not hold.
    #[explain(
        code = "variable.value",
        en = "the value holds `{shown}`: lines for the router are ASCII",
        ja = "値に `{shown}` が含まれています。ルータに入力できるのは ASCII 文字だけです",
        hints = full_width.clone(),
        hint(when = full_width.is_none() && !key, shared = PLAIN),
        hint(when = *key, en = "take that character out of the value", ja = "値からその文字を取り除いてください")
    )]
    NotAscii { shown: String, full_width: Option<Text>, key: bool },
    /// Several words, or none.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not one word: a blank in it would add an argument to the command",
        ja = "`{text}` は 1 語ではありません。空白があるとコマンドの引数が増えます"
    )]
    NoWord { text: String },
    /// Blanks that are not kept.
    #[explain(
        code = "variable.value",
        en = "the text has blanks at an end or two in a row, which would not come back the same",
        ja = "文字列の端や連続した空白は、ルータから元のまま読み戻せません"
    )]
    Blanks,
    /// No address of the kind.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not {wanted}",
        ja = "`{text}` は{wanted}ではありません",
        hint(
            when = text.contains('/'),
            en = "write it without a prefix length",
            ja = "プレフィックス長を付けずに書いてください"
        )
    )]
    NoAddress { text: String, wanted: Wording },
    /// No network of the kind. `length`: the prefix length of this one address, if it is one; `longest`: where what is behind an address is
    /// no length, the longest one that it can have.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not {wanted}",
        ja = "`{text}` は{wanted}ではありません",
        with(host = length.unwrap_or_default(), most = longest.unwrap_or_default()),
        hint(
            when = length.is_some(),
            en = "for this one address write `{text}{host}`",
            ja = "このアドレス 1 つを指すなら `{text}{host}` と書いてください"
        ),
        hint(
            when = longest.is_some(),
            en = "a prefix length behind this address is a number from 0 to {most}",
            ja = "このアドレスのプレフィックス長は 0 から {most} までの数です"
        )
    )]
    NoPrefix { text: String, wanted: Wording, length: Option<&'static str>, longest: Option<u8> },
    /// A host's address with the prefix length of its network.
    #[explain(
        code = "variable.value",
        en = "`{text}` has bits of a host behind its prefix length",
        ja = "`{text}` はプレフィックス長より後ろにホスト部が残っています",
        hint(en = "did you mean `{network}`?", ja = "`{network}` の誤りではありませんか?")
    )]
    HostBits { text: String, network: String },
    /// No address with its prefix length. `address`: an address without one; `longest`: as above.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not an IPv4 address with a prefix length",
        ja = "`{text}` はプレフィックス長付きの IPv4 アドレスではありません",
        with(most = longest.unwrap_or_default()),
        hint(when = *address, en = "such as `{text}/24`", ja = "`{text}/24` のように書いてください"),
        hint(
            when = longest.is_some(),
            en = "a prefix length behind this address is a number from 1 to {most}",
            ja = "このアドレスのプレフィックス長は 1 から {most} までの数です"
        )
    )]
    NoInterfaceAddress { text: String, address: bool, longest: Option<u8> },
    /// An address that no router can have.
    #[explain(
        code = "variable.value",
        en = "`{text}` is the address of a network, not of a router in it",
        ja = "`{text}` はネットワーク自体のアドレスで、ルータには設定できません"
    )]
    NetworkAddress { text: String },
    /// No name of an interface.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not the name of an interface",
        ja = "`{text}` はインタフェース名ではありません",
        hint(
            en = "such as `GigaEthernet0.0`, or `GigaEthernet2:1.0` for a vlan-group",
            ja = "`GigaEthernet0.0`、vlan-group なら `GigaEthernet2:1.0` のように書きます"
        )
    )]
    NoInterface { text: String },
    /// No number of a port.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not the number of a switch port",
        ja = "`{text}` はスイッチポートの番号ではありません"
    )]
    NoPort { text: String },
    /// No domain.
    #[explain(
        code = "variable.value",
        en = "`{text}` is not a domain",
        ja = "`{text}` はドメインではありません",
        hint(
            en = "such as \"*example.jp\" (with quotes: a bare `*` means something else in YAML)",
            ja = "\"*example.jp\" のように書きます(YAML では引用符が必要です)"
        )
    )]
    NoDomain { text: String },
}

impl Misfit {
    /// About this character of a value: what acts on a terminal or cannot be seen is escaped, any other is shown as it was written.
    pub(in crate::playbook) fn not_ascii(text: &str, c: char) -> Self {
        let key = visible::is_unseen(c);
        let shown = if key { c.escape_default().to_string() } else { c.to_string() };
        Self::NotAscii { shown, full_width: half_width(text), key }
    }
}
