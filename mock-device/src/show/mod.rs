//! The answers of the show commands. Attested forms are in `system` and `state`; what is invented is in `invented`.

mod invented;
mod ipv6;
mod probe;
mod state;
mod system;
mod terminals;

pub use invented::key_display;
pub use probe::probe;
pub use state::{logging, users};

use crate::grammar::Command;
use crate::grammar::rows::Show;
use crate::router::Router;

/// The answer of a show command, without the prompt.
pub fn lines(router: &mut Router, what: Show, command: &Command) -> Vec<String> {
    match what {
        Show::Running => system::running(router),
        Show::Startup => system::startup(router),
        Show::Version => system::version(router),
        Show::Hardware => system::hardware(router),
        Show::Clock => vec![router.clock.long()],
        Show::Uptime => vec![system::uptime(router)],
        Show::Flash => system::flash(router),
        Show::Logging => logging(router, None).unwrap_or_default(),
        Show::Interfaces => state::interfaces(router, command),
        Show::IpInterface => state::ip_interface(router, command),
        Show::IpAddress => state::ip_address(router, command),
        Show::Ipv6Address => ipv6::addresses(router, command),
        Show::Ipv6Neighbors => ipv6::neighbors(router, command),
        Show::Dhcp6Client => {
            let lines = ipv6::dhcp_client(router);
            router.looks = router.looks.saturating_add(1);
            lines
        }
        Show::Devices => state::devices(router),
        Show::Ntp => state::ntp(router),
        Show::IpRoute => state::ip_route(router),
        Show::Arp => terminals::arp(router),
        Show::NetMeister => vec!["NetMeister Client:".to_owned(), "  Result      : -".to_owned()],
        Show::Users => users(router, 0),
        Show::Terminal => Vec::new(),
        Show::Ipv6Interface => invented::ipv6_interface(router, command),
        Show::AccessList => invented::access_list(router, command),
        Show::Filter => invented::filter(router, command),
        Show::Lease => terminals::leases(router),
        Show::Dhcp => invented::dhcp_server(router),
        Show::ProxyDns => invented::proxy_dns(router),
        Show::UrlList => invented::url_list(router),
        Show::Vrf => invented::vrf(router),
        Show::Bridge => invented::bridge(router),
        Show::WatchGroup => invented::watch_group(router),
    }
}

/// The interfaces a command names: one, or all in printed order.
fn named<'a>(router: &'a Router, command: &Command) -> Vec<&'a crate::device::config::Block> {
    let wanted = command.words.iter().find(|word| word.contains('.') || word.starts_with("BVI"));
    let all = router.device.config.blocks.iter().filter(|block| block.header.starts_with("interface "));
    all.filter(|block| wanted.is_none_or(|name| block.name == *name)).collect()
}
