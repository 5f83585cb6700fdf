//! `--version`: what someone who reports a fault has to name, and what decides whether an IX can be reached.

use std::fmt::Write as _;

use crate::message::Lang;
use crate::transport::ssh;

/// Whether mock routers are built in.
#[cfg(feature = "mock")]
const HAS_MOCK: bool = true;
#[cfg(not(feature = "mock"))]
const HAS_MOCK: bool = false;

/// The version, the commit, what it is built for, whether mock routers are in it, and the SSH algorithms.
pub fn long(lang: Lang) -> String {
    let commit = option_env!("IXDEPLOY_BUILT_FROM").unwrap_or(lang.pick("unknown", "不明"));
    let mock = if HAS_MOCK { lang.pick("built in", "あり") } else { lang.pick("not built in", "なし") };
    let mut out = format!("ixdeploy {}\n", env!("CARGO_PKG_VERSION"));
    let lines = [
        (lang.pick("commit", "コミット"), commit),
        (lang.pick("target", "ターゲット"), env!("IXDEPLOY_TARGET")),
        (lang.pick("mock routers", "模擬ルータ"), mock),
    ];
    for (name, value) in lines {
        let _ = writeln!(out, "{name}: {value}");
    }
    let _ = match ssh::supported_algorithms() {
        Ok(groups) => {
            groups.iter().try_for_each(|group| writeln!(out, "SSH {}: {}", group.kind, group.names.join(",")))
        }
        Err(error) => writeln!(out, "SSH: {}", crate::message::Explain::text(&error).get(lang)),
    };
    out
}

#[cfg(test)]
mod tests {
    use super::long;
    use crate::message::Lang;

    #[test]
    fn it_names_the_target_the_mock_routers_and_the_algorithm_that_an_ix_needs() {
        for lang in [Lang::En, Lang::Ja] {
            let said = long(lang);
            assert!(said.starts_with(&format!("ixdeploy {}\n", env!("CARGO_PKG_VERSION"))), "{said}");
            assert!(said.contains(env!("IXDEPLOY_TARGET")) && said.contains("ssh-rsa"), "{said}");
        }
    }
}
