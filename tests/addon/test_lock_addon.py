"""`packaging/lock_addon.py`: the list that is made with the app."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from package_index import Server, make_open_clip, make_torch, make_wheel

from capsearch.addon.lock import read_lock

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "lock_addon.py"


def lock(server: Server, folder: Path, bundled: str) -> subprocess.CompletedProcess[str]:
    """Run the script with pip told to use `server` alone, and no way to any other machine."""
    (folder / "none").touch()
    (folder / "bundled.txt").write_text(bundled)
    named = ("--output", "addon.json", "--constraints", "none", "--bundled", "bundled.txt")
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    nowhere = "http://127.0.0.1:9"
    return subprocess.run(
        [sys.executable, SCRIPT, *named],
        cwd=folder,
        env={
            **own,
            "PIP_INDEX_URL": server.index,
            "PIP_CONFIG_FILE": os.devnull,
            "https_proxy": nowhere,
            "HTTPS_PROXY": nowhere,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def wheels(server: Server, tmp_path: Path) -> list[Path]:
    needs = ["filelock", "nvidia-cublas", "hf-xet"]
    made = [
        make_torch(tmp_path),
        make_open_clip(tmp_path),
        make_wheel(tmp_path, "torchvision", "1.0", {"torchvision/__init__.py": ""}, ["torch"]),
        make_wheel(tmp_path, "transformers", "1.0", {"transformers/__init__.py": ""}, needs),
        make_wheel(tmp_path, "filelock", "3.0", {"filelock.py": ""}),
        make_wheel(tmp_path, "nvidia-cublas", "13.0", {"nvidia/cublas/lib.so": bytes(99)}),
        make_wheel(tmp_path, "hf-xet", "1.0", {"hf_xet.py": ""}),
    ]
    for wheel in made:
        server.files[wheel.name] = wheel.read_bytes()
    return made


def test_the_list_has_what_the_bundle_lacks_and_names_public_indexes_only(
    server: Server, tmp_path: Path, wheels: list[Path]
) -> None:
    done = lock(server, tmp_path, "filelock==3.0\nnumpy==2.0\n")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "addon.json").read_text()
    assert server.address not in written
    assert os.fspath(tmp_path) not in written
    variant = read_lock(tmp_path / "addon.json").variants[0]
    assert {wheel.index for wheel in variant.wheels} == {"https://pypi.org/simple"}
    sizes = {wheel.filename: wheel.size for wheel in variant.wheels}
    left_out = {"filelock-3.0-py3-none-any.whl", "hf_xet-1.0-py3-none-any.whl"}
    assert sizes == {
        wheel.name: wheel.stat().st_size for wheel in wheels if wheel.name not in left_out
    }
    (torch,) = (wheel for wheel in variant.wheels if wheel.project == "torch")
    assert torch.unpacked > 400_000
    assert variant.wheels[0] == torch


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="which builds there are differs")
def test_a_build_whose_index_cannot_be_reached_is_left_out_and_said(
    server: Server, tmp_path: Path, wheels: list[Path]
) -> None:
    done = lock(server, tmp_path, "")
    assert list(json.loads((tmp_path / "addon.json").read_text())["variants"]) == ["cuda"]
    assert "cpu: left out: " in done.stdout


def test_a_bundle_with_another_version_than_goes_with_pytorch_is_refused(
    server: Server, tmp_path: Path, wheels: list[Path]
) -> None:
    done = lock(server, tmp_path, "filelock==2.0\n")
    assert done.returncode != 0
    assert "filelock 3.0 is needed; bundled is 2.0." in done.stderr
    assert not (tmp_path / "addon.json").exists()
