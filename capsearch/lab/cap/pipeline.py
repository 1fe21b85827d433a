"""`capsearch train cap` from photos to weights: spaces, users, training, gain, report."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from capsearch.encoders.base import FloatArray
from capsearch.errors import CapsearchError
from capsearch.lab.cap.gain import apply_gain, choose_gain, level_hub
from capsearch.lab.cap.loop import (
    TrainingSettings,
    join_processes,
    pick_device,
    train_network,
)
from capsearch.lab.cap.objective import LossWeights, PreparedUser, prepare
from capsearch.lab.cap.shards import users_from_shards
from capsearch.lab.cap.simulate import (
    DEFAULT_SIMULATION,
    EmbeddingSpace,
    SimulationSettings,
    simulate_user,
)
from capsearch.lab.cap.spaces import build_spaces, read_captioned_photos
from capsearch.lab.cap.torch_network import CapNetwork
from capsearch.lab.cap.vocabulary import NOUNS
from capsearch.personalize.weights import WEIGHTS_NAME, weights_to_bytes

_VALIDATION_NOUN = 5
_VALIDATION_USERS = 80


def train_cap(args: argparse.Namespace) -> CapNetwork:
    """Train with the options of `capsearch train cap`; writes OUTPUT/cap.safetensors and figures.

    Raises:
        CapsearchError: the photos are not where they should be.
    """
    device = pick_device(args.device)
    rank, world = join_processes(device)
    cache = args.cache if args.cache is not None else args.output / ".cache"
    say = _say if rank == 0 else _silent
    training, validation = _users(args, cache, rank, world)
    settings = TrainingSettings(
        epochs=args.epochs, seed=args.seed, losses=loss_weights(args.without)
    )
    checkpoint = cache / f"cap-seed{args.seed}.pt"
    network = train_network(
        training, settings, device=device, checkpoint=checkpoint, resume=args.resume, say=say
    )
    if rank != 0:
        return network
    choice = choose_gain(network, validation)
    say(choice.describe())
    level_hub(network)
    apply_gain(network, choice.gain)
    args.output.mkdir(parents=True, exist_ok=True)
    data = weights_to_bytes(tensors_of(network), network.size.heads, network.size.layers)
    (args.output / WEIGHTS_NAME).write_bytes(data)
    figures = {"seed": args.seed, "users": args.users, "epochs": args.epochs, **choice.as_json()}
    (args.output / "training.json").write_text(json.dumps(figures, indent=2) + "\n")
    say(f"wrote {args.output / WEIGHTS_NAME} ({len(data):,} bytes)")
    if args.subjects is not None and args.photos is not None:
        say(_report(args))
    return network


def loss_weights(without: Sequence[str]) -> LossWeights:
    """Loss weights with some losses left out."""
    return replace(LossWeights(), **dict.fromkeys(without, 0.0))


def tensors_of(network: CapNetwork) -> Mapping[str, FloatArray]:
    """A network's weights as numpy arrays, as the product keeps them."""
    return {name: value.numpy() for name, value in network.state_dict().items()}


def split_nouns() -> tuple[list[str], list[str]]:
    """Nouns of training users, and those that only validation users have subjects of."""
    nouns = sorted(NOUNS)
    held_out = nouns[::_VALIDATION_NOUN]
    return [noun for noun in nouns if noun not in held_out], held_out


def simulated_users(
    spaces: Sequence[EmbeddingSpace],
    nouns: Sequence[str],
    numbers: Sequence[int],
    seed: int,
    settings: SimulationSettings = DEFAULT_SIMULATION,
) -> list[PreparedUser]:
    """Users `numbers` of a seed; each is the same whichever process draws it."""
    users = []
    for number in tqdm(numbers, desc="users", disable=None):
        rng = np.random.default_rng((seed, number))
        episode = simulate_user(spaces[number % len(spaces)], nouns, rng, settings)
        users.append(prepare(episode))
    return users


def _users(
    args: argparse.Namespace, cache: Path, rank: int, world: int
) -> tuple[Sequence[PreparedUser], Sequence[PreparedUser]]:
    if args.influencers is not None:
        return users_from_shards(args.influencers, rank, world)
    if args.photos is None:
        raise CapsearchError(
            "There is nothing to train on.",
            "Give --photos DIR of captioned photos, or --influencers DIR of shards.",
        )
    if args.users < 1:
        raise CapsearchError("There is no user to train on.", "Give --users of at least 1.")
    photos = read_captioned_photos(args.photos)
    training, validation = build_spaces(
        photos, cache, args.folds, args.seed, _say if rank == 0 else _silent
    )
    seen, unseen = split_nouns()
    own = range(rank, args.users, world)
    return (
        simulated_users(training, seen, own, args.seed),
        simulated_users(validation, unseen, range(_VALIDATION_USERS), args.seed + 10_000)
        if rank == 0
        else [],
    )


def _report(args: argparse.Namespace) -> str:
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.lab.personal.libraries import encode_sources  # noqa: PLC0415
    from capsearch.lab.personal.measure import measure  # noqa: PLC0415
    from capsearch.personalize.weights import load_weights  # noqa: PLC0415

    weights = load_weights(args.output / WEIGHTS_NAME)
    photos = args.photos
    sources = encode_sources(
        load_encoder("starter"), args.subjects, photos / "images", None, photos / "dev.txt"
    )
    return measure(sources, weights, seed=args.seed).as_text()


def _say(text: str) -> None:
    print(text, flush=True)


def _silent(text: str) -> None:
    del text
