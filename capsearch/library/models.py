"""The models on this machine: which there are, and how they come and go."""

from capsearch.encoders.hub import remove_repository
from capsearch.encoders.registry import EncoderInfo, find_encoder
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library


def remove_model(library: Library, name: str, *, anyway: bool = False) -> tuple[EncoderInfo, int]:
    """Delete a downloaded model from this machine; which it was, and how many bytes it took.

    Vectors that it has made stay. `anyway`: also where `library` needs it.

    Raises:
        CapsearchError: it is not on this machine, is not CapSearch's to delete, or is in use.
    """
    info = find_encoder(name)
    if info.kind == "starter":
        raise CapsearchError("The starter is a part of CapSearch.", "It stays.")
    if info.kind == "own":
        raise CapsearchError(
            f"{info.name} is a file of yours, which CapSearch only reads.", "Delete it yourself."
        )
    if not anyway and {info.name, f"hf-hub:{info.repository}"} & {*library.encoders_in_use()}:
        raise CapsearchError(
            f"The library {library.path} is searched by {info.name}, or is to be.",
            "Give it another encoder with `capsearch index --encoder NAME`, or add --yes.",
        )
    freed = remove_repository(info.repository)
    if not freed:
        raise CapsearchError(
            f"The model {info.name} is not on this machine.", "`capsearch models` shows what is."
        )
    return info, freed
