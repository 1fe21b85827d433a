"""`capsearch models install`: what breaks off goes on where it was, what lies is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_hub import FakeHub, serving
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch
from small_disk import mounted_disk

from capsearch.errors import CapsearchError

NAME = "hf-hub:org/model"
WEIGHTS = "open_clip_model.safetensors"
MEGABYTE = 1 << 20


@pytest.fixture
def hub(tiny_model: Any) -> Iterator[FakeHub]:
    with serving({"org/model": tiny_model.folder}) as server:
        yield server


@pytest.fixture
def environment(hub: FakeHub, tmp_path: Path) -> dict[str, str]:
    return {
        "HF_HOME": os.fspath(tmp_path / "hf"),
        "HF_ENDPOINT": hub.url,
        "HF_HUB_OFFLINE": "0",
        "CAPSEARCH_HOME": os.fspath(tmp_path / "home"),
    }


def install(environment: dict[str, str], name: str = NAME) -> subprocess.CompletedProcess[str]:
    return capsearch("models", "install", name, environment=environment)


def weights_in(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "hf").rglob(WEIGHTS))


def part_in(tmp_path: Path) -> Path:
    (part,) = (tmp_path / "hf").rglob("*.capsearch.incomplete")
    return part


def assert_loads_offline(environment: dict[str, str]) -> None:
    code = f"""
from capsearch.encoders.registry import load_encoder
print(load_encoder({NAME!r}, "cpu").encode_texts(["a dog"]).shape)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            **environment,
            "HF_HUB_OFFLINE": "1",
            "HF_ENDPOINT": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout.strip() == "(1, 32)", done.stderr


def assert_fails_and_then_succeeds(
    hub: FakeHub, environment: dict[str, str], words: str, mend: Callable[[], None]
) -> None:
    failed = install(environment)
    assert failed.returncode == 2, failed.stderr
    assert "Traceback" not in failed.stderr
    assert words in failed.stderr.splitlines()[-1]
    listed = as_json(capsearch("models", "--json", environment=environment))["encoders"]
    assert NAME not in [each["name"] for each in listed]
    mend()
    done = install(environment)
    assert done.returncode == 0, done.stderr
    assert_loads_offline(environment)


def test_an_installed_model_says_what_it_is_before_and_works_offline_after(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    done = install(environment)
    assert done.returncode == 0, done.stderr
    first, *progress = done.stderr.splitlines()
    assert first.startswith(f"{NAME} takes 7 MB, in {tmp_path / 'hf'}")
    assert "licence" in first
    size = f"{weights_in(tmp_path)[0].stat().st_size / 1e6:,.1f}"
    assert progress[-1] == f"{NAME}: {size} of {size} MB"
    assert done.stdout.startswith(f"Installed {NAME}.")
    assert_loads_offline(environment)
    assert not list((tmp_path / "hf").rglob("*.incomplete"))

    hub.asked.clear()
    again = install(environment)
    assert (again.returncode, again.stderr) == (0, f"{NAME} is installed already.\n")
    assert hub.asked == []
    removed = as_json(capsearch("models", "remove", NAME, "--json", environment=environment))
    assert removed["bytes"] > 6_000_000
    assert weights_in(tmp_path) == []


def test_a_research_licence_is_said_with_the_size_and_torch_is_not_loaded(
    environment: dict[str, str], tiny_model: Any
) -> None:
    with serving({"apple/MobileCLIP-S2-OpenCLIP": tiny_model.folder}) as hub:
        code = """
import sys
from capsearch.cli import main
assert main(["models", "install", "mobileclip-s2/datacompdr"]) == 0
assert not {"torch", "open_clip"} & sys.modules.keys()
"""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **environment, "HF_ENDPOINT": hub.url},
            capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first = done.stderr.splitlines()[0]
    assert "7 MB" in first
    assert first.endswith("Its licence: Apple ML Research licence, for research only.")


def test_a_connection_that_breaks_again_and_again_is_taken_up_where_it_was(
    hub: FakeHub, environment: dict[str, str]
) -> None:
    hub.breaks_off = MEGABYTE
    done = install(environment)
    assert done.returncode == 0, done.stderr
    first, *later = hub.begins(WEIGHTS)
    assert first is None
    assert later == [MEGABYTE * each for each in range(1, 1 + len(later))]
    assert later
    assert_loads_offline(environment)


def test_a_server_that_knows_no_ranges_is_asked_for_the_whole_file(
    hub: FakeHub, environment: dict[str, str]
) -> None:
    hub.breaks_off, hub.ignores_ranges = MEGABYTE, True

    def mend() -> None:
        hub.breaks_off = None

    assert_fails_and_then_succeeds(hub, environment, "does not hold", mend)


