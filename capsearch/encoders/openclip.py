"""Any CLIP that open_clip knows, as an encoder: photos and words to unit vectors."""

import hashlib
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from capsearch.addon.activate import comes_by_pip
from capsearch.encoders.base import ByteArray, FloatArray, InputSpec
from capsearch.encoders.batching import (
    LARGEST_BATCH,
    BatchRunner,
    fit_batch_size,
    is_device_error,
    is_out_of_memory,
    one_line,
)
from capsearch.encoders.checkpoint import load_weights, weights_hash
from capsearch.encoders.device import Device, choose_device, supports_fast_bfloat16
from capsearch.encoders.hub import from_cache_or_hub
from capsearch.encoders.names import FOLDER_PREFIX, EncoderName
from capsearch.encoders.sources import ModelSource, find_source
from capsearch.errors import CapsearchError

if TYPE_CHECKING:
    import torch

    Tokenizer = Callable[[list[str]], "torch.Tensor"]

_CPU_BATCH = 32
_MPS_BATCH = 64
_PROBE_BATCH = 4
_TEXT_BATCH = 256
_FITS: dict[str, Literal["squash", "crop", "pad"]] = {
    "shortest": "crop",
    "longest": "pad",
    "squash": "squash",
}


@dataclass(frozen=True)
class Preprocessing:
    """How pixels reach the model: the part done on the photo, then mean and deviation (0-1)."""

    spec: InputSpec
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def describe(self) -> str:
        """Text that changes whenever the model's input would change."""
        numbers = ",".join(f"{value:.6g}" for value in (*self.mean, *self.std))
        return f"{self.spec.describe()}-{numbers}"


