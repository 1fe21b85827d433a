"""How fast photos become searchable: decoding alone, encoding alone, the whole way, and beside a
plain loop that one would write oneself; what memory that takes, and what room on the disk."""

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

from capsearch.addon.activate import torch_is_here
from capsearch.benchmark.index_process import IndexProcess
from capsearch.benchmark.photo_kinds import PhotoKind, gather_kinds
from capsearch.benchmark.plain_loop import UNTRAINED, PlainLoop, load_measured, load_plain_loop
from capsearch.benchmark.rclip_peer import Rclip
from capsearch.benchmark.run import Run
from capsearch.encoders.base import ByteArray, Encoder
from capsearch.encoders.device import choose_device
from capsearch.encoders.starter import StarterEncoder
from capsearch.errors import CapsearchError
from capsearch.indexing.pool import DecodePool
from capsearch.indexing.tasks import DecodedPhoto
from capsearch.machine import usable_cores

_PART = "indexing"
_PATIENCE_SECONDS = 1.0
_OPEN_CLIP = f"{UNTRAINED}ViT-B-32-256"
_CALLS = (1, 4, 16, 64)
_RCLIP = "rclip"


@dataclass(frozen=True)
class _Amount:
    """How many photos: of 12 megapixels; as they are; of each kind `some` for an open_clip
    encoder on a processor, and `few` for the plain loop and for each size of call."""

    large: int
    small: int
    some: int
    few: int


_FULL = _Amount(large=150, small=600, some=60, few=32)
_QUICK = _Amount(large=12, small=64, some=12, few=6)


@dataclass(frozen=True)
class _Work:
    """One encoder over one kind of photos."""

    run: Run
    kind: PhotoKind
    encoder: Encoder
    process: IndexProcess
    plain: PlainLoop
    plain_files: Sequence[Path]
    rclip: Rclip | None


def measure(run: Run) -> None:
    """Measure on photos of 12 megapixels made from the user's, and on the user's as they are; on
    made ones where there are none.

    Raises:
        CapsearchError: there is no photo that can be read; the encoder cannot be loaded.
    """
    amount = _QUICK if run.quick else _FULL
    encoder = load_measured(run.encoder, run.device or "auto")
    kinds = gather_kinds(run, amount.large, amount.small, amount.some)
    _measure_encoder(run, encoder, kinds, amount)
    if run.encoder == "starter":
        _measure_open_clip(run, kinds, amount)
    _name_missing_card(run)


def _measure_open_clip(run: Run, kinds: Sequence[PhotoKind], amount: _Amount) -> None:
    """The same with an open_clip encoder, whose plain loop is what one finds everywhere."""
    what = "An open_clip encoder beside open_clip's plain loop"
    if run.quick:
        run.lacks(f"{what}: left out by --quick; `capsearch benchmark indexing` measures it.")
        return
    try:
        encoder = load_measured(_OPEN_CLIP, run.device or "auto")
    except CapsearchError as error:
        run.lacks(f"{what}: {error}")
        return
    if _device_of(encoder) == "cpu":
        kinds = [kind.some() for kind in kinds]
    _measure_encoder(run, encoder, kinds, amount, _find_rclip(run))


def _find_rclip(run: Run) -> Rclip | None:
    run.lacks(
        "clip-retrieval beside CapSearch: its version 2.45 fails while it is imported unless "
        "setuptools below 81 is put beside it, needs numpy 1, and brings 6 GB with PyTorch."
    )
    try:
        return Rclip()
    except CapsearchError as error:
        run.lacks(f"rclip, whose network is the same, beside CapSearch: {error}")
        return None


def _name_missing_card(run: Run) -> None:
    if not torch_is_here():
        run.lacks(
            "Indexing on a graphics card: there is no PyTorch here; "
            "`capsearch models engine install` fetches it."
        )
    elif choose_device(run.device or "auto").kind == "cpu":
        run.lacks(
            "Indexing on a graphics card: PyTorch uses none here; the same command measures it on "
            "a machine with one."
        )


