"""Libraries to be killed over: of real photos, and larger ones whose vectors are made up."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.database import connect
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.catalog.schema import STEPS
from capsearch.lab.kills.encoder import DIM, load_counting
from capsearch.library.encoder_choice import settle_encoder
from capsearch.library.facade import Library
from capsearch.photos.metadata.model import PhotoMetadata
from capsearch.settings import Settings

_PHOTOS, _COPIES, _BAD = 40, 6, 3
_UNKNOWN = PhotoMetadata(
    taken=None, latitude=None, longitude=None, camera=None, rating=None, keywords=(), people=()
)
PATTERNS = ("private", "*.tmp")


def library_of(home: Path) -> Path:
    """The library file that is killed over."""
    return home / "library.db"


def log_of(home: Path) -> Path:
    """What the encoders note there."""
    return home / "encoded.log"


def photos_of(home: Path) -> Path:
    """The folder of photos, which all homes beside each other share: it is only read."""
    return home.parent / "photos"


@contextmanager
def open_library(home: Path) -> Iterator[Library]:
    """The library, with encoders that count."""
    settings = Settings(encoder="first")
    with Library(
        library_of(home),
        settings=settings,
        load=lambda name, device: load_counting(name, log_of(home)),
    ) as library:
        yield library


def take_photos(folder: Path) -> None:
    """Small photos in some folders, copies of a few, and some that cannot be read."""
    for number in range(_PHOTOS):
        place = folder / str(number % 5) / f"{number}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        blocks = np.random.default_rng(number).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(blocks).resize((64, 48), Image.Resampling.NEAREST).save(place)
        if number < _COPIES:
            shutil.copy2(place, folder / f"copy {number}.jpg")
    for number in range(_BAD):
        (folder / f"bad {number}.jpg").write_bytes(b"\xff\xd8\xff" + b"no photo" * number)


def make_library(home: Path, count: int) -> None:
    """A library of `count` photos with made-up vectors, half of them in each of the folders `a`
    and `b`, with patterns of what is left out. The files are there, but no photos."""
    generator = np.random.default_rng(0)
    encoder = load_counting("first", log_of(home))
    with Catalog.open(library_of(home)) as catalog:
        with catalog.transaction():
            encoder_id = catalog.add_encoder(encoder.identity, encoder.name, DIM)
            for number in range(count):
                place = _write(photos_of(home) / "ab"[number % 2] / f"{number}.jpg", number)
                content = Content(number.to_bytes(20, "big"), place.stamp.size, 4, 3, "JPEG")
                photo = catalog.add_photo(content)
                catalog.place_photo(photo, place)
                vector = generator.standard_normal(DIM)
                catalog.add_embedding(encoder_id, photo, vector / np.linalg.norm(vector))
            for folder in "ab":
                catalog.record_scan(str(photos_of(home) / folder), online=True)
                catalog.set_exclusions(str(photos_of(home) / folder), PATTERNS)
        settle_encoder(catalog, encoder)


def take_back_to_first_format(library: Path) -> None:
    """Make the library one that the first CapSearch could have written."""
    old = library.with_name("old.db")
    connection = connect(old, read_only=False, steps=STEPS[:1])
    try:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("ATTACH ? AS now", (str(library),))
        tables = connection.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            described = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
            columns = ", ".join(column[1] for column in described)
            connection.execute(
                f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}"
            )
    finally:
        connection.close()
    old.replace(library)


def _write(path: Path, number: int) -> Place:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(number))
    info = path.stat()
    return Place(str(path), Stamp(info.st_size, info.st_mtime_ns), _UNKNOWN)
