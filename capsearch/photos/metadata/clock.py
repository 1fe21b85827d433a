"""Dates as cameras and programs write them, and which of them cannot be true."""

import datetime
import re

_EXIF = re.compile(
    r"\s*(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})"
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


def plausible(local: datetime.datetime) -> bool:
    """Whether a photo can have been taken then: not before photography, not in the future."""
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    set_by_someone = local.date() not in _ZERO_DAYS and local != _ZERO_MOMENT
    return set_by_someone and _EARLIEST <= local <= tomorrow


def parse_date(text: str) -> tuple[datetime.datetime, int | None] | None:
    """EXIF ("2019:03:01 12:00:00"), ISO 8601 and XMP dates as naive local time and UTC offset.

    The offset is in minutes, None where the text has none. None for what is no date, or cannot
    be one of a photo. A date without a time is taken as its noon.
    """
    match = _EXIF.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        local = datetime.datetime(
            int(year), int(month), int(day),
            12 if hour is None else int(hour), int(minute or 0), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")),
        )  # fmt: skip
    except ValueError:
        return None
    return (local, parse_offset(zone)) if plausible(local) else None


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


def local_from_epoch(seconds: float) -> tuple[datetime.datetime, int] | None:
    """Seconds since 1970 by this machine's clock, with its offset then: the best guess there is."""
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC).astimezone()
    except (OverflowError, OSError, ValueError):
        return None
    offset = moment.utcoffset()
    local = moment.replace(tzinfo=None)
    return (local, int(offset.total_seconds() // 60) if offset else 0) if plausible(local) else None
