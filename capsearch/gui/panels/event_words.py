"""The service's events in words, where there is anything to say."""

from PySide6.QtCore import QCoreApplication

from capsearch.crash_log import keep_crash
from capsearch.service import (
    EngineGone,
    EngineRestarted,
    Event,
    IndexingFailed,
    IndexingRestarted,
)


class IndexingCrash(Exception):  # noqa: N818 - a name for the crash log, never raised
    """A bug met while indexing; its text is the traceback from that process."""


def notice_of(event: Event) -> str:
    """What to tell the user; '' for nothing."""
    translate = QCoreApplication.translate
    match event:
        case EngineRestarted():
            return translate("notices", "The search engine had stopped and was started again.")
        case EngineGone():
            return translate(
                "notices", "The search engine keeps stopping. Start CapSearch again, please."
            )
        case IndexingRestarted():
            return translate(
                "notices", "Looking through your photos was interrupted and goes on now."
            )
        case IndexingFailed(message=message, next_step=next_step, traceback=traceback):
            if traceback:
                keep_crash(IndexingCrash(traceback))
            return f"{message} {next_step}".strip()
    return ""
