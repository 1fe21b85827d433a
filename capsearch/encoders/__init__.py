"""Photos and words to unit vectors, by the bundled starter or any open_clip model."""
