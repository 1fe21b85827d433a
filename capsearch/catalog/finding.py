"""Search by text: which photos have the typed words, how strongly, and where."""

import json
import math
import os
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import Field, IdArray, TextField, TextHits, TextReason
from capsearch.catalog.sql import marks, parts
from capsearch.catalog.stop_words import STOP_WORDS
from capsearch.catalog.words import Words, name_text, words_of
from capsearch.text import folded, nfc

# Only their order is meant: what a person wrote for this photo, before what may speak of it in
# passing, before its folder's name, before what a camera wrote. bm25 has a column twice as heavy
# count as if its words stood there twice as often.
_WEIGHTS = {
    "title": 8.0,
    "people": 8.0,
    "keywords": 8.0,
    "place": 8.0,
    "texts": 4.0,
    "album": 2.0,
    "name": 1.0,
    "camera": 1.0,
}
_IN_TABLE_ORDER = tuple(_WEIGHTS[column] for column in Words._fields)
_MOST_WORDS = 32
_SHORTEST_BEGINNING = 2  # letters
# Ranking takes SQLite 0.6 ms a thousand photos. Words that more have, such as the name of the
# library's folder, part them by two kinds of columns only.
_MOST_RANKED = 1000
_KINDS_OF_COLUMNS = (("{title people keywords place} : ", 8.0), ("", 1.0))
_SATURATION = 1.2  # k1 of bm25 in FTS5
_LEAST_RARITY = 1e-6  # as FTS5 has it for words of more than half of all

_ORDER: tuple[TextField, ...] = (
    "person", "place", "keyword", "title", "text", "album", "name", "camera"
)  # fmt: skip

_Text = tuple[TextField, str]
_Found = tuple[int, TextField, str]
"""How many of the typed words are found in which text."""
_NOT_FOUND: _Found = (0, "camera", "")

_Ranked = tuple[IdArray, npt.NDArray[np.float32]]
"""Ids and strengths."""


