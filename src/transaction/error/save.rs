//! What was saved, or was to be saved, is not proven.

use crate::message::{Explain, Text};

/// What is wrong with a save.
#[derive(Debug, Explain)]
pub enum SaveError {
    /// The router refused to save.
    #[explain(
        code = "router.save-refused",
        en = "{router}: the router did not save: {answer}",
        ja = "{router}: ルータが保存を拒否しました: {answer}",
        hint(
            en = "find out by the router's words why it does not save, before it is tried again",
            ja = "ルータの応答を参考に、保存できない原因を確認してからやり直してください"
        )
    )]
    Refused {
        /// The router.
        router: String,
        /// What it said.
        answer: String,
    },
    /// The save did not do what it should.
    #[explain(
        code = "router.save-differs",
        en = "{router}: the startup configuration, read again, is not the running one\n{diff}",
        ja = "{router}: 保存後に読み直した startup が running と一致しません\n{diff}",
        hint(
            en = "find out why these lines were not saved as they run, before it is tried again",
            ja = "これらの行がそのまま保存されなかった原因を確認してから、やり直してください"
        )
    )]
    Differs {
        /// The router.
        router: String,
        /// Startup against running, masked.
        diff: String,
    },
    /// The router says that it saved, and shows no startup configuration.
    #[explain(
        code = "router.save-unproven",
        en = "{router}: the router says that it saved, and shows no startup configuration to prove it",
        ja = "{router}: ルータは保存したと応答しましたが、startup を表示できないため確認できません",
        hint(
            en = "it runs what was declared, and its checks passed; whether it was saved shows only after a restart, so have someone with a console present at the next one",
            ja = "宣言どおりに動作し、確認も完了しています。保存されたかどうかは再起動するまで分からないため、次回の再起動時にはコンソールを用意してください"
        ),
        note(en = "The router ends `saved, unverified`.", ja = "ルータは「未確認のまま保存」で終わります。")
    )]
    Unproven {
        /// The router.
        router: String,
    },
    /// What runs is the backup again; what a restart would bring up is not, or no one can see it.
    #[explain(
        code = "router.startup-not-back",
        en = "{router}: the running configuration equals the backup, the startup configuration is not proven to: {holds}\n{diff}",
        ja = "{router}: running はバックアップに戻りましたが、startup が戻ったことは確認できません。{holds}:\n{diff}",
        with(holds = holds(*shown)),
        hint(
            en = "what it runs is the configuration from before; do not restart it: connect by console, look at the startup configuration, and save (`write memory`) only when the running one is the backup; then `ixdeploy resume RUN` reads it again",
            ja = "現在動作しているのは変更前の設定です。再起動せず、コンソールで startup を確認し、running がバックアップと一致する場合のみ write memory で保存してから、ixdeploy resume RUN で読み直してください"
        )
    )]
    StartupNotBack {
        /// The router.
        router: String,
        /// Whether the router shows its startup configuration.
        shown: bool,
        /// Backup against what it holds, or may hold, masked.
        diff: String,
    },
}

fn holds(shown: bool) -> Text {
    match shown {
        true => Text::new("it holds", "現在の startup"),
        false => Text::new(
            "the router does not show it; it may hold",
            "startup は表示できません。次の内容の可能性があります",
        ),
    }
}
