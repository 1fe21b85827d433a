"""The order of the packages is held by import-linter: an arrow that points back is found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the package and its rules, to break them in."""
    shutil.copytree(
        PROJECT / "capsearch", tmp_path / "capsearch", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(project: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": os.fspath(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("photos/walk.py", "import capsearch.catalog.catalog", "An arrow never points back"),
        ("library/facade.py", "import capsearch.gui.bridge", "Only the window knows Qt"),
        ("search/matrix.py", "import torch", "Only encoders and the workshop know torch"),
        ("commands/search.py", "import capsearch.lab.retrieval", "The workshop is opened"),
        ("gui/window.py", "import capsearch.catalog.catalog", "by its facade alone"),
    ],
)
def test_an_import_against_the_rules_is_found(
    project: Path, module: str, line: str, broken: str
) -> None:
    file = project / "capsearch" / module
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    code, said = lint(project)
    assert code == 1, said
    assert [told for told in said.splitlines() if broken in told and "BROKEN" in told], said


def test_a_package_that_no_rule_knows_is_found(project: Path) -> None:
    (project / "capsearch" / "newcomer.py").write_text('"""New."""\n', encoding="utf-8")
    code, said = lint(project)
    assert code == 1
    assert "newcomer" in said


def test_the_rules_are_kept(project: Path) -> None:
    code, said = lint(project)
    assert code == 0, said