class Finding(LibraryFile):
    """The words' part of the catalog. Never changes anything."""

    def text_hits(self, text: str, limit: int) -> TextHits:
        """Find the searchable photos that have all of the typed words, wherever each stands; of
        the last one the beginning is enough where no photo has it whole. Words without a meaning
        of their own ("the") are passed over, and find nothing alone.

        At most `limit` ids, the strongest first. Nothing is raised, whatever is typed.
        """
        typed = _typed(text)
        match, photos = self._asked(typed)
        ranked = self._parted if photos > _MOST_RANKED else self._ranked
        return TextHits(*ranked(match, photos, max(0, limit)), photos)

    def holds(self, word: str) -> bool:
        """Whether a searchable photo's texts have this word, or one that begins so."""
        typed = _typed(word)
        match = _match(typed)
        return bool(typed) and (
            self._any_matches(match) or (_may_begin(typed[-1]) and self._any_matches(f"{match}*"))
        )

    def text_reasons(self, ids: Sequence[int], *texts: str) -> dict[int, TextReason]:
        """Say for each of these photos where the words of the first of the typed texts that it has
        any of are best found, and the name or text that has them; photos that have none of them are
        left out."""
        reasons: dict[int, TextReason] = {}
        asked = [typed for typed in map(_typed, texts) if typed]
        if not asked or not len(ids):
            return reasons
        written, localities = self._texts_of(ids)
        spelled = self._spellings(sorted(set(localities.values())))
        for typed in asked:
            strongest = _Strongest(typed)
            elsewhere = {
                locality: strongest.of(
                    ("place", name) for compared, name in names if _may_have(compared, typed)
                )
                for locality, names in spelled.items()
            }
            for photo_id in written.keys() - reasons.keys():
                also = elsewhere.get(localities.get(photo_id, 0), _NOT_FOUND)
                found, field, value = max(strongest.of(written[photo_id]), also, key=_standing)
                if found:
                    reasons[photo_id] = TextReason(field, value)
        return reasons

    def names(self, field: Field) -> tuple[tuple[str, int], ...]:
        """List the names that photos have ("person", "keyword", "album", "camera", "place",
        "kind"), each with its number of searchable photos, most frequent first. Spellings that
        compare equal are one name, written as most often."""
        rows = self._rows(
            "SELECT folded, name, count(*) FROM labels WHERE field = ? GROUP BY folded, name"
            " ORDER BY folded, count(*), name DESC",
            (field,),
        )
        counts: dict[str, int] = {}
        spelled: dict[str, str] = {}
        for compared, name, count in rows:
            counts[compared] = counts.get(compared, 0) + count
            spelled[compared] = name
        listed = ((spelled[compared], count) for compared, count in counts.items())
        return tuple(sorted(listed, key=lambda name: (-name[1], name[0])))

    def place_spellings(self) -> dict[str, str]:
        """From every other spelling of the places of searchable photos, folded, to a name that
        `names` lists: "frankreich" to "France". Of several places the one with most photos."""
        rows = self._rows(
            "WITH taken AS (SELECT locality_id, count(*) AS photos FROM photos"
            " WHERE searchable AND locality_id IS NOT NULL GROUP BY locality_id)"
            " SELECT folded, listed, sum(photos) FROM taken JOIN spellings USING (locality_id)"
            " GROUP BY folded, listed ORDER BY 3, 2"
        )
        return {compared: listed for compared, listed, _ in rows if folded(listed) != compared}

    def german_places(self) -> dict[str, str]:
        """The German names of the places that `names` lists, where they have another."""
        rows = self._rows(
            "SELECT city, german_city, region, german_region, country, german_country, around,"
            " german_around FROM localities"
            " WHERE id IN (SELECT locality_id FROM photos WHERE searchable)"
        )
        pairs = ((row[at], row[at + 1]) for row in rows for at in (0, 2, 4, 6))
        return {name: german for name, german in pairs if german != name}

    def _asked(self, typed: Sequence[str]) -> tuple[str, int]:
        """What to ask the full-text table for, and how many photos have it."""
        match = _match(typed)
        photos = self._count_matching(match) if typed else 0
        if typed and not photos and _may_begin(typed[-1]):
            match += "*"
            photos = self._count_matching(match)
        return match, photos

    def _any_matches(self, match: str) -> bool:
        row = self._row("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (match,))
        return row is not None

    def _count_matching(self, match: str) -> int:
        row = self._row("SELECT count(*) FROM words WHERE words MATCH ?", (match,))
        return int(row[0])

    def _ranked(self, match: str, photos: int, limit: int) -> _Ranked:
        rows = (
            self._rows(
                "SELECT rowid, bm25(words, ?, ?, ?, ?, ?, ?, ?, ?) AS score"
                " FROM words WHERE words MATCH ? ORDER BY score, rowid DESC LIMIT ?",
                (*_IN_TABLE_ORDER, match, limit),
            )
            if photos
            else []
        )
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        return ids, np.fromiter((-row[1] for row in rows), np.float32, len(rows))

    def _parted(self, match: str, photos: int, limit: int) -> _Ranked:
        """Those that have it in the heavier columns first; of those alike, the last ones added."""
        (among,) = self._row("SELECT count(*) FROM photos")
        rarity = max(_LEAST_RARITY, math.log((among - photos + 0.5) / (photos + 0.5)))
        ids, strengths = np.empty(0, np.int64), np.empty(0, np.float32)
        for columns, weight in _KINDS_OF_COLUMNS:
            if len(ids) < min(limit, photos):
                found = self._ids(
                    "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?",
                    (f"{columns}({match})", limit),
                )[::-1]
                new = found[~np.isin(found, ids)][: limit - len(ids)]
                # What bm25 gives to words that stand once in a photo's texts of average length.
                strength = rarity * (1 + _SATURATION) * weight / (weight + _SATURATION)
                ids = np.concatenate([ids, new])
                strengths = np.append(strengths, np.full(len(new), strength, np.float32))
        return ids, strengths

    def _texts_of(self, ids: Sequence[int]) -> tuple[dict[int, list[_Text]], dict[int, int]]:
        """What is written of these photos, and the ids of their localities."""
        found: dict[int, list[_Text]] = {int(photo_id): [] for photo_id in ids}
        localities: dict[int, int] = {}
        for part in parts(list(found)):
            chosen = marks(part)
            for photo_id, title, texts, locality in self._rows(
                f"SELECT id, title, texts, locality_id FROM photos WHERE id IN ({chosen})", part
            ):
                if title:
                    found[photo_id].append(("title", title))
                found[photo_id] += (("text", text) for text in json.loads(texts))
                if locality is not None:
                    localities[photo_id] = locality
            for photo_id, field, name in self._rows(
                "SELECT photo_id, field, name FROM labels"
                f" WHERE field <> 'kind' AND photo_id IN ({chosen})",
                part,
            ):
                found[photo_id].append((field, name))
            for photo_id, path in self._rows(
                "SELECT photo_id, path FROM files WHERE NOT companion AND state <> 'missing'"
                f" AND photo_id IN ({chosen}) ORDER BY path",
                part,
            ):
                found[photo_id].append(("name", nfc(os.path.split(os.fsdecode(path))[1])))
        return found, localities

    def _spellings(self, localities: list[int]) -> dict[int, list[tuple[str, str]]]:
        """Every name of these places, folded and as it is written."""
        found: dict[int, list[tuple[str, str]]] = {locality: [] for locality in localities}
        for part in parts(localities):
            for locality, compared, name in self._rows(
                "SELECT locality_id, folded, name FROM spellings"
                f" WHERE locality_id IN ({marks(part)}) ORDER BY listed, name",
                part,
            ):
                found[locality].append((compared, name))
        return found


class _Strongest:
    """Which of many texts has most of the typed words."""

    def __init__(self, typed: Sequence[str]) -> None:
        self._typed = typed
        # Photos of a day have most of their names in common.
        self._counts: dict[_Text, int] = {}

    def of(self, texts: Iterable[_Text]) -> _Found:
        """The first of the strongest."""
        counted = ((self._count(text), *text) for text in texts)
        return max(counted, key=_standing, default=_NOT_FOUND)

    def _count(self, text: _Text) -> int:
        count = self._counts.get(text)
        if count is None:
            count = self._counts[text] = _count(*text, self._typed)
        return count


def _typed(text: str) -> list[str]:
    """The words that were typed, but for those without a meaning of their own; one that the
    full-text table takes for several ("IMG_2015") as these in a row."""
    rows = (" ".join(words_of(word)) for word in folded(text).split() if word not in STOP_WORDS)
    kept = dict.fromkeys(row for row in rows if row and row not in STOP_WORDS)
    return list(kept)[:_MOST_WORDS]


def _match(typed: Sequence[str]) -> str:
    return " AND ".join(f'"{row}"' for row in typed)


def _may_begin(row: str) -> bool:
    return len(row.rsplit(maxsplit=1)[-1]) >= _SHORTEST_BEGINNING


def _count(field: TextField, value: str, typed: Sequence[str]) -> int:
    """How many of the typed words the value has; a whole one counts more than a beginning."""
    if field == "name":
        value = name_text(value)
    if not _may_have(folded(value), typed):
        return 0
    there = f" {' '.join(words_of(value))} "
    whole = sum(f" {row} " in there for row in typed)
    begun = _may_begin(typed[-1]) and f" {typed[-1]} " not in there and f" {typed[-1]}" in there
    return 2 * whole + begun


def _may_have(compared: str, typed: Sequence[str]) -> bool:
    """Whether a folded text has the letters of one of the typed words: most have none."""
    return any(row.split(maxsplit=1)[0] in compared for row in typed)


def _standing(found: _Found) -> tuple[int, int]:
    count, field, _ = found
    return count, -_ORDER.index(field)
