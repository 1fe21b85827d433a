"""Written whole or not at all: what a full disk and a killed process leave of each kind of file.

A limit on the size of a file stands for the full disk: the kernel refuses the same write.
"""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from capsearch.files import remove_abandoned, temporary_name, write_aside, write_whole

KINDS = {
    "settings": """
        from capsearch.settings import Settings
        def write(): Settings(exclude=("private",) * 30).save(folder / "settings.json")
        """,
    "known weights": """
        import torch
        from safetensors.torch import save_file
        from capsearch.encoders.checkpoint import weights_hash
        save_file({"x": torch.zeros(3)}, folder / "model.safetensors")
        def write(): weights_hash(folder / "model.safetensors")
        """,
    "thumbnail": """
        from capsearch.gui.pictures import thumbnail_files
        def write(): thumbnail_files.keep_thumbnail(bytes(9000), folder / "1.jpg")
        """,
    "vectors": """
        import numpy as np
        from capsearch.search import VectorMatrix
        def stream(): yield np.arange(600), np.ones((600, 16), np.float16)
        def write(): VectorMatrix.open_or_build(folder, "tiny", 1, 16, stream)
        """,
    "index": """
        import numpy as np
        from capsearch.search import VectorIndex, VectorMatrix
        rows = np.random.default_rng(0).standard_normal((600, 16)).astype(np.float16)
        matrix = VectorMatrix.in_memory("tiny", 1, 16, iter([(np.arange(600), rows)]))
        def write(): VectorIndex.open_or_build(folder, matrix)
        """,
    "copy before a migration": """
        import sqlite3
        from capsearch.catalog import database
        connection = sqlite3.connect(folder / "library.db")
        connection.execute("CREATE TABLE t (x)")
        def write(): database._keep_copy(connection, folder / "library.db", 1)
        """,
    "crash report": """
        from capsearch.crash_log import keep_crash
        (folder / "crashes").mkdir()
        def write(): keep_crash(ValueError("x"))
        """,
    "training checkpoint": """
        import torch
        from capsearch.files import write_whole
        def write():
            with write_whole(folder / "state.pt") as file: torch.save(torch.zeros(9000), file)
        """,
    "training shard": """
        import numpy as np
        from safetensors.numpy import save_file
        from capsearch.files import write_aside
        def write():
            with write_aside(folder / "a.safetensors") as name:
                save_file({"x": np.zeros(9000)}, name)
        """,
}

FILL_THE_DISK = """
    def files(): return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    before = files()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        write()
    except Exception as error:
        print(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert files() == before, sorted(set(files()) - set(before)) or "changed"
    write()
    assert files() != before
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
@pytest.mark.parametrize("room", [0, 64])
@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_neither_half_a_file_nor_a_temporary_one(
    kind: str, room: int, tmp_path: Path
) -> None:
    if kind == "index":
        pytest.importorskip("hnswlib")
    given = (
        f"import resource\nfrom pathlib import Path\nfolder, room = Path({str(tmp_path)!r}), {room}"
    )
    script = "\n".join([given, *map(textwrap.dedent, (KINDS[kind], FILL_THE_DISK))])
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "CAPSEARCH_HOME": os.fspath(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_index_on_a_disk_with_room_for_the_graph_alone_leaves_no_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("hnswlib")
    import numpy as np

    from capsearch.search import VectorIndex, VectorMatrix, index_file

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    rows = np.random.default_rng(0).standard_normal((600, 16)).astype(np.float16)
    matrix = VectorMatrix.in_memory("tiny", 1, 16, iter([(np.arange(600), rows)]))
    monkeypatch.setattr(index_file, "_write_description", full)
    VectorIndex.open_or_build(tmp_path, matrix)
    assert list(tmp_path.iterdir()) == []


def test_a_block_left_by_an_exception_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    with write_whole(path) as file:
        file.write(b"old")
    with pytest.raises(KeyboardInterrupt), write_whole(path) as file:
        file.write(b"new")
        raise KeyboardInterrupt
    with pytest.raises(ValueError), write_aside(path) as name:
        name.write_bytes(b"new")
        raise ValueError
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("durable", [True, False])
def test_what_is_written_takes_the_place_of_the_old_file(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with write_whole(path, durable=durable) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_goes_after_an_hour_and_nothing_else_does(
    tmp_path: Path,
) -> None:
    old, new = temporary_name(tmp_path / "file"), temporary_name(tmp_path / "file")
    other = tmp_path / "holiday.tmp"
    for path in (old, new, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (time.time() - 7200,) * 2)
    remove_abandoned(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([new, other])
