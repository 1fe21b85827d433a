"""Joins the towers: heads first on frozen towers, then heads and text tower together."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from capsearch.lab.backbones.minilm import MiniLMTokenizer, load_minilm, pool_texts
from capsearch.lab.starter.captions import CAPTIONS_PER_PHOTO, CaptionSet, shared_words
from capsearch.lab.starter.heads import ImageHead, TextHead, object_space
from capsearch.lab.starter.objects import (
    CLASSES,
    TEMPLATES,
    ObjectQuery,
    class_definitions,
    class_names,
    hypernym_queries,
    imitate_photos,
    sample_queries,
)

OBJECT_PHOTOS = 256
MAX_TOKENS = 48

IntArray = npt.NDArray[np.int64]
# Caption rows and short texts -> their pooled text vectors, in that order.
Pool = Callable[[IntArray, list[str]], torch.Tensor]


@dataclass(frozen=True)
class Recipe:
    """How long and how fast to learn."""

    warm_steps: int = 500
    joint_steps: int = 400
    batch: int = 512
    gallery: int = 1024
    object_queries: int = 64
    word_queries: int = 32
    warm_rate: float = 1e-3
    head_rate: float = 4e-4
    tower_rate: float = 1e-4
    weight_decay: float = 0.05
    object_weight: float = 0.3
    word_weight: float = 0.3
    half_weight: float = 0.5


@dataclass(frozen=True)
class ImageFeatures:
    """What the frozen image tower says of the training photos.

    `pooled` is `(views, n, 1280)`; `weight` and `bias` are the classifier's.
    """

    pooled: torch.Tensor
    weight: torch.Tensor
    bias: torch.Tensor


class Alignment:
    """The model under training and the data it sees."""

    def __init__(
        self, data: CaptionSet, features: ImageFeatures, recipe: Recipe, seed: int
    ) -> None:
        torch.manual_seed(seed)
        self.seed = seed
        self.rng = np.random.default_rng(seed)
        self.data, self.features, self.recipe = data, features, recipe
        self.tokenizer = MiniLMTokenizer(MAX_TOKENS)
        self.tower = load_minilm(MAX_TOKENS)
        self.names = class_names()
        self.definitions = class_definitions()
        self.hypernyms = hypernym_queries()
        self.words = list(shared_words(data).items())
        classes, weight, bias = object_space(self._name_vectors())
        self.image_head = ImageHead(classes)
        self.text_head = TextHead(weight, bias)
        self.log_scale = torch.nn.Parameter(torch.tensor(math.log(25.0)))
        self.half_log_scale = torch.nn.Parameter(torch.tensor(math.log(25.0)))

    def _name_vectors(self) -> torch.Tensor:
        """Mean of the unit vectors of each class's names, `(1000, 384)`."""
        flat = [name for names in self.names for name in names]
        vectors = functional.normalize(self._pool_frozen(flat), dim=-1)
        counts = [len(names) for names in self.names]
        return torch.stack(
            [functional.normalize(v.mean(0), dim=0) for v in torch.split(vectors, counts)]
        )

    def _pool_frozen(self, texts: Sequence[str]) -> torch.Tensor:
        return pool_texts(self.tower, self.tokenizer, texts, half=True)

    def heads(self) -> list[torch.nn.Parameter]:
        """All trained parameters but the text tower's."""
        return [
            *self.image_head.parameters(),
            *self.text_head.parameters(),
            self.log_scale,
            self.half_log_scale,
        ]

    def state_dict(self) -> dict[str, Any]:
        """Everything that training changes."""
        return {
            "tower": self.tower.state_dict(),
            "image_head": self.image_head.state_dict(),
            "text_head": self.text_head.state_dict(),
            "scales": torch.stack([self.log_scale, self.half_log_scale]).detach(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.tower.load_state_dict(state["tower"])
        self.image_head.load_state_dict(state["image_head"])
        self.text_head.load_state_dict(state["text_head"])
        with torch.no_grad():
            self.log_scale.copy_(state["scales"][0])
            self.half_log_scale.copy_(state["scales"][1])

    def encode_features(self, pooled: torch.Tensor) -> torch.Tensor:
        """Pooled features -> unit vectors."""
        logits = pooled @ self.features.weight.T + self.features.bias
        with torch.autocast("cpu", torch.bfloat16, enabled=self.image_head.training):
            unit: torch.Tensor = self.image_head(pooled, logits)
        return unit.float()

    def warm_up(self) -> None:
        """Train the heads on vectors of the frozen text tower."""
        flat = [text for five in self.data.captions for text in five]
        captions = self._pool_frozen(flat)
        known = [q.text for q in self._all_object_texts()]
        cache = dict(zip(known, self._pool_frozen(known), strict=True))

        def pool(rows: IntArray, short: list[str]) -> torch.Tensor:
            return torch.cat([captions[rows], torch.stack([cache[text] for text in short])])

        optimizer = torch.optim.AdamW(
            self.heads(), self.recipe.warm_rate, weight_decay=self.recipe.weight_decay
        )
        self._run("heads", self.recipe.warm_steps, optimizer, pool)

    def train_jointly(self) -> None:
        """Train heads and text tower."""
        flat = [text for five in self.data.captions for text in five]
        recipe = self.recipe

        def pool(rows: IntArray, short: list[str]) -> torch.Tensor:
            self.tower.train()
            order = sorted(rows.tolist(), key=lambda i: len(flat[i]))
            where = {row: place for place, row in enumerate(order)}
            parts = []
            with torch.autocast("cpu", torch.bfloat16):
                for start in range(0, len(order), 128):
                    part = [flat[i] for i in order[start : start + 128]]
                    parts.append(self.tower(*self.tokenizer.batch(part)).float())
                shorts = self.tower(*self.tokenizer.batch(short)).float()
            pooled = torch.cat(parts)[[where[row] for row in rows.tolist()]]
            return torch.cat([pooled, shorts])

        optimizer = torch.optim.AdamW(
            [
                {"params": self.heads(), "lr": recipe.head_rate},
                {"params": list(self.tower.parameters()), "lr": recipe.tower_rate},
            ],
            weight_decay=recipe.weight_decay,
        )
        self._run("towers", recipe.joint_steps, optimizer, pool)

    def _all_object_texts(self) -> list[ObjectQuery]:
        plain = [name for names in self.names for name in names]
        plain += [query.text for query in self.hypernyms]
        plain += [word for word, _ in self.words]
        forms = {template.format(text) for text in plain for template in TEMPLATES}
        return [ObjectQuery(text, ()) for text in (*forms, *self.definitions)]

    def _run(self, phase: str, steps: int, optimizer: torch.optim.Optimizer, pool: Pool) -> None:
        # Each phase draws its own numbers, so that a resumed run equals an unbroken one.
        self.rng = np.random.default_rng([self.seed, steps])
        torch.manual_seed(self.seed + steps)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, [g["lr"] for g in optimizer.param_groups], total_steps=steps, pct_start=0.1
        )
        begun = time.monotonic()
        rows = self._caption_rows()
        for step in range(steps):
            self.image_head.train()
            self.text_head.train()
            loss, parts = self._loss(next(rows), pool)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(self.heads(), 5.0)
            optimizer.step()
            schedule.step()
            if step % 20 == 19:
                spent = time.monotonic() - begun
                print(
                    f"{phase} {step + 1}/{steps} {spent:.0f} s losses {parts}",
                    file=sys.stderr,
                    flush=True,
                )

    def _caption_rows(self) -> Iterator[IntArray]:
        """Endless batches of caption rows, no photo twice in one batch."""
        n = len(self.data.names)
        while True:
            photos = self.rng.permutation(n)
            for start in range(0, n - self.recipe.batch + 1, self.recipe.batch):
                part = photos[start : start + self.recipe.batch]
                yield part * CAPTIONS_PER_PHOTO + self.rng.integers(
                    0, CAPTIONS_PER_PHOTO, len(part)
                )

    def _loss(self, rows: IntArray, pool: Pool) -> tuple[torch.Tensor, list[float]]:
        recipe, rng = self.recipe, self.rng
        queries = sample_queries(
            rng, recipe.object_queries, self.names, self.definitions, self.hypernyms
        )
        words = [self.words[i] for i in rng.integers(0, len(self.words), recipe.word_queries)]
        forms = [TEMPLATES[i] for i in rng.integers(0, len(TEMPLATES), len(words))]
        short = [q.text for q in queries]
        short += [form.format(word) for form, (word, _) in zip(forms, words, strict=True)]
        pooled = pool(rows, short)
        with torch.autocast("cpu", torch.bfloat16):
            text = self.text_head(pooled).float()
        captions, objects, nouns = torch.split(text, [len(rows), len(queries), len(words)])

        photos = rows // CAPTIONS_PER_PHOTO
        others = rng.permutation(np.setdiff1d(np.arange(len(self.data.names)), photos))
        gallery = np.concatenate([photos, others[: recipe.gallery - len(photos)]])
        images = self.encode_features(self._views(gallery))
        scale = self.log_scale.exp().clamp(max=100.0)
        half_scale = self.half_log_scale.exp().clamp(max=100.0)
        whole = _caption_loss(captions, images, scale)
        half = images.shape[1] - self.text_head.objects.out_features
        left = _caption_loss(
            functional.normalize(captions[:, :half], dim=-1),
            functional.normalize(images[:, :half], dim=-1),
            half_scale,
        )
        word = _multi_loss(nouns, images, self._word_targets(words, gallery), scale)
        object_ = self._object_loss(objects, queries, scale)
        loss = (
            whole
            + recipe.half_weight * left
            + recipe.word_weight * word
            + recipe.object_weight * object_
        )
        return loss, [round(part.item(), 3) for part in (whole, left, word, object_)]

    def _views(self, photos: IntArray) -> torch.Tensor:
        views = self.rng.integers(0, len(self.features.pooled), len(photos))
        return self.features.pooled[views, photos].float()

    @staticmethod
    def _word_targets(words: list[tuple[str, list[int]]], gallery: IntArray) -> torch.Tensor:
        return torch.from_numpy(np.stack([np.isin(gallery, rows) for _, rows in words]))

    def _object_loss(
        self, objects: torch.Tensor, queries: list[ObjectQuery], scale: torch.Tensor
    ) -> torch.Tensor:
        rng = self.rng
        asked = [rng.choice(query.classes) for query in queries]
        classes = np.concatenate([asked, rng.integers(0, CLASSES, OBJECT_PHOTOS - len(asked))])
        background = self._views(rng.integers(0, len(self.data.names), OBJECT_PHOTOS))
        photos = imitate_photos(background, classes, self.features.weight, self.features.bias, rng)
        targets = np.stack([np.isin(classes, query.classes) for query in queries])
        return _multi_loss(objects, self.encode_features(photos), torch.from_numpy(targets), scale)


def _caption_loss(texts: torch.Tensor, images: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE; text i belongs to image i, further images are negatives only."""
    scores = scale * texts @ images.T
    target = torch.arange(len(texts))
    return (
        functional.cross_entropy(scores, target)
        + functional.cross_entropy(scores.T[: len(texts)], target)
    ) / 2


def _multi_loss(
    texts: torch.Tensor, images: torch.Tensor, targets: torch.Tensor, scale: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy to an even share over the images that fit each text."""
    shares = targets.float() / targets.sum(1, keepdim=True).clamp(min=1)
    return -(shares * functional.log_softmax(scale * texts @ images.T, dim=-1)).sum(1).mean()
