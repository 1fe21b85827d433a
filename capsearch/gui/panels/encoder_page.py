"""The settings' page of search: which models there are, the one that searches, the one on its way,
and what others have made here."""

import dataclasses
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.dates import number_text, size_text
from capsearch.gui.look.labels import text_label
from capsearch.gui.look.tables import add_row, prepare_table
from capsearch.gui.model_desk import Models, ModelWork
from capsearch.gui.panels.model_bar import ModelBar
from capsearch.gui.panels.model_card import ModelCard, Standing
from capsearch.gui.panels.model_words import fault_words, import_words, model_title
from capsearch.gui.panels.question import ask_before
from capsearch.library.values import EncoderInfo, EncoderSet, LibraryState, ModelOffer
from capsearch.settings import Settings

DEVICES = ("auto", "cpu", "cuda", "mps")
_BYTES_PER_NUMBER = 2


class EncoderPage(QWidget):
    """Each signal carries what the user wants at once: a model that is here to be used, one to be
    downloaded for that, a download held or given up, a model deleted, one taken in from a file;
    `forget_wanted` carries the name of an encoder whose vectors are to be dropped. All else is
    only kept here until the settings are saved.

    A library that has photos keeps its encoder for itself; only for one that has none yet does
    the encoder stand in the settings.
    """

    use_wanted = Signal(str)
    download_wanted = Signal(str)
    pause_wanted = Signal()
    discard_wanted = Signal(str)
    removal_wanted = Signal(str)
    import_wanted = Signal(object)
    forget_wanted = Signal(str)

    def __init__(
        self,
        settings: Settings,
        state: LibraryState,
        models: Models | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._begins_with = settings.encoder
        self._state = state
        self._models = models or Models()
        self.cards: dict[str, ModelCard] = {}
        self._cards_column = QVBoxLayout()
        self._looking = text_label(self.tr("Looking which models there are…"), "muted")
        self.device = QComboBox()
        self.personalize = QCheckBox(self.tr("Let my own collection guide the search"))
        self.battery = QCheckBox(self.tr("Look through photos only while plugged in"))
        self.switch = text_label("")
        self.import_button = push_button(self.tr("Import a file…"))
        self.import_folder_button = push_button(self.tr("Import a folder…"))
        self._sets_label = text_label(self.tr("Kept in this library"), "section")
        self.sets = QTreeWidget()
        self.forget_button = push_button(self.tr("Forget…"))
        self.import_text = text_label("")
        self.import_bar = ModelBar(self.tr("Import of a model"))
        self.trouble = text_label("", "warning")
        self._said_of_import = False
        self._pointed = ""
        # Only when the dialog is laid out does a card have its place.
        self._pointing = QTimer(self, singleShot=True, interval=0)
        self._pointing.timeout.connect(self._point)
        self._scroll = QScrollArea()
        self._build()
        self._offer_devices()
        self.personalize.setChecked(settings.personalize)
        self.battery.setChecked(settings.pause_on_battery)
        self.sets.currentItemChanged.connect(lambda *_: self._offer_forgetting())
        self.forget_button.clicked.connect(self._confirm_forgetting)
        self.import_button.clicked.connect(self._choose_file)
        self.import_folder_button.clicked.connect(self._choose_folder)
        self._show_import(self._models.work)
        self.show_state(state)

    def settings(self) -> Settings:
        """The settings with what is chosen here; the encoder is told by `use_wanted`."""
        return dataclasses.replace(
            self._settings,
            device=self.device.currentData(),
            personalize=self.personalize.isChecked(),
            pause_on_battery=self.battery.isChecked(),
        )

    def show_models(self, models: Models) -> None:
        """Show which models there are, and what goes on with them."""
        self._models = models
        fault = next(
            (error for name, error in models.faults.items() if name not in self._known()), None
        )
        if fault is not None:
            self.say_trouble(fault_words(fault))
        elif self._said_of_import:
            self.say_trouble("")
        self._said_of_import = fault is not None
        self._show_import(models.work)
        self._show_cards()

    def point_to(self, name: str) -> None:
        """Scroll this model into sight, and go to its button."""
        self._pointed = name
        self._pointing.start()

    def _point(self) -> None:
        card = self.cards.get(self._pointed)
        if card is not None:
            self._scroll.ensureWidgetVisible(card)
            card.use_button.setFocus()

    def begin_with(self, encoder: str) -> None:
        """Show that a library without photos is to begin with this one."""
        self._begins_with = encoder
        self._show_cards()

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
        self._show_cards()

    def say_trouble(self, sentence: str) -> None:
        """Say why something that the user wanted here was not done; '' takes it back."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    # How it is made

    def _build(self) -> None:
        self.device.setAccessibleName(self.tr("Runs on"))
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(self.tr("Runs on"), self.device)
        form.addRow("", self.personalize)
        form.addRow("", self.battery)
        hint = self.tr(
            "Another model looks at every photo again. Until it has finished, search goes on with "
            "the present one. A model that is not on this computer is downloaded first; nothing "
            "else ever uses the network."
        )
        imports = QHBoxLayout()
        imports.addWidget(self.import_button)
        imports.addWidget(self.import_folder_button)
        imports.addStretch(1)
        self._cards_column.setSpacing(8)
        self._build_sets()
        inside = QWidget()
        inside.setObjectName("page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 12, 12, 4)
        column.setSpacing(10)
        column.addLayout(form)
        column.addSpacing(4)
        column.addWidget(text_label(self.tr("Models"), "section"))
        column.addWidget(text_label(hint, "muted"))
        column.addWidget(self.switch)
        column.addWidget(self._looking)
        column.addLayout(self._cards_column)
        column.addLayout(imports)
        column.addSpacing(8)
        column.addWidget(self._sets_label)
        column.addWidget(self.sets)
        column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.addWidget(self._scroll, 1)
        # In sight wherever the page is scrolled to.
        for widget in (self.import_text, self.import_bar, self.trouble):
            whole.addWidget(widget)
            widget.hide()

    def _build_sets(self) -> None:
        headings = [self.tr("Encoder"), self.tr("Photos"), self.tr("Size")]
        prepare_table(self.sets, headings, self.tr("Kept in this library"))
        self.sets.setFixedHeight(120)

    def _offer_devices(self) -> None:
        names = {"auto": self.tr("The best there is"), "cpu": self.tr("Processor")}
        for device in dict.fromkeys((*DEVICES, self._settings.device)):
            self.device.addItem(names.get(device, device.upper()), device)
        self.device.setCurrentIndex(self.device.findData(self._settings.device))

    # What is shown

    def _known(self) -> dict[str, ModelOffer]:
        """What there is to choose: what is listed, and what this library uses besides."""
        shelf = self._models.shelf
        offers = {offer.info.name: offer for offer in shelf.models} if shelf else {}
        for name in (self._searching(), self._state.wanted_encoder):
            if name is not None and name not in offers:
                kind = "starter" if name == "starter" else "own"
                offers[name] = ModelOffer(EncoderInfo(name=name, kind=kind, installed=True))
        return offers

    def _searching(self) -> str:
        """The one that searches; before there are photos, the one that is to."""
        return self._state.encoder or self._begins_with

    def _show_cards(self) -> None:
        shelf, known = self._models.shelf, self._known()
        self._looking.setVisible(shelf is None)
        for name in [name for name in self.cards if name not in known]:
            card = self.cards.pop(name)
            card.hide()
            card.deleteLater()
        for place, (name, offer) in enumerate(known.items()):
            if name not in self.cards:
                self.cards[name] = self._new_card(name)
                self._cards_column.insertWidget(place, self.cards[name])
            engine = shelf.engine if shelf else None
            self.cards[name].show_offer(offer, engine, self._standing(name))

    def _show_import(self, work: ModelWork | None) -> None:
        importing = work is not None and work.kind == "import"
        for widget in (self.import_text, self.import_bar):
            widget.setVisible(importing)
        for button in (self.import_button, self.import_folder_button):
            button.setEnabled(work is None)  # one model at a time
        if importing and work is not None:
            self.import_text.setText(import_words(Path(work.name).name, work.progress))
            self.import_bar.show_progress(work.progress)

    def _new_card(self, name: str) -> ModelCard:
        card = ModelCard(name)
        card.use_wanted.connect(self._use)
        card.pause_wanted.connect(lambda _: self.pause_wanted.emit())
        card.discard_wanted.connect(self.discard_wanted)
        card.removal_wanted.connect(self._confirm_removal)
        return card

    def _standing(self, name: str) -> Standing:
        models, wanted = self._models, self._state.wanted_encoder
        work = models.work
        return Standing(
            searches=name == self._searching(),
            wanted=name == wanted,
            another_wanted=wanted not in (None, name),
            work=work if work is not None and work.name == name else None,
            held=models.held == name and work is None,
            fault=models.faults.get(name),
            free=work is None,
        )

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

    def _use(self, name: str) -> None:
        offer = self._known()[name]
        if offer.info.installed:
            self.use_wanted.emit(name)
        elif self._models.held == name or offer.begun_bytes:
            self.download_wanted.emit(name)
        else:
            self._confirm_download(offer)

    def _confirm_download(self, offer: ModelOffer) -> None:
        """Say what it takes, and where, before anything is fetched."""
        shelf, info = self._models.shelf, offer.info
        if shelf is None:
            return
        free = size_text(shelf.free_bytes or 0)
        lines = [
            self.tr("It takes {size} in {folder}, where {free} are free.").format(
                size=size_text(info.size_bytes or 0), folder=shelf.folder, free=free
            )
        ]
        if shelf.engine is not None:
            words = self.tr("PyTorch comes first, once: {size}, and {installed} on the disk.")
            lines.append(
                words.format(
                    size=size_text(shelf.engine.missing_bytes),
                    installed=size_text(shelf.engine.installed_bytes),
                )
            )
        if info.licence:
            lines.append(self.tr("Its licence: {licence}.").format(licence=info.licence))
        if info.research_only:
            lines.append(self.tr("That allows research only."))
        ask_before(
            self,
            self.tr("Download a model"),
            self.tr("Download {model}?").format(model=model_title(info.name)),
            "\n".join(lines),
            self.tr("Download"),
            lambda: self.download_wanted.emit(info.name),
            takes_away=False,
        )

    def _confirm_removal(self, name: str) -> None:
        info = self._known()[name].info
        meaning = self.tr(
            "Its files are deleted: {size}. What it has made of photos stays in the library. Other "
            "programs that share the folder of models lose it, too."
        )
        ask_before(
            self,
            self.tr("Remove a model"),
            self.tr("Remove {model} from this computer?").format(model=model_title(name)),
            meaning.format(size=size_text(info.size_bytes or 0)),
            self.tr("Remove"),
            lambda: self.removal_wanted.emit(name),
        )

    def _choose_file(self) -> None:
        kinds = "*.zip *.tar *.tar.gz *.tgz *.tar.xz"
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Import a model"),
            str(Path.home()),
            self.tr("Models ({kinds})").format(kinds=kinds),
        )
        if path:
            self.import_wanted.emit(Path(path))

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Import a model"), str(Path.home()))
        if path:
            self.import_wanted.emit(Path(path))

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
