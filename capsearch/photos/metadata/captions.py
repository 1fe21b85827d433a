"""Titles and captions: text in whatever code it was written, without what no person wrote."""

import re
from collections.abc import Iterable

from capsearch.text import nfc

_LONGEST = 10_000  # characters
_MOST = 50
_MOST_DAMAGED = 0.1  # share of characters that no code explains; more is no text

# What cameras, programs and devices write into every photo. Each is the whole text.
_BOILERPLATE = re.compile(
    "|".join(
        (
            # cameras
            r"([\w ]{1,30} )?digital (still )?camera( pictures)?",
            r"(sony|minolta|konica) dsc",
            r"samsung( camera pictures)?",
            r"eastman kodak.*",
            r"exif[ _]?jpeg([ _](picture|t\w+|420|422))?",
            r"(dcim|[a-z]:)[\\/].*",  # drones write the file's own path
            r"(<digimax.*|\[\d+\]\w{1,4}\[\w+\].*)",
            # programs and libraries
            r"comment in gimp.*|(created|made|written) with .*"
            r"|file written by .*|created by .*|creator: .*",
            r"(lead technologies|handmade software|acd systems|intel\(r\) jpeg).*",
            r"(optimized|compressed|processed) (by|with) .*|\*|applemark.*|lavc[\d.]+|gd-jpeg.*",
            r"\{.*\}|[0-9a-f]{32,}",  # what programs note for themselves
            # what stands for nothing
            r"ascii|unicode|jis|charset=.*|default|untitled|unknown|none|null|n/?a|undefined",
            r"binary comment|user comments?|image description|comment|\W*",
            "screenshot",  # a kind of photo, not its caption
        )
    ),
    re.IGNORECASE,
)


def caption(text: str) -> str:
    """`text` as it is kept; empty for what no person wrote."""
    kept = nfc(text[: 2 * _LONGEST])[:_LONGEST].strip()
    if _BOILERPLATE.fullmatch(kept) or kept.count("\ufffd") > _MOST_DAMAGED * len(kept):
        return ""
    return kept


def titled(titles: Iterable[str], texts: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """The first title, and all the other texts, each once."""
    kept: dict[str, str] = {}
    first = None
    for text in filter(None, map(caption, titles)):
        first = first or text
        kept.setdefault(text.casefold(), text)
    for text in filter(None, map(caption, texts)):
        kept.setdefault(text.casefold(), text)
    if first is not None:
        del kept[first.casefold()]
    return first, tuple(kept.values())[:_MOST]


def decoded(value: bytes) -> str:
    """Text without a mark of its code: most write UTF-8 by now, the older ones Windows' Latin."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def user_comment(value: bytes, *, little_endian: bool) -> str:
    """EXIF's UserComment, which names its code in 8 bytes: ASCII (or what a program took for it),
    Unicode in either byte order, JIS, or none (Exif 2.32, 4.6.5)."""
    code, content = value[:8], value[8:]
    if code == b"UNICODE\0":
        return _utf16(content, little_endian=little_endian)
    if code == b"JIS\0\0\0\0\0":
        return _first_that_fits(content, ("iso2022_jp_2", "euc_jp", "shift_jis"))
    if code in (b"ASCII\0\0\0", bytes(8)):
        return _bare(content, little_endian=little_endian)
    return _bare(value, little_endian=little_endian)  # no code at all: the text begins at once


def _bare(content: bytes, *, little_endian: bool) -> str:
    if content.count(0, 0, len(content.rstrip(b"\0"))) > len(content) // 4:
        return _utf16(content, little_endian=little_endian)
    text = content.split(b"\0")[0]
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in text)
    return decoded(text) if printable == len(text) else ""


def _utf16(content: bytes, *, little_endian: bool) -> str:
    """By its mark; else the order that makes Latin text of it; else the file's own. Some programs
    write UTF-8 all the same."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace").rstrip("\0")
    high, low = content[::2].count(0), content[1::2].count(0)
    if not high and not low and _is_ascii_text(content):
        return content.decode("ascii")
    little = little_endian if high == low else low > high
    return content.decode("utf-16-le" if little else "utf-16-be", "replace").split("\0")[0]


def _is_ascii_text(content: bytes) -> bool:
    return content.isascii() and content.decode("ascii").isprintable()


def _first_that_fits(content: bytes, codes: Iterable[str]) -> str:
    for code in codes:
        try:
            return content.rstrip(b"\0").decode(code)
        except UnicodeDecodeError:
            continue
    return ""
