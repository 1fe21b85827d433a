"""What a person wrote for a photo stands beside it."""

import dataclasses
import datetime
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from capsearch.gui.grid.photo_model import month_sections
from capsearch.gui.preview.details import DetailsPanel
from capsearch.library.values import (
    UNDATED,
    Explanation,
    Moved,
    PersonDays,
    PhotoFacts,
    TakenAt,
    TextReason,
    Timeline,
)
from capsearch.personalize.query import ScoreParts
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


PARTS = ScoreParts(score=0.31, clip=0.25, hub=-0.02, recurrence=0.05, warp=0.03, clip_rank=40)


def explained(qtbot: QtBot, **known: Any) -> list[str]:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(FACTS)
    panel.show_explanation(Explanation(1, PARTS, **{"looked_for": "dog", **known}))
    QLocale.setDefault(before)
    words = shown(panel)
    return words[words.index("Why this photo") + 1 :]


def test_a_photo_that_looks_like_the_words_says_so_and_no_more(qtbot: QtBot) -> None:
    assert explained(qtbot) == ["It looks like “dog”."]


def test_a_photo_whose_own_texts_have_the_words_says_where(qtbot: QtBot) -> None:
    assert explained(qtbot, said=TextReason("keyword", "Dogs")) == ["Its keyword: Dogs"]


@pytest.mark.parametrize(
    ("moved", "sentences"),
    [
        (Moved(40, 3, "recurrence"), [
            "Your collection moved it from place 40 to 3.",
            "What it shows keeps coming back in your photos."]),
        (Moved(40, 3, "recurrence", PersonDays("Anna", 14)), [
            "Your collection moved it from place 40 to 3.",
            "Anna is in your photos on 14 day(s)."]),
        (Moved(40, 3, "recurrence", PersonDays("Anna", 1)), [
            "Your collection moved it from place 40 to 3.",
            "What it shows keeps coming back in your photos."]),
        (Moved(40, 3, "meaning"), [
            "Your collection moved it from place 40 to 3.",
            "It fits what “dog” mostly is in your photos."]),
        (Moved(40, 3, "hub"), [
            "Your collection moved it from place 40 to 3.",
            "It looks like few other things, so it was moved up."]),
        (Moved(3, 40, "hub"), [
            "Your collection moved it from place 3 to 40.",
            "It looks like nearly everything, so it was moved back."]),
        (Moved(3, 40, "meaning"), [
            "Your collection moved it from place 3 to 40.",
            "Other photos fit better what “dog” mostly is in your collection."]),
        (Moved(3, 40, "recurrence"), [
            "Your collection moved it from place 3 to 40.",
            "Photos of what keeps coming back were put before it."]),
        (Moved(None, 2, None), [
            "Without your collection it would stand far behind, not in place 2."]),
        (Moved(3, None, None), ["Your collection moved it far back from place 3."]),
    ],
)  # fmt: skip
def test_what_the_collection_did_is_said_in_sentences(
    qtbot: QtBot, moved: Moved, sentences: list[str]
) -> None:
    assert explained(qtbot, moved=moved) == ["It looks like “dog”.", *sentences]


def test_braces_in_what_was_asked_are_shown_as_they_are(qtbot: QtBot) -> None:
    assert explained(qtbot, looked_for="{dog} {0}") == ["It looks like “{dog} {0}”."]
