"""One module for each sub-command: `add_parser` says its options, `run` does it."""
