"""Two small heads that align frozen photo and text features into one space, CLIP's way.

Trained on one part of the photos and used on the rest, they give clean, held-out embeddings of
training photos: an encoder embeds photos that it was trained on far better than a user's own, and
a CAP network trained on those would learn from a likeness that no real library has.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from capsearch.encoders.base import FloatArray

_TEMPERATURE = 0.05


@dataclass(frozen=True)
class HeadRecipe:
    """Size and schedule of one pair of heads."""

    dim: int = 256
    hidden: int = 512
    epochs: int = 6
    batch: int = 1024
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.1
    dropout: float = 0.3


class AlignedHeads:
    """A trained pair of heads; features in, `(n, dim)` float32 unit rows out."""

    def __init__(self, photo_head: nn.Module, text_head: nn.Module) -> None:
        self._photo_head = photo_head.eval()
        self._text_head = text_head.eval()

    def embed_photos(self, features: FloatArray) -> FloatArray:
        """Unit vectors of photos from their backbone features `(n, channels)`."""
        return _embed(self._photo_head, features)

    def embed_texts(self, features: FloatArray) -> FloatArray:
        """Unit vectors of texts from their sentence features `(n, 384)`."""
        return _embed(self._text_head, features)


def train_heads(
    photos: FloatArray, texts: FloatArray, photo_of_text: np.ndarray, recipe: HeadRecipe, seed: int
) -> AlignedHeads:
    """Align photos `(n, c)` with their texts `(m, 384)`; text i belongs to `photo_of_text[i]`."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        photo_head = _head(photos, recipe)
        text_head = _head(texts, recipe)
        modules = nn.ModuleList([photo_head, text_head])
        photo_tensor, text_tensor = torch.from_numpy(photos), torch.from_numpy(texts)
        owner = torch.from_numpy(np.ascontiguousarray(photo_of_text))
        steps = max(1, len(owner) // recipe.batch) * recipe.epochs
        optimizer = torch.optim.AdamW(
            modules.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.1
        )
        modules.train()
        for step in range(steps):
            if step % max(1, len(owner) // recipe.batch) == 0:
                order = torch.randperm(len(owner), generator=generator)
                start = 0
            chosen = order[start : start + recipe.batch]
            start += recipe.batch
            loss = _contrastive(
                photo_head(photo_tensor[owner[chosen]]),
                text_head(text_tensor[chosen]),
                owner[chosen],
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return AlignedHeads(photo_head, text_head)


def _head(features: FloatArray, recipe: HeadRecipe) -> nn.Sequential:
    scale = float(np.sqrt((features.astype(np.float64) ** 2).mean())) + 1e-6
    return nn.Sequential(
        _Scale(1.0 / scale),
        nn.LayerNorm(features.shape[1]),
        nn.Linear(features.shape[1], recipe.hidden),
        nn.GELU(),
        nn.Dropout(recipe.dropout),
        nn.Linear(recipe.hidden, recipe.dim),
    )


class _Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, value: torch.Tensor) -> torch.Tensor:
        return value * self.factor


def _contrastive(photos: torch.Tensor, texts: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
    logits = functional.normalize(photos, dim=-1) @ functional.normalize(texts, dim=-1).T
    logits = logits / _TEMPERATURE
    same = (owner[:, None] == owner[None, :]).float()
    target = same / same.sum(1, keepdim=True)
    forward = -(target * functional.log_softmax(logits, 1)).sum(1).mean()
    backward = -(target * functional.log_softmax(logits.T, 1)).sum(1).mean()
    return (forward + backward) / 2


def _embed(head: nn.Module, features: FloatArray) -> FloatArray:
    with torch.inference_mode():
        vectors = functional.normalize(head(torch.from_numpy(features)), dim=-1)
    return vectors.numpy().astype(np.float32)
