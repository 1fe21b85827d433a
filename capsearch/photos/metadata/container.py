"""What a video's container says of when, where and with what it was made."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from capsearch.photos.metadata.camera import camera_name
from capsearch.photos.metadata.captions import titled
from capsearch.photos.metadata.clock import never_set, parse_date
from capsearch.photos.metadata.model import PhotoMetadata, Said, TakenAt
from capsearch.photos.metadata.place import position

_APPLE = "com.apple.quicktime."
# The first is the original's, by the clock of the place; the last is in universal time, and may be
# that of a copy which a program has made (Apple, "QuickTime metadata keys"; ISO/IEC 14496-12).
_DATES = (_APPLE + "creationdate", "date_recorded", "date", "creation_time")
_PLACES = (_APPLE + "location.iso6709", "location", "location-eng")
_MAKES = (_APPLE + "make", "make", "com.android.manufacturer")
_MODELS = (_APPLE + "model", "model", "com.android.model")
_TITLES = (_APPLE + "title", _APPLE + "displayname", "title")
_TEXTS = (_APPLE + "description", _APPLE + "comment", "description", "synopsis", "comment")
# ISO 6709, annex H: the digits before the point say whether minutes and seconds are given.
_ISO_6709 = re.compile(r"\s*([+-])(\d{2,6})(\.\d*)?([+-])(\d{3,7})(\.\d*)?")


def read_container(tags: Mapping[str, str]) -> Said:
    """What these tags say, their names in lower case as `video_tags` gives them."""
    title, texts = titled(_each(tags, _TITLES), _each(tags, _TEXTS))
    latitude, longitude = _position(tags)
    make, model = (next(_each(tags, names), "") for names in (_MAKES, _MODELS))
    metadata = PhotoMetadata(
        latitude=latitude,
        longitude=longitude,
        camera=camera_name(make, model),
        title=title,
        texts=texts,
    )
    return Said(metadata, tuple(_dates(tags)))


def _each(tags: Mapping[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (tags[name] for name in names if tags.get(name))


def _dates(tags: Mapping[str, str]) -> Iterator[TakenAt]:
    for text in _each(tags, _DATES):
        taken = parse_date(text, "exif")
        if taken is not None:
            unset = taken.precision == "second" and never_set(taken.local)
            yield replace(taken, source="unset") if unset else taken


def _position(tags: Mapping[str, str]) -> tuple[float, float] | tuple[None, None]:
    for text in _each(tags, _PLACES):
        match = _ISO_6709.match(text)
        if match is not None:
            north, latitude, rest, east, longitude, more = match.groups()
            found = position(
                _degrees(north, latitude, rest or "", 2), _degrees(east, longitude, more or "", 3)
            )
            if found[0] is not None:
                return found
    return None, None


def _degrees(sign: str, digits: str, fraction: str, degree_digits: int) -> float:
    """Degrees of "4807.4", which are 48 degrees and 7.4 minutes."""
    parts = [digits[:degree_digits], digits[degree_digits:][:2], digits[degree_digits:][2:]]
    given = [part for part in parts if part]
    given[-1] += fraction
    value: float = sum(float(part) / 60.0**power for power, part in enumerate(given))
    return -value if sign == "-" else value
