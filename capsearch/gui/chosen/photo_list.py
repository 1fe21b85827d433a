"""Lists photos as a table that spreadsheets open: UTF-8, and nothing in it is taken for a formula.

What begins a formula, by OWASP's page on CSV injection: = + - @, tabs and line ends, also in their
wide forms, which some spreadsheets read as the same.
"""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from capsearch.files import write_whole
from capsearch.library.values import NamedPlace, PhotoFacts
from capsearch.text import nfc

_FORMULA = "=+-@"
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def write_list(
    path: Path,
    headings: Sequence[str],
    photos: Iterable[PhotoFacts],
    scores: Mapping[int, float],
    *,
    separator: str = ",",
    german: bool = False,
) -> None:
    """Write one line for each photo: its path, date, people, place, keywords, and its score where
    it has one. `headings` are the names of these six columns.

    Raises:
        OSError: the disk is full or refuses; then the file is as it was before.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    for photo in photos:
        writer.writerow(_row(photo, scores.get(photo.id), german=german))
    with write_whole(path) as file:
        # With the mark of UTF-8: without it Excel takes a table for one of the system's letters.
        file.write(text.getvalue().encode("utf-8-sig"))


def _row(photo: PhotoFacts, score: float | None, *, german: bool) -> list[str]:
    return [
        plain_cell(os.fsencode(photo.paths[0]).decode("utf-8", "replace")),
        _date(photo),
        _joined(person.name for person in photo.people),
        plain_cell(_place(photo.place, german=german)),
        _joined(photo.keywords),
        "" if score is None else f"{score:.4f}",
    ]


def plain_cell(text: str) -> str:
    """`text` in one line, with an apostrophe before it where it would be taken for a formula."""
    line = _UNPRINTED.sub(" ", text)
    first = unicodedata.normalize("NFKC", nfc(line).lstrip(" '\""))[:1]
    return f"'{line}" if first and first in _FORMULA else line


def _joined(names: Iterable[str]) -> str:
    """Each by itself harmless, for who takes them apart again."""
    return "; ".join(plain_cell(name) for name in dict.fromkeys(names))


def _place(place: NamedPlace | None, *, german: bool) -> str:
    if place is None:
        return ""
    names = (
        (place.german_city, place.german_region, place.german_country)
        if german
        else (place.city, place.region, place.country)
    )
    return ", ".join(dict.fromkeys(name for name in names if name))


def _date(photo: PhotoFacts) -> str:
    """As far as it is known: 2023, 2023-05, 2023-05-06, 2023-05-06 10:03:00. The time of a file is
    none."""
    if photo.taken is None or photo.taken.source == "file":
        return ""
    length = {"year": 4, "month": 7, "day": 10}.get(photo.taken.precision, 19)
    return photo.taken.local.isoformat(" ", "seconds")[:length]
