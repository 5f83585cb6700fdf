//! ping, ping6 and traceroute: the scenario says which addresses answer.

use crate::grammar::Command;
use crate::grammar::rows::Verb;
use crate::router::Router;

/// The answer of a probe. Those of `ping` and `ping6` are attested, that of `traceroute` is invented.
pub fn probe(router: &Router, verb: Verb, command: &Command) -> Vec<String> {
    let words = &command.words;
    let at = if words.get(1).is_some_and(|word| word == "vrf") { 3 } else { 1 };
    let target = words.get(at).map(String::as_str).unwrap_or_default();
    let source = words.iter().skip_while(|word| *word != "source").nth(1);
    let own = router.spec.management_address.split('/').next().unwrap_or_default();
    let link_local = super::ipv6::link_local(router, &router.spec.management_interface);
    let own = if verb == Verb::Ping6 { link_local.as_str() } else { own };
    let source = source.map_or(own, String::as_str);
    let answers = router.spec.answers_ping.iter().any(|address| address == target)
        || (verb == Verb::Ping6 && super::ipv6::dns_answers(router, target));
    if verb == Verb::Traceroute {
        let hop =
            if answers { format!(" 1  {target}  1.000 ms  1.000 ms  1.000 ms") } else { " 1  *  *  *".to_owned() };
        return vec![format!("traceroute to {target}, 30 hops max"), hop];
    }
    let mut lines = vec![format!("PING {source} > {target} 56 data bytes")];
    if answers {
        let times = ["0.613", "0.930", "1.149", "0.996", "0.854"];
        let (colon, hops) = if verb == Verb::Ping6 { ("", "hlim") } else { (":", "ttl") };
        lines.extend(
            times
                .iter()
                .enumerate()
                .map(|(n, ms)| format!("64 bytes from {target}{colon} icmp_seq={n} {hops}=64 time={ms} ms")),
        );
    }
    lines.push(String::new());
    lines.push(format!("--- {target} ping statistics ---"));
    if answers {
        lines.push("5 packets transmitted, 5 packets received, 0% packet loss".to_owned());
        lines.push("round-trip (ms)  min/avg/max = 0.613/0.908/1.149".to_owned());
    } else {
        lines.push("5 packets transmitted, 0 packets received, 100% packet loss".to_owned());
    }
    lines
}
