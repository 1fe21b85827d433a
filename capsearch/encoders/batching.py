"""How many photos at once: as many as memory takes, fewer after running out of it."""

import re
from collections.abc import Callable

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.errors import CapsearchError

LARGEST_BATCH = 256
_SHARE_OF_FREE_MEMORY = 0.6
_DEVICES = re.compile(r"\b(cuda|cudnn|cublas|hip|mps|metal)", re.IGNORECASE)
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "alloc_failed")


def fit_batch_size(free_bytes: int, bytes_per_photo: int, largest: int = LARGEST_BATCH) -> int:
    """The largest power of two of photos that leaves a good part of the free memory free."""
    room = int(free_bytes * _SHARE_OF_FREE_MEMORY) // max(1, bytes_per_photo)
    return int(min(largest, 1 << max(0, room.bit_length() - 1)))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch, on whatever device, or Python ran out of memory."""
    if isinstance(error, MemoryError):
        return True
    message = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in message for sign in _OUT_OF_MEMORY)


def is_device_error(error: BaseException) -> bool:
    """Whether a graphics card, or what drives it, has failed."""
    if not isinstance(error, RuntimeError):
        return False
    # By its name: older versions of torch have no such class.
    named = any(kind.__name__ == "AcceleratorError" for kind in type(error).__mro__)
    return named or _DEVICES.search(str(error)) is not None


def one_line(error: BaseException) -> str:
    """The first line of what an error says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


class BatchRunner:
    """Runs an encoder over many rows in batches, and learns what fits.

    `size` only ever falls on one device: what did not fit once is not tried again. `retreat` moves
    the encoder off a device that failed, told why; it gives the batch size to go on with, None
    where there is nothing to move to.
    """

    def __init__(
        self,
        size: int,
        release: Callable[[], None] = lambda: None,
        retreat: Callable[[str], int | None] = lambda _: None,
    ) -> None:
        self.size = size
        self._release = release
        self._retreat = retreat

    def run(self, count: int, encode: Callable[[slice], FloatArray]) -> FloatArray:
        """Encode rows 0 to `count` (at least one) and return them in order.

        Raises:
            CapsearchError: not even one row fits into memory.
        """
        parts: list[FloatArray] = []
        start = 0
        while start < count:
            stop = min(start + self.size, count)
            part, trouble = self._attempt(slice(start, stop), encode)
            if part is None:
                self._mend(trouble, stop - start)
                continue
            parts.append(part)
            start = stop
        return np.concatenate(parts)

    @staticmethod
    def _attempt(
        rows: slice, encode: Callable[[slice], FloatArray]
    ) -> tuple[FloatArray | None, Exception | None]:
        """The vectors, or what went wrong, without the traceback: it would keep tensors alive."""
        try:
            return encode(rows), None
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error) and not is_device_error(error):
                raise
            return None, error.with_traceback(None)

    def _mend(self, trouble: Exception | None, tried: int) -> None:
        """Change what helps against the trouble, or raise it."""
        assert trouble is not None
        lacks_memory = is_out_of_memory(trouble)
        if lacks_memory:
            self._release()
            if tried > 1:
                self.size = tried // 2
                return
        size = self._retreat("it has too little memory" if lacks_memory else one_line(trouble))
        if size is not None:
            self.size = size
        elif lacks_memory:
            raise CapsearchError(
                "There is not enough memory to encode even one photo with this model.",
                "Close other programs, choose a smaller model, or use `--device cpu`.",
            )
        else:
            raise trouble
