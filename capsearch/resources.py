"""Where the files that ship with CapSearch are: from a checkout, a wheel or a frozen app."""

from pathlib import Path

from capsearch.errors import CapsearchError


def resource_path(name: str) -> Path:
    """Path of a bundled file or folder, e.g. `starter`.

    Raises:
        CapsearchError: it is not there, because the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for base in (package / "resources", package.parent / "resources"):
        if (base / name).exists():
            return base / name
    raise CapsearchError(
        f"The bundled file '{name}' is missing from this installation.",
        "Install CapSearch again.",
    )
