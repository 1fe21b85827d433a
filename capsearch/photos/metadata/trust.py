"""Which of several dates to believe: one order, for one file and for copies of it alike."""

from capsearch.photos.metadata.model import TakenAt

_ORDER = (
    "exif",  # the camera wrote it when it took the photo, or a scanner when it made one
    "xmp",  # a program took it over from the camera, or a person set it
    "iptc",  # the same by older programs, often without a time
    "sidecar",  # beside the photo, so it may have been made for another version of it
    "satellites",  # when a position was fixed, which may have been long before; universal time
    "name",  # a phone's or messenger's; the day of sending as often as that of the shot
    "changed",  # EXIF's date of change: of the last program that wrote the file
)
_LAST = "file"  # of this copy: the day of download, or of unpacking a backup
_RANKS = {source: rank for rank, source in enumerate(_ORDER)}
_UNKNOWN = len(_ORDER)


def distrust(taken: TakenAt) -> int:
    """How little a date is to be trusted by its source: of two, the smaller number is believed.

    A source that this version does not know (of a newer one) comes before the file's time alone.
    Libraries of older versions call "changed" and "satellites" "exif" too, and are believed.
    """
    if taken.source == _LAST:
        return _UNKNOWN + 1
    return _RANKS.get(taken.source, _UNKNOWN)
