//! What `docs/platforms.md` says of building for other systems: what `packaging/cross` hands to Cargo. Real builds are in `.ci/full`.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::path;

/// A clone in a folder whose name has blanks, with programs in place of the compilers. Cargo's says what it was given, a line each.
fn clone() -> tempfile::TempDir {
    let place = tempfile::Builder::new().prefix("a home with blanks ").tempdir().unwrap();
    let folder = |name: &str| {
        let folder = place.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    };
    fs::copy(path("packaging/cross"), folder("a clone/packaging").join("cross")).unwrap();
    for target in ["x86_64-unknown-linux-musl", "x86_64-pc-windows-gnu"] {
        folder(&format!("sysroot/lib/rustlib/{target}/lib"));
    }
    let bin = folder("bin");
    let program = |name: &str, script: &str| {
        fs::write(bin.join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(bin.join(name), Permissions::from_mode(0o755)).unwrap();
    };
    program("musl-gcc", "");
    program("x86_64-w64-mingw32-gcc", "");
    program("rustc", "echo \"${0%/*}/../sysroot\"");
    let said = r#"echo "$*"; printf '%s' "$CARGO_ENCODED_RUSTFLAGS" | tr '\037' '\n'; echo; echo "$GNUMAKEFLAGS""#;
    program("cargo", said);
    place
}

/// What Cargo is given in this clone for a target.
fn given(place: &Path, target: &str) -> Vec<String> {
    let output = Command::new(place.join("a clone/packaging/cross"))
        .args([target, "build", "--release"])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", place.join("bin").display()))
        .env("HOME", place.join("home"))
        .env("CARGO_TARGET_DIR", place.join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_program_for_another_system_names_no_folder_of_its_machine_also_where_a_name_has_blanks() {
    let clone = clone();
    let place = clone.path().canonicalize().unwrap();
    for (target, ssl) in [("x86_64-unknown-linux-musl", "/usr/local/ssl"), ("x86_64-pc-windows-gnu", "none:")] {
        let renamed = |folder: &str, name: &str| format!("--remap-path-prefix={}={name}", place.join(folder).display());
        let expected = [
            format!("build --target {target} --locked --release"),
            renamed("home/.cargo", "cargo"),
            renamed("a clone", "ixdeploy"),
            renamed("target", "target"),
            // Where OpenSSL would look for its configuration and modules: nowhere that others may write to.
            format!("OPENSSLDIR={ssl} MODULESDIR={ssl}/ossl-modules ENGINESDIR={ssl}/engines-3"),
        ];
        assert_eq!(given(&place, target), expected);
    }
}
