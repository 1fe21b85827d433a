"""Which photos come out as other pictures since a version of decoding: those are encoded anew, the
vectors of the others are only confirmed."""

import io

from capsearch.photos.codecs import PILLOW_OPENERS
from capsearch.photos.formats import RAW_EXTENSIONS, extension_of, sniff
from capsearch.photos.mended import mend_head
from capsearch.photos.partial import is_cut_off
from capsearch.photos.profiles import changes_colours, profile_of, says_adobe_rgb
from capsearch.photos.silence import silenced

_MOSTLY_AS_BEFORE = ("JPEG", "PNG", "WEBP", "BMP")
_PLAIN_MODES = ("RGB", "L")


def is_concerned(data: bytes, name: str, since: int) -> bool:
    """Whether a photo may come out otherwise now than by version `since` of decoding. Looks at no
    pixel, and answers yes where that does not tell."""
    return since < 1 and _is_concerned_by_1(data, name)


def _is_concerned_by_1(data: bytes, name: str) -> bool:
    kind = sniff(data)
    if kind == "RAW" or extension_of(name) in RAW_EXTENSIONS:
        return says_adobe_rgb(data)
    if kind not in _MOSTLY_AS_BEFORE or is_cut_off(data, kind):
        return True
    try:
        with silenced(), PILLOW_OPENERS[kind](io.BytesIO(data)) as image:
            if image.mode not in _PLAIN_MODES or getattr(image, "n_frames", 1) > 1:
                return True
            mend_head(image, kind, data)
            if kind == "PNG" and image.mode == "L" and "transparency" in image.info:
                return True
            profile = profile_of(image.info)
            return profile is not None and changes_colours(profile, image.mode)
    except Exception:  # noqa: BLE001 - damaged files raise anything
        return True
