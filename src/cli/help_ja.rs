//! The Japanese texts of the command line. A test insists that none is missing.

/// The Japanese text of a command, or of one of its arguments. What means the same everywhere has one text.
pub fn text(command: &str, argument: &str) -> Option<&'static str> {
    let own = match (command, argument) {
        ("journal verify", "") => "記録の改ざん・欠落・書き換えを検出します",
        ("journal prune", "") => "古い封印済みバックアップを削除します。記録は残ります",
        ("journal prune", "days") => "この日数より古いバックアップを削除。各ルータの最新分と未終了の実行の分は残します",
        ("undo", "") => "1 回の実行の変更だけを元に戻します",
        ("show", "undo") => "各ルータの取り消しコマンドの記録だけを表示します(秘密情報はマスク)。手作業で戻すとき用",
        ("resume", "undo") => "反映済みの変更をすべて取り消します",
        ("resume", "run") => "実行 [既定: 未終了の全実行]。指定すると他の担当者の実行も引き継ぎます",
        ("undo" | "resume" | "restart", "inventory") => "インベントリ [既定: その実行のもの]",
        ("render", "output") => "表示せずに DIR/<ルータ>.cfg に書き出します",
        ("plan", "output") => "計画を保存します。あとでそのまま適用できます",
        ("backup", "output") => "DIR/<ルータ>/running.cfg と startup.cfg に書き出します",
        ("replay", "file") => "記録ファイル",
        ("verify", "adopt") => "未保存の変更があっても比較します",
        (_, "") => return shared(command),
        _ => return shared(argument),
    };
    Some(own)
}

fn shared(word: &str) -> Option<&'static str> {
    Some(match word {
        "ixdeploy" => "NEC UNIVERGE IX ルータに宣言どおりの構成を、検証付きトランザクションで展開します",
        "init" => "プレイブック、記入用インベントリ、手順書の入ったフォルダを作ります",
        "folder" => "新しいフォルダ",
        "check" => "インベントリ、プレイブック、ロール、生成される全行をオフラインで検証します",
        "render" => "各ルータのあるべきコンフィグを表示します",
        "plan" => "変更内容を実際のコマンドで表示します。書き込みはしません(ドライラン)",
        "apply" => "ルータを変更します。送信・検証・保存し、失敗時はすべて取り消します",
        "verify" => "宣言と比較し、確認項目を実行します。書き込みはしません",
        "backup" => "running-config と startup-config をフォルダに読み出します",
        "fmt" => "コンフィグファイルを正規化して表示します(秘密情報もそのまま表示)",
        "diff" => "あるコンフィグから別のコンフィグへ移るコマンドを表示します",
        "lint" => "コンフィグファイルを検査、または既知の割合を集計します",
        "replay" => "記録したセッション(--record)を再生、または検査します",
        "ports" => "シリアルポートを USB ベンダー・製品・シリアル番号とともに一覧します",
        "doctor" => "この PC で展開の妨げになるものと対処を示します",
        "demo" => "内蔵の模擬ルータで一連の流れを実演します",
        "status" => "結果不明または担当者の対応が必要なルータを一覧します",
        "history" => "ルータを変更した実行を一覧します",
        "show" => "ある実行の全記録を表示します",
        "resume" => "結果不明のルータを読み直し、変更を完了または取り消します",
        "journal" => "全実行の記録を検査・整理します",
        "router" => "ルータ",
        "run" => "実行",
        "head" => "以前の実行が表示した末尾ハッシュ。ジャーナルに残っていることを確認します",
        "lang" => "メッセージの言語: ja または en [既定: ロケール]",
        "format" => "結果の形式: text、json、または commands(diff 専用)[既定: text]",
        "state_dir" => "既知のホスト鍵と実行データのフォルダ [既定: ユーザの状態フォルダ]",
        "events" => "すべての出来事を JSON 行としてこのファイルに追記します",
        "verbose" => "標準エラーへの進捗を詳しくします。2 回でデバッグログ",
        "playbook" => "プレイブック",
        "inventory" => "インベントリ",
        "limit" => "対象の限定: ルータ名・拠点名・グループ・ワイルドカード・!除外 をカンマ区切りで",
        "from_backup" => {
            "機器に接続せずバックアップから計画します: 本ツールや RANCID、Oxidized などのフォルダ、またはファイル"
        }
        "undo" => "取り消しコマンドも表示します",
        "restore" => "ルータをバックアップの状態に戻します",
        "restart" => "再起動待ちの行があるルータを再起動し、復帰後に再度検証します",
        "from" => "バックアップ: フォルダ、ファイル(マスク済みは不可)、または実行(その保存時の状態)",
        "take_over" => "他者が使用中のコンフィグモードを強制的に取得します(確認あり、記録に残ります)",
        "adopt" => "未保存の変更があっても続行します(内容を表示し、今回の保存で確定します)",
        "set_secrets" => "ルータの値と比較できない秘密情報も入力します",
        "record_host_key" => "初めて接続するルータのホスト鍵を記録します(ベンチ用)",
        "record" => "すべてのセッションを DIR/<ルータ>-<n>.cast に記録します(秘密情報はマスク)",
        "plan_hash" => "保存した計画の SHA-256 がこの値(plan -o が表示し、承認されたもの)と異なれば拒否します",
        "source" => "プレイブック、または plan -o で保存した計画",
        "rehearse" => {
            "計画と取り消しを事前に入力して確かめる相手 (model または mock)[既定: model]。mock ではセッション経由で模擬ルータにも入力します"
        }
        "finish" => "計画の一部が反映されている場合、プレイブックの設定によらず残りを送信して保存します",
        "replaced" => "機器を交換した場合: 新しいホスト鍵を記録し、以前の鍵を削除します",
        "yes" => "確認の質問をしません",
        "serial_number" => "コンソールにつないだルータの製造番号(インベントリにない場合)",
        "phase" => "設置場所: bench または clinic [既定: clinic]。bench では clinic フェーズの確認を省きます",
        "mask" => "秘密情報を *** に置き換えます。復元には使えません",
        "file" => "対象のファイル。- は標準入力",
        "files" => "コンフィグファイル、またはそのフォルダ(複数可)。- は標準入力",
        "coverage" => {
            "検査の代わりに、行とコマンド種別を既知・種別のみ・未知に分けて集計し、次に定義すべきものを示します"
        }
        "speed" => "記録の時間に合わせて再生します。1 は記録どおり、4 は 4 倍速 [既定: 一度に表示]",
        "check_only" => "この版で未知のものだけを示します",
        "old" => "現在のコンフィグファイル(またはフォルダ)",
        "new" => "あるべきコンフィグファイル(またはフォルダ)",
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
    use clap::{Command, CommandFactory};

    #[test]
    fn every_help_text_exists_in_japanese() {
        fn look(command: &Command, path: &str) {
            assert!(text(path, "").is_some(), "command {path}");
            for arg in command.get_arguments() {
                assert!(text(path, arg.get_id().as_str()).is_some(), "{path} {}", arg.get_id());
            }
            for inner in command.get_subcommands() {
                let name = inner.get_name();
                look(inner, &if path == "ixdeploy" { name.to_owned() } else { format!("{path} {name}") });
            }
        }
        look(&Cli::command(), "ixdeploy");
    }
}
