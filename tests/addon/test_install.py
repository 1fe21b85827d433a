"""PyTorch as an add-on: whole or not there, whatever the line, the server and the disk do."""

import base64
import os
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from package_index import (
    Faults,
    Published,
    Server,
    describe,
    make_torch,
    make_wheel,
    package_index,
    write_lock,
)
from small_disk import SmallDisk

from capsearch.addon import install as install_module
from capsearch.addon.install import bytes_missing, install, remove
from capsearch.addon.installed import addon_folder, find_installed, installed_addons
from capsearch.addon.lock import Variant, read_lock
from capsearch.errors import CapsearchError
from capsearch.transfer import DownloadProgress, DownloadStopped

INSTALL = """
import sys, threading
from pathlib import Path
from capsearch.addon.install import install
from capsearch.addon.lock import read_lock
install(read_lock(Path(sys.argv[1])).variants[0], lambda _: None, threading.Event())
"""


def install_it(variant: Variant, index: str | None = None) -> list[DownloadProgress]:
    seen: list[DownloadProgress] = []
    install(variant, seen.append, threading.Event(), index)
    return seen


def refused(variant: Variant, index: str | None = None) -> str:
    with pytest.raises(CapsearchError) as caught:
        install_it(variant, index)
    assert caught.value.next_step
    assert installed_addons() == []
    return caught.value.message


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def assert_whole(published: Published) -> None:
    (addon,) = installed_addons()
    assert (addon.kind, addon.version) == ("cpu", "9.1")
    assert addon == find_installed(read_lock(published.lock))
    for name in ("torch/lib/libtorch.so", "torchgen/__init__.py", "open_clip/__init__.py"):
        assert (addon.modules / name).is_file(), name
    assert not list(addon.modules.rglob("torchrun"))
    assert not list(addon_folder().rglob("*.whl*"))
    assert sum(file.stat().st_size for file in addon.modules.rglob("*") if file.is_file()) > 400_000


def test_all_wheels_lie_unpacked_in_one_folder_and_the_progress_ends_at_the_size_told_first(
    published: Published,
) -> None:
    assert bytes_missing(published.variant) == published.variant.download_bytes
    seen = install_it(published.variant)
    assert_whole(published)
    assert {progress.total_bytes for progress in seen} == {published.variant.download_bytes}
    assert seen[-1].done_bytes == published.variant.download_bytes
    assert [progress.done_bytes for progress in seen] == sorted(
        progress.done_bytes for progress in seen
    )


def test_an_index_that_only_speaks_html_will_do(published: Published) -> None:
    published.server.speaks_json = False
    install_it(published.variant)
    assert_whole(published)


def test_what_is_there_is_not_fetched_again(published: Published) -> None:
    install_it(published.variant)
    published.server.asked.clear()
    install_it(published.variant)
    assert published.server.asked == []


def test_a_lost_connection_goes_on_where_it_broke(published: Published) -> None:
    published.server.faults[published.torch] = Faults(breaks_after=[100_000, 50_000])
    install_it(published.variant)
    assert_whole(published)
    ranges = published.server.ranges_of(published.torch)
    assert ranges == [None, "bytes=100000-", "bytes=150000-"]


def test_a_server_without_ranges_is_read_from_the_beginning(published: Published) -> None:
    published.server.faults[published.torch] = Faults(breaks_after=[100_000], knows_ranges=False)
    install_it(published.variant)
    assert_whole(published)


def test_a_server_that_is_busy_is_asked_again(published: Published) -> None:
    published.server.faults[published.torch] = Faults(statuses=[503, 500])
    published.server.faults["torch"] = Faults(statuses=[502])
    install_it(published.variant)
    assert_whole(published)


def test_a_line_that_brings_nothing_is_given_up_in_one_sentence_and_is_no_harm(
    published: Published,
) -> None:
    published.server.faults[published.torch] = Faults(breaks_after=[0] * 9)
    assert "does not hold" in refused(published.variant)
    assert len(published.server.ranges_of(published.torch)) == 5
    published.server.faults.clear()
    install_it(published.variant)
    assert_whole(published)


@pytest.mark.parametrize("length", [100, 10_000_000])
def test_a_server_that_lies_about_the_length_is_refused(published: Published, length: int) -> None:
    published.server.faults[published.torch] = Faults(length=length)
    assert "its length is wrong" in refused(published.variant)
    published.server.faults.clear()
    install_it(published.variant)
    assert_whole(published)


def test_a_wrong_checksum_is_refused_and_nothing_of_it_is_kept(published: Published) -> None:
    size = len(published.server.files[published.torch])
    published.server.faults[published.torch] = Faults(content=bytes(size))
    assert "checksum is wrong" in refused(published.variant)
    assert bytes_missing(published.variant) == published.variant.download_bytes
    published.server.faults.clear()
    install_it(published.variant)
    assert_whole(published)


