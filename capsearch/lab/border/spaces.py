"""Captioned photos in an encoder's space, or in spaces whose heads never saw them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from capsearch.encoders.base import Encoder
from capsearch.errors import CapsearchError
from capsearch.lab.border.cases import LabelledPhotos
from capsearch.lab.captions import read_captions, read_names
from capsearch.lab.photo_vectors import Progress, encode_photos

FOLDS = 2


def encoded_photos(
    encoder: Encoder,
    folder: Path,
    split: str,
    texts: Sequence[str],
    progress: Progress | None = None,
) -> LabelledPhotos:
    """The photos of `folder`/images that `split`.txt lists, with `captions.csv`.

    Raises:
        CapsearchError: a file is missing, or none of the photos can be read.
    """
    names = read_names(folder / f"{split}.txt")
    captions = read_captions(folder / "captions.csv", folder / f"{split}.txt").by_photo()
    found, vectors = encode_photos(encoder, [folder / "images" / name for name in names], progress)
    if not len(found):
        raise CapsearchError(
            f"No photo of {split}.txt could be read in {folder / 'images'}.",
            "Check the path of the data.",
        )
    # As a library keeps them.
    kept = vectors.astype(np.float16).astype(np.float32)
    own = tuple(captions.get(names[row], ()) for row in found.tolist())
    return LabelledPhotos(
        f"{encoder.name}, {split}",
        kept,
        own,
        dict(zip(texts, encoder.encode_texts(texts), strict=True)),
    )


def held_out_photos(folder: Path, texts: Sequence[str], seed: int) -> list[LabelledPhotos]:
    """The training photos in two spaces of other networks (EfficientNet-Lite0, MiniLM): the heads
    of each were trained on the captions of the photos that are not in it.

    An encoder scores photos that it was trained on better than a user's own; these are clean.

    Raises:
        CapsearchError: a file, or a package of the extra `train`, is missing.
    """
    from capsearch.lab.cap.backbone_features import photo_features, text_features  # noqa: PLC0415
    from capsearch.lab.cap.heads import HeadRecipe, train_heads  # noqa: PLC0415

    names = read_names(folder / "train.txt")
    captions = read_captions(folder / "captions.csv", folder / "train.txt").by_photo()
    features = photo_features([folder / "images" / name for name in names], "lite0")
    owner = np.array([row for row, name in enumerate(names) for _ in captions[name]])
    said = text_features([text for name in names for text in captions[name]])
    asked = text_features(texts)
    fold_of = np.random.default_rng(seed).integers(0, FOLDS, len(names))
    spaces = []
    for fold in range(FOLDS):
        seen = (fold_of != fold)[owner]
        heads = train_heads(features, said[seen], owner[seen], HeadRecipe(), seed + fold)
        rows = np.flatnonzero(fold_of == fold)
        spaces.append(
            LabelledPhotos(
                f"lite0/{fold}, train",
                heads.embed_photos(features[rows]),
                tuple(captions[names[row]] for row in rows.tolist()),
                dict(zip(texts, heads.embed_texts(asked), strict=True)),
            )
        )
    return spaces
