"""A CLIP small enough to make in every test run, with random seeded weights."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ARCHITECTURE = "tiny-test-clip"
TINY: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {
        "image_size": 32,
        "layers": 1,
        "width": 32,
        "head_width": 16,
        "patch_size": 16,
    },
    "text_cfg": {
        "context_length": 77,
        "vocab_size": 49408,
        "width": 32,
        "heads": 2,
        "layers": 1,
    },
}


@dataclass(frozen=True)
class TinyModel:
    """The same weights in every form a user may have them."""

    architecture: str
    folder: Path
    safetensors: Path
    pt: Path
    training_checkpoint: Path


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    """A one-layer CLIP known to open_clip by name, saved as a folder and as files."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    configs = tmp_path_factory.mktemp("configs")
    (configs / f"{ARCHITECTURE}.json").write_text(json.dumps(TINY))
    open_clip.add_model_config(configs / f"{ARCHITECTURE}.json")

    torch.manual_seed(0)
    weights = open_clip.create_model(ARCHITECTURE).state_dict()
    files = tmp_path_factory.mktemp("weights")
    folder = tmp_path_factory.mktemp("tiny-model")
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": TINY}))
    save_file(weights, folder / "open_clip_model.safetensors")
    save_file(weights, files / "tiny.safetensors")
    torch.save(weights, files / "tiny.pt")
    trained = {"epoch": 3, "state_dict": {f"module.{key}": weights[key] for key in weights}}
    torch.save(trained, files / "epoch_3.pt")
    return TinyModel(
        ARCHITECTURE,
        folder,
        files / "tiny.safetensors",
        files / "tiny.pt",
        files / "epoch_3.pt",
    )
