"""The facade that the commands, the window and the tests all use: one library, values in and out.

It alone opens and closes a library, decides which encoder is in use, answers questions, browses
and keeps.
"""

import datetime
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.lock import library_in_use
from capsearch.catalog.records import EncoderSet
from capsearch.encoders.base import Encoder
from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
from capsearch.gazetteer.lands import draw_lands
from capsearch.indexing.drives import notice_drives
from capsearch.indexing.run import index_changes, index_folders
from capsearch.library.asking import answer, explain_photo, read_facts
from capsearch.library.encoder_choice import (
    EncoderSlot,
    active_encoder,
    count_waiting,
    unwant_encoder,
    want_encoder,
    wanted_encoder,
)
from capsearch.library.encoder_runs import EncoderRuns, IndexBy, Tell
from capsearch.library.encoder_view import EncoderView, cache_identity, library_id
from capsearch.library.folders import (
    add_folders,
    held_folders,
    known_folder,
    relocate_folder,
    remove_folder,
)
from capsearch.library.learned import export_taught, import_taught, read_learned, teach
from capsearch.library.map_view import clusters_in, on_map
from capsearch.library.profile_keeper import forget_profile
from capsearch.library.stacks import shown_of
from capsearch.library.this_day import count_this_day
from capsearch.library.values import (
    FIRST_FACTS,
    AddedFolder,
    Answer,
    Choices,
    Completion,
    CopyStack,
    Explanation,
    Failure,
    Filters,
    FolderCount,
    HeldFolder,
    IndexReport,
    Learned,
    Lesson,
    LibraryState,
    MapView,
    PhotoFacts,
    PhotoMap,
    Progress,
    Question,
    Removal,
    Scope,
    ThisDay,
    Timeline,
)
from capsearch.paths import moved_with
from capsearch.search import remove_caches
from capsearch.settings import STRENGTHS, Settings, cache_folder

LoadEncoder = Callable[[str, str], Encoder]
"""From an encoder's name and a device's to the encoder, as `load_encoder` does it."""


