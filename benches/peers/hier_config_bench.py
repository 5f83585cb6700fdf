"""Seconds hier_config takes for parse, remediation and rollback of two files, the best of some runs; prints one number.

    python3 -m venv venv && venv/bin/pip install hier_config
    IX_PEER_PYTHON=venv/bin/python cargo bench --bench plan

The same job as ours: both texts are read, the way forward and the way back are worked out and put in order, and every line of both
is written out. No unified difference is drawn on either side.
"""

import sys
import time

from hier_config import Platform, WorkflowRemediation, get_hconfig

with open(sys.argv[1], encoding="utf-8") as file:
    old = file.read()
with open(sys.argv[2], encoding="utf-8") as file:
    new = file.read()

best = float("inf")
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    running = get_hconfig(Platform.CISCO_IOS, old)
    generated = get_hconfig(Platform.CISCO_IOS, new)
    work = WorkflowRemediation(running, generated)
    forward = [line.cisco_style_text() for line in work.remediation_config.all_children_sorted()]
    back = [line.cisco_style_text() for line in work.rollback_config.all_children_sorted()]
    best = min(best, time.perf_counter() - start)
assert forward and back
print(best)