def test_a_file_that_ends_too_soon_is_refused(hub: FakeHub, environment: dict[str, str]) -> None:
    hub.ends_after = MEGABYTE

    def mend() -> None:
        hub.ends_after = None
        hub.asked.clear()

    assert_fails_and_then_succeeds(hub, environment, "its length is wrong", mend)
    assert hub.begins(WEIGHTS) == [None]


def test_a_file_that_is_longer_than_announced_is_refused(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    hub.goes_on_for = MEGABYTE

    def mend() -> None:
        hub.goes_on_for = 0

    assert_fails_and_then_succeeds(hub, environment, "its length is wrong", mend)


def test_a_wrong_checksum_is_refused_and_nothing_of_it_is_kept(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    hub.checksum = "0" * 64

    def mend() -> None:
        assert not list((tmp_path / "hf").rglob("*.incomplete"))
        hub.checksum = None

    assert_fails_and_then_succeeds(hub, environment, "its checksum is wrong", mend)


def test_a_checksum_that_is_none_never_becomes_a_path(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    hub.checksum = "../../../../outside"

    def mend() -> None:
        assert not list(tmp_path.rglob("outside*"))
        hub.checksum = None

    assert_fails_and_then_succeeds(hub, environment, "or its checksum", mend)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "RepoNotFound", "The hub has no model org/model."),
        (401, "GatedRepo", "only to those who accept its terms"),
        (401, "", "only to those who are logged in"),
        (403, "", "only to those who are logged in"),
        (500, "", "could not be downloaded"),
    ],
)
def test_a_refusal_is_one_sentence(
    hub: FakeHub, environment: dict[str, str], status: int, code: str, words: str
) -> None:
    hub.statuses, hub.error_code = [status] * 20, code

    def mend() -> None:
        hub.statuses.clear()

    assert_fails_and_then_succeeds(hub, environment, words, mend)


def test_a_server_in_trouble_for_a_moment_is_waited_for(
    hub: FakeHub, environment: dict[str, str]
) -> None:
    hub.statuses = [500, 503]
    done = install(environment)
    assert done.returncode == 0, done.stderr
    assert hub.statuses == []


@pytest.mark.skipif(sys.platform == "win32", reason="no file may be limited in size there")
def test_a_disk_that_fills_up_keeps_what_has_arrived(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    import resource

    done = subprocess.run(
        [sys.executable, "-m", "capsearch", "models", "install", NAME],
        env={**os.environ, **environment},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE)),
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "The disk is full" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert part_in(tmp_path).stat().st_size == MEGABYTE
    hub.asked.clear()
    assert install(environment).returncode == 0
    assert hub.begins(WEIGHTS) == [MEGABYTE]
    assert_loads_offline(environment)


