"""Whether the right photos come first, and what personalisation changes: by labels that are given,
and over the user's own library by what its files say of themselves."""

from capsearch.benchmark.borrowed_library import borrowed_library
from capsearch.benchmark.carried_labels import measure_carried_labels
from capsearch.benchmark.index_agreement import measure_agreement
from capsearch.benchmark.labels import measure_labels
from capsearch.benchmark.personal_effect import measure_effect
from capsearch.benchmark.run import Run
from capsearch.encoders.registry import load_encoder

_LEAST_PHOTOS = 50


def measure(run: Run) -> None:
    """Measure by labels where the run has some, and over its library or its photos.

    Raises:
        CapsearchError: the encoder cannot be loaded, the library cannot be read.
    """
    encoder = load_encoder(run.encoder, device=run.device or "auto")
    if run.labels is not None:
        measure_labels(run, encoder, run.labels)
        if run.quick:
            run.lacks("quality: searches of your own photos are left out by --quick with labels.")
            return
    with borrowed_library(run, encoder) as view:
        if view is None:
            return
        count = len(view.searcher().matrix)
        if count < _LEAST_PHOTOS:
            run.lacks(
                f"quality: searches were not judged, for of {count:,} photos nearly all are "
                f"results; {_LEAST_PHOTOS} or more are needed."
            )
            return
        measure_agreement(run, view)
        measure_effect(run, view)
        measure_carried_labels(run, view)
