"""The machine that a benchmark runs on, and the versions of what does the work."""

import platform
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import psutil

from capsearch import __version__
from capsearch.encoders.device import choose_device
from capsearch.errors import CapsearchError
from capsearch.machine import on_battery, usable_cores

_WORKING = (
    "numpy",
    "onnxruntime",
    "torch",
    "open_clip_torch",
    "hnswlib",
    "numkong",
    "pillow",
    "PySide6-Essentials",
    "faiss-cpu",
    "usearch",
    "rclip",
)
# What decides how fast vectors are scanned, as Linux names it.
_TELLING_FLAGS = ("avx2", "f16c", "avx512f", "avx512fp16", "avx512_bf16", "avx512_vnni", "asimdhp")


def machine_facts(device: str) -> dict[str, str]:
    """What decides how fast this machine is, for people; `device` as `--device` takes it."""
    facts = {
        "processor": _processor(),
        "cores": str(usable_cores()),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        "graphics card": _graphics_card(device),
    }
    if flags := _flags():
        facts["instructions"] = " ".join(flags)
    if on_battery():
        facts["power"] = "battery, which may slow it down"
    return facts


def versions() -> dict[str, str]:
    """Of CapSearch and of the installed libraries that do the work."""
    found = {"capsearch": __version__}
    for name in _WORKING:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def _graphics_card(device: str) -> str:
    try:
        found = choose_device(device)
    except CapsearchError as error:
        return str(error)
    return "none that is used" if found.kind == "cpu" else found.description


def _processor() -> str:
    if sys.platform == "darwin":
        with suppress(OSError, subprocess.SubprocessError):
            asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
            return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    for line in _cpuinfo():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _flags() -> list[str]:
    for line in _cpuinfo():
        if line.startswith(("flags", "Features")):
            known = set(line.partition(":")[2].split())
            return [flag for flag in _TELLING_FLAGS if flag in known]
    return []


def _cpuinfo() -> list[str]:
    with suppress(OSError):
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return []
