"""The loss of one batch of users, as a module, so that DistributedDataParallel can wrap it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from capsearch.lab.cap.losses import kept_order, misranked, not_said, ranking_loss
from capsearch.lab.cap.simulate import Episode
from capsearch.lab.cap.tensors import (
    collection_tensors,
    episode_features,
    masks,
    query_tensors,
)
from capsearch.lab.cap.torch_network import (
    CapNetwork,
    CollectionTensors,
    Digest,
    QueryTensors,
)

_TEMPERATURE = 2.0
"""Scores are in units of their spread over a library; this brings them to logits."""


@dataclass(frozen=True)
class LossWeights:
    """How much each loss counts; the ranking loss of captions counts 1."""

    misranked: float = 8.0
    said: float = 1.5
    abstain: float = 0.1
    recurring: float = 3.0


@dataclass(frozen=True)
class PreparedQueries:
    """Queries of one kind with what is right: relevant and ignored `(q, n)`."""

    kind: str
    queries: QueryTensors
    relevant: Tensor
    ignored: Tensor


@dataclass(frozen=True)
class PreparedUser:
    """One user's library and queries as tensors; recurs `(n,)` which photos show a subject that
    comes back, None where nobody knows."""

    collection: CollectionTensors
    queries: tuple[PreparedQueries, ...]
    recurs: Tensor | None


def prepare(episode: Episode) -> PreparedUser:
    """Compute an episode's features and inner products once, before the epochs."""
    collection = collection_tensors(episode.vectors, episode_features(episode))
    queries = tuple(
        PreparedQueries(one.kind, query_tensors(one), *masks(one)) for one in episode.queries
    )
    recurs = None if episode.recurs is None else torch.from_numpy(episode.recurs)
    return PreparedUser(collection, queries, recurs)


class Objective(nn.Module):
    """Mean loss over a batch of users."""

    def __init__(self, network: CapNetwork, weights: LossWeights) -> None:
        super().__init__()
        self.network = network
        self.weights = weights

    def forward(self, users: Sequence[PreparedUser]) -> Tensor:
        """Loss of `users`, a scalar."""
        losses: list[Tensor] = []
        for user in users:
            digest = self.network.digest(user.collection)
            losses.extend(self._of(user.collection, digest, one) for one in user.queries)
            if user.recurs is not None:
                losses.append(self._recurring(digest, user.recurs))
        return torch.stack(losses).sum() / len(users)

    def _of(self, collection: CollectionTensors, digest: Digest, asked: PreparedQueries) -> Tensor:
        ranking = self.network.rank(digest, asked.queries)
        scores = _TEMPERATURE * ranking.scores
        weights = self.weights
        said = weights.said * not_said(ranking.meant, asked.relevant, digest.hearts).mean()
        if asked.kind == "abstain":
            clip = _TEMPERATURE * clip_scores(collection, asked.queries)
            return weights.abstain * kept_order(scores, clip).mean() + said
        if asked.kind == "caption":
            return ranking_loss(scores, asked.relevant, asked.ignored).mean()
        return weights.misranked * misranked(scores, asked.relevant, asked.ignored).mean() + said

    def _recurring(self, digest: Digest, recurs: Tensor) -> Tensor:
        """Cross-entropy of the prior: which photos show a subject that comes back."""
        return self.weights.recurring * functional.binary_cross_entropy_with_logits(
            digest.photo_prior, recurs.float()
        )


def clip_scores(collection: CollectionTensors, queries: QueryTensors) -> Tensor:
    """CLIP's scores `(q, n)` in units of their spread, as the network gives its own."""
    scores = queries.text @ collection.vectors.T
    spread = scores.std(1, keepdim=True).clamp_min(1e-4)
    return (scores - scores.mean(1, keepdim=True)) / spread
