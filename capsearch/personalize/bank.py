"""Generic photo queries: what people ask of any library, to see which photos answer everything.

A photo that scores well against all sorts of queries is a hub: it pushes in front of the photo
that was asked for. NNN (Chowdhury et al., 2024; https://arxiv.org/abs/2410.24114) measures that
with a bank of queries; this one is made here from plain words, so that it needs no data set.
"""

import random

_WHO = (
    "a man", "a woman", "a boy", "a girl", "a baby", "a little girl", "a young boy", "two men",
    "two women", "two children", "a group of people", "a family", "an old couple", "some friends",
    "a toddler", "three girls", "several people", "a crowd", "a child", "an elderly man",
)  # fmt: skip
_LOOK = (
    "in a red shirt", "in a blue jacket", "wearing a hat", "with sunglasses", "in a white dress",
    "with long hair", "in swimming trunks", "wearing a helmet", "in a black coat",
    "with a backpack", "in a costume", "in a uniform", "with a beard", "in jeans", "", "", "", "",
    "",
)  # fmt: skip
_DOING = (
    "runs", "is jumping", "sits", "stands", "walks", "is playing", "is climbing a rock",
    "rides a bike", "is swimming", "is smiling at the camera", "holds a ball", "is dancing",
    "is eating", "is reading a book", "plays a guitar", "takes a picture", "is skateboarding",
    "is surfing a wave", "plays football", "hits a tennis ball", "is fishing", "rides a horse",
    "is skiing", "sleeps", "talks on a phone", "carries a bag", "paddles a boat", "is laughing",
    "throws a frisbee", "is sliding down a slide", "looks at the view", "is cooking",
)  # fmt: skip
_WHERE = (
    "on the beach", "in the snow", "in a field", "on a street", "in a park", "at a table",
    "in the water", "in front of a building", "on a bench", "in the mountains", "at night",
    "in a crowd", "on a dirt track", "near a lake", "in a garden", "in the kitchen",
    "by a swimming pool", "on a stage", "in a forest", "on grass", "at a party", "on a couch",
    "next to a car", "in the city", "on a rocky hill", "indoors", "outside", "at sunset",
)  # fmt: skip
_ANIMALS = (
    "a dog", "a black dog", "a brown dog", "a white dog", "two dogs", "a small dog", "a puppy",
    "a cat", "a bird", "a horse",
)  # fmt: skip
_ANIMALS_DO = (
    "runs", "is jumping over a bar", "catches a ball", "swims", "plays with a toy", "lies down",
    "carries a stick in its mouth", "shakes off water", "looks up", "chases another one",
)  # fmt: skip
_THINGS = (
    "a bicycle", "a car", "a motorcycle", "a train", "a plane in the sky", "a boat on a lake",
    "a plate of food", "a birthday cake", "a cup of coffee", "a glass of wine", "flowers",
    "a tree", "a sunset over the sea", "a snowy mountain", "a waterfall", "a river in a forest",
    "an empty street", "a city skyline", "a church", "a bridge", "a house", "a garden",
    "a living room", "a bedroom", "a kitchen", "a desk with a laptop", "a bookshelf", "a toy",
    "a pair of shoes", "a backpack", "a hat", "sunglasses", "a guitar", "a phone", "a document",
    "a screenshot", "a sign", "a statue", "a painting", "a football match", "a concert",
    "a wedding", "fireworks", "a Christmas tree", "a playground", "a swimming pool", "a museum",
    "a market", "a restaurant", "a selfie", "a portrait", "a close-up", "hands", "a vase",
    "a clock", "a chair", "a stuffed animal", "a teapot", "a bowl of fruit", "a bottle", "a candle",
)  # fmt: skip
_SEED = 2024
_SCENES, _ANIMAL_SCENES = 640, 160


def bank_texts() -> tuple[str, ...]:
    """The bank's texts, always the same and in the same order; encode them once per encoder."""
    draw = random.Random(_SEED)
    scenes = [
        " ".join(" ".join(map(draw.choice, (_WHO, _LOOK, _DOING, _WHERE))).split())
        for _ in range(_SCENES)
    ]
    scenes += [
        " ".join(map(draw.choice, (_ANIMALS, _ANIMALS_DO, _WHERE))) for _ in range(_ANIMAL_SCENES)
    ]
    things = [f"a photo of {thing}" for thing in _THINGS]
    return tuple(dict.fromkeys((*scenes, *things)))
