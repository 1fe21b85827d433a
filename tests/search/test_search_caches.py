"""Cache files may be cut, changed, stale, missing or half written: they come back, nothing breaks.

What could take the process down (mapped files, hnswlib's loader) runs in a process of its own.
"""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from tiny_vectors import clustered, matrix_of

from capsearch.files import temporary_name
from capsearch.search import Searcher, VectorIndex, VectorMatrix, index_notice

LIBRARY = """
    import sys
    from pathlib import Path
    import numpy as np
    from capsearch.search import Searcher, VectorIndex, VectorMatrix

    folder = Path(sys.argv[1])
    vectors = np.random.default_rng(0).standard_normal((600, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    streamed = []

    def stream():
        streamed.append(True)
        yield np.arange(600), vectors

    def best(use_index=True):
        matrix = VectorMatrix.open_or_build(folder, "tiny", 1, 16, stream)
        index = VectorIndex.open_or_build(folder, matrix) if use_index else None
        searcher = Searcher(matrix, index, exact_values=0)
        return searcher.search(vectors[7].astype(np.float32), 5)[0].tolist()
"""


def run(code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIBRARY) + textwrap.dedent(code), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_second_start_reads_no_catalog(tmp_path, small_stream):
    first = VectorMatrix.open_or_build(tmp_path, "tiny", 1, 32, small_stream)
    again = VectorMatrix.open_or_build(tmp_path, "tiny", 1, 32, lambda: pytest.fail("streamed"))
    streamed = [np.concatenate(parts) for parts in zip(*small_stream(), strict=True)]
    for matrix in (first, again):
        assert np.array_equal(matrix.ids, streamed[0])
        assert np.array_equal(matrix.vectors, streamed[1])
        assert not matrix.vectors.flags.writeable and not matrix.ids.flags.writeable


@pytest.mark.parametrize(("identity", "generation"), [("tiny", 2), ("other", 1)])
def test_vectors_of_another_time_or_encoder_are_not_shown(
    tmp_path, small_stream, identity, generation
):
    VectorMatrix.open_or_build(tmp_path, "tiny", 1, 32, small_stream)
    assert VectorMatrix.open(tmp_path, identity, generation, 32) is None
    assert VectorMatrix.open(tmp_path, "tiny", 1, 16) is None
    other = VectorMatrix.open_or_build(tmp_path, identity, generation, 32, lambda: iter(()))
    assert len(other) == 0


def test_a_searcher_keeps_its_photos_when_a_new_generation_is_written(tmp_path, small_stream):
    old = Searcher(VectorMatrix.open_or_build(tmp_path, "tiny", 1, 32, small_stream))
    query = clustered(1, 32, 3)[0]
    before = old.search(query, 9)[0].tolist()
    one = (np.array([1]), np.ones((1, 32), np.float16))
    new = Searcher(VectorMatrix.open_or_build(tmp_path, "tiny", 2, 32, lambda: iter([one])))
    assert old.search(query, 9)[0].tolist() == before
    assert new.search(query, 9)[0].tolist() == [1]
    assert len(list(tmp_path.iterdir())) == (2 if os.name == "nt" else 1)


@pytest.mark.parametrize(
    "chunk",
    [
        (np.array([2, 2]), np.zeros((2, 4), np.float16)),
        (np.array([2, 1]), np.zeros((2, 4), np.float16)),
        (np.array([1, 2]), np.zeros((2, 5), np.float16)),
        (np.array([1, 2]), np.zeros((3, 4), np.float16)),
    ],
)
def test_a_stream_that_breaks_the_contract_is_refused_and_leaves_nothing(tmp_path, chunk):
    with pytest.raises(ValueError, match=r"shape|ascending"):
        VectorMatrix.open_or_build(tmp_path, "tiny", 1, 4, lambda: iter([chunk]))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_only_costs_memory(tmp_path, small_stream):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"not a folder")
    matrix = VectorMatrix.open_or_build(blocked, "tiny", 1, 32, small_stream)
    assert matrix.path is None and len(matrix) == 500
    index = VectorIndex.open_or_build(blocked, matrix)
    ids = Searcher(matrix, index, exact_values=0).search(clustered(1, 32, 3)[0], 9)[0]
    assert len(ids) == 9


