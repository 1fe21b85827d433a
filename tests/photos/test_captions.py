"""Titles, captions, places and kinds, from wherever programs and people write them."""

import json
import unicodedata
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL.PngImagePlugin import PngInfo
from test_metadata import bag, data_set, exif_block, jpeg, of, packet, photoshop_segment
from tiny_files import encoded, halves

from capsearch.photos.metadata.captions import caption, user_comment
from capsearch.photos.metadata.model import Person, PhotoMetadata
from capsearch.photos.metadata.screenshots import is_screenshot_name

FESTIVAL = "Harvest festival in Quillbrook"


def windows(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def in_languages(name: str, *texts: tuple[str, str]) -> str:
    listed = "".join(f'<rdf:li xml:lang="{language}">{text}</rdf:li>' for language, text in texts)
    return f"<{name}><rdf:Alt>{listed}</rdf:Alt></{name}>"


def test_windows_title_comment_and_subject_are_read() -> None:
    found = of(
        jpeg(
            exif_block(
                {
                    0x9C9B: windows("Straße"),
                    0x9C9C: windows(FESTIVAL),
                    0x9C9F: windows("a subject"),
                    0x010E: FESTIVAL,
                }
            )
        )
    )
    assert (found.title, found.texts) == ("Straße", (FESTIVAL, "a subject"))


def test_a_description_in_any_code_is_read() -> None:
    for code in ("utf-8", "cp1252"):
        exif = exif_block({0x010E: "Grüße vom See".encode(code)})
        assert of(jpeg(exif)).texts == ("Grüße vom See",)


@pytest.mark.parametrize(
    "value",
    [
        b"ASCII\0\0\0Gru\xc3\x9f vom See",
        b"ASCII\0\0\0Gru\xdf vom See\0\0\0",
        bytes(8) + b"Gru\xc3\x9f vom See   ",
        b"UNICODE\0" + "Gruß vom See".encode("utf-16-le"),
        b"UNICODE\0" + "Gruß vom See\0\0".encode("utf-16-be"),
        b"UNICODE\0" + "Gruß vom See".encode("utf-16"),
        "Gru\xdf vom See".encode("cp1252"),
    ],
)
@pytest.mark.parametrize("little_endian", [True, False])
def test_a_comment_is_read_in_the_code_that_it_names(value: bytes, little_endian: bool) -> None:
    assert user_comment(value, little_endian=little_endian).strip() == "Gruß vom See"


def test_a_comment_in_japanese_is_read_in_its_codes_and_the_files_byte_order() -> None:
    text = "京都の桜"
    for code in ("iso2022_jp", "euc_jp"):
        value = b"JIS\0\0\0\0\0" + text.encode(code)
        assert user_comment(value, little_endian=True) == text
    for little, code in ((True, "utf-16-le"), (False, "utf-16-be")):
        value = b"UNICODE\0" + text.encode(code)
        assert user_comment(value, little_endian=little) == text


@given(st.binary(max_size=60), st.booleans())
def test_no_comment_is_an_error(value: bytes, little_endian: bool) -> None:
    caption(user_comment(value, little_endian=little_endian)).encode()


def test_a_comment_in_exif_is_a_text_and_filler_is_none() -> None:
    comment = b"ASCII\0\0\0" + FESTIVAL.encode()
    assert of(jpeg(exif_block({}, {0x9286: comment}))).texts == (FESTIVAL,)
    assert of(jpeg(exif_block({}, {0x9286: b"ASCII\0\0\0" + b" " * 100}))).texts == ()


@pytest.mark.parametrize(
    "text",
    [
        "OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "SAMSUNG", "Exif_JPEG_PICTURE",
        "KODAK Digital Still Camera", "DCIM\\100MEDIA\\DJI_0012.JPG", "Created with GIMP",
        "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90", "default", "---", "",
        '{"shape": [96, 144, 3]}', "0cd5" * 16, "MINOLTA DSC", "Untitled",
    ],
)  # fmt: skip
def test_what_no_person_wrote_is_no_description(text: str) -> None:
    assert caption(text) == ""
    assert of(jpeg(exif_block({0x010E: text}))).texts == ()


def test_text_whose_code_nothing_explains_is_none() -> None:
    assert caption("\ufffd\ufffdabc") == ""
    assert caption("one \ufffd in a long text") != ""


@pytest.mark.parametrize(
    "text", ["Sony", "My digital camera at last", "A default is a choice", "*mine*"]
)
def test_what_only_resembles_it_is_one(text: str) -> None:
    assert caption(text) == text


@pytest.mark.parametrize("mark", [True, False])
def test_iptc_says_title_caption_and_place(mark: bool) -> None:
    sets = [data_set(1, 90, b"\x1b%G")] if mark else []
    sets += [
        data_set(2, number, text.encode())
        for number, text in (
            (5, "Fête"), (105, "Headline"), (120, FESTIVAL), (90, "Köln"), (92, "Dom"), (95, "NRW"),
            (101, "Deutschland"),
        )
    ]  # fmt: skip
    plain = jpeg()
    found = of(plain[:2] + photoshop_segment(*sets) + plain[2:])
    assert (found.title, found.texts) == ("Fête", ("Headline", FESTIVAL))
    assert found.place_names == ("Dom", "Köln", "NRW", "Deutschland")


def test_xmp_says_title_descriptions_of_all_languages_and_place() -> None:
    found = of(
        jpeg(
            xmp=packet(
                in_languages("dc:title", ("de-DE", "Traktoren"), ("x-default", "Tractors"))
                + in_languages("dc:description", ("x-default", FESTIVAL), ("de", "Erntefest"))
                + in_languages("exif:UserComment", ("x-default", "a comment"))
                + "<photoshop:Headline>A headline</photoshop:Headline>"
                + "<photoshop:City>Annecy</photoshop:City>"
                + "<photoshop:Country>France</photoshop:Country>"
            )
        )
    )
    assert found.title == "Tractors"
    assert found.texts == ("Traktoren", "A headline", FESTIVAL, "Erntefest", "a comment")
    assert found.place_names == ("Annecy", "France")


def test_every_level_of_a_tag_is_a_keyword_and_groups_of_people_and_places_are_known() -> None:
    tags = bag("digiKam:TagsList", "Personen/Ann", "Orte/Norwegen/Bergen", "Tiere/Hund/Rex")
    found = of(jpeg(xmp=packet(tags)))
    assert found.people == (Person("Ann", "xmp"),)
    assert found.place_names == ("Norwegen", "Bergen")
    assert found.keywords == ("Orte", "Norwegen", "Bergen", "Tiere", "Hund", "Rex")


def test_takeout_says_description_and_favourite_and_its_title_is_the_files_name(
    tmp_path: Path,
) -> None:
    said = {
        "title": "photo.jpg", "description": FESTIVAL, "favorited": True,
        "photoTakenTime": {"timestamp": "1551441600"},
    }  # fmt: skip
    (tmp_path / "photo.jpg.json").write_text(json.dumps(said))
    found = of(jpeg(), "photo.jpg", tmp_path)
    assert (found.title, found.texts, found.favourite) == (None, (FESTIVAL,), True)


def test_picasa_says_caption_and_star(tmp_path: Path) -> None:
    (tmp_path / ".picasa.ini").write_text(f"[photo.jpg]\ncaption={FESTIVAL}\nstar=yes\n")
    found = of(jpeg(), "photo.jpg", tmp_path)
    assert (found.texts, found.favourite) == ((FESTIVAL,), True)


def test_the_texts_of_png_and_the_comments_of_jpeg_and_gif_are_read() -> None:
    info = PngInfo()
    info.add_text("Title", "Fête")
    info.add_itxt("Description", "Größe", zip=True)
    info.add_text("Comment", FESTIVAL, zip=True)
    info.add_text("Author", "Ann")
    found = of(encoded(halves(), "PNG", pnginfo=info), "photo.png")
    assert (found.title, found.texts) == ("Fête", ("Größe", FESTIVAL))
    for kind in ("JPEG", "GIF"):
        assert of(encoded(halves(), kind, comment=FESTIVAL.encode())).texts == (FESTIVAL,)


def test_an_endless_text_of_a_png_costs_no_more_than_its_limit() -> None:
    plain = encoded(halves(), "PNG")
    packed = b"Comment\0\0" + zlib.compress(b"a " * 20_000_000)
    chunk = len(packed).to_bytes(4, "big") + b"zTXt" + packed + bytes(4)
    [text] = of(plain[:33] + chunk + plain[33:], "photo.png").texts
    assert len(text) <= 10_000


def test_each_text_is_kept_once_in_one_unicode_form_and_a_files_name_is_no_title(
    tmp_path: Path,
) -> None:
    parted = unicodedata.normalize("NFD", "Fête à Zürich")
    beside = packet(
        in_languages("dc:title", ("x-default", "IMG_1")) + bag("dc:subject", "Zu\u0308rich")
    )
    (tmp_path / "IMG_1.xmp").write_bytes(beside)
    exif = exif_block({0x9C9C: windows(parted), 0x9C9B: windows("Zürich")})
    inside = packet(in_languages("dc:description", ("x-default", "Fête  à\nZürich")))
    found = of(jpeg(exif, inside), "IMG_1.jpg", tmp_path)
    assert (found.title, found.texts, found.keywords) == ("Zürich", ("Fête à Zürich",), ("Zürich",))


@pytest.mark.parametrize(
    "name, folder, expected",
    [
        ("Screenshot_20210705-223344.png", "Pictures", True),
        ("Bildschirmfoto 2020-01-01 um 12.00.00.png", "x", True),
        ("Capture d\u2019e\u0301cran 2020.png", "x", True),
        ("IMG_1.png", "Screenshots", True),
        ("Screen Shot 2019-01-01 at 1.00.00 PM.png", "x", True),
        ("IMG_1.png", "Silkscreen shots", False),
    ],
)
def test_a_screenshot_is_known_by_its_name_or_folder(
    name: str, folder: str, expected: bool
) -> None:
    assert is_screenshot_name(name, folder) is expected


def test_a_screenshot_is_known_by_what_phones_and_tools_write() -> None:
    comment = exif_block({}, {0x9286: b"ASCII\0\0\0Screenshot"})
    found = of(jpeg(comment))
    assert (found.screenshot, found.texts) == (True, ())
    info = PngInfo()
    info.add_text("Software", "gnome-screenshot")
    assert of(encoded(halves(), "PNG", pnginfo=info), "a.png").screenshot
    assert not of(jpeg(exif_block({0x0131: "Adobe Photoshop"}))).screenshot


@pytest.mark.parametrize(
    "name, expected",
    [
        (
            "kw.jpg",
            PhotoMetadata(
                keywords=("zeppelin", "holiday 2014", "Places", "France", "Annecy"),
                people=(Person("Wilhelmine Testperson", "xmp"),),
                place_names=("France", "Annecy"),
            ),
        ),
        (
            "digikam_de.jpg",
            PhotoMetadata(
                keywords=("Orte", "Bergen"),
                people=(Person("Wilhelmine Testperson", "xmp"),),
                place_names=("Bergen",),
            ),
        ),
        (
            "caption.jpg",
            PhotoMetadata(title="Tractor parade", texts=(f"{FESTIVAL} with the tractor parade",)),
        ),
    ],
)
def test_the_photos_behind_public_reports_say_what_is_right(
    shared_data: Path, name: str, expected: PhotoMetadata
) -> None:
    found = of((shared_data / "reports" / "words" / name).read_bytes(), name)
    for field in ("keywords", "people", "place_names", "title", "texts"):
        assert getattr(found, field) == getattr(expected, field)


def test_real_photos_say_their_titles_and_places(shared_data: Path) -> None:
    trip = shared_data / "library" / "trip"
    found = of((trip / "IMG_5910.jpg").read_bytes(), "IMG_5910.jpg")
    assert found.title == "Squirrel at berkely"
    assert found.texts == ("This is a comment", "its a subject")
    assert found.place_names == ("Berkeley", "California", "United States")
    olympus = shared_data / "library" / "cameras" / "Olympus_C8080WZ.jpg"
    assert of(olympus.read_bytes()).texts == ()
