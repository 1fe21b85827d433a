"""Captioned photos on disk: a CSV with the columns `image,caption`, and lists of names."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from capsearch.errors import CapsearchError


@dataclass(frozen=True)
class Captions:
    """Texts, in file order, and the name of the photo that each is about."""

    texts: tuple[str, ...]
    images: tuple[str, ...]

    def by_photo(self) -> Mapping[str, tuple[str, ...]]:
        """Name -> its captions; a name without captions has none."""
        texts: dict[str, list[str]] = defaultdict(list)
        for image, text in zip(self.images, self.texts, strict=True):
            texts[image].append(text)
        return {image: tuple(own) for image, own in texts.items()}


def read_captions(path: Path, only: Path | None = None) -> Captions:
    """Read the captions of a CSV; `only` names a file that lists the images to keep.

    Raises:
        CapsearchError: a file is missing, has other columns or holds no caption.
    """
    kept = None if only is None else set(read_names(only))
    try:
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
            f"The captions cannot be read ({error}).", "Give a CSV file with image,caption."
        ) from error
    rows = [row for row in rows if row[1].strip() and (kept is None or row[0] in kept)]
    if not rows:
        raise CapsearchError(
            f"{path} holds no captions of the photos asked for.", "Check the file and the list."
        )
    return Captions(tuple(text for _, text in rows), tuple(image for image, _ in rows))


def read_names(path: Path) -> tuple[str, ...]:
    """The file names that a text file lists, one a line, in its order.

    Raises:
        CapsearchError: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CapsearchError(
            f"The list of photos cannot be read ({error}).",
            "Give a text file with one file name a line.",
        ) from error
    return tuple(line.strip() for line in lines if line.strip())
