"""Reader of the Instagram Influencers dataset as its authors distribute it.

Kim et al., Multimodal Post Attentive Profiling for Influencer Marketing, WWW 2020. Members are
streamed from folders, a zip or a split zip (`name.z01`, `name.z02`, ..., `name.zip`, read as one
file); nothing is extracted. What is missing is left out and counted.
"""

import ast
import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from capsearch.errors import CapsearchError
from capsearch.lab.cap.split_zip import open_zip

MAPPING = "JSON-Image_files_mapping.txt"
Split = Literal["train", "val", "test"]
_VALIDATION, _TEST = 0.05, 0.10


@dataclass(frozen=True)
class Post:
    """One post: its caption may be empty; `images` are member names, in order; `day` an ordinal."""

    user: str
    name: str
    caption: str
    day: int
    images: tuple[str, ...]


@dataclass
class Missing:
    """What the dataset lists and does not hold."""

    metadata: int = 0
    images: int = 0
    captions: int = 0
    unreadable: int = 0
    by_user: Counter[str] = field(default_factory=Counter)


class Members(Protocol):
    """A place of named files: a folder or an archive."""

    def __contains__(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes:
        """Content of a member; raises KeyError or OSError where it cannot be read."""


class FolderMembers:
    """Members that lie as files under a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def read(self, name: str) -> bytes:
        """Content of the file."""
        return (self._folder / name).read_bytes()


class ZipMembers:
    """Members of one zip, or of several, whole or split; leading folders are ignored."""

    def __init__(self, archives: Sequence[Path]) -> None:
        self._open: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]] = {}
        for archive in archives:
            opened = open_zip(archive)
            for info in opened.infolist():
                if not info.is_dir():
                    self._open["/".join(info.filename.split("/")[-2:])] = (opened, info)

    def __contains__(self, name: str) -> bool:
        return name in self._open

    def read(self, name: str) -> bytes:
        """Content of the member, checked by its CRC."""
        opened, info = self._open[name]
        try:
            return opened.read(info)
        except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
            raise OSError(str(error)) from error


def open_members(root: Path) -> Members:
    """Members under `root`: its zips (split or not) where there are any, else its folders.

    Raises:
        CapsearchError: an archive is damaged or a part of it is missing.
    """
    archives = sorted(root.glob("*.zip"))
    if not archives:
        return FolderMembers(root)
    try:
        return ZipMembers(archives)
    except (zipfile.BadZipFile, OSError) as error:
        raise CapsearchError(
            f"An archive in {root} cannot be read ({error}).",
            "Check that all its parts (.z01, .z02, ..., .zip) are there.",
        ) from error


def split_of(user: str) -> Split:
    """Which split a user belongs to, by a hash of the name: the same on every machine."""
    place = _hash(user) / 2**64
    if place < _VALIDATION:
        return "val"
    return "test" if place < _VALIDATION + _TEST else "train"


def share_of(user: str, world: int) -> int:
    """Which of `world` processes a user is the business of: the same on every machine."""
    return _hash(user) % world


def read_posts(
    root: Path, members: Members, missing: Missing, rank: int = 0, world: int = 1
) -> Iterator[Post]:
    """Posts that have metadata and at least one image, as the mapping file lists them, of the
    users that are the business of process `rank`; of other users no metadata is read.

    Raises:
        CapsearchError: there is no mapping file.
    """
    for user, metadata, images in _mapping(root, members):
        if share_of(user, world) != rank:
            continue
        name = f"info/{user}-{metadata}" if not metadata.startswith(f"{user}-") else metadata
        name = name if name.startswith("info/") else f"info/{name}"
        post = _metadata(members, name, user, missing)
        if post is None:
            continue
        there = tuple(image for image in _image_members(user, images) if image in members)
        absent = len(images) - len(there)
        missing.images += absent
        missing.by_user[user] += absent
        if there:
            caption, day = post
            missing.captions += not caption
            yield Post(user, name.removeprefix("info/").removesuffix(".info"), caption, day, there)


def _hash(user: str) -> int:
    return int.from_bytes(hashlib.blake2b(user.encode(), digest_size=8).digest(), "big")


def _image_members(user: str, images: Sequence[str]) -> list[str]:
    names = (image if image.startswith(f"{user}-") else f"{user}-{image}" for image in images)
    return [f"image/{name}" for name in names]


def _mapping(root: Path, members: Members) -> Iterator[tuple[str, str, list[str]]]:
    try:
        beside = root / MAPPING
        text = (beside.read_bytes() if beside.is_file() else members.read(MAPPING)).decode()
    except (KeyError, OSError, UnicodeDecodeError) as error:
        raise CapsearchError(
            f"{root} has no readable {MAPPING}.",
            "Give the folder that holds the Instagram Influencers dataset.",
        ) from error
    lines = iter(text.splitlines())
    next(lines, None)
    for line in lines:
        cells = line.rstrip("\r").split("\t")
        if len(cells) < 3:
            continue
        try:
            images = ast.literal_eval(cells[2])
        except (ValueError, SyntaxError):
            continue
        if isinstance(images, list):
            yield cells[0], cells[1], [str(image) for image in images]


def _metadata(members: Members, name: str, user: str, missing: Missing) -> tuple[str, int] | None:
    """Caption and day of a post, or None where its metadata is missing or unreadable."""
    if name not in members:
        missing.metadata += 1
        missing.by_user[user] += 1
        return None
    try:
        content = json.loads(members.read(name))
        edges = (content.get("edge_media_to_caption") or {}).get("edges") or []
        caption = str(edges[0]["node"]["text"]) if edges else ""
        taken = datetime.fromtimestamp(int(content["taken_at_timestamp"]), tz=UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, OverflowError):
        missing.unreadable += 1
        return None
    return caption, taken.date().toordinal()
