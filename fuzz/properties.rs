//! What holds for any bytes whatever. The fuzz targets and the test `language` run the same functions.
//!
//! Each takes one input and panics where something does not hold.

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::mask::{MASK, mask_line, mask_text};
use ixdeploy::ix::{Config, line};
use ixdeploy::plan::{self, Lifeline, rehearsal::Router};

/// Reading keeps every byte of what it does not understand, and makes no line that was not there.
pub fn parse(bytes: &[u8]) {
    let text = line::to_text(bytes);
    assert_eq!(line::to_bytes(&text), bytes, "no byte is lost");
    let lines: Vec<&str> = text.lines().collect();
    let config = Config::parse(Dialect::ix(), line::to_text(bytes));
    assert!(config.len() <= lines.len(), "no line is invented");
    for (number, unknown) in config.unrecognised() {
        let source = lines[number as usize - 1].trim_matches([' ', '\t', '\r']);
        assert_eq!(unknown, source, "what is not understood is kept as it stands");
    }
}

/// The canonical text reads back as what was printed, and where every line is known it needs no indentation.
pub fn print(bytes: &[u8]) {
    let config = Config::parse(Dialect::ix(), line::to_text(bytes));
    let printed = config.print_bytes();
    let again = Config::parse(Dialect::ix(), line::to_text(&printed));
    assert_eq!(again.print_bytes(), printed, "printing what was printed changes nothing");
    assert_eq!(again, config.sorted(), "what was printed reads back the same");
    if config.unrecognised().is_empty() {
        let flat: String = config.print().lines().map(|line| line.trim_start().to_owned() + "\n").collect();
        assert_eq!(Config::parse(Dialect::ix(), &flat), again, "without indentation");
    }
}

/// Any two texts, divided at a NUL or in the middle of a case file: there is a plan or an error that names its lines, the undo can
/// be typed, the model of the router survives both, and a text does not differ from itself.
pub fn diff(bytes: &[u8]) {
    let (old, text) = divided(bytes);
    let [old, text] = [old, text].map(line::to_text);
    let (old, new) = (Config::parse(Dialect::ix(), old), Config::parse(Dialect::ix(), &text));
    assert_eq!(Config::parse_reusing(&old, &text), new, "reading beside another is reading");
    for (from, to) in [(&old, &new), (&new, &old)] {
        let Ok(plan) = plan::between(from, to, &Lifeline::Unknown, 4096) else { continue };
        let undo = plan.undo(plan.commands.len());
        let mut router = Router::new(from);
        for command in plan.commands.iter().chain(&undo) {
            assert!(!command.text.bytes().any(|byte| byte.is_ascii_control()), "no key is ever typed");
            let _ = router.enter(command);
        }
        assert!(plan.to_json().is_ok(), "a plan can be kept");
    }
    if let Ok(plan) = plan::between(&old, &old, &Lifeline::Unknown, 4096) {
        assert!(plan.is_empty(), "no difference with itself: {}", plan.commands_text(true));
    }
}

fn divided(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mark = b"\nafter: |\n".as_slice();
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return (&bytes[..at], &bytes[at + 1..]);
    }
    match bytes.windows(mark.len()).position(|window| window == mark) {
        Some(at) => (&bytes[..at], &bytes[at + mark.len()..]),
        None => (bytes, b""),
    }
}

/// A line for each command that holds a secret; `{}` is the secret.
pub const SECRETS: [(&str, &str); 41] = [
    ("global", "username admin password plain 1 {} administrator"),
    ("global", "username admin password hash {} administrator"),
    ("global", "username admin password plain {}"),
    ("global", "ike policy p peer any key {} proposal"),
    ("global", "ikev2 authentication psk id ipv4 192.0.2.1 key char {}"),
    ("global", "http-server username admin secret-password {}"),
    ("global", "nm account group password plain {}"),
    ("global", "nm account group password secret {}"),
    ("global", "snmp-agent ip community {} ro"),
    ("global", "snmp-agent ipv6 community {}"),
    ("global", "ikev2 authentication psk id any key char {}"),
    ("global", "ipsec manualkey m esp aes {} sha1 {}"),
    ("interface", "vrrp 1 authentication {}"),
    ("interface", "ip rip authentication text {}"),
    ("interface", "ip ospf authentication-key {}"),
    ("interface", "ip ospf message-digest-key 1 md5 {}"),
    ("interface", "ip ospf message-digest 1 {}"),
    ("router-ospf", "area 0 virtual-link 192.0.2.9 authentication authentication-key {}"),
    ("router-ospf", "area 0 virtual-link 192.0.2.9 authentication message-digest message-digest-key 1 {}"),
    ("interface", "mobile pin plain {}"),
    ("interface", "mobile pin-auth enable {}"),
    ("interface", "mobile pin-code plain {}"),
    ("interface", "mobile puk {} {}"),
    ("global", "snmp-agent ip host 192.0.2.1 {} version 2"),
    ("global", "snmp-agent ipv6 host 2001:db8::1 {}"),
    ("global", "snmp-agent ip trap {} vrrp"),
    ("global", "snmp-agent vrf blue ip community {}"),
    ("global", "snmp-agent vrf blue ipv6 host ::1 {}"),
    ("global", "snmpv3 user user group auth sha plain {} priv aes secret {}"),
    ("ppp-profile", "  authentication password id@example {}"),
    ("ppp-profile", "  authentication secret-password id@example {}"),
    ("global", "utm license update {}"),
    ("device", "pin-auth {} {}"),
    ("device", "pin-authentication {}"),
    ("device", "pin-code {} device"),
    ("device", "pin-unlock {} {}"),
    ("ddns-profile", "query {}"),
    ("router-bgp", "neighbor 192.0.2.1 password {}"),
    ("web-console", "o arbitrary {} {}"),
    ("", "frobnicate password {}"),
    ("", "frobnicate the key {} {}"),
];

/// Masking keeps every line and changes nothing twice; whatever the secret is made of, it shows nowhere.
pub fn mask(bytes: &[u8]) {
    let text = line::to_text(bytes);
    let masked = mask_text(&text);
    assert_eq!(masked.lines().count(), text.lines().count(), "every line is still there");
    assert_eq!(mask_text(&masked), masked, "what is masked stays masked");
    let secret: String =
        text.chars().filter(|character| !character.is_whitespace() && *character != '<').take(24).collect();
    for (mode, form) in SECRETS {
        // A secret that is a word of its command, or looks like the mask, says nothing where it shows.
        if secret.chars().count() < 6 || form.contains(&secret) || MASK.contains(&secret) {
            continue;
        }
        let line = form.replace("{}", &secret);
        assert!(!mask_line(&line).contains(&secret), "{}", mask_line(&line));
        let header = if mode == "ppp-profile" { "ppp profile p\n" } else { "" };
        let config = format!("{header}{line}\n");
        assert!(!mask_text(&config).contains(&secret), "{}", mask_text(&config));
        let (empty, full) = (Config::empty(Dialect::ix()), Config::parse(Dialect::ix(), &config));
        for (from, to) in [(&empty, &full), (&full, &empty)] {
            let Ok(plan) = plan::between(from, to, &Lifeline::Console, 4096) else { continue };
            let shown =
                [plan.to_json().unwrap_or_default(), plan.diff().to_owned(), plan.commands_text(false)].concat();
            assert!(!shown.contains(&secret), "{shown}");
        }
    }
}
