"""What the network is trained for: the known photos first, and to know where there are none."""

import torch
from torch import Tensor
from torch.nn import functional


def ranking_loss(scores: Tensor, relevant: Tensor, ignored: Tensor) -> Tensor:
    """Multi-positive InfoNCE: every relevant photo against all that are not, `(q, n)` -> `(q,)`."""
    return _over_relevant(functional.softplus(-_margin(scores, relevant, ignored)), relevant)


def misranked(scores: Tensor, relevant: Tensor, ignored: Tensor) -> Tensor:
    """Share of relevant photos that stand behind others, smoothed: 0 to 1, `(q, n)` -> `(q,)`.

    Bounded where InfoNCE is not: a subject that cannot be told from its text is given up, and the
    others need not be answered timidly for its sake.
    """
    return _over_relevant(torch.sigmoid(-_margin(scores, relevant, ignored)), relevant)


def not_said(meant: Tensor, relevant: Tensor, hearts: Tensor) -> Tensor:
    """Negative log-probability of what is meant, `(q,)`: a prototype around a relevant photo, or
    nothing where no photo is. 0 where relevant photos have no prototype.

    meant `(q, 1 + k)` from the network; relevant `(q, n)`; hearts `(k,)` the prototypes' photos.
    """
    right = torch.cat([~relevant.any(1, keepdim=True), relevant[:, hearts]], dim=1)
    there = right.any(1)
    right = right | ~there[:, None]
    return -meant.masked_fill(~right, -torch.inf).logsumexp(1) * there


def kept_order(scores: Tensor, clip: Tensor) -> Tensor:
    """KL divergence from CLIP's distribution over the library to the network's, `(q,)`."""
    target = clip.log_softmax(1)
    return (target.exp() * (target - scores.log_softmax(1))).sum(1)


def _margin(scores: Tensor, relevant: Tensor, ignored: Tensor) -> Tensor:
    """How far each photo stands before all wrong ones together `(q, n)`."""
    wrong = scores.masked_fill(relevant | ignored, -torch.inf).logsumexp(1, keepdim=True)
    return scores - wrong


def _over_relevant(each: Tensor, relevant: Tensor) -> Tensor:
    return (each * relevant).sum(1) / relevant.sum(1).clamp_min(1)
