"""Files of one folder that belong together: a photo, its companions, its sidecars.

A raw file beside a JPEG or HEIC of the same name, and the video of a Live Photo, go with that
photo: they are one picture to the person who took it.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from capsearch.photos.formats import LIVE_EXTENSIONS, RAW_EXTENSIONS, extension_of, is_photo_name
from capsearch.photos.metadata.sidecars import is_sidecar_name, sidecars_among

# The best picture first: what leads where several could.
_LEADING = (".jpg", ".jpeg", ".jpe", ".heic", ".heif", ".hif")


@dataclass(frozen=True)
class PhotoGroup:
    """Names in one folder: the photo that is shown, and what goes with it."""

    photo: str
    companions: tuple[str, ...]
    sidecars: tuple[str, ...]


def is_beside_name(name: str) -> bool:
    """Whether a file of this name can belong to a photo without being one."""
    return extension_of(name) in LIVE_EXTENSIONS or is_sidecar_name(name)


def group_names(names: Iterable[str], unusable: Collection[str] = ()) -> Iterator[PhotoGroup]:
    """Put the names of the files of one folder together, one group for each photo.

    What is `unusable` (a JPEG that cannot be read) leads no other file.
    """
    sidecars: dict[str, str] = {}
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if is_sidecar_name(name):
            sidecars[name.lower()] = name
        else:
            stems[os.path.splitext(name)[0].lower()].append(name)  # noqa: PTH122 - any bytes
    for alike in stems.values():
        leader, followers = _led(alike, unusable)
        for name in alike:
            if name in followers or not is_photo_name(name):
                continue
            companions = followers if name == leader else ()
            beside = sidecars_among((name, *companions), sidecars) if sidecars else ()
            yield PhotoGroup(name, companions, beside)


def _led(alike: list[str], unusable: Collection[str]) -> tuple[str | None, tuple[str, ...]]:
    if len(alike) == 1:
        return None, ()
    able = [name for name in alike if extension_of(name) in _LEADING and name not in unusable]
    if not able:
        return None, ()
    leader = min(able, key=lambda name: (_LEADING.index(extension_of(name)), name))
    following = RAW_EXTENSIONS | LIVE_EXTENSIONS
    return leader, tuple(name for name in alike if extension_of(name) in following)
