"""`python -m capsearch`, the `capsearch` command, and the start of the bundled app."""

import os
import sys
from multiprocessing import freeze_support


def _give_output_somewhere_to_go() -> None:
    """Windows starts a program without a console with no output at all, not even a closed one."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _spare_other_programs() -> None:
    """The bundled app's libraries are for it alone: on Linux a viewer or a file manager that it
    opens would load them too, through the variables that its start program has set."""
    if not getattr(sys, "frozen", False) or not sys.platform.startswith("linux"):
        return
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before
    os.environ.pop("QT_PLUGIN_PATH", None)  # Qt finds its plugins beside its libraries
    # Our own processes start from the same program, which then sets its variables anew.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    _give_output_somewhere_to_go()
    _spare_other_programs()
    # A process that the bundled app starts for its work begins here and ends in this call; it
    # does not need the command, whose import would only make it late.
    freeze_support()

    from capsearch.cli import main

    sys.exit(main())
