"""Nouns that captions name often enough to ask for: 'my dog', 'our boat'."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

NOUNS: Mapping[str, tuple[str, ...]] = {
    noun: (noun, *plurals.split())
    for noun, plurals in {
        "dog": "dogs", "man": "men", "woman": "women lady", "boy": "boys", "girl": "girls",
        "child": "children kid kids toddler", "baby": "babies", "friend": "friends",
        "ball": "balls", "bike": "bikes bicycle bicycles", "horse": "horses", "cat": "cats",
        "bird": "birds", "boat": "boats kayak canoe raft", "car": "cars", "truck": "trucks jeep",
        "motorcycle": "motorcycles", "skateboard": "skateboards skateboarder", "hat": "hats",
        "helmet": "helmets", "jacket": "jackets coat", "dress": "dresses", "shirt": "shirts",
        "toy": "toys", "frisbee": "frisbees", "guitar": "guitars", "camera": "cameras",
        "backpack": "backpacks", "bag": "bags", "sunglasses": "", "glasses": "", "swing": "swings",
        "slide": "slides", "pool": "pools", "bench": "benches", "chair": "chairs", "couch": "",
        "bed": "beds", "table": "tables", "tent": "tents", "umbrella": "umbrellas",
        "book": "books", "bottle": "bottles", "cup": "cups", "flower": "flowers",
        "tree": "trees", "house": "houses", "fence": "", "rock": "rocks", "mountain": "mountains",
        "beach": "", "park": "", "garden": "gardens yard backyard", "puppy": "puppies",
        "sheep": "", "cow": "cows bull", "costume": "costumes", "team": "teams",
        "surfboard": "surfer surfers", "snowboard": "snowboarder", "sled": "sleds",
        "trampoline": "trampolines", "fountain": "fountains", "flag": "flags", "train": "trains",
        "bus": "buses", "phone": "cellphone phones", "mask": "masks", "scarf": "scarves",
        "boots": "", "shoes": "shoe", "bucket": "buckets", "statue": "statues", "stick": "sticks",
        "balloon": "balloons", "kite": "kites", "drum": "drums", "bride": "", "family": "",
        "wedding": "", "football": "", "basketball": "", "scooter": "scooters",
    }.items()
}  # fmt: skip
"""Singular noun -> the words in a caption that count as naming it."""

_WORD = re.compile(r"[a-z]+")


def photos_by_noun(captions: Iterable[tuple[str, str]], least: int = 2) -> dict[str, set[str]]:
    """Noun -> photos that at least `least` of their captions name so; from (photo, caption)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    noun_of = {word: noun for noun, words in NOUNS.items() for word in words}
    for photo, caption in captions:
        named = {noun_of[word] for word in _WORD.findall(caption.lower()) if word in noun_of}
        counts[photo].update(named)
    photos: dict[str, set[str]] = defaultdict(set)
    for photo, nouns in counts.items():
        for noun, count in nouns.items():
            if count >= least:
                photos[noun].add(photo)
    return dict(photos)
