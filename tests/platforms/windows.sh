#!/usr/bin/env bash
# Compiles ixdeploy for Windows on a Debian machine, and runs with Wine what Wine can run. docs/platforms.md says what that proves.
#
#   apt-get install gcc-mingw-w64-x86-64 wine64 && rustup target add x86_64-pc-windows-gnu       # without rustup: packaging/cross
#   bash tests/platforms/windows.sh            # build, compile the tests, run
#   bash tests/platforms/windows.sh build      # without Wine
#   bash tests/platforms/windows.sh run        # only Wine, on what was built before
#   bash tests/platforms/windows.sh FILE.exe   # only Wine, on this program (a release), without the unit tests
set -euo pipefail
cd "$(dirname "$0")/../.."

what="${1:-all}"
target=x86_64-pc-windows-gnu
products="$(realpath -m "${CARGO_TARGET_DIR:-target}")"

step() { printf '\n== %s\n' "$*"; }
missing() { echo "$1 is missing: $2" >&2; exit 1; }

log="$products/$target/windows"
program="$products/$target/debug/ixdeploy.exe"
if [[ "$what" = *.exe ]]; then
  program="$(realpath "$what")"
  what=run
  with_unit_tests=""
else
  with_unit_tests=1
fi
if [ "$what" != run ]; then
  mkdir -p "$products/$target"
  step "compile the program, without a warning"
  packaging/cross "$target" build 2>&1 | tee "$log-build.log"
  if grep -q '^warning' "$log-build.log"; then
    echo "the program for Windows compiles with warnings" >&2
    exit 1
  fi
  step "compile the unit tests"
  packaging/cross "$target" test --no-run --lib 2>&1 | tee "$log-tests.log"
fi
step "compile the mock console, for this system"
cargo build --locked --workspace --bin mock-ix
ls -l "$program"
[ "$what" = build ] && exit 0

step "Wine"
wine=""
for candidate in wine64 wine /usr/lib/wine/wine64; do
  if command -v "$candidate" >/dev/null; then wine="$candidate"; break; fi
done
[ -n "$wine" ] || missing "wine64" "apt-get install wine64"
work="$(mktemp -d)"
mock=""
name_server=""
clinic_net=""
end_wine() {
  # Its server lists everything that it had when it is ended so.
  "$wine" wineboot --kill >/dev/null 2>&1 || true
  # What it still writes at its end would be in a folder that is being removed.
  local server
  for server in wineserver64 wineserver /usr/lib/wine/wineserver64; do
    if command -v "$server" >/dev/null; then timeout 60 "$server" --wait 2>/dev/null || true; break; fi
  done
}
clean() {
  if [ -n "$mock" ]; then kill "$mock" || true; fi
  if [ -n "$name_server" ]; then kill "$name_server" || true; fi
  end_wine
  if [ -n "$clinic_net" ]; then ip netns delete "$clinic_net" || true; fi
  rm -rf "$work"
}
trap clean EXIT
export WINEPREFIX="$work/prefix" WINEDEBUG=-all
# Wine 8 lacks the one function of this library that Rust's standard library needs; Windows 10 has it.
cat >"$work/random.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) { return SystemFunction036(bytes, (ULONG)count); }
C
mkdir "$work/bin"
cp "$program" "$work/bin/ixdeploy.exe"
x86_64-w64-mingw32-gcc -shared -o "$work/bin/bcryptprimitives.dll" "$work/random.c" -ladvapi32
"$wine" wineboot >/dev/null 2>&1 || true

# Two routers fresh out of the box on consoles of 9600 bit/s, which Wine shows as COM1 and COM2.
cat >"$work/console.yaml" <<'YAML'
routers:
  - { id: sato-r1, start: factory-default, serial_number: "0000000001", transports: [{ serial: { baud: 9600 } }] }
  - { id: visited-r1, start: factory-default, serial_number: "0000000002", transports: [{ serial: { baud: 9600 } }] }
