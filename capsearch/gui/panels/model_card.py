"""One model on the settings' page: what it is, whether it is here, and what can be done with it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from capsearch.errors import CapsearchError
from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.dates import size_text
from capsearch.gui.look.labels import text_label
from capsearch.gui.model_desk import ModelWork
from capsearch.gui.panels.model_bar import ModelBar
from capsearch.gui.panels.model_words import (
    fault_words,
    model_facts,
    model_note,
    model_title,
    progress_words,
)
from capsearch.library.values import EngineOffer, ModelOffer


@dataclass(frozen=True)
class Standing:
    """How a model stands: it searches, is `wanted` to take over, is worked on, is `held`, failed.
    `free`: nothing goes on with another one."""

    searches: bool = False
    wanted: bool = False
    another_wanted: bool = False
    work: ModelWork | None = None
    held: bool = False
    fault: CapsearchError | None = None
    free: bool = True


class ModelCard(QFrame):
    """Each signal carries the model's name: the user wants it used (and had, if it is not here),
    its download held, gone on with or given up, the model removed."""

    use_wanted = Signal(str)
    pause_wanted = Signal(str)
    discard_wanted = Signal(str)
    removal_wanted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.name = name
        title = model_title(name)
        self._title = text_label(title, "section")
        self._note, self._facts = text_label(""), text_label("", "muted")
        self.standing = QLabel()
        self.standing.setObjectName("muted")
        self.standing.setContentsMargins(0, 2, 0, 0)  # for the dots of an Ü
        self._licence = text_label(
            self.tr("For research only: its licence allows no other use."), "warning"
        )
        self.progress_text = text_label("")
        self._bar = ModelBar(self.tr("Download of {model}").format(model=title))
        self.trouble = text_label("", "warning")
        self.use_button = push_button("")
        self.pause_button = push_button(self.tr("Pause"))
        self.discard_button = push_button(self.tr("Cancel"))
        self.remove_button = push_button(self.tr("Remove…"))
        for button, signal in (
            (self.use_button, self.use_wanted),
            (self.pause_button, self.pause_wanted),
            (self.discard_button, self.discard_wanted),
            (self.remove_button, self.removal_wanted),
        ):
            button.clicked.connect(lambda *_, signal=signal: signal.emit(name))
        self._build()

    def show_offer(self, offer: ModelOffer, engine: EngineOffer | None, standing: Standing) -> None:
        """Show what the model is and how it stands now."""
        info = offer.info
        self._note.setText(model_note(info))
        self._facts.setText(model_facts(info))
        self._licence.setVisible(info.research_only)
        self.standing.setText(self._standing_words(offer, engine, standing))
        self._show_work(standing.work)
        self.trouble.setText(fault_words(standing.fault) if standing.fault else "")
        self.trouble.setVisible(standing.fault is not None)
        self._show_buttons(offer, standing)
        self.setAccessibleName(f"{self._title.text()}, {self.standing.text()}")

    def _standing_words(
        self, offer: ModelOffer, engine: EngineOffer | None, standing: Standing
    ) -> str:
        if standing.searches:
            return self.tr("Searches now")
        if standing.wanted:
            return self.tr("Takes over soon")
        if standing.work is not None:
            return self.tr("On its way")
        return self._offer_words(offer, engine, held=standing.held)

    def _offer_words(self, offer: ModelOffer, engine: EngineOffer | None, *, held: bool) -> str:
        info = offer.info
        if info.kind == "starter":
            return self.tr("Comes with CapSearch")
        if info.installed:
            return self.tr("Installed")
        size = size_text(info.size_bytes) if info.size_bytes else ""
        if held or offer.begun_bytes:
            here = size_text(offer.begun_bytes)
            return self.tr("Held: {here} of {size}").format(here=here, size=size)
        words = self.tr("Download {size}").format(size=size)
        if engine is None:
            return words
        once = self.tr("and PyTorch once, {size}").format(size=size_text(engine.missing_bytes))
        return f"{words}\n{once}"

    def _show_work(self, work: ModelWork | None) -> None:
        self.progress_text.setVisible(work is not None)
        self._bar.setVisible(work is not None)
        if work is None:
            return
        words = {
            "download": progress_words(work.progress, engine=work.engine),
            "pause": self.tr("Stopping…"),
            "discard": self.tr("Removing what has arrived…"),
            "import": "",
        }
        self.progress_text.setText(words[work.kind])
        self._bar.show_progress(work.progress)

    def _show_buttons(self, offer: ModelOffer, standing: Standing) -> None:
        info = offer.info
        working = standing.work is not None
        begun = not info.installed and (standing.held or offer.begun_bytes > 0)
        if standing.searches and standing.another_wanted:
            words = self.tr("Stay with it")
        elif begun:
            words = self.tr("Go on")
        else:
            words = self.tr("Use")
        self.use_button.setText(words)
        usable = not standing.searches or standing.another_wanted
        self.use_button.setVisible(usable and not standing.wanted and not working)
        self.use_button.setEnabled(info.installed or standing.free)
        self.pause_button.setVisible(working)
        self.discard_button.setVisible(working or begun)
        stops = standing.work is not None and standing.work.kind == "download"
        self.pause_button.setEnabled(stops)
        self.discard_button.setEnabled(stops or (begun and standing.free))
        ours = info.installed and info.kind not in ("starter", "own")
        self.remove_button.setVisible(ours and not standing.searches and not standing.wanted)
        for button in (
            self.use_button,
            self.pause_button,
            self.discard_button,
            self.remove_button,
        ):
            button.setAccessibleName(f"{button.text()}: {self._title.text()}")

    def _build(self) -> None:
        self.standing.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (
            self.remove_button,
            self.discard_button,
            self.pause_button,
            self.use_button,
        ):
            buttons.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.standing, 0, 1)
        grid.addWidget(self._note, 1, 0)
        grid.addLayout(buttons, 1, 1, 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._facts, 2, 0)
        row = 3
        for widget in (self._licence, self.progress_text, self._bar, self.trouble):
            grid.addWidget(widget, row, 0, 1, 2)
            row += 1
