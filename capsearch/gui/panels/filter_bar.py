"""Filters as chips: each opens a menu of what the library holds, and shows what was chosen."""

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QMenu,
    QToolButton,
    QWidget,
)

from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.look.flow_layout import FlowLayout
from capsearch.gui.look.translation import in_german
from capsearch.gui.panels.folder_list import FolderList
from capsearch.library.values import Choices, Condition, Filters, FolderCount

_LISTED = 40


class FilterBar(QWidget):
    """`changed` carries the filters as they are now; `folders_wanted` asks for the folders, to be
    answered by `show_folders`."""

    changed = Signal(object)
    folders_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._filters = Filters()
        self._choices = Choices((), (), {}, (), (), None, None, 0)
        self.chips = {
            "dates": _Chip("calendar", self.tr("Date")),
            "folders": _Chip("folder", self.tr("Folder")),
            "people": _Chip("person", self.tr("People")),
            "places": _Chip("pin", self.tr("Place")),
            "cameras": _Chip("camera", self.tr("Camera")),
            "formats": _Chip("type", self.tr("Type")),
            "offline": _Chip("offline", self.tr("Offline")),
        }
        self.clear_button = push_button(self.tr("Clear all"), "quiet")
        self.clear_button.clicked.connect(lambda: self.set_filters(Filters()))
        self.folder_list = FolderList(self)
        self.folder_list.ticked.connect(self._set_folders)
        row = FlowLayout(self, gap=8)
        row.setContentsMargins(16, 0, 16, 8)
        for name, chip in self.chips.items():
            row.addWidget(chip)
            chip.clicked.connect(partial(self._open_menu, name))
        row.addWidget(self.clear_button)
        self._paint()

    @property
    def filters(self) -> Filters:
        """What is asked for."""
        return self._filters

    def set_filters(self, filters: Filters) -> None:
        """Ask for this."""
        if filters != self._filters:
            self._filters = filters
            self._paint()
            self.changed.emit(filters)
        else:
            self._paint()

    def set_choices(self, choices: Choices) -> None:
        """Offer what the library holds."""
        self._choices = choices
        self._paint()

    def show_folders(self, folders: Sequence[FolderCount]) -> None:
        """Offer these folders, each before those inside of it."""
        self.folder_list.show_folders(folders, self._filters.folders)

    def _set_folders(self, folders: tuple[str, ...]) -> None:
        self.set_filters(dataclasses.replace(self._filters, folders=folders))

    def menu_for(self, name: str) -> QMenu:
        """What a chip offers."""
        menu = QMenu(self)
        if name == "dates":
            self._fill_dates(menu)
        elif name == "places":
            self._fill_places(menu)
        elif name == "offline":
            self._fill_offline(menu)
        else:
            self._fill(menu, name, getattr(self._choices, name))
        return menu

    def _open_menu(self, name: str) -> None:
        chip = self.chips[name]
        if name == "folders":
            self.folder_list.pop_up(chip)
            self.folders_wanted.emit()
            self._paint()
            return
        menu = self.menu_for(name)
        menu.exec(chip.mapToGlobal(chip.rect().bottomLeft()))
        menu.deleteLater()
        self._paint()

    def _fill(
        self,
        menu: QMenu,
        field: str,
        counted: Iterable[tuple[str, int]],
    ) -> None:
        chosen: tuple[str, ...] = getattr(self._filters, field)
        for value, count in list(counted)[:_LISTED]:
            name = value.replace("&", "&&")
            action = QAction(f"{name}\t{count}", menu, checkable=True)
            action.setChecked(value in chosen)
            action.toggled.connect(partial(self._toggle, field, value))
            menu.addAction(action)

    def _toggle(self, field: str, value: str, on: bool) -> None:
        chosen: tuple[str, ...] = getattr(self._filters, field)
        rest = tuple(old for old in chosen if old != value)
        changed: dict[str, object] = {field: (*rest, value) if on else rest}
        self.set_filters(dataclasses.replace(self._filters, **changed))  # type: ignore[arg-type]

    def _fill_places(self, menu: QMenu) -> None:
        chosen = _places(self._filters)
        for place, count in self._choices.places[:_LISTED]:
            name = self._place_name(place).replace("&", "&&")
            action = QAction(f"{name}\t{count}", menu, checkable=True)
            action.setChecked(place in chosen)
            action.toggled.connect(partial(self._toggle_place, place))
            menu.addAction(action)

    def _toggle_place(self, place: str, on: bool) -> None:
        rest = tuple(old for old in _places(self._filters) if old != place)
        self.set_filters(_with_places(self._filters, (*rest, place) if on else rest))

    def _place_name(self, place: str) -> str:
        return self._choices.german_places.get(place, place) if in_german() else place

    def _fill_dates(self, menu: QMenu) -> None:
        today = datetime.date.today()
        spans: list[tuple[str, datetime.date, datetime.date | None]] = [
            (self.tr("Last 30 days"), today - datetime.timedelta(days=30), None),
            (self.tr("This year"), datetime.date(today.year, 1, 1), None),
        ]
        if self._choices.first is not None and self._choices.last is not None:
            newest = min(self._choices.last.year, today.year)
            for year in range(newest, max(self._choices.first.year, newest - 15) - 1, -1):
                spans.append((str(year), datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
        for words, first, last in spans:
            action = QAction(words, menu, checkable=True)
            action.setChecked((self._filters.first, self._filters.last) == (first, last))
            action.triggered.connect(partial(self._set_dates, first, last))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("From … to …"), self._ask_dates)
        menu.addAction(self.tr("Any date"), partial(self._set_dates, None, None))

    def _set_dates(
        self, first: datetime.date | None, last: datetime.date | None, *_: object
    ) -> None:
        self.set_filters(dataclasses.replace(self._filters, first=first, last=last))

    def _ask_dates(self) -> None:
        dialog = DatesDialog(self._filters, self._choices, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._set_dates(*dialog.dates())
        dialog.deleteLater()

    def _fill_offline(self, menu: QMenu) -> None:
        for words, wanted in (
            (self.tr("All photos"), None),
            (self.tr("Only on connected drives"), False),
            (self.tr("Only offline"), True),
        ):
            action = QAction(words, menu, checkable=True)
            action.setChecked(self._filters.offline is wanted)
            action.triggered.connect(partial(self._set_offline, wanted))
            menu.addAction(action)

    def _set_offline(self, wanted: bool | None, *_: object) -> None:
        self.set_filters(dataclasses.replace(self._filters, offline=wanted))

    def _paint(self) -> None:
        now, choices = self._filters, self._choices
        offline_words = {None: "", True: self.tr("Only offline"), False: self.tr("Connected")}
        shown = {
            "dates": _dates_words(now),
            "folders": ", ".join(_folder_name(folder) for folder in now.folders),
            "people": ", ".join(now.people),
            "places": ", ".join(map(self._place_name, _places(now))),
            "cameras": ", ".join(now.cameras),
            "formats": ", ".join(now.formats),
            "offline": offline_words[now.offline],
        }
        useful = {
            "people": bool(choices.people),
            "places": bool(choices.places),
            "cameras": bool(choices.cameras),
            "offline": choices.offline > 0,
        }
        for name, chip in self.chips.items():
            chip.show_chosen(shown[name])
            chip.setVisible(useful.get(name, True) or bool(shown[name]))
        self.clear_button.setVisible(not now.empty)


class _Chip(IconButton):
    """A rounded button that carries what was chosen."""

    def __init__(self, icon_name: str, name: str) -> None:
        super().__init__(icon_name, name, wide=True)
        self._name = name
        self.setObjectName("chip")
        self.setCheckable(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)

    def show_chosen(self, words: str) -> None:
        """Show `words`, or the bare name where nothing is chosen."""
        self.setChecked(bool(words))
        short = words if len(words) <= 28 else words[:27] + "…"
        self.setText((short or self._name).replace("&", "&&"))
        self.setAccessibleName(f"{self._name}: {words}" if words else self._name)
        self.setToolTip(words or self._name)


class DatesDialog(QDialog):
    """Asks for the first and the last day."""

    def __init__(self, filters: Filters, choices: Choices, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Dates"))
        today = datetime.date.today()
        self._first = _date_edit(filters.first or choices.first or today)
        self._last = _date_edit(filters.last or choices.last or today)
        form = QFormLayout(self)
        form.addRow(self.tr("From"), self._first)
        form.addRow(self.tr("To"), self._last)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def dates(self) -> tuple[datetime.date, datetime.date]:
        """The two days, the earlier first."""
        first, last = sorted((_to_date(self._first.date()), _to_date(self._last.date())))
        return first, last


def _date_edit(day: datetime.date) -> QDateEdit:
    edit = QDateEdit()
    edit.setCalendarPopup(True)
    edit.setDate(QDate(day.year, day.month, day.day))
    return edit


def _to_date(day: QDate) -> datetime.date:
    return datetime.date(day.year(), day.month(), day.day())


def _folder_name(folder: str) -> str:
    return readable(Path(folder).name or folder)


def _places(filters: Filters) -> tuple[str, ...]:
    """Those of which any suffices."""
    asked = (condition for condition in filters.conditions if _of_places(condition))
    return tuple(name for condition in asked for name in condition.values)


def _with_places(filters: Filters, names: tuple[str, ...]) -> Filters:
    others = tuple(each for each in filters.conditions if not _of_places(each))
    asked = (Condition("place", names),) if names else ()
    return dataclasses.replace(filters, conditions=(*others, *asked))


def _of_places(condition: Condition) -> bool:
    return condition.field == "place" and not condition.negated


def _dates_words(filters: Filters) -> str:
    first, last = filters.first, filters.last
    if first is None and last is None:
        return ""
    if first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} - {last.year}"
    return f"{first or '…'} - {last or '…'}"
