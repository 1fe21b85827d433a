"""The time zone of a place, and the local time there."""

import datetime
from dataclasses import replace
from functools import lru_cache
from zoneinfo import ZoneInfo

import tzfpy

from capsearch.photos.metadata.model import TakenAt


def localised(taken: TakenAt, latitude: float | None, longitude: float | None) -> TakenAt:
    """`taken` by the clock of the place, given in degrees: universal time is made local time.

    The zone is that of the position, else this machine's, which is the best guess there is. A
    local time without an offset gets that of the position's zone; without a position it stays.
    """
    if taken.precision != "second":
        return replace(taken, universal=False)
    zone = _zone_at(latitude, longitude) if latitude is not None and longitude is not None else None
    try:
        if taken.universal:
            moment = taken.local.replace(tzinfo=datetime.UTC).astimezone(zone)
            local = moment.replace(tzinfo=None)
            return replace(taken, local=local, utc_offset_minutes=_minutes(moment), universal=False)
        if taken.utc_offset_minutes is None and zone is not None:
            return replace(taken, utc_offset_minutes=_minutes(taken.local.replace(tzinfo=zone)))
    except (OverflowError, OSError, ValueError):
        return replace(taken, universal=False)
    return taken


@lru_cache(maxsize=64)
def _zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):  # newer than this machine's table of zones, or none
        return None


def _zone_at(latitude: float, longitude: float) -> ZoneInfo | None:
    return _zone_named(tzfpy.get_tz(longitude, latitude))


def _minutes(moment: datetime.datetime) -> int | None:
    """The offset; None where it is no whole minute (local mean time, before zones were made)."""
    offset = moment.utcoffset()
    if offset is None or offset % datetime.timedelta(minutes=1):
        return None
    return int(offset / datetime.timedelta(minutes=1))
