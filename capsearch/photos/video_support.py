"""Whether videos can be read here: an installation may lack PyAV (the app for Windows does,
packaging/README.md tells why), or its libraries may not load."""

from functools import cache

NO_VIDEOS = "this installation of CapSearch cannot read videos"


@cache
def videos_are_read() -> bool:
    """Ask this only where there is a video: it loads FFmpeg's libraries."""
    try:
        import av  # noqa: F401, PLC0415 - as said
    except (ImportError, OSError):
        return False
    return True
