"""rclip as a program beside CapSearch: a stand-in of that name plays it, which is quick."""

import os
import sys

import pytest

from capsearch.benchmark.rclip_peer import Rclip
from capsearch.errors import CapsearchError


def a_command(tmp_path, monkeypatch, script: str) -> None:
    """A program called rclip that does what `script` says, and a model for it."""
    command = tmp_path / "bin" / "rclip"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\n{script}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "model.onnx").write_bytes(b"a model")
    (tmp_path / "data" / "db.sqlite3").write_bytes(b"what the user has indexed")
    monkeypatch.setenv("RCLIP_DATADIR", str(tmp_path / "data"))


def test_without_rclip_or_its_model_that_is_said_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CapsearchError, match="not installed"):
        Rclip()
    if os.name == "posix":
        a_command(tmp_path, monkeypatch, "")
        (tmp_path / "data" / "model.onnx").unlink()
        with pytest.raises(CapsearchError, match="no model"):
            Rclip()


@pytest.mark.skipif(os.name != "posix", reason="a script is no command on Windows")
def test_it_gets_its_model_but_never_the_users_database(tmp_path, monkeypatch):
    a_command(
        tmp_path,
        monkeypatch,
        "import os, sys, time\n"
        "held = os.listdir(os.environ['RCLIP_DATADIR'])\n"
        "if held != ['model.onnx']: sys.exit(1)\n"
        "time.sleep(0 if '--no-indexing' in sys.argv else 0.5)\n",
    )
    assert Rclip().index(tmp_path, tmp_path / "scratch") > 0.1
    assert not (tmp_path / "scratch").exists()
    assert (tmp_path / "data" / "db.sqlite3").read_bytes() == b"what the user has indexed"


@pytest.mark.skipif(os.name != "posix", reason="a script is no command on Windows")
def test_an_rclip_that_fails_is_said_in_a_sentence(tmp_path, monkeypatch):
    a_command(tmp_path, monkeypatch, "raise SystemExit(3)")
    with pytest.raises(CapsearchError, match="rclip fails"):
        Rclip().index(tmp_path, tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()
