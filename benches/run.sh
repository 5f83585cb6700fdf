#!/usr/bin/env bash
# Measures again everything that docs/performance.md says, in one run, and keeps what it prints.
# Outside the default tests: it installs other people's libraries into a virtual environment (PyPI must be reachable), and its
# figures mean something only on a machine that does nothing else.
# Usage: benches/run.sh [FILE TO WRITE, default target/performance.txt]
set -euo pipefail
cd "$(dirname "$0")/.."

output=${1:-target/performance.txt}
peers=target/peers
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
"$peers/bin/pip" install --quiet --disable-pip-version-check -r benches/peers/requirements.txt
export IX_PEER_PYTHON="$PWD/$peers/bin/python"

# Ten thousand routers in one process, and a thousand sessions, take many files.
ulimit -n "$(ulimit -Hn)"
cargo bench --quiet --locked --no-run --bench conversation --bench plan

{
    echo "$(nproc) processors ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), $(uname -sr)"
    rustc --version
    "$peers/bin/pip" --disable-pip-version-check list --format=freeze | grep -iE '^(netmiko|paramiko|scrapli|hier[-_]config)=='
    for part in ssh serial crowd; do
        timeout 240 cargo bench --quiet --locked --bench conversation -- "$part" || echo "$part: did NOT come to its end"
    done
    printf '\nD. Parse, diff, plan and undo\n-----------------------------\n'
    timeout 300 cargo bench --quiet --locked --bench plan || echo "plan: did NOT come to its end"
    for part in fleet fleet-plan; do
        timeout 900 cargo bench --quiet --locked --bench conversation -- "$part" || echo "$part: did NOT come to its end"
    done
} 2>&1 | tee "$output"
