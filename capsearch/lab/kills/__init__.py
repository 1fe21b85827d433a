"""Kills real processes at random moments of what writes to a library; looks what is lost."""
