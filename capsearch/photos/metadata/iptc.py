"""IPTC-IIM, the oldest of the three: keywords and the date of creation."""

from collections.abc import Mapping
from typing import Any

from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt

_CHARSET, _KEYWORDS, _DATE, _TIME = (1, 90), (2, 25), (2, 55), (2, 60)
_UTF8 = b"\x1b%G"


def read_iptc(fields: Mapping[tuple[int, int], Any]) -> PhotoMetadata:
    """What the data sets of an IPTC block say."""
    utf8 = _first(fields.get(_CHARSET)) == _UTF8
    keywords = tuple(_decoded(value, utf8) for value in _all(fields.get(_KEYWORDS)))
    return PhotoMetadata(taken=_taken(fields), keywords=keywords)


def _all(value: object) -> list[bytes]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, bytes)]


def _first(value: object) -> bytes:
    values = _all(value)
    return values[0] if values else b""


def _decoded(value: bytes, utf8: bool) -> str:
    """Without a charset mark most programs write UTF-8 by now, the older ones Windows' Latin."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if utf8 else "cp1252", "replace")


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
