"""The camera's name as people say it."""

import re

from capsearch.text import nfc

_COMPANY = re.compile(
    r"\b(corporation|corp|company|optical|electric|co|ltd|inc|techwin)\b[.,]*", re.IGNORECASE
)
_LONGEST = 200  # characters
_PLACEHOLDERS = {"", "none", "unknown", "n/a", "digital camera", "default"}


def camera_name(make: str, model: str) -> str | None:
    """Make and model, nothing twice: "NIKON CORPORATION" and "NIKON D70" make "NIKON D70"."""
    make, model = (nfc(part[:_LONGEST]) for part in (make, model))
    if model.lower() in _PLACEHOLDERS:
        model = ""
    make = " ".join(_COMPANY.sub("", make).split()).strip(" .,")
    words = {word.lower() for word in make.split()}
    if model and words & {word.lower() for word in re.findall(r"\w+", model)}:
        return model
    return f"{make} {model}".strip() or None
