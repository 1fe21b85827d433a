"""The list of the add-on's files."""

import json
from pathlib import Path

import pytest
from package_index import Published, write_lock

from capsearch.addon.lock import bundled_lock, read_lock
from capsearch.errors import CapsearchError


def test_an_installation_by_pip_has_no_list() -> None:
    assert bundled_lock() is None


def test_the_same_files_are_the_same_add_on_wherever_they_are_published(
    published: Published, tmp_path: Path
) -> None:
    content = json.loads(published.lock.read_text())
    wheels = content["variants"]["cpu"]["wheels"]
    moved = [{**wheel, "index": "https://pypi.org/simple"} for wheel in reversed(wheels)]
    other = [{**wheel, "sha256": "0" * 64} for wheel in wheels]
    same = read_lock(write_lock(tmp_path / "moved.json", {"cpu": moved})).variants[0]
    changed = read_lock(write_lock(tmp_path / "changed.json", {"cpu": other})).variants[0]
    assert same.digest == published.variant.digest != changed.digest


@pytest.mark.parametrize(
    "change",
    [
        {"python": "cp39"},
        {"platform": "linux-elsewhere"},
        {"version": 9},
        {"variants": 1},
        {"variants": {}},
        {"variants": {"cpu": {"wheels": []}}},
    ],
)
def test_a_list_for_another_python_or_system_or_without_files_is_refused(
    published: Published, change: dict[str, object]
) -> None:
    content = json.loads(published.lock.read_text())
    published.lock.write_text(json.dumps({**content, **change}))
    with pytest.raises(CapsearchError, match="cannot be used"):
        read_lock(published.lock)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("filename", "../../evil.whl"),
        ("filename", "evil.tar.gz"),
        ("sha256", "short"),
        ("size", 0),
        ("size", "many"),
        ("index", "file:///etc"),
        ("project", "../x"),
    ],
)
def test_a_damaged_list_is_refused(published: Published, field: str, value: object) -> None:
    content = json.loads(published.lock.read_text())
    content["variants"]["cpu"]["wheels"][0][field] = value
    published.lock.write_text(json.dumps(content))
    with pytest.raises(CapsearchError, match="cannot be used"):
        read_lock(published.lock)
