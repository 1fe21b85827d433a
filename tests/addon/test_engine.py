"""PyTorch in an app that came without it: what is said, how it comes, and that it is used."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from light_app import LightApp, make_light_app
from package_index import Faults, Published, Server, describe, make_torch, write_lock
from run_command import as_json, assert_refused

from capsearch.addon import choose
from capsearch.addon.choose import choose_variant
from capsearch.addon.lock import AddonLock, read_lock
from capsearch.errors import CapsearchError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes its app of links")

CLIP = "ViT-B-32-256/datacomp_s34b_b86k"
SAY_TORCH = """
import sys
from capsearch.addon.activate import torch_is_here
if not torch_is_here():
    sys.exit(print("none"))
import torch
print(torch.__version__, torch.__file__, sys.path[-1], sep="|")
"""


@pytest.fixture
def app(published: Published, tmp_path: Path) -> LightApp:
    return make_light_app(tmp_path / "light", published.lock)


def test_a_clip_model_without_pytorch_is_one_sentence_with_size_and_next_step(
    app: LightApp, published: Published, tmp_path: Path
) -> None:
    for encoder in (CLIP, f"local-dir:{tmp_path}", "no-such/model"):
        command = ("search", "a dog", "--photos", os.fspath(tmp_path), "--encoder", encoder)
        done = app.capsearch(*command)
        assert_refused(done)
        size = f"{published.variant.download_bytes / 1e6:,.0f} MB"
        assert (
            f"CLIP models need PyTorch, which is not here yet (download {size})." in done.stderr
        ), done.stderr
        assert "`capsearch models engine install`" in done.stderr


def test_an_installation_by_pip_is_told_to_use_pip(tmp_path: Path) -> None:
    app = make_light_app(tmp_path / "light", None)
    done = app.capsearch("search", "a dog", "--photos", os.fspath(tmp_path), "--encoder", CLIP)
    assert_refused(done)
    assert "`pip install torch open_clip_torch`" in done.stderr
    assert "pip install" in app.capsearch("models", "engine").stdout
    assert_refused(app.capsearch("models", "engine", "install"))


def test_installed_it_is_what_every_process_imports_and_removed_it_is_gone(
    app: LightApp, published: Published, own_home: Path
) -> None:
    offered = as_json(app.capsearch("models", "engine", "--json"))["engine"]
    assert offered["installed"] is None
    assert offered["offered"] == {
        "variant": "cpu",
        "version": "9.1",
        "download_bytes": published.variant.download_bytes,
        "installed_bytes": published.variant.installed_bytes,
    }
    assert app.python("-c", SAY_TORCH).stdout.split() == ["none"]

    done = app.capsearch("models", "engine", "install")
    assert done.returncode == 0, done.stderr
    assert "to download" in done.stderr.splitlines()[0]
    modules = own_home / "addon" / f"cpu-{published.variant.digest}" / "modules"
    version, file, last = app.python("-c", SAY_TORCH).stdout.strip().split("|")
    assert version == "9.1"
    assert Path(file).is_relative_to(modules)
    assert last == os.fspath(modules)  # behind all that the app has itself
    status = as_json(app.capsearch("models", "engine", "--json"))["engine"]
    assert status["usable"] is True
    assert status["installed"]["folder"] == os.fspath(modules.parent)
    assert as_json(app.capsearch("models", "engine", "install", "--json"))["already"] is True

    assert "are free again" in app.capsearch("models", "engine", "remove").stdout
    assert app.python("-c", SAY_TORCH).stdout.split() == ["none"]
    assert "There is no PyTorch" in app.capsearch("models", "engine", "remove").stdout


def test_a_pytorch_that_pip_brought_is_used_and_not_the_add_on(
    app: LightApp, tmp_path: Path
) -> None:
    assert app.capsearch("models", "engine", "install").returncode == 0
    for name in ("torch", "open_clip"):
        (app.packages / name).mkdir()
        (app.packages / name / "__init__.py").write_text("__version__ = 'of pip'\n")
    assert app.python("-c", SAY_TORCH).stdout.startswith("of pip")


def test_doctor_finds_no_fault_in_an_app_without_pytorch(app: LightApp) -> None:
    done = app.capsearch("doctor", "--json")
    diagnosis = json.loads(done.stdout)
    assert diagnosis["problems"] == []
    assert diagnosis["device"] == "cpu"
    assert "`capsearch models engine install` downloads" in diagnosis["engine"]
    assert app.capsearch("models", "engine", "install").returncode == 0
    diagnosis = json.loads(app.capsearch("doctor", "--json").stdout)
    assert diagnosis["engine"].startswith("PyTorch 9.1 (cpu)")


def test_ctrl_c_pauses_and_the_same_command_goes_on(app: LightApp, published: Published) -> None:
    server = published.server
    server.faults[published.torch] = Faults(holds_after=200_000)
    command = app.command("-m", "capsearch", "models", "engine", "install")
    with subprocess.Popen(
        command, cwd=app.folder, env=app.environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert server.holding.wait(60)
        process.send_signal(signal.SIGINT)
        server.go_on.set()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on" in said
    server.faults.clear()
    done = app.capsearch("models", "engine", "install")
    assert done.returncode == 0, done.stderr
    assert "of which are here" in done.stderr
    (_, resumed) = server.ranges_of(published.torch)
    assert resumed is not None


def test_the_add_on_of_another_version_is_not_loaded_but_kept_until_the_new_one_is_whole(
    app: LightApp, server: Server, tmp_path: Path, own_home: Path
) -> None:
    assert app.capsearch("models", "engine", "install").returncode == 0
    (old,) = own_home.glob("addon/cpu-*")
    newer = make_torch(tmp_path, "9.2")
    server.files[newer.name] = newer.read_bytes()
    content = json.loads((app.folder / "resources" / "addon.json").read_text())
    wheels = content["variants"]["cpu"]["wheels"]
    wheels[0] = describe(newer, server.index)
    write_lock(app.folder / "resources" / "addon.json", {"cpu": wheels})

    assert app.python("-c", SAY_TORCH).stdout.split() == ["none"]
    done = app.capsearch("search", "a dog", "--photos", os.fspath(tmp_path), "--encoder", CLIP)
    assert_refused(done)
    assert "belongs to another version of CapSearch (download" in done.stderr
    server.faults[newer.name] = Faults(statuses=[403])
    assert_refused_install(app)
    assert old.is_dir()
    assert app.capsearch("models", "engine", "install").returncode == 0
    assert not old.exists()
    assert app.python("-c", SAY_TORCH).stdout.startswith("9.2")


def assert_refused_install(app: LightApp) -> None:
    done = app.capsearch("models", "engine", "install")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_variant_that_is_not_published_is_one_sentence(app: LightApp) -> None:
    done = app.capsearch("models", "engine", "install", "--variant", "mps")
    assert_refused(done)
    assert "There is: cpu." in done.stderr


def test_a_damaged_list_is_one_sentence_and_a_problem_for_doctor(
    app: LightApp, own_home: Path
) -> None:
    (app.folder / "resources" / "addon.json").write_text("{}")
    assert_refused(app.capsearch("models", "engine"))
    diagnosis = json.loads(app.capsearch("doctor", "--json").stdout)
    assert len(diagnosis["problems"]) == 1
    assert "Install CapSearch again" in diagnosis["problems"][0]


@pytest.fixture
def every_variant(published: Published) -> AddonLock:
    wheels = json.loads(published.lock.read_text())["variants"]["cpu"]["wheels"]
    return read_lock(write_lock(published.lock, dict.fromkeys(("cpu", "cuda", "mps"), wheels)))


@pytest.mark.parametrize(
    ("system", "machine", "driver", "kind"),
    [
        ("linux", "x86_64", True, "cuda"),
        ("linux", "x86_64", False, "cpu"),
        ("darwin", "arm64", False, "mps"),
        ("darwin", "x86_64", False, "cpu"),
    ],
)
def test_the_machine_decides_the_variant(
    every_variant: AddonLock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    system: str,
    machine: str,
    driver: bool,
    kind: str,
) -> None:
    marks = tmp_path / "driver"
    if driver:
        marks.touch()
    monkeypatch.setattr(choose, "_OF_NVIDIA", (os.fspath(marks),))
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert choose_variant(every_variant).kind == kind
    assert choose_variant(every_variant, "cpu").kind == "cpu"


def test_a_machine_whose_own_variant_is_not_published_gets_one_all_the_same(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = json.loads(published.lock.read_text())["variants"]["cpu"]["wheels"]
    cuda_only = read_lock(write_lock(published.lock, {"cuda": wheels}))
    monkeypatch.setattr(choose, "_OF_NVIDIA", ())
    assert choose_variant(cuda_only).kind == "cuda"
    with pytest.raises(CapsearchError, match="no PyTorch for 'cpu'"):
        choose_variant(cuda_only, "cpu")
