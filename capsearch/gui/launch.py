"""`capsearch` without a command: the window. Imports Qt only when it is to be shown."""

import os
import sys
from pathlib import Path

from capsearch.errors import CapsearchError

_INSTEAD = "`capsearch index` and `capsearch search` work without a window."


def main(library: Path) -> int:
    """Show the window for `library` until it is closed; the exit code.

    Raises:
        CapsearchError: Qt is missing, or there is no display.
    """
    _require_display()
    try:
        from capsearch.gui.program import run  # noqa: PLC0415  (Qt: only for the window)
    except ImportError as error:
        if "capsearch" in str(error):
            raise
        raise CapsearchError(
            f"The window needs Qt, which cannot be loaded here ({error}).",
            f"Install PySide6-Essentials and the system's graphics libraries. {_INSTEAD}",
        ) from error
    return run(library)


def has_display() -> bool:
    """Whether there is somewhere to show the window on."""
    return not sys.platform.startswith(("linux", "freebsd")) or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )


def _require_display() -> None:
    if not has_display():
        raise CapsearchError("There is no display to show the window on.", _INSTEAD)
