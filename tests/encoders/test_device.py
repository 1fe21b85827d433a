"""The device a user asks for, checked against this machine."""

import pytest
import torch

from capsearch.encoders.device import choose_device
from capsearch.errors import CapsearchError


def test_the_processor_always_works_and_is_described() -> None:
    device = choose_device("cpu")
    assert device.name == device.kind == "cpu"
    assert device.description.startswith(f"cpu ({torch.get_num_threads()} thread")


def test_auto_chooses_something_that_works() -> None:
    device = choose_device("auto")
    assert float(torch.ones(1, device=device.name)) == 1
    assert choose_device(" AUTO ") == device


@pytest.mark.parametrize("wanted", ["gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:0", ""])
def test_an_unknown_device_is_answered_with_the_known_ones(wanted: str) -> None:
    with pytest.raises(CapsearchError, match="There is no device") as caught:
        choose_device(wanted)
    assert "cuda:0" in caught.value.next_step


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a graphics card")
@pytest.mark.parametrize("wanted", ["cuda", "cuda:0", "cuda:7"])
def test_a_card_that_is_not_there_is_refused(wanted: str) -> None:
    with pytest.raises(CapsearchError, match="no graphics card") as caught:
        choose_device(wanted)
    assert "auto" in caught.value.next_step


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no graphics card")
def test_a_card_is_described_and_a_number_too_high_is_refused() -> None:
    device = choose_device("cuda")
    assert device.name == "cuda:0"
    assert torch.cuda.get_device_properties(0).name in device.description
    with pytest.raises(CapsearchError, match="this machine has cuda:0"):
        choose_device("cuda:99")


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="this machine has Apple graphics")
def test_apple_graphics_are_refused_elsewhere() -> None:
    with pytest.raises(CapsearchError, match="Apple"):
        choose_device("mps")
