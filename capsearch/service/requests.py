"""What goes to the engine's process and what comes back."""

from dataclasses import dataclass

from capsearch.errors import CapsearchError
from capsearch.service.operations import Operation


class Superseded(Exception):  # noqa: N818 - no error: a newer question took this one's place
    """The question was dropped unanswered, because a newer one of the same kind came."""


class EngineStoppedError(CapsearchError):
    """The engine's process ended again and again; there is no answer."""


@dataclass(frozen=True)
class Request:
    """Run `operation`. Of waiting requests that share a `key` only the newest is run."""

    number: int
    operation: Operation[object]
    key: str | None = None


@dataclass(frozen=True)
class Reply:
    """The operation's value."""

    number: int
    value: object


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
