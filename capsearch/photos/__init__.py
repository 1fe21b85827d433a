"""What is on disk: finding photos, decoding them, reading what they say about themselves."""
