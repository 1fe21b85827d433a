"""What the network is trained for: the known photos first, and no harm where there are none."""

import torch
from torch import Tensor
from torch.nn import functional


def ranking_loss(scores: Tensor, relevant: Tensor, ignored: Tensor) -> Tensor:
    """Multi-positive InfoNCE: every relevant photo against all that are not, `(q, n)` -> `(q,)`."""
    negatives = scores.masked_fill(relevant | ignored, -torch.inf).logsumexp(1, keepdim=True)
    each = functional.softplus(negatives - scores) * relevant
    return each.sum(1) / relevant.sum(1).clamp_min(1)


def no_regret(own: Tensor, clip: Tensor) -> Tensor:
    """How much worse than CLIP a query is answered; nothing where it is better."""
    return functional.relu(own - clip)


def kept_order(scores: Tensor, clip: Tensor) -> Tensor:
    """KL divergence from CLIP's distribution over the library to the network's, `(q,)`."""
    target = clip.log_softmax(1)
    return (target.exp() * (target - scores.log_softmax(1))).sum(1)
