"""What is known of one photo, beside its preview."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.look.buttons import IconLabel, push_button
from capsearch.gui.look.dates import taken_text, time_text
from capsearch.gui.look.translation import in_german
from capsearch.gui.preview.reasons import reasons
from capsearch.library.values import Explanation, NamedPlace, PhotoFacts
from capsearch.text import length_text

DETAILS_WIDTH = 300


class DetailsPanel(QScrollArea):
    """`person_chosen`, `camera_chosen` and `subject_chosen` carry what was clicked, to look for
    more of it."""

    person_chosen = Signal(str)
    camera_chosen = Signal(str)
    subject_chosen = Signal(str)
    copies_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setFixedWidth(DETAILS_WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._explanation: QWidget | None = None

    def show_facts(self, facts: PhotoFacts) -> None:
        """Describe this photo."""
        page = QFrame()
        page.setObjectName("details")
        self._explanation = None
        self._rows = QVBoxLayout(page)
        self._rows.setContentsMargins(20, 20, 20, 20)
        self._rows.setSpacing(16)
        name = _text(readable(Path(facts.paths[0]).name), "heading")
        self._rows.addWidget(name)
        if facts.title:
            self._rows.addWidget(_text(facts.title, "section"))
        for text in facts.texts:
            self._rows.addWidget(_text(text))
        if facts.offline:
            self._add("offline", self.tr("Offline: its drive is not connected"))
        if facts.cut_off:
            self._add("warning", self.tr("Cut off: only a part of this file is there"))
        if facts.stacked:
            words = self.tr("%n near copies", "", facts.stacked)
            self._add_link("copy", words, partial(self.copies_wanted.emit, facts.id))
        self._add_when(facts)
        for subject in facts.subjects:
            self._add_link("yours", subject, partial(self.subject_chosen.emit, subject))
        if facts.people:
            self._add_buttons("person", [person.name for person in facts.people])
        if facts.camera:
            self._add_link("camera", facts.camera, partial(self.camera_chosen.emit, facts.camera))
        self._add("photo", self._size(facts))
        self._add_place(facts)
        if facts.keywords:
            self._add("tag", ", ".join(facts.keywords))
        if facts.rating is not None and facts.rating > 0:
            self._add("yours", "★" * facts.rating + "☆" * (5 - facts.rating))
        for path in facts.paths:
            self._add("folder", readable(path))
        self._rows.addStretch()
        self.setWidget(page)

    def show_explanation(self, explanation: Explanation) -> None:
        """Say why the photo was found."""
        if self._explanation is not None:
            self._explanation.setParent(None)
        box = QWidget()
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 6, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(_text(self.tr("Why this photo"), "section"))
        for words in reasons(explanation):
            inside.addWidget(_text(words))
        self._rows.insertWidget(self._rows.count() - 1, box)
        self._explanation = box

    def _add_when(self, facts: PhotoFacts) -> None:
        if facts.taken is None:
            self._add("calendar", self.tr("No date known"))
            return
        words = taken_text(facts.taken)
        if facts.taken.precision == "second":
            words += f"\n{time_text(facts.taken.local)}"
        origin = self._origin_of_date(facts.taken.source)
        if origin:
            words += (" · " if "\n" in words else "\n") + origin
        self._add("calendar", words)

    def _origin_of_date(self, source: str) -> str:
        """Said where the date is less sure than the camera's."""
        origins = {
            "file": self.tr("date of the file"),
            "changed": self.tr("date of the last change"),
            "unset": self.tr("the camera's clock may not have been set"),
            "satellites": self.tr("date of the position"),
            "digitized": self.tr("date of the scan"),
            "name": self.tr("date from the name"),
            "named": self.tr("date from the name"),
        }
        return origins.get(source, "")

    def _add_place(self, facts: PhotoFacts) -> None:
        if facts.latitude is None or facts.longitude is None:
            return
        north = "N" if facts.latitude >= 0 else "S"
        east = "E" if facts.longitude >= 0 else "W"
        position = f"{abs(facts.latitude):.5f}° {north}\n{abs(facts.longitude):.5f}° {east}"
        self._add("pin", "\n".join((*_place_lines(facts.place), position)))

    def _size(self, facts: PhotoFacts) -> str:
        if facts.seconds is not None:
            length = length_text(facts.seconds)
            return f"{facts.width} x {facts.height} · {length} · {facts.format}"
        pixels = facts.width * facts.height / 1e6
        return f"{facts.width} x {facts.height} · {pixels:.1f} MP · {facts.format}"

    def _add(self, icon_name: str, words: str) -> None:
        self._add_row(icon_name, _text(words))

    def _add_link(self, icon_name: str, words: str, chosen: Callable[[], object]) -> None:
        button = push_button(words, "quiet")
        button.setStyleSheet("text-align: left; padding: 0;")
        button.clicked.connect(lambda _: chosen())
        self._add_row(icon_name, button)

    def _add_buttons(self, icon_name: str, names: list[str]) -> None:
        for name in dict.fromkeys(names):
            self._add_link(icon_name, name, partial(self.person_chosen.emit, name))

    def _add_row(self, icon_name: str, widget: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconLabel(icon_name, 18), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(widget, 1)
        self._rows.addLayout(row)


def _place_lines(place: NamedPlace | None) -> list[str]:
    """The city; its region and country. What has the same name is said once."""
    if place is None:
        return []
    city, region, country = (
        (place.german_city, place.german_region, place.german_country)
        if in_german()
        else (place.city, place.region, place.country)
    )
    wider = ", ".join(name for name in dict.fromkeys((region, country)) if name not in ("", city))
    return [line for line in (city, wider) if line]


def _text(words: str, kind: str = "") -> QLabel:
    # Break long file names anywhere: a label wraps at spaces only.
    shown = "\u200b".join(words) if " " not in words and len(words) > 20 else words
    label = QLabel(shown)
    label.setAccessibleName(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    if kind:
        label.setObjectName(kind)
    return label
