"""What of a photo can be found by typing: its row in the full-text table, and its labels.

Both are derived, and kept for searchable photos alone.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from capsearch.catalog.records import Field
from capsearch.paths import lies_in
from capsearch.photos.formats import LIVE_EXTENSIONS, RAW_EXTENSIONS, VIDEO_EXTENSIONS, extension_of
from capsearch.photos.metadata.model import PhotoMetadata
from capsearch.photos.metadata.screenshots import is_screenshot_name
from capsearch.text import folded, nfc

# Between the texts of one column, so that no phrase reaches from one into the next: a character
# for private use, which SQLite takes for a word and nobody types.
_BORDER = " \ue000 "
# Written without spaces: each sign is a word of its own.
_SIGNS = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"\d+|[^\W\d_]*[^\W\d_A-Z](?=[A-Z])|[^\W\d_]+")

Label = tuple[Field, str, str]
"""Field, folded name, name as it is shown."""


class Words(NamedTuple):
    """A row of the full-text table, all folded."""

    title: str
    texts: str
    keywords: str
    people: str
    album: str
    name: str
    camera: str
    place: str


@dataclass(frozen=True)
class Lying:
    """One of a photo's files; a companion is its raw file or its video."""

    path: str
    companion: bool


def words_of(text: str) -> list[str]:
    """The words of a text as the full-text table has them."""
    compared = folded(text)
    return _WORD.findall(compared if compared.isascii() else _SIGNS.sub(r" \1 ", compared))


def name_text(name: str) -> str:
    """A file's name without its ending, whole and in the parts that people see in it:
    "HarvestFestival2015" has "Harvest", "Festival" and "2015"."""
    stem = os.path.splitext(name)[0]  # noqa: PTH122 - any bytes
    parts = [part for word in _WORD.findall(stem) for part in _parts(word)]
    return " ".join((stem, *parts))


def _parts(word: str) -> list[str]:
    parts = _PARTS.findall(word)
    return parts if len(parts) > 1 else []


def albums_of(path: str, roots: Sequence[str]) -> list[str]:
    """The names of the folders that hold the file at `path`, from the library's own folder (one
    of `roots`) down; of a file in none of them, the name of its folder."""
    folder, _ = os.path.split(path)
    holding = [root for root in roots if lies_in(path, root)]
    if not holding:
        return [_name(folder)]
    outermost = min(holding, key=len)
    names = [_name(outermost)]
    while lies_in(folder, outermost) and folder.rstrip(os.sep) != outermost.rstrip(os.sep):
        folder, name = os.path.split(folder)
        names.insert(1, name)
    return names


def describe(
    metadata: PhotoMetadata,
    files: Sequence[Lying],
    roots: Sequence[str],
    spellings: Sequence[str] = (),
) -> tuple[Words, frozenset[Label]]:
    """What can be found of a photo with this metadata that lies in these files; `spellings` are
    other names of its places, which are not listed."""
    own = [file.path for file in files if not file.companion]
    albums = _once(name for path in own for name in albums_of(path, roots))
    named: dict[Field, list[str]] = {
        "person": _once(person.name for person in metadata.people),
        "place": _once(metadata.place_names),
        "keyword": _once(metadata.keywords),
        "album": albums,
        "camera": _once([metadata.camera] if metadata.camera else []),
        "kind": list(_kinds(metadata, files)),
    }
    labels = {
        (field, compared): (field, compared, name)
        for field, names in named.items()
        for name in reversed(names)
        if (compared := folded(name))
    }
    words = Words(
        title=_column([metadata.title or ""]),
        texts=_column(metadata.texts),
        keywords=_column(named["keyword"]),
        people=_column(named["person"]),
        album=_column(albums),
        name=_column(_once(name_text(_name(path)) for path in own)),
        camera=_column(named["camera"]),
        place=_column(_once((*named["place"], *spellings))),
    )
    return words, frozenset(labels.values())


def _kinds(metadata: PhotoMetadata, files: Iterable[Lying]) -> Iterator[str]:
    places = [os.path.split(file.path) for file in files]
    endings = {extension_of(name) for _, name in places}
    if metadata.motion or endings & (VIDEO_EXTENSIONS | LIVE_EXTENSIONS):
        yield "video"
    if endings & RAW_EXTENSIONS:
        yield "raw"
    if metadata.favourite:
        yield "favourite"
    if metadata.screenshot or any(
        is_screenshot_name(name, _name(folder)) for folder, name in places
    ):
        yield "screenshot"


def _name(path: str) -> str:
    return os.path.split(path)[1]  # ten times as fast as a Path, and there are many


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(clean for name in names if (clean := nfc(name))))


def _column(texts: Iterable[str]) -> str:
    return _BORDER.join(filter(None, (" ".join(words_of(text)) for text in texts)))
