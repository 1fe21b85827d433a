"""How many photos at once: as many as memory takes, fewer after running out of it."""

from collections.abc import Callable

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.errors import CapsearchError

LARGEST_BATCH = 256
_SHARE_OF_FREE_MEMORY = 0.6
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


class BatchRunner:
    """Runs an encoder over many rows in batches, and learns what fits.

    `size` only ever falls: what did not fit once is not tried again.
    """

    def __init__(self, size: int, release: Callable[[], None] = lambda: None) -> None:
        self.size = size
        self._release = release

    def run(self, count: int, encode: Callable[[slice], FloatArray]) -> FloatArray:
        """Encode rows 0 to `count` (at least one) and return them in order.

        Raises:
            CapsearchError: not even one row fits into memory.
        """
        parts: list[FloatArray] = []
        start = 0
        while start < count:
            stop = min(start + self.size, count)
            part = self._attempt(slice(start, stop), encode)
            if part is None:
                self._halve(stop - start)
                continue
            parts.append(part)
            start = stop
        return np.concatenate(parts)

    @staticmethod
    def _attempt(rows: slice, encode: Callable[[slice], FloatArray]) -> FloatArray | None:
        try:
            return encode(rows)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return None

    def _halve(self, tried: int) -> None:
        # Outside the except block: the error's traceback would keep the tensors alive.
        self._release()
        if tried == 1:
            raise CapsearchError(
                "There is not enough memory to encode even one photo with this model.",
                "Close other programs, choose a smaller model, or use `--device cpu`.",
            )
        self.size = tried // 2
