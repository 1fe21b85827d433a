"""What is done with several photos at once: copied, opened elsewhere, listed."""
