//! Connections over which a password goes in clear: the operator is warned before it does, once for each kind.

use super::operator::{Notice, Operator};
use crate::inventory::{Connection, Diagnostic, Router};
use crate::message::Text;

/// More names than these hide the point.
const NAMES: usize = 5;

/// Warns of the routers among these whose password anybody on the way can read.
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
    let said =
        [(telnet, "over telnet", "telnet では"), (consoles, "to a console server", "コンソールサーバへの接続では")];
    for (names, over, over_ja) in said.into_iter().filter(|(names, ..)| !names.is_empty()) {
        let (count, more) = (names.len(), if names.len() > NAMES { ", ..." } else { "" });
        let names = names.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
        let text = Text::new(
            format!(
                "{over} the password goes in clear, and everything else that is typed: {count} router(s): {names}{more}"
            ),
            format!("{over_ja}パスワードを含むすべての入力が暗号化されずに送られます: {count} 台: {names}{more}"),
        );
        let finding = Diagnostic::warning("connection.clear-text", text).hint(
            "use SSH, or reach the console server through an SSH tunnel or over a network of its own",
            "SSH を使用するか、コンソールサーバには SSH トンネルまたは専用のネットワークで接続してください",
        );
        operator.tell(&Notice::Finding(&finding));
    }
}
