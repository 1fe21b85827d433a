"""EXIF: date, position, camera, rating, keywords, title and descriptions."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from capsearch.photos.metadata.camera import camera_name
from capsearch.photos.metadata.captions import decoded, titled, user_comment
from capsearch.photos.metadata.clock import parse_date, parse_offset, plausible
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt
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
_OFFSET_SLACK = datetime.timedelta(minutes=2)


@dataclass(frozen=True)
class ExifFacts:
    """`satellites` is when a position was fixed, in universal time; `modified` when the file was
    last changed, a poor guess at when the photo was taken."""

    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)
    satellites: TakenAt | None = None
    modified: TakenAt | None = None
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
        taken=_taken(tags, _ORIGINAL, "exif", utc) or _taken(tags, _DIGITIZED, "exif", utc),
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
        metadata,
        TakenAt(utc, 0, "satellites") if utc else None,
        _taken(tags, _MODIFIED, "changed", None),
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


def _taken(
    tags: Mapping[int, Any],
    names: tuple[int, int, int],
    source: str,
    utc: datetime.datetime | None,
) -> TakenAt | None:
    date, offset, fraction = (_text(tags.get(name)) for name in names)
    parsed = parse_date(date)
    if parsed is None:
        return None
    local, own_offset = parsed
    if fraction.isdecimal() and local.microsecond == 0:
        local = local.replace(microsecond=int(fraction[:6].ljust(6, "0")))
    minutes = parse_offset(offset) if own_offset is None else own_offset
    if minutes is None and _text(tags.get(_MODIFIED[0])) == date:
        # Not changed since, so the zone of the change is the zone of the shot.
        minutes = parse_offset(_text(tags.get(_MODIFIED[1])))
    if minutes is None and utc is not None:
        minutes = _offset_from_gps(local, utc)
    return TakenAt(local, minutes, source)


def _offset_from_gps(local: datetime.datetime, utc: datetime.datetime) -> int | None:
    """The time zone, where the camera's clock and the satellites' differ by what a zone can be."""
    difference = local - utc
    minutes = round(difference / datetime.timedelta(minutes=15)) * 15
    if abs(difference - datetime.timedelta(minutes=minutes)) > _OFFSET_SLACK:
        return None
    known = minutes % 30 == 0 or minutes in (345, 525, 765)
    return minutes if known and -12 * 60 <= minutes <= 14 * 60 else None


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
