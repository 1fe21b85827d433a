"""What a person wrote for a photo stands beside it."""

import dataclasses
import datetime

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from capsearch.gui.grid.photo_model import month_sections
from capsearch.gui.preview.details import DetailsPanel
from capsearch.library.values import UNDATED, PhotoFacts, TakenAt, Timeline
from capsearch.photos.metadata.model import Precision

FACTS = PhotoFacts(
    id=1, paths=("/p/IMG_1.jpg",), offline=False, width=4, height=3, format="JPEG", taken=None,
    latitude=None, longitude=None, camera=None, rating=None, keywords=(), people=(),
    title="Tractor parade", texts=("Harvest <b>festival</b>", "second"), place=None,
)  # fmt: skip


def shown(panel: DetailsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]


def test_title_and_texts_are_shown_as_they_were_written(qtbot: QtBot) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(FACTS)
    assert shown(panel)[:4] == ["IMG_1.jpg", "Tractor parade", "Harvest <b>festival</b>", "second"]
    formats = {label.textFormat() for label in panel.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}


def test_a_photo_of_which_nothing_is_written_shows_nothing_in_its_place(qtbot: QtBot) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(dataclasses.replace(FACTS, title=None, texts=()))
    assert shown(panel)[:2] != ["IMG_1.jpg", "Tractor parade"]
    assert "second" not in shown(panel)


def test_a_photo_that_is_cut_off_says_so(qtbot: QtBot) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(FACTS)
    assert not any(text.startswith("Cut off") for text in shown(panel))
    panel.show_facts(dataclasses.replace(FACTS, cut_off=True))
    assert "Cut off: only a part of this file is there" in shown(panel)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(7.2, "0:07"), (0.2, "0:01"), (59.6, "1:00"), (605, "10:05"), (3723, "1:02:03")],
)
def test_a_video_tells_its_length(qtbot: QtBot, seconds: float, words: str) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(dataclasses.replace(FACTS, seconds=seconds, format="MP4"))
    assert f"4 x 3 · {words} · MP4" in shown(panel)


@pytest.mark.parametrize(
    ("precision", "source", "words"),
    [
        ("year", "xmp", "1978"),
        ("month", "xmp", "July 1978"),
        ("day", "xmp", "Tuesday, 4 July 1978"),
        ("second", "xmp", "Tuesday, 4 July 1978\n18:20"),
        ("year", "named", "1978\ndate from the name"),
        ("second", "file", "Tuesday, 4 July 1978\n18:20 · date of the file"),
        ("second", "unset", "Tuesday, 4 July 1978\n18:20 · the camera's clock may not have "
         "been set"),
    ],
)  # fmt: skip
def test_a_date_is_shown_as_exactly_as_it_is_known(
    qtbot: QtBot, precision: Precision, source: str, words: str
) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    taken = TakenAt(datetime.datetime(1978, 7, 4, 18, 20), None, source, precision)
    panel.show_facts(dataclasses.replace(FACTS, taken=taken))
    QLocale.setDefault(before)
    assert words in shown(panel)


def test_photos_of_a_year_stand_behind_its_months() -> None:
    august = (datetime.date(1978, 8, 1) - datetime.date(1970, 1, 1)).days
    days = np.array([august, august - 1, UNDATED + 1978, UNDATED + 1978, august - 400, UNDATED])
    ids = np.arange(len(days))
    sections = month_sections(Timeline(ids, days.astype(np.int32), ()))
    assert [(section.title, section.count) for section in sections] == [
        ("August 1978", 1), ("July 1978", 1), ("1978", 2), ("June 1977", 1), ("No date", 1)
    ]  # fmt: skip
