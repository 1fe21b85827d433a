"""The encoder that ships with CapSearch: EfficientNet-Lite2 and MiniLM in ONNX, no torch."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from capsearch.encoders.base import ByteArray, FloatArray, InputSpec
from capsearch.encoders.onnx_session import open_session
from capsearch.errors import CapsearchError
from capsearch.machine import usable_cores
from capsearch.resources import resource_path

IMAGE_FILE = "image.onnx"
TEXT_FILE = "text.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
FILES = (IMAGE_FILE, TEXT_FILE, TOKENIZER_FILE)

IMAGE_SIZE = 260
MAX_TOKENS = 48
_IMAGES_A_CALL = 2
_CALLS_A_THREAD = 4
_TEXTS_AT_ONCE = 64
_REINSTALL = "Install CapSearch again."


def load_starter() -> "StarterEncoder":
    """The bundled encoder.

    Raises:
        CapsearchError: its files are missing or damaged.
    """
    return StarterEncoder.load()


class StarterEncoder:
    """Keeps the `Encoder` interface of `capsearch.encoders.base` on onnxruntime's CPU back end."""

    name = "starter"
    device = "cpu"
    notice = ""
    input_spec = InputSpec(size=IMAGE_SIZE, fit="squash", resampling="bicubic")

    def __init__(
        self,
        images: onnxruntime.InferenceSession,
        texts: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        digest: str,
        threads: int,
    ) -> None:
        self._images = images
        self._texts = texts
        self._tokenizer = tokenizer
        self._threads = threads
        self.batch_size = threads * _IMAGES_A_CALL * _CALLS_A_THREAD
        self.identity = f"starter-v1-{digest}-{self.input_spec.describe()}"
        self.dim = int(images.get_outputs()[0].shape[1])

    @classmethod
    def load(cls, directory: Path | None = None, threads: int | None = None) -> "StarterEncoder":
        """Load the four files of `directory` (default: the bundled ones).

        Args:
            directory: where `capsearch train starter` put its output.
            threads: how many processor threads to use (default: all cores it may use).

        Raises:
            CapsearchError: a file is missing or is not what was trained.
        """
        folder = directory if directory is not None else resource_path("starter")
        contents = _read_checked(folder)
        threads = threads or usable_cores()
        try:
            tokenizer = Tokenizer.from_str(contents[TOKENIZER_FILE].decode("utf-8"))
            images = open_session(contents[IMAGE_FILE], threads=1)
            texts = open_session(contents[TEXT_FILE], threads)
        except Exception as error:  # the libraries raise bare Exceptions of their own
            raise CapsearchError(
                f"The starter encoder in '{folder}' cannot be opened ({error}).", _REINSTALL
            ) from error
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        digest = hashlib.sha256(b"".join(_digest(contents[name]).encode() for name in FILES))
        return cls(images, texts, tokenizer, digest.hexdigest()[:16], threads)

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        """Encode `(n, 260, 260, 3)` uint8 RGB photos into `(n, dim)` float32 unit rows."""
        vectors = np.empty((len(pixels), self.dim), dtype=np.float32)

        def encode(start: int) -> None:
            part = np.ascontiguousarray(pixels[start : start + _IMAGES_A_CALL])
            vectors[start : start + len(part)] = _run(self._images, {"pixels": part})

        # A few photos a thread: a tenth faster than all threads on the same photos.
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(encode, range(0, len(pixels), _IMAGES_A_CALL)))
        return vectors

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """Encode n texts into `(n, dim)` float32 unit rows; words past 46 tokens are ignored."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        # Texts of like length together: padding costs time.
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), _TEXTS_AT_ONCE):
            rows = order[start : start + _TEXTS_AT_ONCE]
            encoded = self._tokenizer.encode_batch([texts[row] for row in rows])
            ids = np.array([item.ids for item in encoded], dtype=np.int64)
            mask = np.array([item.attention_mask for item in encoded], dtype=np.int64)
            vectors[rows] = _run(self._texts, {"ids": ids, "mask": mask})
        return vectors


def write_manifest(folder: Path) -> None:
    """Write down the hash of each file, so that damage is noticed at loading."""
    hashes = {name: _digest((folder / name).read_bytes()) for name in FILES}
    text = json.dumps(hashes, indent=2) + "\n"
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")


def _read_checked(folder: Path) -> dict[str, bytes]:
    try:
        hashes = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        contents = {name: (folder / name).read_bytes() for name in FILES}
    except (OSError, ValueError) as error:
        raise CapsearchError(
            f"The starter encoder in '{folder}' cannot be read ({error}).", _REINSTALL
        ) from error
    for name, data in contents.items():
        if not isinstance(hashes, dict) or hashes.get(name) != _digest(data):
            raise CapsearchError(
                f"The starter encoder's file '{folder / name}' is damaged.", _REINSTALL
            )
    return contents


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _run(session: onnxruntime.InferenceSession, inputs: dict[str, npt.NDArray[Any]]) -> FloatArray:
    vectors: FloatArray = session.run(None, inputs)[0]
    return vectors
