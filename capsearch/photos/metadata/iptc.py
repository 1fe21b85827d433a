"""IPTC-IIM, the oldest of the three: title, caption, keywords, place and date."""

from collections.abc import Iterator, Mapping
from typing import Any

from capsearch.photos.metadata.captions import decoded, titled
from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.model import PhotoMetadata, Said, TakenAt

_CHARSET, _KEYWORDS = (1, 90), (2, 25)
_DATES = (((2, 55), (2, 60), "iptc"), ((2, 62), (2, 63), "digitized"))
_TITLES = ((2, 5), (2, 105))  # object name, headline
_CAPTION = (2, 120)
_PLACES = ((2, 92), (2, 90), (2, 95), (2, 101))  # location, city, state, country
_UTF8 = b"\x1b%G"


def read_iptc(fields: Mapping[tuple[int, int], Any]) -> Said:
    """What the data sets of an IPTC block say."""
    utf8 = _first(fields.get(_CHARSET)) == _UTF8

    def words(*names: tuple[int, int]) -> tuple[str, ...]:
        return tuple(_text(value, utf8) for name in names for value in _all(fields.get(name)))

    title, texts = titled(words(*_TITLES), words(_CAPTION))
    metadata = PhotoMetadata(
        keywords=words(_KEYWORDS),
        title=title,
        texts=texts,
        place_names=words(*_PLACES),
    )
    return Said(metadata, tuple(_dates(fields)))


def _all(value: object) -> list[bytes]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, bytes)]


def _first(value: object) -> bytes:
    values = _all(value)
    return values[0] if values else b""


def _text(value: bytes, utf8: bool) -> str:
    return value.decode("utf-8", "replace") if utf8 else decoded(value)


def _dates(fields: Mapping[tuple[int, int], Any]) -> Iterator[TakenAt]:
    for date_name, time_name, source in _DATES:
        date = _first(fields.get(date_name)).decode("ascii", "replace")
        time = _first(fields.get(time_name)).decode("ascii", "replace")
        if len(date) != 8 or not date.isdigit():
            continue
        text = f"{date[:4]}-{date[4:6]}-{date[6:]}"
        if time[:6].isdigit() and len(time) >= 6:
            text += f"T{time[:2]}:{time[2:4]}:{time[4:6]}{time[6:]}"
        taken = parse_date(text, source)
        if taken is not None:
            yield taken
