"""Dates in file names: of phones, messengers and screenshot tools, and of people who name scans."""

import re
from collections.abc import Iterator
from dataclasses import replace

from capsearch.photos.metadata.clock import from_epoch, parse_date
from capsearch.photos.metadata.model import TakenAt
from capsearch.photos.metadata.month_names import MONTHS
from capsearch.text import folded

_DATE = r"(?<!\d)((?:1[89]|20)\d\d)([-_. ]?)([01]\d)\2([0-3]\d)"
_TIME = r"(?:[T_\-. ]+(?:at |um |à )?|)([0-2]?\d)([-_.:h]?)([0-5]\d)\6([0-5]\d)"
_DATE_AND_TIME = re.compile(_DATE + _TIME + r"(\d{3})?(?!\d)\s*([AaPp][Mm])?")
_DATE_ONLY = re.compile(_DATE + r"(?!\d)")
_EPOCH_MILLISECONDS = re.compile(r"(?<!\d)(1[0-9]\d{11})(?!\d)")

# Names of people are read folded. A year stands alone: no letter or digit touches it.
_YEAR = r"(?<![^\W_])(1[89]\d\d|20\d\d)(?![^\W_])"
_BETWEEN = r"[\s._,\-]{1,3}"
_MONTH = "(" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + r")(?![^\W_])\.?"
_DAY = r"(?<![^\W_])([0-3]?\d)(?:st|nd|rd|th|er|\.)?"
_YEAR_FIRST = re.compile(
    rf"{_YEAR}(?:([-_. ])([01]?\d)\2([0-3]?\d)|[-.]([01]?\d))(?![^\W_])(?![-_. ]\d)"
    r"|(?<!\d)(1[89]\d\d|20\d\d)\s?[年년]\s?([01]?\d)\s?[月월](?:\s?([0-3]?\d)\s?[日일])?"
)
_YEAR_LAST = re.compile(rf"(?<![^\W_])(?:([0-3]?\d)([-_. ]))?([0-3]?\d)(?(2)\2|[-_.]){_YEAR}")
_DAY_MONTH = re.compile(
    rf"{_DAY}\s?(?:{_BETWEEN})?(?:de |of )?{_MONTH}(?:{_BETWEEN}|\s?de\s)?{_YEAR}"
)
_MONTH_DAY = re.compile(
    rf"(?<![^\W_]){_MONTH}{_BETWEEN}([0-3]?\d)(?:st|nd|rd|th)?{_BETWEEN}{_YEAR}"
)
_YEAR_MONTH = re.compile(rf"{_YEAR}{_BETWEEN}{_MONTH}(?:{_BETWEEN}([0-3]?\d)(?![^\W_]))?")
_MONTH_YEAR = re.compile(rf"(?<![^\W_]){_MONTH}(?:{_BETWEEN}|\s?de\s|\s?of\s)?{_YEAR}")
_YEAR_ALONE = re.compile(_YEAR)

# The Design rule for Camera File system: four of these signs, then a counter.
_CAMERA_COUNTER = re.compile(r"[A-Z0-9_]{4}\d{4}(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
# What programs and people call a file that they count: a number behind it says no year.
_COUNTED = frozenset(
    "img image images imagen immagine imagem afbeelding scan scans scanned numerisation escanear"
    " scansione photo photos foto fotos fotografie picture pictures pic pics bild bilder dsc dscn"
    " dscf mvi vid video movie clip file datei fichier frame page seite blatt sheet slide dia"
    " negativ negative neg film screenshot bildschirmfoto untitled unbenannt capture snap copy"
    " kopie edited bearbeitet jpg jpeg png tif tiff gif bmp heic webp no nr px".split()
)
_WIDTH = re.compile(r"[-_](?:1920|2000|2048)$|\d[x\u00d7]\d")


def taken_from_name(name: str) -> TakenAt | None:
    """The date in a file name; None where there is none that could be a photo's.

    Its source is "named" where a person wrote it, else "name". Where day and month could be
    either way round, the year alone is known.
    """
    found = _date_and_time(name) or _date_only(name) or _epoch(name)
    return found or next(_by_people(name), None)


def _date_and_time(name: str) -> TakenAt | None:
    match = _DATE_AND_TIME.search(name)
    if match is None:
        return None
    year, _, month, day, hour, _, minute, second, _, half = match.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    taken = parse_date(f"{year}-{month}-{day}T{hours:02}:{minute}:{second}", "name")
    if taken is None or taken.precision != "second":
        return None
    # Google's camera names its files by universal time.
    universal = name.startswith("PXL_")
    return replace(taken, utc_offset_minutes=0 if universal else None, universal=universal)


def _date_only(name: str) -> TakenAt | None:
    for match in _DATE_ONLY.finditer(name):
        taken = parse_date(f"{match[1]}-{match[3]}-{match[4]}", "name")
        if taken is not None and taken.precision == "day":
            return replace(taken, source="name" if int(match[1]) >= 1990 else "named")
    return None


def _epoch(name: str) -> TakenAt | None:
    match = _EPOCH_MILLISECONDS.search(name)
    return from_epoch(int(match[1]) / 1000, "name") if match else None


def _by_people(name: str) -> Iterator[TakenAt]:
    """The dates that people write, the most exact first."""
    stem = name.rpartition(".")[0] or name
    words = folded(stem)
    for match in _DAY_MONTH.finditer(words):
        yield from _dated(match[3], MONTHS[match[2]], match[1])
    for match in _MONTH_DAY.finditer(words):
        yield from _dated(match[3], MONTHS[match[1]], match[2])
    for match in _YEAR_MONTH.finditer(words):
        yield from _dated(match[1], MONTHS[match[2]], match[3])
    for match in _MONTH_YEAR.finditer(words):
        yield from _dated(match[2], MONTHS[match[1]])
    for match in _YEAR_FIRST.finditer(words):
        yield from _dated(
            match[1] or match[6], match[3] or match[5] or match[7], match[4] or match[8]
        )
    for match in _YEAR_LAST.finditer(words):
        yield from _dated(match[4], *_day_last(match[1], match[3]))
    years = set(_YEAR_ALONE.findall(words))
    if len(years) == 1 and _says_year(stem, words):  # several are a span
        yield from _dated(*years)


def _dated(
    year: str, month: str | int | None = None, day: str | int | None = None
) -> Iterator[TakenAt]:
    taken = parse_date(f"{year}-{int(month or 0):02}-{int(day or 0):02}", "named")
    if taken is not None and (month is None or not int(month) > 12):
        yield taken


def _day_last(first: str | None, second: str) -> tuple[int | None, int | None]:
    """Month and day of two numbers before a year, the day before the month or behind it; none of
    them where both ways are possible."""
    if first is None:
        return int(second), None
    a, b = int(first), int(second)
    if a == b or a > 12 >= b:
        return b, a
    return (a, b) if b > 12 >= a else (None, None)


def _says_year(stem: str, words: str) -> bool:
    """Whether a year in a name is one: no camera's or scanner's counter, and no width."""
    if _CAMERA_COUNTER.match(stem) or _WIDTH.search(stem):
        return False
    return any(word not in _COUNTED for word in _LETTERS.findall(words))
