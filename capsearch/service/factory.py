"""How the processes come by their engine; tests bring their own."""

from collections.abc import Callable
from pathlib import Path

from capsearch.engine import Engine
from capsearch.settings import Settings

EngineFactory = Callable[[Path, Settings, str | None], Engine]
"""Makes an engine for a library; the name of an encoder, or None for the library's own. Must be
importable by name, for it is sent to a fresh process."""


def make_engine(library: Path, settings: Settings, encoder: str | None) -> Engine:
    """The engine of the shipped program."""
    return Engine(library, encoder_name=encoder, settings=settings, resident=True)
