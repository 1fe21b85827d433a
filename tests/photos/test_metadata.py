"""What a photo, its sidecars, its name and its file time say."""

import datetime
import json
import os
import random
import re
import struct
import time
import tracemalloc
import unicodedata
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2
from tiny_files import HEIC, dng, encoded, halves

from capsearch.photos.metadata.camera import camera_name
from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.model import Person, PhotoMetadata, TakenAt
from capsearch.photos.metadata.names import taken_from_name
from capsearch.photos.metadata.numbers import number
from capsearch.photos.metadata.read import read_metadata
from capsearch.photos.metadata.trust import ORDER, believed, distrust

MARCH = datetime.datetime(2019, 3, 1, 12, 0)
# 2021-05-05, so that it never is what a test looks for.
FILE_TIME = 1_620_000_000_000_000_000

Tags = dict[int, object]


def exif_block(main: Tags, detail: Tags | None = None, gps: Tags | None = None) -> Image.Exif:
    exif = Image.Exif()
    exif.update(main)
    exif.get_ifd(0x8769).update(detail or {})
    exif.get_ifd(0x8825).update(gps or {})
    return exif


def packet(properties: str) -> bytes:
    namespaces = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "lr": "http://ns.adobe.com/lightroom/1.0/",
        "digiKam": "http://www.digikam.org/ns/1.0/",
        "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
        "stArea": "http://ns.adobe.com/xmp/sType/Area#",
        "stDim": "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    }
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in namespaces.items())
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    return (
        f'<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{rdf}">'
        f'<rdf:Description rdf:about="" {declared}>{properties}</rdf:Description>'
        f'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def bag(name: str, *items: str) -> str:
    listed = "".join(f"<rdf:li>{item}</rdf:li>" for item in items)
    return f"<{name}><rdf:Bag>{listed}</rdf:Bag></{name}>"


def face(name: str, x: float, y: float, w: float, h: float, kind: str = "Face") -> str:
    return (
        f'<rdf:li><rdf:Description mwg-rs:Name="{name}" mwg-rs:Type="{kind}">'
        f'<mwg-rs:Area stArea:x="{x}" stArea:y="{y}" stArea:w="{w}" stArea:h="{h}"'
        f' stArea:unit="normalized"/></rdf:Description></rdf:li>'
    )


def faces(*listed: str, drawn_on: tuple[int, int] = (48, 32)) -> str:
    return (
        '<mwg-rs:Regions rdf:parseType="Resource">'
        f'<mwg-rs:AppliedToDimensions stDim:w="{drawn_on[0]}" stDim:h="{drawn_on[1]}"/>'
        f"<mwg-rs:RegionList><rdf:Bag>{''.join(listed)}</rdf:Bag></mwg-rs:RegionList>"
        "</mwg-rs:Regions>"
    )


def of(data: bytes, name: str = "photo.jpg", folder: Path = Path("nowhere")) -> PhotoMetadata:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_metadata(data, os.fspath(folder / name), FILE_TIME)


def jpeg(exif: Image.Exif | bytes | None = None, xmp: bytes = b"") -> bytes:
    return encoded(halves(), "JPEG", exif=Image.Exif() if exif is None else exif, xmp=xmp)


def local(found: PhotoMetadata) -> tuple[str, int | None, str]:
    assert found.taken is not None
    return str(found.taken.local), found.taken.utc_offset_minutes, found.taken.source


def test_a_photo_that_says_nothing_has_its_file_time() -> None:
    found = of(jpeg())
    assert local(found)[2] == "file"
    assert found.taken is not None
    assert found.taken.local == datetime.datetime.fromtimestamp(FILE_TIME / 1e9)
    assert found == PhotoMetadata(taken=found.taken)


def test_the_original_date_comes_with_its_zone_and_fraction() -> None:
    detail: Tags = {0x9003: "2019:03:01 12:00:00", 0x9011: "-03:30", 0x9291: "25"}
    found = of(jpeg(exif_block({0x0132: "2020:01:01 00:00:00"}, detail)))
    assert local(found) == ("2019-03-01 12:00:00.250000", -210, "exif")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_is_found_in_every_kind_of_file(kind: str) -> None:
    exif = exif_block({0x010F: "Canon", 0x0110: "Canon EOS R5"}, {0x9003: "2019:03:01 12:00:00"})
    found = of(encoded(halves(), kind, exif=exif.tobytes()))
    assert local(found) == ("2019-03-01 12:00:00", None, "exif")
    assert found.camera == "Canon EOS R5"


def test_heic_and_raw_files_say_their_camera() -> None:
    assert of(HEIC, "a.heic").camera == "Tiny"
    assert of(dng(), "a.dng").camera == "Maker Model"


def test_jpeg_xl_says_what_its_boxes_hold() -> None:
    pylibjxl = pytest.importorskip("pylibjxl")
    exif = exif_block({0x0110: "Tiny"}).tobytes().removeprefix(b"Exif\0\0")
    pixels = np.asarray(halves())
    data = pylibjxl.encode(pixels, exif=exif, xmp=packet(bag("dc:subject", "beach")))
    found = of(data, "a.jxl")
    assert (found.camera, found.keywords) == ("Tiny", ("beach",))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_xmp_is_found_in_every_kind_of_file(kind: str) -> None:
    xmp = packet(bag("dc:subject", "beach"))
    options: dict[str, object] = {"xmp": xmp}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options = {"pnginfo": info}
    if kind == "TIFF":
        options = {"tiffinfo": {700: xmp}}
    assert of(encoded(halves(), kind, **options)).keywords == ("beach",)


def test_dates_follow_their_order_of_trust(tmp_path: Path) -> None:
    """Each is a day later than the one that is believed before it."""
    name = "IMG_20190309_120000.jpg"
    days: dict[str, TakenAt] = {
        source: TakenAt(datetime.datetime(2019, 3, day, 12), None, source)
        for day, source in enumerate(
            ("sidecar", "xmp", "iptc", "takeout", "exif", "named", "digitized", "satellites",
             "name", "unset", "changed", "of a newer version", "file"), 1)
    }  # fmt: skip
    last = days.pop("file")
    assert [taken.source for taken in sorted([last, *days.values()], key=distrust)] == [
        *days, "file"
    ]  # fmt: skip
    left = list(days.values())
    while left:
        assert believed([last, *reversed(left)]) == left.pop(0)
    assert believed([last, None]) == last
    assert believed([]) is None

    original: Tags = {0x9003: "2019:03:05 12:00:00"}
    digitized: Tags = {0x9004: "2019:03:07 12:00:00"}
    gps: Tags = {7: (12.0, 0.0, 0.0), 29: "2019:03:08"}
    modified: Tags = {0x0132: "2019:03:11 12:00:00"}
    xmp = packet("<photoshop:DateCreated>2019-03-02T12:00</photoshop:DateCreated>")
    scanned = packet("<xmp:CreateDate>2019-03-07T12:00</xmp:CreateDate>")

    def day(exif: Image.Exif, packet_inside: bytes = b"", called: str = name) -> tuple[int, str]:
        taken = of(jpeg(exif, packet_inside), called, tmp_path).taken
        assert taken is not None
        return taken.local.day, taken.source

    everything = exif_block(modified, {**original, **digitized}, gps)
    sidecar = tmp_path / f"{name}.xmp"
    sidecar.write_bytes(
        packet("<exif:DateTimeOriginal>2019-03-01T12:00:00</exif:DateTimeOriginal>")
    )
    assert day(everything, xmp) == (1, "sidecar")
    # What stands beside the photo goes before what stands in it only if it means the same.
    sidecar.write_bytes(scanned)
    assert day(everything, xmp) == (2, "xmp")
    assert day(everything) == (5, "exif")
    sidecar.unlink()
    # A listing is kept while the folder's time is the same.
    os.utime(tmp_path, ns=(0, FILE_TIME))
    assert day(exif_block(modified, digitized, gps), xmp) == (2, "xmp")
    assert day(exif_block(modified, digitized, gps), called="1978 Grandma.jpg") == (1, "named")
    assert day(exif_block(modified, digitized, gps)) == (7, "digitized")
    assert day(exif_block(modified, {}, gps), scanned) == (7, "digitized")
    assert day(exif_block(modified, {}, gps)) == (8, "satellites")
    assert day(exif_block(modified)) == (9, "name")
    assert day(exif_block(modified), called="a.jpg") == (11, "changed")
    changed = packet("<xmp:ModifyDate>2019-03-11T12:00</xmp:ModifyDate>")
    assert day(exif_block({}), changed, called="a.jpg") == (11, "changed")
    assert day(exif_block({}), called="a.jpg")[1] == "file"


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00", "    :  :     :  :  ", "0001:01:01 00:00:00", "0000:07:04 00:00:00",
        "2999:01:01 00:00:00", "1970:01:01 00:00:00", "", "yesterday", "2999", "1700-05",
        "1899:12:30 01:00:14", "1980:01:01 00:00:00", "1970:01:01", "1978th of May", "19780704",
    ],
)  # fmt: skip
def test_dates_that_cannot_be_true_are_rejected(text: str) -> None:
    assert parse_date(text, "exif") is None
    assert local(of(jpeg(exif_block({}, {0x9003: text}))))[2] == "file"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2019:03:01 12:00:00", None), ("2019-03-01T12:00:00Z", 0), ("2019-03-01T12:00+05:45", 345),
        ("2019-03-01T12:00:00.000-0800", -480), ("2019:03:01 12:00:00  ", None),
        ("2019-03-01T12:00:00+00:00", 0), ("2019:03:01 12:00:61", None),
        ("2019/03/01 12:00:00", None), ("2019:03:01 12:00:00+99:00", None),
    ],
)  # fmt: skip
def test_dates_are_read_in_the_forms_programs_write(text: str, offset: int | None) -> None:
    assert parse_date(text, "exif") == TakenAt(MARCH, offset, "exif", universal=text[-1] == "Z")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1963:00:00 00:00:00", "1963"), ("1963", "1963"), ("1963:  :  ", "1963"),
        ("1963:  :     :  :  ", "1963"), ("1963-13-05", "1963"), ("1963:00:05 10:00:00", "1963"),
        ("1970:00:00", "1970"), ("1963:07:00 00:00:00", "1963-07"), ("1963-07", "1963-07"),
        ("1963:07:  ", "1963-07"), ("2015:06:31 10:20:00", "2015-06"), ("1904-01", "1904-01"),
        ("2019:02:30 10:00:00", "2019-02"), ("1978-07-04", "1978-07-04"),
        ("2019:03:01 25:00:00", "2019-03-01"), ("2019:03:01   :  :  ", "2019-03-01"),
        ("2019:03:01 10:70:00", "2019-03-01"), ("2019-03-01Z", "2019-03-01"),
        ("2019:03:01 10:20", "2019-03-01T10:20:00"),
    ],
)  # fmt: skip
def test_what_is_certain_of_a_date_is_kept(text: str, known: str) -> None:
    taken = parse_date(text, "exif")
    assert taken is not None and taken.text == known
    assert of(jpeg(exif_block({}, {0x9003: text}))).taken == taken


