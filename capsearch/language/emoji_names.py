"""Emoji as words, by the names that Unicode gives them."""

import unicodedata

# Where the character's name says how it is drawn and not what it is.
_OTHERS = {
    "❤": "heart",
    "☀": "sun",
    "⛄": "snowman",
    "☃": "snowman",
    "⚽": "football",
    "🐾": "paws",
    "✈": "airplane",
    "🚗": "car",
    "🎂": "birthday cake",
    "🎄": "christmas tree",
    "🏠": "house",
    "👪": "family",
    "👶": "baby",
    "🌊": "wave of the sea",
}
_DRAWING = {"FACE", "BLACK", "WHITE", "HEAVY", "SIGN", "SYMBOL", "EMOJI", "WITH"}
_FIRST_LETTER, _LAST_LETTER = 0x1F1E6, 0x1F1FF
_SKIN = range(0x1F3FB, 0x1F400)


def emoji_name(text: str) -> str | None:
    """What an emoji shows, in English words; None where `text` is none."""
    names = []
    for sign in text:
        if sign in _OTHERS:
            names.append(_OTHERS[sign])
        elif ord(sign) in _SKIN or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
            continue
        elif _FIRST_LETTER <= ord(sign) <= _LAST_LETTER:
            return "flag"
        elif unicodedata.category(sign) == "So":
            words = unicodedata.name(sign, "").split()
            kept = [word for word in words if word not in _DRAWING] or words
            names.append(" ".join(kept).lower().replace("-", " "))
        else:
            return None
    return " ".join(name for name in names if name) or None