def test_a_file_that_was_another_one_when_it_was_begun_is_fetched_once_more(
    published: Published,
) -> None:
    size = len(published.server.files[published.torch])
    faults = Faults(content=bytes(size), breaks_after=[60_000, *[0] * 4])
    published.server.faults[published.torch] = faults
    refused(published.variant)
    published.server.faults.clear()
    install_it(published.variant)
    assert_whole(published)
    assert published.server.ranges_of(published.torch)[-2:] == ["bytes=60000-", None]


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_refuses_is_one_sentence(published: Published, status: int) -> None:
    published.server.faults[published.torch] = Faults(statuses=[status] * 9)
    assert f"({status}" in refused(published.variant)


def test_a_file_that_is_listed_but_gone_is_one_sentence(published: Published) -> None:
    published.server.faults[published.torch] = Faults(statuses=[404] * 9)
    assert "does not have" in refused(published.variant)


def test_an_index_without_the_file_is_one_sentence(published: Published) -> None:
    del published.server.files[published.open_clip]
    assert "has no open_clip_torch" in refused(published.variant)


def test_nobody_answers_is_one_sentence(tmp_path: Path) -> None:
    gone = Server()
    gone.server_close()
    lock = write_lock(tmp_path / "gone.json", {"cpu": [describe(make_torch(tmp_path), gone.index)]})
    assert "does not hold" in refused(read_lock(lock).variants[0])