@pytest.mark.parametrize(
    ("satellites", "date", "offset"),
    [
        ((11.0, 0.0, 0.0), "2019:03:01", 60),
        ((6.0, 14.0, 30.0), "2019:03:01", 345),
        ((23.0, 0.0, 20.0), "2019:02:28", 780),
        ((11.0, 20.0, 0.0), "2019:03:01", None),
        ((1.0, 0.0, 0.0), "2019:02:20", None),
    ],
)
def test_the_satellites_time_gives_the_time_zone_if_it_can_be_one(
    satellites: tuple[float, float, float], date: str, offset: int | None
) -> None:
    exif = exif_block({}, {0x9003: "2019:03:01 12:00:00"}, {7: satellites, 29: date})
    assert local(of(jpeg(exif))) == ("2019-03-01 12:00:00", offset, "exif")


def test_the_zone_of_a_later_change_is_not_the_zone_of_the_shot() -> None:
    detail: Tags = {0x9003: "2019:03:01 12:00:00", 0x9010: "+02:00"}
    assert local(of(jpeg(exif_block({0x0132: "2019:03:01 12:00:00"}, detail))))[1] == 120
    assert local(of(jpeg(exif_block({0x0132: "2020:03:01 12:00:00"}, detail))))[1] is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_20190301_120000.jpg", MARCH),
        ("IMG_20190301_120000_BURST001.jpg", MARCH),
        ("20190301_120000.jpg", MARCH),
        ("20190301120000.jpg", MARCH),
        ("2019-03-01 12.00.00.jpg", MARCH),
        ("2019-03-01_12-00-00.jpg", MARCH),
        ("Screenshot_20190301-120000_Maps.png", MARCH),
        ("Screenshot 2019-03-01 at 12.00.00.png", MARCH),
        ("Screen Shot 2019-03-01 at 12.00.00 PM.png", MARCH),
        ("WhatsApp Image 2019-03-01 at 12.00.00 (1).jpeg", MARCH),
        ("signal-2019-03-01-120000.jpg", MARCH),
        ("photo_2019-03-01_12-00-00.jpg", MARCH),
        ("IMG-20190301-WA0001.jpg", MARCH),
        ("2019-03-01.jpg", MARCH),
        ("PXL_20190301_120000123.MP.jpg", MARCH),
        ("IMG_1234.jpg", None),
        ("DSC01234.jpg", None),
        ("a-1920x1080.jpg", None),
        ("20191301_120000.jpg", None),
        ("99920190301999.jpg", None),
        ("2015-1024x768.jpg", None),
        ("", None),
    ],
)
def test_dates_in_file_names(name: str, expected: datetime.datetime | None) -> None:
    taken = taken_from_name(name)
    whole = expected if taken is None or taken.precision == "second" else MARCH.replace(hour=0)
    assert (taken.local if taken else None) == whole
    if taken is not None:
        assert taken.source == "name"
        assert taken.universal == name.startswith("PXL_")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("July 1963", "1963-07"), ("Juli 1963 (2)", "1963-07"), ("märz_1978", "1978-03"),
        ("1978 März", "1978-03"), ("marzo 1978 mare", "1978-03"), ("07.1978", "1978-07"),
        ("1978-07", "1978-07"), ("Августа 1978", "1978-08"), ("1978年7月", "1978-07"),
        ("4. Juli 1978", "1978-07-04"), ("4 July 1978", "1978-07-04"),
        ("July 4, 1978", "1978-07-04"), ("12 de julio de 1978", "1978-07-12"),
        ("14 juillet 1989", "1989-07-14"), ("1er mai 1968", "1968-05-01"),
        ("1978年7月4日", "1978-07-04"), ("13.07.1978", "1978-07-13"),
        ("07-13-1978 Grandma", "1978-07-13"), ("4.4.1978", "1978-04-04"),
        ("1978-7-4", "1978-07-04"), ("1962-08-25_Hochzeit", "1962-08-25"),
        ("19620825 Hochzeit", "1962-08-25"), ("Hochzeit 25.8.1962 Nr 3", "1962-08-25"),
        # Day and month stay open, a season is no month.
        ("04.07.1978", "1978"), ("4-7-1978 Grandma", "1978"), ("Sommer 1963", "1963"),
        ("Summer 1963 - Lake", "1963"), ("1963 - Grandma", "1963"), ("Grandma (1963)", "1963"),
        ("Hochzeit_1962", "1962"), ("Oma 1963 001", "1963"), ("1890 Urgroßvater", "1890"),
        ("Christmas_1985_03", "1985"), ("1978-02-31 Oma", "1978-02"),
        # Counters, widths and spans say no year.
        ("IMG_1963", None), ("IMG_1963 (1)", None), ("DSC_2015", None), ("_MG_1999", None),
        ("DSC01963", None), ("P1011963", None), ("scan 1963", None), ("Scan1963", None),
        ("Image 1963 edited", None), ("1963", None), ("00001963", None), ("beach_1920", None),
        ("2015-1024x768", None), ("Album 1975-1980", None), ("Canon EOS 2000D", None),
    ],
)  # fmt: skip
def test_dates_that_people_give_to_scans(name: str, known: str | None) -> None:
    for form in ("NFC", "NFD"):
        taken = taken_from_name(unicodedata.normalize(form, f"{name}.jpg"))
        assert (taken and (taken.text, taken.source)) == (known and (known, "named"))


