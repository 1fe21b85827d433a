"""What a person has taught, kept: as it is, as it was before each lesson, and as a file's text."""

import json
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from capsearch.catalog.browsing import Browsing
from capsearch.catalog.records import IdArray
from capsearch.catalog.sql import marks, parts
from capsearch.catalog.taught import (
    PHOTO_ROWS,
    SUBJECT_ROWS,
    WISH_ROWS,
    Taught,
    TaughtPhoto,
    TaughtSubject,
    Wish,
    taught_from_rows,
)
from capsearch.errors import CapsearchError
from capsearch.text import folded

_MOST_LESSONS = 50
_FORMAT = "capsearch-taught-1"
_HASH_BYTES = 20
_LONGEST_NAME = 200


class Teaching(Browsing):
    """The part of the catalog on what was taught."""

    def taught(self) -> Taught:
        """All that was taught, read again when the library has changed."""
        return self._kept("taught", self._read_taught)

    def taught_photos(self) -> tuple[TaughtPhoto, ...]:
        """The searchable photos of which something was taught."""
        return self._kept("taught photos", self._read_taught_photos)

    def teach(self, taught: Taught) -> None:
        """Keep this in place of what was taught before, which `unteach` brings back."""
        with self._surely_kept():
            before = self._read_taught()
            if taught == before:
                return
            self._run(
                "INSERT INTO lessons (taught_at, before) VALUES (?, ?)",
                (time.time(), zlib.compress(taught_to_text(before).encode())),
            )
            self._run(
                "DELETE FROM lessons WHERE id <= (SELECT max(id) FROM lessons) - ?",
                (_MOST_LESSONS,),
            )
            self._write_taught(taught)

    def unteach(self) -> bool:
        """Bring back what was taught before the last lesson; False where there was none."""
        row = self._row("SELECT id, before FROM lessons ORDER BY id DESC LIMIT 1")
        if row is None:
            return False
        before = taught_from_text(zlib.decompress(row[1]).decode())
        with self._surely_kept():
            self._run("DELETE FROM lessons WHERE id = ?", (row[0],))
            self._write_taught(before)
        return True

    def count_lessons(self) -> int:
        """How many lessons can be taken back."""
        return int(self._row("SELECT count(*) FROM lessons")[0])

    def forget_taught(self) -> None:
        """Forget all that was taught, and how it was before."""
        with self._surely_kept():
            self._run("DELETE FROM lessons")
            self._write_taught(Taught())

    def subject_names(self) -> tuple[tuple[str, int], ...]:
        """The names of subjects, each with its number of searchable photos, most first."""
        return self._counted(
            "SELECT name, count(photos.id) AS n FROM subjects"
            " LEFT JOIN subject_photos ON subject_id = subjects.id AND shows"
            " LEFT JOIN photos ON photos.hash = subject_photos.hash AND searchable"
            " WHERE name <> '' GROUP BY subjects.id"
        )

    def hashes_of(self, photos: Iterable[int]) -> dict[int, bytes]:
        """The contents' hashes of these photos; unknown ids are left out."""
        found: dict[int, bytes] = {}
        for part in parts([int(photo) for photo in photos]):
            found.update(
                self._rows(f"SELECT id, hash FROM photos WHERE id IN ({marks(part)})", part)
            )
        return found

    def photo_at(self, path: str) -> int | None:
        """The photo that lies, or lay, at this path."""
        row = self._row("SELECT photo_id FROM files WHERE path = ?", (os.fsencode(path),))
        return None if row is None else int(row[0])

    def photos_of(self, hashes: Iterable[bytes]) -> dict[bytes, int]:
        """The searchable photos with these contents; those that are not here are left out."""
        found: dict[bytes, int] = {}
        for part in parts(sorted(hashes)):
            asked = f"SELECT hash, id FROM photos WHERE searchable AND hash IN ({marks(part)})"
            found.update(self._rows(asked, part))
        return found

    def days_and_places(self, ids: IdArray) -> dict[int, tuple[str | None, str, str]]:
        """Of each of these photos the day ("2015-06-01", None where none is sure), and the English
        and the German name of the city, '' where that is not known."""
        found: dict[int, tuple[str | None, str, str]] = {}
        for part in parts([int(photo) for photo in ids]):
            rows = self._rows(
                "SELECT photos.id, iif(taken_source <> 'file' AND length(taken_local) >= 10,"
                " substr(taken_local, 1, 10), NULL), coalesce(city, ''), coalesce(german_city, '')"
                " FROM photos LEFT JOIN localities ON localities.id = locality_id"
                f" WHERE photos.id IN ({marks(part)})",
                part,
            )
            found.update((photo, (day, city, german)) for photo, day, city, german in rows)
        return found

    def _read_taught(self) -> Taught:
        return taught_from_rows(*map(self._rows, (SUBJECT_ROWS, PHOTO_ROWS, WISH_ROWS)))

    def _read_taught_photos(self) -> tuple[TaughtPhoto, ...]:
        rows = self._rows(
            "SELECT subject_id, photos.id, shows FROM subject_photos"
            " JOIN photos USING (hash) WHERE searchable ORDER BY subject_id, photos.id"
        )
        return tuple(TaughtPhoto(subject, photo, bool(shows)) for subject, photo, shows in rows)

    def _write_taught(self, taught: Taught) -> None:
        for table in ("subjects", "wishes"):  # the subjects' photos go with them
            self._run(f"DELETE FROM {table}")
        for subject in taught.subjects:
            self._run(
                "INSERT INTO subjects (id, name, folded, called, ignored) VALUES (?, ?, ?, ?, ?)",
                (subject.key, subject.name, folded(subject.name), subject.called, subject.ignored),
            )
            for contents, shows in ((subject.shows, True), (subject.without, False)):
                for content in contents:
                    self._run(
                        "INSERT OR IGNORE INTO subject_photos (subject_id, hash, shows)"
                        " VALUES (?, ?, ?)",
                        (subject.key, content, shows),
                    )
        for wish in taught.wishes:
            self._run(
                "INSERT OR REPLACE INTO wishes (words, hash, more) VALUES (?, ?, ?)",
                (wish.words, wish.photo, wish.more),
            )

    @contextmanager
    def _surely_kept(self) -> Iterator[None]:
        """A transaction that a loss of power does not take back: no run can make it again."""
        self._require_writable()
        self._run("PRAGMA synchronous = FULL")
        try:
            with self.transaction():
                yield
        finally:
            self._run("PRAGMA synchronous = NORMAL")