def test_a_disk_without_room_is_noticed_before_anything_is_fetched(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    with mounted_disk(tmp_path / "small") as disk:
        refused = install({**environment, "HF_HOME": os.fspath(disk.path)})
        assert refused.returncode == 2
        assert "needs 7 MB, with 200 MB to spare" in refused.stderr
        assert hub.begins(WEIGHTS) == []


def begun(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path, *command: object
) -> subprocess.Popen[str]:
    """A download of which a megabyte has arrived, and more comes slowly."""
    hub.slow_after = MEGABYTE
    arguments = map(str, command or ("models", "install", NAME))
    process = subprocess.Popen(
        [sys.executable, "-m", "capsearch", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until:
        # Not by rglob, which fails on a folder that the download makes and removes meanwhile.
        found = (Path(at, name) for at, _, names in os.walk(tmp_path / "hf") for name in names)
        arriving = [part for part in found if part.name.endswith(".capsearch.incomplete")]
        if any(part.stat().st_size >= MEGABYTE for part in arriving):
            return process
        time.sleep(0.02)
    process.kill()
    raise AssertionError(process.communicate())


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is like Ctrl-C there")
def test_ctrl_c_pauses_and_the_same_command_goes_on(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    process = begun(hub, environment, tmp_path)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.splitlines()[-1].startswith("Paused. What has arrived is kept")
    arrived = part_in(tmp_path).stat().st_size
    hub.slow_after = None
    hub.asked.clear()
    done = install(environment)
    assert done.returncode == 0, done.stderr
    assert "MB of which are here" in done.stderr.splitlines()[0]
    assert hub.begins(WEIGHTS) == [arrived]
    assert_loads_offline(environment)


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is like Ctrl-C there")
@pytest.mark.parametrize("command", [("index",), ("search", "a dog", "--photos")])
def test_ctrl_c_pauses_the_download_of_an_encoder_that_a_run_needs(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    make_photo(tmp_path / "photos" / "a.jpg", 1)
    run = (*command, tmp_path / "photos", "--encoder", NAME)
    process = begun(hub, environment, tmp_path, *run)
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.splitlines()[-1].startswith("Paused. What has arrived is kept")
    assert printed == ""
    assert part_in(tmp_path).stat().st_size < MEGABYTE * 2  # it did not wait for the rest
    hub.slow_after = None
    hub.asked.clear()
    arrived = part_in(tmp_path).stat().st_size
    assert install(environment).returncode == 0
    assert hub.begins(WEIGHTS) == [arrived]


def test_a_killed_download_goes_on_where_it_was(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    process = begun(hub, environment, tmp_path)
    process.kill()
    process.communicate(timeout=60)
    arrived = part_in(tmp_path).stat().st_size
    hub.slow_after = None
    hub.asked.clear()
    assert install(environment).returncode == 0
    assert hub.begins(WEIGHTS) == [arrived]
    assert_loads_offline(environment)


def test_two_downloads_of_one_model_do_not_write_to_the_same_file(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    process = begun(hub, environment, tmp_path)
    second = install(environment)
    assert second.returncode == 2
    assert "Another CapSearch is downloading" in second.stderr.splitlines()[-1]
    hub.slow_after = None
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert_loads_offline(environment)


def test_what_was_begun_and_is_not_wanted_can_be_removed(
    hub: FakeHub, environment: dict[str, str], tmp_path: Path
) -> None:
    process = begun(hub, environment, tmp_path)
    process.kill()
    process.communicate(timeout=60)
    as_json(capsearch("models", "remove", NAME, "--json", environment=environment))
    assert not list((tmp_path / "hf").rglob("*.incomplete"))


def test_a_proxy_is_used_where_the_system_names_one(
    hub: FakeHub, environment: dict[str, str]
) -> None:
    done = install(
        {
            **environment,
            "HF_ENDPOINT": "http://hub.invalid",
            "HTTP_PROXY": hub.url,
            "http_proxy": hub.url,
            "NO_PROXY": "",
            "no_proxy": "",
        }
    )
    assert done.returncode == 0, done.stderr
    assert {each.host for each in hub.asked} == {"hub.invalid"}


def test_a_tokenizer_of_another_repository_comes_too(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    model, words = tmp_path / "model", tmp_path / "words"
    model.mkdir()
    words.mkdir()
    config = json.loads((tiny_model.folder / "open_clip_config.json").read_text())
    config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "org/words"
    (model / "open_clip_config.json").write_text(json.dumps(config))
    (model / WEIGHTS).write_bytes(tiny_model.safetensors.read_bytes())
    for name in ("tokenizer.json", "tokenizer_config.json", "merges.txt"):
        (words / name).write_text(name)
    with serving({"org/model": model, "org/words": words}) as hub:
        settings = {**environment, "HF_ENDPOINT": hub.url}
        assert install(settings).returncode == 0
        kept = {path.name for path in (tmp_path / "hf").rglob("models--org--words/snapshots/*/*")}
        assert kept == {"tokenizer.json", "tokenizer_config.json", "merges.txt"}
        hub.asked.clear()
        assert "installed already" in install(settings).stderr
        assert hub.asked == []

        config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "../../outside"
        (model / "open_clip_config.json").write_text(json.dumps(config))
        elsewhere = {**settings, "HF_HOME": os.fspath(tmp_path / "other")}
        refused = install(elsewhere)
        assert_refused(refused)
        assert "which is nothing on the hub" in refused.stderr


def test_without_torch_the_way_to_it_is_named(tmp_path: Path) -> None:
    code = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: (
    None if name in ("torch", "open_clip") else found(name, *rest)
)
from capsearch.encoders.registry import find_encoder, load_encoder
print(find_encoder("vit-b-32-256/datacomp_s34b_b86k").name)
for name in ("ViT-B-32-256/datacomp_s34b_b86k", "ViT-B-32/openai", "hf-hub:org/model"):
    try:
        load_encoder(name)
    except Exception as error:
        print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    known, *errors = done.stdout.splitlines()
    assert known == "ViT-B-32-256/datacomp_s34b_b86k"
    assert len(errors) == 3
    for line in errors:
        assert line.startswith(CapsearchError.__name__)
        assert "`pip install torch open_clip_torch`" in line  # this is no installed app
