//! What was not as usual in a run, who accepted it, and why: from what was typed for the run, and from what was recorded of a router.

use super::Deviation;
use crate::message::Text;
use crate::record::{FirstUseRecord, HostKeyProof, Kind, LineRecord, Policy, ProvenHostKey, Unverified};

/// What the whole run was allowed, as it was typed.
pub(super) fn of_run(policy: &Policy, who: &str) -> Vec<Deviation> {
    let deviation = |what: Text, reason: Option<&String>| Deviation {
        what,
        accepted_by: Some(who.to_owned()),
        reason: reason.cloned(),
    };
    let mut found = Vec::new();
    let mut add = |is: bool, en: &str, ja: &str, reason: Option<&String>| {
        if is {
            found.push(deviation(Text::new(en, ja), reason));
        }
    };
    let outside = policy.outside_windows.as_ref();
    add(
        outside.is_some(),
        "changes outside the site's windows were allowed (--outside-windows)",
        "変更時間帯の外での変更を許可(--outside-windows)",
        outside,
    );
    let pending = policy.line_pending.as_ref();
    add(
        pending.is_some(),
        "the clinic's line was not open yet (--line-pending)",
        "医院の回線は未開通(--line-pending)",
        pending,
    );
    add(
        policy.on_bench,
        "on a bench: checks of phase `clinic` were not run (--phase bench)",
        "ベンチ作業: clinic フェーズの確認は未実施(--phase bench)",
        None,
    );
    add(
        policy.adopt,
        "unsaved changes of others could become permanent (--adopt)",
        "他者の未保存の変更の確定を許可(--adopt)",
        None,
    );
    add(
        policy.set_secrets,
        "entering secrets that cannot be compared was allowed (--set-secrets)",
        "比較できない秘密情報の入力を許可(--set-secrets)",
        None,
    );
    add(policy.replaced, "another box in the old one's place (--replaced)", "機器交換として実行(--replaced)", None);
    found
}

/// What a record says that was not as usual; nothing for most.
pub(super) fn of_record(kind: &Kind, who: &str) -> Option<Deviation> {
    let accepted =
        |what: Text, reason: Option<String>| Some(Deviation { what, accepted_by: Some(who.to_owned()), reason });
    let unasked = |what: Text, reason: Option<String>| Some(Deviation { what, accepted_by: None, reason });
    match kind {
        Kind::TookOver => accepted(
            Text::new(
                "config mode was taken from its holder (--take-over)",
                "コンフィグモードを強制的に取得(--take-over)",
            ),
            None,
        ),
        Kind::Unverified { checks, reason } => unverified(checks, &Unverified::recorded(reason), who),
        Kind::ForeignStays { lines } => unasked(
            Text::new("lines of someone else stay on the router", "ほかの人の行がルータに残っています"),
            Some(lines.join("; ")),
        ),
        Kind::RouterMade { lines, .. } => unasked(
            Text::new("the router entered or removed lines by itself", "ルータ自身が行を追加・削除"),
            Some(lines.join("; ")),
        ),
        Kind::LineSeen(line) | Kind::Probed(line) if !line.misfits.is_empty() => unasked(misfits_of(line), None),
        Kind::NotSealed { name, why } => unasked(
            Text::new(format!("`{name}` was not kept"), format!("「{name}」は保管されていません")),
            Some(why.clone()),
        ),
        Kind::Pruned { name } => unasked(
            Text::new(format!("`{name}` was deleted since"), format!("「{name}」は保管期限により削除済み")),
            None,
        ),
        Kind::Abandoned => accepted(
            Text::new("the program was stopped in the middle of the work", "作業の途中でプログラムを中断"),
            None,
        ),
        Kind::Connected(connection) => host_key(connection.host_key.as_ref()?, who),
        _ => None,
    }
}

/// A host key that nothing had proven when it was accepted, in this run or by an earlier command.
fn host_key(key: &ProvenHostKey, who: &str) -> Option<Deviation> {
    let accepted = |what: Text, by: &str| Some(Deviation { what, accepted_by: Some(by.to_owned()), reason: None });
    match (key.proof, &key.first_use) {
        (HostKeyProof::FirstUse, _) => accepted(
            Text::new(
                "nothing proved the host key: it was recorded as it was first seen (--record-host-key)",
                "ホスト鍵は未確認: 初回接続時の鍵を記録(--record-host-key)",
            ),
            who,
        ),
        (HostKeyProof::Replaced, _) => accepted(
            Text::new(
                "nothing proved the host key: it was recorded in place of the old box's (--replaced)",
                "ホスト鍵は未確認: 機器交換として新しい鍵を記録(--replaced)",
            ),
            who,
        ),
        (HostKeyProof::KnownHosts, Some(FirstUseRecord { at, by })) => accepted(
            Text::new(
                format!(
                    "the host key {} is known since {at}, when an earlier command recorded it as it was first seen (--record-host-key); nothing has proven it since",
                    key.fingerprint
                ),
                format!(
                    "ホスト鍵 {} は {at} に以前のコマンドが初回接続時の鍵として記録(--record-host-key)。その後の確認の記録なし",
                    key.fingerprint
                ),
            ),
            by,
        ),
        (HostKeyProof::Pinned | HostKeyProof::KnownHosts | HostKeyProof::Enrolled, _) => None,
    }
}

/// The access line, and what does not fit.
fn misfits_of(line: &LineRecord) -> Text {
    let (en, ja): (Vec<&str>, Vec<&str>) = line.misfits.iter().map(|text| (text.en.as_str(), text.ja.as_str())).unzip();
    Text::new(
        format!("the access line does not fit ({}): {}", line.seems.en, en.join("; ")),
        format!("回線が設定と合いません({}): {}", line.seems.ja, ja.join("。")),
    )
}

/// It was saved without all of it being proven. Only where a person was asked did one accept it.
fn unverified(checks: &[String], why: &Unverified, who: &str) -> Option<Deviation> {
    let names = checks.join(", ");
    let (what, accepted_by, reason) = match why {
        Unverified::Person(reason) => (
            Text::new(
                format!("saved although required checks failed: {names}"),
                format!("必須の確認が NG のまま保存: {names}"),
            ),
            Some(who.to_owned()),
            Some(reason.clone()),
        ),
        Unverified::LinePending(reason) => (
            Text::new(
                format!("saved, and what needs the clinic's line is not proven: {names}"),
                format!("保存済み、回線が必要な確認は未完了: {names}"),
            ),
            Some(who.to_owned()),
            Some(reason.clone()),
        ),
        Unverified::StartupNotShown => (
            Text::new(
                "the save is the router's word alone: it shows no startup configuration",
                "保存はルータの応答のみ(startup-config を表示しない)",
            ),
            None,
            None,
        ),
        Unverified::FailedBefore => (
            Text::new(
                format!("required checks fail as they did before the change: {names}"),
                format!("必須の確認が変更前と同じく NG: {names}"),
            ),
            None,
            None,
        ),
        Unverified::FailedLater => (
            Text::new(
                format!("checks failed when they were repeated after the save: {names}"),
                format!("保存後に再実行した確認が NG: {names}"),
            ),
            None,
            None,
        ),
        Unverified::ChecksLeftOut => (
            Text::new(
                format!("restarted, and not checked since, at a request to stop: {names}"),
                format!("再起動後の確認が未実施(中断の要求による): {names}"),
            ),
            None,
            None,
        ),
    };
    Some(Deviation { what, accepted_by, reason })
}
