"""Where the packages of the extra `train` keep their weights."""

from importlib.resources import files
from pathlib import Path

from capsearch.errors import CapsearchError


def package_folder(name: str, folder: str) -> Path:
    """A folder of an installed package.

    Raises:
        CapsearchError: the package is not installed.
    """
    try:
        return Path(str(files(name) / folder))
    except ModuleNotFoundError as error:
        raise missing_package(name) from error


def missing_package(name: str | None) -> CapsearchError:
    """Say that training lacks a package."""
    return CapsearchError(
        f"Training needs packages that are not installed ({name}).",
        "Install them with `pip install 'capsearch[train]'`.",
    )
