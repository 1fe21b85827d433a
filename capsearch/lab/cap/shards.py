"""Real users: posts embedded once, one float16 shard per user, and episodes drawn from them.

Within a user, time divides: the collection is earlier, the queries later ('held-out'), or the
collection holds everything, as in the app ('library'); the two are never mixed. Challenge images
are the user's own (default) or all users'. The collection is never used to fill up the challenge
set. Near-duplicates, the same post and the same burst are neither right nor wrong.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec
from capsearch.errors import CapsearchError
from capsearch.files import write_aside
from capsearch.lab.cap.influencers import (
    Members,
    Missing,
    Post,
    open_members,
    read_posts,
    split_of,
)
from capsearch.lab.cap.objective import PreparedUser, prepare
from capsearch.lab.cap.simulate import Episode, Queries
from capsearch.lab.photo_vectors import input_pixels
from capsearch.personalize.bank import bank_texts
from capsearch.personalize.intent import query_variants, read_intent
from capsearch.personalize.neighbours import IntArray
from capsearch.photos.decode import DecodeError

Setting = Literal["held-out", "library"]
NEAR_DUPLICATE = 0.95
_FEWEST_PHOTOS = 8
_QUERIES = 24
_BANK = "bank.safetensors"
_SAFE = re.compile(r"[^\w.-]")


@dataclass(frozen=True)
class UserShard:
    """One user: photos `(n, dim)`, captions `(p, dim)` and bare captions, of posts 0..p-1.

    post `(n,)`: each photo's post; days `(p,)` ordinals; intent `(p, 2)`; asks `(p,)` whether the
    post has a caption.
    """

    user: str
    photos: FloatArray
    post: IntArray
    captions: FloatArray
    bare: FloatArray
    days: IntArray
    intent: FloatArray
    asks: npt.NDArray[np.bool_]


def write_shards(
    root: Path, output: Path, encoder: Encoder, rank: int = 0, world: int = 1
) -> Missing:
    """Embed the dataset at `root`; users are shared out among processes by hash.

    Posts of a user need not lie together in the mapping file. A shard that is there is kept.
    """
    members, missing = open_members(root), Missing()
    posts: dict[str, list[Post]] = defaultdict(list)
    for post in read_posts(root, members, missing, rank, world):
        posts[post.user].append(post)
    output.mkdir(parents=True, exist_ok=True)
    if rank == 0:
        with write_aside(output / _BANK) as bank:
            save_file({"bank": encoder.encode_texts(bank_texts())}, bank)
    for user in sorted(posts):
        path = output / split_of(user) / f"{_SAFE.sub('_', user)}.safetensors"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            _write_shard(path, user, posts[user], members, encoder, missing)
    return missing


def read_shard(path: Path) -> UserShard:
    """Read a user's shard.

    Raises:
        CapsearchError: it is damaged.
    """
    try:
        content = load_file(path)
        return UserShard(
            path.stem,
            content["photos"].astype(np.float32),
            content["post"],
            content["captions"].astype(np.float32),
            content["bare"].astype(np.float32),
            content["days"],
            content["intent"],
            content["asks"].astype(bool),
        )
    except Exception as error:  # safetensors raises its own kinds
        raise _damaged(path) from error


def episode_of(
    shard: UserShard, setting: Setting, bank: FloatArray, rng: np.random.Generator
) -> Episode | None:
    """An episode of a real user, or None where there is too little to ask.

    held-out: queries and challenge images are of the later half of posts, the collection of the
    earlier; library: both are everything. In either, all candidates of a query are challenge
    images, and no photo of the collection is ever added to them.
    """
    order = np.argsort(shard.days, kind="stable")
    later = set(order[len(order) // 2 :].tolist())
    held_out = setting == "held-out"
    challenge = [row for row, post in enumerate(shard.post) if not held_out or int(post) in later]
    asked = [
        post for post in order.tolist()
        if shard.asks[post] and (not held_out or post in later) and (shard.post == post).any()
    ]  # fmt: skip
    if len(challenge) < _FEWEST_PHOTOS or not asked:
        return None
    chosen = rng.choice(asked, min(_QUERIES, len(asked)), replace=False)
    vectors = shard.photos[challenge]
    post_of = shard.post[challenge]
    relevant = chosen[:, None] == post_of[None, :]
    queries = Queries(
        "caption",
        shard.captions[chosen],
        shard.bare[chosen],
        relevant,
        ignored_photos(vectors, shard.days[post_of], relevant),
        shard.intent[chosen],
    )
    days = shard.days[post_of]
    return Episode(vectors, days, ((),) * len(vectors), (queries,), bank)


def ignored_photos(
    vectors: FloatArray, days: IntArray, relevant: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Photos that are no fair negative: all but the same picture as a right one, or taken on the
    same day and much like it (a burst)."""
    alike = vectors @ vectors.T
    burst = (days[:, None] == days[None, :]) & (alike > 0.85)
    twin = (alike > NEAR_DUPLICATE) | burst
    ignored: npt.NDArray[np.bool_] = (relevant.astype(np.int64) @ twin.astype(np.int64)) > 0
    return ignored & ~relevant


