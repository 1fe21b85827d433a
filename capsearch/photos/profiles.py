"""What a photo's numbers mean as colours: its ICC profile, or one made of what else it says."""

import io
import re
import struct
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

_SRGB_PRIMARIES = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_D65 = (0.3127, 0.3290)
# ITU-T H.273, table 2: x and y of red, green and blue, then of white.
_PRIMARIES = {
    1: (*_SRGB_PRIMARIES, *_D65),
    4: (0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.310, 0.316),
    5: (0.64, 0.33, 0.29, 0.60, 0.15, 0.06, *_D65),
    6: (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, *_D65),
    7: (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, *_D65),
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, *_D65),
    11: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351),
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, *_D65),
}
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_PQ = 16
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_GAMMA_STEP = 0.0005
"""Writers of sRGB put gAMA = 1/2.2 with three or more digits."""
_CURVE_POINTS = 1024
# The EXIF entries ColorSpace = 2 and InteroperabilityIndex = "R03", by which cameras say Adobe RGB
# (DCF 2.0), in both byte orders.
_ADOBE_RGB_MARK = re.compile(
    rb"\xa0\x01\x00\x03\x00\x00\x00\x01\x00\x02|\x01\xa0\x03\x00\x01\x00\x00\x00\x02\x00"
    rb"|\x00\x01\x00\x02\x00\x00\x00\x04R03\x00|\x01\x00\x02\x00\x04\x00\x00\x00R03\x00"
)
_SPACE_OF_MODE = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}
# Of the perceptual intent of two profiles' makers each has another idea; sRGB's v4 profile too.
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_MAX_KEPT = 16
_SAME = 1
"""So many of 255 a profile may turn a colour by and still be sRGB: what rounding makes."""

FloatArray = npt.NDArray[np.float64]
Curve = float | FloatArray
"""A gamma, or light from 0 to 1 at evenly spaced values."""


def profile_of(info: Mapping[Any, Any]) -> bytes | None:
    """The profile that an opened file's `info` speaks of; None for sRGB and where it is silent."""
    profile = info.get("icc_profile")
    if isinstance(profile, bytes) and profile:
        return profile
    if (code_points := info.get("code_points")) is not None:
        return _of_code_points(*code_points)
    if "srgb" in info:
        return None
    if says_adobe_rgb(info.get("exif")):
        return ADOBE_RGB
    return _of_png_chunks(info)


def says_adobe_rgb(exif: object, end: int = 1 << 20) -> bool:
    """Whether the first bytes of a file or of its EXIF say that its colours are Adobe RGB."""
    return isinstance(exif, bytes) and _ADOBE_RGB_MARK.search(exif, 0, end) is not None


def code_points_of_png(data: bytes) -> tuple[int, int] | None:
    """The primaries and the transfer of H.273 in a PNG file's chunk cICP, before its pixels."""
    at = data.find(b"\0\0\0\4cICP", 0, data.find(b"IDAT", 0, 1 << 20) + 1)
    return (data[at + 8], data[at + 9]) if at >= 0 and at + 9 < len(data) else None


def matrix_profile(primaries: tuple[float, ...], curve: Curve) -> bytes:
    """An ICC profile (version 2) of x and y of red, green, blue and white, and one curve."""
    x, y = np.array(primaries).reshape(4, 2).T
    colours = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    white = colours[:, 3]
    to_xyz = colours[:, :3] * np.linalg.solve(colours[:, :3], white)
    cones = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white))
    to_d50 = np.linalg.inv(_BRADFORD) @ cones @ _BRADFORD @ to_xyz
    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Made\0" + bytes(78)
    tags = {
        b"desc": name,
        b"cprt": b"text\0\0\0\0\0",
        b"wtpt": _xyz(_D50),
        **{b"%cXYZ" % c: _xyz(to_d50[:, i]) for i, c in enumerate(b"rgb")},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(curve)),
    }
    return _profile_file(tags)


def _xyz(values: FloatArray) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def _curve(curve: Curve) -> bytes:
    if isinstance(curve, float):
        return b"curv\0\0\0\0" + struct.pack(">IH", 1, min(65535, round(curve * 256)))
    points = np.rint(np.clip(curve, 0, 1) * 65535).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", len(points)) + points.tobytes()


