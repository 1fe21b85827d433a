"""Numbers as metadata writes them, bounded before anything is made of them."""

import math
from numbers import Real

_LONGEST = 64  # characters
_LARGEST = 1e15


def number(value: object) -> float | None:
    """A number, or the text of one ("4", "-1.5", "2500/67", "1e3"), as a finite float.

    None for anything else, and for what nobody means: text of more than 64 characters, and more
    than 1e15 either way, so that neither time nor memory can be spent on it and no sum overflows.
    """
    try:
        found = _of_text(value.strip()) if isinstance(value, str) else _of_number(value)
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return found if found is not None and abs(found) <= _LARGEST else None


def degrees(parts: list[float | None]) -> float | None:
    """Degrees, then minutes and seconds where they are given; None where a part is none."""
    known = [part for part in parts if part is not None]
    if not 1 <= len(parts) <= 3 or len(known) < len(parts):
        return None
    return math.fsum(part / 60**place for place, part in enumerate(known))


def _of_text(text: str) -> float | None:
    if len(text) > _LONGEST:
        return None
    above, slash, below = text.partition("/")
    return float(above) / float(below) if slash else float(above)


def _of_number(value: object) -> float | None:
    return float(value) if isinstance(value, Real) else None
