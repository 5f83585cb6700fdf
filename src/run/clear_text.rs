//! Connections over which a password goes in clear: the operator is warned before it does, once for each kind.

use super::operator::{Notice, Operator};
use crate::inventory::{Connection, Diagnostic, Router};
use crate::message::{CodeEntry, Explain, Wording};

/// More names than these hide the point.
const NAMES: usize = 5;

/// Warns of the routers among these whose password anyone on the way can read.
pub fn warn_of_clear_text<'a>(operator: &dyn Operator, routers: impl Iterator<Item = &'a Router>) {
    let (mut telnet, mut consoles): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for router in routers {
        for way in std::iter::once(&router.connection).chain(&router.second_way) {
            let name = router.name.value.as_str();
            match way {
                Connection::Telnet(telnet_way) if telnet_way.login.is_some() => telnet.push(name),
                Connection::ConsoleServer(server) if server.login.is_some() => consoles.push(name),
                _ => {}
            }
        }
    }
    for (names, over) in [(telnet, Over::Telnet), (consoles, Over::ConsoleServer)] {
        if !names.is_empty() {
            operator.tell(&Notice::Finding(&Diagnostic::warning(&ClearText::of(over, &names))));
        }
    }
}

/// The kind of way whose password can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Telnet,
    ConsoleServer,
}

/// The codes of this finding.
pub(super) const CODES: &[CodeEntry] = ClearText::CODES;

/// For a way on which everything can be read.
const USE_SSH: Wording = Wording::new(
    "use SSH, or reach the console server through an SSH tunnel or over a network of its own",
    "SSH を使用するか、コンソールサーバには SSH トンネルまたは専用のネットワークで接続してください",
);

/// Routers whose password goes over the network as it is.
#[derive(Debug, Explain)]
#[explain(
    when = *over == Over::Telnet,
    code = "connection.clear-text",
    en = "over telnet the password goes in clear, and everything else that is typed: {count} router(s): {names}",
    ja = "telnet ではパスワードを含むすべての入力が暗号化されずに送られます: {count} 台: {names}",
    hint(shared = USE_SSH),
    note(
        en = "a warning of `check` and `plan`, once for each kind of way",
        ja = "`check` と `plan` の警告で、接続の種類ごとに 1 回表示されます"
    )
)]
#[explain(
    code = "connection.clear-text",
    en = "to a console server the password goes in clear, and everything else that is typed: {count} router(s): {names}",
    ja = "コンソールサーバへの接続ではパスワードを含むすべての入力が暗号化されずに送られます: {count} 台: {names}",
    hint(shared = USE_SSH)
)]
struct ClearText {
    over: Over,
    count: usize,
    names: String,
}

impl ClearText {
    fn of(over: Over, names: &[&str]) -> Self {
        let more = if names.len() > NAMES { ", ..." } else { "" };
        let shown = names.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
        Self { over, count: names.len(), names: shown + more }
    }
}
