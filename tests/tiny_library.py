"""A library with tiny encoders, importable by the processes of the service."""

from pathlib import Path

from tiny_encoder import TinyEncoder

from capsearch.encoders.base import Encoder
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.settings import Settings

SEEDS = {"starter": 0, "tiny": 1, "other": 2}


def load_tiny(name: str, device: str) -> Encoder:
    """As `load_encoder`: another name is another encoder, and not every name is one."""
    if name not in SEEDS:
        raise CapsearchError(f"There is no encoder '{name}'.", "Choose another one.")
    return TinyEncoder(SEEDS[name], name=name)


def open_tiny_library(path: Path, settings: Settings, encoder: str | None) -> Library:
    return Library(path, encoder=encoder, settings=settings, resident=True, load=load_tiny)
