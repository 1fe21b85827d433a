"""The original's name, from that of a file that was made of it: one rule for each way of making.

Phones, programs and exports name what they make after its original. By this module alone, files are
known to belong together: companions of a photo (`groups`) and sidecars (`metadata.sidecars`).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Making = Literal["cover", "edited", "copied"]
"""How a file was made: the picture shown of a shot of several files; the same shot as a person
changed it; or a copy that may look otherwise (smaller, one of a burst), which has the original's
date and words, but is no part of it."""


class Origin(NamedTuple):
    """The original's stem, as `key` makes it, and how the file was made of it."""

    stem: str
    making: Making


# Google Photos' in the languages of its exports; Lightroom's, DxO's, and people's. Where the JSON
# of an export says which file is the original, any word is taken (`sidecars.takeout_original`).
_EDITED_WORDS = (
    "edited", "edit", "enhanced", "enhanced-nr", "dxo",
    "bearbeitet", "bewerkt", "modifié", "modifie", "modificato", "modificata", "modificado",
    "ha editado", "editado", "editada", "edición", "editat", "redigerad", "redigeret", "redigert",
    "muokattu", "edytowane", "edytowany", "upraveno", "upravené", "szerkesztett", "szerkesztve",
    "düzenlendi", "düzenlenmiş", "επεξεργασμένο", "изменено", "измененный", "отредактировано",
    "відредаговано", "редактирано", "uređeno", "urejeno", "đã chỉnh sửa", "diedit", "telah diedit",
    "編集済み", "已编辑", "已編輯", "已修改", "수정됨", "แก้ไขแล้ว", "נערך", "معدّل", "संपादित",
)  # fmt: skip
# What programs that make smaller or other files put behind the name.
_COPIED_WORDS = (
    "exported", "export", "exportiert", "converted", "convert", "konvertiert", "resized", "resize",
    "copy resized", "scaled", "small", "medium", "large", "klein", "web", "lowres", "low",
    "compressed", "komprimiert", "copy", "kopie", "copie", "copia", "kopia", "kopi", "preview",
    "min", "hd", "fullsize",
)  # fmt: skip


def _by_last_token(words: Iterable[str]) -> dict[str, list[str]]:
    """The words by what stands behind their last separator, longest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(map(key, words), key=len, reverse=True):
        found[_last_token(word)].append(word)
    return dict(found)


def _last_token(text: str) -> str:
    return text.replace("-", " ").replace("_", " ").replace("(", " ").rpartition(" ")[2]


def key(name: str) -> str:
    """A name as names are compared: composed (NFC), without case."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


_SEPARATORS = "-_ ("
_WORDS: dict[Making, dict[str, list[str]]] = {
    "edited": _by_last_token(_EDITED_WORDS),
    "copied": _by_last_token(_COPIED_WORDS),
}
# Behind such a word: a closing bracket, and numbers. Takeout puts the number of a name that came
# twice, "(1)", behind all the rest.
_END = re.compile(r"\)?(?:[-_ ]?\d{1,2})?(?P<again>\(\d+\))?(?: \(\d+\))?$")
_WIDTH = re.compile(r"(?P<stem>.+)[-_ ](?:\d{2,5}x\d{2,5}|\d{3,5}px|\d{3,5}w)")
_AGAIN = re.compile(r"(?P<stem>.+)~\d{1,2}")
_BURST = re.compile(r"(?P<stem>.+)_burst\d*(?:_cover)?")
# Google's camera: PXL_20231207_032111247.RAW-01.COVER.jpg and ...RAW-02.ORIGINAL.dng.
_OF_A_SHOT = re.compile(r"(?P<stem>.+?)(?:\.[a-z_]+-\d{2})?(?:\.mp)?\.(?P<part>cover|original)")
_MOTION = re.compile(r"(?P<stem>.+)\.mp")
# Apple's: IMG_E1234 is the edited IMG_1234.
_APPLE_EDITED = re.compile(r"(?P<stem>img_)e(?P<number>\d{4,5})")
_CONVERTED = re.compile(
    r"(?P<stem>.+)\.(?:heic|heif|hif|dng|cr2|cr3|nef|arw|orf|raf|rw2|png|tiff?)"
)
_COPY_OF = re.compile(
    r"(?:copy|kopie|copie|copia|kopia|kopi)(?: \(\d+\))? (?:of|von|de|di|van|av|af) (?P<stem>.+)"
)
_RULES: tuple[tuple[re.Pattern[str], Making], ...] = (
    (_OF_A_SHOT, "cover"),
    (_MOTION, "cover"),
    (_APPLE_EDITED, "edited"),
    (_AGAIN, "edited"),
    (_BURST, "copied"),
    (_WIDTH, "copied"),
    (_CONVERTED, "copied"),
    (_COPY_OF, "copied"),
)
# Nearly all names of cameras are such, and made of nothing.
_COUNTED = re.compile(r"[a-z]*[-_]?\d+(?:[-_]\d+)*")
# What a name must have for one of them to hold: there are many names, and few have it.
_SIGNS = re.compile(r"[.~]|^img_e|_burst|\dx\d|\d(?:px|w)$|^cop|^kopi")


def origins(stem: str) -> Iterator[Origin]:
    """The originals that a file with this stem (a `key` without its ending) may be made of, the
    likeliest first; none for a name that no rule made."""
    if _COUNTED.fullmatch(stem):
        return
    for rule, making in _RULES if _SIGNS.search(stem) else ():
        match = rule.fullmatch(stem)
        if match:
            number = match["number"] if rule is _APPLE_EDITED else ""
            yield Origin(match["stem"] + number, making)
    token = _last_token(stem.rstrip("0123456789() -_"))
    if token not in _WORDS["edited"] and token not in _WORDS["copied"]:
        return
    end = _END.search(stem)
    body, again = (stem[: end.start()], end["again"] or "") if end else (stem, "")
    for making, words in _WORDS.items():
        for word in words.get(_last_token(body), ()):
            before = body.removesuffix(word)
            bare = before.rstrip(_SEPARATORS)
            if before != body and bare and bare != before:
                yield Origin(bare + again, making)
                break


def is_original(stem: str) -> bool:
    """Whether the camera kept this part of a shot beside the one that it shows."""
    shot = _OF_A_SHOT.fullmatch(stem) if ".original" in stem else None
    return shot is not None and shot["part"] == "original"
