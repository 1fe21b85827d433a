"""`python -m capsearch`, the `capsearch` command, and the start of the bundled app."""

import os
import sys
from multiprocessing import freeze_support


def _give_output_somewhere_to_go() -> None:
    """Windows starts a program without a console with no output at all, not even a closed one."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


if __name__ == "__main__":
    _give_output_somewhere_to_go()
    # A process that the bundled app starts for its work begins here and ends in this call; it
    # does not need the command, whose import would only make it late.
    freeze_support()

    from capsearch.cli import main

    sys.exit(main())
