"""Whatever is done to the folder between two runs, the catalog agrees with a simple model."""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from PIL import Image
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.indexing import index_folders

names = st.sampled_from(["a.jpg", "b.jpg", "c.png", "sub/a.jpg", "sub/d.jpg"])
seeds = st.integers(0, 3)
BAD = -1


class ChangingFolder(RuleBasedStateMachine):
    """The model: what content (a seed, or BAD) lies under each name, and the contents ever seen
    readable at an index run, which must never be encoded again."""

    @initialize()
    def begin(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.folder = self.home / "photos"
        (self.folder / "sub").mkdir(parents=True)
        self.catalog = Catalog.open(self.home / "library.db")
        self.files: dict[str, int] = {}
        self.encoded: set[int] = set()
        self.clock = 1_000_000_000

    def teardown(self) -> None:
        if hasattr(self, "catalog"):
            self.catalog.close()
            shutil.rmtree(self.home)

    @rule(name=names, seed=seeds)
    def write(self, name: str, seed: int) -> None:
        blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(blocks).save(self.folder / name, format="PNG")
        self.stamp(name, seed)

    @rule(name=names)
    def spoil(self, name: str) -> None:
        (self.folder / name).write_bytes(b"not a photo")
        self.stamp(name, BAD)

    @rule(source=names, onto=names)
    def move(self, source: str, onto: str) -> None:
        if source in self.files and source != onto:
            (self.folder / source).replace(self.folder / onto)
            self.files[onto] = self.files.pop(source)

    @rule(source=names, onto=names)
    def copy(self, source: str, onto: str) -> None:
        if source in self.files and source != onto:
            shutil.copy2(self.folder / source, self.folder / onto)
            self.files[onto] = self.files[source]

    @rule(name=names)
    def delete(self, name: str) -> None:
        if self.files.pop(name, None) is not None:
            (self.folder / name).unlink()

    @rule()
    def index(self) -> None:
        report = index_folders(self.catalog, TinyEncoder(), [os.fspath(self.folder)], workers=1)
        contents = {seed for seed in self.files.values() if seed != BAD}
        assert report.photos == len(contents)
        assert report.encoded == len(contents - self.encoded)
        self.encoded |= contents
        bad = {name for name, seed in self.files.items() if seed == BAD}
        assert {os.path.relpath(f.path, self.folder) for f in report.failed} == bad
        assert self.present() == {n: s for n, s in self.files.items() if s != BAD}.keys()
        assert find_problems(self.catalog) == ()
        again = index_folders(self.catalog, TinyEncoder(), [os.fspath(self.folder)], workers=1)
        assert (again.photos, again.encoded, again.failed) == (report.photos, 0, report.failed)

    def present(self) -> set[str]:
        places = self.catalog.places_under(os.fspath(self.folder), "")
        return {
            os.path.relpath(path, self.folder)
            for path, place in places.items()
            if place.state == "present"
        }

    def stamp(self, name: str, seed: int) -> None:
        """Every write has its own time, as on a real disk."""
        self.clock += 1
        os.utime(self.folder / name, (self.clock, self.clock))
        self.files[name] = seed


TestChangingFolder = ChangingFolder.TestCase
TestChangingFolder.settings = settings(
    max_examples=6,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
