"""What every process of the service does at its start."""

import os
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing import parent_process

import psutil

_WINDOWS_BELOW_NORMAL = 0x4000


def start_process(*, background: bool) -> None:
    """End with the window, leave Ctrl-C to it, and step back where the work is for later."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if background:
        with suppress(psutil.Error, OSError):
            low = _WINDOWS_BELOW_NORMAL if sys.platform == "win32" else 10
            psutil.Process().nice(low)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
