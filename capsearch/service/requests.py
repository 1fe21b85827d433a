"""What goes to the engine's process and what comes back."""

from dataclasses import dataclass
from typing import Any, Literal

from capsearch.errors import CapsearchError

Lane = Literal["read", "search"]
"""Two lines of work: reading the catalog never waits for the encoder."""


class Superseded(Exception):  # noqa: N818 - no error: a newer question took this one's place
    """The question was dropped unanswered, because a newer one of the same kind came."""


class EngineStoppedError(CapsearchError):
    """The engine's process ended again and again; there is no answer."""


@dataclass(frozen=True)
class Request:
    """Run the operation `name` with `argument`. Of waiting requests that share a `key` only the
    newest is run."""

    number: int
    lane: Lane
    name: str
    argument: Any = None
    key: str | None = None


@dataclass(frozen=True)
class Reply:
    """The request's value."""

    number: int
    value: Any


@dataclass(frozen=True)
class Refusal:
    """What the user can mend."""

    number: int
    message: str
    next_step: str


@dataclass(frozen=True)
class Bug:
    """An error of ours, with its traceback as text."""

    number: int
    name: str
    traceback: str


@dataclass(frozen=True)
class Dropped:
    """The request was superseded."""

    number: int


Message = Reply | Refusal | Bug | Dropped