class OpenClipEncoder:
    """An open_clip model on one device; see `Encoder` for what it promises.

    Words are encoded in float32. So are photos, except on NVIDIA cards (float16) and processors
    with bfloat16 instructions, where that is twice as fast. Their vectors then agree with float32
    to a cosine of 0.9999, far nearer than two photos of one scene, so the precision is not part
    of the identity: a library indexed on one machine stays good on another.

    Where a graphics card fails, or has too little memory even for one photo, the encoder goes on
    on the processor, and `notice` says so. `load_again` gives the model anew, for a card that
    failed may not give its weights back.
    """

    def __init__(
        self,
        *,
        name: str,
        identity: str,
        dim: int,
        model: "torch.nn.Module",
        tokenizer: "Tokenizer",
        preprocessing: Preprocessing,
        device: Device,
        load_again: "Callable[[], torch.nn.Module]",
    ) -> None:
        self.name = name
        self.identity = identity
        self.dim = dim
        self.input_spec = preprocessing.spec
        self.notice = ""
        self._preprocessing = preprocessing
        self._model: Any = model.eval()
        self._load_again = load_again
        self._tokenizer = tokenizer
        size = self._settle_on(device)
        self._images = BatchRunner(size, self._release_memory, self._retreat)
        self._texts = BatchRunner(_TEXT_BATCH, self._release_memory, self._retreat)

    @property
    def batch_size(self) -> int:
        """How many photos to give at once; falls when memory runs out."""
        return self._images.size

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        """Encode `(n, size, size, 3)` uint8 RGB photos into `(n, dim)` float32 unit rows.

        Raises:
            CapsearchError: not even one photo fits into memory.
        """
        size = self.input_spec.size
        if pixels.dtype != np.uint8 or pixels.shape[1:] != (size, size, 3):
            raise ValueError(f"expected (n, {size}, {size}, 3) uint8, got {pixels.shape}")
        if len(pixels) == 0:
            return np.empty((0, self.dim), np.float32)
        return self._images.run(len(pixels), lambda rows: self._embed_images(pixels[rows]))

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """Encode n texts into `(n, dim)` float32 unit rows; what is too long is cut.

        Raises:
            CapsearchError: not even one text fits into memory.
        """
        if len(texts) == 0:
            return np.empty((0, self.dim), np.float32)
        return self._texts.run(len(texts), lambda rows: self._embed_texts(list(texts[rows])))

    def _settle_on(self, device: Device) -> int:
        """Move to a device, or to the processor where that fails; the batch size to begin with."""
        try:
            self._place_on(device)
            return self._first_batch_size()
        except (RuntimeError, CapsearchError) as error:
            if device.kind == "cpu" or not _is_of_device(error):
                raise
            reason = one_line(error)
        return self._to_processor(reason)

    def _place_on(self, device: Device) -> None:
        import torch  # noqa: PLC0415

        self.device = device.description
        self._kind = device.kind
        self._torch_device = torch.device(device.name)
        self._model = self._model.to(self._torch_device)
        self._model.to(memory_format=torch.channels_last)
        self._mean = self._channels(self._preprocessing.mean)
        self._std = self._channels(self._preprocessing.std)
        self._image_dtype = self._choose_image_dtype()
        if self._image_dtype == torch.bfloat16:
            self._keep_bfloat16_weights()

    def _retreat(self, reason: str) -> int | None:
        return None if self._kind == "cpu" else self._to_processor(reason)

    def _to_processor(self, reason: str) -> int:
        """Go on on the processor; the batch size there."""
        card = self.device
        processor = choose_device("cpu")
        try:
            self._place_on(processor)
        except RuntimeError:  # a card that has failed may not give anything back
            self._model = self._load_again().eval()
            self._place_on(processor)
        self.notice = (
            f"The encoder '{self.name}' works on the processor now, which is slower: "
            f"{card} failed ({reason.rstrip('.')})."
        )
        return _CPU_BATCH

    def _embed_images(self, pixels: ByteArray) -> FloatArray:
        import torch  # noqa: PLC0415

        with torch.inference_mode():
            photos = torch.from_numpy(np.ascontiguousarray(pixels)).to(self._torch_device)
            # (n, H, W, 3) read as (n, 3, H, W) is channels_last without moving a byte.
            photos = photos.permute(0, 3, 1, 2).float().div_(255)
            photos = photos.sub_(self._mean).div_(self._std)
            with self._autocast():
                vectors = self._model.encode_image(photos)
            if self._image_dtype == torch.float16 and not bool(torch.isfinite(vectors).all()):
                # Some models leave float16's range; they go on in float32.
                self._image_dtype = torch.float32
                vectors = self._model.encode_image(photos)
            return self._unit_rows(vectors)

    def _embed_texts(self, texts: list[str]) -> FloatArray:
        import torch  # noqa: PLC0415

        with torch.inference_mode():
            tokens = self._tokenizer(texts).to(self._torch_device)
            return self._unit_rows(self._model.encode_text(tokens))

    @staticmethod
    def _unit_rows(vectors: "torch.Tensor") -> FloatArray:
        import torch  # noqa: PLC0415

        rows: FloatArray = torch.nn.functional.normalize(vectors.float(), dim=-1).cpu().numpy()
        return rows

    def _channels(self, values: tuple[float, float, float]) -> "torch.Tensor":
        import torch  # noqa: PLC0415

        return torch.tensor(values, device=self._torch_device).view(1, 3, 1, 1)

    def _choose_image_dtype(self) -> "torch.dtype":
        import torch  # noqa: PLC0415

        if self._kind == "cuda":
            return torch.float16
        fast = self._kind == "cpu" and supports_fast_bfloat16(self._torch_device)
        return torch.bfloat16 if fast else torch.float32

    def _keep_bfloat16_weights(self) -> None:
        """Convert the image tower once: autocast alone would do it anew for every batch."""
        import open_clip  # noqa: PLC0415

        open_clip.convert_weights_to_lp(self._model.visual, self._image_dtype)

    def _autocast(self) -> Any:
        import torch  # noqa: PLC0415

        if self._image_dtype == torch.float32:
            return nullcontext()
        return torch.autocast(self._kind, self._image_dtype)

    def _first_batch_size(self) -> int:
        if self._kind == "cpu":
            return _CPU_BATCH
        return _MPS_BATCH if self._kind == "mps" else self._probe_batch_size()

    def _probe_batch_size(self) -> int:
        """Encode a few black photos and see what they took of the card's memory."""
        import torch  # noqa: PLC0415

        size = self.input_spec.size
        torch.cuda.reset_peak_memory_stats(self._torch_device)
        before = torch.cuda.memory_allocated(self._torch_device)
        BatchRunner(_PROBE_BATCH, self._release_memory).run(
            _PROBE_BATCH,
            lambda rows: self._embed_images(
                np.zeros((rows.stop - rows.start, size, size, 3), np.uint8)
            ),
        )
        used = torch.cuda.max_memory_allocated(self._torch_device) - before
        free, _ = torch.cuda.mem_get_info(self._torch_device)
        return fit_batch_size(free, used // _PROBE_BATCH, LARGEST_BATCH)

    def _release_memory(self) -> None:
        import torch  # noqa: PLC0415

        if self._kind == "cuda":
            torch.cuda.empty_cache()
        elif self._kind == "mps":
            torch.mps.empty_cache()


def load_open_clip(name: EncoderName, device: str = "auto") -> OpenClipEncoder:
    """Load a named open_clip model; what is not cached is downloaded first.

    Raises:
        CapsearchError: see `load_encoder`.
    """
    place = choose_device(device)
    with quiet_open_clip():
        source = find_source(name)
        fingerprint = weights_hash(source.weights)
        model = _load_model(source, name)
        tokenizer = _build_tokenizer(source, name.text)
    preprocessing = read_preprocessing(model.visual.preprocess_cfg, name.text)
    return OpenClipEncoder(
        name=name.text,
        identity=_identity(source, fingerprint, preprocessing),
        dim=int(source.config["embed_dim"]),
        model=model,
        tokenizer=tokenizer,
        preprocessing=preprocessing,
        device=place,
        load_again=lambda: _load_model(source, name),
    )


def _load_model(source: ModelSource, name: EncoderName) -> Any:
    model = _build_model(source, name.text)
    load_weights(model, source.weights, name.architecture or name.text)
    return model


def _is_of_device(error: Exception) -> bool:
    """Whether another device may help; what a probe says of its memory is meant for people."""
    return isinstance(error, CapsearchError) or is_out_of_memory(error) or is_device_error(error)


def _identity(source: ModelSource, fingerprint: str, preprocessing: Preprocessing) -> str:
    """The same for the same weights by tag, file, folder or hub: no name or path is in it."""
    config = {**source.config, "quick_gelu": _uses_quick_gelu(source)}
    shape = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()
    return f"open_clip {shape[:12]} | {fingerprint} | {preprocessing.describe()}"


def _uses_quick_gelu(source: ModelSource) -> bool:
    return source.quick_gelu or bool(source.config.get("quick_gelu", False))


def _build_model(source: ModelSource, name: str) -> Any:
    import open_clip  # noqa: PLC0415

    def build() -> Any:
        return open_clip.create_model(
            source.model,
            load_weights=False,
            pretrained_text=False,
            force_quick_gelu=source.quick_gelu,
            force_preprocess_cfg=dict(source.preprocess),
        )

    text_tower = source.config["text_cfg"].get("hf_model_name")
    try:
        return from_cache_or_hub(build, text_tower, name)
    except (RuntimeError, ImportError) as error:
        if "transformers" in str(error):
            raise _needs_transformers(name) from error
        raise _unusable(name, error) from error
    except (TypeError, ValueError, KeyError, AssertionError, AttributeError) as error:
        raise _unusable(name, error) from error


def _build_tokenizer(source: ModelSource, name: str) -> "Tokenizer":
    import open_clip  # noqa: PLC0415

    def build() -> "Tokenizer":
        tokenizer: Tokenizer = open_clip.get_tokenizer(source.tokenizer)
        return tokenizer

    in_folder = source.tokenizer.startswith(FOLDER_PREFIX)
    repository = None if in_folder else source.config["text_cfg"].get("hf_tokenizer_name")
    try:
        return from_cache_or_hub(build, repository, name)
    except ImportError as error:
        raise _needs_transformers(name) from error
    except (OSError, ValueError) as error:
        raise CapsearchError(
            f"The tokenizer of {name} is missing or damaged.",
            "Copy tokenizer.json and tokenizer_config.json beside the model's weights.",
        ) from error


def _needs_transformers(name: str) -> CapsearchError:
    how = "pip install transformers" if comes_by_pip() else "capsearch models engine install"
    return CapsearchError(
        f"The model {name} reads words with the package transformers, which is not installed.",
        f"Install it with `{how}`, or choose a model that does without it.",
    )


def _unusable(name: str, error: Exception) -> CapsearchError:
    what = "open_clip (`pip install -U open_clip_torch`)" if comes_by_pip() else "CapSearch"
    return CapsearchError(
        f"The configuration of {name} cannot be used ({one_line(error)}).",
        f"Update {what} or choose another model.",
    )


def read_preprocessing(config: Mapping[str, Any], name: str) -> Preprocessing:
    """What open_clip's own transform does, split into a photo's part and the device's part.

    Raises:
        CapsearchError: a way of preparing photos that CapSearch does not have.
    """
    fit = _FITS.get(config.get("resize_mode") or "shortest")
    if fit is None:
        raise _unusable(name, ValueError(f"unknown resize_mode {config['resize_mode']!r}"))
    sizes = np.atleast_1d(config["size"]).tolist()
    if sizes[0] != sizes[-1]:
        raise CapsearchError(
            f"The model {name} takes photos of {sizes[0]} x {sizes[-1]} pixels, not square ones.",
            "Choose another model; `capsearch models` lists good ones.",
        )
    spec = InputSpec(
        size=int(sizes[0]),
        fit=fit,
        resampling="bilinear" if config.get("interpolation") == "bilinear" else "bicubic",
        fill=int(config.get("fill_color") or 0),
    )
    mean = np.broadcast_to(config["mean"], 3).astype(float).tolist()
    std = np.broadcast_to(config["std"], 3).astype(float).tolist()
    return Preprocessing(spec, (mean[0], mean[1], mean[2]), (std[0], std[1], std[2]))


@contextmanager
def quiet_open_clip() -> Iterator[None]:
    """Keep open_clip's notes to its own developers off the user's terminal."""

    def keep(record: logging.LogRecord) -> bool:
        return "open_clip" not in record.pathname

    root = logging.getLogger()
    root.addFilter(keep)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.removeFilter(keep)
