#!/usr/bin/env bash
# Installs the Debian package in a root folder of nothing but Debian, tries what a user has then, and removes it again without a trace.
#
#   apt-get install debootstrap
#   bash tests/platforms/deb.sh PACKAGE.deb
#
# Needs root and a mirror of Debian (DEBIAN_MIRROR, DEBIAN_SUITE: else debootstrap's own and bookworm).
set -euo pipefail
package=$(realpath "$1")
cd "$(dirname "$0")/../.."

step() { printf '\n== %s\n' "$*"; }
command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "only root can make a root folder with debootstrap" >&2; exit 1; }

step "the package by itself"
dpkg-deb --info "$package"
if dpkg-deb --ctrl-tarfile "$package" | tar --list | grep -vE '^\./(control|md5sums)?$'; then
  echo "it would run something, or asks something" >&2
  exit 1
fi
if dpkg-deb --fsys-tarfile "$package" | tar --list | grep -E 'systemd|init\.d|/etc/|/var/|udev/rules'; then
  echo "it would change more than /usr/bin and /usr/share" >&2
  exit 1
fi

step "a clean root"
work=$(mktemp -d)
# The mounts go first: what is below them is not ours to remove.
finish() {
  for place in dev/pts proc; do
    if mountpoint --quiet "$work/root/$place"; then umount "$work/root/$place"; fi
  done
  rm -rf --one-file-system "$work"
}
trap finish EXIT
debootstrap --variant=minbase --include=bash-completion,man-db "${DEBIAN_SUITE:-bookworm}" "$work/root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$work/log" ||
  { tail -n 20 "$work/log" >&2; exit 1; }
mkdir -p "$work/root/dev/pts"
mount -t proc none "$work/root/proc"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 none "$work/root/dev/pts"
ln -sf pts/ptmx "$work/root/dev/ptmx"
inside() { env --ignore-environment "$(command -v chroot)" "$work/root" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }
files() { (cd "$work/root" && find . -xdev -not -path './proc/*' -not -path './dev/*' | sort); }
failed=0
# Runs a command inside and insists on its exit status and on a text in what it says.
runs() {
  local status=$1 text=$2 got=0
  shift 2
  inside "$@" >"$work/said" 2>&1 || got=$?
  if [ "$got" = "$status" ] && grep -qF -- "$text" "$work/said"; then
    echo "ok      $*"
  else
    echo "FAILED  $*: exit status $got, expected $status and \`$text\`"
    sed 's/^/        /' "$work/said" | tail -n 25
    failed=1
  fi
}
cat >"$work/root/tmp/completed" <<'BASH'
. /usr/share/bash-completion/bash_completion
_completion_loader ixdeploy
complete -p ixdeploy
COMP_WORDS=(ixdeploy "$@")
COMP_CWORD=$#
_ixdeploy ixdeploy "${!#}" x
printf '<%s>\n' "${COMPREPLY[@]}"
BASH
files >"$work/before"
cp "$package" "$work/root/tmp/ixdeploy.deb"

step "installed"
inside dpkg --install /tmp/ixdeploy.deb
rm "$work/root/tmp/ixdeploy.deb"
runs 0 "install ok installed" dpkg --status ixdeploy
runs 0 "unchanged" sh -c 'test -z "$(dpkg --verify ixdeploy)" && echo unchanged'
runs 0 "SSH host key:" ixdeploy --version
runs 0 "ssh-rsa" ixdeploy doctor --ssh-algorithms
runs 0 "/usr/share/man/man1/ixdeploy.1.gz" man --where ixdeploy
runs 0 "Show what would change" man --encoding=UTF-8 ixdeploy-plan
runs 0 "変更内容を実際のコマンドで表示します" man --locale=ja --encoding=UTF-8 ixdeploy-plan
runs 0 "ixdeploy-journal-verify (1)" sh -c 'mandb --quiet && whatis ixdeploy-journal-verify'
runs 0 "dialout" cat /usr/share/doc/ixdeploy/console-cables.md
runs 0 "OpenSSL" gzip --decompress --stdout /usr/share/doc/ixdeploy/licences.txt.gz

step "completion, as a login shell loads it"
runs 0 "<verify>" bash /tmp/completed ver
runs 0 "is ready" ixdeploy init /root/clinics --port /dev/ttyUSB0
runs 0 "<sato-r1>" sh -c 'cd /root/clinics && bash /tmp/completed plan -l sato-r'

step "used"
runs 0 "ok:" sh -c 'cd /root/clinics && ixdeploy check'
runs 0 "Everything ended as announced" ixdeploy demo

step "removed"
inside rm -rf /root/clinics /root/.local
inside dpkg --remove ixdeploy
runs 1 "not installed" dpkg --status ixdeploy
files >"$work/after"
# What Debian's own programs keep: the list of packages, the index of manual pages, logs.
if diff "$work/before" "$work/after" | grep '^[<>]' | grep -vE '\./var/(lib/dpkg|cache/man|log)/|\./tmp/'; then
  echo "left behind, or taken along" >&2
  failed=1
fi
exit "$failed"
