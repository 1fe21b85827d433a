"""CapSearch: search your own photos by words, in your own language, on your own machine."""

from capsearch.privacy import keep_private

__version__ = "0.1.0"

# Here, because every process of ours (the command, the window, each spawned worker, training)
# imports this package before anything else, and libraries look at their switches when loaded.
keep_private()
