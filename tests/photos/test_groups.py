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


def test_the_video_of_a_live_photo_is_no_photo() -> None:
    assert groups("a.HEIC", "a.MOV", "b.MOV") == {"a.HEIC": (("a.MOV",), ())}


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
