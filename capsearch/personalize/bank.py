"""Generic photo queries: what people ask of any library, to see which photos answer everything.

A photo that scores well against all sorts of queries is a hub: it pushes in front of the photo
that was asked for. NNN (Chowdhury et al., 2024; https://arxiv.org/abs/2410.24114) measures that
with a bank of queries; this one is made here from plain words, so that it needs no data set.
"""

from itertools import product

_WHO = (
    "a man", "a woman", "a boy", "a girl", "a baby", "a group of people", "two friends",
    "a family", "an old couple", "children", "a dog", "two dogs", "a cat", "a bird", "a horse",
)  # fmt: skip
_DOING = (
    "running through a field", "playing in the water", "sitting on a bench", "jumping in the air",
    "standing in front of a building", "walking down a street", "playing with a ball",
    "climbing a rock", "in the snow", "on the beach", "at a party", "looking at the camera",
    "lying on a couch", "in the kitchen", "eating at a table", "in the mountains",
    "swimming in a pool", "at night in a city", "on a boat", "sleeping on a bed",
)  # fmt: skip
_THINGS = (
    "a bicycle", "a car", "a motorcycle", "a train", "a plane in the sky", "a boat on a lake",
    "a plate of food", "a birthday cake", "a cup of coffee", "a glass of wine", "flowers",
    "a tree", "a sunset over the sea", "a snowy mountain", "a waterfall", "a river in a forest",
    "an empty street", "a city skyline", "a church", "a bridge", "a house", "a garden",
    "a living room", "a bedroom", "a kitchen", "a desk with a laptop", "a bookshelf", "a toy",
    "a pair of shoes", "a backpack", "a hat", "sunglasses", "a guitar", "a phone", "a document",
    "a screenshot of text", "a sign", "a statue", "a painting", "a football match", "a concert",
    "a wedding", "fireworks", "a Christmas tree", "a playground", "a swimming pool", "a museum",
    "a market", "a restaurant", "a skateboarder at a ramp", "a surfer on a wave",
    "a skier going down a slope", "a cyclist on a dirt track", "a rock climber",
    "a basketball player", "a tennis player", "a dancer on a stage", "a crowd of people",
    "a selfie", "a portrait of a woman", "a portrait of a man", "a close-up of a face", "hands",
    "a vase", "a clock", "a chair", "a stuffed animal", "a teapot", "a bowl of fruit", "a bottle",
)  # fmt: skip
_WAYS = ("{}", "a photo of {}", "{} outdoors", "{} indoors")


def bank_texts() -> tuple[str, ...]:
    """The bank's texts, always the same and in the same order; encode them once per encoder."""
    scenes = tuple(f"{who} {doing}" for who, doing in product(_WHO, _DOING))
    things = tuple(way.format(thing) for thing, way in product(_THINGS, _WAYS))
    return scenes + things
