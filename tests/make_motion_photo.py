"""Tiny motion photos, as phones of several makers write them."""

from pathlib import Path

from make_photo import make_photo

_PACKET = (
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"
    " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description"
    " xmlns:GCamera='http://ns.google.com/photos/1.0/camera/' GCamera:{said}/>"
    "</rdf:RDF></x:xmpmeta>"
)


def google(path: Path, video: bytes, *, said: str = "MotionPhoto='1'", seed: int = 9) -> Path:
    """A JPEG with the video behind it, which its XMP tells."""
    make_photo(path, seed=seed, xmp=_PACKET.format(said=said).encode())
    path.write_bytes(path.read_bytes() + video)
    return path


def samsung(path: Path, video: bytes, *, seed: int = 8) -> Path:
    """A JPEG with the video behind it, before a list of what there is."""
    make_photo(path, seed=seed)
    listed = b"SEFH" + bytes(20) + b"\x20\0\0\0SEFT"
    mark = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data"
    path.write_bytes(path.read_bytes() + mark + video + listed)
    return path


def boxed(photo: bytes, video: bytes) -> bytes:
    """What Google's phones make of a HEIC: the video in a box of its own."""
    return photo + (len(video) + 8).to_bytes(4, "big") + b"mpvd" + video
