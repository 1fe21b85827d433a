"""Bugs are kept on this machine, with their traceback, so that they can be reported."""

import platform
import sys
import traceback
from datetime import datetime
from pathlib import Path

from capsearch import __version__
from capsearch.files import write_whole
from capsearch.settings import data_dir


def keep_crash(error: BaseException) -> Path | None:
    """Write `error` to a file of the user's own; None where even that is not possible."""
    moment = datetime.now().astimezone()
    path = data_dir() / "crashes" / f"{moment:%Y%m%d-%H%M%S-%f}.txt"
    lines = [
        f"CapSearch {__version__}, Python {sys.version.split()[0]}, {platform.platform()}\n",
        f"{moment.isoformat()}\n\n",
        *traceback.format_exception(error),
    ]
    try:
        with write_whole(path) as file:
            file.write("".join(lines).encode("utf-8", errors="backslashreplace"))
    except OSError:
        return None
    return path
