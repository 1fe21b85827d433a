"""One proposal in the window's life: a larger model than the starter. Asked once, never twice."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.dates import size_text
from capsearch.gui.look.labels import text_label
from capsearch.gui.model_desk import ModelDesk
from capsearch.gui.panels.model_words import model_title
from capsearch.gui.remembered import remembered_choice, remembered_number
from capsearch.library.values import LibraryState

PROPOSED = "ViT-B-32-256/datacomp_s34b_b86k"
"""Nearly as fast as the quickest CLIP, and better: what `capsearch models` says to try first."""

_PROPOSED_ONCE, _SEARCHES = "proposed", "searches"
_ENOUGH_SEARCHES = 5
# How long somebody looks at an answer that was wanted, and did not come up while typing.
_LOOKING_MS = 2000


class ProposalBar(QFrame):
    """A quiet strip with two answers; `accepted` is a wish to see more."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.label = text_label("")
        self.show_button = push_button(self.tr("Show me"))
        self.no_button = push_button(self.tr("No, thanks"), "quiet")
        self.show_button.clicked.connect(self.hide)
        self.show_button.clicked.connect(lambda *_: self.accepted.emit())
        self.no_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.addWidget(self.label, 1)
        for button in (self.no_button, self.show_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def propose(self, size_bytes: int) -> None:
        """Say what it is, what it would bring and what it takes."""
        # No figures: of the proposed one there is one on MSCOCO (R@1 39.9, see curated.py), of the
        # starter one on other photos. What is certain: the starter learned from 6,090 captioned
        # photos (its model card), the other from 1.4 billion (DataComp-1B, arXiv 2304.14108).
        words = self.tr(
            "You search with the small starter. “{model}” has learned from far more photos: it "
            "finds details and names of things much better. It is a download of {size}, once."
        )
        self.label.setText(words.format(model=model_title(PROPOSED), size=size_text(size_bytes)))
        self.show()


class UpgradeProposal(QObject):
    """Decides when the time has come: the library is indexed by the starter, and some searches
    were made. `made` carries the bytes that the model would take; `outdated` tells that a larger
    model is on its way or searches, so that there is nothing left to propose.

    `busy` says whether photos are being looked through.
    """

    made = Signal(object)
    outdated = Signal()

    def __init__(
        self,
        desk: ModelDesk,
        remembered: QSettings,
        busy: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._remembered = remembered
        self._busy = busy
        self._state = LibraryState((), 0, 0, 0, None)
        self._words = ""
        self._awaited = False
        self._looking = QTimer(self, singleShot=True, interval=_LOOKING_MS)
        self._looking.timeout.connect(self._count)
        desk.changed.connect(self._take_models)

    def take_state(self, state: LibraryState) -> None:
        """The library is like this now."""
        self._state = state
        if not self._by_starter:
            self.outdated.emit()

    def answered(self, words: str) -> None:
        """The window shows the answer to these words; none: it shows something else."""
        # While photos are looked through, the same answer comes again and again.
        if words == self._words:
            return
        self._words = words
        if words and not self._made:
            self._looking.start()
        else:
            self._looking.stop()

    @property
    def _by_starter(self) -> bool:
        return self._state.encoder == "starter" and self._state.wanted_encoder is None

    @property
    def _made(self) -> bool:
        return remembered_choice(self._remembered, _PROPOSED_ONCE, False)

    def _count(self) -> None:
        searches = remembered_number(self._remembered, _SEARCHES, 0) + 1
        self._remembered.setValue(_SEARCHES, searches)
        if searches >= _ENOUGH_SEARCHES and self._by_starter and not self._busy():
            self._awaited = True
            self._desk.look()  # it may be here already

    def _take_models(self) -> None:
        models = self._desk.models
        if models.work is not None and models.work.kind == "download":
            self.outdated.emit()
        if not self._awaited or self._made or models.shelf is None:
            return
        self._awaited = False
        offer = next((each for each in models.shelf.models if each.info.name == PROPOSED), None)
        if offer is None or offer.info.installed or models.work or models.held:
            return
        self._remembered.setValue(_PROPOSED_ONCE, True)
        self._remembered.sync()
        engine = models.shelf.engine
        self.made.emit((offer.info.size_bytes or 0) + (engine.missing_bytes if engine else 0))
