//! `show flash`: only whether the SSH host key is there. Its table is attested in its columns alone.

/// Whether `show flash` lists the SSH host key, which appears as `SYSTEM-PRIVATE-KEY` (fact sheet 8).
pub fn has_host_key(flash: &str) -> bool {
    flash.contains("SYSTEM-PRIVATE-KEY")
}

#[cfg(test)]
mod tests {
    use super::has_host_key;

    #[test]
    fn the_host_key_is_found_by_its_name() {
        assert!(has_host_key("  [B] SYSTEM-PRIVATE-KEY"));
        assert!(!has_host_key("ix2215-ms-10.7.18.ldc"));
    }
}
