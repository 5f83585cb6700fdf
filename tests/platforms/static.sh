#!/usr/bin/env bash
# Runs the static program where nothing else is, and lets the newcomer of tests/e2e have it.
#
#   bash tests/platforms/static.sh [PROGRAM]       # else packaging/static builds it
#
# The empty place is a root folder that holds the program, a /tmp and what every container has of /dev: no C library, no shell, no /etc, no
# /proc, no certificates, no time zones. Needs root, or a system that lets a user make such a place (unshare).
set -euo pipefail
cd "$(dirname "$0")/../.."

program="${1:-$(packaging/static | tail -n 1)}"
.ci/links nothing "$program"

step() { printf '\n== %s\n' "$*"; }
# Makes the place and runs a command in it. The mounts are gone with it.
alone() {
  local user=()
  [ "$(id -u)" = 0 ] || user=(--user --map-root-user)
  unshare --mount "${user[@]}" /bin/bash -euo pipefail -c '
    root="$1/root"; program="$2"; shift 2
    mkdir "$root"
    mount -t tmpfs -o mode=0755 none "$root"
    mkdir -m 1777 "$root/tmp"
    mkdir -p "$root/dev/pts" "$root/work"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 none "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    cp "$program" "$root/ixdeploy"
    exec env --ignore-environment HOME=/work "$(command -v chroot)" "$root" /ixdeploy "$@"
  ' alone "$work" "$program" "$@"
  rmdir "$work/root"
}
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

step "the demo in an empty root"
alone --lang en demo | tee "$work/told"
grep --quiet "Everything ended as announced" "$work/told"
grep --quiet "sato-r1: serial" "$work/told"
alone --lang ja demo >"$work/told"
grep --quiet "すべて予告どおりに終わりました" "$work/told"

step "a working folder in an empty root"
alone init /work --port /dev/ttyUSB0
alone doctor --ssh-algorithms

step "the newcomer, with this program"
IXDEPLOY_BINARY="$program" cargo test --workspace --locked --test e2e -- newcomer::