def _measure_encoder(
    run: Run,
    encoder: Encoder,
    kinds: Sequence[PhotoKind],
    amount: _Amount,
    rclip: Rclip | None = None,
) -> None:
    device = _device_of(encoder)
    plain = load_plain_loop(encoder.name, device)
    with IndexProcess(encoder.name, device) as process:
        process.wait()
        for kind in kinds:
            files = [file for file in kind.evenly(amount.few) if _opens(file)]
            _measure_kind(_Work(run, kind, encoder, process, plain, files, rclip))
    _measure_calls(run, encoder, kinds[-1], amount.few)


def _measure_kind(work: _Work) -> None:
    """All stages in turn in each round, after a first look at all photos."""
    pixels = _decoded(work)
    if not len(pixels):
        raise CapsearchError("No photo of those given can be read.", "Give other photos.")
    work.encoder.encode_images(pixels[: work.encoder.batch_size])
    rates: dict[str, list[float]] = defaultdict(list)
    held: dict[str, list[float]] = defaultdict(list)
    for turn in range(work.run.rounds):
        for stage, once in _stages(work, pixels, held):
            work.run.say(
                f"indexing, {work.encoder.name}, {work.kind.name}, "
                f"round {turn + 1} of {work.run.rounds}: {stage}"
            )
            try:
                rates[stage].append(once())
            except CapsearchError as error:
                if stage != _RCLIP:
                    raise
                work.run.lacks(f"rclip, {work.kind.name}, round {turn + 1}: {error}")
    _add_rates(work, rates, len(pixels))
    _add_held(work, held, len(pixels))


def _stages(
    work: _Work, pixels: ByteArray, held: dict[str, list[float]]
) -> Iterator[tuple[str, Callable[[], float]]]:
    """What to do in a round; each gives photos a second, an index run also what it `held`."""
    count, batch = len(pixels), work.encoder.batch_size
    yield "decode alone", lambda: _rate(count, lambda: _decoded(work))
    yield "encode alone", lambda: _rate(count, lambda: _encode(work.encoder, pixels, batch))
    yield "end to end", lambda: count / _indexed(work, held)
    if work.plain_files:
        files = work.plain_files
        yield "plain", lambda: _rate(len(files), lambda: work.plain.run(files))
    if (rclip := work.rclip) is not None:
        scratch = work.run.scratch / "rclip"
        yield _RCLIP, lambda: len(work.kind.files) / rclip.index(work.kind.folder, scratch)


def _rate(count: int, do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return count / (time.perf_counter() - start)


def _decoded(work: _Work) -> ByteArray:
    """Read, hash and decode all photos as an index run does: (n, size, size, 3) uint8."""
    spec = work.encoder.input_spec
    pool = DecodePool(
        work.kind.tasks(), spec, workers=usable_cores(), window=2 * work.encoder.batch_size
    )
    with pool:
        photos = [
            outcome.pixels
            for outcome in pool.outcomes(_PATIENCE_SECONDS)
            if isinstance(outcome, DecodedPhoto)
        ]
    return np.stack(photos) if photos else np.empty((0, spec.size, spec.size, 3), np.uint8)


def _encode(encoder: Encoder, pixels: ByteArray, batch: int) -> None:
    for start in range(0, len(pixels), batch):
        encoder.encode_images(pixels[start : start + batch])


def _indexed(work: _Work, held: dict[str, list[float]]) -> float:
    """Seconds that a run into a new library takes; notes memory (MB) and the library's bytes."""
    folder = work.run.scratch / "indexed"
    folder.mkdir()
    seconds, first, highest = work.process.index(folder / "library.db", work.kind.folder)
    held["first"].append(first / 1e6)
    held["highest"].append(highest / 1e6)
    held["disk"].append(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))
    shutil.rmtree(folder)
    return seconds


