"""Where an encoder runs: what the user asked for, checked against what this machine has."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from capsearch.addon.activate import require_torch, torch_is_here
from capsearch.errors import CapsearchError

if TYPE_CHECKING:
    import torch

_NAMES = re.compile(r"auto|cpu|cuda(:\d+)?|mps")
_USE_AUTO = "Use `--device auto`, or `cpu`, which always works."


@dataclass(frozen=True)
class Device:
    """`name` is torch's (`cpu`, `cuda:0`, `mps`); `description` is for people."""

    name: str
    description: str

    @property
    def kind(self) -> Literal["cpu", "cuda", "mps"]:
        """The family of the device, as torch's autocast wants it."""
        if self.name.startswith("cuda"):
            return "cuda"
        return "mps" if self.name == "mps" else "cpu"


def choose_device(wanted: str = "auto") -> Device:
    """Check and describe the device a user asks for; `auto` takes the fastest one that works.

    Raises:
        CapsearchError: no such kind of device, or this machine has none that works.
    """
    wanted = wanted.strip().lower()
    if not _NAMES.fullmatch(wanted):
        raise CapsearchError(
            f"There is no device '{wanted}'.", "Use auto, cpu, cuda, cuda:0, cuda:1, ... or mps."
        )
    if not torch_is_here():
        return _without_torch(wanted)
    if wanted == "auto":
        return _fastest()
    if wanted.startswith("cuda"):
        return _cuda(int(wanted.partition(":")[2] or 0))
    return _mps() if wanted == "mps" else _cpu()


def _without_torch(wanted: str) -> Device:
    """The starter's device, and all there is before PyTorch has been fetched."""
    if wanted not in ("auto", "cpu"):
        require_torch()
    return Device("cpu", "cpu")


def _fastest() -> Device:
    import torch  # noqa: PLC0415

    if torch.cuda.is_available() and _works("cuda:0"):
        return _cuda(0)
    if torch.backends.mps.is_available() and _works("mps"):
        return _mps()
    return _cpu()


def _cpu() -> Device:
    import torch  # noqa: PLC0415

    threads = torch.get_num_threads()
    return Device("cpu", f"cpu ({threads} thread{'s' if threads > 1 else ''})")


def _cuda(index: int) -> Device:
    import torch  # noqa: PLC0415

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count == 0:
        raise CapsearchError(
            f"This machine has no graphics card that torch can use.{_build()}", _USE_AUTO
        )
    if index >= count:
        cards = ", ".join(f"cuda:{number}" for number in range(count))
        raise CapsearchError(
            f"There is no device cuda:{index}; this machine has {cards}.", _USE_AUTO
        )
    name = f"cuda:{index}"
    properties = torch.cuda.get_device_properties(index)
    if not _works(name):
        raise CapsearchError(
            f"{properties.name} ({name}) is not supported by the installed torch.", _USE_AUTO
        )
    gigabytes = round(properties.total_memory / 2**30)
    return Device(name, f"{name} ({properties.name}, {gigabytes} GB)")


def _mps() -> Device:
    import torch  # noqa: PLC0415

    if not torch.backends.mps.is_available():
        raise CapsearchError("This machine has no Apple graphics that torch can use.", _USE_AUTO)
    return Device("mps", "mps (Apple graphics)")


def _build() -> str:
    import torch  # noqa: PLC0415

    built_for_gpu = torch.version.cuda is not None or torch.version.hip is not None
    return "" if built_for_gpu else " (The installed torch is built for the processor only.)"


def _works(name: str) -> bool:
    """Whether a sum runs there: a card too old for this torch is listed but fails at work."""
    import torch  # noqa: PLC0415

    try:
        return float(torch.ones(2, device=name).sum()) == 2.0
    except RuntimeError:
        return False


def supports_fast_bfloat16(device: "torch.device") -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX)."""
    import torch  # noqa: PLC0415

    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return device.type == "cpu" and any(
        getattr(torch.cpu, check, lambda: False)() for check in checks
    )
