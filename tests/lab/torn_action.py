"""An action that a kill tears apart, to see that the trial notices; run by a process of its own."""

import time
from collections.abc import Callable
from pathlib import Path

from capsearch.catalog.catalog import Catalog
from capsearch.lab.kills.actions import Action
from capsearch.lab.kills.stage import library_of, make_library, photos_of


class Torn(Action):
    """Removes two folders, which is to be one change, one after the other."""

    name = "torn"

    def prepare(self, home: Path) -> None:
        make_library(home, 20)

    def ready(self, home: Path) -> Callable[[], object]:
        def remove() -> None:
            with Catalog.open(library_of(home)) as catalog:
                for folder in "ab":
                    time.sleep(0.3)
                    with catalog.transaction():
                        catalog.remove_folder(str(photos_of(home) / folder))

        return remove


class Forgetful(Action):
    """Encodes what has a vector, and loses it while it does."""

    name = "forgetful"
    at_once = False

    def prepare(self, home: Path) -> None:
        make_library(home, 20)

    def ready(self, home: Path) -> Callable[[], object]:
        def encode_again() -> None:
            with Catalog.open(library_of(home)) as catalog:
                rows = catalog.connection.execute("SELECT * FROM embeddings").fetchall()
                catalog.connection.execute("DELETE FROM embeddings")
                time.sleep(0.5)
                catalog.connection.executemany("INSERT INTO embeddings VALUES (?, ?, ?, ?)", rows)

        return encode_again
