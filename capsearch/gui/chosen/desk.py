"""What the window does with chosen photos: reads what is known of them, copies, lists, opens."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QMimeDatabase, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.chosen.choice import Chosen
from capsearch.gui.chosen.copy_files import CopyReport, copy_files
from capsearch.gui.chosen.photo_list import write_list
from capsearch.gui.chosen.programs import (
    Program,
    ask_windows,
    open_by_application,
    programs_for,
    way_to_choose,
)
from capsearch.gui.grid.photo_actions import available_path, copy_photos, readable
from capsearch.gui.look.translation import in_german
from capsearch.gui.start_program import start_program
from capsearch.library.values import PhotoFacts
from capsearch.service.operations import ReadFacts

_READ_AT_ONCE = 500


class ChosenDesk(QObject):
    """`told` carries a sentence about what was done or could not be; `progressed` how many of how
    many photos are copied; `ended` that copying is over."""

    told = Signal(str)
    progressed = Signal(int, int)
    ended = Signal()
    _done = Signal(object, str)

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._closed = False
        self._done.connect(self._tell_copied, Qt.ConnectionType.QueuedConnection)

    # Asked for

    def copy(self, chosen: Chosen) -> None:
        """Put the files on the clipboard."""
        self._read(chosen, copy_photos)

    def copy_to_folder(self, chosen: Chosen) -> None:
        """Ask for a folder, and copy the files into it."""
        if not chosen.ids:
            return
        if self.copying:
            self.told.emit(self.tr("Other photos are being copied: wait for them, or cancel it."))
            return
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Copy to which folder?"))
        if folder:
            self._read(chosen, partial(self._begin_copying, folder=os.path.abspath(folder)))

    def export_list(self, chosen: Chosen) -> None:
        """Ask for a file, and write a table of the photos to it."""
        if not chosen.ids:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Export the list"),
            str(Path.home() / self.tr("photos.csv")),
            self.tr("Tables (*.csv)"),
        )
        if name:
            path = Path(name) if Path(name).suffix else Path(f"{name}.csv")
            self._read(chosen, partial(self._write_list, path=path, scores=chosen.scores))

    def programs(self, chosen: Chosen) -> list[Program]:
        """Those that open all of these, where they are chosen of a menu."""
        photos = list(chosen.known.values())
        if way_to_choose() != "menu" or not photos:
            return []
        kinds = QMimeDatabase()
        extension = QMimeDatabase.MatchMode.MatchExtension
        names = {kinds.mimeTypeForFile(each.paths[0], extension).name() for each in photos}
        found = programs_for(sorted(names), "de" if in_german() else "")
        return [program for program in found if program.takes(len(chosen.ids))]

    def open_with(self, chosen: Chosen, program: Program | None = None) -> None:
        """Open the files with this program, or let the system ask for one."""
        if program is not None:
            self._read(chosen, lambda photos: self._open(photos, program.commands))
        elif way_to_choose() == "dialog":
            self._read(chosen, lambda photos: self._open(photos, lambda at: [ask_windows(at[0])]))
        elif way_to_choose() == "application":
            application, _ = QFileDialog.getOpenFileName(
                self._window, self.tr("Open with…"), "/Applications", "*.app"
            )
            if application:
                act = partial(open_by_application, application)
                self._read(chosen, lambda photos: self._open(photos, lambda at: [act(at)]))

    @property
    def copying(self) -> bool:
        """Whether photos are being copied into a folder."""
        return self._thread is not None

    def stop(self) -> None:
        """Copy nothing more; what is whole stays."""
        self._stopping.set()

    def close(self) -> None:
        """Copy nothing more; returns when the thread has ended."""
        self._closed = True
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    # Done

    def _read(self, chosen: Chosen, then: Callable[[list[PhotoFacts]], object]) -> None:
        """Read what is not known of the photos in parts, so that the grid need not wait."""
        known = dict(chosen.known)
        missing = [photo for photo in chosen.ids if photo not in known]

        def take(facts: Sequence[PhotoFacts], start: int) -> None:
            known.update((each.id, each) for each in facts)
            part = tuple(missing[start : start + _READ_AT_ONCE])
            if part:
                behind = start + _READ_AT_ONCE
                self._bridge.ask(ReadFacts(part), then=lambda more: take(more, behind))
            else:
                found = [known[photo] for photo in chosen.ids if photo in known]
                if found:
                    then(found)

        take((), 0)

    def _begin_copying(self, photos: Sequence[PhotoFacts], *, folder: str) -> None:
        if self.copying:
            return
        places = [each.paths for each in photos]
        self._stopping.clear()
        self.progressed.emit(0, len(places))
        self._thread = threading.Thread(
            target=self._copy, args=(places, folder), name="capsearch-copying"
        )
        self._thread.start()

    def _copy(self, places: Sequence[Sequence[str]], folder: str) -> None:
        total = len(places)
        report = copy_files(
            places,
            folder,
            told=lambda done: self.progressed.emit(done, total),
            stopped=self._stopping.is_set,
        )
        self._done.emit(report, readable(folder))

    def _tell_copied(self, report: CopyReport, folder: str) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._closed:
            return
        self.ended.emit()
        self.told.emit(self._copied_words(report, folder))

    def _copied_words(self, report: CopyReport, folder: str) -> str:
        reasons = {
            "full": self.tr("The disk of {folder} is full."),
            "refused": self.tr("Nothing may be written to {folder}: choose another folder."),
            "gone": self.tr("The folder {folder} is not there any more."),
            "other": self.tr("{folder} cannot take the files ({reason})."),
        }
        copied = self.tr("%Ln photo(s) copied to {folder}.", "", report.copied)
        words = [copied.format(folder=folder)]
        if report.trouble is not None:
            reason = reasons[report.trouble].format(folder=folder, reason=report.reason)
            rest = self.tr("%Ln of the photos were copied before.", "", report.copied)
            words = [reason, *([rest] if report.copied else [])]
        if report.away:
            words.append(self.tr("%Ln photo(s) are not there at the moment.", "", report.away))
        if report.stopped:
            words.append(self.tr("The others were not, as you cancelled it."))
        return " ".join(words)

    def _write_list(
        self, photos: Sequence[PhotoFacts], *, path: Path, scores: Mapping[int, float]
    ) -> None:
        headings = (
            self.tr("Path"),
            self.tr("Date"),
            self.tr("People"),
            self.tr("Place"),
            self.tr("Keywords"),
            self.tr("Score"),
        )
        # As spreadsheets do: a comma separates where it is not in numbers.
        separator = ";" if QLocale().decimalPoint() == "," else ","
        name = readable(os.fspath(path))
        try:
            write_list(path, headings, photos, scores, separator=separator, german=in_german())
        except OSError as error:
            words = self.tr("{file} cannot be written ({reason}).")
            self.told.emit(words.format(file=name, reason=error.strerror or error))
        else:
            words = self.tr("%Ln photo(s) listed in {file}.", "", len(photos))
            self.told.emit(words.format(file=name))

    def _open(
        self, photos: Sequence[PhotoFacts], commands: Callable[[list[str]], list[list[str]]]
    ) -> None:
        found = [path for path in map(available_path, photos) if path is not None]
        if not found:
            self.told.emit(self.tr("The photo is not there at the moment."))
        elif not all(start_program(command) for command in commands(found)):
            self.told.emit(self.tr("This program cannot be started."))
