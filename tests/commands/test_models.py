"""`capsearch models`: what is on this machine, and how it comes and goes."""

import os
from pathlib import Path

from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch

from capsearch.catalog.catalog import Catalog

B32 = "ViT-B-32/datacomp_xl_s13b_b90k"
B32_REPOSITORY = "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K"


def keep_in_cache(cache: Path, repository: str, *, size: int = 1000) -> Path:
    """A repository as the hub's client leaves it in its cache; the file of its weights."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    snapshot = folder / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (folder / "blobs").mkdir()
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("0" * 40)
    (folder / "blobs" / "weights").write_bytes(bytes(size))
    weights = snapshot / "open_clip_model.safetensors"
    weights.symlink_to("../../blobs/weights")
    (snapshot / "open_clip_config.json").write_text("{}")
    return weights


def test_the_list_is_what_models_does_by_itself_and_says_what_it_knows(tmp_path: Path) -> None:
    environment = {"HF_HUB_CACHE": os.fspath(tmp_path)}
    keep_in_cache(tmp_path, B32_REPOSITORY)
    for command in (
        ("models", "--json"),
        ("models", "list", "--json"),
        ("models", "--json", "list"),
    ):
        listed = as_json(capsearch(*command, environment=environment))["encoders"]
        known = {each["name"]: each for each in listed}
        assert known[B32]["installed"]
        assert (known[B32]["quality"], known[B32]["speed"]) == ("good", "fast")
        assert known["MobileCLIP-S2/datacompdr"]["research_only"]
    lines = capsearch("models", environment=environment).stdout.splitlines()
    assert "installed" in next(line for line in lines if line.startswith(B32))
    assert "RESEARCH ONLY" in next(line for line in lines if line.startswith("MobileCLIP"))


def test_a_removed_model_is_gone_from_the_cache_and_no_other_is(tmp_path: Path) -> None:
    environment = {"HF_HUB_CACHE": os.fspath(tmp_path / "hub")}
    weights = keep_in_cache(tmp_path / "hub", B32_REPOSITORY, size=5_000_000)
    other = keep_in_cache(tmp_path / "hub", "org/other")
    library = ("--library", tmp_path / "library.db")
    removed = capsearch("models", "remove", B32.lower(), *library, environment=environment)
    assert removed.returncode == 0, removed.stderr
    assert f"Removed {B32}: 5 MB are free again." in removed.stdout
    assert "share the hub's cache" in removed.stdout
    assert not weights.exists()
    assert other.exists()
    again = capsearch("models", "remove", B32, *library, environment=environment)
    assert_refused(again)
    assert "is not on this machine" in again.stderr
    assert not (tmp_path / "library.db").exists()


def test_a_model_that_the_library_needs_is_removed_only_with_yes(tmp_path: Path) -> None:
    environment = {"HF_HUB_CACHE": os.fspath(tmp_path / "hub")}
    weights = keep_in_cache(tmp_path / "hub", B32_REPOSITORY)
    library = tmp_path / "library.db"
    make_photo(tmp_path / "photos" / "a.jpg", 1)
    as_json(capsearch("index", tmp_path / "photos", "--library", library, "--json"))
    command = ("models", "remove", B32, "--library", library)
    for wanted in (B32, f"hf-hub:{B32_REPOSITORY}"):
        with Catalog.open(library) as catalog:
            catalog.set_state("wanted_encoder", wanted.encode())
        refused = capsearch(*command, environment=environment)
        assert_refused(refused)
        assert "--yes" in refused.stderr
        assert weights.exists()
    assert capsearch(*command, "--yes", environment=environment).returncode == 0
    assert not weights.exists()


def test_what_is_not_capsearchs_to_delete_stays(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    for name in ("starter", f"local-dir:{tmp_path / 'own'}", "nothing/like-it"):
        library = ("--library", tmp_path / "library.db")
        assert_refused(capsearch("models", "remove", name, "--yes", *library))
    assert (tmp_path / "own").is_dir()