def test_half_days_and_milliseconds_in_file_names() -> None:
    late = taken_from_name("Screenshot 2019-03-01 at 1.05.09 PM.png")
    assert late is not None
    assert late.local == datetime.datetime(2019, 3, 1, 13, 5, 9)
    messenger = taken_from_name("FB_IMG_1551441600000.jpg")
    assert messenger is not None
    assert messenger.local == datetime.datetime(2019, 3, 1, 12)
    assert messenger.universal


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's zone, which is asked where a photo says none."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's time zone cannot be set for one program")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


NEW_YORK: Tags = {1: "N", 2: (40.0, 43.0, 0.0), 3: "W", 4: (74.0, 0.0, 0.0)}
UNIVERSAL = packet("<photoshop:DateCreated>2019-07-01T12:00:00Z</photoshop:DateCreated>")
LONDON = packet("<photoshop:DateCreated>2019-07-01T12:00:00+00:00</photoshop:DateCreated>")


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        # Universal time: by the zone of the position, else by the machine's.
        (jpeg(), "PXL_20210705_223344123.jpg", ("2021-07-06 00:33:44", 120, "name")),
        (jpeg(), "PXL_20210105_233344123.jpg", ("2021-01-06 00:33:44", 60, "name")),
        (jpeg(exif_block({}, {}, NEW_YORK)), "PXL_20210705_223344123.jpg",
         ("2021-07-05 18:33:44", -240, "name")),
        (jpeg(xmp=UNIVERSAL), "a.jpg", ("2019-07-01 14:00:00", 120, "xmp")),
        (jpeg(exif_block({}, {}, NEW_YORK), UNIVERSAL), "a.jpg",
         ("2019-07-01 08:00:00", -240, "xmp")),
        (jpeg(exif_block({}, {}, {7: (12.0, 0.0, 0.0), 29: "2019:07:01"})), "a.jpg",
         ("2019-07-01 14:00:00", 120, "satellites")),
        (jpeg(), "FB_IMG_1551441600000.jpg", ("2019-03-01 13:00:00", 60, "name")),
        # Local time stays, and gets the offset of its position.
        (jpeg(xmp=LONDON), "a.jpg", ("2019-07-01 12:00:00", 0, "xmp")),
        (jpeg(exif_block({}, {0x9003: "2019:07:01 12:00:00"})), "a.jpg",
         ("2019-07-01 12:00:00", None, "exif")),
        (jpeg(exif_block({}, {0x9003: "2019:07:01 12:00:00"}, NEW_YORK)), "a.jpg",
         ("2019-07-01 12:00:00", -240, "exif")),
        # The camera knows the local time of what another source has in universal time.
        (jpeg(exif_block({}, {0x9003: "2019:07:01 08:00:03"}), UNIVERSAL), "a.jpg",
         ("2019-07-01 08:00:03", -240, "xmp")),
        (jpeg(exif_block({}, {0x9003: "2019:07:04 08:00:00"}), UNIVERSAL), "a.jpg",
         ("2019-07-01 14:00:00", 120, "xmp")),
    ],
)  # fmt: skip
def test_dates_are_in_the_local_time_of_the_place(
    data: bytes, name: str, expected: tuple[str, int | None, str]
) -> None:
    assert local(of(data, name)) == expected


