"""How many cores CapSearch takes: those that were left to it."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

import capsearch
from capsearch.machine import on_battery, usable_cores


def test_there_is_at_least_one_core_and_no_more_than_the_machine_has() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="needs the system to hold a process to a core")
def test_a_process_held_to_one_core_takes_one() -> None:
    script = (
        "import os\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from capsearch.encoders.starter import StarterEncoder\n"
        "from capsearch.machine import on_battery, usable_cores\n"
        "print(usable_cores(), StarterEncoder.load()._threads)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "1"]


def test_a_system_that_tells_nothing_of_a_battery_has_none(monkeypatch) -> None:
    def nothing_there() -> None:
        raise FileNotFoundError("/sys/class/power_supply")

    monkeypatch.setattr(psutil, "sensors_battery", nothing_there, raising=False)
    assert not on_battery()


def test_cores_are_counted_in_one_place() -> None:
    package = Path(capsearch.__file__).parent
    counting = [
        path.name
        for path in package.rglob("*.py")
        if any(name in path.read_text() for name in ("cpu_count", "sched_getaffinity"))
    ]
    assert counting == ["machine.py"]
