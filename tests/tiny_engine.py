"""An engine with the tiny encoder, importable by the processes of the service."""

from pathlib import Path

from tiny_encoder import TinyEncoder

from capsearch.encoders.base import Encoder
from capsearch.library.facade import Engine
from capsearch.settings import Settings


class TinyEngine(Engine):
    """Everything is the real engine's but the encoder."""

    @property
    def encoder(self) -> Encoder:
        if self._encoder is None:
            self._encoder = TinyEncoder()
        return self._encoder


def make_tiny_engine(library: Path, settings: Settings, encoder: str | None) -> Engine:
    return TinyEngine(library, encoder_name=encoder, settings=settings, resident=True)