def test_what_killed_processes_left_is_swept_away_later(tmp_path, small_stream):
    fresh, old = temporary_name(tmp_path / "a.cache"), temporary_name(tmp_path / "b.cache")
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    VectorMatrix.open_or_build(tmp_path, "tiny", 1, 32, small_stream)
    assert fresh.exists() and not old.exists()


def test_any_damage_to_any_cache_file_is_noticed_and_mended(tmp_path):
    pytest.importorskip("hnswlib", reason="the optional hnswlib is not installed")
    done = run(
        """
        expected = best()
        files = sorted(folder.iterdir())
        assert len(files) == 3, files
        generator = np.random.default_rng(1)
        for name in [path.name for path in files]:
            whole = (folder / name).read_bytes()
            damaged = [whole[:0], whole[:50], whole[: len(whole) // 2], whole[:-1], whole + b"x"]
            places = [0, 9, 13, 20, 4096, 4100, len(whole) // 2, len(whole) - 1]
            places += generator.integers(4096, len(whole), 12).tolist()
            for place in places:
                damaged.append(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
            for content in damaged:
                (folder / name).unlink(missing_ok=True)
                (folder / name).write_bytes(content)
                assert best() == expected, name
            (folder / name).unlink()
            assert best() == expected, name
            assert sorted(path.name[:9] for path in folder.iterdir()) == sorted(
                path.name[:9] for path in files
            )
        print(len(streamed))
        """,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 20


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kill_at_any_moment_of_saving_leaves_whole_files(tmp_path):
    pytest.importorskip("hnswlib", reason="the optional hnswlib is not installed")
    saving = """
        matrix = VectorMatrix.open_or_build(folder, "tiny", 1, 16, stream)
        index = VectorIndex.open_or_build(folder, matrix)
        print("ready", flush=True)
        generation = 1
        while True:
            generation += 1
            VectorMatrix.open_or_build(folder, "tiny", generation, 16, stream)
            index.save(folder)
    """
    program = textwrap.dedent(LIBRARY) + textwrap.dedent(saving)
    for moment in np.random.default_rng(0).uniform(0, 0.05, 6):
        with subprocess.Popen(
            [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
        kept = list(tmp_path.glob("vectors-*.cache"))
        assert kept
        for path in kept:
            generation = int(path.stem.rsplit("-", 1)[1])
            matrix = VectorMatrix.open(tmp_path, "tiny", generation, 16)
            assert matrix is not None and len(matrix) == 600
            assert VectorIndex.open(tmp_path, matrix) is not None


def test_without_hnswlib_search_is_exact_and_says_so_in_one_sentence(tmp_path):
    done = run(
        """
        sys.modules["hnswlib"] = None
        from capsearch.search import index_notice
        exact = best(use_index=False)
        assert best() == exact == best()
        assert not list(folder.glob("index-*"))
        print(index_notice())
        """,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "hnswlib is not installed" in done.stdout


def test_with_hnswlib_there_is_nothing_to_say():
    pytest.importorskip("hnswlib", reason="the optional hnswlib is not installed")
    assert index_notice() is None


def test_search_starts_without_torch_onnxruntime_or_hnswlib(tmp_path):
    done = run(
        """
        assert best(use_index=False)
        heavy = {"torch", "onnxruntime", "hnswlib", "PIL"} & set(sys.modules)
        assert not heavy, heavy
        """,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr


def test_a_library_deleted_to_nothing_is_searched(tmp_path):
    matrix = VectorMatrix.open_or_build(tmp_path, "tiny", 4, 8, lambda: iter(()))
    assert len(matrix) == 0 and matrix.path is not None
    assert len(Searcher(matrix).search(np.ones(8), 3)[0]) == 0
    assert VectorIndex.open(tmp_path, matrix_of(clustered(3, 8, 0))) is None
