"""Starting another program that lives on without us."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QProcess


def start_program(command: Sequence[str]) -> bool:
    """Start a program that is nobody's child and writes nowhere; False where it cannot be.

    A child would stay in the system's list as a zombie when it ends, until we end ourselves.
    """
    process = QProcess()
    process.setProgram(command[0])
    process.setArguments(list(command[1:]))
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    # A pair by PySide's types, in PySide 6 itself whether it was started.
    outcome = cast("bool | tuple[bool, int]", process.startDetached())
    return outcome if isinstance(outcome, bool) else outcome[0]