def _profile_file(tags: Mapping[bytes, bytes]) -> bytes:
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    rest = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(">I4xI4s4s4s", 128 + len(rest), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s28x", 2026, 1, 1, 0, 0, 0, b"acsp")
    head += struct.pack(">3i", *(round(v * 65536) for v in _D50))
    return head.ljust(128, b"\0") + rest


def _srgb_curve() -> FloatArray:
    """IEC 61966-2-1."""
    value = np.linspace(0, 1, _CURVE_POINTS)
    light: FloatArray = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return light


ADOBE_RGB = matrix_profile((0.64, 0.33, 0.21, 0.71, 0.15, 0.06, *_D65), 563 / 256)


def _of_code_points(primaries: int, transfer: int) -> bytes | None:
    """Of H.273's numbers, as HEIF, AVIF and PNG carry them; None for sRGB and unknown numbers.

    The curves of television and HLG are meant to look right where an sRGB curve is applied.
    """
    if primaries not in _PRIMARIES or (primaries == 1 and transfer not in {*_GAMMAS, _PQ}):
        return None
    curve: Curve = _GAMMAS[transfer] if transfer in _GAMMAS else _srgb_curve()
    return matrix_profile(_PRIMARIES[primaries], _pq_curve() if transfer == _PQ else curve)


def _pq_curve() -> FloatArray:
    """SMPTE ST 2084, brought from 1,000 cd/m2 to the 203 of a white page (ITU-R BT.2408) by the
    roll-off of ITU-R BT.2390 (5.4)."""
    peak, white = _pq_signal(1000.0), _pq_signal(203.0)
    most = white / peak
    knee = 1.5 * most - 0.5
    signal = np.minimum(np.linspace(0, 1, _CURVE_POINTS) / peak, 1)
    t = (signal - knee) / (1 - knee)
    rolled = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * most
    )
    light: FloatArray = _pq_light(np.where(signal < knee, signal, rolled) * peak) / 203.0
    return light


def _pq_signal(light: float) -> float:
    power = (light / 10000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


def _pq_light(signal: FloatArray) -> FloatArray:
    power = signal ** (1 / 78.84375)
    light: FloatArray = (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (
        1 / 0.1593017578125
    )
    return light * 10000


def _of_png_chunks(info: Mapping[Any, Any]) -> bytes | None:
    """Of gAMA and cHRM; a gamma of 1/2.2 is what writers of sRGB put."""
    gamma, colours = info.get("gamma"), info.get("chromaticity")
    if not gamma and not colours:
        return None
    curve = 1 / gamma if gamma and abs(gamma - 1 / 2.2) > _GAMMA_STEP else _srgb_curve()
    white, primaries = (colours[:2], colours[2:]) if colours else (_D65, _SRGB_PRIMARIES)
    try:
        with np.errstate(all="raise"):
            return matrix_profile((*primaries, *white), curve)
    except (ArithmeticError, ValueError, np.linalg.LinAlgError, struct.error):
        return None  # colours that are none


class _Transforms(threading.local):
    """The latest transforms into sRGB, each thread's own; None for a profile that changes nothing.

    One that is used by several threads at once would have to look up every pixel anew.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[bytes, str], Any] = OrderedDict()

    def __call__(self, profile: bytes, mode: str) -> Any:
        key = (profile, mode)
        if key not in self._kept:
            self._kept[key] = _built(profile, mode)
            if len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


_transforms = _Transforms()


def _built(profile: bytes, mode: str) -> Any:
    """None also for a broken profile, and for one of another kind of colours than the photo's."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _SPACE_OF_MODE[mode]:
            return None
        srgb = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, srgb, mode, "RGB", _INTENT, _FLAGS)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return None if mode == "RGB" and _changes_nothing(transform) else transform


def _changes_nothing(transform: Any) -> bool:
    """There are dozens of profiles of sRGB: each is known by what it does to a grid of colours."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(len(steps), -1, 3)
    turned = np.asarray(transform.apply(Image.fromarray(grid)))
    return int(np.abs(turned.astype(int) - grid).max()) <= _SAME


def changes_colours(profile: bytes, mode: str) -> bool:
    """Whether photos of this mode (RGB, L or CMYK) with this profile come out otherwise than if it
    were sRGB's."""
    return _transforms(profile, mode) is not None


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """`image` (RGB, L or CMYK) as RGB in sRGB, in its own memory where it is RGB.

    None where the profile changes nothing or cannot be used.
    """
    transform = _transforms(profile, image.mode)
    if transform is None:
        return None
    if image.mode == "RGB":
        transform.apply_in_place(image)
        return image
    turned: Image.Image = transform.apply(image)
    return turned
