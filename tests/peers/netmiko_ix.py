"""netmiko's `nec_ix` driver against mock-ix: log in, enter config mode, read, push, save. Exits 0 only if all of it worked."""

import json
import pathlib
import sys
import time

from netmiko import ConnectHandler

DEADLINE_SECONDS = 30


def endpoint(ready_file: pathlib.Path) -> dict:
    """The first SSH router of the ready file, which appears only when every router answers."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not ready_file.exists():
        if time.monotonic() > deadline:
            sys.exit("the mock did not become ready")
        time.sleep(0.05)
    return next(item for item in json.loads(ready_file.read_text()) if item["transport"] == "ssh")


def main() -> None:
    router = endpoint(pathlib.Path(sys.argv[1]))
    state = pathlib.Path(sys.argv[2]) / router["id"]
    lines = [
        "ip access-list peer-list permit ip src 192.0.2.0/24 dest any",
        "interface GigaEthernet1.0",
        "description pushed by another driver",
        "no shutdown",
    ]
    with ConnectHandler(
        device_type="nec_ix",
        host=router["host"],
        port=router["port"],
        username=router["username"],
        password=router["password"],
        disabled_algorithms={"pubkeys": []},
    ) as connection:
        prompt = connection.find_prompt()
        connection.config_mode()
        assert connection.check_config_mode(), "config mode was not entered"
        running = connection.send_command("show running-config", read_timeout=30)
        assert "interface GigaEthernet0.0" in running, running
        answer = connection.send_config_set(lines, exit_config_mode=False, read_timeout=30)
        assert "Invalid command" not in answer, answer
        running = connection.send_command("show running-config", read_timeout=30)
        assert "description pushed by another driver" in running, running
        connection.save_config()
        connection.exit_config_mode()
    startup = (state / "startup.cfg").read_text()
    assert "description pushed by another driver" in startup, startup
    print(f"netmiko nec_ix at {prompt}: login, config mode, read, push and save worked")


if __name__ == "__main__":
    main()
