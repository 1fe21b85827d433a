"""How far a download is: one value for models, add-ons and whoever shows them. The window has it
too, so it is apart from `capsearch.fetch`, which loads what a network needs.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_RATE_SECONDS = 5.0
_TELL_SECONDS = 0.1


@dataclass(frozen=True)
class DownloadProgress:
    """`file` is what is being fetched now; the bytes are those of the whole download."""

    done_bytes: int
    total_bytes: int
    bytes_per_second: float
    file: str

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all has arrived, None while nobody can tell."""
        if self.bytes_per_second <= 0:
            return None
        return max(0, self.total_bytes - self.done_bytes) / self.bytes_per_second


class TransferRate:
    """Bytes a second over the last seconds: what a person sees as the speed of a download."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def after(self, done_bytes: int) -> float:
        """The rate now that so many bytes have arrived in all."""
        now = self._clock()
        self._seen.append((now, done_bytes))
        while now - self._seen[0][0] > _RATE_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        seconds = now - self._seen[0][0]
        return (done_bytes - self._seen[0][1]) / seconds if seconds > 0 else 0.0


class ProgressTeller:
    """Tells how far it is, some times a second and at the end."""

    def __init__(self, total_bytes: int, progress: Callable[[DownloadProgress], None]) -> None:
        self._total = total_bytes
        self._progress = progress
        self._rate = TransferRate()
        self._told = float("-inf")

    def tell(self, done_bytes: int, file: str, *, whole: bool) -> None:
        """So many bytes are there; `whole`: with them the file is, too."""
        now = time.monotonic()
        if not whole and now - self._told < _TELL_SECONDS:
            return
        self._told = now
        rate = self._rate.after(done_bytes)
        self._progress(DownloadProgress(done_bytes, self._total, rate, file))


class DownloadStopped(Exception):  # noqa: N818 - no error: a person asked for it
    """The download was stopped; what has arrived is kept, and the next one goes on from there."""
