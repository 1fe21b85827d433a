"""What a person wrote for a photo stands beside it."""

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from capsearch.gui.preview.details import DetailsPanel
from capsearch.library.values import PhotoFacts

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
