#!/usr/bin/env bash
# Other people's drivers against our mock: netmiko's `nec_ix` logs in, enters config mode, reads, pushes and saves.
# Outside the default tests: it installs netmiko into a throw-away virtual environment (PyPI must be reachable).
# Usage: tests/peers/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d)
mock=
finish() { [ -z "$mock" ] || kill "$mock" 2>/dev/null || true; rm -rf "$scratch"; }
trap finish EXIT

cargo build --quiet --release -p mock-device
python3 -m venv "$scratch/venv"
# paramiko 5 dropped the ssh-rsa signatures that an IX is limited to.
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check netmiko 'paramiko<5'

# The mock renames the ready file into place when every router answers; the script waits for it to appear, to a deadline.
target/release/mock-ix --ssh 1 --state-dir "$scratch/state" --ready-file "$scratch/ready.json" &
mock=$!
"$scratch/venv/bin/python" tests/peers/netmiko_ix.py "$scratch/ready.json" "$scratch/state"
