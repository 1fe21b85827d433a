"""Lessons on their way to the library, whichever page they come from."""

from PySide6.QtCore import QObject, Signal

from capsearch.errors import CapsearchError
from capsearch.gui.bridge import Bridge
from capsearch.library.values import Learned, Lesson
from capsearch.service.operations import (
    ExportTaught,
    ForgetTaught,
    ImportTaught,
    Operation,
    ReadLearned,
    Teach,
    Unteach,
)


class LearnedDesk(QObject):
    """`learned` carries what is known now; `taught` says in a sentence what was learned, which
    `take_back` undoes; `told` carries other sentences, `failed` what could not be."""

    learned = Signal(object)
    taught = Signal(str)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

    def look(self) -> None:
        """Read what was learned."""
        self._bridge.ask(ReadLearned(), then=self._take, otherwise=self.failed.emit, key="learned")

    def teach(self, lesson: Lesson, words: str) -> None:
        """Have a lesson taken; `words` say what it was."""
        self._change(Teach(lesson), lambda: self.taught.emit(words))

    def take_back(self) -> None:
        """Undo the last lesson."""
        self._change(Unteach(), lambda: self.told.emit(self.tr("Taken back.")))

    def forget(self) -> None:
        """Forget everything that was taught."""
        words = self.tr("Everything that you taught CapSearch was forgotten.")
        self._change(ForgetTaught(), lambda: self.told.emit(words))

    def export_to(self, path: str) -> None:
        """Write all that was taught to a file."""
        words = self.tr("“{file}” holds what you taught CapSearch.").format(file=path)
        self._bridge.ask(
            ExportTaught(path),
            then=lambda _: self.told.emit(words),
            otherwise=self.failed.emit,
        )

    def import_from(self, path: str) -> None:
        """Take over what a file says."""
        words = self.tr("CapSearch has taken over what this file says.")
        self._change(ImportTaught(path), lambda: self.taught.emit(words))

    def _change(self, operation: "Operation[object]", then: object) -> None:
        def done(_: object) -> None:
            assert callable(then)
            then()
            self.look()

        def refused(error: CapsearchError) -> None:
            self.failed.emit(error)
            self.look()

        self._bridge.ask(operation, then=done, otherwise=refused)

    def _take(self, learned: Learned) -> None:
        self.learned.emit(learned)
