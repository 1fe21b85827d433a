"""Pairs of pictures of which it is known whether they are copies, with what a rule sees of them.

A photo has the day that it says. Photos of Flickr8k say none: theirs are drawn, as in a library of
50,000 photos of ten years and occasions of fifty. Copies have the days of their originals; pages
and blank pictures have none.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec, image_to_input
from capsearch.lab.captions import read_names
from capsearch.lab.near_copies.made_copies import KINDS, as_png, blank, page
from capsearch.machine import usable_cores
from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.metadata.read import read_metadata
from capsearch.photos.metadata.trust import OF_THE_PICTURE
from capsearch.photos.perceptual_hash import perceptual_hash
from capsearch.search.near_copies import (
    ANY_DAY,
    HashArray,
    as_hashes,
    days_between,
    likeness,
    usual_likeness,
)

FIT, CHOOSE, REPORT = range(3)
PHOTOS, PAGES, BLANK = "photos", "pages of text", "blank pictures"
SUSPECT = 32
"""Bits; pairs of different pictures that differ in more are counted, not kept."""

_LARGEST = 1024
_FLICKR = 200
_MADE = 80
_SCREEN = 224
_ORIGINAL = "original"
_OCCASIONS, _DAYS = 1000, 3650
_EPOCH = datetime.date(1970, 1, 1)

# Names begin so. The first ones are two photos of one moment each, the others of one place.
BURSTS = (
    ("475313618", "475317104"),
    ("186890601", "186890605"),
    ("482882307", "482882719"),
    ("3426933951", "3426966595"),
    ("2851198725", "3050606344"),
)


@dataclass(frozen=True, eq=False)
class Pairs:
    """m pairs of pictures.

    Attributes:
        hashes: (m, 2, 2) uint64, of each of the two.
        alike: likeness of their vectors, 0 usual and 1 equal.
        equal: whether width and height are the same.
        apart: natural logarithm of the factor by which the ratios of their sides differ.
        days: how many at least lie between the two.
        parts: which part of the data they belong to.
        owners: number of the series they belong to, for intervals.
    """

    hashes: HashArray
    alike: FloatArray
    equal: npt.NDArray[np.bool_]
    apart: npt.NDArray[np.float64]
    days: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.alike)

    @property
    def bits(self) -> npt.NDArray[np.int64]:
        """In how many their hashes differ."""
        differing = np.bitwise_count(self.hashes[:, 0] ^ self.hashes[:, 1])
        bits: npt.NDArray[np.int64] = differing.sum(axis=1).astype(np.int64)
        return bits

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Pairs":
        """Some of them."""
        return Pairs(*(each[chosen] for each in vars(self).values()))


@dataclass(frozen=True, eq=False)
class Labelled:
    """Pairs of copies and of different pictures, each by what they are of and their kind; how many
    pairs of different pictures were compared, by part; and the hashes of all photos of Flickr8k
    with their parts."""

    copies: dict[tuple[str, str], Pairs]
    different: dict[tuple[str, str], Pairs]
    compared: dict[tuple[str, str], npt.NDArray[np.int64]]
    hashes: HashArray
    parts: npt.NDArray[np.int64]


class Picture(NamedTuple):
    """What it is of, the name of its series, its own name, and its file where it is not made."""

    of: str
    series: str
    name: str
    path: Path | None


class Seen(NamedTuple):
    """What is known of a file: its hash, its width and height, pixels for the encoder, and the
    first and the last day that it may have been taken."""

    hashed: bytes
    size: tuple[int, int]
    pixels: ByteArray
    days: tuple[int, int]


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=7).digest(), "big")


def part_of(series: str) -> int:
    """The part of the data in which a series of photos is, by its name, for ever."""
    return _number(series) % 3


def _see(content: bytes, name: str, spec: InputSpec, days: tuple[int, int]) -> Seen:
    decoded = decode(content, name, spec.size)
    pixels = image_to_input(decoded.image, spec)
    size = (decoded.width, decoded.height)
    return Seen(perceptual_hash(decoded.image), size, pixels, days)


def _days_of(path: Path | None, content: bytes) -> tuple[int, int]:
    if path is None:
        return ANY_DAY
    if path.parent.parent.name == "flickr8k":
        occasion = _number(path.name) % _OCCASIONS
        day = _number(f"occasion {occasion}") % _DAYS
        return day, day
    taken = read_metadata(content, str(path), 0).taken
    if taken is None or taken.precision != "second" or taken.source not in OF_THE_PICTURE:
        return ANY_DAY
    day = (taken.local.date() - _EPOCH).days
    return day, day


def _content(picture: Picture, draw: np.random.Generator) -> bytes:
    if picture.path is not None:
        return picture.path.read_bytes()
    lines = int(draw.choice([2, 8, 20, 42]))
    return as_png(page(draw, lines) if picture.of == PAGES else blank(draw))


def _with_copies(picture: Picture, spec: InputSpec, seed: int) -> dict[str, Seen]:
    """The original and a copy of each kind; nothing where it is no photo."""
    draw = np.random.default_rng([seed, _number(picture.name)])
    content = _content(picture, draw)
    try:
        image = decode(content, picture.name, _LARGEST).image
        days = _days_of(picture.path, content)
        seen = {_ORIGINAL: _see(content, picture.name, spec, days)}
    except DecodeError:
        return {}
    for kind, make in KINDS.items():
        seen[kind] = _see(make(image, draw), picture.name, spec, days)
    return seen


class Shown:
    """Pictures with their hashes, sizes and vectors, by number."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pixels: list[ByteArray] = []
        self._hashes: list[bytes] = []
        self._sizes: list[tuple[int, int]] = []
        self._days: list[tuple[int, int]] = []
        self._vectors: list[FloatArray] = []
        self._series: list[int] = []
        self._names: dict[str, int] = {}
        self.usual = 0.0

    def add(self, seen: Seen, series: str) -> int:
        """One of a series; its number."""
        self._hashes.append(seen.hashed)
        self._sizes.append(seen.size)
        self._days.append(seen.days)
        self._series.append(self._names.setdefault(series, len(self._names)))
        self._pixels.append(seen.pixels)
        if len(self._pixels) == self._encoder.batch_size:
            self._encode()
        return len(self._hashes) - 1

    def _encode(self) -> None:
        if self._pixels:
            self._vectors.append(self._encoder.encode_images(np.stack(self._pixels)))
        self._pixels.clear()

    def vectors(self) -> FloatArray:
        """Of all of them, (n, dim)."""
        self._encode()
        return np.concatenate(self._vectors)

    def pairs(self, numbers: Iterable[tuple[int, int]]) -> Pairs:
        """What is known of pairs, of those that lie in one part of the data."""
        left, right = np.array(list(numbers), np.int64).reshape(-1, 2).T
        series = np.array(self._series)
        part = np.array([part_of(name) for name in self._names])[series]
        left, right = left[part[left] == part[right]], right[part[left] == part[right]]
        hashes, sizes = as_hashes(b"".join(self._hashes)), np.array(self._sizes)
        days = np.array(self._days)
        shapes, vectors = np.log(sizes[:, 0] / sizes[:, 1]), self.vectors()
        return Pairs(
            np.stack([hashes[left], hashes[right]], axis=1),
            likeness((vectors[left] * vectors[right]).sum(axis=1), self.usual),
            (sizes[left] == sizes[right]).all(axis=1),
            np.abs(shapes[left] - shapes[right]),
            days_between(days[left], days[right]),
            part[left],
            series[left],
        )


