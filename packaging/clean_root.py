"""Use the .deb as a person does, on a system that has nothing: `clean_root.py FILE.deb`.

Needs root, Pillow (`build.py`'s environment has it), and of Debian the packages debootstrap,
xvfb, xdotool, xclip and imagemagick. In a fresh Debian without Python and without a network it
installs the package, starts the window by its desktop entry, works with a real mouse and keyboard,
uses the command, removes the package, and sees that photos and library are as they were.
Screenshots of each step are kept.
"""

import argparse
import contextlib
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image
from screen import SIZE, virtual_screen
from smoke import make_photos

_BAR = 60  # height of the search bar, whose cursor blinks
_USER = "anna"
_QUERY = "a street with houses"
_ENTRY = "/usr/share/applications/capsearch.desktop"


def main() -> int:
    """0 where everything went as it should; otherwise a sentence says what did not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument(
        "--photos", type=Path, metavar="DIR", help="a folder of yours; made ones without it"
    )
    parser.add_argument("--suite", default="bookworm", help="Debian's release (%(default)s)")
    parser.add_argument("--mirror", default="http://deb.debian.org/debian", metavar="URL")
    parser.add_argument("--screenshots", type=Path, default=Path("screenshots"), metavar="DIR")
    options = parser.parse_args()
    options.screenshots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        step("a fresh system", lambda: make_root(root, options.suite, options.mirror))
        with mounted(root), display(root) as screen:
            machine = Machine(root, screen, options.screenshots)
            step("the package is installed", lambda: machine.install(options.package))
            photos = machine.give_photos(options.photos or make_photos(Path(name) / "photos"))
            before = fingerprints(photos)
            step("the command indexes and finds, offline", machine.use_command)
            step("the first start by the desktop entry", machine.first_start)
            step("search by typing", machine.search)
            step("quit, and start again", machine.start_again)
            step("the package is removed", machine.remove)
            if fingerprints(photos) != before:
                raise SystemExit("A photo was changed.")
            if not (root / f"home/{_USER}/.local/share/capsearch/library.db").is_file():
                raise SystemExit("The library went with the package.")
    print("Everything went as it should; photos and library are as they were.")
    return 0


def step(title: str, act: Callable[[], object]) -> None:
    """Do it and say how long it took."""
    begin = time.monotonic()
    act()
    print(f"{time.monotonic() - begin:6.1f} s  {title}", flush=True)


def make_root(root: Path, suite: str, mirror: str) -> None:
    """Debian's smallest system, with a user, a font and what opens a desktop entry."""
    run("debootstrap", "--variant=minbase", suite, str(root), mirror)
    (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (root / "usr/sbin/policy-rc.d").chmod(0o755)
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    apt(root, "install", "libglib2.0-bin", "fonts-dejavu-core")
    run("chroot", str(root), "useradd", "--create-home", _USER)
    for name in ("python3", "gcc"):
        if (root / "usr/bin" / name).exists():
            raise SystemExit(f"The fresh system has {name}.")


def apt(root: Path, *arguments: str) -> None:
    """Debian's installer inside of the root."""
    run(
        *("chroot", str(root), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"),
        *("--no-install-recommends", "-o", "APT::Sandbox::User=root", *arguments),
    )


def run(*command: str) -> str:
    """What a program prints.

    Raises:
        SystemExit: it failed; with what it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def mounted(root: Path) -> Iterator[None]:
    """With the file systems that every system has."""
    mounts = [("proc", "proc", "proc"), ("tmpfs", "tmpfs", "dev/shm"), ("tmpfs", "tmpfs", "tmp")]
    for kind, source, target in mounts:
        (root / target).mkdir(exist_ok=True)
        run("mount", "-t", kind, source, str(root / target))
    for device in ("null", "zero", "urandom", "random"):
        if not (root / "dev" / device).exists():
            run("cp", "-a", f"/dev/{device}", str(root / "dev" / device))
    (root / "tmp").chmod(0o1777)
    try:
        yield
    finally:
        for _, _, target in reversed(mounts):
            subprocess.run(["umount", "--lazy", str(root / target)], check=False)


@contextlib.contextmanager
def display(root: Path) -> Iterator[str]:
    """A screen whose socket is inside of the root too."""
    with virtual_screen() as screen:
        sockets = root / "tmp" / ".X11-unix"
        sockets.mkdir()
        run("mount", "--bind", "/tmp/.X11-unix", str(sockets))
        try:
            yield screen
        finally:
            subprocess.run(["umount", "--lazy", str(sockets)], check=False)


def fingerprints(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and date of every file."""
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Machine:
    """The fresh system with its screen."""

    def __init__(self, root: Path, screen: str, screenshots: Path) -> None:
        self._root, self._screen, self._screenshots = root, screen, screenshots
        self._first = ""

    def install(self, package: Path) -> None:
        """By apt, which brings what the package depends on."""
        shutil.copyfile(package, self._root / "var/tmp/capsearch.deb")
        apt(self._root, "install", "/var/tmp/capsearch.deb")
        size = int(self._query("Installed-Size"))
        print(f"         installed size {size / 1024:.0f} MiB ({size * 1024 / 1e6:.0f} MB)")

    def give_photos(self, photos: Path) -> Path:
        """Put the photos where a person has them."""
        target = self._root / f"home/{_USER}/Pictures"
        shutil.copytree(photos, target)
        run("chroot", str(self._root), "chown", "-R", f"{_USER}:{_USER}", f"/home/{_USER}")
        return target

    def use_command(self) -> None:
        """Index and search without a window, in a library of its own."""
        told = self._as_user(
            *("capsearch", "search", _QUERY, "--photos", f"/home/{_USER}/Pictures", "--json"),
            *("--library", "/tmp/command.db"),
        )
        found = json.loads(told)["results"]
        if not found:
            raise SystemExit("The command found nothing.")
        again = self._as_user(
            "capsearch", "search", _QUERY, "--json", "--library", "/tmp/command.db"
        )
        self._first = json.loads(again)["results"][0]["path"]
        self._as_user("capsearch", "doctor", "--library", "/tmp/command.db")
        self._as_user(
            *("capsearch", "benchmark", "--quick", "--photos", f"/home/{_USER}/Pictures"),
            *("--rounds", "1"),
        )

    def first_start(self) -> None:
        """The desktop entry opens the window; a click begins with the pictures' folder."""
        window = self._start()
        self._picture("1-welcome")
        self._click(window, "Start")
        self._wait_until_still("2-indexed")

    def search(self) -> None:
        """Words typed into the search bar find what the command found."""
        self._type(_QUERY)
        self._wait_until_still("3-results")
        self._tool("xdotool", "key", "Down")
        time.sleep(0.5)
        self._tool("xdotool", "key", "ctrl+c")
        time.sleep(0.5)
        self._picture("4-copied")
        copied = self._tool("xclip", "-selection", "clipboard", "-o", "-t", "text/uri-list")
        if not copied.strip().endswith(Path(self._first).name):
            raise SystemExit(f"The window found {copied!r}, the command {self._first!r} first.")

    def start_again(self) -> None:
        """Ctrl+Q ends all of its processes; the next start shows the photos at once."""
        self._quit()
        self._start()
        self._wait_until_still("5-second-start")
        self._quit()

    def remove(self) -> None:
        """Nothing of the package stays."""
        apt(self._root, "purge", "capsearch")
        left = [self._root / "usr/lib/capsearch", self._root / "usr/bin/capsearch"]
        if any(path.exists() for path in left):
            raise SystemExit(f"Of the package there is still {left}.")

    def _query(self, field: str) -> str:
        return run("dpkg-query", f"--admindir={self._root}/var/lib/dpkg", "-W", "-f",
                   f"${{{field}}}", "capsearch")  # fmt: skip

    def _as_user(self, *command: str, wait: bool = True) -> str:
        environment = [f"HOME=/home/{_USER}", f"DISPLAY={self._screen}", "LANG=C.UTF-8",
                       "PATH=/usr/bin:/bin", f"USER={_USER}"]  # fmt: skip
        whole = ["unshare", "--net", "chroot", f"--userspec={_USER}", str(self._root), "env", "-i",
                 *environment, *command]  # fmt: skip
        if wait:
            return run(*whole)
        subprocess.Popen(whole, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return ""

    def _start(self) -> str:
        begin = time.monotonic()
        self._as_user("gio", "launch", _ENTRY, wait=False)
        window = self._tool(
            *("xdotool", "search", "--sync", "--onlyvisible", "--name", "^CapSearch$")
        ).split()[0]
        print(f"         window visible after {time.monotonic() - begin:.1f} s")
        time.sleep(2)
        self._tool("xdotool", "windowmove", window, "0", "0")
        self._tool("xdotool", "windowfocus", "--sync", window)
        return window

    def _click(self, window: str, what: str) -> None:
        """The welcome's main button stands in the middle of the window."""
        places = {"Start": (0.41, 0.565)}
        shape = self._tool("xdotool", "getwindowgeometry", "--shell", window)
        values = dict(line.split("=") for line in shape.split())
        x, y = (
            int(int(values[side]) * part)
            for side, part in zip(("WIDTH", "HEIGHT"), places[what], strict=True)
        )
        self._tool("xdotool", "mousemove", str(x), str(y), "click", "1")

    def _type(self, text: str) -> None:
        self._tool("xdotool", "key", "ctrl+f")
        self._tool("xdotool", "type", "--delay", "40", text)

    def _quit(self) -> None:
        self._tool("xdotool", "key", "ctrl+q")
        end = time.monotonic() + 20
        while self._processes():
            if time.monotonic() > end:
                raise SystemExit(f"Processes of CapSearch stayed: {self._processes()}")
            time.sleep(0.1)

    def _processes(self) -> list[str]:
        """Numbers of the processes that run the bundle's program."""
        program = str(self._root / "usr/lib/capsearch/capsearch")
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if str((process / "exe").readlink()) == program:
                    found.append(process.name)
        return found

    def _wait_until_still(self, name: str) -> None:
        """Until nothing moves on the screen for three seconds, but for the search bar's cursor."""
        before, since = "", time.monotonic()
        end = since + 180
        while time.monotonic() - since < 3:
            now = self._picture(name)
            if now != before:
                before, since = now, time.monotonic()
            if time.monotonic() > end:
                raise SystemExit(f"The window does not come to rest ({name}).")
            time.sleep(0.5)

    def _picture(self, name: str) -> str:
        """Keep a screenshot; the fingerprint of what is below the search bar."""
        file = self._screenshots / f"{name}.png"
        self._tool("import", "-window", "root", str(file))
        with Image.open(file) as picture:
            below = picture.convert("RGB").crop((0, _BAR, *SIZE))
        return hashlib.sha256(below.tobytes()).hexdigest()

    def _tool(self, *command: str) -> str:
        return run("env", f"DISPLAY={self._screen}", *command)


if __name__ == "__main__":
    sys.exit(main())
