//! Why there is no plan.

use crate::ix::line::LineError;
use crate::message::{Explain, Text};

/// A rendered line that the playbook does not own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unowned {
    /// Its line in the rendered text, from 1.
    pub line: u32,
    /// The line, masked.
    pub text: String,
}

/// A line that the router completes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abbreviated {
    /// Its line in the text, from 1.
    pub line: u32,
    /// The line, masked.
    pub text: String,
    /// The command it is short for, masked.
    pub long: String,
}

/// A line that could belong to another mode, where that decides who can reach the router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// Its line in the text, from 1.
    pub line: u32,
    /// Both readings, the line and the headers masked.
    pub readings: Text,
}

/// Why a plan cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum PlanError {
    /// Rendered lines outside the ownership.
    #[explain(
        code = "plan.not-owned",
        en = "the rendering holds lines that `owns:` does not cover:{list}",
        ja = "`owns:` の範囲外の行がレンダリング結果にあります:{list}",
        with(list = listed(lines.iter().map(|line| format!("{}: {}", line.line, line.text)))),
        hint(
            en = "name their families under `owns:`, or take the lines out of the template",
            ja = "その系列を `owns:` に加えるか、テンプレートから行を外してください"
        )
    )]
    NotOwned {
        /// The lines.
        lines: Vec<Unowned>,
    },
    /// Lines that would have to go, and that the grammar does not know.
    #[explain(
        code = "plan.unrecognised",
        en = "the router holds lines that would be removed and that this program does not know:{list}",
        ja = "削除の対象に、本ツールが認識できない行があります:{list}",
        with(list = listed(lines)),
        hint(
            en = "keep them by putting them into the template, or set `allow_unrecognised: true` to remove them with `no <line>`",
            ja = "残す場合はテンプレートに書き、`no <行>` で消してよい場合は `allow_unrecognised: true` を指定してください"
        )
    )]
    Unrecognised {
        /// The lines with the headers of their blocks, masked.
        lines: Vec<String>,
    },
    /// Lines in abbreviated words, or in other letters: the router never shows them so.
    #[explain(
        code = "plan.abbreviation",
        en = "the router completes these lines and shows them otherwise, so that the command itself would be removed again:{list}",
        ja = "次の行はルータが補完し、別の形で表示します。このままでは正式なコマンドの行が不要とみなされ、削除されてしまいます:{list}",
        with(list = Text::new(
            listed(lines.iter().map(|line| format!("{}: `{}` is `{}`", line.line, line.text, line.long))),
            listed(lines.iter().map(|line| format!("{}: `{}` は `{}`", line.line, line.text, line.long))),
        )),
        hint(
            en = "write each line in full, as shown on its right",
            ja = "各行を右側に示した正式な形で書いてください"
        )
    )]
    Abbreviated {
        /// The lines.
        lines: Vec<Abbreviated>,
    },
    /// Lines without a clear place that decide who can reach the router.
    #[explain(
        code = "plan.place",
        en = "who can reach the router depends on the mode of these lines, and the text leaves it open:{list}",
        ja = "次の行は属するモードによって、誰がルータに到達できるかが変わります。テキストからは判断できません:{list}",
        with(list = Text::new(
            listed(lines.iter().map(|line| format!("{}: {}", line.line, line.readings.en))),
            listed(lines.iter().map(|line| format!("{}: {}", line.line, line.readings.ja))),
        )),
        hint(
            en = "indent the lines of each block, or end a block with `!` or `exit` before the lines of the global mode",
            ja = "各ブロックの行をインデントするか、グローバルモードの行の前にブロックを `!` または `exit` で終わらせてください"
        ),
        note(
            en = "It is a server's line or a filter behind a block without indentation.",
            ja = "インデントのないブロックの後にある、サーバやフィルタの行です。"
        )
    )]
    Place {
        /// The lines.
        lines: Vec<Misplaced>,
    },
    /// A line that cannot be typed.
    #[explain(
        code = "plan.line",
        en = "`{text}` cannot be typed on a router: {error}",
        ja = "`{text}` はルータに入力できません: {error}",
        hints = error.hints(),
        note(
            en = "A line of the plan or of its undo: see the codes `line.` for the reasons.",
            ja = "計画または取り消しの行です。理由は `line.` のコードを参照してください。"
        )
    )]
    Line {
        /// The line, masked.
        text: String,
        /// Why.
        #[source]
        error: LineError,
    },
    /// Lines that all need another one of them first.
    #[explain(
        code = "plan.cycle",
        en = "no order works, because these lines need each other:{list}",
        ja = "次の行が互いに依存しているため、順序を決められません:{list}",
        with(list = listed(lines)),
        hint(
            en = "make the change in two playbooks, so that one of the lines is gone in between",
            ja = "変更を2つのプレイブックに分け、途中でどれかの行が無い状態を作ってください"
        )
    )]
    Cycle {
        /// The lines, each needing the next, the last needing the first.
        lines: Vec<String>,
    },
    /// No name is left for a temporary list.
    #[explain(
        code = "plan.no-name",
        en = "`{list}` must be rebuilt under a temporary name, and no name of 15 characters is free",
        ja = "`{list}` を一時的な名前で作り直す必要がありますが、15文字以内で空いている名前がありません",
        hint(en = "shorten the names of the lists", ja = "リストの名前を短くしてください")
    )]
    NoName {
        /// The list.
        list: String,
    },
    /// The box does not print these interfaces, and nothing makes them.
    #[explain(
        code = "plan.no-interface",
        en = "this {model} shows no interface {list}",
        ja = "この {model} にはインタフェース {list} がありません",
        with(list = Text::new(names.join(", "), names.join("、"))),
        hint(
            en = "the interfaces of a box are those that `show running-config` prints: name the one the cable is in",
            ja = "使用できるのは `show running-config` に表示されるインタフェースです。ケーブルを挿すものを指定してください"
        )
    )]
    NoInterface {
        /// The model.
        model: &'static str,
        /// The interfaces.
        names: Vec<String>,
    },
    /// Groups of switch ports that go, and interfaces of theirs that are to stay.
    #[explain(
        code = "plan.interface-goes",
        en = "an interface goes with the group of switch ports that makes it, and these are to stay:{list}",
        ja = "vlan-group を削除すると、その vlan-group が作るインタフェースも消えますが、次のインタフェースは残す指定になっています:{list}",
        with(list = listed(lines)),
        hint(
            en = "keep the group, or let its interfaces go in the same change: leave them out, and where a playbook owns only the device, name them under `owns:`, too",
            ja = "vlan-group を残すか、同じ変更でそのインタフェースも削除してください(設定から外します。プレイブックがデバイスだけを所有する場合は、インタフェースも `owns:` に加えます)"
        )
    )]
    InterfaceGoes {
        /// Each group, with the interfaces.
        lines: Vec<String>,
    },
    /// Lines that would need what is not there.
    #[explain(
        code = "plan.missing",
        en = "after the change these lines would use a list, a profile or a switch that is not there:{list}",
        ja = "変更後、次の行が参照するリスト、プロファイル、全体設定などが存在しません:{list}",
        with(list = listed(lines)),
        hint(
            en = "keep what they name in the rendering, or let the playbook own and change these lines, too",
            ja = "参照先をレンダリング結果に残すか、同じプレイブックでこれらの行も所有して変更してください"
        ),
        note(
            en = "Only where a role owns a part: what a filter does that names a missing list is not known.",
            ja = "一部だけを所有するロールの場合です。存在しないリストを指すフィルタの動作は分かっていません。"
        )
    )]
    Missing {
        /// The lines with the headers of their blocks, masked.
        lines: Vec<String>,
    },
    /// The router would be left without an administrator, so that everyone could log in.
    #[explain(
        code = "plan.no-administrator",
        en = "after line {number} of {list} (`{line}`) the router would have no administrator, and would let everyone in without a login",
        ja = "{list}の {number} 行目(`{line}`)の後、管理者ユーザが 1 人もいなくなり、誰でもログインなしで操作できてしまいます",
        with(list = if *undo { Text::new("the undo", "取り消し") } else { Text::new("the plan", "計画") }),
        hint(
            when = !*reverts,
            en = "keep one user with the administrator right in the configuration, or add the new one in the same change: it is entered before the old one goes",
            ja = "administrator 権限のユーザを 1 人以上残すか、同じ変更で新しい管理者を追加してください(新しい管理者は古い管理者の削除より先に入力されます)"
        ),
        hint(
            when = !*reverts,
            en = "to return a router to the state without users, use its console by hand",
            ja = "ユーザのいない状態に戻す場合は、コンソールで手動で行ってください"
        ),
        hint(
            when = *reverts,
            en = "before that run the router had no administrator, and no undo leaves it so: that is a person's work at its console. `ixdeploy show RUN --undo` prints the lines; from the one that takes the last administrator away, everyone gets in",
            ja = "その実行の前は管理者がいなかったため、本ツールでは取り消せません。コンソールで手動で行ってください。入力する行は `ixdeploy show RUN --undo` で表示できます。最後の管理者を削除した後は、誰でも操作できます"
        ),
        hint(
            when = *reverts,
            en = "a router that stays in service needs no undo: change it by `apply` with the playbook that it is for now",
            ja = "引き続き使うルータであれば、取り消さずに、現在の用途のプレイブックを `apply` で適用してください"
        )
    )]
    NoAdministrator {
        /// The line of the plan, or of its undo, after which there is no administrator.
        number: usize,
        /// The line, masked.
        line: String,
        /// Whether it is a line of the undo.
        undo: bool,
        /// Whether the plan itself takes back what a run changed.
        reverts: bool,
    },
}

impl PlanError {
    /// The same of a plan that takes back what a run changed.
    #[must_use]
    pub fn of_a_reverted_run(mut self) -> Self {
        if let Self::NoAdministrator { reverts, .. } = &mut self {
            *reverts = true;
        }
        self
    }
}

/// Lines below a sentence, each on one of its own.
fn listed(lines: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    lines.into_iter().fold(String::new(), |list, line| list + "\n  " + line.as_ref())
}
