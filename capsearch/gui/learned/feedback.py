"""What is said of photos in the library: what they are called, that they are meant, or are not."""

from functools import partial

from PySide6.QtCore import QObject

from capsearch.errors import CapsearchError
from capsearch.gui.browser import PhotoBrowser, Shown
from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.learned.desk import LearnedDesk
from capsearch.gui.learned.naming import NameDialog
from capsearch.gui.look.dates import number_text
from capsearch.gui.panels.library_page import LibraryPage
from capsearch.library.values import Learned, Name, Say, SubjectRef


class Feedback(QObject):
    """Takes it from the menus, has it taught, and says what it did, to be undone."""

    def __init__(
        self, desk: LearnedDesk, browser: PhotoBrowser, library: LibraryPage, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._browser, self._library = desk, browser, library
        self._menus: list[PhotoMenu] = []
        self._names: tuple[str, ...] = ()
        self._watched: tuple[int, int] | None = None
        self._words = ""
        browser.shown.connect(self._shown)
        desk.taught.connect(self._taught)
        desk.told.connect(self._told)
        desk.failed.connect(self._refused)
        desk.learned.connect(self._learned)

    def listen_to(self, menu: PhotoMenu) -> None:
        """Take what is said there."""
        self._menus.append(menu)
        menu.naming_wanted.connect(self.ask_name)
        menu.meant.connect(self.say)

    def ask_name(self, photos: tuple[int, ...]) -> None:
        """Ask what these photos show."""
        dialog = NameDialog(self._library, partial(self._name, photos), known=self._names)
        dialog.open()

    def say(self, photos: tuple[int, ...], more: bool) -> None:
        """These are what 'my ...' means, or are not."""
        row = self._browser.model.row_of(photos[0])
        self._watched = None if row is None else (photos[0], row)
        words = (
            self.tr("CapSearch knows that you mean this.")
            if more
            else self.tr("CapSearch knows that you do not mean this.")
        )
        self._desk.teach(Say(self._browser.question.text, photos, more), words)

    def _name(self, photos: tuple[int, ...], name: str, called: str) -> None:
        words = self.tr("“{name}” finds this from now on.").format(name=name)
        self._desk.teach(Name(SubjectRef(None, photos), name, called), words)

    def _taught(self, words: str) -> None:
        self._words = words
        self._browser.refresh()
        self._say(words)

    def _told(self, words: str) -> None:
        self._browser.refresh()
        self._library.notice.say(words)

    def _refused(self, error: CapsearchError) -> None:
        if self._library.isVisible():
            self._library.notice.say(str(error))

    def _shown(self, shown: Shown) -> None:
        own = shown.answer is not None and shown.answer.effect != "none"
        for menu in self._menus:
            menu.answers_own = own
        watched, self._watched = self._watched, None
        if watched is None or not own:
            return
        photo, before = watched
        now = self._browser.model.row_of(photo)
        if now is None:
            words = self.tr("It is behind all that fit now.")
        elif now == before:
            words = self.tr("It stays in place {place}.").format(place=number_text(now + 1))
        else:
            words = self.tr("It went from place {before} to {now}.").format(
                before=number_text(before + 1), now=number_text(now + 1)
            )
        self._say(f"{self._words} {words}")

    def _say(self, words: str) -> None:
        self._library.notice.say(words, offer=self.tr("Undo"), act=self._desk.take_back)

    def _learned(self, learned: Learned) -> None:
        self._names = tuple(subject.name for subject in learned.subjects if subject.name)
