"""Writes the trained towers as ONNX: float16 weights, word table in int8, computed in float32."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from capsearch.encoders.starter import (
    IMAGE_FILE,
    TEXT_FILE,
    TOKENIZER_FILE,
    write_manifest,
)
from capsearch.lab.backbones.lite import PHOTO_SIZES, Tail, Trunk
from capsearch.lab.backbones.minilm import TextTower, minilm_folder
from capsearch.lab.starter.heads import ImageHead, TextHead

_OPSET = 17
_SMALL = 256


class _ImageEncoder(nn.Module):
    def __init__(self, lite2: Any, head: ImageHead) -> None:
        super().__init__()
        self.trunk, self.tail, self.head = Trunk(lite2), Tail(lite2), head
        self.classifier = lite2.classifier

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        pooled = self.tail(self.trunk(pixels)).mean((2, 3))
        unit: torch.Tensor = self.head(pooled, self.classifier(pooled))
        return unit


class _TextEncoder(nn.Module):
    """The text tower with its word table rounded to int8, one scale a word."""

    def __init__(self, tower: TextTower, head: TextHead) -> None:
        super().__init__()
        self.tower, self.head = tower, head
        self.scale: torch.Tensor
        self.table: torch.Tensor
        table = tower.words.weight.detach()
        scale: torch.Tensor = table.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127.0
        self.register_buffer("scale", scale)
        self.register_buffer("table", (table / scale).round().to(torch.int8))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        words = self.table[ids].float() * self.scale[ids]
        unit: torch.Tensor = self.head(self.tower.encode(words, mask))
        return unit


def export_encoder(
    folder: Path, lite2: Any, image_head: ImageHead, tower: TextTower, text_head: TextHead
) -> None:
    """Write the files that `capsearch.encoders.starter` loads into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    size = PHOTO_SIZES["lite2"]
    pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    _write(
        folder / IMAGE_FILE,
        _ImageEncoder(lite2, image_head),
        {"pixels": pixels},
        {"pixels": {0: "n"}},
    )
    ids = torch.ones(2, 7, dtype=torch.int64)
    axes = {0: "n", 1: "length"}
    _write(
        folder / TEXT_FILE,
        _TextEncoder(tower, text_head),
        {"ids": ids, "mask": ids},
        {"ids": axes, "mask": axes},
    )
    shutil.copyfile(minilm_folder() / "tokenizer.json", folder / TOKENIZER_FILE)
    write_manifest(folder)


def _write(
    path: Path,
    module: nn.Module,
    inputs: dict[str, torch.Tensor],
    axes: dict[str, dict[int, str]],
) -> None:
    torch.onnx.export(
        module.eval(),
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=["vectors"],
        dynamic_axes={**axes, "vectors": {0: "n"}},
        opset_version=_OPSET,
        dynamo=False,
    )
    model = onnx.load(str(path))
    _store_as_float16(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _store_as_float16(graph: onnx.GraphProto) -> None:
    """Keep large float32 weights as float16; the cast back is folded when the file is loaded."""
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size <= _SMALL:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
