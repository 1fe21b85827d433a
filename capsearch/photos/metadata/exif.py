"""EXIF: date, position, camera, rating, keywords, title and descriptions."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from capsearch.photos.metadata.camera import camera_name
from capsearch.photos.metadata.captions import decoded, titled, user_comment
from capsearch.photos.metadata.clock import (
    never_set,
    parse_date,
    parse_offset,
    plausible,
    zone_between,
)
from capsearch.photos.metadata.model import PhotoMetadata, Said, TakenAt
from capsearch.photos.metadata.numbers import degrees, number
from capsearch.photos.metadata.place import position
from capsearch.photos.metadata.screenshots import says_screenshot

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_MAKE, _MODEL, _ORIENTATION = 0x010F, 0x0110, 0x0112
_RATING, _RATING_PERCENT, _XP_KEYWORDS = 0x4746, 0x4749, 0x9C9E
_XP_TITLE, _XP_COMMENT, _XP_SUBJECT = 0x9C9B, 0x9C9C, 0x9C9F
_DESCRIPTION, _SOFTWARE, _USER_COMMENT = 0x010E, 0x0131, 0x9286
_MODIFIED = (0x0132, 0x9010, 0x9290)
_ORIGINAL = (0x9003, 0x9011, 0x9291)
_DIGITIZED = (0x9004, 0x9012, 0x9292)


@dataclass(frozen=True)
class ExifFacts:
    """`orientation` is 1 to 8."""

    said: Said = field(default_factory=Said)
    orientation: int = 1


def read_exif(block: bytes) -> ExifFacts:
    """What an EXIF block (from its TIFF header on) says; raises on a block that is none."""
    exif = Image.Exif()
    exif.load(block)
    main = dict(exif)
    tags, gps = {**main, **_directory(exif, _EXIF_IFD)}, _directory(exif, _GPS_IFD)
    utc = _gps_moment(gps)
    latitude, longitude = position(_degrees(gps, 1, 2, "S"), _degrees(gps, 3, 4, "W"))
    comment = _comment(tags.get(_USER_COMMENT), little_endian=block[:2] == b"II")
    described = _recoded(main.get(_DESCRIPTION))
    noted = (_windows_text(main.get(tag)) for tag in (_XP_COMMENT, _XP_SUBJECT))
    title, texts = titled([_windows_text(main.get(_XP_TITLE))], (described, *noted, comment))
    metadata = PhotoMetadata(
        latitude=latitude,
        longitude=longitude,
        camera=camera_name(_text(main.get(_MAKE)), _text(main.get(_MODEL))),
        rating=_rating(main),
        keywords=tuple(_windows_text(main.get(_XP_KEYWORDS)).split(";")),
        title=title,
        texts=texts,
        screenshot=says_screenshot([comment], [_text(main.get(_SOFTWARE))]),
    )
    orientation = main.get(_ORIENTATION, 1)
    return ExifFacts(
        Said(metadata, tuple(_dates(tags, utc))),
        orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
    )


def _directory(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(tag)
    except Exception:  # noqa: BLE001 - one broken directory must not cost the others
        return {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value.split("\0")[0].strip() if isinstance(value, str) else ""


def _recoded(value: object) -> str:
    """Text that Pillow took for Latin-1, whatever it was."""
    return decoded(value.encode("latin-1", "replace")) if isinstance(value, str) else _text(value)


def _comment(value: object, *, little_endian: bool) -> str:
    if isinstance(value, bytes):
        return user_comment(value, little_endian=little_endian)
    return _recoded(value)


def _windows_text(value: object) -> str:
    if isinstance(value, tuple):
        value = bytes(part & 255 for part in value if isinstance(part, int))
    return value.decode("utf-16-le", "ignore").strip("\0") if isinstance(value, bytes) else ""


def _dates(tags: Mapping[int, Any], utc: datetime.datetime | None) -> Iterator[TakenAt]:
    for names, source in ((_ORIGINAL, "exif"), (_DIGITIZED, "digitized"), (_MODIFIED, "changed")):
        taken = _taken(tags, names, source)
        if taken is not None:
            yield replace(taken, source="unset") if _of_unset_clock(taken, utc) else taken
    if utc is not None:
        yield TakenAt(utc, 0, "satellites", universal=True)


def _of_unset_clock(taken: TakenAt, utc: datetime.datetime | None) -> bool:
    """A clock that goes with the satellites' was set, were it the first hour of a year."""
    if taken.source == "changed" or taken.precision != "second" or not never_set(taken.local):
        return False
    return utc is None or zone_between(taken.local, utc) is None


def _taken(tags: Mapping[int, Any], names: tuple[int, int, int], source: str) -> TakenAt | None:
    date, offset, fraction = (_text(tags.get(name)) for name in names)
    taken = parse_date(date, source)
    if taken is None or taken.precision != "second":
        return taken
    local, minutes = taken.local, taken.utc_offset_minutes
    if fraction.isdecimal() and local.microsecond == 0:
        local = local.replace(microsecond=int(fraction[:6].ljust(6, "0")))
    if minutes is None:
        minutes = parse_offset(offset)
    if minutes is None and _text(tags.get(_MODIFIED[0])) == date:
        # Not changed since, so the zone of the change is the zone of the shot.
        minutes = parse_offset(_text(tags.get(_MODIFIED[1])))
    return replace(taken, local=local, utc_offset_minutes=minutes)


def _gps_moment(gps: Mapping[int, Any]) -> datetime.datetime | None:
    try:
        year, month, day = (int(part) for part in _text(gps.get(29)).replace("-", ":").split(":"))
        hour, minute, second = (float(part) for part in gps[7])
        midnight = datetime.datetime(year, month, day)
        moment = midnight + datetime.timedelta(hours=hour, minutes=minute, seconds=second)
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    return moment.replace(microsecond=0) if plausible(moment) else None


def _degrees(gps: Mapping[int, Any], reference: int, value: int, negative: str) -> float | None:
    parts = gps.get(value)
    angle = degrees([number(part) for part in parts[:3]]) if isinstance(parts, tuple) else None
    is_negative = _text(gps.get(reference)).upper().startswith(negative)
    return -angle if angle is not None and is_negative else angle


def _rating(tags: Mapping[int, Any]) -> int | None:
    stars = tags.get(_RATING)
    if isinstance(stars, int) and 1 <= stars <= 5:
        return stars
    percent = tags.get(_RATING_PERCENT)
    return stars_of_percent(percent) if isinstance(percent, int) else None


def stars_of_percent(percent: float) -> int | None:
    """Windows' rating: 1, 25, 50, 75 and 99 percent are 1 to 5 stars; 0 is none."""
    return min(5, round(percent / 25) + 1) if 0 < percent <= 100 else None
