"""The models on this machine: which there are, and how they come and go."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from capsearch.encoders.downloads import (
    DownloadPlan,
    download,
    plan_download,
    terminal_bar,
)
from capsearch.encoders.hub import models_folder, remove_repository
from capsearch.encoders.imported import describe, imported_model, remove_imported
from capsearch.encoders.imported import import_model as copy_model
from capsearch.encoders.names import parse_encoder_name
from capsearch.encoders.registry import EncoderInfo, find_encoder, verify_imported
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.transfer import DownloadProgress

__all__ = [
    "DownloadPlan",
    "Installation",
    "import_model",
    "install_model",
    "plan_installation",
    "remove_model",
    "terminal_bar",
]


@dataclass(frozen=True)
class Installation:
    """What installing a model means: which it is, where its files go, what is missing of them."""

    info: EncoderInfo
    folder: Path
    plan: DownloadPlan


def plan_installation(name: str) -> Installation:
    """Find out what installing a model means; only the hub is asked, and no weights are loaded.

    Raises:
        CapsearchError: there is no such model, or the hub cannot be asked.
    """
    info = find_encoder(name)
    files: DownloadPlan = DownloadPlan(info.name, ())
    if info.repository:
        files = plan_download(parse_encoder_name(info.name))
    return Installation(info, models_folder(), files)


def install_model(
    installation: Installation,
    progress: Callable[[DownloadProgress], None],
    stop: threading.Event,
) -> bool:
    """Download what is missing; whether the model is there now. `stop` ends it early: what has
    arrived is kept, and installing it again goes on from there.

    Raises:
        CapsearchError: no space, no connection, a server that lies or refuses.
    """
    return download(installation.plan, progress, stop)


def import_model(path: Path, published: str | None = None) -> EncoderInfo:
    """Copy a model from a folder, an archive or a weights file into the data folder, where a
    short name stands for it from then on. It is loaded once before, where PyTorch is there.

    Raises:
        CapsearchError: it is no model that loads safely, there is no room, its name is taken.
    """
    return describe(copy_model(path, published, verify_imported))


def remove_model(library: Library, name: str, *, anyway: bool = False) -> tuple[EncoderInfo, int]:
    """Delete a downloaded model from this machine; which it was, and how many bytes it took.

    Vectors that it has made stay. `anyway`: also where `library` needs it.

    Raises:
        CapsearchError: it is not on this machine, is not CapSearch's to delete, or is in use.
    """
    info = find_encoder(name)
    if info.kind == "starter":
        raise CapsearchError("The starter is a part of CapSearch.", "It stays.")
    if info.kind == "own":
        raise CapsearchError(
            f"{info.name} is a file of yours, which CapSearch only reads.", "Delete it yourself."
        )
    if not anyway and {info.name, f"hf-hub:{info.repository}"} & {*library.encoders_in_use()}:
        raise CapsearchError(
            f"The library {library.path} is searched by {info.name}, or is to be.",
            "Give it another encoder with `capsearch index --encoder NAME`, or add --yes.",
        )
    imported = imported_model(info.name)
    freed = remove_imported(imported) if imported else remove_repository(info.repository)
    if not freed:
        raise CapsearchError(
            f"The model {info.name} is not on this machine.", "`capsearch models` shows what is."
        )
    return info, freed
