"""A hub with one listed model, whose weights are random bytes, and an environment that uses it."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_hub import FakeHub, serving
from tiny_encoder import TinyEncoder
from tiny_library import load_tiny

from capsearch.encoders.base import Encoder
from capsearch.encoders.hub import is_cached
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.settings import Settings

NAME = "ViT-B-32/datacomp_xl_s13b_b90k"
REPOSITORY = "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K"
WEIGHTS = "open_clip_model.safetensors"
MEGABYTE = 1 << 20
SIZE = 3 * MEGABYTE


@contextmanager
def model_hub(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """Serve that model, and have the processes that are started from now on ask this hub."""
    published = folder / "published"
    published.mkdir()
    (published / WEIGHTS).write_bytes(random.Random(0).randbytes(SIZE))
    with serving({REPOSITORY: published}) as hub:
        patch.setenv("HF_HOME", os.fspath(folder / "hf"))
        patch.setenv("HF_ENDPOINT", hub.url)
        patch.setenv("HF_HUB_OFFLINE", "0")
        yield hub


def arrived_parts(folder: Path) -> list[Path]:
    """What has begun to arrive and is not whole."""
    return list((folder / "hf").rglob("*.capsearch.incomplete"))


def arrived_weights(folder: Path) -> list[Path]:
    """What is whole."""
    return list((folder / "hf").rglob(WEIGHTS))


def open_hub_library(path: Path, settings: Settings, encoder: str | None) -> Library:
    """As `open_tiny_library`; the model of the hub is a tiny encoder where its weights are here."""
    return Library(path, encoder=encoder, settings=settings, resident=True, load=load_downloaded)


def load_downloaded(name: str, device: str) -> Encoder:
    if name != NAME:
        return load_tiny(name, device)
    if not is_cached(REPOSITORY):
        raise CapsearchError(f"{name} is not here.", "Download it.")
    return TinyEncoder(5, name=name)
