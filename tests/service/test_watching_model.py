"""The watching engine, over files that live: whatever happens to files, drive and processes, its
library agrees with the model once it has settled."""

import os
import queue
import signal
import time
from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis.stateful import rule
from living_files import ALWAYS, LivingFiles
from tiny_encoder import TinyEncoder
from tiny_library import open_tiny_library

from capsearch.service import EngineClient, Event, IndexingStarted
from capsearch.settings import Settings

_LONG = 60.0


class WatchedLibrary(LivingFiles):
    """Nobody asks for a run: what happens is noticed, by watching alone."""

    encoder = TinyEncoder(name="starter")
    client: EngineClient | None = None

    def begin_watching(self) -> EngineClient:
        self.events: queue.Queue[Event] = queue.Queue()
        self.kills = 0
        with self.catalog.transaction():
            for folder in self.folders():
                self.catalog.add_folder(folder)
        library = self.home / "library.db"
        client = EngineClient(library, Settings(), self.events.put, open_tiny_library)
        client.start()
        return client

    def wait_for_the_watch(self) -> None:
        """Until it has told the folders as a whole, what happens there may be found by that."""
        assert self.client is not None
        while not isinstance(event := self.events.get(timeout=_LONG), IndexingStarted) or any(
            folder not in event.folders for folder in self.folders()
        ):
            pass

    def bring_up_to_date(self) -> None:
        if self.client is None:
            self.client = self.begin_watching()
            self.wait_for_the_watch()
        self.client.index(self.folders())
        self.settle()

    def before_unplugging(self) -> None:
        self.settle()

    def teardown(self) -> None:
        try:
            if self.client is not None:
                self.settle()
        finally:
            if self.client is not None:
                self.client.close()
            super().teardown()

    # What happens to the processes

    @rule()
    def kill_the_worker(self) -> None:
        """While it is at work, where it is."""
        assert self.client is not None
        self.kill(self.client.indexer.pid)

    @rule()
    def kill_the_engine(self) -> None:
        """With it goes the watch. More than three in a minute end it for good, as they should."""
        assert self.client is not None
        if self.kills < 2:
            self.kills += 1
            self.kill(self.client.engine_pid)

    @rule()
    def look_up(self) -> None:
        """Settling as often as three other things happen, lest all happens at once."""
        self.settle()

    @rule()
    def look_up_again(self) -> None:
        self.settle()

    @rule()
    def settle(self) -> None:
        """The library comes to agree with the model, and goes on doing so."""
        deadline = time.monotonic() + _LONG
        while True:
            try:
                self.check()
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                break
        assert self.not_encoded() == set()

    def kill(self, pid: int | None) -> None:
        if pid is not None:
            with suppress(ProcessLookupError):  # killed just before, and not missed yet
                os.kill(pid, signal.SIGKILL)


class WatchedLibraryForLong(WatchedLibrary):
    """The same, for a night."""


TestWatchedLibrary = WatchedLibrary.TestCase
TestWatchedLibrary.settings = settings(
    max_examples=4, stateful_step_count=50, derandomize=True, **ALWAYS
)
TestWatchedLibraryForLong = pytest.mark.nightly(WatchedLibraryForLong.TestCase)
TestWatchedLibraryForLong.settings = settings(
    max_examples=40, stateful_step_count=50, print_blob=True, **ALWAYS
)
