"""A graphics card that fails at work: the encoder goes on on the processor, and says so.

No card is needed: what torch raises on one is raised by the model, or by torch itself.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from make_photo import MakePhoto

from capsearch.commands.index import report_as_text
from capsearch.encoders import openclip
from capsearch.encoders.checkpoint import load_weights
from capsearch.encoders.device import Device, choose_device
from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.values import Question, Scope

CARD = "mps (a card that fails)"


class FailingCard(Device):
    """A card by its description; what it does is done by the processor."""

    kind = "mps"


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has encoders loaded for a card, but for those that are to run on the processor."""
    import torch

    def choose(wanted: str) -> Device:
        return choose_device("cpu") if wanted == "cpu" else FailingCard("cpu", CARD)

    monkeypatch.setattr(openclip, "choose_device", choose)
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: None)


@pytest.fixture
def plain(tiny_model: Any) -> Any:
    return load_encoder(f"local-dir:{tiny_model.folder}", "cpu")


@pytest.fixture
def failing(tiny_model: Any, card: None) -> Any:
    return load_encoder(f"local-dir:{tiny_model.folder}", "auto")


def photos(count: int) -> Any:
    return np.random.default_rng(0).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)


def break_model(encoder: Any, error: Callable[[], Exception], *, batches: int = 0) -> list[int]:
    """Have the model fail on the card after so many batches; the sizes that it was given there."""
    sizes: list[int] = []

    def breaking(encode: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def encode_or_fail(inputs: Any) -> Any:
            if encoder.device == CARD:
                sizes.append(len(inputs))
                if len(sizes) > batches:
                    raise error()
            return encode(inputs)

        return encode_or_fail

    model = encoder._model
    model.encode_image = breaking(model.encode_image)
    model.encode_text = breaking(model.encode_text)
    return sizes


def lost_device() -> Exception:
    import torch

    return torch.AcceleratorError("unspecified launch failure\nCompile with TORCH_USE_CUDA_DSA.")


def no_memory() -> Exception:
    import torch

    return torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


@pytest.mark.parametrize(
    "error",
    [
        lost_device,
        lambda: RuntimeError("CUDA error: an illegal memory access was encountered"),
        lambda: RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
        lambda: RuntimeError("MPS backend failed to run the command buffer"),
    ],
)
def test_a_card_that_fails_is_left_and_no_photo_is_lost(
    failing: Any, plain: Any, error: Callable[[], Exception]
) -> None:
    sizes = break_model(failing, error, batches=1)
    assert failing.device == CARD
    assert failing.notice == ""
    vectors = failing.encode_images(photos(150))
    # The first 64 were done on the card, in its own precision.
    np.testing.assert_allclose(vectors, plain.encode_images(photos(150)), atol=0.02)
    assert sizes == [64, 64]
    assert failing.device == plain.device
    assert failing.batch_size == plain.batch_size
    assert failing.notice.startswith(f"The encoder '{failing.name}' works on the processor now")
    assert f"{CARD} failed (" in failing.notice
    assert "\n" not in failing.notice


def test_words_are_encoded_though_the_card_fails(failing: Any, plain: Any) -> None:
    break_model(failing, lost_device)
    np.testing.assert_array_equal(
        failing.encode_texts(["a dog", "snow"]), plain.encode_texts(["a dog", "snow"])
    )
    assert failing.notice


def test_without_memory_batches_get_smaller_before_the_card_is_left(
    failing: Any, plain: Any
) -> None:
    sizes = break_model(failing, no_memory)
    np.testing.assert_array_equal(
        failing.encode_images(photos(40)), plain.encode_images(photos(40))
    )
    assert sizes == [40, 20, 10, 5, 2, 1]
    assert "(it has too little memory)" in failing.notice
    assert failing.batch_size == plain.batch_size


def test_a_card_that_gives_nothing_back_costs_another_look_at_the_weights(
    failing: Any, plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_model(failing, lost_device)

    def lost(*_: Any, **__: Any) -> Any:
        raise lost_device()

    monkeypatch.setattr(failing._model, "to", lost)
    np.testing.assert_array_equal(failing.encode_images(photos(3)), plain.encode_images(photos(3)))
    assert failing.notice


def test_a_card_that_is_full_already_is_left_at_once(
    tiny_model: Any, card: None, plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_into_a_model_that_does_not_fit(model: Any, *arguments: Any) -> None:
        load_weights(model, *arguments)

        def no_room(*_: Any) -> Any:
            del model.to  # on the processor there is room
            raise no_memory()

        model.to = no_room

    monkeypatch.setattr(openclip, "load_weights", load_into_a_model_that_does_not_fit)
    encoder = load_encoder(f"local-dir:{tiny_model.folder}", "auto")
    assert (encoder.device, encoder.batch_size) == (plain.device, plain.batch_size)
    assert f"{CARD} failed (CUDA out of memory" in encoder.notice


def test_what_is_no_fault_of_a_card_is_raised(failing: Any) -> None:
    break_model(failing, lambda: RuntimeError("The size of tensor a must match: timestamps"))
    with pytest.raises(RuntimeError, match="must match"):
        failing.encode_images(photos(3))
    assert failing.device == CARD


def test_a_run_whose_card_fails_goes_on_and_says_so_once(
    tiny_model: Any, card: None, tmp_path: Path, make_photo: MakePhoto
) -> None:
    for seed in range(5):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    folder = os.fspath(tmp_path / "photos")

    def load_failing(name: str, device: str) -> Any:
        encoder = load_encoder(name, device)
        break_model(encoder, lost_device)
        return encoder

    name = f"local-dir:{tiny_model.folder}"
    with Library(tmp_path / "library.db", encoder=name, load=load_failing) as library:
        report = library.index([folder])
        assert (report.photos, report.encoded, report.failed) == (5, 5, ())
        assert report.device.startswith("cpu")
        last = report_as_text(report).splitlines()[-1]
        assert last == library.encoder.notice
        assert last.startswith(f"The encoder '{name}' works on the processor now")
        assert len(library.answer(Question("a dog")).ids) == 5
        make_photo(tmp_path / "photos" / "new.jpg", 9)
        assert library.index_changes([Scope(folder)]).notice == ""


def test_on_the_processor_lack_of_memory_is_still_the_users_to_mend(plain: Any) -> None:
    plain._model.encode_image = lambda _: (_ for _ in ()).throw(MemoryError())
    with pytest.raises(CapsearchError, match="not enough memory"):
        plain.encode_images(photos(3))
