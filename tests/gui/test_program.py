"""The program around the window: what it loads, one instance, crash reports, no display."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capsearch.crash_log import keep_crash
from capsearch.errors import CapsearchError
from capsearch.gui import launch
from capsearch.gui.grid.photo_grid import LARGEST, SMALLEST, USUAL
from capsearch.gui.look.theme import DARK, LIGHT, apply_theme, theme_of
from capsearch.gui.look.translation import translate_application
from capsearch.gui.panels.last_crash import tell_last_crash
from capsearch.gui.single_instance import SingleInstance
from capsearch.gui.window import MainWindow
from capsearch.settings import Settings


def test_the_windows_process_loads_no_model_no_codec_and_no_database() -> None:
    script = (
        "import sys, capsearch.gui.program\n"
        "found = {'torch', 'onnxruntime', 'open_clip', 'hnswlib', 'PIL', 'rawpy', 'pi_heif',"
        " 'sqlite3', 'capsearch.personalize'} & set(sys.modules)\n"
        "sys.exit(', '.join(found) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_without_a_display_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CapsearchError, match="no display"):
        launch.main(tmp_path / "library.db")


SECOND_START = (
    "import sys\n"
    "from pathlib import Path\n"
    "from PySide6.QtCore import QCoreApplication\n"
    "from capsearch.gui.single_instance import SingleInstance\n"
    "application = QCoreApplication([])\n"
    "sys.exit(0 if SingleInstance(Path(sys.argv[1])).raised_other() else 3)"
)


def test_a_second_start_raises_the_first_window(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first = SingleInstance(tmp_path / "library.db")
    assert not first.raised_other()
    first.listen(window)
    command = [sys.executable, "-c", SECOND_START, os.fspath(tmp_path / "library.db")]
    second = subprocess.Popen(command)
    qtbot.waitUntil(window.isVisible, timeout=30_000)
    assert second.wait(30) == 0
    first.close()


def test_a_first_window_that_hangs_does_not_keep_a_second_from_opening(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first = SingleInstance(tmp_path / "library.db")
    first.listen(window)
    command = [sys.executable, "-c", SECOND_START, os.fspath(tmp_path / "library.db")]
    # Meanwhile this thread, which would answer, stands still.
    assert subprocess.run(command, check=False, timeout=60).returncode == 3
    first.close()


def test_a_crash_is_shown_once_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    remembered = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    assert tell_last_crash(window, remembered) is None
    keep_crash(ValueError("a most peculiar thing"))
    box = tell_last_crash(window, remembered)
    assert box is not None and "a most peculiar thing" in box.detailedText()
    box.close()
    assert tell_last_crash(window, remembered) is None


def test_light_and_dark_are_both_readable(qapp: QApplication) -> None:
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme)
        palette = qapp.palette()
        assert theme_of(palette) is theme
        text, ground = palette.windowText().color(), palette.window().color()
        assert abs(text.lightness() - ground.lightness()) > 150


def test_the_window_speaks_german_and_counts_in_english(qapp: QApplication) -> None:
    for language, words, photos in (
        ("de_DE", "Schließen", "2 Fotos"),
        ("fr_FR", "Close", "2 photos"),
    ):
        before = QLocale()
        QLocale.setDefault(QLocale(language))
        installed = translate_application(qapp)
        try:
            translate = qapp.translate
            assert translate("NoticeBar", "Close") == words
            assert translate("MainWindow", "%n photo(s)", "", 2) == photos
        finally:
            for translator in installed:
                qapp.removeTranslator(translator)
            QLocale.setDefault(before)


@pytest.mark.parametrize(
    "damaged",
    [
        "[General]\ncell=wide\npersonalized=perhaps\nhistory=@Invalid()\ngeometry=nonsense\n",
        "[General]\ncell=@Invalid()\npersonalized=@Invalid()\nhistory=@Size(1 2)\n",
        "[General]\ncell=1.5e3\npersonalized=a, b\ngeometry=@ByteArray(\\0\\x1)\n",
        "[General]\ncell=@ByteArray(\\0)\nhistory=@ByteArray(\\xff)\npersonalized=\ngeometry=1\n",
        "[General\ncell",
        "\0\xff\n[[]=\x01",
    ],
)
def test_a_window_with_a_damaged_memory_opens_as_the_first_time(
    open_window: Callable[..., MainWindow], tmp_path: Path, damaged: str
) -> None:
    (tmp_path / "window.ini").write_bytes(damaged.encode("latin-1"))
    window = open_window(empty=True)
    assert window.library.grid.cell == USUAL
    assert window.library.search.history == []
    assert window.library.yours_button.isChecked() is Settings().personalize


@pytest.mark.parametrize(
    ("cell", "shown"), [("-5", SMALLEST), ("99999999999999999999", LARGEST), ("200", 200)]
)
def test_a_size_out_of_bounds_is_the_nearest_one(
    open_window: Callable[..., MainWindow], tmp_path: Path, cell: str, shown: int
) -> None:
    text = f"[General]\ncell={cell}\nhistory=a dog, @Invalid(), snow\npersonalized=false\n"
    (tmp_path / "window.ini").write_text(text)
    window = open_window(empty=True)
    assert window.library.grid.cell == shown
    assert window.library.search.history == ["a dog", "snow"]
    assert not window.library.yours_button.isChecked()
