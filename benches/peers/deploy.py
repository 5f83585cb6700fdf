"""One router, as other people's libraries do it: connect, read, push, read again and compare, save.

    deploy.py netmiko|scrapli HOST PORT USER PASSWORD LINES EXPECTED

LINES holds the lines to type, EXPECTED the running configuration to find afterwards. Prints the seconds from the first packet to
the saved configuration as JSON: neither the start of Python nor saying goodbye is counted. Exits 0 only if all of it worked.
"""

import json
import pathlib
import sys
import time


def body(text: str) -> list[str]:
    """A configuration without its comments and ends of blocks."""
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("!")]


def with_netmiko(host: str, port: int, user: str, password: str, lines: list[str]) -> tuple[str, dict]:
    """netmiko's `nec_ix` with its defaults; it reads until the prompt by itself."""
    from netmiko import ConnectHandler

    begun = time.perf_counter()
    connection = ConnectHandler(
        device_type="nec_ix",
        host=host,
        port=port,
        username=user,
        password=password,
        disabled_algorithms={"pubkeys": []},
    )
    connected = time.perf_counter()
    connection.config_mode()
    connection.send_command("terminal width 512")  # without it an echo that the router folds is waited for in vain
    connection.send_command("show running-config", read_timeout=60)
    read = time.perf_counter()
    answer = connection.send_config_set(lines, exit_config_mode=False, read_timeout=60)
    pushed = time.perf_counter()
    refused = [line for line in answer.splitlines() if line.startswith("%") and "command" in line]
    assert not refused, refused
    running = connection.send_command("show running-config", read_timeout=60)
    verified = time.perf_counter()
    connection.save_config()
    saved = time.perf_counter()
    connection.remote_conn_pre.close()
    return running, phases(begun, connected, read, pushed, verified, saved)


def with_scrapli(host: str, port: int, user: str, password: str, lines: list[str]) -> tuple[str, dict]:
    """scrapli over libssh2 with a definition file for the IX."""
    from scrapli import AuthOptions, Cli
    from scrapli.transport import Ssh2Options

    definition = pathlib.Path(__file__).with_name("nec_ix.yaml")
    begun = time.perf_counter()
    connection = Cli(
        host,
        port=port,
        definition_file_or_name=str(definition),
        auth_options=AuthOptions(username=user, password=password),
        transport_options=Ssh2Options(),
    )
    connection.open()
    connected = time.perf_counter()
    connection.send_input("show running-config")
    read = time.perf_counter()
    pushed_lines = connection.send_inputs(lines, stop_on_indicated_failure=True)
    assert not pushed_lines.failed, pushed_lines.result
    pushed = time.perf_counter()
    running = connection.send_input("show running-config").result
    verified = time.perf_counter()
    connection.send_input("write memory")
    saved = time.perf_counter()
    connection.close()
    return running, phases(begun, connected, read, pushed, verified, saved)


def phases(*times: float) -> dict:
    """Seconds of each part, and all together."""
    names = ("connect", "read", "push", "verify", "save")
    parts = {name: after - before for name, before, after in zip(names, times, times[1:])}
    return {"seconds": times[-1] - times[0], "phases": parts}


def main() -> None:
    which, host, port, user, password, lines, expected = sys.argv[1:]
    push = [line.strip() for line in pathlib.Path(lines).read_text().splitlines()]
    work = {"netmiko": with_netmiko, "scrapli": with_scrapli}[which]
    running, result = work(host, int(port), user, password, push)
    wanted = body(pathlib.Path(expected).read_text())
    # An answer may begin with its own command and end with the prompt: what counts is the configuration in it.
    missing = [line for line in wanted if line not in body(running)]
    assert not missing, missing
    print(json.dumps(result))


if __name__ == "__main__":
    main()
