"""The photos that a grid shows, as a Qt model: ids at once, facts when they come into sight."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    QUrl,
    Signal,
)

from capsearch.gui.grid.grid_layout import Section
from capsearch.gui.look.dates import month_text, number_text, taken_text
from capsearch.gui.look.translation import in_german
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import UNDATED, Answer, IdArray, PhotoFacts, Timeline
from capsearch.text import length_text

Index = QModelIndex | QPersistentModelIndex

_EPOCH = datetime.date(1970, 1, 1)
_FACTS_KEPT = 20_000
_FACTS_AT_ONCE = 120

PHOTO_ROLE = Qt.ItemDataRole.UserRole
FACTS_ROLE = Qt.ItemDataRole.UserRole + 1
PICTURE_ROLE = Qt.ItemDataRole.UserRole + 2
UNREADABLE_ROLE = Qt.ItemDataRole.UserRole + 3


class PhotoModel(QAbstractListModel):
    """`facts_wanted` carries the ids whose facts came into sight: answer with `add_facts`."""

    facts_wanted = Signal(list)

    def __init__(self, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._ids: IdArray = np.empty(0, np.int64)
        self._shown = 0
        self._keeps_place = False
        self._ranked = False
        self._order = np.empty(0, np.intp)
        self._scores: npt.NDArray[np.float32] | None = None
        self._facts: dict[int, PhotoFacts] = {}
        self._outdated: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._sections: tuple[Section, ...] = ()
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        thumbnails.ready.connect(self._repaint)

    def show_timeline(self, timeline: Timeline, *, keep: bool = False) -> None:
        """Show photos by month; `keep` for the same ones after the library has changed."""
        if keep and np.array_equal(timeline.ids, self._ids):
            return
        self._keeps_place = keep
        self._ranked = False
        self._replace(timeline.ids, len(timeline.ids), month_sections(timeline), timeline.facts)

    def show_answer(self, answer: Answer, *, keep: bool = False) -> None:
        """Show the relevant photos of an answer, best first; `keep` as for the timeline."""
        if keep and np.array_equal(answer.ids, self._ids):
            return
        self._keeps_place = keep
        self._ranked = True
        section = Section("", 0, answer.relevant)
        self._replace(answer.ids, answer.relevant, (section,), answer.facts, answer.scores)

    def show_photos(self, ids: IdArray, facts: Iterable[PhotoFacts]) -> None:
        """Show these photos, in their order; the same ones again keep their place."""
        self._keeps_place = np.array_equal(ids, self._ids)
        self._replace(ids, len(ids), (Section("", 0, len(ids)),), facts)

    def show_all(self) -> None:
        """Show the less relevant photos too."""
        if self._shown == len(self._ids):
            return
        self.beginInsertRows(QModelIndex(), self._shown, len(self._ids) - 1)
        self._shown = len(self._ids)
        self._sections = (Section("", 0, self._shown),)
        self.endInsertRows()

    @property
    def keeps_place(self) -> bool:
        """Whether what is shown now continues what was shown before."""
        return self._keeps_place

    @property
    def photo_ids(self) -> list[int]:
        """The ids of the photos shown, in their order."""
        return self._ids[: self._shown].tolist()  # type: ignore[no-any-return]

    @property
    def hidden(self) -> int:
        """How many less relevant photos are not shown."""
        return len(self._ids) - self._shown

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headings and what is under each."""
        return self._sections

    def row_of(self, photo_id: int) -> int | None:
        """Where a photo is shown."""
        place = int(np.searchsorted(self._ids, photo_id, sorter=self._order))
        if place == len(self._order):
            return None
        row = int(self._order[place])
        return row if self._ids[row] == photo_id and row < self._shown else None

    def id_at(self, row: int) -> int:
        """The photo at `row`."""
        return int(self._ids[row])

    def known(self, photo_id: int) -> PhotoFacts | None:
        """What is known of a photo; nothing is asked for."""
        return self._facts.get(photo_id)

    def score_of(self, photo_id: int) -> float | None:
        """How well a photo that is shown fits the question; None where nothing was asked."""
        row = self.row_of(photo_id)
        return None if row is None or self._scores is None else float(self._scores[row])

    def add_facts(self, facts: Iterable[PhotoFacts]) -> None:
        """Take what is known of some photos."""
        for known in facts:
            self._facts[known.id] = known
            self._outdated.discard(known.id)
            self._asked.discard(known.id)
            self._repaint(known.id)

    def renew_facts(self) -> None:
        """Read facts anew when they come into sight: the library has changed. What was known is
        shown until then, so that no picture in sight turns grey."""
        self._outdated = set(self._facts)
        self._asked.clear()
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(self._shown - 1))

    def facts_at(self, row: int) -> PhotoFacts | None:
        """What is known of the photo at `row`; asked for where it is nothing yet."""
        photo_id = int(self._ids[row])
        known = self._facts.get(photo_id)
        current = known is not None and photo_id not in self._outdated
        if not current and photo_id not in self._asked:
            self._wanted[photo_id] = None
            if not self._asking.isActive():
                self._asking.start()
        return known

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """How many photos are shown."""
        return 0 if parent.isValid() else self._shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The photo's id, facts, picture, or its words for screen readers and tool tips."""
        if not index.isValid():
            return None
        row = index.row()
        if role == PHOTO_ROLE:
            return int(self._ids[row])
        if role == UNREADABLE_ROLE:
            return self._thumbnails.is_unreadable(int(self._ids[row]))
        facts = self.facts_at(row)
        if facts is None or role == FACTS_ROLE:
            return facts
        if role == PICTURE_ROLE:
            return self._thumbnails.get(facts)
        return self._said_words(facts, row, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every photo can be chosen and dragged out."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:  # noqa: N802
        """Photos leave as files."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """The files of these photos, for other programs."""
        mime = QMimeData()
        found = [self.facts_at(index.row()) for index in indexes]
        mime.setUrls([QUrl.fromLocalFile(facts.paths[0]) for facts in found if facts])
        ids = [str(index.data(PHOTO_ROLE)) for index in indexes]
        mime.setData(OWN_PHOTOS, QByteArray(",".join(ids).encode()))
        return mime

    def _said_words(self, facts: PhotoFacts, row: int, role: int) -> str | None:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_words(facts, ', ')}, {self._place_words(row)}"
        return _words(facts, "\n") if role == Qt.ItemDataRole.ToolTipRole else None

    def _place_words(self, row: int) -> str:
        words = (
            QCoreApplication.translate("photos", "result {number} of {count}")
            if self._ranked
            else QCoreApplication.translate("photos", "photo {number} of {count}")
        )
        return words.format(number=number_text(row + 1), count=number_text(self._shown))

    def _replace(
        self,
        ids: IdArray,
        shown: int,
        sections: tuple[Section, ...],
        facts: Iterable[PhotoFacts],
        scores: npt.NDArray[np.float32] | None = None,
    ) -> None:
        self.beginResetModel()
        if len(self._facts) > _FACTS_KEPT:
            self._facts.clear()
            self._outdated.clear()
        self._ids, self._shown, self._sections = ids, shown, sections
        self._order = np.argsort(ids)
        self._scores = scores
        self._wanted.clear()
        self._asked.clear()
        for known in facts:
            self._facts[known.id] = known
            self._outdated.discard(known.id)
        self.endResetModel()

    def _ask(self) -> None:
        wanted = list(self._wanted)
        self._wanted.clear()
        self._asked.update(wanted)
        # In parts, so that those in sight now need not wait for those passed by.
        for start in range(0, len(wanted), _FACTS_AT_ONCE):
            self.facts_wanted.emit(wanted[start : start + _FACTS_AT_ONCE])

    def _repaint(self, photo_id: int) -> None:
        row = self.row_of(photo_id)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))


OWN_PHOTOS = "application/x-capsearch-photos"
"""Marks photos dragged out of our own grid."""


def month_sections(timeline: Timeline) -> tuple[Section, ...]:
    """One section for each month, in the timeline's order; one for each year behind it, of the
    photos of which no month is known; one at the end of those without a date."""
    if not len(timeline.ids):
        return ()
    dated = timeline.days > UNDATED + datetime.MAXYEAR
    months = np.where(dated, timeline.days, 0).astype("datetime64[D]").astype("datetime64[M]")
    numbers = np.where(dated, months.astype(np.int64), timeline.days)
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    ends = np.append(starts[1:], len(numbers))
    return tuple(
        Section(_month_title(int(numbers[start])), int(start), int(end - start))
        for start, end in zip(starts, ends, strict=True)
    )


def _month_title(month: int) -> str:
    """Of months since January 1970; or of `UNDATED` and a year, 0 for none."""
    if month > UNDATED + datetime.MAXYEAR:
        return month_text((1970 + month // 12, 1 + month % 12))
    return month_text((month - UNDATED, None) if month > UNDATED else None)


def _words(facts: PhotoFacts, separator: str) -> str:
    """The photo in words, for screen readers and tool tips."""
    words = [Path(facts.paths[0]).name]
    if facts.taken is not None and facts.taken.source != "file":
        words.append(taken_text(facts.taken))
    else:
        words.append(month_text(None))
    if facts.place is not None:
        words.append(facts.place.german_city if in_german() else facts.place.city)
    if facts.seconds is not None:
        video = QCoreApplication.translate("photos", "Video, {length}")
        words.append(video.format(length=length_text(facts.seconds)))
    elif facts.has_video:
        words.append(QCoreApplication.translate("photos", "With a video"))
    if facts.people:
        words.append(", ".join(person.name for person in facts.people))
    return separator.join(word for word in words if word)
