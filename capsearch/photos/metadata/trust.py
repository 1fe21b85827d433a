"""Which of several dates to believe: one order, for one file and for copies of it alike.

A date is ordered by what it means, not by where it stands: first when the picture was made, those
that a person may have corrected before those that only a machine wrote; then what is but near it.
"""

from collections.abc import Iterable
from dataclasses import replace

from capsearch.photos.metadata.clock import zone_between
from capsearch.photos.metadata.model import Precision, TakenAt

ORDER = (
    "sidecar",  # the original's date in an XMP file beside the photo: a program's, for a person
    "xmp",  # the same inside the photo; cameras write EXIF, programs bring both up to date
    "iptc",  # the same by older programs; no camera writes it
    "takeout",  # Google's, with what was corrected there; universal time
    "exif",  # the original's date by the camera's clock, or by a scanner that does not know better
    "named",  # in a name that a person gave: scans are called "July 1963", "1978-07-04 Grandma"
    "digitized",  # when a scanner made the file, from any of these places
    "satellites",  # when a position was fixed, which may have been long before; universal time
    "name",  # a phone's or messenger's; the day of sending as often as that of the shot
    "unset",  # of a clock that nobody had set, or a New Year's night
    "changed",  # when a program last wrote the file
)
OF_THE_PICTURE = frozenset({"sidecar", "xmp", "iptc", "exif"})
"""Sources whose date a copy, an edit or an export of a photo keeps, or has none of."""
_LAST = "file"  # of this copy: the day of download, or of unpacking a backup
_RANKS = {source: rank for rank, source in enumerate(ORDER)}
_UNKNOWN = len(ORDER)
# These may say the same moment as another one, more exactly.
_OF_THE_SHOT = frozenset({"sidecar", "xmp", "iptc", "takeout", "exif", "named", "name"})
_EXACTNESS: dict[Precision, int] = {"year": 0, "month": 1, "day": 2, "second": 3}


def distrust(taken: TakenAt) -> int:
    """How little a date is to be trusted by its source: of two, the smaller number is believed.

    A source that this version does not know (of a newer one) comes before the file's time alone.
    """
    return distrust_source(taken.source)


def distrust_source(source: str | None) -> int:
    """The same for the name of a source; None, that there is no date, comes last of all."""
    if source is None:
        return _UNKNOWN + 2
    return _UNKNOWN + 1 if source == _LAST else _RANKS.get(source, _UNKNOWN)


def believed(dates: Iterable[TakenAt | None]) -> TakenAt | None:
    """The most trusted date, the first of those alike, made as exact as others say it.

    A date that only repeats what a clock showed that was never set is trusted no more than that
    clock. What a person knows to the day, the camera knows to the second, where it is that day;
    what is known in universal time, it knows in local time, where a zone lies between the two.
    """
    known = [taken for taken in dates if taken is not None]
    unset = [taken for taken in known if taken.source == "unset"]
    known = [_as_unset(taken, unset) for taken in known]
    known.sort(key=distrust)
    if not known:
        return None
    best = known[0]
    for other in known[1:]:
        if _may_add(other, best):
            best = _more_exact(best, other)
    return best


def _as_unset(taken: TakenAt, unset: Iterable[TakenAt]) -> TakenAt:
    for other in unset:
        if (
            zone_between(other.local, taken.local) is not None
            if taken.universal
            else _same_second(taken, other)
        ):
            return replace(taken, source="unset")
    return taken


def _may_add(other: TakenAt, best: TakenAt) -> bool:
    if other.source == "satellites":
        return best.source in _OF_THE_SHOT or best.source == "digitized"
    if best.source == "unset":
        return other.source == "unset"
    return best.source in _OF_THE_SHOT and other.source in _OF_THE_SHOT


def _more_exact(best: TakenAt, other: TakenAt) -> TakenAt:
    """`best`, with what `other` adds to it, if both say the same."""
    if best.precision != "second":
        finer = _EXACTNESS[other.precision] > _EXACTNESS[best.precision]
        within = _beginning(other, best.precision) == _beginning(best, best.precision)
        if finer and within and not other.universal and other.source != "satellites":
            return replace(other, source=best.source)
        return best
    if other.precision != "second" or (best.universal and other.universal):
        return best
    if best.universal or other.universal:
        local, universal = (other, best) if best.universal else (best, other)
        return _with_zone(local, universal, best)
    if other.source == "satellites" or not _same_second(best, other):
        return best
    offset = best.utc_offset_minutes
    return replace(
        best,
        local=max(best.local, other.local),  # the one with a fraction, or with its seconds
        utc_offset_minutes=other.utc_offset_minutes if offset is None else offset,
    )


def _with_zone(local: TakenAt, universal: TakenAt, best: TakenAt) -> TakenAt:
    offset = zone_between(local.local, universal.local)
    if offset is None or local.utc_offset_minutes not in (None, offset):
        return best
    return replace(local, source=best.source, utc_offset_minutes=offset)


def _same_second(one: TakenAt, other: TakenAt) -> bool:
    """Whether both say the same, one of them perhaps without seconds."""
    if one.precision != "second" or other.precision != "second":
        return False
    a, b = (taken.local.replace(microsecond=0) for taken in (one, other))
    whole_minute = (a.second == 0 or b.second == 0) and a.replace(second=0) == b.replace(second=0)
    return a == b or whole_minute


def _beginning(taken: TakenAt, precision: Precision) -> tuple[int, ...]:
    return taken.local.timetuple()[: _EXACTNESS[precision] + 1]
