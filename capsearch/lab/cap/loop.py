"""Training: AdamW, one-cycle cosine, checkpoints, one process or many (torchrun, DDP)."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.optim.swa_utils import AveragedModel

from capsearch.files import write_whole
from capsearch.lab.cap.objective import (
    LossWeights,
    Objective,
    PreparedQueries,
    PreparedUser,
)
from capsearch.lab.cap.torch_network import (
    CapNetwork,
    CollectionTensors,
    NetworkSize,
    QueryTensors,
)

_FAST = ("gains", "link", "sharpness", "generic", "temperature")
_STANDARDISED_BY = 512
Say = Callable[[str], None]


@dataclass(frozen=True)
class TrainingSettings:
    """Schedule of one training; `fast` multiplies the rate of the few interpretable scalars.

    averaged: the weights are the mean of those of this last share of the steps, which depends
    less on the order of users than the last ones do (Izmailov et al., 2018, arXiv 1803.05407).
    """

    epochs: int = 4
    batch: int = 4
    learning_rate: float = 2e-3
    fast: float = 40.0
    weight_decay: float = 0.02
    clip: float = 1.0
    averaged: float = 0.4
    seed: int = 0
    losses: LossWeights = field(default_factory=LossWeights)


def pick_device(name: str) -> torch.device:
    """`auto` takes this process's GPU where there is one, else the CPU."""
    if name != "auto":
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


def join_processes(device: torch.device) -> tuple[int, int]:
    """Rank and number of processes; joins torchrun's group (nccl on GPUs, gloo on CPUs)."""
    if "RANK" not in os.environ or int(os.environ.get("WORLD_SIZE", "1")) < 2:
        return 0, 1
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return dist.get_rank(), dist.get_world_size()


def train_network(
    users: Sequence[PreparedUser],
    settings: TrainingSettings,
    *,
    device: torch.device,
    checkpoint: Path | None = None,
    resume: bool = False,
    say: Say = print,
) -> CapNetwork:
    """Train on prepared users; under torchrun `users` is this process's own share of them.

    Users are asked for when they are due, the next batch while one is trained on, and not held: a
    sequence that reads them from disk takes no more memory for a million than for a hundred.
    The same seed on a CPU gives the same weights. A checkpoint is written after every epoch.
    """
    rank, world = join_processes(device)
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(device.type == "cpu")
    network = CapNetwork(NetworkSize())
    _standardise(network, users, world)
    network.to(device)
    objective: nn.Module = Objective(network, settings.losses)
    if world > 1:
        objective = nn.parallel.DistributedDataParallel(objective)
    optimizer, schedule, steps = _optimizer(network, settings, _least(len(users), world))
    mean = AveragedModel(network)
    start = _resumed(network, mean, optimizer, schedule, checkpoint) if resume else 0
    first = round(steps * settings.epochs * (1.0 - settings.averaged))
    for epoch in range(start, settings.epochs):
        order = np.random.default_rng((settings.seed, epoch)).permutation(len(users))
        batches = order[: steps * settings.batch].reshape(steps, -1).tolist()
        losses = []
        for step, batch in enumerate(_fetched(users, batches)):
            loss = objective([to_device(user, device) for user in batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
            optimizer.step()
            schedule.step()
            if epoch * steps + step >= first:
                mean.update_parameters(network)
            losses.append(float(loss.detach()))
        if rank == 0:
            say(f"epoch {epoch + 1}/{settings.epochs}: loss {np.mean(losses):.4f}")
            if checkpoint is not None:
                _save(checkpoint, network, mean, optimizer, schedule, epoch + 1)
    with torch.no_grad():
        network.load_state_dict(mean.module.state_dict())
    return network.cpu().eval()


def to_device(user: PreparedUser, device: torch.device) -> PreparedUser:
    """The same user with every tensor on `device`."""
    queries = tuple(
        PreparedQueries(
            one.kind,
            QueryTensors(
                **{part.name: getattr(one.queries, part.name).to(device)
                   for part in fields(QueryTensors)}
            ),
            one.relevant.to(device),
            one.ignored.to(device),
        )
        for one in user.queries
    )  # fmt: skip
    moved: dict[str, Any] = {
        part.name: value.to(device)
        for part in fields(CollectionTensors)
        if isinstance(value := getattr(user.collection, part.name), torch.Tensor)
    }
    recurs = None if user.recurs is None else user.recurs.to(device)
    return PreparedUser(replace(user.collection, **moved), queries, recurs)


def _fetched(
    users: Sequence[PreparedUser], batches: Sequence[Sequence[int]]
) -> Iterator[list[PreparedUser]]:
    """Batches of users in turn, the next one made ready while one is worked on."""

    def fetch(rows: Sequence[int]) -> list[PreparedUser]:
        return [users[row] for row in rows]

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(fetch, batches[0])
        for following in (*batches[1:], []):
            ready = coming.result()
            coming = pool.submit(fetch, following)
            yield ready


def _standardise(network: CapNetwork, users: Sequence[PreparedUser], world: int) -> None:
    """Bring features to mean 0 and spread 1 over some users of all processes."""
    rows = np.unique(np.linspace(0, len(users) - 1, _STANDARDISED_BY).astype(int)).tolist()
    sums = torch.zeros(2, len(network.feature_shift), dtype=torch.float64)
    count = torch.tensor(0.0, dtype=torch.float64)
    for row in rows:
        features = users[row].collection.features.double()
        sums += torch.stack([features.sum(0), (features**2).sum(0)])
        count += len(features)
    if world > 1:
        dist.all_reduce(sums)
        dist.all_reduce(count)
    mean, square = sums / count
    network.feature_shift.copy_(mean)
    network.feature_scale.copy_(1.0 / (square - mean**2).clamp_min(0.01).sqrt())


def _least(share: int, world: int) -> int:
    """Users of the process that has fewest: every process must take the same number of steps."""
    count = torch.tensor(share)
    if world > 1:
        dist.all_reduce(count, dist.ReduceOp.MIN)
    return int(count)


def _optimizer(
    network: CapNetwork, settings: TrainingSettings, share: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler, int]:
    steps = max(1, share // settings.batch)
    named = list(network.named_parameters())
    rates = [settings.learning_rate * settings.fast, settings.learning_rate]
    groups: list[dict[str, Any]] = [
        {"params": [value for name, value in named if name in _FAST], "weight_decay": 0.0},
        {"params": [value for name, value in named if name not in _FAST]},
    ]
    optimizer = torch.optim.AdamW(
        groups,
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=max(2, steps * settings.epochs), pct_start=0.1
    )
    return optimizer, schedule, steps


def _save(
    path: Path,
    network: CapNetwork,
    mean: AveragedModel,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    epoch: int,
) -> None:
    state = {
        "size": asdict(network.size),
        "network": network.state_dict(),
        "mean": mean.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "epoch": epoch,
    }
    with write_whole(path) as file:
        torch.save(state, file)


def _resumed(
    network: CapNetwork,
    mean: AveragedModel,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    path: Path | None,
) -> int:
    if path is None or not path.exists():
        return 0
    saved = torch.load(path, weights_only=True)
    network.load_state_dict(saved["network"])
    mean.load_state_dict(saved["mean"])
    optimizer.load_state_dict(saved["optimizer"])
    schedule.load_state_dict(saved["schedule"])
    return int(saved["epoch"])