def test_stopped_and_begun_again_it_goes_on(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capsearch.transfer._TELL_SECONDS", 0.0)  # each piece is told
    stop = threading.Event()

    def stop_in_the_middle(progress: DownloadProgress) -> None:
        if progress.done_bytes > 200_000:
            stop.set()

    with pytest.raises(DownloadStopped):
        install(published.variant, stop_in_the_middle, stop)
    assert installed_addons() == []
    left = bytes_missing(published.variant)
    assert 0 < left < published.variant.download_bytes
    seen = install_it(published.variant)
    assert_whole(published)
    begun = published.variant.download_bytes - left
    assert published.server.ranges_of(published.torch)[1] == f"bytes={begun}-"
    assert seen[0].done_bytes == begun


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_killed_and_begun_again_it_goes_on(published: Published) -> None:
    server = published.server
    server.faults[published.torch] = Faults(holds_after=200_000)
    command = [sys.executable, "-c", INSTALL, os.fspath(published.lock)]
    with subprocess.Popen(command) as process:
        assert server.holding.wait(60)
        wait_until(lambda: bytes_missing(published.variant) < 300_000)
        process.send_signal(signal.SIGKILL)
    assert installed_addons() == []
    server.faults.clear()
    install_it(published.variant)
    assert_whole(published)
    (_, resumed) = server.ranges_of(published.torch)
    assert resumed is not None
    assert int(resumed.removeprefix("bytes=").rstrip("-")) > 100_000


def test_killed_while_unpacking_the_wheel_is_unpacked_again(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "sync", die)  # the last step before a wheel counts as unpacked
        with pytest.raises(Killed):
            install_it(published.variant)
    (half,) = addon_folder().glob("*.partial/modules/torch/lib/libtorch.so")
    half.write_bytes(b"half")
    install_it(published.variant)
    assert_whole(published)
    (addon,) = installed_addons()
    assert (addon.modules / "torch/lib/libtorch.so").stat().st_size == 400_000


def test_a_second_one_at_the_same_time_is_refused_and_the_first_goes_on(
    published: Published,
) -> None:
    server = published.server
    server.faults[published.torch] = Faults(holds_after=200_000)
    command = [sys.executable, "-c", INSTALL, os.fspath(published.lock)]
    with subprocess.Popen(command) as process:
        assert server.holding.wait(60)
        assert "Another CapSearch" in refused(published.variant)
        server.go_on.set()
        assert process.wait(60) == 0
    assert_whole(published)


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(
    published: Published, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPSEARCH_HOME", os.fspath(disk.path))
    assert "PyTorch needs" in refused(published.variant)
    assert published.server.asked == []


@pytest.mark.parametrize("room", [100_000, 600_000])
def test_a_disk_that_gets_full_meanwhile_is_one_sentence_and_it_goes_on_later(
    published: Published, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setenv("CAPSEARCH_HOME", os.fspath(disk.path))
    monkeypatch.setattr(install_module, "_SPARE_BYTES", 0)
    filled = disk.full(room)
    begun = threading.Event()

    def fill(_: DownloadProgress) -> None:
        if not begun.is_set():
            begun.set()
            filled.__enter__()

    with pytest.raises(CapsearchError, match="The disk is full"):
        install(published.variant, fill, threading.Event())
    assert installed_addons() == []
    filled.__exit__(None, None, None)
    install_it(published.variant)
    assert_whole(published)


def test_removed_it_is_gone_and_can_come_back(published: Published) -> None:
    install_it(published.variant)
    size = published.variant.installed_bytes
    assert remove() == size
    assert [path.name for path in addon_folder().iterdir()] in ([], ["install.lock"])
    assert remove() == 0
    install_it(published.variant)
    assert_whole(published)


def test_what_was_half_fetched_is_removed_too(published: Published) -> None:
    published.server.faults[published.open_clip] = Faults(statuses=[403])
    refused(published.variant)
    assert bytes_missing(published.variant) < published.variant.download_bytes
    remove()
    assert bytes_missing(published.variant) == published.variant.download_bytes


def test_a_newer_list_keeps_the_old_one_until_its_own_is_whole(
    published: Published, tmp_path: Path
) -> None:
    install_it(published.variant)
    newer = make_torch(tmp_path, "9.2")
    published.server.files[newer.name] = newer.read_bytes()
    lock = write_lock(tmp_path / "newer.json", {"cpu": [describe(newer, published.server.index)]})
    assert find_installed(read_lock(lock)) is None
    published.server.faults[newer.name] = Faults(statuses=[403])
    variant = read_lock(lock).variants[0]
    with pytest.raises(CapsearchError):
        install_it(variant)
    assert find_installed(read_lock(published.lock)) is not None
    install_it(variant)
    (addon,) = installed_addons()
    assert addon.version == "9.2"


def wheel_with(tmp_path: Path, server: Server, member: zipfile.ZipInfo | str) -> Variant:
    folder = tmp_path / "evil"
    folder.mkdir()
    wheel = make_wheel(folder, "torch", "9.1", {"torch/__init__.py": ""})
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(member, "evil")
    server.files[wheel.name] = wheel.read_bytes()
    lock = write_lock(tmp_path / "evil.json", {"cpu": [describe(wheel, server.index)]})
    return read_lock(lock).variants[0]


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "torch/../../evil", "C:/evil", "torch\\..\\..\\evil"]
)
def test_a_wheel_that_would_write_elsewhere_is_refused_whole(
    tmp_path: Path, server: Server, name: str
) -> None:
    variant = wheel_with(tmp_path, server, name)
    assert "it would write to" in refused(variant)
    assert not list(addon_folder().parent.rglob("evil"))


def test_a_wheel_with_a_link_is_refused(tmp_path: Path, server: Server) -> None:
    link = zipfile.ZipInfo("torch/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "it has a link" in refused(wheel_with(tmp_path, server, link))


def test_a_wheel_that_unpacks_to_more_than_was_told_is_refused(
    tmp_path: Path, server: Server
) -> None:
    wheel = make_wheel(tmp_path, "torch", "9.1", {"torch/zeros": bytes(1 << 20)})
    server.files[wheel.name] = wheel.read_bytes()
    described = describe(wheel, server.index, unpacked=1000)
    lock = write_lock(tmp_path / "bomb.json", {"cpu": [described]})
    assert "more than it says" in refused(read_lock(lock).variants[0])


def test_a_mirror_is_asked_first_and_the_lists_own_index_for_what_it_does_not_have(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    with package_index() as mirror:
        mirror.files[published.torch] = published.server.files[published.torch]
        monkeypatch.setenv("PIP_INDEX_URL", mirror.index.replace("//", "//me:p%40ss@"))
        install_it(published.variant)
    assert_whole(published)
    assert published.server.ranges_of(published.torch) == []
    assert published.server.ranges_of(published.open_clip) == [None]
    told = {headers.get("Authorization") for _, headers in mirror.asked}
    assert told == {f"Basic {base64.b64encode(b'me:p@ss').decode()}"}
    assert not any("Authorization" in headers for _, headers in published.server.asked)


def test_a_mirror_with_another_file_of_that_name_is_not_used(
    published: Published,
) -> None:
    with package_index() as mirror:
        mirror.files[published.torch] = b"built again"
        install_it(published.variant, mirror.index)
        assert mirror.ranges_of(published.torch) == []
    assert_whole(published)


def test_an_index_that_is_no_web_address_is_one_sentence(published: Published) -> None:
    assert "not given as a web address" in refused(published.variant, "file:///etc")


def test_the_proxy_of_the_environment_is_used(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", published.server.address)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    wheel = make_torch(tmp_path)
    described = describe(wheel, "http://packages.invalid/simple")
    lock = write_lock(tmp_path / "proxied.json", {"cpu": [described]})
    install_it(read_lock(lock).variants[0])
    asked = [path for path, _ in published.server.asked]
    assert asked == [
        "http://packages.invalid/simple/torch/",
        f"http://packages.invalid/files/{wheel.name}",
    ]
    assert installed_addons() != []
