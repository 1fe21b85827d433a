"""Embedding spaces to train on: k-fold aligned heads over frozen backbones.

Photos of a fold are embedded by heads that never saw them, so every simulated library looks like a
user's own. Photos of a space's fold, and texts, share that space; spaces are never mixed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.lab.cap.backbone_features import photo_features, text_features
from capsearch.lab.cap.heads import AlignedHeads, HeadRecipe, train_heads
from capsearch.lab.cap.simulate import EmbeddingSpace, query_texts
from capsearch.lab.cap.vocabulary import NOUNS, photos_by_noun
from capsearch.lab.captions import read_captions, read_names
from capsearch.personalize.bank import bank_texts
from capsearch.personalize.neighbours import IntArray

BACKBONES = ("lite2", "lite0")
Say = Callable[[str], None]


@dataclass(frozen=True)
class CaptionedPhotos:
    """A folder of captioned photos with its published split.

    names: file names, sorted. captions, photo_of_caption: texts and rows in `names`.
    held_out: `(n,)` bool, photos of the `dev` split, on which nothing is trained.
    """

    folder: Path
    names: tuple[str, ...]
    captions: tuple[str, ...]
    photo_of_caption: IntArray
    held_out: np.ndarray


def read_captioned_photos(folder: Path) -> CaptionedPhotos:
    """Read `images/`, `captions.csv` and `dev.txt` of a folder laid out as Flickr8k is.

    Raises:
        CapsearchError: one of the files is missing or holds something else.
    """
    captions = read_captions(folder / "captions.csv")
    dev = set(read_names(folder / "dev.txt"))
    names = tuple(sorted(set(captions.images)))
    row_of = {name: row for row, name in enumerate(names)}
    return CaptionedPhotos(
        folder,
        names,
        captions.texts,
        np.array([row_of[image] for image in captions.images], dtype=np.int64),
        np.array([name in dev for name in names]),
    )


def build_spaces(
    photos: CaptionedPhotos, cache: Path, folds: int, seed: int, say: Say
) -> tuple[list[EmbeddingSpace], list[EmbeddingSpace]]:
    """Spaces of the folds, for training; and one per backbone of the last fold, for validation.

    Backbone features are kept in `cache`, because reading the photos takes longest.
    """
    texts = tuple(dict.fromkeys((*bank_texts(), *query_texts(NOUNS))))
    caption_features = _kept(cache, "captions", photos.captions, text_features, say)
    query_features = _kept(cache, "queries", texts, text_features, say)
    fold_of = np.random.default_rng(seed).integers(0, folds, len(photos.names))
    fold_of[photos.held_out] = -1
    training: list[EmbeddingSpace] = []
    validation: list[EmbeddingSpace] = []
    for backbone in BACKBONES:
        features = _kept(
            cache,
            backbone,
            photos.names,
            partial(_read_photos, photos.folder / "images", backbone),
            say,
        )
        for fold in range(folds):
            seen = (fold_of != fold) & ~photos.held_out
            heads = _fitted(photos, features, caption_features, seen, seed * 100 + fold)
            space = _space(
                f"{backbone}/{fold}", photos, np.flatnonzero(fold_of == fold), heads, features,
                caption_features, dict(zip(texts, heads.embed_texts(query_features), strict=True)),
            )  # fmt: skip
            (validation if fold == folds - 1 else training).append(space)
            say(f"space {space.name}: {len(space.photos)} photos that its heads never saw")
    return training, validation


def _read_photos(folder: Path, backbone: str, names: Sequence[str]) -> FloatArray:
    return photo_features([folder / name for name in names], backbone)


def _fitted(
    photos: CaptionedPhotos,
    features: FloatArray,
    captions: FloatArray,
    seen: np.ndarray,
    seed: int,
) -> AlignedHeads:
    kept = seen[photos.photo_of_caption]
    return train_heads(features, captions[kept], photos.photo_of_caption[kept], HeadRecipe(), seed)


def _space(
    name: str,
    photos: CaptionedPhotos,
    rows: IntArray,
    heads: AlignedHeads,
    features: FloatArray,
    captions: FloatArray,
    texts: dict[str, FloatArray],
) -> EmbeddingSpace:
    place = np.full(len(photos.names), -1)
    place[rows] = np.arange(len(rows))
    kept = np.flatnonzero(place[photos.photo_of_caption] >= 0)
    row_of = {photos.names[row]: place[row] for row in rows}
    pairs = ((photos.names[photos.photo_of_caption[i]], photos.captions[i]) for i in kept)
    nouns = {
        noun: np.array(sorted(row_of[name] for name in names), dtype=np.int64)
        for noun, names in photos_by_noun(pairs).items()
    }
    return EmbeddingSpace(
        name,
        heads.embed_photos(features[rows]),
        heads.embed_texts(captions[kept]),
        place[photos.photo_of_caption[kept]],
        nouns,
        texts,
        np.stack([texts[text] for text in bank_texts()]),
    )


def _kept(
    cache: Path,
    name: str,
    keys: Sequence[str],
    compute: Callable[[Sequence[str]], FloatArray],
    say: Say,
) -> FloatArray:
    """Features of `keys` from the cache, or computed and kept there."""
    listed, stored = cache / f"{name}.json", cache / f"{name}.npy"
    if stored.exists() and listed.exists() and json.loads(listed.read_text()) == list(keys):
        kept: FloatArray = np.load(stored)
        return kept
    say(f"computing features: {name} ({len(keys)})")
    cache.mkdir(parents=True, exist_ok=True)
    features = compute(keys)
    listed.unlink(missing_ok=True)
    np.save(stored, features)
    listed.write_text(json.dumps(list(keys)))
    return features
