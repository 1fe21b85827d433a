"""Dates as cameras and programs write them, and which of them cannot be true."""

import datetime
import re

from capsearch.photos.metadata.model import Precision, TakenAt

_DATE = re.compile(
    r"\s*(\d{4})(?:\s*$|[:\-/. ](\d{1,2}|\s+|$)(?:[:\-/. ](\d{1,2}|\s*)(?!\d))?)"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_EARLIEST = datetime.datetime(1826, 1, 1)  # the oldest photograph that is left
# Where clocks and programs start to count: such a day means that nobody set it.
_ZERO_DAYS = {
    datetime.date(1899, 12, 30),
    datetime.date(1900, 1, 1),
    datetime.date(1904, 1, 1),
    datetime.date(1970, 1, 1),
}
_ZERO_MOMENT = datetime.datetime(1980, 1, 1)
_FIRST_CAMERA_CLOCKS = 1990  # before that, a person wrote the date into the file
_NEW_YEAR_HOURS = (0, 12)
_QUARTER_HOUR = datetime.timedelta(minutes=15)
_CLOCK_SLACK = datetime.timedelta(minutes=2)


def plausible(local: datetime.datetime, precision: Precision = "second") -> bool:
    """Whether a photo can have been taken then: not before photography, not in the future, and
    not where clocks begin to count."""
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    if not _EARLIEST <= local <= tomorrow:
        return False
    if precision in ("year", "month"):
        return True
    return local.date() not in _ZERO_DAYS and (precision == "day" or local != _ZERO_MOMENT)


def never_set(local: datetime.datetime) -> bool:
    """Whether a camera's clock may show this because nobody has set it since its battery ran out.

    Such clocks begin at the first midnight or noon of a year (of the model's, mostly), and photos
    are taken within the hour. A photo of a New Year's night looks alike.
    """
    return (
        local.year >= _FIRST_CAMERA_CLOCKS
        and (local.month, local.day) == (1, 1)
        and local.hour in _NEW_YEAR_HOURS
    )


def parse_date(text: str, source: str) -> TakenAt | None:
    """EXIF ("2019:03:01 12:00:00"), ISO 8601 and XMP dates, as exactly as they are known.

    None for what is no date, or cannot be one of a photo. A month, day or time that is missing,
    zero, blank or cannot be leaves what stands before it: "1978:07:00 00:00:00" is July 1978, and
    so is "1978:07:35 10:00:00". A date with "Z" is universal.
    """
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    local, precision = _known_date(_number(year), _number(month), _number(day))
    if local is None:
        return None
    if precision == "day" and hour is not None:
        seconds = _number(second) if _number(second) < 60 else 0
        try:
            time = datetime.time(int(hour), int(minute), seconds, _microseconds(fraction))
        except ValueError:
            pass
        else:
            local, precision = datetime.datetime.combine(local, time), "second"
    if not plausible(local, precision):
        return None
    if precision != "second":
        return TakenAt(local, None, source, precision)
    return TakenAt(local, parse_offset(zone), source, universal=zone == "Z")


def _known_date(year: int, month: int, day: int) -> tuple[datetime.datetime | None, Precision]:
    """The longest beginning of a date that can be."""
    try:
        return datetime.datetime(year, month, day), "day"
    except ValueError:
        pass
    if year < 1:
        return None, "year"
    if 1 <= month <= 12:
        return datetime.datetime(year, month, 1), "month"
    return datetime.datetime(year, 1, 1), "year"


def _number(text: str | None) -> int:
    return int(text) if text and text.strip() else 0


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def parse_offset(text: str | None) -> int | None:
    """ "+02:00", "-0330" or "Z" as minutes; None for anything else."""
    if text is None:
        return None
    if text.strip() == "Z":
        return 0
    match = re.fullmatch(r"\s*([+-])(\d{2}):?(\d{2})[\s\0]*", text)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 else None


def from_epoch(seconds: float, source: str) -> TakenAt | None:
    """Seconds since 1970, which are universal time."""
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(tzinfo=None)
    except (OverflowError, OSError, ValueError):
        return None
    return TakenAt(moment, 0, source, universal=True) if plausible(moment) else None


def zone_between(local: datetime.datetime, universal: datetime.datetime) -> int | None:
    """The offset of a zone in minutes, where two clocks differ by what a zone can be."""
    difference = local - universal
    minutes = round(difference / _QUARTER_HOUR) * 15
    if abs(difference - datetime.timedelta(minutes=minutes)) > _CLOCK_SLACK:
        return None
    known = minutes % 30 == 0 or minutes in (345, 525, 765)
    return minutes if known and -12 * 60 <= minutes <= 14 * 60 else None
