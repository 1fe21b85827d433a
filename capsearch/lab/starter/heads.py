"""The trainable join of the two towers: captions half, objects half, and the text's gate."""

import torch
from torch import nn
from torch.nn import functional

FEATURES = 1280
TEXT_WIDTH = 384
CAPTION_DIM = 352
OBJECT_DIM = 160
DIM = CAPTION_DIM + OBJECT_DIM
FEATURE_SCALE = 36.0


class Residual(nn.Module):
    """A linear map plus a two-layer correction."""

    def __init__(self, inputs: int, hidden: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)
        self.up = nn.Linear(inputs, hidden)
        self.down = nn.Linear(hidden, outputs)
        self.dropout = dropout

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(n, inputs)` -> `(n, outputs)`."""
        hidden = functional.gelu(self.up(functional.dropout(x, self.dropout, self.training)))
        hidden = functional.dropout(hidden, self.dropout, self.training)
        mapped: torch.Tensor = self.linear(x) + self.down(hidden)
        return mapped


class ImageHead(nn.Module):
    """Pooled features and class logits -> unit vectors `(n, 512)`.

    The first half is trained on captions; the second is the classes' vectors, weighted by the
    classifier's softmax (ConSE, Norouzi et al. 2014). Both halves weigh the same.
    """

    def __init__(self, class_vectors: torch.Tensor) -> None:
        super().__init__()
        self.captions = Residual(FEATURES, 1536, CAPTION_DIM, 0.3)
        self.classes = nn.Parameter(class_vectors.clone())
        self.sharpness = nn.Parameter(torch.zeros(()))

    def forward(self, pooled: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        """Args: pooled `(n, 1280)`; logits `(n, 1000)` of the frozen classifier."""
        features = functional.normalize(pooled, dim=-1) * FEATURE_SCALE
        captions = functional.normalize(
            self.captions(functional.dropout(features, 0.1, self.training)), dim=-1
        )
        shares = torch.softmax(logits * self.sharpness.exp(), dim=-1)
        objects = functional.normalize(shares @ self.classes, dim=-1)
        unit: torch.Tensor = torch.cat([captions, objects], -1) * 0.5**0.5
        return unit


class TextHead(nn.Module):
    """Pooled text -> unit vectors `(n, 512)`; a gate shares the length between the halves.

    A caption leans on the first half, an object's name on the second: so neither goal costs the
    other, and a plain inner product still ranks.
    """

    def __init__(self, object_weight: torch.Tensor, object_bias: torch.Tensor) -> None:
        super().__init__()
        self.captions = Residual(TEXT_WIDTH, 1024, CAPTION_DIM, 0.3)
        self.objects = nn.Linear(TEXT_WIDTH, OBJECT_DIM)
        self.gate = nn.Linear(TEXT_WIDTH, 1)
        with torch.no_grad():
            self.objects.weight.copy_(object_weight)
            self.objects.bias.copy_(object_bias)
            self.gate.weight.zero_()
            self.gate.bias.fill_(1.0)

    def forward(self, pooled: torch.Tensor) -> torch.Tensor:
        """Args: pooled `(n, 384)`."""
        x = functional.normalize(pooled, dim=-1) * TEXT_WIDTH**0.5
        share = torch.sigmoid(self.gate(x))
        captions = functional.normalize(self.captions(x), dim=-1) * share.sqrt()
        objects = functional.normalize(self.objects(x), dim=-1) * (1.0 - share).sqrt()
        return torch.cat([captions, objects], -1)


def object_space(
    name_vectors: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Where the objects half starts: half-whitened principal axes of the classes' names.

    Args:
        name_vectors: `(1000, 384)` text vectors of the classes, of length 1.

    Returns:
        The classes' vectors `(1000, 160)`; weight `(160, 384)` and bias `(160,)` of the same map
        for texts of length sqrt(384).
    """
    mean = name_vectors.mean(0)
    centred = name_vectors - mean
    _, sizes, axes = torch.linalg.svd(centred, full_matrices=False)
    stretch = axes[:OBJECT_DIM] / sizes[:OBJECT_DIM, None].sqrt()
    classes = centred @ stretch.T
    return functional.normalize(classes, dim=-1), stretch, -(stretch @ mean) * TEXT_WIDTH**0.5
