"""How the processes come by their engine; tests bring their own. Imports none by itself: the
window's process needs to name the factory, not to run it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.library.facade import Engine

EngineFactory = Callable[[Path, Settings, str | None], "Engine"]
"""Makes an engine for a library; the name of an encoder, or None for the library's own. Must be
importable by name, for it is sent to a fresh process."""


def make_engine(library: Path, settings: Settings, encoder: str | None) -> "Engine":
    """The engine of the shipped program."""
    from capsearch.library.facade import Engine  # noqa: PLC0415  (not in the window's process)

    return Engine(library, encoder_name=encoder, settings=settings, resident=True)
