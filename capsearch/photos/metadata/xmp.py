"""XMP: the packet in a photo or in the sidecar beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from capsearch.photos.metadata.camera import camera_name
from capsearch.photos.metadata.captions import titled
from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.exif import stars_of_percent
from capsearch.photos.metadata.model import Person, PhotoMetadata, Said, TakenAt
from capsearch.photos.metadata.numbers import degrees, number
from capsearch.photos.metadata.place import position
from capsearch.photos.metadata.rdf import Description, parse_packet
from capsearch.photos.metadata.regions import regions
from capsearch.photos.metadata.screenshots import says_screenshot
from capsearch.text import folded

# How programs in the commonest languages call the tags that hold people, and places; folded.
_PEOPLE_GROUPS = frozenset(
    {
        "people", "persons", "person", "faces", "personen", "menschen", "leute", "gesichter",
        "personnes", "visages", "personas", "gente", "caras", "persone", "volti", "mensen",
        "gezichten", "pessoas", "rostos", "osoby", "ludzie", "twarze", "personer", "manniskor",
        "ansikten", "люди", "лица", "人物",
    }
)  # fmt: skip
_PLACE_GROUPS = frozenset(
    {
        "places", "place", "location", "locations", "geo", "orte", "ort", "lieux", "lugares",
        "luoghi", "plaatsen", "locais", "miejsca", "platser", "steder", "места", "地点", "場所",
    }
)  # fmt: skip
_TITLES = ("dc:title", "photoshop:Headline")
_TEXTS = ("dc:description", "tiff:ImageDescription", "exif:UserComment")
_PLACES = ("Iptc4xmpCore:Location", "photoshop:City", "photoshop:State", "photoshop:Country")
_PLACE_STRUCTS = ("Iptc4xmpExt:LocationShown", "Iptc4xmpExt:LocationCreated")
_PLACE_PARTS = (
    "Iptc4xmpExt:Sublocation",
    "Iptc4xmpExt:City",
    "Iptc4xmpExt:ProvinceState",
    "Iptc4xmpExt:CountryName",
)
# The first of the originals is the one that the Metadata Working Group (2010) has programs keep.
_DATES = (
    ("photoshop:DateCreated", ""),
    ("exif:DateTimeOriginal", ""),
    ("xmp:CreateDate", "digitized"),
    ("exif:DateTimeDigitized", "digitized"),
    ("exif:GPSTimeStamp", "satellites"),
    ("exif:GPSDateTime", "satellites"),
    ("xmp:ModifyDate", "changed"),
    ("tiff:DateTime", "changed"),
)
_LONGEST_ANGLE = 100  # characters
_HIERARCHIES = (("digiKam:TagsList", "/"), ("lr:hierarchicalSubject", "|"))


def read_xmp(
    packet: bytes,
    source: str,
    *,
    orientation: int = 1,
    size: tuple[int, int] | None = None,
) -> Said:
    """What a packet says; nothing for one that cannot be parsed.

    `source` is "xmp" or "sidecar". `orientation` and `size` (as stored) are the photo's: face
    regions are given relative to the photo as stored, and are turned upright here.
    """
    found = parse_packet(packet)
    if found is None:
        return Said()
    latitude, longitude = position(
        _degrees(found.text("exif:GPSLatitude"), "S"),
        _degrees(found.text("exif:GPSLongitude"), "W"),
    )
    faces, pets = regions(found, source, orientation, size)
    paths = [tag.split(mark) for name, mark in _HIERARCHIES for tag in found.items(name)]
    named = found.items("Iptc4xmpExt:PersonInImage")
    named += [path[-1] for path in paths if _is_person(path)]
    title, texts = titled(
        *([text for name in names for text in found.items(name)] for names in (_TITLES, _TEXTS))
    )
    software = [found.text("xmp:CreatorTool")]
    metadata = PhotoMetadata(
        latitude=latitude,
        longitude=longitude,
        camera=camera_name(found.text("tiff:Make"), found.text("tiff:Model")),
        rating=_rating(found),
        keywords=(*found.items("dc:subject"), *_words_of(paths), *pets),
        people=(*faces, *(Person(name, source) for name in named)),
        title=title,
        texts=texts,
        place_names=tuple(_places(found, paths)),
        screenshot=says_screenshot(found.items("exif:UserComment"), software),
        motion="1" in (found.text("GCamera:MotionPhoto"), found.text("GCamera:MicroVideo")),
    )
    return Said(metadata, tuple(_dates(found, source)))


def _places(found: Description, paths: Iterable[list[str]]) -> Iterator[str]:
    for name in _PLACES:
        yield from found.items(name)
    for struct in (each for name in _PLACE_STRUCTS for each in found.structs(name)):
        for part in _PLACE_PARTS:
            yield from struct.items(part)
    for path in paths:
        if len(path) > 1 and folded(path[0]) in _PLACE_GROUPS:
            yield from path[1:]


def _is_person(path: list[str]) -> bool:
    return len(path) > 1 and folded(path[0]) in _PEOPLE_GROUPS


def _words_of(paths: Iterable[list[str]]) -> list[str]:
    """Every level of a hierarchical tag is a word to find the photo by, but the group of people."""
    return [word for path in paths if not _is_person(path) for word in path]


def _dates(found: Description, source: str) -> Iterator[TakenAt]:
    for name, meaning in _DATES:
        taken = parse_date(found.text(name), meaning or source)
        if taken is not None:
            universal = taken.universal or meaning == "satellites"
            yield replace(taken, universal=universal and taken.precision == "second")


def _rating(found: Description) -> int | None:
    stars = number(found.text("xmp:Rating"))
    if stars is not None and (stars == -1 or 1 <= stars <= 5):
        return round(stars)
    percent = number(found.text("MicrosoftPhoto:Rating"))
    return stars_of_percent(percent) if percent is not None else None


def _degrees(text: str, negative: str) -> float | None:
    """ "37,52.2656N", "37,52,15.9N" or plain degrees."""
    match = re.fullmatch(r"\s*([-+]?[\d.,/ ]+?)\s*([NSEWnsew]?)\s*", text[:_LONGEST_ANGLE])
    if match is None or len(text) > _LONGEST_ANGLE:
        return None
    angle = degrees([number(part) for part in match[1].split(",")])
    return -angle if angle is not None and match[2].upper() == negative else angle
