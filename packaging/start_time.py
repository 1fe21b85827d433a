"""How long until the window is visible: the bundle beside `python -m capsearch`, in one run.

`start_time.py PROGRAM --python PYTHON` starts both in turn over the same library, after one start
of each that warms the system's file cache, and prints the medians and their ratio. Needs Xvfb and
xdotool (Linux). How long one of them takes by itself, until its photos are shown and from the disk,
is in `capsearch benchmark window`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from screen import virtual_screen

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the seconds of each start, the medians, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--photos", type=Path, metavar="DIR", help="a library of these photos")
    options = parser.parse_args()
    commands = {
        "bundle": [str(options.program.absolute())],
        "python -m capsearch": [str(options.python.absolute()), "-m", "capsearch"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    with virtual_screen() as screen, tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "DISPLAY": screen,
            "CAPSEARCH_HOME": home,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "xcb",
        }
        if options.photos:
            index = [*commands["bundle"], "index", str(options.photos)]
            subprocess.run(index, env=environment, check=True, stdout=subprocess.DEVNULL)
        for number in range(options.rounds + 1):
            for name, command in commands.items():
                seconds = time_start(command, environment)
                if number:
                    times[name].append(seconds)
    for name, seconds_each in times.items():
        told = " ".join(f"{seconds:.2f}" for seconds in seconds_each)
        print(f"{name:20s} median {statistics.median(seconds_each):.2f} s  ({told})")
    ratio = statistics.median(times["bundle"]) / statistics.median(times["python -m capsearch"])
    print(f"bundle against python -m capsearch: {ratio:.2f}")
    return 0


def time_start(command: list[str], environment: dict[str, str]) -> float:
    """Seconds from the start of the process until its window is mapped; it is ended then."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^CapSearch$"]
    subprocess.run(find, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
    seconds = time.perf_counter() - begin
    process.terminate()
    process.wait(30)
    time.sleep(1.0)  # its worker processes end when they see that it has gone
    return seconds


if __name__ == "__main__":
    sys.exit(main())
