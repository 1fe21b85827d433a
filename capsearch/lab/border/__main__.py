"""`python -m capsearch.lab.border --data FLICKR8K --output resources/border`: fit the border."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from capsearch.encoders.starter import load_starter
from capsearch.files import write_whole
from capsearch.lab.border.cases import draw_cases, draw_photo_cases, query_texts
from capsearch.lab.border.concepts import NOWHERE
from capsearch.lab.border.fit import fit_border, fit_photo_border
from capsearch.lab.border.measure import fitted_rule, halfway_rule, measure_border
from capsearch.lab.border.spaces import encoded_photos, held_out_photos
from capsearch.library.relevance import BORDER_FILE, DEFAULT, PHOTO


def main() -> None:
    """Fit on train, print figures on dev, write the borders of all families."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.lab.border", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="Flickr8k")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    texts, encoder = query_texts(), load_starter()
    spaces = held_out_photos(options.data, texts, options.seed)
    clean = [case for n, space in enumerate(spaces) for case in draw_cases(space, n)]
    photos = [case for n, space in enumerate(spaces) for case in draw_photo_cases(space, n)]
    trained = draw_cases(encoded_photos(encoder, options.data, "train", texts), options.seed)
    borders = {
        DEFAULT: fit_border(clean, own_units=False),
        encoder.name: fit_border(list(trained), own_units=True),
    }
    cases = list(draw_cases(encoded_photos(encoder, options.data, "dev", texts), options.seed))
    rules = {f"border '{name}'": fitted_rule(border) for name, border in borders.items()}
    for name, rule in {**rules, "halfway": halfway_rule}.items():
        print(f"starter on dev, {name}: {measure_border(cases, rule, NOWHERE).as_text()}")
    borders[PHOTO] = fit_photo_border(photos)
    table = {name: asdict(border) for name, border in borders.items()}
    with write_whole(options.output / BORDER_FILE) as file:
        file.write((json.dumps(table, indent=2) + "\n").encode())


if __name__ == "__main__":
    main()
