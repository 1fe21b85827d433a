"""How the processes come by their library; tests bring their own encoders. Imports none by itself:
the window's process needs to name the factory, not to run it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.library.facade import Library

LibraryFactory = Callable[[Path, Settings, str | None], "Library"]
"""Opens the library at a path, with the encoder of this name or, None, with the library's own.
Must be importable by name, for it is sent to a fresh process."""


def make_library(path: Path, settings: Settings, encoder: str | None) -> "Library":
    """The library as the shipped program opens it."""
    from capsearch.library.facade import Library  # noqa: PLC0415  (not in the window's process)

    return Library(path, encoder=encoder, settings=settings, resident=True)
