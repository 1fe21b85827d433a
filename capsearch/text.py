"""One form of text for keeping and showing, one for comparing.

Cameras, programs and file systems write the same name in different Unicode forms, and people type
it without its accents: both forms are made here and nowhere else.
"""

import re
import unicodedata

# As SQLite's tokenizer "unicode61 remove_diacritics 2" has them: those of Latin, Greek and
# Cyrillic. The marks of other scripts are letters, and stay.
_DIACRITICS = re.compile("[\u0300-\u036f]")
# Letters with a stroke, which Unicode does not take apart; people type them without it.
_UNSTROKED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def nfc(text: str) -> str:
    """`text` as it is kept and shown: composed (NFC), one space between words, nothing invisible.

    Lone surrogates, which no file can hold, become the replacement character.
    """
    if text.isascii() and text.isprintable():  # most text is, and there is much of it
        return " ".join(text.split())
    whole = _LONE_SURROGATES.sub("\ufffd", text)
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub(" ", whole)).split())


def folded(text: str) -> str:
    """`text` as names are compared: without case, accents, strokes and compatibility forms, so
    that "Zürich", "ZURICH" and its decomposed form are one, and so are "Straße" and "strasse"."""
    if text.isascii():
        return nfc(text).lower()
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", nfc(text)).casefold())
    bare = _DIACRITICS.sub("", parted).translate(_UNSTROKED)
    return nfc(bare)


def length_text(seconds: float) -> str:
    """How long a video is, as players show it: "0:07", "1:02:03"."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
