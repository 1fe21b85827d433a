"""Libraries of any size as near copies are searched in: hashes, sizes, vectors; no files."""

import numpy as np
import numpy.typing as npt

from capsearch.search.near_copies import Looks

FloatArray = npt.NDArray[np.float64]

# Shares of a library. Bursts are of five photos, occasions of fifty.
_IN_BURSTS, _BLANK, _PAGES = 0.15, 0.02, 0.03
_BURST, _OCCASION = 5, 50
_DAYS = 3650
_CELLS = 9
_SCENE = 4
_SIZES = ((4032, 3024), (3024, 4032), (6000, 4000), (1600, 1200), (1080, 1920), (1200, 1600))


def made_looks(count: int, dim: int = 512, seed: int = 0) -> Looks:
    """`count` photos (at least 100): smooth scenes, some of them in bursts; pages with the same
    margins; blank pictures, with one hash and vectors of their own."""
    draw = np.random.default_rng(seed)
    kinds = np.repeat(3, count)
    kinds[: int(count * (_IN_BURSTS + _BLANK + _PAGES))] = 2
    kinds[: int(count * (_IN_BURSTS + _BLANK))] = 1
    kinds[: int(count * _IN_BURSTS)] = 0
    scene = np.where(kinds == 0, np.arange(count) // _BURST, np.arange(count))
    order = draw.permutation(count)
    cells = _cells(scene, kinds, draw)[order]
    vectors = _vectors(scene, kinds, dim, draw)[order]
    sizes = np.array(_SIZES)[draw.integers(0, len(_SIZES), count)[scene]][order]
    days = made_days(count, draw)[scene][order, None].repeat(2, axis=1)
    return Looks(np.arange(count), _hashes(cells), sizes, np.arange(count), vectors, days)


def made_days(count: int, draw: np.random.Generator) -> npt.NDArray[np.int64]:
    """The days of the photos of a library, (count,): some ten years, each occasion of one day."""
    occasions = draw.integers(0, _DAYS, 1 + count // _OCCASION)
    days: npt.NDArray[np.int64] = occasions[draw.integers(0, len(occasions), count)]
    return days


def _cells(
    scene: npt.NDArray[np.int64], kinds: npt.NDArray[np.int64], draw: np.random.Generator
) -> FloatArray:
    """How bright each cell of each picture is, (n, 9, 9)."""
    count = len(scene)
    steps = np.linspace(0, _SCENE - 1, _CELLS)
    between = np.maximum(0, 1 - np.abs(steps[:, None] - np.arange(_SCENE)))
    light = between @ draw.normal(0, 1, (count, _SCENE, _SCENE)) @ between.T
    cells: FloatArray = (light + draw.normal(0, 0.3, (count, _CELLS, _CELLS)))[scene]
    cells += draw.normal(0, 0.06, cells.shape)
    pages, blank = kinds == 2, kinds == 1
    margins = -np.outer(*[np.hanning(_CELLS + 2)[1:-1]] * 2)
    cells[pages] = margins + draw.normal(0, 0.1, (int(pages.sum()), _CELLS, _CELLS))
    cells[blank] = 0.0
    return cells


def _hashes(cells: FloatArray) -> npt.NDArray[np.uint64]:
    """As `perceptual_hash` makes them of pictures of 9 x 9 cells, (n, 2)."""
    rightwards = cells[:, :8, 1:] > cells[:, :8, :-1]
    downwards = cells[:, 1:, :8] > cells[:, :-1, :8]
    bits = np.concatenate((rightwards.reshape(-1, 64), downwards.reshape(-1, 64)), axis=1)
    hashes: npt.NDArray[np.uint64] = np.packbits(bits, axis=1).view(np.uint64)
    return hashes


def _vectors(
    scene: npt.NDArray[np.int64],
    kinds: npt.NDArray[np.int64],
    dim: int,
    draw: np.random.Generator,
) -> npt.NDArray[np.float16]:
    count = len(scene)
    occasions = _unit(draw.standard_normal((1 + count // _OCCASION, dim), np.float32))
    own = _unit(draw.standard_normal((count, dim), np.float32))
    found = occasions[draw.integers(0, len(occasions), count)[scene]] + 0.7 * own[scene]
    found += 0.2 * _unit(draw.standard_normal((count, dim), np.float32))
    return _unit(found).astype(np.float16)


def _unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    lengths: npt.NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths
