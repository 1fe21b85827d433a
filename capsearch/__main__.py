"""`python -m capsearch` and the `capsearch` command."""

import sys

from capsearch.cli import main

if __name__ == "__main__":
    sys.exit(main())
