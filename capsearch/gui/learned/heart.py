"""The menu of the heart: how far one's own photos move results, and what was learned of them."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from capsearch.settings import STRENGTHS


class HeartMenu(QMenu):
    """`strength_chosen` carries a name of `STRENGTHS`; `generic_once_wanted` asks for this one
    answer as everybody would get it, and back; `learned_wanted` for the learned page."""

    strength_chosen = Signal(str)
    generic_once_wanted = Signal()
    learned_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self.learned = QAction(self.tr("What CapSearch has learned…"), self)
        self.learned.setShortcut(QKeySequence("F6"))
        self.learned.triggered.connect(lambda _: self.learned_wanted.emit())
        self.generic_once = QAction(self.tr("Generic this time"), self)
        self.generic_once.setShortcut(QKeySequence("Ctrl+G"))
        self.generic_once.setToolTip(
            self.tr("This one answer as everybody would get it; again: as usual")
        )
        self.generic_once.triggered.connect(lambda _: self.generic_once_wanted.emit())
        self.addAction(self.learned)
        self.addAction(self.generic_once)
        self.addSeparator()
        title = self.addAction(self.tr("How far your own photos move results"))
        title.setEnabled(False)
        self._group = QActionGroup(self)
        words = {
            "less": (self.tr("Less"), self.tr("Half as far as CapSearch was trained to")),
            "normal": (self.tr("Normal"), self.tr("As far as CapSearch was trained to")),
            "more": (
                self.tr("More"),
                self.tr("Twice as far: what comes back in your photos stands before what fits"),
            ),
        }
        self.strengths: dict[str, QAction] = {}
        for name in STRENGTHS:
            text, tip = words[name]
            action = QAction(text, self._group, checkable=True)
            action.setToolTip(tip)
            action.triggered.connect(lambda _, name=name: self.strength_chosen.emit(name))
            self.strengths[name] = action
            self.addAction(action)

    def show_strength(self, strength: str) -> None:
        """Tick what is chosen."""
        self.strengths.get(strength, self.strengths["normal"]).setChecked(True)