def sample_photos(data: Path) -> list[tuple[Path, str]]:
    """Photos of which no two are copies, each with the name of its series: the folder of a subject,
    or the photo's own."""
    library = data / "library"
    found = [(path, path.parent.name) for path in sorted((data / "subjects").glob("*/*.jpg"))]
    for folder in (library / "trip", library / "formats/albums/nature"):
        found += [(path, path.name) for path in sorted(folder.glob("*.jpg"))]
    names = read_names(data / "flickr8k/dev.txt")[:_FLICKR]
    return found + [(data / "flickr8k/images" / name, name) for name in names]


def _pictures(data: Path) -> Iterator[Picture]:
    for path, series in sample_photos(data):
        yield Picture(PHOTOS, series, path.name, path)
    for path in sorted((data / "library/formats/albums/text").glob("*.jpg")):
        yield Picture(PAGES, path.name, path.name, path)
    for of in (PAGES, BLANK):
        for number in range(_MADE):
            yield Picture(of, f"{of} {number}", f"{of} {number}.png", None)


def label(data: Path, encoder: Encoder, seed: int) -> Labelled:
    """Copies of photos, of pages and of blank pictures, each of these beside the others of its
    kind, and all photos of Flickr8k beside each other."""
    with ProcessPoolExecutor(usable_cores()) as pool:
        return _label(data, encoder, seed, pool)


