"""The settings' page of search: the encoder, the one on its way, and what others have made here."""

import dataclasses

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.dates import number_text, size_text
from capsearch.gui.look.labels import text_label
from capsearch.gui.look.tables import add_row, prepare_table
from capsearch.gui.panels.question import ask_before
from capsearch.library.values import CURATED, EncoderInfo, EncoderSet, LibraryState
from capsearch.settings import Settings

DEVICES = ("auto", "cpu", "cuda", "mps")
_BYTES_PER_NUMBER = 2


class EncoderPage(QWidget):
    """`forget_wanted` carries the name of an encoder whose vectors the user agreed to drop; all
    else is only kept here until the settings are saved.

    A library that has photos keeps its encoder for itself; only for one that has none yet does
    the encoder stand in the settings.
    """

    forget_wanted = Signal(str)

    def __init__(
        self, settings: Settings, state: LibraryState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._before = state
        self._state = state
        self.encoder = QComboBox()
        self._about = text_label("", "muted")
        self.device = QComboBox()
        self.personalize = QCheckBox(self.tr("Let my own collection guide the search"))
        self.battery = QCheckBox(self.tr("Look through photos only while plugged in"))
        self.switch = text_label("")
        self._sets_label = text_label(self.tr("Kept in this library"), "section")
        self.sets = QTreeWidget()
        self.forget_button = push_button(self.tr("Forget…"))
        self.trouble = text_label("")
        self._build()
        self._offer_encoders()
        self._offer_devices()
        self.personalize.setChecked(settings.personalize)
        self.battery.setChecked(settings.pause_on_battery)
        self.encoder.currentIndexChanged.connect(self._describe_encoder)
        self.sets.currentItemChanged.connect(lambda *_: self._offer_forgetting())
        self.forget_button.clicked.connect(self._confirm_forgetting)
        self._describe_encoder()
        self.show_state(state)

    def settings(self) -> Settings:
        """The settings with what is chosen here."""
        begins = self._before.encoder is None
        return dataclasses.replace(
            self._settings,
            encoder=self.encoder.currentData() if begins else self._settings.encoder,
            device=self.device.currentData(),
            personalize=self.personalize.isChecked(),
            pause_on_battery=self.battery.isChecked(),
        )

    def chosen_encoder(self) -> str | None:
        """Another encoder for this library; None where the user left it as it was."""
        chosen: str = self.encoder.currentData()
        other = self._before.encoder is not None and chosen != self._encoder_before()
        return chosen if other else None

    def show_state(self, state: LibraryState) -> None:
        """Show how far the encoders are now."""
        self._state = state
        self.switch.setText(self._switch_words())
        self.switch.setVisible(state.wanted_encoder is not None)
        row = self.sets.currentIndex().row()
        self.sets.clear()
        for each in state.encoders:
            self._add_row(each)
        if 0 <= row < len(state.encoders):
            self.sets.setCurrentIndex(self.sets.model().index(row, 0))
        for widget in (self._sets_label, self.sets, self.forget_button):
            widget.setVisible(bool(state.encoders))
        self._offer_forgetting()

    def say_trouble(self, sentence: str) -> None:
        """Say why something that the user wanted here was not done; '' takes it back."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    # How it is made

    def _build(self) -> None:
        self.encoder.setAccessibleName(self.tr("Encoder"))
        self.device.setAccessibleName(self.tr("Runs on"))
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(self.tr("Encoder"), self.encoder)
        form.addRow("", self._about)
        form.addRow("", self.switch)
        form.addRow(self.tr("Runs on"), self.device)
        form.addRow("", self.personalize)
        form.addRow("", self.battery)
        hint = self.tr(
            "Another encoder looks at every photo again. Until it has finished, search goes on "
            "with the present one. A model that is not on this computer is downloaded first; "
            "nothing else ever uses the network."
        )
        self._build_sets()
        buttons = QHBoxLayout()
        buttons.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        buttons.addWidget(self.trouble, 1)
        self.trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 16, 4, 4)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(text_label(hint, "muted"))
        column.addSpacing(8)
        column.addWidget(self._sets_label)
        column.addWidget(self.sets, 100)
        column.addLayout(buttons)
        column.addStretch(1)  # takes the room of a list that is hidden

    def _build_sets(self) -> None:
        headings = [self.tr("Encoder"), self.tr("Photos"), self.tr("Size")]
        prepare_table(self.sets, headings, self.tr("Kept in this library"))
        self.sets.setMinimumHeight(90)

    def _offer_encoders(self) -> None:
        names = dict.fromkeys((*(info.name for info in CURATED), self._encoder_before()))
        for name in names:
            self.encoder.addItem(name, name)
        self.encoder.setCurrentIndex(self.encoder.findData(self._encoder_before()))

    def _offer_devices(self) -> None:
        names = {"auto": self.tr("The best there is"), "cpu": self.tr("Processor")}
        for device in dict.fromkeys((*DEVICES, self._settings.device)):
            self.device.addItem(names.get(device, device.upper()), device)
        self.device.setCurrentIndex(self.device.findData(self._settings.device))

    # What is shown

    def _encoder_before(self) -> str:
        """The one that the library has, or is to have; the settings' one before it has any."""
        return self._before.wanted_encoder or self._before.encoder or self._settings.encoder

    def _describe_encoder(self) -> None:
        chosen = self.encoder.currentData()
        info = next((info for info in CURATED if info.name == chosen), None)
        self._about.setText(_described(info) if info else "")
        self._about.setVisible(info is not None)

    def _switch_words(self) -> str:
        state = self._state
        searching = next((each for each in state.encoders if self._searches(each)), None)
        if state.wanted_encoder is None or searching is None:
            return ""
        words = self.tr("{present} → {next}: {done} of {total} photos").format(
            present=searching.name,
            next=state.wanted_encoder,
            done=number_text(searching.photos - state.waiting),
            total=number_text(searching.photos),
        )
        if not state.waiting_away:
            return words
        away = self.tr(
            "It takes over when it has seen %Ln photo(s) on drives that are away, too.",
            "",
            state.waiting_away,
        )
        return f"{words}. {away}"

    def _searches(self, each: EncoderSet) -> bool:
        return each.identity == self._state.encoder_identity

    def _add_row(self, each: EncoderSet) -> None:
        searched = self.tr("{encoder} (searches now)").format(encoder=each.name)
        name = searched if self._searches(each) else each.name
        size = size_text(each.photos * each.dim * _BYTES_PER_NUMBER)
        add_row(self.sets, [name, number_text(each.photos), size], each.name)

    def _offer_forgetting(self) -> None:
        chosen = self._chosen()
        self.forget_button.setEnabled(chosen is not None and not self._searches(chosen))

    # What the user does

    def _chosen(self) -> EncoderSet | None:
        row = self.sets.currentIndex().row()
        return self._state.encoders[row] if 0 <= row < len(self._state.encoders) else None

    def _confirm_forgetting(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        question = self.tr("Forget what {encoder} has made of %Ln photo(s)?", "", chosen.photos)
        meaning = self.tr(
            "Search goes on as it is. To search by {encoder} again, it would have to look at every "
            "photo anew. No file is touched."
        )
        ask_before(
            self,
            self.tr("Forget an encoder"),
            question.format(encoder=chosen.name),
            meaning.format(encoder=chosen.name),
            self.tr("Forget"),
            lambda: self.forget_wanted.emit(chosen.name),
        )


def _described(info: EncoderInfo) -> str:
    size = f"{info.size_bytes / 1e6:.0f} MB" if info.size_bytes else ""
    found = f"COCO R@1 {info.coco_r1:.0f}%" if info.coco_r1 else ""
    return " · ".join(part for part in (info.note, found, size, info.licence) if part)
