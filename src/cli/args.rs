//! Arguments that several subcommands share, with their help in both languages; nothing that acts.
//!
//! What one subcommand alone takes is in its own file below `commands`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Language of messages: `ja` or `en`; of a report also `both` [default: the locale's]
    #[arg(long, global = true, value_enum, value_name = "LANG", hide_possible_values = true)]
    pub lang: Option<LangArg>,
    /// Form of the result on stdout: `text`, `json`; for `diff` `commands`, for a kept plan `md`, for a report `html`, `md`, `csv`, `junit` [default: text; of a report html]
    #[arg(long, global = true, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<Format>,
    /// Folder for known host keys and run data [default: the user's state folder]
    #[arg(long, global = true, env = "IXDEPLOY_STATE_DIR", hide_env_values = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Append every event as a line of JSON to this file
    #[arg(long, global = true, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Carry out what a process with a terminal has handed over
    #[arg(long, global = true, hide = true)]
    pub detached: bool,
    /// More progress on stderr; twice for a debug log
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress on stderr, only warnings and the end; plans briefly
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

/// The two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Japanese
    Ja,
    /// English
    En,
    /// Both, one beside the other: `report` only
    Both,
}

/// The form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs; the schema is documented and versioned
    Json,
    /// `show PLAN.JSON` and `report` only: a page for a review, a ticket or a wiki
    #[value(name = "md")]
    Markdown,
    /// `report` only: a page to file and to print
    Html,
    /// `report` only: rows for a spreadsheet
    Csv,
    /// `report` only: for test servers
    Junit,
    /// `diff` only: nothing but the commands, ready to paste in global config mode
    Commands,
}

impl Format {
    /// What is typed for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Junit => "junit",
            Self::Commands => "commands",
        }
    }
}

/// A playbook and the routers it is for.
#[derive(Debug, Clone, Args)]
pub struct Input {
    /// The playbook
    #[arg(value_name = "PLAYBOOK")]
    pub playbook: PathBuf,
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
}

/// Which routers.
#[derive(Debug, Clone, Args)]
pub struct Routers {
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Some of them
    #[command(flatten)]
    pub only: Only,
}

/// Some of the routers.
#[derive(Debug, Clone, Args)]
pub struct Only {
    /// Only these routers, separated by commas: names, sites, groups, roles, `c*`, `c00[1-5]`, `@FILE`, `@run:RUN:STATE`; `!` excludes
    #[arg(short, long, value_name = "LIMIT")]
    pub limit: Option<String>,
}

/// Someone else's changes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Unsaved {
    /// Go on although the router has unsaved changes: they are shown, and our save makes them permanent
    #[arg(long)]
    pub adopt: bool,
}

/// How the plan is made.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Planning {
    /// Unsaved changes on the router
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// Enter secrets that cannot be compared with the router's
    #[arg(long)]
    pub set_secrets: bool,
}

/// What is shown of a plan.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Shown {
    /// Also show what happens when the change fails, step by step
    #[arg(long)]
    pub rollback_notes: bool,
}

/// What is shown of a plan that a playbook makes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Explained {
    /// Also show where each line comes from: the template's line, the inventory's or the role's values in it
    #[arg(long)]
    pub why: bool,
    /// What is shown
    #[command(flatten)]
    pub shown: Shown,
}

/// How a router is reached.
#[derive(Debug, Clone, Default, Args)]
pub struct Reach {
    /// Record the host key of a router that is met for the first time (on a bench)
    #[arg(long)]
    pub record_host_key: bool,
    /// Record every session to DIR/<router>-<n>.cast, secrets masked
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Take the secrets from this kit; its passphrase is asked for once
    #[cfg(feature = "kit")]
    #[arg(long, value_name = "FILE")]
    pub kit: Option<PathBuf>,
}

/// Where a plan and its undo are rehearsed before a router sees them.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Rehearsal {
    /// What the plan and its undo are typed into before the router sees them: `model`, or `mock`, a mock router, too
    #[arg(long, value_enum, default_value_t = Rehearse::Model, value_name = "WHERE", hide_possible_values = true)]
    pub rehearse: Rehearse,
}

impl Rehearsal {
    /// Whether a mock router is asked, too.
    pub fn on_mock(self) -> bool {
        self.rehearse == Rehearse::Mock
    }
}

/// What a plan is rehearsed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Rehearse {
    /// The pure model: always
    #[default]
    Model,
    /// A mock router that runs what the router runs, over a session, too
    Mock,
}

/// Whether there is a question before something is changed.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Asking {
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// When sites are touched.
#[derive(Debug, Clone, Default, Args)]
pub struct Times {
    /// Change now, whatever windows and opening hours say; the reason is recorded
    #[arg(long, value_name = "REASON", value_parser = NonEmptyStringValueParser::new())]
    pub outside_windows: Option<String>,
}

/// Which box is on the cable.
#[derive(Debug, Clone, Args)]
pub struct BoxArgs {
    /// The serial number of the router on the console, where the inventory has none
    #[arg(long, value_name = "SERIAL")]
    pub serial_number: Option<String>,
}

