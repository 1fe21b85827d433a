"""CapSearch: search your own photos by words, in your own language, on your own machine."""

__version__ = "0.1.0"
