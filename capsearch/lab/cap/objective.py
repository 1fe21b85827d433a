"""The loss of one batch of users, as a module, so that DistributedDataParallel can wrap it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from capsearch.lab.cap.losses import kept_order, no_regret, ranking_loss
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
    """How much each loss counts; the personal and caption ranking losses count 1."""

    no_regret: float = 0.5
    kept_order: float = 0.05
    abstain: float = 0.5
    norm: float = 1e-3
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
    """One user's library and queries as tensors."""

    collection: CollectionTensors
    queries: tuple[PreparedQueries, ...]


def prepare(episode: Episode) -> PreparedUser:
    """Compute an episode's features and inner products once, before the epochs."""
    collection = collection_tensors(episode.vectors, episode_features(episode))
    queries = tuple(
        PreparedQueries(one.kind, query_tensors(episode.vectors, one), *masks(one))
        for one in episode.queries
    )
    return PreparedUser(collection, queries)


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
            losses.extend(self._of(digest, one) for one in user.queries)
            losses.extend(self._recurring(digest, one) for one in user.queries)
        return torch.stack(losses).sum() / len(users) + self.weights.norm * self._norm()

    def _of(self, digest: Digest, asked: PreparedQueries) -> Tensor:
        scores = _TEMPERATURE * self.network.score(digest, asked.queries)
        clip = _TEMPERATURE * clip_scores(asked.queries)
        if asked.kind == "abstain":
            return self.weights.abstain * kept_order(scores, clip).mean()
        own = ranking_loss(scores, asked.relevant, asked.ignored)
        loss = own.mean()
        if self.weights.no_regret:
            against = ranking_loss(clip, asked.relevant, asked.ignored)
            loss = loss + self.weights.no_regret * no_regret(own, against).mean()
        if asked.kind == "caption":
            loss = loss + self.weights.kept_order * kept_order(scores, clip).mean()
        return loss

    def _recurring(self, digest: Digest, asked: PreparedQueries) -> Tensor:
        """Cross-entropy of the prior: which photos show a subject that comes back."""
        if asked.kind != "personal" or not self.weights.recurring:
            return digest.photo_prior.new_zeros(())
        target = asked.relevant.any(0).float()
        loss = functional.binary_cross_entropy_with_logits(digest.photo_prior, target)
        return self.weights.recurring * loss

    def _norm(self) -> Tensor:
        return (self.network.gains**2).sum()


def clip_scores(queries: QueryTensors) -> Tensor:
    """CLIP's scores `(q, n)` in units of their spread, as the network gives its own."""
    scores = queries.scores
    spread = scores.std(1, keepdim=True).clamp_min(1e-4)
    return (scores - scores.mean(1, keepdim=True)) / spread
