"""What a person can teach: each lesson as a value, and what it makes of all that was taught."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from capsearch.catalog.taught import Taught, TaughtSubject, Wish
from capsearch.errors import CapsearchError
from capsearch.language.names import key_of

Hashes = Mapping[int, bytes]
"""From a photo's id to its content's hash."""


@dataclass(frozen=True)
class SubjectRef:
    """A subject as the learned page shows it: its key where something was taught of it, None where
    CapSearch alone has found it; and the photos (ids) that are shown as its own."""

    key: int | None
    photos: tuple[int, ...] = ()


class Lesson:
    """Something that a person says of their photos; each kind is a frozen dataclass."""

    def photos(self) -> tuple[int, ...]:
        """The photos (ids) that it speaks of."""
        raise NotImplementedError

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """What was `taught`, and this.

        Raises:
            CapsearchError: it cannot be.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Name(Lesson):
    """This is 'Rex', and what is meant by 'my dog' (`called` 'dog'; '' for nothing). A name that
    another subject has puts the two together; '' takes the name away."""

    subject: SubjectRef
    name: str
    called: str = ""

    def photos(self) -> tuple[int, ...]:
        """Those of the subject."""
        return self.subject.photos

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Name it."""
        name = " ".join(self.name.split())
        if name and not key_of(name):
            raise CapsearchError(f"'{name}' is no name.", "Use letters or numbers.")
        named = replace(
            _kept(taught, self.subject, hashes),
            name=name,
            called=wish_words(self.called),
            ignored=False,
        )
        same = _of_name(taught, name)
        if same is not None and same.key != named.key:
            called = named.called or same.called
            named = replace(_together(same, named), name=same.name, called=called, ignored=False)
            if self.subject.key is not None:
                taught = taught.without_subject(self.subject.key)
        return taught.with_subject(named)


@dataclass(frozen=True)
class Merge(Lesson):
    """These are one and the same; the first one that has a name gives it."""

    subjects: tuple[SubjectRef, ...]

    def photos(self) -> tuple[int, ...]:
        """Those of all."""
        return tuple(photo for subject in self.subjects for photo in subject.photos)

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Put them together."""
        if len(self.subjects) < 2:
            raise CapsearchError("One subject alone cannot be put together.", "Choose two or more.")
        each = [_kept(taught, subject, hashes) for subject in self.subjects]
        # A kept one first: it has a key that none of the others may get.
        each.sort(key=lambda subject: (not subject.name, taught.subject(subject.key) is None))
        joined = each[0]
        for other in each[1:]:
            joined = _together(joined, other)
        for subject in self.subjects:
            if subject.key is not None:
                taught = taught.without_subject(subject.key)
        return taught.with_subject(joined)


@dataclass(frozen=True)
class AddPhotos(Lesson):
    """These photos show the subject, too."""

    subject: SubjectRef
    added: tuple[int, ...]

    def photos(self) -> tuple[int, ...]:
        """Those of the subject, and the new ones."""
        return (*self.subject.photos, *self.added)

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Add them."""
        subject = _kept(taught, self.subject, hashes)
        added = _hashes(self.added, hashes)
        shows, without = subject.shows | added, subject.without - added
        return taught.with_subject(replace(subject, shows=shows, without=without))


@dataclass(frozen=True)
class TakeOut(Lesson):
    """These photos do not show the subject, though they look so; `apart`: they show another one,
    which they become."""

    subject: SubjectRef
    out: tuple[int, ...]
    apart: bool = False

    def photos(self) -> tuple[int, ...]:
        """Those of the subject, and those to be taken out."""
        return (*self.subject.photos, *self.out)

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Take them out."""
        subject = _kept(taught, self.subject, hashes)
        out = _hashes(self.out, hashes)
        left = replace(subject, shows=subject.shows - out, without=subject.without | out)
        if not left.shows:
            raise CapsearchError(
                "No photo would be left of it.", "Forget it, or leave one photo in."
            )
        taught = taught.with_subject(left)
        if self.apart:
            new = TaughtSubject(taught.free_key, shows=out, without=left.shows)
            taught = taught.with_subject(new)
        return taught


@dataclass(frozen=True)
class Ignore(Lesson):
    """Never prefer this; or (not `ignored`) do again."""

    subject: SubjectRef
    ignored: bool = True

    def photos(self) -> tuple[int, ...]:
        """Those of the subject."""
        return self.subject.photos

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Mark it."""
        subject = replace(_kept(taught, self.subject, hashes), ignored=self.ignored)
        return taught.with_subject(subject)


@dataclass(frozen=True)
class Unlearn(Lesson):
    """Forget what was said of this subject."""

    key: int

    def photos(self) -> tuple[int, ...]:
        """None: it is known by its key."""
        return ()

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Drop it."""
        return taught.without_subject(self.key)


@dataclass(frozen=True)
class Say(Lesson):
    """Of a result of 'my dog' (`text`): these photos, near copies of one, are what is meant
    (`more`), or are not."""

    text: str
    said: tuple[int, ...]
    more: bool

    def photos(self) -> tuple[int, ...]:
        """Those photos."""
        return self.said

    def taken(self, taught: Taught, hashes: Hashes) -> Taught:
        """Keep the wishes, in place of earlier ones about the same."""
        words = wish_words(self.text)
        if not words:
            raise CapsearchError(
                f"'{self.text}' names nothing that could be meant.", "Ask for 'my dog', say."
            )
        said = _hashes(self.said, hashes)
        if not said:
            raise _gone()
        others = [wish for wish in taught.wishes if wish.words != words or wish.photo not in said]
        wishes = (Wish(words, content, self.more) for content in said)
        ordered = sorted((*others, *wishes), key=lambda wish: (wish.words, wish.photo))
        return replace(taught, wishes=tuple(ordered))


def wish_words(text: str) -> str:
    """The words that a wish about a question hangs on: 'dog' of 'my dog', 'beach dog' of 'my dog
    on the beach'; each once, in alphabetical order."""
    from capsearch.personalize.intent import telling_words  # noqa: PLC0415 (not in the window's)

    return " ".join(sorted({key_of(word) for word in telling_words(text)}))


def _kept(taught: Taught, ref: SubjectRef, hashes: Hashes) -> TaughtSubject:
    """The subject as it was taught; one that CapSearch alone has found, with its photos."""
    if ref.key is not None:
        known = taught.subject(ref.key)
        if known is None:
            raise CapsearchError("This is no longer known.", "Look at the learned page again.")
        return known
    shows = _hashes(ref.photos, hashes)
    if not shows:
        raise _gone()
    return TaughtSubject(taught.free_key, shows=shows)


def _together(one: TaughtSubject, other: TaughtSubject) -> TaughtSubject:
    shows = one.shows | other.shows
    return replace(
        one,
        name=one.name or other.name,
        called=one.called or other.called,
        ignored=one.ignored and other.ignored,
        shows=shows,
        without=(one.without | other.without) - shows,
    )


def _of_name(taught: Taught, name: str) -> TaughtSubject | None:
    key = key_of(name)
    return next((each for each in taught.subjects if key and key_of(each.name) == key), None)


def _hashes(photos: tuple[int, ...], hashes: Hashes) -> frozenset[bytes]:
    return frozenset(hashes[photo] for photo in photos if photo in hashes)


def _gone() -> CapsearchError:
    return CapsearchError("These photos are no longer in the library.", "Choose others.")
