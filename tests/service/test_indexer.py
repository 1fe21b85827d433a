"""What the indexer sends to its worker, and when."""

import os
from pathlib import Path
from typing import Any

import pytest
from tiny_library import open_tiny_library

from capsearch.library.values import IndexReport, Progress, Scope
from capsearch.service import IndexingEnded, IndexingFailed, IndexingProgress, indexer
from capsearch.service.index_process import Order
from capsearch.service.indexer import Indexer
from capsearch.service.jobs import FollowJob, IndexJob, RemoveFolderJob
from capsearch.settings import Settings


class SilentChild:
    """A process that takes everything and says nothing."""

    pid = os.getpid()

    def __init__(self, *_: Any) -> None:
        self.sent: list[Any] = []

    def send(self, message: Any) -> bool:
        self.sent.append(message)
        return True


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Indexer, list[Any]]:
    """An indexer and what it sends."""
    child = SilentChild()
    monkeypatch.setattr(indexer, "Child", lambda *_: child)
    library = tmp_path / "library.db"
    return Indexer(library, Settings(), lambda _: None, open_tiny_library), child.sent


def follow(name: str) -> FollowJob:
    return FollowJob((Scope(name),))


def at_work(wanted: str | None) -> IndexingProgress:
    return IndexingProgress(Progress("index", 1, 9, 0, 1.0, None, wanted))


def test_changes_told_while_a_job_goes_on_follow_as_one(worker: tuple[Indexer, list[Any]]) -> None:
    one, sent = worker
    for job in (IndexJob(("/a",)), follow("/a"), follow("/b"), follow("/a")):
        one.start(job)
    one._take(IndexingFailed("no", ""))
    jobs = [message.job for message in sent if isinstance(message, Order)]
    assert jobs == [IndexJob(("/a",)), FollowJob((Scope("/a"), Scope("/b")))]


def test_changes_that_could_not_be_followed_are_looked_at_with_the_next_ones(
    worker: tuple[Indexer, list[Any]],
) -> None:
    """On a full disk, say: nobody will tell of them again."""
    one, sent = worker
    one.start(follow("/a"))
    one._take(IndexingFailed("The disk is full.", ""))
    assert not one.running
    one.start(follow("/b"))
    assert sent[-1].job == FollowJob((Scope("/a"), Scope("/b")))


def test_changes_that_could_not_be_followed_are_tried_again(
    worker: tuple[Indexer, list[Any]],
) -> None:
    one, sent = worker
    one.try_again()
    assert sent == []
    one.start(follow("/a"))
    for tries in (2, 3):
        one._take(IndexingFailed("The disk is full.", ""))
        one.try_again()
        assert [m.job for m in sent if isinstance(m, Order)] == tries * [follow("/a")]


def ended() -> IndexingEnded:
    return IndexingEnded(IndexReport(0, 0, 0, (), 0.0, 0.0, "", "", stopped=True))


def test_an_encoder_that_is_to_take_over_gives_way_to_whatever_comes(
    worker: tuple[Indexer, list[Any]],
) -> None:
    one, sent = worker
    one.start(IndexJob(("/a",), retry=True, encoder="other"))
    one._take(at_work(wanted=None))
    one.start(follow("/a"))
    one._take(at_work(wanted=None))
    assert "stop" not in sent  # the photos that the library is searched by are being done
    one._take(at_work(wanted="other"))
    one._take(at_work(wanted="other"))
    assert sent.count("stop") == 1
    one._take(ended())
    assert sent[-1].job == follow("/a")

    # What was set aside does not push aside in its turn, and has been chosen and retried already.
    one._take(at_work(wanted="other"))
    assert sent.count("stop") == 1
    one._take(ended())
    assert sent[-1].job == IndexJob(("/a",))
    one._take(ended())
    assert not one.running


def test_what_gave_way_is_dropped_with_its_folder(worker: tuple[Indexer, list[Any]]) -> None:
    one, sent = worker
    one.start(IndexJob(("/a", "/b")))
    one.start(follow("/a"))
    one._take(at_work(wanted="other"))
    one.change(RemoveFolderJob("/a"))
    one._take(ended())
    assert sent[-1].job == RemoveFolderJob("/a")
    for _ in range(2):
        one._take(ended())
    assert sent[-1].job == IndexJob(("/b",))
