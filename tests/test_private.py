"""Nothing leaves the machine and nothing is written elsewhere: the real programs, from outside.

`conftest.py` forbids connections inside the tests' own process; here strace sees those of every
process that a command and the window start.
"""

import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import pytest
from make_photo import make_photo

from capsearch import privacy

pytestmark = pytest.mark.skipif(os.name != "posix", reason="watches files and calls as Linux has")

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
WINDOW_SECONDS = 55.0

# What may lie outside CapSearch's own folder, and whose it is.
ALLOWED = (
    re.compile(r"home/\.cache/fontconfig(/.*)?"),  # the system's: every program that shows text
    re.compile(r"tmp/capsearch-\d+-[0-9a-f]{16}"),  # the window's socket, killed before it closed
)


@dataclass(frozen=True)
class Visit:
    """What one user did, in a home of their own below `root`: index, search, the window."""

    root: Path
    found: int
    trace: str | None

    def written_outside(self) -> list[str]:
        """Files below the root, by name, that are neither CapSearch's nor the user's photos."""
        names = (path.relative_to(self.root).as_posix() for path in self._files())
        return sorted(
            name
            for name in names
            if not name.startswith(("home/own/", "photos/", "traces/"))
            and not any(pattern.fullmatch(name) for pattern in ALLOWED)
        )

    def _files(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if not path.is_dir()]


def environment(root: Path) -> dict[str, str]:
    """A fresh home: nothing of the tests' environment but where programs and the package are."""
    (root / "home" / "own").mkdir(parents=True, exist_ok=True)
    (root / "tmp").mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.fspath(root / "home"),
        "CAPSEARCH_HOME": os.fspath(root / "home" / "own"),
        "TMPDIR": os.fspath(root / "tmp"),
        "PYTHONPATH": os.fspath(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QPA_PLATFORMTHEME": "",
    }


@cache
def strace() -> tuple[str, ...]:
    """The command before a traced one; empty where strace is missing or tracing is forbidden."""
    tracer = ("strace", "-f", "-qq", "-e", "trace=network")
    if shutil.which("strace") is None:
        return ()
    tried = subprocess.run([*tracer, "-o", os.devnull, "true"], capture_output=True, check=False)
    return tracer if tried.returncode == 0 else ()


def traced(root: Path, name: str, *command: str) -> list[str]:
    (root / "traces").mkdir(parents=True, exist_ok=True)
    return (
        [*strace(), "-o", os.fspath(root / "traces" / name), *command] if strace() else [*command]
    )


def run(root: Path, name: str, *arguments: str) -> str:
    done = subprocess.run(
        traced(root, name, sys.executable, "-m", "capsearch", *arguments),
        env=environment(root),
        cwd=root,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def show_window(root: Path) -> None:
    """Open the window over the library until it has shown photos and looked for new ones, and
    most of a minute more, for what is gathered first and sent by a clock; end all it started."""
    command = traced(root, "window", sys.executable, "-m", "capsearch")
    shown = subprocess.Popen(command, env=environment(root), cwd=root, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: any((root / "home/own").rglob("thumbnails/*/*.jpg")))
        time.sleep(WINDOW_SECONDS)
        assert shown.poll() is None
    finally:
        started = psutil.Process(shown.pid).children(recursive=True)
        window = started[0] if strace() else psutil.Process(shown.pid)
        window.terminate()
        shown.wait(PATIENCE)
        psutil.wait_procs(started, timeout=PATIENCE)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    root = tmp_path_factory.mktemp("visit")
    for seed in range(4):
        make_photo(root / "photos" / f"{seed}.jpg", seed)
    run(root, "index", "index", "photos")
    found = json.loads(run(root, "search", "search", "a dog", "--json"))["results"]
    show_window(root)
    traces = sorted((root / "traces").iterdir())
    trace = "\n".join(path.read_text(errors="replace") for path in traces) if strace() else None
    return Visit(root, len(found), trace)


def test_nothing_is_written_outside_of_capsearchs_own_folder(visit: Visit) -> None:
    assert visit.found == 4
    assert visit.written_outside() == []


def test_no_process_of_ours_connects_to_another_machine(visit: Visit) -> None:
    if visit.trace is None:
        pytest.skip("strace is missing, or this system forbids tracing")
    assert "AF_UNIX" in visit.trace
    assert reached(visit.trace) == []


def test_a_connection_of_a_childs_child_would_be_seen(tmp_path: Path) -> None:
    if not strace():
        pytest.skip("strace is missing, or this system forbids tracing")
    # 192.0.2.1 is kept for examples; nobody has it.
    reach = (
        "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(('192.0.2.1', 9))"
    )
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {reach!r}])"
    subprocess.run(traced(tmp_path, "one", sys.executable, "-c", nested), check=True)
    assert reached((tmp_path / "traces" / "one").read_text()) == ["192.0.2.1"]


_CALL = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?, (.*)")
_ADDRESS = re.compile(r'(?:inet_addr\(|AF_INET6, )"([^"]+)"')


def reached(trace: str) -> list[str]:
    """Addresses off this machine in an strace log. A name server on loopback asks others."""
    found = []
    for call in _CALL.finditer(trace):
        address = _ADDRESS.search(call[1])
        assert address is not None, call[0]
        local = ipaddress.ip_address(address[1]).is_loopback and "htons(53)" not in call[1]
        if not local:
            found.append(address[1])
    return found


def test_everything_works_where_there_is_no_network_at_all(tmp_path: Path) -> None:
    alone = ("unshare", "--map-root-user", "--net")
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this system lets nobody make a network namespace")
    for seed in range(2):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    done = subprocess.run(
        [*alone, sys.executable, "-m", "capsearch", "search", "a dog", "--photos", "photos"],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1.jpg" in done.stdout


def test_the_switches_are_set_in_every_process_whatever_the_user_has_set() -> None:
    child = "import os; print(os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    script = (
        "import os, subprocess, sys, capsearch\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], flush=True)\n"
        f"subprocess.run([sys.executable, '-c', {child!r}], check=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "ORT_DISABLE_TELEMETRY": "0", "HF_HUB_DISABLE_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "1"]


def test_the_hubs_client_sends_nothing_about_this_machine() -> None:
    from huggingface_hub import constants
    from huggingface_hub.utils._headers import build_hf_headers

    assert constants.HF_HUB_DISABLE_TELEMETRY
    assert not {"torch", "agent"} & set(re.findall(r"\w+", build_hf_headers()["user-agent"]))


def test_networks_are_opened_in_one_place() -> None:
    package = Path(privacy.__file__).parent
    opening = [
        path.name for path in package.rglob("*.py") if "InferenceSession(" in path.read_text()
    ]
    assert opening == ["onnx_session.py"]
