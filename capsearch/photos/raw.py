"""Camera raw files, by the JPEG that the camera put inside."""

import io
from typing import Any

import rawpy

from capsearch.photos.codecs import Pixels, open_pillow
from capsearch.photos.colour import reduced_from_array
from capsearch.photos.errors import DecodeError, check_pixels
from capsearch.photos.orientation import swaps_sides
from capsearch.photos.profiles import ADOBE_RGB, says_adobe_rgb
from capsearch.photos.silence import silenced_stderr

_ORIENTATION_OF_FLIP = {0: 1, 3: 3, 5: 8, 6: 6}


def open_raw(data: bytes, min_side: int, max_pixels: int) -> Pixels:
    """The embedded preview where it is large enough, else the sensor's data at half size."""
    with silenced_stderr(), rawpy.imread(io.BytesIO(data)) as raw:
        sizes = raw.sizes
        check_pixels(sizes.width, sizes.height, max_pixels)
        preview = _preview(raw, min_side, max_pixels)
        if preview is not None and says_adobe_rgb(data):
            preview.image.info.setdefault("icc_profile", ADOBE_RGB)
        if preview is None or min(preview.image.size) < min(min_side, sizes.width, sizes.height):
            check_pixels(sizes.width, sizes.height, max_pixels // 2)
            preview = _developed(raw, min_side) or preview
        orientation = _ORIENTATION_OF_FLIP.get(sizes.flip, 1)
    if preview is None:
        raise DecodeError("the raw file holds no preview and could not be developed")
    width, height = sizes.width, sizes.height
    if swaps_sides(orientation):
        width, height = height, width
    return Pixels(preview.image, width, height, preview.orientation, "RAW")


def _preview(raw: Any, min_side: int, max_pixels: int) -> Pixels | None:
    try:
        thumb = raw.extract_thumb()
        if thumb.format is not rawpy.ThumbFormat.JPEG:
            return Pixels(reduced_from_array(thumb.data, min_side), 0, 0, _flip(raw), "RAW")
        jpeg = open_pillow(thumb.data, "JPEG", min_side, max_pixels)
    except Exception:  # noqa: BLE001 - any fault of the preview leaves the sensor's data
        return None
    return jpeg if jpeg.orientation != 1 else _turned_with_sensor(raw, jpeg)


def _flip(raw: Any) -> int:
    return _ORIENTATION_OF_FLIP.get(raw.sizes.flip, 1)


def _turned_with_sensor(raw: Any, jpeg: Pixels) -> Pixels:
    """A preview silent on its orientation lies as the sensor does, unless its sides differ."""
    sensor_is_wide = raw.sizes.width >= raw.sizes.height
    lies_as_sensor = (jpeg.image.width >= jpeg.image.height) == sensor_is_wide
    return Pixels(jpeg.image, 0, 0, _flip(raw) if lies_as_sensor else 1, "RAW")


def _developed(raw: Any, min_side: int) -> Pixels | None:
    try:
        pixels = raw.postprocess(half_size=True, use_camera_wb=True)
    except rawpy.LibRawError:
        return None
    return Pixels(reduced_from_array(pixels, min_side), 0, 0, 1, "RAW")
