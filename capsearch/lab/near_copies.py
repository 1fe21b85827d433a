"""How well near copies are told from photos that are merely similar, and where the border lies.

    python -m capsearch.lab.near_copies --data ../shared/data

Copies are made of photos (each kind is a function below); photos of one subject, of one trip and
of Flickr8k are similar at most. Half of the photos, with their copies and series, fit the rule, the
other half tells how good it is: of each kind how many copies are found, with the 95% interval over
photos, and how many pairs of different photos are taken for copies. Series of one scene that the
hash itself has brought up in Flickr8k, and that a person then looked at, are listed below: they
are real bursts, but those are not there that it misses. For unrelated photos all pairs of Flickr8k
are compared: 25 million.
"""

import argparse
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageEnhance

from capsearch.encoders.base import Encoder, FloatArray, image_to_input
from capsearch.encoders.registry import load_encoder
from capsearch.lab.bootstrap import interval_over_users
from capsearch.lab.captions import read_names
from capsearch.lab.photo_vectors import encode_photos
from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.perceptual_hash import perceptual_hash
from capsearch.search.near_copies import RULE, CopyRule, as_hashes, likeness, tells_little

_LARGEST = 1600
_FLICKR = 100
_PAGES = 48
_SUSPECT = 30  # bits; no further apart are pairs of Flickr8k whose vectors are looked at
Draw = np.random.Generator
Photo = Image.Image

# Names begin so. The first ones are two photos of one moment each, the others of one place.
BURSTS = (
    ("475313618", "475317104"),
    ("186890601", "186890605"),
    ("482882307", "482882719"),
    ("3426933951", "3426966595"),
    ("2851198725", "3050606344"),
)


