"""Seeded collections and weights of the CAP network for its tests."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.personalize.weights import CapWeights, weights_from_bytes, weights_to_bytes

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Collection:
    """Photos with one recurring subject in the first `subject` rows, texts that name it."""

    ids: npt.NDArray[np.int64]
    vectors: FloatArray
    days: npt.NDArray[np.int64]
    bank: FloatArray
    queries: FloatArray
    subject: int

    @property
    def people(self) -> list[tuple[str, ...]]:
        return [()] * len(self.ids)


def unit(vectors: npt.NDArray[np.floating]) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def make_collection(
    photos: int = 120, dim: int = 48, subject: int = 6, seed: int = 0
) -> Collection:
    rng = np.random.default_rng(seed)
    topics = rng.standard_normal((5, dim))
    vectors = topics[rng.integers(0, 5, photos)] + 1.2 * rng.standard_normal((photos, dim))
    heart = topics[0] + 1.2 * rng.standard_normal(dim)
    vectors[:subject] = heart + 0.5 * rng.standard_normal((subject, dim))
    text = topics[0] + 0.3 * heart + rng.standard_normal(dim)
    queries = unit(np.stack([text, text + 0.2 * rng.standard_normal(dim)]))
    return Collection(
        np.arange(100, 100 + photos),
        unit(vectors),
        737_000 + rng.permutation(max(photos, 400))[:photos],
        unit(rng.standard_normal((64, dim))),
        queries,
        subject,
    )


def random_weights(seed: int = 0, gains: bool = True) -> CapWeights:
    """Weights of a network that was never trained, with random gains or none."""
    import torch

    from capsearch.lab.cap.torch_network import CapNetwork

    torch.manual_seed(seed)
    network = CapNetwork()
    if gains:
        with torch.no_grad():
            network.gains.normal_(0.0, 0.5)
            network.gains.mul_(network.free)
    return weights_of(network)


def weights_of(network: object) -> CapWeights:
    from capsearch.lab.cap.pipeline import tensors_of

    size = network.size  # type: ignore[attr-defined]
    return weights_from_bytes(weights_to_bytes(tensors_of(network), size.heads, size.layers))  # type: ignore[arg-type]
