"""Which PyTorch this machine wants: for its graphics card, or for the processor."""

import os
import platform
import sys
from pathlib import Path

from capsearch.addon.lock import KINDS, AddonLock, Kind, Variant
from capsearch.errors import CapsearchError

# What NVIDIA's driver leaves where it is installed; the last is how Linux in Windows has it.
_OF_NVIDIA = ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/usr/lib/wsl/lib/libcuda.so.1")


def choose_variant(lock: AddonLock, wanted: str | None = None) -> Variant:
    """The variant asked for, or the best for this machine that there is.

    Every variant also works on the processor: a machine whose own is not published gets a larger
    one, not none.

    Raises:
        CapsearchError: the one asked for is not published for this system.
    """
    if wanted is not None:
        asked = next((variant for variant in lock.variants if variant.kind == wanted), None)
        if asked is None:
            known = ", ".join(variant.kind for variant in lock.variants)
            raise CapsearchError(
                f"There is no PyTorch for '{wanted}' on this system.", f"There is: {known}."
            )
        return asked
    found = (lock.variant(kind) for kind in (kind_of_machine(), "cpu", *KINDS))
    return next(variant for variant in found if variant is not None)


def kind_of_machine() -> Kind:
    """What this machine computes fastest with, by what can be seen without PyTorch."""
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else "cpu"
    return "cuda" if has_nvidia_driver() else "cpu"


def has_nvidia_driver() -> bool:
    """Whether NVIDIA's driver is installed, without which no program can use its cards."""
    if sys.platform == "win32":
        system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
        return (system / "System32" / "nvcuda.dll").exists()
    return any(Path(name).exists() for name in _OF_NVIDIA)
