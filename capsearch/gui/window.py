"""The main window: welcome, library and preview, and what connects them with the engine."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QByteArray, QSettings, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QWidget

from capsearch.errors import CapsearchError
from capsearch.gui.bridge import Bridge
from capsearch.gui.browser import PhotoBrowser, Shown
from capsearch.gui.chosen.bars import CopyingBar, above
from capsearch.gui.chosen.desk import ChosenDesk
from capsearch.gui.failure_desk import FailureDesk
from capsearch.gui.first_run import FirstRun
from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.grid.photo_model import PhotoModel
from capsearch.gui.learned.desk import LearnedDesk
from capsearch.gui.learned.feedback import Feedback
from capsearch.gui.learned.heart import HeartMenu
from capsearch.gui.learned.page import LearnedPage
from capsearch.gui.look.dates import number_text
from capsearch.gui.map.page import MapPage
from capsearch.gui.model_desk import ModelDesk, Models
from capsearch.gui.panels.event_words import drives_that_changed, notice_of
from capsearch.gui.panels.failures_dialog import FailuresDialog
from capsearch.gui.panels.keys_dialog import KeysDialog
from capsearch.gui.panels.library_page import LibraryPage
from capsearch.gui.panels.model_words import fault_words, model_title
from capsearch.gui.panels.proposal import PROPOSED, UpgradeProposal
from capsearch.gui.panels.settings_dialog import SettingsDialog
from capsearch.gui.panels.this_day import ThisDayLink
from capsearch.gui.panels.welcome import WelcomePage, choose_folder
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.gui.pictures.video_player import VideoPlayer
from capsearch.gui.preview.page import PreviewPage
from capsearch.gui.remembered import (
    remember_size,
    remembered_choice,
    remembered_number,
    remembered_texts,
)
from capsearch.gui.slideshow import SlideshowDesk
from capsearch.library.values import (
    Choices,
    Filters,
    HeldFolder,
    LibraryState,
    Part,
    Removal,
    Understood,
)
from capsearch.service import (
    EngineRestarted,
    Event,
    IndexingEnded,
    IndexingFailed,
    IndexingProgress,
    IndexingRestarted,
    IndexingStarted,
    LibraryChanged,
)
from capsearch.service.operations import (
    ForgetEncoder,
    LookAgain,
    ReadChoices,
    ReadFolders,
    ReadFolderTree,
    ReadRemoval,
    ReadState,
    Warm,
)
from capsearch.settings import Settings, cache_folder

_REFRESH_MS = 2500
_TRY_AGAIN_MS = 15_000


class MainWindow(QMainWindow):
    """One library's window; closing it ends the library's processes. `watch`: the library's
    folders are looked through soon after the start, and whatever changes there is shown."""

    def __init__(
        self,
        bridge: Bridge,
        settings: Settings,
        remembered: QSettings,
        *,
        watch: bool = True,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._settings = settings
        self._remembered = remembered
        self._state = LibraryState((), 0, 0, 0, None)
        self._run_notice = self._trouble = ""
        self.setWindowTitle("CapSearch")
        self.thumbnails = ThumbnailStore(cache_folder(bridge.client.library) / "thumbnails", self)
        self.player = VideoPlayer(cache_folder(bridge.client.library) / "videos", self)
        self.model = PhotoModel(self.thumbnails, self)
        self.generic = PhotoModel(self.thumbnails, self)
        self.browser = PhotoBrowser(bridge, self.model, self.generic)
        self.desk = ModelDesk(bridge, remembered, self)
        self.chosen_desk = ChosenDesk(bridge, self)
        indexer = bridge.client.indexer
        self._upgrade = UpgradeProposal(self.desk, remembered, lambda: indexer.running, self)
        self.welcome = WelcomePage()
        self.library = LibraryPage(self.model, self.generic, self.thumbnails)
        self._first_run = FirstRun(self.library, self)
        self._failures = FailureDesk(bridge, remembered, self.library.status, self)
        self.preview = PreviewPage(self.thumbnails, self.chosen_desk)
        self.this_day = ThisDayLink(bridge)
        self.library.status.put_beside_summary(self.this_day)
        self.learned_desk = LearnedDesk(bridge, self)
        self.feedback = Feedback(self.learned_desk, self.browser, self.library, self)
        self.heart = HeartMenu(self)
        self.library.yours_button.setMenu(self.heart)
        self.slides = SlideshowDesk(bridge, remembered, self)
        self._grid_of_preview = self.library.grid
        self._understood: Understood | None = None
        self._saved_menu = QMenu(self.tr("Kept searches"), self)
        self.each_copy = QAction(self.tr("Show each near copy"), self, checkable=True)
        self.copying = CopyingBar()
        self._pages = QStackedWidget()
        self.map = MapPage(bridge, self.thumbnails)
        self.learned = LearnedPage(bridge, self.learned_desk, self.thumbnails)
        for page in (self.library, self.welcome, self.preview, self.map, self.learned):
            self._pages.addWidget(page)
        self.setCentralWidget(above(self._pages, self.copying))
        self._refreshing = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._refreshing.timeout.connect(self._refresh)
        self._trying_again = QTimer(self, singleShot=True, interval=_TRY_AGAIN_MS)
        self._trying_again.timeout.connect(bridge.client.indexer.try_again)
        bridge.client.start(watch=watch)
        self._connect()
        self._make_shortcuts()
        self.library.menu_button.setMenu(self._main_menu())
        self._recall()
        bridge.ask(ReadState(), then=self._begin, otherwise=self._cannot_begin)

    # What the user does

    def add_folder(self, folder: str) -> None:
        """Look through this folder, and show the library meanwhile."""
        self._trouble = ""
        self._bridge.client.index([folder])
        self._show_library()
        if self._state.photos:
            words = self.tr("Looking for photos in “{folder}”. They come in by themselves.")
            self.library.notice.say(words.format(folder=readable(folder)))
        else:
            self._first_run.begin(folder)

    def remove_folder(self, folder: str) -> None:
        """Take this folder out of the library; its files stay as they are."""
        # At once: a look for new photos must not add it again.
        left = tuple(each for each in self._state.folders if each.path != folder)
        self._state = replace(self._state, folders=left)
        self._bridge.client.remove_folder(folder)

    def open_preview(self, grid: PhotoGrid, row: int) -> None:
        """Show one photo of a grid in the whole window."""
        self._grid_of_preview = grid
        self._pages.setCurrentWidget(self.preview)
        self.preview.open(self._model_of_preview, row)

    def search_similar(self, photo_id: int) -> None:
        """Show photos like this one."""
        self._show_library()
        self.library.search.forget()
        self.browser.ask_similar(photo_id)

    def show_copies(self, photo_id: int) -> None:
        """Show the near copies of this photo."""
        self._show_library()
        self.library.search.forget()
        self.browser.ask_copies(photo_id)

    def start_slideshow(self) -> None:
        """Show what is shown now on the whole screen, from the chosen photo on."""
        at_preview = self._pages.currentWidget() is self.preview
        model, current = self._model_of_preview if at_preview else self.model, 0
        if at_preview:
            current = self.preview.row
        elif self.library.grid.currentIndex().isValid():
            current = self.library.grid.currentIndex().row()
        if not model.rowCount():
            self._say_here(self.tr("There are no photos to show."))
        else:
            self.slides.begin(model.photo_ids, current)

    def show_map(self) -> None:
        """Show all photos that have a position on a map."""
        self._pages.setCurrentWidget(self.map)
        self.map.open(stacked=not self.each_copy.isChecked())

    def show_learned(self) -> None:
        """Show what was learned of the photos."""
        self._pages.setCurrentWidget(self.learned)
        self.learned.open()

    def choose_strength(self, strength: str) -> None:
        """How far one's own photos move results from now on."""
        self.change_settings(replace(self._settings, strength=strength))
        self.browser.set_strength(strength)

    def show_this_day(self) -> None:
        """Show the photos of this day in former years."""
        self._ask_saved(self.tr("on this day"))

    def list_copies(self) -> None:
        """Show what there are near copies of, each stack once."""
        self._ask_saved(self.tr("near copies"))

    def search_image(self, path: str) -> None:
        """Show photos like a picture from elsewhere."""
        self.library.search.forget()
        self.browser.ask_image(path)

    def filter_by(self, **chosen: tuple[str, ...]) -> None:
        """Show what has this person or camera only."""
        self._show_library()
        self.library.filter_button.setChecked(True)
        self.library.filters.set_filters(Filters(**chosen))  # type: ignore[arg-type]

    def retry_failures(self) -> None:
        """Read the files again that could not be used."""
        self._bridge.client.index(self._folders(), retry=True)

    def change_settings(self, settings: Settings) -> None:
        """Keep new settings and work by them."""
        try:
            settings.save()
        except CapsearchError as error:
            self.library.notice.say(str(error))
        looks_again = settings.exclude != self._settings.exclude
        self._settings = settings
        self._bridge.client.change_settings(settings)
        if looks_again:
            self._reconcile()

    def choose_encoder(self, name: str) -> None:
        """Have this library's photos encoded, and then searched, by another encoder."""
        self._run_notice = self._trouble = ""
        self._bridge.client.index(self._folders(), encoder=name)

    def use_model(self, name: str) -> None:
        """Search by a model that is here: at once in a library without photos, in another one when
        it has seen all of them."""
        if self._state.folders:
            self.choose_encoder(name)
            return
        self.change_settings(replace(self._settings, encoder=name))
        dialog = self.findChild(SettingsDialog)
        if dialog is not None:
            dialog.search.begin_with(name)

    def forget_encoder(self, name: str) -> None:
        """Drop what this encoder has made of the photos."""

        def say(words: str) -> None:
            dialog = self.findChild(SettingsDialog)
            if dialog is not None:
                dialog.search.say_trouble(words)
            self._refresh()

        self._bridge.ask(
            ForgetEncoder(name),
            then=lambda _: say(""),
            otherwise=lambda error: say(str(error)),
        )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember how things stood, then end everything within two seconds."""
        self.slides.close()
        self._remembered.setValue("geometry", self.saveGeometry())
        self._remembered.setValue("cell", self.library.grid.cell)
        self._remembered.setValue("history", self.library.search.history)
        self._remembered.setValue("saved", self.library.search.saved)
        self._remembered.setValue("personalized", self.library.yours_button.isChecked())
        self._remembered.setValue("each copy", self.each_copy.isChecked())
        self._remembered.sync()
        for timer in self.findChildren(QTimer):
            timer.stop()
        self.hide()
        self.chosen_desk.close()
        self._bridge.close()
        self.preview.end()
        self.player.close()
        self.thumbnails.close()
        super().closeEvent(event)

    # How it is connected

    def _connect(self) -> None:
        library, bridge = self.library, self._bridge
        self._bridge.told.connect(self._first_run.take)
        self._bridge.told.connect(self._take_event)
        self._first_run.look_wanted.connect(self._refresh)
        self._bridge.failed.connect(lambda error: library.notice.say(str(error)))
        self.desk.changed.connect(self._show_models)
        self.desk.arrived.connect(self._use_arrived)
        self.desk.failed.connect(self._model_failed)
        self._upgrade.made.connect(library.proposal.propose)
        self._upgrade.outdated.connect(library.proposal.hide)
        library.proposal.accepted.connect(lambda: self.show_settings().show_model(PROPOSED))
        self.browser.shown.connect(self._shown)
        self.browser.failed.connect(self._not_shown)
        library.search.asked.connect(self.browser.ask_words)
        library.search.left_down.connect(self._into_grid)
        library.search.cleared.connect(self._start_over)
        library.search.typed.connect(self._suggest)
        library.search.saved_changed.connect(self._fill_saved)
        understood = library.understood
        understood.removed.connect(self._remove_part)
        understood.made_plain.connect(self.browser.make_plain)
        understood.kept.connect(self.browser.make_plain)
        understood.replaced.connect(self._replace_word)
        understood.encoder_wanted.connect(self._show_encoders)
        library.filters.changed.connect(self.browser.set_filters)
        library.filters.folders_wanted.connect(
            lambda: bridge.ask(ReadFolderTree(), then=library.filters.show_folders, key="folders")
        )
        library.yours_button.toggled.connect(self.browser.set_personalized)
        library.compare_button.toggled.connect(self._compare)
        library.more_button.clicked.connect(self._show_more)
        library.empty.acted.connect(self._help_out)
        library.image_dropped.connect(self.search_image)
        status = library.status
        status.pause_wanted.connect(self._pause)
        self._failures.retry_wanted.connect(self.retry_failures)
        status.size_slider.valueChanged.connect(self._set_cell)
        for grid in (library.grid, library.generic_grid):
            grid.opened.connect(partial(self.open_preview, grid))
            grid.previewed.connect(partial(self.open_preview, grid))
            grid.left_up.connect(self._into_search)
            grid.size_changed.connect(status.size_slider.setValue)
            menu = PhotoMenu(grid, self.chosen_desk)
            self.feedback.listen_to(menu)
            library.offer_chosen(grid, menu)
            menu.preview_wanted.connect(partial(self.open_preview, grid))
            menu.similar_wanted.connect(self.search_similar)
            menu.copies_wanted.connect(self.show_copies)
            menu.video_wanted.connect(self.player.play)
            menu.failed.connect(library.notice.say)
        self.welcome.chosen.connect(self.add_folder)
        self._connect_preview()
        self._connect_learned()

    def _connect_preview(self) -> None:
        self.preview.closed.connect(self._preview_closed)
        self.preview.similar_wanted.connect(self.search_similar)
        self.preview.video_wanted.connect(self.player.play)
        self.player.failed.connect(self._say_here)
        self.chosen_desk.told.connect(self._say_here)
        self.copying.follow(self.chosen_desk)
        self.map.closed.connect(self._show_library)
        self.map.area_wanted.connect(self._ask_saved)
        self.browser.shown.connect(self.this_day.follow)
        self.this_day.clicked.connect(self.show_this_day)
        self.preview.slideshow_wanted.connect(self.start_slideshow)
        self.slides.ended.connect(self._slideshow_ended)
        self.preview.shown.connect(self._explain)
        self.preview.details.copies_wanted.connect(self.show_copies)
        self.preview.details.person_chosen.connect(lambda name: self.filter_by(people=(name,)))
        self.preview.details.subject_chosen.connect(
            lambda name: self._ask_saved(f'subject:"{name}"')
        )
        self.preview.details.camera_chosen.connect(lambda name: self.filter_by(cameras=(name,)))

    def _connect_learned(self) -> None:
        self.learned.closed.connect(self._show_library)
        self.learned.search_wanted.connect(self._ask_saved)
        grid = self.learned.subject.grid
        for signal in (grid.opened, grid.previewed):
            signal.connect(partial(self.open_preview, grid))
        self.heart.learned_wanted.connect(self.show_learned)
        self.heart.generic_once_wanted.connect(self.browser.toggle_generic_once)
        self.heart.strength_chosen.connect(self.choose_strength)
        understood = self.library.understood
        understood.learned_wanted.connect(self.show_learned)
        understood.usual_wanted.connect(self.browser.toggle_generic_once)

    def _make_shortcuts(self) -> None:
        for keys, act in (
            ("Ctrl+F", self._into_search),
            ("/", self._into_search),
            ("Ctrl+L", self.library.filter_button.toggle),
            ("Ctrl+D", self.library.search.toggle_saved),
            ("Ctrl++", partial(self._grow, 24)),
            ("Ctrl+-", partial(self._grow, -24)),
            ("F11", self._toggle_full_screen),
        ):
            # Bound to the page: in the preview these keys have other meanings.
            page: QWidget = self if keys == "F11" else self.library
            QShortcut(QKeySequence(keys), page).activated.connect(act)
        self.addActions([self.heart.learned, self.heart.generic_once])

    def _main_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addMenu(self._saved_menu)
        menu.addMenu(self.library.chosen.menu)
        for words, keys, act in (
            (self.tr("Add a folder…"), "Ctrl+O", self._choose_folder),
            (self.tr("Look for new photos"), "F5", self._reconcile),
            (self.tr("Slideshow"), "F8", self.start_slideshow),
            (self.tr("What CapSearch has learned"), "", self.show_learned),
            (self.tr("Map of places"), "F7", self.show_map),
            (self.tr("On this day"), "", self.show_this_day),
            (self.tr("Near copies"), "", self.list_copies),
            (self.tr("Files that could not be used…"), "", self.show_failures),
            (self.tr("Settings…"), "Ctrl+,", self.show_settings),
            (self.tr("Keys"), "F1 ?", self.show_keys),
            (self.tr("About CapSearch"), "", self._show_about),
            (self.tr("Quit"), "Ctrl+Q", self.close),
        ):
            action = QAction(words, self)
            action.setShortcuts([QKeySequence(key) for key in keys.split()])
            action.triggered.connect(_without_arguments(act))
            menu.addAction(action)
            self.addAction(action)
            if act == self.list_copies:
                menu.addAction(self.each_copy)
        return menu

    def _recall(self) -> None:
        geometry = self._remembered.value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(1180, 800)
        self._set_cell(remembered_number(self._remembered, "cell", self.library.grid.cell))
        self.library.search.recall(
            history=remembered_texts(self._remembered, "history"),
            saved=remembered_texts(self._remembered, "saved"),
        )
        self._fill_saved()
        self.library.yours_button.setChecked(
            remembered_choice(self._remembered, "personalized", self._settings.personalize)
        )
        self.browser.set_personalized(self.library.yours_button.isChecked())
        self.browser.set_strength(self._settings.strength)
        self.heart.show_strength(self._settings.strength)
        self.each_copy.toggled.connect(lambda each: self.browser.set_stacked(not each))
        self.each_copy.setChecked(remembered_choice(self._remembered, "each copy", False))

    # Beginning

    def _begin(self, state: LibraryState) -> None:
        self._take_state(state)
        if not state.folders and not self._first_run.active:
            self._pages.setCurrentWidget(self.welcome)
            self.welcome.start_button.setFocus()
            return
        self._show_library()
        self.browser.refresh()
        self._bridge.ask(ReadChoices(), then=self._take_choices)
        self._bridge.ask(Warm(), then=lambda _: None, otherwise=lambda _: None)

    def _cannot_begin(self, error: CapsearchError) -> None:
        self._show_library()
        self.library.show_empty("warning", error.message, error.next_step)

    def _reconcile(self) -> None:
        self._run_notice = self._trouble = ""
        self._bridge.client.index(self._folders())

    def _folders(self) -> list[str]:
        return [folder.path for folder in self._state.folders]

    # What is shown

    def _shown(self, shown: Shown) -> None:
        self._understood = shown.answer.understood if shown.answer else None
        self.library.understood.show_answer(shown.answer, generic_once=self.browser.generic_once)
        if not shown.photos:
            self._show_why_empty(shown)
        else:
            if self._first_run.active:
                self._first_run.end()
            self.library.show_photos()
        self.library.show_more_button(0 if shown.by_date else self.model.hidden)
        self._say_summary(shown)
        self._upgrade.answered(self.browser.question.text)

    def _say_summary(self, shown: Shown) -> None:
        alike = not shown.by_date and not self.browser.question.text
        self.library.search.show_hint(
            self.tr("Photos like this one. Esc: all photos") if alike else ""
        )
        if shown.by_date or shown.answer is None:
            words = self.tr("%n photo(s)", "", shown.photos)
        else:
            words = self.tr("{shown} of {all} photos").format(
                shown=number_text(self.model.rowCount()),
                all=number_text(shown.answer.searched),
            )
        self.library.status.set_summary(words)

    def _show_why_empty(self, shown: Shown) -> None:
        filtered = shown.question is not None and not shown.question.filters.empty
        if self._first_run.active and not self._state.photos:
            self._first_run.show(self.browser.question.text)
        elif shown.answer is not None and self.model.hidden:
            self.library.show_empty(
                "search",
                self.tr("No photo surely shows this"),
                self.tr("You can look at those that come nearest."),
                self.tr("Show the nearest %n photo(s)", "", self.model.hidden),
            )
        elif shown.answer is not None and shown.answer.understood.parts:
            self.library.show_empty(
                "filter",
                self.tr("No photo is all of this"),
                self.tr("Take out one of the parts below the search field."),
            )
        elif filtered:
            self.library.show_empty(
                "filter",
                self.tr("No photo passes these filters"),
                self.tr("Fewer filters find more."),
                self.tr("Clear all filters"),
            )
        elif self._bridge.client.indexer.running:
            self._first_run.show()
        else:
            self.library.show_empty(
                "photo",
                self.tr("There are no photos here yet"),
                self.tr("Add a folder that holds some, or wait until its drive is connected."),
                self.tr("Add a folder…"),
            )

    def _not_shown(self, error: CapsearchError) -> None:
        if self._first_run.active:  # nothing is there yet that could be searched
            self._first_run.show(self.browser.question.text)
        else:
            self.library.show_empty("warning", error.message, error.next_step)

    def _help_out(self) -> None:
        if self.model.hidden:
            self.library.show_photos()
            self._show_more()
        elif not self.library.filters.filters.empty:
            self.library.filters.set_filters(Filters())
        else:
            self._choose_folder()

    def _explain(self, photo_id: int) -> None:
        if self._grid_of_preview is self.library.grid:
            self.browser.explain(photo_id, self.preview.show_explanation)

    def _suggest(self, typed: str) -> None:
        suggest = self.library.search.suggest
        if typed.strip():
            self.browser.complete(typed, then=lambda found: suggest(typed, found))
        else:
            suggest(typed, ())

    def _remove_part(self, part: Part) -> None:
        if self._understood is not None:
            self.library.search.ask_for(self._understood.without(part))

    def _replace_word(self, typed: str, meant: str) -> None:
        words = self.library.search.words
        self.library.search.ask_for(re.sub(rf"\b{re.escape(typed)}\b", meant, words))

    def _show_encoders(self) -> None:
        dialog = self.show_settings()
        dialog.tabs.setCurrentWidget(dialog.search)

    def _fill_saved(self) -> None:
        """List the kept searches in the menu."""
        self._saved_menu.clear()
        for text in self.library.search.saved:
            action = self._saved_menu.addAction(text.replace("&", "&&"))
            action.triggered.connect(_without_arguments(partial(self._ask_saved, text)))
        self._saved_menu.menuAction().setVisible(not self._saved_menu.isEmpty())

    def _ask_saved(self, text: str) -> None:
        self._show_library()
        self.library.search.ask_for(text)

    def _show_more(self) -> None:
        self.model.show_all()
        self.library.show_more_button(0)

    def _compare(self, comparing: bool) -> None:
        self.library.show_comparison(comparing)
        self.browser.set_comparing(comparing)

    # Events of the service

    def _take_event(self, event: Event) -> None:
        status = self.library.status
        match event:
            case IndexingProgress(progress=progress, on_battery=on_battery):
                status.show_progress(progress, on_battery=on_battery)
                if progress.phase == "index" and not self._refreshing.isActive():
                    self._refreshing.start()
                elif progress.phase == "finish":
                    self._refresh()  # all is recorded; what is learned from it may take longer
            case IndexingEnded(report=report):
                status.end_progress()
                status.tell_news(report)
                self.learned.refresh()
                self.thumbnails.forget_failures()
                self._refresh()
            case IndexingFailed():
                status.end_progress()
                self._trying_again.start()
                self.thumbnails.forget_failures()
                self._refresh()
            case LibraryChanged() if not self._bridge.client.indexer.running:
                self._refresh()
            case IndexingStarted():
                status.set_paused(self._bridge.client.indexer.paused)
            case IndexingRestarted() | EngineRestarted():
                self._refresh()
        words = notice_of(event)
        if isinstance(event, IndexingEnded) and words:  # each run would say it again
            words, self._run_notice = ("" if words == self._run_notice else words), words
        if isinstance(event, IndexingEnded | IndexingFailed):
            trouble = words if isinstance(event, IndexingFailed) else ""
            words = "" if trouble and trouble == self._trouble else words  # each try would, too
            self._trouble = trouble
            dialog = self.findChild(SettingsDialog)
            if dialog is not None and trouble:
                dialog.search.say_trouble(trouble)
        if words:
            self.library.notice.say(words)

    def _refresh(self) -> None:
        """Read anew what indexing may have changed."""
        self._refreshing.stop()
        self._bridge.ask(LookAgain(), then=lambda _: None)
        # With keys: a run's end asks twice within a moment.
        self._bridge.ask(ReadState(), then=self._take_state, key="state")
        self._bridge.ask(ReadChoices(), then=self._take_choices, key="choices")
        self.model.renew_facts()
        self.browser.refresh()
        self.map.refresh()

    def _take_state(self, state: LibraryState) -> None:
        words = drives_that_changed(self._state.folders, state.folders)
        if words:
            self.library.notice.say(words)
        self._state = state
        self._upgrade.take_state(state)
        self._failures.take_state(state)
        dialog = self.findChild(SettingsDialog)
        if dialog is not None:
            dialog.search.show_state(state)
            self._bridge.ask(ReadFolders(), then=self._take_folders)

    def _take_choices(self, choices: Choices) -> None:
        self.library.filters.set_choices(choices)

    def _pause(self, paused: bool) -> None:
        indexer = self._bridge.client.indexer
        (indexer.pause if paused else indexer.resume)()

    # Moving about

    def _show_library(self) -> None:
        self._pages.setCurrentWidget(self.library)
        self.library.search.setFocus()

    def _say_here(self, text: str) -> None:
        """On the page that is seen."""
        at_preview = self._pages.currentWidget() is self.preview
        (self.preview if at_preview else self.library).notice.say(text)

    @property
    def _model_of_preview(self) -> PhotoModel:
        model = self._grid_of_preview.model()
        assert isinstance(model, PhotoModel)
        return model

    def _slideshow_ended(self, photo: int) -> None:
        """Go on with the photo that was seen last."""
        at_preview = self._pages.currentWidget() is self.preview
        row = (self._model_of_preview if at_preview else self.model).row_of(photo)
        if row is not None and at_preview:
            self.preview.open(self._model_of_preview, row)
        elif row is not None:
            self.library.grid.go_to(row)

    def _preview_closed(self, row: int) -> None:
        of_subject = self._grid_of_preview is self.learned.subject.grid
        self._pages.setCurrentWidget(self.learned if of_subject else self.library)
        self._grid_of_preview.go_to(row)
        self._grid_of_preview.setFocus()

    def _into_grid(self) -> None:
        grid = self.library.grid
        if self.model.rowCount():
            if not grid.currentIndex().isValid():
                grid.go_to(0)
            grid.setFocus()

    def _into_search(self) -> None:
        self.library.search.setFocus()
        self.library.search.selectAll()

    def _start_over(self) -> None:
        """Back to all photos by date: Esc in an empty search bar."""
        if not self.browser.by_date:
            self.browser.ask_words("")

    def _set_cell(self, pixels: int) -> None:
        for grid in (self.library.grid, self.library.generic_grid):
            grid.set_cell(pixels)

    def _grow(self, pixels: int) -> None:
        self._set_cell(self.library.grid.cell + pixels)

    def _choose_folder(self) -> None:
        folder = choose_folder(self)
        if folder:
            self.add_folder(folder)

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    # Dialogs

    def show_failures(self) -> FailuresDialog:
        """List the files that could not be used."""
        return self._failures.show_list()

    def show_keys(self) -> KeysDialog:
        """List all keys, by page."""
        dialog = self.findChild(KeysDialog) or KeysDialog(self)
        dialog.open()
        return dialog

    def _show_about(self) -> None:
        dialog = self.show_settings()
        dialog.tabs.setCurrentWidget(dialog.about)

    def show_settings(self) -> SettingsDialog:
        """Let the user change the settings."""
        library = self._bridge.client.library
        dialog = SettingsDialog(self._settings, self._state, library, self.desk.models, self)
        dialog.changed.connect(self._take_settings)
        dialog.excluded.connect(self._bridge.client.exclude)
        search = dialog.search
        search.forget_wanted.connect(self.forget_encoder)
        search.use_wanted.connect(self.use_model)
        search.download_wanted.connect(self.desk.download)
        search.pause_wanted.connect(self.desk.pause)
        search.discard_wanted.connect(self.desk.discard)
        search.removal_wanted.connect(self.desk.remove)
        search.import_wanted.connect(self.desk.take_in)
        self.desk.look()
        folders = dialog.folders
        folders.add_wanted.connect(self.add_folder)
        folders.removal_asked.connect(self._ask_removal)
        folders.removal_wanted.connect(self.remove_folder)
        folders.relocation_wanted.connect(self._bridge.client.relocate_folder)
        self._bridge.ask(ReadFolders(), then=self._take_folders)
        remember_size(dialog, self._remembered, "settings size")
        dialog.open()
        return dialog

    def _take_settings(self, settings: Settings) -> None:
        """All but the encoder, which may have become another while the dialog was open."""
        self.change_settings(replace(settings, encoder=self._settings.encoder))

    def _show_models(self, models: Models) -> None:
        dialog = self.findChild(SettingsDialog)
        if dialog is not None:
            dialog.search.show_models(models)

    def _use_arrived(self, name: str) -> None:
        if self._state.folders:
            words = self.tr("{model} is here and begins to look at your photos.")
            self.library.notice.say(words.format(model=model_title(name)))
        self.use_model(name)

    def _model_failed(self, name: str, error: CapsearchError) -> None:
        if self.findChild(SettingsDialog) is None:
            self.library.notice.say(f"{model_title(name)}: {fault_words(error)}", stay=True)

    def _take_folders(self, folders: tuple[HeldFolder, ...]) -> None:
        dialog = self.findChild(SettingsDialog)
        if dialog is not None:
            dialog.folders.show_folders(folders, running=self._bridge.client.indexer.running)

    def _ask_removal(self, folder: str) -> None:
        def confirm(removal: Removal) -> None:
            dialog = self.findChild(SettingsDialog)
            if dialog is not None:
                dialog.folders.confirm_removal(folder, removal)

        self._bridge.ask(ReadRemoval(folder), then=confirm)


def _without_arguments(act: Callable[[], object]) -> Callable[..., None]:
    """A slot that ignores whether the action is checked."""

    def slot(*_: object) -> None:
        act()

    return slot
