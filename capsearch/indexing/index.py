"""One index run: the folders as they are now, into the catalog."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Failure
from capsearch.encoders.base import Encoder
from capsearch.indexing.plan import Plan, Scan, check_folders, look, make_plan
from capsearch.indexing.pool import FILE_SECONDS, DecodePool
from capsearch.indexing.recorder import Recorder
from capsearch.indexing.report import IndexReport, Progress, ProgressMeter
from capsearch.indexing.tasks import ReadFailure

_PATIENCE_SECONDS = 0.5


def index_folders(
    catalog: Catalog,
    encoder: Encoder,
    folders: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    workers: int | None = None,
    retry_failed: bool = False,
    file_seconds: float = FILE_SECONDS,
) -> IndexReport:
    """Make the catalog true for all photos under `folders`, and encode those new to `encoder`.

    Only what lies under `folders` is judged. `exclude` are glob patterns of `walk`. A bad file is
    one line in the report; it is read again when it has changed, or with `retry_failed`. `stop`
    ends the run within about a batch's time; like Ctrl-C or a kill it costs no more than the
    batch in work. `file_seconds` is how long reading one file may take.

    Raises `CapsearchError` where a folder does not exist, the library is being indexed by another
    process, or its disk fails.
    """
    started = time.monotonic()
    run = _Run(catalog, encoder, ProgressMeter(progress), stop or threading.Event())
    with catalog.indexing_lock():
        scan = check_folders(catalog, folders)
        run.meter.enter("scan")
        look(scan, exclude, run.meter, run.stop)
        encoded = 0
        if scan.complete:
            plan = make_plan(catalog, encoder.identity, scan, retry_failed=retry_failed)
            _record_scan(catalog, scan, plan)
            run.meter.enter("index", len(plan.tasks))
            encoded = run.read(plan, workers or default_workers(), file_seconds)
            run.meter.enter("finish")
    return run.report(scan, encoded, time.monotonic() - started)


def default_workers() -> int:
    """As many decoders as there are cores this process may use."""
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1


def _record_scan(catalog: Catalog, scan: Scan, plan: Plan) -> None:
    with catalog.transaction():
        for root in scan.roots:
            catalog.record_scan(root, online=True)
        for failure in scan.away:
            catalog.record_scan(failure.path, online=False)
        catalog.mark_present(plan.back)
        catalog.mark_missing(plan.gone)
        catalog.clear_failures(plan.healed)
        for path, reason in scan.problems.items():
            catalog.record_failure(path, reason, passing=True)


@dataclass(frozen=True)
class _Run:
    """What every part of one run needs."""

    catalog: Catalog
    encoder: Encoder
    meter: ProgressMeter
    stop: threading.Event

    def read(self, plan: Plan, workers: int, file_seconds: float) -> int:
        """Read, encode and record the plan's tasks; how many photos were encoded."""
        encoded = self._read_tasks(plan, workers, file_seconds) if plan.tasks else 0
        # Only now is it known that a file which left one place has not come up at another.
        if plan.left and not self.stop.is_set():
            with self.catalog.transaction():
                self.catalog.mark_missing(plan.left)
        return encoded

    def _read_tasks(self, plan: Plan, workers: int, file_seconds: float) -> int:
        pool = DecodePool(
            plan.tasks,
            self.encoder.input_spec,
            workers=workers,
            window=2 * self.encoder.batch_size,
            file_seconds=file_seconds,
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
        return recorder.encoded

    def report(self, scan: Scan, encoded: int, seconds: float) -> IndexReport:
        """What the user is told at the end."""
        roots = [*scan.roots, *(failure.path for failure in scan.away)]
        photos = len(self.catalog.ids_under(roots, self.encoder.identity))
        failures = {failure.path: failure.reason for failure in scan.away}
        for root in roots:
            for path, failure in self.catalog.failures_under(root).items():
                failures.setdefault(path, failure.reason)
        return IndexReport(
            photos=photos,
            encoded=encoded,
            unchanged=max(0, photos - encoded),
            failed=tuple(Failure(path, reason) for path, reason in sorted(failures.items())),
            seconds=seconds,
            photos_per_second=encoded / seconds if seconds > 0 else 0.0,
            encoder=self.encoder.name,
            device=self.encoder.device,
            stopped=self.stop.is_set(),
        )