@pytest.mark.usefixtures("in_berlin")
def test_takeouts_universal_time_is_told_by_the_cameras_clock(tmp_path: Path) -> None:
    said = {"photoTakenTime": {"timestamp": "1551441600"}}
    (tmp_path / "a.jpg.json").write_text(json.dumps(said))
    cases: list[tuple[Tags, tuple[str, int, str]]] = [
        ({}, ("2019-03-01 13:00:00", 60, "takeout")),
        ({0x9003: "2019:03:01 07:00:00"}, ("2019-03-01 07:00:00", -300, "takeout")),
        # Corrected since: no zone is between the two.
        ({0x9003: "2008:06:01 10:00:00"}, ("2019-03-01 13:00:00", 60, "takeout")),
    ]
    for exif, expected in cases:
        assert local(of(jpeg(exif_block({}, exif)), "a.jpg", tmp_path)) == expected


def test_a_date_is_as_exact_as_all_that_agree_with_it(tmp_path: Path) -> None:
    def beside(date: str, exif: str, name: str = "a.jpg") -> str:
        written = packet(f"<photoshop:DateCreated>{date}</photoshop:DateCreated>")
        taken = of(jpeg(exif_block({}, {0x9003: exif}), written), name, tmp_path).taken
        assert taken is not None and taken.source == "xmp"
        return taken.text

    assert beside("2019-03-01", "2019:03:01 12:00:05") == "2019-03-01T12:00:05"
    assert beside("2019-03-01", "2019:03:02 12:00:05") == "2019-03-01"
    assert beside("2019-03-01T12:00", "2019:03:01 12:00:05") == "2019-03-01T12:00:05"
    assert beside("2019-03-01T12:01", "2019:03:01 12:00:05") == "2019-03-01T12:01:00"
    assert beside("1978", "2019:03:01 12:00:05", "July 1978.jpg") == "1978-07"
    assert beside("1978", "2019:03:01 12:00:05", "July 1979.jpg") == "1978"


@pytest.mark.parametrize("clock", ["2008:01:01 00:14:00", "2010:01:01 12:00:00"])
def test_a_clock_that_nobody_set_is_believed_before_nothing_only(
    tmp_path: Path, clock: str
) -> None:
    both: Tags = {0x9003: clock, 0x9004: clock}
    unset = jpeg(exif_block({0x0132: clock}, both))
    assert local(of(unset))[2] == "unset"
    assert local(of(unset, "IMG_20150809_182000.jpg"))[2] == "name"
    gps: Tags = {7: (16.0, 20.0, 0.0), 29: "2015:08:09"}
    assert local(of(jpeg(exif_block({}, both, gps))))[0].startswith("2015-08-09")
    # A program that took the clock's date over knows no more than the clock.
    day, hour = clock.replace(":", "-", 2).split()
    copied = packet(f"<exif:DateTimeOriginal>{day}T{hour}</exif:DateTimeOriginal>")
    (tmp_path / "IMG_20150809_182000.xmp").write_bytes(copied)
    assert local(of(unset, "IMG_20150809_182000.jpg", tmp_path))[2] == "name"
    (tmp_path / "IMG_20150809_182000.xmp").write_bytes(
        packet("<exif:DateTimeOriginal>2015-08-09T18:20:00</exif:DateTimeOriginal>")
    )
    os.utime(tmp_path, ns=(0, FILE_TIME))
    assert local(of(unset, "IMG_20150809_182000.jpg", tmp_path))[2] == "sidecar"


def test_a_new_years_night_by_a_clock_that_was_set() -> None:
    night: Tags = {0x9003: "2019:01:01 00:15:00"}
    gps: Tags = {7: (13.0, 15.0, 0.0), 29: "2018:12:31"}
    assert local(of(jpeg(exif_block({}, night, gps)))) == ("2019-01-01 00:15:00", 660, "exif")
    assert local(of(jpeg(exif_block({}, {0x9003: "1963:01:01 00:00:00"}))))[2] == "exif"


def test_the_documented_order_of_dates_is_the_one_that_is_used() -> None:
    table = (Path(__file__).parents[2] / ".github" / "READING.md").read_text("utf-8")
    assert re.findall(r"^\| \d+ \| `(\w+)` \|", table, re.M) == [*ORDER, "file"]


