"""What one would write without CapSearch: one process that opens a photo, prepares it, and encodes
it, with the same network. Also the networks that are measured where no trained one is at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from capsearch.addon.activate import require_torch
from capsearch.encoders.base import Encoder
from capsearch.encoders.device import choose_device
from capsearch.encoders.names import FOLDER_PREFIX, parse_encoder_name
from capsearch.encoders.onnx_session import open_session
from capsearch.encoders.openclip import OpenClipEncoder, quiet_open_clip, read_preprocessing
from capsearch.encoders.registry import load_encoder
from capsearch.encoders.sources import find_source
from capsearch.encoders.starter import IMAGE_FILE, IMAGE_SIZE
from capsearch.resources import resource_path

UNTRAINED = "untrained "
"""Before an architecture's name: its network with random numbers for weights, which is as fast."""

_BATCH = 32
_SEED = 0

Loop = Callable[[Sequence[Path]], None]


@dataclass(frozen=True)
class PlainLoop:
    """A loop over photos' files that encodes them; `way` tells people what it does."""

    way: str
    run: Loop


def load_measured(name: str, device: str) -> Encoder:
    """An encoder by any name that the user can give, or an `UNTRAINED` one.

    Raises:
        CapsearchError: it cannot be loaded; there is no PyTorch here.
    """
    if not name.startswith(UNTRAINED):
        return load_encoder(name, device=device)
    require_torch()
    import open_clip  # noqa: PLC0415

    architecture = name.removeprefix(UNTRAINED)
    model = _untrained(architecture)
    return OpenClipEncoder(
        name=name,
        identity=name,
        dim=int(open_clip.get_model_config(architecture)["embed_dim"]),
        model=model,
        tokenizer=open_clip.get_tokenizer(architecture),
        preprocessing=read_preprocessing(model.visual.preprocess_cfg, name),
        device=choose_device(device),
        load_again=lambda: _untrained(architecture),
    )


def load_plain_loop(name: str, device: str) -> PlainLoop:
    """The loop with the network of that encoder, on that device.

    Raises:
        CapsearchError: it cannot be loaded; there is no PyTorch here.
    """
    if name == "starter":
        return _starter_loop()
    require_torch()
    return _open_clip_loop(name, device)


def _starter_loop() -> PlainLoop:
    session = open_session(resource_path("starter") / IMAGE_FILE)

    def run(files: Sequence[Path]) -> None:
        for file in files:
            with Image.open(file) as photo:
                small = photo.convert("RGB").resize((IMAGE_SIZE, IMAGE_SIZE))
            session.run(None, {"pixels": np.asarray(small)[None]})

    return PlainLoop("plain loop, Pillow and onnxruntime", run)


def _open_clip_loop(name: str, device: str) -> PlainLoop:
    """As open_clip's own example does it, in batches."""
    import torch  # noqa: PLC0415

    model, prepare = _plain_model(name)
    place = choose_device(device)
    model = model.to(place.name).eval()

    def run(files: Sequence[Path]) -> None:
        for start in range(0, len(files), _BATCH):
            photos = []
            for file in files[start : start + _BATCH]:
                with Image.open(file) as photo:
                    photos.append(prepare(photo))
            on_card = torch.autocast(place.kind, enabled=place.kind == "cuda")
            with torch.no_grad(), on_card:
                vectors = model.encode_image(torch.stack(photos).to(place.name))
                (vectors / vectors.norm(dim=-1, keepdim=True)).cpu().numpy()

    return PlainLoop("plain loop, open_clip", run)


def _plain_model(name: str) -> tuple[Any, Callable[[Image.Image], Any]]:
    """A model and what prepares a photo for it, made as `create_model_and_transforms` does."""
    import open_clip  # noqa: PLC0415

    if name.startswith(UNTRAINED):
        model = _untrained(name.removeprefix(UNTRAINED))
    else:
        source = find_source(parse_encoder_name(name))
        in_folder = source.model.startswith(FOLDER_PREFIX)
        model = open_clip.create_model(
            source.model,
            pretrained=None if in_folder else str(source.weights),
            force_quick_gelu=source.quick_gelu,
            force_preprocess_cfg=dict(source.preprocess),
        )
    config = open_clip.transform.PreprocessCfg(**model.visual.preprocess_cfg)
    return model, open_clip.transform.image_transform_v2(config, is_train=False)


def _untrained(architecture: str) -> Any:
    import open_clip  # noqa: PLC0415
    import torch  # noqa: PLC0415

    torch.manual_seed(_SEED)
    with quiet_open_clip():
        return open_clip.create_model(architecture, load_weights=False, pretrained_text=False)
