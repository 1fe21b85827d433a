"""Where the files that ship with CapSearch are: from a checkout, a wheel or a frozen app."""

from pathlib import Path

from capsearch.errors import CapsearchError


def resource_path(name: str) -> Path:
    """Path of a bundled file or folder, e.g. `starter`.

    Raises:
        CapsearchError: it is not there, because the installation is incomplete.
    """
    found = find_resource(name)
    if found is not None:
        return found
    raise CapsearchError(
        f"The bundled file '{name}' is missing from this installation.",
        "Install CapSearch again.",
    )


def find_resource(name: str) -> Path | None:
    """As `resource_path`, for what only some installations have."""
    package = Path(__file__).resolve().parent
    for base in (package / "resources", package.parent / "resources"):
        if (base / name).exists():
            return base / name
    return None
