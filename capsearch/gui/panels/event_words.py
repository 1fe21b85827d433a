"""The service's events in words, where there is anything to say."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from capsearch.crash_log import keep_crash
from capsearch.gui.grid.photo_actions import readable
from capsearch.library.values import Folder, IndexReport
from capsearch.service import (
    EngineGone,
    EngineRestarted,
    Event,
    IndexingEnded,
    IndexingFailed,
    IndexingRestarted,
    WatchNotice,
)


class IndexingCrash(Exception):  # noqa: N818 - a name for the crash log, never raised
    """A bug met while indexing; its text is the traceback from that process."""


def drives_that_changed(before: Sequence[Folder], now: Sequence[Folder]) -> str:
    """Which folders have gone out of reach or come back; '' for none."""
    translate = QCoreApplication.translate
    was_online = {folder.path: folder.online for folder in before}
    changed = [f for f in now if was_online.get(f.path, f.online) != f.online]
    words = {
        True: translate("notices", "{folder} is connected again."),
        False: translate("notices", "{folder} cannot be reached now. Its photos stay here."),
    }
    return " ".join(words[f.online].format(folder=readable(f.path)) for f in changed)


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
        case WatchNotice(sentence=told) | IndexingEnded(report=IndexReport(notice=told)):
            return told
        case IndexingFailed(message=message, next_step=next_step, traceback=traceback):
            if traceback:
                keep_crash(IndexingCrash(traceback))
            return f"{message} {next_step}".strip()
    return ""
