//! Why the model of the router refuses a line.

use std::borrow::Cow;
use std::fmt;

use crate::message::Lang;
use crate::message::wording::Localised;

/// A line that the model refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line, masked.
    pub line: String,
    /// Why.
    pub why: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the model of the router refuses `{}`: {}", self.line, self.why.localised(Lang::En))
    }
}

/// Why the model refuses a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The line belongs to a block, and the session is elsewhere.
    BlockNotOpen,
    /// The router may read it as a line of the mode it is in.
    TakenByMode,
    /// The block was removed.
    BlockGone,
    /// What it names is nowhere.
    NoSuchObject,
    /// No interface has such a name.
    NoSuchInterface,
    /// No group of switch ports makes the interface.
    NoSuchGroup,
    /// Two interfaces may not have one network.
    NetworkTaken,
    /// A switch port is in one group at most.
    PortTaken,
    /// What it removes is not there.
    NothingThere,
    /// It cannot be removed.
    PartOfBox,
    /// The group's interface is named elsewhere.
    GroupInUse,
    /// What it removes is named elsewhere.
    InUse,
    /// The same line again.
    AlreadyThere,
    /// Another list is bound to the number.
    NumberInUse,
    /// One form of a removal does something else than the others.
    OtherResult,
}

impl Localised for Reason {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        let words = match self {
            Self::BlockNotOpen => {
                lang.pick("the block that it belongs to is not open", "行の属するブロックが開かれていません")
            }
            Self::TakenByMode => {
                lang.pick("the mode that is open may take it", "開いているモードの行として扱われる可能性があります")
            }
            Self::BlockGone => lang.pick("the block is gone", "ブロックがなくなっています"),
            Self::NoSuchObject => {
                lang.pick("it refers to something that does not exist", "存在しないものを参照しています")
            }
            Self::NoSuchInterface => lang.pick("no such interface", "そのインタフェースはありません"),
            Self::NoSuchGroup => {
                lang.pick("its group of switch ports does not exist", "そのスイッチポートのグループがありません")
            }
            Self::NetworkTaken => {
                lang.pick("its network is on another interface", "同じネットワークが別のインタフェースにあります")
            }
            Self::PortTaken => lang.pick("a port belongs to another group", "ポートが別のグループに属しています"),
            Self::NothingThere => lang.pick("there is nothing to remove", "削除するものがありません"),
            Self::PartOfBox => lang.pick("the interface is part of the box", "機器に固有のインタフェースです"),
            Self::GroupInUse => {
                lang.pick("the interface of the group is in use", "グループのインタフェースが使用中です")
            }
            Self::InUse => lang.pick("it is in use", "使用中です"),
            Self::AlreadyThere => lang.pick("the entry is there already", "同じエントリが既にあります"),
            Self::NumberInUse => lang.pick("the filter number is in use", "フィルタ番号が使用中です"),
            Self::OtherResult => {
                lang.pick("it does not lead to the same as the line itself", "元の行と同じ結果になりません")
            }
        };
        words.into()
    }
}
