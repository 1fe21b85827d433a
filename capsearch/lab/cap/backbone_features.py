"""The raw features that embedding spaces are built on, by frozen backbones.

Neither backbone has seen the pairs that the aligned heads of `spaces` are trained on.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from capsearch.encoders.base import ByteArray, FloatArray, InputSpec, image_to_input
from capsearch.encoders.onnx_session import open_session
from capsearch.lab.backbones.lite import FEATURES, PHOTO_SIZES, load_lite, pooled_network
from capsearch.lab.backbones.minilm import MiniLMTokenizer, load_minilm, pool_texts
from capsearch.lab.photo_vectors import pixel_batches, read_for_training

_PHOTOS_AT_ONCE = 32
_MAX_TOKENS = 64


def photo_features(paths: Sequence[Path], backbone: str) -> FloatArray:
    """Pooled features `(n, 1280)` float32 of the photos, of `lite0` or `lite2`.

    Raises:
        CapsearchError: the backbone's package is not installed.
    """
    size = PHOTO_SIZES[backbone]
    session = open_session(pooled_network(load_lite(backbone), size), torch.get_num_threads())
    read = partial(_pixels, paths, InputSpec(size=size))
    rows = [
        session.run(None, {"pixels": np.stack(batch)})[0].astype(np.float32)
        for _, batch in pixel_batches(len(paths), read, _PHOTOS_AT_ONCE)
    ]
    return np.concatenate(rows) if rows else np.zeros((0, FEATURES), dtype=np.float32)


def text_features(texts: Sequence[str]) -> FloatArray:
    """MiniLM sentence features `(n, 384)` float32, unit rows (mean pooling).

    Raises:
        CapsearchError: the package with MiniLM is not installed.
    """
    tower, tokenizer = load_minilm(_MAX_TOKENS), MiniLMTokenizer(_MAX_TOKENS)
    features: FloatArray = functional.normalize(pool_texts(tower, tokenizer, texts), dim=-1).numpy()
    return features


def _pixels(paths: Sequence[Path], spec: InputSpec, row: int) -> ByteArray:
    return image_to_input(read_for_training(paths[row]), spec)
