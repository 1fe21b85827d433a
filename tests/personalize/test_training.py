"""Training: what is learned, that it is repeatable, and that it runs on several processes."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from cap_fixtures import FloatArray, make_collection, random_weights, unit, weights_of

from capsearch.lab.cap.gain import choose_gain
from capsearch.lab.cap.loop import TrainingSettings, train_network
from capsearch.lab.cap.objective import PreparedUser, clip_scores, prepare
from capsearch.lab.cap.pipeline import split_nouns
from capsearch.lab.cap.reference import CollectionWarp
from capsearch.lab.cap.simulate import (
    EmbeddingSpace,
    SimulationSettings,
    query_texts,
    simulate_user,
)
from capsearch.lab.cap.tensors import collection_tensors
from capsearch.lab.cap.torch_network import GAINS, CapNetwork, QueryTensors
from capsearch.lab.cap.vocabulary import photos_by_noun
from capsearch.personalize import compute_profile, personalize_query
from capsearch.personalize.features import collection_features

NOUNS = ("dog", "car", "hat", "boat", "tree", "cat")
CPU = torch.device("cpu")
SMALL = SimulationSettings(library=(30, 60), captions=4, other_subjects=(1, 2))


def make_space(dim: int = 32, seed: int = 0) -> EmbeddingSpace:
    rng = np.random.default_rng(seed)
    hearts = rng.standard_normal((len(NOUNS), dim))
    noun = rng.integers(0, len(NOUNS), 240)
    photos = unit(hearts[noun] + rng.standard_normal((240, dim)))

    def text(about: FloatArray) -> FloatArray:
        return unit((about + rng.standard_normal(dim))[None])[0]

    texts: dict[str, FloatArray] = {}
    for place, name in enumerate(NOUNS):
        texts |= {query: text(hearts[place]) for query in query_texts([name])}
    captions = unit(photos + 0.15 * rng.standard_normal(photos.shape))
    rows = {name: np.flatnonzero(noun == place) for place, name in enumerate(NOUNS)}
    bank = unit(rng.standard_normal((40, dim)))
    return EmbeddingSpace("made", photos, captions, np.arange(240), rows, texts, bank)


def make_users(count: int, first: int = 0) -> list[PreparedUser]:
    space = make_space()
    return [
        prepare(simulate_user(space, NOUNS, np.random.default_rng(number), SMALL))
        for number in range(first, first + count)
    ]


@pytest.fixture(scope="module")
def users() -> list[PreparedUser]:
    return make_users(8)


def train(users: list[PreparedUser], **options: object) -> CapNetwork:
    settings = TrainingSettings(epochs=2, batch=2)
    return train_network(users, settings, device=CPU, say=lambda text: None, **options)  # type: ignore[arg-type]


def test_a_fresh_network_ranks_every_query_as_clip_does(users: list[PreparedUser]) -> None:
    network = CapNetwork()
    for user in users:
        for asked in user.queries:
            scores = network(user.collection, asked.queries)
            torch.testing.assert_close(scores, clip_scores(user.collection, asked.queries))


@pytest.mark.parametrize("photos", [40, 300, 900])
def test_the_product_computes_what_the_network_was_trained_to(photos: int) -> None:
    made = make_collection(photos)
    torch.manual_seed(1)
    network = CapNetwork()
    with torch.no_grad():
        network.gains.normal_(0.0, 0.5)
        network.gains.mul_(network.free)
        network.generic.fill_(0.6)
        network.temperature.fill_(0.7)
    features = collection_features(made.vectors, made.days, made.people, made.bank)
    full, bare = (torch.from_numpy(row[None]) for row in made.queries)
    with torch.inference_mode():
        trained = network(
            collection_tensors(made.vectors, features), QueryTensors(full, bare, torch.ones(1, 4))
        )[0].numpy()
    profile = compute_profile(
        made.ids, made.vectors, made.days, made.people, weights_of(network), made.bank
    )
    query = personalize_query(profile, "my dog", made.queries)
    product = made.vectors @ query.vector + query.bias
    first, second = ((one - one.mean()) / one.std() for one in (trained, product))
    np.testing.assert_allclose(first, second, atol=5e-3)


def test_the_same_seed_gives_the_same_weights(users: list[PreparedUser]) -> None:
    first, second = (train(users).state_dict() for _ in range(2))
    for name, value in first.items():
        assert torch.equal(value, second[name]), name


def test_training_that_was_stopped_goes_on_to_the_same_weights(
    users: list[PreparedUser], tmp_path: Path
) -> None:
    whole = train(users, checkpoint=tmp_path / "whole.pt")

    def stop_after_one(text: str) -> None:
        if "epoch 2" in text:
            raise KeyboardInterrupt

    path = tmp_path / "cut.pt"
    settings = TrainingSettings(epochs=2, batch=2)
    with pytest.raises(KeyboardInterrupt):
        train_network(users, settings, device=CPU, checkpoint=path, say=stop_after_one)
    resumed = train(users, checkpoint=path, resume=True)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(value, resumed.state_dict()[name])


def test_a_gain_of_nothing_is_shipped_where_the_network_does_not_help(
    users: list[PreparedUser],
) -> None:
    assert choose_gain(CapNetwork(), users).gain == 0.0


def test_only_the_hub_correction_acts_on_full_captions(users: list[PreparedUser]) -> None:
    weights = random_weights()
    gains = weights.tensors["gains"]
    hub = GAINS.index("hub")
    assert not np.delete(gains, hub, axis=0)[:, :2].any()
    assert gains[hub].all()


def test_two_processes_train_one_network_together(tmp_path: Path) -> None:
    script = tmp_path / "both.py"
    script.write_text(
        "import sys, torch\n"
        f"sys.path.insert(0, {os.fspath(Path(__file__).parent)!r})\n"
        "from test_training import CPU, TrainingSettings, make_users, train_network\n"
        "from capsearch.lab.cap.loop import join_processes\n"
        "rank, world = join_processes(CPU)\n"
        "settings = TrainingSettings(epochs=1, batch=2)\n"
        "users = make_users(4 + rank, first=10 * rank)\n"
        "network = train_network(users, settings, device=CPU, say=lambda text: None)\n"
        f"torch.save(network.state_dict(), {os.fspath(tmp_path)!r} + f'/{{rank}}.pt')\n"
        "assert world == 2\n"
        "torch.distributed.destroy_process_group()\n"
    )
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*command, script], capture_output=True, text=True, check=False, timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    for name, value in first.items():
        torch.testing.assert_close(value, second[name])
    assert first["gains"].any()


@pytest.mark.parametrize("summary", ["original", "deep_sets", "mean"])
def test_every_reference_network_starts_as_clip(summary: str) -> None:
    made = make_collection(20)
    photos, texts = torch.from_numpy(made.vectors), torch.from_numpy(made.queries)
    network = CollectionWarp(48, summary).eval()  # type: ignore[arg-type]
    torch.testing.assert_close(network(photos, texts, photos), texts @ photos.T)
    torch.testing.assert_close(network(photos[:0], texts, photos), texts @ photos.T)


def test_training_and_validation_have_subjects_of_different_nouns() -> None:
    seen, unseen = split_nouns()
    assert not set(seen) & set(unseen)
    assert len(unseen) > 10


def test_simulated_subjects_come_back_on_days_of_their_own_and_no_distractor_is_a_twin() -> None:
    space = make_space()
    for number in range(12):
        user = simulate_user(space, NOUNS, np.random.default_rng(number), SMALL)
        personal = user.queries[0]
        if personal.kind != "personal":
            continue
        for relevant, ignored in zip(personal.relevant, personal.ignored, strict=True):
            days = user.days[relevant]
            usual, often = Counter(user.days.tolist()).most_common(1)[0]
            dated = days[days != usual] if often > len(user.days) // 3 else days
            assert len(set(dated.tolist())) == len(dated)
            assert not (relevant & ignored).any()


def test_nouns_are_found_in_captions_that_agree() -> None:
    captions = [("a", "A dog runs"), ("a", "two dogs"), ("b", "a dog"), ("b", "a hat")]
    assert photos_by_noun(captions) == {"dog": {"a"}}
