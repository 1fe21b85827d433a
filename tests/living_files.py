"""Files, a drive and sidecars that live, and a model of what a library has to say of them."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from PIL import Image
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.indexing.scope import Scope
from capsearch.photos.content import content_hash

ALWAYS: dict[str, Any] = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow],
}
"""Hypothesis's settings for whoever drives these files."""

HOME, STICK = "home", "stick"
BAD = -1
_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF></x:xmpmeta>"""

Where = tuple[str, str]  # drive, name
places = st.tuples(
    st.sampled_from([HOME, STICK]),
    st.sampled_from(["a.jpg", "b.jpg", "c.png", "sub/a.jpg", "sub/a.nef"]),
)
seeds = st.integers(0, 3)


def png(seed: int) -> bytes:
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    with tempfile.SpooledTemporaryFile() as file:
        Image.fromarray(blocks).save(file, format="PNG")
        file.seek(0)
        return file.read()


CONTENTS = {BAD: b"not a photo", **{seed: png(seed) for seed in range(4)}}


class LivingFiles(RuleBasedStateMachine):
    """The model: what content (a seed, or BAD) and what sidecar (a rating) lies at each place,
    and what of the stick was known when the library was last brought up to date."""

    encoder = TinyEncoder()

    @initialize()
    def begin(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.roots = {HOME: self.home / "photos", STICK: self.home / "mount" / "stick"}
        self.drawer = self.home / "drawer"
        for root in self.roots.values():
            (root / "sub").mkdir(parents=True)
        self.files: dict[Where, int] = {}
        self.ratings: dict[Where, int] = {}
        self.known: tuple[dict[Where, int], dict[Where, int]] = ({}, {})
        self.plugged = True
        self.touched: set[Scope] = set()
        self.encoded: set[int] = set()
        self.clock = 1_000_000_000
        self.catalog = Catalog.open(self.home / "library.db")
        self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        """Have the library look at all of the folders, and check it."""
        raise NotImplementedError

    def before_unplugging(self) -> None:
        """What of the stick the library is to know must be known now."""

    def teardown(self) -> None:
        if hasattr(self, "catalog"):
            self.catalog.close()
            shutil.rmtree(self.home)

    # What happens to files

    @rule(at=places, seed=seeds)
    def write(self, at: Where, seed: int) -> None:
        self.put(at, seed)

    @rule(at=places)
    def spoil(self, at: Where) -> None:
        self.put(at, BAD)

    @rule(source=places, onto=places)
    def move(self, source: Where, onto: Where) -> None:
        if source in self.files and source != onto and self.reachable(source, onto):
            shutil.move(self.path(source), self.path(onto))
            self.files[onto] = self.files.pop(source)
            self.touch(source, onto)

    @rule(source=places, onto=places)
    def copy(self, source: Where, onto: Where) -> None:
        if source in self.files and source != onto and self.reachable(source, onto):
            shutil.copy2(self.path(source), self.path(onto))
            self.files[onto] = self.files[source]
            self.touch(source, onto)

    @rule(at=places)
    def delete(self, at: Where) -> None:
        if self.reachable(at) and self.files.pop(at, None) is not None:
            self.path(at).unlink()
            self.touch(at)

    @rule(at=places.filter(lambda at: at[1].endswith(".jpg")), rating=st.none() | st.integers(1, 5))
    def rate(self, at: Where, rating: int | None) -> None:
        sidecar = self.path(at).with_name(self.path(at).name + ".xmp")
        if not self.reachable(at):
            return
        self.touch(at)
        if rating is None:
            sidecar.unlink(missing_ok=True)
            self.ratings.pop(at, None)
        else:
            sidecar.write_text(_XMP.format(rating))
            self.stamp(sidecar)
            self.ratings[at] = rating

    # What happens to the drive

    @rule()
    def unplug(self) -> None:
        if self.plugged:
            self.before_unplugging()
            self.roots[STICK].rename(self.drawer)
            self.plugged = False
            self.touched.add(Scope(os.fspath(self.roots[STICK])))

    @rule(elsewhere=st.booleans())
    def replug(self, elsewhere: bool) -> None:
        if self.plugged:
            return
        now = {at: seed for at, seed in self.files.items() if at[0] == STICK}
        if elsewhere and now == self.known[0] and any(seed != BAD for seed in now.values()):
            self.roots[STICK] = self.home / "mount" / f"stick {self.clock}"
            self.drawer.rename(self.roots[STICK])
            self.plugged = True
            self.bring_up_to_date()
            return
        self.drawer.rename(self.roots[STICK])
        self.plugged = True
        self.touched.add(Scope(os.fspath(self.roots[STICK])))

    def check(self) -> None:
        """The catalog holds what the model says, and the two may go on from here."""
        stick = {at: seed for at, seed in self.files.items() if at[0] == STICK}
        rated = {at: rating for at, rating in self.ratings.items() if at[0] == STICK}
        if self.plugged:
            self.known = stick, rated
        known, known_ratings = self.known
        files = {at: seed for at, seed in self.files.items() if at[0] == HOME} | known
        ratings = {at: r for at, r in self.ratings.items() if at[0] == HOME} | known_ratings
        shown = {at: seed for at, seed in files.items() if not follows(at, files)}
        good = {at: seed for at, seed in shown.items() if seed != BAD}
        self.encoded |= set(good.values())

        assert find_problems(self.catalog) == ()
        assert self.states() == {
            self.path(at): "present" if self.plugged or at[0] == HOME else "offline"
            for at in files
            if at in good or follows(at, files)
        }
        bad = {os.fspath(self.path(at)) for at in shown.keys() - good.keys()}
        assert self.catalog.failures().keys() == bad
        ids = self.catalog.ids_under(self.folders(), self.encoder.identity)
        facts = self.catalog.facts(ids.tolist())
        assert len(facts) == len(set(good.values()))
        for seed in set(good.values()):
            at = sorted((at for at in good if good[at] == seed), key=self.path_bytes)
            photo_id = self.catalog.find_photo(content_hash(CONTENTS[seed]))
            assert photo_id is not None
            fact = facts[photo_id]
            assert fact.rating == next((ratings[a] for a in at if a in ratings), None)
            assert fact.offline == (not self.plugged and all(a[0] == STICK for a in at))
        self.touched.clear()

    def not_encoded(self) -> set[int]:
        """Contents that can be read now and have no vector yet; none that had one has lost it."""
        found = {at: seed for at, seed in self.files.items() if self.plugged or at[0] == HOME}
        contents = {seed for at, seed in found.items() if seed != BAD and not follows(at, found)}
        with self.catalog.transaction():
            known = self.encoder
            encoder = self.catalog.add_encoder(known.identity, known.name, known.dim)
        missing = set()
        for seed in contents | self.encoded:
            photo = self.catalog.find_photo(content_hash(CONTENTS[seed]))
            if photo is None or self.catalog.embedded_by(encoder, photo) is None:
                missing.add(seed)
        assert not missing & self.encoded, "a record is lost"
        return missing

    def states(self) -> dict[Path, str]:
        places = self.catalog.places_under(os.fspath(self.home), "")
        return {
            Path(path): place.state for path, place in places.items() if place.state != "missing"
        }

    # Small things

    def put(self, at: Where, seed: int) -> None:
        if self.reachable(at):
            self.path(at).write_bytes(CONTENTS[seed])
            self.stamp(self.path(at))
            self.files[at] = seed
            self.touch(at)

    def reachable(self, *places: Where) -> bool:
        return self.plugged or all(drive == HOME for drive, _ in places)

    def touch(self, *places: Where) -> None:
        self.touched |= {Scope(os.fspath(self.path(at).parent), deep=False) for at in places}

    def stamp(self, path: Path) -> None:
        """Every write has its own time, as on a real disk."""
        self.clock += 1
        os.utime(path, (self.clock, self.clock))

    def path(self, at: Where) -> Path:
        return self.roots[at[0]] / at[1]

    def path_bytes(self, at: Where) -> bytes:
        return os.fsencode(self.path(at))

    def folders(self) -> list[str]:
        return [os.fspath(root) for root in self.roots.values()]


def follows(at: Where, files: dict[Where, int]) -> bool:
    """Whether a raw file goes with the JPEG beside it, which can be read."""
    leader = (at[0], at[1].replace(".nef", ".jpg"))
    return at[1].endswith(".nef") and files.get(leader, BAD) != BAD
