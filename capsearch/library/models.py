"""The models on this machine: which there are, and how they come and go."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from capsearch.addon.activate import require_torch, torch_is_here
from capsearch.addon.choose import choose_variant
from capsearch.addon.installed import installed_addons
from capsearch.addon.lock import Variant, bundled_lock
from capsearch.encoders.downloads import (
    DownloadPlan,
    download,
    plan_download,
    terminal_bar,
)
from capsearch.encoders.hub import begun_bytes, models_folder, remove_repository
from capsearch.encoders.imported import describe, imported_model, remove_imported
from capsearch.encoders.imported import import_model as copy_model
from capsearch.encoders.names import STARTER, parse_encoder_name
from capsearch.encoders.registry import (
    EncoderInfo,
    available_encoders,
    find_encoder,
    verify_imported,
)
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.values import EngineOffer, ModelOffer, ModelShelf
from capsearch.machine import free_bytes
from capsearch.transfer import DownloadProgress, DownloadStopped

__all__ = [
    "DownloadPlan",
    "Installation",
    "bring_model",
    "discard_download",
    "import_model",
    "install_model",
    "install_with_engine",
    "plan_installation",
    "read_shelf",
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


def bring_model(name: str | None, stop: threading.Event) -> None:
    """Download what an encoder that was named for a run lacks, which would else happen when it is
    loaded, where nothing stops it; with a bar where a person is watching.

    Raises:
        CapsearchError: it is not here and cannot be had.
        DownloadStopped: `stop` was set; what has arrived is kept.
    """
    parsed = parse_encoder_name(name or STARTER)
    if parsed.kind not in ("hub", "tag"):
        return
    require_torch()  # or the download would be of no use
    plan = plan_download(parsed)
    with terminal_bar(parsed.text) as show:
        if not download(plan, show, stop):
            raise DownloadStopped


def read_shelf() -> ModelShelf:
    """Which models there are, and what each of them would take. Asks no network.

    Raises:
        CapsearchError: the list of PyTorch's files is damaged.
    """
    folder = models_folder()
    offers = tuple(
        ModelOffer(info, begun_bytes(info.repository) if _is_to_come(info) else 0)
        for info in available_encoders()
    )
    return ModelShelf(offers, str(folder), free_bytes(folder), _engine_offer())


def install_with_engine(
    name: str, progress: Callable[[bool, DownloadProgress], None], stop: threading.Event
) -> bool:
    """Download what a model lacks and, before it, PyTorch where that is missing; whether all is
    there now. `progress` is told whether it is PyTorch that comes, and how far it is.

    Raises:
        CapsearchError: as `plan_installation` and `install_model`; PyTorch cannot be had.
    """
    installation = plan_installation(name)
    if installation.info.kind != "starter" and not torch_is_here():
        variant = _engine_variant()
        if variant is None:
            require_torch()
        elif not _install_engine(variant, lambda told: progress(True, told), stop):
            return False
    return install_model(installation, lambda told: progress(False, told), stop)


def discard_download(name: str) -> int:
    """Delete what a stopped download has brought of a model, and of PyTorch if that is not whole
    either; how many bytes of the model that were.

    Raises:
        CapsearchError: there is no such model, its files cannot be deleted.
    """
    from capsearch.addon.install import remove as remove_engine  # noqa: PLC0415

    if not torch_is_here() and not installed_addons():
        remove_engine()
    info = find_encoder(name)
    return remove_repository(info.repository) if _is_to_come(info) else 0


def _is_to_come(info: EncoderInfo) -> bool:
    return bool(info.repository) and not info.installed


def _engine_variant() -> Variant | None:
    lock = bundled_lock()
    return choose_variant(lock) if lock is not None else None


def _engine_offer() -> EngineOffer | None:
    if torch_is_here():
        return None
    # With the network's libraries, which only an app without PyTorch has to load for a list.
    from capsearch.addon.install import bytes_missing  # noqa: PLC0415

    variant = _engine_variant()
    if variant is None:
        return None
    return EngineOffer(bytes_missing(variant), variant.installed_bytes)


def _install_engine(
    variant: Variant, progress: Callable[[DownloadProgress], None], stop: threading.Event
) -> bool:
    from capsearch.addon.install import install  # noqa: PLC0415

    try:
        install(variant, progress, stop)
    except DownloadStopped:
        return False
    return True


def import_model(
    path: Path,
    published: str | None = None,
    progress: Callable[[DownloadProgress], None] = lambda progress: None,
) -> EncoderInfo:
    """Copy a model from a folder, an archive or a weights file into the data folder, where a
    short name stands for it from then on. It is loaded once before, where PyTorch is there.
    `progress` is told how far the copy is.

    Raises:
        CapsearchError: it is no model that loads safely, there is no room, its name is taken.
    """
    return describe(copy_model(path, published, verify_imported, progress))


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
