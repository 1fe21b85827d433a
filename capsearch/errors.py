"""The one kind of error that is the user's to mend."""


class CapsearchError(Exception):
    """Something the user can mend: one sentence that says what is wrong, one that says what to do.

    The command prints both without a traceback and exits with 2; the window shows them.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class LibraryBusyError(CapsearchError):
    """Another process is indexing into the library."""
