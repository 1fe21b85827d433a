"""What a user writes to name an encoder, and what it means. Imports no model library."""

import difflib
import importlib.util
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from capsearch.addon.activate import require_torch, torch_is_here
from capsearch.encoders.curated import CURATED
from capsearch.encoders.imported import ImportedModel, imported_model
from capsearch.errors import CapsearchError

STARTER = "starter"
HUB_PREFIX = "hf-hub:"
FOLDER_PREFIX = "local-dir:"
WEIGHT_SUFFIXES = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_SHOW_MODELS = "`capsearch models` lists what can be used."

Kind = Literal["starter", "tag", "hub", "folder", "checkpoint"]


@dataclass(frozen=True)
class EncoderName:
    """A parsed name. `text` is canonical: it loads the same encoder from any working folder."""

    kind: Kind
    text: str
    architecture: str = ""
    tag: str = ""
    repository: str = ""
    path: Path | None = None


def parse_encoder_name(name: str) -> EncoderName:
    """Read `starter`, `ARCH/TAG`, `hf-hub:org/model`, `local-dir:FOLDER`, `ARCH@FILE` or the name
    of an imported model.

    Raises:
        CapsearchError: it is none of these, or the architecture, folder or file does not exist.
    """
    name = name.strip()
    if name.lower() == STARTER:
        return EncoderName("starter", STARTER)
    if name.startswith(HUB_PREFIX):
        return _hub_name(name)
    if name.startswith(FOLDER_PREFIX):
        return _folder_name(name)
    if "@" in name:
        return _checkpoint_name(name)
    known = _name_without_engine(name)
    if known is not None:
        return known
    architecture, slash, tag = name.partition("/")
    if slash and architecture and tag:
        return _tag_name(find_architecture(architecture), tag)
    raise _unknown(name)


def imported_name(model: ImportedModel) -> EncoderName:
    """How an imported model is loaded; its short name is what a library knows it by."""
    if not model.architecture:
        return EncoderName("folder", model.name, path=model.folder)
    return EncoderName(
        "checkpoint", model.name, architecture=model.architecture, path=model.weights
    )


def find_architecture(name: str) -> str:
    """The open_clip spelling of an architecture's name, whatever its case.

    Raises:
        CapsearchError: open_clip has no such architecture.
    """
    known = {architecture.lower(): architecture for architecture in list_architectures()}
    if name.lower() in known:
        return known[name.lower()]
    hint = closest(name, [*known.values(), *(info.name for info in CURATED)])
    raise CapsearchError(f"There is no model architecture '{name}'.", hint or _SHOW_MODELS)


def list_architectures() -> list[str]:
    """Names of open_clip's architectures, without importing it, which takes seconds.

    Where the program has imported it, those that were registered with it count too.
    """
    if "open_clip" in sys.modules:
        return sorted(sys.modules["open_clip"].list_models())
    require_torch()
    folder = _architectures_folder()
    return sorted(config.stem for config in folder.glob("*.json")) if folder else []


def architecture_file(architecture: str) -> Path | None:
    """open_clip's own configuration of an architecture, where it has one."""
    folder = _architectures_folder()
    path = folder / f"{architecture}.json" if folder else None
    return path if path is not None and path.is_file() else None


def _architectures_folder() -> Path | None:
    spec = importlib.util.find_spec("open_clip") if torch_is_here() else None
    return Path(spec.origin).parent / "model_configs" if spec and spec.origin else None


def closest(name: str, known: Sequence[str]) -> str:
    """'Did you mean ...?' with up to three near names; empty where nothing is near."""
    spelled = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), list(spelled), n=3, cutoff=0.6)
    names = [f"'{spelled[match]}'" for match in near]
    if not names:
        return ""
    return f"Did you mean {' or '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}?"


def _name_without_engine(name: str) -> EncoderName | None:
    """What an imported or a listed model's name means, which open_clip is not needed to know."""
    imported = imported_model(name)
    if imported is not None:
        return imported_name(imported)
    for info in CURATED:
        if info.name.lower() == name.lower() and info.name != STARTER:
            return _tag_name(*info.name.split("/"))
    return None


def _tag_name(architecture: str, tag: str) -> EncoderName:
    return EncoderName("tag", f"{architecture}/{tag}", architecture=architecture, tag=tag)


def _hub_name(name: str) -> EncoderName:
    repository = name.removeprefix(HUB_PREFIX)
    if not _REPOSITORY.fullmatch(repository):
        raise CapsearchError(
            f"'{name}' does not name a model on the hub.",
            "Write it as hf-hub:OWNER/MODEL, for example "
            "hf-hub:laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K.",
        )
    return EncoderName("hub", name, repository=repository)


def _folder_name(name: str) -> EncoderName:
    folder = Path(name.removeprefix(FOLDER_PREFIX)).expanduser().absolute()
    if not folder.is_dir():
        raise CapsearchError(
            f"There is no folder {folder}.",
            "Write local-dir: and the folder that holds open_clip_config.json and the weights.",
        )
    return EncoderName("folder", f"{FOLDER_PREFIX}{folder}", path=folder)


def _checkpoint_name(name: str) -> EncoderName:
    architecture, _, file = name.partition("@")
    known = find_architecture(architecture)
    path = Path(file).expanduser().absolute()
    if not path.is_file():
        raise CapsearchError(
            f"There is no weights file {path}.",
            "Write the architecture, @ and the path of its weights (.safetensors or .pt).",
        )
    return EncoderName("checkpoint", f"{known}@{path}", architecture=known, path=path)


def _unknown(name: str) -> CapsearchError:
    if name.lower() in (architecture.lower() for architecture in list_architectures()):
        known = find_architecture(name)
        return CapsearchError(
            f"'{name}' names an architecture but not its weights.",
            f"Write {known}/TAG for published weights or {known}@FILE for your own.",
        )
    hint = closest(name, [STARTER, *(info.name for info in CURATED)])
    return CapsearchError(f"There is no encoder '{name}'.", hint or _SHOW_MODELS)