REPORTED = {
    "dates/scan_embedded.jpg": "1978-07-04",
    "dates/scan_side.jpg": "1978-07-04",
    "dates/clock.jpg": "2015-08-09T18:20:00",
    "dates/scan_partial_year.jpg": "1978",
    "dates/scan_partial_month.jpg": "1978-07",
    "dates/year only.jpg": "1963",
    "dates/year month.jpg": "1963-07",
    "zones/PXL_20210705_223344123.jpg": "2021-07-06T00:33:44",
}


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("name", sorted(REPORTED))
def test_reported_dates_are_right(shared_data: Path, name: str) -> None:
    found = of((shared_data / "reports" / name).read_bytes(), name, shared_data / "reports")
    assert found.taken is not None
    assert found.taken.text == REPORTED[name]


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("NIKON CORPORATION", "NIKON D70", "NIKON D70"),
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("OLYMPUS OPTICAL CO.,LTD", "C960Z,D460Z", "OLYMPUS C960Z,D460Z"),
        ("EASTMAN KODAK COMPANY", "KODAK DC240  ZOOM", "KODAK DC240 ZOOM"),
        ("samsung", "SM-S906U", "samsung SM-S906U"),
        ("SONY", "", "SONY"),
        ("", "", None),
    ],
)
def test_a_camera_is_named_once(make: str, model: str, name: str | None) -> None:
    assert camera_name(make, model) == name


def gps_block(north: str, latitude: object, east: str, longitude: object) -> Image.Exif:
    return exif_block({}, {}, {1: north, 2: latitude, 3: east, 4: longitude})


def test_a_position_has_its_hemisphere() -> None:
    found = of(jpeg(gps_block("S", (33.0, 51.0, 20.52), "W", (151.0, 12.5, 0.0))))
    assert found.latitude == pytest.approx(-33.8557, abs=1e-4)
    assert found.longitude == pytest.approx(-151.2083, abs=1e-4)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((91.0, 0.0, 0.0), (10.0, 0.0, 0.0)),
        ((10.0, 0.0, 0.0), (181.0, 0.0, 0.0)),
        ((IFDRational(0, 0),) * 3, (IFDRational(0, 0),) * 3),
    ],
)
def test_a_position_that_is_no_place_is_left_out(latitude: object, longitude: object) -> None:
    found = of(jpeg(gps_block("N", latitude, "E", longitude)))
    assert (found.latitude, found.longitude) == (None, None)


def test_xmp_gives_position_rating_and_keywords() -> None:
    found = of(
        jpeg(
            xmp=packet(
                "<exif:GPSLatitude>37,52.2656N</exif:GPSLatitude>"
                "<exif:GPSLongitude>122,15,24.4W</exif:GPSLongitude>"
                "<xmp:Rating>4</xmp:Rating>"
                + bag("dc:subject", "dog", " beach ", "Dog")
                + bag("lr:hierarchicalSubject", "Animals|dog|Rex", "People|Ann")
                + bag("digiKam:TagsList", "Places/Lisbon")
            )
        )
    )
    assert found.latitude == pytest.approx(37.8711, abs=1e-4)
    assert found.longitude == pytest.approx(-122.2568, abs=1e-4)
    assert found.rating == 4
    assert found.keywords == ("dog", "beach", "Places", "Lisbon", "Animals", "Rex")
    assert found.people == (Person("Ann", "xmp"),)


@pytest.mark.parametrize(
    ("properties", "rating"),
    [
        ("<xmp:Rating>-1</xmp:Rating>", -1),
        ("<xmp:Rating>0</xmp:Rating>", None),
        ("<xmp:Rating>5.0</xmp:Rating>", 5),
        ("<xmp:Rating>99</xmp:Rating>", None),
        ("<xmp:Rating>many</xmp:Rating>", None),
        ("<MicrosoftPhoto:Rating>1</MicrosoftPhoto:Rating>", 1),
        ("<MicrosoftPhoto:Rating>75</MicrosoftPhoto:Rating>", 4),
        ("<MicrosoftPhoto:Rating>99</MicrosoftPhoto:Rating>", 5),
    ],
)
def test_ratings_are_stars(properties: str, rating: int | None) -> None:
    assert of(jpeg(xmp=packet(properties))).rating == rating


ENDLESS = ["1e4000000", "9" * 4000, "1/" + "3" * 4000, "1e400", "nan", "-inf"]


@pytest.mark.parametrize("text", [*ENDLESS, "9" * 2_000_000, "1/0", "", "/", "2/", "many"])
def test_a_number_without_bounds_is_none_and_is_never_written_out(text: str) -> None:
    tracemalloc.start()
    assert number(text) is None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4", 4), (" -1.5 ", -1.5), ("2500/100", 25), ("1e3", 1000), (7, 7), (0.5, 0.5),
        (IFDRational(3, 2), 1.5), (IFDRational(0, 0), None), (10**4000, None), (None, None),
        ("1e15", 1e15), ("1e-4000000", 0), (-1e16, None), (b"4", None), ([4], None),
    ],
)  # fmt: skip
def test_numbers_are_read_in_the_forms_metadata_has(value: object, expected: float | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize("text", [*ENDLESS, "9," * 4000, "1" + " " * 4000 + "!"])
def test_one_endless_number_costs_nothing_else(tmp_path: Path, text: str) -> None:
    word = bag("dc:subject", "beach")
    properties = (
        f"<xmp:Rating>{text}</xmp:Rating><MicrosoftPhoto:Rating>{text}</MicrosoftPhoto:Rating>"
        f"<exif:GPSLatitude>{text}</exif:GPSLatitude><exif:GPSLongitude>1</exif:GPSLongitude>"
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li>'
        f'<rdf:Description mwg-rs:Name="Ann"><mwg-rs:Area stArea:x="{text}" stArea:y="{text}"'
        f' stArea:w="{text}" stArea:h="{text}"/></rdf:Description></rdf:li></rdf:Bag>'
        f"</mwg-rs:RegionList></mwg-rs:Regions>{word}"
    )
    (tmp_path / "photo.jpg.xmp").write_bytes(packet(properties))
    for found in (of(jpeg(xmp=packet(properties))), of(jpeg(), "photo.jpg", tmp_path)):
        assert (found.rating, found.latitude, found.keywords) == (None, None, ("beach",))
        assert [(person.name, person.box) for person in found.people] == [("Ann", None)]


@pytest.mark.parametrize("text", ["1e400", "1" + "0" * 400, "NaN", "-Infinity", '"1e4000000"'])
def test_an_endless_number_in_takeout_costs_nothing_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "photo.jpg.json").write_text(
        f'{{"photoTakenTime": {{"timestamp": {text}}}, "people": [{{"name": "Ann"}}],'
        f' "geoData": {{"latitude": {text}, "longitude": {text}}}}}'
    )
    found = of(jpeg(), "photo.jpg", tmp_path)
    assert (found.latitude, found.people) == (None, (Person("Ann", "sidecar"),))
    assert local(found)[2] == "file"