def _as_jpeg(image: Photo, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _shrunk(image: Photo, longest: int) -> Photo:
    smaller = image.copy()
    smaller.thumbnail((longest, longest))
    return smaller


def _cut(image: Photo, share: float, draw: Draw) -> Photo:
    """Without `share` of the width and of the height, anywhere at the edges."""
    width, height = (int(side * (1 - share)) for side in image.size)
    left = int((image.width - width) * draw.random())
    top = int((image.height - height) * draw.random())
    return image.crop((left, top, left + width, top + height))


def _next_in_burst(image: Photo, draw: Draw) -> Photo:
    """A hand that moves a little, and a sensor's noise."""
    moved = _cut(image, 0.03, draw).rotate(draw.uniform(-0.7, 0.7), Image.Resampling.BICUBIC)
    inner = _cut(moved, 0.03, draw)
    pixels = np.asarray(inner, np.float64) * draw.uniform(0.95, 1.05)
    pixels += draw.normal(0, 6, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _as_png(image: Photo) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _lying(image: Photo) -> bytes:
    """The pixels on their side, and an orientation that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(written, "JPEG", quality=90, exif=exif)
    return written.getvalue()


KINDS: dict[str, Callable[[Photo, Draw], bytes]] = {
    "resized to 1024": lambda image, draw: _as_jpeg(_shrunk(image, 1024), 90),
    "resized to 480": lambda image, draw: _as_jpeg(_shrunk(image, 480), 90),
    "quality 60": lambda image, draw: _as_jpeg(image, 60),
    "quality 40": lambda image, draw: _as_jpeg(image, 40),
    "messenger": lambda image, draw: _as_jpeg(_shrunk(image, int(max(image.size) * 0.55)), 60),
    "cut by 5%": lambda image, draw: _as_jpeg(_cut(image, 0.05, draw), 85),
    "brighter or darker": lambda image, draw: _as_jpeg(
        ImageEnhance.Brightness(image).enhance(draw.choice([0.85, 1.15])), 85
    ),
    "lying, with its orientation": lambda image, draw: _lying(image),
    "another format": lambda image, draw: _as_png(image),
    "next in a burst": lambda image, draw: _as_jpeg(_next_in_burst(image, draw), 90),
}


@dataclass(frozen=True, eq=False)
class Pairs:
    """m pairs of photos: by how many bits they differ, how like their vectors are, whether a hash
    tells little, whether they are of equal size, and whose they are (for intervals)."""

    bits: npt.NDArray[np.int64]
    alike: FloatArray
    poor: npt.NDArray[np.bool_]
    equal: npt.NDArray[np.bool_]
    owners: npt.NDArray[np.int64]

    def taken(self, rule: CopyRule) -> npt.NDArray[np.bool_]:
        """Which of them the rule takes for copies."""
        rich = (self.bits <= rule.near) | ((self.bits <= rule.far) & (self.alike >= rule.like))
        little = (self.bits <= rule.poor_far) & (self.alike >= rule.poor_like) & self.equal
        return np.where(self.poor, little, rich)

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Pairs":
        """Some of them."""
        return Pairs(*(each[chosen] for each in vars(self).values()))


class Shown:
    """Pictures with their hashes, sizes and vectors, by number."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pixels: list[npt.NDArray[np.uint8]] = []
        self._hashes: list[bytes] = []
        self._sizes: list[tuple[int, int]] = []
        self._vectors: list[FloatArray] = []

    def add(self, data: bytes, name: str) -> int:
        """A file; its number.

        Raises:
            DecodeError: it is no photo.
        """
        decoded = decode(data, name, self._encoder.input_spec.size)
        self._hashes.append(perceptual_hash(decoded.image))
        self._sizes.append((decoded.width, decoded.height))
        self._pixels.append(image_to_input(decoded.image, self._encoder.input_spec))
        if len(self._pixels) == self._encoder.batch_size:
            self._encode()
        return len(self._hashes) - 1

    def _encode(self) -> None:
        if self._pixels:
            self._vectors.append(self._encoder.encode_images(np.stack(self._pixels)))
        self._pixels.clear()

    def pairs(self, pairs: Sequence[tuple[int, int]], owners: Sequence[int]) -> Pairs:
        """What is known of pairs of numbers."""
        self._encode()
        vectors = np.concatenate(self._vectors)
        hashes = as_hashes(b"".join(self._hashes))
        sizes, poor = np.array(self._sizes), tells_little(hashes, RULE)
        left, right = np.array(pairs).reshape(-1, 2).T
        return Pairs(
            np.bitwise_count(hashes[left] ^ hashes[right]).sum(axis=1).astype(np.int64),
            likeness((vectors[left] * vectors[right]).sum(axis=1), self.usual),
            poor[left] | poor[right],
            (sizes[left] == sizes[right]).all(axis=1),
            np.array(owners, np.int64),
        )

    usual = 0.0


def sample_photos(data: Path) -> list[tuple[Path, str]]:
    """Photos of which no two are copies, each with the name of its series: a subject, a trip."""
    library = data / "library"
    found = [(path, path.parent.name) for path in sorted((data / "subjects").glob("*/*.jpg"))]
    for folder in (library / "trip", library / "formats/albums/nature"):
        found += [(path, path.name) for path in sorted(folder.glob("*.jpg"))]
    names = read_names(data / "flickr8k/dev.txt")[:_FLICKR]
    return found + [(data / "flickr8k/images" / name, name) for name in names]


def page(draw: Draw, lines: int) -> Photo:
    """A white page with some lines of text."""
    image = Image.new("RGB", (827, 1169), "white")
    pen = ImageDraw.Draw(image)
    for line in range(lines):
        text = "".join(draw.choice(list("aeinorst  "), int(draw.integers(20, 90))))
        pen.text((80, 80 + 24 * line), text, fill="black", font_size=16)
    return image


def labelled(data: Path, encoder: Encoder, seed: int) -> tuple[dict[str, Pairs], dict[str, Pairs]]:
    """Pairs of copies and pairs of different photos, by kind; owners are numbers of series."""
    draw, shown = np.random.default_rng(seed), Shown(encoder)
    photos = [(path.name, path.read_bytes(), series) for path, series in sample_photos(data)]
    pages = [(lines, number) for lines in (8, 42) for number in range(_PAGES)]
    photos += [
        (f"{number}.png", _as_png(page(draw, lines)), f"pages {number % 8} of {lines} lines")
        for lines, number in pages
    ]
    series = {name: number for number, name in enumerate(dict.fromkeys(s for *_, s in photos))}
    copies: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    owners: list[int] = []
    originals: list[int] = []
    for name, content, belongs in photos:
        try:
            image = decode(content, name, _LARGEST).image
            original = shown.add(content, name)
        except DecodeError:
            continue
        originals.append(original)
        owners.append(series[belongs])
        for kind, make in KINDS.items():
            copies[kind].append((original, shown.add(make(image, draw), name)))
    together = [(at, other) for at in range(len(originals)) for other in range(at) if at != other]
    same = [owners[at] == owners[other] for at, other in together]
    pairs = [(originals[at], originals[other]) for at, other in together]
    apart = shown.pairs(pairs, [owners[at] for at, _ in together])
    similar = np.array(same)
    right = {kind: shown.pairs(found, owners) for kind, found in copies.items()}
    return right, {"of one series": apart.of(similar), "of others": apart.of(~similar)}


def flickr_pairs(data: Path, encoder: Encoder) -> tuple[Pairs, Pairs, int]:
    """Of all photos of Flickr8k those pairs that differ in few bits: real bursts, and different
    photos; and how many pairs there are."""
    paths = sorted((data / "flickr8k/images").glob("*.jpg"))
    hashes = as_hashes(
        b"".join(perceptual_hash(decode(p.read_bytes(), p.name, 224).image) for p in paths)
    )
    found = []
    for at in range(len(hashes)):
        bits = np.bitwise_count(hashes[at] ^ hashes[at + 1 :]).sum(axis=1)
        found += [(at, at + 1 + int(other)) for other in np.flatnonzero(bits <= _SUSPECT)]
    left, right = np.array(found).T
    rows = np.unique([left, right])
    _, vectors = encode_photos(encoder, [paths[row] for row in rows.tolist()])
    cosines = (vectors[np.searchsorted(rows, left)] * vectors[np.searchsorted(rows, right)]).sum(
        axis=1
    )
    pairs = Pairs(
        np.bitwise_count(hashes[left] ^ hashes[right]).sum(axis=1).astype(np.int64),
        cosines,
        tells_little(hashes[left], RULE) | tells_little(hashes[right], RULE),
        np.ones(len(left), np.bool_),
        left,
    )
    burst = np.array(
        [
            any(
                paths[one].name.startswith(first) and paths[other].name.startswith(second)
                for first, second in BURSTS
            )
            for one, other in found
        ]
    )
    return pairs.of(burst), pairs.of(~burst), len(paths) * (len(paths) - 1) // 2


def fit_rule(copies: Sequence[Pairs], different: Sequence[Pairs]) -> CopyRule:
    """The rule that finds most copies, each kind counting alike, among those that take the fewest
    pairs of different photos for copies; of rules alike in both the strictest."""

    def worth(rule: CopyRule) -> tuple[float, float, int, int, float]:
        wrong = sum(int(pairs.taken(rule).sum()) for pairs in different)
        found = float(np.mean([pairs.taken(rule).mean() for pairs in copies]))
        # One in a thousand copies more is worth one wrong pair.
        return (round(found - 0.001 * wrong, 6), found, -rule.near, -rule.far, rule.like)

    tried = product(range(6, 17, 2), range(16, 31, 2), np.arange(0.3, 0.95, 0.05))
    rules = [
        replace(RULE, near=near, far=far, like=round(float(like), 2)) for near, far, like in tried
    ]
    return max(rules, key=worth)


def halves(pairs: Pairs, seed: int) -> tuple[Pairs, Pairs]:
    """To fit by and to report on; all of a series in one half."""
    fitting = np.random.default_rng(seed).random(100_000)[pairs.owners] < 0.5
    return pairs.of(fitting), pairs.of(~fitting)


def main() -> None:
    """Fit, and print how good the fitted rule and the product's are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    encoder = load_encoder("starter", "cpu")
    right, wrong = labelled(options.data, encoder, options.seed)
    bursts, unrelated, compared = flickr_pairs(options.data, encoder)
    split = {kind: halves(pairs, options.seed) for kind, pairs in right.items()}
    apart = {kind: halves(pairs, options.seed) for kind, pairs in wrong.items()}
    apart["of Flickr8k"] = halves(unrelated, options.seed)
    fitted = fit_rule([half for half, _ in split.values()], [half for half, _ in apart.values()])
    for name, rule in {"fitted": fitted, "the product's": RULE}.items():
        print(f"{name}: {rule}")
        found = 0
        for kind, (_, held_out) in split.items():
            taken = held_out.taken(rule)
            found += int(taken.sum())
            recall = interval_over_users(taken.astype(np.float64), held_out.owners)
            print(
                f"  {kind:28s} found {recall.mean:.3f} ({recall.low:.3f}-{recall.high:.3f}) of "
                f"{len(taken)}; with telling hashes {taken[~held_out.poor].mean():.3f}"
            )
        print(f"  real bursts of Flickr8k: {int(bursts.taken(rule).sum())} of {len(bursts.bits)}")
        mistaken = {kind: int(held.taken(rule).sum()) for kind, (_, held) in apart.items()}
        print(f"  different photos taken for copies, of {compared:,} in Flickr8k: {mistaken}")
        print(f"  precision {found / (found + sum(mistaken.values())):.4f}")


if __name__ == "__main__":
    main()
