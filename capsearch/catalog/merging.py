"""One description of a photo from what was read at each place where it lies.

The result depends on the set of places alone, never on the order in which they were found, so
that an interrupted run and an undisturbed one end with the same catalog.
"""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from capsearch.photos.metadata.captions import titled
from capsearch.photos.metadata.model import LENGTHS, Person, PhotoMetadata, TakenAt
from capsearch.photos.metadata.trust import believed

_PRECISIONS = {length: precision for precision, length in LENGTHS.items()}


def merge_metadata(places: Sequence[PhotoMetadata]) -> PhotoMetadata:
    """Describe a photo by its places' metadata, given in the order of their paths.

    The most trusted, then earliest date; the first position, camera and rating found; all
    keywords, people, texts and names of places; the first title, the others being texts.
    """
    if len(places) == 1:
        return places[0]
    dates = sorted((p.taken for p in places if p.taken is not None), key=_as_text)
    title, texts = titled(
        (p.title for p in places if p.title), (text for p in places for text in p.texts)
    )
    located = next((p for p in places if p.latitude is not None and p.longitude is not None), None)
    return PhotoMetadata(
        taken=believed(dates),
        latitude=located.latitude if located else None,
        longitude=located.longitude if located else None,
        camera=next((p.camera for p in places if p.camera is not None), None),
        rating=next((p.rating for p in places if p.rating is not None), None),
        keywords=tuple(dict.fromkeys(k for p in places for k in p.keywords)),
        people=tuple(dict.fromkeys(person for p in places for person in p.people)),
        title=title,
        texts=texts,
        place_names=tuple(dict.fromkeys(name for p in places for name in p.place_names)),
        favourite=any(p.favourite for p in places),
        screenshot=any(p.screenshot for p in places),
        motion=any(p.motion for p in places),
    )


def _as_text(taken: TakenAt) -> tuple[str, bool, int]:
    offset = taken.utc_offset_minutes
    return taken.text, offset is None, offset or 0


def metadata_to_json(metadata: PhotoMetadata) -> str:
    """Write what was read at one place; equal metadata gives equal text."""
    fields: dict[str, Any] = {
        "taken": taken_to_fields(metadata.taken) if metadata.taken else None,
        "latitude": metadata.latitude,
        "longitude": metadata.longitude,
        "camera": _storable(metadata.camera),
        "rating": metadata.rating,
        "keywords": [_storable(keyword) for keyword in metadata.keywords],
        "people": [[_storable(p.name), _storable(p.source), p.box] for p in metadata.people],
        "title": _storable(metadata.title),
        "texts": [_storable(text) for text in metadata.texts],
        "place_names": [_storable(name) for name in metadata.place_names],
        "favourite": metadata.favourite or None,
        "screenshot": metadata.screenshot or None,
        "motion": metadata.motion or None,
    }
    kept = {name: value for name, value in fields.items() if value not in (None, [])}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def metadata_from_json(text: str) -> PhotoMetadata:
    """Read back what `metadata_to_json` wrote."""
    fields = json.loads(text)
    taken = fields.get("taken")
    return PhotoMetadata(
        taken=taken_from_fields(*taken) if taken else None,
        latitude=fields.get("latitude"),
        longitude=fields.get("longitude"),
        camera=fields.get("camera"),
        rating=fields.get("rating"),
        keywords=tuple(fields.get("keywords", ())),
        people=tuple(
            Person(name=name, source=source, box=tuple(box) if box else None)
            for name, source, box in fields.get("people", ())
        ),
        title=fields.get("title"),
        texts=tuple(fields.get("texts", ())),
        place_names=tuple(fields.get("place_names", ())),
        favourite=fields.get("favourite", False),
        screenshot=fields.get("screenshot", False),
        motion=fields.get("motion", False),
    )


def taken_to_fields(taken: TakenAt) -> tuple[str, int | None, str]:
    """Split a date into text that sorts by time, offset in minutes, and source."""
    return taken.text, taken.utc_offset_minutes, taken.source


def taken_from_fields(local: str, offset: int | None, source: str) -> TakenAt:
    """Join what `taken_to_fields` split."""
    precision = _PRECISIONS.get(len(local), "second")
    whole = local if precision == "second" else local + "0000-01-01"[len(local) :]
    return TakenAt(datetime.datetime.fromisoformat(whole), offset, source, precision)


def _storable(text: str | None) -> str | None:
    """SQLite keeps no lone surrogates, which damaged metadata may hold."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")
