"""Flickr8k on disk: photos, their five captions, the split, and the words photos share."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from capsearch.errors import CapsearchError
from capsearch.lab.captions import read_captions, read_names

CAPTIONS_PER_PHOTO = 5
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class CaptionSet:
    """Photos of one split, in file order, with their captions."""

    names: tuple[str, ...]
    captions: tuple[tuple[str, ...], ...]


def read_split(folder: Path, split: str) -> CaptionSet:
    """Read `{split}.txt` and `captions.csv`.

    Raises:
        CapsearchError: the folder does not hold the data set.
    """
    names = read_names(folder / f"{split}.txt")
    of_photo = read_captions(folder / "captions.csv").by_photo()
    captions = tuple(of_photo.get(name, ())[:CAPTIONS_PER_PHOTO] for name in names)
    if any(len(five) != CAPTIONS_PER_PHOTO for five in captions):
        raise CapsearchError(
            f"Some photos of {split}.txt have fewer than {CAPTIONS_PER_PHOTO} captions.",
            "Use the whole captions.csv.",
        )
    return CaptionSet(names, captions)


def shared_words(
    data: CaptionSet, *, fewest: int = 12, most_share: float = 0.2
) -> dict[str, list[int]]:
    """Words that at least two captions of a photo agree on -> the photos (row numbers).

    Words of very many photos are left out: they are mostly grammar.
    """
    photos: dict[str, list[int]] = defaultdict(list)
    for row, captions in enumerate(data.captions):
        counts = Counter(word for text in captions for word in set(_WORD.findall(text.lower())))
        for word, count in counts.items():
            if count >= 2 and len(word) > 2:
                photos[word].append(row)
    most = most_share * len(data.names)
    return {word: rows for word, rows in photos.items() if fewest <= len(rows) <= most}
