"""What the machine lets this process use."""

import os


def usable_cores() -> int:
    """Processor cores that this process may use, at least one: those that `taskset`, a container
    or a batch system left to it, where the system says so, else all."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
