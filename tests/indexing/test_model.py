"""Whatever happens to the folders, the drive and the process, the catalog agrees with a model."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule
from living_files import ALWAYS, LivingFiles
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.indexing.run import index_changes, index_folders
from capsearch.indexing.scope import Scope

_SCRIPT = Path(__file__).with_name("run_index.py")


class LivingLibrary(LivingFiles):
    """Runs over these files, of all or of what changed, in this process and in killed ones."""

    @rule()
    def reopen(self) -> None:
        self.catalog.close()
        self.catalog = Catalog.open(self.home / "library.db")

    @rule(milliseconds=st.integers(0, 500))
    def kill_the_process(self, milliseconds: int) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, os.fspath(_SCRIPT), os.fspath(self.home / "library.db")]
        with subprocess.Popen(
            [*command, *self.folders()],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(milliseconds / 1000)
            process.kill()
        assert find_problems(self.catalog) == ()
        self.touched |= {Scope(folder) for folder in self.folders()}

    @rule()
    def kill_the_worker(self) -> None:
        ended = threading.Event()

        def kill_one() -> None:
            while not ended.wait(0.02):
                for child in psutil.Process().children():
                    if "spawn_main" in " ".join(child.cmdline()):
                        child.kill()
                        return

        killer = threading.Thread(target=kill_one)
        killer.start()
        try:
            self.index_all()
        finally:
            ended.set()
            killer.join()

    # Bringing the library up to date

    @rule()
    def index_all(self) -> None:
        missing = self.not_encoded()
        report = index_folders(self.catalog, TinyEncoder(), self.folders(), workers=1)
        assert report.encoded == len(missing)
        self.check()
        again = index_folders(self.catalog, TinyEncoder(), self.folders(), workers=1)
        assert (again.photos, again.encoded, again.failed) == (report.photos, 0, report.failed)

    def bring_up_to_date(self) -> None:
        self.index_all()

    @rule()
    def index_what_changed(self) -> None:
        missing = self.not_encoded()
        report = index_changes(self.catalog, TinyEncoder(), self.touched, workers=1)
        assert report.encoded == len(missing)
        self.check()


class LivingLibraryForLong(LivingLibrary):
    """The same, for a night."""


TestLivingLibrary = LivingLibrary.TestCase
TestLivingLibrary.settings = settings(
    max_examples=8, stateful_step_count=25, derandomize=True, **ALWAYS
)
TestLivingLibraryForLong = pytest.mark.nightly(LivingLibraryForLong.TestCase)
TestLivingLibraryForLong.settings = settings(
    max_examples=60, stateful_step_count=40, print_blob=True, **ALWAYS
)
