"""The trained weights: loaded once, checked, and never a reason not to search."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from capsearch.encoders.base import FloatArray
from capsearch.errors import CapsearchError
from capsearch.personalize.features import FEATURE_NAMES
from capsearch.resources import resource_path

FORMAT = "capsearch-cap-2"
WEIGHTS_NAME = "cap.safetensors"
_GAINS_SHAPE = (6, 4)
_PLAIN = "results are in the encoder's own order, not personalised"
_SIGNATURES = ("format", "features", "heads", "layers", "digest")


@dataclass(frozen=True)
class CapWeights:
    """Weights of the CAP network as numpy arrays, or none.

    tensors: empty where search is to be plain CLIP; `notice` then says why in one sentence.
    identity: changes with the weights, so that a kept profile knows when it is out of date.
    """

    tensors: Mapping[str, FloatArray]
    heads: int = 1
    layers: int = 0
    identity: str = "none"
    notice: str = ""

    @property
    def personalizes(self) -> bool:
        """Whether there is a network to run."""
        return bool(self.tensors)

    def number(self, name: str) -> float:
        """A learned scalar."""
        return float(self.tensors[name].reshape(()))


def load_weights(path: Path | None = None) -> CapWeights:
    """Load the bundled weights, or those at `path`; what is missing or damaged gives plain CLIP.

    Never raises for the file's sake: the returned `notice` is one sentence for the user.
    """
    try:
        file = path if path is not None else resource_path("cap") / WEIGHTS_NAME
        return weights_from_bytes(file.read_bytes())
    except (OSError, CapsearchError):
        reason = "are missing"
    except (ValueError, KeyError, TypeError, SafetensorError):
        reason = "are damaged or of another version"
    return CapWeights({}, notice=f"The personalisation weights {reason}: {_PLAIN}.")


def weights_to_bytes(tensors: Mapping[str, FloatArray], heads: int, layers: int) -> bytes:
    """Serialise trained weights with a checksum of their values."""
    ordered = {name: np.array(tensors[name], np.float32, order="C") for name in sorted(tensors)}
    about = {
        "format": FORMAT,
        "features": json.dumps(FEATURE_NAMES),
        "heads": str(heads),
        "layers": str(layers),
        "digest": _digest(ordered),
    }
    return save(ordered, metadata=about)


def weights_from_bytes(data: bytes) -> CapWeights:
    """Read weights again; raises ValueError, KeyError or SafetensorError where they are damaged."""
    about = _metadata(data)
    if about["format"] != FORMAT or json.loads(about["features"]) != list(FEATURE_NAMES):
        raise ValueError("another version of the weights")
    tensors = {name: np.asarray(value, np.float32) for name, value in load(data).items()}
    if _digest(tensors) != about["digest"]:
        raise ValueError("the checksum does not fit")
    if tensors["gains"].shape != _GAINS_SHAPE:
        raise ValueError("unexpected shape of the gains")
    return CapWeights(tensors, int(about["heads"]), int(about["layers"]), about["digest"][:16])


def _metadata(data: bytes) -> dict[str, str]:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        raise ValueError("the file is too short")
    about = json.loads(data[8 : 8 + length])["__metadata__"]
    return {key: str(about[key]) for key in _SIGNATURES}


def _digest(tensors: Mapping[str, FloatArray]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensors[name], np.float32).tobytes())
    return digest.hexdigest()
