"""Many clinics with netmiko's `nec_ix`: connect, read, add a line, read again and compare, save.

    night.py READY_FILE THREADS LINE

Prints clinics per second and processor seconds per clinic, as JSON. Neither the start of Python nor the goodbye is counted.
"""

import concurrent.futures
import json
import pathlib
import resource
import sys
import time

from netmiko import ConnectHandler


def change(router: dict, line: str) -> None:
    """One clinic. It is closed without a goodbye, which would cost netmiko another second."""
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
    connection.send_command("terminal width 512")  # without it an echo that the router folds is waited for in vain
    before = connection.send_command("show running-config")
    assert line not in before, before
    connection.send_config_set([line], exit_config_mode=False, read_timeout=60)
    running = connection.send_command("show running-config")
    assert line in running, running
    connection.save_config()
    connection.remote_conn_pre.close()


def processor() -> float:
    """Processor seconds so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    routers = json.loads(pathlib.Path(sys.argv[1]).read_text())
    threads, line = int(sys.argv[2]), sys.argv[3]
    change(routers[0], line)
    cpu = processor()
    begun = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(change, router, line) for router in routers[1:]]:
            done.result()
    seconds = time.perf_counter() - begun
    clinics = len(routers) - 1
    result = {"clinics_per_second": clinics / seconds, "cpu_per_clinic": (processor() - cpu) / clinics}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
