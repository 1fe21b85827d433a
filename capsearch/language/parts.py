"""What was understood of a typed text, as values that travel."""

from dataclasses import dataclass
from typing import Literal

from capsearch.catalog.records import Condition, Field

PartField = Field | Literal["looks"]


@dataclass(frozen=True)
class Part:
    """A piece of the text that was understood.

    `text[start:end]` of the `Understood` is what it stands on, little words before it included;
    `label` is what it says. A part of the field "looks" is something that photos are not to show,
    and has no `condition`.
    """

    field: PartField
    label: str
    start: int
    end: int
    condition: Condition | None = None
    negated: bool = False


@dataclass(frozen=True)
class Understood:
    """A typed text, taken apart.

    text: what was read, in Unicode's composed form; parts lie in it.
    parts: in the order of the text.
    looks: what is left for the encoder; of several ('cats or dogs') any may be shown.
    unwanted: what photos are not to show, for the encoder.
    """

    text: str
    parts: tuple[Part, ...] = ()
    looks: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the parts ask of a photo; all of it."""
        return tuple(part.condition for part in self.parts if part.condition is not None)

    def without(self, part: Part) -> str:
        """The text with this part taken out."""
        before, after = self.text[: part.start].rstrip(), self.text[part.end :].lstrip()
        return f"{before} {after}".strip()


@dataclass(frozen=True)
class Change:
    """A word that was read as another one, and why."""

    typed: str
    read: str
    why: Literal["spelling", "german", "emoji"]


@dataclass(frozen=True)
class UnknownWord:
    """A word that the encoder does not know, and the one that may have been meant ('' for none)."""

    word: str
    nearest: str = ""
