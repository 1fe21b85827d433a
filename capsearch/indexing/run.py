"""One index run: the folders as they are now, into the catalog."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Failure
from capsearch.encoders.base import Encoder
from capsearch.indexing.folders import Reach, check_folders, follow_moved, volume_of
from capsearch.indexing.plan import Plan, make_plan, rescue
from capsearch.indexing.pool import FILE_SECONDS, DecodePool
from capsearch.indexing.recorder import Recorder
from capsearch.indexing.report import IndexReport, Progress, ProgressMeter
from capsearch.indexing.scan import Scan, look
from capsearch.indexing.scope import Scope
from capsearch.indexing.tasks import NOTHING_KNOWN, KnownContents, ReadFailure, ReadTask
from capsearch.machine import usable_cores
from capsearch.paths import lies_in, moved_with
from capsearch.photos.cloud import ONLY_IN_THE_CLOUD
from capsearch.photos.video_support import NO_VIDEOS

_PATIENCE_SECONDS = 0.5
_VIDEOS_PASSED_OVER = f"New videos are passed over: {NO_VIDEOS}."
_KEPT_SECONDS = 30 * 24 * 3600.0
"""How long a photo that is gone is remembered, with its vectors."""


def index_folders(
    catalog: Catalog,
    encoder: Encoder,
    folders: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    workers: int | None = None,
    retry_failed: bool = False,
    file_seconds: float = FILE_SECONDS,
    wait: bool = True,
) -> IndexReport:
    """Make the catalog true for all photos under `folders`, and encode those new to `encoder`.

    Only what lies under `folders` is judged. `exclude` are glob patterns of `walk`, in addition
    to those that the catalog keeps for each folder; those of `leave_out` are kept with `folders`
    from now on. A bad file is one line in the report; it is
    read again when it has changed, or with `retry_failed`. `stop` ends the run within about a
    batch's time; like Ctrl-C or a kill it costs no more than the batch in work. `file_seconds` is
    how long reading one file may take. Photos missing for 30 days are forgotten.

    While another process indexes into the library this one waits, or raises `LibraryBusyError`
    where it is not to `wait`.

    Raises `CapsearchError` where a folder does not exist or the library's disk fails.
    """
    meter, stop = ProgressMeter(progress), stop or threading.Event()
    waiting = (lambda: meter.enter("wait")) if wait else None
    with catalog.indexing_lock(waiting, stop) as held:
        run = _Run(catalog, encoder, meter, stop, workers or usable_cores(), file_seconds)
        if not held:
            return run.stopped_early()
        reach = follow_moved(catalog, check_folders(catalog, folders))
        if leave_out:
            now = [moved_with(os.path.abspath(folder), reach.moved) for folder in folders]
            _remember(catalog, now, leave_out)
        scopes = [Scope(root) for root in reach.roots]
        return run(reach, scopes, exclude, retry_failed=retry_failed)


def index_changes(
    catalog: Catalog,
    encoder: Encoder,
    scopes: Iterable[Scope],
    *,
    unsettled: Iterable[str] = (),
    exclude: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    workers: int | None = None,
    file_seconds: float = FILE_SECONDS,
) -> IndexReport:
    """Make the catalog true for what changed: as `index_folders`, but only `scopes` are looked at
    and judged, and not the `unsettled` files, which are still being written.

    What lies in none of the library's folders is left alone. A folder of the library that has
    come back is looked at whole.
    """
    meter, stop = ProgressMeter(progress), stop or threading.Event()
    with catalog.indexing_lock(lambda: meter.enter("wait"), stop) as held:
        run = _Run(catalog, encoder, meter, stop, workers or usable_cores(), file_seconds)
        if not held:
            return run.stopped_early()
        known = {folder.path: folder.online for folder in catalog.folders()}
        asked = [scope for scope in scopes if any(lies_in(scope.folder, root) for root in known)]
        concerned = [root for root in known if any(lies_in(s.folder, root) for s in asked)]
        reach = follow_moved(catalog, check_folders(catalog, concerned))
        moved = {new for _, new in reach.moved}
        reached = [root for root in reach.roots if root in concerned or root in moved]
        back = [root for root in reached if root in moved or not known[root]]
        away = [failure.path for failure in reach.away]
        kept = [
            scope
            for scope in _joined([*(Scope(root) for root in back), *asked])
            if any(lies_in(scope.folder, root) for root in reached)
            and not any(lies_in(scope.folder, root) for root in away)
        ]
        # A walk from above may pass over a folder of the library that was given by name.
        deep = [scope.folder for scope in kept if scope.deep]
        below = [
            Scope(root)
            for root in reach.roots
            if root not in deep and any(lies_in(root, folder) for folder in deep)
        ]
        return run(reach, [*kept, *below], exclude, unsettled=frozenset(unsettled))


def _remember(catalog: Catalog, folders: Sequence[str], patterns: Sequence[str]) -> None:
    with catalog.transaction():
        for folder in folders:
            catalog.add_folder(folder)
        for known in catalog.folders():
            if known.path in folders:
                together = dict.fromkeys((*known.exclude, *patterns))
                catalog.set_exclusions(known.path, tuple(together))


def _joined(scopes: Iterable[Scope]) -> list[Scope]:
    """The scopes without those that lie in another."""
    deep = {scope.folder for scope in scopes if scope.deep}
    return [
        scope
        for scope in dict.fromkeys(scopes)
        if not any(
            lies_in(scope.folder, folder) and (folder != scope.folder or not scope.deep)
            for folder in deep
        )
    ]


@dataclass(frozen=True)
class _Run:
    """One run: what every part of it needs."""

    catalog: Catalog
    encoder: Encoder
    meter: ProgressMeter
    stop: threading.Event
    workers: int
    file_seconds: float
    started: float = field(default_factory=time.monotonic)

    def __call__(
        self,
        reach: Reach,
        scopes: Sequence[Scope],
        exclude: Sequence[str],
        *,
        retry_failed: bool = False,
        unsettled: frozenset[str] = frozenset(),
    ) -> IndexReport:
        """Look at the scopes, read what is new there, and record it."""
        self.meter.enter("scan")
        self.catalog.take_flow()
        patterns: dict[str, Sequence[str]] = dict.fromkeys(reach.roots, exclude)
        for folder in self.catalog.folders():
            if folder.path in patterns or _any_in(scopes, folder.path):
                patterns[folder.path] = (*exclude, *folder.exclude)
        scan = look(scopes, patterns, self.meter, self.stop, unsettled)
        encoded = passed_over = 0
        if scan.complete:
            plan = make_plan(
                self.catalog, self.encoder.identity, scan, reach.unseen, retry_failed=retry_failed
            )
            self._record_scan(reach, scan, plan)
            self.meter.enter("index", len(plan.tasks))
            encoded, passed_over = self._read(plan), plan.passed_over
            self.meter.enter("finish")
        notice = _VIDEOS_PASSED_OVER if passed_over else ""
        return replace(self._report(reach, scan, encoded), notice=notice)

    def stopped_early(self) -> IndexReport:
        """What to tell of a run that was stopped before it began."""
        return self._report(Reach((), ()), Scan(()), 0)

    def _record_scan(self, reach: Reach, scan: Scan, plan: Plan) -> None:
        whole = {scope.folder for scope in scan.scopes if scope.deep}
        with self.catalog.transaction():
            self.catalog.purge(time.time() - _KEPT_SECONDS)
            for root in reach.roots:
                if root in whole:
                    self.catalog.record_scan(root, online=True, volume=volume_of(root))
            for failure in reach.away:
                self.catalog.record_scan(failure.path, online=False)
            self.catalog.mark_present(plan.back)
            self.catalog.mark_missing(plan.gone)
            self.catalog.clear_failures(plan.healed)
            for path, reason in scan.problems.items():
                self.catalog.record_failure(path, reason, passing=True)
            for path, stamp in plan.in_cloud.items():
                self.catalog.record_failure(path, ONLY_IN_THE_CLOUD, stamp=stamp, passing=True)

    def _read(self, plan: Plan) -> int:
        """Read, encode and record the plan's tasks; how many photos were encoded."""
        encoded, unread = self._read_tasks(plan.tasks, plan.known)
        alone = rescue(plan.tasks, unread)
        if alone and not self.stop.is_set():
            self.meter.expect(len(alone))
            encoded += self._read_tasks(alone, NOTHING_KNOWN)[0]
        # Only now is it known that a file which left one place has not come up at another.
        if plan.left and not self.stop.is_set():
            with self.catalog.transaction():
                self.catalog.mark_missing(plan.left)
        return encoded

    def _read_tasks(self, tasks: Sequence[ReadTask], known: KnownContents) -> tuple[int, set[str]]:
        if not tasks:
            return 0, set()
        pool = DecodePool(
            tasks,
            self.encoder.input_spec,
            known=known,
            workers=self.workers,
            window=2 * self.encoder.batch_size,
            file_seconds=self.file_seconds,
        )
        with Recorder(self.catalog, self.encoder) as recorder, pool:
            for outcome in pool.outcomes(_PATIENCE_SECONDS):
                if self.stop.is_set():
                    break
                if outcome is None:
                    recorder.flush()
                    continue
                recorder.add(outcome)
                self.meter.step(failed=isinstance(outcome, ReadFailure))
            recorder.finish(encode_rest=not self.stop.is_set())
        return recorder.encoded, recorder.unread

    def _report(self, reach: Reach, scan: Scan, encoded: int) -> IndexReport:
        """What the user is told at the end."""
        seconds = time.monotonic() - self.started
        looked_at = [*(scope.folder for scope in scan.scopes), *(f.path for f in reach.away)]
        photos = len(self.catalog.ids_under(looked_at, self.encoder.identity))
        failures = {failure.path: failure.reason for failure in reach.away}
        for folder in looked_at:
            for path, failure in self.catalog.failures_under(folder).items():
                failures.setdefault(path, failure.reason)
        flow = self.catalog.take_flow()
        return IndexReport(
            photos=photos,
            encoded=encoded,
            unchanged=max(0, photos - encoded),
            failed=tuple(Failure(*each) for each in sorted(failures.items(), key=_by_weight)),
            in_cloud=sum(reason == ONLY_IN_THE_CLOUD for reason in failures.values()),
            seconds=seconds,
            photos_per_second=encoded / seconds if seconds > 0 else 0.0,
            encoder=self.encoder.name,
            device=self.encoder.device,
            stopped=self.stop.is_set(),
            moved=reach.moved,
            new=flow.new,
            gone=flow.gone,
            edited=flow.edited,
        )


def _by_weight(failure: tuple[str, str]) -> tuple[bool, str]:
    """Orders failures (path, reason) by path, what is only in the cloud last."""
    path, reason = failure
    return reason == ONLY_IN_THE_CLOUD, path


def _any_in(scopes: Iterable[Scope], folder: str) -> bool:
    """Whether any of the scopes lies in `folder`."""
    return any(lies_in(scope.folder, folder) for scope in scopes)
