"""What may be killed: how each is set up, done, and judged when it was killed or has ended."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.schema import STEPS
from capsearch.lab.kills.contents import Contents, contents
from capsearch.lab.kills.encoder import DIM, take_count
from capsearch.lab.kills.stage import (
    library_of,
    log_of,
    make_library,
    open_library,
    photos_of,
    take_back_to_first_format,
    take_photos,
)
from capsearch.library.profile_keeper import forget_profile
from capsearch.library.values import Progress, Question
from capsearch.search import VectorIndex, VectorMatrix, index_notice
from capsearch.service.jobs import IndexJob, RelocateJob, RemoveFolderJob
from capsearch.settings import cache_folder

_QUESTION = Question("my dog", count=10_000)
_LIKE = 1e-3
# Tables whose rows hang on others, so that they differ while only some of those are there yet.
_DERIVED = {"photos", "keywords", "people", "words", "labels"}


class LostError(Exception):
    """A kill has cost something."""


class Action:
    """One thing that writes to a library. `at_once`: it is done wholly or not at all."""

    name = ""
    at_once = True

    def prepare(self, home: Path) -> None:
        """Make the library that it begins with, and what belongs to it."""
        raise NotImplementedError

    def ready(self, home: Path) -> Callable[[], object]:
        """Load what is not to be killed; gives what is."""
        raise NotImplementedError

    def look(self, home: Path) -> "State":
        """What is there now, whatever happened.

        Raises:
            LostError: it is not whole.
        """
        return _look_at_library(home)


class State:
    """What a home holds; `answer` are scores by path, None where nothing can be asked."""

    def __init__(self, held: Contents, answer: dict[str, float] | None = None) -> None:
        self.held = held
        self.answer = answer

    def vectors(self) -> int:
        """How many vectors there are, of whichever encoder."""
        return len(self.held.get("embeddings", ()))

    def is_like(self, other: "State") -> bool:
        """Whether the user sees no difference."""
        mine, theirs = self.answer or {}, other.answer or {}
        return (
            self.held == other.held
            and mine.keys() == theirs.keys()
            and all(abs(mine[path] - theirs[path]) < _LIKE for path in mine)
        )

    def check_between(self, before: "State", after: "State") -> None:
        """Hold that nothing is lost that was there before and is to stay, and nothing made up.

        Raises:
            LostError: it is.
        """
        for table, rows in self.held.items():
            end = 1 if table in _DERIVED else None
            now, old, new = (
                {row[:end] for row in each}
                for each in (rows, before.held[table], after.held[table])
            )
            if not (old & new <= now <= old | new):
                raise LostError(
                    f"{table}: {len(old & new - now)} lost, {len(now - (old | new))} made up"
                )


class _IndexRun(Action):
    name = "index run"
    at_once = False

    def prepare(self, home: Path) -> None:
        take_photos(photos_of(home))

    def ready(self, home: Path) -> Callable[[], object]:
        return _job(home, IndexJob((str(photos_of(home)),)))


class _SwitchEncoder(Action):
    name = "encoder switch"
    at_once = False

    def prepare(self, home: Path) -> None:
        take_photos(photos_of(home))
        with open_library(home) as library:
            library.index([str(photos_of(home))])

    def ready(self, home: Path) -> Callable[[], object]:
        return _job(home, IndexJob((str(photos_of(home)),), encoder="second"))

    def look(self, home: Path) -> State:
        state = _look_at_library(home)
        if not state.answer:
            raise LostError("nothing is found while the encoder is being changed")
        return state


class _LearnProfile(Action):
    name = "learning a profile"

    def prepare(self, home: Path) -> None:
        make_library(home, 2000)
        with Catalog.open(library_of(home)) as catalog:
            forget_profile(catalog, "kills-first")

    def ready(self, home: Path) -> Callable[[], object]:
        def learn() -> None:
            with open_library(home) as library:
                library.prepare()

        return learn


class _RemoveFolder(Action):
    name = "removing a folder"

    def prepare(self, home: Path) -> None:
        make_library(home, 6000)

    def ready(self, home: Path) -> Callable[[], object]:
        return _job(home, RemoveFolderJob(str(photos_of(home) / "a")))


class _Relocate(Action):
    name = "relocating a folder"

    def prepare(self, home: Path) -> None:
        make_library(home, 6000)
        (photos_of(home) / "a").rename(photos_of(home) / "moved")

    def ready(self, home: Path) -> Callable[[], object]:
        photos = photos_of(home)
        return _job(home, RelocateJob(str(photos / "a"), str(photos / "moved")))


class _Migrate(Action):
    name = "migrating"

    def prepare(self, home: Path) -> None:
        make_library(home, 6000)
        take_back_to_first_format(library_of(home))

    def ready(self, home: Path) -> Callable[[], object]:
        return lambda: Catalog.open(library_of(home)).close()

    def look(self, home: Path) -> State:
        for path in home.glob("library*.db"):  # the library, and the copy that is kept of it
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                [[whole]] = connection.execute("PRAGMA quick_check(1)").fetchall()
            if whole != "ok" or not 1 <= version <= len(STEPS):
                raise LostError(f"{path.name}: format {version}, {whole}")
        return _look_at_library(home)


class _SaveIndex(Action):
    name = "saving the search index"
    _OLD, _NEW = 4500, 5000

    def prepare(self, home: Path) -> None:
        VectorIndex.build(self._matrix(self._OLD)).save(self._folder(home))

    def ready(self, home: Path) -> Callable[[], object]:
        index = VectorIndex.build(self._matrix(self._NEW))
        return lambda: index.save(self._folder(home))

    def look(self, home: Path) -> State:
        index = VectorIndex.open(self._folder(home), self._matrix(self._NEW))
        if index is None:
            raise LostError("neither the old index nor the new one can be opened")
        if 0 not in index.candidates(self._matrix(1).vectors[0].astype(np.float32), 100):
            raise LostError("the index does not find the first photo by its own vector")
        return State({"index": [(len(index.ids),)]})

    def _folder(self, home: Path) -> Path:
        return cache_folder(library_of(home))

    def _matrix(self, count: int) -> VectorMatrix:
        rows = np.random.default_rng(0).standard_normal((self._NEW, DIM))
        units = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
        chunk = np.arange(count), units[:count]
        return VectorMatrix.in_memory("kills", 1, DIM, iter([chunk]))


ACTIONS: tuple[Action, ...] = (
    _IndexRun(),
    _SwitchEncoder(),
    _LearnProfile(),
    *(() if index_notice() else (_SaveIndex(),)),
    _RemoveFolder(),
    _Relocate(),
    _Migrate(),
)


def vectors_to_make(now: State, after: State) -> int:
    """How many photos an encoder may be given to come from `now` to `after`."""
    return after.vectors() - now.vectors()


def count_encoded(home: Path) -> int:
    """How many photos encoders were given since this was last asked."""
    return take_count(log_of(home))


def _job(home: Path, job: IndexJob | RelocateJob | RemoveFolderJob) -> Callable[[], object]:
    """What the worker does for the window."""

    def silent(progress: Progress) -> None:
        pass

    def run() -> None:
        with open_library(home) as library:
            job.run(library, silent, threading.Event())

    return run


def _look_at_library(home: Path) -> State:
    with open_library(home) as library:
        problems = find_problems(library.catalog)
        if problems:
            raise LostError("; ".join(problems))
        held = contents(library.catalog)
        if library.state().encoder is None:
            return State(held)
        answer = library.answer(_QUESTION)
        facts = library.facts(answer.ids.tolist())
        places = (each.paths[0] for each in facts)
        return State(held, dict(zip(places, answer.scores.tolist(), strict=True)))
