"""How long until the program is there: its window, its first photos, a whole command.

The window's program is the real one, in a fresh process of the same Python or of the installed app;
an observer in it looks from its first turn of events on.
"""

import importlib
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from capsearch.benchmark.aside import LostError, Tell, aside
from capsearch.benchmark.shown_window import PATIENCE_SECONDS, choose_screen, pictures_in_sight
from capsearch.settings import HOME_VARIABLE

_LOOK_MS = 5
_COMMAND_SECONDS = 300.0
_WORDS = "two dogs on the beach"


@dataclass(frozen=True)
class Start:
    """One start of the program.

    Attributes:
        visible: seconds from before the process until its window was visible.
        shown: the same until all photos in sight had their pictures.
        read: bytes that had to come from the disk; 0 where the system does not tell.
    """

    visible: float
    shown: float
    read: int


def start_window(home: Path, log: Path) -> Start:
    """Start the program over the library in the folder `home` of all its things, and end it.

    Raises:
        LostError: it did not show its photos.
    """
    with aside(_show, home, log=log) as program:
        _, visible = program.hear_when(PATIENCE_SECONDS)
        read, shown = program.hear_when(PATIENCE_SECONDS)
    return Start(visible, shown, read)


def time_command(*arguments: str, home: Path) -> float:
    """Seconds of `capsearch ARGUMENTS` as a whole, its things in the folder `home`.

    Raises:
        LostError: it failed.
    """
    program = (
        [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "capsearch"]
    )
    return _time([*program, *arguments], home)


def time_search(home: Path) -> float:
    """Seconds of one search by the command."""
    return time_command("search", _WORDS, home=home)


def time_python(home: Path) -> float | None:
    """Seconds of a Python that does nothing; None in the installed app, which has no such thing."""
    if getattr(sys, "frozen", False):
        return None
    return _time([sys.executable, "-c", "pass"], home)


def program_files() -> list[str]:
    """All files of which the program is made, Python's own among them."""
    if getattr(sys, "frozen", False):
        folders = {os.path.dirname(sys.executable)}  # noqa: PTH120
    else:
        names = ("stdlib", "platstdlib", "purelib", "platlib")
        folders = {sysconfig.get_path(name) for name in names}
        folders.add(os.fspath(Path(__file__).parents[2]))
    return [*dict.fromkeys(file for folder in sorted(folders) for file in _files_in(folder))]


def forget_files(files: Sequence[str]) -> None:
    """Ask the system to drop them from memory, as after a start of the machine. Only what no
    running program has in use goes."""
    for name in files:
        with suppress(OSError):
            file = os.open(name, os.O_RDONLY)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)


def can_forget() -> bool:
    """Whether this system can be asked to."""
    return hasattr(os, "posix_fadvise") and hasattr(psutil.Process, "io_counters")


def _files_in(folder: str) -> Iterator[str]:
    for below, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(below, name) for name in names)  # noqa: PTH118


def _time(command: Sequence[str], home: Path) -> float:
    environment = {**os.environ, HOME_VARIABLE: os.fspath(home)}
    begin = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=_COMMAND_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LostError(str(error)) from error
    seconds = time.perf_counter() - begin
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise LostError(f"it ended with code {done.returncode} ({last})")
    return seconds


def _show(tell: Tell, home: Path) -> None:
    os.environ[HOME_VARIABLE] = os.fspath(home)
    choose_screen()
    observer = _observe(tell)
    # By its name: this is the program started from outside, not a part of it that is used here.
    importlib.import_module("capsearch.cli").main([])
    del observer


def _observe(tell: Tell) -> object:
    """Tells when the window of this process is visible, and then when its photos are shown."""
    from PySide6.QtCore import QObject, Qt, QTimer, Signal  # noqa: PLC0415

    class Observer(QObject):
        """Waits in the queue of events, which the program has yet to make."""

        begun = Signal()

        def __init__(self) -> None:
            super().__init__()
            self.begun.connect(self.begin, Qt.ConnectionType.QueuedConnection)
            self.begun.emit()

        def begin(self) -> None:
            """Look again and again, now that events are taken."""
            from PySide6.QtWidgets import QApplication  # noqa: PLC0415

            from capsearch.gui.window import MainWindow  # noqa: PLC0415

            shown = QApplication.topLevelWidgets()
            self._window = next(each for each in shown if isinstance(each, MainWindow))
            self._visible = False
            self._looking = QTimer(self, interval=_LOOK_MS)
            self._looking.timeout.connect(self.look)
            self._looking.start()

        def look(self) -> None:
            """Tell what is new."""
            handle = self._window.windowHandle()
            if not self._visible and handle is not None and handle.isExposed():
                self._visible = True
                tell(None)
            if self._visible and pictures_in_sight(self._window):
                self._looking.stop()
                self._window.library.grid.viewport().repaint()
                tell(_bytes_read())

    return Observer()


def _bytes_read() -> int:
    """What this process and those it started have had to read from the disk."""
    process = psutil.Process()
    total = 0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.Error, AttributeError):
            total += each.io_counters().read_bytes
    return total