YAML
"$products/debug/mock-ix" --scenario "$work/console.yaml" --state-dir "$work/routers" --ready-file "$work/ready" &
mock=$!
grep --quiet . <(timeout 30 tail --retry --follow=name "$work/ready" 2>/dev/null) || missing "the mock console" "see above"
for port in 1:sato-r1 2:visited-r1; do
  console="$(readlink --canonicalize "$work/routers/${port#*:}/console")"
  "$wine" reg add 'HKLM\Software\Wine\Ports' /v "COM${port%%:*}" /d "$console" /f >/dev/null
  ln --symbolic --force "$console" "$WINEPREFIX/dosdevices/com${port%%:*}"
done

# What a Windows user has: files with CRLF line ends, a state folder of his own.
mkdir "$work/clinic"
cp -r inventories playbooks "$work/clinic/"
cat >"$work/clinic/console.yaml" <<'YAML'
version: 1
credentials: { admin-password: { env: IXDEPLOY_ADMIN_PASSWORD } }
sites:
  sato:
    title: 佐藤医院
    routers:
      sato-r1:
        model: IX2215
        role: router1
        connection: { serial: { port: COM1, login: { user: admin, password: admin-password } } }
        identity: { serial_number: "0000000001" }
        vars:
          ntt_area: east
          hostname: sato-r1
          management: true
          management_password: admin-password
          management_allowed: [198.51.100.0/24]
          management_address: 192.0.2.1/29
YAML
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
runs 0 "COM1" ports
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
# A cable that is not there is told before a password is asked for: there is no one here to type it.
sed 's/COM1/COM9/; s/{ env: IXDEPLOY_ADMIN_PASSWORD }/{ prompt: the password }/' console.yaml >no-cable.yaml
runs 3 "serial.not-found" plan "$book" -i no-cable.yaml --phase bench
runs 3 "pseudo terminals" plan "$book" -i "$training" -l training-r1
run="$("$wine" "$work/bin/ixdeploy.exe" history training-r3 | cut -d' ' -f1)"
runs 0 "saved" undo "$run" --yes
runs 0 "Everything ended as announced" demo

step "a kit, and a double click"
export IXDEPLOY_KIT_PASSPHRASE='a visit without a network'
runs 0 "" kit key
runs 0 "sato.kit" kit build "$book" -i console.yaml --site sato --day 2026-12-01 -o sato.kit
runs 0 "sato-r1" kit show sato.kit
runs 0 "visit" kit open sato.kit visit
runs 2 "Commands" plan "visit\\$book" -i 'visit\inventory' -l sato-r1 --from-backup 'desired\sato-r1.cfg'
runs 0 "--labels" depot --help
# On a terminal Wine gives the program a console of its own, as a double click does on Windows. Where no working folder is, it says what is
# missing, and its window stays. That Return closes it was seen by hand.
mkdir alone
: >"$work/shown"
mkfifo "$work/typed"
exec 3<>"$work/typed"
(cd alone && exec timeout 60 script --quiet --flush --command "$wine $work/bin/ixdeploy.exe" "$work/shown") <"$work/typed" >/dev/null 2>&1 &
clicked=$!
if grep --quiet --text --max-count=1 "closes this window" <(timeout 60 tail --follow "$work/shown") && kill -0 "$clicked"; then
  echo "ok      ixdeploy (a double click)"
else
  echo "FAILED  ixdeploy (a double click)"
  sed 's/^/        /' "$work/shown" | tail -n 25
  failed=1
fi
kill "$clicked" || true
exec 3>&-

step "a console on COM1"
console_runs() {
  local begun=$EPOCHREALTIME
  runs "$@"
  local took=$(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
  reading=$(grep --text --only-matching --max-count=1 'read [0-9]* lines in [0-9]*' "$work/said" || true)
  echo "        $took ms, ${reading:-nothing was read} s"
}
console_runs 2 "Commands" plan "$book" -i console.yaml --phase bench
# A read that waits for its deadline instead of its bytes takes half a minute and more, on any machine.
if [ -z "$reading" ] || [ "${reading##* }" -ge 20 ]; then
  echo "FAILED  reading over COM1: ${reading:-nothing was read} s"
  failed=1
fi
console_runs 0 "saved" apply "$book" -i console.yaml --phase bench --yes
console_runs 0 "as declared" verify "$book" -i console.yaml --phase bench
console_runs 0 "running.cfg" backup -i console.yaml -o console-backup
if ! grep --quiet '^hostname sato-r1' "$work/routers/sato-r1/startup.cfg"; then
  echo "FAILED  the router on COM1 did not save"
  failed=1
fi

step "a test from the laptop"
# Everything of Wine runs in a network of its own then, in which the laptop has one port; its other end is the clinic. That needs root.
if [ "$(id -u)" = 0 ] && command -v ip python3 >/dev/null && ip netns add "ixdeploy-$$"; then
  clinic_net="ixdeploy-$$"
  end_wine
  ip -n "$clinic_net" link add laptop0 type veth peer name clinic0
  ip -n "$clinic_net" address add 192.168.0.7/24 dev laptop0
  for port in lo laptop0 clinic0; do ip -n "$clinic_net" link set "$port" up; done
  # One who answers with an address whatever is asked, and lets connections open.
  cat >"$work/name-server.py" <<'PY'
import socket

here = ("192.168.0.7", 5353)
tcp = socket.create_server(here)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(here)
while True:
    asked, who = udp.recvfrom(512)
    question = asked[12 : asked.index(b"\0", 12) + 5]
    record = bytes.fromhex("c00c 0001 0001 00000000 0004") + bytes([192, 0, 2, 7])
    udp.sendto(asked[:2] + bytes.fromhex("8180 0001 0001 0000 0000") + question + record, who)
PY
  ip netns exec "$clinic_net" python3 "$work/name-server.py" &
  name_server=$!
  sed 's/COM1/COM2/; s/sato-r1/visited-r1/; s/0000000001/0000000002/' console.yaml >visited.yaml
  cp -r playbooks visit-playbooks
  laptop() { printf '  - { name: %s, title: %s, phase: bench, level: advisory, within: 5, laptop: { lan: %s, %s } }\r\n' "$@"; }
  {
    laptop resolves "a name" 192.168.0.254/24 'resolve: www.example.jp, type: A, server: "192.168.0.7:5353"'
    laptop opens "a connection" 192.168.0.254/24 'connect: "192.168.0.7:5353"'
    laptop closed "no connection" 192.168.0.254/24 'not: { connect: "192.168.0.7:5354" }'
    laptop elsewhere "no port" 240.0.0.0/24 'connect: "240.0.0.1:443"'
  } >>visit-playbooks/roles/router1/role.yaml
  : >"$work/visit"
  exec 3<>"$work/typed"
  visit="$wine $work/bin/ixdeploy.exe field visit-playbooks/online-eligibility.yaml -i visited.yaml --port COM2 --plain --phase bench"
  ip netns exec "$clinic_net" timeout 300 script --quiet --flush --return --command "stty -icanon -icrnl -echo && $visit" "$work/visit" <"$work/typed" >/dev/null 2>&1 &
  visiting=$!
  exec 4< <(timeout 300 tail --bytes=+1 --follow "$work/visit")
  # Waits for a question, which ends with a colon and no line, and then types. Until Wine listens the terminal leaves Return as it is.
  answers() {
    local said=""
    while [[ "$said" != *"$1" ]]; do
      if ! IFS= read -r -d : -t 120 -u 4 said; then
        echo "FAILED  the visit does not ask \`$1:\`"
        failed=1
        return
      fi
    done
    printf '%s\r' "$2" >&3
  }
  answers leave 1
  answers leave y
  answers "[p] ports" y
  answers "go on" ""
  answers leave q
  wait "$visiting" || { echo "FAILED  the visit ends with $?"; failed=1; }
  exec 3>&- 4<&-
  for told in "test passed: resolves: the answer is 192.0.2.7" "test passed: opens" "test passed: closed" "test not made: elsewhere: no port"; do
    if grep --quiet --text --fixed-strings -- "laptop $told" "$work/visit"; then echo "ok      laptop $told"; else
      echo "FAILED  laptop $told"
      tail -n 40 "$work/visit" | sed 's/^/        /'
      failed=1
    fi
  done
  end_wine
  ip netns delete "$clinic_net"
  clinic_net=""
else
  echo "NOT RUN: a network of its own needs root, ip and python3"
fi

if [ -z "$with_unit_tests" ]; then
  echo "NOT RUN: the unit tests, which belong to a program that was compiled here"
  exit "$failed"
fi
step "the unit tests"
tests="$(sed -n 's/^ *Executable .*(\(.*\.exe\))$/\1/p' "$log-tests.log")"
[ -f "$tests" ] || missing "the unit tests" "run without \`run\` first"
cp "$tests" "$work/bin/unit.exe"
cd "$OLDPWD"
timeout 1200 "$wine" "$work/bin/unit.exe" --test-threads 2 || failed=1
exit "$failed"
