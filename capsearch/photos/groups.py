"""Files of one folder that belong together: a photo, its companions, its sidecars.

A raw file beside a JPEG or HEIC of the same name, the video of a Live Photo, the original of an
edited photo and the parts of one shot go with the photo that is shown: they are one picture to the
person who took it.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from capsearch.photos.formats import LIVE_EXTENSIONS, RAW_EXTENSIONS, extension_of, is_photo_name
from capsearch.photos.metadata.sidecars import is_sidecar_name, sidecars_among, takeout_original
from capsearch.photos.naming import is_original, key, origins

# The best picture first: what leads where several could.
_LEADING = (".jpg", ".jpeg", ".jpe", ".heic", ".heif", ".hif")
_FOLLOWING = RAW_EXTENSIONS | LIVE_EXTENSIONS

Stems = Mapping[str, list[str]]
"""The names of a folder's files, by the `key` of their stems."""


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
            sidecars[key(name)] = name
        else:
            stems[key(os.path.splitext(name)[0])].append(name)  # noqa: PTH122 - any bytes
    shots: defaultdict[str, list[str]] = defaultdict(list)
    for stem in stems:
        shots[_shot(stem, stems, sidecars)].append(stem)
    for shot, versions in shots.items():
        alike = [name for stem in versions for name in stems[stem]]
        leader, followers = _led(shot, versions, stems, unusable)
        for name in alike:
            if name in followers or not is_photo_name(name):
                continue
            companions = followers if name == leader else ()
            beside = sidecars_among((name, *companions), sidecars) if sidecars else ()
            yield PhotoGroup(name, companions, beside)


def _shot(stem: str, stems: Stems, sidecars: Mapping[str, str]) -> str:
    """The stem of the original that the files of this stem are a version of; their own, if none."""
    for origin in origins(stem):
        if origin.making == "cover" or (
            origin.making == "edited" and _has_photo(origin.stem, stems)
        ):
            return _shot(origin.stem, stems, sidecars)
    for name in stems.get(stem, ()) if sidecars and "-" in stem else ():
        original = takeout_original(name, sidecars)
        if original is not None:
            known = os.path.splitext(original)[0]  # noqa: PTH122 - any bytes
            if _has_photo(known, stems):
                return _shot(known, stems, sidecars)
    return stem


def _has_photo(stem: str, stems: Stems) -> bool:
    return any(is_photo_name(name) for name in stems.get(stem, ()))


def _led(
    shot: str, versions: list[str], stems: Stems, unusable: Collection[str]
) -> tuple[str | None, tuple[str, ...]]:
    """The photo that is shown of these versions of a shot, and those that go with it."""
    if len(versions) == 1 and len(stems[versions[0]]) == 1:
        return None, ()
    for stem in sorted(versions, key=lambda stem: _rank(stem, shot)):
        able = [name for name in stems[stem] if _can_lead(name, versions) and name not in unusable]
        if able:
            leader = min(able, key=_by_kind)
            return leader, tuple(_following(leader, stem, versions, stems, unusable))
    return None, ()


def _rank(stem: str, shot: str) -> tuple[int, tuple[int, ...]]:
    """What was edited last first, then what the camera shows, the original last."""
    newest = tuple(-ord(sign) for sign in stem)
    if is_original(stem):
        return 3, newest
    if stem == shot:
        return 2, newest
    making = next(origins(stem), None)
    return (1 if making is not None and making.making == "cover" else 0), newest


def _can_lead(name: str, versions: list[str]) -> bool:
    extension = extension_of(name)
    if len(versions) == 1:
        return extension in _LEADING
    return is_photo_name(name) and extension not in _FOLLOWING


def _by_kind(name: str) -> tuple[int, str]:
    extension = extension_of(name)
    return (_LEADING.index(extension) if extension in _LEADING else len(_LEADING)), name


def _following(
    leader: str, own: str, versions: list[str], stems: Stems, unusable: Collection[str]
) -> Iterator[str]:
    """Raw files and videos; of each other version the photo most like the leader."""
    for stem in versions:
        pictures = [
            name
            for name in stems[stem]
            if is_photo_name(name) and extension_of(name) not in _FOLLOWING and name not in unusable
        ]
        alike = [name for name in pictures if extension_of(name) == extension_of(leader)]
        picture = min(alike or pictures, key=_by_kind, default=None)
        for name in stems[stem]:
            if extension_of(name) in _FOLLOWING or (stem != own and name == picture):
                yield name
