"""The Instagram Influencers dataset is read as its authors distribute it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from cap_fixtures import unit
from colour_encoder import ColourEncoder
from safetensors.numpy import load_file, save_file

from capsearch.errors import CapsearchError
from capsearch.lab.cap.influencers import (
    MAPPING,
    Missing,
    Post,
    open_members,
    read_posts,
    share_of,
    split_of,
)
from capsearch.lab.cap.shards import (
    NEAR_DUPLICATE,
    episode_of,
    ignored_photos,
    read_shard,
    users_from_shards,
    write_shards,
)
from capsearch.personalize import load_weights

USERS = ("ann.lee", "bo_b")
POSTS = 12
DAY = 86_400


@pytest.fixture
def dataset(tmp_path: Path, make_photo: Callable[..., Path]) -> Path:
    """Folders in the dataset's layout: two users of twelve posts, every third with two images."""
    root = tmp_path / "data"
    lines = ["influencer_name\tJSON_PostMetadata_file_name\tImage_file_name"]
    for number, user in enumerate(USERS):
        for post in range(POSTS):
            images = [f"{post}.jpg"] + ([f"{post}-2.jpg"] if post % 3 == 0 else [])
            for place, image in enumerate(images):
                seed = 1000 * number + 10 * post + place
                make_photo(root / "image" / f"{user}-{image}", seed=seed)
            text = [{"node": {"text": f"my dog, day {post}"}}] if post != 5 else []
            content = {
                "edge_media_to_caption": {"edges": text},
                "taken_at_timestamp": 1_500_000_000 + post * DAY,
                "owner": {"username": user},
            }
            info = root / "info" / f"{user}-{post}.info"
            info.parent.mkdir(parents=True, exist_ok=True)
            info.write_text(json.dumps(content))
            lines.append(f"{user}\t{post}.info\t{images!r}")
    lines.append("ann.lee\tgone.info\t['gone.jpg']")
    lines.append("a line with nothing in it")
    (root / MAPPING).write_text("\n".join(lines))
    return root


def posts_of(root: Path) -> tuple[Sequence[Post], Missing]:
    missing = Missing()
    return list(read_posts(root, open_members(root), missing)), missing


def test_folders_are_read_with_all_images_of_a_post(dataset: Path) -> None:
    posts, missing = posts_of(dataset)
    assert len(posts) == len(USERS) * POSTS
    assert posts[0].images == ("image/ann.lee-0.jpg", "image/ann.lee-0-2.jpg")
    assert posts[0].caption == "my dog, day 0"
    assert posts[1].day == posts[0].day + 1
    assert (missing.metadata, missing.images, missing.captions) == (1, 0, 2)


def test_a_zip_gives_the_same_posts_as_folders(dataset: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "zipped"
    zipped.mkdir()
    with zipfile.ZipFile(zipped / "posts.zip", "w") as archive:
        for path in sorted(dataset.rglob("*.*")):
            archive.write(path, path.relative_to(dataset))
    assert posts_of(zipped)[0] == posts_of(dataset)[0]


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the zip command")
def test_a_split_zip_is_streamed_in_place(dataset: Path, tmp_path: Path) -> None:
    split = tmp_path / "split"
    split.mkdir()
    padding = np.random.default_rng(0).bytes(200_000)
    (dataset / "image" / "unlisted.jpg").write_bytes(padding)
    subprocess.run(
        ["zip", "-q", "-r", "-s", "64k", split / "posts.zip", "."], cwd=dataset, check=True
    )
    assert (split / "posts.z01").exists()
    assert posts_of(split)[0] == posts_of(dataset)[0]
    members = open_members(split)
    for name in ("unlisted.jpg", "ann.lee-0.jpg", "bo_b-11.jpg"):
        assert members.read(f"image/{name}") == (dataset / "image" / name).read_bytes()


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the zip command")
def test_a_lost_part_of_a_split_zip_is_said(dataset: Path, tmp_path: Path) -> None:
    split = tmp_path / "split"
    split.mkdir()
    (dataset / "big.bin").write_bytes(np.random.default_rng(0).bytes(300_000))
    subprocess.run(
        ["zip", "-q", "-r", "-s", "64k", split / "posts.zip", "."], cwd=dataset, check=True
    )
    (split / "posts.z01").unlink()
    with pytest.raises(CapsearchError, match="cannot be read"):
        open_members(split)


def test_missing_and_broken_members_are_counted_and_left_out(dataset: Path) -> None:
    (dataset / "image" / "bo_b-3.jpg").unlink()
    (dataset / "info" / "bo_b-4.info").unlink()
    (dataset / "info" / "bo_b-6.info").write_text("{broken")
    posts, missing = posts_of(dataset)
    assert len(posts) == len(USERS) * POSTS - 2
    assert (missing.metadata, missing.images, missing.unreadable) == (2, 1, 1)


def test_no_mapping_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError, match="no readable"):
        posts_of(tmp_path)


def test_users_are_split_by_name_alone_in_the_shares_asked_for() -> None:
    splits = [split_of(f"user{number}") for number in range(4_000)]
    assert 0.82 < splits.count("train") / 4_000 < 0.88
    assert splits == [split_of(f"user{number}") for number in range(4_000)]


