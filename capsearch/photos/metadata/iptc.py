"""IPTC-IIM, the oldest of the three: title, caption, keywords, place and date."""

from collections.abc import Mapping
from typing import Any

from capsearch.photos.metadata.captions import decoded, titled
from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt

_CHARSET, _KEYWORDS, _DATE, _TIME = (1, 90), (2, 25), (2, 55), (2, 60)
_TITLES = ((2, 5), (2, 105))  # object name, headline
_CAPTION = (2, 120)
_PLACES = ((2, 92), (2, 90), (2, 95), (2, 101))  # location, city, state, country
_UTF8 = b"\x1b%G"


def read_iptc(fields: Mapping[tuple[int, int], Any]) -> PhotoMetadata:
    """What the data sets of an IPTC block say."""
    utf8 = _first(fields.get(_CHARSET)) == _UTF8

    def words(*names: tuple[int, int]) -> tuple[str, ...]:
        return tuple(_text(value, utf8) for name in names for value in _all(fields.get(name)))

    title, texts = titled(words(*_TITLES), words(_CAPTION))
    return PhotoMetadata(
        taken=_taken(fields),
        keywords=words(_KEYWORDS),
        title=title,
        texts=texts,
        place_names=words(*_PLACES),
    )


def _all(value: object) -> list[bytes]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, bytes)]


def _first(value: object) -> bytes:
    values = _all(value)
    return values[0] if values else b""


def _text(value: bytes, utf8: bool) -> str:
    return value.decode("utf-8", "replace") if utf8 else decoded(value)


def _taken(fields: Mapping[tuple[int, int], Any]) -> TakenAt | None:
    date = _first(fields.get(_DATE)).decode("ascii", "replace")
    time = _first(fields.get(_TIME)).decode("ascii", "replace")
    if len(date) != 8 or not date.isdigit():
        return None
    text = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    if time[:6].isdigit() and len(time) >= 6:
        text += f"T{time[:2]}:{time[2:4]}:{time[4:6]}{time[6:]}"
    parsed = parse_date(text)
    return TakenAt(*parsed, "iptc") if parsed else None
