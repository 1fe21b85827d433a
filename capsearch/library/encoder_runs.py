"""An index run by each encoder that photos are to have vectors of: first by the one that the
library is searched by, so that new photos are found at once, then by the one wanted next."""

import dataclasses
from collections.abc import Callable
from typing import Protocol

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import Encoder
from capsearch.errors import CapsearchError
from capsearch.indexing.report import IndexReport, Progress
from capsearch.library.encoder_choice import (
    active_encoder,
    count_waiting,
    settle_encoder,
    wanted_encoder,
)

Tell = Callable[[Progress], None]


class IndexBy(Protocol):
    """Brings the library up to date for one encoder."""

    def __call__(
        self, encoder: Encoder, progress: Tell | None, earlier: IndexReport | None
    ) -> IndexReport:
        """Do it; `earlier` is what the run by the other encoder has just done."""


class EncoderRuns:
    """Index runs of one library by one or two encoders, of which one is in memory at a time.

    `get` gives the encoder of a name or, for None, the library's own. `own_gone`: that one could
    not be loaded in the last run, so that only the wanted one was at work.
    """

    def __init__(self, get: Callable[[str | None], Encoder]) -> None:
        self._get = get
        self._failed: set[str] = set()
        self._told = {""}
        self.own_gone = False

    def run(
        self,
        catalog: Catalog,
        index: IndexBy,
        *,
        named: str | None,
        progress: Tell | None,
        small: bool,
    ) -> IndexReport:
        """Index by the encoder `named`, or else by the library's own and then by the wanted one.

        What keeps the wanted one from its work is the report's notice. A `small` run does not try
        again one that has failed before, and does not load one that has nothing to do.

        Raises:
            CapsearchError: no encoder can be loaded, the library cannot be written.
        """
        self.own_gone = False
        wanted = wanted_encoder(catalog)
        active = active_encoder(catalog)
        if named is not None or wanted is None or active is None:
            return self._with_waiting(
                catalog, self._index(catalog, self._get(named or wanted), index, progress)
            )
        try:
            own = self._get(None)
        except CapsearchError as error:
            self.own_gone = True
            done = self._index(catalog, self._get(wanted), index, _told_for(wanted, progress))
            notice = f"New photos are found only once '{wanted}' has taken over. {error}"
            return self._with_waiting(catalog, _noticed(done, notice))
        done = self._index(catalog, own, index, progress)
        del own  # before another one is loaded
        return self._with_waiting(catalog, self._by_wanted(catalog, index, progress, done, small))

    def forget_failures(self) -> None:
        """Try every encoder again: something that it depends on has changed."""
        self._failed.clear()

    def _by_wanted(
        self,
        catalog: Catalog,
        index: IndexBy,
        progress: Tell | None,
        done: IndexReport,
        small: bool,
    ) -> IndexReport:
        wanted = wanted_encoder(catalog)
        if wanted is None or done.stopped:
            return done
        waiting, away = count_waiting(catalog, wanted)
        if small and (wanted in self._failed or 0 < waiting == away):
            return done
        try:
            after = self._index(
                catalog, self._get(wanted), index, _told_for(wanted, progress), done
            )
        except CapsearchError as error:
            self._failed.add(wanted)
            notice = f"The encoder '{wanted}' cannot take over now. {error}"
            return _noticed(done, notice)
        self._failed.discard(wanted)
        return _together(done, after)

    def _index(
        self,
        catalog: Catalog,
        encoder: Encoder,
        index: IndexBy,
        progress: Tell | None,
        earlier: IndexReport | None = None,
    ) -> IndexReport:
        settle_encoder(catalog, encoder)
        report = index(encoder, progress, earlier)
        settle_encoder(catalog, encoder)
        if encoder.notice in self._told:
            return report
        self._told.add(encoder.notice)
        return _noticed(report, encoder.notice)

    @staticmethod
    def _with_waiting(catalog: Catalog, report: IndexReport) -> IndexReport:
        wanted = wanted_encoder(catalog)
        if wanted is None:
            return report
        waiting, away = count_waiting(catalog, wanted)
        return dataclasses.replace(
            report, wanted_encoder=wanted, waiting=waiting, waiting_away=away
        )


def _told_for(wanted: str, progress: Tell | None) -> Tell | None:
    if progress is None:
        return None
    return lambda told: progress(dataclasses.replace(told, wanted_encoder=wanted))


def _together(first: IndexReport, second: IndexReport) -> IndexReport:
    """One report of both runs: a photo that both have encoded counts once."""
    photos = max(first.photos, second.photos)
    encoded = max(first.encoded, second.encoded)
    seconds = first.seconds + second.seconds
    return dataclasses.replace(
        second,
        photos=photos,
        encoded=encoded,
        unchanged=max(0, photos - encoded),
        seconds=seconds,
        photos_per_second=(first.encoded + second.encoded) / seconds if seconds > 0 else 0.0,
        moved=(*first.moved, *second.moved),
        new=first.new + second.new,
        gone=first.gone + second.gone,
        edited=first.edited + second.edited,
        notice=_joined(first.notice, second.notice),
    )


def _noticed(report: IndexReport, notice: str) -> IndexReport:
    return dataclasses.replace(report, notice=_joined(report.notice, notice))


def _joined(*notices: str) -> str:
    return " ".join(dict.fromkeys(notice for notice in notices if notice))
