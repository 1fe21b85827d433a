"""Batches that fit the memory there is."""

import numpy as np
import pytest

from capsearch.encoders.base import FloatArray
from capsearch.encoders.batching import BatchRunner, fit_batch_size, is_out_of_memory
from capsearch.errors import CapsearchError


def numbered(rows: slice) -> FloatArray:
    return np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]


@pytest.mark.parametrize("fits", [1, 2, 5, 7, 64])
@pytest.mark.parametrize("count", [1, 3, 50])
def test_every_row_comes_back_in_order_whatever_fits(fits: int, count: int) -> None:
    released = []

    def encode(rows: slice) -> FloatArray:
        if rows.stop - rows.start > fits:
            raise RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)")
        return numbered(rows)

    runner = BatchRunner(32, lambda: released.append(True))
    np.testing.assert_array_equal(runner.run(count, encode)[:, 0], np.arange(count))
    assert min(count, runner.size) <= fits
    assert bool(released) == (min(count, 32) > fits)


def test_the_size_that_fits_is_remembered() -> None:
    tried = []

    def encode(rows: slice) -> FloatArray:
        tried.append(rows.stop - rows.start)
        if tried[-1] > 4:
            raise MemoryError
        return numbered(rows)

    runner = BatchRunner(16)
    runner.run(16, encode)
    tried.clear()
    runner.run(16, encode)
    assert tried == [4, 4, 4, 4]


def test_when_one_photo_does_not_fit_the_user_is_told() -> None:
    def encode(_: slice) -> FloatArray:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    with pytest.raises(CapsearchError, match="not enough memory") as caught:
        BatchRunner(8).run(8, encode)
    assert "--device cpu" in caught.value.next_step


def test_other_errors_are_not_taken_for_lack_of_memory() -> None:
    def encode(_: slice) -> FloatArray:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        BatchRunner(8).run(8, encode)
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(ValueError("out of memory"))


def test_the_first_batch_size_leaves_memory_free() -> None:
    assert fit_batch_size(free_bytes=1000, bytes_per_photo=10) == 32
    assert fit_batch_size(free_bytes=10**12, bytes_per_photo=10) == 256
    assert fit_batch_size(free_bytes=10, bytes_per_photo=1000) == 1
    assert fit_batch_size(free_bytes=10, bytes_per_photo=0) == 4
