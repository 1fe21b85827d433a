"""The CAP network in torch, for training; `capsearch.personalize` runs it without torch.

Vectors count by their inner products alone: of photos with photos, of texts with photos. Every gain
is zero at the start, so a fresh network ranks exactly as CLIP does. Cost and memory grow as the
number of photos does, not as its square.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from capsearch.personalize.compute import choose_hearts
from capsearch.personalize.features import FEATURE_NAMES

GAINS = ("bare", "attention", "recurrence", "hub", "low_rank", "expansion")
INTENT_TERMS = 4


@dataclass(frozen=True)
class NetworkSize:
    """Width of the tokens, attention heads and layers of the prototype transformer."""

    width: int = 32
    heads: int = 4
    layers: int = 2


@dataclass(frozen=True)
class CollectionTensors:
    """One collection of n photos: unit vectors, of which only inner products count, and features.

    features `(n, f)`; vectors `(n, dim)`; neighbours `(n, LINKS)` (-1: none); closeness
    `(n, LINKS)` the scaled likeness above both photos' local level; hub `(n,)`; reference `(r,)`
    rows that stand for the whole; mean, spread of the collection.
    """

    features: Tensor
    vectors: Tensor
    neighbours: Tensor
    closeness: Tensor
    hub: Tensor
    reference: Tensor
    mean: float
    spread: float


@dataclass(frozen=True)
class QueryTensors:
    """q queries: text and bare text `(q, dim)`; intent terms `(q, 4)`."""

    text: Tensor
    bare: Tensor
    intent: Tensor


@dataclass(frozen=True)
class Digest:
    """What a collection of n photos has been boiled down to.

    hearts `(k,)`: rows of the photos that prototypes `(k, dim)` are made around; reference
    `(r, dim)`; prior, low_rank `(k,)`; nothing `(1,)`; recurrence, hub `(n,)`; photo_prior `(n,)`
    the logit of each photo alone; spread of the collection.
    """

    vectors: Tensor
    reference: Tensor
    hearts: Tensor
    prototypes: Tensor
    prior: Tensor
    nothing: Tensor
    low_rank: Tensor
    recurrence: Tensor
    hub: Tensor
    photo_prior: Tensor
    spread: float


@dataclass(frozen=True)
class Ranking:
    """scores `(q, n)` in units of CLIP's spread; meant `(q, 1 + k)` log-probabilities that nothing
    of the collection's own is meant (first), or what each prototype shows."""

    scores: Tensor
    meant: Tensor


