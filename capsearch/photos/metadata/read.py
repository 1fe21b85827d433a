"""Everything that a photo, its sidecars, its name and its file time say, put together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from capsearch.photos.metadata.blocks import Blocks, read_blocks
from capsearch.photos.metadata.captions import decoded, titled
from capsearch.photos.metadata.clock import from_epoch
from capsearch.photos.metadata.container import read_container
from capsearch.photos.metadata.exif import ExifFacts, read_exif
from capsearch.photos.metadata.iptc import read_iptc
from capsearch.photos.metadata.model import Person, PhotoMetadata, Said, TakenAt
from capsearch.photos.metadata.names import taken_from_name
from capsearch.photos.metadata.screenshots import says_screenshot
from capsearch.photos.metadata.sidecars import read_sidecars
from capsearch.photos.metadata.trust import believed
from capsearch.photos.metadata.xmp import read_xmp
from capsearch.photos.metadata.zones import localised
from capsearch.photos.silence import silenced
from capsearch.text import folded, nfc

_MAX_WORDS = 500


def read_metadata(
    data: bytes, path: str, mtime_ns: int, companions: Sequence[str] = ()
) -> PhotoMetadata:
    """What is known of the photo with these bytes at `path`; sidecars beside it are read too,
    and those of its `companions` (names in the same folder).

    The date is the most trusted one (`trust`), by the clock of the place (`zones`). A sidecar's
    rating, position and title go before the photo's own; keywords, people and texts are those of
    all, each once, in one Unicode form. No pixel is decoded and nothing is raised: what cannot be
    understood is left out.
    """
    with silenced():
        blocks = _blocks(data)
        exif = _exif(blocks.exif)
        inside = [exif.said, *_from_packets(blocks, exif), _iptc(blocks), Said(_notes(blocks))]
        inside.append(Said(PhotoMetadata(motion=_has_samsungs_video(data))))
        beside = _sidecars(path, companions, blocks, exif)
    return _together(inside, beside, path, mtime_ns)


def read_video_metadata(
    tags: Mapping[str, str], path: str, mtime_ns: int, companions: Sequence[str] = ()
) -> PhotoMetadata:
    """The same of a video whose container has these `tags` (`video.video_tags`)."""
    with silenced():
        packet = tags.get("xmp", "").encode("utf-8", "replace")
        blocks, exif = Blocks(xmp=(packet,) if packet else ()), ExifFacts()
        inside = [read_container(tags), *_from_packets(blocks, exif)]
        beside = _sidecars(path, companions, blocks, exif)
    return _together(inside, beside, path, mtime_ns)


def _together(
    inside: Sequence[Said], beside: Sequence[Said], path: str, mtime_ns: int
) -> PhotoMetadata:
    dates = [date for part in (*beside, *inside) for date in part.dates]
    taken = believed([*dates, taken_from_name(Path(path).name), _file_time(mtime_ns)])
    merged = _merged([part.metadata for part in (*beside, *inside)], Path(path))
    if taken is not None:
        taken = localised(taken, merged.latitude, merged.longitude)
    return replace(merged, taken=taken)


def _blocks(data: bytes) -> Blocks:
    try:
        return read_blocks(data)
    except Exception:  # noqa: BLE001 - a damaged file says nothing
        return Blocks()


def _exif(block: bytes) -> ExifFacts:
    try:
        if block:
            return read_exif(block)
    except Exception:  # noqa: BLE001 - Pillow raises anything on damaged EXIF
        pass
    return ExifFacts()


def _from_packets(blocks: Blocks, exif: ExifFacts) -> list[Said]:
    turn = 1 if blocks.turned_already else exif.orientation
    found = []
    for packet in blocks.xmp:
        try:
            found.append(read_xmp(packet, "xmp", orientation=turn, size=blocks.size))
        except Exception:  # noqa: BLE001 - odd XMP says nothing
            continue
    return found


def _iptc(blocks: Blocks) -> Said:
    try:
        return read_iptc(blocks.iptc) if blocks.iptc else Said()
    except Exception:  # noqa: BLE001 - odd IPTC says nothing
        return Said()


def _notes(blocks: Blocks) -> PhotoMetadata:
    """What the file's own format says: texts of a PNG, the comment of a JPEG or GIF."""

    def noted(*names: str) -> list[str]:
        return [decoded(text) for name, text in blocks.notes if name in names]

    title, texts = titled(noted("Title"), noted("Description", "Comment"))
    screenshot = says_screenshot(noted("Comment"), noted("Software"))
    return PhotoMetadata(title=title, texts=texts, screenshot=screenshot)


def _has_samsungs_video(data: bytes) -> bool:
    """Samsung's phones put it behind the photo, before a list of what is there that ends so."""
    return data.endswith(b"SEFT") and b"MotionPhoto_Data" in data


def _sidecars(path: str, companions: Sequence[str], blocks: Blocks, exif: ExifFacts) -> list[Said]:
    turn = 1 if blocks.turned_already else exif.orientation
    try:
        return read_sidecars(path, orientation=turn, size=blocks.size, companions=companions)
    except Exception:  # noqa: BLE001 - an odd or unreadable sidecar says nothing
        return []


def _file_time(mtime_ns: int) -> TakenAt | None:
    return from_epoch(mtime_ns // 10**9, "file")


def _merged(parts: list[PhotoMetadata], path: Path) -> PhotoMetadata:
    place = next((part for part in parts if part.latitude is not None), PhotoMetadata())
    titles = [part.title for part in parts if part.title and not _names_file(part.title, path)]
    title, texts = titled(titles, (text for part in parts for text in part.texts))
    return PhotoMetadata(
        latitude=place.latitude,
        longitude=place.longitude,
        camera=next((part.camera for part in reversed(parts) if part.camera), None),
        rating=next((part.rating for part in parts if part.rating is not None), None),
        keywords=_once(word for part in parts for word in part.keywords),
        people=_people_once(person for part in parts for person in part.people),
        title=title,
        texts=texts,
        place_names=_once(name for part in parts for name in part.place_names),
        favourite=any(part.favourite for part in parts),
        screenshot=any(part.screenshot for part in parts),
        motion=any(part.motion for part in parts),
    )


def _names_file(title: str, path: Path) -> bool:
    """Whether a title is but the file's name, as some programs write it."""
    return folded(title) in (folded(path.name), folded(path.stem))


def _once(words: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for word in words:
        clean = nfc(word)
        if clean:
            kept.setdefault(clean.casefold(), clean)
    return tuple(kept.values())[:_MAX_WORDS]


def _people_once(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each name once, with a box if any source has one."""
    kept: dict[str, Person] = {}
    for person in people:
        clean = replace(person, name=nfc(person.name))
        key = clean.name.casefold()
        if key and (key not in kept or (kept[key].box is None and clean.box is not None)):
            kept[key] = clean
    return tuple(kept.values())[:_MAX_WORDS]
