"""The original's name, from that of what was made of it."""

import unicodedata
from typing import Literal

import pytest

from capsearch.photos.naming import Making, Origin, key, origins

EDITED = [
    "edited", "bearbeitet", "bewerkt", "modifié", "modificato", "ha editado", "editado",
    "redigerad", "redigeret", "muokattu", "edytowane", "upraveno", "szerkesztett", "düzenlendi",
    "изменено", "đã chỉnh sửa", "diedit", "編集済み", "已编辑", "已編輯", "수정됨",
]  # fmt: skip


@pytest.mark.parametrize("word", EDITED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_was_edited_is_known_in_the_languages_of_takeout(
    word: str, form: Literal["NFC", "NFD"]
) -> None:
    def made_of(name: str) -> list[Origin]:
        return list(origins(key(unicodedata.normalize(form, name))))

    assert made_of(f"IMG_2-{word}") == [("img_2", "edited")]
    assert made_of(f"IMG_2-{word.upper()}") == [("img_2", "edited")]
    assert made_of(f"Café am See-{word}(1)") == [("café am see(1)", "edited")]


@pytest.mark.parametrize(
    ("name", "original", "making"),
    [
        ("PXL_20231207_032111247.RAW-01.COVER", "pxl_20231207_032111247", "cover"),
        ("PXL_20231207_032111247.RAW-02.ORIGINAL", "pxl_20231207_032111247", "cover"),
        ("PXL_20231207_032111247.RAW-01.MP.COVER", "pxl_20231207_032111247", "cover"),
        ("PXL_20231207_032111247.PORTRAIT-02.ORIGINAL", "pxl_20231207_032111247", "cover"),
        ("PXL_20231207_032111247.LONG_EXPOSURE-01.COVER", "pxl_20231207_032111247", "cover"),
        ("PXL_20231207_032111247.MP", "pxl_20231207_032111247", "cover"),
        ("PXL_20231207_032111247~2", "pxl_20231207_032111247", "edited"),
        ("PXL_1.PORTRAIT-01.COVER~2", "pxl_1.portrait-01.cover", "edited"),
        ("IMG_E1234", "img_1234", "edited"),
        ("IMG_1-Edit", "img_1", "edited"),
        ("IMG_1-Edit-2", "img_1", "edited"),
        ("IMG_1 (edited)", "img_1", "edited"),
        ("IMG_1_edited", "img_1", "edited"),
        ("IMG_1-Enhanced-NR", "img_1", "edited"),
        ("IMG_1_DxO", "img_1", "edited"),
        ("IMG_1 - Kopie", "img_1", "copied"),
        ("IMG_1 - Kopie (2)", "img_1", "copied"),
        ("Copy of IMG_1", "img_1", "copied"),
        ("Kopie (2) von IMG_1", "img_1", "copied"),
        ("IMG_1 (copy resized)", "img_1", "copied"),
        ("IMG_1_resized", "img_1", "copied"),
        ("IMG_1_exported", "img_1", "copied"),
        ("IMG_1-converted", "img_1", "copied"),
        ("IMG_1-1024x768", "img_1", "copied"),
        ("IMG_1_2048px", "img_1", "copied"),
        ("IMG_1.HEIC", "img_1", "copied"),
        ("IMG_1.CR2", "img_1", "copied"),
        ("IMG_20190301_120000_BURST001", "img_20190301_120000", "copied"),
        ("IMG_20190301_120000_BURST001_COVER", "img_20190301_120000", "copied"),
    ],
)
def test_each_way_of_making_has_its_rule(name: str, original: str, making: Making) -> None:
    assert next(origins(key(name))) == (original, making)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234", "IMG_1234(1)", "DSC01234", "20190301_120000", "edited", "Kopie", "-edited",
        "copy 2", "Unedited", "accredited", "a photo of my credit", "Anna smile", "Anna-Maria",
        "v1.2", "", "img_elefant", "2015-1024", "web", "10x15", "Copy of",
    ],
)  # fmt: skip
def test_other_names_are_of_originals(name: str) -> None:
    assert list(origins(key(name))) == []


def test_names_are_compared_without_case_and_in_one_form() -> None:
    assert key("CAFÉ.JPG") == key("Cafe\u0301.jpg") == "café.jpg"
    assert key("a\udcff.jpg") == "a\udcff.jpg"
