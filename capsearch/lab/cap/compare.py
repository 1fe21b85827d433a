"""Train the reference networks in one embedding space and set them beside CAP.

`python -m capsearch.lab.cap.compare --photos DIR --cache DIR --weights FILE`
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from capsearch.encoders.base import FloatArray
from capsearch.lab.bootstrap import interval_over_users
from capsearch.lab.cap.gain import average_precision
from capsearch.lab.cap.losses import ranking_loss
from capsearch.lab.cap.pipeline import split_nouns
from capsearch.lab.cap.reference import CollectionWarp, Summary
from capsearch.lab.cap.simulate import (
    EmbeddingSpace,
    Episode,
    SimulationSettings,
    simulate_user,
)
from capsearch.lab.cap.spaces import build_spaces, read_captioned_photos
from capsearch.lab.personal.methods import NNN_STRENGTH
from capsearch.personalize.compute import compute_profile
from capsearch.personalize.features import hubness
from capsearch.personalize.profile import Profile
from capsearch.personalize.query import personalize_query
from capsearch.personalize.weights import CapWeights, load_weights

_TRAINING_USERS, _TEST_USERS, _EPOCHS = 300, 120, 3
_LEARNING_RATE, _TEMPERATURE = 3e-4, 20.0
Score = Callable[[Episode, int], FloatArray]
"""Scores `(q, n)` of an episode's queries number i."""


def compare(space: EmbeddingSpace, weights: CapWeights, seed: int) -> dict[str, object]:
    """mAP on 'my ...' and R@1 of captions, minus CLIP's, of users with unseen photos and nouns."""
    seen, unseen = split_nouns()
    first, second = _halves(space, seed)
    setting = SimulationSettings(space_noise=False)
    training = _episodes(first, seen, _TRAINING_USERS, seed, setting)
    test = _episodes(second, unseen, _TEST_USERS, seed + 1, setting)
    methods: dict[str, Score] = {"nnn": _nnn, "cap": _cap(weights)}
    for summary in ("original", "deep_sets", "mean"):
        methods[summary] = _warp(_trained(training, summary, seed))
    return {
        "users": len(test),
        "mean_gallery": float(np.mean([len(episode.vectors) for episode in test])),
        **{name: _against_clip(method, test) for name, method in methods.items()},
    }


def _halves(space: EmbeddingSpace, seed: int) -> tuple[EmbeddingSpace, EmbeddingSpace]:
    """The space's photos dealt into two, so that no photo of training is tested on."""
    side = np.random.default_rng(seed).permutation(len(space.photos)) % 2
    return _part(space, np.flatnonzero(side == 0)), _part(space, np.flatnonzero(side == 1))


def _part(space: EmbeddingSpace, rows: np.ndarray) -> EmbeddingSpace:
    place = np.full(len(space.photos), -1)
    place[rows] = np.arange(len(rows))
    kept = place[space.photo_of_caption] >= 0
    nouns = {noun: place[found][place[found] >= 0] for noun, found in space.nouns.items()}
    return replace(
        space,
        photos=space.photos[rows],
        captions=space.captions[kept],
        photo_of_caption=place[space.photo_of_caption[kept]],
        nouns=nouns,
    )


def _episodes(
    space: EmbeddingSpace, nouns: Sequence[str], count: int, seed: int, setting: SimulationSettings
) -> list[Episode]:
    return [
        simulate_user(space, nouns, np.random.default_rng((seed, number)), setting)
        for number in range(count)
    ]


def _trained(episodes: Sequence[Episode], summary: Summary, seed: int) -> CollectionWarp:
    torch.manual_seed(seed)
    network = CollectionWarp(episodes[0].vectors.shape[1], summary)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE)
    rng = np.random.default_rng(seed)
    for _ in range(_EPOCHS):
        for number in rng.permutation(len(episodes)):
            episode = episodes[number]
            photos = torch.from_numpy(episode.vectors)
            loss = torch.zeros(())
            for queries in episode.queries:
                if queries.kind == "abstain":
                    continue
                scores = network(photos, torch.from_numpy(queries.vectors), photos)
                relevant = torch.from_numpy(queries.relevant)
                ignored = torch.from_numpy(queries.ignored)
                loss = loss + ranking_loss(_TEMPERATURE * scores, relevant, ignored).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
    return network.eval()


def _warp(network: CollectionWarp) -> Score:
    def score(episode: Episode, kind: int) -> FloatArray:
        photos = torch.from_numpy(episode.vectors)
        with torch.inference_mode():
            found = network(photos, torch.from_numpy(episode.queries[kind].vectors), photos)
        scores: FloatArray = found.numpy()
        return scores

    return score


def _nnn(episode: Episode, kind: int) -> FloatArray:
    hub = hubness(episode.vectors, episode.bank)
    scores: FloatArray = episode.queries[kind].vectors @ episode.vectors.T - NNN_STRENGTH * hub
    return scores


def _cap(weights: CapWeights) -> Score:
    kept: dict[int, Profile] = {}

    def score(episode: Episode, kind: int) -> FloatArray:
        if id(episode) not in kept:
            ids = np.arange(len(episode.vectors))
            kept[id(episode)] = compute_profile(
                ids, episode.vectors, episode.days, episode.people, weights, episode.bank
            )
        asked = episode.queries[kind]
        text = "my thing" if asked.kind == "personal" else "six words that say it all"
        rows = []
        for own, bare in zip(asked.vectors, asked.bare, strict=True):
            query = personalize_query(kept[id(episode)], text, np.stack([own, bare]))
            rows.append(episode.vectors @ query.vector + query.bias)
        return np.stack(rows)

    return score


def _against_clip(method: Score, episodes: Sequence[Episode]) -> dict[str, object]:
    gained: dict[str, list[float]] = {"personal": [], "caption": []}
    users: dict[str, list[int]] = {"personal": [], "caption": []}
    for number, episode in enumerate(episodes):
        for kind, asked in enumerate(episode.queries):
            if asked.kind not in gained:
                continue
            clip = asked.vectors @ episode.vectors.T
            for own, other, right in zip(method(episode, kind), clip, asked.relevant, strict=True):
                if asked.kind == "personal":
                    value = average_precision(own, right) - average_precision(other, right)
                else:
                    value = float(right[own.argmax()]) - float(right[other.argmax()])
                gained[asked.kind].append(value)
                users[asked.kind].append(number)
    figures = {
        kind: interval_over_users(np.array(values), np.array(users[kind]))
        for kind, values in gained.items()
    }
    return {
        "map_minus_clip": [figures["personal"].mean, figures["personal"].low,
                           figures["personal"].high],
        "caption_recall_at_1_minus_clip": [figures["caption"].mean, figures["caption"].low,
                                           figures["caption"].high],
    }  # fmt: skip


def main() -> None:
    """Print the comparison as JSON."""
    parser = argparse.ArgumentParser(description="compare CAP with the reference networks")
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    photos = read_captioned_photos(args.photos)
    _, validation = build_spaces(photos, args.cache, 3, args.seed, lambda text: None)
    print(json.dumps(compare(validation[0], load_weights(args.weights), args.seed), indent=2))


if __name__ == "__main__":
    main()
