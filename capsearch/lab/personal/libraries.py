"""Libraries with one wanted subject each: its photos among others', and photos of anything."""

import csv
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import (
    ByteArray,
    Encoder,
    FloatArray,
    InputSpec,
    image_to_input,
)
from capsearch.errors import CapsearchError
from capsearch.personalize.bank import bank_texts
from capsearch.personalize.intent import query_variants
from capsearch.personalize.neighbours import IntArray
from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.walk import is_photo_name

OTHER_SUBJECTS = 3
_FIRST_DAY = 737_000
_DAYS = 3_650
ENSEMBLE = ("a photo of {}", "a picture of {}", "a close-up photo of {}", "{} outdoors", "{}")


@dataclass(frozen=True)
class Sources:
    """Encoded photos and texts that libraries are drawn from.

    subjects: name -> `(m, dim)`; classes: name -> class. distractors: `(n, dim)`.
    captions: `(c, dim)` of distractor `caption_of[i]`. texts: query -> `(dim,)`.
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


@dataclass(frozen=True)
class PersonalLibrary:
    """One library: `relevant` are the wanted subject's photos, `distractor` the row in the source
    of each photo (-1 for subjects)."""

    subject: str
    subject_class: str
    vectors: FloatArray
    days: IntArray
    relevant: npt.NDArray[np.bool_]
    distractor: IntArray

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
        subject, wanted, vectors[order], days, relevant[order], distractor[order]
    )


def _one_photo(photos: FloatArray, rng: np.random.Generator) -> FloatArray:
    row = int(rng.integers(len(photos)))
    return photos[row : row + 1]


def encode_sources(
    encoder: Encoder,
    subjects: Path,
    distractors: Path,
    captions: Path | None,
    only: Path | None = None,
) -> Sources:
    """Read and encode everything once.

    Raises:
        CapsearchError: there is no classes.csv, no readable subject or distractor, or no caption.
    """
    classes = _read_classes(subjects / "classes.csv")
    photos = {}
    for name in classes:
        vectors = _encode_folder(encoder, _photo_paths(subjects / name))[1]
        if len(vectors):
            photos[name] = vectors
    paths = _photo_paths(distractors)
    if only is not None:
        listed = set(_read_text(only).split())
        paths = [path for path in paths if path.name in listed]
    if not photos or not paths:
        raise CapsearchError(
            f"There are no photos in {distractors if photos else subjects}.",
            "Give --subjects with a folder of photos per subject, --distractors with photos.",
        )
    names, vectors = _encode_folder(encoder, paths)
    texts, of = _read_captions(captions, names)
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


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CapsearchError(f"{path} cannot be read.", "Check the path.") from error


def _read_captions(path: Path | None, names: Sequence[str]) -> tuple[list[str], list[int]]:
    if path is None:
        return [], []
    row_of = {name: row for row, name in enumerate(names)}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [(row["image"], row["caption"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise CapsearchError(
            f"The captions cannot be read from {path}.", "Its columns must be image,caption."
        ) from error
    kept = [(caption, row_of[image]) for image, caption in rows if image in row_of]
    if not kept:
        raise CapsearchError(
            f"{path} has no caption of a photo among the distractors.", "Check --captions."
        )
    return [caption for caption, _ in kept], [row for _, row in kept]


def _photo_paths(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if is_photo_name(path.name))
    except OSError as error:
        raise CapsearchError(f"{folder} cannot be opened.", "Check the path.") from error


def _encode_folder(encoder: Encoder, paths: Sequence[Path]) -> tuple[list[str], FloatArray]:
    names: list[str] = []
    vectors: list[FloatArray] = []
    read = partial(_pixels, spec=encoder.input_spec)
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(paths), encoder.batch_size):
            batch = paths[start : start + encoder.batch_size]
            pixels = [
                (path.name, found)
                for path, found in zip(batch, pool.map(read, batch), strict=True)
                if found is not None
            ]
            if pixels:
                names.extend(name for name, _ in pixels)
                vectors.append(encoder.encode_images(np.stack([one for _, one in pixels])))
    return names, np.concatenate(vectors) if vectors else np.zeros((0, encoder.dim), np.float32)


def _pixels(path: Path, spec: InputSpec) -> ByteArray | None:
    try:
        return image_to_input(decode(path.read_bytes(), path.name, spec.size).image, spec)
    except (OSError, DecodeError):
        return None


def _encode_texts(encoder: Encoder, texts: Sequence[str]) -> FloatArray:
    parts = [
        encoder.encode_texts(texts[start : start + 256]) for start in range(0, len(texts), 256)
    ]
    return np.concatenate(parts)
