"""`python -m capsearch.lab.kills.actor MODULE CLASS HOME`: does one action and says when it is at
it, to be killed meanwhile."""

import importlib
import sys
from pathlib import Path

BEGUN, ENDED = b"begun\n", b"ended\n"


def main() -> None:
    """Do it, and stay until killed or let go."""
    module, name, home = sys.argv[1:]
    act = getattr(importlib.import_module(module), name)().ready(Path(home))
    _say(BEGUN)
    act()
    _say(ENDED)
    sys.stdin.read()


def _say(word: bytes) -> None:
    sys.stdout.buffer.write(word)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
