"""How the program starts, as `python -m capsearch` and as the bundled app."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

AS_APP = """
import sys, runpy
sys.frozen = True
sys.argv = ["capsearch", "--version"]
try:
    runpy.run_module("capsearch", run_name="__main__")
except SystemExit:
    import os
    names = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "PYINSTALLER_RESET_ENVIRONMENT")
    print(*(os.environ.get(name) for name in names))
"""


def run(code: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_program_without_a_console_has_somewhere_to_print_to(tmp_path: Path) -> None:
    code = (
        "import sys, runpy; sys.stdout = sys.stderr = None; "
        "sys.argv = ['capsearch', 'models', 'list']; "
        "runpy.run_module('capsearch', run_name='__main__')"
    )
    done = run(code, {"CAPSEARCH_HOME": str(tmp_path)})
    assert done.returncode == 0
    assert done.stdout == done.stderr == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="variables of Linux's loader")
@pytest.mark.parametrize("before", [None, "/own/libraries"])
def test_programs_that_the_app_opens_do_not_load_its_libraries(before: str | None) -> None:
    environment = {"LD_LIBRARY_PATH": "/app/_internal", "QT_PLUGIN_PATH": "/app/plugins"}
    if before is not None:
        environment["LD_LIBRARY_PATH_ORIG"] = before
    assert run(AS_APP, environment).stdout.splitlines()[-1] == f"{before} None 1"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="variables of Linux's loader")
def test_outside_of_the_app_the_variables_stay() -> None:
    code = AS_APP.replace("sys.frozen = True", "")
    done = run(code, {"LD_LIBRARY_PATH": "/mine", "QT_PLUGIN_PATH": "/plugins"})
    assert done.stdout.splitlines()[-1] == "/mine /plugins None"


def test_the_window_does_not_wait_for_what_only_the_commands_need() -> None:
    code = (
        "import sys, capsearch.cli, capsearch.gui.program, capsearch.gui.window; "
        "print(*(name for name in sys.modules if name.startswith("
        "('capsearch.commands', 'capsearch.catalog.catalog', 'capsearch.library.facade', "
        "'capsearch.encoders.registry', 'onnxruntime', 'torch'))))"
    )
    done = run(code, {"QT_QPA_PLATFORM": "offscreen"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