class Library:
    """One library; a context manager, for one thread. The file is opened, and made if there is
    none, when first needed.

    Args:
        path: the library file.
        encoder: name of the encoder to use; None for the library's own: the one whose vectors it
            is searched by or, to encode photos, the one that the user wants next. A library
            without any begins with the settings' one.
        device: where the encoder runs; None for the settings' one.
        settings: what the user chose.
        resident: many searches will come, so that an index is worth its loading.
        load: how an encoder is come by.
    """

    def __init__(
        self,
        path: Path,
        *,
        encoder: str | None = None,
        device: str | None = None,
        settings: Settings | None = None,
        resident: bool = False,
        load: LoadEncoder = load_encoder,
    ) -> None:
        self.path = path
        self._named = encoder
        self._device = device
        self._settings = settings or Settings()
        self._resident = resident
        self._load = load
        self._catalog: Catalog | None = None
        self._opened = ExitStack()
        self._slot = EncoderSlot(self._load_named)
        self._runs = EncoderRuns(self._encoder)
        self._view: EncoderView | None = None

    # Opened and closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what is asked later opens it again."""
        self._drop_view()
        self._catalog = None
        self._opened.close()

    @property
    def catalog(self) -> Catalog:
        """The library's catalog."""
        if self._catalog is None:
            with ExitStack() as opened:
                if self._resident:  # for long: nobody may replace the file meanwhile
                    with suppress(OSError):
                        self.path.parent.mkdir(parents=True, exist_ok=True)
                    opened.enter_context(library_in_use(self.path))
                self._catalog = opened.enter_context(Catalog.open(self.path))
                self._opened = opened.pop_all()
        return self._catalog

    @property
    def cache_folder(self) -> Path:
        """Folder beside the library for what can be deleted and comes back."""
        return cache_folder(self.path)

    def change_settings(self, settings: Settings) -> None:
        """Work by other settings from now on."""
        if settings.device != self._settings.device:
            self._slot = EncoderSlot(self._load_named)
            self._drop_view()
            self._runs.forget_failures()
        self._settings = settings

    # Which encoder is in use

    @property
    def encoder(self) -> Encoder:
        """The encoder that searches, loaded when first needed."""
        return self._encoder(self._named)

    def encoders_in_use(self) -> tuple[str, ...]:
        """Names of the encoder that the library is searched by and of the one that is to be."""
        if not self._exists:
            return ()
        active = active_encoder(self.catalog)
        names = (active.name if active else None, wanted_encoder(self.catalog))
        return tuple(name for name in names if name is not None)

    def want_encoder(self, name: str) -> None:
        """Have photos encoded by this one from the next run on, while the present one goes on
        searching until all of them are.

        Raises:
            CapsearchError: it cannot be loaded; the library keeps the one it has.
        """
        want_encoder(self.catalog, self._encoder(name))

    def drop_encoder(self, name: str, waiting: Callable[[], None] | None = None) -> int:
        """Forget the vectors of an encoder that is not searched by; how many photos had one.

        With `waiting`, an index run that goes on is waited for, after that was called.

        Raises:
            CapsearchError: there are none, or the library is searched by them; an index run is
                going on.
        """
        self._require_library()
        self._droppable(name)
        library = library_id(self.catalog)
        with self.catalog.indexing_lock(waiting), self.catalog.transaction():
            dropped = self._droppable(name)  # again: a run may have ended that was waited for
            for each in dropped:
                self.catalog.drop_encoder(each.identity)
                forget_profile(self.catalog, each.identity)
            if wanted_encoder(self.catalog) == name:
                unwant_encoder(self.catalog)
        for each in dropped:
            remove_caches(self.cache_folder, cache_identity(library, each.identity))
        return sum(each.photos for each in dropped)

    def _droppable(self, name: str) -> list[EncoderSet]:
        active = active_encoder(self.catalog)
        known = [found for found in self.catalog.counts().encoders if found.name == name]
        dropped = [each for each in known if active is None or each.identity != active.identity]
        if not dropped:
            what = "is what this library is searched by" if known else "has no vectors here"
            names = ", ".join(f"'{found.name}'" for found in self.catalog.encoders()) or "none"
            raise CapsearchError(f"'{name}' {what}.", f"There are vectors of: {names}.")
        return dropped

    # Asked

    def answer(self, question: Question) -> Answer:
        """Rank the photos for a question.

        Raises:
            CapsearchError: nothing is asked, there is no library yet, its photos were not encoded
                by this encoder; the image cannot be read, the photo is gone.
        """
        self._require_library()
        return answer(
            self._current_view(),
            question,
            personalize=self._personalize(question),
            strength=self._strength(question),
        )

    def explain(self, question: Question, photo_id: int) -> Explanation | None:
        """Say what the photo's score is made of; None where it is not among those searched.

        Raises:
            CapsearchError: as `answer`.
        """
        self._require_library()
        return explain_photo(
            self._current_view(),
            question,
            photo_id,
            personalize=self._personalize(question),
            strength=self._strength(question),
        )

    def complete(
        self, text: str, limit: int = 8, *, german: bool = False
    ) -> tuple[Completion, ...]:
        """What the end of a typed text may become: names of people, places, albums, keywords and
        cameras of this library, with the number of their photos; places in German if asked for."""
        if not self._exists:
            return ()
        return self._current_view().reader.complete(text, limit, german=german)

    def warm(self) -> str:
        """Load what the first question would have to wait for; the encoder's name."""
        view = self._current_view()
        view.warm()
        return view.encoder.name

    def look_again(self) -> None:
        """Let the next question see all that the library holds then, and not what it held up to
        two seconds before; names that are new to it follow as soon as they are listed."""
        if self._view is not None:
            self._view.look_again()

    # Browsed

    def state(self) -> LibraryState:
        """The library in numbers."""
        counts = self.catalog.counts()
        active = active_encoder(self.catalog)
        wanted = wanted_encoder(self.catalog)
        waiting, away = count_waiting(self.catalog, wanted) if wanted else (0, 0)
        return LibraryState(
            folders=self.catalog.folders(),
            photos=counts.searchable,
            offline=counts.offline_files,
            failures=counts.failures,
            encoder=active.name if active else None,
            wanted_encoder=wanted,
            waiting=waiting,
            waiting_away=away,
            encoders=counts.encoders,
            encoder_identity=active.identity if active else None,
            newest_failure=counts.newest_failure,
        )

    def timeline(self, filters: Filters | None = None, *, stacked: bool = True) -> Timeline:
        """The photos that pass `filters`, newest first; one for all its near copies where they
        are `stacked`."""
        ids, days = self.catalog.timeline(filters or Filters())
        if stacked:
            shown = shown_of(self.catalog, ids)
            ids, days = ids[shown], days[shown]
        return Timeline(ids, days, self.facts(ids[:FIRST_FACTS].tolist()))

    def this_day(self, *, stacked: bool = True) -> ThisDay:
        """How many photos were taken on this day of former years."""
        return count_this_day(self.catalog, datetime.date.today(), stacked=stacked)

    def photo_map(self, view: MapView, *, stacked: bool = True) -> PhotoMap:
        """The photos that have a position, as clusters in a view of the map; one for all its near
        copies where they are `stacked`."""
        ids, degrees = self.catalog.positions()
        if stacked:
            shown = shown_of(self.catalog, ids)
            ids, degrees = ids[shown], degrees[shown]
        if not len(ids):
            return PhotoMap((), 0, None)
        places = on_map(degrees)
        (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
        bounds = MapView(float(left), float(top), float(right), float(bottom), 0.0)
        return PhotoMap(clusters_in(ids, degrees, view), len(ids), bounds)

    def lands(self, level: int, column: int, row: int, side: int) -> bytes:
        """A square tile of the map of the lands, (side, side) uint8: 0 for the sea, 1 for land, 2
        for a border between countries; one of the 4**`level` that make the map."""
        return draw_lands(level, column, row, side).tobytes()

    def facts(self, ids: Sequence[int]) -> tuple[PhotoFacts, ...]:
        """What is known of these photos, in their order; unknown ids are left out."""
        return read_facts(self.catalog, ids)

    def choices(self) -> Choices:
        """What there is to filter by."""
        return self.catalog.choices()

    def folder_tree(self) -> tuple[FolderCount, ...]:
        """The folders that hold photos, as they lie on the disk, each before those inside of it."""
        return self.catalog.folder_tree()

    def copy_stacks(self) -> tuple[CopyStack, ...]:
        """The photos of which there are near copies, by path, brought up to date first: some
        seconds at 100,000 photos where none were compared before.

        Raises:
            CapsearchError: there is no library yet, it cannot be written, its photos were not
                encoded by this encoder.
        """
        self._require_library()
        return self._current_view().copy_stacks()

    def failures(self) -> tuple[Failure, ...]:
        """Every file and folder that could not be used, by path."""
        return self.catalog.failure_list()

    # Learned and taught

    def learned(self) -> Learned:
        """What comes back in the photos, what was named, and who and where is known by name.

        Raises:
            CapsearchError: there is no library yet, its photos were not encoded by this encoder.
        """
        self._require_library()
        return read_learned(self._current_view())

    def teach(self, lesson: Lesson) -> None:
        """Take a lesson; `unteach` takes it back.

        Raises:
            CapsearchError: it cannot be; there is no library yet, it cannot be written.
        """
        self._require_library()
        teach(self._current_view(), lesson)
        self._was_taught()

    def photos_at(self, paths: Sequence[str]) -> tuple[int, ...]:
        """The photos (ids) that lie at these paths.

        Raises:
            CapsearchError: there is no library yet, or one of them is not in it.
        """
        self._require_library()
        found = [self.catalog.photo_at(os.path.abspath(path)) for path in paths]
        for path, photo in zip(paths, found, strict=True):
            if photo is None:
                raise CapsearchError(
                    f"{path} is no photo of this library.",
                    "Give the path of one, as `capsearch search` prints it.",
                )
        return tuple(photo for photo in found if photo is not None)

    def unteach(self) -> bool:
        """Take the last lesson back; False where there is none.

        Raises:
            CapsearchError: there is no library yet, it cannot be written.
        """
        self._require_library()
        taken_back = self.catalog.unteach()
        self._was_taught()
        return taken_back

    def forget_taught(self) -> None:
        """Forget everything that was taught, for good.

        Raises:
            CapsearchError: there is no library yet, it cannot be written.
        """
        self._require_library()
        self.catalog.forget_taught()
        self._was_taught()

    def export_taught(self, path: Path) -> int:
        """Write all that was taught to a file; how many things that are.

        Raises:
            CapsearchError: there is no library yet, the file cannot be written.
        """
        self._require_library()
        return export_taught(self.catalog, path)

    def import_taught(self, path: Path) -> int:
        """Take over what such a file says in place of what was taught; how many things that are.

        Raises:
            CapsearchError: it is no such file; there is no library yet, it cannot be written.
        """
        self._require_library()
        number = import_taught(self.catalog, path)
        self._was_taught()
        return number

    # Kept

    def index(
        self,
        folders: Sequence[str],
        *,
        exclude: Sequence[str] = (),
        retry: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        wait: bool = True,
    ) -> IndexReport:
        """Bring the library up to date with `folders`, then learn from what it holds now. The
        patterns of `exclude` are left out of them, in this run and in all later ones.

        Raises:
            LibraryBusyError: another process is indexing, and it is not to `wait` for that.
            CapsearchError: a folder does not exist, the encoder cannot be loaded, the library
                cannot be written. One bad photo is a line in the report's `failed` instead.
        """

        def index(
            encoder: Encoder, progress: Tell | None, earlier: IndexReport | None
        ) -> IndexReport:
            moved = earlier.moved if earlier is not None else ()
            return index_folders(
                self.catalog,
                encoder,
                [moved_with(os.path.abspath(folder), moved) for folder in folders],
                exclude=self._settings.exclude,
                leave_out=exclude,
                retry_failed=retry and earlier is None,
                progress=progress,
                stop=stop,
                wait=wait,
            )

        report = self._run(index, progress, small=False)
        # Where its own encoder is gone, there is nothing to learn by until it is replaced.
        own_gone = self._runs.own_gone and report.wanted_encoder is not None
        if not report.stopped and not own_gone:
            self.prepare(stop)
        return report

    def index_changes(
        self,
        scopes: Iterable[Scope],
        *,
        unsettled: Iterable[str] = (),
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> IndexReport:
        """Bring the library up to date with what a `LibraryWatcher` told, as `index` does; call
        `prepare` when no more changes come.

        Raises:
            CapsearchError: the encoder cannot be loaded, the library cannot be written.
        """
        scopes, unsettled = tuple(scopes), tuple(unsettled)

        def index(
            encoder: Encoder, progress: Tell | None, earlier: IndexReport | None
        ) -> IndexReport:
            moved = earlier.moved if earlier is not None else ()
            return index_changes(
                self.catalog,
                encoder,
                (*scopes, *(Scope(new) for _, new in moved)),
                unsettled=unsettled,
                exclude=self._settings.exclude,
                progress=progress,
                stop=stop,
            )

        return self._run(index, progress, small=True)

    def prepare(self, stop: threading.Event | None = None) -> None:
        """Learn from what the library holds now, so that no search has to; `stop` ends it early.

        Raises:
            CapsearchError: the encoder cannot be loaded, the library cannot be written.
        """
        self._current_view().prepare(stop)

    # Its folders

    def folders(self) -> tuple[HeldFolder, ...]:
        """The library's folders, by path; none where there is no library yet."""
        return held_folders(self.catalog) if self._exists else ()

    def notice_drives(self) -> tuple[tuple[str, str], ...]:
        """Note which folders are away now and which are back, so that results say so; those found
        under another mount point are taken over: (old, new).

        Quick: no photo is looked at, and what hangs is away after two seconds. Where the library
        cannot be written nothing is noted.
        """
        return notice_drives(self.catalog) if self._exists else ()

    def add_folders(self, folders: Sequence[str]) -> tuple[AddedFolder, ...]:
        """Take `folders` into the library; the next index run looks at them.

        Raises:
            CapsearchError: one of them cannot be looked into; then none is taken.
        """
        return add_folders(self.catalog, folders)

    def removal(self, folder: str) -> Removal:
        """Say what `remove_folder` would do.

        Raises:
            CapsearchError: it is not in the library.
        """
        self._require_library()
        with self.catalog.snapshot():
            return self.catalog.count_removal(known_folder(self.catalog, folder).path)

    def remove_folder(self, folder: str, waiting: Callable[[], None] | None = None) -> Removal:
        """Take `folder` out of the library; other folders keep their photos, below it or above.
        The vectors are kept for 30 days. With `waiting`, an index run that goes on is waited for,
        after that was called.

        Raises:
            CapsearchError: it is not in the library, an index run is going on.
        """
        self._require_library()
        return remove_folder(self.catalog, folder, waiting)

    def relocate_folder(
        self, old: str, new: str, waiting: Callable[[], None] | None = None
    ) -> HeldFolder:
        """Have the folder `old`, which the user renamed or moved, lie at `new`; nothing is read
        again. With `waiting`, an index run that goes on is waited for, after that was called.

        Raises:
            CapsearchError: `old` is not in the library, `new` does not hold its files, an index
                run is going on.
        """
        self._require_library()
        return relocate_folder(self.catalog, old, new, waiting)

    def exclusions(self, folder: str) -> tuple[str, ...]:
        """What is left out of `folder`, besides what the settings leave out of all.

        Raises:
            CapsearchError: it is not in the library.
        """
        self._require_library()
        return known_folder(self.catalog, folder).exclude

    def set_exclusions(self, folder: str, patterns: Sequence[str]) -> None:
        """Leave out of `folder` what matches one of `patterns`, from its next index run on.

        Raises:
            CapsearchError: it is not in the library.
        """
        self._require_library()
        self.catalog.set_exclusions(known_folder(self.catalog, folder).path, patterns)

    # How

    def _run(self, index: IndexBy, progress: Tell | None, *, small: bool) -> IndexReport:
        return self._runs.run(
            self.catalog, index, named=self._named, progress=progress, small=small
        )

    def _encoder(self, chosen: str | None) -> Encoder:
        """The encoder chosen or, with None, the library's own, before it has any the settings'."""
        active = active_encoder(self.catalog) if self._exists else None
        own = active.name if active else self._settings.encoder
        return self._slot.get(chosen or own, active.identity if active else "")

    def _load_named(self, name: str) -> Encoder:
        self._drop_view()  # it would keep the encoder before in memory
        return self._load(name, self._device or self._settings.device)

    def _current_view(self) -> EncoderView:
        return self._view_of(self.encoder)

    def _view_of(self, encoder: Encoder) -> EncoderView:
        if self._view is None or self._view.encoder is not encoder:
            self._drop_view()
            self._view = EncoderView(
                self.catalog, encoder, self.cache_folder, resident=self._resident
            )
        return self._view

    def _drop_view(self) -> None:
        if self._view is not None:
            self._view.close()
            self._view = None

    def _was_taught(self) -> None:
        if self._view is not None:
            self._view.was_taught()

    def _personalize(self, question: Question) -> bool:
        asked = question.personalize
        return self._settings.personalize if asked is None else asked

    def _strength(self, question: Question) -> float:
        asked = question.strength
        return STRENGTHS.get(self._settings.strength if asked is None else asked, 1.0)

    @property
    def _exists(self) -> bool:
        return self._catalog is not None or self.path.exists()

    def _require_library(self) -> None:
        if not self._exists:
            raise CapsearchError(
                f"There is no library at {self.path} yet.",
                "Make one with `capsearch index DIR`, or add `--photos DIR` to the search.",
            )
