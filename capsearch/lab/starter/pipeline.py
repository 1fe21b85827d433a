"""The whole training, phase by phase; a finished phase is kept and not done again."""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from capsearch.files import write_whole
from capsearch.lab.backbones.lite import PHOTO_SIZES, load_lite, pooled_network
from capsearch.lab.starter.align import Alignment, ImageFeatures, Recipe
from capsearch.lab.starter.captions import CaptionSet, read_split
from capsearch.lab.starter.export import export_encoder
from capsearch.lab.starter.features import VIEWS, pooled_features

_QUICK_PHOTOS = 640
# Goes up with the tensors of a kept phase: what an older version kept is not taken for today's.
_STATE = 2


def train_starter(data: Path, output: Path, cache: Path, *, quick: bool, seed: int) -> None:
    """Make the starter encoder from packaged weights and Flickr8k's training photos.

    Args:
        data: folder with `images/`, `captions.csv` and `train.txt`.
        output: where the encoder's files are put.
        cache: features and trained parameters of finished phases.
        quick: a few photos and steps, to see that everything runs.
        seed: of every random choice.
    """
    cache.mkdir(parents=True, exist_ok=True)
    captions, recipe = read_split(data, "train"), Recipe()
    if quick:
        captions = CaptionSet(captions.names[:_QUICK_PHOTOS], captions.captions[:_QUICK_PHOTOS])
        recipe = replace(recipe, warm_steps=20, joint_steps=4, batch=128, gallery=256)
    lite2 = load_lite("lite2")
    pooled = _pooled(lite2, data / "images", captions, cache)
    classifier = lite2.classifier
    features = ImageFeatures(
        pooled=pooled, weight=classifier.weight.detach(), bias=classifier.bias.detach()
    )
    alignment = Alignment(captions, features, recipe, seed)
    tag = _key(captions, recipe, seed, _STATE)
    _phase(alignment, cache / f"heads-{tag}.pt", alignment.warm_up)
    _phase(alignment, cache / f"towers-{tag}.pt", alignment.train_jointly)
    export_encoder(output, lite2, alignment.image_head, alignment.tower, alignment.text_head)
    print(f"The encoder is in {output}.", file=sys.stderr)


def _pooled(lite2: Any, images: Path, captions: CaptionSet, cache: Path) -> torch.Tensor:
    """Features of every view, `(views, n, 1280)` float16."""
    model = cache / "pooled.onnx"
    if not model.exists():
        with write_whole(model) as file:
            file.write(pooled_network(lite2, PHOTO_SIZES["lite2"]))
    views = []
    for view in range(VIEWS):
        path = cache / f"view{view}-{_key(captions.names)}.npy"
        if not path.exists():
            _save_rows(path, pooled_features(model, images, captions.names, view))
        views.append(torch.from_numpy(np.load(path)).half())
    return torch.stack(views)


def _key(*settings: object) -> str:
    """Short name for what a kept result depends on."""
    return hashlib.sha256(repr(settings).encode()).hexdigest()[:12]


def _save_rows(path: Path, rows: npt.NDArray[np.float32]) -> None:
    with write_whole(path) as file:
        np.save(file, rows)


def _phase(alignment: Alignment, path: Path, train: Callable[[], None]) -> None:
    """Do a phase, or take what an earlier run kept of it."""
    if path.exists():
        alignment.load_state_dict(torch.load(path, weights_only=True))
        return
    train()
    with write_whole(path) as file:
        torch.save(alignment.state_dict(), file)
