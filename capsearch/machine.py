"""What the machine lets this process use: cores, and room on a disk."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import psutil


def usable_cores() -> int:
    """Processor cores that this process may use, at least one: those that `taskset`, a container
    or a batch system left to it, where the system says so, else all."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def free_bytes(folder: Path) -> int | None:
    """Room where `folder` lies or is to be made; None where its drive is not there."""
    for place in (folder, *folder.absolute().parents):
        with suppress(OSError):  # not there yet
            return shutil.disk_usage(place).free
    return None


def on_battery() -> bool:
    """Whether this machine runs on its battery; one without any never does."""
    read = getattr(psutil, "sensors_battery", None)  # some systems have no such question
    battery = None
    with suppress(OSError):  # what tells of it is not there, as in a container
        battery = read() if read is not None else None
    return battery is not None and battery.power_plugged is False
