"""The real window, in a process that measures it: on the display, or on none where there is none.

Nothing here loads Qt before it is called: that belongs to what is measured.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from capsearch.benchmark.aside import LostError, Tell, ask_aside
from capsearch.gui.launch import has_display
from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.benchmark.run import Run
    from capsearch.gui.window import MainWindow

PATIENCE_SECONDS = 180.0
_PLATFORM = "QT_QPA_PLATFORM"
_PAUSE_SECONDS = 0.0005


def can_show(run: "Run", part: str) -> bool:
    """Whether a window can be shown here; where it cannot, the run is told that `part` lacks."""
    try:
        platform = ask_aside(_try_to_show, log=run.scratch / "window.log", seconds=60)
    except LostError as reason:
        run.lacks(
            f"{part}: no window can be shown here, for {reason}. Install PySide6-Essentials and "
            "the system's graphics libraries."
        )
        return False
    run.note(
        "The window was measured on no screen (Qt's platform 'offscreen')."
        if platform == "offscreen"
        else f"The window was measured on the screen (Qt's platform '{platform}')."
    )
    return True


def choose_screen() -> None:
    """Show windows of this process on the display, or on none where there is none."""
    if not has_display():
        os.environ[_PLATFORM] = "offscreen"


def pictures_in_sight(window: "MainWindow") -> bool:
    """Whether the grid shows photos, and each of them in sight with its picture."""
    from capsearch.gui.grid.photo_model import PICTURE_ROLE, UNREADABLE_ROLE  # noqa: PLC0415

    grid = window.library.grid
    if not grid.isVisible():
        return False
    top = grid.verticalOffset()
    seen = grid.grid_layout.rows_between(top, top + grid.viewport().height())
    photos = [window.model.index(row) for rows in seen for row in rows]
    return bool(photos) and all(
        photo.data(PICTURE_ROLE) is not None or photo.data(UNREADABLE_ROLE) for photo in photos
    )


class ShownWindow:
    """The window over `library`, shown; `blocks` has the milliseconds of each turn of its events.

    `watch`: the library's folders are followed, as in the program.
    """

    def __init__(self, library: Path, settings: Settings, *, watch: bool) -> None:
        choose_screen()
        from PySide6.QtCore import QSettings  # noqa: PLC0415
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        from capsearch.gui.bridge import Bridge  # noqa: PLC0415
        from capsearch.gui.look.theme import LIGHT, apply_theme  # noqa: PLC0415
        from capsearch.gui.window import MainWindow  # noqa: PLC0415

        self._application = QApplication([])
        apply_theme(self._application, LIGHT)
        self.bridge = Bridge(library, settings)
        remembered = QSettings(str(library.with_name("window.ini")), QSettings.Format.IniFormat)
        self.window = MainWindow(self.bridge, settings, remembered, watch=watch)
        self.blocks: list[float] = []
        self.window.show()

    def until(self, done: Callable[[], bool]) -> float:
        """Have events taken until it is done, and what is due painted; milliseconds.

        Raises:
            TimeoutError: it is not done after minutes.
        """
        begin = time.perf_counter()
        while not done():
            self._turn()
            time.sleep(_PAUSE_SECONDS)
            if time.perf_counter() - begin > PATIENCE_SECONDS:
                raise TimeoutError("the window did not get done what it was asked")
        self._turn()
        return 1000 * (time.perf_counter() - begin)

    def until_pictures(self) -> float:
        """Have events taken until all photos in sight have their pictures; milliseconds."""
        return self.until(partial(pictures_in_sight, self.window))

    def scroll_to(self, pixels: int) -> float:
        """Scroll and paint; milliseconds of the painting alone."""
        grid = self.window.library.grid
        grid.verticalScrollBar().setValue(pixels)
        painting = milliseconds(grid.viewport().repaint)
        self.blocks.append(painting)
        self._turn()
        return painting

    def close(self) -> float:
        """Close it, with all its processes; milliseconds."""
        closing = milliseconds(self.window.close)
        self.window.deleteLater()
        return closing

    def _turn(self) -> None:
        self.blocks.append(milliseconds(self._application.processEvents))


def milliseconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


def memory_in_use() -> tuple[int, int]:
    """Bytes in use by this process, and by it with all that it has started. What they share counts
    once for each."""
    process = psutil.Process()
    alone = together = process.memory_info().rss
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            together += child.memory_info().rss
    return alone, together


def _try_to_show(tell: Tell) -> None:
    choose_screen()
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QWidget  # noqa: PLC0415

    application = QApplication([])
    widget = QWidget()
    widget.show()
    application.processEvents()
    tell(QGuiApplication.platformName())
