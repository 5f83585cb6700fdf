#!/usr/bin/env bash
# Compiles ixdeploy for Windows on a Debian machine, and runs with Wine what Wine can run. docs/platforms.md says what that proves.
#
#   apt-get install --no-install-recommends rustc-web cargo-web rust-web-src gcc-mingw-w64-x86-64-win32 wine64 perl make
#   bash tests/platforms/windows.sh            # build, compile the tests, run
#   bash tests/platforms/windows.sh build      # without Wine
#
# Debian has no Rust standard library for Windows, so it is compiled from its sources. RUSTC_BOOTSTRAP=1 lets the stable compiler do that;
# the program itself uses nothing unstable. The first build takes long: the standard library, OpenSSL and SQLite are all compiled.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=x86_64-pc-windows-gnu
# A compiler with its library's sources beside it: Debian's, wherever another one stands first.
export RUSTC="${RUSTC:-/usr/bin/rustc}" RUSTC_BOOTSTRAP=1
cargo="${CARGO:-/usr/bin/cargo}"
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/windows}"
unset RUSTUP_TOOLCHAIN

step() { printf '\n== %s\n' "$*"; }
missing() { echo "$1 is missing: $2" >&2; exit 1; }

[ -x "$RUSTC" ] || missing "$RUSTC" "apt-get install rustc-web"
[ -x "$cargo" ] || missing "$cargo" "apt-get install cargo-web"
[ -d "$("$RUSTC" --print sysroot)/lib/rustlib/src/rust/library/std" ] || missing "the standard library's source" "apt-get install rust-web-src"
command -v x86_64-w64-mingw32-gcc >/dev/null || missing "the C compiler for Windows" "apt-get install gcc-mingw-w64-x86-64-win32"

build() { "$cargo" "$@" --locked -Z build-std=std,panic_abort --target "$target"; }

step "compile the program, without a warning"
mkdir -p "$CARGO_TARGET_DIR"
build build 2>&1 | tee "$CARGO_TARGET_DIR/windows.log"
if grep -q '^warning' "$CARGO_TARGET_DIR/windows.log"; then
  echo "the program for Windows compiles with warnings" >&2
  exit 1
fi

step "compile the unit tests"
build test --no-run --lib 2>&1 | tee "$CARGO_TARGET_DIR/windows.log"
tests="$(sed -n 's/^ *Executable .*(\(.*\.exe\))$/\1/p' "$CARGO_TARGET_DIR/windows.log")"

folder="$CARGO_TARGET_DIR/$target/debug"
ls -l "$folder/ixdeploy.exe"
[ "${1:-}" = build ] && exit 0

step "Wine"
wine=""
for candidate in wine64 wine /usr/lib/wine/wine64; do
  if command -v "$candidate" >/dev/null; then wine="$candidate"; break; fi
done
[ -n "$wine" ] || missing "wine64" "apt-get install wine64"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export WINEPREFIX="$work/prefix" WINEDEBUG=-all
# Wine 8 lacks the one function of this library that Rust's standard library needs; Windows 10 has it.
cat >"$work/random.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) { return SystemFunction036(bytes, (ULONG)count); }
C
mkdir "$work/bin"
cp "$folder/ixdeploy.exe" "$work/bin/"
x86_64-w64-mingw32-gcc -shared -o "$work/bin/bcryptprimitives.dll" "$work/random.c" -ladvapi32
"$wine" wineboot >/dev/null 2>&1 || true

# What a Windows user has: files with CRLF line ends, a state folder of his own.
mkdir "$work/clinic"
cp -r inventories playbooks "$work/clinic/"
find "$work/clinic" -type f \( -name '*.yaml' -o -name '*.j2' \) -exec sed -i 's/\r*$/\r/' {} +
cd "$work/clinic"
export IXDEPLOY_STATE_DIR='state' IXDEPLOY_ADMIN_PASSWORD=Wine-Admin-7 LANG=C.UTF-8
failed=0
# Runs a command and insists on its exit status and, where one is given, on a text in what it says.
runs() {
  local status="$1" text="$2" got=0
  shift 2
  timeout 300 "$wine" "$work/bin/ixdeploy.exe" "$@" >"$work/said" 2>&1 || got=$?
  if [ "$got" = "$status" ] && grep -qaF -- "$text" "$work/said"; then
    echo "ok      ixdeploy $*"
  else
    echo "FAILED  ixdeploy $*: exit status $got, expected $status and \`$text\`"
    sed 's/^/        /' "$work/said" | tail -n 25
    failed=1
  fi
}
book='playbooks\online-eligibility.yaml'
clinics='inventories\sample-clinics.yaml'
training='inventories\training.yaml'
runs 0 "Usage: ixdeploy" --help
runs 0 "ixdeploy " --version
runs 1 "usage.unknown-command" plna
runs 0 "使い方" help plan --lang ja
runs 0 "" ports
runs 0 "state-folder" doctor
runs 0 "ssh-rsa" doctor --ssh-algorithms
runs 0 "ok: 3 router(s)" check "$book" -i "$clinics"
runs 0 "sato-r1.cfg" render "$book" -i "$clinics" -o desired
sed -i 's/$/\r/' desired/*.cfg
runs 0 "hostname suzuki-r3" fmt 'desired\suzuki-r3.cfg'
runs 0 "" lint 'desired\suzuki-r3.cfg' --model IX2215
runs 2 "Commands" diff 'desired\sato-r1.cfg' 'desired\suzuki-r3.cfg'
runs 0 "nothing to change" plan 'playbooks\add-domain.yaml' -i "$clinics" -l sato-r1 --from-backup 'desired\sato-r1.cfg'
runs 2 "Commands" plan "$book" -i "$clinics" -l sato-r1 --from-backup 'desired\suzuki-r3.cfg' -o plan.json
runs 2 "training-r3" plan "$book" -i "$training" -l training-r3
runs 0 "saved" apply "$book" -i "$training" -l training-r3 --phase bench --yes
runs 0 "as declared" verify "$book" -i "$training" -l training-r3 --phase bench
runs 0 "running.cfg" backup -i "$training" -l training-r3 -o backup
runs 0 "saved" history training-r3
runs 0 "unbroken" journal verify
runs 0 "" status
runs 3 "pseudo terminals" plan "$book" -i "$training" -l training-r1
run="$("$wine" "$work/bin/ixdeploy.exe" history training-r3 | cut -d' ' -f1)"
runs 0 "saved" undo "$run" --yes
runs 0 "Everything ended as announced" demo

step "the unit tests"
cp "$tests" "$work/bin/unit.exe"
cd "$OLDPWD"
timeout 1200 "$wine" "$work/bin/unit.exe" --test-threads 2 || failed=1
exit "$failed"