def test_each_user_gets_one_float16_shard_in_one_split_only(dataset: Path, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    (dataset / "image" / "bo_b-7.jpg").write_bytes(b"not a photo")
    missing = write_shards(dataset, shards, ColourEncoder())
    for user in USERS:
        found = list(shards.glob(f"*/{user}.safetensors"))
        assert [path.parent.name for path in found] == [split_of(user)]
        shard = read_shard(found[0])
        assert len(shard.photos) == 16 - (user == "bo_b")
        assert shard.asks.sum() == POSTS - 1
    assert missing.unreadable == 1


def test_processes_share_users_and_write_each_once(dataset: Path, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    for rank in (0, 1):
        write_shards(dataset, shards, ColourEncoder(), rank, 2)
        kept = len(list(shards.glob("*/*.safetensors")))
        assert kept == sum(share_of(user, 2) <= rank for user in USERS)
        assert (shards / "bank.safetensors").exists()


def test_settings_are_not_mixed_and_the_collection_pads_no_challenge(
    dataset: Path, tmp_path: Path
) -> None:
    shards = tmp_path / "shards"
    write_shards(dataset, shards, ColourEncoder())
    shard = read_shard(next(shards.glob("*/ann.lee.safetensors")))
    bank = unit(np.ones((4, shard.photos.shape[1])))
    held_out = episode_of(shard, "held-out", bank, np.random.default_rng(0))
    library = episode_of(shard, "library", bank, np.random.default_rng(0))
    assert held_out is not None
    assert library is not None
    assert len(library.vectors) == len(shard.photos)
    middle = np.sort(shard.days)[POSTS // 2]
    assert (held_out.days >= middle).all()
    assert held_out.queries[0].relevant.any(axis=1).all()


def test_twins_and_bursts_are_neither_right_nor_wrong() -> None:
    vectors = unit(np.array([[1, 0], [1, 0.01], [1, 0.5], [0, 1]]))
    relevant = np.array([[True, False, False, False]])
    days = np.array([1, 9, 1, 1])
    assert float(vectors[0] @ vectors[1]) > NEAR_DUPLICATE
    assert ignored_photos(vectors, days, relevant).tolist() == [[False, True, True, False]]


def test_no_shards_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError, match="holds no shards"):
        users_from_shards(tmp_path, 0, 1)


def make_shards(dataset: Path, folder: Path, users: int) -> Path:
    """Shards of users who all post what the first one of the dataset does."""
    first = folder.with_name("first")
    write_shards(dataset, first, ColourEncoder())
    shutil.copytree(first, folder)
    [one] = folder.glob(f"*/{USERS[0]}.safetensors")
    for part, count in (("train", users), ("val", 2)):
        (folder / part).mkdir(exist_ok=True)
        for number in range(count):
            shutil.copy(one, folder / part / f"user{number}.safetensors")
    return folder


def test_no_user_is_read_before_it_is_due(dataset: Path, tmp_path: Path) -> None:
    shards = make_shards(dataset, tmp_path / "shards", 6)
    training, _ = users_from_shards(shards, 0, 1)
    assert len(training) >= 6
    for path in (shards / "train").glob("*"):
        path.write_bytes(b"damaged since")
    with pytest.raises(CapsearchError, match="is damaged"):
        training[0]
    with pytest.raises(CapsearchError, match="is damaged"):
        users_from_shards(shards, 0, 1)


def test_a_user_with_too_little_to_ask_is_left_out(dataset: Path, tmp_path: Path) -> None:
    shards = make_shards(dataset, tmp_path / "shards", 3)
    before = len(users_from_shards(shards, 0, 1)[0])
    path = shards / "train" / "user0.safetensors"
    content = load_file(path)
    save_file({**content, "asks": np.zeros_like(content["asks"])}, path)
    assert len(users_from_shards(shards, 0, 1)[0]) == before - 1


def test_the_dataset_is_embedded_and_trained_on_by_two_processes(
    dataset: Path, tmp_path: Path
) -> None:
    def together(*command: str) -> None:
        start = [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc_per_node=2",
        ]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        ran = subprocess.run(
            [*start, *command], check=False, capture_output=True, text=True, env=environment
        )
        assert ran.returncode == 0, ran.stderr[-2000:]

    shards = tmp_path / "shards"
    together("-m", "capsearch.lab.cap.shards", "--data", str(dataset), "--output", str(shards))
    assert {path.stem for path in shards.glob("*/*.safetensors")} == set(USERS)
    [one] = shards.glob(f"*/{USERS[0]}.safetensors")
    for part, users in (("train", 9), ("val", 2)):
        (shards / part).mkdir(exist_ok=True)
        for number in range(users):
            shutil.copy(one, shards / part / f"user{number}.safetensors")
    output = tmp_path / "weights"
    together(
        "-m", "capsearch", "train", "cap", "--influencers", str(shards), "--output", str(output),
        "--epochs", "1",
    )  # fmt: skip
    assert not load_weights(output / "cap.safetensors").notice
