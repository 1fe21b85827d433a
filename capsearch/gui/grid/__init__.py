"""The grid of photos and what can be done with them."""
