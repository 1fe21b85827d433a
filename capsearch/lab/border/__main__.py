"""`python -m capsearch.lab.border --data FLICKR8K --output resources/border`: fit the border of
relevance and the rule of exclusion on the training photos."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from capsearch.encoders.starter import load_starter
from capsearch.files import write_whole
from capsearch.lab.border.cases import draw_cases, draw_photo_cases, query_texts
from capsearch.lab.border.exclusions import drawn_libraries, exclusion_texts, fit_rule
from capsearch.lab.border.fit import common_words, fit_border, fit_photo_border
from capsearch.lab.border.spaces import encoded_photos, held_out_photos
from capsearch.library.exclusion import RULE_FILE
from capsearch.library.relevance import BORDER_FILE, DEFAULT, PHOTO, WORDS_FILE


def main() -> None:
    """Fit, and write the borders of all families and the rule."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.lab.border", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="Flickr8k")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    texts, encoder = (*query_texts(), *exclusion_texts()), load_starter()
    spaces = held_out_photos(options.data, texts, options.seed)
    clean = [case for n, space in enumerate(spaces) for case in draw_cases(space, n)]
    photos = [case for n, space in enumerate(spaces) for case in draw_photo_cases(space, n)]
    own = encoded_photos(encoder, options.data, "train", texts)
    shares = common_words(own.captions)
    trained = draw_cases(own, options.seed)
    borders = {
        DEFAULT: fit_border(clean, shares, own_units=False),
        encoder.name: fit_border(list(trained), shares, own_units=True),
    }
    borders[PHOTO] = fit_photo_border(photos)
    # In its own space alone, on photos that it was trained on, an encoder excludes too easily.
    strange = [case for n, space in enumerate(spaces) for case in drawn_libraries(space, n)]
    drawn = [strange, list(drawn_libraries(own, options.seed))]
    _write(options.output / WORDS_FILE, shares)
    _write(options.output / BORDER_FILE, {name: asdict(border) for name, border in borders.items()})
    _write(options.output / RULE_FILE, asdict(fit_rule(drawn)))
    print("fitted; `capsearch evaluate relevance` says how good it is")


def _write(path: Path, table: Mapping[str, Any]) -> None:
    with write_whole(path) as file:
        file.write((json.dumps(table, indent=2) + "\n").encode())


if __name__ == "__main__":
    main()
