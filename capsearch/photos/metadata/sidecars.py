"""Files beside a photo that speak of it: XMP, Google Takeout's JSON, Picasa's ini."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from capsearch.photos.metadata.clock import local_from_epoch
from capsearch.photos.metadata.model import Person, PhotoMetadata, TakenAt
from capsearch.photos.metadata.picasa import read_picasa
from capsearch.photos.metadata.place import position
from capsearch.photos.metadata.xmp import read_xmp

_SIDECAR_ENDINGS = (".xmp", ".json", "picasa.ini")
_MAX_SIDECAR_BYTES = 16 << 20
_TAKEOUT_NAME_LENGTH = 46
_PICASA_NAMES = (".picasa.ini", "picasa.ini")
_NUMBERED = re.compile(r"(.*)(\(\d+\))(\.\w+)")


def read_sidecars(
    path: str, *, orientation: int, size: tuple[int, int] | None
) -> list[PhotoMetadata]:
    """What the sidecars of the photo at `path` say, the most trusted first."""
    folder, name = Path(path).parent, Path(path).name
    there = _names_in(folder)
    found = []
    for candidate in _present(_xmp_names(name), there):
        packet = _bytes_of(folder / candidate)
        found.append(read_xmp(packet, "sidecar", orientation=orientation, size=size))
    for candidate in _present(_takeout_names(name), there):
        found.append(_read_takeout(_bytes_of(folder / candidate)))
    for candidate in _present(_PICASA_NAMES, there):
        ini = folder / candidate
        found.append(read_picasa(ini, ini.stat().st_mtime_ns, name))
    return found


def _names_in(folder: Path) -> dict[str, str]:
    """Names in a folder, by their lower-case form: one listing a folder, not five tries a photo."""
    try:
        return _listing(folder, folder.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=16)
def _listing(folder: Path, mtime_ns: int) -> dict[str, str]:
    names = (file.name for file in folder.iterdir())
    return {name.lower(): name for name in names if name.lower().endswith(_SIDECAR_ENDINGS)}


def _present(names: Iterator[str] | tuple[str, ...], there: dict[str, str]) -> Iterator[str]:
    if there:
        found = (there.get(name.lower()) for name in names)
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


def _read_takeout(data: bytes) -> PhotoMetadata:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return PhotoMetadata()
    if not isinstance(said, dict) or "photoTakenTime" not in said:
        return PhotoMetadata()
    seconds, place = said["photoTakenTime"], said.get("geoData")
    moment = local_from_epoch(_number(seconds, "timestamp") or 0)
    latitude, longitude = position(_number(place, "latitude"), _number(place, "longitude"))
    people = said.get("people")
    names = [str(_field(person, "name") or "").strip() for person in people or ()]
    return PhotoMetadata(
        taken=TakenAt(*moment, "sidecar") if moment else None,
        latitude=latitude,
        longitude=longitude,
        people=tuple(Person(name, "sidecar") for name in names if name),
    )


def _field(value: object, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _number(value: object, key: str) -> float | None:
    try:
        return float(_field(value, key))
    except (TypeError, ValueError):
        return None
