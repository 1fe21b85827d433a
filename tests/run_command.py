"""The command as a user runs it: in a process of its own."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def capsearch(
    *arguments: str | Path,
    timeout: float = 120,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `capsearch ARGUMENTS` in `folder`; `environment` is added to this process's own."""
    return subprocess.run(
        [sys.executable, "-m", "capsearch", *(os.fspath(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=timeout,
        check=False,
        cwd=folder,
        env={**os.environ, **(environment or {})},
    )


def as_json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert isinstance(content, dict)
    return content


def assert_refused(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""


def count_photos(library: Path) -> int:
    """Photos in a library that another process may be writing; 0 before there is one."""
    try:
        connection = sqlite3.connect(f"{library.as_uri()}?mode=ro", uri=True)
        try:
            row = connection.execute("SELECT count(*) FROM photos").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return 0
    return int(row[0])
