//! What is hidden of single lines, and what is not.

use super::announce::{AnnounceScope, announces, may_announce};
use super::heads::may_be_secret;
use super::{comparable, mask_line, mask_text};
use crate::dialect::Dialect;

#[test]
fn the_quick_filter_never_excludes_a_secret_command() {
    for row in Dialect::ix().grammar().rows().iter().filter(|row| row.secret.is_some()) {
        let line = row.pattern.fixed_words().join(" ");
        assert!(may_announce(&line) || may_be_secret(&line), "{}", row.id);
    }
}

#[test]
fn secret_lines_are_compared_in_every_form() {
    let typed = comparable("username a password plain 1 <secret:x> administrator");
    assert_eq!(typed, comparable("username a password hash 0ad1@ administrator"));
    assert_ne!(typed, comparable("username a password hash 0ad1@ monitor"));
    assert_ne!(typed, comparable("username b password hash 0ad1@ administrator"));
    assert_eq!(comparable("authentication password me@isp x"), comparable("authentication password me@isp y"));
    assert_eq!(comparable("ip address 192.0.2.1/24"), "ip address 192.0.2.1/24");
}

#[test]
fn secrets_do_not_show() {
    let mut wrong = Vec::new();
    for (line, expected) in [
        (
            "username admin password plain 1 CANARY administrator",
            "username admin password plain 1 ******** administrator",
        ),
        ("username admin password hash CANARY@ administrator", "username admin password hash ******** administrator"),
        (
            "username admin password plain <secret:admin> administrator",
            "username admin password plain <secret:admin> administrator",
        ),
        ("  authentication password me@isp CANARY", "  authentication password me@isp ********"),
        ("ike policy p peer any key CANARY prop", "ike policy p peer any key ******** prop"),
        ("nm account group password plain CANARY", "nm account group password plain ********"),
        ("http-server username admin secret-password CANARY", "http-server username admin secret-password ********"),
        (
            "ikev2 authentication psk id ipv4 1.2.3.4 key char CANARY",
            "ikev2 authentication psk id ipv4 1.2.3.4 key char ********",
        ),
        ("ike policy p peer any key char CANARY prop", "ike policy p peer any key char ******** prop"),
        ("ike policy p peer any key hex CANARY", "ike policy p peer any key hex ********"),
        (
            "http-server username admin secret-password CANARY extra",
            "http-server username admin secret-password ******** ********",
        ),
        ("username b pass plain 1 CANARY administrator", "username b pass ******** ******** ******** ********"),
        ("user b pa pl CANARY extra", "user b ******** ******** ******** ********"),
        ("no user b pa hash CANARY", "no user b ******** ******** ********"),
        ("ike pol p peer any k CANARY", "ike pol p peer any k ********"),
        ("  auth pass me@isp CANARY", "  auth ******** ******** ********"),
        ("crypto isakmp pre-shared-key CANARY", "crypto isakmp pre-shared-key ********"),
        ("ntp authentication-key 1 CANARY", "ntp authentication-key ******** ********"),
        ("ppp chap-password CANARY", "ppp chap-password ********"),
        ("snmp-agent community-string CANARY", "snmp-agent community-string ********"),
        ("snmp-agent comm CANARY", "snmp-agent comm ********"),
        ("radius PASSWD CANARY", "radius PASSWD ********"),
        ("wifi MyPsk CANARY", "wifi MyPsk ********"),
        ("flux <secret:x> administrator", "flux <secret:x> administrator"),
        ("description the passwords are CANARY", "description the passwords ******** ********"),
        ("ip access-list my-secret permit ip src any dest any", "ip access-list my-secret permit ip src any dest any"),
        ("keyboard layout monkey jp", "keyboard layout monkey jp"),
        ("frobnicate Password CANARY CANARY", "frobnicate Password ******** ********"),
        ("snmp-agent ip community CANARY ro", "snmp-agent ip community ******** ro"),
        ("snmp-agent ip host 192.0.2.1 CANARY version 2", "snmp-agent ip host 192.0.2.1 ******** version 2"),
        ("snmp-agent ip ho 192.0.2.1 CANARY", "snmp-agent ip ho 192.0.2.1 ********"),
        ("snmp-agent vrf v ipv6 host ::1 CANARY", "snmp-agent vrf v ipv6 host ::1 ********"),
        ("snmpv3 user u g auth sha plain CANARY", "snmpv3 user u g auth ******** ******** ********"),
        (
            "ike policy p peer any key CANARY mode aggressive prop",
            "ike policy p peer any key ******** mode aggressive prop",
        ),
        (
            "ipsec manualkey m esp aes CANARY sha1 CANARY",
            "ipsec manualkey m ******** ******** ******** ******** ********",
        ),
        ("  vrrp 1 authentication CANARY", "  vrrp 1 authentication ********"),
        ("  ip rip authentication text CANARY", "  ip rip authentication text ********"),
        ("  mobile pin-code plain CANARY", "  mobile pin-code ******** ********"),
        ("  ip rip version 2", "  ip rip version 2"),
        ("ikev2 authentication psk id any key CANARY", "ikev2 authentication psk id any key ********"),
        ("tacacs key CANARY", "tacacs key ********"),
        ("no username admin password hash CANARY", "no username admin password hash ********"),
        ("description office", "description office"),
        ("ip address 192.168.1.1/24", "ip address 192.168.1.1/24"),
        // The word where the value is looked for may only be its form.
        ("ike policy p peer any key secret CANARY prop", "ike policy p peer any key ******** ******** prop"),
        ("ike policy p peer any key hash CANARY prop", "ike policy p peer any key ******** ******** prop"),
        ("ike policy p peer any key 1 CANARY prop", "ike policy p peer any key ******** ******** prop"),
        ("ike policy p peer any key plain 1 CANARY prop", "ike policy p peer any key ******** ******** ******** prop"),
        ("no ike policy p peer any key hash CANARY prop", "no ike policy p peer any key ******** ******** prop"),
        ("ike policy p peer any key hash <secret:x> prop", "ike policy p peer any key ******** <secret:x> prop"),
        // Before a word that the command lists it is the value, however it is spelled.
        (
            "username admin password plain 1 secret administrator",
            "username admin password plain 1 ******** administrator",
        ),
        ("username admin password hash 1 monitor", "username admin password hash ******** monitor"),
        ("snmp-agent ip community plain CANARY ro", "snmp-agent ip community ******** ******** ro"),
        ("tunnel user v6pv user CANARY", "tunnel user ******** ******** ********"),
        (
            "ipsec manualkey-policy m inbound esp 256 CANARY",
            "ipsec manualkey-policy m ******** ******** ******** ********",
        ),
        ("  neighbor 192.0.2.1 key CANARY", "  neighbor 192.0.2.1 key ********"),
        ("  neighbor 192.0.2.1 auth md5 CANARY", "  neighbor 192.0.2.1 auth ******** ********"),
        ("ddns query a=CANARY", "ddns query ********"),
        ("ddns notify a CANARY", "ddns notify ******** ********"),
        ("flux api-token CANARY", "flux api-token ********"),
        ("flux apikey CANARY", "flux apikey ********"),
        ("flux AuthToken=CANARY", "flux AuthToken=********"),
        ("api-token CANARY", "api-token ********"),
        ("  neighbor 192.0.2.1 update-source Loopback0.0", "  neighbor 192.0.2.1 update-source Loopback0.0"),
        ("  neighbor 192.0.2.1 send-community", "  neighbor 192.0.2.1 send-community"),
        ("nm ddns notify interface X protocol ip", "nm ddns notify interface X protocol ip"),
        // Hidden although unknown: in quotes, cut short, in their own word, after a prompt.
        ("ike policy p peer any key \"CANARY CANARY\" prop", "ike policy p peer any key ******** prop"),
        ("ike policy p peer any key \"CANARY CANARY prop", "ike policy p peer any key ******** ******** ********"),
        ("flux pas CANARY", "flux pas ********"),
        ("flux sec CANARY 5", "flux sec ******** ********"),
        ("flux aut CANARY", "flux aut ********"),
        ("flux x k CANARY", "flux x k ********"),
        ("flux x ke CANARY", "flux x ke ********"),
        ("flux x k of 7", "flux x k of 7"),
        ("flux Password=CANARY on", "flux Password=******** ********"),
        ("flux key:CANARY", "flux key:********"),
        ("flux password\u{a0}CANARY", "flux password\u{a0}********"),
        ("flux \"the password CANARY CANARY\" on", "flux \"the password ******** ********"),
        ("flux <secret:x> password <secret:y>", "flux <secret:x> password <secret:y>"),
        ("r1(config)# query CANARY", "r1(config)# query ********"),
        ("r1(config-USB0)#   pin-code CANARY device", "r1(config-USB0)#   pin-code ******** ********"),
        ("NO FLUX SECRET CANARY", "NO FLUX SECRET ********"),
        ("flux authentication mode md5", "flux authentication mode md5"),
        ("flux authentication md5 CANARY", "flux authentication ******** ********"),
        ("flux http://u:CANARY@h/a on", "flux http://********@h/a on"),
        ("flux \"http://u:CANARY CANARY@h/a\" on", "flux \"http://********@h/a\" on"),
        ("flux http://h/?password=CANARY on", "flux http://h/?******** ********"),
        ("  o arb CANARY", "  o arb ********"),
        // Known, or only alike: shown.
        ("  tunnel key 456", "  tunnel key 456"),
        ("no tunnel key 456", "no tunnel key 456"),
        ("flux hash key src", "flux hash key src"),
        ("  set community 65000:1 additive", "  set community 65000:1 additive"),
        ("  match community 100", "  match community 100"),
        ("snmpv3 no-password enable", "snmpv3 no-password enable"),
        ("utm license key netmeister", "utm license key netmeister"),
        (
            "ikev2 peer 192.0.2.1 authentication psk id ipv4 192.0.2.1",
            "ikev2 peer 192.0.2.1 authentication psk id ipv4 192.0.2.1",
        ),
        ("local-authentication id keyid ROUTER1", "local-authentication id keyid ROUTER1"),
        ("flux prefix access comment kernel list accept", "flux prefix access comment kernel list accept"),
        ("ip community-list 1 permit 65000:1", "ip community-list 1 permit 65000:1"),
        ("  o password-changed admin", "  o password-changed admin"),
    ] {
        if mask_line(line) != expected {
            wrong.push(format!("{}\n{expected}", mask_line(line)));
        }
        if mask_line(expected) != expected {
            wrong.push(format!("{}\n{expected} (masked once more)", mask_line(expected)));
        }
    }
    assert!(wrong.is_empty(), "found, and expected:\n{}", wrong.join("\n"));
    let text = "hostname a\r\nppp profile p\r\n  authentication password x CANARY\r\n";
    assert_eq!(mask_text(text), "hostname a\r\nppp profile p\r\n  authentication password x ********\r\n");
}

