"""Networks that CAP is compared with; they read raw coordinates, so each fits one space only.

The original block (Antoniou et al.): a pre-norm transformer encoder summarises the collection into
s, and texts and images are moved by x' = x + m T(x * s). DeepSets (Zaheer et al., 2017) and plain
mean pooling make s more simply. With m = 0 at the start, each is exactly CLIP.
"""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

Summary = Literal["original", "deep_sets", "mean"]
_HEADS, _LAYERS, _WIDE = 8, 4, 2048


class CollectionWarp(nn.Module):
    """Warps texts and images by a summary of the collection, then compares them by cosine."""

    def __init__(self, dim: int, summary: Summary) -> None:
        super().__init__()
        self.summary = summary
        self.encoder: nn.Module
        if summary == "original":
            layer = nn.TransformerEncoderLayer(
                dim, _HEADS, _WIDE, dropout=0.0, batch_first=True, norm_first=True
            )
            self.encoder = nn.TransformerEncoder(layer, _LAYERS, enable_nested_tensor=False)
        elif summary == "deep_sets":
            self.encoder = nn.Sequential(nn.Linear(dim, dim), nn.GELU(), nn.Linear(dim, dim))
        else:
            self.encoder = nn.Identity()
        self.after = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim))
        self.warp = nn.Linear(dim, dim)
        self.strength = nn.Parameter(torch.zeros(()))

    def forward(self, collection: Tensor, texts: Tensor, images: Tensor) -> Tensor:
        """Cosines `(q, n)` of texts `(q, dim)` and images `(n, dim)` under a collection `(m, dim)`.

        An empty collection has the summary 0, which warps nothing away from CLIP but a constant.
        """
        if len(collection) == 0:
            return functional.normalize(texts, dim=1) @ functional.normalize(images, dim=1).T
        read: Tensor = self.encoder(collection[None])[0]
        summary = self.after(read.mean(0))
        return self._warped(texts, summary) @ self._warped(images, summary).T

    def _warped(self, vectors: Tensor, summary: Tensor) -> Tensor:
        moved = vectors + self.strength * self.warp(vectors * summary)
        return functional.normalize(moved, dim=1)
