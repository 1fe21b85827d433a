"""Where CapSearch keeps its things and what the user has chosen, typed and in one place."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

from capsearch.errors import CapsearchError
from capsearch.files import remove_abandoned, write_whole

APP_NAME = "capsearch"
HOME_VARIABLE = "CAPSEARCH_HOME"
SETTINGS_VERSION = 1


def data_dir() -> Path:
    """Folder of the library and the settings; `CAPSEARCH_HOME` moves everything elsewhere."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else platformdirs.user_data_path(APP_NAME, appauthor=False)


def default_library() -> Path:
    """The library that is used when the user names none."""
    return data_dir() / "library.db"


def cache_folder(library: Path) -> Path:
    """Folder beside a library for what can be deleted and comes back."""
    return library.with_name(f"{library.name}.cache")


def settings_path() -> Path:
    """The file that `Settings.load` reads."""
    return data_dir() / "settings.json"


STRENGTHS = {"less": 0.5, "normal": 1.0, "more": 2.0}
"""How far one's own collection may move results, by the names that settings have for it: shares of
what the network would do, which was trained for 1."""


@dataclass(frozen=True)
class Settings:
    """What the user chose; every field has a default that works offline."""

    encoder: str = "starter"
    device: str = "auto"
    personalize: bool = True
    strength: str = "normal"
    exclude: tuple[str, ...] = ()
    pause_on_battery: bool = False

    @classmethod
    def load(cls, path: Path | None = None) -> "Settings":
        """Read the settings; a missing file gives the defaults.

        Raises:
            CapsearchError: the file is not readable, not ours, or of a newer CapSearch.
        """
        path = path or settings_path()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise CapsearchError(
                f"The settings file {path} cannot be read ({error}).", "Mend it or delete it."
            ) from error
        return cls._from_json(content, path)

    @classmethod
    def _from_json(cls, content: Any, path: Path) -> "Settings":
        if not isinstance(content, Mapping) or not isinstance(content.get("version"), int):
            raise CapsearchError(
                f"The settings file {path} is not one of CapSearch's.", "Mend it or delete it."
            )
        if content["version"] > SETTINGS_VERSION:
            raise CapsearchError(
                f"The settings file {path} was written by a newer CapSearch.",
                "Update CapSearch, or move the file away to start with default settings.",
            )
        defaults = asdict(cls())
        chosen: dict[str, Any] = {}
        for field in fields(cls):
            value = content.get(field.name, defaults[field.name])
            if isinstance(defaults[field.name], tuple) and isinstance(value, list):
                value = tuple(value)
            if type(value) is not type(defaults[field.name]) or not _holds_texts(value):
                raise CapsearchError(
                    f"The setting '{field.name}' in {path} has a wrong value.",
                    "Mend it or delete the file.",
                )
            chosen[field.name] = value
        return cls(**chosen)

    def save(self, path: Path | None = None) -> None:
        """Write the settings so that a crash leaves either the old or the new file."""
        path = path or settings_path()
        text = json.dumps({"version": SETTINGS_VERSION, **asdict(self)}, indent=2)
        try:
            with write_whole(path) as file:
                file.write(text.encode())
            remove_abandoned(path.parent, path.name)
        except OSError as error:
            raise CapsearchError(
                f"The settings cannot be saved to {path} ({error.strerror}).",
                "Check that the folder exists, is writable and has space.",
            ) from error


def _holds_texts(value: object) -> bool:
    """Whether the items of a setting of several values are texts, as all of them must be."""
    return not isinstance(value, tuple) or all(isinstance(item, str) for item in value)
