//! What the errors of a session say to a person, in both languages, and what to do next.

use super::error::SessionError;
use crate::message::{Explain, Text};

/// What happened and where.
pub(super) fn text(error: &SessionError) -> Text {
    use SessionError as E;
    match error {
        E::Link(error) => error.text(),
        E::ProgramEnded { peer, last } => Text::new(
            format!("{peer} ended before it led to the router; the last it showed was: {last}"),
            format!("{peer} がルータにつながる前に終了しました。最後の表示: {last}"),
        ),
        E::Closed { peer, awaited } => {
            let awaited = awaited.wording();
            Text::new(
                format!("{peer} closed the session while we waited for {}", awaited.en),
                format!("{}を待っている間に {peer} がセッションを閉じました", awaited.ja),
            )
        }
        E::Timeout { peer, awaited, seconds, last } => {
            let awaited = awaited.wording();
            Text::new(
                format!("{peer}: waited {seconds} s for {}; the last that came was: {last}", awaited.en),
                format!("{peer}: {}を {seconds} 秒待ちましたが届きませんでした。最後の受信: {last}", awaited.ja),
            )
        }
        E::Silent { peer, speed, garbage } => silent(peer, *speed, *garbage),
        E::LoginNeeded { peer } => Text::new(
            format!("{peer} asks for a user name, and the inventory names no user for it"),
            format!("{peer} がログインを求めていますが、インベントリにユーザの指定がありません"),
        ),
        E::WrongPassword { peer, user } => Text::new(
            format!("{peer} does not accept the password of user {user}"),
            format!("{peer} がユーザ {user} のパスワードを受け付けません"),
        ),
        E::ForeignPassword { peer, owner } => foreign_password(peer, owner.as_deref()),
        E::LoginNotAsked { peer } => Text::new(
            format!("{peer} shows a prompt without having asked for the declared login; nothing was typed"),
            format!("{peer} が、宣言されたログインを求めずにプロンプトを表示しました。何も入力していません"),
        ),
        E::BootMonitor { peer } => Text::new(
            format!("{peer} stands in its boot monitor; nothing was typed there"),
            format!("{peer} はブートモニタで停止しています。何も入力していません"),
        ),
        E::Question { peer, question } => Text::new(
            format!("{peer} asks a question that is not known to this program: {question}"),
            format!("{peer} が未知の確認を求めています: {question}"),
        ),
        E::Stuck { peer, place } => Text::new(
            format!("{peer}: operation mode cannot be reached; the last that was seen is: {place}"),
            format!("{peer}: オペレーションモードに到達できません。最後の表示: {place}"),
        ),
        E::MonitorRight { peer } => Text::new(
            format!("the user at {peer} has monitor right only and may not change the configuration"),
            format!("{peer} のユーザはモニター権限のため、設定を変更できません"),
        ),
        E::Occupied { peer, text } => Text::new(
            format!("configuration mode of {peer} is held by another session; the router says: {text}"),
            format!("{peer} のコンフィグモードは別のセッションが使用中です。ルータの表示: {text}"),
        ),
        E::Evicted { peer, line, typed: false } => Text::new(
            format!("{peer}: configuration mode was taken from us before {line} was typed"),
            format!("{peer}: {line} の入力前にコンフィグモードを他のセッションに取得されました"),
        ),
        E::Evicted { peer, line, .. } => Text::new(
            format!(
                "{peer}: configuration mode was taken from us at {line}; whether that line was executed is not known"
            ),
            format!(
                "{peer}: {line} の時点でコンフィグモードを他のセッションに取得されました。この行が反映されたかは不明です"
            ),
        ),
        E::LoggedOut { peer, line } => {
            Text::new(format!("{peer} logged us out at {line}"), format!("{peer}: {line} の時点でログアウトされました"))
        }
        E::Refused { peer, line, text: Some(text) } => Text::new(
            format!("{peer} refused line {line}: {text}"),
            format!("{peer} が行 {line} を拒否しました: {text}"),
        ),
        E::Refused { peer, line, .. } => Text::new(
            format!("{peer} refused line {line}; its words are not shown because the line holds a secret"),
            format!("{peer} が行 {line} を拒否しました(秘密情報を含む行のため表示は省略します)"),
        ),
        E::UnexpectedMode { peer, line, expected, found } => Text::new(
            format!("{peer}: after {line} the prompt should show mode {expected}, it is {found}"),
            format!("{peer}: {line} の後はモード {expected} のはずですが、プロンプトは {found} です"),
        ),
        E::HostChanged { peer, line, expected, found } => Text::new(
            format!("{peer}: the host name changed from {expected} to {found} at {line}, and no line of ours did that"),
            format!(
                "{peer}: {line} の時点でホスト名が {expected} から {found} に変わりました(本ツールの操作ではありません)"
            ),
        ),
        E::Echo { peer, line, returned: false, last } => Text::new(
            format!("{peer}: the echo of {line} stays damaged; the line was not executed. Last received: {last}"),
            format!("{peer}: {line} のエコーが一致しません。この行は実行していません。最後の受信: {last}"),
        ),
        E::Echo { peer, line, last, .. } => Text::new(
            format!(
                "{peer}: the echo of {line} is not what was typed; the line may have been executed damaged. Last received: {last}"
            ),
            format!(
                "{peer}: {line} のエコーが入力と一致しません。壊れた行が実行された可能性があります。最後の受信: {last}"
            ),
        ),
        E::Endless { peer, awaited, seconds, last } => {
            let awaited = awaited.wording();
            Text::new(
                format!(
                    "{peer}: after {seconds} s bytes keep coming, but not {}; the last that came was: {last}",
                    awaited.en
                ),
                format!("{peer}: {seconds} 秒経過しても受信が続き、{}が届きません。最後の受信: {last}", awaited.ja),
            )
        }
        E::TooLong { peer, awaited, limit } => {
            let awaited = awaited.wording();
            Text::new(
                format!("{peer}: more than {limit} bytes came while we waited for {}", awaited.en),
                format!("{peer}: {}を待つ間の受信が上限の {limit} バイトを超えました", awaited.ja),
            )
        }
        E::Untypable { line } => Text::new(
            format!("line {line} holds a control character, a tab or `?` and is not typed"),
            format!("行 {line} に制御文字、タブ、または `?` が含まれるため入力しません"),
        ),
        E::NotHere { peer, what, mode } => Text::new(
            format!("{peer}: {what} is not possible in mode {mode}"),
            format!("{peer}: {what} はモード {mode} では実行できません"),
        ),
        E::GivenUp { peer } => Text::new(
            format!("{peer}: this session was given up after an earlier error; nothing more is typed on it"),
            format!("{peer}: 先のエラーによりこのセッションは使用できません。これ以上は入力しません"),
        ),
        E::Cancelled => Text::new("stopped on request", "要求により中断しました"),
    }
}

