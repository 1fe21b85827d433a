"""The real window, offscreen, over a real small library; Qt warnings and leftovers fail."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from dated_photo import make_dated_photo
from PySide6.QtCore import QEvent, QLocale, QSettings, QTimer, QtMsgType
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tiny_library import open_tiny_library

from capsearch.gui.bridge import Bridge
from capsearch.gui.look.theme import LIGHT, apply_theme
from capsearch.gui.look.translation import translate_application
from capsearch.gui.window import MainWindow
from capsearch.service.factory import LibraryFactory
from capsearch.settings import Settings

PATIENCE = 30_000
# What the offscreen platform cannot do, said to nobody's harm.
_HARMLESS = ("propagateSizeHints", "Session DBus", "This plugin does not support")

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["capsearch"]


@pytest.fixture(autouse=True)
def clean_qt(qtlog: object) -> Iterator[None]:
    """Fail on a Qt warning, and on a thread or process that a test leaves behind."""
    threads, children = set(threading.enumerate()), _children()
    yield
    bad = [
        record
        for record in qtlog.records  # type: ignore[attr-defined]
        if record.type in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg)
        and not any(words in record.message for words in _HARMLESS)
    ]
    assert not bad, [record.message for record in bad]
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and (set(threading.enumerate()) - threads):
        time.sleep(0.02)
    assert set(threading.enumerate()) <= threads
    assert _children() <= children


def _children() -> set[int]:
    """Our processes by now, those that ended without being waited for too."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ended just now
            zombie = child.status() == psutil.STATUS_ZOMBIE
            if zombie or "resource_tracker" not in " ".join(child.cmdline()):
                found.add(child.pid)
    return found


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty photos of three months in two folders, and one file that is no photo."""
    folder = tmp_path_factory.mktemp("photos")
    for seed in range(30):
        month = 3 + seed % 3
        name = f"{'trip' if seed < 20 else 'home'}/{seed:02d}.{'jpg' if seed % 5 else 'png'}"
        make_dated_photo(folder / name, seed, f"2023:{month:02d}:10 10:{seed:02d}:00")
    (folder / "home" / "broken.jpg").write_bytes(b"\xff\xd8\xff not a photo at all")
    return folder


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Path:
    """A library of these photos."""
    library = tmp_path_factory.mktemp("library") / "library.db"
    with open_tiny_library(library, Settings(), None) as engine:
        engine.index([os.fspath(photos)])
    return library


@pytest.fixture
def open_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, indexed: Path
) -> Iterator[OpenWindow]:
    """`open_window(empty=False)` shows a window over a copy of the library, or over none."""
    apply_theme(qapp, LIGHT)
    opened: list[MainWindow] = []
    library = tmp_path / "library.db"

    def open_one(
        *,
        empty: bool = False,
        settings: Settings | None = None,
        watch: bool = True,
        library_factory: LibraryFactory = open_tiny_library,
    ) -> MainWindow:
        if not empty and not library.exists():
            shutil.copy(indexed, library)
        settings = settings or Settings()
        remembered = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        window = MainWindow(
            Bridge(library, settings, library_factory), settings, remembered, watch=watch
        )
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_one
    for window in opened:
        window.close()
        assert not [timer for timer in window.findChildren(QTimer) if timer.isActive()]
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def window(open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """The window, with all photos shown by date."""
    window = open_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    return window


@pytest.fixture
def large_german(qapp: QApplication) -> Iterator[None]:
    """The program in German, with letters half as large again."""
    before, place = QFont(qapp.font()), QLocale()
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * 1.5)
    QLocale.setDefault(QLocale(QLocale.Language.German))
    translators = translate_application(qapp)
    qapp.setFont(larger)
    yield
    for translator in translators:
        qapp.removeTranslator(translator)
    QLocale.setDefault(place)
    qapp.setFont(before)
    apply_theme(qapp, LIGHT)
