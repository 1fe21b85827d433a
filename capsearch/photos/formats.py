"""Which kinds of photo are read: by name when walking, by content when decoding."""

import re

RAW_EXTENSIONS = frozenset(
    {
        ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc",
        ".mef", ".mos", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl",
        ".sr2", ".srf", ".srw", ".x3f",
    }
)  # fmt: skip

PHOTO_EXTENSIONS = RAW_EXTENSIONS | frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".tif", ".tiff",
        ".gif", ".bmp", ".dib", ".heic", ".heics", ".heif", ".heifs", ".hif", ".avif", ".avifs",
        ".jxl", ".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx", ".psd", ".tga", ".sgi", ".rgb",
        ".pcx", ".ppm", ".pgm", ".pbm", ".pnm", ".qoi", ".ico", ".icns", ".dds", ".blp", ".fli",
        ".flc",
    }
)  # fmt: skip
"""Lower-case, with the dot: what a name must end with to be taken for a photo."""

VIDEO_EXTENSIONS = frozenset(
    {
        ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".avi", ".divx", ".mkv", ".webm", ".mts",
        ".m2ts", ".m2t", ".mpg", ".mpeg", ".mpe", ".m2v", ".wmv", ".asf", ".flv", ".f4v", ".ogv",
        ".dv",
    }
)  # fmt: skip
"""The same of videos. Not ".ts", ".mod" and ".vob", which mostly are no person's videos: programs,
music and the parts of a film on disc."""

_HEIF_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"
}  # fmt: skip
_AVIF_BRANDS = {b"avif", b"avis"}
_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"FOVb", "RAW"),
    (b"IIRO", "RAW"),
    (b"IIRS", "RAW"),
    (b"IIU\x00", "RAW"),
    (b"II\x1a\x00\x00\x00HEAPCCDR", "RAW"),
    (b"\x00MRM", "RAW"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"BM", "BMP"),
    (b"\xff\x0a", "JXL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JXL"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"8BPS", "PSD"),
    (b"\x01\xda", "SGI"),
    (b"qoif", "QOI"),
    (b"icns", "ICNS"),
    (b"DDS ", "DDS"),
    (b"BLP1", "BLP"),
    (b"BLP2", "BLP"),
)


_LONGEST_PREFIX = 1 << 13
_STARTS = re.compile(
    rb"\xff\xd8\xff[\xc0-\xfe]|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF(?=[\x00-\xff]{4}WEBP)"
    rb"|[\x00-\xff]{4}(?=ftyp)|\x00\x00\x00\x0cJXL |8BPS\x00\x01",
    re.S,
)
"""Marks long enough not to stand anywhere by chance."""

LIVE_EXTENSIONS = frozenset({".mov", ".mp4", ".mp"})
"""What the video of a Live or motion photo ends with."""


def is_photo_name(name: str) -> bool:
    """Whether a file of this name is taken for a photo, or for a video that is shown as one."""
    extension = extension_of(name)
    return extension in PHOTO_EXTENSIONS or extension in VIDEO_EXTENSIONS


def is_raw_name(name: str) -> bool:
    """Whether a file of this name is taken for a camera's raw data."""
    return extension_of(name) in RAW_EXTENSIONS


def is_video_name(name: str) -> bool:
    """Whether a file of this name is taken for a video."""
    return extension_of(name) in VIDEO_EXTENSIONS


def extension_of(name: str) -> str:
    """Lower-case, with the dot; empty for a name that has none, or starts with its only dot."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def sniff(data: bytes) -> str | None:
    """The kind of photo by its first bytes; None for a kind that has no mark of its own."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return _sniff_isobmff(data) if data[4:8] == b"ftyp" else None


def start_of_photo(data: bytes) -> int:
    """Where a photo begins that something else stands before; 0 where none is found.

    What begins behind the middle of the file, or ends before it, is rather a part of another file.
    """
    head = data[: min(_LONGEST_PREFIX, len(data) // 2)]
    found = [match.start() for match in _STARTS.finditer(head)]
    return next((at for at in found if _fills(data, at)), 0)


def _fills(data: bytes, at: int) -> bool:
    """Whether what begins at `at` has a kind, and is the rest of the file as far as is known."""
    kind = sniff(data[at : at + 256])
    if kind != "JPEG":
        return kind is not None
    end = data.find(b"\xff\xd9", at)
    return end < 0 or end > len(data) // 2


def _sniff_isobmff(data: bytes) -> str | None:
    size = int.from_bytes(data[:4], "big")
    box = data[8 : min(max(size, 12), 256)]
    brands = [box[:4], *(box[i : i + 4] for i in range(8, len(box), 4))]
    if brands[0] == b"crx ":
        return "RAW"
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "AVIF"
    if any(brand in _HEIF_BRANDS for brand in brands):
        return "HEIF"
    return None
