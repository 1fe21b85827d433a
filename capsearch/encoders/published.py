"""Where the weights that open_clip publishes under a tag lie on the hub."""

import json
from collections.abc import Mapping
from typing import Any

from capsearch.encoders.curated import CURATED
from capsearch.encoders.names import EncoderName, architecture_file, closest
from capsearch.errors import CapsearchError


def published_weights(name: EncoderName) -> tuple[str, str]:
    """Repository and file name ('' for the usual ones) of a tag's weights on the hub.

    Those of the listed models are known without open_clip, which takes seconds to import.

    Raises:
        CapsearchError: there are none of this name, or none that load safely.
    """
    listed = next((info for info in CURATED if info.name == name.text), None)
    if listed is not None:
        return listed.repository, listed.weights
    repository, _, filename = str(published_settings(name).get("hf_hub", "")).rpartition("/")
    if not repository:
        raise CapsearchError(
            f"The weights {name.text} are not published in a safe format.",
            "Choose others; `capsearch models` lists good ones.",
        )
    return repository, filename


def published_settings(name: EncoderName) -> Mapping[str, Any]:
    """What open_clip says of a tag: where it lies, and how its photos are prepared.

    Raises:
        CapsearchError: there is none of this name.
    """
    from open_clip import get_pretrained_cfg, list_pretrained_tags_by_model  # noqa: PLC0415

    published: Mapping[str, Any] = get_pretrained_cfg(name.architecture, name.tag)
    if not published:
        tags = list_pretrained_tags_by_model(name.architecture)
        near = closest(name.tag, tags)
        raise CapsearchError(
            f"There are no published weights '{name.tag}' for {name.architecture}.",
            near or _list_tags(name.architecture, tags),
        )
    return published


def text_settings(name: EncoderName) -> Mapping[str, Any]:
    """How a tag's words are read, as `text_cfg` of open_clip's configurations says it."""
    listed = next((info for info in CURATED if info.name == name.text), None)
    if listed is not None:
        return {"hf_tokenizer_name": listed.tokenizer}
    path = architecture_file(name.architecture)
    if path is None:  # registered by a program of its own
        return {}
    settings: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["text_cfg"]
    return settings


def _list_tags(architecture: str, tags: list[str]) -> str:
    if not tags:
        return f"It has none at all: write {architecture}@FILE for weights of your own."
    return f"It has {', '.join(tags)}."
