"""EXIF orientation: how the camera was held, 1 to 8."""

from PIL import Image

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def exif_orientation(image: Image.Image) -> int:
    """The orientation an opened file asks for; 1 where it says nothing or nonsense."""
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - odd EXIF must not cost the photo, and raises anything
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """`image` turned and mirrored as `orientation` (1 to 8) says."""
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def swaps_sides(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5
