"""A library with tiny encoders, importable by the processes of the service."""

import time
from pathlib import Path

from tiny_encoder import LeftHalfEncoder, TinyEncoder

from capsearch.encoders.base import ByteArray, Encoder, FloatArray
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.settings import Settings

SEEDS = {"starter": 0, "tiny": 1, "other": 2}


def load_tiny(name: str, device: str) -> Encoder:
    """As `load_encoder`: another name is another encoder, and not every name is one."""
    if name not in SEEDS:
        raise CapsearchError(f"There is no encoder '{name}'.", "Choose another one.")
    return TinyEncoder(SEEDS[name], name=name)


class SlowEncoder(TinyEncoder):
    """Takes one photo at a time, and takes its time as long as the file `slow` is there."""

    def __init__(self, seed: int, name: str, slow: Path) -> None:
        super().__init__(seed, name=name, batch_size=1)
        self._slow = slow

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        if self._slow.exists():
            time.sleep(1.0)
        return super().encode_images(pixels)


def open_slow_library(path: Path, settings: Settings, encoder: str | None) -> Library:
    """As `open_tiny_library`, but 'other' is slow while a file of that name lies beside it."""

    def load(name: str, device: str) -> Encoder:
        if name == "other":
            return SlowEncoder(SEEDS[name], name, path.with_name("slow"))
        return load_tiny(name, device)

    return Library(path, encoder=encoder, settings=settings, resident=True, load=load)


def open_tiny_library(path: Path, settings: Settings, encoder: str | None) -> Library:
    return Library(path, encoder=encoder, settings=settings, resident=True, load=load_tiny)


def load_left_half(name: str, device: str) -> Encoder:
    """As `load_tiny`, encoders that see the left half of photos alone."""
    return LeftHalfEncoder(SEEDS[load_tiny(name, device).name], dim=48, name=name)


def open_subject_library(path: Path, settings: Settings, encoder: str | None) -> Library:
    """As `open_tiny_library`, for photos that `make_subject_library` makes."""
    return Library(path, encoder=encoder, settings=settings, resident=True, load=load_left_half)
