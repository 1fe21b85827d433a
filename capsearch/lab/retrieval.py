"""How well an encoder finds a photo by its caption: recall at k over a captioned folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import Encoder, FloatArray
from capsearch.errors import CapsearchError
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.captions import Captions
from capsearch.lab.photo_vectors import Progress, encode_photos

CUT_OFFS = (1, 5, 10)
_QUERIES_AT_ONCE = 256


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


def evaluate_retrieval(
    encoder: Encoder,
    images: Path,
    captions: Captions,
    progress: Progress | None = None,
) -> RetrievalReport:
    """Rank all photos of the gallery for each caption.

    The gallery is every readable photo that has a caption; `missing` counts the others, whose
    captions are left out. Intervals draw whole photos, since captions of one photo go together.
    """
    names = sorted(set(captions.images))
    found, vectors = encode_photos(encoder, [images / name for name in names], progress)
    if not len(found):
        raise CapsearchError(
            f"None of the {len(names)} captioned photos could be read in {images}.",
            "Check the path of the photos.",
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
