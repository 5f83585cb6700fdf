//! Why a router counts as saved although not all of it is proven, in words: the same at the end of the run and in its history.

use crate::message::Text;
use crate::record::Unverified;

/// The words.
pub fn unverified(why: &Unverified) -> Text {
    match why {
        Unverified::Person(reason) => Text::new(
            format!("saved, unverified: a required check failed, and the operator said why it is kept: {reason}"),
            format!("未確認のまま保存: 必須の確認が NG。担当者の理由: {reason}"),
        ),
        Unverified::StartupNotShown => Text::new(
            "saved, unverified: the router says that it saved, and does not show what",
            "未確認のまま保存: ルータは保存したと応答しましたが、保存内容を表示できません",
        ),
        Unverified::FailedBefore => Text::new(
            "saved, unverified: a required check fails as it did before the change, which touched nothing that it looks at",
            "未確認のまま保存: 必須の確認が、変更前と同じく NG です(今回の変更箇所とは無関係)",
        ),
        Unverified::LinePending(reason) => Text::new(
            format!("saved, line not proven: {reason}. Once it is open: `ixdeploy verify`"),
            format!("保存済み、回線は未確認: {reason}。開通後に ixdeploy verify を実行してください"),
        ),
        Unverified::FailedLater => Text::new(
            "saved, and did not pass its checks when they were run again afterwards",
            "保存済みですが、その後に再実行した確認を通過しませんでした",
        ),
        Unverified::ChecksLeftOut => Text::new(
            "saved and restarted, unverified: a request to stop came before its checks. Run `ixdeploy verify`",
            "保存・再起動済み、未確認: 中断の要求により、再起動後の確認を実行していません。ixdeploy verify を実行してください",
        ),
    }
}