class ShardUsers(Sequence[PreparedUser]):
    """Users of shards, each read and prepared when it is asked for: none is held.

    Those with too few posts to ask for are not among them.
    """

    def __init__(self, paths: Iterable[Path], bank: FloatArray) -> None:
        self._paths = [path for path in paths if _asks_enough(path)]
        self._bank = bank

    def __len__(self) -> int:
        """How many users there are."""
        return len(self._paths)

    @overload
    def __getitem__(self, place: int) -> PreparedUser: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PreparedUser]: ...
    def __getitem__(self, place: int | slice) -> PreparedUser | Sequence[PreparedUser]:
        """Read a user, or some.

        Raises:
            CapsearchError: a shard is damaged.
        """
        if isinstance(place, slice):
            return [self[row] for row in range(*place.indices(len(self)))]
        path = self._paths[place]
        rng = np.random.default_rng(random.Random(path.stem).getrandbits(63))
        episode = episode_of(read_shard(path), "library", self._bank, rng)
        if episode is None:
            raise CapsearchError(f"The shard {path} has changed.", "Start the training anew.")
        return prepare(episode)


def users_from_shards(folder: Path, rank: int, world: int) -> tuple[ShardUsers, ShardUsers]:
    """This process's training users, and the validation users for the first process.

    Raises:
        CapsearchError: there are no shards, or one is damaged.
    """
    if not (folder / _BANK).exists():
        raise CapsearchError(
            f"{folder} holds no shards.",
            "Make them with `python -m capsearch.lab.cap.shards`.",
        )
    bank = load_file(folder / _BANK)["bank"]
    training = ShardUsers(sorted((folder / "train").glob("*"))[rank::world], bank)
    validation = ShardUsers(sorted((folder / "val").glob("*")) if rank == 0 else (), bank)
    if not training:
        raise CapsearchError(f"No user in {folder} has enough posts to train on.")
    return training, validation


def _asks_enough(path: Path) -> bool:
    """Whether an episode can be made of a shard, by what is small in it."""
    try:
        with safe_open(path, "numpy") as shard:
            post, asks = shard.get_tensor("post"), shard.get_tensor("asks")
    except (OSError, SafetensorError) as error:
        raise _damaged(path) from error
    return len(post) >= _FEWEST_PHOTOS and bool(asks[post].any())


def _damaged(path: Path) -> CapsearchError:
    return CapsearchError(f"The shard {path} is damaged.", "Delete it and make it anew.")


def _write_shard(
    path: Path,
    user: str,
    posts: Sequence[Post],
    members: Members,
    encoder: Encoder,
    missing: Missing,
) -> None:
    photos: list[FloatArray] = []
    post_of: list[int] = []
    for number, post in enumerate(posts):
        for pixels in _pixels(post, members, encoder.input_spec, missing):
            photos.append(encoder.encode_images(pixels[None])[0])
            post_of.append(number)
    if not photos:
        return
    texts = [post.caption or "a photo" for post in posts]
    variants = [query_variants(text) for text in texts]
    intents = [read_intent(text) for text in texts]
    tensors: dict[str, npt.NDArray[Any]] = {
        "photos": np.stack(photos).astype(np.float16),
        "post": np.array(post_of, dtype=np.int64),
        "captions": encoder.encode_texts(texts).astype(np.float16),
        "bare": encoder.encode_texts([one[-1] for one in variants]).astype(np.float16),
        "days": np.array([post.day for post in posts], dtype=np.int64),
        "intent": np.array(
            [[one.possessive, one.underspecified] for one in intents], dtype=np.float32
        ),
        "asks": np.array([bool(post.caption) for post in posts], dtype=np.uint8),
    }
    with write_aside(path) as temporary:
        save_file(tensors, temporary)


def _pixels(post: Post, members: Members, spec: InputSpec, missing: Missing) -> Iterator[ByteArray]:
    for name in post.images:
        try:
            yield input_pixels(members.read(name), name, spec)
        except (OSError, KeyError, DecodeError):
            missing.unreadable += 1


def main() -> None:
    """`python -m capsearch.lab.cap.shards --data DIR --output DIR`."""
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.lab.cap.loop import join_processes, pick_device  # noqa: PLC0415

    parser = argparse.ArgumentParser(description="embed the Instagram Influencers dataset")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--encoder", default="starter")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()
    rank, world = join_processes(pick_device(args.device))
    encoder = load_encoder(args.encoder, device=args.device)
    missing = write_shards(args.data, args.output, encoder, rank, world)
    print(
        json.dumps(
            {
                "metadata_missing": missing.metadata,
                "images_missing": missing.images,
                "without_caption": missing.captions,
                "unreadable": missing.unreadable,
            }
        )
    )


if __name__ == "__main__":
    main()
