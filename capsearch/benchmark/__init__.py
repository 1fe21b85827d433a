"""Headless measurements: how good and how fast, with intervals."""
