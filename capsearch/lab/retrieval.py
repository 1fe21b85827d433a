"""How well an encoder finds a photo by its caption: recall at k over a captioned folder."""

import csv
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec, image_to_input
from capsearch.errors import CapsearchError
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.photos.decode import DecodeError, decode

CUT_OFFS = (1, 5, 10)
_QUERIES_AT_ONCE = 256


@dataclass(frozen=True)
class Captions:
    """Queries and the photo each is about."""

    texts: tuple[str, ...]
    images: tuple[str, ...]


@dataclass(frozen=True)
class RetrievalReport:
    """Text to photo retrieval of one encoder over one gallery; shares with 95% intervals.

    `recall` maps k to the share of queries whose photo is among the first k.
    """

    encoder: str
    queries: int
    gallery: int
    missing: int
    recall: dict[int, Interval]
    median_rank: float

    def as_json(self) -> dict[str, object]:
        """The report as `capsearch evaluate retrieval --json` prints it."""
        content: dict[str, object] = {
            "encoder": self.encoder,
            "queries": self.queries,
            "gallery": self.gallery,
            "missing": self.missing,
        }
        for k, estimate in self.recall.items():
            content[f"recall_at_{k}"] = estimate.mean
            content[f"recall_at_{k}_interval"] = [estimate.low, estimate.high]
        return {**content, "median_rank": self.median_rank}


def read_captions(path: Path, only: Path | None = None) -> Captions:
    """Read a CSV with the columns `image,caption`; `only` names a file that lists images to keep.

    Raises:
        CapsearchError: a file is missing, has other columns or holds no caption.
    """
    try:
        kept = set(only.read_text(encoding="utf-8").split("\n")) if only else None
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if not {"image", "caption"} <= set(reader.fieldnames or ()):
                raise CapsearchError(
                    f"{path} has no columns 'image' and 'caption'.",
                    "Give a CSV file whose first line is: image,caption",
                )
            rows = [(row["image"] or "", row["caption"] or "") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CapsearchError(
            f"The captions cannot be read ({error}).", "Check the path given to --captions."
        ) from error
    rows = [row for row in rows if row[1].strip() and (kept is None or row[0] in kept)]
    if not rows:
        raise CapsearchError(f"{path} holds no captions.", "Check --captions and --only.")
    return Captions(tuple(text for _, text in rows), tuple(image for image, _ in rows))


def evaluate_retrieval(
    encoder: Encoder,
    images: Path,
    captions: Captions,
    progress: Callable[[int, int], None] | None = None,
) -> RetrievalReport:
    """Rank all photos of the gallery for each caption.

    The gallery is every readable photo that has a caption; `missing` counts the others, whose
    captions are left out. Intervals draw whole photos, since captions of one photo go together.
    """
    names = sorted(set(captions.images))
    found, vectors = encode_gallery(encoder, [images / name for name in names], progress)
    if not len(found):
        raise CapsearchError(
            f"None of the {len(names)} captioned photos could be read in {images}.",
            "Check the path given to --images.",
        )
    row_of = {names[index]: row for row, index in enumerate(found)}
    queries = [
        (text, row_of[image])
        for text, image in zip(captions.texts, captions.images, strict=True)
        if image in row_of
    ]
    targets = np.array([row for _, row in queries])
    ranks = rank_of_target(encoder, [text for text, _ in queries], targets, vectors)
    recall = {k: interval_over_users((ranks <= k).astype(np.float64), targets) for k in CUT_OFFS}
    return RetrievalReport(
        encoder=encoder.name,
        queries=len(queries),
        gallery=len(found),
        missing=len(names) - len(found),
        recall=recall,
        median_rank=float(np.median(ranks)),
    )


def encode_gallery(
    encoder: Encoder, paths: Sequence[Path], progress: Callable[[int, int], None] | None = None
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Encode the readable ones of `paths`: their positions (m,) and vectors (m, dim)."""
    found: list[int] = []
    vectors: list[FloatArray] = []
    for start, batch in _decoded_batches(paths, encoder):
        readable = [i for i, pixels in enumerate(batch) if pixels is not None]
        if readable:
            stacked = np.stack([pixels for pixels in batch if pixels is not None])
            vectors.append(encoder.encode_images(stacked))
            found.extend(start + i for i in readable)
        if progress:
            progress(start + len(batch), len(paths))
    rows = np.concatenate(vectors) if vectors else np.empty((0, encoder.dim), np.float32)
    return np.array(found, np.int64), rows


def _decoded_batches(
    paths: Sequence[Path], encoder: Encoder
) -> Iterator[tuple[int, list[ByteArray | None]]]:
    read = partial(_read_pixels, spec=encoder.input_spec)
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(paths), encoder.batch_size):
            yield start, list(pool.map(read, paths[start : start + encoder.batch_size]))


def _read_pixels(path: Path, spec: InputSpec) -> ByteArray | None:
    try:
        return image_to_input(decode(path.read_bytes(), path.name, spec.size).image, spec)
    except (OSError, DecodeError):
        return None


def rank_of_target(
    encoder: Encoder,
    texts: Sequence[str],
    targets: npt.NDArray[np.int64],
    gallery: FloatArray,
) -> npt.NDArray[np.int64]:
    """Rank, from 1, of each text's target row in `gallery`; a tie counts against the target."""
    ranks = np.empty(len(texts), np.int64)
    for start in range(0, len(texts), _QUERIES_AT_ONCE):
        chunk = slice(start, start + _QUERIES_AT_ONCE)
        scores = encoder.encode_texts(texts[chunk]) @ gallery.T
        own = scores[np.arange(len(scores)), targets[chunk]]
        ranks[chunk] = (scores >= own[:, None]).sum(axis=1)
    return ranks
