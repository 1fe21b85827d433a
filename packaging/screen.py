"""A screen that nobody sees, for programs with a window (Xvfb)."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = (1280, 860)


@contextmanager
def virtual_screen() -> Iterator[str]:
    """The name of a fresh screen of `SIZE`, as the variable DISPLAY wants it."""
    read, write = os.pipe()
    size = "x".join(map(str, SIZE))
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-ac"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield ":" + os.read(read, 16).decode().strip()
    finally:
        server.terminate()
        server.wait()
        os.close(read)
        os.close(write)