def test_numbers_in_exif_that_overflow_cost_nothing_else() -> None:
    found = of(jpeg(exif_of_doubles(1.7e308)))
    assert (found.latitude, found.camera) == (None, "Tiny")
    assert of(jpeg(exif_of_doubles(1.5))).latitude == 1.5 + 1.5 / 60 + 1.5 / 3600


def test_a_fraction_of_a_second_that_is_no_number_is_left_out() -> None:
    found = of(jpeg(exif_block({}, {0x9003: "2019:03:01 12:00:00", 0x9291: "²"})))
    assert local(found)[0] == "2019-03-01 12:00:00"


def exif_of_doubles(part: float) -> bytes:
    """EXIF with a position whose parts are no fractions but numbers that hold more."""
    place = ImageFileDirectory_v2(b"II*\0\x08\0\0\0")
    for tag in (2, 4):
        place.tagtype[tag] = 12
        place[tag] = (part, part, part)
    main = ImageFileDirectory_v2(b"II*\0\x08\0\0\0")
    main[0x0110], main[0x8825] = "Tiny", 0
    main[0x8825] = 8 + len(main.tobytes(8))
    return b"Exif\0\0II*\0\x08\0\0\0" + main.tobytes(8) + place.tobytes(main[0x8825])


def test_windows_rating_and_keywords_are_read_from_exif() -> None:
    keywords = "München;beach".encode("utf-16-le") + b"\0\0"
    found = of(jpeg(exif_block({0x4746: 3, 0x9C9E: keywords})))
    assert (found.rating, found.keywords) == (3, ("München", "beach"))


def photoshop_segment(*sets: bytes) -> bytes:
    block = b"".join(sets)
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block
    return b"\xff\xed" + struct.pack(">H", len(resource) + 2) + resource


def data_set(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"\x1b%G", "utf-8"), (None, "utf-8"), (None, "cp1252")]
)
def test_iptc_keywords_and_date_are_read_in_their_charset(
    mark: bytes | None, encoding: str
) -> None:
    sets = [data_set(1, 90, mark)] if mark else []
    sets += [data_set(2, 25, word.encode(encoding)) for word in ("Zürich", "lake")]
    sets += [data_set(2, 55, b"20190301"), data_set(2, 60, b"120000+0100")]
    plain = jpeg()
    found = of(plain[:2] + photoshop_segment(*sets) + plain[2:])
    assert found.keywords == ("Zürich", "lake")
    assert local(found) == ("2019-03-01 12:00:00", 60, "iptc")


def test_faces_have_boxes_of_their_top_left_corner() -> None:
    found = of(
        jpeg(
            xmp=packet(
                faces(
                    face("Ann", 0.5, 0.25, 0.2, 0.1),
                    face("Rex", 0.1, 0.1, 0.1, 0.1, "Pet"),
                    face("", 0.1, 0.1, 0.1, 0.1),
                    face("Edge", 0.0, 0.5, 0.4, 0.2),
                    face("Ann", 0.9, 0.9, 0.1, 0.1),
                )
                + bag("Iptc4xmpExt:PersonInImage", "Bob", "ann")
            )
        )
    )
    assert found.people == (
        Person("Ann", "xmp", (0.4, 0.2, 0.2, 0.1)),
        Person("Edge", "xmp", (0.0, 0.4, 0.2, 0.2)),
        Person("Bob", "xmp"),
    )
    assert found.keywords == ("Rex",)


@pytest.mark.parametrize(
    ("drawn_on", "box"), [((48, 32), (0.7, 0.4, 0.1, 0.2)), ((32, 48), (0.4, 0.2, 0.2, 0.1))]
)
def test_faces_drawn_on_the_stored_photo_are_turned_with_it(
    drawn_on: tuple[int, int], box: tuple[float, float, float, float]
) -> None:
    xmp = packet(faces(face("Ann", 0.5, 0.25, 0.2, 0.1), drawn_on=drawn_on))
    found = of(jpeg(exif_block({0x0112: 6}), xmp))
    assert found.people[0].box == pytest.approx(box)


def test_picasa_names_people_beside_the_photo(tmp_path: Path) -> None:
    (tmp_path / ".picasa.ini").write_text(
        "[Picasa]\nname=trip\n[Contacts2]\n8e62398ebda8c1a5=Ann Lee;;\n"
        "[Photo.jpg]\nkeywords=beach,dog\nstar=yes\n"
        "faces=rect64(3fff3fff7fffbfff),8e62398ebda8c1a5;rect64(1),ffffffffffffffff\n"
    )
    found = of(jpeg(), "photo.jpg", tmp_path)
    (ann,) = found.people
    assert (ann.name, ann.source) == ("Ann Lee", "picasa")
    assert ann.box == pytest.approx((0.25, 0.25, 0.25, 0.5), abs=1e-4)
    assert found.keywords == ("beach", "dog")


@pytest.mark.parametrize("name", ["photo.jpg.xmp", "photo.xmp", "PHOTO.XMP"])
def test_a_sidecar_goes_before_the_photo_and_adds_to_it(tmp_path: Path, name: str) -> None:
    inside = packet("<xmp:Rating>2</xmp:Rating>" + bag("dc:subject", "dog"))
    beside = packet(
        "<xmp:Rating>5</xmp:Rating><exif:GPSLatitude>10,0N</exif:GPSLatitude>"
        "<exif:GPSLongitude>20,0E</exif:GPSLongitude>"
        + bag("dc:subject", "beach", "dog")
        + bag("Iptc4xmpExt:PersonInImage", "Ann")
    )
    (tmp_path / name).write_bytes(beside)
    found = of(jpeg(xmp=inside), "photo.jpg", tmp_path)
    assert (found.rating, found.latitude, found.longitude) == (5, 10, 20)
    assert found.keywords == ("beach", "dog")
    assert found.people == (Person("Ann", "sidecar"),)


