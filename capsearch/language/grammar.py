"""The grammar of the search box: from a typed text to its parts and what is left of it.

    text      = { part | exclusion | "or" | words }
    part      = '"' words '"' | field ":" value | date | person | place | kind | rating
    exclusion = ("without" | "not" | "no" | "except" | "-") (part | words)

Everything else is for the encoder. Little words in front of a part belong to it ('in Annecy').
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from capsearch.catalog.records import Condition
from capsearch.language.calendar_words import AMBIGUOUS, SEASONS
from capsearch.language.dates import Dates
from capsearch.language.kinds import kind_of, read_kind
from capsearch.language.names import KnownNames, key_of
from capsearch.language.parts import Part, PartField, Understood
from capsearch.text import folded

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*", re.UNICODE)
# Skin tones, variation selectors, joiners and what they join; two letters are a flag.
_EMOJI = re.compile(
    r".[\U0001F3FB-\U0001F3FF\uFE0F\u20E3\U0001F1E6-\U0001F1FF]*"
    r"(?:\u200D.[\U0001F3FB-\U0001F3FF\uFE0F]*)*"
)
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|»([^«]+)«')
_NAMED: dict[str, PartField] = {
    **dict.fromkeys(("subject", "motiv"), "subject"),
    **dict.fromkeys(("person", "people", "who", "wer"), "person"),
    **dict.fromkeys(("place", "ort"), "place"),
    **dict.fromkeys(("keyword", "tag", "stichwort"), "keyword"),
    **dict.fromkeys(("album", "folder", "ordner"), "album"),
    **dict.fromkeys(("camera", "kamera"), "camera"),
    **dict.fromkeys(("type", "typ", "format"), "kind"),
    **dict.fromkeys(("date", "datum"), "dates"),
    **dict.fromkeys(("area", "gebiet"), "area"),
}
_EXPLICIT = re.compile(
    rf"({'|'.join(_NAMED)}):\s?(?:\"([^\"]+)\"|([^\s\"]+))", re.IGNORECASE | re.UNICODE
)
_DEGREES = r"(-?\d{1,3}(?:\.\d{1,8})?)"
_AREA = re.compile(rf"{_DEGREES}/{_DEGREES}/{_DEGREES}/{_DEGREES}(?:\s+(\S.*))?")
_NOT = frozenset(
    "without not no except excluding"
    " ohne nicht kein keine keinen keiner keinem außer ausser".split()
)
# Signs that say 'no' themselves.
_SIGNS = frozenset({"parking", "smoking", "entry", "stopping", "trespassing", "swimming"})
_IS = frozenset({"is", "are", "was", "were", "ist", "sind"})
_WEARING = frozenset({"wearing", "having", "has", "that", "which", "trägt"})
_OR = frozenset({"or", "oder"})
# Of a longer text it is a caption, whose 'or' and 'without' are no commands.
_MOST_WITH_OR = 6
_MOST_UNWANTED = 3
_AND = frozenset({"and", "und"})
_OF_PLACE = frozenset("in from near at bei aus nach um im around".split())
_OF_TIME = frozenset("in on at during every each im am an zu bei jeden jedes jede".split())
_LINKS = (
    _OF_PLACE | _OF_TIME | frozenset("of with by and von mit und the der den dem die das".split())
)
_ARTICLES = frozenset("a an the any ein eine einen einem der die das den dem".split())
# What begins anew after something unwanted: 'without people at sunset' wants a sunset.
_ENDS_UNWANTED = frozenset("at during with near while but mit während aber bei".split())
_LIGHT = (
    _LINKS
    | _ARTICLES
    | frozenset(
        "photo photos picture pictures image images pic pics shot shots all show me find"
        " my our mine foto fotos bild bilder aufnahmen alle zeig zeige mir finde meine unsere"
        " taken".split()
    )
)


@dataclass
class _Token:
    """A word of the text, or a part; `minus`: a '-' stands before it."""

    start: int
    end: int
    word: str = ""
    part: Part | None = None
    minus: bool = False


@dataclass
class _Sorted:
    """What tokens became."""

    parts: list[Part] = field(default_factory=list)
    looks: list[list[_Token]] = field(default_factory=lambda: [[]])
    unwanted: list[str] = field(default_factory=list)


def understand(
    text: str,
    names: KnownNames,
    *,
    today: datetime.date,
    first_year: int = 1970,
    plain: Collection[str] = (),
    ordinary: Callable[[str], bool] = lambda word: False,
) -> Understood:
    """Take a typed text apart. Any text is fine, none raises.

    Args:
        text: as it was typed.
        names: those that the library knows.
        today: what 'last summer' counts from.
        first_year: of the oldest photo.
        plain: labels of parts, in lower case, that are to stay plain words.
        ordinary: whether a word in lower case says what photos show; as a name it counts only
            where the words around it say so ('in Nice', not 'nice beach').
    """
    text = unicodedata.normalize("NFC", text)
    reader = _Reader(text, names, Dates(today, first_year), frozenset(plain), ordinary)
    return _assembled(text, reader.read())


class _Reader:
    """Cuts a text into words and parts."""

    def __init__(
        self,
        text: str,
        names: KnownNames,
        dates: Dates,
        plain: frozenset[str],
        ordinary: Callable[[str], bool],
    ) -> None:
        self._text = text
        self._names = names
        self._dates = dates
        self._plain = plain
        self._ordinary = ordinary
        self._words = list(_WORD.finditer(text))
        self._keys = [key_of(word[0]) for word in self._words]
        self._tokens: list[_Token] = []

    def read(self) -> list[_Token]:
        at = 0
        while at < len(self._text):
            if self._text[at].isspace():
                at += 1
                continue
            token = self._explicit(at) or self._quoted(at) or self._best(at)
            if token is None:
                word = _WORD.match(self._text, at) or _picture(self._text, at)
                token = _Token(at, word.end() if word else at + 1, word[0] if word else "")
            before = self._text[at - 1] if at else " "
            token.minus = before == "-" and (at < 2 or self._text[at - 2].isspace())
            self._tokens.append(token)
            at = token.end
        return [token for token in self._tokens if token.word or token.part]

    def _best(self, at: int) -> _Token | None:
        """The longest of the parts that can begin here."""
        if at and (self._text[at - 1].isalnum() or self._text[at - 1] == "_"):
            return None
        found = [self._date(at), self._name(at), self._kind(at)]
        parts = [token for token in found if token is not None]
        return max(parts, key=lambda token: token.end, default=None)

    def _part(self, at: int, end: int, name: PartField, values: tuple[str, ...]) -> _Token | None:
        label = self._text[at:end].strip()
        if label.lower() in self._plain:
            return None
        shown = values[0] if name in ("subject", "person", "place") and len(values) == 1 else label
        return _Token(at, end, part=Part(name, shown, at, end, Condition(name, values)))  # type: ignore[arg-type]

    def _explicit(self, at: int) -> _Token | None:
        found = _EXPLICIT.match(self._text, at)
        if found is None:
            return None
        name, value = _NAMED[found[1].lower()], found[2] or found[3]
        if name == "dates":
            days = self._dates.read(value, 0, led=True)
            if days is None or days.end < len(value.rstrip()):
                return None
            name, values = days.field, days.values
        elif name == "area":
            return self._area(at, found.end(), value)
        elif name == "kind":
            try:
                name, values = kind_of(value)
            except KeyError:
                return None
        else:
            values = self._whole_names(name, value)
        token = self._part(at, found.end(), name, values)
        if token is not None and token.part is not None:
            token.part = replace(token.part, label=value)
        return token

    def _area(self, at: int, end: int, value: str) -> _Token | None:
        """'area:48.05/11.36/48.25/11.72', as the map asks, which says a name behind it."""
        found = _AREA.fullmatch(value.strip())
        if found is None:
            return None
        south, west, north, east = map(float, found.groups()[:4])
        if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):
            return None
        label = found[5] or value.strip()
        if label.lower() in self._plain:
            return None
        asked = Condition("area", ("/".join(found.groups()[:4]),))
        return _Token(at, end, part=Part("area", label, at, end, asked))

    def _whole_names(self, name: PartField, value: str) -> tuple[str, ...]:
        """'person:Anna' is everybody of that name."""
        keys = key_of(value).split()
        found = self._names.read(keys, 0) if keys else None
        if found is not None and found.field == name and found.end_word == len(keys):
            return found.values
        return (value,)

    def _quoted(self, at: int) -> _Token | None:
        found = _QUOTED.match(self._text, at)
        if found is None:
            return None
        words = next(group for group in found.groups() if group is not None).strip()
        if not words or words.lower() in self._plain:
            return None
        return _Token(
            at,
            found.end(),
            part=Part("words", words, at, found.end(), Condition("words", (words,))),
        )

    def _date(self, at: int) -> _Token | None:
        found = self._dates.read(self._text, at)
        if found is None or not (found.sure or self._stands_alone(found.end)):
            return None
        word = self._text[at : found.end].lower()
        led = self._follows(_OF_TIME) or self._follows(_NOT)
        # 'winter' says what a photo shows as much as when it was taken.
        if not (found.sure or led) and (word in AMBIGUOUS or word.removesuffix("s") in SEASONS):
            return None
        return self._part(at, found.end, found.field, found.values)

    def _stands_alone(self, end: int) -> bool:
        """Whether no noun follows, as in 'Christmas tree'."""
        rest = _WORD.search(self._text, end)
        if rest is None or self._text[end : rest.start()].strip():
            return True
        word = rest[0].lower()
        if word in _LINKS or word in _NOT or word in _OR or word.isdecimal():
            return True
        return self._names.read(self._keys, self._index_at(rest.start())) is not None

    def _name(self, at: int) -> _Token | None:
        index = self._index_at(at)
        if index < 0:
            return None
        found = self._names.read(self._keys, index)
        if found is None:
            return None
        end = self._words[found.end_word - 1].end()
        typed = self._text[at:end]
        if found.end_word == index + 1 and self._ordinary(folded(typed)):
            led = found.field == "place" and self._follows(_OF_PLACE) and typed[:1].isupper()
            # A name that its owner gave is meant where it is written so, or stands alone.
            given = found.field == "subject" and (
                typed in found.values or typed == self._text.strip()
            )
            if not (led or given):
                return None
        return self._part(at, end, found.field, found.values)

    def _kind(self, at: int) -> _Token | None:
        found = read_kind(self._text, at)
        if found is None:
            return None
        return self._part(at, found.end, found.field, found.values)

    def _follows(self, words: Collection[str]) -> bool:
        """Whether one of these words, or one and an article, stands before."""
        before = [token.word.lower() for token in self._tokens if token.word][-2:]
        if self._tokens and self._tokens[-1].part is not None:
            return False
        if before and before[-1] in _ARTICLES and before[-1] not in words:
            before.pop()
        return bool(before) and before[-1] in words

    def _index_at(self, at: int) -> int:
        return next((n for n, word in enumerate(self._words) if word.start() == at), -1)


def _picture(text: str, at: int) -> "re.Match[str] | None":
    """An emoji with all that it is made of."""
    return _EMOJI.match(text, at) if unicodedata.category(text[at]) == "So" else None


def _assembled(text: str, tokens: list[_Token]) -> Understood:
    tokens = _joined_by_or(tokens)
    result = _Sorted()
    # In a sentence 'or' joins what it pleases ('standing or sitting in the snow').
    short = len(tokens) <= _MOST_WITH_OR
    at = 0
    while at < len(tokens):
        token = tokens[at]
        word = token.word.lower()
        if token.minus or (word in _NOT and not _is_said(tokens, at)):
            taken = _exclude(text, tokens, at, result)
            if taken > at:
                _drop_dangling(result)
                at = taken
                continue
        if token.part is not None:
            result.parts.append(_with_links(text, token.part, result))
        elif word in _OR and result.looks[-1] and (token.word == "OR" or short):
            result.looks.append([])
        else:
            result.looks[-1].append(token)
        at += 1
    looks = tuple(look for look in (_look(text, words) for words in result.looks) if look)
    if len(looks) == 1 and not result.parts and len(result.looks) == 1:
        looks = (text.strip(),)  # as it was typed, with its full stop
    return Understood(text, tuple(result.parts), looks, tuple(result.unwanted))


def _is_said(tokens: list[_Token], at: int) -> bool:
    """Whether the 'no' is one of a sign or a sentence ('no parking', 'is not on the boat')."""
    before = tokens[at - 1].word.lower() if at else ""
    after = tokens[at + 1].word.lower() if at + 1 < len(tokens) else ""
    return before in _IS or (tokens[at].word.lower() == "no" and after in _SIGNS)


def _drop_dangling(result: _Sorted) -> None:
    """'a man wearing no hat' looks for a man, 'with no hat' too."""
    words = result.looks[-1]
    while words and words[-1].word.lower() in _LINKS | _WEARING:
        words.pop()


def _joined_by_or(tokens: list[_Token]) -> list[_Token]:
    """'Anna or Ben', '2015 or 2017': one part of which either suffices. Where a part and a look
    are joined ('Annecy or dogs'), the part stays words, which photos may say too."""
    joined: list[_Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if joined and token.word.lower() in _OR and at + 1 < len(tokens):
            before, after = joined[-1], tokens[at + 1]
            if before.part and after.part:
                both = _either(before.part, after.part)
                if both is not None:
                    joined[-1] = _Token(before.start, after.end, part=both, minus=before.minus)
                    at += 2
                    continue
            elif before.part and after.word:
                joined[-1] = _Token(before.start, before.end, before.part.label)
            elif after.part and before.word:
                tokens[at + 1] = _Token(after.start, after.end, after.part.label)
        joined.append(token)
        at += 1
    return joined


def _either(one: Part, other: Part) -> Part | None:
    if one.field != other.field or one.condition is None or other.condition is None:
        return None
    values = tuple(dict.fromkeys((*one.condition.values, *other.condition.values)))
    label = f"{one.label} / {other.label}"
    return replace(one, label=label, end=other.end, condition=replace(one.condition, values=values))


def _exclude(text: str, tokens: list[_Token], at: int, result: _Sorted) -> int:
    """Take what stands behind a 'without' out of what is asked; the place behind it."""
    begin, spoken = tokens[at].start, not tokens[at].minus
    if tokens[at].minus:
        begin -= 1
        following = at
    else:
        following = at + 1
    while True:
        first = following
        while spoken and first < len(tokens) and _little(tokens[first]):
            first += 1
        if first >= len(tokens):
            return following
        if (part := tokens[first].part) is not None:
            condition = part.condition and replace(part.condition, negated=True)
            result.parts.append(
                replace(part, start=begin, end=part.end, condition=condition, negated=True)
            )
            end = first + 1
        else:
            end = _end_of_unwanted(text, tokens, first, spoken=spoken)
            if end == first:
                return following if following > at + 1 else at
            words = text[tokens[first].start : tokens[end - 1].end]
            last = tokens[end - 1].end
            result.parts.append(Part("looks", words, begin, last, negated=True))
            result.unwanted.append(words)
        more = end < len(tokens) and tokens[end].word.lower() in _AND | _OR
        if not (spoken and more) or _is_wanted(tokens, end + 1):
            return end
        begin, following = tokens[end].start, end + 1


def _little(token: _Token) -> bool:
    return token.word.lower() in _ARTICLES | _OF_PLACE | _OF_TIME


def _is_wanted(tokens: list[_Token], at: int) -> bool:
    """Whether 'and with ...' follows, or nothing."""
    if at >= len(tokens):
        return True
    return tokens[at].word.lower() in _ENDS_UNWANTED | _NOT


def _end_of_unwanted(text: str, tokens: list[_Token], first: int, *, spoken: bool) -> int:
    """The place behind the unwanted words; `first` where they are too many to be a thing."""
    if not spoken:
        return first + 1
    end = first
    while end < len(tokens) and tokens[end].part is None and not tokens[end].minus:
        if tokens[end].word.lower() in _ENDS_UNWANTED | _AND | _OR | _NOT:
            break
        if end > first and text[tokens[end - 1].end : tokens[end].start].strip(" -"):
            break  # a comma
        end += 1
    while end > first + 1 and tokens[end - 1].word.lower() in _LINKS:
        end -= 1  # 'without water in | 2015'
    return end if end - first <= _MOST_UNWANTED else first


def _with_links(text: str, part: Part, result: _Sorted) -> Part:
    """The part with the little words before it, which then ask nothing of the encoder."""
    words = result.looks[-1]
    start = part.start
    while words and words[-1].word.lower() in _LINKS and not text[words[-1].end : start].strip():
        start = words.pop().start
    return replace(part, start=start)


def _look(text: str, words: list[_Token]) -> str:
    """What the encoder is to look for; empty where only little words are left."""
    telling = [token for token in words if token.word.lower() not in _LIGHT]
    if not telling:
        return ""
    pieces: list[str] = []
    for before, token in zip([None, *words], words, strict=False):
        gap = text[before.end : token.start] if before is not None else ""
        joint = gap if before is not None and not gap.strip().isalnum() and len(gap) < 4 else " "
        pieces.append((joint if before is not None else "") + text[token.start : token.end])
    return " ".join("".join(pieces).split())
