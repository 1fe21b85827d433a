"""Which files of a folder are one picture."""

import pytest

from capsearch.photos.groups import group_names, is_beside_name


def groups(*names: str, unusable: tuple[str, ...] = ()) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {g.photo: (g.companions, g.sidecars) for g in group_names(names, unusable)}


@pytest.mark.parametrize("jpeg", ["IMG_1.JPG", "img_1.jpeg", "IMG_1.HEIC"])
def test_a_raw_file_goes_with_the_photo_of_the_same_name(jpeg: str) -> None:
    assert groups(jpeg, "IMG_1.CR2", "IMG_2.CR2") == {
        jpeg: (("IMG_1.CR2",), ()),
        "IMG_2.CR2": ((), ()),
    }


def test_the_video_of_a_live_photo_goes_with_it_and_any_other_stands_for_itself() -> None:
    assert groups("a.HEIC", "a.MOV", "b.MOV") == {
        "a.HEIC": (("a.MOV",), ()),
        "b.MOV": ((), ()),
    }


def test_raw_and_video_may_go_with_one_photo_and_other_photos_stand_for_themselves() -> None:
    found = groups("a.heic", "a.jpg", "a.png", "a.dng", "a.mov")
    assert found == {
        "a.jpg": (("a.dng", "a.mov"), ()),
        "a.heic": ((), ()),
        "a.png": ((), ()),
    }


def test_a_raw_file_stands_for_itself_where_its_photo_cannot_be_read() -> None:
    assert groups("a.jpg", "a.nef", unusable=("a.jpg",)) == {"a.jpg": ((), ()), "a.nef": ((), ())}


def test_sidecars_in_both_styles_belong_to_the_photo_and_its_companions() -> None:
    found = groups("a.jpg", "a.NEF", "A.XMP", "a.nef.xmp", "a.jpg.json", ".picasa.ini", "b.xmp")
    assert found == {"a.jpg": (("a.NEF",), ("A.XMP", "a.nef.xmp", "a.jpg.json", ".picasa.ini"))}


def test_what_goes_with_photos_is_known_by_name() -> None:
    assert all(is_beside_name(n) for n in ("a.xmp", "a.JSON", ".picasa.ini", "a.MOV", "a.mp4"))
    assert not any(is_beside_name(n) for n in ("a.txt", "a.jpg", "a.avi"))


def test_what_was_edited_is_shown_and_opens_to_its_original() -> None:
    found = groups("IMG_2.jpg", "IMG_2-bearbeitet.jpg", "IMG_2.jpg.json", "IMG_3-edited.jpg")
    assert found == {
        "IMG_2-bearbeitet.jpg": (("IMG_2.jpg",), ("IMG_2.jpg.json",)),
        "IMG_3-edited.jpg": ((), ()),
    }
    assert groups("a.HEIC", "a-edited.jpg", "a.MOV") == {"a-edited.jpg": (("a.HEIC", "a.MOV"), ())}
    assert groups("IMG_1.HEIC", "IMG_E1.HEIC", "IMG_0001.HEIC", "IMG_E0001.HEIC") == {
        "IMG_1.HEIC": ((), ()),
        "IMG_E1.HEIC": ((), ()),
        "IMG_E0001.HEIC": (("IMG_0001.HEIC",), ()),
    }


def test_takeouts_own_json_tells_an_edit_in_any_language() -> None:
    found = groups("IMG_2.jpg", "IMG_2-pohreb.jpg", "IMG_2.jpg.supplemental-metadata.json")
    assert found == {
        "IMG_2-pohreb.jpg": (("IMG_2.jpg",), ("IMG_2.jpg.supplemental-metadata.json",))
    }
    named = groups("Anna.jpg", "Anna-Maria.jpg", "Anna.jpg.json", "Anna-Maria.jpg.json")
    assert named == {
        "Anna.jpg": ((), ("Anna.jpg.json",)),
        "Anna-Maria.jpg": ((), ("Anna-Maria.jpg.json",)),
    }
    assert len(groups("Anna.jpg", "Anna-Maria.jpg")) == 2


def test_a_name_that_came_twice_in_takeout_has_its_own_edit() -> None:
    found = groups(
        "a.jpg", "a(1).jpg", "a-edited(1).jpg", "a.jpg.json", "a.jpg(1).json"
    )  # fmt: skip
    assert found == {
        "a.jpg": ((), ("a.jpg.json",)),
        "a-edited(1).jpg": (("a(1).jpg",), ("a.jpg(1).json",)),
    }


def test_the_parts_of_a_shot_are_one_picture_the_last_edit_first() -> None:
    shot = "PXL_20231207_032111247"
    cover, raw = f"{shot}.RAW-01.COVER.jpg", f"{shot}.RAW-02.ORIGINAL.dng"
    assert groups(raw, cover, f"{cover}.json") == {cover: ((raw,), (f"{cover}.json",))}
    portrait, plain = f"{shot}.PORTRAIT-01.COVER.jpg", f"{shot}.PORTRAIT-02.ORIGINAL.jpg"
    assert groups(plain, portrait) == {portrait: ((plain,), ())}
    edited = f"{shot}.PORTRAIT-01.COVER~2.jpg"
    assert groups(plain, portrait, edited) == {edited: ((portrait, plain), ())}
    assert groups(f"{shot}.MP.jpg", f"{shot}.MP") == {f"{shot}.MP.jpg": ((f"{shot}.MP",), ())}
    assert groups("a.jpg", "a~2.jpg", "a~3.jpg") == {"a~3.jpg": (("a.jpg", "a~2.jpg"), ())}


def test_an_edit_that_cannot_be_read_leads_nothing() -> None:
    found = groups("a.jpg", "a-edited.jpg", "a.cr2", unusable=("a-edited.jpg",))
    assert found == {"a.jpg": (("a.cr2",), ()), "a-edited.jpg": ((), ())}
    found = groups("a.jpg", "a-edited.jpg", unusable=("a.jpg",))
    assert found == {"a.jpg": ((), ()), "a-edited.jpg": ((), ())}


def test_copies_stand_for_themselves_with_the_originals_sidecars() -> None:
    found = groups("a.jpg", "a_resized.jpg", "a (copy).jpg", "a.CR2.jpg", "a.xmp", "a.png")
    assert {name: beside for name, (_, beside) in found.items()} == dict.fromkeys(
        ("a.jpg", "a_resized.jpg", "a (copy).jpg", "a.CR2.jpg", "a.png"), ("a.xmp",)
    )
    assert not any(companions for companions, _ in found.values())


def test_other_pictures_of_the_originals_name_stand_for_themselves() -> None:
    found = groups("a.jpg", "a.png", "a-edited.jpg", "a.cr2")
    assert found == {"a-edited.jpg": (("a.cr2", "a.jpg"), ()), "a.png": ((), ())}


def test_sidecars_are_found_in_either_form_of_unicode() -> None:
    assert groups("Cafe\u0301.jpg", "Caf\u00e9.jpg.json") == {
        "Cafe\u0301.jpg": ((), ("Caf\u00e9.jpg.json",))
    }
    assert groups("Caf\u00e9.CR2", "Cafe\u0301.jpg") == {"Cafe\u0301.jpg": (("Caf\u00e9.CR2",), ())}
