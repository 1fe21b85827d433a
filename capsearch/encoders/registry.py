"""Which encoders there are, and how a name becomes one. Imports no model library by itself."""

from dataclasses import replace
from importlib.util import find_spec

from capsearch.addon.activate import comes_by_pip, require_torch, torch_is_here
from capsearch.encoders.base import Encoder
from capsearch.encoders.curated import CURATED, EncoderInfo
from capsearch.encoders.hub import cached_repositories, has_tokenizer, is_cached
from capsearch.encoders.imported import ImportedModel, describe, imported_models
from capsearch.encoders.names import (
    HUB_PREFIX,
    STARTER,
    EncoderName,
    imported_name,
    parse_encoder_name,
)
from capsearch.encoders.published import published_weights

__all__ = ["EncoderInfo", "available_encoders", "find_encoder", "load_encoder"]


def load_encoder(name: str = STARTER, device: str = "auto") -> Encoder:
    """Load an encoder by the name a user gives.

    A model that is not on this machine is downloaded: nothing else in CapSearch uses the network.
    The starter always runs on the processor, whatever `device` says.

    Args:
        name: `starter`, `ARCH/TAG` (open_clip's published weights), `hf-hub:OWNER/MODEL`,
            `local-dir:FOLDER` or `ARCH@FILE`.
        device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.

    Raises:
        CapsearchError: no such encoder or device, weights that cannot be had or are not safe.
    """
    parsed = parse_encoder_name(name)
    if parsed.kind == "starter":
        from capsearch.encoders.starter import load_starter  # noqa: PLC0415

        return load_starter()
    require_torch()
    return _load_open_clip(parsed, device)


def _load_open_clip(name: EncoderName, device: str) -> Encoder:
    from capsearch.encoders.openclip import load_open_clip  # noqa: PLC0415  (torch: seconds)

    return load_open_clip(name, device)


def verify_imported(model: ImportedModel) -> None:
    """Load a model that is being imported; without PyTorch only what is safe by its format passes.

    Raises:
        CapsearchError: it cannot be loaded, or not safely.
    """
    if torch_is_here():
        _load_open_clip(imported_name(model), "cpu")
        return
    from capsearch.encoders.sources import verify_folder  # noqa: PLC0415

    verify_folder(model.folder, bare=bool(model.architecture))


def available_encoders() -> list[EncoderInfo]:
    """The starter, a short list of good models, and what else is on this machine."""
    listed = [
        replace(info, installed=info.kind == "starter" or _is_whole(info), note=_note(info))
        for info in CURATED
    ]
    known = {info.repository for info in CURATED}
    others = [
        EncoderInfo(
            name=f"{HUB_PREFIX}{repository}",
            kind="open_clip",
            repository=repository,
            size_bytes=size,
            installed=True,
            note="Found in the model cache of this machine.",
        )
        for repository, size in cached_repositories()
        if repository not in known
    ]
    return listed + [describe(model) for model in imported_models()] + others


def _is_whole(info: EncoderInfo) -> bool:
    readable = not info.tokenizer or has_tokenizer(info.tokenizer)
    return readable and is_cached(info.repository)


def _note(info: EncoderInfo) -> str:
    """An app brings transformers with its PyTorch; to others it is said what is missing."""
    if not info.tokenizer or not comes_by_pip() or find_spec("transformers") is not None:
        return info.note
    return f"{info.note} Needs the package transformers."


def find_encoder(name: str) -> EncoderInfo:
    """What is known of an encoder that a user names, whether it is on this machine or not.

    Raises:
        CapsearchError: there is none of this name.
    """
    wanted = name.strip().lower()
    for info in available_encoders():
        if wanted in (info.name.lower(), f"{HUB_PREFIX}{info.repository}".lower()):
            return info
    parsed = parse_encoder_name(name)
    if parsed.kind in ("folder", "checkpoint"):
        return EncoderInfo(name=parsed.text, kind="own", installed=True)
    if parsed.kind == "hub":
        return EncoderInfo(name=parsed.text, kind="open_clip", repository=parsed.repository)
    repository, filename = published_weights(parsed)
    return EncoderInfo(
        name=parsed.text,
        kind="open_clip",
        repository=repository,
        weights=filename,
        installed=is_cached(repository, filename),
    )
