//! The Japanese help: the same command line, its texts replaced. A test insists that no text is missing.

use clap::{Arg, Command};

/// The command line with Japanese help texts. It is built first, so that `--help` and `--version` are there to be translated.
pub fn translate(mut command: Command) -> Command {
    command.build();
    replace(command)
}

fn replace(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let about = text(&name);
    let mut command = command
        .subcommand_help_heading("コマンド")
        .help_template("{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}")
        .disable_help_subcommand(true)
        .mut_args(translate_arg)
        .mut_subcommands(replace);
    if let Some(about) = about {
        command = command.about(about).long_about(about);
    }
    if name == "ixdeploy" {
        command = command.after_help(
            "終了コード: 0 完了または変更なし · 1 使い方・入力の誤り · 2 正常に実行し「差分あり」 · 3 未完了のルータあり(状態は確認済み) · 4 担当者の対応が必要なルータあり",
        );
    }
    command
}

fn translate_arg(arg: Arg) -> Arg {
    let heading = if arg.is_positional() { "引数" } else { "オプション" };
    let arg = match text(arg.get_id().as_str()) {
        Some(help) => arg.help(help).long_help(help),
        None => arg,
    };
    // The English descriptions of the values would stand between Japanese lines; their names say enough.
    arg.help_heading(heading).hide_possible_values(true)
}

/// The Japanese text of a command or an argument.
fn text(id: &str) -> Option<&'static str> {
    Some(match id {
        "ixdeploy" => "NEC UNIVERGE IX ルータに宣言どおりの構成を、検証付きトランザクションで展開します",
        "check" => "インベントリ、プレイブック、ロール、生成される全行をオフラインで検証します",
        "render" => "各ルータのあるべきコンフィグを表示します",
        "plan" => "変更内容を実際のコマンドで表示します。書き込みはしません(ドライラン)",
        "apply" => "ルータを変更します: 送信・検証・保存、失敗時はすべて取り消し",
        "verify" => "宣言との比較と確認項目の実行だけを行います。書き込みはしません",
        "backup" => {
            "running-config と startup-config をフォルダに読み出します(所有者のみ読み取り可。Windows ではフォルダのアクセス権に従います)"
        }
        "fmt" => "コンフィグファイルを正規化して表示します",
        "diff" => "あるコンフィグから別のコンフィグへ移るコマンドを表示します",
        "lint" => "コンフィグファイルを検査します",
        "replay" => "記録したセッション(--record)を再生、または検査します",
        "ports" => "シリアルポートを USB ベンダー・製品・シリアル番号とともに一覧します",
        "doctor" => "この PC で展開の妨げになるものと対処を示します",
        "demo" => "内蔵の模擬ルータで一連の流れを実演します",
        "status" => "結果不明または担当者の対応が必要なルータを一覧します。ルータには接続しません",
        "history" => "ルータを変更した実行を一覧します",
        "show" => "ある実行についてジャーナルの全記録を表示します",
        "resume" => "結果不明のルータを読み直し、変更を完了または取り消します",
        "journal" => "全実行の記録",
        "prune" => "古い封印済みバックアップを削除します。記録は残ります",
        "router" => "ルータ",
        "run" => "実行 [resume の既定: 未終了の全実行]",
        "days" => "この日数より古いバックアップを削除。各ルータの最新分と未終了の実行の分は残します",
        "head" => "以前の実行が表示した末尾ハッシュ。ジャーナルに残っていることを確認します",
        "lang" => "メッセージの言語 [ja, en、既定: ロケール]",
        "format" => "標準出力に出す結果の形式 [text, json, commands(diff 専用)]",
        "state_dir" => "既知のホスト鍵と実行データのフォルダ [既定: ユーザの状態フォルダ]",
        "events" => "すべての出来事を JSON 行としてこのファイルに追記します",
        "verbose" => "標準エラーへの進捗を詳しくします。2 回でデバッグログ",
        "playbook" => "プレイブック",
        "inventory" => "インベントリ",
        "limit" => "対象の限定: ルータ名・拠点名・グループ・ワイルドカード・!除外 をカンマ区切りで",
        "output" => "出力先",
        "from_backup" => "機器に接続せずバックアップから計画します: DIR/<ルータ>/running.cfg またはファイル",
        "undo" => {
            "取り消し: plan / diff では取り消しコマンドも表示、コマンドとしては 1 回の実行の変更だけを元に戻します"
        }
        "restore" => "ルータをバックアップの状態に戻します",
        "restart" => "再起動待ちの行があるルータを再起動し、復帰後に再度検証します",
        "from" => "バックアップ: DIR/<ルータ>/running.cfg、ファイル、または実行(その保存時の状態)",
        "take_over" => "他者が使用中のコンフィグモードを強制的に取得します(確認あり、記録に残ります)",
        "adopt" => "未保存の変更があっても続行します(内容を表示し、今回の保存で確定します)",
        "set_secrets" => "ルータの値と比較できない秘密情報も入力します",
        "record_host_key" => "初めて接続するルータのホスト鍵を記録します(ベンチ用)",
        "record" => "すべてのセッションを DIR/<ルータ>-<n>.cast に記録します(秘密情報はマスク)",
        "source" => "プレイブック、または plan -o で保存した計画",
        "yes" => "確認の質問をしません",
        "serial_number" => "コンソールにつないだルータの製造番号(インベントリにない場合)",
        "phase" => "ルータの設置場所 [bench, clinic]。bench では clinic フェーズの確認を実行しません",
        "mask" => "秘密情報を *** に置き換えます。復元には使えません",
        "file" => "対象のファイル。- は標準入力",
        "speed" => "記録の時間に合わせて再生します。1 は記録どおり、4 は 4 倍速 [既定: 一度に表示]",
        "check_only" => "この版で未知のものだけを示します",
        "old" => "現在のコンフィグ",
        "new" => "あるべきコンフィグ",
        "reveal" => "コマンド中の秘密情報を表示します",
        "model" => "ルータの機種(機種に依存する検査用)",
        "ssh_algorithms" => "組み込まれた SSH アルゴリズムだけを表示します",
        "help" => "ヘルプを表示します",
        "version" => "版数を表示します",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::cli::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_help_text_exists_in_japanese() {
        let mut open = vec![Cli::command()];
        while let Some(command) = open.pop() {
            assert!(text(command.get_name()).is_some(), "command {}", command.get_name());
            for arg in command.get_arguments() {
                assert!(text(arg.get_id().as_str()).is_some(), "{} {}", command.get_name(), arg.get_id());
            }
            open.extend(command.get_subcommands().cloned());
        }
    }
}
