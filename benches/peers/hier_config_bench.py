"""Seconds hier_config takes for parse, remediation and rollback of two files; prints one number.

    python3 -m venv venv && venv/bin/pip install hier_config
    IX_PEER_PYTHON=venv/bin/python cargo bench --bench plan
"""

import sys
import time

from hier_config import Platform, WorkflowRemediation, get_hconfig

with open(sys.argv[1], encoding="utf-8") as file:
    old = file.read()
with open(sys.argv[2], encoding="utf-8") as file:
    new = file.read()

start = time.perf_counter()
running = get_hconfig(Platform.CISCO_IOS, old)
generated = get_hconfig(Platform.CISCO_IOS, new)
work = WorkflowRemediation(running, generated)
work.remediation_config.all_children_sorted()
len(list(work.remediation_config.all_children_sorted()))
len(list(work.rollback_config.all_children_sorted()))
print(time.perf_counter() - start)
