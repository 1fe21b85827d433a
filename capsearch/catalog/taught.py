"""What a person has taught CapSearch of their photos, as values: names, and what is meant or not.

Photos are meant by their content's hash, so that all of it holds under every encoder, for a photo
that was moved, and for one that left the library and came back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class TaughtSubject:
    """Something that photos show, as its owner says: the photos that `show` it and those that are
    `without` it though they look so. `name` is '' where it has none; it is `called` what is said
    of it with 'my' before ('dog'), '' for nothing; an `ignored` one is never preferred."""

    key: int
    name: str = ""
    called: str = ""
    ignored: bool = False
    shows: frozenset[bytes] = frozenset()
    without: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class Wish:
    """Of 'my ...' in these `words` (without the 'my', folded), that this photo is what is meant
    (`more`), or is not."""

    words: str
    photo: bytes
    more: bool


@dataclass(frozen=True)
class Taught:
    """All that was taught; subjects by key."""

    subjects: tuple[TaughtSubject, ...] = ()
    wishes: tuple[Wish, ...] = ()

    def subject(self, key: int) -> TaughtSubject | None:
        """The subject with this key."""
        return next((subject for subject in self.subjects if subject.key == key), None)

    def with_subject(self, subject: TaughtSubject) -> "Taught":
        """The same with this subject, in place of the one with its key if there is one."""
        others = [other for other in self.subjects if other.key != subject.key]
        ordered = sorted((*others, subject), key=lambda each: each.key)
        return replace(self, subjects=tuple(ordered))

    def without_subject(self, key: int) -> "Taught":
        """The same without the subject with this key."""
        kept = tuple(subject for subject in self.subjects if subject.key != key)
        return replace(self, subjects=kept)

    @property
    def free_key(self) -> int:
        """A key that no subject has."""
        return 1 + max((subject.key for subject in self.subjects), default=0)


@dataclass(frozen=True)
class TaughtPhoto:
    """A photo of the library of which something was taught: its subject's key, and whether it
    shows that."""

    subject: int
    photo: int
    shows: bool


def taught_from_rows(
    subjects: Iterable[tuple[int, str, str, int]],
    photos: Iterable[tuple[int, bytes, int]],
    wishes: Iterable[tuple[str, bytes, int]],
) -> Taught:
    """What was taught, from rows as the catalog's tables have them: key, name, called, ignored;
    subject's key, photo's hash, whether it shows that; words, photo's hash, whether it is meant."""
    marked: dict[tuple[int, bool], set[bytes]] = {}
    for key, content, shows in photos:
        marked.setdefault((key, bool(shows)), set()).add(content)
    return Taught(
        tuple(
            TaughtSubject(
                key,
                name,
                called,
                bool(ignored),
                frozenset(marked.get((key, True), ())),
                frozenset(marked.get((key, False), ())),
            )
            for key, name, called, ignored in subjects
        ),
        tuple(Wish(words, content, bool(more)) for words, content, more in wishes),
    )


SUBJECT_ROWS = "SELECT id, name, called, ignored FROM subjects ORDER BY id"
PHOTO_ROWS = "SELECT subject_id, hash, shows FROM subject_photos"
WISH_ROWS = "SELECT words, hash, more FROM wishes ORDER BY words, hash"
"""The statements that give those rows."""
