"""`capsearch models import`: a model that comes as files, whole or not at all."""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch

from capsearch.library.models import import_model
from capsearch.transfer import DownloadProgress

WEIGHTS = "open_clip_model.safetensors"
CONFIG = "open_clip_config.json"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "CAPSEARCH_HOME": os.fspath(tmp_path / "home"),
        "HF_HOME": os.fspath(tmp_path / "hf"),
        "HF_HUB_OFFLINE": "1",
    }


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"inner/{file.name}")
    return path


def tarred(folder: Path, path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "inner")
    return path


def brought(form: str, folder: Path, tmp_path: Path) -> Path:
    if form == "folder":
        return shutil.copytree(folder, tmp_path / "my model")
    make = zipped if form == "zip" else tarred
    return make(folder, tmp_path / f"my model.{form}")


def kept(tmp_path: Path) -> list[str]:
    folder = tmp_path / "home" / "models"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
def test_an_imported_model_is_listed_encodes_and_is_removed_by_its_short_name(
    form: str, environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    path = brought(form, tiny_model.folder, tmp_path)
    done = as_json(capsearch("models", "import", path, "--json", environment=environment))
    assert done["imported"] == "my-model"
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    listed = as_json(capsearch("models", "--json", environment=environment))["encoders"]
    (info,) = [each for each in listed if each["name"] == "my-model"]
    assert info["installed"]
    assert info["size_bytes"] > 6_000_000

    make_photo(tmp_path / "photos" / "a.jpg", 1)
    index = ("index", tmp_path / "photos", "--encoder", "My-Model", "--device", "cpu", "--json")
    assert as_json(capsearch(*index, environment=environment))["encoder"] == "my-model"
    refused = capsearch("models", "remove", "my-model", environment=environment)
    assert_refused(refused)
    assert "--yes" in refused.stderr
    removed = capsearch("models", "remove", "my-model", "--yes", environment=environment)
    assert removed.returncode == 0, removed.stderr
    assert kept(tmp_path) == []


def test_an_archive_that_leads_outside_is_refused(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    path = zipped(tiny_model.folder, tmp_path / "bad.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../outside.json", "{}")
    refused = capsearch("models", "import", path, environment=environment)
    assert_refused(refused)
    assert "leads out of it" in refused.stderr
    assert kept(tmp_path) == []
    assert not list(tmp_path.rglob("outside.json"))


def test_a_link_in_an_archive_is_not_followed(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.write(tiny_model.folder / CONFIG, CONFIG)
        link = zipfile.ZipInfo(WEIGHTS)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, os.fspath(tiny_model.safetensors))
    with tarfile.open(tmp_path / "link.tar", "w") as tar:
        tar.add(tiny_model.folder / CONFIG, CONFIG)
        entry = tarfile.TarInfo(WEIGHTS)
        entry.type, entry.linkname = tarfile.SYMTYPE, os.fspath(tiny_model.safetensors)
        tar.addfile(entry)
    for name in ("link.zip", "link.tar"):
        refused = capsearch("models", "import", tmp_path / name, environment=environment)
        assert_refused(refused)
        assert "no weights" in refused.stderr
    assert kept(tmp_path) == []


def test_more_than_a_disk_holds_is_refused_before_it_is_unpacked(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tiny_model.folder / CONFIG, CONFIG)
        archive.writestr(WEIGHTS, bytes(1000))
        archive.getinfo(WEIGHTS).file_size = 1 << 50
    refused = capsearch("models", "import", path, environment=environment)
    assert_refused(refused)
    assert "needs 1,125,899,907 MB" in refused.stderr
    assert kept(tmp_path) == []


def test_what_is_no_model_or_is_not_safe_leaves_nothing_behind(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    import torch

    cut = shutil.copytree(tiny_model.folder, tmp_path / "cut")
    (cut / WEIGHTS).write_bytes((cut / WEIGHTS).read_bytes()[:1000])
    remote = shutil.copytree(tiny_model.folder, tmp_path / "remote")
    config = json.loads((remote / CONFIG).read_text())
    config["model_cfg"]["text_cfg"]["tokenizer_kwargs"] = {"trust_remote_code": True}
    (remote / CONFIG).write_text(json.dumps(config))
    runs = shutil.copytree(tiny_model.folder, tmp_path / "runs")
    (runs / WEIGHTS).unlink()
    torch.save({"weights": io.StringIO()}, runs / "open_clip_pytorch_model.bin")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    for name in ("cut", "remote", "runs", "empty", "broken.zip", "nothing"):
        assert_refused(capsearch("models", "import", tmp_path / name, environment=environment))
        assert kept(tmp_path) == []
    good = capsearch("models", "import", tiny_model.folder, environment=environment)
    assert good.returncode == 0, good.stderr
    twice = capsearch("models", "import", tiny_model.folder, environment=environment)
    assert_refused(twice)
    assert "already" in twice.stderr


def test_weights_alone_need_the_name_of_what_they_are(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    command = ("models", "import", tiny_model.safetensors)
    refused = capsearch(*command, environment=environment)
    assert_refused(refused)
    assert "--as NAME" in refused.stderr
    other = capsearch(*command, "--as", "ViT-B-32/datacomp_xl_s13b_b90k", environment=environment)
    assert_refused(other)
    assert "do not fit the architecture ViT-B-32" in other.stderr
    assert kept(tmp_path) == []


def blank_weights(architecture: str, path: Path) -> int:
    """A weights file of an architecture's shapes, all zero, in half precision; its size."""
    import open_clip

    header: dict[str, dict[str, object]] = {}
    end = 0
    for name, tensor in open_clip.create_model(architecture).state_dict().items():
        begin, end = end, end + 2 * tensor.numel()
        header[name] = {
            "dtype": "F16",
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    described = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(described).to_bytes(8, "little") + described)
        file.truncate(file.tell() + end)  # zeros that take no room
    return path.stat().st_size


def test_weights_alone_become_a_model_by_the_name_of_what_they_are(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "from a friend.safetensors"
    size = blank_weights("ViT-B-32", path)
    command = ("models", "import", path, "--as", "ViT-B-32/datacomp_xl_s13b_b90k", "--json")
    done = as_json(capsearch(*command, environment=environment))
    assert done["imported"] == "ViT-B-32-datacomp_xl_s13b_b90k"
    assert done["bytes"] > size
    path.unlink()
    code = f"""
from capsearch.encoders.registry import load_encoder
print(load_encoder({done["imported"]!r}, "cpu").dim)
"""
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert loaded.stdout == "512\n", loaded.stderr


def test_an_import_says_how_far_it_is(
    tiny_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPSEARCH_HOME", os.fspath(tmp_path / "home"))
    seen: list[DownloadProgress] = []
    info = import_model(zipped(tiny_model.folder, tmp_path / "a.zip"), progress=seen.append)
    done = [told.done_bytes for told in seen]
    assert done == sorted(done)
    assert {told.total_bytes for told in seen} == {done[-1]} == {info.size_bytes}
    assert seen[-1].file in {path.name for path in tiny_model.folder.iterdir()}
    assert len(seen) >= 2


def test_without_torch_only_a_format_that_runs_no_code_is_taken(
    environment: dict[str, str], tiny_model: Any, tmp_path: Path
) -> None:
    pickled = tmp_path / "pickled"
    pickled.mkdir()
    shutil.copy(tiny_model.folder / CONFIG, pickled)
    shutil.copy(tiny_model.pt, pickled / "open_clip_pytorch_model.bin")
    code = f"""
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: (
    None if name in ("torch", "open_clip") else found(name, *rest)
)
from capsearch.cli import main
print(main(["models", "import", {os.fspath(pickled)!r}]))
print(main(["models", "import", {os.fspath(tiny_model.folder)!r}]))
import sys
assert not {{"torch", "open_clip"}} & sys.modules.keys()
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    first, *_, last = done.stdout.splitlines()
    assert (first, last) == ("2", "0"), done.stderr
    assert "capsearch models engine install" in done.stderr
    assert kept(tmp_path) == [tiny_model.folder.name]
