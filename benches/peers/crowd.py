"""Many routers at once with netmiko's `nec_ix`: connect, read the running configuration, close.

    crowd.py READY_FILE ROUTERS THREADS

Prints sessions per second, and processor seconds and KiB per session, as JSON. The start of Python is not counted.
"""

import concurrent.futures
import json
import pathlib
import resource
import sys
import time

from netmiko import ConnectHandler


def read(router: dict) -> None:
    """One session. It is closed without a goodbye, which would cost netmiko another second."""
    connection = ConnectHandler(
        device_type="nec_ix",
        host=router["host"],
        port=router["port"],
        username=router["username"],
        password=router["password"],
        disabled_algorithms={"pubkeys": []},
        conn_timeout=60,
        banner_timeout=60,
        auth_timeout=60,
        read_timeout_override=60,
    )
    connection.config_mode()
    running = connection.send_command("show running-config")
    assert f"hostname {router['hostname']}" in running, running
    connection.remote_conn_pre.close()


def used() -> tuple[float, int]:
    """Processor seconds so far, and the most memory so far in KiB."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main() -> None:
    routers = json.loads(pathlib.Path(sys.argv[1]).read_text())[: int(sys.argv[2])]
    threads = int(sys.argv[3])
    read(routers[0])
    cpu, resident = used()
    begun = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(read, router) for router in routers[1:]]:
            done.result()
    seconds = time.perf_counter() - begun
    cpu_after, resident_after = used()
    sessions = len(routers) - 1
    at_once = min(threads, sessions)
    result = {
        "sessions_per_second": sessions / seconds,
        "cpu_per_session": (cpu_after - cpu) / sessions,
        "kib_per_session": (resident_after - resident) / at_once,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