def taught_to_text(taught: Taught) -> str:
    """As JSON: a file that another library with these photos takes over."""
    subjects = [
        {
            "key": subject.key,
            "name": subject.name,
            "called": subject.called,
            "ignored": subject.ignored,
            "shows": sorted(content.hex() for content in subject.shows),
            "without": sorted(content.hex() for content in subject.without),
        }
        for subject in taught.subjects
    ]
    wishes = [
        {"words": wish.words, "photo": wish.photo.hex(), "more": wish.more}
        for wish in taught.wishes
    ]
    about = {"format": _FORMAT, "subjects": subjects, "wishes": wishes}
    return json.dumps(about, ensure_ascii=False, indent=1)


def taught_from_text(text: str) -> Taught:
    """Read it again.

    Raises:
        CapsearchError: it is none.
    """
    try:
        about = json.loads(text)
        if about["format"] != _FORMAT:
            raise ValueError(about["format"])
        subjects = tuple(
            TaughtSubject(
                int(each["key"]),
                str(each["name"])[:_LONGEST_NAME],
                str(each["called"])[:_LONGEST_NAME],
                bool(each["ignored"]),
                frozenset(map(_hash, each["shows"])),
                frozenset(map(_hash, each["without"])),
            )
            for each in about["subjects"]
        )
        wishes = tuple(
            Wish(str(each["words"])[:_LONGEST_NAME], _hash(each["photo"]), bool(each["more"]))
            for each in about["wishes"]
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CapsearchError(
            "This is no file of what CapSearch was taught, or it is damaged.",
            "Choose one that was saved by 'Export' on the learned page, or by "
            "`capsearch learned export`.",
        ) from error
    if len({subject.key for subject in subjects}) < len(subjects):
        raise CapsearchError("In this file two subjects have one key.", "Export it again.")
    return Taught(subjects, wishes)


def _hash(text: str) -> bytes:
    content = bytes.fromhex(text)
    if len(content) != _HASH_BYTES:
        raise ValueError("no hash of a photo")
    return content
