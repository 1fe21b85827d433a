"""Weights files: read without ever running code from them, and known by what they hold."""

import errno
import hashlib
import json
import pickle
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsearch.encoders.names import WEIGHT_SUFFIXES
from capsearch.errors import CapsearchError
from capsearch.files import write_whole
from capsearch.settings import data_dir

if TYPE_CHECKING:
    import torch

_DOWNLOAD_AGAIN = "Download or copy it again."
_MISFITS = (RuntimeError, KeyError, AttributeError, ValueError, TypeError, IndexError)
# What torch.load and open_clip raise for bytes that are no checkpoint.
_UNREADABLE = (*_MISFITS, pickle.UnpicklingError, EOFError, struct.error, OverflowError)


def weights_hash(path: Path) -> str:
    """SHA-256 over the names, types, shapes and bytes of all tensors, whatever the file format.

    It is remembered by the file's path, size and time, so only a new file is read for it.

    Raises:
        CapsearchError: the file is missing, empty, damaged, or more than plain tensors.
    """
    with _explained(path):
        real = path.resolve()
        state = real.stat()
        key = f"{real}|{state.st_size}|{state.st_mtime_ns}"
        known = _known_hashes()
        if key not in known:
            known[key] = _hash_tensors(_read_tensors(path))
            _remember(known)
        return known[key]


def load_weights(model: "torch.nn.Module", path: Path, architecture: str) -> None:
    """Put a file's weights into an open_clip model.

    Raises:
        CapsearchError: they cannot be read safely, or are those of another architecture.
    """
    import open_clip  # noqa: PLC0415

    with _explained(path):
        try:
            open_clip.load_checkpoint(model, str(path), strict=True, weights_only=True)
        except (*_MISFITS, AssertionError) as error:  # open_clip asserts some of the shapes
            raise CapsearchError(
                f"The weights in {path} do not fit the architecture {architecture}.",
                "Name the architecture that they were trained for.",
            ) from error


def _read_tensors(path: Path) -> dict[str, "torch.Tensor"]:
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    if path.suffix.lower() == ".safetensors":
        content: Any = load_file(path)
    else:
        content = torch.load(path, map_location="cpu", weights_only=True)
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    tensors = dict(content) if isinstance(content, Mapping) else {}
    if not tensors or not all(isinstance(value, torch.Tensor) for value in tensors.values()):
        raise CapsearchError(
            f"The file {path} holds no model weights.", "Choose the checkpoint of a CLIP model."
        )
    return {str(name).removeprefix("module."): value for name, value in tensors.items()}


def _hash_tensors(tensors: Mapping[str, "torch.Tensor"]) -> str:
    import torch  # noqa: PLC0415

    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what reading a weights file may raise into a sentence."""
    from safetensors import SafetensorError  # noqa: PLC0415

    if path.suffix.lower() not in WEIGHT_SUFFIXES:
        raise CapsearchError(
            f"{path} is not a weights file that CapSearch reads.",
            f"It reads {', '.join(WEIGHT_SUFFIXES)}; the first is the safest.",
        )
    try:
        if path.stat().st_size == 0:
            raise CapsearchError(f"The weights file {path} is empty.", _DOWNLOAD_AGAIN)
        yield
    except (*_UNREADABLE, SafetensorError) as error:
        raise _refused(path) if _wants_to_run_code(path, error) else _damaged(path) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # torch looked for a part before the file's beginning
            raise _damaged(path) from error
        raise CapsearchError(
            f"The weights file {path} cannot be read ({error.strerror or error}).",
            "Check that it exists and that you may read it.",
        ) from error


def _damaged(path: Path) -> CapsearchError:
    return CapsearchError(f"The weights file {path} is damaged or incomplete.", _DOWNLOAD_AGAIN)


def _refused(path: Path) -> CapsearchError:
    return CapsearchError(
        f"The weights file {path} holds more than tensors and could run code when opened, "
        "so it was refused.",
        "Use the model's .safetensors file.",
    )


def _wants_to_run_code(path: Path, error: Exception) -> bool:
    """Whether torch refused a real pickle for what it names, rather than failed to read a file."""
    if isinstance(error, pickle.UnpicklingError):
        with path.open("rb") as file:
            return file.read(2).startswith((b"PK", b"\x80"))
    return "TorchScript" in str(error)


def _hashes_path() -> Path:
    return data_dir() / "weights.json"


def _known_hashes() -> dict[str, str]:
    try:
        known = json.loads(_hashes_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember(hashes: Mapping[str, str]) -> None:
    """Write the cache; without a place to write, the next start reads the weights again."""
    with suppress(OSError), write_whole(_hashes_path(), durable=False) as file:
        file.write(json.dumps(hashes, indent=1).encode())