/// The quick filter is applied to every line of a plan: it may say yes too often, but never no where the slow check
/// hides something.
#[test]
fn the_quick_filter_never_excludes_a_word_that_announces_a_secret() {
    let words = ["password", "passwd", "passphrase", "passcode", "passkey", "secret", "psk", "community", "credential"];
    let whole =
        ["account", "authentication", "token", "license", "licence", "pin", "puk", "key", "keys", "pre-shared-key"];
    // Nothing shorter is taken for these.
    let whole_only = ["pre", "passc", "passco", "passcod", "passk", "passke", "passwd"];
    for word in words.iter().chain(&whole) {
        for length in 3..=word.len() {
            let cut = word.get(..length).unwrap_or_default();
            for form in [cut.to_owned(), cut.to_uppercase(), format!("x-{cut}"), format!("{cut}-x"), format!("x{cut}")]
            {
                for line in [format!("flux {form} CANARY"), format!("flux {form}=CANARY")] {
                    let slow = (0..2).any(|at| {
                        let split: Vec<&str> = line.split(' ').collect();
                        split.get(at).is_some_and(|word| {
                            announces(word, split.get(at + 1..).unwrap_or_default(), AnnounceScope::Any).is_some()
                        })
                    });
                    assert!(!slow || may_announce(&line), "{line}");
                    assert!(!slow || !mask_line(&line).contains("CANARY"), "{line}");
                }
            }
            assert!(length < word.len() || !mask_line(&format!("flux {word} CANARY")).contains("CANARY"), "{word}");
            assert!(
                !mask_line(&format!("flux {cut} CANARY")).contains("CANARY")
                    || cut.ends_with('-')
                    || whole_only.contains(&cut),
                "{cut}"
            );
        }
    }
}

/// No word is looked at once for every other: that would take hours here.
#[test]
fn masking_is_linear_in_the_length_of_a_line() {
    for piece in ["pas ", "a@", "\"", "key=", "%3a%2f", "http://a:b@", "x-", "secret", "psk id "] {
        let line = format!("flux {}", piece.repeat(200_000 / piece.len()));
        let started = std::time::Instant::now();
        let _ = mask_line(&line);
        assert!(started.elapsed().as_secs() < 20, "{piece}: {:?}", started.elapsed());
    }
}
