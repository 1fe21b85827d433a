"""Why a file is not read as a photo."""


class DecodeError(Exception):
    """`reason` is one plain sentence for the person whose file it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Refuse what would fill the memory, before anything is decoded."""
    if width <= 0 or height <= 0:
        raise DecodeError("the photo has no pixels")
    if width * height > max_pixels:
        raise DecodeError(
            f"too large: {width} x {height} pixels (limit {max_pixels / 1e6:.0f} million)"
        )
