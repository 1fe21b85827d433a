"""Index folders with the tiny encoder in a process of its own, to be killed: LIBRARY FOLDER..."""

import sys
import time

from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import ByteArray, FloatArray
from capsearch.indexing.run import index_folders


class UnhurriedEncoder(TinyEncoder):
    """Leaves time to be killed between batches."""

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        time.sleep(0.01)
        return super().encode_images(pixels)


def main() -> None:
    sys.stdout.write("go\n")
    sys.stdout.flush()
    with Catalog.open(sys.argv[1]) as catalog:
        index_folders(catalog, UnhurriedEncoder(batch_size=4), sys.argv[2:], workers=1)


if __name__ == "__main__":
    main()
