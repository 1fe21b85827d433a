"""A photo is its content: the hash that names it."""

import hashlib
from typing import BinaryIO

CONTENT_HASH_BYTES = 20


def content_hash(data: bytes) -> bytes:
    """BLAKE2b of the file's bytes, 20 bytes: equal for copies, whatever their name or place."""
    return hashlib.blake2b(data, digest_size=CONTENT_HASH_BYTES).digest()


_WHOLE_BYTES = 1 << 29
_PIECES = 256
_PIECE_BYTES = 1 << 20


def content_hash_of_file(file: BinaryIO, size: int) -> bytes:
    """The same of an open file of `size` bytes, held in memory a piece at a time.

    Of one larger than half a gigabyte, 256 pieces are hashed with its size, the first and the last
    among them: a slow drive would need minutes for all of it. No two videos are alike in these.
    """
    digest = hashlib.blake2b(digest_size=CONTENT_HASH_BYTES)
    if size > _WHOLE_BYTES:
        digest.update(f"{size} bytes\0".encode())
        for piece in range(_PIECES):
            file.seek(piece * (size - _PIECE_BYTES) // (_PIECES - 1))
            digest.update(file.read(_PIECE_BYTES))
        return digest.digest()
    while data := file.read(_PIECE_BYTES):
        digest.update(data)
    return digest.digest()
