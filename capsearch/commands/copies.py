"""`capsearch copies`: photos of which there are near copies, to clean up by hand."""

import argparse

from capsearch.commands.options import add_json, add_library, print_json
from capsearch.commands.progress import megabytes
from capsearch.library.facade import Library
from capsearch.library.values import Copy, CopyStack
from capsearch.settings import Settings, default_library


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "copies",
        help="list near copies: resized, recompressed, sent by a messenger, of one burst",
        description="List the photos of which there are near copies, the best of each first. "
        "Nothing is deleted, and no file is touched.",
    )
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the stacks of near copies."""
    with Library(options.library or default_library(), settings=Settings.load()) as library:
        stacks = library.copy_stacks()
    if options.json:
        print_json({"stacks": [_as_object(stack) for stack in stacks]})
    else:
        print(stacks_as_text(stacks))
    return 0 if stacks else 1


def stacks_as_text(stacks: tuple[CopyStack, ...]) -> str:
    """The best photo of each stack and, below it, its copies; then what they take."""
    if not stacks:
        return "There are no near copies."
    lines = []
    for stack in stacks:
        lines.append(_as_text(stack.best))
        lines += [f"    {_as_text(copy)}" for copy in stack.others]
    copies = sum(len(stack.others) for stack in stacks)
    spare = megabytes(sum(stack.spare_bytes for stack in stacks))
    those = "1 photo" if len(stacks) == 1 else f"{len(stacks):,} photos"
    what = "is 1 near copy" if copies == 1 else f"are {copies:,} near copies"
    return "\n".join([*lines, f"There {what} of {those}, which take {spare}. Nothing was deleted."])


def _as_text(copy: Copy) -> str:
    more = f"  (and {len(copy.paths) - 1} more)" if len(copy.paths) > 1 else ""
    size = f"{copy.width} x {copy.height}, {megabytes(copy.byte_size)}"
    return f"{copy.paths[0]}  {size}{more}"


def _as_object(stack: CopyStack) -> dict[str, object]:
    copies = [
        {
            "best": copy is stack.best,
            "path": copy.paths[0],
            "copies": copy.paths[1:],
            "bytes": copy.byte_size,
            "width": copy.width,
            "height": copy.height,
        }
        for copy in (stack.best, *stack.others)
    ]
    return {"spare_bytes": stack.spare_bytes, "photos": copies}
