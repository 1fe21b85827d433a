"""How much of a cut-off photo must be there for it to be found.

    python -m capsearch.lab.cut_off --data FLICKR8K

Of each photo only the upper rows are kept, and what is missing is grey, or cut away too. Asked are
its five captions, among the whole other photos of a quarter of dev (250). Found among the first
ten by its captions, and nearest to its own whole photo, with the starter:

    100%   grey  87.3% 100.0%   gone  87.3% 100.0%
     80%   grey  86.2%  99.6%   gone  85.5%  99.2%
     60%   grey  75.0%  88.8%   gone  75.4%  89.6%
     50%   grey  66.7%  74.0%   gone  61.8%  70.0%
     40%   grey  53.9%  56.0%   gone  44.2%  44.4%
     30%   grey  37.5%  34.0%   gone  25.7%  20.0%
     20%   grey  23.8%  16.8%   gone   8.8%   4.0%
     10%   grey  13.9%   4.0%   gone   3.3%   0.8%

Grey is better than to cut away, and with a third of the rows a photo is found half as often as
whole: `capsearch.photos.decode.LEAST_SHARE`. Of a progressive JPEG (quality 85) of which only so
many bytes are there, as coarse as that is, with the mean of its `Part.share`:

     60%   share 1.00   84.8% 100.0%
     40%   share 0.92   82.5%  99.2%
     30%   share 0.66   75.9%  89.6%
     25%   share 0.49   70.7%  84.8%
     20%   share 0.30   62.1%  72.8%
     15%   share 0.21   44.9%  42.8%
     10%   share 0.14   26.6%  23.2%
"""

import argparse
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from capsearch.encoders.base import Encoder, image_to_input
from capsearch.encoders.registry import load_encoder
from capsearch.lab.captions import read_captions, read_names
from capsearch.photos.decode import MAX_PIXELS, decode
from capsearch.photos.partial import open_part

_SHARES = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
_COARSE_SHARES = (0.6, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1)
_GREY = (128, 128, 128)
_FIRST = 10
_BATCH = 100

Vectors = npt.NDArray[np.float32]


def cut(image: Image.Image, share: float, *, fill: bool) -> Image.Image:
    """`image` with its upper rows alone; `fill`: the others grey, else gone."""
    rows = max(1, round(image.height * share))
    upper = image.crop((0, 0, image.width, rows))
    if not fill:
        return upper
    whole = Image.new("RGB", image.size, _GREY)
    whole.paste(upper, (0, 0))
    return whole


def coarse(image: Image.Image, share: float) -> tuple[Image.Image, float]:
    """`image` as the first bytes of a progressive JPEG show it, and how much of it that is."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, progressive=True)
    data = out.getvalue()
    part = open_part(data[: round(len(data) * share)], "JPEG", max(image.size), MAX_PIXELS)
    if part is None:
        raise ValueError(f"nothing is there of {share:.0%}")
    return part.pixels.image, part.share


def encode(encoder: Encoder, images: list[Image.Image]) -> Vectors:
    """(n, dim) float32, unit rows."""
    inputs = [image_to_input(image, encoder.input_spec) for image in images]
    parts = [
        encoder.encode_images(np.stack(inputs[at : at + _BATCH]))
        for at in range(0, len(inputs), _BATCH)
    ]
    return np.concatenate(parts)


def found(
    texts: Vectors, about: npt.NDArray[np.int64], whole: Vectors, cut_off: Vectors
) -> tuple[float, float]:
    """The shares of captions that bring their photo, cut off among whole ones, among the first
    ten; and of cut-off photos whose nearest whole one is their own."""
    own = (texts * cut_off[about]).sum(1)
    scores = texts @ whole.T
    scores[np.arange(len(about)), about] = -np.inf
    ranks = (scores >= own[:, None]).sum(1)
    nearest = (cut_off @ whole.T).argmax(1)
    return float((ranks < _FIRST).mean()), float((nearest == np.arange(len(whole))).mean())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    encoder = load_encoder()
    names = read_names(data / "dev.txt")[::4]
    captions = read_captions(data / "captions.csv", data / "dev.txt")
    side = encoder.input_spec.size
    images = [decode((data / "images" / name).read_bytes(), name, side).image for name in names]
    number = {name: at for at, name in enumerate(names)}
    asked = [
        pair for pair in zip(captions.texts, captions.images, strict=True) if pair[1] in number
    ]
    texts = encoder.encode_texts([text for text, _ in asked])
    about = np.array([number[name] for _, name in asked])
    whole = encode(encoder, images)
    print("rows there: captions that find it among the first ten, its nearest is itself")
    for share in _SHARES:
        line = f"{share:4.0%}"
        for fill in (True, False):
            vectors = encode(encoder, [cut(image, share, fill=fill) for image in images])
            first, itself = found(texts, about, whole, vectors)
            line += f"   {'grey' if fill else 'gone'} {first:6.1%} {itself:6.1%}"
        print(line, flush=True)
    print("bytes of a progressive JPEG: the same")
    for share in _COARSE_SHARES:
        parts = [coarse(image, share) for image in images]
        vectors = encode(encoder, [image for image, _ in parts])
        first, itself = found(texts, about, whole, vectors)
        there = np.mean([part for _, part in parts])
        print(f"{share:4.0%}   share {there:4.2f}  {first:6.1%} {itself:6.1%}", flush=True)


if __name__ == "__main__":
    main()
