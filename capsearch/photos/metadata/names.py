"""Dates in file names, as phones, messengers and screenshot tools write them."""

import re

from capsearch.photos.metadata.clock import local_from_epoch, parse_date
from capsearch.photos.metadata.model import TakenAt

_DATE = r"(?<!\d)((?:19|20)\d\d)([-_. ]?)([01]\d)\2([0-3]\d)"
_TIME = r"(?:[T_\-. ]+(?:at |um |à )?|)([0-2]?\d)([-_.:h]?)([0-5]\d)\6([0-5]\d)"
_DATE_AND_TIME = re.compile(_DATE + _TIME + r"(\d{3})?(?!\d)\s*([AaPp][Mm])?")
_DATE_ONLY = re.compile(_DATE + r"(?!\d)")
_EPOCH_MILLISECONDS = re.compile(r"(?<!\d)(1[0-9]\d{11})(?!\d)")


def taken_from_name(name: str) -> TakenAt | None:
    """The date in a file name; None where there is none that could be a photo's."""
    return _date_and_time(name) or _date_only(name) or _epoch(name)


def _date_and_time(name: str) -> TakenAt | None:
    match = _DATE_AND_TIME.search(name)
    if match is None:
        return None
    year, _, month, day, hour, _, minute, second, _, half = match.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    parsed = parse_date(f"{year}-{month}-{day}T{hours:02}:{minute}:{second}")
    if parsed is None:
        return None
    # Google's camera names its files by universal time.
    return TakenAt(parsed[0], 0 if name.startswith("PXL_") else None, "name")


def _date_only(name: str) -> TakenAt | None:
    for match in _DATE_ONLY.finditer(name):
        parsed = parse_date(f"{match[1]}-{match[3]}-{match[4]}")
        if parsed is not None:
            return TakenAt(*parsed, "name")
    return None


def _epoch(name: str) -> TakenAt | None:
    match = _EPOCH_MILLISECONDS.search(name)
    moment = local_from_epoch(int(match[1]) / 1000) if match else None
    return TakenAt(*moment, "name") if moment else None
