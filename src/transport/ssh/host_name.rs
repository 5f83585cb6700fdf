//! The name of a host in the files of host keys.

/// The name of an entry: `host`, or `[host]:port` away from port 22.
pub(super) fn entry(host: &str, port: u16) -> String {
    if port == 22 { host.to_owned() } else { format!("[{host}]:{port}") }
}

/// Whether an entry of this name would mean one host and nothing else: no pattern, no list, no hash, no marker, and no second line.
pub fn is_host_name(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'%'))
}

#[cfg(test)]
mod tests {
    use super::is_host_name;

    #[test]
    fn only_the_name_of_one_host_is_written_into_the_file() {
        for name in ["router", "10.0.0.1", "gate_1.example", "fe80::1%eth0", "2001:db8::1"] {
            assert!(is_host_name(name), "{name}");
        }
        for name in
            ["", "*", "10.0.0.?", "!r1", "a,b", "a b", "a\tb", "r1\n*", "|1|x", "@revoked", "#r1", "[r1]", "ルータ"]
        {
            assert!(!is_host_name(name), "{name:?}");
        }
        assert!(!is_host_name(&"r".repeat(256)));
    }
}
