"""How well near copies are told from photos that are merely similar, and how fast."""
