"""Files beside a photo that speak of it: XMP, Google Takeout's JSON, Picasa's ini."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from capsearch.photos.cloud import is_only_in_the_cloud
from capsearch.photos.metadata.captions import titled
from capsearch.photos.metadata.clock import from_epoch
from capsearch.photos.metadata.model import Person, PhotoMetadata, Said
from capsearch.photos.metadata.numbers import number
from capsearch.photos.metadata.picasa import read_picasa
from capsearch.photos.metadata.place import position
from capsearch.photos.metadata.xmp import read_xmp
from capsearch.photos.naming import key, origins

_SIDECAR_ENDINGS = (".xmp", ".json", "picasa.ini")
_MAX_SIDECAR_BYTES = 16 << 20
_TAKEOUT_NAME_LENGTH = 46
_PICASA_NAMES = (".picasa.ini", "picasa.ini")
_NUMBERED = re.compile(r"(.*)(\(\d+\))(\.\w+)")
_WORD_BEHIND = re.compile(r"(.+)-[^\W\d_]+(?: [^\W\d_]+)*(\(\d+\))?")
# What an edited or exported file's original may end with.
_ORIGINAL_ENDINGS = (".jpg", ".jpeg", ".heic", ".heif", ".png", ".dng", ".cr2", ".nef", ".arw")


def is_sidecar_name(name: str) -> bool:
    """Whether a file of this name may speak of a photo beside it."""
    return name.lower().endswith(_SIDECAR_ENDINGS)


def sidecars_among(names: Sequence[str], there: Mapping[str, str]) -> tuple[str, ...]:
    """The sidecars of the photo with these names (its own, then its companions', then those of the
    originals that they were made of) among those `there` in its folder (by `naming.key`), the most
    trusted first."""
    if not there:
        return ()
    originals = (each for name in names for each in _originals(name, there))
    family = tuple(dict.fromkeys((*names, *originals)))
    xmp = (each for name in family for each in _xmp_names(name))
    takeout = (each for name in family for each in _takeout_names(name))
    return tuple(_present((*xmp, *takeout, *_PICASA_NAMES), there))


def takeout_original(name: str, there: Mapping[str, str]) -> str | None:
    """The name of which Google's export has said something, where it has said nothing of `name`,
    which is an edited version of it, whatever the language calls that; as `key` makes it."""
    stem, ending = os.path.splitext(key(name))  # noqa: PTH122 - any bytes
    word = _WORD_BEHIND.fullmatch(stem)
    if word is None or _has_takeout(name, there):
        return None
    before = word[1] + (word[2] or "")
    named = (before + each for each in dict.fromkeys((ending, *_ORIGINAL_ENDINGS)))
    return next((each for each in named if _has_takeout(each, there)), None)


def _has_takeout(name: str, there: Mapping[str, str]) -> bool:
    return any(key(each) in there for each in _takeout_names(name))


def _originals(name: str, there: Mapping[str, str]) -> Iterator[str]:
    """Names that the originals of a file may have, with its own ending and with others."""
    stem, ending = os.path.splitext(key(name))  # noqa: PTH122 - any bytes
    pending = [stem]
    for known in pending:  # one may be made of another
        for origin in origins(known):
            if origin.stem not in pending:
                pending.append(origin.stem)
                yield from (origin.stem + each for each in (ending, *_ORIGINAL_ENDINGS))
    edited = takeout_original(name, there) if "-" in stem else None
    if edited is not None:
        yield edited


def read_sidecars(
    path: str,
    *,
    orientation: int,
    size: tuple[int, int] | None,
    companions: Sequence[str] = (),
) -> list[Said]:
    """What the sidecars of the photo at `path`, and of its `companions` (names in the same
    folder), say, the most trusted first. One that cannot be read, or is only in the cloud, says
    nothing."""
    folder, name = Path(path).parent, Path(path).name
    found = []
    for sidecar in sidecars_among((name, *companions), _names_in(folder)):
        file = folder / sidecar
        if is_only_in_the_cloud(os.fspath(file)):
            continue
        with suppress(OSError):
            if sidecar.lower().endswith(".xmp"):
                said = read_xmp(_bytes_of(file), "sidecar", orientation=orientation, size=size)
            elif sidecar.lower().endswith(".json"):
                said = _read_takeout(_bytes_of(file))
            else:
                said = Said(read_picasa(file, file.stat().st_mtime_ns, name))
            found.append(said)
    return found


def _names_in(folder: Path) -> dict[str, str]:
    """Names in a folder, by their `key`: one listing a folder, not five tries a photo."""
    try:
        return _listing(folder, folder.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=16)
def _listing(folder: Path, mtime_ns: int) -> dict[str, str]:
    names = (file.name for file in folder.iterdir())
    return {key(name): name for name in names if is_sidecar_name(name)}


def _present(names: Sequence[str], there: Mapping[str, str]) -> Iterator[str]:
    if there:
        found = (there.get(key(name)) for name in names)
        yield from dict.fromkeys(name for name in found if name is not None)


def _xmp_names(name: str) -> Iterator[str]:
    yield f"{name}.xmp"
    yield f"{Path(name).stem}.xmp"


def _takeout_names(name: str) -> Iterator[str]:
    """Takeout cuts the whole name to 46 characters and moves a copy's number to the end."""
    numbered = _NUMBERED.fullmatch(name)
    bare, number = (numbered[1] + numbered[3], numbered[2]) if numbered else (name, "")
    for ending in ("", ".supplemental-metadata"):
        yield f"{(bare + ending)[:_TAKEOUT_NAME_LENGTH]}{number}.json"


def _bytes_of(file: Path) -> bytes:
    return file.read_bytes() if file.stat().st_size <= _MAX_SIDECAR_BYTES else b""


def _read_takeout(data: bytes) -> Said:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return Said()
    if not isinstance(said, dict) or "photoTakenTime" not in said:
        return Said()
    seconds, place = said["photoTakenTime"], said.get("geoData")
    taken = from_epoch(number(_field(seconds, "timestamp")) or 0, "takeout")
    latitude, longitude = position(
        number(_field(place, "latitude")), number(_field(place, "longitude"))
    )
    people = said.get("people")
    names = [str(_field(person, "name") or "").strip() for person in people or ()]
    # Its `title` is the name of the file.
    _, texts = titled((), [str(said.get("description") or "")])
    metadata = PhotoMetadata(
        latitude=latitude,
        longitude=longitude,
        people=tuple(Person(name, "sidecar") for name in names if name),
        texts=texts,
        favourite=said.get("favorited") is True,
    )
    return Said(metadata, (taken,) if taken else ())


def _field(value: object, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None
