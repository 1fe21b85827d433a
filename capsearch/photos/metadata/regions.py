"""Faces drawn on a photo: the Metadata Working Group's regions, and Microsoft's."""

from capsearch.photos.metadata.model import Box, Person
from capsearch.photos.metadata.numbers import number
from capsearch.photos.metadata.rdf import Description

_UNNAMED = {"", "unknown", "unconfirmed", "ignored"}


def regions(
    found: Description, source: str, orientation: int, size: tuple[int, int] | None
) -> tuple[list[Person], list[str]]:
    """People with their boxes, upright, and the names of pets."""
    people: list[Person] = []
    pets: list[str] = []
    mwg = found.struct("mwg-rs:Regions")
    turn = orientation if _as_stored(mwg.struct("mwg-rs:AppliedToDimensions"), size) else 1
    for region in mwg.structs("mwg-rs:RegionList"):
        name, kind = region.text("mwg-rs:Name"), region.text("mwg-rs:Type").lower()
        if name.lower() in _UNNAMED:
            continue
        if kind == "pet":
            pets.append(name)
        elif kind in ("face", ""):
            box = _mwg_box(region.struct("mwg-rs:Area"))
            people.append(Person(name, source, _upright(box, turn) if box else None))
    for region in found.struct("MP:RegionInfo").structs("MPRI:Regions"):
        name = region.text("MPReg:PersonDisplayName")
        if name.lower() not in _UNNAMED:
            box = _microsoft_box(region.text("MPReg:Rectangle"))
            people.append(Person(name, source, box))
    return people, pets


def _as_stored(applied: Description, size: tuple[int, int] | None) -> bool:
    """Whether regions are relative to the photo as stored: the rule, but some programs turn them.

    The dimensions they say they were drawn on tell, unless the photo is square.
    """
    width, height = number(applied.text("stDim:w")), number(applied.text("stDim:h"))
    if size is None or size[0] == size[1] or width is None or height is None:
        return True
    return (width > height) == (size[0] > size[1])


def _mwg_box(area: Description) -> Box | None:
    """The area is given by its centre; one in pixels is left out."""
    if area.text("stArea:unit") not in ("", "normalized"):
        return None
    x, y, w, h = (number(area.text(f"stArea:{side}")) for side in "xywh")
    if x is None or y is None or w is None or h is None:
        return None
    return _box(x - w / 2, y - h / 2, w, h)


def _microsoft_box(rectangle: str) -> Box | None:
    """Left, top, width and height."""
    sides = [number(side) for side in rectangle.split(",", 4)]
    known = [side for side in sides if side is not None]
    return _box(*known) if len(known) == len(sides) == 4 else None


def _box(left: float, top: float, width: float, height: float) -> Box | None:
    """Cut to the photo; None for what is no area of it."""
    right, bottom = min(1.0, left + width), min(1.0, top + height)
    left, top = max(0.0, left), max(0.0, top)
    if not (right > left and bottom > top):
        return None
    return round(left, 6), round(top, 6), round(right - left, 6), round(bottom - top, 6)


def _upright(box: Box, orientation: int) -> Box:
    """The box on the photo as it is to be seen (EXIF orientation 1 to 8)."""
    x, y, w, h = box
    right, below = 1 - x - w, 1 - y - h
    turned = {
        2: (right, y, w, h),
        3: (right, below, w, h),
        4: (x, below, w, h),
        5: (y, x, h, w),
        6: (below, x, h, w),
        7: (below, right, h, w),
        8: (y, right, h, w),
    }.get(orientation, box)
    return tuple(round(part, 6) for part in turned)  # type: ignore[return-value]