def _label(data: Path, encoder: Encoder, seed: int, pool: ProcessPoolExecutor) -> Labelled:
    shown, pictures = Shown(encoder), list(_pictures(data))
    made: dict[tuple[str, str], list[tuple[int, int]]] = {}
    originals: dict[str, list[tuple[int, str]]] = {}
    making = pool.map(partial(_with_copies, spec=encoder.input_spec, seed=seed), pictures)
    for (of, series, *_), seen in zip(pictures, making, strict=True):
        numbers = {kind: shown.add(each, series) for kind, each in seen.items()}
        for kind in KINDS if numbers else ():
            made.setdefault((of, kind), []).append((numbers[_ORIGINAL], numbers[kind]))
        if numbers:
            originals.setdefault(of, []).append((numbers[_ORIGINAL], series))
    photos = [number for number, _ in originals[PHOTOS]]
    shown.usual = usual_likeness(shown.vectors()[photos].astype(np.float16))
    copies = {kind: shown.pairs(pairs) for kind, pairs in made.items()}
    different: dict[tuple[str, str], Pairs] = {}
    for of, numbered in originals.items():
        for kind, same in (("of one subject", True), ("of others", False)):
            together = combinations(numbered, 2)
            pairs = [(one, two) for (one, a), (two, b) in together if (a == b) == same]
            different |= {(of, kind): shown.pairs(pairs)} if pairs else {}
    compared = {kind: np.bincount(pairs.parts, minlength=3) for kind, pairs in different.items()}
    different = {kind: pairs.of(pairs.bits <= SUSPECT) for kind, pairs in different.items()}
    paths = sorted((data / "flickr8k/images").glob("*.jpg"))
    hashes = as_hashes(b"".join(pool.map(_hash_of, paths, chunksize=64)))
    parts = np.array([part_of(path.name) for path in paths])
    of_part = np.bincount(parts, minlength=3)
    compared[PHOTOS, "of Flickr8k"] = of_part * (of_part - 1) // 2
    near = _near(paths, hashes, parts)
    different[PHOTOS, "of Flickr8k"] = _flickr_pairs(paths, near, encoder, shown.usual)
    return Labelled(copies, different, compared, hashes, parts)


def _hash_of(path: Path) -> bytes:
    return perceptual_hash(decode(path.read_bytes(), path.name, _SCREEN).image)


def _flickr_pairs(
    paths: Sequence[Path], near: Sequence[tuple[int, int]], encoder: Encoder, usual: float
) -> Pairs:
    shown = Shown(encoder)
    shown.usual = usual
    numbers = {}
    for row in sorted({row for pair in near for row in pair}):
        content, name = paths[row].read_bytes(), paths[row].name
        seen = _see(content, name, encoder.input_spec, _days_of(paths[row], content))
        numbers[row] = shown.add(seen, name)
    return shown.pairs((numbers[one], numbers[other]) for one, other in near)


def _near(
    paths: Sequence[Path], hashes: HashArray, parts: npt.NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Pairs of different photos of one part whose hashes are no further apart than is kept."""
    found: list[tuple[int, int]] = []
    for at, name in enumerate(path.name for path in paths):
        bits = np.bitwise_count(hashes[at] ^ hashes[at + 1 :]).sum(axis=1)
        others = at + 1 + np.flatnonzero((bits <= SUSPECT) & (parts[at + 1 :] == parts[at]))
        found += [(at, it) for it in others.tolist() if not _is_burst(name, paths[it].name)]
    return found


def _is_burst(name: str, other: str) -> bool:
    return any(name.startswith(one) and other.startswith(two) for one, two in BURSTS)
