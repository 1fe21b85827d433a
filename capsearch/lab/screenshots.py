"""`python -m capsearch.lab.screenshots OUT_DIR PHOTOS_DIR`: every view, in light and dark.

Drives the real window over a library of PHOTOS_DIR that is made for the purpose and thrown away.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.grid.photo_model import PICTURE_ROLE, UNREADABLE_ROLE
from capsearch.gui.learned.naming import NameDialog
from capsearch.gui.look.icons import app_icon
from capsearch.gui.look.theme import DARK, LIGHT, Theme, apply_theme
from capsearch.gui.look.translation import translate_application
from capsearch.gui.window import MainWindow
from capsearch.library.values import Learned, Name
from capsearch.settings import HOME_VARIABLE, Settings

_PATIENCE_MS = 300_000
_SETTLE_MS = 700
_WIDTH, _HEIGHT = 1280, 820
_TYPED = (
    ("chips", "a forest since 2000 without snow"),
    ("mended", "mountian lake"),
    ("unknown", "chien sur la plage"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the pictures; 0 when all are there."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.lab.screenshots")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("photos", type=Path, metavar="PHOTOS_DIR")
    parser.add_argument("--query", default="mountains under a blue sky")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    application.setWindowIcon(app_icon())
    translators = translate_application(application)
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        for theme in (LIGHT, DARK):
            apply_theme(application, theme)
            taker = _Photographer(application, theme, options.out, Path(home), "empty.db")
            taker.photograph_welcome()
            taker = _Photographer(application, theme, options.out, Path(home), "library.db")
            taker.photograph(os.path.abspath(options.photos), options.query)
    translators.clear()
    return 0


class _Photographer:
    """Goes through one window and takes its pictures."""

    def __init__(
        self, application: QApplication, theme: Theme, out: Path, home: Path, library: str
    ) -> None:
        self._application = application
        self._suffix = "dark" if theme.dark else "light"
        self._out = out
        bridge = Bridge(home / library, Settings())
        self._client = bridge.client
        remembered = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        self._window = MainWindow(bridge, Settings(), remembered)
        self._window.resize(_WIDTH, _HEIGHT)
        self._window.show()

    def photograph(self, photos: str, query: str) -> None:
        """All views, in the order in which a person meets them."""
        window, library = self._window, self._window.library
        if self._suffix == "light":
            self._wait(window.welcome.isVisible)
            window.add_folder(photos)
            self._take("first-run")
            self._wait(lambda: window.model.rowCount() > 0 or not self._client.indexer.running)
            self._take("indexing")
        self._wait(lambda: window.model.rowCount() > 0)
        self._wait(lambda: not self._client.indexer.running)
        self._pictures()
        self._take("library")
        window.library.grid.selectAll()
        self._take("chosen")
        window.library.grid.clearSelection()
        library.search.setText(query)
        self._wait(lambda: not window.browser.by_date and window.browser.idle)
        self._pictures()
        self._take("search")
        library.filter_button.setChecked(True)
        self._take("filters")
        library.filters.chips["folders"].click()
        self._wait(lambda: library.filters.folder_list.folders.rowCount() > 0)
        self._take("folders", library.filters.folder_list)
        library.filters.folder_list.close()
        library.compare_button.setChecked(True)
        self._wait(lambda: window.generic.rowCount() > 0)
        self._take("compare")
        library.compare_button.setChecked(False)
        library.filter_button.setChecked(False)
        window.open_preview(library.grid, 0)
        self._wait(lambda: window.preview.image.has_picture)
        self._take("preview")
        self._photograph_slideshow()
        facts = window.preview.facts
        assert facts is not None
        self._photograph_box()
        window.search_similar(facts.id)
        self._wait(lambda: window.browser.question.photo == facts.id and window.browser.idle)
        self._pictures()
        self._take("similar")
        self._photograph_map()
        self._photograph_learned()
        for name, show in (
            ("settings", window.show_settings),
            ("failures", window.show_failures),
            ("keys", window.show_keys),
        ):
            dialog = show()
            self._take(name, dialog)
            dialog.close()
        self._close()

    def _photograph_slideshow(self) -> None:
        window = self._window
        window.start_slideshow()
        slideshow = window.slides.slideshow
        assert slideshow is not None
        self._wait(lambda: slideshow.has_picture)
        self._take("slideshow", slideshow)
        window.slides.close()

    def _photograph_map(self) -> None:
        window = self._window
        window.show_map()
        self._wait(lambda: bool(window.map.canvas.clusters) or window.map.is_empty)
        self._take("map")
        window.map.closed.emit()

    def _photograph_learned(self) -> None:
        """The learned page, with the first that comes back named and all its photos."""
        window, page = self._window, self._window.learned
        answered: list[Learned] = []
        window.learned_desk.learned.connect(answered.append)
        window.show_learned()
        self._wait(lambda: bool(answered))
        if page.cards:
            first = page.cards[0].subject
            answered.clear()
            window.learned_desk.teach(Name(first.ref, "Rex", "dog"), "")
            self._wait(lambda: bool(answered))
            self._spin(3 * _SETTLE_MS)
            self._take("learned")
            page.open_subject(page.cards[0].subject)
            self._spin(2 * _SETTLE_MS)
            self._take("learned-subject")
            page.go_back()
            page.ask_name(page.cards[-1].subject)
            dialog = page.findChild(NameDialog)
            assert dialog is not None
            self._take("learned-name", dialog)
            dialog.reject()
        else:
            self._take("learned")
        page.closed.emit()
        window.heart.popup(window.mapToGlobal(window.rect().center()))
        self._take("heart", window.heart)
        window.heart.hide()

    def _photograph_box(self) -> None:
        """What the search box understands, mends, and does not know."""
        window, search = self._window, self._window.library.search
        window.preview.close_preview()
        for name, words in _TYPED:
            window.library.search.ask_for(words)
            self._wait(partial(self._answered, words))
            self._pictures()
            self._take(name)
        window.activateWindow()
        search.ask_for("")
        search.setFocus()
        search.setText("ma")
        search.typed.emit("ma")
        self._wait(lambda: window.browser.idle)
        self._spin(_SETTLE_MS)
        self._take("suggestions", self._with_list())

    def _answered(self, words: str) -> bool:
        return self._window.browser.question.text == words and self._window.browser.idle

    def _with_list(self) -> QWidget:
        """The list below the search field, which is a window of its own."""
        popups = [each for each in self._application.topLevelWidgets() if each.isVisible()]
        lists = [each for each in popups if each.objectName() == "suggestions"]
        return lists[0] if lists else self._window

    def photograph_welcome(self) -> None:
        """The first run."""
        self._wait(self._window.welcome.isVisible)
        self._take("welcome")
        self._close()

    def _close(self) -> None:
        self._window.close()
        self._window.deleteLater()
        self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _pictures(self) -> None:
        model = self._window.model
        seen = range(min(12, model.rowCount()))

        def is_there(row: int) -> bool:
            index = model.index(row)
            return index.data(PICTURE_ROLE) is not None or bool(index.data(UNREADABLE_ROLE))

        self._wait(lambda: all(is_there(row) for row in seen))

    def _take(self, name: str, widget: QWidget | QDialog | None = None) -> None:
        self._spin(_SETTLE_MS)
        path = self._out / f"{name}-{self._suffix}.png"
        (widget or self._window).grab().save(str(path))

    def _spin(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def _wait(self, until: Callable[[], bool]) -> None:
        deadline = QDeadlineTimer(_PATIENCE_MS)
        while not until():
            if deadline.hasExpired():
                raise TimeoutError("the window did not come to what was to be photographed")
            self._spin(30)


if __name__ == "__main__":
    sys.exit(main())
