"""Picasa's .picasa.ini beside the photos: faces, contacts, keywords, captions, stars."""

import re
from functools import lru_cache
from pathlib import Path

from capsearch.photos import naming
from capsearch.photos.metadata.captions import titled
from capsearch.photos.metadata.model import Box, Person, PhotoMetadata

_FACE = re.compile(r"rect64\(([0-9a-fA-F]{1,16})\),([0-9a-fA-F]+)")
_UNKNOWN_CONTACT = "ffffffffffffffff"

Sections = dict[str, dict[str, str]]


def read_picasa(ini: Path, mtime_ns: int, photo_name: str) -> PhotoMetadata:
    """What the file `ini` says of the photo; `mtime_ns` tells when to read it anew."""
    sections = _sections(ini, mtime_ns)
    entry = sections.get(naming.key(photo_name), {})
    contacts = {**sections.get("contacts", {}), **sections.get("contacts2", {})}
    people = []
    for rectangle, contact in _FACE.findall(entry.get("faces", "")):
        name = re.split(r"[;,]", contacts.get(contact.lower(), ""))[0].strip()
        if name and contact.lower() != _UNKNOWN_CONTACT:
            people.append(Person(name, "picasa", _box(rectangle)))
    keywords = tuple(entry.get("keywords", "").split(","))
    _, texts = titled((), [entry.get("caption", "")])
    starred = entry.get("star", "").lower() == "yes"
    return PhotoMetadata(keywords=keywords, people=tuple(people), texts=texts, favourite=starred)


@lru_cache(maxsize=64)
def _sections(ini: Path, mtime_ns: int) -> Sections:
    sections: Sections = {}
    current: dict[str, str] = {}
    for line in ini.read_text("utf-8", "replace").splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            current = sections.setdefault(naming.key(stripped[1:-1]), {})
        else:
            key, equals, value = stripped.partition("=")
            if equals:
                current[key.strip().lower()] = value.strip()
    return sections


def _box(rectangle: str) -> Box | None:
    """64 bits: left, top, right, bottom, each of 65,535; leading zeros are left out."""
    digits = rectangle.rjust(16, "0")
    left, top, right, bottom = (int(digits[at : at + 4], 16) / 65535 for at in (0, 4, 8, 12))
    if right <= left or bottom <= top:
        return None
    return round(left, 6), round(top, 6), round(right - left, 6), round(bottom - top, 6)
