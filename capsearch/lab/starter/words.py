"""The words that the starter was trained on, for saying which ones it does not know.

python -m capsearch.lab.starter.words --data FLICKR8K --output resources/starter/words.txt
"""

import argparse
import re
from collections import Counter
from pathlib import Path

from capsearch.lab.captions import read_captions
from capsearch.lab.starter.objects import HYPERNYMS, class_names

_WORD = re.compile(r"[a-z]+(?:'s)?")
# A word that was written less often in 30,450 captions is as often misspelled as rare
# ('mountian' stands there twice).
_LEAST = 5
_NAMED = 5  # a name of a class was shown often, whatever the captions say


def count_words(data: Path) -> dict[str, int]:
    """Words of the training captions and of the classes' names -> how often they were said."""
    captions = read_captions(data / "captions.csv", only=data / "train.txt")
    said = Counter(word for text in captions.texts for word in set(_WORD.findall(text.lower())))
    counts = {word: count for word, count in said.items() if count >= _LEAST and len(word) > 1}
    names = [name for names in class_names() for name in names] + list(HYPERNYMS)
    for word in {word for name in names for word in _WORD.findall(name.lower())}:
        counts[word] = max(counts.get(word, 0), _NAMED)
    return counts


def main() -> None:
    """Write them, the most frequent first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FLICKR8K")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    options = parser.parse_args()
    counts = sorted(count_words(options.data).items(), key=lambda said: (-said[1], said[0]))
    text = "".join(f"{word} {count}\n" for word, count in counts)
    options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
