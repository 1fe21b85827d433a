"""Libraries with one wanted subject each: its photos among others', and photos of anything."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import Encoder, FloatArray
from capsearch.errors import CapsearchError
from capsearch.lab.captions import read_captions, read_names
from capsearch.lab.photo_vectors import encode_photos
from capsearch.personalize.bank import bank_texts
from capsearch.personalize.intent import query_variants
from capsearch.personalize.neighbours import IntArray
from capsearch.photos.walk import is_photo_name

OTHER_SUBJECTS = 3
_FIRST_DAY = 737_000
_DAYS = 3_650
ENSEMBLE = ("a photo of {}", "a picture of {}", "a close-up photo of {}", "{} outdoors", "{}")


@dataclass(frozen=True)
class Sources:
    """Encoded photos and texts that libraries are drawn from.

    subjects: name -> `(m, dim)`; classes: name -> class. distractors: `(n, dim)`.
    captions: `(c, dim)` of distractor `caption_of[i]`. texts: query -> `(dim,)`. more: `(m, dim)`
    further photos of anything, for large libraries alone.
    """

    encoder: str
    subjects: dict[str, FloatArray]
    classes: dict[str, str]
    distractors: FloatArray
    captions: FloatArray
    caption_texts: tuple[str, ...]
    caption_of: IntArray
    texts: dict[str, FloatArray]
    bank: FloatArray
    more: FloatArray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))


@dataclass(frozen=True)
class PersonalLibrary:
    """One library: `relevant` are the wanted subject's photos, `distractor` the row in the source
    of each photo (-1 for subjects), `others` the other subjects that come back."""

    subject: str
    subject_class: str
    vectors: FloatArray
    days: IntArray
    relevant: npt.NDArray[np.bool_]
    distractor: IntArray
    others: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[tuple[str, ...], ...]:
        """No names are known in these libraries."""
        return ((),) * len(self.vectors)


def draw_libraries(
    sources: Sources, draws: int, distractor_count: int, seed: int
) -> Iterator[PersonalLibrary]:
    """For each subject and draw: its photos, the photos of 3 subjects of other classes, one photo
    of every other subject of its class, and distractors; every photo on a day of its own."""
    for place, subject in enumerate(sorted(sources.subjects)):
        for draw in range(draws):
            rng = np.random.default_rng((seed, place, draw))
            yield _library(sources, subject, distractor_count, rng)


def _library(
    sources: Sources, subject: str, distractor_count: int, rng: np.random.Generator
) -> PersonalLibrary:
    wanted = sources.classes[subject]
    others = [name for name in sorted(sources.subjects) if name != subject]
    foreign = [name for name in others if sources.classes[name] != wanted]
    akin = [name for name in others if sources.classes[name] == wanted]
    chosen = rng.choice(foreign, min(OTHER_SUBJECTS, len(foreign)), replace=False)
    kept = min(distractor_count, len(sources.distractors))
    rows = rng.choice(len(sources.distractors), kept, replace=False)
    parts = [
        sources.subjects[subject],
        *(sources.subjects[str(name)] for name in chosen),
        *(_one_photo(sources.subjects[name], rng) for name in akin),
        sources.distractors[rows],
    ]
    vectors = np.concatenate(parts)
    order = rng.permutation(len(vectors))
    days = _FIRST_DAY + rng.permutation(max(_DAYS, len(vectors)))[: len(vectors)]
    relevant = np.arange(len(vectors)) < len(parts[0])
    distractor = np.concatenate([np.full(len(vectors) - kept, -1), rows])
    return PersonalLibrary(
        subject, wanted, vectors[order], days, relevant[order], distractor[order],
        tuple(map(str, chosen)),
    )  # fmt: skip


def _one_photo(photos: FloatArray, rng: np.random.Generator) -> FloatArray:
    row = int(rng.integers(len(photos)))
    return photos[row : row + 1]


@dataclass(frozen=True)
class SourceFiles:
    """Where the photos of `Sources` lie: subject -> its files and its class; distractors, and the
    `more` that are not."""

    subjects: dict[str, list[Path]]
    classes: dict[str, str]
    distractors: list[Path]
    more: list[Path]


def find_sources(subjects: Path, distractors: Path, only: Path | None = None) -> SourceFiles:
    """List the photos' files; none is opened.

    Raises:
        CapsearchError: there is no classes.csv, no photo of a subject or no distractor.
    """
    classes = _read_classes(subjects / "classes.csv")
    photos = {name: _photo_paths(subjects / name) for name in classes}
    others, more = _photo_paths(distractors), []
    if only is not None:
        listed = set(read_names(only))
        more = [path for path in others if path.name not in listed]
        others = [path for path in others if path.name in listed]
    _require_photos(any(photos.values()), subjects)
    _require_photos(bool(others), distractors)
    return SourceFiles(photos, classes, others, more)


def encode_sources(
    encoder: Encoder,
    subjects: Path,
    distractors: Path,
    captions: Path | None,
    only: Path | None = None,
    *,
    more: bool = False,
) -> Sources:
    """Read and encode everything once; `more` photos, too, where they are asked for.

    Raises:
        CapsearchError: there is no classes.csv, no readable subject or distractor, or no caption.
    """
    files = find_sources(subjects, distractors, only)
    classes = files.classes
    photos = {}
    for name, paths in files.subjects.items():
        vectors = encode_photos(encoder, paths)[1]
        if len(vectors):
            photos[name] = vectors
    _require_photos(bool(photos), subjects)
    found, vectors = encode_photos(encoder, files.distractors)
    _require_photos(bool(len(found)), distractors)
    texts, of = _captions_of(captions, [files.distractors[row].name for row in found])
    queries = sorted({text for name in photos for text in personal_texts(classes[name])})
    encoded = _encode_texts(encoder, [*queries, *bank_texts(), *texts])
    return Sources(
        encoder.name,
        photos,
        {name: classes[name] for name in photos},
        vectors,
        encoded[len(queries) + len(bank_texts()) :],
        tuple(texts),
        np.array(of, dtype=np.int64),
        dict(zip(queries, encoded, strict=False)),
        encoded[len(queries) : len(queries) + len(bank_texts())],
        encode_photos(encoder, files.more if more else ())[1],
    )


def _require_photos(there: bool, folder: Path) -> None:
    if not there:
        raise CapsearchError(
            f"There are no photos in {folder}.",
            "Name another; --subjects takes one with a folder of photos per subject.",
        )


def with_modality_gap(sources: Sources, size: float, seed: int) -> Sources:
    """Another embedding space: photos and texts each moved by an offset of length `size`.

    Real encoders keep photos and texts in two cones apart (Liang et al., 2022, arXiv 2203.02053);
    how far apart differs from one to the next, and CAP must not depend on it.
    """
    if size == 0.0:
        return sources
    drawn = np.random.default_rng(seed).standard_normal((2, sources.distractors.shape[1]))
    offsets = (size * drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    photos, texts = (partial(_moved, offset=offset) for offset in offsets)
    return replace(
        sources,
        subjects={name: photos(vectors) for name, vectors in sources.subjects.items()},
        distractors=photos(sources.distractors),
        more=photos(sources.more),
        captions=texts(sources.captions),
        texts={text: texts(vector) for text, vector in sources.texts.items()},
        bank=texts(sources.bank),
    )


def _moved(vectors: FloatArray, offset: FloatArray) -> FloatArray:
    moved = vectors + offset
    unit: FloatArray = moved / np.linalg.norm(moved, axis=-1, keepdims=True)
    return unit


def personal_texts(subject_class: str) -> tuple[str, ...]:
    """All texts that the methods use for 'my <class>'."""
    query = f"my {subject_class}"
    return (*query_variants(query), query, *(way.format(query) for way in ENSEMBLE))


def _read_classes(path: Path) -> dict[str, str]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return {row["subject"]: row["class"] for row in csv.DictReader(file)}
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise CapsearchError(
            f"The subjects' classes cannot be read from {path}.",
            "Give --subjects a folder with classes.csv (columns subject,class).",
        ) from error


def _captions_of(path: Path | None, names: Sequence[str]) -> tuple[list[str], list[int]]:
    """Captions of the named photos, and the row of each one's photo in `names`."""
    if path is None:
        return [], []
    row_of = {name: row for row, name in enumerate(names)}
    captions = read_captions(path)
    kept = [
        (text, row_of[image])
        for text, image in zip(captions.texts, captions.images, strict=True)
        if image in row_of
    ]
    if not kept:
        raise CapsearchError(
            f"{path} has no caption of a photo among the distractors.", "Check --captions."
        )
    return [text for text, _ in kept], [row for _, row in kept]


def _photo_paths(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if is_photo_name(path.name))
    except OSError as error:
        raise CapsearchError(f"{folder} cannot be opened.", "Check the path.") from error


def _encode_texts(encoder: Encoder, texts: Sequence[str]) -> FloatArray:
    parts = [
        encoder.encode_texts(texts[start : start + 256]) for start in range(0, len(texts), 256)
    ]
    return np.concatenate(parts)