@pytest.mark.parametrize(
    ("photo", "sidecar"),
    [
        ("photo.jpg", "photo.jpg.json"),
        ("photo.jpg", "photo.jpg.supplemental-metadata.json"),
        ("photo(1).jpg", "photo.jpg(1).json"),
        (f"{'a name so long ' * 4}.jpg", f"{'a name so long ' * 3}a.json"),
    ],
)  # fmt: skip
def test_google_takeout_is_read(tmp_path: Path, photo: str, sidecar: str) -> None:
    said = {
        "photoTakenTime": {"timestamp": "1551441600"},
        "geoData": {"latitude": 10.5, "longitude": 20.5},
        "people": [{"name": "Ann"}, {"name": ""}, "odd"],
    }
    (tmp_path / sidecar).write_text(json.dumps(said))
    found = of(jpeg(), photo, tmp_path)
    assert found.taken is not None
    assert found.taken.source == "takeout"
    # Noon by universal time; in Chad, where this is, an hour later.
    assert (str(found.taken.local), found.taken.utc_offset_minutes) == ("2019-03-01 13:00:00", 60)
    assert (found.latitude, found.longitude) == (10.5, 20.5)
    assert found.people == (Person("Ann", "sidecar"),)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no xml", b"<x:xmpmeta", packet("")[:200], b"\xff\xfe\x00", b"{}", b"[1, 2]",
        BOMB + packet("<xmp:Rating>&b;</xmp:Rating>"), b"[" * 100_000,
        b'{"photoTakenTime": 5, "people": {"a": 1}}', bytes(1000),
        b"\x00[photo.jpg]\nfaces=rect64(,;;",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["photo.jpg.xmp", "photo.jpg.json", ".picasa.ini"])
def test_odd_sidecars_say_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    found = of(jpeg(), "photo.jpg", tmp_path)
    assert found == PhotoMetadata(taken=found.taken)


def test_xmp_with_illegal_characters_and_padding_is_still_read() -> None:
    xmp = packet("<xmp:Rating>3</xmp:Rating>" + bag("dc:subject", "a\x01b")) + b"\0" * 100
    found = of(jpeg(xmp=xmp))
    assert (found.rating, found.keywords) == (3, ("ab",))


