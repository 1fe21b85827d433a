"""How much of the network's word is taken: a gain chosen on users it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.cap.objective import PreparedUser, clip_scores
from capsearch.lab.cap.simulate import CAPTION_UNDERSPECIFIED
from capsearch.lab.cap.torch_network import GAINS, CapNetwork

_CAPTION_LOSS_ALLOWED = 0.005


@dataclass(frozen=True)
class GainChoice:
    """The gain, and what it was chosen by: paired differences to CLIP on validation users."""

    gain: float
    personal: Interval
    captions: Interval

    def describe(self) -> str:
        """One line for people."""
        return (
            f"gain {self.gain}: mAP on 'my ...' {self.personal.mean:+.3f} against CLIP "
            f"[{self.personal.low:+.3f}, {self.personal.high:+.3f}], caption R@1 "
            f"{self.captions.mean:+.3f} [{self.captions.low:+.3f}, {self.captions.high:+.3f}]"
        )

    def as_json(self) -> dict[str, object]:
        """The same for the model card."""
        return {
            "gain": self.gain,
            "validation_map_minus_clip": [
                self.personal.mean, self.personal.low, self.personal.high,
            ],
            "validation_caption_recall_at_1_minus_clip": [
                self.captions.mean, self.captions.low, self.captions.high,
            ],
        }  # fmt: skip


def choose_gain(network: CapNetwork, users: Sequence[PreparedUser]) -> GainChoice:
    """1 where the network helps on 'my ...' and costs captions nothing to speak of, else 0.

    Shipped at 0, which is plain CLIP, unless the interval of its benefit lies above 0.
    """
    measured = _measured(network, users)
    harmless = measured.captions.mean >= -_CAPTION_LOSS_ALLOWED
    return measured if harmless and measured.personal.above_zero else replace(measured, gain=0.0)


def apply_gain(network: CapNetwork, gain: float) -> None:
    """Multiply all gains of a network."""
    with torch.no_grad():
        network.gains.mul_(gain)


def level_hub(network: CapNetwork) -> None:
    """Let the hub correction of a query without 'my' be the same however much the query says.

    Users ask full captions and 'my noun'; how 'noun' alone should be corrected is never taught, and
    the slope between the two is what 'my noun' needs. Neither of those changes by this.
    """
    hub = network.gains.detach()[GAINS.index("hub")]
    slope = hub[1].clone()
    hub[0] += CAPTION_UNDERSPECIFIED * slope
    hub[3] += (1.0 - CAPTION_UNDERSPECIFIED) * slope
    hub[1] = 0.0


def average_precision(scores: npt.NDArray[np.floating], relevant: npt.NDArray[np.bool_]) -> float:
    """Average precision of one ranking; ties keep the photos' order."""
    places = np.flatnonzero(relevant[np.argsort(-scores, kind="stable")])
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1)))


def _measured(network: CapNetwork, users: Sequence[PreparedUser]) -> GainChoice:
    differences: dict[str, list[float]] = {"personal": [], "caption": []}
    owners: dict[str, list[int]] = {"personal": [], "caption": []}
    for number, user in enumerate(users):
        for asked in user.queries:
            if asked.kind not in differences:
                continue
            with torch.inference_mode():
                scores = network(user.collection, asked.queries).numpy()
                clip = clip_scores(user.collection, asked.queries).numpy()
            relevant = asked.relevant.numpy()
            for own, other, right in zip(scores, clip, relevant, strict=True):
                if asked.kind == "personal":
                    gained = average_precision(own, right) - average_precision(other, right)
                else:
                    gained = float(right[own.argmax()]) - float(right[other.argmax()])
                differences[asked.kind].append(gained)
                owners[asked.kind].append(number)
    personal, captions = (
        interval_over_users(np.array(differences[kind]), np.array(owners[kind]))
        for kind in ("personal", "caption")
    )
    return GainChoice(1.0, personal, captions)