fn foreign_password(peer: &str, owner: Option<&str>) -> Text {
    match owner {
        Some(owner) => Text::new(
            format!(
                "{peer} asks for the login of {owner}, which is not the declared login of the router; no password was typed"
            ),
            format!(
                "{peer} が {owner} のログインを求めていますが、宣言されたルータのログインではありません。パスワードは入力していません"
            ),
        ),
        None => Text::new(
            format!(
                "{peer} asks for a login that cannot be told from that of another host on the way; no password was typed"
            ),
            format!(
                "{peer} がログインを求めていますが、途中の別のホストのものと区別できません。パスワードは入力していません"
            ),
        ),
    }
}

fn silent(peer: &str, speed: Option<u32>, garbage: bool) -> Text {
    let at = speed.map_or_else(String::new, |speed| format!(" ({speed} bit/s)"));
    if garbage {
        Text::new(
            format!("the console at {peer}{at} answers with unreadable bytes: its speed is probably another one"),
            format!("{peer}{at} のコンソールから判読できないデータが届きました。通信速度が異なる可能性があります"),
        )
    } else {
        Text::new(
            format!("the console at {peer}{at} does not answer to Return"),
            format!("{peer}{at} のコンソールが Return に応答しません"),
        )
    }
}

/// What to do next.
pub(super) fn hints(error: &SessionError) -> Vec<Text> {
    use SessionError as E;
    let hint = match error {
        E::Link(error) => return error.hints(),
        E::Silent { garbage: true, .. } => Text::new(
            "name the console's speed in the inventory (`baud:`) or let it be detected",
            "インベントリの `baud:` で通信速度を指定するか、自動検出を使用してください",
        ),
        E::Silent { .. } => Text::new(
            "check that the router is powered, that the cable is in its console port, and the speed",
            "ルータの電源、コンソールポートへの接続、通信速度を確認してください",
        ),
        E::LoginNeeded { .. } => Text::new(
            "name a user and its credential at the router's connection",
            "接続設定にユーザと認証情報を指定してください",
        ),
        E::WrongPassword { .. } => Text::new(
            "check the credential; nothing was changed on the router",
            "認証情報を確認してください。ルータには何も変更を加えていません",
        ),
        E::ProgramEnded { .. } => Text::new(
            "start the program by hand with the same words and see what it says; nothing was written to the router",
            "同じ引数でプログラムを手動で起動し、表示を確認してください。ルータには何も書き込んでいません",
        ),
        E::ForeignPassword { .. } => Text::new(
            "let the program log in there by key or agent, name the router in its words as `user@host`, and use an `ssh` of OpenSSH 8.6 or newer; or use `ssh:` with `jump:`, where every hop has its own credential",
            "途中のホストには鍵またはエージェントで認証し、ルータは words に user@host の形で指定し、OpenSSH 8.6 以降の ssh を使ってください。ホップごとに認証情報を指定できる ssh: の jump: も使えます",
        ),
        E::LoginNotAsked { .. } => Text::new(
            "where the program logs in itself (a key, an agent, a shared connection), leave out `login:`; otherwise look where it leads",
            "プログラム自身がログインする場合(鍵、エージェント、共有接続)は login: を書かないでください。それ以外の場合は接続先を確認してください",
        ),
        E::BootMonitor { .. } => Text::new(
            "look at the router on its console; `b` boots it",
            "コンソールで状態を確認してください。`b` で起動します",
        ),
        E::Question { .. } | E::Stuck { .. } => Text::new(
            "look at the router with a terminal program, bring it to its prompt, and start again",
            "端末ソフトでルータを確認し、プロンプトに戻してからやり直してください",
        ),
        E::MonitorRight { .. } => {
            Text::new("use a user with administrator right", "administrator 権限のユーザを使用してください")
        }
        E::Occupied { .. } => Text::new(
            "ask who is working on the router, or wait; taking the mode over needs an explicit option and throws the holder out",
            "作業中の担当者に確認するか、しばらく待ってください。強制的に取得するには --take-over が必要です(相手はコンフィグモードから退出させられます)",
        ),
        E::Evicted { .. } | E::LoggedOut { .. } | E::HostChanged { .. } => Text::new(
            "somebody else works on this router: find out who, then read its configuration again",
            "別の担当者が作業しています。確認のうえ、設定を読み直してください",
        ),
        E::Endless { .. } | E::TooLong { .. } => Text::new(
            "something at the other end repeats itself or never ends: look at it with a terminal program. A device that is really so slow needs a longer `total` in the inventory's `deadlines:`",
            "接続先が出力を繰り返しているか、出力が終わりません。端末ソフトで確認してください。機器が本当に遅い場合は、インベントリの `deadlines:` の total を延ばしてください",
        ),
        E::Timeout { .. } | E::Closed { .. } | E::Echo { .. } => Text::new(
            "read the router's configuration again before anything else; the deadlines can be raised in the inventory",
            "まず設定を読み直してください。待ち時間の上限はインベントリで変更できます",
        ),
        E::Refused { .. } | E::UnexpectedMode { .. } => Text::new(
            "check that the model and the firmware know this command",
            "機種とファームウェアがこのコマンドに対応しているか確認してください",
        ),
        E::Untypable { .. } | E::NotHere { .. } | E::GivenUp { .. } | E::Cancelled => return Vec::new(),
    };
    vec![hint]
}
