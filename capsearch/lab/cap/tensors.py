"""From an episode's vectors to the inner products and features that the networks are given."""

import numpy as np
import torch
from torch import Tensor

from capsearch.encoders.base import FloatArray
from capsearch.lab.cap.simulate import Episode, Queries
from capsearch.lab.cap.torch_network import CollectionTensors, QueryTensors
from capsearch.personalize.features import CollectionFeatures, collection_features
from capsearch.personalize.intent import intent_terms
from capsearch.personalize.network import LINKS


def collection_tensors(vectors: FloatArray, features: CollectionFeatures) -> CollectionTensors:
    """What a network reads of a collection of `(n, dim)` unit rows."""
    neighbours = features.neighbours[:, :LINKS]
    scaled = (features.likeness[:, :LINKS] - features.scale.mean) / features.scale.spread
    level = (features.level[:, None] + features.level[np.maximum(neighbours, 0)]) / 2
    return CollectionTensors(
        torch.from_numpy(features.photos),
        torch.from_numpy(vectors),
        torch.from_numpy(neighbours),
        torch.from_numpy((scaled - level).astype(np.float32)),
        torch.from_numpy(features.hub),
        torch.from_numpy(features.reference),
        features.scale.mean,
        features.scale.spread,
    )


def query_tensors(queries: Queries) -> QueryTensors:
    """The queries' texts and their intent."""
    terms = np.stack([intent_terms(float(p), float(u)) for p, u in queries.intent])
    return QueryTensors(
        torch.from_numpy(queries.vectors), torch.from_numpy(queries.bare), torch.from_numpy(terms)
    )


def episode_features(episode: Episode) -> CollectionFeatures:
    """Features of an episode's library, the same code as the product's."""
    return collection_features(episode.vectors, episode.days, episode.people, episode.bank)


def masks(queries: Queries) -> tuple[Tensor, Tensor]:
    """Relevant and ignored photos `(q, n)` as tensors."""
    return torch.from_numpy(queries.relevant), torch.from_numpy(queries.ignored)
