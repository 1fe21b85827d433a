"""From an encoder's name to what open_clip needs: configuration, preprocessing and weights."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capsearch.encoders.downloads import on_this_machine
from capsearch.encoders.hub import CONFIG_FILE, WEIGHT_FILES
from capsearch.encoders.names import FOLDER_PREFIX, WEIGHT_SUFFIXES, EncoderName
from capsearch.encoders.published import published_settings
from capsearch.errors import CapsearchError


@dataclass(frozen=True)
class ModelSource:
    """Everything that decides an open_clip model's vectors.

    `model` and `tokenizer` are names as open_clip takes them; `config` is its model
    configuration; `preprocess` its settings that differ from the defaults.
    """

    model: str
    tokenizer: str
    config: Mapping[str, Any]
    weights: Path
    preprocess: Mapping[str, Any] = field(default_factory=dict)
    quick_gelu: bool = False


def find_source(name: EncoderName) -> ModelSource:
    """Find (and, where the user named a model on the hub, download) the parts of a model.

    Raises:
        CapsearchError: unknown weights, no connection, or a folder that is not a model.
    """
    if name.kind == "tag":
        return _tag_source(name)
    if name.kind == "checkpoint":
        return _checkpoint_source(name)
    if name.kind == "hub":
        model = on_this_machine(name)
        assert model.config is not None
        return _folder_source(model.config.parent, model.weights, name.text)
    assert name.path is not None
    return _folder_source(name.path, None, f"{FOLDER_PREFIX}{name.path}")


def verify_folder(folder: Path, *, bare: bool) -> None:
    """See without PyTorch that a folder holds a model in the format that cannot run code; one
    that is `bare` has weights only.

    Raises:
        CapsearchError: it does not.
    """
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415

    if not bare:
        _read_config(folder / CONFIG_FILE)
    weights = _weights_in(folder)
    if weights.suffix.lower() != ".safetensors":
        raise CapsearchError(
            f"Without PyTorch it cannot be seen whether {weights.name} is safe to open.",
            "Install it with `capsearch models engine install`, or use a .safetensors file.",
        )
    try:
        with safe_open(weights, framework="numpy") as file:
            empty = not list(file.keys())
    except SafetensorError as error:
        raise CapsearchError(
            f"The weights file {weights.name} is damaged or incomplete.",
            "Download or copy it again.",
        ) from error
    if empty:
        raise CapsearchError(f"The file {weights.name} holds no weights.", "Choose another.")


def _tag_source(name: EncoderName) -> ModelSource:
    published = published_settings(name)
    return ModelSource(
        model=name.architecture,
        tokenizer=name.architecture,
        config=_built_in_config(name.architecture),
        weights=on_this_machine(name).weights,
        preprocess=published,
        quick_gelu=bool(published.get("quick_gelu", False)),
    )


def _checkpoint_source(name: EncoderName) -> ModelSource:
    from open_clip import get_pretrained_cfg, list_pretrained_tags_by_model  # noqa: PLC0415

    assert name.path is not None
    published = [
        get_pretrained_cfg(name.architecture, tag)
        for tag in list_pretrained_tags_by_model(name.architecture)
    ]
    keys = ("mean", "std", "interpolation", "resize_mode")
    settings = [{key: cfg[key] for key in keys if key in cfg} for cfg in published]
    # An architecture whose published weights all agree (SigLIP's [-1, 1] range) says how its
    # inputs are prepared; where they differ, open_clip's defaults hold.
    agreed = settings and all(setting == settings[0] for setting in settings)
    return ModelSource(
        model=name.architecture,
        tokenizer=name.architecture,
        config=_built_in_config(name.architecture),
        weights=name.path,
        preprocess=settings[0] if agreed else {},
    )


def _built_in_config(architecture: str) -> Mapping[str, Any]:
    from open_clip import get_model_config  # noqa: PLC0415

    config: Mapping[str, Any] = get_model_config(architecture)
    return config


def _folder_source(folder: Path, weights: Path | None, tokenizer: str) -> ModelSource:
    content = _read_config(folder / CONFIG_FILE)
    return ModelSource(
        model=f"{FOLDER_PREFIX}{folder}",
        tokenizer=tokenizer,
        config=content["model_cfg"],
        weights=weights or _weights_in(folder),
        preprocess=content.get("preprocess_cfg") or {},
    )


def _read_config(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CapsearchError(
            f"The folder {path.parent} holds no {CONFIG_FILE}, so it is no open_clip model.",
            "Choose the folder that open_clip or the hub saved the model to.",
        ) from error
    except (OSError, ValueError) as error:
        raise CapsearchError(
            f"The model's configuration {path} cannot be read ({error}).",
            "Download or copy the model again.",
        ) from error
    model = content.get("model_cfg") if isinstance(content, dict) else None
    if not isinstance(model, dict) or not {"embed_dim", "vision_cfg", "text_cfg"} <= model.keys():
        raise CapsearchError(
            f"The model's configuration {path} does not describe an open_clip model.",
            "Choose a folder with a model made for open_clip.",
        )
    if "trust_remote_code" in json.dumps(content):
        raise CapsearchError(
            f"The model's configuration {path} asks to run code from the hub, so it was refused.",
            "Choose a model that needs no code of its own.",
        )
    return dict(content)


def _weights_in(folder: Path) -> Path:
    """The folder's weights: open_clip's own names first, then whatever is the only one."""
    for filename in WEIGHT_FILES:
        if (folder / filename).is_file():
            return folder / filename
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in WEIGHT_SUFFIXES)
    safe = [path for path in found if path.suffix.lower() == ".safetensors"]
    candidates = safe or found
    if len(candidates) == 1:
        return candidates[0]
    what = "several weights files" if candidates else "no weights"
    raise CapsearchError(
        f"The folder {folder} holds {what}.", f"Name the one to use {WEIGHT_FILES[0]}."
    )
