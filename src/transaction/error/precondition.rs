//! What was read of a router does not allow the change. Nothing was written.

use super::indented;
use crate::message::Explain;
use crate::transaction::three_way::Conflict;

/// What stops a change before its first line.
#[derive(Debug, Explain)]
pub enum PreconditionError {
    /// Running and startup configuration differ before we start.
    #[explain(
        code = "router.unsaved",
        en = "{router}: the running configuration is not saved: startup and running configuration differ\n{diff}",
        ja = "{router}: 保存されていない変更があります(startup と running の差分)\n{diff}",
        hint(
            en = "nothing was written: find out whose change it is, then save it (`write memory`), restart the router, or make it permanent with ours (`--adopt`)",
            ja = "何も書き込んでいません。誰の変更かを確認し、保存(write memory)するか再起動してください。今回の変更と一緒に確定するには --adopt を指定します"
        )
    )]
    Unsaved {
        /// The router.
        router: String,
        /// Startup against running, masked.
        diff: String,
    },
    /// Nothing is saved, and what runs is not known to be what an unconfigured box of this model prints.
    #[explain(
        code = "router.not-factory",
        en = "{router}: nothing is saved, and these lines are not known on a box from the factory:{lines}\nif they are, this file would say so, once someone has reviewed it:\n{draft}",
        ja = "{router}: 何も保存されておらず、次の行が工場出荷時のものか分かりません:{lines}\n出荷時の行であれば、次のファイルを担当者が確認して置いてください:\n{draft}",
        with(lines = indented(lines)),
        hint(
            en = "nothing was written: are these the lines of a new box? Then keep the file above in the folder `facts` beside the inventory, with your name under `reviewed_by` (docs/facts.md)",
            ja = "何も書き込んでいません。新品の行であれば、上のファイルをインベントリと同じ場所の facts フォルダに置き、reviewed_by に確認者の名前を書いてください(docs/facts.md)"
        ),
        hint(
            en = "did someone configure it? Then save it (`write memory`), restart it, or make it permanent with ours (`--adopt`)",
            ja = "誰かが設定したものであれば、保存(write memory)するか再起動してください。今回の変更と一緒に確定するには --adopt を指定します"
        )
    )]
    NotFactory {
        /// The router.
        router: String,
        /// The lines, masked, with the headers of their blocks.
        lines: Vec<String>,
        /// The file that would make a fact of them.
        draft: String,
    },
    /// A port that a probe would open is open.
    #[explain(
        code = "probe.line-open",
        en = "{router}: {interface} is open already, so its line can be read as it is",
        ja = "{router}: {interface} はすでに有効なため、そのままで回線を確認できます",
        hint(
            en = "nothing was written: `ixdeploy line` says which line it is, without entering anything",
            ja = "何も書き込んでいません。ixdeploy line は何も投入せずに回線を確認します"
        )
    )]
    LineOpen {
        /// The router.
        router: String,
        /// The interface of the line.
        interface: String,
    },
    /// Whether what runs is saved is not known before we start.
    #[explain(
        code = "router.startup-unread",
        en = "{router}: the router shows no startup configuration, so whether what runs is saved is not known",
        ja = "{router}: startup を表示できないため、running が保存済みかどうか確認できません",
        hint(
            en = "nothing was written. The firmware knows neither `show startup-config` nor `show config`, and a save would not change that: make sure on the console that the configuration is saved, then go on with `--adopt`; the run ends `saved, unverified` (exit status 3)",
            ja = "何も書き込んでいません。このファームウェアは show startup-config と show config のどちらにも応答せず、保存しても変わりません。設定が保存済みであることをコンソールで確認してから --adopt で続行してください。結果は「未確認のまま保存」(終了コード 3)になります"
        )
    )]
    StartupUnread {
        /// The router.
        router: String,
    },
    /// The router is not what the plan was made for.
    #[explain(
        code = "router.drifted",
        en = "{router}: the router has changed since the plan was made ({what}){diff}",
        ja = "{router}: 計画を作成した後にルータの状態が変わりました({what}){diff}",
        with(diff = if diff.is_empty() { String::new() } else { format!("\n{diff}") }),
        hint(
            en = "nothing was written: make a new plan and read it",
            ja = "何も書き込んでいません。計画を作り直して内容を確認してください"
        )
    )]
    Drifted {
        /// The router.
        router: String,
        /// What differs.
        what: &'static str,
        /// Then against now, masked; empty where the plan does not hold what was there then.
        diff: String,
    },
    /// The plan may cut the session it would be sent over.
    #[explain(
        when = *known,
        code = "lifeline.touched",
        en = "{router}: the plan may cut our own session: these lines touch the lifeline{lines}",
        ja = "{router}: 次の行は自セッションの経路(lifeline)に触れます{lines}",
        with(lines = indented(lines)),
        hint(
            when = *is_rendered,
            en = "nothing was written: apply it over the console, or allow it in the playbook (`allow_lifeline_change: true`)",
            ja = "何も書き込んでいません。コンソールから適用するか、プレイブックで allow_lifeline_change: true を指定してください"
        ),
        hint(
            when = !*is_rendered,
            en = "nothing was written: do it over the console (`serial:` at the router in the inventory); what a playbook allows does not hold for it",
            ja = "何も書き込んでいません。コンソール経由で実行してください(インベントリのルータに `serial:` を指定)。プレイブックの許可は適用されません"
        )
    )]
    #[explain(
        code = "lifeline.unknown",
        en = "{router}: the plan may cut our own session: the lifeline is unknown, and these lines can cut a session{lines}",
        ja = "{router}: 自セッションの経路(lifeline)が不明で、次の行はセッションを切る可能性があります{lines}",
        with(lines = indented(lines)),
        hint(
            when = *is_rendered,
            en = "nothing was written: apply it over the console, or allow it in the playbook (`allow_lifeline_change: true`)",
            ja = "何も書き込んでいません。コンソールから適用するか、プレイブックで allow_lifeline_change: true を指定してください"
        ),
        hint(
            when = !*is_rendered,
            en = "nothing was written: do it over the console (`serial:` at the router in the inventory); what a playbook allows does not hold for it",
            ja = "何も書き込んでいません。コンソール経由で実行してください(インベントリのルータに `serial:` を指定)。プレイブックの許可は適用されません"
        ),
        hint(
            en = "declare the path in the inventory (`lifeline: {{ interface: ..., address: ... }}`)",
            ja = "インベントリに経路を宣言してください(lifeline: {{ interface: ..., address: ... }})"
        )
    )]
    Lifeline {
        /// The router.
        router: String,
        /// Whether the path of our session is known.
        known: bool,
        /// Whether the playbook of what is wanted can allow it.
        is_rendered: bool,
        /// The lines in question, masked.
        lines: Vec<String>,
    },
    /// The printed form of an earlier password of the user who logs in would be entered, and no login could prove it.
    #[explain(
        code = "lifeline.old-password",
        en = "{router}: the earlier password of {user}, who logs in here, would be entered in its printed form, and no login over the network could prove which password that is",
        ja = "{router}: ログインに使うユーザ {user} の以前のパスワードを表示形式のまま入力することになり、それがどのパスワードかをネットワーク経由のログインで確認できません",
        hint(
            en = "nothing was written: give {user} a password that is known, with the playbook `rotate-password.yaml`; or do it over the console, where the printed form is entered and read again",
            ja = "何も書き込んでいません。rotate-password.yaml で既知のパスワードを設定するか、コンソール経由で実行してください(コンソールでは表示形式を入力し、読み直して確認します)"
        ),
        note(
            en = "An undo of a run that came in with the password of a credential gives that password back, and proves it by a fresh login.",
            ja = "認証情報のパスワードでログインした実行を取り消す場合は、そのパスワードに戻し、新しいログインで確認します。"
        )
    )]
    OldPassword {
        /// The router.
        router: String,
        /// The user.
        user: String,
    },
    /// What a run changed was changed again since.
    #[explain(
        code = "undo.touched",
        en = "{router}: what that run changed was changed again since; undoing it would take that away\n{objects}",
        ja = "{router}: その実行の変更箇所が後から変更されています。取り消すと後の変更が失われます\n{objects}",
        with(objects = objects.iter().map(Conflict::shown).collect::<String>()),
        hint(
            en = "nothing was written: undo the later run first (`ixdeploy history ROUTER`), or change it with a playbook",
            ja = "何も書き込んでいません。後の実行を先に取り消す(ixdeploy history ROUTER)か、プレイブックで変更してください"
        )
    )]
    Conflict {
        /// The router.
        router: String,
        /// Each thing: its place, what the run left, what runs today; masked.
        objects: Vec<Conflict>,
    },
    /// Lines that someone entered since the kit was packed would go, and no person is asked.
    #[explain(
        code = "router.newer-than-kit",
        en = "{router}: newer than this kit (for {day}), and the plan would take it away:{lines}",
        ja = "{router}: このキット({day} 用)より新しい行が、この計画で削除されます:{lines}",
        with(lines = indented(lines)),
        hint(
            en = "nothing was written: someone has entered these lines since. Leave out --yes to be shown the plan and asked",
            ja = "何も書き込んでいません。キットの作成後に誰かが入力した行です。--yes を外すと、計画を確認してから実行できます"
        )
    )]
    Newer {
        /// The router.
        router: String,
        /// The day for which the kit is.
        day: String,
        /// The lines, masked, with the headers of their blocks.
        lines: Vec<String>,
    },
    /// What it should run is known by its masked text alone.
    #[explain(
        code = "plan-file.withheld",
        en = "{router}: what it should run was kept without its secrets",
        ja = "{router}: 目標のコンフィグは秘密情報なしで保存されています",
        hint(
            en = "nothing was written: restore the backup, or undo the run, with the command that did it before",
            ja = "何も書き込んでいません。restore または undo をもう一度実行してください"
        )
    )]
    Withheld {
        /// The router.
        router: String,
    },
}