@pytest.mark.parametrize(
    "part", [b"<RDF ", b"<RDF </RDF ", b"</RDF><RDF>", b"<a:", b"</", b"<xmpmeta:", b"<RDF>"]
)
def test_a_packet_of_nothing_but_beginnings_costs_no_more_than_its_reading(
    tmp_path: Path, part: bytes
) -> None:
    (tmp_path / "photo.jpg.xmp").write_bytes(part * (3_000_000 // len(part)))
    exif = exif_block({0x0110: "Tiny"}, {0x9003: "2019:03:01 12:00:00"})
    found = of(jpeg(exif), "photo.jpg", tmp_path)
    assert (found.camera, local(found)[2]) == ("Tiny", "exif")


def test_an_endless_camera_name_is_cut() -> None:
    found = of(jpeg(exif_block({0x010F: "co," * 9_000, 0x0110: "Tiny " * 6_000})))
    assert found.camera is not None
    assert found.camera.startswith("Tiny Tiny")
    assert len(found.camera) <= 401


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIC", "RAW"])
def test_damaged_files_never_raise(kind: str) -> None:
    exif = exif_block(
        {0x010F: "Canon", 0x4746: 3, 0x0132: "2019:03:01 12:00:00"},
        {0x9003: "2019:03:01 12:00:00"},
        {1: "N", 2: (1.0, 2.0, 3.0), 3: "E", 4: (1.0, 2.0, 3.0), 7: (1.0, 2.0, 3.0)},
    )
    xmp = packet(faces(face("Ann", 0.5, 0.5, 0.2, 0.2)) + bag("dc:subject", "dog"))
    made = {"HEIC": HEIC, "RAW": dng(size=(16, 16))}
    small = halves((8, 8))
    extra = {} if kind in ("PNG", "TIFF") else {"xmp": xmp}
    data = made.get(kind) or encoded(small, kind, exif=exif, **extra)
    source = random.Random(kind)
    for _ in range(200):
        damaged = bytearray(data)
        for _ in range(source.choice((1, 2, 8))):
            damaged[source.randrange(len(damaged))] = source.randrange(256)
        if source.random() < 0.2:
            del damaged[source.randrange(len(damaged)) :]
        assert isinstance(of(bytes(damaged)), PhotoMetadata)


def test_a_file_time_that_is_no_time_is_left_out() -> None:
    assert read_metadata(b"", "nowhere/a.jpg", 2**80).taken is None
    assert read_metadata(b"", "nowhere/a.jpg", -(2**80)).taken is None
    assert read_metadata(b"", "nowhere/a.jpg", 0).taken is None


Expected = tuple[str | None, int | None, str | None, tuple[float, float] | None, str | None]
# File: date, UTC offset, source of the date, position, camera.
SAMPLES: dict[str, Expected] = {
    "trip/IMG_5910.jpg": (
        "2015-06-12 10:29:26", -420, "sidecar", (37.8711, -122.2568), "Canon EOS 600D"),
    "trip/IMG_1252.jpg": ("2015-07-11 11:18:19", 0, "xmp", None, "Canon EOS 600D"),
    "trip/wild-1.jpg": ("2015-07-03 10:04:43.500000", None, "xmp", None, "Canon EOS 600D"),
    "trip/timestamps/big_ben.jpg": (
        "2023-06-07 13:45:55", 60, "xmp", (51.5007, -0.1246), "Canon EOS R5"),
    "trip/timestamps/big_ben_no_tsoffset_but_gps_utc.jpg": (
        "2023-06-07 13:45:55", 60, "xmp", (51.5007, -0.1246), "Canon EOS R5"),
    "trip/timestamps/big_ben_only_time.jpg": (
        "2023-06-07 13:45:55", None, "xmp", None, "Canon EOS R5"),
    "trip/timestamps/newyear_sydney.jpg": (
        "2019-01-01 00:15:00", 660, "xmp", (-33.8520, 151.2177), "SONY ILCE-7SM2"),
    "trip/4MinsAroundTheWorld/UTC-20240413-203531-Kathmandu.jpg": (
        "2024-04-14 02:20:31", 345, "xmp", (27.6940, 85.2853), None),
    "trip/4MinsAroundTheWorld/UTC-20240413-203430-Auckland.jpg": (
        "2024-04-14 08:34:30", 720, "xmp", (-36.8544, 174.7554), None),
    "cameras/Kodak_CX7530.jpg": (
        "2005-08-13 09:47:23", 180, "exif", (-0.3713, 36.0564),
        "KODAK CX7530 ZOOM DIGITAL CAMERA"),
    "cameras/Konica_Minolta_DiMAGE_Z3.jpg": (
        "2005-03-10 15:10:48", None, "exif", None, "KONICA MINOLTA DiMAGE Z3"),
    "cameras/Canon_40D_photoshop_import.jpg": ("2008-07-31 10:05:49", None, "changed", None, None),
    "cameras/exif-org/olympus-c960.jpg": (
        "2000-11-07 10:41:43", None, "exif", None, "OLYMPUS C960Z,D460Z"),
    "cameras/exif-org/sony-powershota5.jpg": (None, None, "file", None, None),
    "cameras/gps/DSCN0010.jpg": (
        "2008-10-22 16:28:39", 120, "exif", (43.4674, 11.8851), "NIKON COOLPIX P6000"),
    "cameras/heic/IMG_5195.HEIC": (
        "2021-04-11 15:47:53.054000", -300, "xmp", (39.0513, -94.2888), "Apple iPhone 11 Pro Max"),
    "cameras/mobile/HMD_Nokia_8.3_5G.jpg": (
        "2022-08-14 14:12:31", 180, "exif", (60.1467, 24.9068), "HMD Global Nokia 8.3 5G"),
    "cameras/xmp/BlueSquare.jpg": ("2005-09-07 15:07:40", -420, "digitized", None, None),
    "formats/formats/heic/IMG_2682.heic": (
        "2019-03-21 11:04:22.348000", -300, "exif", (41.2203, -96.0716), "Apple iPhone 7"),
    "formats/formats/webp/denali.webp": (
        "2010-08-13 21:00:01.850000", None, "xmp", None, "Canon EOS 7D"),
    "formats/metadata/dates/date-priority-test.jpg": (
        "2023-02-02 02:00:00", None, "exif", None, None),
    "formats/metadata/dates/gps-datetime.jpg": (
        "2023-11-15 04:30:00", -480, "satellites", (37.7749, -122.4194), None),
    "formats/metadata/dates/time-created.jpg": (None, None, "file", None, "Canon EOS R5"),
    "formats/metadata/gps-position/empty_gps.jpg": (
        "2025-06-01 16:59:26.023460", None, "exif", None, "motorola moto g(9) plus"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_real_photos_say_when_where_and_with_what(shared_data: Path, name: str) -> None:
    date, offset, source, place, camera = SAMPLES[name]
    found = of((shared_data / "library" / name).read_bytes(), name, shared_data / "library")
    assert isinstance(found.taken, TakenAt)
    assert (found.taken.source, found.camera) == (source, camera)
    if date is not None:
        assert (str(found.taken.local), found.taken.utc_offset_minutes) == (date, offset)
    if place is None:
        assert found.latitude is None
    else:
        assert (found.latitude, found.longitude) == pytest.approx(place, abs=1e-3)


CURIES = [
    ("Marie Curie", (0.312, 0.209, 0.113, 0.199)),
    ("Pierre Curie", (0.639, 0.119, 0.096, 0.241)),
]
PEOPLE = {
    "formats/metadata/faces/portrait.jpg": CURIES,
    "formats/metadata/faces/portrait-orientation-6.jpg": CURIES,
    "trip/IMG_5910.jpg": [("Alvin the Squirrel", (0.463, 0.282, 0.217, 0.281))],
    "trip/IMG_9516.jpg": [("Vuk the fox", (0.479, 0.42, 0.346, 0.519))],
    "trip/IMG_6220.jpg": [],
}


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_real_photos_say_who_is_on_them(shared_data: Path, name: str) -> None:
    found = of((shared_data / "library" / name).read_bytes(), name, shared_data / "library")
    assert [person.name for person in found.people] == [who for who, _ in PEOPLE[name]]
    for person, (_, box) in zip(found.people, PEOPLE[name], strict=True):
        assert person.box == pytest.approx(box, abs=2e-3)


RATINGS_AND_KEYWORDS = {
    "trip/IMG_5910.jpg": (4, {"Alvin the Squirrel", "USA", "test", "Berkley"}),
    "trip/IMG_8994.jpg": (5, {"Antelope canyon", "USA", "USA Road trip"}),
    "trip/IMG_6455.jpg": (4, {"Mono-tó", "USA"}),
    "formats/metadata/rating/mongolels.jpg": (3, set()),
    "formats/metadata/tags/picasa.jpg": (None, {"Frost", "Yard"}),
    "cameras/xmp/no_exif.jpg": (None, {"tag"}),
    "trip/Chars_exiftool.jpg": (-1, {"æÆøØåÅéÉüÜäÄöÖïÏñÑ", "abcdefghijklmnopqrstuvwxyz"}),
}


@pytest.mark.parametrize("name", sorted(RATINGS_AND_KEYWORDS))
def test_real_photos_say_how_good_and_of_what(shared_data: Path, name: str) -> None:
    rating, keywords = RATINGS_AND_KEYWORDS[name]
    found = of((shared_data / "library" / name).read_bytes(), name, shared_data / "library")
    assert found.rating == rating
    assert keywords <= set(found.keywords)


def test_no_bad_file_stops_the_reading(
    shared_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = [path for path in (shared_data / "bad").rglob("*") if path.is_file()]
    assert len(files) > 60
    for path in files:
        of(path.read_bytes(), path.name, path.parent)
    assert capfd.readouterr() == ("", "")