/// The config lock of a router that is to be changed. Commands that only read never take it from anyone.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Lock {
    /// Take config mode from its holder (asked about, and recorded)
    #[arg(long)]
    pub take_over: bool,
}

/// Where the routers are, and whether their lines are open.
#[derive(Debug, Clone, Args)]
pub struct Surroundings {
    /// Where the routers are, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// The clinic's line is not open yet: required checks of phase `clinic` may fail, and nothing is called done; the reason is recorded
    #[arg(long, value_name = "REASON", value_parser = NonEmptyStringValueParser::new())]
    pub line_pending: Option<String>,
}

impl Surroundings {
    /// Whether checks that need the clinic are left out.
    pub fn on_bench(&self) -> bool {
        self.phase == Phase::Bench
    }
}

/// Where a router is while it is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Phase {
    /// On a bench, without the clinic's line
    Bench,
    /// In the clinic
    Clinic,
}

/// Routers of an earlier run that are to be changed again.
#[derive(Debug, Clone, Args)]
pub struct Earlier {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
    /// Some of them
    #[command(flatten)]
    pub only: Only,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
}

/// The Japanese help of a shared argument, by the id that clap gives it.
pub fn japanese(argument: &str) -> Option<&'static str> {
    Some(match argument {
        "lang" => "メッセージの言語: ja または en(report では both も可)[既定: ロケール]",
        "format" => {
            "結果の形式: text、json、commands(diff 専用)、md(保存した計画と report)、html・csv・junit(report 専用)[既定: text、report は html]"
        }
        "state_dir" => "既知のホスト鍵と実行データのフォルダ [既定: ユーザの状態フォルダ]",
        "events" => "すべての出来事を JSON 行としてこのファイルに追記します",
        "quiet" => "進捗を表示せず、警告と結果だけを表示します。計画は簡潔に表示します",
        "verbose" => "標準エラーへの進捗を詳しくします。2 回でデバッグログ",
        "detached" => "端末のあるプロセスから引き継いだ実行を処理します",
        "help" => "ヘルプを表示します",
        "version" => "版数を表示します",
        "playbook" => "プレイブック",
        "inventory" => "インベントリ",
        "outside_windows" => "変更時間帯や診療時間に関係なく、いま変更します。理由は記録されます",
        "line_pending" => {
            "医院の回線は未開通です。clinic フェーズの必須の確認が NG でも保存しますが、完了とはしません。理由は記録されます"
        }
        "limit" => {
            "対象の限定(カンマ区切り): ルータ・拠点・グループ・ロールの名前、c*、c00[1-5]、@ファイル、@run:実行:状態。! で除外"
        }
        "run" => "実行、または last(最新)",
        "take_over" => "他者が使用中のコンフィグモードを強制的に取得します(確認あり、記録に残ります)",
        "rollback_notes" => "失敗した場合の復旧手順もすべて表示します",
        "adopt" => "未保存の変更があっても続行します(内容を表示し、今回の保存で確定します)",
        "set_secrets" => "ルータの値と比較できない秘密情報も入力します",
        "record_host_key" => "初めて接続するルータのホスト鍵を記録します(ベンチ用)",
        "kit" => "秘密情報をこのキットから取得します(パスフレーズを一度だけ入力)",
        "record" => "すべてのセッションを DIR/<ルータ>-<n>.cast に記録します(秘密情報はマスク)",
        "rehearse" => {
            "計画と取り消しを事前に入力して確かめる相手 (model または mock)[既定: model]。mock ではセッション経由で模擬ルータにも入力します"
        }
        "yes" => "確認の質問をしません",
        "serial_number" => "コンソールにつないだルータの製造番号(インベントリにない場合)",
        "why" => "各行の由来(テンプレートの行と、その中の値を書いた場所)も表示します",
        "detach" => "すべての確認を先に済ませ、この端末から切り離して続行します。実行名とログは切り離す前に表示します",
        "at" => "--detach とともに、この時刻に開始します: 22:00、日付と時刻、または RFC 3339。過ぎた時刻は不可",
        "concurrency" => "同時に作業する拠点の数",
        "max_failures" => "実行全体でこの台数または割合に達したら、新たに着手しません",
        "budget" => "失敗の種類ごとの許容数(例: unreachable=5%)。複数回指定できます",
        "canary" => "最初にこの数の拠点だけを変更し、終わってから先へ進みます。0 でカナリアなし",
        "bake" => "最後以外の各ステップの様子見時間(例: 10m)。0s でなし",
        "logins_per_second" => "1 秒間に開始するログインの上限",
        "hold" => "同じモデルや原因などの失敗がこの台数に達したら保留します(個別の例: firmware=5)。複数回指定できます",
        "steps_off" => "カナリア・様子見・ステップの承認なしで、全体を 1 つのステップにします",
        "phase" => "設置場所: bench または clinic [既定: clinic]。bench では clinic フェーズの確認を省きます",
        _ => return None,
    })
}
