"""What is said about ImageNet's 1,000 classes, and made-up photos of them to train on.

No object photo is at hand, so a photo of class c is imitated in the classifier's feature space:
a real photo's features, faded, moved along the classifier's weights of c until c leads the other
classes by a random margin. Its confusions are then those of the classifier's own weights.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES
from timm.data.imagenet_info import ImageNetInfo
from torchvision.models import EfficientNet_B0_Weights  # type: ignore[import-untyped]

CLASSES = 1000
_STEPS = torch.linspace(0.0, 12.0, 25)

TEMPLATES = ("{}", "{}", "{}", "a {}", "a photo of a {}", "photo of a {}", "the {}", "my {}")

# Everyday words that are no class themselves -> ranges of class numbers (both ends included).
HYPERNYMS = {
    "dog": "151-268", "puppy": "151-268", "cat": "281-285", "kitten": "281-285",
    "pet": "151-268,281-285,330-338", "animal": "0-397", "wild animal": "269-299,340-397",
    "bird": "7-24,80-100,127-146", "fish": "0-6,389-397", "shark": "2-4", "snake": "52-68",
    "lizard": "38-48", "turtle": "33-37", "frog": "30-32", "spider": "72-77", "insect": "300-326",
    "butterfly": "321-326", "beetle": "300-307", "bear": "294-297", "monkey": "369-382",
    "ape": "365-368", "big cat": "286-293", "wolf": "269-272", "fox": "277-280", "horse": "339",
    "cow": "345-347", "sheep": "348-350", "duck": "97-98", "elephant": "385-386", "crab": "118-121",
    "rabbit": "330-332", "flower": "985-986", "fruit": "948-957", "vegetable": "936-947",
    "mushroom": "991-997", "food": "924-935,959-965",
    "car": "436,468,479,511,609,627,656,661,751,817",
    "truck": "555,569,675,717,864,867", "bus": "654,779,874",
    "boat": "472,554,576,625,814,914,484,628", "ship": "510,628,403", "airplane": "404,895",
    "train": "466,547,820,829", "bicycle": "444,671", "bike": "444,671", "motorcycle": "665,670",
    "vehicle": "407,436,468,479,511,555,569,609,627,654,656,661,675,717,751,779,817,864,867,874",
    "chair": "423,559,765", "table": "532,736", "bed": "520,564", "sofa": "831", "lamp": "619,846",
    "clock": "409,530,892", "watch": "531", "phone": "487,528,707", "computer": "527,590,620,681",
    "camera": "732,759", "bottle": "440,720,737,898,907", "cup": "968,504,647", "mug": "504",
    "bowl": "659,809", "hat": "515,808,439", "shoe": "514,630,770,774", "shoes": "514,630,770,774",
    "glasses": "836,837", "bag": "414,636,728,748", "rucksack": "414", "guitar": "402,546",
    "piano": "579,881", "drums": "541", "ball": "429,430,522,574,722,768,805,852,890",
    "toy": "850", "stuffed animal": "850", "plush toy": "850", "bridge": "821,839,888",
    "church": "497", "house": "449,663", "mountain": "970,972,979,980", "mountains": "970,979,980",
    "beach": "975-978", "sea": "973,975-978", "lake": "975",
    "musical instrument": "401-402,486,541,546,579,889,881",
    "furniture": "423,532,559,765,831,520,564",
}  # fmt: skip


@dataclass(frozen=True)
class ObjectQuery:
    """A text and the classes whose photos it should find."""

    text: str
    classes: tuple[int, ...]


def class_names() -> list[list[str]]:
    """Every name at hand of each class: open_clip's, torchvision's and WordNet's lemmas."""
    info = ImageNetInfo("imagenet-1k")
    lemmas = [info.index_to_description(i).split(",") for i in range(CLASSES)]
    names = []
    torchvision_names = EfficientNet_B0_Weights.DEFAULT.meta["categories"]
    for clip, vision, synset in zip(IMAGENET_CLASSNAMES, torchvision_names, lemmas, strict=True):
        found = [clip, vision, *(lemma.strip() for lemma in synset)]
        names.append(list(dict.fromkeys(found)))
    return names


def class_definitions() -> list[str]:
    """WordNet's definition of each class."""
    info = ImageNetInfo("imagenet-1k")
    return [
        info.index_to_description(i, detailed=True).partition(":")[2].strip()
        for i in range(CLASSES)
    ]


def hypernym_queries() -> list[ObjectQuery]:
    """Everyday words that stand for several classes."""
    return [ObjectQuery(word, _expand(ranges)) for word, ranges in HYPERNYMS.items()]


def _expand(ranges: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return tuple(numbers)


def sample_queries(
    rng: np.random.Generator,
    count: int,
    names: list[list[str]],
    definitions: list[str],
    hypernyms: list[ObjectQuery],
) -> list[ObjectQuery]:
    """Texts as people may type them: names in several forms, some hypernyms and definitions."""
    queries = []
    for c in rng.integers(0, CLASSES, count):
        kind = rng.random()
        if kind < 0.2:
            query = hypernyms[rng.integers(len(hypernyms))]
            text, classes = query.text, query.classes
        elif kind < 0.25:
            text, classes = definitions[c], (int(c),)
        else:
            # The first two names (open_clip, torchvision) are the usual ones.
            own = names[c]
            pick = rng.integers(min(2, len(own))) if kind < 0.7 else rng.integers(len(own))
            text, classes = own[pick], (int(c),)
        if kind < 0.2 or kind >= 0.25:
            text = TEMPLATES[rng.integers(len(TEMPLATES))].format(text)
        queries.append(ObjectQuery(text, classes))
    return queries


def imitate_photos(
    features: torch.Tensor,
    classes: npt.NDArray[np.int64],
    weight: torch.Tensor,
    bias: torch.Tensor,
    rng: np.random.Generator,
) -> torch.Tensor:
    """Features of made-up photos of `classes`.

    Args:
        features: `(n, 1280)` pooled features of real photos: background and noise.
        classes: `(n,)` the class that each photo should show.
        weight: `(1000, 1280)` the classifier's weights.
        bias: `(1000,)` the classifier's biases.
        rng: where the margins come from.
    """
    n = len(classes)
    wanted = torch.from_numpy(classes)
    fade = torch.from_numpy(rng.uniform(0.3, 0.9, (n, 1)).astype(np.float32))
    start = features * fade
    direction = weight[wanted] - weight.mean(0)
    direction = direction / direction.norm(dim=1, keepdim=True)
    margin = torch.from_numpy(rng.normal(1.5, 2.0, n).astype(np.float32))
    logits = start @ weight.T + bias
    gain = direction @ weight.T
    rows = torch.arange(n)
    best = torch.full((n,), float(_STEPS[-1]))
    for step in _STEPS.flip(0):
        moved = logits + step * gain
        own = moved[rows, wanted].clone()
        moved[rows, wanted] = -torch.inf
        best = torch.where(own - moved.amax(1) >= margin, step, best)
    return torch.relu(start + best[:, None] * direction)