class CapNetwork(nn.Module):
    """Collection -> prototypes and their prior; query -> scores of all photos.

    A query is first moved towards the photos that it matches at all (`expansion`: texts and photos
    lie apart in CLIP's space). Then it is asked which prototype it means, or none; what was
    learned of the collection counts as much as it is likely that one is meant.

    Only the hub correction acts on queries that are not possessive (`free`): a photo is no better
    an answer to 'a black dog runs through snow' because its subject comes back.
    """

    def __init__(self, size: NetworkSize = NetworkSize()) -> None:
        super().__init__()
        count = len(FEATURE_NAMES)
        self.size = size
        self.feature_shift = nn.Buffer(torch.zeros(count))
        self.feature_scale = nn.Buffer(torch.ones(count))
        self.link = nn.Parameter(torch.tensor([2.0, 0.0]))
        self.photo_in = nn.Linear(count, size.width)
        self.photo_out = nn.Linear(size.width, 1)
        self.token_in = nn.Linear(count + 2, size.width)
        self.blocks = nn.ModuleList(_Block(size) for _ in range(size.layers))
        self.norm = nn.LayerNorm(size.width)
        self.heads = nn.Linear(size.width, 2)
        self.nothing = nn.Linear(size.width, 1)
        self.sharpness = nn.Parameter(torch.tensor(2.0))
        self.generic = nn.Parameter(torch.tensor(0.0))
        self.temperature = nn.Parameter(torch.tensor(1.0))
        self.gains = nn.Parameter(torch.zeros(len(GAINS), INTENT_TERMS))
        self.free = nn.Buffer(torch.ones(len(GAINS), INTENT_TERMS), persistent=False)
        self.free[[place for place, name in enumerate(GAINS) if name != "hub"], :2] = 0.0

    def prior(self, collection: CollectionTensors) -> Tensor:
        """Logit `(n,)` that a photo shows a subject that comes back."""
        return self._prior((collection.features - self.feature_shift) * self.feature_scale)

    def _prior(self, features: Tensor) -> Tensor:
        hidden = functional.gelu(self.photo_in(features), approximate="tanh")
        logit: Tensor = self.photo_out(hidden)[:, 0]
        return logit

    def forward(self, collection: CollectionTensors, queries: QueryTensors) -> Tensor:
        """Scores `(q, n)` in units of CLIP's spread over the library, for ranking only."""
        return self.rank(self.digest(collection), queries).scores

    def digest(self, collection: CollectionTensors) -> "Digest":
        """Read a collection once, for any number of queries."""
        features = (collection.features - self.feature_shift) * self.feature_scale
        prior = self._prior(features)
        links = self._links(collection)
        hearts = _hearts(prior, links, collection.neighbours)
        vectors, near = collection.vectors, collection.neighbours[hearts].clamp_min(0)
        summed = vectors[hearts] + (links[hearts][:, :, None] * vectors[near]).sum(1)
        prototypes = functional.normalize(summed, dim=1, eps=1e-6)
        between = (prototypes @ prototypes.T - collection.mean) / collection.spread
        size = 1.0 + links[hearts].sum(1)
        extra = torch.stack([torch.log(size), prior[hearts]], dim=1)
        tokens = self.token_in(torch.cat([features[hearts], extra], dim=1))
        for block in self.blocks:
            tokens = block(tokens, between)
        tokens = self.norm(tokens)
        more, rank = self.heads(tokens).unbind(1)
        nothing = self.nothing(tokens.mean(0))
        return Digest(
            vectors, vectors[collection.reference], hearts, prototypes, prior[hearts] + more,
            nothing, torch.tanh(rank) / len(hearts), functional.softplus(prior), collection.hub,
            prior, collection.spread,
        )  # fmt: skip

    def rank(self, digest: "Digest", queries: QueryTensors) -> Ranking:
        """Score all photos for some queries."""
        gain = queries.intent @ (self.gains * self.free).T
        bare, attention, recurrence, hub, low_rank, expansion = gain.T[:, :, None]
        base = self._expanded(digest, queries.text + bare * queries.bare, expansion)
        seen = base @ digest.reference.T
        centre, spread = _centre_and_spread(seen)
        to_text = (base @ digest.prototypes.T - centre) / spread
        answered = torch.logsumexp(self.sharpness * (seen - centre) / spread, 1)
        nothing = digest.nothing + self.generic * (answered - math.log(seen.shape[1]))
        logits = torch.cat([nothing[:, None], self.sharpness * to_text + digest.prior], dim=1)
        meant = logits.log_softmax(1)
        chance = meant[:, 1:].exp()
        personal = 1.0 - meant[:, :1].exp()
        pull = attention * chance + low_rank * personal * digest.low_rank * to_text
        scores: Tensor = (
            (base @ digest.vectors.T - centre) / spread
            + pull @ digest.prototypes @ digest.vectors.T / digest.spread
            + recurrence * personal * digest.recurrence
            + hub * (digest.hub / spread)
        )
        return Ranking(scores, meant)

    def _expanded(self, digest: "Digest", base: Tensor, expansion: Tensor) -> Tensor:
        """Texts moved towards the photos that they match, each as well as it does."""
        seen = base @ digest.reference.T
        centre, spread = _centre_and_spread(seen)
        matched = (self.temperature * (seen - centre) / spread).softmax(1)
        towards = (matched - 1.0 / matched.shape[1]) @ digest.reference
        _, width = _centre_and_spread(towards @ digest.reference.T)
        return base + expansion * (spread / width) * towards

    def _links(self, collection: CollectionTensors) -> Tensor:
        """How surely each photo and its nearest show one subject `(n, LINKS)`, 0 where none is."""
        there = collection.neighbours >= 0
        return torch.sigmoid(self.link[0] * collection.closeness - self.link[1]) * there


def _hearts(prior: Tensor, links: Tensor, neighbours: Tensor) -> Tensor:
    """The product's own choice of prototypes, through which no gradient goes."""
    chosen = choose_hearts(*(each.detach().cpu().numpy() for each in (prior, links, neighbours)))
    return torch.from_numpy(chosen).to(prior.device)


def _centre_and_spread(scores: Tensor) -> tuple[Tensor, Tensor]:
    return scores.mean(1, keepdim=True), scores.std(1, keepdim=True).clamp_min(1e-4)


class _Block(nn.Module):
    """Pre-norm attention among prototypes that also sees their inner products, then a layer."""

    def __init__(self, size: NetworkSize) -> None:
        super().__init__()
        self.heads = size.heads
        self.norm = nn.LayerNorm(size.width)
        self.query_key_value = nn.Linear(size.width, 3 * size.width)
        self.alike = nn.Parameter(torch.zeros(2, size.heads))
        self.out = nn.Linear(size.width, size.width)
        self.norm_wide = nn.LayerNorm(size.width)
        self.wide = nn.Linear(size.width, 2 * size.width)
        self.narrow = nn.Linear(2 * size.width, size.width)

    def forward(self, tokens: Tensor, between: Tensor) -> Tensor:
        query, key, value = (
            part.unflatten(1, (self.heads, -1)).transpose(0, 1)
            for part in self.query_key_value(self.norm(tokens)).chunk(3, dim=1)
        )
        logits = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5
        first, second = self.alike[:, :, None, None]
        logits = logits + first * between + second * (between.clamp(-8, 8) ** 2 / 4)
        context = (logits.softmax(-1) @ value).transpose(0, 1).flatten(1)
        tokens = tokens + self.out(context)
        wide = functional.gelu(self.wide(self.norm_wide(tokens)), approximate="tanh")
        result: Tensor = tokens + self.narrow(wide)
        return result
