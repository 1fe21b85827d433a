"""The one kind of error that is the user's to mend."""

from typing import Literal

Fault = Literal["", "offline", "room", "changed", "refused", "busy"]
"""What went wrong with a download, for those who say it in words of their own: no connection, a
full disk, another file than was announced, a server that does not give it, another CapSearch."""


class CapsearchError(Exception):
    """Something the user can mend: one sentence that says what is wrong, one that says what to do.

    The command prints both without a traceback and exits with 2; the window shows them.
    """

    def __init__(self, message: str, next_step: str = "", *, fault: Fault = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.fault = fault

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class LibraryBusyError(CapsearchError):
    """Another process is indexing into the library."""