def _add_rates(work: _Work, rates: dict[str, list[float]], count: int) -> None:
    way = _way(work.encoder)
    for stage in ("decode alone", "encode alone", "end to end"):
        what = f"{stage}, {work.kind.name}"
        work.run.add(_PART, what, way, "photos/s", rates[stage], size=count, better="more")
    whole = np.array(rates["end to end"])
    decode, encode = np.array(rates["decode alone"]), np.array(rates["encode alone"])
    shared = 1 / (1 / decode + 1 / encode)
    slower = "decoding" if np.median(decode) < np.median(encode) else "encoding"
    for against, reached in (
        ("what both stages reach on the same cores", shared),
        ("the slower of the two alone", np.minimum(decode, encode)),
    ):
        what = f"end to end against {against}, {work.kind.name}"
        share = (whole / reached).tolist()
        note = f"{slower} is the bottleneck"
        work.run.add(_PART, what, way, "%", share, size=count, better="more", note=note)
    if rates[_RCLIP]:
        work.run.add(
            _PART, f"end to end, {work.kind.name}", "rclip, trained ViT-B-32-256", "photos/s",
            rates[_RCLIP], size=count, better="more", peer=True,
        )  # fmt: skip
    if not rates["plain"]:
        work.run.lacks(f"The plain loop over photos {work.kind.name}: Pillow alone opens none.")
        return
    end_to_end = f"end to end, {work.kind.name}"
    plain_way = f"{way}, {work.plain.way}"
    note = f"over {len(work.plain_files)} of them"
    work.run.add(
        _PART, end_to_end, plain_way, "photos/s", rates["plain"],
        size=count, better="more", peer=True, note=note,
    )  # fmt: skip
    times = (whole / np.array(rates["plain"])).tolist()
    what = f"end to end, times as fast as the plain loop, {work.kind.name}"
    work.run.add(_PART, what, way, "", times, size=count, better="more")


def _add_held(work: _Work, held: dict[str, list[float]], count: int) -> None:
    way = _way(work.encoder)
    what = f"memory of all processes, {work.kind.name}"
    for when, told in (("first", "before"), ("highest", "at its highest")):
        work.run.add(_PART, what, f"{way}, {told}", "MB", held[when], size=count, better="less")
    disk = [each / count for each in held["disk"]]
    what = f"the library on the disk, {work.kind.name}"
    work.run.add(_PART, what, way, "bytes a photo", disk, size=count, better="less")


def _measure_calls(run: Run, encoder: Encoder, kind: PhotoKind, count: int) -> None:
    """Encoding alone by photos a call, on the processor too where a card is used, and for the
    starter also in one thread."""
    ways = {_way(encoder): encoder}
    if isinstance(encoder, StarterEncoder):
        ways = {
            f"{encoder.name}, onnxruntime, threads: {threads}": StarterEncoder.load(threads=threads)
            for threads in dict.fromkeys((1, usable_cores()))
        }
    elif _device_of(encoder) != "cpu":
        processor = load_measured(encoder.name, "cpu")
        ways[_way(processor)] = processor
    size = encoder.input_spec.size
    pixels = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    rates: dict[tuple[int, str], list[float]] = defaultdict(list)
    for turn in range(run.rounds):
        run.say(f"indexing, {encoder.name}, photos a call, round {turn + 1} of {run.rounds}")
        for batch, (way, each) in product(_CALLS, ways.items()):
            if batch <= count:
                rates[batch, way].append(_rate(count, partial(_encode, each, pixels, batch)))
    for (batch, way), rounds in rates.items():
        what = f"encode alone, photos a call: {batch}"
        run.add(_PART, what, way, "photos/s", rounds, size=count, better="more")


def _opens(file: Path) -> bool:
    """Whether Pillow, as it comes, opens it."""
    try:
        with Image.open(file) as photo:
            photo.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _way(encoder: Encoder) -> str:
    return f"{encoder.name} on {encoder.device}"


def _device_of(encoder: Encoder) -> str:
    """As `--device` takes it, from what is told to people."""
    return encoder.device.partition(" ")[0]
