"""Words for kinds of photos and for ratings, English and German."""

import re
from dataclasses import dataclass
from typing import Literal

_KINDS: dict[str, str] = {
    word: kind
    for kind, words in {
        "video": "videos|live photos|live photo|motion photos|motion photo|live-fotos",
        "screenshot": "screenshot|screenshots|screen shots|bildschirmfoto|bildschirmfotos",
        "raw": "raw|raws|raw photos|raw files|raw-fotos|raw fotos|rohdateien",
        "copies": "near copies|near duplicates|near-duplicates|duplicates|duplicate photos"
        "|duplikate|doppelte fotos|doppelte bilder|fast gleiche fotos",
        "favourite": "favourites|favorites|favourite photos|favorite photos|favourite pictures"
        "|favorite pictures|favoriten|lieblingsfotos|lieblingsbilder",
    }.items()
    for word in words.split("|")
}
_FORMATS: dict[str, tuple[str, ...]] = {
    "jpeg": ("JPEG",),
    "jpegs": ("JPEG",),
    "jpg": ("JPEG",),
    "jpgs": ("JPEG",),
    "png": ("PNG",),
    "pngs": ("PNG",),
    "gif": ("GIF",),
    "gifs": ("GIF",),
    "heic": ("HEIF",),
    "heif": ("HEIF",),
    "avif": ("AVIF",),
    "webp": ("WEBP",),
    "tiff": ("TIFF",),
    "tiffs": ("TIFF",),
    "jxl": ("JXL",),
    "bmp": ("BMP",),
    "mp4": ("MP4",),
    "mov": ("MOV",),
    "avi": ("AVI",),
    "mkv": ("MKV",),
}
"""Names that people type, and those of `capsearch.photos.formats`."""

_WORDS = sorted((*_KINDS, *_FORMATS), key=len, reverse=True)
_KIND = re.compile(
    "(" + "|".join(re.escape(word) for word in _WORDS) + r")(?![\w-])", re.IGNORECASE
)
_STARS = re.compile(
    r"(?:rated\s+|rating\s+|with\s+|mit\s+)?(?:at least\s+|mindestens\s+)?"
    r"(?:([1-5])\s*\+?[\s-]*(?:or more\s+|oder mehr\s+)?(?:stars?|sterne?n?)\+?|(★{1,5}))(?!\w)",
    re.IGNORECASE,
)
_RATED = re.compile(r"(?:rated|rating|bewertung|bewertet mit)\s*[:>=]*\s*([1-5])(?!\w)", re.I)


@dataclass(frozen=True)
class KindReading:
    """A kind, format or rating: what it asks (as in `Condition`) and where it ends."""

    end: int
    field: Literal["kind", "format", "rating"]
    values: tuple[str, ...]


def read_kind(text: str, at: int) -> KindReading | None:
    """Read the kind or rating that is named at this place of `text`; None for none."""
    stars = _STARS.match(text, at) or _RATED.match(text, at)
    if stars is not None:
        digits = stars[1] or str(len(stars[2]))
        return KindReading(stars.end(), "rating", (digits,))
    word = _KIND.match(text, at)
    return None if word is None else KindReading(word.end(), *kind_of(word[1]))


def kind_of(word: str) -> tuple[Literal["kind", "format"], tuple[str, ...]]:
    """What a word for a kind or format asks.

    Raises:
        KeyError: it is none.
    """
    lowered = word.lower()
    if lowered in _FORMATS:
        return "format", _FORMATS[lowered]
    return "kind", (_KINDS.get(lowered) or _KINDS[lowered + "s"],)
