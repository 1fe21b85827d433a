"""One photo in the whole window, and what is known of it."""
